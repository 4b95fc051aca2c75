"""Spoils good input, and sees that nothing else was touched."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any


def swap(path: Path, old: str, new: str) -> None:
    """Replaces the first place of `old`, which must be there."""
    text = path.read_bytes().decode("utf-8")
    assert old in text, f"{path.name} has no {old!r}"
    path.write_bytes(text.replace(old, new, 1).encode("utf-8"))


def alter(path: Path, line: int, change: Callable[[Any], None]) -> None:
    """Changes the JSON value on one line (from 1)."""
    lines = path.read_bytes().decode("utf-8").split("\n")
    value = json.loads(lines[line - 1])
    change(value)
    lines[line - 1] = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    path.write_bytes("\n".join(lines).encode("utf-8"))


def tree(folder: Path) -> dict[str, bytes | None]:
    """Bytes of every file under a folder by relative path; None for folders."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None for path in sorted(folder.rglob("*"))}


def stamps(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Inode, size and time of change of everything under a folder: cheaper than its bytes."""
    found = {path.relative_to(folder).as_posix(): path.lstat() for path in folder.rglob("*")}
    return {name: (stat.st_ino, stat.st_size, stat.st_mtime_ns) for name, stat in found.items()}


def visible(folder: Path) -> list[str]:
    """Names in a folder, without the hidden cache; none where there is no folder."""
    return sorted(path.name for path in folder.iterdir() if path.name != ".qantar") if folder.exists() else []
