"""The patterns of a shape: the one thing that record types leave open, held over a whole record at once.

Most time of decoding with patterns goes into matching the same few ids and features again and again, one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from qantar.columns import Columns, Rows, route
from qantar.document import leaves

#: How many strings of a pattern are remembered, and of how many characters at most.
_KEPT, _SHORT = 4096, 256

Path = tuple[str, ...]


class _Form:
    """A pattern and strings that are known to match it; None, for what is absent, is one of them."""

    def __init__(self, pattern: str) -> None:
        self.search = re.compile(pattern).search
        self.paths: list[Path] = []
        self.known: set[str | None] = {None}

    def fits(self, found: frozenset[str | None], *, keep: bool) -> bool:
        """Whether all strings match; those that do are kept for the next time, if there is room."""
        new = found - self.known
        right = [text for text in new if text is not None and self.search(text)]
        if keep and len(self.known) < _KEPT:
            self.known.update(islice((text for text in right if len(text) <= _SHORT), _KEPT - len(self.known)))
        return len(right) == len(new)


class _Branch:
    """The fields with a pattern of records at one place, and the branches below their other fields."""

    def __init__(self) -> None:
        self.forms: list[tuple[str, _Form]] = []
        self.below: dict[tuple[str, bool], _Branch] = {}

    def add(self, path: Path, form: _Form) -> None:
        """Adds a field below the records of this branch."""
        steps, last = route(path)
        for step in steps:
            self = self.below.setdefault(step, _Branch())
        self.forms.append((last, form))

    def fits(self, rows: Rows, *, keep: bool = False) -> bool:
        """Whether all strings of these records match. What the root holds, as its own id, is seldom seen again: it is not kept."""
        for name, form in self.forms:
            found = rows.distinct(name)
            if not form.known.issuperset(found) and not form.fits(found, keep=keep):
                return False
        for (name, listed), branch in self.below.items():
            if any(rows.column(name)) and not branch.fits(rows.below(name, listed=listed), keep=True):
                return False
        return True


class Forms:
    """Patterns by the path of their field, with `*` for items, as `Registry.forms` gives them."""

    def __init__(self, fields: Iterable[tuple[Path, str]]) -> None:
        self._forms: dict[str, _Form] = {}
        self._root = _Branch()
        for path, pattern in fields:
            form = self._forms.setdefault(pattern, _Form(pattern))
            form.paths.append(path)
            self._root.add(path, form)

    def fit(self, columns: Columns) -> bool:
        """Whether every string of the record that has a pattern matches it."""
        return self._root.fits(columns.rows)

    def misfits(self, record: Any) -> Iterator[tuple[str, str]]:
        """(string, pattern) of every string of the record that does not match."""
        for pattern, form in self._forms.items():
            found = set(chain.from_iterable(leaves((record,), path) for path in form.paths))
            yield from ((text, pattern) for text in sorted(found - {None}) if not form.search(text))
