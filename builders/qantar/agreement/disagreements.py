"""Every difference between two passes, one by one: the work list of adjudication."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import msgspec

from qantar.agreement import Comparison
from qantar.agreement.across import alignment_pairs, global_name, link_pairs
from qantar.agreement.shapes import Rename, Shape, Signature, as_named, fragments
from qantar.agreement.twice import Twice
from qantar.document import quote_of
from qantar.errors import OutputError
from qantar.scoring.spans import Span, pairs

Pair = tuple[int, int]
_Sides = tuple[Sequence[Any], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A record that only one side has, or two that are taken for the same and say different things in `fields`.

    `start` and `end` are code points of the document's text, `quote` what stands there. Records without a place, and those across
    documents, stand where the first record or passage begins that they point to.
    """

    document: str
    layer: str
    start: int
    end: int | None
    quote: str | None
    what: Literal["only-a", "only-b", "differ"]
    fields: tuple[str, ...]
    a: Any
    b: Any


def disagreements(comparison: Comparison) -> Iterator[Disagreement]:
    """Every difference, in order of document, position and layer.

    Applied from first to last (a record of A that B lacks removed, one of B added, B's put in the place of A's) they turn A into B, but
    for ids, notes, excuses and the names of chains.
    """
    order = {name: at for at, name in enumerate((*comparison.layers, *comparison.across))}
    places = {name: at for at, name in enumerate(comparison.documents)}
    found = [
        one for name, documents in comparison.layers.items() for document in documents for one in _in_layer(document, document.shapes[name])
    ]
    found += [one for name, sides in comparison.across.items() for one in _ACROSS[name](comparison, name, sides)]
    yield from sorted(found, key=lambda one: (places[one.document], one.start, order[one.layer], one.end or 0))


def write_disagreements(comparison: Comparison, path: Path) -> int:
    """Writes them, a JSON object a line; returns how many. Raises OutputError."""
    lines = [msgspec.json.encode(_plain(one)) + b"\n" for one in disagreements(comparison)]
    try:
        path.write_bytes(b"".join(lines))
    except OSError as error:
        raise OutputError(path, error) from error
    return len(lines)


def _plain(one: Disagreement) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__slots__}


# ---- inside documents


def _in_layer(document: Twice, shape: Shape) -> Iterator[Disagreement]:
    sides = document.records(shape.name)
    paired = document.partners.pairs[shape.name]
    mates = _mates(document, shape) if shape.chained else None
    for one, two in paired:
        a, b = sides[0][one], sides[1][two]
        fields = tuple(_differing(shape, document, a, b))
        if mates is not None and mates[0][a.id] != mates[1][b.id]:
            fields += ("chain",)
        if fields:
            yield _of(document, shape, a, b, fields)
    for side in (0, 1):
        taken = {pair[side] for pair in paired}
        for place, record in enumerate(sides[side]):
            if place not in taken:
                a, b = (record, None) if side == 0 else (None, record)
                yield _of(document, shape, a, b, ())


def _differing(shape: Shape, document: Twice, a: Any, b: Any) -> Iterator[str]:
    if fragments(a) != fragments(b):
        yield "spans" if shape.anchor == "spans" else "borders"
    one, two = shape.signature(a, as_named), shape.signature(b, document.partners.name)
    yield from (name for name in one if one[name] != two[name])


def _mates(document: Twice, shape: Shape) -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """The mentions of each mention's chain on either side, as they are called on the side of A.

    Mentions that only one side has are left out: they are differences themselves, and say which chain they are of.
    """
    both = document.partners.both
    found: list[dict[str, frozenset[str]]] = []
    for records, rename in zip(document.records(shape.name), (as_named, document.partners.name), strict=True):
        chains: dict[str, set[str]] = {}
        for record in records:
            if record.chain is not None and rename(record.id) in both:
                chains.setdefault(record.chain, set()).add(rename(record.id))
        alone = {one.id: frozenset([rename(one.id)]) for one in records}
        found.append(alone | {one.id: frozenset(chains[one.chain]) for one in records if one.chain in chains})
    return found[0], found[1]


def _of(document: Twice, shape: Shape, a: Any, b: Any, fields: tuple[str, ...]) -> Disagreement:
    record, side = (a, 0) if a is not None else (b, 1)
    places = fragments(record)
    start = document.position(record, shape, side)
    end, quote = (places[-1][1], quote_of(document.text, record)) if places else (None, None)
    return Disagreement(document.id, shape.name, start, end, quote, _what(a, b), fields, a, b)


def _what(a: Any, b: Any) -> Literal["only-a", "only-b", "differ"]:
    return "only-a" if b is None else "only-b" if a is None else "differ"


# ---- across documents


