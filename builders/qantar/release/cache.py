"""A folder of sealed releases by key: each is built once, by one process, and appears by one rename."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from qantar.store.sealed import file_digest

LOCK = ".lock"
SCRATCH = ".scratch"
#: Beside each release: the SHA-256 of its files, in the form that `sha256sum --check` reads.
SUMS = "SHA256SUMS"
#: How many releases stay, the one in use included. A process that streams from one may still run when the next is built.
KEPT = 8

Make = Callable[[Path], object]


def cached(folder: Path, key: str, name: str, make: Make) -> Path:
    """The release `<folder>/<key>/<name>`: found whole, else built there by `make`, which gets the path to write it to.

    Processes that ask at once wait for the first. What is found is used only if every byte is what was sealed; else it is built
    again. A release that is whole needs no right to write. Raises OSError, and whatever `make` raises.
    """
    place = folder / key
    if not _whole(place, name):
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / LOCK):  # the system frees it when its holder dies
            if not _whole(place, name):  # nobody built it while we waited
                _fill(folder, place, name, make)
    with contextlib.suppress(OSError):  # not ours to write: then whoever owns it decides what stays
        os.utime(place)
    return place / name


def _whole(place: Path, name: str) -> bool:
    try:
        return (place / SUMS).read_bytes() == _sums(place / name)
    except OSError:
        return False


def _sums(release: Path) -> bytes:
    files = sorted(path for path in release.rglob("*") if path.is_file())
    return "".join(f"{file_digest(path)}  {path.relative_to(release.parent).as_posix()}\n" for path in files).encode()


def _fill(folder: Path, place: Path, name: str, make: Make) -> None:
    """Builds in the scratch folder, which belongs to whoever holds the lock: what lies there is a dead build's."""
    scratch = folder / SCRATCH
    if scratch.exists():
        shutil.rmtree(scratch)
    built, whole = scratch / "build" / name, scratch / "whole"
    try:
        built.parent.mkdir(parents=True)
        whole.mkdir()
        make(built)
        built.rename(whole / name)
        (whole / SUMS).write_bytes(_sums(whole / name))
        if place.exists():
            place.rename(scratch / "damaged")
        whole.rename(place)
        others = [old for old in _by_use(folder) if old != place]  # whatever the clock says, this one is in use
        for old in others[KEPT - 1 :]:
            with contextlib.suppress(OSError):
                old.rename(scratch / old.name)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _by_use(folder: Path) -> list[Path]:
    """Places of releases, the last used first."""
    places = [path.parent for path in folder.glob(f"*/{SUMS}") if path.parent.name != SCRATCH]
    return sorted(places, key=lambda place: place.stat().st_mtime_ns, reverse=True)
