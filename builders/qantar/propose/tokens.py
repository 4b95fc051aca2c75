"""Tokens of a stretch of text: spaCy's tokenizer of the language, and what corpus/guidelines/sentences.md asks beyond it."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from qantar.propose.abbreviations import abbreviation
from qantar.propose.letters import language

if TYPE_CHECKING:
    from spacy.language import Language

Pair = tuple[int, int]

#: Their tokenizers need packages that spaCy does not bring. What is proposed must not depend on what else is installed.
_NEED_MORE = frozenset({"ja", "ko", "th", "vi"})
_LONGEST = 250
_CHUNK = re.compile(r"\S+")
_SYMBOL = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_SKIN = "\U0001f3fb-\U0001f3ff"
_PART = rf"[{_SYMBOL}][\ufe0e\ufe0f]?[{_SKIN}]?"
#: An emoji: a flag (two letters), a keycap, or symbols with variation selector, skin tone, joiner and tags (UTS #51).
EMOJI = rf"[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|{_PART}(?:\u200d{_PART})*[\U000e0020-\U000e007f]*"
# What begins with a run of letters or digits looks for it at the run's beginning only: long runs are read once.
_WHOLE = re.compile(
    rf"""{EMOJI}
    | (?<![0-9])[0-9]+(?:[.,:][0-9]+)+                 # 513.7  1,9  13:00
    | (?<![A-Z])[A-Z]{{2,}}/[A-Z]{{2,}}                # USD/KZT
    | (?:км|м|мг|г|ц)/(?:сағ|сек|час|год|ч|с|л|га)(?!\w)
    | %-\w+ | °[CFKСК](?!\w)(?:-\w+)?                  # %-ға  °С
    | (?:(?<![\w-])(?<!\w['’ʼ])|(?<=^-)|(?<=\s-))(?=[\w-]*[^\W\d_])\w+(?:['’ʼ]\w+)*(?:-\w+(?:['’ʼ]\w+)*)+(?!\w)   # Telegram-канал, 2022-го; not 2010-2015
    """,
    re.VERBOSE,
)
_EMOJI = re.compile(EMOJI)
#: Languages that write an apostrophe inside a word, where others join two words by it.
_APOSTROPHES = frozenset({"uk", "ru", "be", "kk"})
_APOSTROPHE = re.compile(r"(?<!\w)\w+(?:['’ʼ]\w+)+")
_APART = re.compile(
    r"""[«»“”„"()\[\]{}!?;|•%‰№§/] | \.{3,} | … | (?<![0-9])[,:] | [,:](?![0-9])
    | (?<!\S)-(?=\w)                                   # the dash of a list, written as a hyphen
    | [$€£¥₸₽₴₺₿] """,
    re.VERBOSE,
)


def tokens(text: str, lang: str) -> list[Pair]:
    """(start, end) of the tokens, in order: all characters but white space lie in exactly one.

    `lang` is a BCP-47 tag; languages that spaCy does not know, or not without further packages, get its multi-language tokenizer.
    """
    found: list[Pair] = []
    cuts = _cuts(text, lang)
    for chunk in _CHUNK.finditer(text):
        edges = [chunk.start(), *cuts[bisect_right(cuts, chunk.start()) : bisect_left(cuts, chunk.end())], chunk.end()]
        found += pairwise(edges)
    return found


def _cuts(text: str, lang: str) -> list[int]:
    """Offsets where a token begins or ends, in order."""
    edges, links = _spacy_edges(text, lang)
    short = [match.span() for match in abbreviation(lang).finditer(text)]
    whole = [*links, *(match.span() for match in _WHOLE.finditer(text)), *short]
    if language(lang) in _APOSTROPHES:
        whole += (match.span() for match in _APOSTROPHE.finditer(text))
    apart = [match.span() for pattern in (_APART, _EMOJI) for match in pattern.finditer(text)]
    edges.update(edge for span in (*apart, *short) for edge in span)
    edges.difference_update(cut for start, end in whole for cut in range(start + 1, end))
    return sorted(cut for cut in edges if not _joins(text, cut))


def _joins(text: str, cut: int) -> bool:
    """Whether the character after the cut belongs to the one before it: an accent, a variation selector, a joiner."""
    return 0 < cut < len(text) and (unicodedata.category(text[cut]).startswith("M") or text[cut] == "\u200d")


def _spacy_edges(text: str, lang: str) -> tuple[set[int], list[Pair]]:
    """Edges of spaCy's tokens, and which of its tokens are addresses of the net."""
    edges: set[int] = set()
    links: list[Pair] = []
    tokenizer = _pipeline(language(lang)).tokenizer
    for start, end in _parts(text):
        spans = [
            (start + token.idx, start + token.idx + len(token), token.like_url or token.like_email) for token in tokenizer(text[start:end])
        ]
        edges.update(edge for first, last, _ in spans for edge in (first, last) if edge not in (start, end))
        links += ((first, last) for first, last, link in spans if link)
    return edges, links


def _parts(text: str) -> Iterator[Pair]:
    """What spaCy gets at a time: its time grows with the square of a run without blanks, so longer ones are cut, and their cuts forgotten."""
    start = 0
    for chunk in _CHUNK.finditer(text):
        for cut in range(chunk.start() + _LONGEST, chunk.end(), _LONGEST):
            yield start, cut
            start = cut
    yield start, len(text)


@lru_cache(maxsize=8)
def _pipeline(code: str) -> Language:
    import spacy

    try:
        return spacy.blank("xx" if code in _NEED_MORE else code)
    except ImportError:  # how spaCy says that it does not know the language
        return spacy.blank("xx")
