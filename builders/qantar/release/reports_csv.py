"""reports.csv: the reports table for spreadsheets, with label names."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from qantar.schema.compile import kind
from qantar.schema.derive import class_names
from qantar.schema.registry import Registry
from qantar.schema.sources import Json


def write_reports_csv(folder: Path, target: Path, registry: Registry) -> None:
    """Writes the Parquet files of `folder` as one CSV: UTF-8 with a byte order mark, which spreadsheets need for Cyrillic.

    A struct becomes a column per field (`injured_min`), a list its items joined by ` < ` (sources) or `; `.
    """
    properties = registry.shapes["tables/reports"]["properties"]
    with target.open("w", encoding="utf-8-sig", newline="") as stream:
        writer: csv.DictWriter[str] | None = None
        for path in sorted(folder.glob("*.parquet")):
            for batch in pq.ParquetFile(path).iter_batches():
                for row in batch.to_pylist():
                    flat = dict(_cells(row, properties))
                    if writer is None:
                        writer = csv.DictWriter(stream, list(flat), lineterminator="\r\n")
                        writer.writeheader()
                    writer.writerow({name: _safe(cell) for name, cell in flat.items()})


def _cells(row: Json, properties: Json) -> Iterator[tuple[str, Any]]:
    for name, node in properties.items():
        cell = row[name]
        if kind(node) == "object":
            for part in node["properties"]:
                yield f"{name}_{part}", None if cell is None else cell[part]
        elif kind(node) == "array":
            mark = " < " if name == "source_chain" else "; "
            yield name, mark.join(map(_item, cell or ()))
        elif node.get("x-class-label"):
            yield name, None if cell is None else class_names(node)[cell]
        else:
            yield name, cell


def _item(item: Any) -> str:
    if isinstance(item, dict):
        return ", ".join(f"{key}={_item(cell)}" for key, cell in item.items() if cell is not None)
    return f"{item:g}" if isinstance(item, float) else str(item)


def _safe(cell: Any) -> Any:
    """A cell that no spreadsheet runs as a formula."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@") else cell
