"""The formats: each reads and/or writes Documents and says what it carries. A format never talks to another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from qantar.formats import frames, native
from qantar.store import Store


@dataclass(frozen=True, slots=True)
class Format:
    """A format: `write(store, out, replace)` returns how many documents it wrote; `carries` says what survives.

    `replace` says whether a file that is there gives way.
    """

    name: str
    carries: str
    write: Callable[[Store, Path, bool], int]


FORMATS: dict[str, Format] = {
    form.name: form
    for form in (
        Format("frames", "events as rows of the events table, labels as names", frames.write),
        Format("native", "everything inside documents", native.write),
    )
}
