"""Level 3: every record stands where it says, on the words that it quotes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from qantar.document import beginning, reads, records
from qantar.rules.finding import Context, Finding

if TYPE_CHECKING:
    from qantar.problems import Path
    from qantar.records import Document, Span

#: Fragments of a span that are listed.
_SHOWN = 20
Held = tuple[str, int, Any, "Path", "Span"]


def offset_past_end(document: Document, context: Context) -> Iterator[Finding]:
    """A span ends after the text does."""
    length = len(document.text)
    for layer, index, record, path, span in _spans(document, context):
        if span.end > length:
            fact = f"characters {span.start}–{span.end} lie outside the text, which has {length}"
            yield Finding(
                layer, index, record, (*path, "end"), fact, "Offsets count code points, not bytes or UTF-16 units; place the span anew."
            )


def empty_span(document: Document, context: Context) -> Iterator[Finding]:
    """A span covers nothing."""
    for layer, index, record, path, span in _spans(document, context):
        if span.end <= span.start:
            fact = f"the span {span.start}–{span.end} covers nothing"
            yield Finding(
                layer, index, record, path, fact, "The end is the offset after the last character; correct it, or remove the record."
            )


def span_order(document: Document, context: Context) -> Iterator[Finding]:
    """The fragments of a span overlap, touch, or are out of text order."""
    for layer, index, record in records(document, context.registry.layers):
        for name in _span_fields(context, layer):
            for number, (one, two) in enumerate(pairwise(getattr(record, name))):
                touching = name == "spans" and two.start == one.end
                if two.start < one.end or touching:
                    fact = f"the fragment {two.start}–{two.end} does not follow {one.start}–{one.end} with a gap"
                    yield Finding(layer, index, record, (name, number + 1), fact, "List fragments in text order; join those that touch.")


def quote_mismatch(document: Document, context: Context) -> Iterator[Finding]:
    """The quote is not what the text reads there."""
    text = document.text
    for layer in context.registry.anchored():
        for index, record in enumerate(getattr(document, layer) or ()):
            if record.spans[-1].end <= len(text) and not reads(text, record.spans, record.quote):
                found = beginning(text, record.spans)
                places = ", ".join(f"{span.start}–{span.end}" for span in record.spans[:_SHOWN])
                fact = f"characters {places} read {found!r}, the record quotes {record.quote!r}"
                yield Finding(layer, index, record, ("quote",), fact, _advice(text, record.quote, found))


def _advice(text: str, quote: str, found: str) -> str:
    if " ".join(quote.split()) == " ".join(found.split()):
        return "They differ in white space only (a no-break space?): copy the quote from the text."
    if text.count(quote) == 1:
        start = text.index(quote)
        return f"The quote stands once in the text, at {start}–{start + len(quote)}: move the span there, or correct the quote."
    return "Move the span, or correct the quote."


def partition(document: Document, context: Context) -> Iterator[Finding]:
    """Zones do not tile the text; or sentences and tokens overlap, leave words out, or cross a zone's border."""
    yield from _zones(document)
    yield from _sentences(document)


def _zones(document: Document) -> Iterator[Finding]:
    zones = getattr(document, "segments", None)
    if zones is None:
        return
    position = 0
    for index, zone in enumerate(zones):
        if zone.start != position:
            word = "a gap" if zone.start > position else "an overlap"
            fact = f"there is {word} between characters {min(position, zone.start)} and {max(position, zone.start)}"
            yield Finding("segments", index, zone, ("start",), fact, "Zones tile the whole text: start each where the one before ends.")
        position = max(position, zone.end)
    if position < len(document.text):
        fact = f"the zones end at {position}, the text at {len(document.text)}"
        yield Finding("segments", len(zones) - 1 if zones else None, zones[-1] if zones else None, (), fact, "Add the missing zones.")


