"""Runs a command line and turns every outcome into an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def run(arguments: Sequence[str]) -> int:
    """Runs the command line; errors go to stderr, never as a traceback for a user's mistake."""
    import click
    from typer.main import get_command

    from qantar.cli.app import app
    from qantar.errors import QantarError

    try:
        result = get_command(app).main(list(arguments), prog_name="qantar", standalone_mode=False)
    except (KeyboardInterrupt, click.exceptions.Abort):
        sys.stderr.write("qantar: interrupted; finished shards are kept, run the same command again to go on.\n")
        return 3
    except QantarError as error:
        sys.stderr.write(f"qantar: {error}\n")
        return error.exit_code
    except click.exceptions.ClickException as error:
        error.show()
        return error.exit_code
    except OSError as error:
        sys.stderr.write(f"qantar: {error.filename or ''}: {error.strerror or error}\n")
        return 2
    return result if isinstance(result, int) else 0


__all__ = ["run"]
