"""Level 5: what was typed has no white space around it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from qantar.document import follow, layer
from qantar.rules.finding import Context, Finding

if TYPE_CHECKING:
    from qantar.records import Document

_REMEDY = "Remove it: searches and comparisons take it for another word."


def untrimmed_text(document: Document, context: Context) -> Iterator[Finding]:
    """A text that was typed begins or ends with white space."""
    for name, pattern in context.registry.typed:
        if name is None:
            yield from _untrimmed(None, None, None, document, pattern)
        else:
            for index, record in enumerate(layer(document, name) or ()):
                if _is_untrimmed(record, pattern):  # most are not: paths are made for those that are
                    yield from _untrimmed(name, index, record, record, pattern)


def _is_untrimmed(node: Any, pattern: tuple[str, ...]) -> bool:
    for number, step in enumerate(pattern):
        if node is None:
            return False
        if step == "*":
            return any(_is_untrimmed(item, pattern[number + 1 :]) for item in node)
        node = getattr(node, step)
    return node is not None and node != node.strip()


def _untrimmed(name: str | None, index: int | None, record: Any, root: Any, pattern: tuple[str, ...]) -> Iterator[Finding]:
    for path, text in follow(root, pattern):
        if text is not None and text != text.strip():
            yield Finding(name, index, record, path, f"{text!r} has white space at its edge", _REMEDY)
