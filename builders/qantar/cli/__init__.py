"""The command line: it parses, calls one public function, prints through a reporter, and returns the exit code."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Entry point of `qantar`. Exit codes: 0 fine, 1 problems found, 2 wrong use or unreadable input, 3 interrupted."""
    from qantar.cli.run import run

    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: PTH123, SIM115 -- started without a place to write to
    sys.stderr = sys.stderr or sys.stdout
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a letter still gets the report
    sys.exit(run(sys.argv[1:]))
