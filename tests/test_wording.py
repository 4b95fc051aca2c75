"""Columns of what is printed: one measure for tables and for carets."""

from __future__ import annotations

import pytest
from qantar.cli.layout import table
from qantar.reporting.excerpts import Excerpt, render
from qantar.wording import width

#: What a terminal shows, and its columns.
COLUMNS = {
    "": 0,
    "Порт": 4,
    "e\u0301": 1,
    "и\u0306": 1,
    "а\u0488": 1,
    "a\u00a0b": 3,
    "本字": 4,
    "😀": 2,
    "👩\u200d👩\u200d👧": 2,
    "❤\ufe0f": 2,
    "👍🏽": 2,
}


@pytest.mark.parametrize("text", COLUMNS, ids=ascii)
def test_a_text_takes_the_columns_that_a_terminal_gives_it(text: str) -> None:
    assert width(text) == COLUMNS[text]


def test_tables_and_carets_measure_alike() -> None:
    joined = "👍🏽e\u0301本"
    assert width(joined) == 5
    assert list(table((joined, "n"), [("порты", 1)])) == [f"{joined}  n", "порты  1"]
    shown = f"{joined}!"
    assert render(Excerpt(shown, ((len(joined), len(shown)),)), 80) == (shown, "     ^")
