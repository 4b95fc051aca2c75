"""A draft of the layer `sentences` for a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qantar.propose.morphology import with_morphology
from qantar.propose.segments import Zone
from qantar.propose.sentences import sentences

if TYPE_CHECKING:
    from qantar.records import Document, Sentence


def draft_sentences(document: Document, *, morphology: bool = False) -> list[Sentence]:
    """Sentences and tokens by the language of each zone, or of the document where it has no zones.

    With `morphology` tokens of Russian and Ukrainian have `lemma` and `upos`. Raises ValueError where the zones overlap, MissingDependency.
    """
    zones = zones_of(document)
    found = sentences(document.text, zones)
    return with_morphology(document.text, found, zones) if morphology else found


def zones_of(document: Document) -> list[Zone]:
    """The document's zones; the whole text in the document's language where it has none."""
    zones = getattr(document, "segments", None)
    if zones is None:
        return [(0, len(document.text), document.lang)]
    return [(zone.start, zone.end, zone.lang) for zone in zones]
