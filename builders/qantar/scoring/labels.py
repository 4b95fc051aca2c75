"""Agreement on labels beyond chance: Cohen's kappa of two passes, Krippendorff's alpha of any number."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agreement:
    """A coefficient with what it is made of.

    `value`: 1.0 for full agreement, 0.0 for that of chance, negative below it; None where it is undefined: no units, or one label
    throughout, so that nothing could have disagreed. `observed`, `expected`: shares of agreement, 0 to 1, None without units.
    `n`: units that count (pairs; for alpha, units with two or more labels).
    """

    value: float | None
    observed: float | None
    expected: float | None
    n: int


def kappa(pairs: Iterable[tuple[Hashable, Hashable]]) -> Agreement:
    """Cohen's kappa (J. Cohen, A coefficient of agreement for nominal scales, 1960) of the labels that two passes gave to each unit.

    None is a label like any other. Raises ScoringError for NaN.
    """
    raise NotImplementedError


def alpha(units: Iterable[Iterable[Hashable]], *, missing: Hashable = None) -> Agreement:
    """Krippendorff's alpha for nominal data (K. Krippendorff, Computing Krippendorff's alpha-reliability, 2011).

    A unit is the labels that passes gave to it, in any order and number; `missing` stands for none, and may be left out as well. Units
    with fewer than two labels do not count. Raises ScoringError for NaN.
    """
    raise NotImplementedError
