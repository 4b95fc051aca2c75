"""What rules ask of one document again and again: found once, when first asked for, and shared by all of them.

Many facts are there to prove in a few passes over whole columns that a rule has nothing to find. Only where they do not does
the rule go record by record and say what is wrong. `map`, sets and arrays make such passes many times faster than loops.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain, pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from qantar.columns import Columns, Rows
from qantar.document import cover, follow, tokens_of
from qantar.rules.columns import Anchored, Array, Extents
from qantar.rules.places import END, START, Row, in_order
from qantar.rules.plan import Pattern, Plan, plan_of
from qantar.rules.signs import BLANK, Flags, Letters, signs
from qantar.schema.registry import Registry

if TYPE_CHECKING:
    from qantar.problems import Path
    from qantar.records import Document, GazetteerEntry

T = TypeVar("T")
_NO_ROWS = Rows(())

ZONES, SENTENCES, TOKENS = ("segments", "*"), ("sentences", "*"), ("sentences", "*", "tokens", "*")
#: The records that have a quote, by their first fragments; and their other fragments.
QUOTED, LATER = ("*", "spans"), ("*", "spans", "*")


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

    def __init__(
        self,
        document: Document,
        registry: Registry,
        columns: Columns | None = None,
        *,
        gazetteer: Mapping[str, GazetteerEntry] | None = None,
    ) -> None:
        self.document = document
        self.registry = registry
        self.columns = Columns(document) if columns is None else columns
        #: The entries that links may name; None where their file has faults.
        self.gazetteer = gazetteer
        self._layers = {layer: self.columns.rows.below(layer, listed=True) for layer in registry.layers}
        self._parts: dict[tuple[Pattern, Pattern | None], Extents] = {}
        self._found: dict[Callable[[Facts], Any], Any] = {}

    def once(self, find: Callable[[Facts], T]) -> T:
        """What a proof, or another function of the facts, says of the document; it is asked once."""
        if find not in self._found:
            self._found[find] = find(self)
        found: T = self._found[find]
        return found

    def records(self, layer: str) -> tuple[Any, ...]:
        """The records of a layer in file order; none where it was not annotated, or where the corpus has no such layer."""
        return self._layers.get(layer, _NO_ROWS).column("*")

    def field(self, layer: str, name: str) -> tuple[Any, ...]:
        """A field of all records of a layer."""
        return self._layers.get(layer, _NO_ROWS).column(name)

    def distinct(self, layer: str, name: str) -> frozenset[Any]:
        """The values of a field of all records of a layer, each once."""
        return self._layers.get(layer, _NO_ROWS).distinct(name)

    @cached_property
    def plan(self) -> Plan:
        """What the registry asks of every document."""
        return plan_of(self.registry)

    # --- ids and what they are of ---

    @cached_property
    def size(self) -> int:
        """How many records there are in all layers."""
        return sum(len(self.records(layer)) for layer in self.registry.layers)

    @cached_property
    def ids(self) -> dict[str, frozenset[str]]:
        """The ids of the records of each layer."""
        return {layer: rows.distinct("id") for layer, rows in self._layers.items()}

    @cached_property
    def all_ids(self) -> frozenset[str]:
        """The ids of all records."""
        return frozenset().union(*self.ids.values())

    @property
    def ids_unique(self) -> bool:
        """Whether no two records have the same id."""
        return len(self.all_ids) == self.size

    @cached_property
    def layer_of(self) -> dict[str, str]:
        """The layer of every record by id; the last one where two share an id."""
        return {name: layer for layer in self.registry.layers for name in self.field(layer, "id")}

    @cached_property
    def kinds(self) -> set[tuple[str | None, str, str | None]]:
        """Chain, type and link of mentions, each combination once."""
        return set(zip(*(self.field("entities", name) for name in ("chain", "type", "link")), strict=True))

    @cached_property
    def excuses(self) -> bool:
        """Whether the document or a record of it is excused from anything."""
        return bool(self.document.ignore) or any(any(self.field(layer, "ignore")) for layer in self.registry.excusing)

    def references(self) -> Iterator[Reference]:
        """Every reference, in the order of the contract's fields."""
        for layer, pattern, allowed, _ in self.registry.references:
            for index, record in enumerate(self.records(layer)):
                for path, target in follow(record, pattern):
                    if target is not None:
                        yield Reference(layer, index, record, path, target, allowed)

    # --- where records stand ---

    @cached_property
    def anchored(self) -> Anchored:
        """The columns of all records that have spans and a quote, one layer after the other."""
        layers = self.registry.anchored()
        quotes = chain.from_iterable(self.field(layer, "quote") for layer in layers)
        return Anchored({layer: self.field(layer, "spans") for layer in layers}, quotes)

    @cached_property
    def extents(self) -> Extents:
        """Where everything stands that has a place: what `extents_of` gives parts of."""
        return Extents.of(*zip(*self._edges.values(), strict=True))

    @cached_property
    def _edges(self) -> dict[Pattern, tuple[Sequence[int], Sequence[int]]]:
        """Starts and ends of what stands somewhere, by pattern: records by their first fragment, the fragments after it, and the rest."""
        column, anchored = self.columns.column, self.anchored
        fields = [(layer, "*", name, "*") for layer, names in self.registry.span_fields.items() for name in names if name != "spans"]
        partitions = [(layer, "*") for layer in self.registry.partitions if layer != "sentences"]
        found: dict[Pattern, tuple[Sequence[int], Sequence[int]]] = {
            QUOTED: (anchored.firsts, anchored.ends),
            LATER: tuple(list(map(edge, anchored.later)) for edge in (START, END)),  # type: ignore[dict-item]
        }
        for pattern in (SENTENCES, TOKENS, *partitions, *fields):
            known = pattern[0] in self._layers
            found[pattern] = (column((*pattern, "start")), column((*pattern, "end"))) if known else ((), ())
        return found

    @cached_property
    def _borders(self) -> dict[Pattern, tuple[int, int]]:
        """Where in `extents` each part begins and ends; a layer of records with quotes is one part of them."""
        anchored = self.anchored.sizes
        layers = dict(zip(((layer, "*") for layer in anchored), pairwise(accumulate(anchored.values(), initial=0)), strict=True))
        sizes = (len(starts) for starts, _ in self._edges.values())
        return layers | dict(zip(self._edges, pairwise(accumulate(sizes, initial=0)), strict=True))

    def extents_of(self, first: Pattern, last: Pattern | None = None) -> Extents:
        """A part of `extents`, or all parts from one to another in the order of `_edges`; none of a layer that the corpus has not.

        Parts are `QUOTED`, or one layer of it; `LATER`; `SENTENCES`; `TOKENS`; partitions; and other fields of spans.
        """
        found = self._parts.get((first, last))
        if found is None:
            start, end = self._borders.get(first, (0, 0))
            found = self._parts[first, last] = self.extents[start : end if last is None else self._borders[last][1]]
        return found

    def fragments(self, layers: Sequence[str]) -> Extents:
        """The fragments of the records of some layers; later ones are those of all layers."""
        if layers and tuple(self.anchored.sizes)[-len(layers) :] == tuple(layers):
            return self.extents_of((layers[0], "*"), LATER)
        return Extents.joined(self.extents_of(pattern) for pattern in (*((layer, "*") for layer in layers), LATER))

    @property
    def zone_extents(self) -> Extents:
        """The zones, in file order."""
        return self.extents_of(ZONES)

    @property
    def sentence_extents(self) -> Extents:
        """The sentences, in file order."""
        return self.extents_of(SENTENCES)

    @property
    def token_extents(self) -> Extents:
        """The tokens of all sentences, in file order."""
        return self.extents_of(TOKENS)

    @property
    def none_empty(self) -> bool:
        """Whether every span, zone, sentence and token covers something."""
        return self.extents.full

    @cached_property
    def all_inside(self) -> bool:
        """Whether nothing is empty, or outside of the text: neither a span, a zone or sentence, nor a token."""
        return self.none_empty and self.extents.inside(len(self.document.text))

    @cached_property
    def alike(self) -> dict[str, list[Any]]:
        """The records of each layer whose first fragment is that of another one of the layer: only these can say the same.

        All of them, unless everything is inside the text.
        """
        layers, sizes = list(self.anchored.sizes), list(self.anchored.sizes.values())
        if not self.all_inside:
            return {layer: list(self.records(layer)) for layer in layers}
        held, size = self.extents_of(QUOTED), len(self.document.text) + 1
        keys = (np.repeat(np.arange(len(sizes)), sizes) * size + held.starts) * size + held.ends
        ordered = np.sort(keys)
        found: dict[str, list[Any]] = {layer: [] for layer in layers}
        for key in set(ordered[1:][ordered[1:] == ordered[:-1]].tolist()):
            number = key // (size * size)
            places = np.flatnonzero(keys == key) - sum(sizes[:number])
            found[layers[number]] += map(self.records(layers[number]).__getitem__, places.tolist())
        return found

    @cached_property
    def all_stand(self) -> bool:
        """Whether all records stand where they say."""
        return self.none_empty and self.anchored.stands(self.document.text)

    @cached_property
    def zones_tile(self) -> bool:
        """Whether the zones follow each other from the first character of the text to its last."""
        return self.zone_extents.tile(len(self.document.text))

    @cached_property
    def in_zones(self) -> bool:
        """Whether the zones tile the text, and the sentences follow each other, none of them over the border of a zone."""
        zones, sentences = self.zone_extents, self.sentence_extents
        if not (self.all_inside and self.zones_tile and sentences.in_order):
            return False
        return not np.count_nonzero(zones.ends[zones.number(sentences.starts)] < sentences.ends)

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
    def astray(self) -> list[tuple[int, int]]:
        """The fragments of records with an extent, those that stand or more, that may not lie in one sentence, which lies in one zone."""
        held = self.fragments(tuple(self.registry.extents))
        sentences = self.sentence_extents
        whole = getattr(self.document, "segments", None) is None and self.all_inside and sentences.in_order
        if sentences.starts.size and (whole or self.in_zones):
            number = sentences.number(held.starts)
            held = held[(number < 0) | (sentences.ends[number] < held.ends)]
        return list(zip(held.starts.tolist(), held.ends.tolist(), strict=True))

    @cached_property
    def tokens(self) -> Row:
        """The tokens of all sentences."""
        return Row(tokens_of(self.document))

    # --- the text ---

    @cached_property
    def signs(self) -> Flags:
        """What kind each character of the text is."""
        return signs(self.document.text)

    @cached_property
    def letters(self) -> Letters:
        """The Cyrillic and Latin letters of the text, those in stretches of the layer `languages` apart."""
        return Letters(self.signs, self.stretches.places if self.stretches.sound else ())

    @cached_property
    def zone_letters(self) -> list[tuple[str, int]]:
        """Of each zone, or of a document without zones, its language and the flags of what is in no stretch; only where zones tile."""
        if getattr(self.document, "segments", None) is None:
            return [(self.document.lang, kinds) for kinds in self.letters.kinds([0])]
        return list(zip(self.field("segments", "lang"), self.letters.kinds(self.zone_extents.starts), strict=True))

    @cached_property
    def stretches(self) -> Row:
        """The spans of the layer `languages`, in text order."""
        return Row(sorted(chain.from_iterable(self.field("languages", "spans")), key=attrgetter("start", "end")))

    @cached_property
    def tokens_held(self) -> Rows:
        """The tokens of all sentences, in file order, and their columns."""
        return self._layers.get("sentences", _NO_ROWS).below("tokens", listed=True)

    def token_field(self, name: str) -> tuple[Any, ...]:
        """A field of all tokens, in file order."""
        return self.tokens_held.column(name)

    @cached_property
    def token_signs(self) -> Array:
        """The flags that the characters of each token have; only where tokens are in order and inside the text."""
        tokens = self.token_extents
        edges = np.empty(2 * tokens.starts.size, dtype=np.int64)
        edges[::2], edges[1::2] = tokens.starts, tokens.ends
        return np.bitwise_or.reduceat(self.signs, edges)[::2] if edges.size else edges

    @cached_property
    def covered(self) -> bool:
        """Whether every character that is not blank is in a token; only where tokens are in order and inside the text."""
        blanks = np.count_nonzero(self.signs & BLANK)
        return not np.count_nonzero(self.token_signs & BLANK) and len(self.document.text) - blanks == self.token_extents.total
