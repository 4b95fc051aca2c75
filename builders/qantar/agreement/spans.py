"""Spans against spans: which records both passes have, by borders and label."""

from __future__ import annotations

from collections.abc import Iterator

from qantar.agreement.compared import Compared
from qantar.agreement.rows import Row
from qantar.agreement.tally import Item, things
from qantar.scoring.spans import Match, pairs

#: Metric, match, whether the label must be the same.
_WAYS: tuple[tuple[str, Match, bool], ...] = (
    ("exact", "exact", True),
    ("overlap", "overlap", True),
    ("borders", "exact", False),
    ("borders-overlap", "overlap", False),
)


def rows(layer: Compared) -> Iterator[Row]:
    """F1 of records: with the same borders, or overlapping; with the same label, or any. Of parts of a partition, only the same borders."""
    if layer.shape.anchor == "none":
        return
    labelled = layer.shape.label is not None
    for metric, match, same_label in _WAYS:
        if (labelled or not same_label) and (layer.shape.anchor == "spans" or match == "exact"):
            yield from _way(layer, metric, match, same_label=same_label)
    if layer.shape.anchor == "partition":
        yield from _cuts(layer)


def _way(layer: Compared, metric: str, match: Match, *, same_label: bool) -> Iterator[Row]:
    found = things()
    for document, ones, twos in layer.sides():
        paired = pairs(list(map(layer.span, ones)), list(map(layer.span, twos)), match=match, labelled=same_label)
        found.add([layer.item(document, one) for one in ones], [layer.item(document, two) for two in twos], paired)
    yield from layer.tally.f1(metric, found, labels=same_label)


def _cuts(layer: Compared) -> Iterator[Row]:
    """F1 of the places where a part begins or ends, but for the ends of the text."""
    found = things()
    for document, *sides in layer.sides():
        cuts = [sorted({edge for one in side for edge in (one.start, one.end)} - {0, len(document.text)}) for side in sides]
        ones, twos = ([Item(document.unit(cut), None, document.language(max(cut - 1, 0), cut)) for cut in side] for side in cuts)
        at = {cut: place for place, cut in enumerate(cuts[1])}
        found.add(ones, twos, [(place, at[cut]) for place, cut in enumerate(cuts[0]) if cut in at])
    yield from layer.tally.f1("cuts", found, labels=False)
