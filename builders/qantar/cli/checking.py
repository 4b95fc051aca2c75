"""`qantar check`."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from qantar.checking import check
from qantar.cli.reporters import advice, for_programs, view_of
from qantar.errors import SourceError
from qantar.problems import Problem
from qantar.reporting import COUNTING, REPORTERS
from qantar.rules import READER_CODES
from qantar.selection import Selection
from qantar.store import Folder, Store
from qantar.unchecked import unchecked
from qantar.wording import printable

if TYPE_CHECKING:
    from qantar.touched import Checked


def check_and_report(
    store: Store, selection: Selection, *, since: str | None, form: str, level: int, most: int, statistics: bool, fail_on: str
) -> int:
    """Prints the selected problems up to a level in a form, or those of what was changed `since` a revision; 1 where one is as grave as `fail_on`.

    What is not of the form goes to stderr, unless the form is text.
    """
    if statistics and form not in COUNTING:
        raise SourceError(f"--statistics counts problems, which the format {form!r} lists.", f"Use the format {' or '.join(COUNTING)}.")
    if not selection.may_find(level):
        raise SourceError("No rule is left: what is selected is ignored, or above --level.", "`qantar explain` lists the rules by level.")
    found = check(store, level=level) if since is None else _changed(store, since, level)
    problems = list(selection.of(found))
    left_out = unchecked(store, found) if level > max(READER_CODES) else ()
    view = replace(view_of(store, sys.stdout), most=most, statistics=statistics, unchecked=left_out)
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


def _changed(store: Store, since: str, level: int) -> list[Problem]:
    """The problems of what was changed; says on stderr how much that was."""
    from qantar.changes import changed_since
    from qantar.touched import check_touched

    if not isinstance(store, Folder):
        raise SourceError("--changed-since is about corpus folders.", "Check a native file or a release as a whole.")
    checked = check_touched(store, changed_since(store.root, since), level=level)
    sys.stderr.write(printable(f"qantar: changed since {since}: {_extent(checked)}") + "\n")
    return list(checked.problems)


def _extent(checked: Checked) -> str:
    if checked.everything:
        return "what concerns every document, so all is checked"
    counts = (
        (checked.documents, "document", "documents"),
        (checked.removed, "removed document", "removed documents"),
        (checked.across, "record across documents", "records across documents"),
    )
    return ", ".join(f"{count} {one if count == 1 else more}" for count, one, more in counts if count) or "nothing"
