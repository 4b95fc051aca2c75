"""Levels 4 and 5: relations agree with each other, as the traits of their types in labels.json say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from qantar.document import records
from qantar.rules.finding import Context, Finding

if TYPE_CHECKING:
    from qantar.records import Document

#: Relations by head and tail: (index, record). Of two with the same ends, the last.
Edges = dict[str, dict[str, tuple[int, Any]]]


def self_relation(document: Document, context: Context) -> Iterator[Finding]:
    """A relation joins a record to itself."""
    for index, relation in enumerate(getattr(document, "relations", None) or ()):
        if relation.head == relation.tail:
            fact = f"{relation.head} is {relation.type!r} to itself"
            yield Finding("relations", index, relation, ("tail",), fact, "A relation joins two records: correct the head or the tail.")


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


def relation_kind(document: Document, context: Context) -> Iterator[Finding]:
    """A relation joins a record of a layer that its type is not for."""
    joins = context.registry.ontology.marked("relation-type", "joins")
    layers = {record.id: layer for layer, _, record in records(document, context.registry.layers)}
    for index, relation in enumerate(getattr(document, "relations", None) or ()):
        for end in ("head", "tail"):
            layer = layers.get(getattr(relation, end))
            if relation.type in joins and layer is not None and layer not in joins[relation.type]:
                fact = f"{getattr(relation, end)} is of {layer!r}, and cannot be the {end} of {relation.type!r}"
                remedy = f"It joins records of {', '.join(joins[relation.type])}: point to one of these, or correct the type."
                yield Finding("relations", index, relation, (end,), fact, remedy)


def relation_cycle(document: Document, context: Context) -> Iterator[Finding]:
    """Relations of one order lead in a circle."""
    for kind in context.registry.ontology.marked("relation-type", "order"):
        edges: Edges = {}
        for index, relation in enumerate(getattr(document, "relations", None) or ()):
            if relation.type == kind and relation.head != relation.tail:
                edges.setdefault(relation.head, {})[relation.tail] = (index, relation)
        for circle in _circles(edges):
            index, relation = max((edges[one][two] for one, two in pairwise(circle)), key=lambda pair: pair[0])
            fact = f"{kind!r} leads in a circle: {_way(circle)}"
            yield Finding(
                "relations", index, relation, (), fact, "One of these relations is wrong: remove it, or exchange its head and tail."
            )


def _way(circle: list[str]) -> str:
    shown = circle if len(circle) <= 8 else [*circle[:4], "…", *circle[-3:]]
    return " → ".join(shown)


def _circles(edges: Edges) -> Iterator[list[str]]:
    """Circles that share no record, first = last, until none is left; in time that grows with the relations."""
    comers: dict[str, list[str]] = {}
    for head, tails in edges.items():
        for tail in tails:
            comers.setdefault(tail, []).append(head)
    waiting = Counter({tail: len(heads) for tail, heads in comers.items()})
    left = dict.fromkeys([*edges, *comers])
    ready = [one for one in left if not waiting[one]]
    while left:
        _take(ready, left, waiting, edges)
        if left:
            circle = _backwards(next(iter(left)), left, comers)
            yield circle
            ready = circle[1:]


def _take(ready: list[str], left: dict[str, None], waiting: Counter[str], edges: Edges) -> None:
    """Takes out what nothing that is left comes before, and then what that was before."""
    while ready:
        one = ready.pop()
        if one not in left:
            continue
        del left[one]
        for two in edges.get(one, ()):
            waiting[two] -= 1
            if not waiting[two]:
                ready.append(two)


def _backwards(start: str, left: dict[str, None], comers: dict[str, list[str]]) -> list[str]:
    """A circle, found by going from one to what comes before it until one is met again."""
    way, seen, here = [start], {start: 0}, start
    while True:
        here = next(one for one in comers[here] if one in left)
        way.append(here)
        if here in seen:
            circle = way[seen[here] :][::-1]
            at = circle.index(min(circle[:-1], key=lambda one: (len(one), one)))
            return [*circle[at:-1], *circle[: at + 1]]
        seen[here] = len(way) - 1
