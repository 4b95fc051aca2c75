"""Offsets in other units: against Python's own encoders, and what `check` says of records that count in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from builds import edit_lines, write_single
from hypothesis import given
from hypothesis import strategies as st
from qantar.rules.quotes import likeness
from qantar.text import UNITS, Offsets
from tiny import span

Run = Callable[..., tuple[int, str, str]]
#: How a tool that counts in the unit would write the text before an offset.
SIZES: dict[str, Callable[[str], int]] = {
    "UTF-16 units": lambda text: len(text.encode("utf-16-le")) // 2,
    "UTF-8 bytes": lambda text: len(text.encode()),
    "characters with CRLF as one": lambda text: len(text.replace("\r\n", "\n")),
}
texts = st.text(st.one_of(st.sampled_from("a\r\nй😀\u00a0і̆"), st.characters(exclude_categories=["Cs"])), max_size=30)


def test_every_unit_is_tested() -> None:
    assert set(SIZES) == set(UNITS)


@pytest.mark.parametrize("unit", UNITS)
@given(text=texts)
def test_borders_are_where_encoders_put_them(unit: str, text: str) -> None:
    """And every other number is inside a unit, or outside the text."""
    offsets, size = Offsets(text, unit), SIZES[unit]
    borders = {}
    for at in range(len(text) + 1):
        if unit == "characters with CRLF as one" and text[at - 1 : at + 1] == "\r\n":
            with pytest.raises(ValueError, match="is no border between"):
                offsets.from_characters(at)
            continue
        borders[size(text[:at])] = at
        assert offsets.from_characters(at) == size(text[:at])
    for number in range(-2, size(text) + 3):
        if number in borders:
            assert offsets.to_characters(number) == borders[number]
        else:
            with pytest.raises(ValueError, match=f"the offset {number} in {unit} is no border"):
                offsets.to_characters(number)


@pytest.mark.parametrize("offset", [-1, 3])
def test_characters_outside_the_text_are_refused(offset: int) -> None:
    with pytest.raises(ValueError, match="is no border"):
        Offsets("ab", "UTF-8 bytes").from_characters(offset)


# ---- what `check` says

TEXT = "Порт 😀\r\nдокери, порт і\r\nпорт у місті\r\nта ще й довгий рядок далі, щоб байти стали тут же в тексті ніби знаки.\r\n"


def advice(tmp_path: Path, run: Run, start: int, end: int, quote: str) -> str:
    record = {"id": "T1", "spans": [{"start": start, "end": end}], "quote": quote, "type": "GROUP", "level": "nominal"}
    code, out, _ = run("check", write_single(tmp_path / "only", TEXT, {"entities": [record]}))
    assert code == 1
    assert "error[quote-mismatch] T1 $.quote" in out
    return out.splitlines()[1].strip()


@pytest.mark.parametrize("unit", UNITS)
def test_offsets_in_other_units_are_recognised(tmp_path: Path, run: Run, unit: str) -> None:
    there = span(TEXT, "порт", 1)
    wrong = [SIZES[unit](TEXT[: there[edge]]) for edge in ("start", "end")]
    assert advice(tmp_path, run, *wrong, "порт") == (f"These offsets count {unit}: in characters they are {there['start']}–{there['end']}.")


def test_a_quote_over_lines_that_end_otherwise(tmp_path: Path, run: Run) -> None:
    start = len(TEXT[: TEXT.index("порт")].replace("\r\n", "\n"))
    assert advice(tmp_path, run, start, start + 11, "порт і\nпорт") == (
        f"These offsets count characters with CRLF as one: in characters they are {start + 1}–{start + 13}; the quote is to have CRLF too."
    )


def test_the_nearest_of_several_places_is_named(tmp_path: Path, run: Run) -> None:
    second = span(TEXT, "порт", 1)
    assert advice(tmp_path, run, second["start"] + 2, second["end"] + 2, "порт") == (
        f"The quote stands 2 times in the text, nearest at {second['start']}–{second['end']}: move the span there, or correct the quote."
    )


def test_a_quote_that_stands_once_or_nowhere(tmp_path: Path, run: Run) -> None:
    once = span(TEXT, "довгий")
    assert advice(tmp_path, run, 0, 6, "довгий") == (
        f"The quote stands once in the text, at {once['start']}–{once['end']}: move the span there, or correct the quote."
    )
    edit_lines(tmp_path / "only/annotations/entities/only.jsonl", lambda found: found[0].update(quote="короткий"))
    assert run("check", tmp_path / "only")[1].splitlines()[1].strip() == "Move the span, or correct the quote."


@pytest.mark.parametrize(
    ("found", "quote", "said"),
    [
        ("порт Велл", "порт\u00a0Велл", "They differ in white space only"),
        ("край", "краи\u0306", "They differ in how letters and their marks are encoded"),
        ("порт", "пoрт", "the text has U+043E CYRILLIC SMALL LETTER O and the quote U+006F LATIN SMALL LETTER O"),
    ],
)
def test_quotes_that_look_the_same_are_told_apart(found: str, quote: str, said: str) -> None:
    assert said in (likeness(found, quote) or "")


@pytest.mark.parametrize(("found", "quote"), [("порт", "порта"), ("порт", "корт"), ("порт", "п1рт")])
def test_quotes_that_read_otherwise_are_not_called_alike(found: str, quote: str) -> None:
    assert likeness(found, quote) is None
