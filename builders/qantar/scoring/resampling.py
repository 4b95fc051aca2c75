"""How sure a score is: percentile bootstrap over units, such as sentences or documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from qantar.scoring.counts import Counts

U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Interval:
    """A statistic of `units` units with the bounds of its percentile interval at `level`.

    `value` is None where the statistic is undefined; `low` and `high` are None with fewer than two units, of which no spread can be
    told, or where the statistic is undefined in every resample. `undefined` counts the resamples in which it was: they are left out.
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
    raise NotImplementedError


def bootstrap_counts(
    units: Sequence[Counts],
    statistic: Callable[[Counts], float | None] = lambda counts: counts.f1 if counts.defined else None,
    *,
    seed: int | np.random.Generator,
    resamples: int = 1000,
    level: float = 0.95,
) -> Interval:
    """`bootstrap` of a statistic of the sum of the units' counts, F1 unless told otherwise; faster, with the same draws."""
    raise NotImplementedError
