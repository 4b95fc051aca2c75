"""Coreference: the chains of a response against those of a key.

A side is a partition: an iterable of chains, each an iterable of mentions, any hashables. Mentions match where they are equal; to match
them otherwise, give `renamed` a map. Every function raises ScoringError for a chain without mentions, a mention that is there twice (in
two chains or in one), and NaN. Counts and Blanc of several documents are added; mentions of several documents given at once
need names that tell documents apart.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, fields
from math import comb, fsum
from typing import Any, TypeVar

from qantar.errors import ScoringError
from qantar.scoring.assignment import assign
from qantar.scoring.counts import Counts, refuse_nan

M = TypeVar("M", bound=Hashable)
Chains = Iterable[Iterable[Hashable]]


@dataclass(frozen=True, slots=True)
class Blanc:
    """Links between mentions of one chain (`coreferent`) and of different chains (`apart`), and the `mentions` themselves.

    Each score is the mean of those of the two kinds of link; of one kind alone where neither side has any of the other. Without any
    link (no more than one mention a document) it is 1.0 if all mentions are the same, else 0.0 (Luo et al. 2014).
    """

    coreferent: Counts
    apart: Counts
    mentions: Counts

    @property
    def recall(self) -> float:
        """Mean recall, 0 to 1."""
        return self._mean("recall")

    @property
    def precision(self) -> float:
        """Mean precision, 0 to 1."""
        return self._mean("precision")

    @property
    def f1(self) -> float:
        """Mean F1 (not the F1 of the means), 0 to 1."""
        return self._mean("f1")

    def _mean(self, name: str) -> float:
        scores = [getattr(links, name) for links in (self.coreferent, self.apart) if links.defined]
        return sum(scores) / len(scores) if scores else float(self.mentions.f1 == 1)

    @property
    def defined(self) -> bool:
        """Whether either side has a mention."""
        return self.mentions.defined

    def __add__(self, other: Blanc) -> Blanc:
        return Blanc(self.coreferent + other.coreferent, self.apart + other.apart, self.mentions + other.mentions)


@dataclass(frozen=True, slots=True)
class ChainScores:
    """Every coreference metric of one or more documents; `mentions` are those on both sides."""

    mentions: Counts
    muc: Counts
    b_cubed: Counts
    ceaf_e: Counts
    ceaf_m: Counts
    lea: Counts
    blanc: Blanc

    @property
    def conll(self) -> float:
        """The CoNLL-2012 score: the mean F1 of MUC, B-cubed and CEAFe, 0 to 1."""
        return (self.muc.f1 + self.b_cubed.f1 + self.ceaf_e.f1) / 3

    def named(self) -> dict[str, Any]:
        """Each metric's Counts, and Blanc, by the name of its field, in their order."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def __add__(self, other: ChainScores) -> ChainScores:
        return ChainScores(**{name: score + getattr(other, name) for name, score in self.named().items()})


def score(key: Chains, response: Chains, *, singletons: bool = True) -> ChainScores:
    """All metrics at once; without `singletons`, chains of one mention are left out on both sides first."""
    sides = _Sides(key, response) if singletons else _Sides(without_singletons(key), without_singletons(response))
    return ChainScores(*(metric(sides) for metric in _METRICS))


def places(chains: Chains) -> dict[Hashable, int]:
    """The number of its chain, from 0, for each mention. Raises ScoringError for chains that are no partition."""
    found: dict[Hashable, int] = {}
    for number, chain in enumerate(chains):
        for mention in (held := list(chain)):
            if mention in found:
                where = "one chain twice" if found[mention] == number else "two chains"
                raise ScoringError(f"The mention {mention!r} is in {where}.", "Each mention is in one chain, once.")
            found[mention] = number
        if not held:
            raise ScoringError("A chain has no mentions.", "Leave it out.")
    refuse_nan(found)
    return found


def without_singletons(chains: Iterable[Iterable[M]]) -> list[list[M]]:
    """The chains of two mentions or more."""
    lists = [list(chain) for chain in chains]
    places(lists)
    return [chain for chain in lists if len(chain) > 1]


def renamed(chains: Chains, names: Mapping[Hashable, Hashable]) -> list[list[Hashable]]:
    """The chains with mentions called as `names` says, others as they are: names the response's mentions after those of the key.

    Raises ScoringError where two mentions would become one.
    """
    found = [[names.get(mention, mention) for mention in chain] for chain in chains]
    places(found)
    return found


def mentions(key: Chains, response: Chains) -> Counts:
    """The mentions that both sides have, whatever their chains."""
    return _mentions(_Sides(key, response))


def mention_overlap(key: Iterable[Collection[Hashable]], response: Iterable[Collection[Hashable]]) -> Counts:
    """Mention overlap ratio (CorefUD scorer): the words that mentions share, of those of all; a mention is its words, any hashables.

    Mentions are assigned one to one so that as many words as possible are shared (O. Zabokrtsky et al., CRAC 2022 shared task).
    """
    ones, twos = ([set(words) for words in side] for side in (key, response))
    for words in (*ones, *twos):
        refuse_nan(words)
        if not words:
            raise ScoringError("A mention has no words.", "Leave it out, or give its words.")
    holding = defaultdict[Hashable, list[int]](list)
    for two, words in enumerate(twos):
        for word in words:
            holding[word].append(two)
    shared = Counter((one, two) for one, words in enumerate(ones) for word in words for two in holding.get(word, ()))
    return Counts(sum(map(len, ones)), sum(map(len, twos)), sum(shared[pair] for pair in assign(shared)))


