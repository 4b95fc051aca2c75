"""Level 4 across documents: clusters, alignments and links point to what they quote."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from qantar.corpus import Corpus
from qantar.document import beginning, quote_of, reads
from qantar.rules.finding import Finding
from qantar.rules.quotes import likeness, standing

if TYPE_CHECKING:
    from qantar.problems import Path

#: Records that a remedy names.
_SHOWN = 5


def dangling_target(corpus: Corpus) -> Iterator[Finding]:
    """A cluster, alignment or link names a document or record that does not exist."""
    held = corpus.held
    for layer, index, record, path, end in _ends(corpus):
        if end.target not in held:
            fact = f"{end.target!r} is no record of this corpus"
            remedy = "Point to `<document>#<local id>` of a record; restore the record, if it was lost; or remove this end."
            yield Finding(layer, index, record, (*path, "target"), fact, remedy)
    for index, record, path, side in _sides(corpus):
        if side.document not in corpus.documents:
            fact = f"{side.document!r} is no document of this corpus"
            yield Finding("alignments", index, record, (*path, "document"), fact, "Name a document of documents.jsonl.")


def target_mismatch(corpus: Corpus) -> Iterator[Finding]:
    """The quote of a cluster member, alignment side or link end is not what stands there."""
    held = corpus.held
    for layer, index, record, path, end in _ends(corpus):
        if end.target in held:
            document, _, target = held[end.target]
            if not _is_quoted(document.text, target, end.quote):
                found = quote_of(document.text, target)
                fact = f"{end.target} reads {found!r}, the record quotes {end.quote!r}"
                yield Finding(layer, index, record, (*path, "quote"), fact, likeness(found, end.quote) or _meant_record(corpus, end))
    for index, record, path, side in _sides(corpus):
        document_ = corpus.documents.get(side.document)
        if document_ is not None and not reads(document_.text, side.spans, side.quote):
            found = beginning(document_.text, side.spans)
            fact = f"the passage of {side.document} reads {found!r}, the record quotes {side.quote!r}"
            other = record.b if side is record.a else record.a
            remedy = likeness(found, side.quote) or _meant_passage(corpus, side, other.document)
            yield Finding("alignments", index, record, (*path, "quote"), fact, remedy)


def _meant_record(corpus: Corpus, end: Any) -> str:
    """What to do about a quote that is not of the target: the records of the same layer that it is of, in that document, come first."""
    document, layer, _ = corpus.held[end.target]
    alike = [record.id for record in getattr(document, layer) if _is_quoted(document.text, record, end.quote)]
    if alike:
        names = ", ".join(f"{document.id}#{name}" for name in alike[:_SHOWN])
        return f"That is what {names} reads: correct the target; or, if this record is meant, the quote."
    return "The annotation or the text moved: correct the target, or the quote."


def _meant_passage(corpus: Corpus, side: Any, other: str) -> str:
    """What to do about a quote that is not of the passage: another text may read that there, or the quote stand elsewhere."""
    near = side.spans[0].start
    elsewhere = next((document for document in corpus.documents.values() if reads(document.text, side.spans, side.quote)), None)
    if elsewhere is not None:
        return f"{elsewhere.id!r} reads that there: correct the document of this side, or the quote."
    if place := standing(corpus.documents[side.document].text, side.quote, near):
        return f"The quote stands {place}: move the span there, or correct the quote."
    if other in corpus.documents and (place := standing(corpus.documents[other].text, side.quote, near)):
        return f"In {other!r} the quote stands {place}: correct the document of this side, or the quote."
    return "The annotation or the text moved: correct the spans, or the quote."


def _is_quoted(text: str, record: Any, quote: str) -> bool:
    """Whether the text of a record is this quote."""
    if not hasattr(record, "quote") and hasattr(record, "start"):
        return reads(text, (record,), quote)
    return quote_of(text, record) == quote


def side_past_end(corpus: Corpus) -> Iterator[Finding]:
    """A side of an alignment ends after its text does."""
    for index, record, path, side in _sides(corpus):
        document = corpus.documents.get(side.document)
        for number, span in enumerate(side.spans):
            if document is not None and span.end > len(document.text):
                fact = f"characters {span.start}–{span.end} lie outside the text of {side.document}, which has {len(document.text)}"
                yield Finding("alignments", index, record, (*path, "spans", number, "end"), fact, "Place the span anew.")


def side_empty(corpus: Corpus) -> Iterator[Finding]:
    """A side of an alignment covers nothing."""
    for index, record, path, side in _sides(corpus):
        for number, span in enumerate(side.spans):
            if span.end <= span.start:
                fact = f"the span {span.start}–{span.end} covers nothing"
                yield Finding("alignments", index, record, (*path, "spans", number), fact, "Correct it, or remove the record.")


def side_order(corpus: Corpus) -> Iterator[Finding]:
    """The fragments of a side overlap, touch, or are out of text order."""
    for index, record, path, side in _sides(corpus):
        for number, (one, two) in enumerate(pairwise(side.spans)):
            if two.start <= one.end:
                fact = f"the fragment {two.start}–{two.end} does not follow {one.start}–{one.end} with a gap"
                yield Finding(
                    "alignments", index, record, (*path, "spans", number + 1), fact, "List fragments in text order; join those that touch."
                )


def cluster_member(corpus: Corpus) -> Iterator[Finding]:
    """A member is of another kind or type than its cluster."""
    held = corpus.held
    for index, cluster in enumerate(corpus.clusters or ()):
        for number, member in enumerate(cluster.members):
            if member.target not in held:
                continue
            _, layer, record = held[member.target]
            wanted = {"entity": "entities", "event": "events"}[cluster.kind]
            if layer != wanted or record.type != cluster.type:
                found = f"{getattr(record, 'type', '')} of {layer!r}".strip()
                fact = f"{member.target} is {found}, the cluster holds {cluster.type} of {wanted!r}"
                yield Finding(
                    "clusters",
                    index,
                    cluster,
                    ("members", number, "target"),
                    fact,
                    "A cluster holds one type: correct the member or the cluster.",
                )


def cluster_overlap(corpus: Corpus) -> Iterator[Finding]:
    """A record, or the chain that it belongs to, is in a cluster twice or in two clusters."""
    held, seen = corpus.held, dict[str, str]()
    for index, cluster in enumerate(corpus.clusters or ()):
        for number, member in enumerate(cluster.members):
            document, _, record = held.get(member.target, (None, None, None))
            chain = getattr(record, "chain", None)
            key = f"{document.id}#{chain}" if document is not None and chain else member.target
            if seen.get(key, cluster.id) != cluster.id or (key == member.target and key in seen):
                fact = f"{key} is already in {seen[key]}"
                yield Finding(
                    "clusters",
                    index,
                    cluster,
                    ("members", number, "target"),
                    fact,
                    "A record belongs to one cluster, once: remove one member, or join the clusters.",
                )
            seen.setdefault(key, cluster.id)


def _ends(corpus: Corpus) -> Iterator[tuple[str, int, Any, Path, Any]]:
    """Everything that points to one record: members and link ends."""
    for index, cluster in enumerate(corpus.clusters or ()):
        for number, member in enumerate(cluster.members):
            yield "clusters", index, cluster, ("members", number), member
    for index, link in enumerate(corpus.links or ()):
        yield "links", index, link, ("head",), link.head
        yield "links", index, link, ("tail",), link.tail


def _sides(corpus: Corpus) -> Iterator[tuple[int, Any, Path, Any]]:
    for index, alignment in enumerate(corpus.alignments or ()):
        yield index, alignment, ("a",), alignment.a
        yield index, alignment, ("b",), alignment.b
