"""How near the proposed zones and stretches come to the annotated ones of the corpus. Run: python benchmarks/proposals.py.

Words after it: the folder of another corpus; -v to list the spans that differ. The rules were written with the corpus's pages in
view: the figures say how well plain rules hold them, not what other pages will give. Kind and language are scored per character,
zones, stretches and sentences as spans with their label, exactly.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qantar.corpus import Corpus
from qantar.propose.languages import languages
from qantar.propose.segments import segments
from qantar.propose.sentences import sentences
from qantar.resources import data_dir
from qantar.store import Folder

Spans = set[tuple[int, int, str]]


@dataclass(frozen=True, slots=True)
class Score:
    """How many characters or spans of a layer are right, of those proposed and of those annotated."""

    layer: str
    measure: str
    right: int
    proposed: int
    gold: int
    missed: Spans
    added: Spans

    @property
    def precision(self) -> float:
        """Share of the proposed that is right; 1 where nothing was proposed."""
        return self.right / self.proposed if self.proposed else 1.0

    @property
    def recall(self) -> float:
        """Share of the annotated that was found; 1 where nothing was annotated."""
        return self.right / self.gold if self.gold else 1.0


def scores(document: Any, corpus: Corpus) -> Iterator[Score]:
    """The scores of a document, on those layers that were annotated."""
    tags = corpus.settings.languages
    zones = segments(document.text, lang=document.lang, languages=tags, kinds=corpus.registry.ontology.labels("segment-kind")) or []
    held = [(zone["start"], zone["end"], zone["lang"]) for zone in zones]
    if document.segments is not None:
        for field in ("kind", "lang"):
            gold = {(zone.start, zone.end, getattr(zone, field)) for zone in document.segments}
            yield characters(field, gold, {(zone["start"], zone["end"], zone[field]) for zone in zones}, len(document.text))
        gold = {(zone.start, zone.end, zone.kind) for zone in document.segments}
        yield spans("segments", gold, {(zone["start"], zone["end"], zone["kind"]) for zone in zones})
    if document.languages is not None:
        found = languages(document.text, held, languages=tags)
        gold = {(span.start, span.end, one.lang) for one in document.languages for span in one.spans}
        yield spans("languages", gold, {(span["start"], span["end"], one["lang"]) for one in found for span in one["spans"]})
    if document.sentences is not None:
        gold = {(one.start, one.end, "") for one in document.sentences}
        yield spans("sentences", gold, {(one.start, one.end, "") for one in sentences(document.text, held)})


def spans(layer: str, gold: Spans, mine: Spans) -> Score:
    """Spans that are exactly right."""
    return Score(layer, "spans", len(gold & mine), len(mine), len(gold), gold - mine, mine - gold)


def characters(field: str, gold: Spans, mine: Spans, size: int) -> Score:
    """Characters with the right label of zones."""
    right = sum(one == two for one, two in zip(labels(gold, size), labels(mine, size), strict=True))
    return Score("segments", field, right, size, size, set(), set())


def labels(zones: Iterable[tuple[int, int, str]], size: int) -> list[str | None]:
    """The label of each character."""
    found: list[str | None] = [None] * size
    for start, end, label in zones:
        found[start:end] = [label] * (end - start)
    return found


def main() -> None:
    """Prints a line for each document, layer and measure."""
    named = [word for word in sys.argv[1:] if word != "-v"]
    corpus = Folder(Path(named[0]) if named else data_dir("corpus")).read()
    print(f"{'document':<22} {'layer':<10} {'measure':<8} {'right':>6} {'proposed':>9} {'gold':>6} {'P':>6} {'R':>6}")
    for document in corpus.documents.values():
        for score in scores(document, corpus):
            counts = f"{score.right:>6} {score.proposed:>9} {score.gold:>6} {score.precision:>6.3f} {score.recall:>6.3f}"
            print(f"{document.id:<22} {score.layer:<10} {score.measure:<8} {counts}")
            for sign, rest in (("-", score.missed), ("+", score.added)) if "-v" in sys.argv else ():
                for span in sorted(rest):
                    print(f"    {sign} {span}")


if __name__ == "__main__":
    main()
