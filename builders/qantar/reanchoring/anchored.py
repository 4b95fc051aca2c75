"""Moves lists of spans: of records that quote them, of what they speak of, and of the sides of alignments."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from qantar.align import Located
from qantar.reanchoring.plan import Ledger, Move, Refusal, status_of
from qantar.reanchoring.texts import Spans, Texts, pairs, read

_PUT_BACK = "Take its line out of the file, run this again with --write, then put the line back with the place that is meant"
_JOIN = "Take its line out of the file, run this again with --write, then put the line back as one span"
_GONE = "Take its line out of the file, then run this again."


def move_records(layer: str, records: Sequence[Any], file: str, texts: Texts, ledger: Ledger) -> list[Any]:
    """The records of a layer with their `spans`, `quote` and content in the new text; one that is refused stays as it is."""
    moved = []
    for line, record in enumerate(records, 1):
        made = record
        if texts.anchor(layer) == "spans":
            made = move_quoted(made, (file, line, record.id, "$"), texts, ledger)
        if (content := texts.content(layer)) is not None and getattr(record, content):
            made = _move_content(made, content, (file, line, record.id, f"$.{content}"), texts, ledger)
        moved.append(made)
    return moved


def move_quoted(record: Any, place: tuple[str, int, str, str], texts: Texts, ledger: Ledger) -> Any:
    """A record with `spans` and `quote`, moved; `place` is its file, line, id and path."""
    old = pairs(record.spans)
    new = _move(old, record.quote, place, texts, ledger, quoted=True)
    if new is None:
        return record
    return msgspec.structs.replace(record, spans=_spans(record.spans, new), quote=read(texts.new, new))


def _move_content(record: Any, name: str, place: tuple[str, int, str, str], texts: Texts, ledger: Ledger) -> Any:
    old = pairs(getattr(record, name))
    new = _move(old, read(texts.old, old), place, texts, ledger, quoted=False)
    return record if new is None else msgspec.structs.replace(record, **{name: _spans(getattr(record, name), new)})


def _spans(spans: Sequence[Any], new: Spans) -> tuple[Any, ...]:
    return tuple(msgspec.structs.replace(span, start=start, end=end) for span, (start, end) in zip(spans, new, strict=True))


def _move(old: Spans, quote: str, place: tuple[str, int, str, str], texts: Texts, ledger: Ledger, *, quoted: bool) -> Spans | None:
    """The new spans, entered as a move; None where there are none, entered as a refusal."""
    located = [texts.locate(*span) for span in old]
    new = tuple(one.span for one in located if one.span is not None)
    if len(new) < len(old):
        ledger.refused.append(_refusal(old, quote, located, place, texts, quoted=quoted))
        return None
    if fault := _order(new, apart=quoted):
        candidate = ((new[0][0], new[-1][1]),) if new[0][0] < new[-1][1] else ()
        ledger.refused.append(_entry("ambiguous", old, quote, fault, _JOIN + ".", place, texts, (candidate,) if candidate else ()))
        return None
    now = read(texts.new, new)
    status = status_of(old, new, located, quotes=(quote, now) if quoted else ("", ""))
    quotes = (quote, now) if quoted else (None, None)
    ledger.add(Move(*place, status, old, new, min(one.score for one in located), *quotes))
    return new


def _order(spans: Spans, *, apart: bool) -> str | None:
    for one, two in pairwise(spans):
        if two[0] < one[1]:
            return "its fragments are no longer in order"
        if apart and two[0] == one[1]:
            return "nothing lies between its fragments any more"
    return None


def _refusal(old: Spans, quote: str, located: list[Located], place: tuple[str, int, str, str], texts: Texts, *, quoted: bool) -> Refusal:
    at = next(index for index, one in enumerate(located) if one.span is None)
    fault = next((one for one in located if one.status == "ambiguous"), located[at])
    fragment = f"of its fragment {old[at][0]}–{old[at][1]}: " if len(old) > 1 else ""
    if fault.status == "lost":
        return _entry("lost", old, quote, fragment + fault.reason, _GONE, place, texts)
    candidates = tuple(_candidates(located))
    shown = ""
    if candidates and quoted:
        forms = [_json(spans, read(texts.new, spans)) for spans in candidates]
        shown = ": " + " or ".join(forms)
    return _entry("ambiguous", old, quote, fragment + fault.reason, f"{_PUT_BACK}{shown}.", place, texts, candidates)


def _candidates(located: list[Located]) -> Iterator[Spans]:
    """What the spans may be, where only one of them is in doubt."""
    doubtful = [index for index, one in enumerate(located) if one.span is None]
    if len(doubtful) == 1:
        for candidate in located[doubtful[0]].candidates:
            found = tuple(candidate if index == doubtful[0] else one.span for index, one in enumerate(located))
            yield tuple(span for span in found if span is not None)


def _entry(
    status: Any,
    old: Spans,
    quote: str,
    reason: str,
    remedy: str,
    place: tuple[str, int, str, str],
    texts: Texts,
    candidates: tuple[Spans, ...] = (),
) -> Refusal:
    return Refusal(*place, status, old, quote, reason, remedy, tuple((spans, read(texts.new, spans)) for spans in candidates))


def _json(spans: Spans, quote: str) -> str:
    """The fields as they stand in a line."""
    body = {"spans": [{"start": start, "end": end} for start, end in spans], "quote": quote}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))[1:-1]
