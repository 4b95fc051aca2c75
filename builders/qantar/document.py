"""Reading a Document: its records, what they cover and what they are called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from qantar.records import Document, Span


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


def cover(text: str, spans: Iterable[Span]) -> str:
    """The text that spans cover, fragments joined by one space (as in brat)."""
    return " ".join(text[span.start : span.end] for span in spans)


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


def language_of(document: Document, start: int, end: int) -> str:
    """BCP-47 tag of a span: of the stretch that holds it, else of the zone; `mul` where it crosses zones.

    Without zones it is the document's language.
    """
    for stretch in getattr(document, "languages", None) or ():
        if any(span.start <= start and end <= span.end for span in stretch.spans):
            return str(stretch.lang)
    zones = getattr(document, "segments", None)
    if zones is None:
        return document.lang
    return next((str(zone.lang) for zone in zones if zone.start <= start and end <= zone.end), "mul")
