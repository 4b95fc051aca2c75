"""`qantar check`."""

from __future__ import annotations

import sys
from dataclasses import replace

from qantar.checking import check
from qantar.cli.reporters import advice, for_programs, view_of
from qantar.errors import SourceError
from qantar.problems import Problem
from qantar.reporting import COUNTING, REPORTERS
from qantar.selection import Selection
from qantar.store import Store


def check_and_report(store: Store, selection: Selection, *, form: str, level: int, most: int, statistics: bool, fail_on: str) -> int:
    """Prints the selected problems up to a level in a form; 1 where one is as grave as `fail_on`.

    What is not of the form goes to stderr, unless the form is text.
    """
    if statistics and form not in COUNTING:
        raise SourceError(f"--statistics counts problems, which the format {form!r} lists.", f"Use the format {' or '.join(COUNTING)}.")
    problems = list(selection.of(check(store, level=level)))
    view = replace(view_of(store, sys.stdout), most=most, statistics=statistics)
    if form != "text":
        view = for_programs(view)
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    for line in REPORTERS[form](problems, view):
        sys.stdout.write(line + "\n")
    for line in advice(problems, store):
        (sys.stdout if form == "text" else sys.stderr).write(line + "\n")
    return int(_fails(problems, fail_on))


def _fails(problems: list[Problem], fail_on: str) -> bool:
    return any(problem.severity == "error" or fail_on == "warning" for problem in problems) and fail_on != "never"
