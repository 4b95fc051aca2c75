"""A sealed release, read back as the corpus that it was built from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from qantar import decode
from qantar.corpus import Corpus
from qantar.errors import QantarError, SourceError
from qantar.files import bytes_of, read
from qantar.problems import SETTINGS, Place, Problem
from qantar.schema.derive import class_names
from qantar.schema.sources import Json
from qantar.settings import FILE, read_settings
from qantar.store.folder import prose, settings_place
from qantar.store.gate import Gate, whole_numbers
from qantar.store.incomplete import Incomplete
from qantar.store.layout import AGREEMENT, CHANGELOG, DOCUMENTS, GAZETTEER, README
from qantar.store.sealed import AGAIN, MANIFEST, RELEASE_FORMAT, damage

if TYPE_CHECKING:
    from qantar.records import Document, GazetteerEntry

#: What stands in the folder of every release, and what may stand there besides.
_ALWAYS = frozenset([README, FILE, "data", "schema"])
_AT_MOST = _ALWAYS | {MANIFEST, AGREEMENT, CHANGELOG, GAZETTEER, "CITATION.cff", "LICENSES", "reports.csv"}


def is_release(path: Path) -> bool:
    """Whether the folder is a release: its manifest says so."""
    try:
        found = json.loads(read(path / MANIFEST))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and found.get("format") == RELEASE_FORMAT


def was_release(path: Path) -> bool:
    """Whether a folder without a manifest that says so holds what a release holds, and nothing else: nobody's own work is lost with it."""
    if not path.is_dir() or is_release(path):
        return False
    there = {found.name for found in path.iterdir() if not found.name.startswith(".")}
    data = [found for found in (path / "data").rglob("*") if not found.is_dir()]
    return _ALWAYS <= there <= _AT_MOST and bool(data) and all(found.suffix == ".parquet" for found in data)


def reads_as_release(path: Path) -> bool:
    """Whether the folder is to be read as a release: it is one, or was one whose manifest is damaged or missing."""
    if is_release(path):
        return True
    if (path / DOCUMENTS).exists():
        return False
    return (path / MANIFEST).exists() or ((path / README).is_file() and any(path.glob("data/*/*.parquet")))


