"""Checks what was changed in a corpus folder: documents, and the records across documents that are changed or point to them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qantar.changes import Changes
from qantar.checking import check, read_checked
from qantar.decode import Refused, split
from qantar.files import bytes_of
from qantar.problems import Problem
from qantar.rules import NOT_CANONICAL, RULES, UNUSED
from qantar.schema.registry import ACROSS
from qantar.settings import FILE
from qantar.store.folder import Folder
from qantar.store.layout import DOCUMENTS, GAZETTEER, is_file_of
from qantar.store.native import id_of

if TYPE_CHECKING:
    from qantar.records import DocumentLine

#: What is found of no document and of no record across documents is of the whole corpus, of which a part was read.
_OF_RULES = {rule.code for rule in RULES} - {NOT_CANONICAL}
_SHARED = (DOCUMENTS, GAZETTEER)


@dataclass(frozen=True, slots=True)
class Checked:
    """The problems of what was changed, and how much that was; `everything` where no part of the corpus can be told apart."""

    problems: tuple[Problem, ...]
    everything: bool = False
    documents: int = 0
    removed: int = 0
    across: int = 0


def check_touched(folder: Folder, changes: Changes, *, level: int = 6) -> Checked:
    """The problems of what was changed up to `level`, placed, in order.

    Everything is checked where settings, schemas, labels or the gazetteer were changed. Else a document counts as changed where its
    line, text or a layer is; a record across documents where its line is, or where it points to a changed or removed document: its
    other documents are read too. Faults of the bytes and shapes of files that all documents share always count.
    """
    if any(_concerns_all(folder, file) for file in changes.files):
        return Checked(tuple(check(folder, level=level)), everything=True)
    chosen = _Chosen(changes)
    _, problems = read_checked(folder, chosen.choose, level=level)
    return Checked(
        tuple(problem for problem in problems if chosen.has(problem)),
        documents=len(chosen.documents & chosen.known),
        removed=len(chosen.documents - chosen.known),
        across=sum(map(len, chosen.records.values())),
    )


@dataclass(slots=True)
class _Chosen:
    """Which documents and records across documents are to be checked; known once the shared files are read."""

    changes: Changes
    documents: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)
    records: dict[str, set[int]] = field(default_factory=dict)

    def choose(self, lines: Sequence[DocumentLine], files: Mapping[str, tuple[Any, ...] | None]) -> Collection[str]:
        """The documents to read: those that were changed, and those that a changed record points to beside them."""
        self.known = {line.id for line in lines}
        self.documents = _changed_lines(self.changes, DOCUMENTS)
        self.documents |= {name for name in map(_owner, self.changes.files) if name is not None}
        needed = set(self.documents)
        for file, records in files.items():
            self.records[file] = set()
            altered = _changed_lines(self.changes, file)
            for index, record in enumerate(records or ()):
                targets = set(_targets(record))
                if record.id in altered or targets & self.documents:
                    self.records[file].add(index)
                    needed |= targets
        return needed

    def has(self, problem: Problem) -> bool:
        """Whether a placed problem is one of what was changed, and one that takes no more than that to see."""
        if problem.code == UNUSED.code:  # what an excuse answers may be a rule that looks at the whole corpus
            return False
        file = problem.place.file if problem.place is not None else ""
        if problem.layer in ACROSS and problem.index is not None:
            return problem.index in self.records[file]
        if problem.document is not None:
            return problem.document in self.documents
        if problem.code in _OF_RULES:
            return False
        if file in _SHARED or file in self.records:
            return problem.severity == "error" or file in self.changes.files
        return _owner(file) in self.documents or any(one == file or one.startswith(f"{file}/") for one in self.changes.files)


def _concerns_all(folder: Folder, file: str) -> bool:
    own = tuple(f"{part.rstrip('/')}/" for part in folder.settings.schema.values())
    return file in (FILE, GAZETTEER) or file.startswith(own)


def _owner(file: str) -> str | None:
    """The document whose text or layer a file is, whether or not there is one."""
    name = file.rpartition("/")[2].partition(".")[0]
    return name if is_file_of(name, file) else None


def _targets(record: Any) -> Iterator[str]:
    """The ids of the documents that a record across documents points to."""
    for member in getattr(record, "members", ()):
        yield member.target.partition("#")[0]
    for end in ("head", "tail"):
        if hasattr(record, end):
            yield getattr(record, end).target.partition("#")[0]
    for side in ("a", "b"):
        if hasattr(record, side):
            yield getattr(record, side).document


def _changed_lines(changes: Changes, file: str) -> set[str]:
    """The ids of the records of a file whose line is new, gone or not what it was."""
    if file not in changes.files:
        return set()
    now, then = dict(_by_id(bytes_of(changes.root / file))), dict(_by_id(changes.old(file)))
    return {name for name in now.keys() | then.keys() if now.get(name) != then.get(name)}


def _by_id(data: bytes | None) -> Iterator[tuple[str, bytes]]:
    with suppress(Refused):  # of today's lines, the reader says what is wrong
        for _, line in split(data or b""):
            if name := id_of(line):
                yield name, line.rstrip(b"\r")
