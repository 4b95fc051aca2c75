"""Native JSONL: the processing form, one Document a line; plain, gzip or Zstandard."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import pyarrow as pa

from qantar import decode
from qantar.columns import Columns
from qantar.errors import InvalidCorpus, SourceError
from qantar.files import bytes_of, demand_file
from qantar.ids import name_of
from qantar.inside import leads_out
from qantar.problems import Place, Problem
from qantar.resources import data_dir
from qantar.schema.registry import Registry
from qantar.settings import Settings, has_settings, read_settings
from qantar.store import spread
from qantar.store.gate import MOST, Gate, outside, placed, refusal, unread_after
from qantar.store.layout import GAZETTEER

if TYPE_CHECKING:
    from qantar.records import Document, GazetteerEntry

SUFFIXES = (".jsonl", ".jsonl.gz", ".jsonl.zst")
_BLOCK = 1 << 18


def is_native(path: Path) -> bool:
    """Whether the name is that of a native file."""
    return path.name.endswith(SUFFIXES) and not path.is_dir()


class _Id(msgspec.Struct):
    id: Annotated[str, msgspec.Meta(max_length=64)]  # longer ones are none, and are not kept


_ID = msgspec.json.Decoder(_Id)


def id_of(line: bytes) -> str | None:
    """The id of the document or record on a line, with nothing else read; None where there is none: who reads the line says why."""
    try:
        return _ID.decode(line).id
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


def _name_of(line: bytes, number: int) -> str:
    """The id of the document on a line; where there is none, a name that no document can have."""
    return id_of(line) or f"?{number}"


class NativeFile:
    """A native file; settings from `corpus`, else a corpus.toml beside it, else the installed flagship's labels."""

    def __init__(self, path: Path, *, corpus: Path | None = None) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.home, self.settings, self.registry = _settings(path, corpus)
        self.borrowed = corpus is None and not has_settings(path.parent)  # labels and gazetteer of the installed corpus
        self._gate = Gate(self.registry, "document")

    def documents(self) -> Iterator[Document]:
        """The Documents in file order; faults of levels 1 and 2 are collected in `problems`."""
        return (columns.root for _, _, columns in self.numbered())

    def numbered(self) -> Iterator[tuple[int, bytes, Columns]]:
        """(line number, line, columns of its Document) in file order."""
        seen = self._begin()
        for number, line in self.lines():
            columns, problems = read_document(self._gate, line, self.path.name, number)
            if self._is_first(_name_of(line, number) if columns is None else columns.root.id, number, seen):
                self.problems += problems
                if columns is not None:
                    yield number, line, columns
            del columns  # whoever drops it too before the next one is read, leaves it its place in memory
        self._end(seen)

    def identified(self) -> Iterator[tuple[int, str, bytes]]:
        """(line number, id, line) in file order, with only the id read; a line whose id was there before becomes a problem."""
        seen = self._begin()
        for number, line in self.lines():
            name = _name_of(line, number)
            if self._is_first(name, number, seen):
                yield number, name, line
        self._end(seen)

    def _begin(self) -> dict[str, int]:
        """Forgets what an earlier reading found; the ids of this one, with their lines, go into what it returns."""
        self.problems = []
        return {}

    def _is_first(self, name: str, number: int, seen: dict[str, int]) -> bool:
        first = seen.setdefault(name, number)
        if first != number:
            fact = f"the id {name!r} is already on line {first}"
            problem = Problem("duplicate-document", fact, "Remove one line, or rename.", record=name)
            self.problems.append(problem.at(Place(self.path.name, number, 1)))
        return first == number

    def _end(self, seen: dict[str, int]) -> None:
        if not seen and not self.problems:
            self.problems.append(Problem("empty-corpus", "the file holds no document", "Add one.", place=Place(self.path.name)))

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """(line number, line) in file order. A line that cannot be split off becomes a problem and ends the file.

        A record over several lines becomes one problem.
        """
        try:
            for number, line in spread.records(_split(self.path)):
                if len(self.problems) >= MOST:
                    self.problems = unread_after(self.problems)
                    return
                if isinstance(line, decode.Refused):
                    self.problems.append(refusal(line, self.path.name))
                else:
                    yield number, line
        except decode.Refused as refused:
            self.problems.append(refusal(refused, self.path.name))

    def file(self, name: str) -> Path:
        """Where a file that a problem names lies: this one, or the gazetteer of its settings."""
        return self.path if name == self.path.name else self.home / name

    def gazetteer(self) -> dict[str, GazetteerEntry]:
        """The gazetteer beside the settings. Raises InvalidCorpus where it cannot be read."""
        path = self.home / GAZETTEER
        if real := leads_out(path, self.home):
            raise InvalidCorpus([outside(path.name, real)])
        data = bytes_of(path)
        entries, problems = {}, []
        for _, entry, found, _ in Gate(self.registry, "corpus/gazetteer").lines(data or b"", path.name):
            problems += found
            if entry is not None:
                entries[entry.id] = entry
        if problems:
            raise InvalidCorpus(sorted(problems, key=Problem.sort_key))
        return entries


