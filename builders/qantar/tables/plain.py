"""Tables with a row a record: documents, segments, sentences, entities."""

from __future__ import annotations

import pyarrow as pa

from qantar.tables.columns import encode, joined, list_array, take
from qantar.tables.finish import finish
from qantar.tables.shard import Shard


def documents(shard: Shard) -> pa.Table:
    """A row a document, layers in their native shape."""
    return finish(shard, "documents", {name: shard.documents.column(name) for name in shard.documents.column_names})


def segments(shard: Shard) -> pa.Table:
    """A row a zone."""
    zones = shard.layer("segments")
    columns = {"id": zones.ids, **zones.span_columns(), **{name: zones.column(name) for name in ("kind", "lang", "date")}}
    return finish(shard, "segments", columns)


def sentences(shard: Shard) -> pa.Table:
    """A row a sentence, with parallel lists of its tokens' columns."""
    rows, tokens = shard.layer("sentences"), shard.tokens
    zone = shard.zone_at(rows.first, rows.last)
    labels = shard.registry.ontology.labels

    def lists(values: pa.Array) -> pa.Array:
        return list_array(tokens.counts, values)

    def tags(layer: str, ids: pa.Array) -> pa.Array:
        if not shard.has(layer):
            return pa.nulls(len(rows), pa.list_(pa.int64()))
        return list_array_where(ids, shard.covered(layer, rows.doc, zone))

    def list_array_where(ids: pa.Array, valid: object) -> pa.Array:
        # A null list has no items: those of sentences outside the coverage go.
        kept = pa.array(valid)[0:0] if not len(rows) else take(pa.array(valid), tokens.sentence)
        return list_array(tokens.counts * valid, ids.filter(kept), valid)  # type: ignore[operator, arg-type]

    columns = {
        "id": rows.ids,
        "segment": take(shard.layer("segments").ids, zone.rows, zone.valid) if shard.has("segments") else pa.nulls(len(rows), pa.string()),
        **rows.span_columns(),
        "lang": shard.language(rows.first, rows.last),
        "tokens": lists(shard.text.slice(tokens.first, tokens.last)),
        "starts": lists(tokens.values.field("start")),
        "ends": lists(tokens.values.field("end")),
        "langs": lists(encode(shard.token_languages(), labels("language"))),
        "lemmas": lists(tokens.values.field("lemma")),
        "upos": lists(encode(tokens.values.field("upos"), labels("upos"))),
        "ner_tags": tags("entities", pa.array(shard.ner[0])),
        "trigger_tags": tags("events", pa.array(shard.triggers[0])),
        "fold": shard.of_document("fold", rows.doc),
    }
    return finish(shard, "sentences", columns)


def entities(shard: Shard) -> pa.Table:
    """A row a mention."""
    rows = shard.layer("entities")
    columns = {
        "id": rows.ids,
        **rows.span_columns(),
        "sentence": shard.sentence_ids(rows.first, rows.last),
        **shard.token_columns(rows.first, rows.last),
        **{name: rows.column(name) for name in ("type", "level", "used_as", "link")},
        "chain": joined(rows.document, rows.column("chain")),
        "cluster": shard.clusters(rows.ids),
        "wikidata": shard.wikidata(rows.column("link")),
        "lang": shard.language(rows.first, rows.last),
        "fold": shard.of_document("fold", rows.doc),
    }
    return finish(shard, "entities", columns)
