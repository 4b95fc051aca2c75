"""Where records stand, for rules that compare the places of one layer with those of another."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

from qantar.document import cover, records

if TYPE_CHECKING:
    from qantar.records import Document


class Place(Protocol):
    """What has a start and an end: a span, a zone, a sentence, a token."""

    @property
    def start(self) -> int:
        """Offset of the first code point."""

    @property
    def end(self) -> int:
        """Offset after the last code point."""


class Row:
    """Places that follow each other without overlap, to be asked which of them a span meets."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.places = [place for place in places if place.start < place.end]
        self._starts = [place.start for place in self.places]
        self._ends = [place.end for place in self.places]
        #: False where they overlap or are out of order: other rules say so, and nothing can be asked.
        self.sound = all(one.end <= two.start for one, two in pairwise(self.places))

    def met(self, start: int, end: int) -> list[Any]:
        """The places that share a character with a span."""
        return self.places[bisect_right(self._ends, start) : bisect_left(self._starts, end)] if self.sound else []

    def many(self, start: int, end: int) -> bool:
        """Whether a span shares characters with more than one of them, without a look at each."""
        return self.sound and bisect_left(self._starts, end) - bisect_right(self._ends, start) > 1

    def around(self, edge: int) -> bool:
        """Whether an edge between two characters lies inside one of them."""
        at = bisect_left(self._starts, edge) - 1
        return self.sound and at >= 0 and edge < self._ends[at]


def row(document: Document, layer: str) -> Row:
    """The records of a partition layer."""
    return Row(getattr(document, layer, None) or ())


def standing(document: Document, layers: Iterable[str]) -> Iterator[tuple[str, int, Any]]:
    """(layer, index, record) of every record that stands where it says: what does not is for level 3 to report first.

    `layers` are of those whose records have spans and a quote.
    """
    for layer, index, record in records(document, layers):
        spans = record.spans
        in_order = all(span.start < span.end for span in spans) and all(one.end < two.start for one, two in pairwise(spans))
        if in_order and cover(document.text, spans) == record.quote:
            yield layer, index, record
