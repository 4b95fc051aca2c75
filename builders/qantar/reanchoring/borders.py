"""Where the border between two zones, or two other neighbours that touch, lies in the new text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from qantar.align.atoms import Pair
from qantar.reanchoring.texts import Texts


@dataclass(slots=True)
class Placed:
    """A record of a partition that has a place: its words are at `words`; `start` and `end` may reach over white space beside them."""

    index: int
    record: Any
    words: Pair
    start: int
    end: int
    score: float
    changed: bool


def settle(placed: Sequence[Placed], records: Sequence[Any], texts: Texts, *, refused: Sequence[int]) -> list[tuple[Placed, int, int]]:
    """Lets records that touched their neighbour, or an end of the text, touch it again, unless one that was `refused` stood there.

    Words that were put in between two records belong to the one whose line they continue. Returns the records at whose start
    (at whose end, for the last) words stand on lines of their own, which may belong to either, with both places for the border.
    """
    starts, ends = {record.start for record in records} | {len(texts.old)}, {record.end for record in records} | {0}
    doubtful = []
    for one, two in pairwise(placed):
        between = range(one.index, two.index)
        if one.record.end in starts and two.record.start in ends and not any(at in between for at in refused):
            cut = _cut(texts.new[one.words[1] : two.words[0]], _after(one.record, texts), _before(two.record, texts))
            if cut is None:
                doubtful.append((two, one.end, two.start))
            else:
                one.end = two.start = one.words[1] + cut
    if placed and records[0].start == 0 and not any(at < placed[0].index for at in refused):
        doubtful += _settle_edge(placed[0], texts, first=True)
    if placed and records[-1].end == len(texts.old) and not any(at > placed[-1].index for at in refused):
        doubtful += _settle_edge(placed[-1], texts, first=False)
    return doubtful


def _settle_edge(one: Placed, texts: Texts, *, first: bool) -> list[tuple[Placed, int, int]]:
    """The first record begins with the text, the last ends with it, unless whole lines were put in there."""
    between = texts.new[: one.words[0]] if first else texts.new[one.words[1] :]
    bare = between.strip()
    blank = between[len(between.rstrip()) :] if first else between[: len(between) - len(between.lstrip())]
    if bare and ("\n" in bare or "\n" in blank):
        return [(one, 0, one.start) if first else (one, one.end, len(texts.new))]
    if first:
        one.start = 0
    else:
        one.end = len(texts.new)
    return []


def _cut(between: str, before: str, after: str) -> int | None:
    """Offset of a border in the new text between two records; `before` and `after` are the white space around it in the old one.

    None where words stand there that continue the line of neither, or of both.
    """
    if not between.strip():
        if before + after == between:
            return len(before)
        return len(between) if before and not after else _after_lines(between, before.count("\n"))
    first, last = len(between) - len(between.lstrip()), len(between.rstrip())
    joined = "\n" not in between[:first], "\n" not in between[last:]
    if "\n" in between[first:last] or joined[0] == joined[1]:
        return None
    if joined[0]:
        found = _cut(between[last:], before, after)
        return None if found is None else last + found
    return _cut(between[:first], before, after)


def _after_lines(white: str, count: int) -> int:
    """The offset after so many line ends, or after the last there is."""
    at = 0
    for _ in range(count):
        at = white.find("\n", at) + 1 or len(white)
    return at


def _before(record: Any, texts: Texts) -> str:
    text = texts.old[record.start : record.end]
    return text[: len(text) - len(text.lstrip())]


def _after(record: Any, texts: Texts) -> str:
    text = texts.old[record.start : record.end]
    return text[len(text.rstrip()) :]
