"""Draws docs/frame.svg: one sentence of the corpus with its mentions, a trigger and its roles. Run: python docs/make_figure.py."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import qantar
from qantar.resources import data_dir

DOCUMENT, EVENT = "000-akimat-fire", "ворвались"
SIZE, ADVANCE, LEFT, BASE = 15, 9.03, 24, 95  # a monospaced face: every character is ADVANCE wide
COLOURS = {"GROUP": "#4477aa", "GPE": "#228833", "FAC": "#aa6633", "ORG": "#aa3377"}


def figure() -> str:
    """The figure as SVG text."""
    corpus = qantar.open_store(data_dir("corpus")).read()  # type: ignore[union-attr]
    document: Any = corpus.documents[DOCUMENT]
    event = next(event for event in document.events if event.quote == EVENT)
    sentence = next(one for one in document.sentences if one.start <= event.spans[0].start < one.end)
    text = document.text[sentence.start : sentence.end]
    mentions = [one for one in document.entities if sentence.start <= one.spans[0].start and one.spans[-1].end <= sentence.end]
    width = int(2 * LEFT + ADVANCE * len(text))

    def at(offset: int) -> float:
        return LEFT + ADVANCE * (offset - sentence.start)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="175" viewBox="0 0 {width} 175" font-family="DejaVu Sans Mono, Menlo, monospace">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    parts += _arcs(event, {one.id: one for one in mentions}, at)
    start, end = at(event.spans[0].start), at(event.spans[-1].end)
    parts.append(f'<rect x="{start - 2:.1f}" y="{BASE - 16}" width="{end - start + 4:.1f}" height="21" rx="3" fill="#ffdd88"/>')
    parts.append(f'<text x="{LEFT}" y="{BASE}" font-size="{SIZE}" textLength="{ADVANCE * len(text):.1f}">{escape(text)}</text>')
    parts.append(_label((start + end) / 2, BASE + 20, f"{event.type.split('.', 1)[1]} · {event.aspect} · {event.factuality}", "#996600"))
    parts += _mentions(mentions, event, at)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _arcs(event: Any, mentions: dict[str, Any], at: Any) -> list[str]:
    """Roles over the text, from the trigger to each filler that stands in the sentence."""
    parts = []
    centre = (at(event.spans[0].start) + at(event.spans[-1].end)) / 2
    for argument in event.arguments:
        if argument.target in mentions:
            filler = mentions[argument.target]
            x = (at(filler.spans[0].start) + at(filler.spans[-1].end)) / 2
            top = BASE - 30 - abs(x - centre) * 0.16
            parts.append(
                f'<path d="M{centre:.1f} {BASE - 20} C{centre:.1f} {top:.1f} {x:.1f} {top:.1f} {x:.1f} {BASE - 20}" fill="none" stroke="#888"/>'
            )
            parts.append(_label((x + centre) / 2, 0.75 * top + 0.25 * (BASE - 20) - 5, argument.role, "#444"))
    return parts


def _mentions(mentions: list[Any], event: Any, at: Any) -> list[str]:
    """A bar under each mention, nested ones higher; its type below."""
    parts = []
    rows: list[list[tuple[int, int]]] = []
    for one in sorted(mentions, key=lambda one: (one.spans[0].start - one.spans[-1].end, one.spans[0].start)):
        start, end = one.spans[0].start, one.spans[-1].end
        level = next((n for n, row in enumerate(rows) if all(end <= a or b <= start for a, b in row)), len(rows))
        rows[level : level + 1] = [[*(rows[level] if level < len(rows) else ()), (start, end)]]
        y = BASE + 34 + 24 * level
        colour = COLOURS.get(one.type.split(".")[0], "#666666")
        parts.append(f'<rect x="{at(start):.1f}" y="{y}" width="{at(end) - at(start):.1f}" height="4" rx="2" fill="{colour}"/>')
        parts.append(_label((at(start) + at(end)) / 2, y + 15, one.type, colour))
    return parts


def _label(x: float, y: float, text: str, colour: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="11" text-anchor="middle" fill="{colour}">{escape(text)}</text>'


if __name__ == "__main__":
    Path(__file__).with_name("frame.svg").write_text(figure(), encoding="utf-8")
