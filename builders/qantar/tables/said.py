"""Which attributions each event carries, nearest source first."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qantar.tables.columns import Ints, ints, joined, mask, ranges, take
from qantar.tables.shard import Shard


class Said(NamedTuple):
    """Pairs in order of event, hop and place: row of the event, row of the attribution, hop from 1."""

    event: Ints
    attribution: Ints
    hop: Ints


def said_of(shard: Shard) -> Said:
    """Every attribution that lists an event or whose content holds its trigger, and who passed it on (`via`)."""
    none = np.zeros(0, np.int64)
    if not shard.has("attributions") or not len(shard.layer("attributions")):
        return Said(none, none, none)
    via = _via(shard)
    size = len(via)
    pairs = np.unique(np.concatenate([_listed(shard), _holding(shard)]) if size else none)  # event * size + attribution
    hop = {int(pair): 1 for pair in pairs}
    front = pairs
    for depth in range(2, size + 2):  # one step along `via` each time; chains are short and hold no circle
        event, step = front // size, via[front % size]
        front = np.unique((event * size + step)[step >= 0])
        if not len(front):
            break
        hop.update(dict.fromkeys(front.tolist(), depth))  # the longest way decides
    keys = np.fromiter(hop, np.int64, len(hop))
    hops = np.fromiter(hop.values(), np.int64, len(hop))
    order = np.lexsort((_places(shard)[keys % size], hops, keys // size))
    return Said(keys[order] // size, keys[order] % size, hops[order])


def _places(shard: Shard) -> Ints:
    """For each attribution the place of its cue among all, whatever the order of lines: by start, -end, then id, A2 before A10."""
    rows = shard.layer("attributions")
    ids = pa.table({"length": pc.utf8_length(rows.ids), "id": rows.ids})
    by_id = ints(pc.sort_indices(ids, sort_keys=[("length", "ascending"), ("id", "ascending")]))
    order = by_id[np.lexsort((-rows.last[by_id], rows.first[by_id]))]
    places = np.empty(len(order), np.int64)
    places[order] = np.arange(len(order))
    return places


def _via(shard: Shard) -> Ints:
    """Row of the attribution that passed each one on, or -1."""
    rows = shard.layer("attributions")
    found = pc.index_in(joined(rows.document, rows.column("via")), value_set=rows.ids)
    return ints(pc.fill_null(found, -1))


def _listed(shard: Shard) -> Ints:
    rows, events = shard.layer("attributions"), shard.layer("events")
    counts = ints(pc.list_value_length(rows.column("events")))
    owner = np.repeat(np.arange(len(rows), dtype=np.int64), counts)
    target = joined(take(rows.document, owner), pc.list_flatten(rows.column("events")))
    found = pc.index_in(target, value_set=events.ids)
    valid = mask(pc.is_valid(found))
    pairs: Ints = ints(found) * len(rows) + owner
    return pairs[valid]


def _holding(shard: Shard) -> Ints:
    """Pairs of an attribution and an event all of whose trigger lies in the content."""
    rows, events = shard.layer("attributions"), shard.layer("events")
    content = rows.column("content")
    counts = ints(pc.list_value_length(content))
    owner = np.repeat(np.arange(len(rows), dtype=np.int64), counts)
    spans = pc.list_flatten(content)
    base = shard.text.base[rows.doc[owner]]
    owner, first, last = _merged(owner, base + ints(spans.field("start")), base + ints(spans.field("end")))
    begin, end, event = _trigger_fragments(shard)
    order = np.argsort(begin, kind="stable")
    low, high = np.searchsorted(begin[order], first), np.searchsorted(begin[order], last)
    fragment = order[ranges(low, high - low)] if len(order) else np.zeros(0, np.int64)
    pair = np.repeat(np.arange(len(owner), dtype=np.int64), high - low)
    kept = end[fragment] <= last[pair]
    held = np.unique(np.stack([event[fragment], owner[pair], fragment])[:, kept], axis=1)  # a fragment counts once
    pairs, counts = np.unique(held[0] * len(rows) + held[1], return_counts=True)
    whole: Ints = pairs[counts == np.bincount(event, minlength=len(events))[pairs // len(rows)]]
    return whole


def _merged(owner: Ints, first: Ints, last: Ints) -> tuple[Ints, Ints, Ints]:
    """Spans of one owner that touch, joined; spans come in order."""
    if not len(owner):
        return owner, first, last
    opens = np.append(True, (owner[1:] != owner[:-1]) | (first[1:] != last[:-1]))
    closes = np.append(opens[1:], True)
    return owner[opens], first[opens], last[closes]


def _trigger_fragments(shard: Shard) -> tuple[Ints, Ints, Ints]:
    """First and last positions of every fragment of every trigger, and the row of its event."""
    events = shard.layer("events")
    spans = pc.list_flatten(events.column("spans"))
    event = np.repeat(np.arange(len(events), dtype=np.int64), ints(pc.list_value_length(events.column("spans"))))
    base = shard.text.base[events.doc[event]]
    return base + ints(spans.field("start")), base + ints(spans.field("end")), event


def source_names(shard: Shard, said: Said) -> pa.Array:
    """For each pair the longest name in the source's chain, else the mention; null where no source is mentioned."""
    source = source_ids(shard, said)
    found = shard.row_of(source)
    return take(shard.pool["name"], found.rows, found.valid)


def source_ids(shard: Shard, said: Said) -> pa.Array:
    """For each pair the global id of the source's mention, or null."""
    rows = shard.layer("attributions")
    return take(joined(rows.document, rows.column("source")), said.attribution)


def counts_of(shard: Shard, said: Said) -> Ints:
    """How many attributions each event carries."""
    return np.bincount(said.event, minlength=len(shard.layer("events"))).astype(np.int64)
