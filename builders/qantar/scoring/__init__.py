"""The metrics of the field, on plain data: each is a pure function of a key and a response, and knows neither documents nor files.

A key is what is held to be right, a response what is compared with it; for agreement, either pass may be the key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from qantar.scoring import attributes, chains, counts, frames, labels, spans
from qantar.scoring.counts import Counts


@dataclass(frozen=True, slots=True)
class Scorer:
    """A metric: what it `takes` and `gives`, in words, and where it is defined (`source`)."""

    name: str
    score: Callable[..., Any]
    takes: str
    gives: str
    source: str


_SIDES = "key and response, each an iterable of"
_CHAINS = f"{_SIDES} chains of mentions"

SCORERS: dict[str, Scorer] = {
    scorer.name: scorer
    for scorer in (
        Scorer("things", counts.compare, f"{_SIDES} hashables", "Counts", "van Rijsbergen 1979"),
        Scorer("spans", spans.score, f"{_SIDES} Span", "Counts", "Tjong Kim Sang and De Meulder 2003; overlap: our own"),
        Scorer("kappa", labels.kappa, "pairs of labels", "Agreement", "Cohen 1960"),
        Scorer("alpha", labels.alpha, "units, each the labels given to it", "Agreement", "Krippendorff 2011"),
        Scorer("attributes", attributes.attributes, "pairs of attribute mappings", "Agreement by attribute", "Cohen 1960"),
        Scorer("chains", chains.score, _CHAINS, "ChainScores", "the metrics below; CoNLL: Pradhan et al. 2012"),
        Scorer("mentions", chains.mentions, _CHAINS, "Counts", "Pradhan et al. 2012"),
        Scorer("mention-overlap", chains.mention_overlap, f"{_SIDES} mentions, each its words", "Counts", "Žabokrtský et al. 2022"),
        Scorer("muc", chains.muc, _CHAINS, "Counts", "Vilain et al. 1995"),
        Scorer("b-cubed", chains.b_cubed, _CHAINS, "Counts", "Bagga and Baldwin 1998"),
        Scorer("ceaf-m", chains.ceaf_m, _CHAINS, "Counts", "Luo 2005"),
        Scorer("ceaf-e", chains.ceaf_e, _CHAINS, "Counts", "Luo 2005"),
        Scorer("lea", chains.lea, _CHAINS, "Counts", "Moosavi and Strube 2016"),
        Scorer("blanc", chains.blanc, _CHAINS, "Blanc", "Recasens and Hovy 2011; Luo et al. 2014"),
        Scorer("frames", frames.score, f"{_SIDES} Frame", "FrameScores", "Huang et al. 2024; with chains: Li et al. 2021"),
    )
}

__all__ = ["SCORERS", "Counts", "Scorer"]
