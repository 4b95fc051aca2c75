"""`qantar agree`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from qantar.agreement import Agreement, Comparison, Row, compare
from qantar.agreement.disagreements import write_disagreements
from qantar.agreement.sides import sides
from qantar.cli.layout import table, wrapped
from qantar.cli.reporters import refuse
from qantar.errors import InvalidCorpus
from qantar.store import Store
from qantar.wording import number, printable

#: Documents that a line of what was left out names.
_SHOWN = 5


def agree_and_report(
    one: str,
    two: str,
    here: Callable[[], Store],
    layers: Sequence[str],
    *,
    form: str,
    whole: bool,
    out: Path | None,
    level: float,
    resamples: int,
    seed: int,
) -> int:
    """Prints how far two sides agree, and writes where they differ to the file that is named."""
    opened: list[Store] = []
    try:
        key, response, base = sides(one, two, here, opened)
    except InvalidCorpus as error:
        return refuse(error.problems, "compared", opened[-1])
    comparison = Comparison(key, response, base, layers=layers)
    found = compare(comparison, level=level, resamples=resamples, seed=seed)
    count = write_disagreements(comparison, out) if out is not None else 0
    lines = [json.dumps(found.to_json(), ensure_ascii=False, indent=2)] if form == "json" else report(found, whole=whole)
    for line in lines:
        sys.stdout.write(line + "\n")
    if out is not None:
        sys.stderr.write(f"qantar: {number(count, 'difference')} written to {printable(str(out))}.\n")
    return 0


def report(found: Agreement, *, whole: bool = True) -> Iterator[str]:
    """Lines for people: a section a layer, its figures in few columns; with `whole` false, by label and by language too."""
    yield from wrapped(f"A is {found.a}, the key; B is {found.b}, the response. {_intervals(found)}", indent=0)
    for layer, documents in found.compared.items():
        yield from ("", f"{printable(layer)}, in {number(len(documents), 'document')}")
        yield from _section([row for row in found.rows if row.layer == layer], whole=whole)
    if found.left_out:
        yield from ("", "not compared")
    for left in found.left_out:
        more = f", … {len(left.documents)} in all" if len(left.documents) > _SHOWN else ""
        where = f" ({', '.join(left.documents[:_SHOWN])}{more})" if left.documents else ""
        yield from wrapped(f"{left.layer}: {left.reason}{where}", indent=2)


def _intervals(found: Agreement) -> str:
    drawn = found.drawn
    return f"Intervals: {drawn.level:.0%}, {number(drawn.resamples, 'resample')} of {drawn.unit}s, seed {drawn.seed}."


def _section(rows: Sequence[Row], *, whole: bool) -> Iterator[str]:
    """F1 of counts; coefficients over pieces of text; fields of records, each with its share of equal values and its kappa."""
    shown = [row for row in rows if row.whole]
    counts = [row for row in shown if row.key is not None or row.metric.startswith(("conll", "blanc"))]
    units = [row for row in shown if row.metric.startswith("unit-")]
    if counts:
        yield from table(
            ("  F1", "A", "B", "both", "value", "interval"), [(f"  {row.metric}", *_counts(row), *_value(row)) for row in counts]
        )
    if units:
        yield from table(("  pieces of text", "n", "value", "interval"), [(f"  {row.metric}", row.n, *_value(row)) for row in units])
    fields = list(_fields(shown))
    if fields:
        yield from table(("  records that both have", "n", "same", "kappa", "interval"), fields)
    if whole:
        return
    for metric, group in groupby((row for row in rows if not row.whole), key=lambda row: row.metric):
        yield from _parted(metric, list(group))


def _parted(metric: str, rows: Sequence[Row]) -> Iterator[str]:
    """The figures of one metric by label and by language."""
    names = [f"    {row.label or row.lang}" for row in rows]
    if rows[0].key is None:
        lines: list[tuple[object, ...]] = [(name, row.n, _value(row)[0]) for name, row in zip(names, rows, strict=True)]
        yield from table((f"  {metric}", "n", "value"), lines)
    else:
        lines = [(name, *_counts(row), _value(row)[0]) for name, row in zip(names, rows, strict=True)]
        yield from table((f"  {metric}", "A", "B", "both", "value"), lines)


def _fields(rows: Sequence[Row]) -> Iterator[tuple[object, ...]]:
    """A line for each field that a record of either side states: how many pairs, the share of equal ones, and the kappa of labels."""
    kappa = {row.metric.partition(":")[2]: row for row in rows if row.metric.startswith("kappa:")}
    for row in rows:
        kind, _, name = row.metric.partition(":")
        if kind == "same" and row.n:
            yield (f"  {name}", row.n, _value(row)[0], *(_value(kappa[name]) if name in kappa else (None, None)))


def _counts(row: Row) -> tuple[str | None, ...]:
    return tuple(map(_count, (row.key, row.response, row.matched)))


def _count(count: float | None) -> str | None:
    return None if count is None else f"{count:.2f}".rstrip("0").rstrip(".")


def _value(row: Row) -> tuple[str | None, str | None]:
    value = None if row.value is None else f"{row.value:.3f}"
    return value, None if row.low is None or row.high is None else f"{row.low:.3f}–{row.high:.3f}"
