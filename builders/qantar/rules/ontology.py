"""Level 5: annotations agree with the ontology beyond what a schema can say."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, compress, repeat
from typing import TYPE_CHECKING

from qantar.columns import Columns
from qantar.rules.facts import Facts
from qantar.rules.finding import Context, Finding

if TYPE_CHECKING:
    from qantar.records import Document


def fillers_fit(facts: Facts) -> bool:
    """Proves `wrong_filler`: every event type takes, in a role, a record of this type."""
    if ("events", "arguments", "role", "target") not in facts.registry.arguments:
        return not facts.records("events")
    column = facts.columns.column
    events = chain.from_iterable(map(repeat, facts.field("events", "type"), map(len, facts.field("events", "arguments"))))
    types = map(filler_types(facts.document, facts.columns).get, column(("events", "*", "arguments", "*", "target")))
    return facts.plan.fillers.hold(list(zip(events, column(("events", "*", "arguments", "*", "role")), types, strict=True)))


def wrong_filler(document: Document, context: Context) -> Iterator[Finding]:
    """A role is filled by something of a type that it does not take."""
    types = filler_types(document)
    for index, event in enumerate(getattr(document, "events", None) or ()):
        for number, argument in enumerate(event.arguments):
            found = types.get(argument.target)
            if found is not None and found not in context.registry.ontology.fillers(event.type, argument.role):
                fact = f"{argument.target} is {found}, which cannot be the {argument.role} of {event.type}"
                names = ", ".join(context.registry.ontology.events[event.type].roles[argument.role])
                remedy = f"The role takes {names}: correct the target or the role, or say `used_as` on a metonymic mention."
                yield Finding("events", index, event, ("arguments", number, "target"), fact, remedy)


def filler_types(document: Document, columns: Columns | None = None) -> dict[str, str]:
    """Type of every record that may fill a role, by id: what an entity is used as, else its type."""
    column = (Columns(document) if columns is None else columns).column
    types: dict[str, str] = {}
    for layer in ("entities", "values", "events"):
        held = getattr(document, layer, None) or ()
        types.update(zip(column((layer, "*", "id")), column((layer, "*", "type")), strict=True) if held else ())
        if held and hasattr(held[0], "used_as"):
            used = column((layer, "*", "used_as"))
            types.update(zip(compress(column((layer, "*", "id")), used), filter(None, used), strict=True))
    return types
