"""Digests of logical columns: the same for any chunking, buffer offset, Parquet writer or platform."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def table_digest(table: pa.Table) -> str:
    """SHA-256 (hex) over names, types, validity, list lengths and values of every column."""
    total = hashlib.sha256()
    for name, column in zip(table.column_names, table.columns, strict=True):
        total.update(f"{name}:{_type_name(column.type)}:{len(column)}\n".encode())
        arrays = column.chunks
        _update(total, arrays[0] if len(arrays) == 1 else pa.concat_arrays(arrays) if arrays else pa.array([], column.type))
    return total.hexdigest()


def joint_digest(parts: list[str]) -> str:
    """Digest of an ordered list of digests."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _type_name(kind: pa.DataType) -> str:
    """The type without the name of list items, which Parquet changes."""
    if pa.types.is_list(kind):
        return f"list<{_type_name(kind.value_type)}>"
    if pa.types.is_struct(kind):
        return f"struct<{', '.join(f'{kind.field(i).name}: {_type_name(kind.field(i).type)}' for i in range(kind.num_fields))}>"
    return str(kind)


def _update(total: Any, array: pa.Array) -> None:
    """Feeds one array. What lies under a null is not content and is blanked first."""
    kind = array.type
    valid = np.asarray(pc.is_valid(array).to_numpy(zero_copy_only=False), dtype=bool)
    total.update(np.packbits(valid, bitorder="little").tobytes())
    if pa.types.is_struct(kind):
        for child in array.flatten():  # carries the parent's nulls into the children
            _update(total, child)
    elif pa.types.is_list(kind):
        lengths = pc.fill_null(pc.list_value_length(array), 0)
        total.update(_bytes(lengths, "<i8"))
        _update(total, pc.list_flatten(array))
    elif pa.types.is_string(kind):
        filled = pc.fill_null(array, "")
        total.update(_bytes(pc.binary_length(filled), "<i8"))
        total.update(_string_bytes(filled))
    elif pa.types.is_boolean(kind):
        total.update(_bytes(pc.fill_null(array, False), "<u1"))
    else:
        total.update(_bytes(pc.fill_null(array, 0), "<f8" if pa.types.is_floating(kind) else "<i8"))


def _bytes(array: pa.Array, dtype: str) -> bytes:
    return np.ascontiguousarray(array.to_numpy(zero_copy_only=False), dtype=dtype).tobytes()


def _string_bytes(array: pa.StringArray) -> Any:
    """The characters of all strings, end to end."""
    _, offsets, data = array.buffers()
    if data is None or not len(array):
        return b""
    bounds = np.frombuffer(offsets, dtype=np.int32)[array.offset : array.offset + len(array) + 1]
    return memoryview(data)[bounds[0] : bounds[-1]]
