r"""The gate: the strict decoder that every byte of input passes before any other reader sees it.

Bytes go in; text, lines or one JSON value come out, or `Refused` says what is wrong, where, and what to do. Nothing is
repaired, trimmed, normalised or translated: carriage returns, no-break spaces and decomposed letters are kept.

The standard parser is fast but forgiving: it keeps the last of two equal keys, reads ``NaN``, overflows ``1e999`` to
infinity, passes half a surrogate pair, and recurses as deep as the data says. So depth is counted before it runs, and
it is given hooks that refuse. Hooks do not know where they are: once one refuses, a second scan finds the place. Every
scan is linear in its input: the patterns match whatever they are given and never turn back. (Their possessive groups
hold no alternatives: the first releases of Python 3.11 get those wrong.)

Lines end at ``"\n"`` and nowhere else. Lines and columns count from 1, columns in characters (code points).
"""

import json
import math
import re
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import Any

__all__ = ["MAX_DEPTH", "MAX_DIGITS", "MAX_LINE", "Refused", "balance", "columns", "extent", "locate", "split", "text", "value"]

#: Bytes in a line, without its newline.
MAX_LINE = 256 * 2**20
#: Arrays and objects open at once.
MAX_DEPTH = 64
#: Characters of a number literal after its sign; fewer where the interpreter was told to convert fewer.
MAX_DIGITS = min(4_000, sys.get_int_max_str_digits() or 4_000)

_BOM = b"\xef\xbb\xbf"
_SPACE = " \t\r\n"  # JSON's white space, and no more: str.strip() would also take a no-break space
_BLANK = re.compile(rf"[{_SPACE}]*+")

# A string's closing quote is optional so that an unclosed one is run through once, not again from each quote in it.
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?'
#: A string in bytes: the signs that matter are ASCII.
_QUOTED = re.compile(rf"(?s){_STRING}".encode())
#: Everything up to the next bracket, strings skipped; then the bracket, unless the text ends first.
_TO_BRACKET = re.compile(rf'(?s)[^"\[\]{{}}]*+(?:{_STRING}[^"\[\]{{}}]*+)*+([\[\]{{}}])?')
#: Colons need no token: what follows a key is its value.
_TOKEN = re.compile(rf'(?s){_STRING}|[\[\]{{}},]|[^\[\]{{}},:" \t\r\n]++')
#: What the parser takes for a number where it stands, good or not.
_NUMBER = re.compile(r"NaN|-?Infinity|-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,39}")
#: An escape; the group is half a surrogate pair or NUL. Its possible presence is cheaper to rule out first.
_ESCAPE = re.compile(r"(?s)\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|u(0000|[dD][89a-fA-F]..)|.)")
_SUSPECT = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")

#: The parser's words and ours.
_BROKEN = {
    "Expecting value": "a value is missing",
    "Expecting property name": "a key in double quotes is missing",
    "Expecting ':'": "a colon is missing after the key",
    "Expecting ','": "a comma or a closing bracket is missing",
    "Unterminated string": "a string is not closed",
    "Invalid control character": "a string holds a raw control character",
    "Invalid \\": "a string holds an unknown escape",
}


#: What Python prints and JSON does not know.
_PYTHON = re.compile(r"'|\b(?:True|False|None)\b")


class Refused(Exception):
    """Input that the gate does not let through. Treat it as frozen; it can be pickled.

    `code` is stable and kebab-case; `fact` and `remedy` are for people. `line` and `column` count from 1 within the
    data given to the function that raised; `column` is in characters, or in bytes for `split`, which decodes nothing.
    """

    def __init__(self, code: str, fact: str, *, remedy: str, line: int, column: int) -> None:
        super().__init__(code, fact, remedy)
        self.code = code
        self.fact = fact
        self.remedy = remedy
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return f"{self.fact} (line {self.line}, column {self.column}). {self.remedy}"

    def __reduce__(self) -> tuple[Callable[[], "Refused"], tuple[()]]:
        return partial(Refused, self.code, self.fact, remedy=self.remedy, line=self.line, column=self.column), ()


class _Unwelcome(Exception):
    """A hook met what it must refuse; `_first_fault` finds where."""


def text(data: bytes) -> str:
    r"""Decode strict UTF-8; "\r\n" stays two characters and nothing is normalised.

    Raises `Refused`: ``byte-order-mark`` (at the very start; further in it is a character like any other),
    ``not-utf8``, ``nul-character``.
    """
    if data.startswith(_BOM):
        fact = "the data begins with a byte order mark (ef bb bf)"
        raise _refused("byte-order-mark", fact, "", 0, remedy="Save it as UTF-8 without one.")
    try:
        decoded = data.decode("utf-8")
    except UnicodeDecodeError as error:
        good, bad = data[: error.start].decode("utf-8"), data[error.start : error.end].hex(" ")
        fact = f"bytes that are not UTF-8 ({bad}) stand at byte offset {error.start}"
        raise _refused("not-utf8", fact, good, len(good), remedy="Save the data as UTF-8.") from None
    nul = decoded.find("\0")
    if nul >= 0:
        raise _refused("nul-character", "a NUL character (U+0000) stands here", decoded, nul, remedy="Remove it.")
    return decoded


