"""Two independent passes over the same texts, compared layer by layer; every figure comes from `qantar.scoring`.

Of two passes of one language model this is *pass consistency*, not agreement between people.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from qantar.agreement import across, attributes, chains, ends, frames, lists, spans, units
from qantar.agreement.compared import Compared
from qantar.agreement.rows import Agreement, Drawn, LeftOut, Row
from qantar.agreement.shapes import Shape, shape_of
from qantar.agreement.sides import Side
from qantar.agreement.tally import Tally
from qantar.agreement.twice import Twice
from qantar.corpus import Corpus
from qantar.document import layer as layer_of
from qantar.errors import SourceError, UnknownName
from qantar.schema.registry import ACROSS

#: What is asked of each layer; each yields nothing of a layer that it does not fit.
COMPARISONS: tuple[Callable[[Compared], Iterator[Row]], ...] = (
    spans.rows,
    units.rows,
    attributes.rows,
    frames.rows,
    lists.rows,
    chains.rows,
    ends.rows,
)
_ACROSS = {"clusters": across.cluster_rows, "alignments": across.alignment_rows, "links": across.link_rows}


class Comparison:
    """Two sides with the same documents, made ready: what both annotated, and what is left out."""

    def __init__(self, one: Side, two: Side, base: Corpus | None = None, *, layers: Collection[str] = ()) -> None:
        self.one, self.two = one, two
        _demand_same_documents(one, two)
        known = (*one.corpus.registry.layers, *ACROSS)
        for name in layers:
            if name not in known:
                raise UnknownName("layer", name, known)
        self._wanted = tuple(layers) or known
        self.left_out: list[LeftOut] = []
        shapes = [shape for name in one.corpus.registry.layers if (shape := self._shape(name)) is not None]
        self.documents = {
            name: Twice(document, two.corpus.documents[name], _shared(document, two.corpus.documents[name], shapes), _base(base, document))
            for name, document in one.corpus.documents.items()
        }
        self.layers: dict[str, list[Twice]] = {}
        for shape in shapes:
            if shape.name in self._wanted:
                self._add_layer(shape)
        self.across = {name: sides for name in ACROSS if name in self._wanted and (sides := self._across(name)) is not None}

    def _shape(self, name: str) -> Shape | None:
        """The shape of a layer that both corpora have, with the same fields; their label sets may differ."""
        sides = [side.corpus.registry for side in (self.one, self.two)]
        if name not in sides[1].layers:
            self._leave(name, (), f"{self.two.name} has no such layer")
        elif shape_of(sides[0], name) != shape_of(sides[1], name):
            self._leave(name, (), "its records have other fields in the two corpora")
        else:
            return shape_of(sides[0], name)
        return None

    def _add_layer(self, shape: Shape) -> None:
        both = [document for document in self.documents.values() if shape.name in document.shapes]
        for side, other in ((self.one, self.two), (self.two, self.one)):
            alone = tuple(name for name, one in side.corpus.documents.items() if _only(one, other.corpus.documents[name], shape.name))
            if alone:
                self._leave(shape.name, alone, f"only {side.name} has it")
        if both:
            self.layers[shape.name] = both
        outside = sum(document.outside(shape.name) for document in both)
        if outside:
            self._leave(shape.name, (), f"{outside} records stand outside of the zones that both annotated")

    def _across(self, name: str) -> tuple[Sequence[Any], Sequence[Any]] | None:
        one, two = (getattr(side.corpus, name) for side in (self.one, self.two))
        if one is None or two is None:
            if one is not None or two is not None:
                self._leave(name, (), f"only {(self.two if one is None else self.one).name} has it")
            return None
        return one, two

    def _leave(self, layer: str, documents: tuple[str, ...], reason: str) -> None:
        if layer in self._wanted:
            self.left_out.append(LeftOut(layer, documents, reason))


def compare(comparison: Comparison, *, level: float = 0.95, resamples: int = 1000, seed: int = 0) -> Agreement:
    """Every figure of a comparison. Intervals are percentile bootstraps over sentences; the same seed gives the same ones."""
    drawn = Drawn(level, resamples, seed)
    found: list[Row] = []
    for name, documents in comparison.layers.items():
        shape = documents[0].shapes[name]
        tally = Tally(name, [unit for document in documents for unit in document.units], drawn)
        for rows in COMPARISONS:
            found += rows(Compared(shape, documents, tally))
    units = [unit for document in comparison.documents.values() for unit in document.units]
    for name, sides in comparison.across.items():
        found += _ACROSS[name](comparison.documents, sides, Tally(name, units, drawn))
    compared = {name: tuple(document.id for document in documents) for name, documents in comparison.layers.items()}
    compared |= {name: tuple(comparison.documents) for name in comparison.across}
    return Agreement(comparison.one.name, comparison.two.name, compared, tuple(comparison.left_out), drawn, tuple(found))


def agree(one: Side, two: Side, base: Corpus | None = None, *, layers: Collection[str] = (), **drawn: Any) -> Agreement:
    """Compares two sides, in these layers and files across documents (default: all that both have).

    `base` is the annotation that languages and sentences are taken from; options are those of `compare`. Raises SourceError where
    the sides have other documents, UnknownName for a layer that is none.
    """
    return compare(Comparison(one, two, base, layers=layers), **drawn)


def _shared(one: Any, two: Any, shapes: Sequence[Shape]) -> list[Shape]:
    return [shape for shape in shapes if layer_of(one, shape.name) is not None and layer_of(two, shape.name) is not None]


def _only(one: Any, two: Any, name: str) -> bool:
    return layer_of(one, name) is not None and getattr(two, name, None) is None


def _base(base: Corpus | None, document: Any) -> Any:
    return None if base is None else base.documents.get(document.id)


def _demand_same_documents(one: Side, two: Side) -> None:
    """Raises SourceError where the sides do not have the same texts, and names what differs."""
    ones, twos = ({name: document.sha256 for name, document in side.corpus.documents.items()} for side in (one, two))
    parts = [
        (f"only in {one.name}", sorted(ones.keys() - twos)),
        (f"only in {two.name}", sorted(twos.keys() - ones)),
        ("with another text", sorted(name for name in ones.keys() & twos if ones[name] != twos[name])),
    ]
    said = "; ".join(f"{what}: {', '.join(names)}" for what, names in parts if names)
    if said:
        raise SourceError(f"{one.name} and {two.name} do not have the same documents; {said}.", "Compare passes over the same texts.")


__all__ = ["Agreement", "Comparison", "Row", "Side", "agree", "compare"]
