"""What a pure test has passed before, so that it is not tested again in every document."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from typing import Any

#: How many values are remembered, and of how many characters at most.
_KEPT, _SHORT = 65536, 200


class Passed:
    """Remembers of values whether they pass a test whose verdict follows from the value alone: a tag or lemma, or a tuple of fields.

    None is passed by. Long strings are tested each time, so that few values are kept in little memory.
    """

    def __init__(self, test: Callable[[Any], bool]) -> None:
        self._test = test
        self._seen: set[Hashable] = {None}
        self._failed: set[Hashable] = set()

    def hold(self, values: Collection[Hashable]) -> bool:
        """Whether all of the values pass."""
        return not self.others(values)

    def others(self, values: Collection[Any]) -> set[Any]:
        """The values that do not pass."""
        if not self._seen.issuperset(values):
            new = frozenset(values) - self._seen
            failed = {value for value in new if not self._test(value)}
            self._remember(new, failed)
            return failed | self._failed.intersection(values)
        return self._failed.intersection(values) if self._failed else set()

    def _remember(self, new: Collection[Hashable], failed: Collection[Hashable]) -> None:
        if len(self._seen) + len(new) > _KEPT:
            self._seen, self._failed = {None}, set()
        self._seen.update(filter(_is_short, new))
        self._failed.update(filter(_is_short, failed))


def _is_short(value: Hashable) -> bool:
    parts = value if isinstance(value, tuple) else (value,)
    return all(len(part) <= _SHORT for part in parts if isinstance(part, str))
