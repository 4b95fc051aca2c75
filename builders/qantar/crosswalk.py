"""Which row of the crosswalk an event takes, one event at a time; `qantar.tables.reports` does the same by columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qantar.schema.ontology import Ontology, flat
from qantar.schema.sources import Json

#: Standards whose codes the table of reports holds.
SCHEMES = ("plover", "cameo", "acled")


def is_coded(event: Any, types: Mapping[str, str], ontology: Ontology) -> bool:
    """Whether reports have a row for the event; `types` gives the type of every filler of its document by id."""
    row = row_of(event, types, ontology)
    return row is not None and has_code(row)


def row_of(event: Any, types: Mapping[str, str], ontology: Ontology) -> Json | None:
    """The first row of the event's type that holds."""
    rows = ontology.crosswalk["rows"]
    return next((row for row in rows if row["type"] == event.type and _holds(row["when"], event, types)), None)


def has_code(row: Json) -> bool:
    """Whether any of the schemes has a code for what the row describes."""
    return any(row[scheme]["quality"] != "none" for scheme in SCHEMES)


def _holds(when: Json | None, event: Any, types: Mapping[str, str]) -> bool:
    """A condition holds where one of the types, or the class of one, fills the role."""
    if when is None:
        return True
    found = {types[argument.target] for argument in event.arguments if argument.role == when["role"]}
    return not found.union(map(flat, found)).isdisjoint(when["fillers"])
