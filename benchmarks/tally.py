"""Precision, recall and F1 of spans, for the benchmarks beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Spans = set[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts that add up: tokens found and right, proposed, and in the gold."""

    right: int = 0
    proposed: int = 0
    gold: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.right + other.right, self.proposed + other.proposed, self.gold + other.gold)

    @property
    def precision(self) -> float:
        """Share of the proposed ones that are right."""
        return self.right / self.proposed

    @property
    def recall(self) -> float:
        """Share of the gold ones that are found."""
        return self.right / self.gold

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        return 2 * self.right / (self.proposed + self.gold)

    def __str__(self) -> str:
        return f"P {self.precision:7.2%}  R {self.recall:7.2%}  F1 {self.f1:7.2%}"


def compare(found: Iterable[tuple[int, int]], gold: Spans) -> Tally:
    """Spans that are right where both ends are."""
    spans = set(found)
    return Tally(len(spans & gold), len(spans), len(gold))
