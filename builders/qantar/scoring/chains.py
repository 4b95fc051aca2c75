"""Coreference: the chains of a response against those of a key.

A side is a partition: an iterable of chains, each an iterable of mentions, any hashables. Mentions match where they are equal; to match
them otherwise, give `renamed` a map. Every function raises ScoringError for a chain without mentions, a mention that is there twice (in
two chains or in one), and NaN. Counts and Blanc of several documents are added; mentions of several documents given at once
need names that tell documents apart.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from qantar.scoring.counts import Counts

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
        raise NotImplementedError

    @property
    def precision(self) -> float:
        """Mean precision, 0 to 1."""
        raise NotImplementedError

    @property
    def f1(self) -> float:
        """Mean F1 (not the F1 of the means), 0 to 1."""
        raise NotImplementedError

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

    def __add__(self, other: ChainScores) -> ChainScores:
        return ChainScores(
            self.mentions + other.mentions,
            self.muc + other.muc,
            self.b_cubed + other.b_cubed,
            self.ceaf_e + other.ceaf_e,
            self.ceaf_m + other.ceaf_m,
            self.lea + other.lea,
            self.blanc + other.blanc,
        )


def score(key: Chains, response: Chains, *, singletons: bool = True) -> ChainScores:
    """All metrics at once; without `singletons`, chains of one mention are left out on both sides first."""
    raise NotImplementedError


def without_singletons(chains: Iterable[Iterable[M]]) -> list[list[M]]:
    """The chains of two mentions or more."""
    raise NotImplementedError


def renamed(chains: Chains, names: Mapping[Hashable, Hashable]) -> list[list[Hashable]]:
    """The chains with mentions called as `names` says, others as they are: names the response's mentions after those of the key.

    Raises ScoringError where two mentions would become one.
    """
    raise NotImplementedError


def mentions(key: Chains, response: Chains) -> Counts:
    """The mentions that both sides have, whatever their chains."""
    raise NotImplementedError


def mention_overlap(key: Iterable[Collection[Hashable]], response: Iterable[Collection[Hashable]]) -> Counts:
    """Mention overlap ratio (CorefUD scorer): the words that mentions share, of those of all; a mention is its words, any hashables.

    Mentions are assigned one to one so that as many words as possible are shared (O. Zabokrtsky et al., CRAC 2022 shared task).
    """
    raise NotImplementedError


def muc(key: Chains, response: Chains) -> Counts:
    """MUC (Vilain et al. 1995): links that a chain needs, one fewer than mentions. Chains of one mention have none."""
    raise NotImplementedError


def b_cubed(key: Chains, response: Chains) -> Counts:
    """B-cubed (Bagga and Baldwin 1998): for each mention the share of its chain that its chain on the other side has; units are mentions."""
    raise NotImplementedError


def ceaf_m(key: Chains, response: Chains) -> Counts:
    """CEAFm (Luo 2005, phi 3): chains are assigned one to one so that they share the most mentions; units are mentions."""
    raise NotImplementedError


def ceaf_e(key: Chains, response: Chains) -> Counts:
    """CEAFe (Luo 2005, phi 4): chains are assigned one to one by their Dice coefficients, whose sum is matched; units are chains."""
    raise NotImplementedError


def lea(key: Chains, response: Chains) -> Counts:
    """LEA (Moosavi and Strube 2016): the share of a chain's links that the other side has, weighted by its size; units are mentions.

    A chain of one mention has one link, to itself, which only a chain of that one mention has too.
    """
    raise NotImplementedError


def blanc(key: Chains, response: Chains) -> Blanc:
    """BLANC (Recasens and Hovy 2011) as Luo et al. 2014 extend it to mentions that only one side has."""
    raise NotImplementedError
