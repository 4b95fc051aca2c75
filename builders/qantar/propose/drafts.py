"""A draft of the layer `sentences` for a document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qantar.propose.morphology import with_morphology
from qantar.propose.segments import Zone
from qantar.propose.sentences import sentences

if TYPE_CHECKING:
    from qantar.records import Document, Sentence

LAYER = "sentences"
STRETCHES = "languages"


def draft_sentences(document: Document, *, morphology: bool = False) -> list[Sentence]:
    """Sentences and tokens by the language of each zone, or of the document where it has no zones.

    With `morphology` tokens of Russian and Ukrainian have `lemma` and `upos`, but for words of other languages that the layer
    `languages` names; where the document has the layer as a draft, its sentences get them where they are missing, and nothing
    else of them changes. Raises ValueError where the zones overlap, MissingDependency.
    """
    zones = zones_of(document)
    if not morphology:
        return sentences(document.text, zones)
    there: Sequence[Sentence] | None = getattr(document, LAYER, None) if is_draft(document) else None
    found = sentences(document.text, zones) if there is None else there
    return with_morphology(document.text, found, zones, stretches=stretches_of(document))


def is_draft(document: Document) -> bool:
    """Whether the document's sentences are listed as a draft."""
    return any(entry.layer == LAYER and entry.draft for entry in document.coverage)


def zones_of(document: Document) -> list[Zone]:
    """The document's zones; the whole text in the document's language where it has none."""
    zones = getattr(document, "segments", None)
    if zones is None:
        return [(0, len(document.text), document.lang)]
    return [(zone.start, zone.end, zone.lang) for zone in zones]


def stretches_of(document: Document) -> list[Zone]:
    """Start, end and language of each span of the layer `languages`; none where the document does not have it."""
    return [(span.start, span.end, one.lang) for one in getattr(document, STRETCHES, None) or () for span in one.spans]
