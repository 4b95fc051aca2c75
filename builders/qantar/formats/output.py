"""Writes one JSON value a document: a folder of .json files, or one JSONL file, plain or compressed."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from qantar.errors import OutputError, SourceError
from qantar.store.native import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator


def write_documents(documents: Iterable[tuple[str, bytes]], out: Path, *, replace: bool = False) -> int:
    """Writes (id, JSON) pairs to `out`; returns how many. A file that is there gives way only with `replace`, a folder never.

    Raises SourceError where something is in the way, OutputError.
    """
    try:
        if out.name.endswith(SUFFIXES):
            return _write_file(documents, out, replace=replace)
        return _write_folder(documents, out)
    except OSError as error:
        raise OutputError(out, error) from error


def _write_folder(documents: Iterable[tuple[str, bytes]], out: Path) -> int:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise SourceError(f"{out} is there and not empty.", "Name a new folder, or a file that ends in .jsonl.")
    parts = out.with_name(f".{out.name}.tmp")
    shutil.rmtree(parts, ignore_errors=True)
    count = 0
    try:
        parts.mkdir(parents=True)
        for name, line in documents:
            (parts / f"{name}.json").write_bytes(line + b"\n")
            count += 1
        if out.exists():
            out.rmdir()
        parts.rename(out)
    finally:
        shutil.rmtree(parts, ignore_errors=True)
    return count


def _write_file(documents: Iterable[tuple[str, bytes]], out: Path, *, replace: bool) -> int:
    if out.is_file() and not replace:
        raise SourceError(f"{out} is there.", "Use --replace to write it anew, or name another file.")
    count = 0
    parts = out.with_name(f".{out.name}.tmp")
    try:
        with _stream(parts, out.name) as stream:
            for _, line in documents:
                stream.write(line + b"\n")
                count += 1
        parts.replace(out)
    finally:
        parts.unlink(missing_ok=True)
    return count


@contextmanager
def _stream(path: Path, name: str) -> Iterator[Any]:
    with path.open("wb") as raw:
        if name.endswith(".gz"):
            with gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed:  # no name, no time: the same bytes each time
                yield packed
        elif name.endswith(".zst"):
            with pa.CompressedOutputStream(raw, "zstd") as packed:
                yield packed
        else:
            yield raw
