"""Which documents share text: whole paragraphs, or runs of words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Container, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from qantar.records import Document

#: Words in a run (a shingle).
RUN = 5
#: Characters from which a paragraph that two texts have counts by itself.
PARAGRAPH = 80
#: Runs that two texts must share at least, twelve words on end: a turn of phrase is shorter.
FEWEST = 8
#: Share of the smaller text's runs from which what two texts share is reuse.
SHARE = 0.1
#: The same, where many other texts have it too.
MOST = 0.5
#: Texts up to which a paragraph or run is taken for reuse; what stands in more is furniture of their pages, or a formula.
MANY = 10

Pair = tuple[str, str]
Held = TypeVar("Held", bound=Hashable)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two texts share: a paragraph, normalised (None where none is whole), and a share of the smaller one's runs, 0 to 1."""

    one: str
    two: str
    paragraph: str | None
    share: float


def story(document: Document, furniture: Container[str]) -> Iterator[str]:
    """The lines of a text, without the zones of its page that are of a kind of furniture."""
    zones = getattr(document, "segments", None)
    parts = [document.text] if zones is None else [document.text[zone.start : zone.end] for zone in zones if zone.kind not in furniture]
    return (line for part in parts for line in part.splitlines())


def overlaps(texts: Mapping[str, Iterable[str]]) -> list[Overlap]:
    """The pairs of texts that share text, ordered by name; each text is given as its paragraphs.

    Two texts do where, normalised, they have a paragraph of PARAGRAPH characters or more in common, or at least FEWEST runs of
    RUN words that make SHARE of those of the smaller one or more. This is containment (A. Broder, On the resemblance and containment
    of documents, 1997): resemblance, which is small where a long page takes in a short item, would miss it. Paragraphs
    and runs that more than MANY texts have do not count here; but texts that consist of them, as those of a much copied item
    do, overlap where they share MOST of the smaller one. Of so many copies, pairs are found that join them, not each pair.

    Time and space grow with the number of words.
    """
    lines = {name: [line for part in parts if (line := normalised(part))] for name, parts in texts.items()}
    runs = {name: frozenset(_runs(found)) for name, found in lines.items()}
    paragraphs = _paragraphs(lines)
    rare, frequent = _counts(runs)
    reused = {pair for pair, count in rare.items() if count >= max(FEWEST, SHARE * _smaller(runs, pair))}
    copied = {pair for pair in frequent if _shared(runs, pair) >= max(FEWEST, MOST * _smaller(runs, pair))}
    return [
        Overlap(*pair, paragraphs.get(pair), _shared(runs, pair) / max(_smaller(runs, pair), 1))
        for pair in sorted({*paragraphs, *reused, *copied})
    ]


def normalised(line: str) -> str:
    """The line after NFKC and case folding, with one space for every run of blanks and none at the edges."""
    return " ".join(unicodedata.normalize("NFKC", line).casefold().split())


def _runs(lines: Iterable[str]) -> Iterator[int]:
    """Hashes of every RUN words on end, punctuation apart."""
    words = _WORD.findall("\n".join(lines))
    return map(hash, zip(*(words[start:] for start in range(RUN)), strict=False))


def _paragraphs(texts: Mapping[str, Iterable[str]]) -> dict[Pair, str]:
    """The first long paragraph that a pair shares, by pair."""
    long = {name: dict.fromkeys(line for line in lines if len(line) >= PARAGRAPH) for name, lines in texts.items()}
    found: dict[Pair, str] = {}
    for line, names in _holders(long).items():
        if len(names) <= MANY:
            for pair in combinations(names, 2):
                found.setdefault(pair, line)
    return found


def _counts(runs: Mapping[str, Iterable[int]]) -> tuple[Counter[Pair], set[Pair]]:
    """How many runs pairs share that few texts have; and the pairs that share FEWEST or more with the first of many texts."""
    rare, all_ = Counter[Pair](), Counter[Pair]()
    for names in _holders(runs).values():
        if len(names) <= MANY:
            rare.update(combinations(names, 2))
        else:
            all_.update((names[0], name) for name in names[1:])
    return rare, {pair for pair, count in all_.items() if count + rare[pair] >= FEWEST}


def _holders(texts: Mapping[str, Iterable[Held]]) -> dict[Held, list[str]]:
    """The texts that have a thing, in order of name, for each thing that several have."""
    found = defaultdict[Held, list[str]](list)
    for name in sorted(texts):
        for thing in texts[name]:
            found[thing].append(name)
    return {thing: names for thing, names in found.items() if len(names) > 1}


def _smaller(runs: Mapping[str, frozenset[int]], pair: Pair) -> int:
    return min(len(runs[name]) for name in pair)


def _shared(runs: Mapping[str, frozenset[int]], pair: Pair) -> int:
    one, two = pair
    return len(runs[one] & runs[two])
