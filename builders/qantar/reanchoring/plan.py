"""What became of each record when its text changed, and the files that would say so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from qantar.align import Located
from qantar.errors import RecordsRefused, SourceError
from qantar.files import bytes_of
from qantar.reanchoring.texts import Spans
from qantar.store.lock import WriteLock
from qantar.store.together import replace_together


@dataclass(frozen=True, slots=True)
class Move:
    """What became of a record, or of the part of it at `path` (JSONPath); offsets in code points, half-open.

    `same`: nothing changed. `moved`: the same words at other offsets, or with other white space. `changed`: other words, as like the
    old ones as `score` says (0 to 1). `removed`: a zone, sentence or token whose text was deleted. `added`: a sentence or token
    proposed for new text (a sentence has no `line` yet). `old_quote` and `new_quote` are None where the record does not quote its text.
    """

    file: str
    line: int | None
    record: str
    path: str
    status: Literal["same", "moved", "changed", "removed", "added"]
    old: Spans
    new: Spans
    score: float = 1.0
    old_quote: str | None = None
    new_quote: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record, or the part of it at `path`, that has no sure place in the new text: why, where it may be, and what to do.

    `lost`: its text was deleted. `ambiguous`: several places are equally good, or its border cannot be placed. `candidates` are
    spans with the text that they cover.
    """

    file: str
    line: int | None
    record: str
    path: str
    status: Literal["lost", "ambiguous"]
    old: Spans
    quote: str
    reason: str
    remedy: str
    candidates: tuple[tuple[Spans, str], ...] = ()


@dataclass(slots=True)
class Ledger:
    """Moves and refusals as they are found; the move of a whole record (`$`) is looked up by its id."""

    moves: list[Move] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    _whole: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, move: Move) -> None:
        """One more move."""
        if move.path == "$":
            self._whole.setdefault(move.record, {}).setdefault(move.file, len(self.moves))
        self.moves.append(move)

    def of(self, record: str, file: str | None = None) -> Move | None:
        """The move of a whole record; of several records of one id, the first, or that in the file."""
        places = self._whole.get(record, {})
        at = next(iter(places.values()), None) if file is None else places.get(file)
        return None if at is None else self.moves[at]

    def change(self, move: Move, changed: Move) -> None:
        """Puts a move in the place of that of the same record."""
        self.moves[self._whole[move.record][move.file]] = changed


@dataclass(frozen=True, slots=True)
class Plan:
    """The move of a document's records from its text to a new one.

    `files` are the files of the corpus folder that change, with their new bytes; `before` holds what they held when the plan was made.
    """

    root: Path
    document: str
    moves: tuple[Move, ...]
    refused: tuple[Refusal, ...]
    files: Mapping[str, bytes]
    before: Mapping[str, bytes]

    def write(self) -> None:
        """Replaces the files, all of them or none.

        Raises RecordsRefused where records were refused, SourceError where a file has changed since the plan was made, CorpusBusy,
        OutputError.
        """
        if self.refused:
            raise RecordsRefused(self.document, len(self.refused))
        with WriteLock(self.root).held():
            for file, data in self.before.items():
                if bytes_of(self.root / file) != data:
                    raise SourceError(f"{self.root / file} has changed meanwhile, so nothing was written.", "Run the command again.")
            replace_together({self.root / file: data for file, data in self.files.items()})


def status_of(
    old: Spans, new: Spans, located: Iterable[Located], *, quotes: tuple[str, str] = ("", "")
) -> Literal["same", "moved", "changed"]:
    """What became of a record whose spans all have a place."""
    if any(one.status == "changed" for one in located):
        return "changed"
    return "same" if old == new and quotes[0] == quotes[1] else "moved"
