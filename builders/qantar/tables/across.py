"""Tables of what spans documents: relations and links, aligned passages, clusters."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from qantar.index import Row
from qantar.schema.derive import class_names
from qantar.tables.columns import joined
from qantar.tables.finish import finish
from qantar.tables.shard import Shard


def clusters(shard: Shard) -> pa.Table:
    """A row a cluster."""
    return _rows(shard, "clusters", shard.index.clusters)


def parallel(shard: Shard) -> pa.Table:
    """A row an aligned pair of passages."""
    return _rows(shard, "parallel", shard.index.parallel)


def relations(shard: Shard) -> pa.Table:
    """A row a relation inside a document, then a row a link between documents."""
    links = _rows(shard, "relations", shard.index.links)
    if not shard.has("relations"):
        return links
    records = shard.layer("relations")
    ids, texts = _everything(shard)
    ends: dict[str, pa.Array] = {}
    for end in ("head", "tail"):
        target = joined(records.document, records.column(end))
        found = pc.index_in(target, value_set=ids)
        ends |= {end: target, f"{end}_document": records.document, f"{end}_text": pc.take(texts, found)}
    own = finish(
        shard,
        "relations",
        {"id": records.ids, "type": records.column("type"), **ends, "note": records.column("note"), "ignore": records.column("ignore")},
    )
    return pa.concat_tables([own, links]).combine_chunks()


def _everything(shard: Shard) -> tuple[pa.Array, pa.Array]:
    """Global ids and texts of all records that a relation may point to: the quote, else the text from start to end."""
    ids, texts = [], []
    for name in shard.registry.layers:
        records = shard.layer(name)
        if "quote" in records or "start" in records:
            ids.append(records.ids)
            texts.append(records.column("quote") if "quote" in records else records.text)
        else:
            ids.append(records.ids)
            texts.append(records.column("id"))
    return pa.concat_arrays(ids), pa.concat_arrays(texts)


def _rows(shard: Shard, name: str, rows: list[Row] | None) -> pa.Table:
    """A table from the index's rows, class labels encoded."""
    shape = shard.registry.shapes[f"tables/{name}"]["properties"]
    schema = shard.registry.table_schema(name)
    columns: dict[str, Any] = {}
    for field in schema:
        labels = class_names(shape[field.name]) if shape[field.name].get("x-class-label") else None
        cells = [row[field.name] for row in rows or ()]
        columns[field.name] = pa.array([labels.index(cell) for cell in cells], pa.int64()) if labels else pa.array(cells, field.type)
    return pa.Table.from_arrays([columns[field.name] for field in schema], schema=schema)
