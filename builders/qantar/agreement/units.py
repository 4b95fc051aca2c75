"""Labels of every piece of text: kappa and alpha over units, those that nobody marked too."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from qantar.agreement.compared import Compared
from qantar.agreement.partners import label_of
from qantar.agreement.rows import Row
from qantar.agreement.shapes import fragments
from qantar.agreement.tally import Labels
from qantar.agreement.twice import Place, Unit
from qantar.scoring.labels import alpha

#: The label of a piece that a record covers, in a layer without labels; and of one that none covers.
_COVERED = "covered"
_NONE = "none"
_MISSING = object()


def rows(layer: Compared) -> Iterator[Row]:
    """Cohen's kappa, Krippendorff's alpha and, for each label, the kappa of whether a piece has it.

    Units are the pieces of `Twice.pieces`. Of nested records the outermost gives the label: the one that begins first; of these, the
    one that ends last; then the first label in order of letters. The kappa of one label takes every record into account.
    """
    if layer.shape.anchor == "none":
        return
    outer = defaultdict[Unit, list[Labels]](list)
    every = defaultdict[Unit, list[tuple[frozenset[str], frozenset[str]]]](list)
    for document, *sides in layer.sides():
        pieces = document.pieces(layer.shape.name)
        held = [_labels(layer, pieces, side) for side in sides]
        for (start, _), one, two in zip(pieces, *held, strict=True):
            unit = document.unit(start)
            outer[unit].append((one[0] if one else _NONE, two[0] if two else _NONE))
            every[unit].append((frozenset(one), frozenset(two)))
    yield layer.tally.kappa("unit-kappa", outer)
    yield layer.tally.coefficient("unit-alpha", alpha((pair for pairs in outer.values() for pair in pairs), missing=_MISSING))
    if layer.shape.label is not None:
        for label in sorted({label for pairs in every.values() for pair in pairs for side in pair for label in side}):
            binary = {unit: [(label in one, label in two) for one, two in pairs] for unit, pairs in every.items()}
            yield layer.tally.kappa("unit-kappa", binary, label=label, drawn=False)


def _labels(layer: Compared, pieces: Sequence[Place], records: Sequence[Any]) -> list[list[str]]:
    """The labels of the records over each piece, the outermost first."""
    found: list[list[str]] = [[] for _ in pieces]
    starts = [start for start, _ in pieces]
    for record in sorted(records, key=lambda one: _outermost(layer, one)):
        label = _label(layer, record)
        for start, end in fragments(record):
            for at in range(bisect_left(starts, start), bisect_left(starts, end)):
                found[at].append(label)
    return found


def _label(layer: Compared, record: Any) -> str:
    return _COVERED if layer.shape.label is None else str(label_of(record, layer.shape))


def _outermost(layer: Compared, record: Any) -> tuple[int, int, str]:
    places = fragments(record)
    return places[0][0], -places[-1][1], _label(layer, record)
