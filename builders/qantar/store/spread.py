"""Finds records that were written over several lines, as printers of JSON do: one fault, not one for each line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qantar import decode

#: Bytes and lines up to which lines are held together: what is still open then is no record.
LIMIT = 16 * 2**20
MOST = 2**20
_REMEDY = "Write one record a line."

Numbered = tuple[int, bytes]


def records(lines: Iterable[Numbered]) -> Iterator[tuple[int, bytes | decode.Refused]]:
    """(line number, line), and in the place of the lines of a spread record the number of its first and its refusal.

    The refusal's line counts in the file. Lines whose brackets only seem to belong together come one by one.
    Raises `Refused` where `lines` does.
    """
    held: list[Numbered] = []
    depth = size = 0
    try:
        for number, line in lines:
            if not held and not _stays_open(line):
                yield number, line
                continue
            held.append((number, line))
            depth, size = depth + decode.balance(line), size + len(line)
            if depth <= 0 or size > LIMIT or len(held) >= MOST:
                yield from held if depth > 0 else _settled(held)
                held, depth, size = [], 0, 0
    except decode.Refused:
        yield from held
        raise
    yield from held


def _stays_open(line: bytes) -> bool:
    """Whether the line begins a value and does not end one. What ends like a record is left to its reader."""
    bare = line.strip()
    return bare.startswith((b"{", b"[")) and not bare.endswith((b"}", b"]")) and decode.balance(bare) > 0


def _settled(held: list[Numbered]) -> Iterator[tuple[int, bytes | decode.Refused]]:
    first, last = held[0][0], held[-1][0]
    try:
        value = decode.value(b"\n".join(line for _, line in held))
    except decode.Refused as fault:
        if any(_is_object(line) for _, line in held):
            yield from held
            return
        refused = decode.Refused(
            fault.code, fault.fact, remedy=f"{fault.remedy} {_REMEDY}", line=first + fault.line - 1, column=fault.column
        )
    else:
        fact = f"one {'record' if isinstance(value, dict) else 'list'} stands on lines {first} to {last}"
        refused = decode.Refused("broken-json", fact, remedy=_REMEDY, line=first, column=1)
    yield first, refused


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(decode.value(line), dict)
    except decode.Refused:
        return False
