"""`qantar export`."""

from __future__ import annotations

import sys
from pathlib import Path

from qantar.checking import check
from qantar.cli.reporters import refuse
from qantar.errors import UnknownName
from qantar.formats import FORMATS
from qantar.store import Store
from qantar.wording import number


def export_and_report(name: str, store: Store, out: Path, *, replace: bool) -> int:
    """Writes the documents of a store that has no errors; says how many."""
    if name not in FORMATS:
        raise UnknownName("format", name, FORMATS)
    problems = [problem for problem in check(store) if problem.severity == "error"]
    if problems:
        return refuse(problems, "exported", store, whole=True)
    count = FORMATS[name].write(store, out, replace)
    sys.stdout.write(f"{number(count, 'document')} written to {out} as {name}.\n")
    return 0
