"""The gate: every refusal with its place and words, and what holds for any input."""

import copy
import json
import math
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from qantar import decode
from qantar.decode import MAX_DEPTH, MAX_DIGITS, Refused, locate, split, text, value

many = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])

Path = tuple[str | int, ...]


def refusal(function: Callable[[bytes], Any], data: bytes) -> Refused:
    with pytest.raises(Refused) as caught:
        function(data)
    return caught.value


# --- every refusal, its place and its words ---------------------------------------------------------------------------

SAVE = "Save the data as UTF-8."
UTF8 = [
    (b"\xff", "not-utf8", 1, 1, f"bytes that are not UTF-8 (ff) stand at byte offset 0 (line 1, column 1). {SAVE}"),
    (b"a\n\xd0\xb0\xd0", "not-utf8", 2, 2,
     f"bytes that are not UTF-8 (d0) stand at byte offset 4 (line 2, column 2). {SAVE}"),
    (b"\xf0\x9f\x98\x80\xe2\x82 ", "not-utf8", 1, 2,
     f"bytes that are not UTF-8 (e2 82) stand at byte offset 4 (line 1, column 2). {SAVE}"),
    (b"\xed\xa0\x80", "not-utf8", 1, 1,
     f"bytes that are not UTF-8 (ed) stand at byte offset 0 (line 1, column 1). {SAVE}"),
    (b"\xef\xbb\xbf{}", "byte-order-mark", 1, 1,
     "the data begins with a byte order mark (ef bb bf) (line 1, column 1). Save it as UTF-8 without one."),
    ("қ\r\nқ\0".encode(), "nul-character", 2, 2,
     "a NUL character (U+0000) stands here (line 2, column 2). Remove it."),
]  # fmt: skip

