"""Level 6: documents that share text are of one leak group, and a group is in one fold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from qantar.corpus import Corpus
from qantar.overlap import PARAGRAPH, Overlap, Pair, normalised
from qantar.rules.finding import Finding

if TYPE_CHECKING:
    from qantar.problems import Path
    from qantar.records import Document

#: Wordings of alignments whose passages are copies.
_COPIED = ("same", "edited")
#: Characters of a shared paragraph that a fact shows.
_SHOWN = 60


def leak(corpus: Corpus) -> Iterator[Finding]:
    """Two documents share text, but are in different leak groups, or in different folds.

    They do where an alignment says so (in the same words or edited ones: translations and paraphrases are no leaks), or where their stories overlap as `qantar.overlap` defines it.
    """
    if any(_is_placed(document) for document in corpus.documents.values()):
        remedy = "Give them one `leak_group` and one `fold`, so that no split parts them."
        yield from _by_document(corpus, {pair: why for pair, why in _reuse(corpus) if _parted(*_both(corpus, pair))}, remedy)


def ungrouped_reuse(corpus: Corpus) -> Iterator[Finding]:
    """Two documents share text, and neither a leak group nor a fold says that they stay together."""
    if any(document.leak_group is None for document in corpus.documents.values()):
        remedy = "Give them one `leak_group`, so that no split parts them."
        yield from _by_document(corpus, {pair: why for pair, why in _reuse(corpus) if _open(*_both(corpus, pair))}, remedy)


def split_group(corpus: Corpus) -> Iterator[Finding]:
    """Documents of one leak group are in different folds."""
    first: dict[str, Document] = {}
    for document in corpus.documents.values():
        if document.leak_group is None or document.fold is None:
            continue
        known = first.setdefault(document.leak_group, document)
        if known.fold != document.fold:
            fact = f"{document.id!r} is in fold {document.fold}, {known.id!r} of the same leak group {known.leak_group!r} in {known.fold}"
            yield _of_line(document.id, ("fold",), fact, "A group is never split: give its documents one fold.")


def duplicate_text(corpus: Corpus) -> Iterator[Finding]:
    """Two documents have the same text, character for character; not asked of texts shorter than a paragraph that counts."""
    first: dict[str, str] = {}
    for document in corpus.documents.values():
        known = first.setdefault(document.sha256, document.id)
        if known != document.id and len(normalised(document.text)) >= PARAGRAPH:
            fact = f"the text of {document.id!r} is that of {known!r}, character for character"
            yield _of_line(document.id, ("sha256",), fact, "Remove one of them; where both are meant, keep them in one `leak_group`.")


def _by_document(corpus: Corpus, found: Mapping[Pair, str], remedy: str) -> Iterator[Finding]:
    """One finding for each document that shares text with one before it: many copies are no more faults than there are copies."""
    others: dict[str, list[str]] = {}
    for one, two in sorted(found):
        others.setdefault(two, []).append(one)
    for name, before in others.items():
        path, state = _state(*_both(corpus, (before[0], name)))
        more = f" (and text with {len(before) - 1} more)" if len(before) > 1 else ""
        yield _of_line(name, path, f"{name!r} shares text with {before[0]!r}: {found[before[0], name]}{more}; {state}", remedy)


def _state(one: Document, two: Document) -> tuple[Path, str]:
    """The field that keeps two documents apart, or should keep them together, and what it says."""
    if one.leak_group is not None and two.leak_group is not None:
        return ("leak_group",), f"their leak groups are {one.leak_group!r} and {two.leak_group!r}"
    if one.fold is not None and two.fold is not None:
        return ("fold",), f"their folds are {one.fold} and {two.fold}"
    without = [document.id for document in (one, two) if document.leak_group is None]
    return ("leak_group",), "neither has a leak group" if len(without) == 2 else f"{without[0]!r} has no leak group"


def _reuse(corpus: Corpus) -> Iterator[tuple[Pair, str]]:
    """Pairs of documents in id order that share text, and the evidence; what the annotators said last, since it counts more."""
    for overlap in corpus.overlaps:
        yield (overlap.one, overlap.two), _evidence(overlap)
    wording = corpus.registry.ontology.marked("alignment-type", "wording")
    for alignment in corpus.alignments or ():
        one, two = sorted((alignment.a.document, alignment.b.document))
        if wording.get(alignment.relation) in _COPIED and one != two and {one, two} <= corpus.documents.keys():
            yield (one, two), f"{alignment.id} aligns passages as {alignment.relation}"


def _evidence(overlap: Overlap) -> str:
    if overlap.paragraph is not None:
        return f"the paragraph {overlap.paragraph[:_SHOWN].rstrip() + '…'!r}"
    return f"{overlap.share:.0%} of the runs of five words of the shorter one"


def _both(corpus: Corpus, pair: Pair) -> tuple[Document, Document]:
    return corpus.documents[pair[0]], corpus.documents[pair[1]]


def _is_placed(document: Document) -> bool:
    return document.leak_group is not None or document.fold is not None


def _parted(one: Document, two: Document) -> bool:
    """Whether groups say that the two share no text; where one has no group, whether folds part them."""
    if one.leak_group is not None and two.leak_group is not None:
        return one.leak_group != two.leak_group
    return one.fold is not None and two.fold is not None and one.fold != two.fold


def _open(one: Document, two: Document) -> bool:
    """Whether neither groups nor folds say of both where they belong."""
    return None in (one.leak_group, two.leak_group) and None in (one.fold, two.fold)


def _of_line(document: str, path: Path, fact: str, remedy: str) -> Finding:
    return Finding(None, None, None, path, fact, remedy, document)
