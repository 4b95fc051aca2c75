"""Level 5: what was typed has no white space around it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qantar.document import follow, leaves
from qantar.rules.finding import Context, Finding

if TYPE_CHECKING:
    from qantar.records import Document

_REMEDY = "Remove it: searches and comparisons take it for another word."


def untrimmed_text(document: Document, context: Context) -> Iterator[Finding]:
    """A text that was typed begins or ends with white space."""
    for layer, pattern in context.registry.typed:
        owners = (document,) if layer is None else context.facts(document).records(layer)
        texts = [text for text in leaves(owners, pattern) if text is not None]
        if texts == list(map(str.strip, texts)):
            continue  # as it nearly always is
        for index, owner in enumerate(owners):
            for path, text in follow(owner, pattern):
                if text is not None and text != text.strip():
                    fact = f"{text!r} has white space at its edge"
                    place, record = (None, None) if layer is None else (index, owner)
                    yield Finding(layer, place, record, path, fact, _REMEDY)