ONE = "Put one value on a line and nothing after it."
FINITE = "Write a finite number or null."
HALF = "Write both halves or the character."
TWICE = "Keep one of the two."
JSON = [
    (rb'["a","\u0000"]', "nul-character", 1, 7,
     r"the escape \u0000 is NUL (line 1, column 7). Remove it."),
    (rb'{"\\\u0000":1}', "nul-character", 1, 5,
     r"the escape \u0000 is NUL (line 1, column 5). Remove it."),
    (rb'"\ud800"', "lone-surrogate", 1, 2,
     rf"the escape \ud800 is half of a surrogate pair (line 1, column 2). {HALF}"),
    (rb'["\uD83D\uDE00 \uDE00"]', "lone-surrogate", 1, 16,
     rf"the escape \uDE00 is half of a surrogate pair (line 1, column 16). {HALF}"),
    (rb'{"\ud83d\ud83d\ude00":1}', "lone-surrogate", 1, 3,
     rf"the escape \ud83d is half of a surrogate pair (line 1, column 3). {HALF}"),
    (b'{"a":1,"b":2,"a":3}', "duplicate-key", 1, 14,
     f"the key 'a' stands twice in the object at $ (line 1, column 14). {TWICE}"),
    ('{"қ":[0,{"x y":[{"role":1, "\\u0072ole":2}]}]}'.encode(), "duplicate-key", 1, 28,
     f"the key 'role' stands twice in the object at $['қ'][1]['x y'][0] (line 1, column 28). {TWICE}"),
    (b'{"a":{"b":1,"b":2},"a":NaN}', "duplicate-key", 1, 13,
     f"the key 'b' stands twice in the object at $.a (line 1, column 13). {TWICE}"),
    (b'{"a":{"c":1},"b":{"c":1},\n "":0,"":0}', "duplicate-key", 2, 7,
     f"the key '' stands twice in the object at $ (line 2, column 7). {TWICE}"),
    (b'{"k' + b"k" * 50 + b'":{"a":1,"a":1}}', "duplicate-key", 1, 63,
     f"the key 'a' stands twice in the object at $['{'k' * 20}...'] (line 1, column 63). {TWICE}"),
    (b'{"a":NaN}', "not-finite", 1, 6, f"'NaN' is not a finite number (line 1, column 6). {FINITE}"),
    (b'["NaN",Infinity]', "not-finite", 1, 8, f"'Infinity' is not a finite number (line 1, column 8). {FINITE}"),
    (b"-Infinity", "not-finite", 1, 1, f"'-Infinity' is not a finite number (line 1, column 1). {FINITE}"),
    (b"[1,\n 1e999]", "not-finite", 2, 2, f"'1e999' is not a finite number (line 2, column 2). {FINITE}"),
    (b"-1.5E+400", "not-finite", 1, 1, f"'-1.5E+400' is not a finite number (line 1, column 1). {FINITE}"),
    (b"[" * 100_000, "too-deep", 1, 65, "brackets nest deeper than 64 (line 1, column 65). Flatten the value."),
    (b'{"]":' * 65, "too-deep", 1, 321, "brackets nest deeper than 64 (line 1, column 321). Flatten the value."),
    (b"[0," + b"7" * 4001 + b"]", "number-too-long", 1, 4,
     "a number of more than 4,000 characters begins here (line 1, column 4). Shorten it or write a string."),
    (b"-" + b"7" * 100_000, "number-too-long", 1, 1,
     "a number of more than 4,000 characters begins here (line 1, column 1). Shorten it or write a string."),
    (b"0." + b"7" * 3999, "number-too-long", 1, 1,
     "a number of more than 4,000 characters begins here (line 1, column 1). Shorten it or write a string."),
    (b"1 2", "several-values", 1, 3, f"after the value comes '2' (line 1, column 3). {ONE}"),
    (b'{"a":1}\n{"a":2, "b":3, "c":4}', "several-values", 2, 1,
     f"""after the value comes '{{"a":2, "b":3, "c":4...' (line 2, column 1). {ONE}"""),
    (b"[]]", "several-values", 1, 3, f"after the value comes ']' (line 1, column 3). {ONE}"),
    (b"01", "several-values", 1, 2, f"after the value comes '1' (line 1, column 2). {ONE}"),
    ("1\u00a0".encode(), "several-values", 1, 2, rf"after the value comes '\xa0' (line 1, column 2). {ONE}"),
]  # fmt: skip

BROKEN = [
    (b"", 1, "a value is missing near ''"),
    (b" \r", 3, r"a value is missing near ' \r'"),
    ("\u00a01".encode(), 1, r"a value is missing near '\xa01'"),
    (b"[nul]", 2, "a value is missing near '[nul]'"),
    (b"[-]", 2, "a value is missing near '[-]'"),
    (b"nan", 1, "a value is missing near 'nan'"),
    (b'{"a":', 6, """a value is missing near '{"a":'"""),
    (b'["\xd0\xb0\xd0\xb1",,1]', 7, """a value is missing near '["аб",,1]'"""),
    (b"{", 2, "a key in double quotes is missing near '{'"),
    (b"{a:1}", 2, "a key in double quotes is missing near '{a:1}'"),
    (b'{"a" 1}', 6, """a colon is missing after the key near '{"a" 1}'"""),
    (b"[1 2]", 4, "a comma or a closing bracket is missing near '[1 2]'"),
    (b"[1}", 3, "a comma or a closing bracket is missing near '[1}'"),
    (b'[123456789,{"b":2},"c" "d", 123456789]', 24,
     """a comma or a closing bracket is missing near 'b":2},"c" "d", 12345'"""),
    (b"[1 , ]", 4, "a comma stands before a closing bracket near '[1 , ]'"),
    (b'{"a":1,}', 7, """a comma stands before a closing bracket near '{"a":1,}'"""),
    (b'["abc', 2, """a string is not closed near '["abc'"""),
    (b'"a\\', 1, r"""a string is not closed near '"a\\'"""),
    (b'"a\tb"', 3, r"""a string holds a raw control character near '"a\tb"'"""),
    (rb'"a\qb"', 3, r"""a string holds an unknown escape near '"a\\qb"'"""),
    (rb'"a\u12x4"', 3, r"""a string holds an unknown escape near '"a\\u12x4"'"""),
    (rb'"\ud83d\u12"', 8, r"""a string holds an unknown escape near '"\\ud83d\\u12"'"""),
]  # fmt: skip


