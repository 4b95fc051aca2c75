"""Confirms draft layers: a reader has read and corrected them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qantar.errors import UnknownName
from qantar.store.folder import Folder

if TYPE_CHECKING:
    from qantar.records import DocumentLine


def accept(folder: Folder, document: str, layers: Sequence[str] = ()) -> tuple[str, ...]:
    """Takes the mark off `layers` of a document (default: off all its drafts); returns those that had it.

    Rewrites documents.jsonl: a canonical line a document, in id order. Raises UnknownName, InvalidCorpus where a line
    cannot be read, OutputError.
    """
    lines = {line.id: line for line in folder.lines()}
    if document not in lines:
        raise UnknownName("document", document, lines)
    line = lines[document]
    covered = [entry.layer for entry in line.coverage]
    for layer in layers:
        if layer not in covered:
            raise UnknownName(f"annotated layer of {document!r}", layer, covered)
    accepted = tuple(entry.layer for entry in line.coverage if entry.draft and (not layers or entry.layer in layers))
    if accepted:
        lines[document] = _confirmed(line, accepted)
        folder.write_documents(lines.values())
    return accepted


def _confirmed(line: DocumentLine, layers: Sequence[str]) -> DocumentLine:
    import msgspec

    coverage = tuple(msgspec.structs.replace(entry, draft=None) if entry.layer in layers else entry for entry in line.coverage)
    return msgspec.structs.replace(line, coverage=coverage)
