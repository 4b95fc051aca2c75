"""What the card says of a release's documents, summed over shards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Summary:
    """Documents; those in which each layer was annotated; those whose text may be passed on; draft layers by document."""

    documents: int = 0
    annotated: dict[str, int] = field(default_factory=dict)
    redistributable: int = 0
    drafts: dict[str, list[str]] = field(default_factory=dict)


def shown(configs: Iterable[str], summary: Summary) -> str:
    """The config to show how to load: the first of these whose layer was annotated in every document, so that none is missing."""
    there = set(configs)
    return next(
        (name for name in ("events", "entities", "sentences") if name in there and summary.annotated.get(name) == summary.documents),
        "documents",
    )


def summary_of(documents: pa.Table) -> Summary:
    """The summary of a shard's documents, from their columns `id`, `coverage` and `rights`; drafts in the order of the coverage."""
    coverage = dict(zip(documents["id"].to_pylist(), documents["coverage"].to_pylist(), strict=True))
    drafts = {name: [entry["layer"] for entry in entries if entry["draft"]] for name, entries in coverage.items()}
    return Summary(
        len(coverage),
        dict(Counter(entry["layer"] for entries in coverage.values() for entry in entries)),
        sum(rights["redistribute"] is True for rights in documents["rights"].to_pylist()),
        {name: layers for name, layers in drafts.items() if layers},
    )


def summed(parts: Iterable[Summary]) -> Summary:
    """The summary of all shards together."""
    listed = list(parts)
    return Summary(
        sum(part.documents for part in listed),
        dict(sum((Counter(part.annotated) for part in listed), Counter())),
        sum(part.redistributable for part in listed),
        dict(sorted((name, layers) for part in listed for name, layers in part.drafts.items())),
    )
