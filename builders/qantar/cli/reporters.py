"""Prints Problems for people: grouped by file, a line each, with the remedy under it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qantar.problems import Problem


def text(problems: Iterable[Problem]) -> Iterator[str]:
    """Lines of the text report: `file:line:column: severity[code] record $.path: fact`, then the remedy; a count at the end."""
    counts = {"error": 0, "warning": 0}
    for problem in problems:
        counts[problem.severity] += 1
        where = " ".join(part for part in (problem.record, problem.json_path if problem.path else None) if part)
        place = f"{problem.place}: " if problem.place else f"{problem.document}: " if problem.document else ""
        yield printable(f"{place}{problem.severity}[{problem.code}]{f' {where}' if where else ''}: {problem.fact}.")
        yield f"    {printable(problem.remedy)}"
    yield summary(counts["error"], counts["warning"])


def printable(line: str) -> str:
    """The line with control characters escaped: no name in a corpus can forge a line of the report."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)


def summary(errors: int, warnings: int) -> str:
    """The closing line."""
    if not errors and not warnings:
        return "No problems."
    return f"{_count(errors, 'error')}, {_count(warnings, 'warning')}."


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
