"""Level 5: annotations agree with the ontology beyond what a schema can say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING

from qantar.rules.facts import Facts
from qantar.rules.finding import Context, Finding

if TYPE_CHECKING:
    from qantar.records import Document

_ID, _TYPE = attrgetter("id"), attrgetter("type")


def wrong_filler(document: Document, context: Context) -> Iterator[Finding]:
    """A role is filled by something of a type that it does not take."""
    types = filler_types(document)
    if _fillers_fit(context.facts(document), types):
        return
    for index, event in enumerate(getattr(document, "events", None) or ()):
        for number, argument in enumerate(event.arguments):
            found = types.get(argument.target)
            if found is not None and found not in context.registry.ontology.fillers(event.type, argument.role):
                fact = f"{argument.target} is {found}, which cannot be the {argument.role} of {event.type}"
                names = ", ".join(context.registry.ontology.events[event.type].roles[argument.role])
                remedy = f"The role takes {names}: correct the target or the role, or say `used_as` on a metonymic mention."
                yield Finding("events", index, event, ("arguments", number, "target"), fact, remedy)


def _fillers_fit(facts: Facts, types: Mapping[str, str]) -> bool:
    """Whether every argument's type is one that its role takes: each event type, role and type once."""
    if ("events", "arguments", "role", "target") not in facts.registry.arguments:
        return not facts.records("events")
    owners, roles, targets = facts.arguments("events", "arguments")
    events = list(map(_TYPE, facts.records("events")))
    found = set(zip(map(events.__getitem__, owners), roles, map(types.get, targets), strict=True))
    return all(kind is None or kind in facts.registry.ontology.fillers(event, role) for event, role, kind in found)


def filler_types(document: Document) -> dict[str, str]:
    """Type of every record that may fill a role, by id: what an entity is used as, else its type."""
    types: dict[str, str] = {}
    for layer in ("entities", "values", "events"):
        held = getattr(document, layer, None) or ()
        types.update(zip(map(_ID, held), map(_TYPE, held), strict=True))
        if held and hasattr(held[0], "used_as"):
            types.update((record.id, record.used_as) for record in held if record.used_as)
    return types
