"""Confirms draft layers: a reader has read and corrected them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from qantar.checking import read_checked, refuse
from qantar.errors import SourceError, UnknownName
from qantar.problems import Problem
from qantar.store.folder import Folder
from qantar.store.layout import is_file_of

if TYPE_CHECKING:
    from qantar.records import DocumentLine


def accept(folder: Folder, document: str, layers: Sequence[str] = ()) -> tuple[str, ...]:
    """Takes the mark off `layers` of a document (default: off all its drafts); returns those that had it.

    The corpus is checked first. Rewrites documents.jsonl: a canonical line a document, in id order. Raises UnknownName,
    SourceError where a layer is a second document, InvalidCorpus where a line cannot be read or the document has errors (those of others do not matter),
    CorpusBusy, OutputError.
    """
    with folder.lock.held():
        return _accepted(folder, document, layers)


def _accepted(folder: Folder, document: str, layers: Sequence[str]) -> tuple[str, ...]:
    lines = {line.id: line for line in folder.lines()}
    if document not in lines:
        raise UnknownName("document", document, lines)
    line = lines[document]
    covered = [entry.layer for entry in line.coverage]
    for layer in layers:
        if layer not in covered:
            _refuse_second(document, layer, lines, folder.registry.layers)
            raise UnknownName(f"annotated layer of {document!r}", layer, covered)
    accepted = tuple(entry.layer for entry in line.coverage if entry.draft and (not layers or entry.layer in layers))
    if accepted:
        refuse(_errors_of(document, read_checked(folder)[1]))
        lines[document] = _confirmed(line, accepted)
        folder.write_documents(lines.values())
    return accepted


def _refuse_second(document: str, layer: str, lines: Container[str], layers: Container[str]) -> None:
    """Raises SourceError where the name of a layer is that of a document."""
    if layer in lines and layer not in layers:
        fact = f"{layer!r} is a document, no layer: accept takes one document at a time."
        raise SourceError(fact, f"Say `qantar accept {document}`, then `qantar accept {layer}`.")


def _errors_of(document: str, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Errors of the document's records, line and files."""
    for problem in problems:
        its = problem.document == document or (problem.place is not None and is_file_of(document, problem.place.file))
        if its and problem.severity == "error":
            yield problem


def _confirmed(line: DocumentLine, layers: Sequence[str]) -> DocumentLine:
    import msgspec

    coverage = tuple(msgspec.structs.replace(entry, draft=None) if entry.layer in layers else entry for entry in line.coverage)
    return msgspec.structs.replace(line, coverage=coverage)
