"""Looks problems up in the files where they stand: what the offending value is, and which words of a text the record covers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from qantar import decode
from qantar.errors import QantarError
from qantar.inside import leads_out
from qantar.problems import Problem
from qantar.reporting.excerpts import Excerpt, Mark, excerpt
from qantar.reporting.view import View
from qantar.store import Folder, NativeFile, Store
from qantar.store.layout import is_file_of, text_file
from qantar.store.native import open_bytes, path_in_line

#: Bytes of the longest line that is looked up; a file's lines after a longer one are not.
_MAX_LINE = 16 * 2**20
_TEXTS = 64
#: Fragments of a span that are marked.
_FRAGMENTS = 20


@dataclass(frozen=True, slots=True)
class InText:
    """The words that a record covers: offsets of the first fragment, and where they are; lines and columns from 1.

    `file` is None where the text stands in a native file. `end_line` and `end_column` are those after the last character.
    """

    start: int
    end: int
    file: str | None
    line: int
    column: int
    end_line: int
    end_column: int
    excerpt: Excerpt


@dataclass(frozen=True, slots=True)
class Seen:
    """A problem, the path of its file as it is shown, and what was found there."""

    problem: Problem
    file: str | None = None
    end_column: int | None = None
    excerpt: Excerpt | None = None
    in_text: InText | None = None

    @property
    def line(self) -> int | None:
        """The line in the file."""
        return self.problem.place.line if self.problem.place else None

    @property
    def column(self) -> int | None:
        """The column in the line."""
        return self.problem.place.column if self.problem.place else None


def look_up(problems: Sequence[Problem], view: View) -> list[Seen]:
    """The problems, in the same order, with what stands at their places; each file is read once."""
    paths = {file: view.path(file) for file in {problem.place.file for problem in problems if problem.place}}
    found = [Seen(problem, paths[problem.place.file] if problem.place else None) for problem in problems]
    by_file: dict[str, dict[int, list[int]]] = {}
    for at, problem in enumerate(problems):
        if problem.place and problem.place.line and problem.place.column:
            by_file.setdefault(problem.place.file, {}).setdefault(problem.place.line, []).append(at)
    texts = _Texts(view)
    for file, wanted in by_file.items():
        for number, line in _lines(view.store, file, max(wanted)):
            if number in wanted:
                for at, one in zip(wanted[number], _on_line([found[at] for at in wanted[number]], file, line, texts), strict=True):
                    found[at] = one
    return found


def _on_line(bare: Sequence[Seen], file: str, line: bytes, texts: _Texts) -> Iterator[Seen]:
    """What stands at the places of one line: it is decoded once, and each value's end is looked for once, however many problems it has."""
    source = line.decode("utf-8", "replace")
    extent = lru_cache(None)(partial(decode.extent, source)) if ".json" in file else (lambda column: column + 1)
    for one in bare:
        column = one.column or 1
        if column > len(source) + 1:
            yield one
        else:
            shown = excerpt(source, [(column - 1, extent(column) - 1)])
            yield Seen(one.problem, one.file, extent(column), shown, texts.around(one.problem, file, line))


def _lines(store: Store, file: str, last: int) -> Iterator[tuple[int, bytes]]:
    """(number, line without its end) of the file up to the `last` that is wanted; nothing where it cannot be read."""
    path = store.file(file)
    try:
        if (not isinstance(store, NativeFile) and leads_out(path, store.root)) or not path.is_file():
            return
        with open_bytes(path) as stream:
            for number in range(1, last + 1):
                line = stream.readline(_MAX_LINE + 1)
                if not line or len(line) > _MAX_LINE:
                    return
                yield number, line.removesuffix(b"\n")
    except (OSError, QantarError):  # it was read before: whoever took it away meanwhile gets the report without excerpts
        return


class _Texts:
    """The texts of a store, and records' words in them."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._value = lru_cache(1)(_value)  # the problems of a line come one after the other
        self._text = lru_cache(_TEXTS)(self._read)

    def around(self, problem: Problem, file: str, line: bytes) -> InText | None:
        """The words of the record that stands on this line of a file."""
        value = self._value(line)
        native = isinstance(self._view.store, NativeFile)
        document, spans = _anchor(value, path_in_line(problem) if native else problem.path, problem.document or self._document(file))
        if native:
            return self._in_text(value.get("text") if isinstance(value, dict) else None, None, spans)
        if document is None or not spans:
            return None
        return self._in_text(*self._text(text_file(document)), spans)

    def _document(self, file: str) -> str | None:
        """The document whose file it is."""
        name = file.rpartition("/")[2].removesuffix(".jsonl")
        return name if is_file_of(name, file) else None

    def _read(self, name: str) -> tuple[str | None, str]:
        """What a raw text says, and its path as it is shown."""
        store, shown = self._view.store, self._view.path(name)
        try:
            if isinstance(store, Folder) and not leads_out(store.root / name, store.root):
                return (store.root / name).read_bytes().decode("utf-8"), shown
        except (OSError, ValueError, QantarError):
            pass
        return None, shown

    def _in_text(self, text: Any, file: str | None, spans: list[Mark]) -> InText | None:
        if not isinstance(text, str) or not spans or spans[0][0] > len(text):
            return None
        start, end = spans[0][0], min(spans[0][1], len(text))
        line, column = _place(text, start)
        low = start - column + 1
        newline = text.find("\n", start)
        high = len(text) if newline < 0 else newline
        marks = [(start - low, min(end, high) - low), *((a - low, min(b, high) - low) for a, b in spans[1:] if low <= a < high)]
        return InText(start, spans[0][1], file, line, column, *_place(text, end), excerpt(text[low:high], marks))


def _place(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _value(line: bytes) -> Any:
    try:
        return decode.value(line)
    except decode.Refused:
        return None


def _anchor(value: Any, path: Sequence[str | int], document: str | None) -> tuple[str | None, list[Mark]]:
    """The document and spans of the innermost value on the path that has some."""
    spans: list[Mark] = []
    for part in (None, *path):
        if part is not None:
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                break
        if isinstance(value, dict):
            spans = _spans(value) or spans
            document = value["document"] if isinstance(value.get("document"), str) else document
    return document, spans


def _spans(value: dict[str, Any]) -> list[Mark]:
    listed = value.get("spans")
    found = [_span(one) for one in (listed[:_FRAGMENTS] if isinstance(listed, list) else [value])]
    return [one for one in found if one is not None]


def _span(value: Any) -> Mark | None:
    start, end = (value.get("start"), value.get("end")) if isinstance(value, dict) else (None, None)
    if not isinstance(start, int) or not isinstance(end, int):  # a boolean is an integer that counts nothing: 0 or 1
        return None
    return (start, end) if 0 <= start <= end else None
