"""Exceptions: a caller's mistake or the outside world. Faults of the data are `Problem` values instead.

QantarError                exit 2
├─ SourceError             an input is missing or cannot be read
│  └─ TextsRefused         texts that cannot be added, a line each
├─ SettingsError           corpus.toml or a corpus's own schema is wrong
├─ UnknownName             a name that is in none of our tables (LookupError)
├─ OutputError             a file or folder cannot be written
├─ CorpusBusy              another command is changing the corpus folder
├─ LayerExists             a layer that somebody may have worked on would be overwritten
├─ MissingDependency       an extra that a command needs is not installed
├─ WorkerError             a worker was killed or ran out of something
├─ HistoryError            git cannot say what was changed since a revision
├─ LabelError              a dataset whose label ids cannot be named
├─ InvalidCorpus           exit 1: the data has problems
├─ RecordsRefused          exit 1: records have no sure place in a new text
└─ ReleaseConflict         exit 1: the same version with other content

Ctrl-C stays a KeyboardInterrupt; the command line turns it into exit code 3.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qantar.likeness import hint
from qantar.problems import shortened

if TYPE_CHECKING:
    from qantar.problems import Problem


class QantarError(Exception):
    """Root of the package's exceptions: `fact` says what is so, `remedy` what to do; `str()` composes both."""

    exit_code = 2
    #: Whether the message has lines of its own making; else a line end in it is one of a name, and is escaped where it is printed.
    in_lines = False

    def __init__(self, fact: str, remedy: str = "") -> None:
        super().__init__(fact, remedy)
        self.fact = shortened(fact)
        self.remedy = shortened(remedy)

    def __str__(self) -> str:
        return f"{self.fact} {self.remedy}".strip()


class SourceError(QantarError):
    """An input is missing or cannot be read."""


class TextsRefused(SourceError):
    """Texts that cannot be added, a line each, in which names are escaped."""

    in_lines = True


class SettingsError(QantarError):
    """corpus.toml, or a schema or ontology that a corpus brings, is wrong."""


class UnknownName(QantarError, LookupError):
    """A name that is in none of our tables; says what exists and which is nearest."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = tuple(sorted(known))
        super().__init__(f"No {what} is called {name!r}.", f"{hint(name, self.known)}There are: {', '.join(self.known) or 'none'}.")


class OutputError(QantarError):
    """A file or folder cannot be written."""

    def __init__(self, path: Path, cause: OSError, remedy: str = "Nothing was written; free the place or choose another.") -> None:
        self.path = path
        self.cause = cause
        reason = os.strerror(cause.errno) if cause.errno else str(cause)
        super().__init__(f"Cannot write {path}: {reason}.", remedy)


class CorpusBusy(QantarError):
    """Another command is changing the corpus folder, and did not end in time."""

    def __init__(self, root: Path, seconds: float) -> None:
        fact = f"Another command is changing {root}; it did not end within {seconds:g} seconds, so nothing was changed."
        super().__init__(fact, "Run this one again when it has ended.")


class LayerExists(QantarError):
    """A layer that is there, and is no draft, or one that is not as it would be proposed anew, would be overwritten."""

    def __init__(self, layer: str, document: str, path: Path, *, draft: bool = False) -> None:
        if draft:
            fact = f"The draft of the layer {layer!r} of {document!r} is not what would be proposed anew ({path})."
            super().__init__(fact, "Somebody may have corrected it: remove the file to have it proposed anew.")
            return
        fact = f"The layer {layer!r} of {document!r} is there and is no draft ({path})."
        super().__init__(fact, 'Remove the file and its entry in the coverage, or mark the entry with "draft": true.')


class MissingDependency(QantarError):
    """An extra that a command needs is not installed; says how to install it."""

    def __init__(self, fact: str, extra: str) -> None:
        self.extra = extra
        super().__init__(fact, f"Install them: pip install 'qantar[{extra}]'")


class WorkerError(QantarError):
    """A worker was killed, or ended without a result."""


class HistoryError(QantarError):
    """git cannot say what was changed since a revision."""


class LabelError(QantarError):
    """The labels of a dataset cannot be named."""


class ScoringError(QantarError, ValueError):
    """What a metric was given cannot be scored."""


class InvalidCorpus(QantarError):
    """The data has problems of severity `error`."""

    exit_code = 1

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"The corpus has {len(self.problems)} problem(s).", "Mend them; `qantar check` lists them.")


class RecordsRefused(QantarError):
    """Records that have no sure place in the new text of their document."""

    exit_code = 1

    def __init__(self, document: str, count: int) -> None:
        super().__init__(f"{count} record(s) of {document!r} have no sure place in the new text, so nothing was written.", "See the plan.")


class ReleaseConflict(QantarError):
    """A sealed release of the same version holds other content."""

    exit_code = 1
