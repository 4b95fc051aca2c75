"""What must hold of every answer, by means of its own: the parser of the standard library, and a validator in Rust."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from qantar.problems import Problem
from qantar.reporting import REPORTERS, View
from qantar.rules import READER_CODES, RULES
from qantar.store.gate import encode

CODES = {rule.code for rule in RULES}.union(*READER_CODES.values())
#: Characters of a fact and its remedy: a report is for people.
LONGEST = 4_000


class Broken(AssertionError):
    """A promise that was not kept."""


def demand(kept: object, promise: str, *values: object) -> None:
    """Raises Broken where a promise is not kept."""
    if not kept:
        raise Broken(f"{promise}: {', '.join(repr(value)[:300] for value in values)}")


def well_said(problem: Problem) -> None:
    """A known code, a fact, a remedy, nothing that a terminal would obey."""
    demand(problem.code in CODES, "the code is known", problem)
    demand(problem.fact.strip() and problem.remedy.strip(), "fact and remedy are there", problem)
    demand(problem.remedy.endswith((".", ")")), "the remedy is a sentence", problem)
    demand(len(problem.fact) + len(problem.remedy) <= LONGEST, "fact and remedy are short", len(problem.fact), problem)


@lru_cache(maxsize=8)
def _lengths(row: bytes) -> tuple[int, int]:
    """Characters and bytes of a line."""
    return len(row.decode("utf-8", "replace")), len(row)


def well_placed(problem: Problem, file: str, rows: list[bytes]) -> None:
    """The place lies in the file, or just behind its last character."""
    place = problem.place
    demand(place is not None and place.file == file, "the problem has a place in its file", problem)
    if place is None or place.line is None:
        demand(place is not None and place.column is None, "a column has a line", problem)
        return
    demand(1 <= place.line <= max(1, len(rows)), "the line is in the file", problem, len(rows))
    if place.column is not None:
        longest = _lengths(rows[place.line - 1] if rows else b"")[problem.code == "line-too-long"]
        demand(1 <= place.column <= longest + 1, "the column is in the line", problem, longest)


def rows_of(data: bytes) -> list[bytes]:
    """Lines as they count: they end at a newline and nowhere else."""
    rows = data.split(b"\n")
    return rows[:-1] if rows[-1] == b"" else rows


class _Pairs(list[tuple[str, Any]]):
    """An object with every pair."""


def strict(line: bytes) -> Any:
    """The value of a line, by the parser of the standard library. Raises Broken where it should never have been let in."""
    source = line.decode("utf-8")
    pairs = json.loads(source, object_pairs_hook=_Pairs, parse_constant=_constant)
    _wholesome(pairs, 1)
    return json.loads(source)


def _constant(name: str) -> float:
    raise Broken(f"{name} was let in")


def _wholesome(node: Any, depth: int) -> None:
    demand(depth <= 65, "depth is bounded", depth)
    if isinstance(node, float):
        demand(math.isfinite(node), "numbers are finite", node)
    elif isinstance(node, str):
        demand("\0" not in node and not any("\ud800" <= sign <= "\udfff" for sign in node), "strings are text", node)
    elif isinstance(node, _Pairs):
        demand(len({key for key, _ in node}) == len(node), "keys are unique", node)
        for key, part in node:
            _wholesome(key, depth)
            _wholesome(part, depth + 1)
    elif isinstance(node, list):
        for part in node:
            _wholesome(part, depth + 1)


def plain(value: Any) -> Any:
    """A value without what two spellings may differ in: absent and null, 190 and 190.0."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items() if part is not None}
    if isinstance(value, list):
        return [plain(part) for part in value]
    if isinstance(value, float) and value == int(value) and abs(value) <= 2**53 and not (value == 0 and math.copysign(1, value) < 0):
        return int(value)
    return value


def same(one: Any, two: Any) -> bool:
    """Whether two JSON values are the same, down to types and the order of keys."""
    return json.dumps(plain(one), sort_keys=True) == json.dumps(plain(two), sort_keys=True)


def nothing_lost(line: bytes, record: Any, validator: Any) -> None:
    """A record that was let in is what the line says, and what plain validators let in."""
    value = strict(line)
    demand(validator.is_valid(value), "a plain validator accepts it too", line)
    demand(same(value, json.loads(encode(record))), "writing it back yields the same values", line, encode(record))


def reported(problems: list[Problem], view: View) -> None:
    """Every report of the problems is whole: no line that a name in the corpus forged, nothing that a program could not read."""
    for name, report in REPORTERS.items():
        lines = list(report(problems, view))
        text = "\n".join(lines)
        if name in ("json", "sarif"):
            demand(len(json.loads(text)) > 1, "the report is JSON", text)
        else:
            demand(all(line.isprintable() for line in lines), "the report has no control characters", text)


def judged(problems: Iterable[Problem], files: dict[str, bytes]) -> set[str]:
    """The codes of problems of a folder or file, each said and placed well; `files` are those that are there."""
    found = set()
    rows = {name: rows_of(data) for name, data in files.items()}
    for problem in problems:
        well_said(problem)
        demand(problem.place is not None, "the problem has a place", problem)
        if problem.place is not None and problem.place.file in files:
            well_placed(problem, problem.place.file, rows[problem.place.file])
        elif problem.place is not None:
            demand(problem.place.line is None, "a line belongs to a file that is there", problem)
        found.add(problem.code)
    return found
