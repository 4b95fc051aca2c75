"""Words of what is printed: safe on one line, counted, measured, and closed with a sum. Imports nothing: the command line waits for it."""

from __future__ import annotations


def printable(line: str) -> str:
    """The line with control characters escaped: no name in a corpus can forge a line of the report."""
    if line.isprintable():
        return line
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)


def width(text: str) -> int:
    """Columns that a terminal gives the text: two for wide letters, none for marks and signs that join the letter before."""
    from rich.cells import cell_len

    return cell_len(text)


def number(count: int, what: str) -> str:
    """`1 token`, `2 tokens`."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def summary(errors: int, warnings: int) -> str:
    """The closing line."""
    if not errors and not warnings:
        return "No problems."
    return f"{number(errors, 'error')}, {number(warnings, 'warning')}."