def read_document(gate: Gate, line: bytes, file: str, number: int) -> tuple[Columns | None, list[Problem]]:
    """One native line: the columns of its Document, or why there is none. The text must have the hash that the line states."""
    columns, problems = gate.columns(line, file, number)
    if columns is None:
        return None, problems
    document = columns.root
    if document.text.startswith("\ufeff"):
        place = Place(file, number, decode.locate(line, ("text",)))
        remedy = "Take the mark off the text, its hash and its offsets anew."
        return None, [Problem("byte-order-mark", "the text starts with a byte order mark", remedy, document=document.id, place=place)]
    digest = hashlib.sha256(document.text.encode()).hexdigest()
    if digest == document.sha256:
        return columns, []
    fact = f"the text of {document.id!r} has the SHA-256 {digest}, the line says {document.sha256}"
    place = Place(file, number, decode.locate(line, ("sha256",)))
    return None, [
        Problem(
            "hash-mismatch",
            fact,
            "Restore the text; or, if the new one is meant, write its hash to `sha256` and place the records anew.",
            document=document.id,
            place=place,
        )
    ]


def placed_in_line(problems: Iterable[Problem], line: bytes, file: str, number: int) -> list[Problem]:
    """Problems of the document that stands on this line, placed."""
    return placed(list(problems), line, file, number, path=path_in_line)


def path_in_line(problem: Problem) -> tuple[str | int, ...]:
    """The path from the document that stands on a line to what a problem is about."""
    return problem.path if problem.layer is None else (problem.layer, *([] if problem.index is None else [problem.index]), *problem.path)


def open_bytes(path: Path) -> Any:
    """A binary stream of the plain content. Raises OSError."""
    demand_file(path)
    if path.name.endswith(".gz"):
        return gzip.open(path, "rb")
    raw: Any = pa.input_stream(str(path), compression="zstd") if path.name.endswith(".zst") else io.FileIO(path)
    return io.BufferedReader(raw, _BLOCK)


def _split(path: Path) -> Iterator[tuple[int, bytes]]:
    """(line number, line); what is held in memory is a block of lines, or one long line. Raises Refused with the line's number, SourceError."""
    number = start = 0
    try:
        with open_bytes(path) as stream:
            while block := stream.read(_BLOCK):
                if not block.endswith(b"\n"):
                    block += stream.readline(decode.MAX_LINE + 2)
                start = number
                for number, line in decode.split(block, limit=decode.MAX_LINE):
                    number += start
                    yield number, line
    except (OSError, EOFError, zlib.error, pa.ArrowException) as error:
        reason = getattr(error, "strerror", None)  # of the file system, not of its content
        remedy = "Check the file and its rights." if reason else "Check that the file is whole."
        raise SourceError(f"{path} cannot be read: {reason or error}.", remedy) from error
    except decode.Refused as refused:
        refused.line += start
        raise


def _settings(path: Path, corpus: Path | None) -> tuple[Path, Settings, Registry]:
    """(folder that the settings come from, settings, contract) for a native file."""
    if corpus is not None:
        home = corpus.parent if corpus.is_file() else corpus
        return (home, *read_settings(home))
    if has_settings(path.parent):
        return (path.parent, *read_settings(path.parent))
    home = data_dir("corpus")
    flagship, registry = read_settings(home)
    name = name_of(path.name.partition(".")[0])
    settings = Settings(
        name=name,
        version="0.0.0",
        title=name,
        summary=f"Built from {path.name} with the labels of {flagship.name} {flagship.version}.",
        released=flagship.released,
        shards=_shards(path),
        layers=flagship.layers,
        languages=flagship.languages,
        licences=flagship.licences,
        citation={"authors": [f"The makers of {path.name}"]},
    )
    return home, settings, registry


def _shards(path: Path) -> int:
    """Power of two that keeps a shard's input near 64 MiB; compressed files count fourfold."""
    size = path.stat().st_size * (1 if path.suffix == ".jsonl" else 4)
    count = 1
    while count * (64 << 20) < size and count < 65536:
        count *= 2
    return count
