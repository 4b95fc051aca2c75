"""A sealed release, read back as the corpus that it was built from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from qantar.corpus import Corpus
from qantar.errors import SourceError
from qantar.problems import Problem
from qantar.schema.derive import class_names
from qantar.schema.registry import Registry
from qantar.schema.sources import Json, read_sources
from qantar.settings import read_settings
from qantar.store.gate import Gate

if TYPE_CHECKING:
    from qantar.records import Document

MANIFEST = "manifest.json"
RELEASE_FORMAT = "qantar-release/1"


def is_release(path: Path) -> bool:
    """Whether the folder is a release: its manifest says so."""
    try:
        found = json.loads((path / MANIFEST).read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and found.get("format") == RELEASE_FORMAT


class ReleaseFolder:
    """A release folder: everything of its corpus but guidelines and passes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.partial: list[Document] = []
        schema = root / "schema"
        if not schema.is_dir():
            raise SourceError(f"{root} has no schema folder.", "Download the whole release.")
        self.settings, _ = read_settings(root)
        sources = read_sources(schema / "layers", schema / "ontology")
        self.registry = Registry(sources, self.settings.layers, self.settings.languages)

    def read(self) -> Corpus:
        """The corpus in memory, equal to the one that was built."""
        documents = sorted(map(self._document, self._rows("documents")), key=lambda document: document.id)
        gazetteer = self.root / "gazetteer.jsonl"
        entries = Gate(self.registry, "corpus/gazetteer").lines(gazetteer.read_bytes(), gazetteer.name) if gazetteer.is_file() else ()
        return Corpus(
            self.settings,
            self.registry,
            {document.id: document for document in documents},
            self._records("clusters", _cluster),
            self._records("alignments", _alignment, "parallel"),
            self._records("links", _link, "relations"),
            {entry.id: entry for _, entry, _ in entries if entry is not None},
        )

    def place(self, problem: Problem) -> Problem:
        """Problems of a release have no line."""
        return problem

    def _document(self, row: Json) -> Document:
        return msgspec.convert(row, self.registry.document_type)

    def _records(self, name: str, make: Any, table: str | None = None) -> tuple[Any, ...] | None:
        kept = [record for row in self._rows(table or name) if (record := make(row)) is not None]
        kept.sort(key=lambda record: (len(record["id"]), record["id"]))
        made = self.registry.record_type(f"corpus/{name}")
        return tuple(msgspec.convert(record, made) for record in kept) or None

    def _rows(self, table: str) -> list[Json]:
        """The rows of a table, class labels as names."""
        shape = self.registry.shapes[f"tables/{table}"]
        names = {key: class_names(node) for key, node in shape["properties"].items() if node.get("x-class-label")}
        files = sorted((self.root / "data" / table).glob("*.parquet"))
        rows: list[Json] = pa.concat_tables(map(pq.read_table, files)).to_pylist() if files else []
        for row in rows:
            for key, labels in names.items():
                row[key] = None if row[key] is None else labels[row[key]]
        return rows


def _spans(row: Json, prefix: str = "") -> list[Json]:
    return row[f"{prefix}fragments"] or [{"start": row[f"{prefix}start"], "end": row[f"{prefix}end"]}]


def _quote(row: Json, text: str, prefix: str = "") -> str:
    start = row[f"{prefix}start"]
    return " ".join(text[span["start"] - start : span["end"] - start] for span in _spans(row, prefix))


def _cluster(row: Json) -> Json:
    members = [{"target": mention["id"], "quote": _quote(mention, mention["text"])} for mention in row["mentions"]]
    return {**{key: row[key] for key in ("id", "kind", "type", "labels", "note")}, "members": members}


def _alignment(row: Json) -> Json:
    sides = {
        side: {"document": row[f"{side}_document"], "spans": _spans(row, f"{side}_"), "quote": _quote(row, row[f"{side}_text"], f"{side}_")}
        for side in "ab"
    }
    return {"id": row["id"], "relation": row["relation"], **sides, "note": row["note"]}


def _link(row: Json) -> Json | None:
    if "#" in row["id"]:
        return None
    ends = {end: {"target": row[end], "quote": row[f"{end}_text"]} for end in ("head", "tail")}
    return {"id": row["id"], "type": row["type"], **ends, "note": row["note"]}
