"""What tests of releases share: variants of the tiny corpus, builds, folders as bytes, processes of their own."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from qantar.release import Built
from qantar.release import build as build_release
from qantar.release.ingest import shard_of
from qantar.store import open_store
from tiny import TWO, document_line, layers_of_two, write_corpus, write_lines

Json = dict[str, Any]
ACROSS = ("clusters", "alignments", "links")


def build(corpus: Path, target: Path, **options: Any) -> Built:
    """Builds a corpus in this process."""
    return build_release(open_store(corpus), target, **options)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder: its bytes by relative path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def different(one: dict[str, bytes], two: dict[str, bytes]) -> list[str]:
    """Names of the files that two folders do not share byte for byte."""
    return sorted(name for name in one.keys() | two.keys() if one.get(name) != two.get(name))


def finished_shards(out: Path) -> dict[str, tuple[int, int]]:
    """The finished shards in the cache beside a release, by name; a shard that is built anew has another mark."""
    stamps = {path.parent.name: path.stat() for path in (out / ".qantar").glob("*/shards/*/stamp.json")}
    return {name: (found.st_ino, found.st_mtime_ns) for name, found in stamps.items() if not name.endswith(".tmp")}


def manifest(release: Path) -> Json:
    """The manifest of a release."""
    found: Json = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    return found


def edit_lines(path: Path, change: Callable[[list[Json]], object]) -> None:
    """Changes the records of a JSONL file in place."""
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    change(records)
    write_lines(path, records)


def write_copies(root: Path, *, shards: int = 8, each: int = 1) -> Path:
    """The tiny corpus, with copies of its document `two` under other ids: no shard has fewer than `each` of them."""
    write_corpus(root, shards=shards)
    wanted = dict.fromkeys(range(shards), each)
    names = []
    for name in map("copy-{}".format, count()):
        rank = shard_of(name, shards)
        if wanted[rank]:
            wanted[rank] -= 1
            names.append(name)
        if not any(wanted.values()):
            break
    for name in names:
        (root / "raw" / f"{name}.txt").write_bytes(TWO.encode())
        for layer, records in layers_of_two().items():
            write_lines(root / "annotations" / layer / f"{name}.jsonl", records)
    edit_lines(root / "documents.jsonl", lambda lines: lines.extend(document_line(name, TWO, layers_of_two()) for name in names))
    return root


def write_alone(root: Path, **options: Any) -> Path:
    """The tiny corpus without the records that span its documents."""
    write_corpus(root, **options)
    for name in ACROSS:
        (root / f"{name}.jsonl").unlink()
    return root


def write_single(root: Path, text: str, layers: dict[str, list[Json]], **changes: Any) -> Path:
    """A corpus of one document, `only`, with these layers."""
    write_alone(root)
    shutil.rmtree(root / "annotations")
    shutil.rmtree(root / "raw")
    (root / "raw").mkdir()
    (root / "raw" / "only.txt").write_bytes(text.encode())
    for layer, records in layers.items():
        write_lines(root / "annotations" / layer / "only.jsonl", records)
    write_lines(root / "documents.jsonl", [document_line("only", text, layers, **changes)])
    return root


def replace_in(path: Path, old: str, new: str) -> None:
    """Replaces a text that stands in a file exactly once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path} holds {old!r} {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8", newline="")


# ---- processes of their own


@cache
def _bytecode() -> str:
    folder = tempfile.mkdtemp(prefix="qantar-bytecode-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def environment(**changes: str) -> dict[str, str]:
    """The environment for a process, with changes. Where bytecode is not kept, processes share a folder of it: they start in half the time."""
    found = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    kept = {"PYTHONPYCACHEPREFIX": _bytecode()} if sys.dont_write_bytecode else {}
    return {**found, **kept, **changes}


def command(*words: object, cwd: Path | None = None, **changes: str) -> subprocess.CompletedProcess[str]:
    """Runs `qantar` in a process of its own; `changes` are environment variables."""
    line = [sys.executable, "-m", "qantar", *map(str, words)]
    return subprocess.run(
        line, cwd=cwd, env=environment(**changes), check=False, capture_output=True, encoding="utf-8", errors="replace", timeout=120
    )
