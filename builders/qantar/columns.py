"""The fields of the records of one tree, a column each: collected once, for patterns and for rules.

A loop over records costs many times what a pass over a list of one field does. All fields of the records at one place are read
in one such pass, whichever of them is asked for first.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import Any

from msgspec.structs import astuple

#: Names of fields, with `ITEMS` for the items of the list that the field before holds.
Pattern = tuple[str, ...]
ITEMS = "*"


class Rows:
    """Records of one type, in order, and their columns: what each holds in a field, None where it is absent."""

    __slots__ = ("_columns", "_distinct", "made")

    def __init__(self, records: Iterable[Any]) -> None:
        self._columns: dict[str, tuple[Any, ...]] = {ITEMS: tuple(records)}
        self._distinct: dict[str, frozenset[Any]] = {}
        #: Those below fields, so far.
        self.made: dict[str, Rows] = {}

    def column(self, name: str) -> tuple[Any, ...]:
        """What each record holds in a field; `ITEMS` is the record itself. AttributeError where there are records, and no such field."""
        found = self._columns.get(name)
        if found is None:
            self._columns.update(_fields(self._records(), name))
            found = self._columns[name]
        return found

    def _records(self) -> tuple[Any, ...]:
        records = self._columns[ITEMS]
        return records if all(records) else tuple(filter(None, records))

    def distinct(self, name: str) -> frozenset[Any]:
        """A column, each value once."""
        found = self._distinct.get(name)
        if found is None:
            found = self._distinct[name] = frozenset(self.column(name))
        return found

    def below(self, name: str, *, listed: bool) -> Rows:
        """What a field holds: a record, or if `listed` a list of them. Nothing of those where it is absent."""
        found = self.made.get(name)
        if found is None:
            held = filter(None, self.column(name))
            found = self.made[name] = Rows(chain.from_iterable(held) if listed else held)
        return found


class Columns:
    """What `qantar.document.leaves` finds from one record, by pattern: a tuple each, in file order, kept for whoever asks next."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self.rows = Rows((root,))

    @classmethod
    def over(cls, records: Iterable[Any]) -> Columns:
        """Columns of several records of one type: what is found from each, one after the other."""
        made = cls(None)
        made.rows = Rows(records)
        return made

    def layer(self, name: str) -> Rows:
        """The records of a layer of a document: none where it was not annotated."""
        return self.rows.made.get(name) or self.rows.below(name, listed=True)

    def column(self, pattern: Pattern) -> tuple[Any, ...]:
        """The values that a pattern leads to; none below what is absent. AttributeError where a record has no such field."""
        steps, last = route(pattern)
        return self._at(steps).column(last)

    def distinct(self, pattern: Pattern) -> frozenset[Any]:
        """The values that a pattern leads to, each once; with None where that is one."""
        steps, last = route(pattern)
        return self._at(steps).distinct(last)

    def _at(self, steps: Iterable[tuple[str, bool]]) -> Rows:
        rows = self.rows
        for name, listed in steps:
            rows = rows.made.get(name) or rows.below(name, listed=listed)
        return rows


@lru_cache(maxsize=4096)
def route(pattern: Pattern) -> tuple[tuple[tuple[str, bool], ...], str]:
    """The fields that a pattern passes, each with whether it holds a list, and the name of its last column."""
    *before, last = pattern
    steps = [(name, after == ITEMS) for name, after in zip(before, pattern[1:], strict=True) if name != ITEMS]
    return tuple(steps), last


def _fields(records: tuple[Any, ...], name: str) -> Iterable[tuple[str, tuple[Any, ...]]]:
    """The columns of records of one type, the named one among them. AttributeError where they have none of this name."""
    names = getattr(records[0], "__struct_fields__", ()) if records else ()
    if name in names:
        return zip(names, zip(*map(astuple, records), strict=True), strict=True)
    return [(name, tuple(map(attrgetter(name), records)))]
