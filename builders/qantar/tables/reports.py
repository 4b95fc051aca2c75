"""The table of coded event reports: events seen through the codes of PLOVER, CAMEO and ACLED."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qantar.crosswalk import has_code
from qantar.schema.sources import Json
from qantar.tables.arguments import Arguments, arguments_of, first_by, first_of
from qantar.tables.columns import Ints, Mask, ints, joined, list_array, mask, struct_array, take
from qantar.tables.dates import Dated, resolve
from qantar.tables.finish import finish
from qantar.tables.said import Said, said_of, source_names
from qantar.tables.shard import Shard

SIZES = ("dead", "injured", "arrested", "crowd")
_PLACE = ("country", "admin1", "geonames", "latitude", "longitude", "geo_precision")


def reports(shard: Shard) -> pa.Table:
    """A row an event whose type has a code in at least one scheme."""
    events, args, said = shard.layer("events"), arguments_of(shard), said_of(shard)
    coding = _coding(shard, args)
    cluster = shard.clusters(events.ids)
    sentence = shard.sentence_at(events.first, events.last)
    nothing = pa.nulls(len(events), pa.string())
    columns = {
        "id": events.ids,
        "cluster": cluster,
        **_reported(shard, cluster),
        **events.span_columns(),
        "type": events.column("type"),
        **_dates(shard, args),
        **_places(shard, args),
        **{name: column for name, column in coding.items() if name != "row"},
        "plover_contexts": events.column("plover_context"),
        **_actors(shard, args),
        **_counts(shard, args),
        **_sources(shard, said),
        "factuality": events.column("factuality"),
        "sentence": shard.sentence_ids(events.first, events.last),
        "sentence_text": take(shard.layer("sentences").text, sentence.rows, sentence.valid) if shard.has("sentences") else nothing,
        "lang": shard.language(events.first, events.last),
    }
    return finish(shard, "reports", columns).filter(pc.is_valid(coding["row"]))


def _coding(shard: Shard, args: Arguments) -> dict[str, pa.Array]:
    """Codes of each event after the first crosswalk row that fits; `row` is null where no scheme has a code."""
    events = shard.layer("events")
    rows: list[Json] = shard.registry.ontology.crosswalk["rows"]
    chosen = np.full(len(events), -1, np.int64)
    types = events.column("type")
    for number in reversed(range(len(rows))):  # the first that fits is written last
        fits = mask(pc.equal(types, rows[number]["type"]))
        if rows[number]["when"] is not None:
            fits &= _with_filler(args, shard, rows[number]["when"])
        chosen[fits] = number
    with_code = np.array([has_code(row) for row in rows], dtype=bool)
    coded = (chosen >= 0) & with_code[chosen]

    def code(scheme: str, key: str) -> pa.Array:
        return take(pa.array([row[scheme][key] for row in rows], pa.string()), np.where(coded, chosen, 0), coded)

    quality = {"plover": code("plover", "quality"), "cameo": code("cameo", "quality"), "acled_like": code("acled", "quality")}
    return {
        "row": pa.array(chosen, mask=~coded),
        "plover_event": code("plover", "event"),
        "plover_mode": code("plover", "mode"),
        "cameo": code("cameo", "code"),
        "acled_like_event": code("acled", "event"),
        "acled_like_sub_event": code("acled", "sub_event"),
        "crosswalk_quality": struct_array(quality),
    }


def _with_filler(args: Arguments, shard: Shard, when: Json) -> Mask:
    """Events that have an argument with the role, filled by one of the types (a class stands for its types)."""
    found = np.zeros(len(args.counts), bool)
    if len(args.row):
        kind = args.field(shard, "type")
        flat = pc.list_element(pc.split_pattern(kind, "."), 0)
        allowed = pa.array(when["fillers"], pa.string())
        fits = pc.or_(pc.is_in(kind, value_set=allowed), pc.is_in(flat, value_set=allowed))
        found[args.event[mask(pc.and_(fits, pc.equal(args.role, when["role"])))]] = True
    return found


def _reported(shard: Shard, cluster: pa.Array) -> dict[str, pa.Array]:
    """`documents`, `primary`: how many documents report the event, and whether this row stands for its cluster."""
    ids = shard.layer("events").ids
    reported = shard.index.reported
    first = pa.array([first for _, first in reported.values()], pa.string())
    counts = pa.array([count for count, _ in reported.values()], pa.int32())
    place = pc.index_in(cluster, value_set=pa.array(list(reported), pa.string()))
    alone = pc.is_null(place)
    return {
        "documents": pc.if_else(alone, pa.scalar(1, pa.int32()), pc.take(counts, place)),
        "primary": pc.or_(alone, pc.is_in(ids, value_set=first)),
    }


def _dates(shard: Shard, args: Arguments) -> dict[str, pa.Array]:
    """The date of each event: of a Time argument, else of its zone, else the document's anchor."""
    events = shard.layer("events")
    anchor = shard.of_document("anchor", events.doc).field("date").to_pylist()
    zone = shard.zone_at(events.first, events.last)
    zoned = (
        take(shard.layer("segments").column("date"), zone.rows, zone.valid).to_pylist() if shard.has("segments") else [None] * len(events)
    )
    values, dated = pa.nulls(len(events), pa.string()).to_pylist(), np.zeros(len(events), bool)
    if len(args.row):
        argument, dated = first_of(shard, args, "Time")
        values = take(shard.pool["value"], args.row[argument], dated).to_pylist()
    seen: dict[tuple[Any, ...], tuple[Dated | None, str | None]] = {}
    cells = []
    for key in zip(values, zoned, anchor, strict=True):
        if key not in seen:
            seen[key] = _date(*key)
        cells.append(seen[key])
    found = {name: pa.array([cell and getattr(cell, part) for cell, _ in cells], pa.string()) for name, part in _DATED.items()}
    return {**found, "date_basis": pa.array([basis for _, basis in cells], pa.string())}


