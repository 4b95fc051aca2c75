"""What commands share of their arguments: where the corpus is, and values of several forms."""

from __future__ import annotations

from argparse import Action, ArgumentError, ArgumentParser, ArgumentTypeError, Namespace, _SubParsersAction
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qantar.errors import UnknownName

if TYPE_CHECKING:
    from qantar.store import Folder, Store

Run = Callable[[Namespace], int]
_SOURCE = "corpus folder, release, or native .jsonl[.gz|.zst] file (default: the corpus here)"


class Parser(ArgumentParser):
    """Names the nearest of the commands, or of the values of an option, where one does not exist."""

    def _check_value(self, action: Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            what = "command" if isinstance(action, _SubParsersAction) else str(action.metavar).lower()
            raise ArgumentError(None, str(UnknownName(what, value, action.choices)))

    def runs(self, run: Run) -> Run:
        """The function that runs this command, as a decorator: it takes the arguments, and returns the exit code."""
        self.set_defaults(command=run)
        return run


class Commands:
    """The commands below a parser."""

    def __init__(self, parent: Parser) -> None:
        self._added = parent.add_subparsers(title="commands", metavar="COMMAND")

    def add(self, name: str, text: str) -> Parser:
        """A new command; until `runs` says what runs it, it prints its help."""
        made: Parser = self._added.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.", allow_abbrev=False)
        made.set_defaults(command=None, parser=made)
        return made


def add_source(command: Parser) -> None:
    """SOURCE, --corpus and --installed of a command that reads a corpus: see `store`."""
    command.add_argument("source", type=Path, nargs="?", metavar="SOURCE", help=_SOURCE)
    command.add_argument("--corpus", type=Path, metavar="DIR", help="corpus folder; beside a native file, the one whose settings it takes")
    command.add_argument("--installed", action="store_true", help="the corpus that came with qantar")


def add_corpus(command: Parser) -> None:
    """--corpus of a command that changes a corpus folder: see `folder`."""
    command.add_argument("--corpus", type=Path, metavar="DIR", help="corpus folder to change (default: the corpus here)")


def store(arguments: Namespace) -> Store:
    """The store that the arguments of `add_source` name. Raises SourceError."""
    from qantar.cli.places import store_of

    return store_of(arguments.source, corpus=arguments.corpus, installed=arguments.installed)


def folder(arguments: Namespace) -> Folder:
    """The folder that the argument of `add_corpus` names. Raises SourceError."""
    from qantar.cli.places import folder_of

    return folder_of(arguments.corpus)


def listed(words: str) -> list[str]:
    """Words between commas."""
    return [word.strip() for word in words.split(",")]


def positive(word: str) -> int:
    """A number of processes."""
    return _number(word, "number of processes; give 1 or more", least=1)


def natural(word: str) -> int:
    """A number that may be 0."""
    return _number(word, "count; give 0 or more", least=0)


def level(word: str) -> int:
    """A level of rules."""
    return _number(word, "level; give 1 to 6", least=1, most=6)


def share(word: str) -> float:
    """A share between 0 and 1, neither of them."""
    try:
        found = float(word)
    except ValueError:
        found = 0.0
    if not 0 < found < 1:
        raise ArgumentTypeError(f"{word!r} is no share; give a number between 0 and 1, such as 0.95")
    return found


def _number(word: str, what: str, *, least: int, most: int | None = None) -> int:
    found = int(word) if word.isascii() and word.isdigit() and len(word) < 10 else None
    if found is None or found < least or (most is not None and found > most):
        raise ArgumentTypeError(f"{word!r} is no {what}")
    return found
