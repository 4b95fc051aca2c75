"""A corpus in memory: documents in id order, and the records that span them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qantar.schema.registry import Registry
from qantar.settings import Settings

if TYPE_CHECKING:
    from qantar.records import Alignment, Cluster, Document, GazetteerEntry, Link


@dataclass(frozen=True, slots=True)
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
