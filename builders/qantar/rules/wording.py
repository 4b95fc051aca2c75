"""Level 5: what was typed has no white space around it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from qantar.document import follow, leaves
from qantar.rules.finding import Context, Finding

if TYPE_CHECKING:
    from qantar.records import Document

_LEMMAS = ("sentences", ("tokens", "*", "lemma"))
_REMEDY = "Remove it: searches and comparisons take it for another word."


def untrimmed_text(document: Document, context: Context) -> Iterator[Finding]:
    """A text that was typed begins or ends with white space."""
    texts = _typed(document, context)
    if texts == list(map(str.strip, texts)):
        return  # as it nearly always is
    for layer, pattern in context.registry.typed:
        owners = (document,) if layer is None else context.facts(document).records(layer)
        for index, owner in enumerate(owners):
            for path, text in follow(owner, pattern):
                if text is not None and text != text.strip():
                    fact = f"{text!r} has white space at its edge"
                    place, record = (None, None) if layer is None else (index, owner)
                    yield Finding(layer, place, record, path, fact, _REMEDY)


def _typed(document: Document, context: Context) -> list[str]:
    """All texts of the document that were typed."""
    facts = context.facts(document)
    fields = (
        (facts.records(layer) if layer is not None else (document,), pattern)
        for layer, pattern in context.registry.typed
        if (layer, pattern) != _LEMMAS
    )
    texts = chain.from_iterable(leaves(owners, pattern) for owners, pattern in fields)
    return list(filter(None, chain(texts, facts.lemmas)))
