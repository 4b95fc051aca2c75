"""The fields of many records, one list each: what quick proofs are made over.

A list of a field costs a fraction of a loop over the records; `map`, `set` and `itemgetter` over such lists are nearly free.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, compress, count
from operator import attrgetter, itemgetter, ne
from typing import Any

import numpy as np

from qantar.document import cover
from qantar.rules.places import END, START, Place, in_order

_SPANS, _QUOTE = attrgetter("spans"), attrgetter("quote")
#: What `letters` takes a letter for: 1 Cyrillic, 2 Latin, 0 what is neither, or beyond the table.
_CYRILLIC, _LATIN = 1, 2
_KINDS = np.zeros(0x531, dtype=np.uint8)
_KINDS[0x400:0x530] = _CYRILLIC
for _first, _last in ("AZ", "az", "ÀÖ", "Øö", "øɏ"):
    _KINDS[ord(_first) : ord(_last) + 1] = _LATIN


class Anchored:
    """The columns of a layer whose records have spans and a quote."""

    def __init__(self, records: Sequence[Any]) -> None:
        self.spans: list[Any] = list(map(_SPANS, records))
        pieces = list(chain.from_iterable(self.spans))
        #: Of every fragment, in file order.
        self.starts, self.ends = list(map(START, pieces)), list(map(END, pieces))
        #: Indexes of the records of more than one fragment.
        self.fragmented = [] if len(pieces) == len(records) else [at for at, spans in enumerate(self.spans) if len(spans) > 1]
        #: Of every record, in file order: where its first fragment begins, and its last one ends.
        self.firsts, self.lasts = self.starts, self.ends
        if self.fragmented:
            self.firsts = [spans[0].start for spans in self.spans]
            self.lasts = [spans[-1].end for spans in self.spans]
        self.quotes: list[str] = list(map(_QUOTE, records))

    def stands(self, text: str) -> bool:
        """Whether every record, none of them empty, stands where it says: its fragments follow each other and read as its quote."""
        read = map(text.__getitem__, map(slice, self.firsts, self.lasts))
        if not set(compress(count(), map(ne, read, self.quotes))).issubset(self.fragmented):
            return False
        return all(in_order(self.spans[at]) and cover(text, self.spans[at]) == self.quotes[at] for at in self.fragmented)

    @cached_property
    def alike(self) -> list[int]:
        """Indexes of the records that begin and end where another one does, in file order: only these can say the same."""
        extents = list(zip(self.firsts, self.lasts, strict=True))
        if len(set(extents)) == len(extents):
            return []
        seen: set[tuple[int, int]] = set()
        twice = {extent for extent in extents if extent in seen or seen.add(extent)}  # type: ignore[func-returns-value]
        return [at for at, extent in enumerate(extents) if extent in twice]


class Letters:
    """Which characters of a text are Cyrillic or Latin letters, and how many of these are outside some spans."""

    def __init__(self, text: str, without: Iterable[Place]) -> None:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        kinds = _KINDS[np.minimum(codes, len(_KINDS) - 1)]
        #: Whether anywhere a letter of one script stands beside one of the other.
        self.mixed = bool(((kinds[:-1] | kinds[1:]) == _CYRILLIC | _LATIN).any())
        for span in without:
            kinds[span.start : span.end] = 0
        self._before = [np.concatenate(([0], np.cumsum(kinds == kind))) for kind in (_CYRILLIC, _LATIN)]

    def counts(self, starts: Sequence[int], ends: Sequence[int]) -> Iterator[tuple[int, int]]:
        """How many letters of Cyrl and of Latn there are from each start to the end beside it."""
        last = len(self._before[0]) - 1
        first, after = (np.minimum(np.array(edges, dtype=np.int64), last) for edges in (starts, ends))
        found = [np.maximum(before[after] - before[first], 0).tolist() for before in self._before]
        return zip(*found, strict=True)


def at(text: Sequence[Any], places: Sequence[int]) -> Sequence[Any]:
    """What stands at each of the places, in one step; an IndexError where one is beyond the text."""
    return itemgetter(*places)(text) if len(places) > 1 else [text[place] for place in places]
