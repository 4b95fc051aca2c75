"""Level 6: alignments and links join two documents, once, and are what their relation says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from qantar.corpus import Corpus
from qantar.document import language_of
from qantar.propose.letters import NO_LANGUAGE, language
from qantar.rules.finding import Finding
from qantar.text import first_difference

if TYPE_CHECKING:
    from qantar.records import Alignment

#: Links that say that two records do not agree.
_AGAINST = ("corrects", "denies", "conflicts-with")
#: Characters of a quote that a fact shows.
_SHOWN = 40


def alignment_type(corpus: Corpus) -> Iterator[Finding]:
    """A verbatim pair differs by more than blanks at the edges, or a near-verbatim pair does not differ."""
    for index, alignment in enumerate(corpus.alignments or ()):
        one, two = alignment.a.quote.strip(), alignment.b.quote.strip()
        if alignment.relation == "verbatim" and one != two:
            at = first_difference(one, two)
            fact = f"the quotes are not verbatim: {_from(one, at)} stands where the other has {_from(two, at)}"
            remedy = "Correct the spans; or, where the edits are meant, call the pair near-verbatim."
            yield Finding("alignments", index, alignment, ("relation",), fact, remedy)
        if alignment.relation == "near-verbatim" and one == two:
            fact = "the quotes are the same, character for character, but for blanks at the edges"
            yield Finding("alignments", index, alignment, ("relation",), fact, "Call the pair verbatim.")


def alignment_language(corpus: Corpus) -> Iterator[Finding]:
    """A translation stays within one language, or a (near-)verbatim pair crosses from one into another."""
    for index, alignment in enumerate(corpus.alignments or ()):
        one, two = _language(corpus, alignment.a), _language(corpus, alignment.b)
        if one is None or two is None:
            continue
        if alignment.relation == "translation" and one == two:
            remedy = "Call the pair what it is, or correct the language of a zone or document."
            yield Finding("alignments", index, alignment, ("relation",), f"both passages of the translation are in {one!r}", remedy)
        if alignment.relation in ("verbatim", "near-verbatim") and one != two:
            fact = f"the passages are {alignment.relation}, but in {one!r} and {two!r}"
            remedy = "Call the pair a translation, or correct the language of a zone, a stretch or a document."
            yield Finding("alignments", index, alignment, ("relation",), fact, remedy)


def alignment_order(corpus: Corpus) -> Iterator[Finding]:
    """Side `a` is of the document that comes second by id."""
    for index, alignment in enumerate(corpus.alignments or ()):
        if alignment.a.document > alignment.b.document:
            fact = f"`a` is of {alignment.a.document!r}, which comes after {alignment.b.document!r}"
            remedy = "`a` is the side whose document comes first by id: exchange the sides; or, if they quote the other text each, the documents alone."
            yield Finding("alignments", index, alignment, ("a", "document"), fact, remedy)


def same_document(corpus: Corpus) -> Iterator[Finding]:
    """Both sides of an alignment, or both ends of a link, are in one document."""
    for index, alignment in enumerate(corpus.alignments or ()):
        if alignment.a.document == alignment.b.document:
            fact = f"both sides are of {alignment.a.document!r}"
            remedy = "An alignment joins two documents: correct the document of one side, or remove the record."
            yield Finding("alignments", index, alignment, ("b", "document"), fact, remedy)
    for index, link in enumerate(corpus.links or ()):
        if link.head.target.partition("#")[0] == link.tail.target.partition("#")[0]:
            fact = f"{link.head.target} and {link.tail.target} are of one document"
            remedy = "A link joins two documents: correct a target; or, if both are meant, make it a record of the layer `relations`."
            yield Finding("links", index, link, ("tail", "target"), fact, remedy)


def duplicate_pair(corpus: Corpus) -> Iterator[Finding]:
    """Two alignments have the same passages, or two links the same type and ends (in either order where they conflict)."""
    for layer, keys in (("alignments", _passages), ("links", _ends)):
        first: dict[Any, Any] = {}
        for index, record in enumerate(getattr(corpus, layer) or ()):
            known = first.setdefault(keys(record), record)
            if known is not record:
                fact = f"{known.id} joins the same pair already"
                yield Finding(layer, index, record, ("id",), fact, "Keep one of them.")


def opposite_links(corpus: Corpus) -> Iterator[Finding]:
    """Of one pair of records, one link says that they agree, and another that they do not."""
    first: dict[tuple[frozenset[str], bool], Any] = {}
    for index, link in enumerate(corpus.links or ()):
        pair = frozenset((link.head.target, link.tail.target))
        agrees = link.type == "confirms"
        if not agrees and link.type not in _AGAINST:
            continue
        first.setdefault((pair, agrees), link)
        known = first.get((pair, not agrees))
        if known is not None:
            fact = f"the pair is joined by `{link.type}` here, and by `{known.type}` in {known.id}"
            yield Finding("links", index, link, ("type",), fact, "Records that agree do not contradict each other: keep one of the links.")


def _passages(alignment: Alignment) -> Any:
    """The two passages, whichever comes first."""
    sides = (alignment.a, alignment.b)
    return frozenset((side.document, tuple((span.start, span.end) for span in side.spans)) for side in sides)


def _ends(link: Any) -> Any:
    ends = (link.head.target, link.tail.target)
    return link.type, frozenset(ends) if link.type == "conflicts-with" else ends


def _language(corpus: Corpus, side: Any) -> str | None:
    """The language of a passage, without script or region; None where it is none, several, or not known."""
    document = corpus.documents.get(side.document)
    if document is None:
        return None
    found = language_of(document, side.spans[0].start, side.spans[-1].end)
    return None if found in NO_LANGUAGE else language(found)


def _from(text: str, at: int) -> str:
    """The text from an offset on, as a fact shows it."""
    rest = text[at : at + _SHOWN]
    return repr(rest + ("…" if at + _SHOWN < len(text) else "")) if rest else "nothing"
