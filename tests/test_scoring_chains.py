"""Coreference metrics: the published scores of CorefUD's scorer, cases from the papers, their definitions, and what must hold."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Hashable
from itertools import combinations, permutations
from pathlib import Path
from typing import Any

import corefud
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qantar.errors import ScoringError
from qantar.scoring import Counts, chains

TESTDATA = Path(os.environ.get("QANTAR_TESTDATA", Path(__file__).resolve().parents[2] / "shared" / "testdata"))
PUBLISHED = TESTDATA / "corefud-scorer"
CASES = json.loads((PUBLISHED / "expected.json").read_text(encoding="utf-8"))["cases"] if PUBLISHED.is_dir() else []

METRICS: dict[str, Callable[[Any, Any], Any]] = {
    "MUC": chains.muc,
    "B3": chains.b_cubed,
    "CEAFe": chains.ceaf_e,
    "CEAFm": chains.ceaf_m,
    "LEA": chains.lea,
    "BLANC": chains.blanc,
    "mentions": chains.mentions,
}
Partition = list[list[Any]]


# ---- what others published


def test_the_published_cases_are_there() -> None:
    if not PUBLISHED.is_dir():
        pytest.skip(f"no {PUBLISHED}: set QANTAR_TESTDATA")
    assert len(CASES) == 35
    assert sum(len(case["scores"]) for case in CASES) == 116


@pytest.mark.parametrize("case", CASES, ids=[case["test"] for case in CASES])
def test_scores_equal_those_of_the_published_scorer(case: dict[str, Any]) -> None:
    key, response = (
        corefud.chains((PUBLISHED / "exact-match" / case[side]).read_text(encoding="utf-8"), keep_zeros=case["keep_zeros"])
        for side in ("key", "response")
    )
    whole = chains.score(key, response, singletons=case["keep_singletons"])
    at_once = dict(zip(("mentions", "MUC", "B3", "CEAFe", "CEAFm", "LEA", "BLANC"), whole.named().values(), strict=True))
    for metric, expected in case["scores"].items():
        for score in (METRICS[metric](key, response), at_once[metric]):
            assert (score.recall, score.precision, score.f1) == pytest.approx(expected, abs=1e-4), metric


@pytest.mark.parametrize(
    ("response", "muc", "b_cubed", "ceaf_m", "ceaf_e"),
    [
        (["12345", "6789ABC"], 0.947, 0.865, 0.833, 0.733),
        (["1234589ABC", "67"], 0.947, 0.737, 0.583, 0.667),
        (["123456789ABC"], 0.900, 0.545, 0.417, 0.294),
        (list("123456789ABC"), 0.000, 0.400, 0.250, 0.178),
    ],
)
def test_luo_2005_table_1(response: list[str], muc: float, b_cubed: float, ceaf_m: float, ceaf_e: float) -> None:
    """X. Luo, On coreference resolution performance metrics (2005): F1 of four responses to one key."""
    found = chains.score(["12345", "67", "89ABC"], response)
    assert (found.muc.f1, found.b_cubed.f1, found.ceaf_m.f1, found.ceaf_e.f1) == pytest.approx((muc, b_cubed, ceaf_m, ceaf_e), abs=6e-4)
    assert found.conll == pytest.approx((found.muc.f1 + found.b_cubed.f1 + found.ceaf_e.f1) / 3)


# ---- by hand


def test_counts_of_each_metric_by_hand() -> None:
    """Key abc defg; response ab cd fgh: shared ab, c, d, fg, and e, h on one side only."""
    found = chains.score(["abc", "defg"], ["ab", "cd", "fgh"])
    assert found.mentions == Counts(7, 7, 6)
    assert found.muc == Counts(5, 4, 2)
    assert found.b_cubed.matched == pytest.approx(4 / 3 + 1 / 3 + 1 / 4 + 4 / 4)
    assert found.b_cubed.correct == pytest.approx(4 / 2 + 1 / 2 + 1 / 2 + 4 / 3)
    assert found.ceaf_m == Counts(7, 7, 4)
    assert (found.ceaf_e.key, found.ceaf_e.response) == (2, 3)
    assert found.ceaf_e.matched == pytest.approx(4 / 5 + 4 / 7)
    assert found.lea.matched == pytest.approx(3 * 1 / 3 + 4 * 1 / 6)
    assert found.lea.correct == pytest.approx(2 * 1 + 2 * 0 + 3 * 1 / 3)
    assert found.blanc == chains.Blanc(Counts(9, 5, 2), Counts(12, 16, 8), Counts(7, 7, 6))
    assert found.blanc.recall == pytest.approx((2 / 9 + 8 / 12) / 2)
    assert found.blanc.precision == pytest.approx((2 / 5 + 8 / 16) / 2)
    assert found.blanc.f1 == pytest.approx((2 / 7 + 4 / 7) / 2)


@pytest.mark.parametrize(
    ("key", "response", "score"),
    [
        (["a"], ["a"], 1.0),  # one mention each: whether it is the same
        (["a"], ["b"], 0.0),
        (["a"], [], 0.0),
        ([], [], 0.0),
        (["a", "b"], ["a", "b"], 1.0),  # links of one kind only: these alone
        (["ab"], ["ab"], 1.0),
        (["ab"], ["a", "b"], 0.0),
    ],
)
def test_blanc_where_a_kind_of_link_is_missing(key: list[str], response: list[str], score: float) -> None:
    found = chains.blanc(key, response)
    assert (found.recall, found.precision, found.f1) == (score, score, score)
    assert found.defined is bool(key)


def test_lea_takes_a_single_mention_for_right_only_where_it_is_single_on_both_sides() -> None:
    assert chains.lea(["a", "bc"], ["a", "b", "c"]) == Counts(3, 3, 1)
    assert chains.lea(["ab"], ["a"]) == Counts(2, 1, 0)


def test_singletons_are_dropped_on_both_sides() -> None:
    kept, dropped = (chains.score(["ab", "c"], ["ab", "d"], singletons=singletons) for singletons in (True, False))
    assert kept.mentions == Counts(3, 3, 2)
    assert dropped == chains.score(["ab"], ["ab"])
    assert chains.without_singletons(["ab", "c"]) == [["a", "b"]]


def test_mention_overlap_by_hand() -> None:
    """(1 2 3) is worth more with (1 2) than with (3), which is then left for (3 4)."""
    assert chains.mention_overlap([{1, 2, 3}, {3, 4}, {9}], [{3}, {1, 2}, {7, 8}]) == Counts(6, 5, 3)
    assert chains.mention_overlap([], []) == Counts(0, 0, 0)
    assert chains.mention_overlap([{1}, {1}], [{1}]) == Counts(2, 1, 1)


def test_mentions_can_be_matched_by_a_map() -> None:
    response = chains.renamed([["A", "B"], ["c"]], {"A": "a", "B": "b"})
    assert response == [["a", "b"], ["c"]]
    assert chains.score(["ab", "c"], response).conll == pytest.approx(1.0)


def test_documents_are_added() -> None:
    one, two = chains.score(["ab"], ["a", "b"]), chains.score(["ab", "c"], ["ab", "c"])
    both = one + two
    assert both.muc == Counts(2, 1, 1)
    assert both.blanc == chains.Blanc(Counts(2, 1, 1), Counts(2, 3, 2), Counts(5, 5, 5))
    assert both.conll == pytest.approx((both.muc.f1 + both.b_cubed.f1 + both.ceaf_e.f1) / 3)


# ---- what cannot be scored


@pytest.mark.parametrize(
    ("wrong", "fact"),
    [
        ([["a", "b"], ["b"]], "The mention 'b' is in two chains."),
        ([["a", "a"]], "The mention 'a' is in one chain twice."),
        ([["a"], []], "A chain has no mentions."),
        ([[math.nan, "a"]], "nan does not equal itself."),
    ],
)
@pytest.mark.parametrize("metric", METRICS)
def test_what_is_no_partition_is_refused_on_either_side(metric: str, wrong: Partition, fact: str) -> None:
    for sides in ((wrong, [["a"]]), ([["a"]], wrong)):
        with pytest.raises(ScoringError) as caught:
            METRICS[metric](*sides)
        assert caught.value.fact == fact
        assert caught.value.remedy
    with pytest.raises(ScoringError):
        chains.score(wrong, [["a"]], singletons=False)


def test_a_map_that_makes_two_mentions_one_is_refused() -> None:
    with pytest.raises(ScoringError, match="'a' is in two chains"):
        chains.renamed([["a"], ["b"]], {"b": "a"})


def test_a_mention_without_words_is_refused() -> None:
    with pytest.raises(ScoringError, match="no words"):
        chains.mention_overlap([{1}], [set()])
    with pytest.raises(ScoringError, match="nan"):
        chains.mention_overlap([{math.nan}], [])


# ---- what must hold


@st.composite
def partitions(draw: st.DrawFn, most: int = 7) -> Partition:
    """Up to `most` of ten mentions, in any chains."""
    mentions = draw(st.lists(st.sampled_from("abcdefghij"), unique=True, max_size=most))
    held: dict[int, list[str]] = {}
    for mention in mentions:
        held.setdefault(draw(st.integers(0, 3)), []).append(mention)
    return list(held.values())


def scores(found: Any) -> tuple[float, float, float]:
    return found.recall, found.precision, found.f1


@pytest.mark.parametrize("metric", METRICS)
@settings(deadline=None)
@given(chains_=partitions())
def test_a_key_against_itself_is_full(metric: str, chains_: Partition) -> None:
    """Where there is anything to find: MUC has no links in chains of one mention."""
    found = METRICS[metric](chains_, chains_)
    assert scores(found) == pytest.approx((1, 1, 1) if found.defined else (0, 0, 0))
    assert found.defined is any(len(chain) > 1 for chain in chains_) if metric == "MUC" else found.defined is bool(chains_)


@pytest.mark.parametrize("metric", METRICS)
@settings(deadline=None)
@given(key=partitions(), response=partitions())
def test_swapping_sides_swaps_precision_and_recall(metric: str, key: Partition, response: Partition) -> None:
    one, two = METRICS[metric](key, response), METRICS[metric](response, key)
    assert (one.recall, one.precision, one.f1) == pytest.approx((two.precision, two.recall, two.f1))
    assert all(0 <= score <= 1 for score in scores(one))


@pytest.mark.parametrize("metric", METRICS)
@settings(deadline=None)
@given(key=partitions(), response=partitions(), data=st.data())
def test_names_and_order_change_nothing(metric: str, key: Partition, response: Partition, data: st.DataObject) -> None:
    names = dict(zip("abcdefghij", data.draw(st.permutations(range(10))), strict=True))
    mixed = [[names[mention] for mention in data.draw(st.permutations(chain))] for chain in data.draw(st.permutations(response))]
    found = METRICS[metric]([[names[mention] for mention in chain] for chain in key], mixed)
    assert scores(found) == pytest.approx(scores(METRICS[metric](key, response)))


@pytest.mark.parametrize("metric", METRICS)
@settings(deadline=None)
@given(key=partitions(), response=partitions(), where=st.integers(0, 4))
def test_a_wrong_mention_never_raises_precision(metric: str, key: Partition, response: Partition, where: int) -> None:
    more = [list(chain) for chain in response]
    if where < len(more):
        more[where].append("wrong")
    else:
        more.append(["wrong"])
    assert METRICS[metric](key, more).precision <= METRICS[metric](key, response).precision + 1e-12
    assert METRICS[metric](key, more).recall <= METRICS[metric](key, response).recall + 1e-12


@settings(deadline=None)
@given(key=partitions(), response=partitions())
def test_scores_are_those_of_the_definitions(key: Partition, response: Partition) -> None:
    """Each metric as its paper writes it: over mentions, links, and every assignment."""
    found = chains.score(key, response)
    ones, twos = [frozenset(chain) for chain in key], [frozenset(chain) for chain in response]
    assert found.muc.recall == pytest.approx(muc_recall(ones, twos))
    assert found.b_cubed.recall == pytest.approx(b_cubed_recall(ones, twos))
    assert found.lea.recall == pytest.approx(lea_recall(ones, twos))
    assert found.ceaf_m.matched == pytest.approx(best_of(ones, twos, lambda one, two: len(one & two)))
    assert found.ceaf_e.matched == pytest.approx(best_of(ones, twos, lambda one, two: 2 * len(one & two) / (len(one) + len(two))))
    blanc = [Counts(len(one), len(two), len(one & two)) for one, two in zip(links(ones), links(twos), strict=True)]
    assert [found.blanc.coreferent, found.blanc.apart] == blanc


Chain = frozenset[Hashable]


def muc_recall(key: list[Chain], response: list[Chain]) -> float:
    parts = [sum(1 for other in response if chain & other) + len(chain.difference(*response)) for chain in key]
    needed = sum(len(chain) - 1 for chain in key)
    return sum(len(chain) - part for chain, part in zip(key, parts, strict=True)) / needed if needed else 0.0


def b_cubed_recall(key: list[Chain], response: list[Chain]) -> float:
    shares = [
        len(chain & next((other for other in response if mention in other), frozenset())) / len(chain) for chain in key for mention in chain
    ]
    return sum(shares) / len(shares) if shares else 0.0


def lea_recall(key: list[Chain], response: list[Chain]) -> float:
    total = sum(map(len, key))
    return sum(len(chain) * _resolved(chain, response) for chain in key) / total if total else 0.0


def _resolved(chain: Chain, response: list[Chain]) -> float:
    own = _own_links(chain)
    return sum(len(own & _own_links(other)) for other in response) / len(own)


def _own_links(chain: Chain) -> set[Chain]:
    """Pairs of its mentions; of a single one, itself."""
    return {frozenset(pair) for pair in combinations(chain, 2)} or {chain}


def best_of(key: list[Chain], response: list[Chain], worth: Callable[[Chain, Chain], float]) -> float:
    few, many = sorted((key, response), key=len)
    return max(sum(worth(one, two) for one, two in zip(few, chosen, strict=True)) for chosen in permutations(many, len(few)))


def links(side: list[Chain]) -> tuple[set[Chain], set[Chain]]:
    """The pairs of mentions of one chain, and of different chains."""
    within = {frozenset(pair) for chain in side for pair in combinations(chain, 2)}
    return within, {frozenset(pair) for pair in combinations(frozenset[Hashable]().union(*side), 2)} - within


# ---- the reader of the published cases


def conllu(*entities: str) -> str:
    words = (entity.split(" ") if " " in entity else (str(place), entity) for place, entity in enumerate(entities, 1))
    return "# newdoc id = d\n" + "".join(
        "\t".join([name, *"________", f"Entity={entity}" if entity else "_"]) + "\n" for name, entity in words
    )


def test_the_reader_knows_nesting_parts_and_zeros() -> None:
    text = conllu("(e1-x-1-(e2-x-1-", "e2)", "e1)", "(e3[1/2]-x-1-)", "(e1-x-1-)", "(e3[2/2]-x-1-", "e3[2/2])", "7.1 (e1-x-1-)")
    words = {place: f"1 0 {place}" for place in ("1", "2", "3", "4", "5", "6", "7", "7.1")}

    def mention(*places: str) -> frozenset[str]:
        return frozenset(words[place] for place in places)

    expected = [[mention("1", "2")], [mention("1", "2", "3"), mention("5")], [mention("4", "6", "7")]]
    assert corefud.chains(text) == expected
    expected[1].append(mention("7.1"))
    assert corefud.chains(text, keep_zeros=True) == expected


def test_the_reader_refuses_what_never_closes() -> None:
    with pytest.raises(AssertionError, match="never closed"):
        corefud.chains(conllu("(e1-x-1-", ""))
