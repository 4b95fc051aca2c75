"""Counts the records of one layer."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from qantar.document import Whereabouts, extent_of, layer
from qantar.schema.registry import Registry
from qantar.statistics.counts import Chains, LayerCounts, Links
from qantar.statistics.labels import Labels, ordered, zone_kind, zone_kinds

if TYPE_CHECKING:
    from qantar.records import Document


class LayerTally:
    """Counts of one layer in the documents added so far."""

    def __init__(self, registry: Registry, name: str) -> None:
        shape = registry.shapes[f"layers/{name}"]
        self._registry, self._name = registry, name
        self._placed = shape["x-anchor"] != "none"
        self._fields = shape["properties"].keys()
        self._labels = Labels(registry, f"layers/{name}")
        self._documents = self._empty = self._records = self._unzoned = 0
        self._chains = self._chained = self._names = self._linked = 0
        self._languages: Counter[str] = Counter()
        self._zones: Counter[str] = Counter()

    def add(self, document: Document, where: Whereabouts) -> None:
        """Counts the records of a document, if the layer was annotated there."""
        records = layer(document, self._name)
        if records is None:
            return
        self._documents += 1
        self._empty += not records
        self._records += len(records)
        for record in records:
            self._labels.add(record)
            extent = extent_of(record) if self._placed else None
            if extent is not None:
                self._add_place(where, *extent)
        if "chain" in self._fields:
            self._add_chains(records)
        if "link" in self._fields:
            self._add_links(records)

    def _add_place(self, where: Whereabouts, start: int, end: int) -> None:
        self._languages[where.language(start, end)] += 1
        kind = zone_kind(where.zone(start, end))
        if kind is None:
            self._unzoned += 1
        else:
            self._zones[kind] += 1

    def _add_chains(self, records: tuple[Any, ...]) -> None:
        chained = [record.chain for record in records if record.chain is not None]
        self._chained += len(chained)
        self._chains += len(set(chained))

    def _add_links(self, records: tuple[Any, ...]) -> None:
        names = [record for record in records if getattr(record, "level", "name") == "name"]
        self._names += len(names)
        self._linked += sum(record.link is not None for record in names)

    def counts(self) -> LayerCounts:
        """The counts so far."""
        return LayerCounts(
            self._documents,
            self._empty,
            self._records,
            self._labels.counts(),
            ordered(self._registry.languages, self._languages) if self._placed else None,
            ordered(zone_kinds(self._registry), self._zones) if self._placed else None,
            self._unzoned if self._placed else None,
            Chains(self._chains, self._chained, self._records - self._chained) if "chain" in self._fields else None,
            Links(self._names, self._linked, self._names - self._linked) if "link" in self._fields else None,
        )
