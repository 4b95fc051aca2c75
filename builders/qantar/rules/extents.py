"""Level 5: records cover whole words, and nothing beside them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from qantar.document import layer, tokens_of
from qantar.propose.letters import script_of_letter
from qantar.rules.finding import Context, Finding
from qantar.rules.places import Row, row, standing

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
    for name, index, record in standing(document, context.registry.anchored()):
        yield from _blank(document.text, name, index, record)
        mark = _half(record.quote)
        if mark:
            fact = f"{record.quote!r} has one {mark} at its edge, and not its other half"
            yield Finding(name, index, record, ("spans",), fact, "Leave the mark out, or take both in; move the edge by one character.")
    for index, sentence in enumerate(getattr(document, "sentences", None) or ()):
        for number, token in enumerate(sentence.tokens or ()):
            form = document.text[token.start : token.end]
            if form != form.strip() and form:
                path = ("tokens", number)
                yield Finding("sentences", index, sentence, path, f"the token {form!r} has white space at its edge", "Leave it out.")


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
    for name, index, record in standing(document, context.registry.anchored()):
        for number, (one, two) in enumerate(pairwise(record.spans)):
            if text[one.end : two.start].isspace():
                fact = f"there is only white space between the fragments {one.start}–{one.end} and {two.start}–{two.end}"
                yield Finding(name, index, record, ("spans", number + 1), fact, "Join them: a gap is there to leave words out.")


def inside_token(document: Document, context: Context) -> Iterator[Finding]:
    """A record begins or ends in the middle of a word."""
    tokens = Row(tokens_of(document))
    for name, index, record in standing(document, _of_words(context)):
        for path, edge in ((("spans", 0, "start"), record.spans[0].start), (("spans", len(record.spans) - 1, "end"), record.spans[-1].end)):
            if tokens.around(edge) and _in_word(document.text, edge):
                token = tokens.met(edge, edge + 1)[0]
                fact = f"{record.quote!r} has an edge at {edge}, inside the word {document.text[token.start : token.end]!r}"
                yield Finding(
                    name, index, record, path, fact, "Cover whole words; only at a hyphen, or where letters change, may a part stand."
                )


def _in_word(text: str, edge: int) -> bool:
    """Whether an edge parts two letters of one script, two digits, or a letter from its accent."""
    one, two = text[edge - 1], text[edge]
    if one.isalpha() and two.isalpha():
        return script_of_letter(one) == script_of_letter(two)
    return (one.isdigit() and two.isdigit()) or unicodedata.combining(two) != 0


def crosses_zone(document: Document, context: Context) -> Iterator[Finding]:
    """A fragment of a record stands in two zones."""
    for name, index, record, path, words in _crossing(document, _with_extent(context), "segments"):
        fact = f"{words!r} runs over the border of two zones"
        yield Finding(name, index, record, path, fact, "End it at the border, or correct the zones: what the page parts is no phrase.")


def crosses_sentence(document: Document, context: Context) -> Iterator[Finding]:
    """A fragment of a record stands in two sentences of one zone."""
    zones = row(document, "segments")
    for name, index, record, path, words in _crossing(document, _of_words(context), "sentences"):
        span = record.spans[path[1]]
        if not zones.many(span.start, span.end):
            fact = f"{words!r} runs over the border of two sentences"
            yield Finding(name, index, record, path, fact, "End it at the border, or join the sentences if they are one.")


def _crossing(document: Document, layers: tuple[str, ...], over: str) -> Iterator[tuple[str, int, Any, tuple[str, int], str]]:
    places = row(document, over)
    for name, index, record in standing(document, layers):
        for number, span in enumerate(record.spans):
            if places.many(span.start, span.end):
                yield name, index, record, ("spans", number), document.text[span.start : span.end]


def outside_coverage(document: Document, context: Context) -> Iterator[Finding]:
    """A record stands in a kind of zone of which the coverage says that the layer was not annotated there."""
    zones = row(document, "segments")
    for entry in document.coverage:
        if entry.zones is not None and entry.layer in context.registry.layers and entry.layer != "segments":
            for index, record in enumerate(layer(document, entry.layer) or ()):
                for path, place in _places(record):
                    kinds = sorted({zone.kind for zone in zones.met(place.start, place.end)})
                    if kinds and not set(kinds) & set(entry.zones):
                        fact = f"the record stands in a zone of kind {kinds[0]!r}, which the coverage of {entry.layer!r} does not list"
                        remedy = f"List {kinds[0]!r} too, if all zones of that kind were annotated; or remove the record."
                        yield Finding(entry.layer, index, record, path, fact, remedy)
                        break


def _places(record: Any) -> Iterator[tuple[Path, Any]]:
    if hasattr(record, "spans"):
        yield from ((("spans", number), span) for number, span in enumerate(record.spans))
    elif hasattr(record, "start"):
        yield (), record


def _with_extent(context: Context) -> tuple[str, ...]:
    """Layers whose records are phrases or parts of words: `x-extent` says so."""
    return tuple(name for name in context.registry.anchored() if "x-extent" in context.registry.shapes[f"layers/{name}"])


def _of_words(context: Context) -> tuple[str, ...]:
    return tuple(name for name in _with_extent(context) if context.registry.shapes[f"layers/{name}"]["x-extent"] == "words")
