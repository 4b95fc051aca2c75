"""Which words of two texts correspond, without guessing: a match that another, equally good alignment does not have is none.

The best alignment keeps the most characters of words, and of those that keep as many the one whose kept words stand together
most: glued ones before those of one line, these before what sentences and lines part. Long stretches are first cut at words, or
runs of words, that stand once in both, as in patience diff; so time grows with the texts, not with their product.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from qantar.align.atoms import Atoms, Pair

#: Pairs of atoms that are compared at once: so many, and more for each atom.
_CELLS, _CELLS_EACH = 10_000, 50
#: Lengths of runs that are looked for as anchors.
_RUNS = (1, 2, 4, 8, 16, 32)
#: Atoms beside a change that are compared although they are the same on both sides, where nothing else parts a long stretch.
_MARGIN = 30
_NEVER = -(2**60)


@dataclass(slots=True)
class Matches:
    """For each atom of the old text its atom in the new one (None: none is sure), and for what is unsure where it may be."""

    to: list[int | None]
    doubtful: dict[int, list[int]] = field(default_factory=dict)


def match(old: Atoms, new: Atoms) -> Matches:
    """The sure matches of two texts, in order, those of their ends included."""
    found = Matches([None] * len(old.words))
    found.to[0], found.to[-1] = 0, len(new.words) - 1
    windows = [(0, 0, len(old.words) - 1, len(new.words) - 1)]
    while windows:
        window = windows.pop()
        windows += _settle(old, new, window, found)
    _drop_islands(old, new, found.to)
    return found


def _settle(old: Atoms, new: Atoms, window: tuple[int, int, int, int], found: Matches) -> list[tuple[int, int, int, int]]:
    """Matches what lies between two matched pairs of atoms, or cuts it up at anchors."""
    i0, j0, i1, j1 = window
    a, b = old.words[i0 : i1 + 1], new.words[j0 : j1 + 1]
    if a == b:
        found.to[i0 : i1 + 1] = range(j0, j1 + 1)
    elif len(a) > 2 and len(b) > 2:
        if len(a) * len(b) <= _CELLS + _CELLS_EACH * (len(a) + len(b)):
            _compare(old, new, window, found)
        elif anchors := _anchors(a, b):
            for i, j in anchors:
                found.to[i0 + i] = j0 + j
            return [(i0 + i, j0 + j, i0 + k, j0 + m) for (i, j), (k, m) in pairwise([(0, 0), *anchors, (len(a) - 1, len(b) - 1)])]
        else:
            _compare_middle(old, new, window, found)
    return []


def _anchors(a: list[str], b: list[str]) -> list[Pair]:
    """Inner atoms that begin a run of words which stands once on each side, in the same order on both."""
    for size in _RUNS:
        ones, twos = _once(a, size), _once(b, size)
        pairs = [(i, twos[run]) for run, i in ones.items() if run in twos and 0 < i < len(a) - 1 and 0 < twos[run] < len(b) - 1]
        if pairs:
            return _rising(sorted(pairs))
    return []


def _once(words: list[str], size: int) -> dict[tuple[str, ...], int]:
    seen: dict[tuple[str, ...], int] = {}
    for at in range(len(words) - size + 1):
        run = tuple(words[at : at + size])
        seen[run] = -1 if run in seen else at
    return {run: at for run, at in seen.items() if at >= 0}


def _rising(pairs: list[Pair]) -> list[Pair]:
    """The longest chain of pairs that rises on both sides; of equals the first found."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for at, (_, j) in enumerate(pairs):
        place = bisect_left(tails, j)
        before.append(ends[place - 1] if place else -1)
        tails[place : place + 1], ends[place : place + 1] = [j], [at]
    chain = []
    at = ends[-1] if ends else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


def _compare(old: Atoms, new: Atoms, window: tuple[int, int, int, int], found: Matches) -> None:
    i0, j0, i1, j1 = window
    weights = [old.weight(i) for i in range(i0, i1 + 1)]
    a, b = old.words[i0 : i1 + 1], new.words[j0 : j1 + 1]
    for i, (place, places) in enumerate(sure(a, b, weights, old.ties[i0 : i1 + 1], new.ties[j0 : j1 + 1])):
        if place is not None:
            found.to[i0 + i] = j0 + place
        elif places:
            found.doubtful[i0 + i] = [j0 + j for j in places]


