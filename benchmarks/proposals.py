"""How near the proposed zones and stretches come to the annotated ones of the corpus. Run: python benchmarks/proposals.py.

The rules were written with these pages in view: the figures say how well plain rules hold them, not what other pages will give.
Kind and language are scored per character. Zones and stretches are scored as spans (start, end, label), exactly.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from qantar.propose.languages import languages
from qantar.propose.segments import segments
from qantar.propose.sentences import sentences
from qantar.resources import data_dir
from qantar.store import Folder

Spans = set[tuple[int, int, str]]


def main() -> None:
    """Prints a line for each document, and for the annotated ones together."""
    corpus = Folder(Path(sys.argv[1]) if len(sys.argv) > 9 else data_dir("corpus")).read()
    kinds, tags = corpus.registry.ontology.labels("segment-kind"), corpus.settings.languages
    print(f"{'document':<22} {'layer':<10} {'measure':<10} {'right':>7} {'proposed':>9} {'gold':>7}")
    for document in corpus.documents.values():
        zones = segments(document.text, lang=document.lang, languages=tags, kinds=kinds) or []
        size = len(document.text)
        for field in ("kind", "lang"):
            gold = labels(((zone.start, zone.end, getattr(zone, field)) for zone in document.segments or ()), size)
            mine = labels(((zone["start"], zone["end"], zone[field]) for zone in zones), size)
            right = sum(one == two for one, two in zip(gold, mine, strict=True))
            line(document.id, "segments", field, right, size, size)
        gold_zones = {(zone.start, zone.end, zone.kind) for zone in document.segments or ()}
        spans(document.id, "segments", gold_zones, {(zone["start"], zone["end"], zone["kind"]) for zone in zones})
        held = [(zone["start"], zone["end"], zone["lang"]) for zone in zones]
        if document.languages is not None:
            found = languages(document.text, held, languages=tags)
            gold = {(span.start, span.end, one.lang) for one in document.languages for span in one.spans}
            spans(document.id, "languages", gold, {(span["start"], span["end"], one["lang"]) for one in found for span in one["spans"]})
        if document.sentences is not None:
            cut = sentences(document.text, held)
            gold = {(one.start, one.end, "") for one in document.sentences}
            spans(document.id, "sentences", gold, {(one["start"], one["end"], "") for one in cut})


def labels(zones: Iterable[tuple[int, int, str]], size: int) -> list[str | None]:
    """The label of each character."""
    found: list[str | None] = [None] * size
    for start, end, label in zones:
        found[start:end] = [label] * (end - start)
    return found


def spans(document: str, layer: str, gold: Spans, mine: Spans) -> None:
    """Prints how many spans are exactly right."""
    line(document, layer, "spans", len(gold & mine), len(mine), len(gold))
    if "-v" in sys.argv:
        for sign, rest in (("-", gold - mine), ("+", mine - gold)):
            for span in sorted(rest):
                print("   ", sign, span)


def line(document: str, layer: str, measure: str, right: int, proposed: int, gold: int) -> None:
    """Prints one row, with precision and recall."""
    precision, recall = (f"{right / whole:.3f}" if whole else "–" for whole in (proposed, gold))
    print(f"{document:<22} {layer:<10} {measure:<10} {right:>7} {proposed:>9} {gold:>7}  P {precision}  R {recall}")


if __name__ == "__main__":
    main()
