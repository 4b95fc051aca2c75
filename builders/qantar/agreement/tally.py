"""Turns what was compared, unit by unit, into rows with intervals."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qantar.agreement.rows import Drawn, Row
from qantar.agreement.twice import Unit
from qantar.scoring.counts import Counts, total
from qantar.scoring.labels import Agreement, kappa_of
from qantar.scoring.resampling import Interval, bootstrap, bootstrap_counts

Pairs = Sequence[tuple[int, int]]
Labels = tuple[Hashable, Hashable]


@dataclass(frozen=True, slots=True)
class Item:
    """A thing that one side has: its sentence, its label and its language."""

    unit: Unit
    label: str | None
    lang: str


@dataclass(slots=True)
class Things:
    """The things of both sides, and which of them match, as they are found document by document."""

    key: list[Item]
    response: list[Item]
    pairs: list[tuple[int, int]]

    def add(self, key: Sequence[Item], response: Sequence[Item], pairs: Iterable[tuple[int, int]]) -> None:
        """Those of one more document; `pairs` are places in the two lists."""
        one, two = len(self.key), len(self.response)
        self.key += key
        self.response += response
        self.pairs += [(one + at, two + to) for at, to in pairs]


def things() -> Things:
    """Nothing yet."""
    return Things([], [], [])


@dataclass(frozen=True, slots=True)
class Tally:
    """Makes the rows of one layer: `units` are the sentences of the documents compared."""

    layer: str
    units: Sequence[Unit]
    drawn: Drawn

    def f1(self, metric: str, found: Things, *, labels: bool = True) -> Iterator[Row]:
        """Rows of an F1: of everything, with an interval, then by label, then by language, whose counts are small, without."""
        yield self.row(metric, self._by_unit(found))
        if labels:
            names = {item.label for item in (*found.key, *found.response) if item.label is not None}
            for name in sorted(names):
                yield self.row(metric, self._by_unit(found, label=name), label=name)
        for lang in sorted({item.lang for item in (*found.key, *found.response)}):
            yield self.row(metric, self._by_unit(found, lang=lang), lang=lang)

    def row(self, metric: str, by_unit: Mapping[Unit, Counts], *, label: str | None = None, lang: str | None = None) -> Row:
        """A row of counts by sentence, with the interval of their F1."""
        nothing = Counts(0, 0, 0)
        counts = [by_unit.get(unit, nothing) for unit in self.units]
        whole = total(counts)
        interval = None
        if label is None and lang is None:
            interval = bootstrap_counts(counts, seed=self.drawn.seed, resamples=self.drawn.resamples, level=self.drawn.level)
        return counted(self.layer, metric, whole, label=label, lang=lang, interval=interval, n=len(self.units))

    def kappa(self, metric: str, by_unit: Mapping[Unit, Sequence[Labels]], *, label: str | None = None, drawn: bool = True) -> Row:
        """A row of Cohen's kappa of pairs of labels by sentence."""
        counts = [Counter(by_unit[unit]) for unit in self.units if unit in by_unit]
        found = kappa_of(sum(counts, start=Counter[Labels]()))
        return self.coefficient(metric, found, label=label, interval=self._spread(counts) if drawn and found.value is not None else None)

    def _spread(self, counts: Sequence[Counter[Labels]]) -> Interval:
        """The interval of the kappa of pairs of labels, counted sentence by sentence."""
        kinds = list(sum(counts, start=Counter[Labels]()))
        table = np.array([[count[kind] for kind in kinds] for count in counts])

        def statistic(draw: Sequence[int]) -> float | None:
            return kappa_of(dict(zip(kinds, table[list(draw)].sum(axis=0).tolist(), strict=True))).value

        return bootstrap(range(len(counts)), statistic, seed=self.drawn.seed, resamples=self.drawn.resamples, level=self.drawn.level)

    def coefficient(self, metric: str, found: Agreement, *, label: str | None = None, interval: Interval | None = None) -> Row:
        """A row of a coefficient."""
        low, high = (None, None) if interval is None else (interval.low, interval.high)
        return Row(self.layer, metric, label, value=found.value, low=low, high=high, n=found.n)

    def _by_unit(self, found: Things, *, label: str | None = None, lang: str | None = None) -> dict[Unit, Counts]:
        def wanted(item: Item) -> bool:
            return (label is None or item.label == label) and (lang is None or item.lang == lang)

        cells = defaultdict[Unit, list[int]](lambda: [0, 0, 0, 0])
        for at, items in enumerate((found.key, found.response)):
            for item in filter(wanted, items):
                cells[item.unit][at] += 1
        for one, two in found.pairs:
            for at, item in ((2, found.key[one]), (3, found.response[two])):
                if wanted(item):
                    cells[item.unit][at] += 1
        return {unit: Counts(*cell) for unit, cell in cells.items()}


def counted(
    layer: str,
    metric: str,
    counts: Counts,
    *,
    label: str | None = None,
    lang: str | None = None,
    interval: Interval | None = None,
    n: int = 0,
) -> Row:
    """A row of counts."""
    low, high = (None, None) if interval is None else (interval.low, interval.high)
    value = counts.f1 if counts.defined else None
    sides = (counts.key, counts.response, counts.matched)
    return Row(layer, metric, label, lang, *sides, counts.precision, counts.recall, value, low, high, n)
