"""Counts, comparisons of things, and the table of scorers."""

from __future__ import annotations

import math
from typing import Any

import pytest
import qantar.scoring
from hypothesis import given
from hypothesis import strategies as st
from qantar.errors import QantarError, ScoringError
from qantar.scoring import SCORERS, Counts, Scorer, attributes, chains, counts, frames, labels, spans


def test_scores_by_hand() -> None:
    found = Counts(4, 5, 2)
    assert (found.recall, found.precision, found.f1) == pytest.approx((1 / 2, 2 / 5, 4 / 9))
    assert found.defined


def test_what_is_matched_may_differ_by_side() -> None:
    found = Counts(4, 5, 2.5, 1.5)
    assert (found.recall, found.precision) == (2.5 / 4, 1.5 / 5)
    assert Counts(4, 5, 2, 2) == Counts(4, 5, 2)
    assert found.correct == 1.5


def test_counts_are_added_and_scored_then() -> None:
    assert Counts(1, 1, 1) + Counts(3, 1, 0) == Counts(4, 2, 1)
    assert Counts(4, 5, 2.5, 1.5) + Counts(1, 1, 1) == Counts(5, 6, 3.5, 2.5)
    assert counts.total([Counts(1, 2, 1)] * 3) == Counts(3, 6, 3)
    assert counts.total([]) == Counts(0, 0, 0)


@pytest.mark.parametrize("empty", [Counts(0, 0, 0), Counts(3, 0, 0), Counts(0, 3, 0)])
def test_nothing_is_zero_as_in_the_published_scorers(empty: Counts) -> None:
    assert (empty.recall, empty.precision, empty.f1) == (0.0, 0.0, 0.0)
    assert empty.defined is (empty != Counts(0, 0, 0))


@pytest.mark.parametrize(
    ("wrong", "fact"),
    [
        ((1, 2, 2), "matched is 2 of 1."),
        ((2, 1, 2), "found is 2 of 1."),
        ((2, 2, 1, 3), "found is 3 of 2."),
        ((2, 2, -1), "matched is -1 of 2."),
        ((2, 2, math.nan), "matched is nan of 2."),
        ((math.nan, 2, 1), "matched is 1 of nan."),
        ((math.inf, 2, 1), "matched is 1 of inf."),
        ((-1, -1, -1), "matched is -1 of -1."),
    ],
)
def test_impossible_counts_are_refused(wrong: tuple[float, ...], fact: str) -> None:
    with pytest.raises(ScoringError) as caught:
        Counts(*wrong)
    assert caught.value.fact == fact
    assert isinstance(caught.value, (QantarError, ValueError))


def test_rounding_of_sums_is_no_fault() -> None:
    assert Counts(3e6, 3e6, 3e6 + 1e-4).recall == 1.0


def test_things_are_sets_unless_duplicates_count() -> None:
    key, response = ["a", "a", "a", "b"], ["a", "a", "c"]
    assert counts.compare(key, response) == Counts(2, 2, 1)
    assert counts.compare(key, response, duplicates=True) == Counts(4, 3, 2)


def test_what_does_not_equal_itself_is_refused() -> None:
    for sides in (([math.nan], []), ([], [math.nan])):
        with pytest.raises(ScoringError, match="nan does not equal itself"):
            counts.compare(*sides)


things = st.lists(st.sampled_from("abcd"), max_size=6)


@given(key=things, response=things, duplicates=st.booleans())
def test_comparing_is_symmetric_and_bounded(key: list[str], response: list[str], duplicates: bool) -> None:
    found, turned = (counts.compare(*sides, duplicates=duplicates) for sides in ((key, response), (response, key)))
    assert turned == Counts(found.response, found.key, found.matched)
    assert 0 <= found.f1 <= 1
    assert counts.compare(key, reversed(key), duplicates=duplicates).f1 == float(bool(key))
    assert counts.compare(key, [*response, "wrong"], duplicates=duplicates).precision <= found.precision


# ---- the table

SPAN = spans.Span(((0, 3),), "PER")
CHAINS = [["a", "b"], ["c"]]
#: What each scorer is called with, and where in what it gives 1.0 stands for full agreement.
FULL: dict[str, tuple[tuple[Any, ...], Any]] = {
    "things": (("ab", "ab"), lambda found: found.f1),
    "spans": (([SPAN], [SPAN]), lambda found: found.f1),
    "kappa": (([("a", "a"), ("b", "b")],), lambda found: found.value),
    "alpha": (([("a", "a"), ("b", "b", "b")],), lambda found: found.value),
    "attributes": (([({"x": 1}, {"x": 1}), ({"x": 2}, {"x": 2})],), lambda found: found["x"].value),
    "chains": ((CHAINS, CHAINS), lambda found: found.conll),
    "mention-overlap": (([{1, 2}], [{1, 2}]), lambda found: found.f1),
    **dict.fromkeys(("mentions", "muc", "b-cubed", "ceaf-m", "ceaf-e", "lea", "blanc"), ((CHAINS, CHAINS), lambda found: found.f1)),
    "frames": (([frames.Frame("t", 1, (("r", 2),))],) * 2, lambda found: min(each.f1 for each in found.named().values())),
}


@pytest.mark.parametrize("scorer", SCORERS.values(), ids=SCORERS)
def test_every_scorer_of_the_table_scores(scorer: Scorer) -> None:
    given_, value = FULL[scorer.name]
    found = scorer.score(*given_)
    assert value(found) == pytest.approx(1.0)
    assert scorer.gives.startswith(type(found).__name__) or scorer.name == "attributes"
    assert scorer.takes and scorer.source


def test_the_table_names_each_metric_once_and_all_of_them() -> None:
    assert set(FULL) == set(SCORERS)
    metrics = {chains.muc, chains.b_cubed, chains.ceaf_m, chains.ceaf_e, chains.lea, chains.blanc, chains.mentions, chains.mention_overlap}
    others = {counts.compare, spans.score, labels.kappa, labels.alpha, attributes.attributes, chains.score, frames.score}
    assert {scorer.score for scorer in SCORERS.values()} == metrics | others
    assert len(SCORERS) == len(metrics | others)
    assert qantar.scoring.__all__ == ["SCORERS", "Counts", "Scorer"]
