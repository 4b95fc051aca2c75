"""Compares a release with its manifest: the files that are there, their digests, and those of each table's logical columns."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, get_args

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from qantar.files import read
from qantar.problems import Place, Problem
from qantar.store.layout import README

MANIFEST = "manifest.json"
#: What a manifest calls the form of its release.
Format = Literal["qantar-release/1"]
RELEASE_FORMAT: str = get_args(Format)[0]
AGAIN = "Get the release again, or build it again."
SPLIT = "train"
#: Files that may be missing and are told one by one.
_MOST = 10_000
#: Files that the manifest lists and `content` does not stand for: they follow from the others.
_DERIVED = (README, "CITATION.cff", "reports.csv")


class SealedTable(msgspec.Struct, frozen=True):
    """What a manifest says of one table: its rows, and the joint digest of its shards."""

    rows: Annotated[int, msgspec.Meta(ge=0)]
    digest: str


class Manifest(msgspec.Struct, frozen=True):
    """The part of a manifest that a release is compared with."""

    format: Format
    content: str
    shards: Annotated[int, msgspec.Meta(ge=1, le=65536)]
    tables: dict[str, SealedTable]
    files: dict[str, str]


def shard_file(table: str, rank: int, shards: int) -> str:
    """Where a shard of a table lies in a release."""
    return f"data/{table}/{SPLIT}-{rank:05d}-of-{shards:05d}.parquet"


def content_digest(tables: Mapping[str, object], files: Mapping[str, str]) -> str:
    """Digest of what a release holds: `rows` and `digest` of its tables, and the digests of its other files."""
    sources = {name: digest for name, digest in files.items() if name not in _DERIVED}
    return hashlib.sha256(json.dumps([tables, sources], sort_keys=True).encode()).hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def damage(root: Path) -> Iterator[Problem]:
    """Every difference between a release and its manifest.

    Hidden files and folders (`.gitattributes`, `.cache/`) are not of the release: hosts and tools leave them, loaders pass them by.
    """
    manifest = _manifest(root)
    if isinstance(manifest, Problem):
        yield manifest
        return
    if content_digest(msgspec.to_builtins(manifest.tables), manifest.files) != manifest.content:
        yield _damaged(MANIFEST, f"{MANIFEST} lists other digests than those it was sealed with")
    found = _files(root)
    listed = manifest.shards * len(manifest.tables)
    if listed > len(found) + _MOST:  # else a short manifest could name more files than memory holds
        yield _damaged(MANIFEST, f"{MANIFEST} lists {listed:,} files of tables, {len(found):,} files are there")
        return
    expected = {MANIFEST, *manifest.files, *(name for table in manifest.tables for name in _shards(table, manifest))}
    for name in sorted(found - expected):
        yield _damaged(name, f"{name} is no file of the release", "Remove it, or get the release again.")
    for name in sorted(expected - found):
        yield _damaged(name, f"{name} is missing")
    for name, digest in manifest.files.items():
        if name in found and file_digest(root / name) != digest:
            yield _damaged(name, f"{name} does not have the bytes that were sealed")
    for table in manifest.tables:
        if found.issuperset(_shards(table, manifest)):
            yield from _table_damage(root, table, manifest)


def _manifest(root: Path) -> Manifest | Problem:
    """The manifest, or what is wrong with it."""
    try:
        return msgspec.json.decode(read(root / MANIFEST), type=Manifest)
    except FileNotFoundError:
        return _damaged(MANIFEST, f"{MANIFEST} is missing")
    except OSError as error:
        return _damaged(MANIFEST, f"{MANIFEST} cannot be read: {error.strerror}")
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        return _damaged(MANIFEST, f"{MANIFEST} has another form: {error}")


def _table_damage(root: Path, table: str, manifest: Manifest) -> Iterator[Problem]:
    from qantar.release.digest import joint_digest, table_digest  # the room of releases reads stores

    names, sealed = _shards(table, manifest), manifest.tables[table]
    where = names[0] if len(names) == 1 else f"data/{table}"
    rows, digests = 0, []
    for name in names:
        try:
            shard = pq.ParquetFile(root / name).read()
            digests.append(table_digest(shard))
        except (OSError, pa.ArrowException, TypeError, ValueError) as error:  # also columns of types that no table has
            yield _damaged(name, f"{name} cannot be read: {str(error).rstrip('.')}")
            return
        rows += shard.num_rows
    if rows != sealed.rows:
        yield _damaged(where, f"{where} has {rows} rows, {sealed.rows} were sealed")
    elif joint_digest(digests) != sealed.digest:
        yield _damaged(where, f"{where} does not hold the values that were sealed")


def _shards(table: str, manifest: Manifest) -> list[str]:
    return [shard_file(table, rank, manifest.shards) for rank in range(manifest.shards)]


def _files(root: Path) -> set[str]:
    paths = (path for path in root.rglob("*") if path.is_file())
    names = (path.relative_to(root) for path in paths)
    return {name.as_posix() for name in names if not any(part.startswith(".") for part in name.parts)}


def _damaged(file: str, fact: str, remedy: str = AGAIN) -> Problem:
    return Problem("damaged-release", fact, remedy, place=Place(file))