def muc(key: Chains, response: Chains) -> Counts:
    """MUC (Vilain et al. 1995): links that a chain needs, one fewer than mentions. Chains of one mention have none."""
    return _muc(_Sides(key, response))


def b_cubed(key: Chains, response: Chains) -> Counts:
    """B-cubed (Bagga and Baldwin 1998): for each mention the share of its chain that its chain on the other side has; units are mentions."""
    return _b_cubed(_Sides(key, response))


def ceaf_m(key: Chains, response: Chains) -> Counts:
    """CEAFm (Luo 2005, phi 3): chains are assigned one to one so that they share the most mentions; units are mentions."""
    return _ceaf_m(_Sides(key, response))


def ceaf_e(key: Chains, response: Chains) -> Counts:
    """CEAFe (Luo 2005, phi 4): chains are assigned one to one by their Dice coefficients, whose sum is matched; units are chains."""
    return _ceaf_e(_Sides(key, response))


def lea(key: Chains, response: Chains) -> Counts:
    """LEA (Moosavi and Strube 2016): the share of a chain's links that the other side has, weighted by its size; units are mentions.

    A chain of one mention has one link, to itself, which only a chain of that one mention has too.
    """
    return _lea(_Sides(key, response))


def blanc(key: Chains, response: Chains) -> Blanc:
    """BLANC (Recasens and Hovy 2011) as Luo et al. 2014 extend it to mentions that only one side has."""
    return _blanc(_Sides(key, response))


class _Sides:
    """What the metrics need of both sides: the mentions' chains, the sizes of chains, and how many mentions two chains share."""

    def __init__(self, key: Chains, response: Chains) -> None:
        self.of_key, self.of_response = places(key), places(response)
        self.key, self.response = Counter(self.of_key.values()), Counter(self.of_response.values())
        self.shared = Counter((one, self.of_response[mention]) for mention, one in self.of_key.items() if mention in self.of_response)


def _mentions(sides: _Sides) -> Counts:
    return Counts(len(sides.of_key), len(sides.of_response), sides.shared.total())


def _muc(sides: _Sides) -> Counts:
    """The other side breaks a chain into the chains that share mentions with it, and its other mentions one by one."""
    key, response = len(sides.of_key) - len(sides.key), len(sides.of_response) - len(sides.response)
    return Counts(key, response, sides.shared.total() - len(sides.shared))


def _b_cubed(sides: _Sides) -> Counts:
    found = fsum(count**2 / sides.key[one] for (one, _), count in sides.shared.items())
    right = fsum(count**2 / sides.response[two] for (_, two), count in sides.shared.items())
    return Counts(len(sides.of_key), len(sides.of_response), found, right)


def _ceaf_m(sides: _Sides) -> Counts:
    return Counts(len(sides.of_key), len(sides.of_response), sum(sides.shared[pair] for pair in assign(sides.shared)))


def _ceaf_e(sides: _Sides) -> Counts:
    alike = {(one, two): 2 * count / (sides.key[one] + sides.response[two]) for (one, two), count in sides.shared.items()}
    return Counts(len(sides.key), len(sides.response), fsum(alike[pair] for pair in assign(alike)))


def _lea(sides: _Sides) -> Counts:
    found = fsum(sides.key[one] * _resolved(count, sides.key[one], sides.response[two]) for (one, two), count in sides.shared.items())
    right = fsum(sides.response[two] * _resolved(count, sides.response[two], sides.key[one]) for (one, two), count in sides.shared.items())
    return Counts(len(sides.of_key), len(sides.of_response), found, right)


def _resolved(shared: int, size: int, other: int) -> float:
    """The share of a chain's links that a chain of the other side has."""
    return float(other == 1) if size == 1 else comb(shared, 2) / comb(size, 2)


def _blanc(sides: _Sides) -> Blanc:
    coreferent = Counts(_links(sides.key), _links(sides.response), _links(sides.shared))
    rows, columns = Counter[int](), Counter[int]()
    for (one, two), count in sides.shared.items():
        rows[one] += count
        columns[two] += count
    matched = comb(sides.shared.total(), 2) - _links(rows) - _links(columns) + _links(sides.shared)
    key, response = comb(len(sides.of_key), 2) - _links(sides.key), comb(len(sides.of_response), 2) - _links(sides.response)
    return Blanc(coreferent, Counts(key, response, matched), _mentions(sides))


def _links(sizes: Counter[M]) -> int:
    """The pairs of mentions within chains of these sizes."""
    return sum(comb(size, 2) for size in sizes.values())


#: In the order of ChainScores.
_METRICS: tuple[Callable[[_Sides], Any], ...] = (_mentions, _muc, _b_cubed, _ceaf_e, _ceaf_m, _lea, _blanc)
