"""A corpus in memory: documents in id order, and the records that span them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from qantar.document import records
from qantar.overlap import Overlap, overlaps, story
from qantar.schema.registry import Registry
from qantar.settings import Settings

if TYPE_CHECKING:
    from qantar.records import Alignment, Cluster, Document, GazetteerEntry, Link


Held = Mapping[str, tuple["Document", str, Any]]


@dataclass(frozen=True)
class Corpus:
    """Documents by id, in id order; clusters, alignments and links in file order; gazetteer entries by id.

    A file that a corpus does not have is None, as a layer that was not annotated is. `changelog` is the text of CHANGELOG.md.
    """

    settings: Settings
    registry: Registry
    documents: Mapping[str, Document]
    clusters: tuple[Cluster, ...] | None = None
    alignments: tuple[Alignment, ...] | None = None
    links: tuple[Link, ...] | None = None
    gazetteer: Mapping[str, GazetteerEntry] = field(default_factory=dict)
    changelog: str | None = None

    @cached_property
    def held(self) -> Held:
        """Every record of every document by its global id: (document, layer, record)."""
        return {
            f"{document.id}#{record.id}": (document, layer, record)
            for document in self.documents.values()
            for layer, _, record in records(document, self.registry.layers)
        }

    @cached_property
    def overlaps(self) -> list[Overlap]:
        """The pairs of documents whose stories share text, as `qantar.overlap` defines it."""
        furniture = self.registry.ontology.marked("segment-kind", "furniture")
        return overlaps({document.id: story(document, furniture) for document in self.documents.values()})
