"""Places that follow each other in a text, to be asked which of them a span meets."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import pairwise
from typing import Any, Protocol


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
        self.places: list[Any] = [place for place in places if place.start < place.end]
        self._starts = [place.start for place in self.places]
        self._ends = [place.end for place in self.places]
        #: False where they overlap or are out of order: other rules say so, and no span meets any of them.
        self.sound = all(end <= start for end, start in zip(self._ends, self._starts[1:], strict=False))

    def met(self, start: int, end: int) -> list[Any]:
        """The places that share a character with a span."""
        return self.places[bisect_right(self._ends, start) : bisect_left(self._starts, end)] if self.sound else []

    def first(self, start: int, end: int) -> Any | None:
        """The first place that shares a character with a span; None where there is none."""
        at = bisect_right(self._ends, start)
        return self.places[at] if self.sound and at < len(self.places) and self._starts[at] < end else None

    def many(self, start: int, end: int) -> bool:
        """Whether a span shares characters with more than one of them, without a look at each."""
        return self.sound and bisect_left(self._starts, end) - bisect_right(self._ends, start) > 1

    def around(self, edge: int) -> Any | None:
        """The place that an edge between two characters lies inside; None where there is none."""
        at = bisect_left(self._starts, edge) - 1
        return self.places[at] if self.sound and at >= 0 and edge < self._ends[at] else None


def in_order(spans: Iterable[Place]) -> bool:
    """Whether spans cover something, and follow each other with gaps, as fragments of a record do."""
    spans = list(spans)
    return all(span.start < span.end for span in spans) and all(one.end < two.start for one, two in pairwise(spans))
