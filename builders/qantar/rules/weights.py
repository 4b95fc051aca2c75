"""How heavily each rule weighs in a corpus: its own severity, unless the settings of the corpus say otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from qantar.errors import SettingsError
from qantar.likeness import hint
from qantar.rules import BY_CODE, DRAFT, LEVELS

if TYPE_CHECKING:
    from qantar.problems import Severity
    from qantar.settings import RuleSetting

#: Why a rule that no corpus can set cannot be set, and what to do instead.
_REASONS = {DRAFT: ("`build` lets a draft pass with --drafts alone", "Remove the entry; confirm the layer with `qantar accept`.")}
_RESTS = ("tables rest on what it checks", "Remove the entry; mend the data.")


def weights_of(settings: Iterable[RuleSetting]) -> Mapping[str, Severity]:
    """The severity of each rule that the settings do not switch off, by code.

    Raises SettingsError where they name no rule, one twice, or one that tables rest on.
    """
    severities: dict[str, Severity] = {code: rule.severity for code, rule in BY_CODE.items()}
    seen: set[str] = set()
    for number, setting in enumerate(settings):
        place = f"corpus.toml:{setting.line or ''}: $.rules[{number}].code".replace("::", ":")
        if setting.code in seen:
            raise SettingsError(f"{place}: {setting.code!r} is set twice.", "Remove one.")
        if setting.code in LEVELS and (setting.code not in BY_CODE or BY_CODE[setting.code].firm):
            reason, remedy = why_firm(setting.code)
            raise SettingsError(f"{place}: {setting.code!r} cannot be set: {reason}.", remedy)
        if setting.code not in BY_CODE:
            raise SettingsError(
                f"{place}: there is no rule {setting.code!r}.", f"{hint(setting.code, BY_CODE)}`qantar explain` lists them."
            )
        seen.add(setting.code)
        if setting.severity == "off":
            del severities[setting.code]
        else:
            severities[setting.code] = setting.severity
    return severities


def why_firm(code: str) -> tuple[str, str]:
    """Why neither a corpus nor a record is excused from this code, and what to do with the entry that says so."""
    return _REASONS.get(code, _RESTS)
