"""Where records begin and end, as arrays: what quick proofs about places are made over.

`np.count_nonzero` says whether there is any at half the cost of `any` and `all`, which for few numbers is most of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np

from qantar.document import cover
from qantar.rules.places import in_order

#: Offsets beyond it are beyond any text, and are all one here.
_FAR = 1 << 60

Array = Any


class Extents:
    """Where things begin and where they end: an array each."""

    def __init__(self, starts: Array, ends: Array) -> None:
        self.starts, self.ends = starts, ends

    @classmethod
    def of(cls, starts: Sequence[Sequence[int]], ends: Sequence[Sequence[int]]) -> Extents:
        """From lists of offsets, one list after the other; what is beyond any text is all one."""
        return cls(_array(starts), _array(ends))

    @classmethod
    def joined(cls, parts: Iterable[Extents]) -> Extents:
        """The extents of all parts, one part after the other."""
        held = list(parts)
        return cls(*(np.concatenate([_array(()), *(getattr(one, edge) for one in held)]) for edge in ("starts", "ends")))

    def __getitem__(self, places: Any) -> Extents:
        return Extents(self.starts[places], self.ends[places])

    @cached_property
    def full(self) -> bool:
        """Whether none of them is empty."""
        return not np.count_nonzero(self.starts >= self.ends)

    @cached_property
    def in_order(self) -> bool:
        """Whether each begins where the one before ends, or later; none of them is empty."""
        return self.full and not np.count_nonzero(self.ends[:-1] > self.starts[1:])

    @property
    def total(self) -> int:
        """How many characters they hold together."""
        return int(np.add.reduce(self.ends - self.starts))

    def inside(self, length: int) -> bool:
        """Whether none of them leaves a text of this length."""
        return not (np.count_nonzero(self.starts < 0) or np.count_nonzero(self.ends > length))

    def tile(self, length: int) -> bool:
        """Whether they follow each other from 0 to the end of a text of this length, without gaps; none of them is empty."""
        if not self.starts.size:
            return length == 0
        whole = self.starts[0] == 0 and self.ends[-1] == length
        return bool(whole) and self.full and not np.count_nonzero(self.ends[:-1] != self.starts[1:])

    def covered(self, length: int) -> Array:
        """Of each character of a text, and of one more, whether one of them holds it. They are apart, and inside the text."""
        steps = np.zeros(length + 1, dtype=np.int8)
        steps[self.starts] += 1
        steps[self.ends] -= 1
        return np.cumsum(steps, dtype=np.int8) > 0

    def number(self, places: Array) -> Array:
        """Of each place the number of the last one that begins there or before, -1 where there is none. They are in order."""
        return np.searchsorted(self.starts, places, side="right") - 1


class Anchored:
    """The records that have spans and a quote: the columns of all their layers, one after the other."""

    def __init__(self, spans: Mapping[str, Sequence[Any]], quotes: Iterable[str]) -> None:
        #: How many records each layer has.
        self.sizes = {layer: len(held) for layer, held in spans.items()}
        self.spans, self.quotes = list(chain.from_iterable(spans.values())), list(quotes)
        #: Of every record: where its first fragment begins, where that ends, and where its last one ends.
        self.firsts, self.lasts = [held[0].start for held in self.spans], [held[-1].end for held in self.spans]
        #: Indexes of the records of more than one fragment.
        self.fragmented = [index for index, size in enumerate(map(len, self.spans)) if size > 1]
        self.ends = self.lasts.copy()
        for index in self.fragmented:
            self.ends[index] = self.spans[index][0].end

    @property
    def later(self) -> list[Any]:
        """The fragments of records but for their first ones."""
        return [span for index in self.fragmented for span in self.spans[index][1:]]

    def stands(self, text: str) -> bool:
        """Whether every record, none of them empty, stands where it says: its fragments follow each other and read as its quote."""
        read = [text[start:end] for start, end in zip(self.firsts, self.lasts, strict=True)]
        for index in self.fragmented:
            if not in_order(self.spans[index]):
                return False
            read[index] = cover(text, self.spans[index])
        return read == self.quotes


def _array(lists: Sequence[Sequence[int]]) -> Array:
    size = sum(map(len, lists))
    try:
        return np.fromiter(chain.from_iterable(lists), dtype=np.int64, count=size)
    except OverflowError:
        near = (max(-_FAR, min(offset, _FAR)) for offset in chain.from_iterable(lists))
        return np.fromiter(near, dtype=np.int64, count=size)