def _sentences(document: Document) -> Iterator[Finding]:
    sentences = getattr(document, "sentences", None)
    if sentences is None:
        return
    text, position = document.text, 0
    zones = getattr(document, "segments", None)
    required = _covered_zones(document, "sentences")
    within = _farthest(zones or ())
    for index, sentence in enumerate(sentences):
        if sentence.start < position:
            fact = f"the sentence starts at {sentence.start}, before the one above ends ({position})"
            yield Finding("sentences", index, sentence, ("start",), fact, "Sentences do not overlap; correct the offsets.")
        if zones is not None and within(sentence.start) < sentence.end:
            fact = f"the sentence {sentence.start}–{sentence.end} lies in no single zone"
            yield Finding("sentences", index, sentence, (), fact, "Split it at the border of the zones.")
        yield from _tokens(text, index, sentence)
        position = max(position, sentence.end)
    covered = [(sentence.start, sentence.end) for sentence in sentences]
    for start, end in _gaps(covered, len(text)):
        word = next((at for at in range(start, end) if not text[at].isspace() and required(at)), None)
        if word is not None:
            fact = f"no sentence holds the character {text[word]!r} at {word}"
            yield Finding("sentences", None, None, (), fact, "Every word of an annotated zone lies in a sentence; add one.")


def _tokens(text: str, index: int, sentence: Any) -> Iterator[Finding]:
    position = sentence.start
    for number, token in enumerate(sentence.tokens):
        path = ("tokens", number)
        if token.start < position or token.end > sentence.end or token.end <= token.start:
            fact = f"the token {token.start}–{token.end} overlaps the one before, leaves its sentence, or is empty"
            yield Finding("sentences", index, sentence, path, fact, "Tokens follow each other inside the sentence; correct the offsets.")
        elif text[position : token.start].strip():
            fact = f"no token holds {text[position : token.start].strip()!r} at {position}–{token.start}"
            yield Finding("sentences", index, sentence, path, fact, "Only white space lies between tokens; add the missing one.")
        position = max(position, token.end)
    if text[position : sentence.end].strip():
        fact = f"no token holds {text[position : sentence.end].strip()!r} at the sentence's end"
        yield Finding("sentences", index, sentence, ("tokens",), fact, "Add the missing token.")


def _gaps(spans: list[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    position = 0
    for start, end in sorted(spans):
        if start > position:
            yield position, min(start, length)
        position = max(position, end)
    if position < length:
        yield position, length


def _covered_zones(document: Document, layer: str) -> Any:
    """Whether the layer was annotated at an offset, after the document's coverage."""
    kinds = next((entry.zones for entry in document.coverage if entry.layer == layer), None)
    zones = getattr(document, "segments", None)
    if kinds is None or zones is None:
        return lambda _: True
    within = _farthest(zone for zone in zones if zone.kind in kinds)
    return lambda at: at < within(at)


def _farthest(zones: Iterable[Any]) -> Callable[[int], int]:
    """How far zones that start at an offset or before it reach; -1 where there is none. Zones may overlap."""
    ordered = sorted((zone.start, zone.end) for zone in zones)
    starts = [start for start, _ in ordered]
    ends = [-1, *accumulate((end for _, end in ordered), max)]
    return lambda at: ends[bisect_right(starts, at)]


def overlapping_stretches(document: Document, context: Context) -> Iterator[Finding]:
    """Two stretches of the languages layer overlap."""
    held = [
        (span.start, span.end, index, record)
        for index, record in enumerate(getattr(document, "languages", None) or ())
        for span in getattr(record, "spans", ())
    ]
    held.sort(key=lambda one: one[:3])
    for one, two in pairwise(held):
        if two[0] < one[1]:
            fact = f"the stretch {two[0]}–{two[1]} overlaps {one[3].id} ({one[0]}–{one[1]})"
            yield Finding("languages", two[2], two[3], ("spans",), fact, "A character has one language: split the longer stretch.")


def _spans(document: Document, context: Context) -> Iterator[Held]:
    """Every span of every record, with the path to it."""
    for layer, index, record in records(document, context.registry.layers):
        for name in _span_fields(context, layer):
            for number, span in enumerate(getattr(record, name)):
                yield layer, index, record, (name, number), span
        if context.registry.shapes[f"layers/{layer}"]["x-anchor"] == "partition":
            yield layer, index, record, (), record


def _span_fields(context: Context, layer: str) -> tuple[str, ...]:
    """Fields of a layer's records that are lists of spans."""
    shape = context.registry.shapes[f"layers/{layer}"]
    own = ("spans",) if shape["x-anchor"] == "spans" else ()
    return (*own, str(shape["x-content"])) if "x-content" in shape else own
