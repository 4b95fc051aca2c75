"""Events: triggers and their arguments, as `qantar.scoring.frames` compares them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from typing import Any

from qantar.agreement.compared import Compared
from qantar.agreement.partners import label_of
from qantar.agreement.rows import Row
from qantar.agreement.shapes import as_named, fragments
from qantar.agreement.twice import Twice, Unit
from qantar.scoring.counts import Counts
from qantar.scoring.frames import Frame, FrameScores, score

Where = Callable[[str], Hashable]

_METRICS = {"trigger_identified": "trigger", "trigger_classified": "trigger-typed"} | {
    "attached_identified": "argument",
    "attached_classified": "argument-role",
}


def rows(layer: Compared) -> Iterator[Row]:
    """F1 of triggers, alone and with the type, and of arguments attached to them, alone and with the role (Tri-I, Tri-C, Arg-I+, Arg-C+).

    Spans are the same where their borders are; in the rows `-partners`, where they belong to partners, so that borders count only once.
    """
    for field, role, target in layer.shape.arguments:
        for ending, by_partner in (("", False), ("-partners", True)):
            scores = _by_sentence(layer, (field, role, target), by_partner=by_partner)
            for name, metric in _METRICS.items():
                if by_partner and name.startswith("trigger"):
                    continue
                counts: dict[Unit, Counts] = {unit: getattr(one, name) for unit, one in scores.items()}
                yield layer.tally.row(f"{metric}{ending}", counts)


def _by_sentence(layer: Compared, names: tuple[str, str, str], *, by_partner: bool) -> dict[Unit, FrameScores]:
    """The scores of the events whose triggers begin in each sentence."""
    held = defaultdict[Unit, tuple[list[Frame], list[Frame]]](lambda: ([], []))
    for document, *sides in layer.sides():
        for side, records in enumerate(sides):
            where = _named(document, side) if by_partner else _placed(document, side)
            for record in records:
                unit = _unit(document, record, side if by_partner else 0)
                held[unit][side].append(_frame(record, layer, names, where))
    return {unit: score(ones, twos) for unit, (ones, twos) in held.items()}


def _frame(record: Any, layer: Compared, names: tuple[str, str, str], where: Where) -> Frame:
    field, role, target = names
    arguments = tuple((getattr(one, role), where(getattr(one, target))) for one in getattr(record, field) or ())
    return Frame(label_of(record, layer.shape), where(record.id), arguments)


def _placed(document: Twice, side: int) -> Where:
    return lambda local: fragments(document.by_id[side][local]) if local in document.by_id[side] else (side, local)


def _named(document: Twice, side: int) -> Where:
    return document.partners.name if side else as_named


def _unit(document: Twice, record: Any, side: int) -> Unit:
    """The sentence in which a trigger begins; of B's, where its partner's does."""
    name = document.partners.name(record.id) if side else record.id
    return document.unit(fragments(document.by_id[0].get(name, record) if side else record)[0][0])
