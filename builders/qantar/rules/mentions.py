"""Levels 4 and 5: mentions of a document agree on what they are of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from qantar.rules.finding import Context, Finding

if TYPE_CHECKING:
    from qantar.records import Document


def unchained(document: Document, context: Context) -> Iterator[Finding]:
    """Two mentions have the same link, and no mention that has it is in a chain."""
    mentions = getattr(document, "entities", None) or ()
    if not any(mention.chain is not None for mention in mentions):
        return  # coreference was not annotated
    chained = {mention.link for mention in mentions if mention.chain is not None}
    first: dict[str, Any] = {}
    for index, mention in enumerate(mentions):
        if mention.link is not None and mention.link not in chained:
            known = first.setdefault(mention.link, mention)
            if known is not mention:
                fact = f"the link {mention.link!r} is that of {known.id} too, but neither is in a chain"
                yield Finding("entities", index, mention, (), fact, "What is one thing has one chain: give them one, or correct a link.")


def idle_used_as(document: Document, context: Context) -> Iterator[Finding]:
    """A mention is said to be used as what it is."""
    for index, mention in enumerate(getattr(document, "entities", None) or ()):
        if mention.used_as is not None and mention.used_as == mention.type:
            fact = f"{mention.quote!r} is {mention.type}, and `used_as` says the same"
            yield Finding("entities", index, mention, ("used_as",), fact, "Remove `used_as`, or write the type that it is used as.")