@pytest.mark.parametrize(("data", "code", "line", "column", "words"), UTF8)
def test_bytes_refused(data: bytes, code: str, line: int, column: int, words: str) -> None:
    for function in (text, value):
        refused = refusal(function, data)
        assert (refused.code, refused.line, refused.column, str(refused)) == (code, line, column, words)


@pytest.mark.parametrize(("data", "code", "line", "column", "words"), JSON)
def test_json_refused(data: bytes, code: str, line: int, column: int, words: str) -> None:
    refused = refusal(value, data)
    assert (refused.code, refused.line, refused.column, str(refused)) == (code, line, column, words)


@pytest.mark.parametrize(("data", "column", "fact"), BROKEN)
def test_broken_json(data: bytes, column: int, fact: str) -> None:
    refused = refusal(value, data)
    assert (refused.code, refused.line, refused.column) == ("broken-json", 1, column)
    assert str(refused) == f"{fact} (line 1, column {column}). Correct the JSON."


def test_broken_json_on_a_later_line() -> None:
    refused = refusal(value, b"[1,\n2,\n ,3]")
    assert (refused.code, refused.line, refused.column) == ("broken-json", 3, 2)


def test_refused_survives_a_process_border_and_a_change_of_line() -> None:
    refused = refusal(value, b"[1,]")
    refused.line += 6
    copied = pickle.loads(pickle.dumps(refused))
    assert type(copied) is Refused
    assert vars(copied) == vars(refused)
    assert str(copied) == "a comma stands before a closing bracket near '[1,]' (line 7, column 3). Correct the JSON."


# --- what passes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kept", ["", "a\r\nb\rc\n", "a\u00a0b", "е\u0308", "x\ufeffy", "😀\u2028\x85\x1c"])
def test_text_keeps(kept: str) -> None:
    assert text(kept.encode()) == kept


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (b'{"a":[1,-0,1.0,-0.0,1e2,true,false,null,"x"]}\r', {"a": [1, 0, 1.0, -0.0, 100.0, True, False, None, "x"]}),
        (b' \t\r\n"x" \t\r\n', "x"),
        (rb'"\\u0000 \\\\ud800 \ud83d\ude00"', r"\u0000 \\ud800 😀"),
        (b'{"a":{"a":{"a":1}},"A":1}', {"a": {"a": {"a": 1}}, "A": 1}),
        (b'["a","a"]', ["a", "a"]),
        (b"1e-999", 0.0),
        ('"\ufeff\u00a0\x7f"'.encode(), "\ufeff\u00a0\x7f"),
        (b"-" + b"7" * MAX_DIGITS, -int("7" * MAX_DIGITS)),
        (b"0." + b"0" * (MAX_DIGITS - 2), 0.0),
        (b'"' + b"7" * 9999 + b'"', "7" * 9999),
        (b'"' + b"[{" * 9999 + b'"', "[{" * 9999),
    ],
)
def test_value_accepts(line: bytes, found: Any) -> None:
    assert repr(value(line)) == repr(found)


def test_a_lower_limit_of_the_interpreter_is_respected() -> None:
    program = "from qantar.decode import *\ntry: value(b'7' * 900)\nexcept Refused as refused: print(refused.code)"
    run = subprocess.run(
        [sys.executable, "-X", "int_max_str_digits=800", "-c", program],
        env={"PYTHONPATH": ":".join(sys.path)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout == "number-too-long\n"


# --- split ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"", []),
        (b"a", [(1, b"a")]),
        (b"a\n", [(1, b"a")]),
        (b"a\r\n b \nc", [(1, b"a\r"), (2, b" b "), (3, b"c")]),
        (b"\xff\r\x0bx\n", [(1, b"\xff\r\x0bx")]),
    ],
)
def test_split(data: bytes, lines: list[tuple[int, bytes]]) -> None:
    assert list(split(data)) == lines


