"""The metrics of the field, on plain data: each is a pure function of a key and a response, and knows neither documents nor files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from qantar.scoring import attributes, chains, counts, frames, labels, spans
from qantar.scoring.counts import Counts


@dataclass(frozen=True, slots=True)
class Scorer:
    """A metric: what it `takes` and `gives`, in words, and who defined it (`source`)."""

    name: str
    score: Callable[..., Any]
    takes: str
    gives: str
    source: str


SCORERS: dict[str, Scorer] = {}

__all__ = ["SCORERS", "Counts", "Scorer", "attributes", "chains", "counts", "frames", "labels", "spans"]
