"""Rewritten stretches: what lies between the words that are surely the same, and its words one by one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from qantar.align.atoms import Atoms, Pair, is_word
from qantar.align.matching import Matches, sure

#: Words of a rewritten stretch that are compared each with each, and characters of two words.
_LONGEST_STRETCH, _LONGEST_WORD = 30, 200
#: Words of a stretch in which a word of so many letters is known again although its capitals differ.
_SHORT_STRETCH, _LONG_WORD = 4, 4

Stretch = tuple[int, int, int, int]


def stretches(to: list[int | None]) -> Iterator[Stretch]:
    """(first, last, new first, new last) of what lies between matched atoms, where old ones do; half-open."""
    pairs = [(i, j) for i, j in enumerate(to) if j is not None]
    for (i, j), (k, m) in pairwise(pairs):
        if k > i + 1:
            yield i + 1, k, j + 1, m


def word_for_word(old: Atoms, new: Atoms, stretch: Stretch, matches: Matches) -> Iterator[Pair]:
    """Pairs of words of a rewritten stretch.

    All of them where it still has the same words in number and kind, none as like another as its own; else, in a
    short one, long words that differ in capitals only.
    """
    first, last, new_first, new_last = stretch
    a, b = old.words[first:last], new.words[new_first:new_last]
    if any(i in matches.doubtful for i in range(first, last)) or max(len(a), len(b)) > _LONGEST_STRETCH:
        return
    if len(a) == len(b) and (len(a) == 1 or _one_to_one(a, b)):
        yield from zip(range(first, last), range(new_first, new_last), strict=True)
    elif max(len(a), len(b)) <= _SHORT_STRETCH:
        yield from ((first + i, new_first + j) for i, j in _but_for_capitals(a, b))


def _but_for_capitals(a: list[str], b: list[str]) -> Iterator[Pair]:
    one, two = [word.casefold() for word in a], [word.casefold() for word in b]
    found = sure(one, two, [len(word) for word in a], [0] * len(a), [0] * len(b))
    return ((i, place) for i, (place, _) in enumerate(found) if place is not None and len(a[i]) >= _LONG_WORD)


def _one_to_one(a: list[str], b: list[str]) -> bool:
    """Whether each word is of the kind of its counterpart, and more like it than like any other of that kind, on both sides."""
    if any(_sort(one) != _sort(two) for one, two in zip(a, b, strict=True)):
        return False
    alike = [[likeness(one, two) if _sort(one) == _sort(two) else -1.0 for two in b] for one in a]
    places = range(len(a))
    return all(alike[i][i] > max(alike[i][j], alike[j][i]) for i in places for j in places if i != j)


def _sort(word: str) -> str:
    if word.isdecimal():
        return "number"
    return "word" if is_word(word[0]) else "sign"


def letters(one: str, two: str) -> list[int | None]:
    """For each character of a word its sure place in another; None where there is none."""
    if len(one) > _LONGEST_WORD or len(two) > _LONGEST_WORD:
        return [None] * len(one)
    a, b = ["<", *one, ">"], ["<", *two, ">"]
    found = [place for place, _ in sure(a, b, [10] * len(a), [1] * len(a), [1] * len(b))]
    return [None if place is None else place - 1 for place in found[1:-1]]


def likeness(one: str, two: str) -> float:
    """Share of characters that two strings have in common, in order (Dice over their longest common subsequence): 0 to 1.

    1 where they are equal, also where both are empty; the order of the two does not matter.
    """
    if not one or not two:
        return 1.0 if one == two else 0.0
    return 2 * _common(one, two) / (len(one) + len(two))


def _common(one: str, two: str) -> int:
    """Length of the longest common subsequence, by whole rows of bits (Hyyrö 2004)."""
    where: dict[str, int] = {}
    for at, char in enumerate(one):
        where[char] = where.get(char, 0) | 1 << at
    full = (1 << len(one)) - 1
    row = full
    for char in two:
        kept = row & where.get(char, 0)
        row = ((row + kept) | (row - kept)) & full
    return len(one) - row.bit_count()
