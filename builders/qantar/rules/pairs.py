"""Level 6: alignments and links join two documents, once, and are what their relation says."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from qantar.corpus import Corpus
from qantar.document import language_of
from qantar.propose.letters import NO_LANGUAGE, language
from qantar.rules.finding import Finding
from qantar.text import first_difference, read_from

if TYPE_CHECKING:
    from qantar.records import Alignment

#: Characters of a quote that a fact shows.
_SHOWN = 40


def alignment_type(corpus: Corpus) -> Iterator[Finding]:
    """A verbatim pair differs by more than blanks at the edges, or a near-verbatim pair does not differ."""
    wording = _wording(corpus)
    for index, alignment in enumerate(corpus.alignments or ()):
        one, two = alignment.a.quote.strip(), alignment.b.quote.strip()
        words = wording.get(alignment.relation)
        if words == "same" and one != two:
            at = first_difference(one, two)
            fact = f"the quotes are not {alignment.relation}: {_from(one, at)} stands where the other has {_from(two, at)}"
            remedy = f"Correct the spans; or, where the edits are meant, call the pair {_called(wording, 'edited')}."
            yield Finding("alignments", index, alignment, ("relation",), fact, remedy)
        if words == "edited" and one == two:
            fact = "the quotes are the same, character for character, but for blanks at the edges"
            yield Finding("alignments", index, alignment, ("relation",), fact, f"Call the pair {_called(wording, 'same')}.")


def alignment_language(corpus: Corpus) -> Iterator[Finding]:
    """A translation stays within one language, or a (near-)verbatim pair crosses from one into another."""
    wording = _wording(corpus)
    for index, alignment in enumerate(corpus.alignments or ()):
        one, two = _language(corpus, alignment.a), _language(corpus, alignment.b)
        words = wording.get(alignment.relation)
        if one is None or two is None or words is None:
            continue
        if words == "translated" and one == two:
            remedy = "Call the pair what it is, or correct the language of a zone or document."
            yield Finding(
                "alignments", index, alignment, ("relation",), f"both passages of the {alignment.relation} are in {one!r}", remedy
            )
        if words != "translated" and one != two:
            fact = f"the passages are {alignment.relation}, but in {one!r} and {two!r}"
            name = _called(wording, "translated")
            remedy = f"Call the pair a {name}, or correct the language of a zone, a stretch or a document."
            yield Finding("alignments", index, alignment, ("relation",), fact, remedy)


def alignment_order(corpus: Corpus) -> Iterator[Finding]:
    """Side `a` is of the document that comes second by id."""
    for index, alignment in enumerate(corpus.alignments or ()):
        if alignment.a.document > alignment.b.document:
            fact = f"`a` is of {alignment.a.document!r}, which comes after {alignment.b.document!r}"
            remedy = "`a` is the side whose document comes first by id: exchange the sides; or, if they quote the other text each, the documents alone."
            yield Finding("alignments", index, alignment, ("a", "document"), fact, remedy)


def link_kind(corpus: Corpus) -> Iterator[Finding]:
    """A link joins a record of a layer that its type is not for, or a value with what is none."""
    joins = corpus.registry.ontology.marked("link-type", "joins")
    for index, link in enumerate(corpus.links or ()):
        layers = {end: corpus.held[name][1] for end in ("head", "tail") if (name := getattr(link, end).target) in corpus.held}
        wanted = joins.get(link.type, ())
        wrong = [end for end, layer in layers.items() if wanted and layer not in wanted]
        for end in wrong:
            fact = f"{getattr(link, end).target} is of {layers[end]!r}, and cannot be the {end} of {link.type!r}"
            remedy = f"It joins records of {', '.join(wanted)}: point to one of these, or correct the type."
            yield Finding("links", index, link, (end, "target"), fact, remedy)
        if wanted and not wrong and list(layers.values()).count("values") == 1 and len(layers) == 2:
            fact = f"{link.head.target} is of {layers['head']!r}, {link.tail.target} of {layers['tail']!r}: a value is joined with a value only"
            remedy = "Point to the two values; or, if what is told of them is meant, to the two events or attributions."
            yield Finding("links", index, link, ("head" if layers["head"] == "values" else "tail", "target"), fact, remedy)


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
    symmetric = corpus.registry.ontology.marked("link-type", "symmetric")
    for layer, keys in (("alignments", _passages), ("links", partial(_ends, symmetric=symmetric))):
        first: dict[Any, Any] = {}
        for index, record in enumerate(getattr(corpus, layer) or ()):
            known = first.setdefault(keys(record), record)
            if known is not record:
                fact = f"{known.id} joins the same pair already"
                yield Finding(layer, index, record, ("id",), fact, "Keep one of them.")


def opposite_links(corpus: Corpus) -> Iterator[Finding]:
    """Of one pair of records, one link says that they agree, and another that they do not."""
    stances = corpus.registry.ontology.marked("link-type", "stance")
    first: dict[tuple[frozenset[str], bool], Any] = {}
    for index, link in enumerate(corpus.links or ()):
        pair = frozenset((link.head.target, link.tail.target))
        if link.type not in stances:
            continue
        agrees = stances[link.type] == "for"
        first.setdefault((pair, agrees), link)
        known = first.get((pair, not agrees))
        if known is not None:
            fact = f"the pair is joined by `{link.type}` here, and by `{known.type}` in {known.id}"
            yield Finding("links", index, link, ("type",), fact, "Records that agree do not contradict each other: keep one of the links.")


def _passages(alignment: Alignment) -> Any:
    """The two passages, whichever comes first."""
    sides = (alignment.a, alignment.b)
    return frozenset((side.document, tuple((span.start, span.end) for span in side.spans)) for side in sides)


def _ends(link: Any, *, symmetric: Container[str]) -> Any:
    ends = (link.head.target, link.tail.target)
    return link.type, frozenset(ends) if link.type in symmetric else ends


def _wording(corpus: Corpus) -> Mapping[str, str]:
    """What the labels of alignments say of the words of their passages."""
    return corpus.registry.ontology.marked("alignment-type", "wording")


def _called(wording: Mapping[str, str], words: str) -> str:
    """The label for passages with such words; where the corpus has none, a way to say so."""
    return next((label for label, found in wording.items() if found == words), f"one whose wording is {words!r}")


def _language(corpus: Corpus, side: Any) -> str | None:
    """The language of a passage, without script or region; None where it is none, several, or not known."""
    document = corpus.documents.get(side.document)
    if document is None:
        return None
    found = language_of(document, side.spans[0].start, side.spans[-1].end)
    return None if found in NO_LANGUAGE else language(found)


def _from(text: str, at: int) -> str:
    return read_from(text, at, _SHOWN) or "nothing"
