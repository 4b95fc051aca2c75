"""Agreement on the attributes of records that both passes have."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

from qantar.scoring.labels import Agreement, kappa


def attributes(
    records: Iterable[tuple[Mapping[str, Hashable], Mapping[str, Hashable]]], names: Iterable[str] | None = None
) -> dict[str, Agreement]:
    """Cohen's kappa and raw agreement (`observed`) of each attribute over matched records, each given as its two sets of attributes.

    Of the attributes `names`, in that order; else of all that any record has, sorted. An attribute that a record lacks is None there,
    which is a label like any other. Which records match is the caller's decision (`spans.pairs`).
    """
    given = list(records)
    chosen = sorted({name for pair in given for record in pair for name in record}) if names is None else names
    return {name: kappa((one.get(name), two.get(name)) for one, two in given) for name in chosen}
