"""`qantar explain`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby

from qantar.cli.layout import wrapped
from qantar.rules.catalogue import LEVELS, Explanation, codes, explain

_FIRM = "It cannot be switched off, and no record can be excused from it."


def explain_and_report(names: Sequence[str], *, as_json: bool) -> int:
    """Prints what the codes mean, or a line for every code where none is named. Raises UnknownName."""
    found = [explain(name) for name in names or codes()]
    if as_json:
        objects = [asdict(one) for one in found]
        lines = [json.dumps(objects[0] if len(names) == 1 else objects, ensure_ascii=False, indent=2)]
    else:
        lines = list(_in_full(found) if names else _listed(found))
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _listed(found: Sequence[Explanation]) -> Iterator[str]:
    """A line a code, by level."""
    room = max(len(one.code) for one in found)
    for level, group in groupby(found, key=lambda one: one.level):
        yield f"Level {level}, {LEVELS[level]}"
        yield from (f"    {one.code:<{room}}  {one.means}" for one in group)
        yield ""
    yield "`qantar explain CODE` says why, and how to mend it."


def _in_full(found: Sequence[Explanation]) -> Iterator[str]:
    for number, one in enumerate(found):
        if number:
            yield ""
        yield f"{one.code}: {one.severity}; level {one.level}, {LEVELS[one.level]}"
        yield from ("", *wrapped(one.means, indent=0), "", *wrapped(one.why, indent=0))
        yield from ("", "Wrong:", *_indented(one.bad), "Right:", *_indented(one.good), "")
        yield from _off(one)
        if one.guideline:
            yield from ("", f"Guideline of the installed corpus: guidelines/{one.guideline}")


def _off(one: Explanation) -> Iterator[str]:
    """How to switch it off, and how to excuse a record."""
    if one.firm:
        yield _FIRM
        return
    yield "To switch it off, write in corpus.toml:"
    yield from _indented(f'[[rules]]\ncode = "{one.code}"\nseverity = "off"\nreason = "…"')
    if one.about not in ("record", "document"):
        what = "the corpus as a whole" if one.about == "corpus" else "excuses"
        yield f"It is about {what}: no single record can be excused from it."
        return
    where = "its line of documents.jsonl" if one.about == "document" else "its line"
    yield f"To excuse one {one.about}, write in {where}:"
    yield from _indented(f'"ignore":[{{"code":"{one.code}","reason":"…"}}]')


def _indented(text: str) -> list[str]:
    return [f"    {line}" if line else "" for line in text.splitlines()]
