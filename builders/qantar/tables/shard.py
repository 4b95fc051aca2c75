"""One shard as columns: its documents, their flattened layers, and what rows of several tables look up."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qantar.index import Index, wikidata_of
from qantar.schema.registry import Registry
from qantar.tables.columns import Ints, Mask, Records, Text, encode, ints, joined, list_array, mask, offsets_of, ranges, strings_of, take

#: Layers whose records can fill roles, with the kind of argument that they are.
FILLERS = {"entities": "entity", "values": "value", "events": "event"}


class Found(NamedTuple):
    """Row of something for each of many spans; rows are 0 where not valid."""

    rows: Ints
    valid: Mask


class Tokens(NamedTuple):
    """The tokens of a shard's sentences: `sentence[i]` is the row of token i's sentence."""

    values: pa.StructArray
    sentence: Ints
    counts: Ints
    first: Ints
    last: Ints


class Shard:
    """Documents as Arrow columns (native form), with their slice of the corpus index."""

    def __init__(self, documents: pa.Table, index: Index, registry: Registry) -> None:
        self.documents = documents.combine_chunks()
        self.index = index
        self.registry = registry
        self.ids: pa.Array = self._column("id")
        self.text = Text(self._column("text"))
        self._layers: dict[str, Records] = {}

    def _column(self, name: str) -> pa.Array:
        chunks = self.documents.column(name)
        return chunks.combine_chunks() if chunks.num_chunks != 1 else chunks.chunk(0)

    def has(self, layer: str) -> bool:
        """Whether the corpus has the layer."""
        return layer in self.registry.layers

    def layer(self, name: str) -> Records:
        """The records of a layer of the corpus."""
        if name not in self._layers:
            self._layers[name] = Records(self._column(name), self.ids, self.text)
        return self._layers[name]

    def of_document(self, name: str, docs: Ints) -> pa.Array:
        """A field of the documents, for rows of documents."""
        return take(self._column(name), docs)

    def document_at(self, first: Ints) -> Ints:
        """Rows of the documents that positions lie in."""
        return np.searchsorted(self.text.base, first, side="right") - 1

    # ---- zones, stretches, sentences, tokens

    def zone_at(self, first: Ints, last: Ints) -> Found:
        """The zone that holds each span."""
        return self._holder("segments", first, last)

    def sentence_at(self, first: Ints, last: Ints) -> Found:
        """The sentence that holds each span."""
        return self._holder("sentences", first, last)

    def _holder(self, layer: str, first: Ints, last: Ints) -> Found:
        if not self.has(layer) or not len(self.layer(layer)):
            return Found(np.zeros(len(first), np.int64), np.zeros(len(first), bool))
        records = self.layer(layer)
        rows = np.searchsorted(records.first, first, side="right") - 1
        valid = (rows >= 0) & (last <= records.last[rows])
        return Found(np.where(valid, rows, 0), valid)

    @cached_property
    def _stretches(self) -> tuple[Ints, Ints, pa.Array]:
        """First and last positions and languages of the fragments of all stretches, in text order; they are disjoint."""
        if not self.has("languages"):
            none = np.zeros(0, np.int64)
            return none, none, pa.array([], pa.string())
        records = self.layer("languages")
        counts = ints(pc.list_value_length(records.column("spans")))
        spans = pc.list_flatten(records.column("spans"))
        owner = np.repeat(np.arange(len(records), dtype=np.int64), counts)
        base = self.text.base[records.doc[owner]]
        first, last = base + ints(spans.field("start")), base + ints(spans.field("end"))
        order = np.argsort(first, kind="stable")
        return first[order], last[order], take(records.column("lang"), owner[order])

    def language(self, first: Ints, last: Ints) -> pa.Array:
        """BCP-47 tags of spans: as `qantar.document.language_of`."""
        starts, ends, langs = self._stretches
        rows = np.searchsorted(starts, first, side="right") - 1
        inside = (rows >= 0) & (last <= np.append(ends, 0)[rows])
        return pc.if_else(pa.array(inside), take(langs, np.where(inside, rows, 0), inside), self._zone_language(first, last))

    def _zone_language(self, first: Ints, last: Ints) -> pa.Array:
        docs = self.document_at(first)
        own = self.of_document("lang", docs)
        if not self.has("segments"):
            return own
        zones = self.layer("segments")
        zone = self.zone_at(first, last)
        inside = take(zones.column("lang"), zone.rows, zone.valid)
        return pc.if_else(pa.array(zones.annotated[docs]), pc.fill_null(inside, "mul"), own)

    @cached_property
    def tokens(self) -> Tokens:
        """Every token of every sentence."""
        sentences = self.layer("sentences")
        lists = sentences.column("tokens")
        counts = ints(pc.list_value_length(lists))
        values = pc.list_flatten(lists)
        owner = np.repeat(np.arange(len(sentences), dtype=np.int64), counts)
        base = self.text.base[sentences.doc[owner]]
        return Tokens(values, owner, counts, base + ints(values.field("start")), base + ints(values.field("end")))

    def token_columns(self, first: Ints, last: Ints) -> dict[str, pa.Array]:
        """`token_start, token_end`: the tokens of its sentence that each span touches; null outside sentences."""
        sentence = self.sentence_at(first, last)
        if not sentence.valid.any():
            return {name: pa.nulls(len(first), pa.int32()) for name in ("token_start", "token_end")}
        tokens = self.tokens
        base = offsets_of(tokens.counts)[:-1][sentence.rows]
        start = np.searchsorted(tokens.last, first, side="right") - base
        end = np.searchsorted(tokens.first, last, side="left") - base
        nulls = ~sentence.valid
        return {"token_start": pa.array(start, pa.int32(), mask=nulls), "token_end": pa.array(end, pa.int32(), mask=nulls)}

    def token_languages(self) -> pa.Array:
        """BCP-47 tag of each token: that of its letters, `mul` where they differ, `zxx` where it has none."""
        tokens = self.tokens
        starts, ends, langs = self._stretches
        rows = np.searchsorted(ends, tokens.first, side="right")
        touched = (rows < len(starts)) & (np.append(starts, 0)[rows] < tokens.last)
        rows = np.where(touched, rows, 0)
        whole = touched & (np.append(starts, 0)[rows] <= tokens.first) & (tokens.last <= np.append(ends, 0)[rows])
        zone = self._zone_language(tokens.first, tokens.last)
        tagged = pc.if_else(pa.array(whole), take(langs, rows, whole), zone)
        mixed = self._mixed_languages(np.flatnonzero(touched & ~whole), zone)
        tagged = pc.replace_with_mask(tagged, pa.array(touched & ~whole), mixed)
        return pc.if_else(self._lettered(), tagged, "zxx")

    def _mixed_languages(self, rows: Ints, zone: pa.Array) -> pa.Array:
        """Languages of the few tokens that stretches cover in part: the one that all its letters have, else `mul`."""
        starts, ends, langs = self._stretches
        forms = self.text.slice(self.tokens.first[rows], self.tokens.last[rows]).to_pylist()
        found = []
        for row, form in zip(rows.tolist(), forms, strict=True):
            seen = set()
            for position, letter in enumerate(form, int(self.tokens.first[row])):
                if letter.isalpha():
                    held = int(np.searchsorted(starts, position, side="right")) - 1
                    seen.add((langs[held] if held >= 0 and position < ends[held] else zone[row]).as_py())
            found.append(seen.pop() if len(seen) == 1 else "mul")
        return pa.array(found, pa.string())

    def _lettered(self) -> pa.Array:
        """Whether a token has a letter; decided once for each distinct token."""
        forms = pc.dictionary_encode(self.text.slice(self.tokens.first, self.tokens.last))
        letters = [any(c.isalpha() for c in form) for form in forms.dictionary.to_pylist()]
        return pc.take(pa.array(letters, pa.bool_()), forms.indices)

    def covered(self, layer: str, docs: Ints, zones: Found) -> Mask:
        """Whether a layer was annotated in each row's document and zone, after the document's coverage."""
        coverage = Records(self._column("coverage"), self.ids, self.text)
        listed = mask(pc.equal(coverage.column("layer"), layer))
        kinds = coverage.column("zones")
        whole = np.zeros(len(self.ids), bool)
        whole[coverage.doc[listed & mask(pc.is_null(kinds))]] = True
        if not self.has("segments"):
            return whole[docs]
        counts = ints(pc.list_value_length(kinds)) * listed
        rows = np.repeat(coverage.doc, counts)
        named = joined(take(self.ids, rows), pc.list_flatten(pc.filter(kinds, pa.array(listed))))
        kind = take(self.layer("segments").column("kind"), zones.rows, zones.valid)
        partly = pc.is_in(joined(take(self.ids, docs), kind), value_set=named)
        found: Mask = whole[docs] | mask(partly)
        return found

    # ---- identities

    def sentence_ids(self, first: Ints, last: Ints) -> pa.Array:
        """Global ids of the sentences that hold spans, or null."""
        sentence = self.sentence_at(first, last)
        return (
            take(self.layer("sentences").ids, sentence.rows, sentence.valid) if self.has("sentences") else pa.nulls(len(first), pa.string())
        )

    def clusters(self, ids: pa.Array) -> pa.Array:
        """Cluster ids of global record ids, or null."""
        return strings_of(ids, self.index.cluster_of)

    def wikidata(self, links: pa.Array) -> pa.Array:
        """Wikidata items of links, or null."""
        distinct = pc.unique(pc.drop_null(links)).to_pylist()
        items = {link: item for link in distinct if (item := wikidata_of(link, self.index.gazetteer))}
        return strings_of(links, items)

    @cached_property
    def pool(self) -> dict[str, pa.Array]:
        """Everything that can fill a role, entities, values and events end to end, by column.

        `id, kind, start, end, text, fragments, type, chain, link, name, value, min, max, bound, unit`; `type` is what an
        entity is used as, `name` the longest name in its chain, else the mention.
        """
        parts = [self._fillers(layer) for layer in FILLERS if self.has(layer)]
        return {key: pa.concat_arrays([part[key] for part in parts]) for key in (parts[0] if parts else ())}

    def _fillers(self, layer: str) -> dict[str, pa.Array]:
        records = self.layer(layer)
        nothing = pa.nulls(len(records), pa.string())
        numbers = {name: records.column(name).cast(pa.float64()) for name in ("min", "max")}
        entity = layer == "entities"
        chain = self.chains if entity else nothing
        return {
            "id": records.ids,
            "kind": pa.array([FILLERS[layer]] * len(records), pa.string()),
            **{key: column for key, column in records.span_columns().items() if key != "document"},
            "type": pc.coalesce(records.column("used_as"), records.column("type")) if entity else records.column("type"),
            "chain": chain,
            "link": records.column("link") if entity else nothing,
            "name": self._names() if entity else records.text,
            "value": records.column("value") if layer == "values" else nothing,
            "bound": records.column("bound") if layer == "values" else nothing,
            "unit": records.column("unit") if layer == "values" else nothing,
            **numbers,
        }

    @cached_property
    def chains(self) -> pa.Array:
        """Global chain ids of the entities, or null."""
        entities = self.layer("entities")
        return joined(entities.document, entities.column("chain"))

    def _names(self) -> pa.Array:
        """For each entity the longest name of its chain (the first of equals), else its own text."""
        entities = self.layer("entities")
        key = pc.dictionary_encode(pc.coalesce(self.chains, entities.ids)).indices
        named = mask(pc.equal(entities.column("level"), "name"))
        rows = np.flatnonzero(named)
        groups = ints(key)
        order = rows[np.lexsort((entities.first[rows], entities.first[rows] - entities.last[rows], groups[rows]))]
        best = np.full(len(pc.unique(key)), -1, np.int64)
        best[groups[order[::-1]]] = order[::-1]  # written last, the first of each group stays
        chosen = best[groups] if len(groups) else groups
        own = np.arange(len(entities), dtype=np.int64)
        return take(entities.text, np.where(chosen >= 0, chosen, own))

    def row_of(self, ids: pa.Array) -> Found:
        """Rows of the pool for global ids."""
        if not self.pool:
            return Found(np.zeros(len(ids), np.int64), np.zeros(len(ids), bool))
        found = pc.index_in(ids, value_set=self.pool["id"])
        return Found(ints(found), mask(pc.is_valid(found)))

    # ---- BIO tags

    @cached_property
    def ner(self) -> tuple[Ints, dict[str, int]]:
        """Tag ids of the flat entity classes for each token, and how many mentions were left out, by reason."""
        kinds = pc.list_element(pc.split_pattern(self.layer("entities").column("type"), "."), 0) if self.has("entities") else None
        return self._bio("entities", kinds, "ner-tag")

    @cached_property
    def triggers(self) -> tuple[Ints, dict[str, int]]:
        """Tag ids of event types for each token, and how many triggers were left out, by reason."""
        return self._bio("events", self.layer("events").column("type") if self.has("events") else None, "trigger-tag")

    def _bio(self, layer: str, kinds: pa.Array | None, tags: str) -> tuple[Ints, dict[str, int]]:
        tokens = self.tokens
        out = np.zeros(len(tokens.first), np.int64)
        left = {"crossing": 0, "discontinuous": 0, "misaligned": 0, "nested": 0}
        if kinds is None or not len(kinds) or not len(out):
            return out, left
        records = self.layer(layer)
        whole = mask(pc.is_null(records.fragments))
        start = np.searchsorted(tokens.first, records.first)
        end = np.searchsorted(tokens.last, records.last)
        inside = (start < len(out)) & (end < len(out))
        start, end = np.where(inside, start, 0), np.where(inside, end, 0)
        aligned = inside & (tokens.first[start] == records.first) & (tokens.last[end] == records.last)
        aligned &= tokens.sentence[start] == tokens.sentence[end]
        left["discontinuous"] = int((~whole).sum())
        left["misaligned"] = int((whole & ~aligned).sum())
        rows = self._outermost(records, np.flatnonzero(whole & aligned), left)
        begin = ints(encode(take(joined(pa.scalar("B"), kinds, "-"), rows), self.registry.ontology.labels(tags)))
        counts = end[rows] - start[rows] + 1
        out[ranges(start[rows], counts)] = np.repeat(begin + 1, counts)  # I- follows B- of the same class
        out[start[rows]] = begin
        return out, left

    def _outermost(self, records: Records, rows: Ints, left: dict[str, int]) -> Ints:
        """Greedy choice by (start, -end, id); what it leaves out is counted as nested or crossing."""
        ids = records.column("id").to_pylist()
        spans = sorted((int(records.first[row]), -int(records.last[row]), ids[row], int(row)) for row in rows)
        chosen, position = [], -1
        for first, minus_last, _, row in spans:
            if first >= position:
                chosen.append(row)
                position = -minus_last
            else:
                left["nested" if -minus_last <= position else "crossing"] += 1
        return np.array(chosen, dtype=np.int64)


Build = Callable[[Shard], pa.Table]

__all__ = ["FILLERS", "Build", "Found", "Shard", "Tokens", "list_array"]
