"""What a registry asks of every document, in the form that proofs over columns take: worked out once."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary, proxy

from qantar.rules.passed import Passed
from qantar.schema.registry import Registry

#: Names of fields from the document on, with `*` for the items of a list.
Pattern = tuple[str, ...]
LEMMAS: Pattern = ("sentences", "*", "tokens", "*", "lemma")


class Plan:
    """The fields that rules prove something of, and what types may fill what roles."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry = proxy(registry)  # a plan does not keep the labels of a corpus that nobody reads any more
        #: Whether an event type, one of its roles and the type of a record, or None, fit.
        self.fillers = Passed(lambda filled: filled[2] is None or filled[2] in registry.ontology.fillers(*filled[:2]))

    @cached_property
    def references(self) -> tuple[tuple[str, Pattern, frozenset[str]], ...]:
        """Every field that points to records: its layer, its pattern, the layers that it may point into."""
        return tuple((layer, (layer, "*", *pattern), allowed) for layer, pattern, allowed, _ in self._registry.references)

    @cached_property
    def lists(self) -> tuple[Pattern, ...]:
        """Every field that lists records: the pattern of the list."""
        fields = [(layer, pattern) for layer, pattern, _, _ in self._registry.references]
        return tuple((layer, "*", pattern[0]) for layer, pattern in fields if len(pattern) == 2 and pattern[1] == "*")

    @cached_property
    def dates(self) -> tuple[tuple[Pattern, str], ...]:
        """Every field of documents that holds dates: its pattern and kind."""
        fields = ((_of_document(shape), pattern, kind) for shape, pattern, kind in self._registry.dates)
        return tuple(((*start, *pattern), kind) for start, pattern, kind in fields if start is not None)

    @cached_property
    def precisions(self) -> tuple[tuple[Pattern, Pattern], ...]:
        """The pattern of every date that something beside it says how exact it is, and the pattern of that."""
        fields = ((_of_document(shape), pattern, dated) for shape, pattern, dated in self._registry.precisions)
        return tuple(((*start, *pattern[:-1], dated), (*start, *pattern)) for start, pattern, dated in fields if start is not None)

    @cached_property
    def typed(self) -> tuple[Pattern, ...]:
        """Every field that holds words as somebody typed them, but for lemmas, which are looked at once each."""
        found = (pattern if layer is None else (layer, "*", *pattern) for layer, pattern in self._registry.typed)
        return tuple(pattern for pattern in found if pattern != LEMMAS)

    @cached_property
    def typed_apart_from_excuses(self) -> tuple[Pattern, ...]:
        """Those of `typed` that hold something where nothing is excused."""
        return tuple(pattern for pattern in self.typed if "ignore" not in pattern)

    def marked(self, name: str, trait: str) -> Any:
        """The labels of a set for which the ontology states a trait, and what it states."""
        if (name, trait) not in self._marked:
            self._marked[name, trait] = self._registry.ontology.marked(name, trait)
        return self._marked[name, trait]

    @cached_property
    def _marked(self) -> dict[tuple[str, str], Any]:
        return {}


_PLANS: WeakKeyDictionary[Registry, Plan] = WeakKeyDictionary()


def plan_of(registry: Registry) -> Plan:
    """The plan of a registry, which must outlive its use."""
    plan = _PLANS.get(registry)
    if plan is None:
        plan = _PLANS[registry] = Plan(registry)
    return plan


def _of_document(shape: str) -> Pattern | None:
    """Where records of a shape are in a document; None where they are in none."""
    layer = shape.removeprefix("layers/")
    return (layer, "*") if layer != shape else () if shape == "document" else None
