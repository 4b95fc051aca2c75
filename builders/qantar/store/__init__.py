"""Where corpora lie: folders, native files and releases, all read as the same Documents."""

from __future__ import annotations

from pathlib import Path

from qantar.errors import SourceError
from qantar.store.folder import Folder
from qantar.store.native import NativeFile, is_native
from qantar.store.release import ReleaseFolder, reads_as_release

Store = Folder | NativeFile | ReleaseFolder


def open_store(path: Path, *, corpus: Path | None = None) -> Store:
    """The store at `path`; `corpus` gives the settings of a native file. Raises SourceError."""
    if not path.exists():
        raise SourceError(f"{path} does not exist.", "Name a corpus folder, a release or a native .jsonl file.")
    if is_native(path):
        return NativeFile(path, corpus=corpus)
    if path.is_file():
        remedy = "Native files end in .jsonl, .jsonl.gz or .jsonl.zst. Convert other formats to a corpus folder or to native JSONL first."
        raise SourceError(f"{path} is no native file.", remedy)
    return ReleaseFolder(path) if reads_as_release(path) else Folder(path)


__all__ = ["Folder", "NativeFile", "ReleaseFolder", "Store", "open_store"]
