"""Which corpus a command is about: the one that is named, else the one where it runs. Never one by surprise."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from qantar.errors import SourceError
from qantar.settings import has_settings

if TYPE_CHECKING:
    from qantar.store import Folder, Store

_REMEDY = "Name one, or start one with `qantar new DIR`"


def store_of(source: Path | None, *, corpus: Path | None, installed: bool) -> Store:
    """The store that SOURCE, --corpus or --installed name, else the corpus here, which is then said on stderr.

    Raises SourceError where nothing is named and no corpus is here, or where two are named.
    """
    from qantar.resources import data_dir
    from qantar.store import NativeFile, open_store

    if installed:
        if source or corpus:
            raise SourceError("--installed names a corpus, and so does another argument.", "Give one of them.")
        return open_store(data_dir("corpus"))
    if source is None:
        return open_store(corpus or _announced(_here(f"{_REMEDY}; --installed is the corpus that came with qantar.")))
    store = open_store(source, corpus=corpus)
    if corpus is not None and not isinstance(store, NativeFile):
        raise SourceError(f"{source} has settings of its own; --corpus gives those of a native file.", "Give one of the two.")
    return store


def folder_of(corpus: Path | None) -> Folder:
    """The corpus folder to change: the one named, else the one here. Raises SourceError."""
    from qantar.store import Folder

    return Folder(corpus or _here(f"{_REMEDY}; --corpus DIR names it."))


def folder_named(source: Path | None, corpus: Path | None) -> Folder:
    """The corpus folder that CORPUS or --corpus names, else the one here, which is then said on stderr.

    Raises SourceError where it is no folder, or where two are named.
    """
    from qantar.store import Folder, open_store

    if source is not None and corpus is not None:
        raise SourceError("--corpus names a corpus, and so does another argument.", "Give one of them.")
    named = source or corpus or _announced(_here(f"{_REMEDY}; CORPUS or --corpus DIR names it."))
    store = open_store(named)
    if not isinstance(store, Folder):
        kind = "a native file" if named.is_file() else "a release, which is sealed"
        raise SourceError(f"{named} is {kind}, no corpus folder.", "Name a corpus folder.")
    return store


def _here(remedy: str) -> Path:
    """The corpus that this folder is, holds as `corpus`, or lies in."""
    current = Path.cwd()
    found = next(filter(has_settings, (current, current / "corpus", *current.parents)), None)
    if found is None:
        raise SourceError("There is no corpus here.", remedy)
    return Path(os.path.relpath(found))


def _announced(path: Path) -> Path:
    where = "the corpus in this folder" if path == Path() else path.as_posix() if path.parts[0] == ".." else f"./{path.as_posix()}"
    sys.stderr.write(f"qantar: using {where}\n")
    return path
