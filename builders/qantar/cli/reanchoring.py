"""`qantar reanchor`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

from qantar.cli.reporters import refuse
from qantar.errors import InvalidCorpus
from qantar.reanchoring import Move, Plan, Refusal, reanchor
from qantar.reanchoring.whose import versions
from qantar.store import Folder
from qantar.wording import number, printable

#: Characters of a quote that are shown.
_LONGEST = 60


def reanchor_and_report(old: Path, new: Path, corpus: Path | None, *, write: bool, as_json: bool) -> int:
    """Lists what becomes of every record of a document, and writes it if it was asked to and none is refused; 1 where one is."""
    folder = None if corpus is None else Folder(corpus)
    try:
        found = versions(old, new, corpus)
        folder = found.folder
        plan = reanchor(folder, found.document, found.new, old_text=found.old)
    except InvalidCorpus as error:
        if folder is None:  # only a corpus that was named is read before its document is known
            raise
        return refuse(error.problems, "moved", folder)
    written = write and not plan.refused
    if written:
        plan.write()
    for line in [json.dumps(_plain(plan, written), ensure_ascii=False, indent=2)] if as_json else report(plan, write=write):
        sys.stdout.write(line + "\n")
    return 1 if plan.refused else 0


def report(plan: Plan, *, write: bool) -> Iterator[str]:
    """Lines for people: by file what moves, a line each; then what is refused, with the remedy; then how it ended."""
    for file, moves in groupby(plan.moves, key=lambda move: move.file):
        yield from _file(file, list(moves))
    for refusal in plan.refused:
        yield from _refused(refusal)
    yield from _summary(plan, write=write)


def _file(file: str, moves: list[Move]) -> Iterator[str]:
    yield printable(file)
    for move in moves:
        if move.status != "same":
            yield printable(f"    {_move(move)}")
    if same := sum(move.status == "same" for move in moves):
        yield f"    {number(same, 'record')} as before"


def _move(move: Move) -> str:
    what = move.record if move.path == "$" else f"{move.record} {move.path}"
    places = [_places(spans) for spans in (move.old, move.new) if spans]
    shown = f"{what}{' ' if places else ''}{' -> '.join(places)} {move.status}"
    if move.status == "changed":
        shown += f" {_score(move.score)}"
    if move.old_quote != move.new_quote:
        shown += f": {' -> '.join(repr(_short(quote)) for quote in (move.old_quote, move.new_quote) if quote)}"
    return shown


def _score(score: float) -> str:
    """Two digits; what is not the same never reads 1.00."""
    return f"{min(score, 0.99):.2f}"


def _places(spans: Iterable[tuple[int, int]]) -> str:
    return ",".join(f"{start}–{end}" for start, end in spans)


def _short(quote: str) -> str:
    return quote if len(quote) <= _LONGEST else f"{quote[: _LONGEST - 1]}…"


def _refused(refusal: Refusal) -> Iterator[str]:
    line = "" if refusal.line is None else f":{refusal.line}"
    what = refusal.record if refusal.path == "$" else f"{refusal.record} {refusal.path}"
    where = f"{_places(refusal.old)} {_short(refusal.quote)!r}".strip() if refusal.old else ""
    yield printable(f"{refusal.file}{line}: {refusal.status} {what}{f' ({where})' if where else ''}: {refusal.reason}.")
    for spans, quote in refusal.candidates:
        yield printable(f"    perhaps {_places(spans)} {_short(quote)!r}")
    yield printable(f"    {refusal.remedy}")


def _summary(plan: Plan, *, write: bool) -> Iterator[str]:
    counts = {status: sum(move.status == status for move in plan.moves) for status in ("same", "moved", "changed", "removed", "added")}
    shown = ", ".join(f"{count} {'as before' if status == 'same' else status}" for status, count in counts.items() if count)
    refused = f"; {len(plan.refused)} refused" if plan.refused else ""
    yield f"{plan.document}: {shown or 'no records'}{refused}."
    if plan.refused:
        yield "Nothing was written: every record needs a sure place." if write else "Nothing was changed."
    elif write:
        yield f"Written: {number(len(plan.files), 'file')}. Read what changed, then `qantar check`."
    else:
        yield "Nothing was changed; --write writes it."


def _plain(plan: Plan, written: bool) -> dict[str, Any]:
    return {
        "document": plan.document,
        "written": written,
        "files": sorted(plan.files),
        "records": [_object(move) for move in plan.moves],
        "refused": [_object(refusal) for refusal in plan.refused],
    }


def _object(entry: Move | Refusal) -> dict[str, Any]:
    """The fields, with spans as in a record."""
    body = asdict(entry)
    for name in ("old", "new"):
        if name in body:
            body[name] = _spans(body[name])
    if "score" in body:
        body["score"] = round(entry.score if entry.score == 1 else min(entry.score, 0.9999), 4)  # type: ignore[union-attr]
    if "candidates" in body:
        body["candidates"] = [{"spans": _spans(spans), "quote": quote} for spans, quote in body["candidates"]]
    return body


def _spans(spans: Iterable[tuple[int, int]]) -> list[dict[str, int]]:
    return [{"start": start, "end": end} for start, end in spans]
