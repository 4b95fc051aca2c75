"""The report for programs: one JSON object, of the shape in docs/report.schema.json."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import msgspec

from qantar.problems import Problem
from qantar.reporting.counts import by_code, by_severity
from qantar.reporting.seen import InText, Seen, look_up
from qantar.reporting.view import View
from qantar.rules import LEVELS
from qantar.unchecked import Unchecked

#: Version of the form: fields are added to it, never renamed, retyped or removed.
VERSION = 1
_HALF = re.compile(r"[\ud800-\udfff]")


def as_json(problems: Sequence[Problem], view: View) -> Iterator[str]:
    """The lines of the object. With `view.statistics` it has no `problems`, only their counts."""
    head: dict[str, Any] = {
        "version": VERSION,
        "counts": by_severity(problems),
        "statistics": [asdict(one) for one in by_code(problems)],
    }
    listed = {} if view.statistics else {"problems": [_problem(one) for one in look_up(problems, view)]}
    left_out = {"unchecked": [_unchecked(part) for part in view.unchecked]}
    yield from pretty(head | listed | left_out)


def pretty(value: Any) -> Iterator[str]:
    """Lines of JSON; what is no text of a file's name is spelt out, as parsers refuse half a surrogate pair."""
    data = _HALF.sub(lambda half: rf"\\u{ord(half[0]):x}", json.dumps(value, ensure_ascii=False)).encode()
    yield from msgspec.json.format(data, indent=2).decode().split("\n")  # many times faster than the indent of `json`


def _unchecked(part: Unchecked) -> dict[str, Any]:
    of_document = {"document": part.document, "layers": list(part.layers)} if part.document is not None else {}
    return {"message": part.fact, **of_document}


def _problem(one: Seen) -> dict[str, Any]:
    problem = one.problem
    known = {
        "corpus_file": problem.place and problem.place.file,
        "line": one.line,
        "column": one.column,
        "end_column": one.end_column,
        "document": problem.document,
        "layer": problem.layer,
        "record": problem.record,
        "text": one.in_text and _in_text(one.in_text),
    }
    return {
        "code": problem.code,
        "level": LEVELS.get(problem.code),
        "severity": problem.severity,
        "message": problem.fact,
        "remedy": problem.remedy,
        "file": one.file,
        "path": problem.json_path,
        **{key: value for key, value in known.items() if value is not None},
    }


def _in_text(words: InText) -> dict[str, Any]:
    fields = ("start", "end", "file", "line", "column", "end_line", "end_column")
    return {key: value for key in fields if (value := getattr(words, key)) is not None}
