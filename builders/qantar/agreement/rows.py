"""What a comparison of two passes gives: rows of figures, and what was left out, as frozen records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

FORMAT = "qantar-agreement/1"
#: What the bootstrap draws, in words.
UNIT = "sentence"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of one layer: of everything, of one `label`, or of one language (`lang`).

    `key`, `response` and `matched` are what A has, what B has, and how much of A's B has too; `precision` and `recall` follow
    from them, and `value` is their F1. Of coefficients (kappa, alpha) and shares they are None, and `value` is the coefficient, None
    where it is undefined. `low` and `high` bound `value` (None where nothing was drawn); `n` counts what it rests on: sentences of
    an F1, documents of chains, units or pairs of records of a coefficient.
    """

    layer: str
    metric: str
    label: str | None = None
    lang: str | None = None
    key: float | None = None
    response: float | None = None
    matched: float | None = None
    precision: float | None = None
    recall: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0

    @property
    def whole(self) -> bool:
        """Whether the row is of all labels and languages."""
        return self.label is None and self.lang is None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was not compared: a layer or file, in these documents (none: everywhere), and why."""

    layer: str
    documents: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """How intervals were drawn: percentile bootstrap over `unit`s."""

    level: float
    resamples: int
    seed: int
    unit: str = UNIT


@dataclass(frozen=True, slots=True)
class Agreement:
    """The comparison of the passes `a`, the key, and `b`, the response.

    `compared` names, for each layer or file across documents, the documents in which both sides have it.
    """

    a: str
    b: str
    compared: Mapping[str, tuple[str, ...]]
    left_out: tuple[LeftOut, ...]
    drawn: Drawn
    rows: tuple[Row, ...]

    def to_json(self) -> dict[str, Any]:
        """The comparison as JSON types; fractions have six digits after the point."""
        return {
            "format": FORMAT,
            "a": self.a,
            "b": self.b,
            "compared": {layer: list(documents) for layer, documents in self.compared.items()},
            "left_out": [{**asdict(one), "documents": list(one.documents)} for one in self.left_out],
            "drawn": asdict(self.drawn),
            "rows": [{name: _rounded(cell) for name, cell in asdict(row).items()} for row in self.rows],
        }


def _rounded(cell: Any) -> Any:
    if not isinstance(cell, float):
        return cell
    found = round(cell, 6)
    return int(found) if found.is_integer() and abs(cell - found) < 1e-9 else found
