"""Offsets in texts: those that count something else than characters (code points), as other tools do, and where two texts part."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import accumulate


def _utf16(text: str) -> Iterator[int]:
    return (2 if char > "\uffff" else 1 for char in text)


def _utf8(text: str) -> Iterator[int]:
    return (1 if char < "\x80" else 2 if char < "\u0800" else 3 if char <= "\uffff" else 4 for char in text)


def _lf(text: str) -> Iterator[int]:
    """The carriage return of CRLF counts nothing."""
    return (0 if char == "\r" and text[at + 1 : at + 2] == "\n" else 1 for at, char in enumerate(text))


#: The units by name: how much each character of a text counts.
UNITS: dict[str, Callable[[str], Iterator[int]]] = {
    "UTF-16 units": _utf16,
    "UTF-8 bytes": _utf8,
    "characters with CRLF as one": _lf,
}


class Offsets:
    """Converts the offsets of one text between characters and another unit of `UNITS`; made once a text, in time linear in it.

    An offset that lies inside a unit (between the halves of a surrogate pair, between the bytes of a letter, between CR and LF where
    they count as one), before the text or after it is no place in the text: both directions raise ValueError for it.
    """

    def __init__(self, text: str, unit: str) -> None:
        self.unit = unit
        self._borders = list(accumulate(UNITS[unit](text), initial=0))

    def to_characters(self, offset: int) -> int:
        """The offset in characters of an offset in the unit."""
        at = bisect_left(self._borders, offset)
        if at == len(self._borders) or self._borders[at] != offset:
            raise ValueError(f"the offset {offset} in {self.unit} is no border between characters of the text")
        return at

    def from_characters(self, offset: int) -> int:
        """The offset in the unit of an offset in characters."""
        inside = 0 < offset < len(self._borders) and self._borders[offset - 1] == self._borders[offset]
        if inside or not 0 <= offset < len(self._borders):
            raise ValueError(f"the offset {offset} in characters is no border between {self.unit} of the text")
        return self._borders[offset]


def read_from(text: str, at: int, most: int) -> str:
    """The text from an offset on as a fact shows it, `most` characters at most, in quotation marks; empty where nothing is left."""
    rest = text[at : at + most]
    return repr(rest + ("…" if at + most < len(text) else "")) if rest else ""


def first_difference(one: str, two: str) -> int:
    """The offset of the first character in which two texts differ; the length of the shorter one where it begins the other."""
    return next((at for at, (left, right) in enumerate(zip(one, two, strict=False)) if left != right), min(len(one), len(two)))