@pytest.mark.parametrize("data", [b"a\n\nb", b"a\n\n", b"a\n \t\r\nb", b"a\n \x0b\x0c", b"a\n\r"])
def test_split_refuses_blank_lines(data: bytes) -> None:
    lines = split(data)
    assert next(lines) == (1, b"a")
    refused = refusal(lambda _: next(lines), data)
    assert (refused.code, refused.line, refused.column) == ("blank-line", 2, 1)
    assert str(refused) == "the line is blank (line 2, column 1). Remove it."


def test_split_refuses_long_lines() -> None:
    assert list(split(b"abc\nabc", limit=3)) == [(1, b"abc"), (2, b"abc")]
    for data in (b"a\nabcd\n", b"a\nabcd"):
        refused = refusal(lambda data: list(split(data, limit=3)), data)
        assert (refused.code, refused.line, refused.column) == ("line-too-long", 2, 4)
        words = "the line has 4 bytes, 3 are allowed (line 2, column 4). Split what it holds."
        assert str(refused) == words


def test_split_default_limit() -> None:
    assert decode.MAX_LINE == 256 * 1024 * 1024


@many
@given(st.lists(st.binary(min_size=1).filter(lambda line: b"\n" not in line and line.strip())), st.booleans())
def test_split_undoes_join(lines: list[bytes], newline: bool) -> None:
    data = b"\n".join(lines) + b"\n" * (newline and bool(lines))
    assert list(split(data)) == list(enumerate(lines, 1))


# --- hostile input costs little ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 300_000,
        b'{"":' * 100_000,
        b'["' + b'\\"' * 300_000,
        b'"' * 600_001,
        b"\\" * 600_001,
        b'["' + b"\\" * 600_001,
        b"[" * 64 + b'"[' * 300_000,
        b"[" + b"1,1e" + b"9" * 600_000,
        b" " * 600_000,
        b"[1," + b" " * 600_000 + b"]",
        b"-" * 600_000,
        b"0." + b"0" * 600_000,
        b'"' + b"\\ud83d\\ude00" * 50_000 + b'\\ud83d"',
        b"{" + b'"a":1,' * 20_000 + b'"a":1}',
        b"[" + b"1," * 50_000 + b"NaN]",
        b'{"' + b"\xd0\xb0" * 300_000,
    ],
    ids=lambda line: line[:12].decode("latin-1"),
)
def test_hostile_lines_are_refused(line: bytes) -> None:
    """A search that starts again at every character would take hours here."""
    refusal(value, line)


def test_too_deep_is_found_where_it_is() -> None:
    assert "64" in str(refusal(value, b"[" * 100_000))


# --- strategies -------------------------------------------------------------------------------------------------------

awkward = st.sampled_from('"\\/[]{},: \tuabқ\u00a0\ufeff😀')
words = st.text(awkward | st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | words


def _containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner, max_size=5) | st.dictionaries(words, inner, max_size=5)


values = st.recursive(scalars, _containers, max_leaves=25)


@st.composite
def lines(draw: st.DrawFn) -> tuple[Any, bytes]:
    """A value and one of its spellings."""
    found = draw(values)
    separators = draw(st.sampled_from([(",", ":"), (", ", " : "), (" ,\r", ":\t")]))
    indent = draw(st.sampled_from([None, None, 0, 2]))
    spelled = json.dumps(found, ensure_ascii=draw(st.booleans()), separators=separators, indent=indent)
    return found, spelled.encode()


def _array(parts: list[str]) -> str:
    return "[" + ",".join(parts) + "]"


def _object(parts: list[tuple[str, str]]) -> str:
    return "{" + ", ".join(f"{key}:{part}" for key, part in parts) + "}"


