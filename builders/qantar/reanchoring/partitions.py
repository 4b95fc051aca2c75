"""Moves records that divide a text: zones, sentences, layers of one's own with `start` and `end`, and their parts, as tokens."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from qantar.align import Located
from qantar.align.atoms import Pair
from qantar.reanchoring.borders import Placed, settle
from qantar.reanchoring.plan import Ledger, Move, Refusal
from qantar.reanchoring.texts import Texts

_AGAIN = "Take its line out of the file, run this again with --write, then put the line back with the place that is meant"
_BORDER = f"{_AGAIN}; its neighbour must begin where it ends, and end where it begins."
_ANEW = "Take its line out of the file, then run this again: the words that stand there now get a sentence of their own."
_TOKENS = "Take it out of the line, then run this again: what stands there now gets tokens of its own."
_PART = "Take it out of the line, run this again with --write, then put it back with the place that is meant."


def move_partition(layer: str, records: Sequence[Any], file: str, texts: Texts, ledger: Ledger, *, needed: Container[str]) -> list[Any]:
    """The records of a layer in the new text, in its order, with their parts; those whose text was deleted are left out.

    `needed` are the ids that other records refer to: such a record is refused where its text was deleted.
    """
    before = len(ledger.refused)
    placed = sorted(_placed(layer, records, file, texts, ledger, needed), key=lambda one: one.words)
    refused = [entry.line - 1 for entry in ledger.refused[before:] if entry.line is not None]
    for one, two in pairwise(placed):
        if two.words[0] < one.words[1]:
            entry = _refusal(two, file, texts, f"it would overlap {one.record.id} in the new text", remedy(layer, texts), ())
            ledger.refused.append(entry)
    if not makes_tokens(layer, texts):
        ledger.refused += _settled(placed, records, file, texts, refused)
    return [_moved(layer, one, file, texts, ledger) for one in placed]


def _settled(placed: Sequence[Placed], records: Sequence[Any], file: str, texts: Texts, refused: Sequence[int]) -> Iterator[Refusal]:
    """Gives neighbours their common border; refuses those that have none."""
    for one, *borders in settle(placed, records, texts, refused=refused):
        reason = "text was put in at its border, on lines of its own, and may belong to it or not"
        first = one is not placed[-1] or borders[1] != len(texts.new)
        places = [(border, one.end) if first else (one.start, border) for border in borders]
        yield _refusal(one, file, texts, reason, _BORDER, tuple(places))


def remedy(layer: str, texts: Texts) -> str:
    """How to go on after a record of a partition was refused."""
    return _ANEW if makes_tokens(layer, texts) else _AGAIN + "."


def makes_tokens(layer: str, texts: Texts) -> bool:
    """Whether new text gets records and tokens: of the layer whose tokens must hold every word."""
    return layer == "sentences" and "tokens" in texts.parts(layer)


def _placed(layer: str, records: Sequence[Any], file: str, texts: Texts, ledger: Ledger, needed: Container[str]) -> Iterator[Placed]:
    for index, record in enumerate(records):
        words = _words_of(record, texts)
        found = texts.locate(*words)
        if found.span is not None:
            whole = texts.locate(record.start, record.end).span or found.span
            yield Placed(index, record, found.span, *whole, found.score, found.status == "changed")
        elif found.status == "lost" and record.id not in needed:
            span = ((record.start, record.end),)
            ledger.add(Move(file, index + 1, record.id, "$", "removed", span, (), 0.0))
        else:
            ledger.refused.append(_unplaced(layer, index, record, file, texts, found))


def _words_of(record: Any, texts: Texts) -> Pair:
    """A record's extent without the white space around its words; with it, where it has no words."""
    text = texts.old[record.start : record.end]
    if not text.strip():
        return record.start, record.end
    return record.start + len(text) - len(text.lstrip()), record.start + len(text.rstrip())


def _unplaced(layer: str, index: int, record: Any, file: str, texts: Texts, found: Located) -> Refusal:
    reason = f"{found.reason}, and other records refer to it" if found.status == "lost" else found.reason
    entry = Placed(index, record, (0, 0), record.start, record.end, 0.0, changed=True)
    return _refusal(entry, file, texts, reason, remedy(layer, texts), found.candidates, status=found.status)


def _refusal(
    one: Placed, file: str, texts: Texts, reason: str, how: str, places: tuple[Pair, ...], *, status: Any = "ambiguous"
) -> Refusal:
    record = one.record
    candidates = tuple(((place,), texts.new[slice(*place)]) for place in places)
    quote = texts.old[record.start : record.end]
    return Refusal(file, one.index + 1, record.id, "$", status, ((record.start, record.end),), quote, reason, how, candidates)


def _moved(layer: str, one: Placed, file: str, texts: Texts, ledger: Ledger) -> Any:
    record = one.record
    old, new = (record.start, record.end), (one.start, one.end)
    status: Any = "changed" if one.changed else "same" if old == new else "moved"
    ledger.add(Move(file, one.index + 1, record.id, "$", status, (old,), (new,), one.score))
    parts = {name: tuple(_parts(layer, name, one, file, texts, ledger)) for name in texts.parts(layer) if getattr(record, name)}
    return msgspec.structs.replace(record, start=one.start, end=one.end, **parts)


# ---- parts


def _parts(layer: str, name: str, one: Placed, file: str, texts: Texts, ledger: Ledger) -> Iterator[Any]:
    """The parts that have a place, in the order of the new text; those whose words changed keep only their place."""
    found = []
    for number, part in enumerate(getattr(one.record, name)):
        place = (file, one.index + 1, one.record.id, f"$.{name}[{number}]")
        located = texts.locate(part.start, part.end)
        old, quote = ((part.start, part.end),), texts.old[part.start : part.end]
        now = "" if located.span is None else texts.new[slice(*located.span)]
        if located.status == "lost":
            ledger.add(Move(*place, "removed", old, (), 0.0, quote, ""))
        elif (
            located.span is None or len(now.split()) != len(quote.split()) or not one.start <= located.span[0] < located.span[1] <= one.end
        ):
            ledger.refused.append(_part_refusal(layer, place, old, quote, located, texts))
        else:
            found.append(_part(part, located, place, quote, now, ledger))
    yield from sorted(found, key=lambda part: (part.start, part.end))


def _part(part: Any, located: Located, place: tuple[str, int, str, str], quote: str, now: str, ledger: Ledger) -> Any:
    start, end = located.span or (0, 0)
    if located.status == "changed":
        ledger.add(Move(*place, "changed", ((part.start, part.end),), ((start, end),), located.score, quote, now))
        try:
            return type(part)(start=start, end=end)
        except TypeError:  # a schema of one's own may want more of each part: it is kept as it was, and listed
            return msgspec.structs.replace(part, start=start, end=end)
    return msgspec.structs.replace(part, start=start, end=end)


def _part_refusal(layer: str, place: tuple[str, int, str, str], old: Any, quote: str, located: Located, texts: Texts) -> Refusal:
    how = _TOKENS if makes_tokens(layer, texts) else _PART
    reason = located.reason or "what became of it is no single word of its record any more"
    spans = located.candidates or ((located.span,) if located.span else ())
    candidates = tuple(((span,), texts.new[slice(*span)]) for span in spans)
    return Refusal(*place, "ambiguous", old, quote, reason, how, candidates)
