"""`qantar check`."""

from __future__ import annotations

import sys

from qantar.checking import check
from qantar.cli.reporters import advice, text
from qantar.problems import has_errors
from qantar.store import Store


def check_and_report(store: Store) -> int:
    """Prints every problem; 1 where one is an error."""
    problems = check(store)
    for line in text(problems):
        sys.stdout.write(line + "\n")
    for line in advice(problems, store):
        sys.stdout.write(line + "\n")
    return int(has_errors(problems))
