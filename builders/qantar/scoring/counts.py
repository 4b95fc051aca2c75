"""What every F1 is made of: how much the key has, how much the response has, and how much of each was matched."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from qantar.errors import ScoringError

#: Rounding that sums of fractions bring, as a share of them.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Counts:
    """`key` and `response`: units on each side; `matched`: how much of the key the response has, `found`: how much of the response is right.

    The two differ only where a metric counts fractions (B-cubed, LEA) or links (MUC); `found` None says that it is `matched`. Counts of
    several documents are added (micro average). Raises ScoringError for what is negative, not finite, or matched beyond what there is.
    """

    key: float
    response: float
    matched: float
    found: float | None = None

    def __post_init__(self) -> None:
        if self.found == self.matched:
            object.__setattr__(self, "found", None)
        for name, part, whole in (("matched", self.matched, self.key), ("found", self.correct, self.response)):
            if not 0 <= part <= whole * (1 + _ROUNDING) or not math.isfinite(whole):
                raise ScoringError(
                    f"{name} is {part} of {whole}.", "Counts are finite, not negative, and no more is matched than there is."
                )

    @property
    def correct(self) -> float:
        """How much of the response is right, the numerator of precision."""
        return self.matched if self.found is None else self.found

    @property
    def defined(self) -> bool:
        """Whether there was anything to find or found: where not, the scores are 0.0 and mean nothing."""
        return self.key > 0 or self.response > 0

    @property
    def precision(self) -> float:
        """The share of the response that is right, 0 to 1; 0.0 where the response is empty."""
        return _share(self.correct, self.response)

    @property
    def recall(self) -> float:
        """The share of the key that was found, 0 to 1; 0.0 where the key is empty."""
        return _share(self.matched, self.key)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall, 0 to 1; 0.0 where both are 0.

        Nothing against nothing is 0.0, as in the scorers of CoNLL-2012, CoVal, CorefUD and TextEE; ask `defined`.
        """
        return _share(2 * self.precision * self.recall, self.precision + self.recall)

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.key + other.key, self.response + other.response, self.matched + other.matched, found=self.correct + other.correct
        )


def total(counts: Iterable[Counts]) -> Counts:
    """The sum of counts; of none, Counts(0, 0, 0)."""
    return sum(counts, start=Counts(0, 0, 0))


def compare(key: Iterable[Hashable], response: Iterable[Hashable], *, duplicates: bool = False) -> Counts:
    """Things that are the same on both sides, as sets; with `duplicates` as multisets, where a thing matches as often as both have it.

    Raises ScoringError for a thing that does not equal itself (NaN).
    """
    ones, twos = (Counter(side if duplicates else set(side)) for side in (key, response))
    refuse_nan((*ones, *twos))
    return Counts(ones.total(), twos.total(), (ones & twos).total())


def refuse_nan(things: Iterable[Hashable]) -> None:
    """Raises ScoringError for a thing that does not equal itself (NaN): nothing would ever match it."""
    for thing in things:
        if thing != thing:
            raise ScoringError(f"{thing!r} does not equal itself.", "Leave out what is not a number, or name it.")


def _share(part: float, whole: float) -> float:
    return min(part / whole, 1.0) if whole else 0.0
