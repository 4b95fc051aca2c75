"""Level 4: nothing is said twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from qantar.document import records
from qantar.rules.finding import Context, Finding

if TYPE_CHECKING:
    from qantar.records import Document

#: Fields in which a record may differ from another that says the same.
_APART = ("id", "note", "ignore")


def duplicate_record(document: Document, context: Context) -> Iterator[Finding]:
    """Two records of a layer are equal but for id and note."""
    for name in context.registry.layers:
        if context.registry.shapes[f"layers/{name}"]["x-anchor"] == "partition":
            continue  # overlapping zones are reported as such
        first: dict[Any, Any] = {}
        for index, record in enumerate(getattr(document, name) or ()):
            known = first.setdefault(_said(record), record)
            if known is not record:
                fact = f"the record says the same as {known.id}"
                yield Finding(
                    name, index, record, (), fact, "Remove one and point what refers to it to the other, or say what sets them apart."
                )


def _said(record: Any) -> tuple[Any, ...]:
    return tuple(getattr(record, field) for field in record.__struct_fields__ if field not in _APART)


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


def repeated_argument(document: Document, context: Context) -> Iterator[Finding]:
    """A record has an argument twice: the same role with the same target."""
    for name in context.registry.layers:
        for field, keys in _arguments(context.registry.shapes[f"layers/{name}"]["properties"]).items():
            for index, record in enumerate(getattr(document, name) or ()):
                seen = set()
                for number, argument in enumerate(getattr(record, field) or ()):
                    role, target = (getattr(argument, key) for key in keys)
                    if (role, target) in seen:
                        fact = f"{target} is the {role} twice"
                        yield Finding(name, index, record, (field, number), fact, "Remove one, or correct its role or target.")
                    seen.add((role, target))


def _arguments(fields: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Fields that are lists of a role and a target, with the names of the two."""
    found = {}
    for field, node in fields.items():
        parts = node.get("items", {}).get("properties", {})
        roles = [key for key, part in parts.items() if "x-roles" in part]
        targets = [key for key, part in parts.items() if "x-refers" in part]
        if len(roles) == len(targets) == 1:
            found[field] = (roles[0], targets[0])
    return found


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
