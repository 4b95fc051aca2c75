"""Level 6: clusters agree with chains, links and relations on what is one thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qantar.corpus import Corpus
from qantar.rules.finding import Finding

if TYPE_CHECKING:
    from qantar.records import Cluster, Document, GazetteerEntry


@dataclass(frozen=True, slots=True)
class Member:
    """Where a chain, or a record of no chain, is said to belong to a cluster: the first place."""

    index: int
    cluster: Cluster
    number: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A linked mention, the thing that it links to, and the key of the chain that it stands for."""

    document: Document
    index: int
    record: Any
    thing: str
    key: str


def joined_chains(corpus: Corpus) -> Iterator[Finding]:
    """A cluster joins two chains of one document, or a chain and a mention outside of it."""
    held = corpus.held
    for index, cluster in enumerate(corpus.clusters or ()):
        first: dict[str, Any] = {}
        for number, member in enumerate(cluster.members):
            if member.target not in held or held[member.target][1] != "entities":
                continue
            document, _, record = held[member.target]
            known: Any = first.setdefault(document.id, record)
            if getattr(known, "chain", None) != getattr(record, "chain", None):
                fact = f"{cluster.id} joins {_chain(known)} with {known.id} and {_chain(record)} with {record.id}, both of {document.id!r}"
                remedy = "In a document, one entity has one chain: join the chains there, or take a member out."
                yield Finding("clusters", index, cluster, ("members", number, "target"), fact, remedy)


def split_cluster(corpus: Corpus) -> Iterator[Finding]:
    """Mentions with one link are in different clusters."""
    members, first, told = _members(corpus), dict[str, str](), set[tuple[str, str]]()
    for mention in _mentions(corpus):
        member = members.get(mention.key)
        if member is None:
            continue
        known = first.setdefault(mention.thing, member.cluster.id)
        if known != member.cluster.id and (mention.thing, member.cluster.id) not in told:
            told.add((mention.thing, member.cluster.id))
            fact = f"{known} and {member.cluster.id} both hold mentions of {mention.record.link!r}"
            yield _at(member, fact, "One thing has one cluster: join them, or correct the link.")


def cluster_link(corpus: Corpus) -> Iterator[Finding]:
    """The chains of a cluster link to different things. Mentions without a link are let be."""
    members, first, told = _members(corpus), dict[str, Mention](), set[str]()
    for mention in _mentions(corpus):
        member = members.get(mention.key)
        if member is None:
            continue
        known = first.setdefault(member.cluster.id, mention)
        if known.thing != mention.thing and known.key != mention.key and mention.key not in told:  # one chain is for `chain-link`
            told.add(mention.key)
            ends = " and of ".join(f"{one.record.link!r} in {one.document.id!r}" for one in (known, mention))
            yield _at(
                member, f"{member.cluster.id} holds mentions of {ends}", "A cluster is one thing: take a member out, or correct a link."
            )


def link_type(corpus: Corpus) -> Iterator[Finding]:
    """Mentions with one link have different types in different documents."""
    first, told = dict[str, Mention](), set[tuple[str, str]]()
    for mention in _mentions(corpus):
        known = first.setdefault(mention.thing, mention)
        where = (mention.document.id, mention.thing)
        if known.record.type != mention.record.type and known.document is not mention.document and where not in told:
            told.add(where)
            fact = f"{mention.record.link!r} is {mention.record.type} here, {known.record.type} in {known.document.id!r}"
            remedy = "One thing has one type: correct it, or say `used_as` on a metonymic mention."
            yield Finding("entities", mention.index, mention.record, ("type",), fact, remedy, mention.document.id)


