"""`qantar path`."""

from __future__ import annotations

import sys

from qantar.cli.building import show_progress
from qantar.cli.reporters import interrupted
from qantar.installed import path


def print_path() -> int:
    """Prints the folder; that it is built, and how far, goes to stderr."""
    try:
        found = path(progress=_announce)
    except KeyboardInterrupt:
        return interrupted("nothing was kept, run the same command again")
    sys.stdout.write(f"{found}\n")
    return 0


def _announce(done: int, total: int) -> None:
    if not done:
        sys.stderr.write("qantar: building the release of the installed corpus\n")
    show_progress(done, total)
