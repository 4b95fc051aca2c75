"""Level 3: every record stands where it says, on the words that it quotes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from operator import le
from typing import TYPE_CHECKING, Any

import numpy as np

from qantar.document import beginning, reads, records
from qantar.rules.facts import Facts
from qantar.rules.finding import Context, Finding
from qantar.rules.quotes import likeness, standing
from qantar.rules.signs import BLANK
from qantar.text import UNITS, Offsets

if TYPE_CHECKING:
    from qantar.problems import Path
    from qantar.records import Document, Segment, Sentence, Span

#: Fragments of a span that are listed.
_SHOWN = 20
Held = tuple[str, int, Any, "Path", "Span"]


def none_past_end(facts: Facts) -> bool:
    """Proves `offset_past_end`."""
    return facts.extents.inside(len(facts.document.text))


def offset_past_end(document: Document, context: Context) -> Iterator[Finding]:
    """A span ends after the text does."""
    length = len(document.text)
    for layer, index, record, path, span in _spans(document, context):
        if span.end > length:
            fact = f"characters {span.start}–{span.end} lie outside the text, which has {length}"
            yield Finding(
                layer, index, record, (*path, "end"), fact, "Offsets count code points, not bytes or UTF-16 units; place the span anew."
            )


def none_empty(facts: Facts) -> bool:
    """Proves `empty_span`."""
    return facts.none_empty


def empty_span(document: Document, context: Context) -> Iterator[Finding]:
    """A span covers nothing."""
    for layer, index, record, path, span in _spans(document, context):
        if span.end <= span.start:
            fact = f"the span {span.start}–{span.end} covers nothing"
            yield Finding(
                layer, index, record, path, fact, "The end is the offset after the last character; correct it, or remove the record."
            )


def spans_in_order(facts: Facts) -> bool:
    """Proves `span_order`."""
    fields = [(layer, name) for layer, names in facts.registry.span_fields.items() for name in names if name != "spans"]
    said = [spans for layer, name in fields for spans in facts.field(layer, name) if spans and len(spans) > 1]
    return facts.all_stand and not any(two.start < one.end for spans in said for one, two in pairwise(spans))


def span_order(document: Document, context: Context) -> Iterator[Finding]:
    """The fragments of a span overlap, touch, or are out of text order."""
    fields = context.registry.span_fields
    for layer, index, record in records(document, fields):
        for field in sorted(fields[layer]):
            for number, (one, two) in enumerate(pairwise(getattr(record, field) or ())):
                touching = field == "spans" and two.start == one.end
                if two.start < one.end or touching:
                    fact = f"the fragment {two.start}–{two.end} does not follow {one.start}–{one.end} with a gap"
                    remedy = "List fragments in text order; join those that touch."
                    yield Finding(layer, index, record, (field, number + 1), fact, remedy)


def all_stand(facts: Facts) -> bool:
    """Proves `quote_mismatch`."""
    return facts.all_stand


def quote_mismatch(document: Document, context: Context) -> Iterator[Finding]:
    """The quote is not what the text reads there."""
    text, facts, other = document.text, context.facts(document), _Units(document.text)
    for layer in context.registry.anchored():
        held = facts.records(layer)
        for index, (spans, quote) in enumerate(zip(facts.field(layer, "spans"), facts.field(layer, "quote"), strict=True)):
            if len(spans) == 1 and text[spans[0].start : spans[0].end] == quote:
                continue  # the usual record, at the least cost
            if spans[-1].end <= len(text) and not reads(text, spans, quote):
                record, found = held[index], beginning(text, spans)
                places = ", ".join(f"{span.start}–{span.end}" for span in spans[:_SHOWN])
                fact = f"characters {places} read {found!r}, the record quotes {quote!r}"
                yield Finding(layer, index, record, ("quote",), fact, _advice(other, record, found))


def _advice(other: _Units, record: Any, found: str) -> str:
    text, quote = other.text, record.quote
    if known := likeness(found, quote) or _in_other_units(other, record):
        return known
    if place := standing(text, quote, record.spans[0].start):
        return f"The quote stands {place}: move the span there, or correct the quote."
    return "Move the span, or correct the quote."


class _Units:
    """The offsets of one text in other units, each made when it is first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._made: dict[str, Offsets] = {}

    def spans(self, unit: str, spans: Iterable[Span]) -> list[tuple[int, int]] | None:
        """Spans that count the unit, in characters; None where one of them is no place in the text."""
        if unit not in self._made:
            self._made[unit] = Offsets(self.text, unit)
        convert = self._made[unit].to_characters
        try:
            return [(convert(span.start), convert(span.end)) for span in spans]
        except ValueError:
            return None


