"""How commands tell of Problems: through a reporter, on a terminal in colour; and how a command ended."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from qantar.errors import InvalidCorpus
from qantar.problems import Problem

if TYPE_CHECKING:
    from qantar.reporting import View
    from qantar.store import Store

#: Problems of what each corpus may have of its own.
_OF_A_CORPUS = ("coverage", "unknown-field", "unknown-label", "unknown-link", "unknown-role")


def refuse(problems: Sequence[Problem], undone: str, store: Store, *, whole: bool = False) -> int:
    """Says on stderr why nothing was done, and what of the store may explain it; the exit code.

    Where the `whole` store was checked, also what of it could not be.
    """
    from qantar.reporting.as_text import as_text
    from qantar.unchecked import unchecked

    view = replace(view_of(store, sys.stderr), unchecked=unchecked(store, problems) if whole else ())
    for line in as_text(problems, view):
        sys.stderr.write(line + "\n")
    sys.stderr.write(f"qantar: nothing was {undone}.\n")
    for line in advice(problems, store):
        sys.stderr.write(f"qantar: {line}\n")
    return InvalidCorpus.exit_code


def advice(problems: Iterable[Problem], store: Store) -> Iterator[str]:
    """The line that ends a report of labels, roles or layers that only another corpus knows."""
    if getattr(store, "borrowed", False) and any(problem.code in _OF_A_CORPUS for problem in problems):
        yield "No corpus was named, so the labels are those of the installed one; --corpus DIR takes those of another."


def interrupted(how: str) -> int:
    """Says on stderr that the command was interrupted, and `how` things stand; the exit code."""
    sys.stderr.write(f"qantar: interrupted; {how}.\n")
    return 3


def view_of(store: Store, stream: TextIO) -> View:
    """How a report looks on this stream: as wide as a terminal, and in colour unless NO_COLOR or TERM=dumb ask for none."""
    from qantar.reporting import View

    view = View(store, (Path.cwd(),))
    if not stream.isatty() and "FORCE_COLOR" not in os.environ:
        return view
    from rich.console import Console
    from rich.style import Style

    console = Console(file=stream)
    wide = replace(view, width=console.width) if stream.isatty() else view
    if console.color_system is None or console.no_color or console.legacy_windows:
        return wide
    return replace(wide, paint=lambda text, style: Style.parse(style).render(text))


def for_programs(view: View) -> View:
    """The same with paths as programs want them: in a workflow, from the root of its repository."""
    workspace = os.environ.get("GITHUB_WORKSPACE")
    return replace(view, roots=(Path(workspace), *view.roots)) if workspace else view
