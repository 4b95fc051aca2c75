"""Gives sentences and tokens to text that was put in: what no sentence, or no token, of the moved layer holds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any

import msgspec

from qantar.align.atoms import Pair
from qantar.align.rewritten import likeness
from qantar.errors import SettingsError
from qantar.propose.segments import Zone
from qantar.reanchoring.partitions import remedy
from qantar.reanchoring.plan import Ledger, Move, Refusal
from qantar.reanchoring.texts import Texts, read

LAYER = "sentences"
_EITHER = "was put in between it and the sentence before, and may belong to either"


def with_new_words(
    sentences: Sequence[Any], file: str, texts: Texts, ledger: Ledger, *, zones: Sequence[Zone], covered: Sequence[Pair], ids: Iterator[str]
) -> list[Any]:
    """The sentences, longer where text was put into their line, and new ones, so that each new word lies in a token.

    `zones` are those of the new text, `covered` the parts of it that the layer was annotated for; new sentences take the next of `ids`.
    """
    gaps = [gap for gap in _gaps(sentences, len(texts.new)) if _is_new(gap, covered, texts)]
    found = list(sentences)
    if gaps:
        from qantar.propose.sentences import sentences as propose

        proposed = [(one.start, one.end) for one in propose(texts.new, zones)]
        found = _fill(sentences, gaps, proposed, file, texts, ledger, ids)
    return [_with_tokens(one, file, texts, ledger, zones) for one in found]


def _gaps(records: Sequence[Any], length: int) -> Iterator[Pair]:
    edges = [0, *(edge for one in records for edge in (one.start, one.end)), length]
    yield from ((start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end)


def _is_new(gap: Pair, covered: Sequence[Pair], texts: Texts) -> bool:
    at = bisect_right(covered, gap[0], key=itemgetter(1))  # the first part that ends after the gap begins
    return at < len(covered) and covered[at][0] < gap[1] and texts.alignment.inserted(*gap)


def _fill(
    sentences: Sequence[Any], gaps: Sequence[Pair], proposed: Sequence[Pair], file: str, texts: Texts, ledger: Ledger, ids: Iterator[str]
) -> list[Any]:
    """The words of gaps go to the sentences that were proposed there, or to a neighbour that a proposed one joins them to.

    Sentences, gaps and proposals are in order, and none overlaps another of its kind: one pass.
    """
    found, new = list(sentences), []
    ending = {one.end: at for at, one in enumerate(sentences)}
    beginning = {one.start: at for at, one in enumerate(sentences)}
    for gap, (start, end) in _meeting(gaps, proposed):
        if not texts.new[max(start, gap[0]) : min(end, gap[1])].strip():
            continue
        before = ending.get(gap[0]) if start < gap[0] else None
        after = beginning.get(gap[1]) if gap[1] < end else None
        if before is not None and after is not None:
            ledger.refused.append(_undecided(found[after], file, texts, ledger, gap))
        elif before is not None:
            found[before] = _longer(found[before], found[before].start, end, file, texts, ledger)
        elif after is not None:
            found[after] = _longer(found[after], start, found[after].end, file, texts, ledger)
        else:
            new.append(_new(start, end, next(ids), file, texts, ledger))
    return sorted([*found, *new], key=lambda one: one.start)


def _meeting(gaps: Sequence[Pair], proposed: Sequence[Pair]) -> Iterator[tuple[Pair, Pair]]:
    """Each gap with each proposal that shares text with it; both in order."""
    first = 0
    for gap in gaps:
        while first < len(proposed) and proposed[first][1] <= gap[0]:
            first += 1
        at = first
        while at < len(proposed) and proposed[at][0] < gap[1]:
            yield gap, proposed[at]
            at += 1


def _undecided(sentence: Any, file: str, texts: Texts, ledger: Ledger, gap: Pair) -> Refusal:
    move = ledger.of(sentence.id, file)
    line, old = (move.line, move.old) if move is not None else (None, ())
    return Refusal(
        file,
        line,
        sentence.id,
        "$",
        "ambiguous",
        old,
        read(texts.old, old),
        f"{texts.new[slice(*gap)].strip()!r} {_EITHER}",
        remedy(LAYER, texts),
    )


def _longer(sentence: Any, start: int, end: int, file: str, texts: Texts, ledger: Ledger) -> Any:
    """The sentence over more text; its move says so."""
    move = ledger.of(sentence.id, file)
    if move is not None:
        score = likeness(" ".join(read(texts.old, move.old).split()), " ".join(texts.new[start:end].split()))
        ledger.change(move, replace(move, new=((start, end),), status="changed", score=score))
    return msgspec.structs.replace(sentence, start=start, end=end)


def _new(start: int, end: int, name: str, file: str, texts: Texts, ledger: Ledger) -> Any:
    ledger.add(Move(file, None, name, "$", "added", (), ((start, end),), 0.0, None, texts.new[start:end]))
    return _record({"id": name, "start": start, "end": end, "tokens": []}, texts)


def _record(body: dict[str, Any], texts: Texts) -> Any:
    try:
        return texts.registry.records(LAYER, [body])[0]
    except msgspec.ValidationError as error:
        fact = f"The layer {LAYER!r} of this corpus wants more of new words than their place: {error}."
        raise SettingsError(fact, "Take the words that were put in out of the new text, or the layer out of the coverage.") from error


def _with_tokens(sentence: Any, file: str, texts: Texts, ledger: Ledger, zones: Sequence[Zone]) -> Any:
    """The sentence with tokens for the new words in it that have none."""
    made = [pair for hole in _holes(sentence) if texts.alignment.inserted(*hole) for pair in _tokens(hole, texts, zones)]
    if not made:
        return sentence
    body = {"id": sentence.id, "start": sentence.start, "end": sentence.end, "tokens": [{"start": a, "end": b} for a, b in made]}
    move = ledger.of(sentence.id, file)
    line = None if move is None else move.line
    for pair in made if line is not None else ():
        ledger.add(Move(file, line, sentence.id, "$.tokens", "added", (), (pair,), 0.0, "", texts.new[slice(*pair)]))
    tokens = sorted([*sentence.tokens, *_record(body, texts).tokens], key=lambda token: (token.start, token.end))
    return msgspec.structs.replace(sentence, tokens=tuple(tokens))


def _holes(sentence: Any) -> Iterator[Pair]:
    """What lies between the tokens of a sentence, and before and after them."""
    edges = [sentence.start, *(edge for token in sentence.tokens for edge in (token.start, token.end)), sentence.end]
    return ((start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end)


def _tokens(hole: Pair, texts: Texts, zones: Sequence[Zone]) -> Iterator[Pair]:
    from qantar.propose.tokens import tokens

    lang = next(lang for start, end, lang in zones if start <= hole[0] < end)
    return ((hole[0] + start, hole[0] + end) for start, end in tokens(texts.new[slice(*hole)], lang))