def _compare_middle(old: Atoms, new: Atoms, window: tuple[int, int, int, int], found: Matches) -> None:
    """A long stretch without anchors: what is the same from both ends inwards is kept if the atoms beside the change are sure.

    Where they are not, or the change itself is long, nothing in the stretch is sure.
    """
    i0, j0, i1, j1 = window
    a, b = old.words[i0 : i1 + 1], new.words[j0 : j1 + 1]
    most = min(len(a), len(b))
    head = next((at for at in range(most) if a[at] != b[at]), most)
    tail = next((at for at in range(most - head) if a[-1 - at] != b[-1 - at]), most - head)
    head, tail = max(head - _MARGIN, 1), max(tail - _MARGIN, 1)
    inner = (i0 + head - 1, j0 + head - 1, i1 - tail + 1, j1 - tail + 1)
    n, m = inner[2] - inner[0], inner[3] - inner[1]
    if n < 1 or m < 1 or n * m > _CELLS + _CELLS_EACH * (n + m):
        return
    part = Matches(list(found.to))
    _compare(old, new, inner, part)
    if part.to[inner[0]] == inner[1] and part.to[inner[2]] == inner[3]:
        found.to[i0 : inner[0] + 1] = range(j0, inner[1] + 1)
        found.to[inner[2] : i1 + 1] = range(inner[3], j1 + 1)
        found.to[inner[0] : inner[2] + 1] = part.to[inner[0] : inner[2] + 1]
        found.doubtful.update(part.doubtful)


# ---- every best alignment at once


def sure(
    a: Sequence[Hashable], b: Sequence[Hashable], weights: Sequence[int], ties_a: Sequence[int], ties_b: Sequence[int]
) -> Iterator[tuple[int | None, list[int]]]:
    """For each item of `a`: its place in `b` if all best alignments agree on it, and all places that some best alignment gives it.

    An alignment is worth the weights of what it keeps, and the ties between neighbours that stay neighbours. Time and memory grow with
    the product of the lengths.
    """
    n, m = len(a), len(b)
    ahead, ends = _table(a, b, weights, ties_a, ties_b)
    behind, begins = _table(a[::-1], b[::-1], weights[::-1], [0, *reversed(ties_a)], [0, *reversed(ties_b)])
    best = ahead[n][m]
    for i in range(n):
        rest, starts = behind[n - 1 - i], begins[n - 1 - i]
        places = []
        for j in range(m):
            if a[i] == b[j]:
                joined = starts[m - 1 - j] + min(ties_a[i + 1], ties_b[j + 1]) if i + 1 < n and j + 1 < m else _NEVER
                if ends[i + 1][j + 1] + max(rest[m - 1 - j], joined) == best:
                    places.append(j)
        left_out = any(ahead[i][j] + rest[m - j] == best for j in range(m + 1))
        yield (places[0] if len(places) == 1 and not left_out else None), places


def _table(
    a: Sequence[Hashable], b: Sequence[Hashable], weights: Sequence[int], ties_a: Sequence[int], ties_b: Sequence[int]
) -> tuple[list[list[int]], list[list[int]]]:
    """What the best alignment of the first i and j items is worth, and of those that end with their match."""
    width = len(b) + 1
    best, ends = [[0] * width], [[_NEVER] * width]
    for i, item in enumerate(a):
        above, matched, row, last = best[i], ends[i], [0] * width, [_NEVER] * width
        for j, other in enumerate(b):
            worth = above[j + 1] if above[j + 1] >= row[j] else row[j]
            if item == other:
                tie = ties_a[i] if ties_a[i] < ties_b[j] else ties_b[j]
                last[j + 1] = weights[i] + max(above[j], matched[j] + tie)
                worth = max(worth, last[j + 1])
            row[j + 1] = worth
        best.append(row)
        ends.append(last)
    return best, ends


# ---- what is matched by chance


def _drop_islands(old: Atoms, new: Atoms, to: list[int | None]) -> None:
    """Unmatches words that stand alone between two rewritten stretches, each longer than they are: likely chance."""
    blocks = list(_blocks(to))
    edits = [(_length(old.words[i + 1 : k]), _length(new.words[j + 1 : m])) for (_, _, i, j), (k, m, _, _) in pairwise(blocks)]
    for (before, after), (i, _, last, _) in zip(pairwise(edits), blocks[1:-1], strict=True):
        size = _length(old.words[i : last + 1])
        if min(*before, *after) > 0 and size <= max(before) and size <= max(after):
            to[i : last + 1] = [None] * (last + 1 - i)


def _blocks(to: list[int | None]) -> Iterator[tuple[int, int, int, int]]:
    """(first old, first new, last old, last new) of the runs of atoms that are neighbours on both sides."""
    pairs = [(i, j) for i, j in enumerate(to) if j is not None]
    start = 0
    for at in range(1, len(pairs) + 1):
        if at == len(pairs) or pairs[at] != (pairs[at - 1][0] + 1, pairs[at - 1][1] + 1):
            yield *pairs[start], *pairs[at - 1]
            start = at


def _length(words: list[str]) -> int:
    return sum(map(len, words))
