"""Proposes sentences and tokens."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_LINE = re.compile(r"[^\n]+")
_TOKEN = re.compile(r"\w+|\S")

Zone = tuple[int, int, str]


def sentences(text: str, zones: Iterable[Zone]) -> list[dict[str, Any]]:
    """Records of the layer `sentences`: a line of a zone, blanks apart, is one; its tokens are words, else single characters.

    `zones` are (start, end, lang), in text order.
    """
    lines = [line.span() for start, end, _ in zones for line in _LINE.finditer(text, start, end)]
    found = [[{"start": token.start(), "end": token.end()} for token in _TOKEN.finditer(text, *line)] for line in lines]
    return [
        {"id": f"S{number}", "start": tokens[0]["start"], "end": tokens[-1]["end"], "tokens": tokens}
        for number, tokens in enumerate(filter(None, found), 1)
    ]
