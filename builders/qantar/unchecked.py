"""What a check left out for want of what could not be read, so that nobody takes the rest of a corpus for sound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qantar.problems import Problem
from qantar.rules import READER_CODES
from qantar.store import Folder, NativeFile, ReleaseFolder
from qantar.store.layout import DOCUMENTS, GAZETTEER

if TYPE_CHECKING:
    from qantar.store import Store
    from qantar.store.incomplete import Incomplete

_UNREAD = frozenset(code for codes in READER_CODES.values() for code in codes)
#: After such a line nothing of its file is read.
_LAST = frozenset(["blank-line", "line-too-long"])
#: Parts that a line of a report names.
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A part that was not checked: `fact` names it; a document where it is of one that is known, and its layers that lack records."""

    fact: str
    document: str | None = None
    layers: tuple[str, ...] = ()


def unchecked(store: Store, problems: Iterable[Problem]) -> tuple[Unchecked, ...]:
    """What was left out when the store was checked above level 2; `problems` are all that were found."""
    faults = [problem for problem in problems if problem.code in _UNREAD and problem.place is not None]
    if isinstance(store, ReleaseFolder):
        return (Unchecked("the whole release"),) if store.problems else ()
    if isinstance(store, NativeFile):
        return (*_lines(faults, store.path.name), *_links(faults))
    return tuple(_of_folder(store, faults)) if store.problems else ()


def told(parts: Sequence[Unchecked]) -> str:
    """The parts as one line of a report."""
    more = f"; and {len(parts) - _SHOWN} more" if len(parts) > _SHOWN else ""
    return f"Not checked until the errors above are mended: {'; '.join(part.fact for part in parts[:_SHOWN])}{more}."


def _of_folder(store: Folder, faults: Iterable[Problem]) -> Iterator[Unchecked]:
    faults = list(faults)
    yield from _lines(faults, DOCUMENTS)
    yield from (Unchecked(f"{name!r}, of which there is no text to read", name) for name in store.textless)
    yield from (_of_incomplete(one) for one in store.incomplete if one.layers)
    for name, one in store.passes.items():
        yield from (Unchecked(f"in {left.id!r} of the pass {name!r}, all but offsets and quotes", left.id) for left in one.partial)
    yield from _links(faults)
    yield Unchecked("what spans documents")


def _of_incomplete(one: Incomplete) -> Unchecked:
    layers = tuple(sorted(one.layers))
    return Unchecked(f"in {one.document.id!r}, what takes every record of {' and '.join(layers)}", one.document.id, layers)


def _lines(faults: Iterable[Problem], file: str) -> Iterator[Unchecked]:
    """The documents on lines of a file that could not be read."""
    found = sorted(
        {(fault.place.line, fault.code in _LAST) for fault in faults if fault.place and fault.place.file == file and fault.place.line}
    )
    for number, is_last in found:
        yield Unchecked(f"every document from line {number} of {file} on" if is_last else f"the document on line {number} of {file}")


def _links(faults: Iterable[Problem]) -> Iterator[Unchecked]:
    if any(fault.place and fault.place.file == GAZETTEER for fault in faults):
        yield Unchecked("links to the gazetteer")
