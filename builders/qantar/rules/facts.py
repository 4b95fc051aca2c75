"""What rules ask of one document again and again: found once, when first asked for, and shared by all of them.

Many facts are there to prove in a few passes over whole layers that a rule has nothing to find. Only where they do not does
the rule go record by record and say what is wrong. `map`, `chain` and sets make such passes several times faster than loops.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, repeat
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from qantar.document import cover, follow, leaves, tokens_of
from qantar.rules.places import Row, in_order
from qantar.schema.registry import Registry

if TYPE_CHECKING:
    from qantar.problems import Path
    from qantar.records import Document, Span

_ID = attrgetter("id")


@dataclass(frozen=True, slots=True)
class Reference:
    """A field of a record that names another: where it stands, what it names, the layers that it may point into."""

    layer: str
    index: int
    record: Any
    path: Path
    target: str
    allowed: frozenset[str]


class Facts:
    """Facts about one document; its layers are those of the registry. Nothing here changes the document."""

    def __init__(self, document: Document, registry: Registry) -> None:
        self.document = document
        self.registry = registry
        self._records: dict[str, tuple[Any, ...]] = {layer: getattr(document, layer) or () for layer in registry.layers}

    def records(self, layer: str) -> tuple[Any, ...]:
        """The records of a layer in file order; none where it was not annotated, or where the corpus has no such layer."""
        return self._records.get(layer, ())

    @cached_property
    def size(self) -> int:
        """How many records there are in all layers."""
        return sum(map(len, self._records.values()))

    @cached_property
    def layer_of(self) -> dict[str, str]:
        """The layer of every record by id; the last one where two share an id."""
        found: dict[str, str] = {}
        for layer, records in self._records.items():
            found.update(zip(map(_ID, records), repeat(layer)))
        return found

    @cached_property
    def record_of(self) -> dict[str, Any]:
        """Every record by id; the last one where two share an id."""
        return {record.id: record for records in self._records.values() for record in records}

    @cached_property
    def chains_agree(self) -> bool:
        """Whether all mentions of each chain have one type and one link."""
        held = [mention for mention in self.records("entities") if mention.chain is not None]
        kinds = {(mention.chain, mention.type, mention.link) for mention in held}
        return len(kinds) == len({mention.chain for mention in held})

    def references(self) -> Iterator[Reference]:
        """Every reference, in the order of the contract's fields."""
        for layer, pattern, allowed, _ in self.registry.references:
            for index, record in enumerate(self.records(layer)):
                for path, target in follow(record, pattern):
                    if target is not None:
                        yield Reference(layer, index, record, path, target, allowed)

    @cached_property
    def targets(self) -> list[tuple[str, set[str], frozenset[str]]]:
        """What the references of each field name, without saying where: (layer, ids, layers that they may point into)."""
        fields = self.registry.references
        return [(layer, set(leaves(self.records(layer), pattern)) - {None}, allowed) for layer, pattern, allowed, _ in fields]

    @cached_property
    def standing(self) -> dict[str, list[tuple[int, Any]]]:
        """(index, record) of the records that stand where they say, by layer with spans; what does not is for level 3 to report."""
        found: dict[str, list[tuple[int, Any]]] = {}
        for layer in self.registry.anchored():
            held = enumerate(self.records(layer))
            found[layer] = [(at, one) for at, one in held if in_order(one.spans) and cover(self.document.text, one.spans) == one.quote]
        return found

    @cached_property
    def zones(self) -> Row:
        """The zones of the document."""
        return Row(self.records("segments"))

    @cached_property
    def sentences(self) -> Row:
        """The sentences of the document."""
        return Row(self.records("sentences"))

    @cached_property
    def tokens(self) -> Row:
        """The tokens of all sentences."""
        return Row(tokens_of(self.document))

    @cached_property
    def stretches(self) -> Row:
        """The spans of the layer `languages`, in text order."""
        return Row(sorted(leaves(self.records("languages"), ("spans", "*")), key=attrgetter("start", "end")))

    @cached_property
    def starts(self) -> list[int]:
        """Where each span of each record begins: fragments, and the records of partitions; not tokens. Parallel to `ends`."""
        return [span.start for span in self._spans]

    @cached_property
    def ends(self) -> list[int]:
        """The offset after the last character of each span. Parallel to `starts`."""
        return [span.end for span in self._spans]

    @cached_property
    def _spans(self) -> list[Any]:
        return list(chain(*chain.from_iterable(self.fragments.values()), *map(self.records, self.registry.partitions)))

    @cached_property
    def fragments(self) -> dict[tuple[str, str], list[Sequence[Span]]]:
        """The spans of each record, in file order, by the layer and field that hold them; none where the field is absent."""
        fields = ((layer, field) for layer, names in self.registry.span_fields.items() for field in names)
        return {(layer, field): [spans or () for spans in map(attrgetter(field), self.records(layer))] for layer, field in fields}

    def fragmented(self, layer: str, field: str) -> list[int]:
        """Indexes of the records of a layer whose list of spans under `field` holds more than one."""
        return [index for index, spans in enumerate(self.fragments[layer, field]) if len(spans) > 1]
