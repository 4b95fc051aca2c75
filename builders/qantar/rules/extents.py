"""Level 5: records cover whole words, and nothing beside them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from qantar.document import layer
from qantar.propose.letters import script_of_letter
from qantar.rules.facts import QUOTED, TOKENS, Facts
from qantar.rules.finding import Context, Finding
from qantar.rules.places import Row
from qantar.rules.signs import BLANK, HALF, PARTNERS
from qantar.schema.registry import Registry

if TYPE_CHECKING:
    from qantar.problems import Path
    from qantar.records import Document

#: Letters or digits before a bracket that closes the mark of a list item: 1) and iv).
_ITEM = 4


def edges_clean(facts: Facts) -> bool:
    """Proves `span_edge`: at all edges is no white space, and no mark that lacks its other half."""
    if not (facts.all_inside and facts.all_stand):
        return False
    held = facts.extents_of(QUOTED, TOKENS)
    if np.count_nonzero((facts.signs[held.starts] | facts.signs[held.ends - 1]) & BLANK):
        return False
    return not any(map(_half, _beside_marks(facts)))


def _beside_marks(facts: Facts) -> Iterator[str]:
    """The quotes that begin or end with a mark that has another half, and those of more than one fragment."""
    held, anchored = facts.extents_of(QUOTED), facts.anchored
    marked = np.flatnonzero((facts.signs[held.starts] | facts.signs[held.ends - 1]) & HALF).tolist()
    return map(anchored.quotes.__getitem__, (*marked, *anchored.fragmented))


def span_edge(document: Document, context: Context) -> Iterator[Finding]:
    """A record begins or ends with white space, or with a mark whose other half it leaves out."""
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
    partners = PARTNERS.get(mark)
    return partners is not None and not any(partner in rest for partner in partners)


def gaps_needed(facts: Facts) -> bool:
    """Proves `needless_gap`."""
    text, anchored = facts.document.text, facts.anchored
    pieces = (pairwise(anchored.spans[index]) for index in anchored.fragmented)
    return facts.all_stand and not any(text[one.end : two.start].isspace() for one, two in chain.from_iterable(pieces))


def needless_gap(document: Document, context: Context) -> Iterator[Finding]:
    """Two fragments of a record have nothing but white space between them."""
    text = document.text
    for name, index, record in _standing(document, context, context.registry.anchored()):
        for number, (one, two) in enumerate(pairwise(record.spans)):
            if text[one.end : two.start].isspace():
                fact = f"there is only white space between the fragments {one.start}–{one.end} and {two.start}–{two.end}"
                yield Finding(name, index, record, ("spans", number + 1), fact, "Join them: a gap is there to leave words out.")


def words_whole(facts: Facts) -> bool:
    """Proves `inside_token`: where records of words begin and end, a token does, or there is no word."""
    if not facts.all_inside:
        return False
    held = facts.fragments(_of_words(facts.registry))
    borders = np.zeros(len(facts.document.text) + 1, dtype=np.bool_)
    borders[facts.token_extents.starts] = borders[facts.token_extents.ends] = True
    edges = np.concatenate((held.starts, held.ends))
    loose = [edge for edge in edges[~borders[edges]].tolist() if _in_word(facts.document.text, edge)]
    return not any(facts.tokens.around(edge) is not None for edge in loose)


def inside_token(document: Document, context: Context) -> Iterator[Finding]:
    """A record begins or ends in the middle of a word."""
    tokens = context.facts(document).tokens
    for name, index, record in _standing(document, context, _of_words(context.registry)):
        for path, edge in ((("spans", 0, "start"), record.spans[0].start), (("spans", len(record.spans) - 1, "end"), record.spans[-1].end)):
            token = tokens.around(edge)
            if token is not None and _in_word(document.text, edge):
                fact = f"{record.quote!r} has an edge at {edge}, inside the word {document.text[token.start : token.end]!r}"
                yield Finding(
                    name, index, record, path, fact, "Cover whole words; only at a hyphen, or where letters change, may a part stand."
                )


def _in_word(text: str, edge: int) -> bool:
    """Whether an edge parts two letters of one script, two digits, or a letter from its accent."""
    if edge >= len(text):
        return False
    one, two = text[edge - 1], text[edge]
    if one.isalpha() and two.isalpha():
        return script_of_letter(one) == script_of_letter(two)
    return (one.isdigit() and two.isdigit()) or unicodedata.combining(two) != 0


def in_one_zone(facts: Facts) -> bool:
    """Proves `crosses_zone`."""
    return not any(facts.zones.many(*span) for span in facts.astray)


def crosses_zone(document: Document, context: Context) -> Iterator[Finding]:
    """A fragment of a record stands in two zones."""
    zones = context.facts(document).zones
    for name, index, record in _standing(document, context, _with_extent(context)):
        for number, span in enumerate(record.spans):
            if zones.many(span.start, span.end):
                fact = f"{document.text[span.start : span.end]!r} runs over the border of two zones"
                remedy = "End it at the border, or correct the zones: what the page parts is no phrase."
                yield Finding(name, index, record, ("spans", number), fact, remedy)


def in_one_sentence(facts: Facts) -> bool:
    """Proves `crosses_sentence`."""
    return not any(facts.sentences.many(*span) for span in facts.astray)


def crosses_sentence(document: Document, context: Context) -> Iterator[Finding]:
    """A fragment of a record stands in two sentences of one zone."""
    zones, sentences = context.facts(document).zones, context.facts(document).sentences
    for name, index, record in _standing(document, context, _of_words(context.registry)):
        for number, span in enumerate(record.spans):
            if sentences.many(span.start, span.end) and not zones.many(span.start, span.end):
                fact = f"{document.text[span.start : span.end]!r} runs over the border of two sentences"
                remedy = "End it at the border, or join the sentences if they are one."
                yield Finding(name, index, record, ("spans", number), fact, remedy)


def in_listed_zones(facts: Facts) -> bool:
    """Proves `outside_coverage`: all records, and fragments, begin in zones that the coverage of their layer lists."""
    entries = [(entry.layer, entry.zones) for entry in facts.document.coverage if entry.zones is not None]
    if entries and not (facts.all_inside and facts.zones_tile):
        return getattr(facts.document, "segments", None) is None
    return all(_kinds_of_zones(facts, name).issubset(zones) for name, zones in entries if name != "segments")


def _kinds_of_zones(facts: Facts, name: str) -> set[str]:
    """The kinds of the zones that records of a layer, or their fragments, begin in."""
    held = facts.fragments([name]) if name in facts.registry.anchored() else facts.extents_of((name, "*"))
    kinds = facts.field("segments", "kind")
    return {kinds[number] for number in set(facts.zone_extents.number(held.starts).tolist())}


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


def _of_words(registry: Registry) -> tuple[str, ...]:
    return tuple(name for name, extent in registry.extents.items() if extent == "words")
