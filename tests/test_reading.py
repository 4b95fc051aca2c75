"""What reading proves over whole columns and whole files is what a plain reading says, record by record, line by line."""

from __future__ import annotations

import copy
import gc
import gzip
import re
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import generate
import msgspec
import pytest
from fuzz import kinds
from generate import Draw, Json, contract
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from qantar import checking, decode
from qantar.columns import Columns
from qantar.document import follow, leaves
from qantar.schema import forms as forms_of
from qantar.schema.forms import Forms
from qantar.store import Folder, native, open_store
from qantar.store.gate import Gate, encode
from tiny import layers_of_one, write_corpus

REGISTRY = contract()[1]
many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
#: What stands in the place of an id, a feature, a date: near it, or strange.
STRANGE = (
    "",
    "T1\n",
    "t1",
    "Т1",
    "T١",
    "T1" * 40,
    "a|b",
    "Case=Nom",
    "Case=Nom|",
    "Case=Nom|Number=Sing|" * 20 + "Case=Gen",
    "2022",
    "2022-1",
    "😀",
    "e1",
)


# --- columns ----------------------------------------------------------------------------------------------------------


class Leaf(msgspec.Struct, frozen=True):
    """A record below a list or a field."""

    name: str | None = None


class Tree(msgspec.Struct, frozen=True):
    """A record that lacks things, and holds lists of what may be lacking."""

    one: Leaf | None = None
    some: tuple[Leaf | None, ...] | None = None
    words: tuple[str | None, ...] | None = None


leaf = st.none() | st.builds(Leaf, st.none() | st.text(max_size=2))
tree = st.builds(Tree, leaf, st.none() | st.lists(leaf).map(tuple), st.none() | st.lists(st.none() | st.text(max_size=1)).map(tuple))
WAYS = (("one",), ("one", "name"), ("some",), ("some", "*"), ("some", "*", "name"), ("words", "*"))


@many
@given(st.lists(tree))
def test_columns_of_several_records_are_those_of_each(trees: list[Tree]) -> None:
    columns = Columns.over(trees)
    for way in WAYS:
        assert columns.column(way) == tuple(leaves(trees, way)), "each again, whatever was asked for before"
        assert columns.distinct(way) == set(leaves(trees, way))
        assert [found for one in trees for found in Columns(one).column(way)] == [*columns.column(way)]


# --- patterns ---------------------------------------------------------------------------------------------------------


@st.composite
def misspelt(draw: Draw) -> Any:
    """A Document with up to three strings that have a pattern and need not match it."""
    value: Json = copy.deepcopy(draw(generate.documents()))
    dice = Random(draw(st.integers(0, 2**32)))  # noqa: S311 -- to vary, not to hide
    for _ in range(dice.choice((0, 1, 1, 3))):
        places = [(holder, key) for holder, key in _strings(value) if key not in ("text", "quote")]
        holder, key = dice.choice(places)
        holder[key] = dice.choice(STRANGE)
    try:
        return msgspec.convert(value, REGISTRY.document_type)
    except msgspec.ValidationError:  # what took another value is no string of a pattern
        return msgspec.convert(draw(generate.documents()), REGISTRY.document_type)


def _strings(node: Any) -> Iterator[tuple[Any, Any]]:
    """(holder, key) of every string of a JSON value."""
    for key, part in node.items() if isinstance(node, dict) else enumerate(node):
        if isinstance(part, str):
            yield node, key
        elif isinstance(part, dict | list):
            yield from _strings(part)


def _fields() -> list[tuple[tuple[str, ...], str]]:
    """(path, pattern) of the fields of Documents, as the shape says."""
    return list(_patterns(REGISTRY.shapes["document"], ()))


def _patterns(node: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if "pattern" in node:
        yield path, node["pattern"]
    for key, body in node.get("properties", {}).items():
        yield from _patterns(body, (*path, key))
    if "items" in node:
        yield from _patterns(node["items"], (*path, "*"))


def _plain(document: Any) -> set[tuple[str, str]]:
    """(string, pattern) of what does not match, looked for one by one."""
    found = ((text, pattern) for path, pattern in _fields() for _, text in follow(document, path))
    return {(text, pattern) for text, pattern in found if text is not None and not re.search(pattern, text)}


USED = Forms(_fields())


@many
@given(misspelt())
def test_forms_say_what_matching_one_by_one_says(document: Any) -> None:
    wrong = _plain(document)
    for forms in (Forms(_fields()), USED, REGISTRY.forms("document")):
        assert forms.fit(Columns(document)) == (not wrong), "whatever was read before"
        assert forms.fit(Columns(document)) == (not wrong), "and the second time"
        assert set(forms.misfits(document)) == wrong


def test_what_is_remembered_is_bounded_and_never_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms_of, "_KEPT", 10)
    forms = Forms([(("some", "*", "name"), r"^x[0-9]*$(?!\n)"), (("one", "name"), r"^x[0-9]*$(?!\n)")])
    for number in range(100):
        some = tuple(Leaf(f"x{one}") for one in range(number, number + 3))
        assert forms.fit(Columns(Tree(some=(*some, Leaf(), Leaf("x" + "1" * 1_000)))))
        assert forms.fit(Columns(Tree(one=Leaf(f"x{number}"))))
        assert not forms.fit(Columns(Tree(some=(*some, Leaf(f"y{number}")))))
        assert not forms.fit(Columns(Tree(one=Leaf(f"x{number}\n"))))
    known = {text for form in forms._forms.values() for text in form.known if text is not None}
    assert len(known) == 9, "beside None"
    assert all(re.fullmatch("x[0-9]{1,2}", text) for text in known), "neither what is wrong nor what is long"


