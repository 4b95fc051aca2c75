"""The parser of the command line: every command with its arguments."""

from __future__ import annotations

from qantar import __version__
from qantar.cli.arguments import Commands, Parser
from qantar.cli.commands import COMMANDS


def parser() -> Parser:
    """The parser of the whole command line; what runs the chosen command stands in `command`."""
    main = Parser("qantar", description="Annotated corpora as validated, versioned Hugging Face datasets.", allow_abbrev=False)
    main.add_argument("--version", action="version", version=f"qantar {__version__}")
    main.set_defaults(command=None, parser=main)
    commands = Commands(main)
    for define in COMMANDS:
        define(commands)
    return main
