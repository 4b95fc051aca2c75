"""Dates stand in the calendar and are as exact as they say, in every layer whose schema says that a field is a date."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builds import edit_lines, replace_in
from hypothesis import given
from hypothesis import strategies as st
from qantar.rules.dates import fault_of
from reported import reported
from tiny import write_lines

Run = Callable[..., tuple[int, str, str]]
DIGITS = st.integers(0, 99).map("{:02d}".format)
YEARS = st.one_of(st.integers(0, 9999), st.integers(2000, 2032)).map("{:04d}".format)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports name files from the folder where one is."""
    monkeypatch.chdir(tmp_path)


def stands_in_the_calendar(year: str, month: str, day: str) -> bool:
    """What Python's calendar says."""
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


@given(YEARS, DIGITS, DIGITS)
def test_days_are_those_of_the_calendar(year: str, month: str, day: str) -> None:
    text = f"{year}-{month}-{day}"
    assert (fault_of(text, "calendar") is None) == stands_in_the_calendar(year, month, day)
    assert fault_of(text, "timex3") == fault_of(text, "calendar")
    assert fault_of(f"{text}T10:30", "timex3") is None or not stands_in_the_calendar(year, month, day)


@given(st.dates(), st.sets(st.sampled_from([0, 1, 2, 3, 5, 6, 8, 9])))
def test_digits_that_are_not_known_leave_a_date_possible(day: date, unknown: set[int]) -> None:
    text = "".join("X" if place in unknown else sign for place, sign in enumerate(day.isoformat()))
    assert fault_of(text, "timex3") is None


@given(st.text("0123456789XWPTQ-:", max_size=12))
def test_a_timex3_value_is_refused_only_where_no_day_reads_so(value: str) -> None:
    if fault_of(value, "timex3"):
        days = (date(year, month, day) for year in (1996, 1997) for month in range(1, 13) for day in range(1, 29))
        year = value[:4]
        assert year == "0000" or not any(
            all(one in (other, "X") for one, other in zip(value[4:10], day.isoformat()[4:], strict=False)) for day in days
        )


@pytest.mark.parametrize("value", ["2031-W54", "P3D", "PT2H", "2031-SP", "PAST_REF", "203X", "2031-Q1", "XXXX-WXX-5", "T25", "XXXX-02-29"])
def test_other_timex3_values_are_let_be(value: str) -> None:
    assert fault_of(value, "timex3") is None


def only(outcome: tuple[int, str, str]) -> str:
    code, out, err = outcome
    report = reported(out)
    assert (code, err, report.summary) == (1, "", "1 error, 0 warnings.")
    (head,) = report.heads
    return head


def set_field(corpus: Path, file: str, *keys: Any, value: object) -> None:
    def change(records: list[Any]) -> None:
        part: Any = records
        for key in keys[:-1]:
            part = part[key]
        part[keys[-1]] = value

    edit_lines(corpus / file, change)


FIELDS = {
    "published": ("documents.jsonl", (0, "published"), "2031-02-29", "documents.jsonl:1:", "$.published"),
    "anchor": ("documents.jsonl", (1, "anchor", "date"), "2031-04-31", "documents.jsonl:2:", "$.anchor.date"),
    "year": ("documents.jsonl", (1, "published"), "0000", "documents.jsonl:2:", "$.published"),
    "zone": ("annotations/segments/one.jsonl", (1, "date"), "2031-13", "annotations/segments/one.jsonl:2:", "Z2 $.date"),
    "value": ("annotations/values/one.jsonl", (0, "value"), "XXXX-02-30", "annotations/values/one.jsonl:1:", "V1 $.value"),
    "gazetteer": ("gazetteer.jsonl", (1, "names", 0, "since"), "2019-00", "gazetteer.jsonl:2:", "reuters $.names[0].since"),
    "gazetteer, until": ("gazetteer.jsonl", (0, "names", 0, "until"), "2019-09-31", "gazetteer.jsonl:1:", "port-vell $.names[0].until"),
}


@pytest.mark.parametrize(("file", "keys", "value", "place", "where"), FIELDS.values(), ids=FIELDS)
def test_an_impossible_date(file: str, keys: tuple[Any, ...], value: str, place: str, where: str, tiny: Path, run: Run) -> None:
    set_field(tiny, file, *keys, value=value)
    head = only(run("check", tiny))
    assert head.startswith(place)
    assert f"error[impossible-date] {where}: '{value}' is no date: " in head


def test_a_native_line(tiny: Path, tmp_path: Path, run: Run) -> None:
    assert run("export", "native", tmp_path / "all.jsonl", tiny)[0] == 0
    replace_in(tmp_path / "all.jsonl", '"XXXX-03-14"', '"2031-14-03"')
    head = only(run("check", tmp_path / "all.jsonl", "--corpus", tiny))
    assert head.startswith("all.jsonl:1:")
    assert "error[impossible-date] V1 $.value: '2031-14-03' is no date: there is no month 14" in head