def _in_other_units(other: _Units, record: Any) -> str | None:
    """What the offsets count, if the quote stands where they lead in another unit than characters."""
    for unit in UNITS:
        spans = other.spans(unit, record.spans)
        if spans is None:
            continue
        there = " ".join(other.text[start:end] for start, end in spans)
        if record.quote in (there, there.replace("\r\n", "\n")):
            places = ", ".join(f"{start}–{end}" for start, end in spans)
            copy = "" if record.quote == there else "; the quote is to have CRLF too"
            return f"These offsets count {unit}: in characters they are {places}{copy}."
    return None


def parted(facts: Facts) -> bool:
    """Proves `partition`."""
    document = facts.document
    zones, sentences = getattr(document, "segments", None), getattr(document, "sentences", None)
    if zones is not None and not facts.zones_tile:
        return False
    if sentences is None:
        return True
    ordered = facts.in_zones if zones is not None else facts.all_inside and facts.sentence_extents.in_order
    return ordered and _tokens_in_sentences(facts) and (facts.covered or _nothing_left_out(facts))


def partition(document: Document, context: Context) -> Iterator[Finding]:
    """Zones do not tile the text; or sentences and tokens overlap, leave words out, or cross a zone's border."""
    zones, sentences = getattr(document, "segments", None), getattr(document, "sentences", None)
    if zones is not None:
        yield from _zones(document.text, zones)
    if sentences is not None:
        yield from _overlaps(sentences)
        yield from _over_borders(sentences, zones) if zones is not None else ()
        yield from _tokens(document.text, sentences)
        yield from _left_out(document, sentences)


def _zones(text: str, zones: Sequence[Segment]) -> Iterator[Finding]:
    position = 0
    for index, zone in enumerate(zones):
        if zone.start != position:
            word = "a gap" if zone.start > position else "an overlap"
            fact = f"there is {word} between characters {min(position, zone.start)} and {max(position, zone.start)}"
            lost = "add the one that is missing here, or " if word == "a gap" else ""
            remedy = f"Zones tile the whole text: {lost}start each where the one before ends."
            yield Finding("segments", index, zone, ("start",), fact, remedy)
        position = max(position, zone.end)
    if position < len(text):
        fact = f"the zones end at {position}, the text at {len(text)}"
        yield Finding("segments", len(zones) - 1 if zones else None, zones[-1] if zones else None, (), fact, "Add the missing zones.")


def _overlaps(sentences: Sequence[Sentence]) -> Iterator[Finding]:
    position = 0
    for index, sentence in enumerate(sentences):
        if sentence.start < position:
            fact = f"the sentence starts at {sentence.start}, before the one above ends ({position})"
            yield Finding("sentences", index, sentence, ("start",), fact, "Sentences do not overlap; correct the offsets.")
        position = max(position, sentence.end)


def _over_borders(sentences: Sequence[Sentence], zones: Sequence[Segment]) -> Iterator[Finding]:
    ordered = sorted((zone.start, zone.end) for zone in zones)
    starts = [start for start, _ in ordered]
    reach = [-1, *accumulate((end for _, end in ordered), max)]  # how far zones go that start no later than the nth
    for index, sentence in enumerate(sentences):
        end = reach[bisect_right(starts, sentence.start)]
        if sentence.end > end:
            fact = f"the sentence {sentence.start}–{sentence.end} lies in no single zone"
            remedy = (
                "Split it at the border of the zones." if end > sentence.start else "It begins in no zone: mend the zones, and leave it."
            )
            yield Finding("sentences", index, sentence, (), fact, remedy)


