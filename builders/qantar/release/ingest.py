"""Reads a store, checks what needs the whole corpus in view, and sorts documents into shards."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import msgspec

from qantar.checking import read_checked
from qantar.index import Index, build_index
from qantar.problems import Problem, has_errors
from qantar.release.consistency import consistency_of
from qantar.schema.sources import Json
from qantar.store import NativeFile, Store
from qantar.store.gate import encode


@dataclass(frozen=True, slots=True)
class Spool:
    """The documents of one shard as native lines in a file, and the line of the source that each came from."""

    path: Path
    digest: str
    documents: frozenset[str]
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ingested:
    """What a store holds: spools by rank, index, problems; `checked` says whether levels 3 to 5 were checked already.

    `consistency` is the comparison of its passes, as JSON.
    """

    spools: tuple[Spool, ...]
    index: Index
    files: frozenset[str]
    problems: tuple[Problem, ...]
    checked: bool
    consistency: Json | None = None


def shard_of(document: str, count: int) -> int:
    """Rank of a document's shard: the top bits of the SHA-256 of its id. `count` is a power of two."""
    top = int.from_bytes(hashlib.sha256(document.encode()).digest()[:8], "big")
    return top >> (64 - (count.bit_length() - 1)) if count > 1 else 0


def ingest(store: Store, spool: Path) -> Ingested:
    """Reads the store into spools in the folder `spool`, which exists and is empty."""
    if isinstance(store, NativeFile):
        return _ingest_native(store, spool)
    corpus, problems = read_checked(store)
    index = Index() if has_errors(problems) else build_index(corpus)
    files = frozenset(name for name in ("clusters", "alignments", "links") if getattr(corpus, name) is not None)
    lines = ((0, document.id, encode(document)) for document in corpus.documents.values())
    consistency = None if has_errors(problems) else consistency_of(store, corpus)
    return Ingested(_spool(lines, spool, corpus.settings.shards), index, files, tuple(problems), True, consistency)


def _ingest_native(store: NativeFile, spool: Path) -> Ingested:
    spools = _spool(store.identified(), spool, store.settings.shards)
    return Ingested(
        spools,
        Index(gazetteer={name: msgspec.to_builtins(entry) for name, entry in store.gazetteer().items()}),
        frozenset(),
        tuple(store.problems),
        False,
    )


def _spool(lines: Iterator[tuple[int, str, bytes]], folder: Path, count: int) -> tuple[Spool, ...]:
    paths = [folder / f"{rank:05d}.jsonl" for rank in range(count)]
    digests = [hashlib.sha256() for _ in paths]
    names: list[set[str]] = [set() for _ in paths]
    numbers: list[list[int]] = [[] for _ in paths]
    with ExitStack() as stack:
        files: dict[int, IO[bytes]] = {}
        for number, name, line in lines:
            rank = shard_of(name, count)
            if rank not in files:
                files[rank] = stack.enter_context(paths[rank].open("wb"))
            files[rank].write(line + b"\n")
            digests[rank].update(line + b"\n")
            names[rank].add(name)
            numbers[rank].append(number)
    return tuple(
        Spool(path, digest.hexdigest(), frozenset(found), tuple(at))
        for path, digest, found, at in zip(paths, digests, names, numbers, strict=True)
    )
