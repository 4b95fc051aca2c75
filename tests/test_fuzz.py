"""A few thousand hostile inputs with fixed seeds; `tests/fuzz/run.py` runs as many as one likes."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from fuzz import oracle, readers
from fuzz import run as fuzz
from qantar.problems import Place, Problem


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> fuzz.Run:
    return fuzz.Run("in CI", tmp_path_factory.mktemp("fuzz"), None)


@pytest.fixture(autouse=True)
def _watch() -> Iterator[None]:
    before = {name: signal.getsignal(name) for name in (signal.SIGALRM, signal.SIGPROF)}
    fuzz.watch()
    yield
    for name, handler in before.items():
        signal.signal(name, handler)


def test_lines_in_memory(run: fuzz.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "ON_DISK", {})
    for number in range(2_500):
        run.one(number)
    assert run.failures == []
    assert run.counts["all: accepted"] > 300, "not all inputs are so hostile that nothing is read"
    assert run.counts["all: refused"] > 1_000


@pytest.mark.parametrize(
    ("reader", "many"), [("folder", 40), ("contract", 40), ("file system", 30), ("native file", 40), ("release", 10), ("commands", 2)]
)
def test_files_and_folders(reader: str, many: int, run: fuzz.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "ON_DISK", {reader: 1000})
    for number in range(many):
        run.one(number)
    assert run.failures == []
    assert sum(count for name, count in run.counts.items() if name.startswith(f"reader {reader}: ")) == many


def test_an_input_is_the_same_each_time(run: fuzz.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "ON_DISK", {})
    seen = []
    for number in (7, 7, 8):
        run.one(number)
        seen.append(run.data)
    assert seen[0] == seen[1] != seen[2]


# --- the oracle notices -----------------------------------------------------------------------------------------------

GOOD = Problem("broken-json", "a value is missing", "Correct the JSON.", place=Place("f", 1, 1))


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (Problem("nope", "A fact", "Do.", place=Place("f", 1, 1)), "code is known"),
        (Problem("broken-json", " ", "Do.", place=Place("f", 1, 1)), "fact and remedy"),
        (Problem("broken-json", "A fact", "Do", place=Place("f", 1, 1)), "a sentence"),
        (Problem("broken-json", "A fact", "Do."), "has a place"),
        (Problem("broken-json", "A fact", "Do.", place=Place("f", 3, 1)), "line is in the file"),
        (Problem("broken-json", "A fact", "Do.", place=Place("f", 2, 5)), "column is in the line"),
        (Problem("broken-json", "A fact", "Do.", place=Place("g", 2, 5)), "belongs to a file"),
    ],
)
def test_badly_said_or_placed(problem: Problem, words: str) -> None:
    assert oracle.judged([GOOD], {"f": b"a\nabc\n"}) == {"broken-json"}
    with pytest.raises(oracle.Broken, match=words):
        oracle.judged([problem], {"f": b"a\nabc\n"})


@pytest.mark.parametrize(
    "line",
    [b'{"a":1,"a":1}', b"NaN", b"1e999", b'"\\ud800"', b'"\\u0000"', b'["\\udc00"]', b"[" * 70 + b"]" * 70],
    ids=lambda line: line[:9].decode(),
)
def test_what_should_never_be_let_in(line: bytes) -> None:
    with pytest.raises(oracle.Broken):
        oracle.strict(line)


@pytest.mark.parametrize(
    ("one", "two"), [(1, True), (1, 2), ([1, 2], [2, 1]), ({"a": "x"}, {}), ("a", "а"), (1.5, 1), (-0.0, 0), (2.0**60, 2**60)]
)
def test_values_that_differ(one: object, two: object) -> None:
    assert not oracle.same(one, two)


@pytest.mark.parametrize(("one", "two"), [(1, 1.0), ({"a": None}, {}), ({"a": 1, "b": 2}, {"b": 2, "a": 1})])
def test_values_that_only_look_different(one: object, two: object) -> None:
    assert oracle.same(one, two)


def test_a_reader_that_drops_a_field_is_noticed(run: fuzz.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = run.world.gates["corpus/links"]
    lines = gate.lines

    def forgetful(data: bytes, file: str) -> Iterator[Any]:
        for number, one, *found in lines(data, file):
            yield number, one and msgspec.structs.replace(one, note=None), *found

    monkeypatch.setattr(gate, "lines", forgetful)
    with pytest.raises(oracle.Broken, match="same values"):
        readers.read_lines(run.world, "corpus/links", run.world.lines["corpus/links"])


def test_a_failure_is_kept(tmp_path: Path, run: fuzz.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "ON_DISK", {})
    broken = fuzz.Run.__new__(fuzz.Run)
    broken.__dict__.update(run.__dict__, out=tmp_path, failures=[], counts=run.counts.copy())
    monkeypatch.setattr(readers, "read_lines", lambda *_: oracle.demand(False, "nothing"))
    monkeypatch.setattr(broken, "memory", ("document",))
    broken.one(5)
    assert broken.failures == ["5 document: Broken nothing: "]
    assert "seed in CI, document" in (tmp_path / "in CI-5" / "broken.txt").read_text("utf-8")
    assert (tmp_path / "in CI-5" / "input").is_file()