class ReleaseFolder:
    """A release folder: everything of its corpus but guidelines and passes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.partial: list[Document] = []
        self.incomplete: list[Incomplete] = []
        self._entries: list[tuple[int, bytes]] = []
        schema = root / "schema"
        if not schema.is_dir():
            raise SourceError(f"{root} has no schema folder.", AGAIN)
        try:
            self.settings, self.registry = read_settings(root, schema=schema)
        except QantarError as error:
            raise SourceError(f"{root} is no whole release: {error.fact}", AGAIN) from error

    def read(self) -> Corpus:
        """The corpus in memory, equal to the one that was built; of a damaged release nothing but its damage, in `problems`."""
        self.problems = list(damage(self.root))
        if self.problems:
            return Corpus(self.settings, self.registry, {})
        documents = self._converted(self._rows("documents"), "documents", "document")
        if not documents:
            raise SourceError(f"{self.root} has no table of documents.", AGAIN)
        return Corpus(
            self.settings,
            self.registry,
            {document.id: document for document in sorted(documents, key=lambda one: one.id) if self._whole(document)},
            self._records("clusters", _cluster),
            self._records("alignments", _alignment, "parallel"),
            self._records("links", _link, "relations"),
            {entry.id: entry for entry in self._gazetteer()},
            prose(bytes_of(self.root / CHANGELOG) if (self.root / CHANGELOG).is_file() else None),
        )

    def _gazetteer(self) -> Iterator[GazetteerEntry]:
        path = self.root / GAZETTEER
        if path.is_file():
            for _, entry, problems, _ in Gate(self.registry, "corpus/gazetteer").lines(path.read_bytes(), path.name):
                self.problems += problems
                if entry is not None:
                    yield entry

    def _whole(self, document: Document) -> bool:
        """Whether the text is the one that the hash stands for."""
        digest = hashlib.sha256(document.text.encode()).hexdigest()
        if digest != document.sha256:
            fact = f"the text has the SHA-256 {digest}, the row says {document.sha256}"
            self.problems.append(Problem("hash-mismatch", fact, AGAIN, document=document.id))
        return digest == document.sha256

    def placed(self, problems: Iterable[Problem]) -> list[Problem]:
        """The problems, with places in corpus.toml or the gazetteer; other files of a release have no lines."""
        return [self._placed(problem) for problem in problems]

    def _placed(self, problem: Problem) -> Problem:
        if problem.place is not None or problem.document is not None:
            return problem
        if problem.layer == SETTINGS:
            return problem.at(settings_place(self.root, problem))
        if problem.layer == "gazetteer" and problem.index is not None:
            self._entries = self._entries or list(decode.split((self.root / GAZETTEER).read_bytes()))
            number, line = self._entries[problem.index]
            return problem.at(Place(GAZETTEER, number, decode.locate(line, problem.path)))
        return problem

    def file(self, name: str) -> Path:
        """Where a file that a problem names lies."""
        return self.root / name

    def _records(self, name: str, make: Any, table: str | None = None) -> tuple[Any, ...] | None:
        kept = [record for row in self._rows(table or name) if (record := make(row)) is not None]
        kept.sort(key=lambda record: (len(record["id"]), record["id"]))
        return tuple(self._converted(kept, table or name, f"corpus/{name}")) or None

    def _converted(self, rows: list[Json], table: str, shape: str) -> list[Any]:
        try:
            return [self.registry.converted(shape, whole_numbers(row)) for row in rows]
        except msgspec.ValidationError as error:
            raise SourceError(f"The table {table!r} of {self.root} has a row of another shape: {error}.", AGAIN) from error

    def _rows(self, table: str) -> list[Json]:
        """The rows of a table, class labels as names."""
        shape = self.registry.shapes[f"tables/{table}"]
        names = {key: class_names(node) for key, node in shape["properties"].items() if node.get("x-class-label")}
        files = sorted((self.root / "data" / table).glob("*.parquet"))
        try:
            rows: list[Json] = pa.concat_tables(map(pq.read_table, files)).to_pylist() if files else []
            for row in rows:
                for key, labels in names.items():
                    row[key] = None if row[key] is None else labels[row[key]]
        except (OSError, pa.ArrowException, KeyError, IndexError) as error:
            raise SourceError(f"The table {table!r} of {self.root} cannot be read: {str(error).rstrip('.')}.", AGAIN) from error
        return rows


def _spans(row: Json, prefix: str = "") -> list[Json]:
    return row[f"{prefix}fragments"] or [{"start": row[f"{prefix}start"], "end": row[f"{prefix}end"]}]


def _quote(row: Json, text: str, prefix: str = "") -> str:
    start = row[f"{prefix}start"]
    return " ".join(text[span["start"] - start : span["end"] - start] for span in _spans(row, prefix))


def _cluster(row: Json) -> Json:
    members = [{"target": mention["id"], "quote": _quote(mention, mention["text"])} for mention in row["mentions"]]
    return {**{key: row[key] for key in ("id", "kind", "type", "labels", "note", "ignore")}, "members": members}


def _alignment(row: Json) -> Json:
    sides = {
        side: {"document": row[f"{side}_document"], "spans": _spans(row, f"{side}_"), "quote": _quote(row, row[f"{side}_text"], f"{side}_")}
        for side in "ab"
    }
    return {"id": row["id"], "relation": row["relation"], **sides, "note": row["note"], "ignore": row["ignore"]}


def _link(row: Json) -> Json | None:
    if "#" in row["id"]:
        return None
    ends = {end: {"target": row[end], "quote": row[f"{end}_text"]} for end in ("head", "tail")}
    return {"id": row["id"], "type": row["type"], **ends, "note": row["note"], "ignore": row["ignore"]}
