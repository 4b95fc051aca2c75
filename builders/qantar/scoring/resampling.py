"""How sure a score is: percentile bootstrap over units, such as sentences or documents."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from qantar.errors import ScoringError
from qantar.scoring.counts import Counts, total

U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Interval:
    """A statistic of `units` units with the bounds of its percentile interval at `level`.

    `value` is None where the statistic is undefined; `low` and `high` are None with fewer than two units, of which no spread can be
    told, or where the statistic is undefined in every resample. `resamples` were drawn (none of fewer than two units); the
    statistic is undefined in `undefined` of them, which are left out.
    """

    value: float | None
    low: float | None
    high: float | None
    level: float
    resamples: int
    undefined: int
    units: int


def bootstrap(
    units: Sequence[U],
    statistic: Callable[[Sequence[U]], float | None],
    *,
    seed: int | np.random.Generator,
    resamples: int = 1000,
    level: float = 0.95,
) -> Interval:
    """The percentile bootstrap (B. Efron and R. Tibshirani, An introduction to the bootstrap, 1993, chapter 13).

    Units are drawn with replacement, as many as there are; `statistic` gets the units drawn, and returns None or NaN where it is
    undefined. The same seed gives the same interval. Raises ScoringError for a level outside of 0 to 1, or fewer than one resample.
    """
    draws = _draws(len(units), resamples, seed, level)
    return _interval(statistic(units) if units else None, (statistic([units[at] for at in draw]) for draw in draws), len(units), level)


def bootstrap_counts(
    units: Sequence[Counts],
    statistic: Callable[[Counts], float | None] = lambda counts: counts.f1 if counts.defined else None,
    *,
    seed: int | np.random.Generator,
    resamples: int = 1000,
    level: float = 0.95,
) -> Interval:
    """`bootstrap` of a statistic of the sum of the units' counts, F1 unless told otherwise; faster, with the same draws."""
    draws = _draws(len(units), resamples, seed, level)
    table = np.array([(each.key, each.response, each.matched, each.correct) for each in units])
    sums = (Counts(*(np.bincount(draw, minlength=len(units)) @ table).tolist()) for draw in draws)
    return _interval(statistic(total(units)) if units else None, map(statistic, sums), len(units), level)


def _draws(units: int, resamples: int, seed: int | np.random.Generator, level: float) -> Iterator[npt.NDArray[np.int64]]:
    """The places of the units of each resample; none for fewer than two units."""
    if not 0 < level < 1:
        raise ScoringError(f"The level is {level}.", "It is a share between 0 and 1, such as 0.95.")
    if resamples < 1:
        raise ScoringError(f"There are {resamples} resamples.", "Draw at least one; 1000 or more tell something.")
    generator = np.random.default_rng(seed)
    return (generator.integers(units, size=units) for _ in range(resamples if units > 1 else 0))


def _interval(value: float | None, drawn: Iterable[float | None], units: int, level: float) -> Interval:
    values = [_defined(each) for each in drawn]
    known = [each for each in values if each is not None]
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2]).tolist() if known else (None, None)
    return Interval(_defined(value), low, high, level, len(values), len(values) - len(known), units)


def _defined(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else value
