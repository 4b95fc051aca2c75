"""Runs a command line and turns every outcome into an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from qantar.cli.app import parser
from qantar.cli.reporters import interrupted
from qantar.errors import QantarError
from qantar.wording import printable


def run(words: Sequence[str]) -> int:
    """Runs the command line; errors go to stderr, never as a traceback for a user's mistake."""
    try:
        code = _run(words)
    except SystemExit as leave:  # argparse has printed help, the version, or what is wrong
        return int(leave.code or 0)
    except KeyboardInterrupt:
        return interrupted("run the same command again")
    except QantarError as error:
        sys.stderr.write(f"qantar: {error if error.in_lines else printable(str(error))}\n")
        return error.exit_code
    except BrokenPipeError:  # whoever read our output has seen enough
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 -- what is left to flush goes nowhere
        return 1
    except OSError as error:
        sys.stderr.write(f"qantar: {error.filename or 'the system'}: {error.strerror or error}. Check the path and its rights.\n")
        return 2
    return code


def _run(words: Sequence[str]) -> int:
    """Parses and runs. What a command does not know is said with that command's usage, and no command at all with the help."""
    arguments, unknown = parser().parse_known_args(words)
    if unknown:
        arguments.parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    if arguments.command is None:
        arguments.parser.print_help(sys.stderr)
        return 2
    code: int = arguments.command(arguments)
    return code
