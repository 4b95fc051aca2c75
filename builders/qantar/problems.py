"""Faults of the data as values: what is so, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Severity = Literal["error", "warning"]
#: The code of a text that is not the one that was annotated.
CHANGED = "hash-mismatch"
#: What stands in the place of a layer where a fault lies in the settings of the corpus: the stem of corpus.toml.
SETTINGS = "corpus"
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file: lines and columns count from 1, columns in characters."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault. Rules state `fact` and `remedy`; the runner adds the document, the store the place. Long words are shortened.

    `layer` and `index` (from 0) find the record in its document or corpus file, `record` is its id, `path` leads from
    the record to the offending value.
    """

    code: str
    fact: str
    remedy: str
    severity: Severity = "error"
    document: str | None = None
    layer: str | None = None
    index: int | None = None
    record: str | None = None
    path: Path = ()
    place: Place | None = None

    def __post_init__(self) -> None:
        for name in ("fact", "remedy"):
            object.__setattr__(self, name, shortened(getattr(self, name)))

    @property
    def json_path(self) -> str:
        """The path as JSONPath: `$.arguments[1].role`; long names are shortened."""
        return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{shortened(part, 100)}" for part in self.path)

    def at(self, place: Place) -> Problem:
        """The same problem, placed."""
        return replace(self, place=place)

    def sort_key(self) -> tuple[bool, str, int, int, str, str]:
        """Order of reports: texts that were changed, from which much may follow; then by place, then code."""
        place = self.place or Place("")
        return (self.code != CHANGED, place.file, place.line or 0, place.column or 0, self.code, self.fact)


def shortened(words: str, limit: int = 1_000) -> str:
    """Words of at most so many characters, the middle left out: a corpus may hold a name of any length, a report may not."""
    half = (limit - 1) // 2
    return words if len(words) <= limit else f"{words[:half]}…{words[-half:]}"


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether one of them is more than a warning."""
    return any(problem.severity == "error" for problem in problems)
