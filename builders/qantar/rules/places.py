"""Places that follow each other in a text, to be asked which of them a span meets."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import compress, islice, pairwise
from operator import attrgetter, le, lt
from typing import Any, Protocol

START, END = attrgetter("start"), attrgetter("end")


class Place(Protocol):
    """What has a start and an end: a span, a zone, a sentence, a token."""

    @property
    def start(self) -> int:
        """Offset of the first code point."""

    @property
    def end(self) -> int:
        """Offset after the last code point."""


class Row:
    """Places without overlap, in text order; empty ones are left out. A question takes the logarithm of their number."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.places: list[Any] = list(places)
        self.starts: list[int] = list(map(START, self.places))
        self.ends: list[int] = list(map(END, self.places))
        #: Whether there were no empty ones.
        self.full = all(map(lt, self.starts, self.ends))
        if not self.full:
            self.places = list(compress(self.places, map(lt, self.starts, self.ends)))
            self.starts, self.ends = list(map(START, self.places)), list(map(END, self.places))
        #: False where they overlap or are out of order: other rules say so, and no span meets any of them.
        self.sound = all(map(le, self.ends, islice(self.starts, 1, None)))

    @property
    def extent(self) -> int:
        """How many characters they hold together."""
        return sum(self.ends) - sum(self.starts)

    def met(self, start: int, end: int) -> list[Any]:
        """The places that share a character with a span."""
        return self.places[bisect_right(self.ends, start) : bisect_left(self.starts, end)] if self.sound else []

    def first(self, start: int, end: int) -> Any | None:
        """The first place that shares a character with a span; None where there is none."""
        at = bisect_right(self.ends, start)
        return self.places[at] if self.sound and at < len(self.places) and self.starts[at] < end else None

    def many(self, start: int, end: int) -> bool:
        """Whether a span shares characters with more than one of them, without a look at each."""
        return self.sound and bisect_left(self.starts, end) - bisect_right(self.ends, start) > 1

    def around(self, edge: int) -> Any | None:
        """The place that an edge between two characters lies inside; None where there is none."""
        at = bisect_left(self.starts, edge) - 1
        return self.places[at] if self.sound and at >= 0 and edge < self.ends[at] else None


def in_order(spans: Iterable[Place]) -> bool:
    """Whether spans cover something, and follow each other with gaps, as fragments of a record do."""
    spans = list(spans)
    return all(span.start < span.end for span in spans) and all(one.end < two.start for one, two in pairwise(spans))
