"""Reads the chains of a CorefUD file, as far as the published test cases of coreference scorers need (CorefUD 1.0, `Entity=`)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

#: A bracket of a mention: its chain with its part, and whether it opens, closes, or both.
_BRACKET = re.compile(r"(?P<opens>\()?(?P<name>[^()-]+)(?:-[^()]*)?(?P<closes>\))?")
#: A part of a discontinuous mention: `e1[1/2]`.
_PART = re.compile(r"(.+)\[(\d+)/(\d+)\]")

Mention = frozenset[str]


def chains(text: str, *, keep_zeros: bool = False) -> list[list[Mention]]:
    """The chains, each mention the words that it covers (`document sentence word`); what a chain holds twice counts once.

    Without `keep_zeros`, mentions of nothing but empty nodes (`1.1`) are left out.
    """
    found = defaultdict[str, dict[Mention, None]](dict)
    for chain, words in _mentions(text):
        if keep_zeros or not all("." in word.rsplit(" ", 1)[1] for word in words):
            found[chain][words] = None
    return [list(mentions) for mentions in found.values()]


def _mentions(text: str) -> Iterator[tuple[str, Mention]]:
    """(chain, words); a discontinuous mention where its last part ends."""
    parts = defaultdict[str, Mention](frozenset)
    for name, words in _runs(text):
        if part := _PART.fullmatch(name):
            parts[part[1]] |= words
            if part[2] == part[3]:
                yield part[1], parts.pop(part[1])
        else:
            yield name, words


def _runs(text: str) -> Iterator[tuple[str, Mention]]:
    """(chain with its part, words) of each bracketed run of words, where it ends; of equal ones the inner ends first."""
    open_: list[tuple[str, list[str]]] = []
    for word, entity in _words(text):
        brackets = list(_BRACKET.finditer(entity))
        open_ += [(bracket["name"], []) for bracket in brackets if bracket["opens"]]
        for _, words in open_:
            words.append(word)
        for name in [bracket["name"] for bracket in brackets if bracket["closes"]]:
            at = max(place for place, (opened, _) in enumerate(open_) if opened == name)
            yield name, frozenset(open_.pop(at)[1])
    assert not open_, f"never closed: {open_}"


def _words(text: str) -> Iterator[tuple[str, str]]:
    """(word, its Entity value) of every node."""
    document = sentence = 0
    for line in text.splitlines():
        document += line.startswith("# newdoc")
        sentence += not line.strip()
        columns = line.split("\t")
        if not line.startswith("#") and len(columns) == 10 and "-" not in columns[0]:
            entity = [value.removeprefix("Entity=") for value in columns[9].split("|") if value.startswith("Entity=")]
            yield f"{document} {sentence} {columns[0]}", "".join(entity)
