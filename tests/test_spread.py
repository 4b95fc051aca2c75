"""A record over several lines is one fault, and nothing that is a line of its own is taken for a part of one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qantar import decode
from qantar.store import spread
from reported import reported

Run = Callable[..., tuple[int, str, str]]
ENTITIES = "annotations/entities/one.jsonl"
WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=5)
SCALARS = st.none() | st.booleans() | st.integers() | WORDS | st.sampled_from(["{", "}]", "[", '"', "\\"])
VALUES = st.recursive(SCALARS, lambda part: st.lists(part, max_size=3) | st.dictionaries(WORDS, part, max_size=3))
RECORDS = st.dictionaries(WORDS, VALUES, min_size=1, max_size=4)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports name files from the folder where one is."""
    monkeypatch.chdir(tmp_path)


def found(text: str) -> list[tuple[int, bytes | decode.Refused]]:
    return list(spread.records(decode.split(text.encode())))


@given(st.lists(RECORDS, max_size=5))
def test_lines_come_through_untouched(records: list[Any]) -> None:
    lines = [json.dumps(record) for record in records]
    assert found("\n".join(lines)) == [(number, line.encode()) for number, line in enumerate(lines, 1)]


@given(st.text("{}[]\",:1 x'\n\\", max_size=60))
def test_every_line_comes_through_or_is_in_one_refusal(text: str) -> None:
    try:
        lines = dict(decode.split(text.encode()))
    except decode.Refused:
        return
    numbers = [number for number, _ in found(text)]
    assert numbers == sorted(set(numbers))
    for number, line in found(text):
        assert isinstance(line, decode.Refused) or lines[number] == line
    missing = set(lines) - set(numbers)
    refused = [number for number, line in found(text) if isinstance(line, decode.Refused)]
    assert not missing or refused


@given(st.lists(RECORDS, min_size=1, max_size=4), st.integers(0, 3))
def test_a_spread_record_is_one_fault(records: list[Any], which: int) -> None:
    which %= len(records)
    lines = [json.dumps(record, indent=2 if number == which else None) for number, record in enumerate(records)]
    outcome = found("\n".join(lines))
    assert [isinstance(line, decode.Refused) for _, line in outcome] == [number == which for number in range(len(records))]
    assert [number for number, _ in outcome] == [1 + sum(part.count("\n") + 1 for part in lines[:number]) for number in range(len(lines))]


def pretty(path: Path, **options: Any) -> None:
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    path.write_text("".join(json.dumps(record, ensure_ascii=False, **options) + "\n" for record in records), encoding="utf-8")


def test_a_layer_that_was_printed_for_people(tiny: Path, run: Run) -> None:
    path = tiny / ENTITIES
    pretty(path, indent=2)
    code, out, _ = run("check", tiny)
    problems = reported(out).problems
    assert code == 1
    assert len(problems) == 4
    assert problems[0].head == f"{ENTITIES}:1:1: error[broken-json]: one record stands on lines 1 to 12."
    assert {one.remedy for one in problems} == {"Write one record a line."}


def test_a_list_of_records(tiny: Path, run: Run) -> None:
    path = tiny / ENTITIES
    path.write_text(json.dumps([json.loads(line) for line in path.read_text("utf-8").splitlines()], indent=1), encoding="utf-8")
    (one,) = reported(run("check", tiny)[1]).problems
    assert one.head.startswith(f"{ENTITIES}:1:1: error[broken-json]: one list stands on lines 1 to ")
    assert one.remedy == "Write one record a line."


def test_a_fault_in_a_spread_record(tiny: Path, run: Run) -> None:
    """Its place is that of the fault, and both things are said."""
    path = tiny / ENTITIES
    path.write_text('{\n  "id": "T1",\n  "type": PER\n}\n', encoding="utf-8")
    (one,) = reported(run("check", tiny)[1]).problems
    assert one.head == f"{ENTITIES}:3:11: error[broken-json]: a value is missing near '  \"type\": PER\\n}}'."
    assert one.remedy == "Correct the JSON. Write one record a line."
    assert one.pictures == ['    |   "type": PER', "    |           ^^^"]


def test_a_line_that_lost_its_end_costs_no_other(tiny: Path, run: Run) -> None:
    path = tiny / ENTITIES
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([lines[0][: lines[0].index(",", 30)], *lines[1:]]) + "\n", encoding="utf-8")
    (head,) = reported(run("check", tiny)[1]).heads
    assert head.startswith(f"{ENTITIES}:1:")


def test_a_native_file(tiny: Path, tmp_path: Path, run: Run) -> None:
    path = tmp_path / "all.jsonl"
    assert run("export", "native", path, tiny)[0] == 0
    pretty(path, indent=1)
    code, out, _ = run("check", path, "--corpus", tiny)
    assert code == 1
    assert [head.partition("]: ")[2] for head in reported(out).heads] == [
        "one record stands on lines 1 to 311.",
        "one record stands on lines 312 to 398.",
    ]
    built = run("build", path, "--corpus", tiny, "--out", tmp_path / "release")
    assert built[2] == out + "qantar: nothing was built.\n"


def test_what_is_held_together_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spread, "LIMIT", 10)
    text = '{\n"a": 1,\n"b": 2,\n"c": 3\n}'
    assert [number for number, _ in found(text)] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("line", "fact"),
    [
        ("{'id': 'T1'}", "a string stands in single quotes near"),
        ("{\"id\": 'T1'}", "a string stands in single quotes near"),
        ('{"draft": True}', "True is a word of Python near"),
        ('{"date": None, "x": 1}', "None is a word of Python near"),
    ],
)
def test_what_python_prints_is_named_so(line: str, fact: str) -> None:
    with pytest.raises(decode.Refused) as caught:
        decode.value(line.encode())
    assert caught.value.code == "broken-json"
    assert caught.value.fact.startswith(fact)
    assert caught.value.remedy == "This is how Python prints a value: write it with json.dumps."
