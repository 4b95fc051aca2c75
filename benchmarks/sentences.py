"""Proposed sentences, tokens, lemmas and classes beside the gold of this repository's corpus. Run: python benchmarks/sentences.py.

A sentence or token counts as found where its start and end are those of the gold, by language of the zone. Lemmas and classes are
compared on the gold's own tokens.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace
from qantar.propose.drafts import stretches_of, zones_of
from qantar.propose.morphology import with_morphology
from qantar.propose.sentences import sentences
from qantar.store import Folder
from tally import Spans, Tally, compare

if TYPE_CHECKING:
    from qantar.records import Document, Segment, Sentence, Token

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
#: Document, language, sentences or tokens.
Key = tuple[str, str, str]
#: Documents measured together: those that the word lists were written beside, and those that they were not.
MORPHOLOGY = (
    (("000-akimat-fire", "001-akimat-captured"), "ru"),
    (("002-wednesday-storm", "004-aktobe-live"), "ru"),
    (("003-almaty-clashes",), "uk"),
)


@dataclass(frozen=True, slots=True)
class Morphology:
    """Tokens, and how many of them have the gold's lemma and part of speech."""

    tokens: int
    lemmas: int
    classes: int

    def __str__(self) -> str:
        return f"{self.tokens} tokens: lemma {self.lemmas / self.tokens:.1%}, part of speech {self.classes / self.tokens:.1%}"


def measure(corpus: Path = CORPUS) -> dict[Key, Tally]:
    """Counts for each document that has gold sentences, each language of its zones, and both kinds of span."""
    totals: dict[Key, Tally] = defaultdict(Tally)
    for document in Folder(corpus).read().documents.values():
        if document.sentences is not None:
            for language, kind, tally in _compared(document):
                totals[document.id, language, kind] += tally
    return dict(totals)


def _compared(document: Document) -> Iterator[tuple[str, str, Tally]]:
    found = sentences(document.text, zones_of(document))
    for zone in document.segments:
        ours, gold = _inside(found, zone), _inside(document.sentences, zone)
        yield zone.lang, "sentences", compare(_ends(ours), _ends(gold))
        yield zone.lang, "tokens", compare(*(_ends(token for one in some for token in one.tokens) for some in (ours, gold)))


def _inside(found: Iterable[Sentence], zone: Segment) -> list[Sentence]:
    return [sentence for sentence in found if zone.start <= sentence.start < zone.end]


def _ends(records: Iterable[object]) -> Spans:
    return {(record.start, record.end) for record in records}  # type: ignore[attr-defined]


def measure_morphology(names: Iterable[str], lang: str, corpus: Path = CORPUS) -> Morphology:
    """Tokens in zones of one language of these documents, and how many have the gold's lemma, and its class."""
    documents = Folder(corpus).read().documents
    pairs = [pair for name in names for pair in _pairs(documents[name], lang)]
    return Morphology(
        len(pairs), sum(ours.lemma == gold.lemma for ours, gold in pairs), sum(ours.upos == gold.upos for ours, gold in pairs)
    )


def _pairs(document: Document, lang: str) -> list[tuple[Token, Token]]:
    zones = [zone for zone in zones_of(document) if zone[2] == lang]
    gold = [sentence for sentence in document.sentences if any(start <= sentence.start < end for start, end, _ in zones)]
    made = with_morphology(document.text, map(_bare, gold), zones, stretches=stretches_of(document))
    return [pair for ours, theirs in zip(made, gold, strict=True) for pair in zip(ours.tokens, theirs.tokens, strict=True)]


def _bare(sentence: Sentence) -> Sentence:
    """The sentence without lemmas and classes, which would be kept."""
    return replace(sentence, tokens=tuple(replace(token, lemma=None, upos=None) for token in sentence.tokens))


def main() -> None:
    """Prints a line for each."""
    for (document, language, kind), tally in sorted(measure().items()):
        print(f"{document:20} {language:4} {kind:9} {tally.gold:4}  {tally}")
    for names, lang in MORPHOLOGY:
        print(f"{' and '.join(name[:3] for name in names):11} {lang}  {measure_morphology(names, lang)}")


if __name__ == "__main__":
    main()
