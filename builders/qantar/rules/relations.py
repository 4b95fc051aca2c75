"""Levels 4 and 5: relations agree with each other, as the traits of their types in labels.json say."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator
from itertools import pairwise
from operator import eq
from typing import TYPE_CHECKING, Any

from qantar.rules.circles import Edges, all_end, circles
from qantar.rules.facts import Facts
from qantar.rules.finding import Context, Finding

if TYPE_CHECKING:
    from qantar.records import Document

#: Records of a circle that a finding names.
_SHOWN = 8


def none_to_itself(facts: Facts) -> bool:
    """Proves `self_relation`."""
    return not any(map(eq, facts.field("relations", "head"), facts.field("relations", "tail")))


def self_relation(document: Document, context: Context) -> Iterator[Finding]:
    """A relation joins a record to itself."""
    for index, relation in enumerate(getattr(document, "relations", None) or ()):
        if relation.head == relation.tail:
            fact = f"{relation.head} is {relation.type!r} to itself"
            yield Finding("relations", index, relation, ("tail",), fact, "A relation joins two records: correct the head or the tail.")


def none_mirrored(facts: Facts) -> bool:
    """Proves `mirrored_relation`."""
    symmetric = facts.plan.marked("relation-type", "symmetric")
    given = {edge for edge in facts.once(_edges) if edge[0] in symmetric}
    return not any((kind, tail, head) in given for kind, head, tail in given)


def _edges(facts: Facts) -> list[tuple[str, str, str]]:
    """(type, head, tail) of each relation."""
    return list(zip(*(facts.field("relations", name) for name in ("type", "head", "tail")), strict=True))


def mirrored_relation(document: Document, context: Context) -> Iterator[Finding]:
    """A relation that is the same in both directions is given in both."""
    symmetric = context.registry.ontology.marked("relation-type", "symmetric")
    first: dict[tuple[str, str, str], Any] = {}
    for index, relation in enumerate(getattr(document, "relations", None) or ()):
        if relation.type in symmetric:
            known = first.get((relation.type, relation.tail, relation.head))
            if known is not None and relation.head != relation.tail:
                fact = f"{known.id} says the same, with head and tail exchanged"
                yield Finding("relations", index, relation, (), fact, f"{relation.type!r} needs no direction: remove one.")
            first.setdefault((relation.type, relation.head, relation.tail), relation)


def kinds_fit(facts: Facts) -> bool:
    """Proves `relation_kind`."""
    joins, ids = facts.plan.marked("relation-type", "joins"), facts.ids
    ends = ((kind, end) for kind, *both in facts.once(_edges) if kind in joins for end in both)
    return facts.ids_unique and all(any(end in ids[layer] for layer in joins[kind] if layer in ids) for kind, end in ends)


def relation_kind(document: Document, context: Context) -> Iterator[Finding]:
    """A relation joins a record of a layer that its type is not for."""
    joins = context.registry.ontology.marked("relation-type", "joins")
    layers = context.facts(document).layer_of
    for index, relation in enumerate(getattr(document, "relations", None) or ()):
        for end in ("head", "tail"):
            layer = layers.get(getattr(relation, end))
            if relation.type in joins and layer is not None and layer not in joins[relation.type]:
                fact = f"{getattr(relation, end)} is of {layer!r}, and cannot be the {end} of {relation.type!r}"
                remedy = f"It joins records of {', '.join(joins[relation.type])}: point to one of these, or correct the type."
                yield Finding("relations", index, relation, (end,), fact, remedy)


def orders_end(facts: Facts) -> bool:
    """Proves `relation_cycle`."""
    orders = facts.plan.marked("relation-type", "order")
    return all_end({(head, tail) for kind, head, tail in facts.once(_edges) if kind in orders})


def relation_cycle(document: Document, context: Context) -> Iterator[Finding]:
    """Relations of one order lead in a circle."""
    for kind in context.registry.ontology.marked("relation-type", "order"):
        edges: dict[str, dict[str, tuple[int, Any]]] = {}
        for index, relation in enumerate(getattr(document, "relations", None) or ()):
            if relation.type == kind and relation.head != relation.tail:
                edges.setdefault(relation.head, {})[relation.tail] = (index, relation)
        for group in circles(edges):
            way = _way(min(group, key=lambda name: (len(name), name)), group, edges)
            index, relation = max((edges[one][two] for one, two in pairwise(way)), key=lambda pair: pair[0])
            fact = f"{kind!r} leads in a circle: {' → '.join(way if len(way) <= _SHOWN else [*way[: _SHOWN - 4], '…', *way[-3:]])}"
            yield Finding(
                "relations", index, relation, (), fact, "One of these relations is wrong: remove it, or exchange its head and tail."
            )


def _way(start: str, group: Collection[str], edges: Edges) -> list[str]:
    """The shortest way from a record of a circle back to it, first and last included."""
    before: dict[str, str] = {}
    todo = deque([start])
    while start not in before:
        here = todo.popleft()
        for name in edges[here]:
            if name in group and name not in before:
                before[name] = here
                todo.append(name)
    way = [start, before[start]]
    while way[-1] != start:
        way.append(before[way[-1]])
    return way[::-1]
