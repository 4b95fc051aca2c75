"""Triggers and arguments, identified, classified, attached; and fillers that a chain makes equal."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qantar.errors import ScoringError
from qantar.scoring import Counts, frames
from qantar.scoring.frames import Frame

KEY = [
    Frame("Attack", (10, 15), (("attacker", (0, 5)), ("target", (20, 25)))),
    Frame("Attack", (40, 45), (("place", (50, 55)),)),
    Frame("Arrest", (60, 65)),
]
RESPONSE = [
    Frame("Attack", (10, 15), (("attacker", (0, 5)), ("place", (20, 25)))),  # one role wrong
    Frame("Attack", (30, 35), (("place", (50, 55)),)),  # the argument of another trigger
    Frame("Trial", (60, 65), (("defendant", (0, 5)),)),  # one type wrong
]


def test_counts_by_hand() -> None:
    assert frames.score(KEY, RESPONSE).named() == {
        "Tri-I": Counts(3, 3, 2),
        "Tri-C": Counts(3, 3, 1),
        "Arg-I": Counts(3, 4, 3),
        "Arg-C": Counts(3, 4, 2),
        "Arg-I+": Counts(3, 4, 2),
        "Arg-C+": Counts(3, 4, 1),
    }


def test_what_is_said_twice_counts_once() -> None:
    """Also where two events of one type have one argument: the keys of TextEE hold the type, not the trigger."""
    twice = [Frame("Attack", (1, 2), (("place", (5, 6)),) * 2), Frame("Attack", (3, 4), (("place", (5, 6)),)), Frame("Attack", (1, 2))]
    found = frames.score(twice, [])
    assert found.trigger_classified.key == 2
    assert found.argument_classified.key == 1
    assert found.attached_classified.key == 2


def test_events_without_a_trigger_count_for_arguments() -> None:
    implied = [Frame("Attack", None, (("place", (5, 6)),))]
    found = frames.score(implied, implied)
    assert found.trigger_identified == Counts(0, 0, 0)
    assert found.argument_classified == found.attached_classified == Counts(1, 1, 1)


CHAINS = [[(0, 5), (70, 72)], [(20, 25), (80, 85)]]


@pytest.mark.parametrize(
    ("filler", "exact", "with_chains"),
    [((0, 5), 1, 1), ((70, 72), 0, 1), ((80, 85), 0, 0), ((90, 95), 0, 0)],
)
def test_any_mention_of_the_chain_counts(filler: tuple[int, int], exact: int, with_chains: int) -> None:
    key, response = ([Frame("Attack", (10, 15), (("attacker", place),))] for place in ((0, 5), filler))
    assert frames.score(key, response).argument_classified.matched == exact
    found = frames.score(key, response, chains=CHAINS)
    assert found.argument_classified.matched == found.attached_classified.matched == with_chains
    assert found.argument_identified.matched == found.attached_identified.matched == with_chains


def test_two_mentions_of_one_chain_are_one_filler() -> None:
    both = [Frame("Attack", (10, 15), (("attacker", (0, 5)), ("attacker", (70, 72))))]
    assert frames.score(both, both).argument_classified == Counts(2, 2, 2)
    assert frames.score(both, both, chains=CHAINS).argument_classified == Counts(1, 1, 1)


def test_a_chain_equals_no_span() -> None:
    key, response = ([Frame("Attack", 9, (("target", place),))] for place in (1, 0))
    assert frames.score(key, response, chains=[[1, 2]]).argument_classified.matched == 0


def test_chains_say_nothing_about_triggers() -> None:
    one, two = [Frame("Attack", (0, 5))], [Frame("Attack", (70, 72))]
    assert frames.score(one, two, chains=CHAINS).trigger_identified.matched == 0


def test_documents_are_added() -> None:
    one = frames.score(KEY, RESPONSE)
    assert (one + one).named() == {name: counts + counts for name, counts in one.named().items()}


def test_what_cannot_be_scored_is_refused() -> None:
    with pytest.raises(ScoringError, match="in two chains"):
        frames.score(KEY, KEY, chains=[[(0, 5)], [(0, 5)]])
    with pytest.raises(ScoringError, match="A chain has no mentions"):
        frames.score(KEY, KEY, chains=[[]])
    with pytest.raises(ScoringError, match="nan"):
        frames.score([Frame("Attack", math.nan)], KEY)


places = st.integers(0, 3)
some_frames = st.lists(
    st.builds(Frame, st.sampled_from("AB"), st.none() | places, st.lists(st.tuples(st.sampled_from("xy"), places), max_size=3).map(tuple)),
    max_size=4,
)


@settings(deadline=None)
@given(key=some_frames, response=some_frames, chains=st.sampled_from([(), [[0, 1], [2]], [[0, 1, 2, 3]]]), data=st.data())
def test_laws(key: list[Frame], response: list[Frame], chains: Any, data: st.DataObject) -> None:
    found = frames.score(key, response, chains=chains)
    mixed = data.draw(st.permutations(key)), data.draw(st.permutations(response))
    assert frames.score(*mixed, chains=reversed(chains)) == found
    turned = frames.score(response, key, chains=chains).named().values()
    assert [Counts(one.response, one.key, one.matched) for one in turned] == list(found.named().values())
    assert all(counts.f1 == counts.defined for counts in frames.score(key, key, chains=chains).named().values())
    wrong = frames.score(key, [*response, Frame("wrong", 9, (("x", 9),))], chains=chains).named()
    assert all(counts.precision <= found.named()[name].precision for name, counts in wrong.items())
