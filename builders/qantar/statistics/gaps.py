"""Notes what is unfinished in Documents, one after the other."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from qantar.document import tokens_of
from qantar.schema.registry import Registry
from qantar.statistics.counts import NAMED, Gap, PartialGap, TokenGap, Unfinished
from qantar.statistics.labels import token_fields, zone_kinds

if TYPE_CHECKING:
    from qantar.records import Coverage, Document

#: What every token should have, where the corpus's tokens can have it.
WANTED = ("lemma", "upos")


class Gaps:
    """What is unfinished, in these layers, in the documents added so far."""

    def __init__(self, registry: Registry, layers: tuple[str, ...]) -> None:
        self._layers, self._kinds = layers, zone_kinds(registry)
        self._unannotated: defaultdict[str, _Noted] = defaultdict(_Noted)
        self._partial: defaultdict[tuple[str, tuple[str, ...]], _Noted] = defaultdict(_Noted)
        self._drafts: defaultdict[str, _Noted] = defaultdict(_Noted)
        self._used: set[str] = set()
        wanted = [field for field in WANTED if field in token_fields(registry)] if "sentences" in layers else []
        self._tokens = {field: _Noted() for field in wanted}
        self._lacking = dict.fromkeys(wanted, 0)

    def add(self, document: Document) -> None:
        """Notes what a document lacks."""
        covered = {entry.layer: entry for entry in document.coverage}
        for layer in self._layers:
            if layer in covered:
                self._add_entry(document, covered[layer])
            else:
                self._unannotated[layer].note(document.id)
        for field, noted in self._tokens.items():
            lacking = sum(getattr(token, field) is None for token in tokens_of(document))
            if lacking:
                self._lacking[field] += lacking
                noted.note(document.id)

    def _add_entry(self, document: Document, entry: Coverage) -> None:
        self._used.add(entry.layer)
        if entry.zones is not None:
            kinds = tuple(kind for kind in self._kinds if kind in entry.zones)
            self._partial[entry.layer, kinds].note(document.id)
        if entry.draft:
            self._drafts[entry.layer].note(document.id)

    def unfinished(self) -> Unfinished:
        """All of it, in the order of the layers."""
        place = self._layers.index
        return Unfinished(
            _gaps(self._unannotated, self._layers),
            tuple(
                PartialGap(layer, zones, noted.count, tuple(noted.first))
                for (layer, zones), noted in sorted(self._partial.items(), key=lambda one: (place(one[0][0]), one[0][1]))
            ),
            _gaps(self._drafts, self._layers),
            tuple(layer for layer in self._layers if layer not in self._used),
            tuple(
                TokenGap(field, self._lacking[field], noted.count, tuple(noted.first))
                for field, noted in self._tokens.items()
                if noted.count
            ),
        )


class _Noted:
    """How many documents were noted, and the first of them."""

    def __init__(self) -> None:
        self.count = 0
        self.first: list[str] = []

    def note(self, document: str) -> None:
        self.count += 1
        if len(self.first) < NAMED:
            self.first.append(document)


def _gaps(noted: defaultdict[str, _Noted], layers: tuple[str, ...]) -> tuple[Gap, ...]:
    return tuple(Gap(layer, noted[layer].count, tuple(noted[layer].first)) for layer in layers if layer in noted)