def _across(comparison: Comparison, name: str, sides: _Sides, paired: Sequence[Pair], says: tuple[_Says, _Says]) -> Iterator[Disagreement]:
    partner = dict(paired)
    for one, a in enumerate(sides[0]):
        b = sides[1][partner[one]] if one in partner else None
        left, right = says[0](a), says[1](b) if b is not None else {}
        fields = tuple(key for key in left if left[key] != right[key]) if b is not None else ()
        if b is None or fields:
            yield _standing(comparison, name, a, b, fields)
    taken = set(partner.values())
    for two, b in enumerate(sides[1]):
        if two not in taken:
            yield _standing(comparison, name, None, b, ())


def _standing(comparison: Comparison, name: str, a: Any, b: Any, fields: tuple[str, ...]) -> Disagreement:
    """A record across documents, at the first thing that it points to."""
    record, side = (a, 0) if a is not None else (b, 1)
    if name == "alignments":
        document, places, quote = record.a.document, fragments(record.a), record.a.quote
    else:
        end = record.members[0] if name == "clusters" else record.head
        document, _, local = end.target.partition("#")
        held = comparison.documents[document].by_id[side].get(local)
        places, quote = fragments(held) if held is not None else (), end.quote
    start, last = (places[0][0], places[-1][1]) if places else (0, None)
    return Disagreement(document, name, start, last, quote, _what(a, b), fields, a, b)


_Says = Callable[[Any], Signature]


def _clusters(comparison: Comparison, name: str, sides: _Sides) -> Iterator[Disagreement]:
    """Clusters are paired so that they share as many mentions as possible."""
    members = [[_members(comparison, cluster, side) for cluster in side_] for side, side_ in enumerate(sides)]
    numbers = {mention: at for at, mention in enumerate(sorted({one for side in members for cluster in side for one in cluster}))}
    ones, twos = ([_numbered(cluster, numbers) for cluster in side] for side in members)
    paired = pairs(ones, twos, match="overlap")
    named = [{cluster.id: found for cluster, found in zip(*both, strict=True)} for both in zip(sides, members, strict=True)]

    def says(held: dict[str, tuple[str, ...]]) -> _Says:
        return lambda one: {"kind": one.kind, "type": one.type, "labels": str(msgspec.to_builtins(one.labels)), "members": held[one.id]}

    yield from _across(comparison, name, sides, paired, (says(named[0]), says(named[1])))


def _members(comparison: Comparison, cluster: Any, side: int) -> tuple[str, ...]:
    """The records of a cluster as they are called on the side of A: of a chain, all its mentions that both sides have, if any."""
    found: set[str] = set()
    for member in cluster.members:
        document, _, local = member.target.partition("#")
        twice = comparison.documents[document]
        rename = twice.partners.name if side else as_named
        mates = (rename(one.id) for one in twice.mates[side].get(local, ()))
        paired = [name for name in mates if name in twice.partners.both]
        found.update(f"{document}#{name}" for name in paired or [rename(local)])
    return tuple(sorted(found))


def _numbered(cluster: Sequence[str], numbers: dict[str, int]) -> Span:
    """A cluster as a span over its mentions, each a place of its own."""
    places = sorted(numbers[mention] for mention in cluster)
    return Span(tuple((2 * place, 2 * place + 1) for place in places))


def _alignments(comparison: Comparison, name: str, sides: _Sides) -> Iterator[Disagreement]:
    ways = ((overlap, labelled) for overlap in (False, True) for labelled in (True, False))
    steps = [partial(alignment_pairs, comparison.documents, overlap=overlap, labelled=labelled) for overlap, labelled in ways]
    paired = _stepwise(sides, steps)

    def says(one: Any) -> Signature:
        return {"relation": one.relation, "a": fragments(one.a), "b": fragments(one.b)}

    yield from _across(comparison, name, sides, paired, (says, says))


def _links(comparison: Comparison, name: str, sides: _Sides) -> Iterator[Disagreement]:
    paired = _stepwise(sides, [partial(link_pairs, comparison.documents, labelled=labelled) for labelled in (True, False)])

    def says(rename: Rename) -> _Says:
        return lambda one: {"type": one.type, "head": rename(one.head.target), "tail": rename(one.tail.target)}

    yield from _across(comparison, name, sides, paired, (says(as_named), says(global_name(comparison.documents))))


def _stepwise(sides: _Sides, steps: Sequence[Callable[[Any], list[Pair]]]) -> list[Pair]:
    """Pairs that each step finds among what the one before left."""
    found: list[Pair] = []
    for step in steps:
        left = [[at for at in range(len(side)) if at not in {pair[number] for pair in found}] for number, side in enumerate(sides)]
        records = tuple([side[at] for at in places] for side, places in zip(sides, left, strict=True))
        found += [(left[0][one], left[1][two]) for one, two in step(records)]
    return found


_ACROSS = {"clusters": _clusters, "alignments": _alignments, "links": _links}