def unclustered(corpus: Corpus) -> Iterator[Finding]:
    """Documents name one thing, as their links say, and a cluster of entities does not hold all of its mentions.

    Not asked of a corpus that clusters no entities.
    """
    if not any(cluster.kind == "entity" for cluster in corpus.clusters or ()):
        return
    members, by_thing = _members(corpus), dict[str, dict[str, Mention]]()
    for mention in _mentions(corpus):
        by_thing.setdefault(mention.thing, {}).setdefault(mention.key, mention)
    for found in by_thing.values():
        documents = {mention.document.id for mention in found.values()}
        outside = [mention for key, mention in found.items() if key not in members]
        holds = next((members[key].cluster.id for key in found if key in members), None)
        if len(documents) > 1:
            for mention in outside if holds else outside[:1]:
                yield _outside(mention, holds, len(documents))


def coreferent_related(corpus: Corpus) -> Iterator[Finding]:
    """Two records of one cluster or chain are related as only two things can be: by a relation that is an order."""
    members, orders = _members(corpus), corpus.registry.ontology.marked("relation-type", "order")
    for document in corpus.documents.values():
        keys = {record.id: _key(document, record) for name in ("entities", "events") for record in getattr(document, name, None) or ()}
        for index, relation in enumerate(getattr(document, "relations", None) or ()):
            if relation.type not in orders or relation.head not in keys or relation.tail not in keys:
                continue
            why = _one_thing(relation, keys, members)
            if why is not None:
                remedy = "Nothing precedes, causes or is a part of itself: correct the relation, or what makes the two one."
                yield Finding("relations", index, relation, ("type",), f"{why}, and related as `{relation.type}`", remedy, document.id)


def _one_thing(relation: Any, keys: Mapping[str, str], members: Mapping[str, Member]) -> str | None:
    """What makes head and tail of a relation one thing, if they are."""
    head, tail = keys[relation.head], keys[relation.tail]
    if relation.head == relation.tail:  # a relation of a record to itself is for `self-relation`
        return None
    if head == tail:
        return f"{relation.head} and {relation.tail} are of one chain"
    one, two = members.get(head), members.get(tail)
    if one is not None and two is not None and one.cluster is two.cluster:
        return f"{relation.head} and {relation.tail} are one thing by {one.cluster.id}"
    return None


def _outside(mention: Mention, holds: str | None, count: int) -> Finding:
    link = mention.record.link
    fact = f"{count} documents have mentions of {link!r}, and no cluster holds them"
    if holds is not None:
        fact = f"{holds} holds mentions of {link!r}, but not this one"
    remedy = "Add a mention of each document's chain to one cluster, or correct the link."
    return Finding("entities", mention.index, mention.record, ("link",), fact, remedy, mention.document.id)


def _members(corpus: Corpus) -> Mapping[str, Member]:
    """The first cluster of each chain or record, by key."""
    held, found = corpus.held, dict[str, Member]()
    for index, cluster in enumerate(corpus.clusters or ()):
        for number, member in enumerate(cluster.members):
            if member.target in held:
                document, _, record = held[member.target]
                found.setdefault(_key(document, record), Member(index, cluster, number))
    return found


def _mentions(corpus: Corpus) -> Iterator[Mention]:
    """Every linked mention, in order of documents and records."""
    items = _items(corpus.gazetteer)
    for document in corpus.documents.values():
        for index, record in _linked(document):
            yield Mention(document, index, record, items.get(record.link, record.link), _key(document, record))


def _items(gazetteer: Mapping[str, GazetteerEntry]) -> dict[str, str]:
    """The entry that a CURIE of Wikidata means, where one is that very item."""
    return {f"wikidata:{entry.wikidata}": entry.id for entry in gazetteer.values() if entry.wikidata and entry.quality == "exact"}


def _linked(document: Document) -> Iterator[tuple[int, Any]]:
    for index, record in enumerate(getattr(document, "entities", None) or ()):
        if getattr(record, "link", None) is not None:
            yield index, record


def _key(document: Document, record: Any) -> str:
    return f"{document.id}#{getattr(record, 'chain', None) or record.id}"


def _chain(record: Any) -> str:
    return "no chain" if record.chain is None else f"the chain {record.chain!r}"


def _at(member: Member, fact: str, remedy: str) -> Finding:
    return Finding("clusters", member.index, member.cluster, ("members", member.number, "target"), fact, remedy)
