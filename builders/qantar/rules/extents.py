"""Level 5: records cover whole words, and nothing beside them."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from itertools import chain, compress, pairwise, repeat
from operator import lt
from typing import TYPE_CHECKING, Any

from qantar.document import layer
from qantar.propose.letters import script_of_letter
from qantar.rules.columns import at
from qantar.rules.facts import Facts
from qantar.rules.finding import Context, Finding
from qantar.rules.places import Row

if TYPE_CHECKING:
    from qantar.problems import Path
    from qantar.records import Document

#: What closes or opens the other side of a mark; in some languages „ and “, or » and «, are the other way round.
_PARTNERS = {
    "(": ")", ")": "(", "[": "]", "]": "[", "{": "}", "}": "{", "«": "»", "»": "«", "‹": "›", "›": "‹",
    "“": "”„\"", "”": "“„\"", "„": "“”\"", '"': '"“”„',
}  # fmt: skip
#: Letters or digits before a bracket that closes the mark of a list item: 1) and iv).
_ITEM = 4


def span_edge(document: Document, context: Context) -> Iterator[Finding]:
    """A record begins or ends with white space, or with a mark whose other half it leaves out."""
    if _edges_are_clean(context.facts(document)):
        return
    for name, index, record in _standing(document, context, context.registry.anchored()):
        yield from _blank(document.text, name, index, record)
        mark = _half(record.quote)
        if mark:
            fact = f"{record.quote!r} has one {mark} at its edge, and not its other half"
            yield Finding(name, index, record, ("spans",), fact, "Leave the mark out, or take both in; move the edge by one character.")
    for index, sentence in enumerate(getattr(document, "sentences", None) or ()):
        for what, path, place in (("sentence", (), sentence), *_tokens(sentence)):
            form = document.text[place.start : place.end]
            if form != form.strip() and form:
                yield Finding("sentences", index, sentence, path, f"the {what} {form!r} has white space at its edge", "Leave it out.")


def _edges_are_clean(facts: Facts) -> bool:
    """Whether what stands at the edges of all records, sentences and tokens is no white space, and no mark that lacks its other half."""
    if not (facts.all_inside and facts.all_stand):
        return False
    text, anchored, row = facts.document.text, list(facts.anchored.values()), facts.sentences
    starts = chain(row.starts, chain.from_iterable(columns.starts for columns in anchored))
    ends = chain(row.ends, facts.tokens.ends, chain.from_iterable(columns.ends for columns in anchored))
    edges = "".join((facts.first_letters, *at(text, list(starts)), *at(f".{text}", list(ends))))
    if "".join(edges.split()) != edges:
        return False
    quotes = chain.from_iterable(columns.quotes for columns in facts.anchored.values())
    return not any(_half(quote) for quote in quotes if quote[0] in _PARTNERS or quote[-1] in _PARTNERS)


def _tokens(sentence: Any) -> Iterator[tuple[str, Path, Any]]:
    yield from (("token", ("tokens", number), token) for number, token in enumerate(sentence.tokens or ()))


def _blank(text: str, name: str, index: int, record: Any) -> Iterator[Finding]:
    for number, span in enumerate(record.spans):
        part = text[span.start : span.end]
        if part != part.strip():
            fact = f"{part!r} has white space at its edge"
            yield Finding(name, index, record, ("spans", number), fact, "Begin and end on a character that is not blank.")


def _half(quote: str) -> str | None:
    """A mark at an edge whose other half is not there; None where there is none, or nothing but marks."""
    quote = quote.strip()
    if len(quote) < 2 or not any(map(str.isalnum, quote)):
        return None
    first, last = quote[0], quote[-1]
    if _alone(first, quote[1:]):
        return first
    inch = last == '"' and quote[-2].isdigit()
    item = last in ")]}" and len(quote) <= _ITEM + 1 and quote[:-1].isalnum()
    return last if _alone(last, quote[:-1]) and not inch and not item else None


def _alone(mark: str, rest: str) -> bool:
    partners = _PARTNERS.get(mark)
    return partners is not None and not any(partner in rest for partner in partners)


def needless_gap(document: Document, context: Context) -> Iterator[Finding]:
    """Two fragments of a record have nothing but white space between them."""
    text = document.text
    held = {name: set(columns.fragmented) for name, columns in context.facts(document).anchored.items() if columns.fragmented}
    for name, index, record in _standing(document, context, tuple(held)):
        if index not in held[name]:
            continue
        for number, (one, two) in enumerate(pairwise(record.spans)):
            if text[one.end : two.start].isspace():
                fact = f"there is only white space between the fragments {one.start}–{one.end} and {two.start}–{two.end}"
                yield Finding(name, index, record, ("spans", number + 1), fact, "Join them: a gap is there to leave words out.")


def inside_token(document: Document, context: Context) -> Iterator[Finding]:
    """A record begins or ends in the middle of a word."""
    tokens = context.facts(document).tokens
    if not any(tokens.around(edge) is not None and _in_word(document.text, edge) for edge in _loose(document, context)):
        return
    for name, index, record in _standing(document, context, _of_words(context)):
        for path, edge in ((("spans", 0, "start"), record.spans[0].start), (("spans", len(record.spans) - 1, "end"), record.spans[-1].end)):
            token = tokens.around(edge)
            if token is not None and _in_word(document.text, edge):
                fact = f"{record.quote!r} has an edge at {edge}, inside the word {document.text[token.start : token.end]!r}"
                yield Finding(
                    name, index, record, path, fact, "Cover whole words; only at a hyphen, or where letters change, may a part stand."
                )


def _loose(document: Document, context: Context) -> set[int]:
    """Where records of words, those that stand or more, begin and end, and no token does."""
    facts = context.facts(document)
    held = [facts.anchored[name] for name in _of_words(context)]
    edges = set(chain.from_iterable((*columns.firsts, *columns.lasts) for columns in held))
    return edges.difference(facts.tokens.starts, facts.tokens.ends)


def _in_word(text: str, edge: int) -> bool:
    """Whether an edge parts two letters of one script, two digits, or a letter from its accent."""
    if edge >= len(text):
        return False
    one, two = text[edge - 1], text[edge]
    if one.isalpha() and two.isalpha():
        return script_of_letter(one) == script_of_letter(two)
    return (one.isdigit() and two.isdigit()) or unicodedata.combining(two) != 0


def crosses_zone(document: Document, context: Context) -> Iterator[Finding]:
    """A fragment of a record stands in two zones."""
    zones = context.facts(document).zones
    if not any(zones.many(*span) for span in _astray(document, context)):
        return
    for name, index, record in _standing(document, context, _with_extent(context)):
        for number, span in enumerate(record.spans):
            if zones.many(span.start, span.end):
                fact = f"{document.text[span.start : span.end]!r} runs over the border of two zones"
                remedy = "End it at the border, or correct the zones: what the page parts is no phrase."
                yield Finding(name, index, record, ("spans", number), fact, remedy)


def crosses_sentence(document: Document, context: Context) -> Iterator[Finding]:
    """A fragment of a record stands in two sentences of one zone."""
    zones, sentences = context.facts(document).zones, context.facts(document).sentences
    if not any(sentences.many(*span) for span in _astray(document, context)):
        return
    for name, index, record in _standing(document, context, _of_words(context)):
        for number, span in enumerate(record.spans):
            if sentences.many(span.start, span.end) and not zones.many(span.start, span.end):
                fact = f"{document.text[span.start : span.end]!r} runs over the border of two sentences"
                remedy = "End it at the border, or join the sentences if they are one."
                yield Finding(name, index, record, ("spans", number), fact, remedy)


def _astray(document: Document, context: Context) -> Iterator[tuple[int, int]]:
    """The fragments of records with an extent, those that stand or more, that do not lie in one sentence, which lies in one zone."""
    facts = context.facts(document)
    for name in _with_extent(context):
        columns = facts.anchored[name]
        reach = map(facts.reach.__getitem__, map(bisect_right, repeat(facts.sentences.starts), columns.starts))
        yield from compress(zip(columns.starts, columns.ends, strict=True), map(lt, reach, columns.ends))


def outside_coverage(document: Document, context: Context) -> Iterator[Finding]:
    """A record stands in a kind of zone that the coverage of its layer does not list."""
    zones = context.facts(document).zones
    for entry in document.coverage:
        if entry.zones is None or entry.layer not in context.registry.layers or entry.layer == "segments" or not zones.sound:
            continue
        listed = Row(zone for zone in zones.places if zone.kind in entry.zones)
        others = Row(zone for zone in zones.places if zone.kind not in entry.zones)
        for index, record in enumerate(layer(document, entry.layer) or ()):
            for path, place in _places(record):
                zone = others.first(place.start, place.end)
                if zone is not None and listed.first(place.start, place.end) is None:
                    fact = f"the record stands in a zone of kind {zone.kind!r}, which the coverage of {entry.layer!r} does not list"
                    remedy = f"List {zone.kind!r} too, if all zones of that kind were annotated; or remove the record."
                    yield Finding(entry.layer, index, record, path, fact, remedy)
                    break


def _places(record: Any) -> Iterator[tuple[Path, Any]]:
    if hasattr(record, "spans"):
        yield from ((("spans", number), span) for number, span in enumerate(record.spans))
    elif hasattr(record, "start"):
        yield (), record


def _standing(document: Document, context: Context, layers: tuple[str, ...]) -> Iterator[tuple[str, int, Any]]:
    for name in layers:
        for index, record in context.facts(document).standing[name]:
            yield name, index, record


def _with_extent(context: Context) -> tuple[str, ...]:
    """Layers whose records are phrases or parts of words: `x-extent` says so."""
    return tuple(context.registry.extents)


def _of_words(context: Context) -> tuple[str, ...]:
    return tuple(name for name, extent in context.registry.extents.items() if extent == "words")
