"""Kinds of damage to values: JSON that is whole, and says something else than the schema wants."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

Path = tuple[Any, ...]
Change = Callable[[Random, list[Any]], list[Any]]

#: Names that are paths, or look like other names, or hold what no name holds. The last is replaced by bytes below.
NAMES: tuple[str, ...] = (
    "", ".", "..", "../one", "/etc/passwd", "a/b", "con", "con.txt", "nul", "~", "one\n", "one ", " one", "ONE", "One", "оne", "one\u200b", "T1\n",
    "Т1", "T١", "T１", "T01", "t1", "T" * 80 + "1", "T" + "1" * 80, "a" * 64, "a" * 65, "x" * 5000, "\u202eone", "\x1b[31m", "one\u2028two",
    "e\u0301", "\u00e9", "😀", "\ud800", "\0", "one#T1", "one#E1", "two#T9", "none#T1", "one#one#T1", "#", "Z1", "E1", "E2", "V1", "R1", "A1",
    "wikidata:Q1", "Q1", "__class__", "%00", "C:\\one", "-one", "one-", "0000-00-00", "2031-02-30", "XXXX-13-01", "9" * 30, "P1Y", "uk", "kz",
    "port-vell", "a|b", "ﬁ", "ſ", "İ", "ß",
)  # fmt: skip
NUMBERS: tuple[Any, ...] = (
    0, 1, -1, 2, 5, 13, 72, 73, 10**6, 2**31 - 1, 2**31, 2**53, 2**53 + 1, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**64, 10**40, 0.0, -0.0,
    1.0, 1.5, 190.0, 1e16, 1e22, 1e-7, 5e-324, 1.7976931348623157e308, 1e5, 3.0, -3.0, 0.1,
)  # fmt: skip
OTHERS: tuple[Any, ...] = (
    None,
    True,
    False,
    [],
    {},
    [None],
    [[]],
    [{}],
    {"": None},
    {"id": "T1"},
    ["x"],
    "x",
    [1],
    {"start": 0, "end": 1},
    "null",
    "0",
)
#: Literals that `json.dumps` never writes.
LITERALS: tuple[bytes, ...] = (
    b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-1e999", b"1" * 4001, b"-" + b"9" * 4000, b"[" * 66 + b"]" * 66, b'{"a":' * 66 + b"1" + b"}" * 66,
    b'"\\ud800"', b'"\\u0000"', b'"\\udc00\\ud800"', b'{"a":1,"a":1}', b'{"id":"T1","id":"T2"}', b"1E5", b"1e0", b"1.00", b"-0", b"0e0", b"01",
    b'"a" "b"', b"'a'", b"True", b"", b'"\\/"', b'"\\u0041"', b'"\t"', b'"\x7f"', b'"\xff"', b"10e-1", b"1.0e1",
)  # fmt: skip
_SLOT = "@slot@"


def places(node: Any, path: Path = ()) -> Iterator[Path]:
    """Paths to every value in a value, itself first."""
    yield path
    keys = node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for key in keys:
        yield from places(node[key], (*path, key))


def at(node: Any, path: Path) -> Any:
    """The value at a path."""
    for key in path:
        node = node[key]
    return node


def put(node: Any, path: Path, value: Any) -> Any:
    """The value with another one at a path."""
    if not path:
        return value
    at(node, path[:-1])[path[-1]] = value
    return node


def any_place(chance: Random, values: list[Any]) -> tuple[int, Path]:
    """One value of one line."""
    line = chance.randrange(len(values))
    return line, chance.choice(list(places(values[line])))


def confused(chance: Random, values: list[Any]) -> list[Any]:
    """A value is of another type."""
    line, path = any_place(chance, values)
    values[line] = put(values[line], path, copy.deepcopy(chance.choice(chance.choice((OTHERS, NUMBERS, NAMES)))))
    return values


def named(chance: Random, values: list[Any]) -> list[Any]:
    """A string is another name."""
    found = [(line, path) for line, value in enumerate(values) for path in places(value) if isinstance(at(value, path), str)]
    for line, path in chance.sample(found, min(len(found), chance.choice((1, 1, 2)))):
        values[line] = put(values[line], path, chance.choice(NAMES))
    return values


def numbered(chance: Random, values: list[Any]) -> list[Any]:
    """A number is another number."""
    found = [(line, path) for line, value in enumerate(values) for path in places(value) if type(at(value, path)) in (int, float)]
    for line, path in chance.sample(found, min(len(found), chance.choice((1, 1, 2, 4)))):
        values[line] = put(values[line], path, chance.choice(NUMBERS))
    return values


def keyed(chance: Random, values: list[Any]) -> list[Any]:
    """A key is lost, renamed, or joined by another."""
    found = [
        (line, path) for line, value in enumerate(values) for path in places(value) if isinstance(at(value, path), dict) and at(value, path)
    ]
    if not found:
        return values
    line, path = chance.choice(found)
    node = at(values[line], path)
    key = chance.choice(list(node))
    move = chance.randrange(4)
    if move == 0:
        del node[key]
    elif move == 1:
        node[chance.choice((key.upper(), key + "s", key.replace("e", "е"), *NAMES))] = node.pop(key)
    elif move == 2:
        node[chance.choice(NAMES)] = copy.deepcopy(chance.choice(OTHERS))
    else:
        node[key] = node.pop(key)  # the last key now
    return values


def spliced(chance: Random, values: list[Any]) -> list[Any]:
    """A value stands in the place of another, wherever that is."""
    line, path = any_place(chance, values)
    other, source = any_place(chance, values)
    values[line] = put(values[line], path, json.loads(json.dumps(at(values[other], source))))
    return values


def doubled(chance: Random, values: list[Any]) -> list[Any]:
    """Items of a list are there twice, in another order, or not at all."""
    found = [(line, path) for line, value in enumerate(values) for path in places(value) if isinstance(at(value, path), list)]
    if not found:
        return values
    line, path = chance.choice(found)
    node = at(values[line], path)
    move = chance.randrange(4)
    if move == 0:
        node += json.loads(json.dumps(node))
    elif move == 1:
        chance.shuffle(node)
    elif move == 2 and node:
        del node[chance.randrange(len(node))]
    else:
        node *= chance.choice((0, 1, 40 if len(node) < 1_000 else 1))
    return values


def referring(chance: Random, values: list[Any]) -> list[Any]:
    """Ids point to themselves, in circles, to what is of another kind, and to nowhere."""
    ids = [part for value in values for path in places(value) if isinstance(part := at(value, path), str) and 1 < len(part) < 30]
    found = [(line, path) for line, value in enumerate(values) for path in places(value) if isinstance(at(value, path), str)]
    for line, path in chance.sample(found, min(len(found), chance.choice((1, 2, 6)))):
        values[line] = put(values[line], path, chance.choice(ids or ["x"]))
    return values


def nested(chance: Random, values: list[Any]) -> list[Any]:
    """A value holds itself, deep down."""
    line, path = any_place(chance, values)
    inner = at(values[line], path)
    wrap = chance.choice((lambda x: [x], lambda x: {"id": x}, lambda x: {"arguments": [x]}, lambda x: {"spans": x}))
    for _ in range(chance.choice((1, 10, 59, 63, 200))):
        inner = wrap(inner)
    values[line] = put(values[line], path, inner)
    return values


def stretched(chance: Random, values: list[Any]) -> list[Any]:
    """A string or list is long."""
    line, path = any_place(chance, values)
    node, many = at(values[line], path), chance.choice((65, 300, 5000))
    long = node * many if isinstance(node, str | list) and len(json.dumps(node)) < 200 else "я" * many
    values[line] = put(values[line], path, long)
    return values


CHANGES: dict[str, Change] = {
    "another type": confused, "another name": named, "another number": numbered, "keys": keyed, "spliced": spliced, "lists": doubled,
    "references": referring, "nested": nested, "stretched": stretched,
}  # fmt: skip


def literal(chance: Random, values: list[Any]) -> bytes:
    """A literal that no printer writes stands somewhere, as a value or in the place of a key's value."""
    line, path = any_place(chance, values)
    values[line] = put(values[line], path, _SLOT)
    return encoded(values).replace(f'"{_SLOT}"'.encode(), chance.choice(LITERALS))


