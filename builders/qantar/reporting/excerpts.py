"""Shows a part of a long line with marks under what is meant, in columns of a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qantar.wording import printable, width

#: Characters kept on either side of what is meant: no terminal shows more.
_REACH = 500
_CUT = "…"

#: A part of a line: places of its first character and after its last, from 0.
Mark = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Part of a line and the `marks` in it, the first of which is sure to be shown; `before` and `after` say whether it is cut."""

    text: str
    marks: tuple[Mark, ...]
    before: bool = False
    after: bool = False


def excerpt(line: str, marks: Iterable[Mark]) -> Excerpt:
    """The part of a line around the first mark; marks are clipped to it."""
    first, *others = marks
    low, high = max(0, first[0] - _REACH), min(len(line), first[0] + _REACH)
    seen = [first, *((start, end) for start, end in others if start < high and end > low)]
    clipped = tuple((max(start, low) - low, min(end, high) - low) for start, end in seen)
    return Excerpt(line[low:high], clipped, low > 0, high < len(line))


def render(shown: Excerpt, columns: int) -> tuple[str, str]:
    """The excerpt in `columns` columns, and the line of carets under its marks.

    Control characters, tabs and no-break spaces among them, are escaped; letters that join the one before take no column.
    """
    cells = [printable(c) for c in shown.text]
    low, high = _window(shown, list(map(width, cells)), columns)
    head = _CUT if low > 0 or shown.before else ""
    tail = _CUT if high < len(cells) or shown.after else ""
    under: set[int] = set()
    for start, end in shown.marks:
        if (start < high and end > low) or (start, end) == shown.marks[0]:
            column = width(head + "".join(cells[low:start]))
            under.update(range(column, column + max(1, width("".join(cells[max(start, low) : min(end, high)])))))
    carets = "".join("^" if column in under else " " for column in range(max(under) + 1))
    return head + "".join(cells[low:high]) + tail, carets


def _window(shown: Excerpt, widths: list[int], columns: int) -> Mark:
    """Which characters fit: all, else those from a third of the width before the first mark on, else the last ones."""
    if sum(widths) + shown.before + shown.after <= columns:
        return 0, len(widths)
    room = columns - 2  # for the two signs that something is cut
    start = shown.marks[0][0]
    low = _back(widths, start, room // 3)
    high = _on(widths, low, room)
    if high == len(widths):
        low = _back(widths, high, room)
    while low < start and not widths[low]:  # a mark that joins the letter before would join the sign
        low += 1
    return low, high


def _back(widths: list[int], place: int, room: int) -> int:
    """How far back from a place one comes in so many columns."""
    while place > 0 and widths[place - 1] <= room:
        place -= 1
        room -= widths[place]
    return place


def _on(widths: list[int], place: int, room: int) -> int:
    """How far on from a place one comes in so many columns."""
    while place < len(widths) and widths[place] <= room:
        room -= widths[place]
        place += 1
    return place
