"""Level 5: documents.jsonl says of each text where it is from, and what its dates count from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qantar.rules.finding import Context, Finding

if TYPE_CHECKING:
    from qantar.records import Document

#: What a basis of null leaves open, and what to do, by field.
_OPEN = {
    "anchor": (
        "nobody has said how the date that relative times count from is known",
        "Say in documents.jsonl what date the text was written or published on and how that is known, or that nothing shows it.",
    ),
    "rights": (
        "nobody has said where the text is from, and how its rights are known",
        "Say in documents.jsonl where the text is from, who holds the rights, and how that is known.",
    ),
}


def missing_basis(document: Document, context: Context) -> Iterator[Finding]:
    """The basis of the rights, or of the date that relative times count from, is null."""
    for field, (open_, remedy) in _OPEN.items():
        if getattr(document, field).basis is None:
            yield Finding(None, None, None, (field, "basis"), f"`{field}.basis` of {document.id!r} is null: {open_}", remedy)