def _left_out(document: Document, sentences: Sequence[Sentence]) -> Iterator[Finding]:
    for gap in _gaps([(sentence.start, sentence.end) for sentence in sentences], document.text):
        word = _first_word(document, *gap)
        if word is not None:
            fact = f"no sentence holds the character {document.text[word]!r} at {word}"
            yield Finding("sentences", None, None, (), fact, "Every word of an annotated zone lies in a sentence; add one.")


def _tokens_in_sentences(facts: Facts) -> bool:
    """Whether tokens follow each other, each inside the sentence that lists it, and every sentence has some."""
    inner = facts.field("sentences", "tokens")
    if not all(inner) or not facts.token_extents.in_order:
        return False
    starts, ends = facts.field("sentences", "start"), facts.field("sentences", "end")
    return all(map(le, starts, [held[0].start for held in inner])) and all(map(le, [held[-1].end for held in inner], ends))


def _nothing_left_out(facts: Facts) -> bool:
    """Whether what is in no token of a sentence is blank, and so is what is in no sentence, but for zones that were not annotated."""
    document, size = facts.document, len(facts.document.text)
    words = facts.signs & BLANK == 0
    words[size] = False
    in_sentences, in_tokens = (held.covered(size) for held in (facts.sentence_extents, facts.token_extents))
    if np.count_nonzero(words & in_sentences & ~in_tokens):
        return False
    outside = np.flatnonzero(words & ~in_sentences)
    kinds = next((entry.zones for entry in document.coverage if entry.layer == "sentences"), None)
    if kinds is None or getattr(document, "segments", None) is None:
        return not outside.size
    zones = facts.field("segments", "kind")
    return not any(zones[number] in kinds for number in set(facts.zone_extents.number(outside).tolist()))


def _tokens(text: str, sentences: Sequence[Sentence]) -> Iterator[Finding]:
    # Most records of a document are tokens: what every one of them costs is kept small.
    for index, sentence in enumerate(sentences):
        position, last = sentence.start, sentence.end
        for number, token in enumerate(sentence.tokens):
            start, end = token.start, token.end
            if start < position or end > last or end <= start:
                fact = f"the token {start}–{end} overlaps the one before, leaves its sentence, or is empty"
                remedy = "Tokens follow each other inside the sentence; correct the offsets."
                yield Finding("sentences", index, sentence, ("tokens", number), fact, remedy)
            elif start > position and (missed := text[position:start].strip()):
                fact = f"no token holds {missed!r} at {position}–{start}"
                remedy = "Only white space lies between tokens; add the missing one."
                yield Finding("sentences", index, sentence, ("tokens", number), fact, remedy)
            if end > position:
                position = end
        if position < last and (missed := text[position:last].strip()):
            fact = f"no token holds {missed!r} at the sentence's end"
            yield Finding("sentences", index, sentence, ("tokens",), fact, "Add the missing token.")


def _gaps(spans: list[tuple[int, int]], text: str) -> Iterator[tuple[int, int]]:
    """What lies between spans, before them and after, and is not white space only."""
    position = 0
    for start, end in sorted(spans):
        if start > position and text[position:start].strip():
            yield position, min(start, len(text))
        if end > position:
            position = end
    if text[position:].strip():
        yield position, len(text)


def _first_word(document: Document, start: int, end: int) -> int | None:
    """Where the first word between two offsets begins that the coverage says lies in a sentence; None where there is none."""
    text = document.text
    kinds = next((entry.zones for entry in document.coverage if entry.layer == "sentences"), None)
    zones = getattr(document, "segments", None)
    pieces = [(start, end)]
    if kinds is not None and zones is not None:
        pieces = [(max(start, zone.start), min(end, zone.end)) for zone in zones if zone.kind in kinds]
    rests = ((one, two, text[one:two].lstrip()) for one, two in pieces if one < two)
    return min((two - len(rest) for one, two, rest in rests if rest), default=None)


def stretches_apart(facts: Facts) -> bool:
    """Proves `overlapping_stretches`."""
    return facts.none_empty and facts.stretches.sound


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
    registry = context.registry
    for layer, index, record in records(document, registry.layers):
        for name in registry.span_fields[layer]:
            for number, span in enumerate(getattr(record, name) or ()):
                yield layer, index, record, (name, number), span
        if layer in registry.partitions:
            yield layer, index, record, (), record
