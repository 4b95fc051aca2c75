"""Annotations of a change on GitHub: a workflow command a problem, which the log of a workflow turns into them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qantar.problems import Problem
from qantar.reporting.counts import by_severity
from qantar.reporting.seen import Seen, look_up
from qantar.reporting.view import View
from qantar.unchecked import told
from qantar.wording import printable, summary

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _DATA | str.maketrans({":": "%3A", ",": "%2C"})


def as_github(problems: Sequence[Problem], view: View) -> Iterator[str]:
    """A line a problem, errors first, for GitHub shows the first ten of either kind; then a line that is no command."""
    for one in look_up(sorted(problems, key=lambda problem: problem.severity != "error"), view):
        yield _command(one)
    if view.unchecked:
        yield f"::notice title=not checked::{_escaped(told(view.unchecked), _DATA)}"
    found = by_severity(problems)
    yield summary(found["error"], found["warning"])


def _command(one: Seen) -> str:
    problem = one.problem
    record = " ".join(part for part in (problem.record, problem.json_path if problem.path else None) if part)
    values = {
        "file": one.file,
        "line": one.line,
        "col": one.column,
        "endColumn": one.end_column,
        "title": f"{problem.code} {record}".strip(),
    }
    properties = ",".join(f"{key}={_escaped(str(value), _PROPERTY)}" for key, value in values.items() if value is not None)
    document = f"{problem.document}: " if problem.document and one.file is None else ""
    return f"::{problem.severity} {properties}::{_escaped(f'{document}{problem.fact}. {problem.remedy}', _DATA)}"


def _escaped(text: str, table: dict[int, str]) -> str:
    return printable(text.translate(table))
