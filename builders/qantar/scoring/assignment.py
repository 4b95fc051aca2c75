"""The best one-to-one assignment between two sides of which few pairs have anything in common."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np

Pair = tuple[int, int]


def assign(worth: Mapping[Pair, float]) -> list[Pair]:
    """Pairs (left, right), no left or right twice, that are worth the most together, sorted.

    `worth` holds the pairs that are worth more than 0. Each group of connected pairs is solved by itself (SciPy's
    `linear_sum_assignment`), so that time grows with the groups, and not with the product of the sides.
    """
    return sorted(pair for group in _groups(worth) for pair in _solved(group, worth))


def _solved(group: list[Pair], worth: Mapping[Pair, float]) -> list[Pair]:
    if len(group) == 1:
        return group
    from scipy.optimize import linear_sum_assignment

    lefts, rights = (sorted(set(side)) for side in zip(*group, strict=True))
    table = np.array([[worth.get((left, right), 0.0) for right in rights] for left in lefts])
    rows, columns = linear_sum_assignment(table, maximize=True)
    found = ((lefts[row], rights[column]) for row, column in zip(rows, columns, strict=True))
    return [pair for pair in found if pair in worth]


def _groups(worth: Mapping[Pair, float]) -> Iterator[list[Pair]]:
    """The pairs, those together that share a left or a right, directly or by way of others."""
    of_left, of_right = defaultdict[int, list[Pair]](list), defaultdict[int, list[Pair]](list)
    for left, right in sorted(worth):
        of_left[left].append((left, right))
        of_right[right].append((left, right))
    seen = set[Pair]()
    for first in sorted(worth):
        group, waiting = list[Pair](), [first]
        while waiting:
            pair = waiting.pop()
            if pair not in seen:
                seen.add(pair)
                group.append(pair)
                waiting += of_left.pop(pair[0], []) + of_right.pop(pair[1], [])
        if group:
            yield group
