"""The two texts of a move, and what records cover in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from qantar.align import Alignment, Located
from qantar.align.atoms import Pair
from qantar.schema.registry import Registry
from qantar.store.layout import OWN, Home

Spans = tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Texts:
    """The old and the new text of a document, aligned, the contract of its corpus, and the home of the records that move."""

    document: str
    old: str
    new: str
    alignment: Alignment
    registry: Registry
    home: Home = OWN

    def layer_file(self, layer: str) -> str:
        """The file of a layer of the document."""
        return self.home.layer_file(layer, self.document)

    def locate(self, start: int, end: int) -> Located:
        """What became of a span of the old text."""
        return self.alignment.locate(start, end)

    def anchor(self, layer: str) -> str:
        """How a layer is anchored: `spans`, `partition` or `none`."""
        return str(self.registry.shapes[f"layers/{layer}"]["x-anchor"])

    def content(self, layer: str) -> str | None:
        """The field of a layer's records that holds spans which they do not quote."""
        found: str | None = self.registry.shapes[f"layers/{layer}"].get("x-content")
        return found

    def parts(self, layer: str) -> tuple[str, ...]:
        """The fields of a partition layer's records that divide them further: lists of objects with `start` and `end`, as tokens."""
        fields = self.registry.shapes[f"layers/{layer}"]["properties"]
        return tuple(
            name
            for name, node in fields.items()
            if name != self.content(layer) and {"start", "end"} <= set(node.get("items", {}).get("required", ()))
        )


def pairs(spans: Iterable[Any]) -> Spans:
    """Records with `start` and `end` as plain pairs."""
    return tuple((span.start, span.end) for span in spans)


def read(text: str, spans: Spans) -> str:
    """The text that spans cover, fragments joined by one space, as records quote it."""
    return " ".join(text[start:end] for start, end in spans)
