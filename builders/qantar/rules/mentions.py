"""Levels 4 and 5: mentions of a document agree on what they are of."""

from __future__ import annotations

from collections.abc import Iterator
from operator import eq
from typing import TYPE_CHECKING, Any

from qantar.rules.facts import Facts
from qantar.rules.finding import Context, Finding

if TYPE_CHECKING:
    from qantar.records import Document


def links_together(facts: Facts) -> bool:
    """Proves `split_chain`: each link is that of one chain, or of one mention; or no mention is in a chain."""
    if not facts.distinct("entities", "chain") - {None}:
        return True
    linked = [kind for kind in facts.kinds if kind[2] is not None]
    if len({link for _, _, link in linked}) < len(linked):
        return False
    if all(chain is not None for chain, _, _ in linked):
        return True
    alone = zip(facts.field("entities", "chain"), facts.field("entities", "link"), strict=True)
    links = [link for chain, link in alone if chain is None and link is not None]
    return len(set(links)) == len(links)


def split_chain(document: Document, context: Context) -> Iterator[Finding]:
    """Two mentions have the same link, but are not in one chain."""
    mentions = getattr(document, "entities", None) or ()
    if not any(mention.chain is not None for mention in mentions):
        return  # coreference was not annotated
    first: dict[str, Any] = {}
    for index, mention in enumerate(mentions):
        if mention.link is None:
            continue
        known = first.setdefault(mention.link, mention)
        if known is not mention and (mention.chain is None or mention.chain != known.chain):
            fact = f"the link {mention.link!r} is that of {known.id} too, but {_apart(mention.chain, known)}"
            path = ("chain",) if mention.chain is not None else ()
            yield Finding("entities", index, mention, path, fact, "What is one thing has one chain: join them, or correct a link.")


def _apart(chain: str | None, known: Any) -> str:
    if chain is None and known.chain is None:
        return "neither is in a chain"
    here, there = ("in no chain" if one is None else f"in the chain {one!r}" for one in (chain, known.chain))
    return f"{known.id} is {there}, and this mention {here}"


def uses_differ(facts: Facts) -> bool:
    """Proves `idle_used_as`."""
    return not any(map(eq, facts.field("entities", "used_as"), facts.field("entities", "type")))


def idle_used_as(document: Document, context: Context) -> Iterator[Finding]:
    """A mention is said to be used as what it is."""
    for index, mention in enumerate(getattr(document, "entities", None) or ()):
        if mention.used_as is not None and mention.used_as == mention.type:
            fact = f"{mention.quote!r} is {mention.type}, and `used_as` says the same"
            yield Finding("entities", index, mention, ("used_as",), fact, "Remove `used_as`, or write the type that it is used as.")
