"""Bootstrap intervals: the same from the same seed, right where theory says what is right, and silent where nothing can be said."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qantar.errors import ScoringError
from qantar.scoring import Counts
from qantar.scoring.counts import total
from qantar.scoring.resampling import Interval, bootstrap, bootstrap_counts

COUNTS = [Counts(3, 3, 2), Counts(2, 4, 1), Counts(5, 4, 4), Counts(1, 0, 0), Counts(2, 2, 0.5, 1)]


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def test_the_same_seed_gives_the_same_interval() -> None:
    one, two, other = (bootstrap_counts(COUNTS, seed=seed) for seed in (7, 7, 8))
    assert one == two == bootstrap_counts(COUNTS, seed=np.random.default_rng(7))
    assert (one.low, one.high) != (other.low, other.high)


def test_the_interval_of_a_mean_is_that_of_theory() -> None:
    """Of 400 values with variance 1/4, the standard error is 1/40; 1.96 of them to each side."""
    found = bootstrap([0.0, 1.0] * 200, mean, seed=1, resamples=4000)
    assert (found.value, found.units, found.resamples, found.level) == (0.5, 400, 4000, 0.95)
    assert found.low == pytest.approx(0.5 - 1.96 / 40, abs=0.004)
    assert found.high == pytest.approx(0.5 + 1.96 / 40, abs=0.004)
    narrow = bootstrap([0.0, 1.0] * 200, mean, seed=1, resamples=4000, level=0.5)
    assert narrow.low == pytest.approx(0.5 - 0.674 / 40, abs=0.004)


def test_bounds_are_percentiles_of_the_resamples() -> None:
    drawn: list[float] = []
    found = bootstrap([1, 2, 3, 4], lambda units: drawn.append(mean(units)) or mean(units), seed=3, resamples=200, level=0.9)
    assert [found.low, found.high] == np.quantile(drawn[1:], [0.05, 0.95]).tolist()
    assert drawn[0] == found.value == 2.5


def test_counts_are_drawn_as_anything_else_is() -> None:
    found, other = (
        bootstrap_counts(COUNTS, lambda counts: counts.recall, seed=5, resamples=300),
        bootstrap(COUNTS, lambda units: total(units).recall, seed=5, resamples=300),
    )
    assert (found.low, found.high, found.value) == pytest.approx((other.low, other.high, other.value))
    assert found.value == total(COUNTS).recall


@pytest.mark.parametrize("units", [[], [Counts(3, 3, 2)]])
def test_fewer_than_two_units_have_no_spread(units: list[Counts]) -> None:
    value = units[0].f1 if units else None
    expected = Interval(value, None, None, 0.95, 0, 0, len(units))
    assert bootstrap_counts(units, seed=1) == expected
    assert bootstrap(units, lambda drawn: total(drawn).f1, seed=1) == expected


@pytest.mark.parametrize("undefined", [None, math.nan])
def test_resamples_in_which_the_statistic_is_undefined_are_left_out_and_counted(undefined: float | None) -> None:
    """Of two units the draws are 00, 01, 10, 11: in a quarter the statistic is undefined."""
    found = bootstrap([0, 1], lambda units: 1 / sum(units) if sum(units) else undefined, seed=2, resamples=1000)
    assert found.undefined == pytest.approx(250, abs=50)
    assert (found.low, found.high, found.resamples) == (0.5, 1.0, 1000)


def test_a_statistic_that_is_never_defined() -> None:
    assert bootstrap([1, 2], lambda _: None, seed=1, resamples=9) == Interval(None, None, None, 0.95, 9, 9, 2)
    assert bootstrap_counts([Counts(0, 0, 0)] * 3, seed=1, resamples=9) == Interval(None, None, None, 0.95, 9, 9, 3)


@pytest.mark.parametrize(
    ("level", "resamples", "fact"),
    [(0.0, 9, "The level is"), (1.0, 9, "The level is"), (math.nan, 9, "The level is"), (0.9, 0, "0 resamples")],
)
def test_impossible_orders_are_refused(level: float, resamples: int, fact: str) -> None:
    for units in ([], COUNTS):
        with pytest.raises(ScoringError, match=fact):
            bootstrap_counts(units, seed=1, level=level, resamples=resamples)
        with pytest.raises(ScoringError, match=fact):
            bootstrap(units, lambda _: 1.0, seed=1, level=level, resamples=resamples)


@settings(deadline=None)
@given(matched=st.lists(st.integers(0, 4), min_size=2, max_size=6), seed=st.integers(0, 9))
def test_bounds_lie_around_each_other_and_in_range(matched: list[int], seed: int) -> None:
    found = bootstrap_counts([Counts(4, 4, each) for each in matched], seed=seed, resamples=30)
    assert found.low is not None and found.high is not None
    assert min(matched) / 4 - 1e-9 <= found.low <= found.high <= max(matched) / 4 + 1e-9
    if len(set(matched)) == 1:
        assert found.low == pytest.approx(found.high) == pytest.approx(found.value)
