"""Reading a Document: its records, what they cover and what they are called."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from qantar.records import Document, Segment, Span, Token


class Record(Protocol):
    """What every record of every layer has."""

    id: str


def layer(document: Document, name: str) -> tuple[Any, ...] | None:
    """The records of a layer in file order; None where it was not annotated."""
    records: tuple[Any, ...] | None = getattr(document, name)
    return records


def records(document: Document, layers: Iterable[str]) -> Iterator[tuple[str, int, Any]]:
    """(layer, index in the layer, record) of every record."""
    for name in layers:
        for index, record in enumerate(layer(document, name) or ()):
            yield name, index, record


def tokens_of(document: Document) -> Iterator[Token]:
    """The tokens of the document's sentences, in text order."""
    return leaves(getattr(document, "sentences", None) or (), ("tokens", "*"))


def cover(text: str, spans: Iterable[Span]) -> str:
    """The text that spans cover, fragments joined by one space (as in brat)."""
    return " ".join(text[span.start : span.end] for span in spans)


def reads(text: str, spans: Iterable[Span], quote: str) -> bool:
    """Whether the text that spans cover is this quote; what is too long for it is not put together."""
    spans = tuple(spans)
    if len(spans) == 1:  # nearly all
        return text[spans[0].start : spans[0].end] == quote
    length = sum(len(range(*slice(span.start, span.end).indices(len(text)))) for span in spans) + len(spans) - 1
    return length == len(quote) and cover(text, spans) == quote


def beginning(text: str, spans: Iterable[Span], limit: int = 1_000) -> str:
    """The text that spans cover, or so many characters of it."""
    found: list[str] = []
    left = limit
    for span in spans:
        found.append(text[span.start : min(span.end, span.start + left)])
        left -= len(found[-1])
        if left <= 0:
            break
    return " ".join(found)


def quote_of(text: str, record: Any) -> str:
    """The text of any record: its quote, else the text from its start to its end, else its id."""
    if hasattr(record, "quote"):
        return str(record.quote)
    if hasattr(record, "start"):
        return text[record.start : record.end]
    return str(record.id)


def languages_present(document: Document, languages: Iterable[str]) -> tuple[str, ...] | None:
    """Languages of the document's zones and stretches in the given order, `mul` and `zxx` apart; None where neither is annotated."""
    layers = [getattr(document, name, None) for name in ("segments", "languages")]
    if all(found is None for found in layers):
        return None
    seen = {record.lang for found in layers for record in found or ()}
    return tuple(lang for lang in languages if lang in seen - {"mul", "zxx"})


def follow(node: Any, pattern: tuple[str, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """(path, value) of every value that a pattern of field names, with `*` for items, leads to; None where a field is absent."""
    if not pattern:
        yield (), node
    elif pattern[0] == "*":
        for number, item in enumerate(node or ()):
            for path, found in follow(item, pattern[1:]):
                yield (number, *path), found
    elif node is not None:
        for path, found in follow(getattr(node, pattern[0]), pattern[1:]):
            yield (pattern[0], *path), found


def leaves(nodes: Iterable[Any], pattern: tuple[str, ...]) -> Iterator[Any]:
    """The values, without paths, that `follow` finds from each of the nodes. It is many times faster: no step of it is one of Python."""
    for part in pattern:
        held = filter(None, nodes)  # records are true, and what is empty holds nothing
        nodes = chain.from_iterable(held) if part == "*" else map(attrgetter(part), held)
    return iter(nodes)


def extent_of(record: Any) -> tuple[int, int] | None:
    """First offset of a record and the one after its last, whatever lies between its fragments; None where it has no place."""
    if hasattr(record, "spans"):
        return record.spans[0].start, record.spans[-1].end
    return (record.start, record.end) if hasattr(record, "start") else None


def zone_of(document: Document, start: int, end: int) -> Segment | None:
    """The zone that holds a span; None where it crosses zones, or the document has none."""
    return next((zone for zone in getattr(document, "segments", None) or () if zone.start <= start and end <= zone.end), None)


def language_of(document: Document, start: int, end: int) -> str:
    """BCP-47 tag of a span: of the stretch that holds it, else of the zone; `mul` where it crosses zones.

    Without zones it is the document's language.
    """
    for stretch in getattr(document, "languages", None) or ():
        if any(span.start <= start and end <= span.end for span in stretch.spans):
            return str(stretch.lang)
    if getattr(document, "segments", None) is None:
        return document.lang
    zone = zone_of(document, start, end)
    return "mul" if zone is None else str(zone.lang)


class Whereabouts:
    """The zones and languages of many spans of a document whose zones are a partition, as `zone_of` and `language_of` say.

    Time grows with the zones and stretches once, not with each span.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._zones = getattr(document, "segments", None)
        self._starts = [zone.start for zone in self._zones or ()]
        stretches = enumerate(getattr(document, "languages", None) or ())
        found = [(span.start, span.end, order, str(stretch.lang)) for order, stretch in stretches for span in stretch.spans]
        self._borders = sorted({0, *(edge for start, end, _, _ in found for edge in (start, end))})
        self._held = list(_held(found, self._borders))

    def zone(self, start: int, end: int) -> Segment | None:
        """The zone that holds a span; None where it crosses zones, or the document has none."""
        at = bisect_right(self._starts, start) - 1
        return self._zones[at] if self._zones and at >= 0 and end <= self._zones[at].end else None

    def language(self, start: int, end: int) -> str:
        """BCP-47 tag of a span."""
        for _, last, lang in self._held[bisect_right(self._borders, start) - 1]:
            if end <= last:
                return lang
        if self._zones is None:
            return self._document.lang
        zone = self.zone(start, end)
        return "mul" if zone is None else str(zone.lang)


def _held(spans: Iterable[tuple[int, int, int, str]], borders: Iterable[int]) -> Iterator[list[tuple[int, int, str]]]:
    """(order, end, language) of the stretches over each piece that begins at a border, in their own order."""
    coming = deque(sorted(spans))
    here: list[tuple[int, int, str]] = []
    for border in borders:
        here = [one for one in here if one[1] > border]
        while coming and coming[0][0] == border:
            _, end, order, lang = coming.popleft()
            insort(here, (order, end, lang))
        yield here