def split(data: bytes, *, limit: int = MAX_LINE) -> Iterator[tuple[int, bytes]]:
    r"""Yield (line number, line without its "\n"), copying one line at a time; a final "\n" starts no new line.

    Raises `Refused` on reaching it: ``line-too-long`` (over `limit` bytes; the column is in bytes), ``blank-line``
    (empty, or ASCII white space only). A line may end in "\r", which is JSON white space.
    """
    number = start = 0
    while start < len(data):
        number += 1
        newline = data.find(b"\n", start)
        end = len(data) if newline < 0 else newline
        if end - start > limit:
            fact = f"the line has {end - start:,} bytes, {limit:,} are allowed"
            raise Refused("line-too-long", fact, remedy="Split what it holds.", line=number, column=limit + 1)
        line = data[start:end]
        if not line or line.isspace():
            raise Refused("blank-line", "the line is blank", remedy="Remove it.", line=number, column=1)
        yield number, line
        start = end + 1


def value(line: bytes) -> Any:
    """Decode exactly one JSON value (RFC 8259); white space around and inside it may include newlines.

    Integers become int, all other numbers float: ``1.0`` stays a float, for a schema to judge.

    Raises `Refused`: those of `text` (``nul-character`` for the escape too), ``lone-surrogate``, ``duplicate-key``,
    ``not-finite``, ``too-deep``, ``number-too-long``, ``several-values``, ``broken-json``. Of several, `text`'s come
    first, then depth, then what the parser meets, then escapes.
    """
    source = text(line)
    _check_depth(source)
    try:
        found, end = _PARSER.raw_decode(source, _skip_space(source, 0))
    except json.JSONDecodeError as error:
        raise _broken(source, error) from None
    except _Unwelcome:
        raise _first_fault(source) from None
    after = _skip_space(source, end)
    if after < len(source):
        fact = f"after the value comes {_quote(source[after : after + 21])}"
        raise _refused("several-values", fact, source, after, remedy="Put one value on a line and nothing after it.")
    _check_escapes(source)
    return found


def locate(line: bytes, path: Sequence[str | int]) -> int:
    """Return the 1-based character column of the value at `path` in a line that `value` accepted.

    Where a part of the path is missing, it is the column of the deepest value that is there. In data of several lines
    the column counts from the start of the data. Each call is one linear scan: `columns` looks for many paths at once.
    """
    return columns(line, [tuple(path)])[0]


def columns(line: bytes, paths: Collection[tuple[str | int, ...]]) -> list[int]:
    """Return what `locate` says of each path, in one linear scan for all of them."""
    if not paths:
        return []
    found: dict[tuple[str | int | None, ...], int | None] = {path[:size]: None for path in paths for size in range(len(path) + 1)}
    missing = len(found)
    for here, start, _, is_key in _walk(line.decode("utf-8")):
        if not is_key and found.get(key := tuple(here), 0) is None:
            found[key], missing = start + 1, missing - 1
            if not missing:
                break
    return [next((column for size in range(len(path), -1, -1) if (column := found[path[:size]]) is not None), 1) for path in paths]


def extent(source: str, column: int) -> int:
    r"""Return the column after what starts at `column` of a line, good or not: a value or key, in a string an escape or a character.

    An array or object that is not closed ends with the line. Each call is one linear scan.
    """
    start = column - 1
    escape = _ESCAPE.match(source, start) if source.startswith("\\u", start) else None
    token = escape or _TOKEN.match(source, start)
    if token is None or source[start] < " ":
        return column + 1
    if token.group() not in ("[", "{"):
        return token.end() + 1
    depth = 0
    for bracket in _TO_BRACKET.finditer(source, start):
        depth += 0 if bracket[1] is None else 1 if bracket[1] in "[{" else -1
        if not depth:
            return bracket.end() + 1
    return len(source) + 1


def balance(line: bytes) -> int:
    """How many brackets a line opens and does not close; below 0 where it closes more. Brackets in strings do not count."""
    bare = _QUOTED.sub(b"", line)
    return sum(map(bare.count, (b"[", b"{"))) - sum(map(bare.count, (b"]", b"}")))


def _walk(source: str) -> Iterator[tuple[list[str | int | None], int, str, bool]]:
    """Yield (path, index of its start, token, whether it is a key) of the keys and values of valid JSON in text order.

    Where the JSON breaks, those before the break. The path is one list, which changes as the walk goes on.
    """
    # One entry per open bracket: an array's index, an object's key, or None where an object awaits its next key.
    path: list[str | int | None] = []
    for match in _TOKEN.finditer(source):
        token, start = match.group(), match.start()
        if token in "]}":
            path.pop()
        elif token == ",":
            path[-1] = path[-1] + 1 if isinstance(path[-1], int) else None
        elif path and path[-1] is None:
            path[-1] = json.loads(token) if "\\" in token else token[1:-1]
            yield path, start, token, True
        else:
            yield path, start, token, False
            if token in "[{":
                path.append(0 if token == "[" else None)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(members := dict(pairs)) != len(pairs):
        raise _Unwelcome
    return members


