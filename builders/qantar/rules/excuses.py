"""The records that are excused from rules, with reasons, and the excuses that nothing needed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from qantar.likeness import hint
from qantar.rules import BY_CODE
from qantar.rules.finding import Finding
from qantar.rules.weights import why_firm

if TYPE_CHECKING:
    from qantar.rules import Rule

#: A record, or the document itself: (layer, index, record).
Holder = tuple[str | None, int | None, Any]


class Excuses:
    """Which findings a record's `ignore` answers; it remembers which entries have answered one."""

    def __init__(self) -> None:
        self._used: set[tuple[int, str]] = set()

    def cover(self, holder: Any, rule: Rule) -> bool:
        """Whether the holder is excused from the rule. None, which stands for the corpus, never is."""
        if rule.firm or not any(entry.code == rule.code for entry in getattr(holder, "ignore", None) or ()):
            return False
        self._used.add((id(holder), rule.code))
        return True

    def unused(self, holders: Iterable[Holder], ran: Collection[str], *, only: Collection[str] | None = None) -> Iterator[Finding]:
        """Entries that answered nothing although the rule `ran`, name no rule, or name one that nothing is excused from.

        Entries of other codes than `only` are passed by.
        """
        for layer, index, holder in holders:
            for number, entry in enumerate(holder.ignore):
                fault = self._fault(holder, entry.code, ran) if only is None or entry.code in only else None
                if fault is not None:
                    yield Finding(layer, index, holder if layer else None, ("ignore", number, "code"), *fault)

    def _fault(self, holder: Any, code: str, ran: Collection[str]) -> tuple[str, str] | None:
        if code not in BY_CODE:
            return f"there is no rule {code!r} that a record can be excused from", f"{hint(code, BY_CODE)}`qantar explain` lists the rules."
        if BY_CODE[code].firm:
            reason, remedy = why_firm(code)
            return f"no record is excused from {code!r}: {reason}", remedy
        if code in ran and (id(holder), code) not in self._used:
            return f"{code!r} finds nothing here that would need an excuse", "Remove the entry."
        return None
