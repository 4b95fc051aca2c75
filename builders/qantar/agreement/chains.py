"""Coreference: chains of mentions in documents, by every metric of `qantar.scoring.chains`."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from typing import Any

from qantar.agreement.compared import Compared
from qantar.agreement.rows import Row
from qantar.agreement.shapes import fragments
from qantar.agreement.tally import counted
from qantar.agreement.twice import Place
from qantar.scoring.chains import ChainScores, mention_overlap, score
from qantar.scoring.counts import total

Chains = list[list[Hashable]]


def rows(layer: Compared) -> Iterator[Row]:
    """The chains of all documents at once; mentions are the same where their borders are, and one without a chain is a chain of its own.

    No intervals: the unit of a chain is its document, and documents are few.
    """
    if not layer.shape.chained:
        return
    sides: tuple[Chains, Chains] = ([], [])
    overlaps = []
    for document, *both in layer.sides():
        for side, records in enumerate(both):
            sides[side].extend(chains_of(document.id, records))
        pieces = document.pieces(layer.shape.name)
        overlaps.append(mention_overlap(*(list(_words(records, pieces)) for records in both)))
    yield from score_rows(layer.shape.name, score(*sides))
    yield counted(layer.shape.name, "mention-overlap", total(overlaps))
    yield from score_rows(layer.shape.name, score(*sides, singletons=False), "-chains", ("lea", "conll"))


def chains_of(document: str, records: Sequence[Any]) -> Chains:
    """The mentions of a document by chain."""
    names = mention_names(document, records)
    found = defaultdict[Hashable, list[Hashable]](list)
    for record in records:
        found[("alone", record.id) if record.chain is None else record.chain].append(names[record.id])
    return list(found.values())


def mention_names(document: str, records: Sequence[Any]) -> dict[str, Hashable]:
    """What each record is called on both sides, by its id: (document, borders, number among those with the same borders)."""
    seen = Counter[Hashable]()
    names: dict[str, Hashable] = {}
    for record in records:
        place = fragments(record)
        names[record.id] = (document, place, seen[place])
        seen[place] += 1
    return names


def score_rows(layer: str, found: ChainScores, ending: str = "", names: Sequence[str] = (), label: str | None = None) -> Iterator[Row]:
    """A row for each metric, or for those that are named."""
    for metric in names or ("lea", "conll", "muc", "b-cubed", "ceaf-e", "ceaf-m", "blanc", "mentions"):
        if metric == "conll":
            defined = all(one.defined for one in (found.muc, found.b_cubed, found.ceaf_e))  # without any link, MUC says nothing
            yield Row(layer, f"conll{ending}", label, value=found.conll if defined else None)
        elif metric == "blanc":
            blanc = found.blanc
            value = blanc.f1 if blanc.defined else None
            yield Row(layer, f"blanc{ending}", label, precision=blanc.precision, recall=blanc.recall, value=value)
        else:
            yield counted(layer, f"{metric}{ending}", getattr(found, metric.replace("-", "_")), label=label)


def _words(records: Sequence[Any], pieces: Sequence[Place]) -> Iterator[list[Place]]:
    """The pieces of text in each mention that has any: one of blanks has none."""
    starts = [start for start, _ in pieces]
    for record in records:
        places = (range(bisect_left(starts, start), bisect_left(starts, end)) for start, end in fragments(record))
        found = [pieces[at] for place in places for at in place]
        if found:
            yield found
