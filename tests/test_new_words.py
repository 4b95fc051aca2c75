"""New words go to sentences in one pass over gaps and proposals: as if every gap had asked every proposal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qantar.align import align
from qantar.reanchoring import new_words
from qantar.reanchoring.plan import Ledger, Move
from qantar.reanchoring.texts import Texts
from qantar.settings import read_settings
from tiny import write_corpus

Pair = tuple[int, int]
FILE = "annotations/sentences/one.jsonl"
_LETTERS = st.text("ab. ", min_size=1, max_size=30)


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Any:
    root: Path = tmp_path_factory.mktemp("tiny") / "corpus"
    write_corpus(root)
    return read_settings(root)[1]


def _asked_one_by_one(
    sentences: Sequence[Any], gaps: Sequence[Pair], proposed: Sequence[Pair], texts: Texts, ledger: Ledger, ids: Iterator[str]
) -> list[Any]:
    """The definition: each gap looks at each proposal, and at each sentence as it has become, for its neighbours."""
    found = list(sentences)
    for gap in gaps:
        for start, end in proposed:
            if not texts.new[max(start, gap[0]) : min(end, gap[1])].strip():
                continue
            before = next((at for at, one in enumerate(found) if one.start < one.end == gap[0] and start < gap[0]), None)
            after = next((at for at, one in enumerate(found) if one.start == gap[1] < end), None)
            if before is not None and after is not None:
                ledger.refused.append(new_words._undecided(found[after], FILE, texts, ledger, gap))
            elif before is not None:
                found[before] = new_words._longer(found[before], found[before].start, end, FILE, texts, ledger)
            elif after is not None:
                found[after] = new_words._longer(found[after], start, found[after].end, FILE, texts, ledger)
            else:
                found.append(new_words._new(start, end, next(ids), FILE, texts, ledger))
        found.sort(key=lambda one: one.start)
    return found


@st.composite
def _pairs(draw: st.DrawFn, length: int) -> list[Pair]:
    """Spans in order that do not overlap; they may touch."""
    edges = sorted(draw(st.sets(st.integers(0, length), max_size=12)))
    spans = list(pairwise(edges))
    kept = draw(st.lists(st.booleans(), min_size=len(spans), max_size=len(spans)))
    return [span for span, keep in zip(spans, kept, strict=True) if keep]


@given(st.data())
def test_one_pass_gives_what_asking_every_proposal_would(registry: Any, data: st.DataObject) -> None:
    text = data.draw(_LETTERS)
    spans = data.draw(_pairs(len(text)))
    sentences = [
        new_words._record({"id": f"S{at}", "start": a, "end": b, "tokens": []}, _texts("", "", registry)) for at, (a, b) in enumerate(spans)
    ]
    gaps = list(new_words._gaps(sentences, len(text)))
    some = [gap for gap in gaps if data.draw(st.booleans())]
    proposed = data.draw(_pairs(len(text)))
    texts = _texts(text, text, registry)
    outcomes = []
    for fill in (_asked_one_by_one, _filled):
        ledger = Ledger()
        for one in sentences:
            ledger.add(Move(FILE, 1, one.id, "$", "same", ((one.start, one.end),), ((one.start, one.end),)))
        outcomes.append((fill(sentences, some, proposed, texts, ledger, (f"N{n}" for n in count())), ledger))
    assert outcomes[0] == outcomes[1]


def _texts(old: str, new: str, registry: Any) -> Texts:
    return Texts("one", old, new, align(old, new), registry)


def _filled(
    sentences: Sequence[Any], gaps: Sequence[Pair], proposed: Sequence[Pair], texts: Texts, ledger: Ledger, ids: Iterator[str]
) -> list[Any]:
    return new_words._fill(sentences, gaps, proposed, FILE, texts, ledger, ids)
