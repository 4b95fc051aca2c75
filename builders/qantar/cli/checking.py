"""`qantar check`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from qantar.checking import check
from qantar.cli.reporters import advice, printable, text
from qantar.errors import SourceError
from qantar.problems import Problem, has_errors
from qantar.store import Folder, Store

if TYPE_CHECKING:
    from qantar.touched import Checked


def check_and_report(store: Store, *, since: str | None = None) -> int:
    """Prints every problem, or those of what was changed since a revision; 1 where one is an error."""
    problems = check(store) if since is None else _changed(store, since)
    for line in text(problems):
        sys.stdout.write(line + "\n")
    for line in advice(problems, store):
        sys.stdout.write(line + "\n")
    return int(has_errors(problems))


def _changed(store: Store, since: str) -> list[Problem]:
    """The problems of what was changed; says on stderr how much that was."""
    from qantar.changes import changed_since
    from qantar.touched import check_touched

    if not isinstance(store, Folder):
        raise SourceError("--changed-since is about corpus folders.", "Check a native file or a release as a whole.")
    checked = check_touched(store, changed_since(store.root, since))
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
