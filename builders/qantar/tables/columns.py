"""Columns of a shard: layers flattened, text sliced by code points, ids resolved; all without a Python loop per row."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Ints = np.ndarray[Any, np.dtype[np.int64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]


def ints(array: pa.Array) -> Ints:
    """An integer array as int64; nulls become 0."""
    return np.asarray(pc.fill_null(array, 0).to_numpy(zero_copy_only=False), dtype=np.int64)


def mask(array: pa.Array) -> Mask:
    """A boolean array as a numpy mask; nulls become False."""
    return np.asarray(pc.fill_null(array, False).to_numpy(zero_copy_only=False), dtype=bool)


def offsets_of(counts: Ints) -> Ints:
    """List offsets from list lengths."""
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts, dtype=np.int64)])


def ranges(starts: Ints, counts: Ints) -> Ints:
    """start, start+1, … for each start, `count` of them, one after the other."""
    total = int(counts.sum())
    return np.arange(total, dtype=np.int64) + np.repeat(starts - offsets_of(counts)[:-1], counts)


def list_array(counts: Ints, values: pa.Array, valid: Mask | None = None) -> pa.Array:
    """A list array from lengths and flattened values; null where not valid (length 0 there)."""
    nulls = None if valid is None else pa.array(~valid)
    return pa.ListArray.from_arrays(pa.array(offsets_of(counts), pa.int32()), values, mask=nulls)


def struct_array(columns: dict[str, pa.Array], valid: Mask | None = None) -> pa.Array:
    """A struct array from columns; null where not valid."""
    nulls = None if valid is None else pa.array(~valid)
    return pa.StructArray.from_arrays(list(columns.values()), names=list(columns), mask=nulls)


def take(array: pa.Array, rows: Ints, valid: Mask | None = None) -> pa.Array:
    """Rows of an array; null where not valid."""
    indices = pa.array(rows, mask=None if valid is None else ~valid)
    return pc.take(array, indices)


def encode(labels: pa.Array, names: tuple[str, ...] | list[str]) -> pa.Array:
    """Label ids (int64) of label names; null stays null. Raises on a name that is in no id."""
    ids = pc.index_in(labels, value_set=pa.array(names, pa.string()))
    lost = pc.and_(pc.is_null(ids), pc.is_valid(labels))
    if pc.any(lost).as_py():
        raise ValueError(f"no label id for {pc.filter(labels, lost)[0].as_py()!r}")
    return ids.cast(pa.int64())


def joined(left: pa.Array, right: pa.Array, mark: str = "#") -> pa.Array:
    """`left + mark + right`, null where either is."""
    return pc.binary_join_element_wise(left, right, mark)


def strings_of(array: pa.Array, values: dict[str, str]) -> pa.Array:
    """Each string looked up in a dictionary; null where it has no entry."""
    if not values:
        return pa.nulls(len(array), pa.string())
    keys = pa.array(list(values), pa.string())
    return pc.take(pa.array(list(values.values()), pa.string()), pc.index_in(array, value_set=keys))


class Text:
    """The texts of a shard, end to end: positions count code points from the first text's start."""

    def __init__(self, texts: pa.Array) -> None:
        data = pa.concat_arrays([texts]) if texts.offset == 0 else pc.take(texts, pa.array(range(len(texts))))
        bounds = np.frombuffer(data.buffers()[1], dtype=np.int32)[: len(data) + 1]
        raw = np.frombuffer(data.buffers()[2], dtype=np.uint8)[: bounds[-1]] if data.buffers()[2] else np.zeros(0, np.uint8)
        self.raw = raw
        starts = np.flatnonzero((raw & 0xC0) != 0x80)  # every byte of UTF-8 that is no continuation starts a code point
        self.bytes_at: Ints = np.append(starts, len(raw)).astype(np.int64)
        self.base: Ints = np.searchsorted(starts, bounds[:-1]).astype(np.int64)

    def slice(self, starts: Ints, ends: Ints, valid: Mask | None = None) -> pa.Array:
        """The strings from position to position; null where not valid."""
        if valid is not None:
            starts, ends = np.where(valid, starts, 0), np.where(valid, ends, 0)
        first, last = self.bytes_at[starts], self.bytes_at[ends]
        data = self.raw[ranges(first, last - first)]
        bounds = offsets_of(last - first)
        if bounds[-1] > np.iinfo(np.int32).max:
            raise ValueError("a column of this shard holds over 2 GiB of text; give the corpus more shards")
        found = pa.StringArray.from_buffers(len(starts), pa.py_buffer(bounds.astype(np.int32)), pa.py_buffer(data))
        return found if valid is None else pc.if_else(pa.array(valid), found, pa.scalar(None, pa.string()))


class Records:
    """One layer of a shard, flattened: row i is record i, `doc[i]` the row of its document."""

    def __init__(self, lists: pa.Array, doc_ids: pa.Array, text: Text) -> None:
        self.counts = ints(pc.list_value_length(lists))
        self.annotated: Mask = mask(pc.is_valid(lists))
        self.values: pa.StructArray = pc.list_flatten(lists)
        self.doc: Ints = np.repeat(np.arange(len(lists), dtype=np.int64), self.counts)
        self._text = text
        self._doc_ids = doc_ids

    def __len__(self) -> int:
        return len(self.values)

    def __contains__(self, name: str) -> bool:
        return bool(self.values.type.get_field_index(name) >= 0)

    def column(self, name: str) -> pa.Array:
        """A field of the records; all null where the layer's schema does not have it."""
        if name not in self:
            return pa.nulls(len(self), pa.string())
        return self.values.field(name)

    @cached_property
    def document(self) -> pa.Array:
        """Document ids."""
        return take(self._doc_ids, self.doc)

    @cached_property
    def ids(self) -> pa.Array:
        """Global ids."""
        return joined(self.document, self.column("id"))

    @cached_property
    def fragments(self) -> pa.Array:
        """The fragments of discontinuous spans; null for the others and for layers without spans."""
        if "spans" not in self:
            return pa.nulls(len(self), pa.list_(pa.struct([("start", pa.int32()), ("end", pa.int32())])))
        spans = self.column("spans")
        return pc.if_else(pc.greater(pc.list_value_length(spans), 1), spans, pa.scalar(None, spans.type))

    @cached_property
    def start(self) -> Ints:
        """Offsets of the first code points in the documents."""
        return self._edge("start", last=False)

    @cached_property
    def end(self) -> Ints:
        """Offsets after the last code points in the documents."""
        return self._edge("end", last=True)

    def _edge(self, field: str, *, last: bool) -> Ints:
        if "spans" not in self:
            return ints(self.column(field))
        spans = self.column("spans")
        counts = ints(pc.list_value_length(spans))
        rows = offsets_of(counts)[1:] - 1 if last else offsets_of(counts)[:-1]
        return ints(pc.list_flatten(spans).field(field))[rows]

    @cached_property
    def first(self) -> Ints:
        """Positions of the first code points in the shard's text."""
        return self._text.base[self.doc] + self.start

    @cached_property
    def last(self) -> Ints:
        """Positions after the last code points in the shard's text."""
        return self._text.base[self.doc] + self.end

    @cached_property
    def text(self) -> pa.Array:
        """The text from start to end."""
        return self._text.slice(self.first, self.last)

    def span_columns(self) -> dict[str, pa.Array]:
        """`document, start, end, text, fragments`."""
        return {
            "document": self.document,
            "start": pa.array(self.start, pa.int32()),
            "end": pa.array(self.end, pa.int32()),
            "text": self.text,
            "fragments": self.fragments,
        }
