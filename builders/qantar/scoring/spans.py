"""Labelled spans against labelled spans: the same ones, or those that overlap."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from qantar.errors import ScoringError
from qantar.scoring.counts import Counts

Match = Literal["exact", "overlap"]


@dataclass(frozen=True, slots=True)
class Span:
    """Fragments, each (start, end) in code points, half-open, in order of text and apart from each other; and a label, None for no label.

    Raises ScoringError for no fragment, an empty one, one out of order, or one that shares a code point with the one before it.
    """

    fragments: tuple[tuple[int, int], ...]
    label: Hashable = None


def pairs(key: Sequence[Span], response: Sequence[Span], *, match: Match = "exact", labelled: bool = True) -> list[tuple[int, int]]:
    """Which spans of one text are taken for the same: (index in `key`, index in `response`), one to one, in order of the key.

    "exact": same fragments; "overlap": at least one code point shared. `labelled`: they must have the same label. Overlapping spans are
    assigned so that as many as possible have a partner and, among such assignments, the pairs share the most code points. Duplicates are
    paired one by one.
    """
    raise NotImplementedError


def score(
    key: Iterable[Span], response: Iterable[Span], *, match: Match = "exact", labelled: bool = True, duplicates: bool = False
) -> Counts:
    """How many spans of one text match (see `pairs`); add the counts of several texts.

    Both sides are sets of (fragments, label), or of fragments where not `labelled`; with `duplicates`, multisets.
    """
    raise NotImplementedError


def by_label(key: Iterable[Span], response: Iterable[Span], *, match: Match = "exact", duplicates: bool = False) -> dict[Hashable, Counts]:
    """The counts of each label that either side has, in order of the label as text; their sum is `score`."""
    raise NotImplementedError
