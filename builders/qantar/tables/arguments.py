"""The arguments of a shard's events, looked up once for the tables that show them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qantar.tables.columns import Ints, Mask, ints, joined, mask, take
from qantar.tables.finish import finish
from qantar.tables.shard import Shard


class Arguments(NamedTuple):
    """Every argument of every event: `event[i]` is the row of argument i's event, `row[i]` its filler's row in the pool."""

    event: Ints
    counts: Ints
    role: pa.Array
    target: pa.Array
    row: Ints

    def field(self, shard: Shard, name: str) -> pa.Array:
        """A column of the fillers."""
        return take(shard.pool[name], self.row)


def arguments_of(shard: Shard) -> Arguments:
    """The arguments of all events; every target resolves, the rules saw to that."""
    events = shard.layer("events")
    lists = events.column("arguments")
    counts = ints(pc.list_value_length(lists))
    values = pc.list_flatten(lists)
    event = np.repeat(np.arange(len(events), dtype=np.int64), counts)
    target = joined(take(events.document, event), values.field("target"))
    return Arguments(event, counts, values.field("role"), target, shard.row_of(target).rows)


def first_of(shard: Shard, arguments: Arguments, role: str, among: Mask | None = None) -> tuple[Ints, Mask]:
    """For each event the row (in `arguments`) of its first filler of a role in text order, and whether there is one."""
    chosen = mask(pc.equal(arguments.role, role))
    if among is not None:
        chosen &= among
    rows = np.flatnonzero(chosen)
    start = ints(take(shard.pool["start"], arguments.row[rows])) if len(rows) else rows
    return first_by(arguments.event[rows], start, rows, len(shard.layer("events")))


def first_by(group: Ints, key: Ints, rows: Ints, groups: int) -> tuple[Ints, Mask]:
    """For each group the row with the smallest key (the first of equals), and whether the group has any."""
    order = np.lexsort((np.arange(len(rows)), key, group))[::-1]
    best = np.full(groups, -1, np.int64)
    best[group[order]] = rows[order]  # written last, the smallest key of each group stays
    return np.where(best >= 0, best, 0), best >= 0


def arguments(shard: Shard) -> pa.Table:
    """A row an argument."""
    events, args = shard.layer("events"), arguments_of(shard)
    doc = events.doc[args.event]
    link = args.field(shard, "link")
    columns = {
        "event": take(events.ids, args.event),
        "document": take(shard.ids, doc),
        "event_type": take(events.column("type"), args.event),
        "role": args.role,
        "target": args.target,
        **{name: args.field(shard, name) for name in ("kind", "start", "end", "text", "fragments", "type", "chain")},
        "link": link,
        "wikidata": shard.wikidata(link),
        "fold": shard.of_document("fold", doc),
    }
    return finish(shard, "arguments", columns)
