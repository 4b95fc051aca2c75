"""One layer of the documents in which both passes annotated it: what every comparison of a layer gets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from qantar.agreement.partners import label_of
from qantar.agreement.shapes import Shape, fragments
from qantar.agreement.tally import Item, Tally
from qantar.agreement.twice import Twice
from qantar.scoring.spans import Span


@dataclass(frozen=True, slots=True)
class Compared:
    """A layer, the documents in which both sides have it, and the tally of its figures."""

    shape: Shape
    documents: Sequence[Twice]
    tally: Tally

    def sides(self) -> Iterator[tuple[Twice, list[Any], list[Any]]]:
        """Each document with the records of the layer on either side."""
        for document in self.documents:
            yield (document, *document.records(self.shape.name))

    def matched(self) -> Iterator[tuple[Twice, Any, Any]]:
        """Each pair of records with the same borders: (document, record of A, record of B)."""
        for document, ones, twos in self.sides():
            for one, two in document.partners.pairs[self.shape.name]:
                if fragments(ones[one]) == fragments(twos[two]):
                    yield document, ones[one], twos[two]

    def item(self, document: Twice, record: Any) -> Item:
        """A record as a thing to count."""
        places = fragments(record)
        return Item(document.unit(places[0][0]), label_of(record, self.shape), document.language(places[0][0], places[-1][1]))

    def span(self, record: Any) -> Span:
        """A record as a labelled span."""
        return Span(fragments(record), label_of(record, self.shape))
