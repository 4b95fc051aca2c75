"""Puts computed columns into the shape that a table's schema fixes."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from qantar.schema.derive import class_names
from qantar.tables.columns import encode
from qantar.tables.shard import Shard


def finish(shard: Shard, name: str, columns: dict[str, Any]) -> pa.Table:
    """The table: columns in schema order, label names of class labels encoded, types as the schema says.

    Lists of class labels come encoded already. Raises KeyError where a column was not computed.
    """
    shape = shard.registry.shapes[f"tables/{name}"]
    schema = shard.registry.table_schema(name)
    arrays = []
    for field in schema:
        array = columns[field.name]
        node = shape["properties"][field.name]
        if node.get("x-class-label") and pa.types.is_string(array.type):
            if isinstance(array, pa.ChunkedArray):
                array = array.combine_chunks()
            array = encode(array, class_names(node))
        arrays.append(array if array.type == field.type else array.cast(field.type))
    return pa.Table.from_arrays(arrays, schema=schema)