def twice(chance: Random, values: list[Any]) -> bytes:
    """A key stands twice in its object, with the same value or another."""
    found = [
        (line, path) for line, value in enumerate(values) for path in places(value) if isinstance(at(value, path), dict) and at(value, path)
    ]
    if not found:
        return encoded(values)
    line, path = chance.choice(found)
    node = at(values[line], path)
    key = chance.choice(list(node))
    node[_SLOT] = copy.deepcopy(node[key] if chance.random() < 0.5 else chance.choice(OTHERS))
    escaped = json.dumps(key) if chance.random() < 0.7 else '"' + "".join(f"\\u{ord(sign):04x}" for sign in key) + '"'
    return encoded(values).replace(f'"{_SLOT}"'.encode(), escaped.encode())


def respelled(chance: Random, values: list[Any]) -> bytes:
    """The same values in another spelling, which is to be read as what it is."""
    separators = chance.choice(((",", ":"), (", ", ": "), (" ,\t", " :\r")))
    lines = [
        json.dumps(value, ensure_ascii=chance.random() < 0.5, separators=separators, sort_keys=chance.random() < 0.3) for value in values
    ]
    return "".join(line + "\n" for line in lines).encode("utf-8", "surrogatepass")


SPELLINGS: dict[str, Callable[[Random, list[Any]], bytes]] = {"literal": literal, "key twice": twice, "another spelling": respelled}


def encoded(values: list[Any]) -> bytes:
    """Canonical lines, lone surrogates as the bytes that no decoder takes."""
    lines = (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n" for value in values)
    return "".join(lines).encode("utf-8", "surrogatepass")
