"""What rules ask of one document again and again: found once, when first asked for, and shared by all of them.

Many facts are there to prove in a few passes over whole layers that a rule has nothing to find. Only where they do not does
the rule go record by record and say what is wrong. `map`, `chain` and sets make such passes several times faster than loops.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, repeat
from operator import attrgetter, lt
from typing import TYPE_CHECKING, Any

from qantar.columns import Columns
from qantar.document import cover, follow, leaves, tokens_of
from qantar.rules.columns import Anchored, Letters, at
from qantar.rules.places import END, START, Row, in_order
from qantar.schema.registry import Registry

if TYPE_CHECKING:
    from qantar.problems import Path
    from qantar.records import Document

_ID = attrgetter("id")
_TOKEN = attrgetter("upos", "lemma", "feats")
_KIND = attrgetter("chain", "type", "link")


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

    def __init__(self, document: Document, registry: Registry, columns: Columns | None = None) -> None:
        self.document = document
        self.registry = registry
        self.columns = Columns(document) if columns is None else columns
        self._arguments: dict[tuple[str, str], tuple[list[int], list[str], list[str]]] = {}
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
    def chains_agree(self) -> bool:
        """Whether all mentions of each chain have one type and one link."""
        kinds = [kind for kind in set(map(_KIND, self.records("entities"))) if kind[0] is not None]
        return len(kinds) == len({chain for chain, _, _ in kinds})

    def references(self) -> Iterator[Reference]:
        """Every reference, in the order of the contract's fields."""
        for layer, pattern, allowed, _ in self.registry.references:
            for index, record in enumerate(self.records(layer)):
                for path, target in follow(record, pattern):
                    if target is not None:
                        yield Reference(layer, index, record, path, target, allowed)

    def arguments(self, layer: str, field: str) -> tuple[list[int], list[str], list[str]]:
        """Of every argument in a field of a layer: the index of its record, its role, its target."""
        key = (layer, field)
        if key not in self._arguments:
            names = next((role, target) for *held, role, target in self.registry.arguments if (*held,) == key)
            lists = [held or () for held in map(attrgetter(field), self.records(layer))]
            items = list(chain.from_iterable(lists))
            owners = list(chain.from_iterable(map(repeat, range(len(lists)), map(len, lists))))
            roles, targets = (list(map(attrgetter(name), items)) for name in names)
            self._arguments[key] = owners, roles, targets
        return self._arguments[key]

    @cached_property
    def targets(self) -> list[tuple[str, set[str], frozenset[str]]]:
        """What the references of each field name, without saying where: (layer, ids, layers that they may point into)."""
        fields = self.registry.references
        return [(layer, set(leaves(self.records(layer), pattern)) - {None}, allowed) for layer, pattern, allowed, _ in fields]

    @cached_property
    def anchored(self) -> dict[str, Anchored]:
        """The columns of each layer whose records have spans and a quote."""
        return {layer: Anchored(self.records(layer)) for layer in self.registry.anchored()}

    @cached_property
    def all_stand(self) -> bool:
        """Whether all records stand where they say."""
        return self.none_empty and all(columns.stands(self.document.text) for columns in self.anchored.values())

    @cached_property
    def all_inside(self) -> bool:
        """Whether nothing is empty, or ends after the text does: neither a span, a zone or sentence, nor a token."""
        length = len(self.document.text)
        return self.tokens.full and self.none_empty and self.furthest <= length and max(self.tokens.ends, default=0) <= length

    @cached_property
    def none_empty(self) -> bool:
        """Whether every span, zone and sentence covers something."""
        return all(map(lt, self.starts, self.ends))

    @cached_property
    def furthest(self) -> int:
        """Where the last span, zone or sentence ends."""
        return max(self.ends, default=0)

    @cached_property
    def reach(self) -> list[int]:
        """Where the last sentence ends that begins no later than a span does, by the number of those that begin no later.

        -1 where there is none, and where a sentence does not lie in one zone, or zones or sentences are unsound.
        """
        sentences, zones = self.sentences, self.zones
        inside = (not zones.many(start, end) for start, end in zip(sentences.starts, sentences.ends, strict=True))
        sound = zones.sound and sentences.sound
        return [-1, *(end if sound and one else -1 for one, end in zip(inside, sentences.ends, strict=True))]

    @cached_property
    def standing(self) -> dict[str, list[tuple[int, Any]]]:
        """(index, record) of the records that stand where they say, by layer with spans; what does not is for level 3 to report."""
        if self.all_stand:
            return {layer: list(enumerate(self.records(layer))) for layer in self.registry.anchored()}
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
    def token_fields(self) -> tuple[Sequence[Any], Sequence[Any], Sequence[Any]]:
        """Tags, lemmas and features of all tokens: a column each."""
        tags, lemmas, feats = zip(*map(_TOKEN, tokens_of(self.document)), strict=True) if self.tokens.places else ((), (), ())
        return tags, lemmas, feats

    @cached_property
    def lemmas(self) -> set[str]:
        """The lemmas of tokens, each once."""
        return set(self.token_fields[1]) - {None}

    @cached_property
    def feats(self) -> set[str]:
        """The features of tokens, each once."""
        return set(self.token_fields[2]) - {None}

    @cached_property
    def first_letters(self) -> str:
        """The first character of each token; only where all are inside the text."""
        return "".join(at(self.document.text, self.tokens.starts))

    @cached_property
    def letters(self) -> Letters:
        """The Cyrillic and Latin letters of the text, those in stretches of the layer `languages` apart."""
        return Letters(self.document.text, self.stretches.places if self.stretches.sound else ())

    @cached_property
    def stretches(self) -> Row:
        """The spans of the layer `languages`, in text order."""
        return Row(sorted(leaves(self.records("languages"), ("spans", "*")), key=attrgetter("start", "end")))

    @cached_property
    def starts(self) -> list[int]:
        """Where each span of each record begins: fragments, and the records of partitions; not tokens. Parallel to `ends`."""
        return [*chain.from_iterable(columns.starts for columns in self.anchored.values()), *map(START, self._others)]

    @cached_property
    def ends(self) -> list[int]:
        """The offset after the last character of each span. Parallel to `starts`."""
        return [*chain.from_iterable(columns.ends for columns in self.anchored.values()), *map(END, self._others)]

    @cached_property
    def _others(self) -> list[Any]:
        """What has a start and an end beside tokens and the spans that records quote: what is said, and partitions."""
        fields = [(layer, field) for layer, names in self.registry.span_fields.items() for field in names if field != "spans"]
        said = (leaves(self.records(layer), (field, "*")) for layer, field in fields)
        return list(chain(*said, *map(self.records, self.registry.partitions)))

    def fragmented(self, layer: str, field: str) -> list[int]:
        """Indexes of the records of a layer whose list of spans under `field` holds more than one."""
        if field == "spans":
            return self.anchored[layer].fragmented
        held = map(attrgetter(field), self.records(layer))
        return [index for index, spans in enumerate(held) if spans is not None and len(spans) > 1]
