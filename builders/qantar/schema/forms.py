"""The patterns of a shape: the one thing that record types leave open, held over a whole record at once.

Most time of decoding with patterns goes into matching the same few ids and features again and again, one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from qantar.document import leaves

#: How many strings of a pattern are remembered, and of how many characters at most.
_KEPT, _SHORT = 4096, 64

Field = tuple[tuple[str, ...], str]


class Forms:
    """Patterns by the path of their field, with `*` for items, as `Registry.forms` gives them."""

    def __init__(self, fields: Iterable[Field]) -> None:
        self._paths: dict[str, list[tuple[str, ...]]] = {}
        for path, pattern in fields:
            self._paths.setdefault(pattern, []).append(path)
        self._known: dict[str, set[str]] = {pattern: set() for pattern in self._paths}  # strings that are known to match

    def fit(self, record: Any) -> bool:
        """Whether every string of the record that has a pattern matches it."""
        return next(self.misfits(record), None) is None

    def misfits(self, record: Any) -> Iterator[tuple[str, str]]:
        """(string, pattern) of every string of the record that does not match."""
        for pattern, paths in self._paths.items():
            known = self._known[pattern]
            new = set(chain.from_iterable(leaves((record,), path) for path in paths)) - known - {None}
            wrong = {text for text in new if not re.search(pattern, text)}
            yield from ((text, pattern) for text in sorted(wrong))
            if len(known) < _KEPT:
                known.update(text for text in new - wrong if len(text) <= _SHORT)
