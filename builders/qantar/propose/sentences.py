"""Sentences of a text with their tokens, after corpus/guidelines/sentences.md: a draft of the layer `sentences`."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from qantar.propose.abbreviations import abbreviation, may_end
from qantar.propose.letters import CAPITAL, CYRILLIC_SMALL
from qantar.propose.segments import Zone
from qantar.propose.tokens import EMOJI, tokens

if TYPE_CHECKING:
    from qantar.records import Sentence

#: Final punctuation that follows a word, with what closes a quotation or bracket.
_FINAL = re.compile(r"(?<=[^\s.?!…])(?:[.?!]+|…)[»”“\"’')\]]*(?=(\s*))")
_OPENS = re.compile(rf"(?:[-–—]\s+)?[«„“\"‘'(\[]*(?:{CAPITAL}|[0-9]|{EMOJI})")
_GLUED = re.compile(rf"[{CYRILLIC_SMALL}]{{2}}[.?!…]+[»”\")\]]*$")
_QUOTED = re.compile(r"«[^«»]*»|“[^“”]*”|„[^„“”]*[“”]|\"[^\"]*\"")
_WORDS_OF_A_NAME = 5
_LONGEST_NUMBER = 3


def sentences(text: str, zones: Iterable[Zone]) -> list[Sentence]:
    """The sentences of a text, in order, with tokens but without lemmas; their ids count up from `S1`.

    `zones` are in text order and do not overlap; where a text has none, give the whole text and its language. Each character of a zone
    that is not white space lies in one token. Raises ValueError on zones that overlap or lie outside the text.
    """
    from qantar.records import Sentence, Token

    found = [
        (start, [Token(start=start + a, end=start + b) for a, b in tokens(text[start:end], lang)])
        for zone in _checked(text, zones)
        for start, end, lang in _sentences(text, *zone)
    ]
    return [
        Sentence(id=f"S{number}", start=start, end=words[-1].end, tokens=tuple(words)) for number, (start, words) in enumerate(found, 1)
    ]


def _checked(text: str, zones: Iterable[Zone]) -> list[Zone]:
    listed = list(zones)
    edges = [0, *(edge for start, end, _ in listed for edge in (start, end)), len(text)]
    if any(later < earlier for earlier, later in pairwise(edges)):
        raise ValueError("zones overlap, are out of order or lie outside the text")
    return listed


def _sentences(text: str, start: int, end: int, lang: str) -> Iterator[Zone]:
    """(start, end, lang) of the sentences of a zone, without the blanks around them."""
    for line in text[start:end].splitlines(keepends=True):
        for first, last in pairwise([0, *_borders(line, lang), len(line)]):
            sentence = line[first:last]
            if sentence.strip():
                left = start + first + len(sentence) - len(sentence.lstrip())
                yield left, left + len(sentence.strip()), lang
        start += len(line)


def _borders(line: str, lang: str) -> Iterator[int]:
    """Where a sentence of the line begins, but for the first."""
    short = {match.end(): match.group() for match in abbreviation(lang).finditer(line)}
    names = list(_names(line))
    starts = [start for start, _ in names]
    first = len(line) - len(line.lstrip())
    for final in _FINAL.finditer(line):
        begin = final.end() + len(final[1])
        point = final.start() + 1
        numbered = final.start() - first <= _LONGEST_NUMBER and line[first : final.start()].isdigit() and final[0] == "."  # «1. Текст»
        kept = numbered or (point in short and final[0].startswith(".") and not may_end(short[point]))
        before = bisect_left(starts, final.start()) - 1  # the last name that begins before: names do not overlap
        named = before >= 0 and final.start() < names[before][1] - 1
        if not kept and not named and _begins(line, final, begin):
            yield begin
            first = begin


def _begins(line: str, final: re.Match[str], begin: int) -> bool:
    """Whether what follows final punctuation begins a sentence."""
    opens = _OPENS.match(line, begin)
    if opens is None or final[1]:
        return opens is not None
    return (
        bool(_GLUED.search(line[max(0, final.end() - 20) : final.end()]))
        and line[begin : begin + 2].istitle()
        and not line[begin].isascii()
    )


def _names(line: str) -> Iterator[tuple[int, int]]:
    """Quotations that are a name («"Раньше всех. Ну почти"»): short, inside a sentence, and not what somebody said."""
    for quoted in _QUOTED.finditer(line):
        before = quoted.start()
        while before and line[before - 1].isspace():
            before -= 1
        if before and line[before - 1] not in ".?!…:,–—-" and len(quoted.group().split()) <= _WORDS_OF_A_NAME:
            yield quoted.span()
