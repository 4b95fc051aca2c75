"""reports.csv: the reports table for spreadsheets, with label names; each shard makes its rows, the seal the head."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from qantar.schema.compile import kind
from qantar.schema.derive import class_names
from qantar.schema.registry import Registry
from qantar.schema.sources import Json


def header(registry: Registry) -> bytes:
    """The first line, after the byte order mark that spreadsheets need for Cyrillic."""
    names = [name for name, node in _properties(registry).items() for name in _names(name, node)]
    return b"\xef\xbb\xbf" + _lines([names])


def rows(table: pa.Table, registry: Registry) -> bytes:
    """The rows of a reports table as CSV lines (RFC 4180).

    A struct becomes a column per field (`injured_min`), a list its items joined by ` < ` (sources) or `; `.
    """
    columns: list[list[Any]] = []
    for name, node in _properties(registry).items():
        columns += _columns(name, node, table.column(name).combine_chunks())
    return _lines(list(zip(*columns, strict=True)))


def _properties(registry: Registry) -> Json:
    found: Json = registry.shapes["tables/reports"]["properties"]
    return found


def _lines(cells: list[Any]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows(cells)
    return stream.getvalue().encode()


def _names(name: str, node: Json) -> list[str]:
    return [f"{name}_{part}" for part in node["properties"]] if kind(node) == "object" else [name]


def _columns(name: str, node: Json, array: pa.Array) -> Iterator[list[Any]]:
    """The cells of a column, or of each field of a struct."""
    if kind(node) == "object":
        for body, part in zip(node["properties"].values(), array.flatten(), strict=True):
            yield _cells(body, part)
    elif kind(node) == "array" and kind(node["items"]) == "string":
        joined = pc.binary_join(array, " < " if name == "source_chain" else "; ")
        yield _cells(node["items"], joined)
    elif kind(node) == "array":
        yield ["; ".join(map(_item, cell or ())) for cell in array.to_pylist()]
    else:
        yield _cells(node, array)


def _cells(node: Json, array: pa.Array) -> list[Any]:
    if node.get("x-class-label"):
        return pc.take(pa.array(class_names(node)), array).to_pylist()  # type: ignore[no-any-return]
    if pa.types.is_string(array.type):
        # A cell that starts like a formula is quoted, so that no spreadsheet runs it.
        formula = pc.match_substring_regex(array, "^[=+@-]")
        array = pc.if_else(formula, pc.binary_join_element_wise("'", array, ""), array)
    if pa.types.is_floating(array.type):
        return [_number(cell) for cell in array.to_pylist()]
    return array.to_pylist()  # type: ignore[no-any-return]


def _number(cell: Any) -> Any:
    """A whole number without its point; anything else as it is."""
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _item(item: Json) -> str:
    return ", ".join(f"{key}={_number(cell)}" for key, cell in item.items() if cell is not None)