# --- whole files ------------------------------------------------------------------------------------------------------


class LineByLine(Gate):
    """A gate that proves nothing of a file as a whole."""

    def _all_canonical(self, data: bytes) -> list[Any] | None:
        return None


SHAPES = (*(f"layers/{layer}" for layer in REGISTRY.layers), "document")
GATES = {shape: (Gate(REGISTRY, shape), LineByLine(REGISTRY, shape)) for shape in SHAPES}


@st.composite
def files(draw: Draw) -> tuple[str, bytes]:
    """A shape and lines of it, from two documents: in canonical form, in a form near it, or damaged."""
    documents = [msgspec.convert(draw(generate.documents(name)), REGISTRY.document_type) for name in ("one", "two")]
    shape = draw(st.sampled_from(SHAPES))
    records = documents if shape == "document" else [record for one in documents for record in getattr(one, shape[7:]) or ()]
    data = b"".join(encode(record) + b"\n" for record in records)
    dice = Random(draw(st.integers(0, 2**32)))  # noqa: S311 -- to vary, not to hide
    return shape, dice.choice((_same, _near, *kinds.DAMAGES.values()))(dice, data)


def _same(_: Random, data: bytes) -> bytes:
    return data


def _near(dice: Random, data: bytes) -> bytes:
    _, old, new = dice.choice(NEAR)
    return data.replace(old, new, dice.choice((1, -1)))


#: What looks the same to a forgiving parser, or nearly so: (layer of `layers_of_one` that holds it, what stands there, what comes instead).
NEAR: tuple[tuple[str, bytes, bytes], ...] = (
    ("segments", b",", b", "), ("segments", b"{", b"\xef\xbb\xbf{"), ("segments", b"}\n", b"} \n"), ("segments", b"}\n", b"}\r\n"),
    ("segments", b"}\n", b"}\n\n"), ("segments", b"}\n", b"}{}\n"), ("segments", b"}\n", b"}"), ("segments", b'"start":0', b'"start":-0'),
    ("segments", b'"start":0', b'"start":0.0'), ("segments", b'"start":0', b'"start":0,"start":0'), ("segments", b'"start":0', b'"end":0,"start":0'),
    ("segments", b'"id":"Z1","start":0', b'"start":0,"id":"Z1"'), ("segments", b'"lang":"uk"', b'"lang":"uk","date":null'),
    ("segments", b'"lang":"uk"', b'"lang":"uk","date":"2022-1"'), ("segments", b"body", b"b\\u006fdy"), ("sentences", b'"S1"', b'"S1\\n"'),
    ("sentences", b'"feats":"', b'"feats":"|'), ("languages", b'"quote":"Reuters', b'"quote":"\\u0000'), ("languages", b'"quote":"', b'"quote":"\0'),
    ("languages", b'"quote":"', b'"quote":"\\ud800'), ("languages", b'"quote":"', b'"quote":"\\/'), ("languages", b'"quote":"', b'"quote":"\xff'),
    ("entities", b'"T1"', b'"t1"'), ("entities", b'"T1"', b'"T"'), ("entities", b"dockers", b"Dockers"), ("values", b"XXXX", b"\\u0000"),
    ("values", b'"V1"', b'"V1","ignore":[{"code":"X","reason":"x"}]'), ("values", b'"min":1', b'"min":1.0'), ("values", b'"min":1', b'"min":1e0'),
    ("values", b'"min":1', b'"min":NaN'), ("events", b'"Place"', b'"Attacker"'), ("events", b'"target":"V1"', b'"target":"V"'),
    ("attributions", b'["E1"]', b'["E1","e1"]'), ("relations", b'"tail"', b'"t\\u0061il"'),
)  # fmt: skip


