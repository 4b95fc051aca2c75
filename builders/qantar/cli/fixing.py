"""`qantar fix`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from qantar.canonical import Difference
from qantar.cli.places import folder_named
from qantar.cli.reporters import view_of
from qantar.fixing import Fixed, fix
from qantar.reporting.as_text import as_text
from qantar.store import Folder
from qantar.wording import number, printable


def fix_and_report(source: Path | None, *, corpus: Path | None, check: bool) -> int:
    """Rewrites files, or only says what would change, and lists every change; 1 where files were left alone or would change."""
    folder = folder_named(source, corpus)
    fixed = fix(folder, write=not check)
    for line in _result(fixed, folder, check=check):
        sys.stdout.write(line + "\n")
    return int(bool(fixed.left) or (check and bool(fixed.changes)))


def _result(fixed: Fixed, folder: Folder, *, check: bool) -> Iterator[str]:
    for file, found in fixed.changes.items():
        yield printable(f"{file}: {_what(found, check=check)}")
    if fixed.left:
        yield from as_text(fixed.left, view_of(folder, sys.stdout))
        yield "Files with problems were left alone: mend them, then run `qantar fix` again."
    if fixed.changes:
        yield f"{number(len(fixed.changes), 'file')} {'to rewrite' if check else 'rewritten'}."
    else:
        yield "Every other file is canonical." if fixed.left else "Every file is canonical."


def _what(found: Difference, *, check: bool) -> str:
    parts = ((found.rewritten, "line", "to rewrite" if check else "rewritten"), (found.moved, "record", "to move" if check else "moved"))
    return ", ".join(f"{number(count, what)} {done}" for count, what, done in parts if count)
