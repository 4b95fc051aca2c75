"""Agreement on labels beyond chance: Cohen's kappa of two passes, Krippendorff's alpha of any number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from math import fsum

from qantar.scoring.counts import refuse_nan


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
    return kappa_of(Counter(pairs))


def kappa_of(counts: Mapping[tuple[Hashable, Hashable], int]) -> Agreement:
    """Cohen's kappa, given how often each pair of labels occurs: of the sums that resamples are."""
    refuse_nan(label for pair in counts for label in pair)
    one, two = Counter[Hashable](), Counter[Hashable]()
    for (a, b), count in counts.items():
        one[a] += count
        two[b] += count
    n = sum(counts.values())
    chance = sum(count * two[label] for label, count in one.items())
    return _agreement(sum(count for (a, b), count in counts.items() if a == b), n, chance, n**2, n)


def alpha(units: Iterable[Iterable[Hashable]], *, missing: Hashable = None) -> Agreement:
    """Krippendorff's alpha for nominal data (K. Krippendorff, Computing Krippendorff's alpha-reliability, 2011).

    A unit is the labels that passes gave to it, in any order and number; `missing` stands for none, and may be left out as well. Units
    with fewer than two labels do not count. Raises ScoringError for NaN.
    """
    counted = [Counter(label for label in unit if label != missing) for unit in units]
    for labels in counted:
        refuse_nan(labels)
    paired = [labels for labels in counted if labels.total() > 1]
    everything = sum(paired, start=Counter[Hashable]())
    observed = fsum(_same(labels) / (labels.total() - 1) for labels in paired)
    total = everything.total()
    return _agreement(observed, total, _same(everything), total * (total - 1), len(paired))


def _same(labels: Counter[Hashable]) -> int:
    """The ordered pairs of different places that have the same label."""
    return sum(count * (count - 1) for count in labels.values())


def _agreement(same: float, of: int, chance: int, possible: int, n: int) -> Agreement:
    """Observed agreement `same` of `of`, expected agreement `chance` of `possible`."""
    if not n:
        return Agreement(None, None, None, 0)
    observed, expected = same / of, chance / possible
    return Agreement(None if chance == possible else (observed - expected) / (1 - expected), observed, expected, n)
