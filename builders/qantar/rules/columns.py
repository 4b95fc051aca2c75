"""Where records begin and end, as arrays: what quick proofs about places are made over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
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
    def of(cls, starts: Iterable[int], ends: Iterable[int]) -> Extents:
        """From offsets; what is beyond any text is all one."""
        return cls(_array(list(starts)), _array(list(ends)))

    @classmethod
    def joined(cls, parts: Iterable[Extents]) -> Extents:
        """The extents of all parts, one part after the other."""
        held = list(parts)
        return cls(*(np.concatenate([_array([]), *(getattr(one, edge) for one in held)]) for edge in ("starts", "ends")))

    def __getitem__(self, places: Any) -> Extents:
        return Extents(self.starts[places], self.ends[places])

    @cached_property
    def full(self) -> bool:
        """Whether none of them is empty."""
        return bool((self.starts < self.ends).all())

    @cached_property
    def in_order(self) -> bool:
        """Whether each begins where the one before ends, or later; none of them is empty."""
        return self.full and bool((self.ends[:-1] <= self.starts[1:]).all())

    @property
    def total(self) -> int:
        """How many characters they hold together."""
        return int((self.ends - self.starts).sum())

    def inside(self, length: int) -> bool:
        """Whether none of them leaves a text of this length."""
        return bool(self.starts.min(initial=0) >= 0 and self.ends.max(initial=0) <= length)

    def tile(self, length: int) -> bool:
        """Whether they follow each other from 0 to the end of a text of this length, without gaps; none of them is empty."""
        if not self.starts.size:
            return length == 0
        return self.full and bool(self.starts[0] == 0 and self.ends[-1] == length and (self.ends[:-1] == self.starts[1:]).all())

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
    """The columns of a layer whose records have spans and a quote."""

    def __init__(self, spans: Sequence[Any], quotes: Sequence[str]) -> None:
        self.spans, self.quotes = spans, quotes
        #: Of every record, in file order: where its first fragment begins, and its last one ends.
        self.firsts, self.lasts = [held[0].start for held in spans], [held[-1].end for held in spans]
        #: Indexes of the records of more than one fragment.
        self.fragmented = [index for index, size in enumerate(map(len, spans)) if size > 1]
        #: Of every record, where its first fragment ends.
        self.ends = [held[0].end for held in spans] if self.fragmented else self.lasts

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
        return read == list(self.quotes)


def _array(offsets: Sequence[int]) -> Array:
    try:
        return np.array(offsets, dtype=np.int64)
    except OverflowError:
        return np.array([max(-_FAR, min(offset, _FAR)) for offset in offsets], dtype=np.int64)
