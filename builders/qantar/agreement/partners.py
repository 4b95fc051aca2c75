"""Which records of two passes are taken for the same: one to one, the most alike first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cached_property
from typing import Any

from qantar.agreement.shapes import Rename, Shape, as_named, fragments
from qantar.scoring.spans import Match, Span, pairs

Sides = tuple[Sequence[Any], Sequence[Any]]
Pair = tuple[int, int]
Key = Callable[[Any], Hashable]


class Partners:
    """The pairs of a document's records, layer by layer, and how ids of B are called on the side of A.

    Records with a place: first those with the same borders and attributes, then with the same borders and label, then with the same
    borders; then, of what is left, those that overlap and have the same label, then those that overlap (as many as possible, and of
    those that share most). Records without a place: those that say the same of partners, then those that point to the same.
    """

    def __init__(self, sides: Mapping[str, Sides], shapes: Mapping[str, Shape]) -> None:
        self.pairs: dict[str, list[Pair]] = {}
        self._names: dict[str, str] = {}
        for placed in (True, False):
            for name, shape in shapes.items():
                if (shape.anchor != "none") is placed:
                    self._add(name, sides[name], _placed(sides[name], shape) if placed else self._pointing(sides[name], shape))

    def name(self, local: str) -> str:
        """What a record of B is called on the side of A: as its partner; without one, a name that no record has."""
        return self._names.get(local, f"b:{local}")

    @cached_property
    def both(self) -> frozenset[str]:
        """The records of A that have a partner."""
        return frozenset(self._names.values())

    def _add(self, layer: str, sides: Sides, found: list[Pair]) -> None:
        self.pairs[layer] = found
        self._names |= {sides[1][two].id: sides[0][one].id for one, two in found}

    def _pointing(self, sides: Sides, shape: Shape) -> list[Pair]:
        def whole(rename: Rename) -> Key:
            return lambda record: tuple(shape.signature(record, rename).items())

        def ends(rename: Rename) -> Key:
            return lambda record: tuple(shape.value(record, field, rename) for field in shape.references)

        steps = (whole, ends) if shape.references else (whole,)
        return alike(sides, [(step(as_named), step(self.name)) for step in steps])


def alike(sides: Sides, keys: Sequence[tuple[Key, Key]]) -> list[Pair]:
    """Pairs of records with the same key, one to one in their order; each (key of A, key of B) is tried on what the one before left."""
    found: list[Pair] = []
    for one, two in keys:
        left = _left(sides, found)
        places = defaultdict[Hashable, list[int]](list)
        for place in reversed(left[1]):
            places[two(sides[1][place])].append(place)
        found += [(place, held.pop()) for place in left[0] if (held := places.get(one(sides[0][place])))]
    return sorted(found)


def _placed(sides: Sides, shape: Shape) -> list[Pair]:
    def attributes(record: Any) -> Hashable:
        return tuple(shape.value(record, name, as_named) for name in shape.plain)

    def label(record: Any) -> Hashable:
        return label_of(record, shape)

    found: list[Pair] = []
    steps: tuple[tuple[Match, Key], ...] = (
        ("exact", attributes),
        ("exact", label),
        ("exact", lambda _: None),
        ("overlap", label),
        ("overlap", lambda _: None),
    )
    for match, key in steps:
        left = _left(sides, found)
        ones, twos = ([Span(fragments(sides[side][place]), key(sides[side][place])) for place in left[side]] for side in (0, 1))
        found += [(left[0][one], left[1][two]) for one, two in pairs(ones, twos, match=match)]
    return sorted(found)


def label_of(record: Any, shape: Shape) -> str | None:
    """The label that records of a layer are counted by."""
    return None if shape.label is None else getattr(record, shape.label)


def _left(sides: Sides, found: Sequence[Pair]) -> tuple[list[int], list[int]]:
    """The places of the records that have no partner yet."""
    taken = ({pair[side] for pair in found} for side in (0, 1))
    one, two = ([place for place in range(len(sides[side])) if place not in used] for side, used in zip((0, 1), taken, strict=True))
    return one, two
