"""Turns lines into typed records or Problems: types decide fast, the strict decoder and the schema explain."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, repeat
from operator import attrgetter
from pathlib import Path
from typing import Any

import msgspec

from qantar import decode
from qantar.columns import Columns
from qantar.inside import REMEDY
from qantar.problems import Place, Problem
from qantar.schema.registry import Registry
from qantar.store import spread

#: Problems of one file that are listed.
MOST = 10_000
_ENCODER = msgspec.json.Encoder()
#: How the encoder writes NUL. From the end it is looked for in a third of the time that `in` takes: its first byte is rare.
_NUL = rb"\u0000"


def encode(record: Any) -> bytes:
    """The canonical line of a record, without a line end: schema order, no blanks, absent optionals left out.

    Records that the gate lets in have whole numbers as integers: 190, never 190.0.
    """
    return _ENCODER.encode(record)


class Gate:
    """Reads lines of one shape: `layers/events`, `corpus/links`, `document`."""

    def __init__(self, registry: Registry, name: str) -> None:
        self.registry = registry
        self.name = name
        self.type = registry.document_type if name == "document" else registry.record_type(name)
        self._decoder = msgspec.json.Decoder(self.type)
        self._forms = registry.forms(name)
        self._numbers = registry.numbers(name)
        self._roles = _roles(registry) if name in ("document", "layers/events") else None

    def lines(self, data: bytes, file: str) -> Iterator[tuple[int, Any | None, list[Problem], bool]]:
        """(line number, record or None, problems, whether it is canonical) of each line of a file.

        A record over several lines is one fault. After so many problems that nobody reads them all, the rest of the file is left
        unread, and the last problem says so.
        """
        records = self._all_canonical(data)
        if records is not None:
            yield from ((number, record, [], True) for number, record in enumerate(records, 1))
            return
        count = 0
        try:
            for number, line in spread.records(decode.split(data)):
                if isinstance(line, decode.Refused):
                    columns, problems, canonical = None, [refusal(line, file)], False
                else:
                    columns, problems, canonical = self._line(line, file, number)
                count += len(problems)
                if count >= MOST:
                    yield number, None, unread_after(problems), False
                    return
                yield number, None if columns is None else columns.root, problems, canonical
        except decode.Refused as refused:
            yield refused.line, None, [refusal(refused, file)], False

    def line(self, line: bytes, file: str, number: int) -> tuple[Any | None, list[Problem]]:
        """One line: its record, or why there is none."""
        columns, problems, _ = self._line(line, file, number)
        return None if columns is None else columns.root, problems

    def columns(self, line: bytes, file: str, number: int) -> tuple[Columns | None, list[Problem]]:
        """One line: its record with what was collected of it on the way, or why there is none."""
        columns, problems, _ = self._line(line, file, number)
        return columns, problems

    def _line(self, line: bytes, file: str, number: int) -> tuple[Columns | None, list[Problem], bool]:
        columns = self._canonical(line)
        if columns is not None:
            if not self._has_whole_float(columns):
                return columns, [], True
            record = msgspec.convert(whole_numbers(msgspec.to_builtins(columns.root)), self.type)
            return Columns(record), [], encode(record) == line
        try:
            value = decode.value(line)
        except decode.Refused as refused:
            return None, [refusal(refused, file, number)], False
        problems = placed(list(self.registry.explain(self.name, value)), line, file, number)
        return (None, problems, False) if problems else (Columns(msgspec.convert(whole_numbers(value), self.type)), [], False)

    def fits(self, line: bytes) -> bool:
        """The fast verdict: a canonical line of the right shape. False says nothing: ask `line`."""
        return self._canonical(line) is not None

    def _canonical(self, line: bytes) -> Columns | None:
        # A line that its own record encodes to holds no duplicate key, no float for an integer, nothing after the
        # value: equality proves what the slow decoder checks, at a hundredth of the cost. NUL is checked apart.
        try:
            record = self._decoder.decode(line)
            same = _ENCODER.encode(record) == line
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return None
        columns = Columns(record)
        return columns if same and line.rfind(_NUL) < 0 and self._fit(columns) else None

    def _all_canonical(self, data: bytes) -> list[Any] | None:
        """The records of a file that is canonical as a whole, none with a whole number as a float; else None, which says nothing."""
        if len(data) > decode.MAX_LINE:  # of a longer file not even the lines are known to be short enough
            return None
        try:
            records = self._decoder.decode_lines(data)
            same = _ENCODER.encode_lines(records) == data
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return None
        columns = Columns.over(records)
        return records if same and data.rfind(_NUL) < 0 and self._fit(columns) and not self._has_whole_float(columns) else None

    def _fit(self, columns: Columns) -> bool:
        return self._forms.fit(columns) and self._roles_fit(columns)

    def _has_whole_float(self, columns: Columns) -> bool:
        numbers = chain.from_iterable(map(columns.column, self._numbers))
        return any(isinstance(number, float) and number.is_integer() for number in numbers)

    def _roles_fit(self, columns: Columns) -> bool:
        if self._roles is None:
            return True
        events = ("events", "*") if self.name == "document" else ()
        kinds, lists = columns.column((*events, "type")), columns.column((*events, "arguments"))
        owners = chain.from_iterable(map(repeat, kinds, (len(held or ()) for held in lists)))
        return self._roles.issuperset(zip(owners, columns.column((*events, "arguments", "*", "role")), strict=True))


def whole_numbers(value: Any) -> Any:
    """A JSON value with whole floats as integers: JSON knows one 190, and columns of `number` keep no other difference.

    Beyond 2^53, and for -0.0, the float stays: an integer would be another number.
    """
    if isinstance(value, float):
        kept = not value.is_integer() or abs(value) > 2**53 or (value == 0 and math.copysign(1, value) < 0)
        return value if kept else int(value)
    if isinstance(value, dict):
        return {key: whole_numbers(part) for key, part in value.items()}
    return [whole_numbers(part) for part in value] if isinstance(value, list | tuple) else value


def placed(
    problems: Sequence[Problem],
    line: bytes,
    file: str,
    number: int,
    *,
    path: Callable[[Problem], tuple[str | int, ...]] = attrgetter("path"),
) -> list[Problem]:
    """Problems of what stands on one line, placed; `path` leads from the line's value to what a problem is about.

    The line is scanned once, however many problems it has.
    """
    columns = decode.columns(line, [path(problem) for problem in problems])
    return [problem.at(Place(file, number, column)) for problem, column in zip(problems, columns, strict=True)]


def unread_after(problems: list[Problem]) -> list[Problem]:
    """The last problems of a file whose other lines are not read."""
    last = problems[-1]
    return [*problems[:-1], replace(last, fact=f"{last.fact}; the lines after this one were not read")]


def outside(file: str, real: Path) -> Problem:
    """The Problem of a file of a corpus that is a link out of it."""
    return Problem("outside-corpus", f"{file} leads to {real}, outside the corpus", REMEDY, place=Place(file))


def refusal(refused: decode.Refused, file: str, line: int | None = None) -> Problem:
    """The Problem that a refusal of the decoder becomes; `line` is where the decoded bytes stand in the file."""
    place = Place(file, refused.line if line is None else line, refused.column)
    return Problem(refused.code, refused.fact, refused.remedy, place=place)


def _roles(registry: Registry) -> frozenset[tuple[str, str]] | None:
    """(type, role) of every role that an event of the type may have; None where events may have any."""
    if "x-roles" not in str(registry.shapes.get("layers/events", "")):
        return None
    return frozenset((name, role) for name, event in registry.ontology.events.items() for role in event.roles)
