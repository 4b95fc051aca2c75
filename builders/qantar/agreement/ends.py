"""Records without a place of their own, such as relations: sets of what they join."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

from qantar.agreement.compared import Compared
from qantar.agreement.partners import Key, alike, label_of
from qantar.agreement.rows import Row
from qantar.agreement.shapes import Rename, as_named
from qantar.agreement.tally import Item, things
from qantar.agreement.twice import Twice


def rows(layer: Compared) -> Iterator[Row]:
    """F1 of records that point to the same, with the same label (`exact`) and with any (`ends`).

    They point to the same where what they point to are partners (`qantar.agreement.partners`).
    """
    if layer.shape.anchor != "none":
        return
    for metric, labelled in (("exact", True), ("ends", False)):
        found = things()
        for document, ones, twos in layer.sides():
            keys = (_key(layer, as_named, labelled=labelled), _key(layer, document.partners.name, labelled=labelled))
            items = [[_item(layer, document, record, side) for record in records] for side, records in enumerate((ones, twos))]
            found.add(items[0], items[1], alike((ones, twos), [keys]))
        yield from layer.tally.f1(metric, found, labels=labelled)


def _key(layer: Compared, rename: Rename, *, labelled: bool) -> Key:
    shape = layer.shape

    def key(record: Any) -> Hashable:
        ends = tuple(shape.value(record, field, rename) for field in (*shape.references, *shape.lists))
        return (label_of(record, shape) if labelled else None, ends)

    return key


def _item(layer: Compared, document: Twice, record: Any, side: int) -> Item:
    place = document.position(record, layer.shape, side)
    return Item(document.unit(place), label_of(record, layer.shape), document.language(place, place + 1))
