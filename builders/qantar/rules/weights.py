"""How heavily each rule weighs in a corpus: its own severity, unless the settings of the corpus say otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qantar.errors import SettingsError
from qantar.likeness import hint

if TYPE_CHECKING:
    from qantar.problems import Severity
    from qantar.rules import Rule
    from qantar.settings import RuleSetting

_PLACE = "corpus.toml: $.rules"


@dataclass(frozen=True, slots=True)
class Weights:
    """The severity of each rule that is not switched off, by code."""

    severities: Mapping[str, Severity]

    def of(self, rule: Rule) -> Severity | None:
        """The severity of the rule's problems; None where it is switched off."""
        return self.severities.get(rule.code)


def weights_of(rules: Iterable[Rule], settings: Iterable[RuleSetting], readers: Iterable[str] = ()) -> Weights:
    """What the settings make of the rules. `readers` are the codes that no rule finds.

    Raises SettingsError where they name no rule, one twice, or one that tables rest on.
    """
    known = {rule.code: rule for rule in rules}
    severities: dict[str, Severity] = {code: rule.severity for code, rule in known.items()}
    seen: set[str] = set()
    for number, setting in enumerate(settings):
        place = f"{_PLACE}[{number}].code"
        if setting.code in seen:
            raise SettingsError(f"{place}: {setting.code!r} is set twice.", "Remove one.")
        if setting.code in readers or (setting.code in known and known[setting.code].firm):
            raise SettingsError(
                f"{place}: {setting.code!r} cannot be set: tables rest on what it checks.", "Remove the entry; mend the data."
            )
        if setting.code not in known:
            raise SettingsError(f"{place}: there is no rule {setting.code!r}.", f"{hint(setting.code, known)}`qantar explain` lists them.")
        seen.add(setting.code)
        if setting.severity == "off":
            del severities[setting.code]
        else:
            severities[setting.code] = setting.severity
    return Weights(severities)
