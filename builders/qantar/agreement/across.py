"""Records that span documents: clusters as chains, alignments as pairs of passages, links as sets of what they join."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from qantar.agreement.chains import mention_names, score_rows
from qantar.agreement.partners import Key, alike
from qantar.agreement.rows import Row
from qantar.agreement.shapes import Rename, as_named, fragments
from qantar.agreement.tally import Item, Tally, things
from qantar.agreement.twice import Twice
from qantar.scoring.chains import score
from qantar.scoring.spans import Span, pairs

Documents = Mapping[str, Twice]
Sides = tuple[Sequence[Any], Sequence[Any]]
Pair = tuple[int, int]


def cluster_rows(documents: Documents, sides: Sides, tally: Tally) -> Iterator[Row]:
    """Every metric of chains over the clusters of each kind and of all; a member stands for the whole chain that it is of.

    Mentions are the same where their borders are. No intervals: documents are few.
    """
    named = [{name: _names(document, at) for name, document in documents.items()} for at in range(len(sides))]
    held = [[(one.kind, found) for one in side if (found := _mentions(one, names))] for side, names in zip(sides, named, strict=True)]
    kinds = sorted({kind for side in held for kind, _ in side})
    for label in (None, *(kinds if len(kinds) > 1 else ())):
        key, response = ([found for kind, found in side if label in (None, kind)] for side in held)
        yield from score_rows(tally.layer, score(_parted(key), _parted(response)), len(documents), label=label)


def _names(document: Twice, side: int) -> dict[str, list[Hashable]]:
    """What the mentions of each record's chain are called on both sides, by its id."""
    layers = (document.records(layer)[side] for layer in document.shapes)
    names = dict(chain.from_iterable(mention_names(document.id, records).items() for records in layers))
    return {local: [names[mate.id] for mate in mates] for local, mates in document.mates[side].items()}


def _mentions(cluster: Any, names: Mapping[str, Mapping[str, list[Hashable]]]) -> list[Hashable]:
    """The mentions of a cluster, whole chains, in the documents and layers that are compared."""
    members = (member.target.partition("#") for member in cluster.members)
    return list(dict.fromkeys(mention for name, _, local in members for mention in names.get(name, {}).get(local, ())))


def _parted(clusters: Iterable[list[Hashable]]) -> list[list[Hashable]]:
    """Clusters of which each mention is in one: of two clusters with the same mention, which no rule allows, the first keeps it."""
    seen: set[Hashable] = set()
    found = []
    for cluster in clusters:
        own = [mention for mention in cluster if mention not in seen]
        seen.update(own)
        found += [own] if own else []
    return found


# ---- alignments


def alignment_rows(documents: Documents, sides: Sides, tally: Tally) -> Iterator[Row]:
    """F1 of pairs of passages: with the same borders on both sides, or overlapping on both; of the same relation, or of any."""
    for metric, overlap, labelled in (
        ("exact", False, True),
        ("overlap", True, True),
        ("borders", False, False),
        ("borders-overlap", True, False),
    ):
        found = things()
        one, two = ([_alignment_item(documents, record) for record in side] for side in sides)
        found.add(one, two, alignment_pairs(documents, sides, overlap=overlap, labelled=labelled))
        yield from tally.f1(metric, found, labels=labelled)


def alignment_pairs(documents: Documents, sides: Sides, *, overlap: bool, labelled: bool) -> list[Pair]:
    """Alignments that are taken for the same, one to one. Both passages of a pair are laid on one line, one after the other."""
    ones, twos = ([_laid(documents, record, labelled=labelled) for record in side] for side in sides)
    if not overlap:
        return pairs(ones, twos, match="exact")
    return [(one, two) for one, two in pairs(ones, twos, match="overlap") if _both_overlap(sides[0][one], sides[1][two])]


def _laid(documents: Documents, record: Any, *, labelled: bool) -> Span:
    after = len(documents[record.a.document].text)
    places = (*fragments(record.a), *((start + after, end + after) for start, end in fragments(record.b)))
    return Span(places, (record.a.document, record.b.document, record.relation if labelled else None))


def _both_overlap(one: Any, two: Any) -> bool:
    return all(
        any(a < d and c < b for a, b in fragments(getattr(one, side)) for c, d in fragments(getattr(two, side))) for side in ("a", "b")
    )


def _alignment_item(documents: Documents, record: Any) -> Item:
    document, places = documents[record.a.document], fragments(record.a)
    return Item(document.unit(places[0][0]), record.relation, document.language(places[0][0], places[-1][1]))


# ---- links


def link_rows(documents: Documents, sides: Sides, tally: Tally) -> Iterator[Row]:
    """F1 of links between the same records, of the same type (`exact`) and of any (`ends`): the same are partners."""
    for metric, labelled in (("exact", True), ("ends", False)):
        found = things()
        one, two = ([_link_item(documents, record, side) for record in records] for side, records in enumerate(sides))
        found.add(one, two, link_pairs(documents, sides, labelled=labelled))
        yield from tally.f1(metric, found, labels=labelled)


def link_pairs(documents: Documents, sides: Sides, *, labelled: bool) -> list[Pair]:
    """Links that join the same records, one to one."""
    return alike(sides, [(_link_key(as_named, labelled=labelled), _link_key(global_name(documents), labelled=labelled))])


def global_name(documents: Documents) -> Rename:
    """What a record of B, by its global id, is called on the side of A."""

    def rename(target: str) -> str:
        name, _, local = target.partition("#")
        return f"{name}#{documents[name].partners.name(local) if name in documents else local}"

    return rename


def _link_key(rename: Rename, *, labelled: bool) -> Key:
    return lambda record: (record.type if labelled else None, rename(record.head.target), rename(record.tail.target))


def _link_item(documents: Documents, record: Any, side: int) -> Item:
    name, _, local = record.head.target.partition("#")
    document = documents[name]
    held = document.by_id[side].get(local)
    places = fragments(held) if held is not None else ()
    start, end = (places[0][0], places[-1][1]) if places else (0, 1)
    return Item(document.unit(start), record.type, document.language(start, end))
