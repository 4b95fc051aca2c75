"""Proposed sentences and tokens beside the gold of this repository's corpus, by language of the zone. Run: python benchmarks/sentences.py.

A sentence or token counts as found where its start and end are those of the gold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from qantar.propose.sentences import sentences
from qantar.store import Folder
from tally import Spans, Tally, compare

if TYPE_CHECKING:
    from qantar.records import Document, Segment, Sentence

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
#: Document, language, sentences or tokens.
Key = tuple[str, str, str]


def measure(corpus: Path = CORPUS) -> dict[Key, Tally]:
    """Counts for each document that has gold sentences, each language of its zones, and both kinds of span."""
    totals: dict[Key, Tally] = defaultdict(Tally)
    for document in Folder(corpus).read().documents.values():
        if document.sentences is not None:
            for language, kind, tally in _compared(document):
                totals[document.id, language, kind] += tally
    return dict(totals)


def _compared(document: Document) -> Iterator[tuple[str, str, Tally]]:
    found = sentences(document.text, [(zone.start, zone.end, zone.lang) for zone in document.segments])
    for zone in document.segments:
        ours, gold = _inside(found, zone), _inside(document.sentences, zone)
        yield zone.lang, "sentences", compare(_ends(ours), _ends(gold))
        yield zone.lang, "tokens", compare(*(_ends(token for one in some for token in one.tokens) for some in (ours, gold)))


def _inside(found: Iterable[Sentence], zone: Segment) -> list[Sentence]:
    return [sentence for sentence in found if zone.start <= sentence.start < zone.end]


def _ends(records: Iterable[object]) -> Spans:
    return {(record.start, record.end) for record in records}  # type: ignore[attr-defined]


def main() -> None:
    """Prints a line for each."""
    for (document, language, kind), tally in sorted(measure().items()):
        print(f"{document:20} {language:4} {kind:9} {tally.gold:4}  {tally}")


if __name__ == "__main__":
    main()
