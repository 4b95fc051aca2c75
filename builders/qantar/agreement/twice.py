"""One document annotated twice: the same text, two sides, and what is asked of both: zones, language, sentence, units of text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from qantar.agreement.partners import Partners
from qantar.agreement.shapes import Shape, fragments, targets
from qantar.document import Whereabouts, layer, tokens_of

if TYPE_CHECKING:
    from qantar.records import Document

Place = tuple[int, int]
#: A sentence: the document's id, and its number there.
Unit = tuple[str, int]
_WORD = re.compile(r"\S+")


class Twice:
    """A document on both sides, in the layers that both annotated; `base`, where there is one, is the corpus's own annotation of it.

    Languages are those of the base; without zones or stretches there, those that both sides give, `mul` where they differ. Sentences are
    those of the base; else those of both sides where they are the same, else the lines of the text.
    """

    def __init__(self, one: Document, two: Document, shapes: Iterable[Shape], base: Document | None = None) -> None:
        self.id, self.text = one.id, one.text
        self.one, self.two, self.base = one, two, base
        self.shapes = {shape.name: shape for shape in shapes}

    def records(self, name: str) -> tuple[list[Any], list[Any]]:
        """The records of a layer on either side, those that stand outside of the zones which both annotated left out."""
        if name not in self._records:
            region = self.region(name)
            self._records[name] = (self._inside(self.one, name, region), self._inside(self.two, name, region))
        return self._records[name]

    def outside(self, name: str) -> int:
        """How many records of a layer are left out so, on both sides together."""
        return sum(len(layer(side, name) or ()) for side in (self.one, self.two)) - sum(map(len, self.records(name)))

    def region(self, name: str) -> list[Place] | None:
        """The zones in which both sides annotated a layer; None for the whole text."""
        kinds = [entry.zones for side in (self.one, self.two) for entry in side.coverage if entry.layer == name and entry.zones is not None]
        zones = next((found for side in (self.base, self.one, self.two) if (found := getattr(side, "segments", None)) is not None), None)
        if not kinds or zones is None or name == "segments":
            return None
        return [(zone.start, zone.end) for zone in zones if all(zone.kind in listed for listed in kinds)]

    @cached_property
    def partners(self) -> Partners:
        """Which records of the two sides are taken for the same."""
        return Partners({name: self.records(name) for name in self.shapes}, self.shapes)

    @cached_property
    def units(self) -> list[Unit]:
        """The sentences of the document, by name."""
        return [(self.id, number) for number in range(len(self._starts))]

    def unit(self, place: int) -> Unit:
        """The sentence that holds an offset; between two, the one before it."""
        return self.id, max(bisect_right(self._starts, place) - 1, 0)

    def language(self, start: int, end: int) -> str:
        """BCP-47 tag of a span."""
        found = {where.language(start, end) for where in self._where}
        return found.pop() if len(found) == 1 else "mul"

    def position(self, record: Any, shape: Shape, side: int) -> int:
        """Where a record begins; of one without a place, where the first record begins that it points to."""
        own = fragments(record)
        if own:
            return own[0][0]
        held = (self.by_id[side].get(target) for target in targets(record, shape))
        return min((places[0][0] for one in held if one is not None and (places := fragments(one))), default=0)

    def pieces(self, name: str) -> list[Place]:
        """The text of a layer's region cut at every token border of either side, and where a record of the layer begins or ends; no blanks."""
        borders = {edge for side in self.records(name) for record in side for place in fragments(record) for edge in place}
        region = self.region(name)
        found = _cut(self._words, borders)
        return list(found) if region is None else [(a, b) for a, b in found if any(start <= a and b <= end for start, end in region)]

    @cached_property
    def _records(self) -> dict[str, tuple[list[Any], list[Any]]]:
        return {}

    @cached_property
    def by_id(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The records of either side by their ids."""
        one, two = ({record.id: record for name in self.shapes for record in self.records(name)[side]} for side in (0, 1))
        return one, two

    @cached_property
    def mates(self) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
        """Of each record of either side, by its id, all records of its chain in file order; of one without a chain, itself."""
        return self._mates(0), self._mates(1)

    def _mates(self, side: int) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for name in self.shapes:
            chains = defaultdict[str, list[Any]](list)
            for record in self.records(name)[side]:
                chain = getattr(record, "chain", None)
                found[record.id] = [] if chain is None else chains[chain]
                found[record.id].append(record)
        return found

    @cached_property
    def _starts(self) -> list[int]:
        found = [getattr(side, "sentences", None) for side in (self.base, self.one, self.two)]
        places = [[(one.start, one.end) for one in sentences] for sentences in found if sentences]
        if found[0] or (places and places[0] == places[-1] and len(places) == 2):
            return [start for start, _ in places[0]]
        return [0, *(match.end() for match in re.finditer("\n", self.text) if match.end() < len(self.text))]

    @cached_property
    def _where(self) -> list[Whereabouts]:
        tagged = [side for side in (self.base, self.one, self.two) if side is not None and _has_languages(side)]
        sides = [self.base] if tagged and tagged[0] is self.base and self.base is not None else tagged
        return [Whereabouts(side) for side in sides or (self.one,)]

    @cached_property
    def _words(self) -> list[Place]:
        tokens = {(token.start, token.end) for side in (self.one, self.two) for token in tokens_of(side)}
        if not tokens and self.base is not None:
            tokens = {(token.start, token.end) for token in tokens_of(self.base)}
        return list(_pieces(self.text, tokens))

    def _inside(self, side: Document, name: str, region: list[Place] | None) -> list[Any]:
        found = list(layer(side, name) or ())
        if region is None or self.shapes[name].anchor == "none":
            return found
        return [one for one in found if all(any(a <= start and end <= b for a, b in region) for start, end in fragments(one))]


def _has_languages(side: Document) -> bool:
    return any(getattr(side, name, None) is not None for name in ("segments", "languages"))


def _pieces(text: str, tokens: set[Place]) -> Iterator[Place]:
    """The text cut at every border of a token; what no token covers is cut into words."""
    borders = sorted({0, len(text), *(edge for token in tokens for edge in token)})
    starts = sorted(tokens)
    furthest, at = 0, 0
    for start, end in pairwise(borders):
        while at < len(starts) and starts[at][0] <= start:
            furthest, at = max(furthest, starts[at][1]), at + 1
        if end <= furthest:
            if not text[start:end].isspace():
                yield start, end
        else:
            yield from ((start + match.start(), start + match.end()) for match in _WORD.finditer(text[start:end]))


def _cut(pieces: Iterable[Place], borders: set[int]) -> Iterator[Place]:
    cuts = sorted(borders)
    for start, end in pieces:
        inner = cuts[bisect_right(cuts, start) : bisect_right(cuts, end - 1)]
        yield from zip((start, *inner), (*inner, end), strict=True)