def test_a_date_that_is_meant(tiny: Path, run: Run) -> None:
    set_field(tiny, "annotations/values/one.jsonl", 0, "value", value="XXXX-02-30")
    set_field(tiny, "annotations/values/one.jsonl", 0, "ignore", value=[{"code": "impossible-date", "reason": "The text says so."}])
    assert run("check", tiny) == (0, "No problems.\n", "")


def with_layer(corpus: Path, **field: Any) -> None:
    """A layer of the corpus's own, with one date."""
    body = {
        "title": "Issue", "description": "An issue of a paper.", "x-anchor": "none", "type": "object",
        "properties": {
            "id": {"description": "Id.", "$ref": "../common.schema.json#/$defs/local-id"},
            "days": {"description": "Days.", "type": "array", "items": {"type": "string"} | field},
        },
        "required": ["id"],
    }  # fmt: skip
    (corpus / "schema" / "layers").mkdir(parents=True)
    (corpus / "schema" / "layers" / "issues.schema.json").write_text(json.dumps(body), encoding="utf-8")
    replace_in(corpus / "corpus.toml", '"relations"]', '"relations", "issues"]')
    with (corpus / "corpus.toml").open("a", encoding="utf-8") as file:
        file.write('\n[schema]\nlayers = "schema/layers"\n')
    set_field(corpus, "documents.jsonl", 1, "coverage", 0, value={"layer": "issues", "zones": None})
    (corpus / "annotations" / "entities" / "two.jsonl").unlink()
    for name in ("clusters", "alignments", "links"):
        (corpus / f"{name}.jsonl").unlink()
    write_lines(corpus / "annotations" / "events" / "two.jsonl", [])
    write_lines(corpus / "annotations" / "issues" / "two.jsonl", [{"id": "I1", "days": ["2031-02-28", "2031-02-29"]}])


@pytest.mark.parametrize("field", [{"x-date": "calendar"}, {"$ref": "../common.schema.json#/$defs/date"}, {"x-date": "timex3"}], ids=str)
def test_layers_of_a_corpuss_own(field: dict[str, Any], tiny: Path, run: Run) -> None:
    with_layer(tiny, **field)
    assert "issues/two.jsonl:1:" in (head := only(run("check", tiny)))
    assert "error[impossible-date] I1 $.days[1]: '2031-02-29' is no date: 2031-02 has no day 29" in head


@pytest.mark.parametrize(
    ("field", "fact"),
    [
        ({"x-date": "calendar", "type": "integer"}, "is a date, but no string"),
        ({"x-date": "julian"}, "'julian' is not one of ['calendar', 'timex3']"),
    ],
    ids=["a number", "a kind that there is not"],
)
def test_a_schema_that_says_it_wrongly(field: dict[str, Any], fact: str, tiny: Path, run: Run) -> None:
    with_layer(tiny, **field)
    code, out, err = run("check", tiny)
    assert (code, out) == (2, "")
    assert fact in err


MISFITS = {
    ("2031-05", "day"): "'2031-05' is a month, its precision 'day'",
    ("2031", "month"): "'2031' is a year, its precision 'month'",
    ("2031-05-03", "year"): "'2031-05-03' is a day, its precision 'year'",
    ("2031-05", "hour"): "'2031-05' is a month, its precision 'hour'",
    (None, "day"): "the precision is 'day', but there is no date",
}
FITS = [("2031", "year"), ("2031-05", "month"), ("2031-05-03", "day"), ("2031-05-03", "week"), ("2031-05-03", "minute")]
OPEN = [(None, None), ("2031-05", None), ("2031", "vague"), (None, "vague")]


@pytest.mark.parametrize(("pair", "fact"), MISFITS.items(), ids=str)
def test_a_precision_that_does_not_fit(pair: tuple[str | None, str], fact: str, tiny: Path, run: Run) -> None:
    set_field(tiny, "documents.jsonl", 0, "anchor", value={"date": pair[0], "precision": pair[1], "basis": "Made up."})
    head = only(run("check", tiny))
    assert head.startswith("documents.jsonl:1:")
    assert head.endswith(f"error[anchor-precision] $.anchor.precision: {fact}.")


@pytest.mark.parametrize("pair", [*FITS, *OPEN], ids=str)
def test_a_precision_that_fits(pair: tuple[str | None, str | None], tiny: Path, run: Run) -> None:
    set_field(tiny, "documents.jsonl", 0, "anchor", value={"date": pair[0], "precision": pair[1], "basis": "Made up."})
    assert run("check", tiny) == (0, "No problems.\n", "")
