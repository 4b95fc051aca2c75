"""The counts of a corpus as frozen records; docs/statistics.md describes them as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FORMAT = "qantar-stats/1"
#: How many documents a Gap names: what is unfinished must not fill the memory.
NAMED = 100


@dataclass(frozen=True, slots=True)
class LanguageCounts:
    """Documents with this main language; code points and tokens of this language in all documents."""

    documents: int
    characters: int
    tokens: int | None


@dataclass(frozen=True, slots=True)
class ZoneCounts:
    """Zones of one kind; code points and tokens in them."""

    zones: int
    characters: int
    tokens: int | None


@dataclass(frozen=True, slots=True)
class LabelCounts:
    """How often each label of a field occurs, in label-id order, without those that do not; the set and its size."""

    set: str
    size: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Chains:
    """Coreference chains, the mentions in them, and the mentions without a chain."""

    chains: int
    mentions: int
    alone: int


@dataclass(frozen=True, slots=True)
class Links:
    """Names (of a layer without `level`: records) with and without a link."""

    names: int
    linked: int
    unlinked: int


@dataclass(frozen=True, slots=True)
class LayerCounts:
    """One layer: documents that have it, those of them where nothing was found, and its records.

    `languages` and `zones` count the records by where they stand, `unzoned` those that cross zones or whose document has
    none; all three are None where records have no place. `chains` and `links` are None where records have no such field.
    """

    documents: int
    empty: int
    records: int
    labels: Mapping[str, LabelCounts]
    languages: Mapping[str, int] | None
    zones: Mapping[str, int] | None
    unzoned: int | None
    chains: Chains | None
    links: Links | None


@dataclass(frozen=True, slots=True)
class FileCounts:
    """Records that span documents, or entries of the gazetteer."""

    records: int
    labels: Mapping[str, LabelCounts]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something of one layer that is unfinished in `count` documents; `documents` names the first of them, at most NAMED."""

    layer: str
    count: int
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartialGap:
    """A layer that was annotated only in zones of these kinds, as in Gap."""

    layer: str
    zones: tuple[str, ...]
    count: int
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TokenGap:
    """A field that `tokens` tokens lack, as in Gap."""

    field: str
    tokens: int
    count: int
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What is not annotated, not everywhere, only as a draft, or in no document at all; and what tokens lack."""

    unannotated: tuple[Gap, ...]
    partial: tuple[PartialGap, ...]
    drafts: tuple[Gap, ...]
    unused: tuple[str, ...]
    tokens: tuple[TokenGap, ...]


@dataclass(frozen=True, slots=True)
class Stats:
    """The counts of one corpus version. Characters are code points; tokens are None in a corpus without sentences.

    `files` holds None for a file that the corpus does not have; `languages`, `zones` and `files` are empty in counts of one
    layer. `passes` holds the records of each independent pass, by layer or file across documents, without what it does not have.
    """

    name: str
    version: str
    documents: int
    characters: int
    tokens: int | None
    languages: Mapping[str, LanguageCounts]
    zones: Mapping[str, ZoneCounts]
    layers: Mapping[str, LayerCounts]
    files: Mapping[str, FileCounts | None]
    unfinished: Unfinished
    passes: Mapping[str, Mapping[str, int]]

    def to_json(self) -> dict[str, Any]:
        """The counts as JSON types, with the format's name."""
        import msgspec

        return {"format": FORMAT, **msgspec.json.decode(msgspec.json.encode(self))}
