"""Kinds of damage to bytes: each is a function from a source of chance and good bytes to hostile ones."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

Damage = Callable[[Random, bytes], bytes]

#: What is put where it does not belong.
PIECES: tuple[bytes, ...] = (
    b"\0", b"\\u0000", b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\\ud800", b"\\udc00\\ud800", b"\n", b"\r\n", b"\r", b"\n\n", b"\t", b"\x0c",
    b"\x0b", "\u2028".encode(), "\u2029".encode(), "\x85".encode(), "\ufeff".encode(), "\u202e".encode(), "\u00a0".encode(), b"{", b"}", b"[",
    b"]", b'"', b"'", b",", b":", b"\\", b"//", b"/**/", b"#", b"NaN", b"-Infinity", b"1e999", b"-0.0", b"01", b"+1", b".5", b"1.", b"0x1",
    b"1_000", b"true", b"None", b"undefined", b'{"a":1,"a":2}', b"[" * 70, b'{"":' * 70, b"9" * 5000, b"-1", b"2147483648", b"9223372036854775808",
    b"18446744073709551616", b"1" * 40, b"1e5", b"1.0", b"1E400", "\u0430".encode(), "\u0661".encode(), "\uff11".encode(), b"../", b"/etc/passwd",
    b"con", b"\x1b[31m", b"\x7f", b"\x80", b"<!--", b"%00", b"$ref", "e\u0301".encode(), "\U0001f600".encode(), "\U000e0001".encode(),
)  # fmt: skip

ENDS: tuple[bytes, ...] = (b"\r\n", b"\r", b"\n\n", b"\n\r", b"\x0c", "\u2028".encode(), "\x85".encode(), b"", b" \n", b"\0\n", b"\x1e\n")


def random_bytes(chance: Random, data: bytes) -> bytes:
    """Nothing of the good bytes is left."""
    return chance.randbytes(chance.choice((0, 1, 2, 7, 64, 500)))


def flips(chance: Random, data: bytes) -> bytes:
    """Some bits are turned."""
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8))):
        if found:
            found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
    return bytes(found)


def cut(chance: Random, data: bytes) -> bytes:
    """The end is missing, or the beginning, or something in between."""
    start, end = sorted((chance.randint(0, len(data)), chance.randint(0, len(data))))
    return chance.choice((data[:start], data[end:], data[:start] + data[end:]))


def piece(chance: Random, data: bytes) -> bytes:
    """Something that does not belong there is put in, in the place of some bytes or of none."""
    found = data
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        at = chance.randint(0, len(found))
        found = found[:at] + chance.choice(PIECES) + found[at + chance.choice((0, 0, 1, 5)) :]
    return found


def lines(chance: Random, data: bytes) -> bytes:
    """Lines are doubled, swapped, joined, cut in two or lost."""
    found = data.split(b"\n")
    one, two = chance.randrange(len(found)), chance.randrange(len(found))
    move = chance.randrange(5)
    if move == 0:
        found.insert(two, found[one])
    elif move == 1:
        found[one], found[two] = found[two], found[one]
    elif move == 2:
        found[one] = found[one] + chance.choice((b"", b",", b" ")) + found[two]
    elif move == 3:
        at = chance.randint(0, len(found[one]))
        found[one : one + 1] = [found[one][:at], found[one][at:]]
    else:
        del found[one]
    return b"\n".join(found)


def line_ends(chance: Random, data: bytes) -> bytes:
    """Lines end as on other systems, all of them or some."""
    end, share = chance.choice(ENDS), chance.choice((1.0, 0.3))
    return b"".join(end if byte == 10 and chance.random() < share else bytes((byte,)) for byte in data)


def mark(chance: Random, data: bytes) -> bytes:
    """A byte order mark, or the encoding that has one."""
    text = data.decode("utf-8", "replace")
    return chance.choice(
        (b"\xef\xbb\xbf" + data, text.encode("utf-16"), text.encode("utf-32"), text.encode("cp1251", "replace"), b"\xfe\xff" + data)
    )


def spread(chance: Random, data: bytes) -> bytes:
    """Line ends are put between tokens, as printers of JSON do."""
    token = chance.choice((b",", b"{", b"[", b"}", b":"))
    return data.replace(token, chance.choice((token + b"\n", b"\n" + token)), chance.choice((1, 3, -1)))


def repeated(chance: Random, data: bytes) -> bytes:
    """A stretch is there many times."""
    start = chance.randint(0, len(data))
    part = data[start : start + chance.choice((1, 3, 20))]
    return data[:start] + part * chance.choice((2, 70, 3000)) + data[start:]


DAMAGES: dict[str, Damage] = {
    "random bytes": random_bytes, "flipped bits": flips, "cut": cut, "foreign piece": piece, "lines moved": lines, "line ends": line_ends,
    "byte order mark": mark, "spread over lines": spread, "repeated": repeated,
}  # fmt: skip
