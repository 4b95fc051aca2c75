"""Coreference: chains of mentions in documents, by every metric of `qantar.scoring.chains`."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

from qantar.agreement.compared import Compared
from qantar.agreement.rows import Row
from qantar.agreement.shapes import fragments
from qantar.agreement.tally import counted
from qantar.agreement.twice import Place, Twice
from qantar.scoring.chains import ChainScores, mention_overlap, score
from qantar.scoring.counts import total

Chains = list[list[Hashable]]
METRICS = ("lea", "conll", "muc", "b-cubed", "ceaf-e", "ceaf-m", "blanc", "mentions")


def rows(layer: Compared) -> Iterator[Row]:
    """The chains of all documents at once; mentions are the same where their borders are, and one without a chain is a chain of its own.

    In `-chains`, chains of one mention are left out; in `-partners`, mentions are the same where they are partners, so that borders do
    not count. No intervals: the unit of a chain is its document, and documents are few.
    """
    if not layer.shape.chained:
        return
    borders: tuple[Chains, Chains] = ([], [])
    partners: tuple[Chains, Chains] = ([], [])
    overlaps = []
    for document, *both in layer.sides():
        for side, records in enumerate(both):
            borders[side].extend(chains_of(records, mention_names(document.id, records)))
            partners[side].extend(chains_of(records, _partner_names(document, records, side)))
        pieces = document.pieces(layer.shape.name)
        overlaps.append(mention_overlap(*(list(_words(records, pieces)) for records in both)))
    n = len(overlaps)
    yield from score_rows(layer.shape.name, score(*borders), n)
    yield counted(layer.shape.name, "mention-overlap", total(overlaps), n=n)
    yield from score_rows(layer.shape.name, score(*borders, singletons=False), n, ending="-chains", names=("lea", "conll"))
    yield from score_rows(layer.shape.name, score(*partners), n, ending="-partners", names=("lea", "conll"))


def chains_of(records: Sequence[Any], names: Mapping[str, Hashable]) -> Chains:
    """The mentions of a document by chain, as they are named."""
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


def _partner_names(document: Twice, records: Sequence[Any], side: int) -> dict[str, Hashable]:
    """What each record is called, by its id: as its partner of A."""
    return {one.id: (document.id, document.partners.name(one.id) if side else one.id) for one in records}


def score_rows(
    layer: str, found: ChainScores, n: int, *, ending: str = "", names: Sequence[str] = METRICS, label: str | None = None
) -> Iterator[Row]:
    """A row for each metric that is named; `n` documents were scored."""
    for metric in names:
        if metric == "conll":
            defined = all(one.defined for one in (found.muc, found.b_cubed, found.ceaf_e))  # without any link, MUC says nothing
            yield Row(layer, f"conll{ending}", label, value=found.conll if defined else None, n=n)
        elif metric == "blanc":
            blanc = found.blanc
            value = blanc.f1 if blanc.defined else None
            yield Row(layer, f"blanc{ending}", label, precision=blanc.precision, recall=blanc.recall, value=value, n=n)
        else:
            yield counted(layer, f"{metric}{ending}", getattr(found, metric.replace("-", "_")), label=label, n=n)


def _words(records: Sequence[Any], pieces: Sequence[Place]) -> Iterator[list[Place]]:
    """The pieces of text in each mention that has any: one of blanks has none."""
    starts = [start for start, _ in pieces]
    for record in records:
        places = (range(bisect_left(starts, start), bisect_left(starts, end)) for start, end in fragments(record))
        found = [pieces[at] for place in places for at in place]
        if found:
            yield found
