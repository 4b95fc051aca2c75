"""What passes say of the records that both have: kappa of labels, shares of equal values, and the parts of equal records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from qantar.agreement.compared import Compared
from qantar.agreement.rows import Row
from qantar.agreement.shapes import Part, as_named
from qantar.agreement.tally import Item, Labels, Tally, things
from qantar.agreement.twice import Twice, Unit
from qantar.scoring.attributes import attributes
from qantar.scoring.labels import Agreement

Held = list[tuple[Unit, Mapping[str, Hashable], Mapping[str, Hashable]]]


def rows(layer: Compared) -> Iterator[Row]:
    """Of records with the same borders: kappa of each field of labels, and the share of records in which each field is the same.

    Where neither side states a field, it does not count. References are the same where they lead to partners.
    """
    shape = layer.shape
    if shape.anchor == "none":
        return
    held: Held = []
    for document, one, two in layer.matched():
        sides = shape.signature(one, as_named), shape.signature(two, document.partners.name)
        held.append((layer.item(document, one).unit, *sides))
    yield from _fields(layer.tally, held, shape.labels, (*shape.others, *shape.references))
    for part in shape.parts:
        yield from _part(layer, part)


def _fields(tally: Tally, held: Held, labels: tuple[str, ...], others: tuple[str, ...], prefix: str = "") -> Iterator[Row]:
    for name in (*labels, *others):
        stated = [(unit, one[name], two[name]) for unit, one, two in held if one[name] is not None or two[name] is not None]
        if name in labels:
            by_unit = defaultdict[Unit, list[Labels]](list)
            for unit, one, two in stated:
                by_unit[unit].append((one, two))
            yield tally.kappa(f"kappa:{prefix}{name}", by_unit)
        found = attributes([({name: one}, {name: two}) for _, one, two in stated], [name])[name]
        yield tally.coefficient(f"same:{prefix}{name}", Agreement(found.observed, found.observed, None, found.n))


def _part(layer: Compared, part: Part) -> Iterator[Row]:
    """F1 of parts by their borders, and what is said of those that both have."""
    found, held = things(), Held()
    for document, *sides in layer.sides():
        ones, twos = ({(one.start, one.end): one for record in side for one in getattr(record, part.field) or ()} for side in sides)
        both = [place for place in ones if place in twos]
        items = [[_item(document, place) for place in side] for side in (ones, twos)]
        places = {place: at for at, place in enumerate(twos)}
        found.add(items[0], items[1], [(at, places[place]) for at, place in enumerate(ones) if place in places])
        held += [(document.unit(place[0]), _said(ones[place], part), _said(twos[place], part)) for place in both]
    yield from layer.tally.f1(part.field, found, labels=False)
    yield from _fields(layer.tally, held, part.labels, part.others, f"{part.field}.")


def _item(document: Twice, place: tuple[int, int]) -> Item:
    return Item(document.unit(place[0]), None, document.language(*place))


def _said(one: Any, part: Part) -> dict[str, Hashable]:
    return {name: getattr(one, name) for name in (*part.labels, *part.others)}
