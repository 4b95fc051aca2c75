"""Level 4: nothing is said twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from qantar.document import records
from qantar.rules.finding import Context, Finding

if TYPE_CHECKING:
    from qantar.records import Document

#: Fields in which a record may differ from another that says the same.
_APART = ("id", "note", "ignore")


def duplicate_record(document: Document, context: Context) -> Iterator[Finding]:
    """Two records of a layer are equal but for id and note."""
    facts = context.facts(document)
    for name in context.registry.layers:
        if name in context.registry.partitions:
            continue  # overlapping zones are reported as such
        held, columns = facts.records(name), facts.anchored.get(name)
        first: dict[Any, Any] = {}
        for index in columns.alike if columns is not None else range(len(held)):
            record = held[index]
            known = first.setdefault(_said(record), record)
            if known is not record:
                fact = f"the record says the same as {known.id}"
                yield Finding(
                    name, index, record, (), fact, "Remove one and point what refers to it to the other, or say what sets them apart."
                )


def _said(record: Any) -> tuple[Any, ...]:
    return tuple([getattr(record, field) for field in record.__struct_fields__ if field not in _APART])


def double_mention(document: Document, context: Context) -> Iterator[Finding]:
    """The same words are two mentions of one type."""
    first: dict[Any, Any] = {}
    facts = context.facts(document)
    alike = facts.anchored["entities"].alike if "entities" in facts.anchored else []
    for index, record in facts.standing["entities"] if alike else ():
        known = first.setdefault((record.spans, record.type), record)
        if known is not record and _said(known) != _said(record):
            fields = [
                field for field in record.__struct_fields__ if field not in _APART and getattr(known, field) != getattr(record, field)
            ]
            fact = f"{record.quote!r} is a {record.type} in {known.id} too, with another {' and '.join(fields)}"
            yield Finding("entities", index, record, (), fact, "One mention refers to one thing: decide, and remove the other record.")


def repeated_argument(document: Document, context: Context) -> Iterator[Finding]:
    """A record has an argument twice: the same role with the same target."""
    facts = context.facts(document)
    for name, field, *keys in context.registry.arguments:
        if not _any_twice(facts.arguments(name, field)):
            continue
        for index, record in enumerate(facts.records(name)):
            seen = set()
            for number, argument in enumerate(getattr(record, field) or ()):
                role, target = (getattr(argument, key) for key in keys)
                if (role, target) in seen:
                    fact = f"{target} is the {role} twice"
                    yield Finding(name, index, record, (field, number), fact, "Remove one, or correct its role or target.")
                seen.add((role, target))


def _any_twice(columns: tuple[list[int], list[str], list[str]]) -> bool:
    """Whether any record, role and target come twice."""
    return len(set(zip(*columns, strict=True))) < len(columns[0])


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
