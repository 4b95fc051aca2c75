"""Level 5: annotations agree with the ontology beyond what a schema can say."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from qantar.rules.finding import Context, Finding
from qantar.schema.ontology import Ontology

if TYPE_CHECKING:
    from qantar.records import Document


def wrong_filler(document: Document, context: Context) -> Iterator[Finding]:
    """A role is filled by something of a type that it does not take."""
    types = filler_types(document)
    for index, event in enumerate(getattr(document, "events", None) or ()):
        takes = _fillers(context.registry.ontology, event.type)
        for number, argument in enumerate(event.arguments):
            found = types.get(argument.target)
            if found is not None and found not in takes[argument.role]:
                fact = f"{argument.target} is {found}, which cannot be the {argument.role} of {event.type}"
                names = ", ".join(context.registry.ontology.events[event.type].roles[argument.role])
                remedy = f"The role takes {names}: correct the target or the role, or say `used_as` on a metonymic mention."
                yield Finding("events", index, event, ("arguments", number, "target"), fact, remedy)


def filler_types(document: Document) -> dict[str, str]:
    """Type of every record that may fill a role, by id: what an entity is used as, else its type."""
    types: dict[str, str] = {}
    for layer in ("entities", "values", "events"):
        held = getattr(document, layer, None) or ()
        if held and hasattr(held[0], "used_as"):
            types.update((record.id, record.used_as or record.type) for record in held)
        else:
            types.update((record.id, record.type) for record in held)
    return types


@lru_cache(maxsize=4096)
def _fillers(ontology: Ontology, event_type: str) -> dict[str, frozenset[str]]:
    """The types that may fill each role of an event type."""
    roles = ontology.events[event_type].roles if event_type in ontology.events else ()
    return {role: ontology.fillers(event_type, role) for role in roles}
