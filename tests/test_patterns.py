"""Patterns of schemas: what is refused and why, and that nothing makes an accepted one slow."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from qantar.schema import patterns
from qantar.schema.patterns import refusal

WAYS, EMPTY, PORTABLE = "may go on in two ways", "may be empty", "is not portable"
REFUSED = [
    (r"^(a+)+$", WAYS), (r"^([a-z]+)*$", WAYS), (r"^(a+b?)+$", WAYS), (r"^a*a*$", WAYS), (r"^[a-z]*[a-c]$", WAYS), (r"^(a|a)*$", WAYS),
    (r"^(a|ab)*$", WAYS), (r"^x(a|ab)$", WAYS), (r"^([a-z]{0,63}x)$", WAYS), (r"^a{1,3}a$", WAYS), (r"^(a{1,3}){1,3}$", WAYS),
    (r"^[^b]*a$", WAYS), (r"^([^a]|[^b])*$", WAYS), (r"^(ab|c)*(a)?$", WAYS), (r"^x((a|b)|(b|c))$", WAYS), (r"^a(?:a|b)?(?:a)$", WAYS),
    (r"^(a*)*$", EMPTY), (r"^(a?){30}$", EMPTY), (r"^(a*)+$", EMPTY), (r"^(|a)?$", EMPTY), (r"^()*$", EMPTY), (r"^x(a?|b?)(c?|d?)$", EMPTY),
    (r"^(a?b?)*$", EMPTY),
    ("", PORTABLE), ("^", PORTABLE), ("$", PORTABLE), ("a", PORTABLE), ("^a", PORTABLE), ("a$", PORTABLE), (r"^a\$", PORTABLE), (r"^a\\\$", PORTABLE),
    ("^a|b$", PORTABLE), ("^a|^b$", PORTABLE), ("^a$|^b$", PORTABLE), ("^(a$|b)$", PORTABLE), ("^(a)|(b)$", PORTABLE), ("^^a$", PORTABLE),
    (r"^\d$", PORTABLE), (r"^\w$", PORTABLE), (r"^\s$", PORTABLE), (r"^\p{L}$", PORTABLE), (r"^\ba$", PORTABLE), (r"^\x41$", PORTABLE), (r"^\n$", PORTABLE),
    (r"^[\d]$", PORTABLE), (r"^[\D]$", PORTABLE), (r"^(a)\1$", PORTABLE), (r"^(?P<x>a)$", PORTABLE), (r"^(?=a)a$", PORTABLE), (r"^(?!a)b$", PORTABLE),
    (r"^(?<=a)b$", PORTABLE), (r"^(?i)a$", PORTABLE), (r"^(?>a)$", PORTABLE), (r"^(?#x)a$", PORTABLE), (r"^a++$", PORTABLE), (r"^a*?$", PORTABLE),
    (r"^a??$", PORTABLE), (r"^a{2}{3}$", PORTABLE), (r"^*a$", PORTABLE), (r"^(*a)$", PORTABLE), (r"^(|*a)$", PORTABLE), (r"^a{,3}$", PORTABLE),
    (r"^a{3,2}$", PORTABLE), (r"^a{}$", PORTABLE), (r"^a{x}$", PORTABLE), (r"^a{1$", PORTABLE), (r"^a{٣}$", PORTABLE), (r"^{1}$", PORTABLE), ("^.$", PORTABLE),
    ("^.*$", PORTABLE), ("^a}$", PORTABLE), ("^a]$", PORTABLE), ("^(a$", PORTABLE), ("^a)$", PORTABLE), ("^)a($", PORTABLE), ("^(a))$", PORTABLE),
    ("^[a$", PORTABLE), ("^[]$", PORTABLE), ("^[]a]$", PORTABLE), ("^[^]$", PORTABLE), ("^[z-a]$", PORTABLE), ("^[[:alpha:]]$", PORTABLE), ("^[a[b]]$", PORTABLE),
    ("^[a&&b]$", PORTABLE), ("^[a--b]$", PORTABLE), ("^[a~~b]$", PORTABLE), ("^[a||b]$", PORTABLE), ("^[a-b-c]$", PORTABLE), ("^[a-$", PORTABLE), (r"^[a\$", PORTABLE),
    ("^é$", PORTABLE), ("^[а-я]+$", PORTABLE), ("^a\n$", PORTABLE), ("^\0$", PORTABLE), ("^\x7f$", PORTABLE), (r"^a\$", PORTABLE),
    ("^a{0}$", "no time"), ("^a{0,0}$", "no time"), ("^(a{9}){200}$", "too long"), ("^a{999999999}$", "too long"), ("^a{0,1001}$", "too long"),
    ("^" + "a" * 1_000 + "$", "too long"), ("^" + "((((a{9}){9}){9}){9}){9}" + "$", "too long"), ("^" + "(" * 21 + "a" + ")" * 21 + "b$", "nests groups"),
]  # fmt: skip
ACCEPTED = [
    "^$", "^a$", r"^\.\[\]\(\)\{\}\|\\\^\$\*\+\?\/$", "^[a-z]{0,63}$", "^(a|ab)$", "^([a-z]+|[a-z]+:[a-z]+)$", "^(?:ab)+c$", "^(|a)$", "^()$",
    "^[^a]*a$", "^[-a]$", "^[a-]$", r"^[\]\\^-]$", "^a{2}$", "^a{2,}$", "^a{2,4}b$", "^(ab{0,2}c){2,}$", "^(a(b(c)?)?)?$", "^[ -~]+$", r"^\\$",
    "^a(b|c)*d?$", "^(a{1,3}b){2,}$", "^" + "(" * 20 + "a" + ")" * 20 + "$", "^a{1000}$", "^(a$)$".replace("$)", ")"), r"^[&][|][~][-]$",
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "what"), REFUSED)
def test_refused(pattern: str, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as watch:
        watch.setattr(re, "compile", lambda *_, **__: pytest.fail("a pattern is run before it is known to be good"))
        found = refusal(pattern)
    assert found is not None
    assert what in found[0]
    assert found[1].endswith((".", "`."))


@pytest.mark.parametrize("pattern", ACCEPTED)
def test_accepted(pattern: str) -> None:
    assert refusal(pattern) is None
    re.compile(pattern)


def test_reasons_are_said_in_words() -> None:
    assert refusal("^x[a-f]*(b|c)$") == (
        "may go on in two ways with 'b', which can take for ever",
        "Write it so that the next character decides: `a+` for `(a+)+`, `ab?` for `(a|ab)`.",
    )
    assert refusal("^[^a]*[^b]$") is not None
    assert refusal(r"^\w+$") == (r"is not portable: \w means other things elsewhere", "Spell the class in ASCII, such as [0-9].")


def patterns_in(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, part in node.items():
            if key == "pattern" and isinstance(part, str):
                yield part
            yield from patterns_in(part)
    for part in node if isinstance(node, list) else ():
        yield from patterns_in(part)


def test_every_pattern_of_the_package_is_accepted(root: Path) -> None:
    files = [path for path in sorted((root / "schema").rglob("*.json")) if path.parent.name != "compiled"]
    found = {pattern for path in files for pattern in patterns_in(json.loads(path.read_text("utf-8")))}
    assert len(found) > 10
    assert {pattern: refusal(pattern) for pattern in found if refusal(pattern)} == {}


# --- patterns by chance, and a matcher that goes back and counts its steps --------------------------------------------

#: A tree: a class (its text, its characters), a sequence, a choice, or a repetition (least, most or None).
Tree = tuple[Any, ...]
CLASSES = [("a", "a"), ("b", "b"), ("[ab]", "ab"), ("[b-d]", "bcd"), (r"\.", "."), ("[^a]", None), ("-", "-"), ("[0-9]", "0123456789")]
BOUNDS = [(0, 1, "?"), (0, None, "*"), (1, None, "+"), (2, 2, "{2}"), (0, 3, "{0,3}"), (1, 4, "{1,4}"), (2, None, "{2,}")]
leaves = st.sampled_from(CLASSES).map(lambda one: ("class", *one))
trees = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: ("all", parts))
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: ("one", parts))
        | st.tuples(inner, st.sampled_from(BOUNDS)).map(lambda pair: ("many", *pair))
    ),
    max_leaves=8,
)


def text_of(tree: Tree) -> str:
    """The pattern of a tree, without anchors."""
    if tree[0] == "class":
        return str(tree[1])
    if tree[0] == "many":
        return f"({text_of(tree[1])}){tree[2][2]}" if tree[1][0] != "class" else f"{tree[1][1]}{tree[2][2]}"
    parts = [text_of(part) for part in tree[1]]
    return "".join(parts) if tree[0] == "all" else f"({'|'.join(parts)})"


def program_of(tree: Tree, start: int = 0) -> list[tuple[Any, ...]]:
    """What a matcher that goes back does: take a character, or go on here and, should that fail, there."""
    if tree[0] == "class":
        return [("take", tree[2])]
    if tree[0] == "all":
        code: list[tuple[Any, ...]] = []
        for part in tree[1]:
            code += program_of(part, start + len(code))
        return code
    if tree[0] == "one":
        return _choice(tree[1], start)
    inner, (least, most, _) = tree[1], tree[2]
    code = []
    for _ in range(least):
        code += program_of(inner, start + len(code))
    if most is None:
        here = start + len(code)
        body = program_of(inner, here + 1)
        return [*code, ("split", here + 1, here + len(body) + 2), *body, ("jump", here)]
    return code + _optional(inner, most - least, start + len(code))


def _choice(parts: list[Tree], start: int) -> list[tuple[Any, ...]]:
    if len(parts) == 1:
        return program_of(parts[0], start)
    first = program_of(parts[0], start + 1)
    rest = _choice(parts[1:], start + len(first) + 2)
    return [("split", start + 1, start + len(first) + 2), *first, ("jump", start + len(first) + 2 + len(rest)), *rest]


def _optional(inner: Tree, times: int, start: int) -> list[tuple[Any, ...]]:
    if times == 0:
        return []
    body = program_of(inner, start + 1)
    rest = _optional(inner, times - 1, start + 1 + len(body))
    return [("split", start + 1, start + 1 + len(body) + len(rest)), *body, *rest]


def steps(program: list[tuple[Any, ...]], string: str, limit: int) -> tuple[bool, int]:
    """(whether the whole string matches, steps that it took to know); False after `limit` steps."""
    stack, count = [(0, 0)], 0
    while stack and count < limit:
        at, place = stack.pop()
        count += 1
        if at == len(program):
            if place == len(string):
                return True, count
            continue
        do, *what = program[at]
        if do == "take":
            if place < len(string) and (string[place] != "a" if what[0] is None else string[place] in what[0]):
                stack.append((at + 1, place + 1))
        elif do == "jump":
            stack.append((what[0], place))
        else:
            stack += [(what[1], place), (what[0], place)]
    return False, count


def adversaries(chance: st.DataObject, size: int) -> list[str]:
    """Long strings that almost match what likes them: a stretch again and again, and something else at the end."""
    stretch = chance.draw(st.text("abcd.-0", min_size=1, max_size=4))
    return [
        (stretch * size)[:size],
        (stretch * size)[: size - 1] + "!",
        "b" + (stretch * size)[: size - 1] + "é",
        "a" * size,
        "b" * size + "a!",
    ]


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(tree=trees, data=st.data())
def test_accepted_patterns_take_linear_time_and_mean_what_re_means(tree: Tree, data: st.DataObject) -> None:
    pattern = f"^{text_of(tree)}$"
    if refusal(pattern) is not None:
        return
    program, matcher = program_of(tree), re.compile(pattern + r"(?!\n)")
    each = 4 * (len(program) + 2)  # steps that a character may cost: every place once, forwards and back
    for string in adversaries(data, 20_000):
        verdict, count = steps(program, string, each * (len(string) + 2) + 1)
        assert count <= each * (len(string) + 2), "time is not linear"
        assert verdict == bool(matcher.search(string))
    for string in data.draw(st.lists(st.text("abcd.-0!é\n", max_size=6), max_size=30)):
        assert steps(program, string, 100_000)[0] == bool(matcher.search(string))


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(tree=trees)
def test_rust_reads_accepted_patterns_too(tree: Tree) -> None:
    pattern = f"^{text_of(tree)}$"
    if refusal(pattern) is None:
        rust = jsonschema_rs.Draft202012Validator({"pattern": pattern})
        python = re.compile(pattern + r"(?!\n)")
        for string in ("", "a", "b", "ab", "aab", "abab", "0", "-", ".", "bcd", "é", "\n", "a\n"):
            assert rust.is_valid(string) == bool(python.search(string))


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.text(st.sampled_from(r"ab^$()[]{}|?*+\.-,0123:!é"), max_size=14).map(lambda inner: f"^{inner}$"))
@example("^(a$")
def test_anything_is_read_or_refused_and_what_is_read_compiles(pattern: str) -> None:
    found = refusal(pattern)
    if found is None:
        re.compile(pattern)
    else:
        assert all(found)


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a*)*$", "^(a|a)*$"])
def test_the_matcher_that_counts_sees_what_is_refused_grow(pattern: str) -> None:
    tree = {
        "^(a+)+$": ("many", ("many", ("class", "a", "a"), (1, None, "+")), (1, None, "+")),
        "^(a*)*$": ("many", ("many", ("class", "a", "a"), (1, None, "+")), (0, None, "*")),
        "^(a|a)*$": ("many", ("one", [("class", "a", "a"), ("class", "a", "a")]), (0, None, "*")),
    }[pattern]
    assert refusal(pattern) is not None
    few, many = (steps(program_of(tree), "a" * size + "!", 5_000_000)[1] for size in (8, 16))
    assert many > 20 * few, "else it could not tell slow from quick"


def test_a_pattern_is_read_in_time_that_its_length_bounds() -> None:
    """The worst that the bounds let through: as many places as there may be, each followed by each."""
    wide = (
        "^(" + "|".join(f"\\{chr(code)}" if not chr(code).isalnum() else chr(code) for code in range(33, 127) if chr(code) != "_") + ")*$"
    )
    assert refusal(wide) is None
    assert refusal("^(" + "[a-z]{30}" * 34 + ")*$") is not None
    assert len(patterns.__doc__ or "") > 100
