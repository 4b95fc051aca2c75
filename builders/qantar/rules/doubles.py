"""Level 4: nothing is said twice."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, count, repeat
from typing import TYPE_CHECKING, Any

from qantar.document import records
from qantar.rules.facts import Facts
from qantar.rules.finding import Context, Finding

if TYPE_CHECKING:
    from qantar.records import Document

#: Fields in which a record may differ from another that says the same.
_APART = ("id", "note", "ignore")
#: Fields of an event that say in what state the text tells it.
_STATES = ("aspect", "factuality")
_APART_IN_STATE = (*_APART, *_STATES)


def records_differ(facts: Facts) -> bool:
    """Proves `duplicate_record`; of records with spans it looks only at those that stand where another one does."""
    for layer in facts.registry.layers:
        if layer not in facts.registry.partitions:
            alike = facts.alike[layer] if layer in facts.alike else facts.records(layer)
            if len(set(map(_said, alike))) < len(alike):
                return False
    return True


def duplicate_record(document: Document, context: Context) -> Iterator[Finding]:
    """Two records of a layer are equal but for id and note."""
    facts = context.facts(document)
    for name in context.registry.layers:
        if name in context.registry.partitions:
            continue  # overlapping zones are reported as such
        first: dict[Any, Any] = {}
        for index, record in enumerate(facts.records(name)):
            known = first.setdefault(_said(record), record)
            if known is not record:
                fact = f"the record says the same as {known.id}"
                yield Finding(
                    name, index, record, (), fact, "Remove one and point what refers to it to the other, or say what sets them apart."
                )


def _said(record: Any) -> tuple[Any, ...]:
    return tuple([getattr(record, field) for field in record.__struct_fields__ if field not in _APART])


def mentions_differ(facts: Facts) -> bool:
    """Proves `double_mention`."""
    alike = facts.alike.get("entities", ())
    return len({(mention.spans, mention.type) for mention in alike}) == len(alike)


def double_mention(document: Document, context: Context) -> Iterator[Finding]:
    """The same words are two mentions of one type."""
    first: dict[Any, Any] = {}
    for index, record in context.facts(document).standing.get("entities", ()):
        known = first.setdefault((record.spans, record.type), record)
        if known is not record and _said(known) != _said(record):
            fields = [
                field for field in record.__struct_fields__ if field not in _APART and getattr(known, field) != getattr(record, field)
            ]
            fact = f"{record.quote!r} is a {record.type} in {known.id} too, with another {' and '.join(fields)}"
            yield Finding("entities", index, record, (), fact, "One mention refers to one thing: decide, and remove the other record.")


def events_differ(facts: Facts) -> bool:
    """Proves `twin_events`."""
    alike = facts.alike.get("events", ())
    return len(set(map(_told, alike))) == len(alike)


def twin_events(document: Document, context: Context) -> Iterator[Finding]:
    """Two events have the same trigger, type and arguments, and differ in aspect or factuality only."""
    first: dict[Any, Any] = {}
    for index, event in enumerate(context.facts(document).records("events")):
        known = first.setdefault(_told(event), event)
        fields = [field for field in _STATES if getattr(known, field, None) != getattr(event, field, None)]
        if fields:
            differences = " and ".join(f"`{field}` ({getattr(known, field)}, {getattr(event, field)})" for field in fields)
            fact = f"{event.quote!r} is told by {known.id} already, with the same arguments; they differ in {differences}"
            remedy = (
                "One word names one event, in one state: decide, and remove the other record; or give it the argument that sets it apart."
            )
            yield Finding("events", index, event, (fields[0],), fact, remedy)


def _told(event: Any) -> tuple[Any, ...]:
    return tuple([getattr(event, field) for field in event.__struct_fields__ if field not in _APART_IN_STATE])


def arguments_differ(facts: Facts) -> bool:
    """Proves `repeated_argument`."""
    for layer, field, *keys in facts.registry.arguments:
        owners = chain.from_iterable(map(repeat, count(), map(len, filter(None, facts.field(layer, field)))))
        parts = [facts.columns.column((layer, "*", field, "*", key)) for key in keys]
        if len(set(zip(owners, *parts, strict=True))) < len(parts[0]):
            return False
    return True


def repeated_argument(document: Document, context: Context) -> Iterator[Finding]:
    """A record has an argument twice: the same role with the same target."""
    facts = context.facts(document)
    for name, field, *keys in context.registry.arguments:
        for index, record in enumerate(facts.records(name)):
            seen = set()
            for number, argument in enumerate(getattr(record, field) or ()):
                role, target = (getattr(argument, key) for key in keys)
                if (role, target) in seen:
                    fact = f"{target} is the {role} twice"
                    yield Finding(name, index, record, (field, number), fact, "Remove one, or correct its role or target.")
                seen.add((role, target))


def lists_differ(facts: Facts) -> bool:
    """Proves `repeated_reference`."""
    held = (found for pattern in facts.plan.lists for found in facts.columns.column(pattern) if found)
    return all(len(set(found)) == len(found) for found in held)


def repeated_reference(document: Document, context: Context) -> Iterator[Finding]:
    """A list of a record names the same record twice."""
    lists = [(name, pattern[0]) for name, pattern, _, _ in context.registry.references if len(pattern) == 2 and pattern[1] == "*"]
    for name, field in lists:
        for _, index, record in records(document, (name,)):
            seen = set()
            for number, target in enumerate(getattr(record, field) or ()):
                if target in seen:
                    fact = f"`{field}` names {target} twice"
                    yield Finding(name, index, record, (field, number), fact, "Remove one, or correct the id.")
                seen.add(target)
