"""Level 5: annotations agree with the ontology beyond what a schema can say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qantar.rules.finding import Context, Finding

if TYPE_CHECKING:
    from qantar.records import Document


def wrong_filler(document: Document, context: Context) -> Iterator[Finding]:
    """A role is filled by something of a type that it does not take."""
    types = filler_types(document)
    for index, event in enumerate(getattr(document, "events", None) or ()):
        for number, argument in enumerate(event.arguments):
            found = types.get(argument.target)
            if found is not None and found not in context.registry.ontology.fillers(event.type, argument.role):
                fact = f"{argument.target} is {found}, which cannot be the {argument.role} of {event.type}"
                takes = ", ".join(context.registry.ontology.events[event.type].roles[argument.role])
                remedy = f"The role takes {takes}: correct the target or the role, or say `used_as` on a metonymic mention."
                yield Finding("events", index, event, ("arguments", number, "target"), fact, remedy)


def filler_types(document: Document) -> dict[str, str]:
    """Type of every record that may fill a role, by id: what an entity is used as, else its type."""
    types: dict[str, str] = {}
    for layer in ("entities", "values", "events"):
        for record in getattr(document, layer, None) or ():
            types[record.id] = getattr(record, "used_as", None) or record.type
    return types
