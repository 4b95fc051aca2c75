"""The canonical form of the files of a corpus folder, so that one corpus has one text and a difference is an annotation.

A line is `store.gate.encode(record)` and a newline: schema order, no blanks, letters unescaped, absent optionals left out.
Records with spans stand in the order of the text (first start, then the longer first), parts of a partition as they follow each
other, others by id; equals by id. Ids with a number count (T9 before T10), those of documents and of the gazetteer sort as strings.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import le
from typing import TYPE_CHECKING, Any

from qantar.problems import Place, Problem, Severity
from qantar.text import first_difference, read_from

if TYPE_CHECKING:
    from qantar.schema.registry import Registry

_DIGITS = "0123456789"
#: Characters that a fact shows of a line.
_SHOWN = 20

Key = tuple[Any, ...]
IdKey = tuple[str, int, str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """How a file differs from its canonical form: its first line that does; lines written otherwise; records out of order.

    `moved` counts the fewest records that must move. `shown` says how the first line differs, from a `column` on.
    """

    line: int
    rewritten: int
    moved: int
    column: int = 1
    shown: str = ""

    def __str__(self) -> str:
        parts = (
            (self.rewritten, "line is", "lines are", "not written canonically"),
            (self.moved, "record is", "records are", "out of order"),
        )
        counts = " and ".join(f"{count} {one if count == 1 else more} {what}" for count, one, more, what in parts if count)
        return f"{counts}: {self.shown}" if self.shown else counts


def order_of(registry: Registry, shape: str) -> Callable[[Any], Key]:
    """The key that the records of a file are sorted by; `shape` is `layers/events` or `corpus/links`."""
    if shape in ("corpus/documents", "corpus/gazetteer"):
        return _plain
    return _ORDERS.get(registry.shapes[shape].get("x-anchor", "none"), _numbered)


def difference(
    records: Sequence[Any], key: Callable[[Any], Key], odd: Sequence[int], lines: Sequence[bytes], encode: Callable[[Any], bytes]
) -> Difference | None:
    """What is not canonical of the records of a file, a line each; `odd` are the lines that are written otherwise."""
    keys = [key(record) for record in records]
    displaced = None if all(map(le, keys, keys[1:])) else _displaced(keys)
    if displaced is None and not odd:
        return None
    first = min(line for line in (displaced, *odd) if line is not None)
    moved = len(keys) - _sorted_already(keys) if displaced else 0
    if first in odd:
        return Difference(first, len(set(odd)), moved, *_written(lines[first - 1], encode(records[first - 1])))
    wanted = sorted(records, key=key)[first - 1]
    return Difference(first, len(set(odd)), moved, 1, f"{wanted.id!r} belongs here, not {records[first - 1].id!r}")


def _written(line: bytes, canonical: bytes) -> tuple[int, str]:
    """The first column where a line is not as its record is to be written, and what stands there."""
    one, two = line.decode(), canonical.decode()
    at = first_difference(one, two)
    if one == two:
        return at + 1, "the last line has no line end"
    return at + 1, f"from column {at + 1} on it reads {_from(one, at)}, where {_from(two, at)} is meant"


def _from(text: str, at: int) -> str:
    return read_from(text, at, _SHOWN) or "nothing more"


def remark(code: str, severity: Severity, file: str, found: Difference) -> Problem:
    """The Problem of a file in another form than the canonical one."""
    remedy = "`qantar fix` rewrites the file, and changes no record."
    return Problem(code, str(found), remedy, severity, place=Place(file, found.line, found.column))


def _displaced(keys: Sequence[Key]) -> int:
    """The first line, from 1, that another record should stand on."""
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return next(number for number, place in enumerate(order, 1) if number != place + 1)


def _sorted_already(keys: Sequence[Key]) -> int:
    """The most records that can stay where they are: the length of the longest run of growing keys, others between them."""
    ends: list[Key] = []
    for key in keys:
        at = bisect_right(ends, key)
        ends[at : at + 1] = [key]
    return len(ends)


def _by_spans(record: Any) -> Key:
    spans = record.spans
    return (spans[0].start, -spans[-1].end, _number(record.id)) if spans else (0, 0, _number(record.id))


def _by_place(record: Any) -> Key:
    return record.start, record.end, _number(record.id)


def _numbered(record: Any) -> Key:
    return _number(record.id)


def _plain(record: Any) -> Key:
    return (record.id,)


def _number(name: str) -> IdKey:
    """An id in order of its letters and its number, however long that is."""
    letters = name.rstrip(_DIGITS)
    digits = name[len(letters) :].lstrip("0")
    return letters, len(digits), digits, name


_ORDERS = {"spans": _by_spans, "partition": _by_place}
