"""Turns lines into typed records or Problems: types decide fast, the strict decoder and the schema explain."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter
from pathlib import Path
from typing import Any

import msgspec

from qantar import decode
from qantar.document import leaves
from qantar.inside import REMEDY
from qantar.problems import Place, Problem
from qantar.schema.registry import Registry
from qantar.store import spread

#: Problems of one file that are listed.
MOST = 10_000
_ENCODER = msgspec.json.Encoder()
#: How the encoder writes NUL. A pattern finds it in half the time that `in` takes.
_NUL = re.compile(rb"\\u0000")


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
        self._roles = _roles(registry) if name in ("document", "layers/events") else {}

    def lines(self, data: bytes, file: str) -> Iterator[tuple[int, Any | None, list[Problem], bool]]:
        """(line number, record or None, problems, whether it is canonical) of each line of a file.

        A record over several lines is one fault. After so many problems that nobody reads them all, the rest of the file is left
        unread, and the last problem says so.
        """
        count = 0
        try:
            for number, line in spread.records(decode.split(data)):
                if isinstance(line, decode.Refused):
                    record, problems, canonical = None, [refusal(line, file)], False
                else:
                    record, problems, canonical = self._line(line, file, number)
                count += len(problems)
                if count >= MOST:
                    yield number, None, unread_after(problems), False
                    return
                yield number, record, problems, canonical
        except decode.Refused as refused:
            yield refused.line, None, [refusal(refused, file)], False

    def line(self, line: bytes, file: str, number: int) -> tuple[Any | None, list[Problem]]:
        """One line: its record, or why there is none."""
        record, problems, _ = self._line(line, file, number)
        return record, problems

    def _line(self, line: bytes, file: str, number: int) -> tuple[Any | None, list[Problem], bool]:
        record = self._canonical(line)
        if record is not None:
            if not self._has_whole_float(record):
                return record, [], True
            record = msgspec.convert(whole_numbers(msgspec.to_builtins(record)), self.type)
            return record, [], encode(record) == line
        try:
            value = decode.value(line)
        except decode.Refused as refused:
            return None, [refusal(refused, file, number)], False
        problems = placed(list(self.registry.explain(self.name, value)), line, file, number)
        return (None, problems, False) if problems else (msgspec.convert(whole_numbers(value), self.type), [], False)

    def fits(self, line: bytes) -> bool:
        """The fast verdict: a canonical line of the right shape. False says nothing: ask `line`."""
        return self._canonical(line) is not None

    def _canonical(self, line: bytes) -> Any | None:
        # A line that its own record encodes to holds no duplicate key, no float for an integer, nothing after the
        # value: equality proves what the slow decoder checks, at a hundredth of the cost. NUL is checked apart.
        try:
            record = self._decoder.decode(line)
            same = _ENCODER.encode(record) == line
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return None
        return record if same and _NUL.search(line) is None and self._forms.fit(record) and self._roles_fit(record) else None

    def _has_whole_float(self, record: Any) -> bool:
        numbers = (number for pattern in self._numbers for number in leaves((record,), pattern))
        return any(isinstance(number, float) and number.is_integer() for number in numbers)

    def _roles_fit(self, record: Any) -> bool:
        if not self._roles:
            return True
        events = getattr(record, "events", None) or () if self.name == "document" else (record,)
        return all(argument.role in self._roles[event.type] for event in events for argument in event.arguments)


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


def _roles(registry: Registry) -> dict[str, frozenset[str]]:
    if "x-roles" not in str(registry.shapes.get("layers/events", "")):
        return {}
    return {name: frozenset(event.roles) for name, event in registry.ontology.events.items()}
