"""The words and signs that a text is a row of."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

Pair = tuple[int, int]

#: How closely an atom follows the one before it: nothing, white space of a line, or more lies between.
GLUED, LINE, LOOSE = 6, 3, 1
#: Scripts that write words without blanks: each letter is an atom of its own.
_UNSPACED = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))


@dataclass(frozen=True, slots=True)
class Atoms:
    """The words and signs of a text in order, between two marks that stand for its ends.

    `ties[i]` says how closely atom `i` follows the one before it.
    """

    text: str
    spans: list[Pair]
    words: list[str]
    ties: list[int]

    def weight(self, index: int) -> int:
        """What keeping an atom is worth: words count by their letters, signs little."""
        word = self.words[index]
        return 10 + 10 * len(word) if is_word(word[0]) else 10


def is_word(char: str) -> bool:
    """Whether a character is part of a word: letters, digits, marks on them, joiners inside words."""
    return char.isalnum() or char in "_\u200c\u00ad" or unicodedata.category(char)[0] == "M"


def atoms_of(text: str) -> Atoms:
    """The atoms of a text: runs of letters, runs of digits, and every other character that is not white space by itself."""
    spans = [(0, 0), *_spans(text), (len(text), len(text))]
    words = ["<start>", *(text[start:end] for start, end in spans[1:-1]), "<end>"]
    ties = [LOOSE] + [_tie(text, one, two) for one, two in pairwise(spans)]
    return Atoms(text, spans, words, ties)


def _spans(text: str) -> Iterator[Pair]:
    end = 0
    for kind, run in groupby(enumerate(text), key=lambda one: _kind(*one)):
        start, end = end, end + sum(1 for _ in run)
        if kind != "space":
            yield start, end


def _kind(index: int, char: str) -> str | int:
    """What a character joins: words, numbers and white space are runs, each sign is its own."""
    if char.isspace():
        return "space"
    if any(first <= ord(char) <= last for first, last in _UNSPACED) and unicodedata.category(char)[0] != "M":
        return index
    if char.isdecimal():
        return "number"
    return "word" if is_word(char) else index


def _tie(text: str, one: Pair, two: Pair) -> int:
    between = text[one[1] : two[0]]
    if not between:
        return GLUED if one[1] > one[0] and two[1] > two[0] else LOOSE
    return LOOSE if "\n" in between or text[one[1] - 1 : one[1]] in (".", "!", "?", "…") else LINE
