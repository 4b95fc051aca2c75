"""Documents of which some records could not be read, and what is known of those records."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qantar import decode
from qantar.store.native import id_of

if TYPE_CHECKING:
    from qantar.records import Document


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A document with its sound records, the layers that lack others, and the ids of these: None where one of them is not known."""

    document: Document
    layers: frozenset[str]
    left_out: frozenset[str] | None


def left_out(data: bytes | None, read: Collection[int]) -> set[str] | None:
    """The ids on the lines of a file that are not among those `read`, numbered from 1; None where one of them is not known."""
    found, numbers = set[str](), set(read)
    try:
        for number, line in decode.split(data or b""):
            if number not in numbers:
                name = id_of(line)
                if name is None:
                    return None
                found.add(name)
    except decode.Refused:
        return None
    return None if data is None else found


def lines_before_refusal(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(line number, line) of a file, up to a line that cannot be split off."""
    try:
        yield from decode.split(data)
    except decode.Refused:
        return
