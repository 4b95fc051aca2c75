"""What a pure test has passed before, so that it is not tested again in every document."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from typing import Any

#: How many values are remembered, and of how many characters at most.
_KEPT, _SHORT = 65536, 64


class Passed:
    """Values that passed a test whose verdict follows from the value alone: a tag or lemma, or a tuple of fields.

    None is passed by. What does not pass is not remembered: it is tested, and reported, wherever it stands.
    """

    def __init__(self, test: Callable[[Any], bool]) -> None:
        self._test = test
        self._known: set[Hashable] = {None}

    def hold(self, values: Collection[Hashable]) -> bool:
        """Whether all of the values pass."""
        return self._known.issuperset(values) or not self.others(frozenset(values))

    def others(self, values: frozenset[Any]) -> set[Any]:
        """The values that do not pass."""
        new = values - self._known
        if not new:
            return set()
        failed = {value for value in new if not self._test(value)}
        if len(self._known) + len(new) > _KEPT:
            self._known = {None}
        self._known.update(filter(_is_short, new - failed))
        return failed


def _is_short(value: Hashable) -> bool:
    parts = value if isinstance(value, tuple) else (value,)
    return all(len(part) <= _SHORT for part in parts if isinstance(part, str))