_DATED = {"date": "date", "date_start": "start", "date_end": "end"}


def _date(value: str | None, zone: str | None, anchor: str | None) -> tuple[Dated | None, str | None]:
    for basis, found in (("argument", resolve(value, zone or anchor)), ("zone", resolve(zone, None)), ("anchor", resolve(anchor, None))):
        if found is not None:
            return found, basis
    return None, None


def _places(shard: Shard, args: Arguments) -> dict[str, pa.Array]:
    """Where each event is: its first Place argument that the gazetteer knows, else its first one."""
    schema = shard.registry.table_schema("reports")
    count = len(shard.layer("events"))
    if not len(args.row):
        return {name: pa.nulls(count, schema.field(name).type) for name in ("location", *_PLACE)}
    linked = pc.is_in(args.field(shard, "link"), value_set=pa.array(list(shard.index.gazetteer), pa.string()))
    argument, valid = first_of(shard, args, "Place")
    better, found = first_of(shard, args, "Place", mask(linked))
    rows, valid = args.row[np.where(found, better, argument)], valid | found
    link, name = take(shard.pool["link"], rows, valid), take(shard.pool["name"], rows, valid)
    gazetteer = shard.index.gazetteer
    keys = pa.array(list(gazetteer), pa.string())
    entry = pc.index_in(link, value_set=keys)
    english = [next((form["text"] for form in row["names"] if form["lang"] == "en"), None) for row in gazetteer.values()]
    columns = {"location": pc.coalesce(pc.take(pa.array(english, pa.string()), entry), name)}
    for field in _PLACE:
        cells = pa.array([row[field] for row in gazetteer.values()], schema.field(field).type)
        columns[field] = pc.take(cells, entry)
    return columns


def _actors(shard: Shard, args: Arguments) -> dict[str, pa.Array]:
    """`actor1`, `actor2` and their types: by the roles that the event's type names for each, in that order."""
    count = len(shard.layer("events"))
    if not len(args.row):
        return {name: pa.nulls(count, pa.string()) for name in ("actor1", "actor1_type", "actor2", "actor2_type")}
    columns: dict[str, pa.Array] = {}
    taken = np.zeros(len(args.row), bool)
    for actor in ("actor1", "actor2"):
        rank = _rank(shard, args, actor)
        rows = np.flatnonzero((rank >= 0) & ~taken)
        argument, valid = first_by(args.event[rows], rank[rows], rows, count)
        taken[argument[valid]] = True
        columns[actor] = take(shard.pool["name"], args.row[argument], valid)
        columns[f"{actor}_type"] = take(shard.pool["type"], args.row[argument], valid)
    return columns


def _rank(shard: Shard, args: Arguments, actor: str) -> Ints:
    """For each argument the place of its role among those of the actor, or -1."""
    ontology = shard.registry.ontology.events.values()
    ranks = {f"{event.name}|{role}": place for event in ontology for place, role in enumerate(getattr(event, actor))}
    if not ranks:
        return np.full(len(args.row), -1, np.int64)
    key = joined(take(shard.layer("events").column("type"), args.event), args.role, "|")
    found = pc.index_in(key, value_set=pa.array(list(ranks), pa.string()))
    return ints(pc.fill_null(pc.take(pa.array(list(ranks.values()), pa.int64()), found), -1))


def _counts(shard: Shard, args: Arguments) -> dict[str, pa.Array]:
    """`counts` with every Count argument; `dead`, `injured`, `arrested`, `crowd` from the first that counts them."""
    schema = shard.registry.table_schema("reports")
    events = shard.layer("events")
    if not len(args.row):
        empty = list_array(np.zeros(len(events), np.int64), pa.array([], schema.field("counts").type.value_type))
        return {"counts": empty, **{size: pa.nulls(len(events), schema.field(size).type) for size in SIZES}}
    rows = np.flatnonzero(mask(pc.equal(args.role, "Count")))
    ontology = shard.registry.ontology.events
    counted = pa.array([event.count_as for event in ontology.values()], pa.string())
    kind = pc.index_in(take(events.column("type"), args.event), value_set=pa.array(list(ontology), pa.string()))
    what = pc.take(counted, kind)
    cells = {name: take(shard.pool[name], args.row[rows]) for name in ("min", "max", "bound", "unit", "text")}
    values = struct_array({"what": take(what, rows), **cells})
    columns = {"counts": list_array(np.bincount(args.event[rows], minlength=len(events)).astype(np.int64), values)}
    for size in SIZES:
        argument, valid = first_of(shard, args, "Count", mask(pc.equal(what, size)))
        parts = {name: take(shard.pool[name], args.row[argument], valid) for name in ("min", "max", "text")}
        columns[size] = struct_array(parts, valid)
    return columns


def _sources(shard: Shard, said: Said) -> dict[str, pa.Array]:
    """`source`, nearest the event; `source_chain` with all, nearest first. Steps without a mentioned source are left out."""
    count = len(shard.layer("events"))
    if not len(said.hop):
        return {"source": pa.nulls(count, pa.string()), "source_chain": list_array(np.zeros(count, np.int64), pa.array([], pa.string()))}
    names = source_names(shard, said)
    known = mask(pc.is_valid(names))
    event, names = said.event[known], pc.drop_null(names)
    first, valid = first_by(event, np.arange(len(event)), np.arange(len(event)), count)
    counts = np.bincount(event, minlength=count).astype(np.int64)
    source = take(names, first, valid) if len(names) else pa.nulls(count, pa.string())
    return {"source": source, "source_chain": list_array(counts, names)}
