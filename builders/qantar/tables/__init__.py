"""The tables: each is a config of the dataset, a pure function from one shard to one Arrow table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from qantar.schema.registry import Registry
from qantar.tables import across, arguments, events, plain, reports
from qantar.tables.shard import Shard


@dataclass(frozen=True, slots=True)
class Table:
    """A table: `layers` must all be in the corpus for it to be emitted; `files` feed it from outside the layers."""

    name: str
    build: Callable[[Shard], pa.Table]
    layers: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


TABLES: tuple[Table, ...] = (
    Table("documents", plain.documents),
    Table("segments", plain.segments, ("segments",)),
    Table("sentences", plain.sentences, ("sentences",)),
    Table("entities", plain.entities, ("entities",)),
    Table("events", events.events, ("events",)),
    Table("arguments", arguments.arguments, ("events",)),
    Table("relations", across.relations, ("relations",), ("links",)),
    Table("parallel", across.parallel, (), ("alignments",)),
    Table("clusters", across.clusters, (), ("clusters",)),
    Table("reports", reports.reports, ("events",)),
)


def tables_for(registry: Registry, files: frozenset[str]) -> tuple[Table, ...]:
    """The tables that a corpus with these layers and these files beside documents.jsonl feeds."""
    own = set(registry.layers)
    coded = bool(registry.ontology.crosswalk["rows"])
    return tuple(table for table in TABLES if _feeds(table, own, files) and (table.name != "reports" or coded))


def _feeds(table: Table, layers: set[str], files: frozenset[str]) -> bool:
    return (bool(table.layers or not table.files) and layers >= set(table.layers)) or bool(files & set(table.files))


__all__ = ["TABLES", "Shard", "Table", "tables_for"]
