"""Rewrites the files of a corpus folder in canonical form: what cannot be wrong to change, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from qantar.canonical import Difference
from qantar.errors import OutputError
from qantar.problems import Problem
from qantar.store.folder import Folder
from qantar.store.together import replace_together
from qantar.store.writing import lines_of


@dataclass(frozen=True, slots=True)
class Fixed:
    """What `fix` did: how each file that it rewrote differed, by name, and the problems of the files that it left alone."""

    changes: dict[str, Difference]
    left: tuple[Problem, ...]


def fix(folder: Folder, *, write: bool = True) -> Fixed:
    """Rewrites each file of records that is not canonical, whole or not at all; with `write` false says what would change.

    Files with faults of bytes, files or shapes are left alone; values of the others stay the same. Texts, settings and guidelines
    are never touched. Raises SourceError; CorpusBusy; OutputError, which says which files were written before and which were not.
    """
    with folder.lock.held() if write else nullcontext():
        return _fixed(folder, write=write)


def _fixed(folder: Folder, *, write: bool) -> Fixed:
    folder.read()
    left = sorted(
        (problem for problem in folder.problems if problem.place is None or _holds_records(problem.place.file)), key=Problem.sort_key
    )
    changes = dict(sorted(folder.uncanonical.items()))
    if write:
        _write(folder, list(changes))
    return Fixed(changes, tuple(left))


def _write(folder: Folder, files: Sequence[str]) -> None:
    for number, file in enumerate(files):
        records = folder.records(file)
        path = folder.path_of(file).resolve()  # a link that stays inside the corpus stays a link
        try:
            replace_together({path: lines_of(records)})
        except OutputError as error:
            raise OutputError(path, error.cause, _remedy(files[:number], files[number:])) from error


def _remedy(done: Sequence[str], undone: Sequence[str]) -> str:
    written = f"These were rewritten before: {', '.join(done)}. " if done else "Nothing was written. "
    return f"{written}These are as they were: {', '.join(undone)}. Free the place, then run the same command again."


def _holds_records(file: str) -> bool:
    return not file.startswith("raw/")