def _lines_of(layer: str) -> bytes:
    records = layers_of_one()[layer]
    if layer == "sentences":
        records[0]["tokens"][0]["feats"] = "Case=Nom"
    if layer == "values":
        records.append({**records[0], "id": "V2", "type": "COUNT", "min": 1, "value": None, "precision": None})
    records = [{name: cell for name, cell in record.items() if cell is not None} for record in records]
    return b"".join(encode(record) + b"\n" for record in REGISTRY.records(layer, records))


@pytest.mark.parametrize(("layer", "old", "new"), NEAR)
def test_what_is_nearly_canonical_is_read_as_its_lines_are(layer: str, old: bytes, new: bytes) -> None:
    good, (whole, plain) = _lines_of(layer), GATES[f"layers/{layer}"]
    assert whole._all_canonical(good) is not None
    assert old in good
    for data in (good.replace(old, new, 1), good.replace(old, new)):
        read = list(plain.lines(data, "x.jsonl"))
        assert list(whole.lines(data, "x.jsonl")) == read
        assert whole._all_canonical(data) is None, "whether it is refused, or read and rewritten"


@many
@given(files())
def test_a_file_is_read_as_its_lines_are(file: tuple[str, bytes]) -> None:
    shape, data = file
    whole, plain = GATES[shape]
    assert list(whole.lines(data, "x.jsonl")) == list(plain.lines(data, "x.jsonl"))


def test_a_canonical_file_is_read_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    record = {"id": "T1", "spans": [{"start": 0, "end": 4}], "quote": "ОМОН", "type": "ORG.security", "level": "name"}
    line = encode(REGISTRY.records("entities", [record])[0]) + b"\n"
    gate, _ = GATES["layers/entities"]
    monkeypatch.setattr(gate, "_line", None)
    assert [number for number, *_ in gate.lines(line * 3, "x.jsonl")] == [1, 2, 3]
    with pytest.raises(TypeError, match="not callable"):
        list(gate.lines(line + line[:-1], "x.jsonl"))
    monkeypatch.setattr("qantar.decode.MAX_LINE", 2 * len(line))
    with pytest.raises(TypeError, match="not callable"):
        list(gate.lines(line * 3, "x.jsonl"))


@many
@given(
    st.lists(st.sampled_from((b"1", b"22\r", b'"' + "і".encode() * 9 + b'"', b"{}", b"", b" ")), max_size=12),
    st.booleans(),
    st.integers(1, 60),
)
def test_lines_are_those_of_the_file_whatever_the_blocks(lines: list[bytes], ended: bool, block: int) -> None:
    data = b"\n".join(lines) + b"\n" * ended
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder) / "x.jsonl.gz"
        path.write_bytes(gzip.compress(data))
        for size in (block, 1 << 18):
            patch.setattr(native, "_BLOCK", size)
            for limit in (256 * 2**20, 10):
                patch.setattr("qantar.decode.MAX_LINE", limit)
                assert _told(native._split(path)) == _told(decode.split(data, limit=limit))


def _told(lines: Iterator[tuple[int, bytes]]) -> list[tuple[int, bytes | str]]:
    """The lines, up to where they are refused, and by what code."""
    found: list[tuple[int, bytes | str]] = []
    try:
        found.extend(lines)
    except decode.Refused as refused:
        found.append((refused.line, refused.code))
    return found


# --- the loop ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [(700, 10, 10), (0, 10, 10), (90_000, 5, 5)])
def test_the_collector_is_as_it_was_after_a_check(before: tuple[int, int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    during: list[tuple[int, int, int]] = []
    monkeypatch.setattr(checking, "_in_order", lambda *_: during.append(gc.get_threshold()) or [])
    first = gc.get_threshold()
    try:
        gc.set_threshold(*before)
        checking.check(open_store(write_corpus(tmp_path / "corpus")))
        assert gc.get_threshold() == before
        with pytest.raises(AttributeError):
            checking.check(None)  # type: ignore[arg-type]
        assert gc.get_threshold() == before
    finally:
        gc.set_threshold(*first)
    assert during == [(before[0] and max(before[0], 50_000), *before[1:])]


def test_a_document_is_dropped_before_the_next_one_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write_corpus(tmp_path / "corpus")
    file = tmp_path / "two.jsonl"
    file.write_bytes(b"".join(encode(one) + b"\n" for one in Folder(root).read().documents.values()))
    made: list[weakref.ref[Columns]] = []
    plain = Gate.columns

    def watched(self: Gate, *arguments: Any) -> Any:
        assert [one for one in made if one() is not None] == []
        columns, problems = plain(self, *arguments)
        made.append(weakref.ref(columns))
        return columns, problems

    monkeypatch.setattr(Gate, "columns", watched)
    assert checking.check(open_store(file, corpus=root)) == []
    assert len(made) == 2
