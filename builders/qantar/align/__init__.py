"""The aligner: where a span of one text stands in another version of it, or why that cannot be said.

A text is a row of words and signs. Between words that are surely the same in both texts lie stretches that were
put in, taken out or rewritten. A rewritten stretch with as many words, of the same kinds, is taken word for word, unless crossing
pairs would be as alike. Offsets are code points, spans half-open.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Literal

from qantar.align.atoms import Atoms, Pair, atoms_of, is_word
from qantar.align.matching import match
from qantar.align.passages import PASSAGE, moves
from qantar.align.rewritten import letters, likeness, stretches, word_for_word

Status = Literal["unchanged", "changed", "lost", "ambiguous"]

_MOST_CANDIDATES = 5

_REWRITTEN = "its border lies in a stretch that was rewritten"
_TOUCHED = "text was put in directly at its border, and may belong to it"
_SEVERAL = "its border may lie in more than one place"
_DELETED = "its words were deleted"
_APART = "its parts were moved apart"


@dataclass(frozen=True, slots=True)
class Located:
    """What became of a span.

    `unchanged`: the same words and signs in the same order stand at `span`; only white space may differ. `score` is 1.
    `changed`: `span` holds what became of its words; `score` is the likeness of old and new words, from 0 to below 1.
    `lost`: its words were deleted. `ambiguous`: several places are equally good (`candidates`, as far as they can be named), or its
    border cannot be placed. Neither has a `span`; `score` is 0 and `reason` a clause that says why.
    `moved`: the passage was moved as a whole, past other text.
    """

    status: Status
    span: Pair | None = None
    score: float = 0.0
    reason: str = ""
    candidates: tuple[Pair, ...] = ()
    moved: bool = False


class _Unplaced(Exception):
    """A border that cannot be placed: why, and where it may lie."""

    def __init__(self, reason: str, places: tuple[int, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.places = places


class Alignment:
    """Two texts, aligned. `align(old, new)` makes it."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = atoms_of(old), atoms_of(new)
        matches = match(self.old, self.new)
        self._to, self._doubtful = matches.to, matches.doubtful
        self._moved = dict(moves(self.old, self.new, self._to))
        found = list(stretches(self._to))
        self._stretches = {i: stretch for stretch in found for i in range(stretch[0], stretch[1])}
        self._pairs = {i: j for stretch in found for i, j in word_for_word(self.old, self.new, stretch, matches)}
        self._from = {j: i for i, j in [*((i, j) for i, j in enumerate(self._to) if j is not None), *self._pairs.items()]}
        self._ends = [end for _, end in self.old.spans]
        self._starts = [start for start, _ in self.old.spans]
        self._new_ends = [end for _, end in self.new.spans]

    def locate(self, start: int, end: int) -> Located:
        """What became of a span of the old text. Raises ValueError where it is empty or outside the text."""
        if not 0 <= start < end <= len(self.old.text):
            raise ValueError(f"the span {start}–{end} is empty or lies outside the text, which has {len(self.old.text)}")
        atoms = self._within(start, end)
        if not atoms:
            return self._white(start, end)
        if all(i in self._moved for i in atoms):
            return self._elsewhere(start, end, atoms)
        if not any(self._image(i) is not None for i in atoms) and not any(i in self._doubtful for i in atoms):
            return self._vanished(start, end, atoms)
        return self._placed(start, end, atoms)

    def inserted(self, start: int, end: int) -> bool:
        """Whether a stretch of the new text holds words or signs that are nowhere in the old one, or not surely."""
        first = bisect_right(self._new_ends, start)
        return any(j not in self._from for j in self._new_range(first, end))

    def _is_new(self, start: int, end: int) -> bool:
        """Whether no word of a stretch of the new text comes from the old one."""
        return all(j not in self._from for j in self._new_range(bisect_right(self._new_ends, start), end))

    # ---- words of the old text

    def _within(self, start: int, end: int) -> range:
        """The atoms that a span holds, wholly or in part; the marks of the text's ends are none."""
        first = max(bisect_right(self._ends, start), 1)
        return range(first, max(first, min(bisect_left(self._starts, end), len(self._starts) - 1)))

    def _new_range(self, first: int, end: int) -> Iterator[int]:
        for j in range(max(first, 1), len(self.new.spans) - 1):
            if self.new.spans[j][0] >= end:
                return
            yield j

    def _image(self, i: int) -> int | None:
        found = self._to[i]
        return self._pairs.get(i) if found is None else found

    # ---- outcomes

    def _placed(self, start: int, end: int, atoms: range) -> Located:
        starts, ends = self._border(start, atoms, first=True), self._border(end, atoms, first=False)
        if isinstance(starts, _Unplaced) or isinstance(ends, _Unplaced):
            reason = starts.reason if isinstance(starts, _Unplaced) else ends.reason  # type: ignore[union-attr]
            return self._doubt(reason, _places(starts), _places(ends), paired=len(atoms) == 1 and atoms[0] in self._doubtful)
        images = [j for i in atoms if (j := self._image(i)) is not None]
        if starts >= ends or any(not starts < self.new.spans[j][1] or not self.new.spans[j][0] < ends for j in images):
            return Located("ambiguous", reason=_APART)
        wide = (self._touching(starts, start, first=True), self._touching(ends, end, first=False))
        if wide != (starts, ends):
            return self._doubt(_TOUCHED, tuple(dict.fromkeys((starts, wide[0]))), tuple(dict.fromkeys((ends, wide[1]))))
        return self._outcome((start, end), (starts, ends))

    def _outcome(self, old: Pair, new: Pair, *, moved: bool = False) -> Located:
        one, two = _words(self.old, *old), _words(self.new, *new)
        return Located("unchanged" if one == two else "changed", new, likeness(one, two), moved=moved)

    def _doubt(self, reason: str, starts: tuple[int, ...], ends: tuple[int, ...], *, paired: bool = False) -> Located:
        found = [(a, b) for a, b in (zip(starts, ends, strict=True) if paired else product(starts, ends)) if a < b]
        return Located("ambiguous", reason=reason, candidates=tuple(found[:_MOST_CANDIDATES]))

    def _white(self, start: int, end: int) -> Located:
        """A span of white space only: where the same white space stands between the same two words."""
        i = bisect_right(self._ends, start)
        before, after = self._image(i - 1), self._image(i)
        if before is not None and after == before + 1:
            gap = self.new.spans[before][1], self.new.spans[after][0]
            if self.new.text[slice(*gap)] == self.old.text[self._ends[i - 1] : self._starts[i]]:
                shift = gap[0] - self._ends[i - 1]
                return Located("unchanged", (start + shift, end + shift), 1.0)
        return Located("ambiguous", reason="it covers white space only, which was changed")

    def _elsewhere(self, start: int, end: int, atoms: range) -> Located:
        places = [self._moved[i] for i in atoms]
        if any(two != one + 1 for one, two in pairwise(places)):
            return Located("ambiguous", reason=_APART)
        first = self.new.spans[places[0]][0] - self._starts[atoms[0]]
        last = self.new.spans[places[-1]][1] - self._ends[atoms[-1]]
        found = max(start, self._starts[atoms[0]]) + first, min(end, self._ends[atoms[-1]]) + last
        return self._outcome((start, end), found, moved=True)

    def _vanished(self, start: int, end: int, atoms: range) -> Located:
        """None of its words is left: deleted, moved to several places, or rewritten as a whole."""
        first, last, new_first, new_last = self._stretches[atoms[0]]
        if new_first == new_last:
            passage = self.old.text[self._starts[first] : self._ends[last - 1]]
            copies = (
                [at for at in _occurrences(self.new.text, passage) if self._is_new(at, at + len(passage))]
                if last - first >= PASSAGE
                else []
            )
            shift = start - self._starts[first]
            places = tuple((at + shift, at + shift + end - start) for at in copies)
            return (
                Located("ambiguous", reason=_SEVERAL, candidates=places[:_MOST_CANDIDATES]) if places else Located("lost", reason=_DELETED)
            )
        whole = self.new.spans[new_first][0], self.new.spans[new_last - 1][1]
        if (first, last - 1) == (atoms[0], atoms[-1]) and start <= self._starts[first] and end >= self._ends[last - 1]:
            return self._outcome((start, end), whole)
        return Located("ambiguous", reason=f"it lies in a stretch that was rewritten, which now reads {self.new.text[slice(*whole)]!r}")

    # ---- borders

    def _border(self, offset: int, atoms: range, *, first: bool) -> int | _Unplaced:
        """Where the first or last border of a span lies in the new text."""
        i = atoms[0] if first else atoms[-1]
        if i in self._doubtful:
            places = (self._border_in_atom(offset, i, j, first=first) for j in self._doubtful[i])
            return _Unplaced(_SEVERAL, tuple(place for place in places if isinstance(place, int)))
        j = self._image(i)
        return self._border_of_gap(offset, atoms, first=first) if j is None else self._border_in_atom(offset, i, j, first=first)

    def _border_of_gap(self, offset: int, atoms: range, *, first: bool) -> int | _Unplaced:
        """The border word has no word of its own any more: what is left of the span ends where the stretch did."""
        i = atoms[0] if first else atoms[-1]
        begin, end, new_first, new_last = self._stretches[i]
        if new_first == new_last:
            left = next((k for k in (atoms if first else reversed(atoms)) if self._image(k) is not None or k in self._doubtful), None)
            if left is None:
                return _Unplaced(_APART)
            rest = range(left, atoms.stop) if first else range(atoms.start, left + 1)
            return self._border(self._starts[left] if first else self._ends[left], rest, first=first)
        whole_word = offset <= self._starts[i] if first else offset >= self._ends[i]
        if whole_word and i == (begin if first else end - 1):
            return self.new.spans[new_first][0] if first else self.new.spans[new_last - 1][1]
        whole = self.new.spans[new_first][0], self.new.spans[new_last - 1][1]
        return _Unplaced(f"{_REWRITTEN}, which now reads {self.new.text[slice(*whole)]!r}")

    def _border_in_atom(self, offset: int, i: int, j: int, *, first: bool) -> int | _Unplaced:
        (old_start, old_end), (new_start, new_end) = self.old.spans[i], self.new.spans[j]
        if first and offset <= old_start:
            return new_start - self._white_before(i, j, old_start - offset)
        if not first and offset >= old_end:
            return new_end + self._white_after(i, j, offset - old_end)
        if self.old.words[i] == self.new.words[j]:
            return new_start + offset - old_start
        places = letters(self.old.words[i], self.new.words[j])
        at = places[offset - old_start - (0 if first else 1)]
        if at is None:
            return _Unplaced("its border lies inside a word that was rewritten")
        return new_start + at + (0 if first else 1)

    def _white_before(self, i: int, j: int, count: int) -> int:
        """White space that a span begins with: as much of it, if all of it then all that is there now."""
        there = self.new.spans[j][0] - self.new.spans[j - 1][1]
        return there if 0 < count == self._starts[i] - self._ends[i - 1] else min(count, there)

    def _white_after(self, i: int, j: int, count: int) -> int:
        there = self.new.spans[j + 1][0] - self.new.spans[j][1]
        return there if 0 < count == self._starts[i + 1] - self._ends[i] else min(count, there)

    def _touching(self, offset: int, old: int, *, first: bool) -> int:
        """The border moved outwards over word characters that were put in directly at it."""
        step = -1 if first else 1
        at = offset
        if self.new.text[offset if first else offset - 1].isspace():
            return offset
        while self._is_put_in(at - 1 if first else at, old - 1 if first else old):
            at += step
        return at

    def _is_put_in(self, at: int, old: int) -> bool:
        """Whether the word character at an offset of the new text has no counterpart in the word that holds `old`."""
        text = self.new.text
        if not 0 <= at < len(text) or not is_word(text[at]):
            return False
        j = bisect_right(self._new_ends, at)
        i = self._from.get(j)
        if i is None:
            return True
        if self.old.words[i] == self.new.words[j] or not self._starts[i] <= old < self._ends[i]:
            return False
        return (at - self.new.spans[j][0]) not in letters(self.old.words[i], self.new.words[j])


def align(old: str, new: str) -> Alignment:
    """Aligns two versions of a text. Time grows with their lengths, also where they have little in common."""
    return Alignment(old, new)


def _places(border: int | _Unplaced) -> tuple[int, ...]:
    return border.places if isinstance(border, _Unplaced) else (border,)


def _words(atoms: Atoms, start: int, end: int) -> str:
    """The words of a span with one blank between any two; words that it cuts count as far as it goes."""
    first = bisect_right(atoms.spans, start, key=lambda span: span[1])
    last = bisect_left(atoms.spans, end, key=lambda span: span[0])
    spans = atoms.spans[max(first, 1) : min(last, len(atoms.spans) - 1)]
    return " ".join(atoms.text[max(a, start) : min(b, end)] for a, b in spans)


def _occurrences(text: str, passage: str) -> list[int]:
    found: list[int] = []
    at = text.find(passage)
    while at >= 0:
        found.append(at)
        at = text.find(passage, at + len(passage))
    return found


__all__ = ["Alignment", "Located", "Status", "align"]
