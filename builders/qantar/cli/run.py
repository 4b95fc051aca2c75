"""Runs a command line and turns every outcome into an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from qantar.cli.app import parser
from qantar.cli.reporters import interrupted
from qantar.errors import QantarError


def run(words: Sequence[str]) -> int:
    """Runs the command line; errors go to stderr, never as a traceback for a user's mistake."""
    try:
        arguments = parser().parse_args(words)
        code: int = arguments.command(arguments)
    except SystemExit as leave:  # argparse has printed help, the version, or what is wrong
        return int(leave.code or 0)
    except KeyboardInterrupt:
        return interrupted("run the same command again")
    except QantarError as error:
        sys.stderr.write(f"qantar: {error}\n")
        return error.exit_code
    except BrokenPipeError:  # whoever read our output has seen enough
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 -- what is left to flush goes nowhere
        return 1
    except OSError as error:
        sys.stderr.write(f"qantar: {error.filename or 'the system'}: {error.strerror or error}. Check the path and its rights.\n")
        return 2
    return code