#: Sources that json.loads reads, though many should be refused.
keys = st.sampled_from(['"a"', r'"\u0061"', '"b"', '"c"', '"d"', '"\\""', '"]"', r'"\udc00"', '"1"'])
suspects = st.recursive(
    st.sampled_from(
        ["NaN", "-Infinity", "1e999", "-1E+999", "1e5", "0", "7", '"x"', '"[{"', r'"\u0000"', r'"\\u0000"', r'"\ud800"',
         r'"\\ud800"', r'"\ud83d\ude00"', r'"\ude00\ud83d"', '"NaN"', "null", "true"]
    ),
    lambda inner: st.lists(inner, max_size=4).map(_array) | st.lists(st.tuples(keys, inner), max_size=4).map(_object),
    max_leaves=12,
)  # fmt: skip

pieces = [*'[]{}:,"\\ \r\n\t\0\x1f-+.01eEx\u00a0\ufeffқ😀', "NaN", "Infinity", "true", "1e999", '"a"', '"a":', "[1]"]
escapes = [r"\u0000", r"\ud800", r"\udc00", r"\u0061", r"\u00"]
fragments = st.lists(st.sampled_from(pieces + escapes), max_size=14).map(lambda parts: "".join(parts).encode())


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A valid line into which bytes were inserted, from which some were deleted, or in which some were doubled."""
    data = draw(lines().map(lambda pair: pair[1]) | suspects.map(str.encode))
    for _ in range(draw(st.integers(1, 3))):
        start, end = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
        middle = draw(st.sampled_from([b"", data[start:end] * 2]) | st.binary(max_size=3) | fragments)
        data = data[:start] + middle + data[end:]
    return data


anything = st.binary(max_size=40) | fragments | damaged() | suspects.map(str.encode)


# --- an oracle from the standard library ------------------------------------------------------------------------------


class Pairs(list[tuple[str, Any]]):
    """A JSON object with every pair."""


def reasons(found: Any, depth: int = 1) -> Iterator[str]:
    """Codes that json.loads overlooked."""
    if isinstance(found, float) and not math.isfinite(found):
        yield "not-finite"
    elif isinstance(found, str):
        if "\0" in found:
            yield "nul-character"
        if any("\ud800" <= char <= "\udfff" for char in found):
            yield "lone-surrogate"
    elif isinstance(found, list):
        if depth > MAX_DEPTH:
            yield "too-deep"
        if isinstance(found, Pairs) and len({key for key, _ in found}) < len(found):
            yield "duplicate-key"
        for part in found:  # a pair of an object is a tuple
            for inner in part if isinstance(part, tuple) else (part,):
                yield from reasons(inner, depth + 1)


def loads(data: bytes) -> tuple[Any, set[str]] | None:
    """What json.loads reads and the reasons to refuse it all the same; None if it reads nothing."""
    try:
        source = data.decode("utf-8")
        return json.loads(source), set(reasons(json.loads(source, object_pairs_hook=Pairs)))
    except ValueError:
        return None


STARTS: dict[str, tuple[str, ...]] = {
    "duplicate-key": ('"',), "not-finite": ("NaN", "Infinity", "-", *"123456789"), "too-deep": ("[", "{"),
    "lone-surrogate": ("\\ud", "\\uD"), "nul-character": ("\0", "\\u0000"), "number-too-long": tuple("-0123456789"),
}  # fmt: skip


def check_place(data: bytes, refused: Refused) -> None:
    """The place lies in the data (or just behind a line), and what the code is about stands there."""
    if refused.code == "not-utf8":
        good = data[: _undecodable(data)].decode("utf-8")
        assert (refused.line, refused.column) == (good.count("\n") + 1, len(good) - good.rfind("\n"))
        return
    rows = data.decode("utf-8").split("\n")
    assert 1 <= refused.line <= len(rows)
    assert 1 <= refused.column <= len(rows[refused.line - 1]) + 1
    assert rows[refused.line - 1].startswith(STARTS.get(refused.code, ("",)), refused.column - 1)


def _undecodable(data: bytes) -> int:
    with pytest.raises(UnicodeDecodeError) as caught:
        data.decode("utf-8")
    return caught.value.start


# --- what holds for any input -----------------------------------------------------------------------------------------


@many
@given(lines())
def test_value_undoes_dumps(pair: tuple[Any, bytes]) -> None:
    found, line = pair
    assert repr(value(line)) == repr(found)


@many
@given(anything)
@example(b'{"a":1,"a":2}')
@example(b'{"a":' * 70 + b"1" + b"}" * 70)
@example(b'"\\ud83d\\u0000"')
@example(b"[NaN\xff")
@example(b'{"a":1e999,"a":')
def test_value_refuses_what_json_does_and_the_listed_codes(data: bytes) -> None:
    expected = loads(data)
    try:
        found = value(data)
    except Refused as refused:
        check_place(data, refused)
        assert refused.fact
        assert refused.remedy.endswith(".")
        str(refused).encode("utf-8")  # no half pair gets into a message
        assert expected is None or refused.code in expected[1]
    else:
        assert expected is not None
        assert not expected[1]
        assert repr(found) == repr(expected[0])


@many
@given(suspects)
def test_suspects_are_judged_by_code(source: str) -> None:
    expected = loads(source.encode())
    assert expected is not None
    if expected[1]:
        refused = refusal(value, source.encode())
        assert refused.code in expected[1]
        check_place(source.encode(), refused)
        if refused.code in ("duplicate-key", "not-finite"):  # the first of its kind: what stands before has neither
            cut = source[: refused.column - 1]
            cut = cut.replace('"NaN"', "").upper()
            assert not any(bad in cut for bad in ("NAN", "INFINITY", "E999", "E+999"))
    else:
        assert repr(value(source.encode())) == repr(expected[0])


@many
@given(st.binary() | st.text(st.characters()).map(lambda words: words.encode("utf-8", "surrogatepass")))
@example(b"\xef\xbb\xbf")
def test_text_is_strict_utf8_without_mark_and_nul(data: bytes) -> None:
    try:
        decoded = text(data)
    except Refused as refused:
        check_place(data, refused)
        assert refused.code in ("not-utf8", "byte-order-mark", "nul-character")
        if refused.code == "byte-order-mark":
            assert data.startswith(b"\xef\xbb\xbf")
        elif refused.code == "nul-character":
            assert 0 in data
    else:
        assert decoded.encode("utf-8") == data
        assert "\0" not in decoded
        assert not decoded.startswith("\ufeff")


def too_deep(source: str) -> int | None:
    """Column of the first bracket that nests too deep; reads character by character."""
    depth, quoted, skip = 0, False, False
    for column, char in enumerate(source, 1):
        if skip:
            skip = False
        elif char == '"':
            quoted = not quoted
        elif quoted:
            skip = char == "\\"
        elif char in "[{":
            depth += 1
        elif char in "]}":
            depth -= 1
        if depth > MAX_DEPTH:
            return column
    return None


@many
@given(st.lists(st.sampled_from(["[" * 20, '{"a":' * 20, "[", "]", "}", '"', '\\"', "\\", '"]"', "[[],{},"])))
@example(["[" * 20] * 3 + ["["] * 5)
def test_depth_of_any_brackets(parts: list[str]) -> None:
    source = "".join(parts) + "x"  # whatever the parts are, this is no JSON
    refused = refusal(value, source.encode())
    deep = too_deep(source)
    if deep is None:
        assert refused.code in ("broken-json", "several-values", "duplicate-key")
    else:
        assert (refused.code, refused.column) == ("too-deep", deep)


@many
@given(st.data(), st.integers(0, 12) | st.integers(58, 70))
def test_depth_of_nested_values(data: st.DataObject, depth: int) -> None:
    opening = st.sampled_from(["[", '{"k":', '["[[{\\"",', '{"[":"]","x":'])
    openings = data.draw(st.lists(opening, min_size=depth, max_size=depth))
    closings = ["]" if start[0] == "[" else "}" for start in reversed(openings)]
    line = "".join([*openings, "0", *closings]).encode()
    if depth > MAX_DEPTH:
        refused = refusal(value, line)
        assert (refused.code, refused.column) == ("too-deep", len("".join(openings[:MAX_DEPTH])) + 1)
    else:
        assert value(line) == json.loads(line)


# --- locate -----------------------------------------------------------------------------------------------------------


def paths(found: Any, here: Path = ()) -> Iterator[Path]:
    yield here
    parts: Any = found if isinstance(found, dict) else range(len(found)) if isinstance(found, list) else ()
    for part in parts:
        yield from paths(found[part], (*here, part))


def at(found: Any, path: Path) -> Any:
    for part in path:
        found = found[part]
    return found


def with_marker(found: Any, path: Path) -> Any:
    if not path:
        return "MARKER"
    marked = copy.deepcopy(found)
    at(marked, path[:-1])[path[-1]] = "MARKER"
    return marked


@many
@given(lines(), st.data())
def test_locate_finds_the_value_to_replace(pair: tuple[Any, bytes], data: st.DataObject) -> None:
    found, line = pair
    path = data.draw(st.sampled_from(list(paths(found))))
    source, start = line.decode(), locate(line, path) - 1
    there, end = json.JSONDecoder().raw_decode(source, start)
    assert repr(there) == repr(at(found, path))
    assert json.loads(source[:start] + '"MARKER"' + source[end:]) == with_marker(found, path)


@many
@given(lines(), st.data(), st.lists(words | st.integers(0, 3), max_size=2))
def test_locate_falls_back_on_an_ancestor(pair: tuple[Any, bytes], data: st.DataObject, rest: list[Any]) -> None:
    found, line = pair
    path = data.draw(st.sampled_from(list(paths(found))))
    missing: Any = data.draw(st.sampled_from(["\0", -1, 99]))  # a key or index that no value has
    assert locate(line, (*path, missing, *rest)) == locate(line, path)


LINE = '{ "id":"E1", "қ":[10, {"role":"Place","[":[ ]}], "\\u0061":{"0":1,"a":[[2],[3 , 4]]}, "e":{}}'


@pytest.mark.parametrize(
    ("path", "start"),
    [
        ((), "{ "),
        (("id",), '"E1"'),
        (("қ", 0), "10"),
        (("қ", 1), '{"role'),
        (("қ", 1, "role"), '"Place"'),
        (("қ", 1, "["), "[ ]"),
        (("қ", 1, "target"), '{"role'),
        (("қ", 2), "[10"),
        (("қ", 1, "role", "x"), '"Place"'),
        (("a", "0"), "1,"),
        (("a", 0), '{"0"'),
        (("a", "a", 1, 1), "4]"),
        (("a", "a", 1, 2), "[3 "),
        (("e", "x", "y"), "{}}"),
        (("x",), "{ "),
        ((0,), "{ "),
    ],
)
def test_locate(path: Path, start: str) -> None:
    assert locate(LINE.encode(), path) == LINE.index(start) + 1


def test_locate_skips_white_space_and_counts_over_newlines() -> None:
    assert locate(b"  7", ()) == 3
    assert locate(b'{\n  "a": 7\n}', ("a",)) == 10


def test_locate_at_the_deepest() -> None:
    line = b"[" * MAX_DEPTH + b"7" + b"]" * MAX_DEPTH
    assert locate(line, (0,) * MAX_DEPTH) == MAX_DEPTH + 1
    assert locate(line, (0,) * 99) == MAX_DEPTH + 1


def test_public_names() -> None:
    names = ["MAX_DEPTH", "MAX_DIGITS", "MAX_LINE", "Refused", "balance", "columns", "extent", "locate", "split", "text", "value"]
    assert decode.__all__ == names
    assert all(hasattr(decode, name) for name in decode.__all__)
