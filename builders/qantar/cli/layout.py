"""Lays out figures as aligned lines of text for terminals."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from qantar.wording import printable, width

WIDTH = 100


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Lines of a table: the first column to the left, the others, figures, to the right; None is a dash."""
    cells = [list(head), *([_cell(cell) for cell in row] for row in rows)]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        first, *rest = (pad(cell, room, right=bool(at)) for at, (cell, room) in enumerate(zip(line, widths, strict=True)))
        yield "  ".join((first, *rest)).rstrip()


def grid(head: str, counts: Iterable[tuple[str, int]]) -> Iterator[str]:
    """A heading and pairs of a label and its figure, as many beside each other as fit: after the heading, else in aligned lines."""
    pairs = [(printable(label), str(count)) for label, count in counts]
    short = "   ".join([f"{head}:", *(f"{label} {count}" for label, count in pairs)])
    if width(short) <= WIDTH:
        yield short
        return
    yield f"{head}:"
    yield from next(lines for across in range(len(pairs), 0, -1) if (lines := _columns(pairs, across)))


def _columns(pairs: list[tuple[str, str]], across: int) -> list[str]:
    """The pairs in this many columns; nothing where they do not fit."""
    rooms = [[max(map(width, part)) for part in zip(*pairs[at::across], strict=True)] for at in range(across)]
    if across > 1 and 4 + sum(label + 1 + count for label, count in rooms) + 3 * (across - 1) > WIDTH:
        return []
    cells = [
        f"{pad(label, rooms[at % across][0])} {pad(count, rooms[at % across][1], right=True)}" for at, (label, count) in enumerate(pairs)
    ]
    return ["    " + "   ".join(cells[start : start + across]) for start in range(0, len(cells), across)]


def wrapped(text: str, *, indent: int, most: int | None = None, more: str = "") -> list[str]:
    """The text in lines; where they would be over `most`, the last one ends with `more`."""
    blank = " " * indent
    return textwrap.wrap(
        printable(text), WIDTH, initial_indent=blank, subsequent_indent=blank, max_lines=most, placeholder=more, break_on_hyphens=False
    )


def pad(text: str, room: int, *, right: bool = False) -> str:
    """The text with blanks up to `room` columns, before it where it stands to the right."""
    blanks = " " * (room - width(text))
    return blanks + text if right else text + blanks


def _cell(cell: object) -> str:
    return "–" if cell is None else printable(str(cell))
