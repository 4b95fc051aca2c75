"""Lists of references, and the passages that records stand for: what attributions say, and of which events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from qantar.agreement.compared import Compared
from qantar.agreement.rows import Row
from qantar.agreement.twice import Unit
from qantar.scoring.counts import Counts, compare


def rows(layer: Compared) -> Iterator[Row]:
    """Of records with the same borders: F1 of what each list of references leads to, and of the characters that their content covers.

    References are the same where they lead to partners.
    """
    for field in layer.shape.lists:
        yield layer.tally.row(f"set:{field}", _references(layer, field))
    if layer.shape.content is not None:
        yield layer.tally.row(f"characters:{layer.shape.content}", _characters(layer, layer.shape.content))


def _references(layer: Compared, field: str) -> dict[Unit, Counts]:
    found = defaultdict[Unit, Counts](lambda: Counts(0, 0, 0))
    for document, one, two in layer.matched():
        names = [document.partners.name(local) for local in getattr(two, field) or ()]
        found[layer.item(document, one).unit] += compare(getattr(one, field) or (), names)
    return found


def _characters(layer: Compared, field: str) -> dict[Unit, Counts]:
    found = defaultdict[Unit, Counts](lambda: Counts(0, 0, 0))
    for document, one, two in layer.matched():
        sides = ([at for span in getattr(side, field) or () for at in range(span.start, span.end)] for side in (one, two))
        found[layer.item(document, one).unit] += compare(*sides)
    return found
