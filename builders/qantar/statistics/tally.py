"""Counts Documents one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from qantar.corpus import Corpus
from qantar.document import Whereabouts, tokens_of
from qantar.document import layer as layer_of
from qantar.schema.registry import ACROSS, CORPUS_FILES, Registry
from qantar.settings import Settings
from qantar.statistics.counts import FileCounts, LanguageCounts, Stats, ZoneCounts
from qantar.statistics.gaps import Gaps
from qantar.statistics.labels import Labels, ordered, token_fields, zone_kind, zone_kinds
from qantar.statistics.layer import LayerTally

if TYPE_CHECKING:
    from qantar.records import Document


class Tally:
    """Counts of the documents added so far; of one layer only where `only` names it."""

    def __init__(self, settings: Settings, registry: Registry, *, only: str | None = None) -> None:
        self._settings, self._registry, self._whole = settings, registry, only is None
        self._layers = {name: LayerTally(registry, name) for name in (registry.layers if only is None else (only,))}
        self._gaps = Gaps(registry, tuple(self._layers))
        self._tokenized = bool(token_fields(registry))
        self._documents = self._characters = self._tokens = 0
        self._main: Counter[str] = Counter()
        self._zones: Counter[str] = Counter()
        self._languages, self._kinds = _Extent(), _Extent()
        self._passes: dict[str, dict[str, int]] = {}
        self._files: dict[str, FileCounts | None] = dict.fromkeys(CORPUS_FILES) if only is None else {}

    def add(self, document: Document) -> None:
        """Counts a document."""
        self._documents += 1
        self._characters += len(document.text)
        self._tokens += sum(1 for _ in tokens_of(document))
        where = Whereabouts(document)
        if self._whole:
            self._add_extents(document, where)
        for counted in self._layers.values():
            counted.add(document, where)
        self._gaps.add(document)

    def _add_extents(self, document: Document, where: Whereabouts) -> None:
        self._main[document.lang] += 1
        for start, end in _pieces(document):
            self._languages.characters[where.language(start, end)] += end - start
        for zone in getattr(document, "segments", None) or ():
            kind = zone_kind(zone)
            if kind is not None:
                self._zones[kind] += 1
                self._kinds.characters[kind] += zone.end - zone.start
        for token in tokens_of(document):
            self._languages.tokens[where.language(token.start, token.end)] += 1
            kind = zone_kind(where.zone(token.start, token.end))
            if kind is not None:
                self._kinds.tokens[kind] += 1

    def add_file(self, name: str, records: Collection[Any] | None) -> None:
        """Counts the records of a file of the corpus; None is no file."""
        if self._whole and records is not None:
            labels = Labels(self._registry, f"corpus/{name}")
            for record in records:
                labels.add(record)
            self._files[name] = FileCounts(len(records), labels.counts())

    def add_pass(self, name: str, corpus: Corpus) -> None:
        """Counts the records of an independent pass."""
        counts = {
            layer: [records for one in corpus.documents.values() if (records := layer_of(one, layer)) is not None] for layer in self._layers
        }
        found = {layer: sum(map(len, records)) for layer, records in counts.items() if records}
        across = {file: getattr(corpus, file) for file in ACROSS} if self._whole else {}
        self._passes[name] = found | {file: len(records) for file, records in across.items() if records is not None}

    def stats(self) -> Stats:
        """The counts so far."""
        return Stats(
            self._settings.name,
            self._settings.version,
            self._documents,
            self._characters,
            self._tokens if self._tokenized else None,
            {
                name: LanguageCounts(self._main[name], self._languages.characters[name], self._tokens_of(self._languages, name))
                for name in ordered(self._registry.languages, self._main + self._languages.characters)
            },
            {
                kind: ZoneCounts(self._zones[kind], self._kinds.characters[kind], self._tokens_of(self._kinds, kind))
                for kind in ordered(zone_kinds(self._registry), self._zones)
            },
            {name: counted.counts() for name, counted in self._layers.items()},
            self._files,
            self._gaps.unfinished(),
            self._passes,
        )

    def _tokens_of(self, extent: _Extent, label: str) -> int | None:
        return extent.tokens[label] if self._tokenized else None


class _Extent:
    """Characters and tokens by label."""

    def __init__(self) -> None:
        self.characters: Counter[str] = Counter()
        self.tokens: Counter[str] = Counter()


def _pieces(document: Document) -> Iterator[tuple[int, int]]:
    """The pieces between borders of zones and stretches: each has one language."""
    spans = [(zone.start, zone.end) for zone in getattr(document, "segments", None) or ()]
    spans += [(span.start, span.end) for stretch in getattr(document, "languages", None) or () for span in stretch.spans]
    return pairwise(sorted({0, len(document.text), *(offset for span in spans for offset in span)}))
