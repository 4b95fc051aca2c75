"""Prints Problems for people, grouped by file, a line each with the remedy under it; and how a command ended."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from qantar.errors import InvalidCorpus
from qantar.problems import Problem

if TYPE_CHECKING:
    from qantar.store import Store

#: Problems of what each corpus may have of its own.
_OF_A_CORPUS = ("coverage", "unknown-field", "unknown-label", "unknown-link", "unknown-role")


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


def refuse(problems: Sequence[Problem], undone: str, store: Store | None = None) -> int:
    """Says on stderr why nothing was done, and what of the `store` may explain it; the exit code."""
    for line in text(problems):
        sys.stderr.write(line + "\n")
    sys.stderr.write(f"qantar: nothing was {undone}.\n")
    for line in advice(problems, store) if store is not None else ():
        sys.stderr.write(f"qantar: {line}\n")
    return InvalidCorpus.exit_code


def advice(problems: Iterable[Problem], store: Store) -> Iterator[str]:
    """The line that ends a report of labels, roles or layers that only another corpus knows."""
    if getattr(store, "borrowed", False) and any(problem.code in _OF_A_CORPUS for problem in problems):
        yield "No corpus was named, so the labels are those of the installed one; --corpus DIR takes those of another."


def interrupted(how: str) -> int:
    """Says on stderr that the command was interrupted, and `how` things stand; the exit code."""
    sys.stderr.write(f"qantar: interrupted; {how}.\n")
    return 3


def printable(line: str) -> str:
    """The line with control characters escaped: no name in a corpus can forge a line of the report."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)


def summary(errors: int, warnings: int) -> str:
    """The closing line."""
    if not errors and not warnings:
        return "No problems."
    return f"{number(errors, 'error')}, {number(warnings, 'warning')}."


def number(count: int, what: str) -> str:
    """`1 token`, `2 tokens`."""
    return f"{count} {what}{'' if count == 1 else 's'}"