def _integer(literal: str) -> int:
    if _too_long(literal):
        raise _Unwelcome
    return int(literal)


def _float(literal: str) -> float:
    if _too_long(literal) or not math.isfinite(number := float(literal)):
        raise _Unwelcome
    return number


_PARSER = json.JSONDecoder(object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_float)


def _too_long(literal: str) -> bool:
    return len(literal.lstrip("-")) > MAX_DIGITS


def _check_depth(source: str) -> None:
    # The usual record has few brackets, and counting them costs far less than visiting them.
    if source.count("[") + source.count("{") <= MAX_DEPTH:
        return
    depth = 0
    for match in _TO_BRACKET.finditer(source):
        if match[1] not in ("[", "{"):
            depth -= 1
        elif (depth := depth + 1) > MAX_DEPTH:
            fact = f"brackets nest deeper than {MAX_DEPTH}"
            raise _refused("too-deep", fact, source, match.start(1), remedy="Flatten the value.")


def _check_escapes(source: str) -> None:
    # Valid JSON has backslashes in strings only, so there is no need to look for the strings.
    escapes = _ESCAPE.finditer(source) if _SUSPECT.search(source) else ()
    for match in escapes:
        if match[1] == "0000":
            raise _refused("nul-character", f"the escape {match[0]} is NUL", source, match.start(), remedy="Remove it.")
        if match[1]:
            fact, remedy = f"the escape {match[0]} is half of a surrogate pair", "Write both halves or the character."
            raise _refused("lone-surrogate", fact, source, match.start(), remedy=remedy)


def _first_fault(source: str) -> Refused:
    """Find the first equal key or bad number. A hook has met one, so all before it is valid."""
    keys: dict[int, set[str | int | None]] = {}  # depth: keys so far of the object open there
    for path, start, token, is_key in _walk(source):
        fault = None if is_key else _number_fault(source, start, token)
        if fault:
            return fault
        if is_key and path[-1] in keys[len(path)]:
            fact = f"the key {_quote(path[-1])} stands twice in the object at {_dollar(path[:-1])}"
            return _refused("duplicate-key", fact, source, start, remedy="Keep one of the two.")
        if is_key:
            keys[len(path)].add(path[-1])
        elif token == "{":
            keys[len(path) + 1] = set()
    raise AssertionError("a hook refused what the walk accepts")


def _number_fault(source: str, start: int, token: str) -> Refused | None:
    match = _NUMBER.match(token)
    literal = match.group() if match else "0"
    if _too_long(literal):
        fact = f"a number of more than {MAX_DIGITS:,} characters begins here"
        return _refused("number-too-long", fact, source, start, remedy="Shorten it or write a string.")
    if not math.isfinite(float(literal)):
        fact = f"{_quote(literal)} is not a finite number"
        return _refused("not-finite", fact, source, start, remedy="Write a finite number or null.")
    return None


def _broken(source: str, error: json.JSONDecodeError) -> Refused:
    place = error.pos
    fact = next((ours for theirs, ours in _BROKEN.items() if error.msg.startswith(theirs)), "this is not JSON,")
    dangling = source.startswith(("]", "}"), place) and source[:place].rstrip(_SPACE).endswith(",")
    if error.msg.startswith("Invalid \\"):
        place = source.rindex("\\", 0, place + 1)  # the parser points at it or behind it
    elif dangling or error.msg.startswith("Illegal trailing comma"):  # Python 3.13 points at the comma itself
        fact, place = "a comma stands before a closing bracket", source.rindex(",", 0, place + 1)
    near = source[max(0, place - 10) : place + 10]
    python = _PYTHON.match(source, place)
    if python:
        fact = "a string stands in single quotes" if python[0] == "'" else f"{python[0]} is a word of Python"
    remedy = "This is how Python prints a value: write it with json.dumps." if python else "Correct the JSON."
    return _refused("broken-json", f"{fact} near {near!r}", source, place, remedy=remedy)


def _refused(code: str, fact: str, source: str, place: int, *, remedy: str) -> Refused:
    """Turn a string index into line and column."""
    line = source.count("\n", 0, place) + 1
    return Refused(code, fact, remedy=remedy, line=line, column=place - source.rfind("\n", 0, place))


def _skip_space(source: str, place: int) -> int:
    match = _BLANK.match(source, place)
    return match.end() if match else place


def _dollar(path: Sequence[str | int | None]) -> str:
    return "$" + "".join(f".{part}" if _NAME.fullmatch(str(part)) else f"[{_quote(part)}]" for part in path)


def _quote(part: str | int | None) -> str:
    return repr(part[:20] + "..." if isinstance(part, str) and len(part) > 20 else part)
