"""Labelled spans against labelled spans: the same ones, or those that overlap."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from qantar.errors import ScoringError, UnknownName
from qantar.scoring.assignment import assign
from qantar.scoring.counts import Counts, refuse_nan

Match = Literal["exact", "overlap"]
MATCHES: tuple[Match, ...] = get_args(Match)
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Span:
    """A mention: its fragments, each (start, end) in code points, half-open, in order of text; and its label, None for none.

    Raises ScoringError where there is no fragment, or one that is empty, out of order, or shares a code point with the one before it.
    """

    fragments: tuple[tuple[int, int], ...]
    label: Hashable = None

    def __post_init__(self) -> None:
        end = None
        for start, stop in self.fragments:
            if not (end or 0) <= start < stop:
                raise ScoringError(
                    f"The fragments of a span are {list(self.fragments)}.",
                    "Each is (start, end) with start before end, in order of text, and shares nothing with the one before it.",
                )
            end = stop
        if end is None:
            raise ScoringError("A span has no fragments.", "Give at least one (start, end).")
        refuse_nan([self.label])

    def __len__(self) -> int:
        """Its code points."""
        return sum(end - start for start, end in self.fragments)


def pairs(key: Sequence[Span], response: Sequence[Span], *, match: Match = "exact", labelled: bool = True) -> list[Pair]:
    """Which spans of one text are taken for the same: (index in `key`, index in `response`), one to one, in order of the key.

    "exact": same fragments; "overlap": at least one code point shared. `labelled`: they must have the same label. Overlapping spans are
    assigned so that as many as possible have a partner and, among such assignments, the pairs share the most code points and are most alike
    in length. Duplicates are paired one by one.
    """
    if match not in MATCHES:
        raise UnknownName("match of spans", match, MATCHES)
    sides = defaultdict[Hashable, tuple[list[int], list[int]]](lambda: ([], []))
    for side, spans in enumerate((key, response)):
        for place in sorted(range(len(spans)), key=lambda place: spans[place].fragments):
            sides[spans[place].label if labelled else None][side].append(place)
    found = []
    for ones, twos in sides.values():
        ranks = _PAIRED[match]([key[one] for one in ones], [response[two] for two in twos])
        found += [(ones[one], twos[two]) for one, two in ranks]
    return sorted(found)


def score(
    key: Iterable[Span], response: Iterable[Span], *, match: Match = "exact", labelled: bool = True, duplicates: bool = False
) -> Counts:
    """How many spans of one text match (see `pairs`); add the counts of several texts.

    Both sides are sets of (fragments, label), or of fragments where not `labelled`; with `duplicates`, multisets.
    """
    ones, twos = (_side(spans, labelled=labelled, duplicates=duplicates) for spans in (key, response))
    return Counts(len(ones), len(twos), len(pairs(ones, twos, match=match)))


def by_label(key: Iterable[Span], response: Iterable[Span], *, match: Match = "exact", duplicates: bool = False) -> dict[Hashable, Counts]:
    """The counts of each label that either side has, in order of the label as text; their sum is `score`."""
    ones, twos = (_side(spans, labelled=True, duplicates=duplicates) for spans in (key, response))
    matched = Counter(ones[one].label for one, _ in pairs(ones, twos, match=match))
    there, found = Counter(span.label for span in ones), Counter(span.label for span in twos)
    return {label: Counts(there[label], found[label], matched[label]) for label in sorted({*there, *found}, key=str)}


def _side(spans: Iterable[Span], *, labelled: bool, duplicates: bool) -> list[Span]:
    """The spans that are compared; without `labelled`, all have one label."""
    compared = spans if labelled else (replace(span, label=None) for span in spans)
    return list(compared if duplicates else dict.fromkeys(compared))


def _same(key: Sequence[Span], response: Sequence[Span]) -> list[Pair]:
    """Spans with the same fragments, in order."""
    places = defaultdict[tuple[Pair, ...], list[int]](list)
    for place in reversed(range(len(response))):
        places[response[place].fragments].append(place)
    return [(one, places[span.fragments].pop()) for one, span in enumerate(key) if places[span.fragments]]


def _overlapping(key: Sequence[Span], response: Sequence[Span]) -> list[Pair]:
    """As many pairs as there can be; of as many, those that share most; of these, those of the most similar lengths (Dice)."""
    shared = _shared(key, response)
    most = 1 + sum(shared.values())
    tie = len(shared) + 1
    return assign(
        {(one, two): most + points + 2 * points / (len(key[one]) + len(response[two])) / tie for (one, two), points in shared.items()}
    )


def _shared(key: Sequence[Span], response: Sequence[Span]) -> Counter[Pair]:
    """The code points that two spans share, for each pair that does; time grows with the fragments and with those that overlap."""
    fragments = sorted(
        (*fragment, side, place)
        for side, spans in enumerate((key, response))
        for place, span in enumerate(spans)
        for fragment in span.fragments
    )
    found = Counter[Pair]()
    open_: list[tuple[int, int, int]] = []
    for start, end, side, place in fragments:
        open_ = [one for one in open_ if one[0] > start]
        for stop, other_side, other in open_:
            if side != other_side:
                found[(place, other) if side == 0 else (other, place)] += min(end, stop) - start
        open_.append((end, side, place))
    return found


_PAIRED = {"exact": _same, "overlap": _overlapping}
