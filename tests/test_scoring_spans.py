"""Spans: the same or overlapping, with fragments and labels, one to one."""

from __future__ import annotations

import math
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qantar.errors import ScoringError, UnknownName
from qantar.scoring import Counts, counts, spans
from qantar.scoring.spans import Span


def span(start: int, end: int, label: str | None = "PER", *more: tuple[int, int]) -> Span:
    return Span(((start, end), *more), label)


KEY = [span(0, 5), span(10, 15), span(20, 25, "ORG")]
RESPONSE = [span(0, 5), span(12, 20), span(20, 25, "LOC"), span(22, 24, "ORG"), span(40, 42)]


def test_counts_by_hand() -> None:
    assert spans.score(KEY, RESPONSE) == Counts(3, 5, 1)
    assert spans.score(KEY, RESPONSE, labelled=False) == Counts(3, 5, 2)
    assert spans.score(KEY, RESPONSE, match="overlap") == Counts(3, 5, 3)
    assert spans.by_label(KEY, RESPONSE) == {"LOC": Counts(0, 1, 0), "ORG": Counts(1, 1, 0), "PER": Counts(2, 3, 1)}
    assert spans.by_label(KEY, RESPONSE, match="overlap") == {"LOC": Counts(0, 1, 0), "ORG": Counts(1, 1, 1), "PER": Counts(2, 3, 2)}
    assert spans.pairs(KEY, RESPONSE, match="overlap") == [(0, 0), (1, 1), (2, 3)]


def test_touching_is_not_overlapping() -> None:
    assert spans.score([span(0, 5)], [span(5, 9)], match="overlap").matched == 0


def test_code_points_between_fragments_are_not_shared() -> None:
    parted = span(0, 5, "PER", (10, 15))
    assert spans.score([parted], [span(5, 10)], match="overlap").matched == 0
    assert spans.score([parted], [span(14, 20)], match="overlap").matched == 1
    assert spans.score([parted], [span(0, 15)]).matched == 0
    assert spans.pairs([span(0, 6), span(9, 16)], [parted, span(0, 7)], match="overlap") == [(0, 1), (1, 0)]


def test_as_many_pairs_as_there_can_be_then_the_closest() -> None:
    """A greedy match of the longest overlap would leave one span of each side alone."""
    assert spans.pairs([span(0, 10), span(9, 12)], [span(1, 10), span(0, 1)], match="overlap") == [(0, 1), (1, 0)]
    assert spans.pairs([span(0, 10)], [span(0, 4), span(4, 10)], match="overlap") == [(0, 1)]
    assert spans.pairs([span(0, 10)], [span(0, 30), span(0, 10), span(0, 20)], match="overlap") == [(0, 1)]
    assert spans.pairs([span(5, 10)], [span(0, 10), span(5, 10)], match="overlap") == [(0, 1)]


def test_duplicates_count_where_that_is_asked() -> None:
    key, response = [span(0, 5)] * 3, [span(0, 5)] * 2
    for match in spans.MATCHES:
        assert spans.score(key, response, match=match) == Counts(1, 1, 1)
        assert spans.score(key, response, match=match, duplicates=True) == Counts(3, 2, 2)
        assert spans.pairs(key, response, match=match) == [(0, 0), (1, 1)]
    assert spans.score([span(0, 5), span(0, 5, "ORG")], [span(0, 5)], labelled=False) == Counts(1, 1, 1)


def test_pairs_may_have_different_labels_where_labels_do_not_count() -> None:
    assert spans.pairs(KEY, RESPONSE, labelled=False) == [(0, 0), (2, 2)]
    assert spans.pairs(KEY, RESPONSE, match="overlap", labelled=False) == [(0, 0), (1, 1), (2, 2)]


def test_nothing_at_all() -> None:
    assert spans.score([], []) == spans.score([], [], match="overlap") == Counts(0, 0, 0)
    assert spans.by_label([], []) == {}


@pytest.mark.parametrize(
    "fragments", [(), ((3, 3),), ((5, 3),), ((0, 5), (4, 9)), ((5, 9), (0, 3)), ((math.nan, 3),), ((0, math.nan),), ((-1, 3),)]
)
def test_a_span_without_a_place_is_refused(fragments: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(ScoringError) as caught:
        Span(fragments)
    assert caught.value.remedy


def test_a_label_that_is_not_a_number_is_refused() -> None:
    with pytest.raises(ScoringError, match="nan"):
        Span(((0, 1),), math.nan)


def test_another_match_is_refused() -> None:
    with pytest.raises(UnknownName, match="There are: exact, overlap"):
        spans.score(KEY, RESPONSE, match="head")  # type: ignore[arg-type]


# ---- what must hold


@st.composite
def some_spans(draw: st.DrawFn) -> Span:
    borders = sorted(draw(st.lists(st.integers(0, 14), min_size=2, max_size=4, unique=True)))
    fragments = tuple(zip(borders[::2], borders[1::2], strict=False))
    return Span(fragments, draw(st.sampled_from("AB")))


sides = st.lists(some_spans(), max_size=5)


def points(one: Span) -> set[int]:
    return {at for start, end in one.fragments for at in range(start, end)}


def most_pairs(key: list[Span], response: list[Span]) -> tuple[int, int]:
    """The best of every assignment: (pairs, code points that they share)."""
    few, many = sorted((key, response), key=len)
    return max(_worth(few, chosen) for chosen in permutations(many, len(few)))


def _worth(few: list[Span], chosen: tuple[Span, ...]) -> tuple[int, int]:
    shared = [len(points(one) & points(two)) for one, two in zip(few, chosen, strict=True) if one.label == two.label]
    return sum(count > 0 for count in shared), sum(shared)


@settings(deadline=None)
@given(key=sides, response=sides)
def test_overlap_is_the_best_assignment(key: list[Span], response: list[Span]) -> None:
    found = spans.pairs(key, response, match="overlap")
    assert (len(found), sum(len(points(key[one]) & points(response[two])) for one, two in found)) == most_pairs(key, response)
    assert all(key[one].label == response[two].label and points(key[one]) & points(response[two]) for one, two in found)
    for side in zip(*found, strict=True):
        assert len(set(side)) == len(side)


@settings(deadline=None)
@given(key=sides, response=sides, duplicates=st.booleans())
def test_exact_is_what_both_sides_have(key: list[Span], response: list[Span], duplicates: bool) -> None:
    assert spans.score(key, response, duplicates=duplicates) == counts.compare(key, response, duplicates=duplicates)


@settings(deadline=None)
@given(key=sides, response=sides, match=st.sampled_from(spans.MATCHES), duplicates=st.booleans(), data=st.data())
def test_laws(key: list[Span], response: list[Span], match: spans.Match, duplicates: bool, data: st.DataObject) -> None:
    found = spans.score(key, response, match=match, duplicates=duplicates)
    mixed = data.draw(st.permutations(key)), data.draw(st.permutations(response))
    assert spans.score(*mixed, match=match, duplicates=duplicates) == found
    assert spans.score(response, key, match=match, duplicates=duplicates) == Counts(found.response, found.key, found.matched)
    assert counts.total(spans.by_label(key, response, match=match, duplicates=duplicates).values()) == found
    assert spans.score(key, key, match=match, duplicates=duplicates).f1 == float(bool(key))
    assert spans.score(key, [*response, span(90, 99)], match=match, duplicates=duplicates).precision <= found.precision
    assert spans.score(key, response, match="exact").matched <= spans.score(key, response, match="overlap").matched
