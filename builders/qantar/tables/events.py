"""The table of event frames."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from qantar.tables.arguments import Arguments, arguments_of, first_of
from qantar.tables.columns import list_array, struct_array, take
from qantar.tables.finish import finish
from qantar.tables.said import Said, counts_of, said_of, source_ids, source_names
from qantar.tables.shard import Shard


def events(shard: Shard) -> pa.Table:
    """A row an event, with its arguments and attributions."""
    rows, args, said = shard.layer("events"), arguments_of(shard), said_of(shard)
    time, has_time = first_of(shard, args, "Time")
    place, has_place = first_of(shard, args, "Place")

    def filler(name: str, argument: np.ndarray, valid: np.ndarray) -> pa.Array:
        if not len(args.row):
            return pa.nulls(len(rows), pa.string())
        return take(shard.pool[name], args.row[argument], valid)

    columns = {
        "id": rows.ids,
        **rows.span_columns(),
        "sentence": _sentence(shard),
        **shard.token_columns(rows.first, rows.last),
        **{name: rows.column(name) for name in ("type", "aspect", "factuality")},
        "plover_context": rows.column("plover_context"),
        "arguments": list_array(args.counts, _arguments(shard, args)),
        "attributions": list_array(counts_of(shard, said), _attributions(shard, said)),
        "time_text": filler("text", time, has_time),
        "time_value": filler("value", time, has_time),
        "place_text": filler("text", place, has_place),
        "place_link": filler("link", place, has_place),
        "cluster": shard.clusters(rows.ids),
        "lang": shard.language(rows.first, rows.last),
        "fold": shard.of_document("fold", rows.doc),
    }
    return finish(shard, "events", columns)


def _sentence(shard: Shard) -> pa.Array:
    rows = shard.layer("events")
    if not shard.has("sentences"):
        return pa.nulls(len(rows), shard.registry.table_schema("events").field("sentence").type)
    held = shard.sentence_at(rows.first, rows.last)
    sentences = shard.layer("sentences")
    parts = {"id": sentences.ids, **{name: sentences.span_columns()[name] for name in ("start", "end", "text")}}
    return struct_array({name: take(part, held.rows, held.valid) for name, part in parts.items()}, held.valid)


def _arguments(shard: Shard, args: Arguments) -> pa.Array:
    names = ("kind", "start", "end", "text", "fragments", "type", "chain", "link")
    return struct_array({"role": args.role, "target": args.target, **{name: args.field(shard, name) for name in names}})


def _attributions(shard: Shard, said: Said) -> pa.Array:
    if not shard.has("attributions"):
        kind = shard.registry.table_schema("events").field("attributions").type.value_type
        return pa.array([], kind)
    rows = shard.layer("attributions")
    return struct_array(
        {
            "hop": pa.array(said.hop, pa.int32()),
            "source": source_ids(shard, said),
            "source_text": source_names(shard, said) if shard.pool else pa.nulls(len(said.hop), pa.string()),
            "cue": take(rows.column("quote"), said.attribution),
            "medium": take(rows.column("medium"), said.attribution),
            "factuality": take(rows.column("factuality"), said.attribution),
        }
    )
