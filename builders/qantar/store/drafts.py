"""Puts a layer of one document into a corpus folder: its file, whole, and its place in the coverage."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from qantar.decode import split
from qantar.errors import LayerExists, OutputError, SettingsError, SourceError, UnknownName
from qantar.store.folder import DOCUMENTS, Folder
from qantar.store.gate import Gate, encode

if TYPE_CHECKING:
    from qantar.records import DocumentLine


def write_layer(folder: Folder, document: str, layer: str, records: Iterable[Any], *, draft: bool) -> Path:
    """Writes the layer's file and lists the layer, for the whole text, in the document's line; returns the file.

    The other lines of documents.jsonl keep their bytes. The line is written first: after an interruption the layer is listed as
    a draft without a file, and the same call mends it.

    Raises UnknownName (document or layer), LayerExists where the layer is there and is no draft, SettingsError where the corpus's own
    schema of the layer refuses the records, SourceError, OutputError.
    """
    if layer not in folder.registry.layers:
        raise UnknownName("layer", layer, folder.registry.layers)
    path = folder.root / "annotations" / layer / f"{document}.jsonl"
    if not path.resolve().is_relative_to(folder.root.resolve()):
        raise SourceError(f"{path} leads outside the corpus.", "Put the folder itself there.")
    body = _lines(folder, layer, records)
    catalogue = _with_coverage(folder, document, layer, path, draft=draft)
    _write_whole(folder.root / DOCUMENTS, catalogue)
    _write_whole(path, body)
    return path


def _lines(folder: Folder, layer: str, records: Iterable[Any]) -> bytes:
    own = folder.registry.record_type(f"layers/{layer}")
    try:
        return b"".join(encode(msgspec.convert(msgspec.to_builtins(record), own)) + b"\n" for record in records)
    except msgspec.ValidationError as error:
        remedy = "The schema that the corpus brings for the layer must take these records."
        raise SettingsError(f"The layer {layer!r} of this corpus takes other records: {error}.", remedy) from error


def _with_coverage(folder: Folder, document: str, layer: str, path: Path, *, draft: bool) -> bytes:
    """The bytes of documents.jsonl with the layer in the document's coverage."""
    gate = Gate(folder.registry, "corpus/documents")
    lines, known = [], []
    for number, line in split((folder.root / DOCUMENTS).read_bytes()):
        entry, _ = gate.line(line, DOCUMENTS, number)
        known.append(entry.id if entry is not None else "")
        lines.append(encode(_covered(folder, entry, layer, path, draft=draft)) if entry is not None and entry.id == document else line)
    if document not in known:
        raise UnknownName("document", document, known)
    return b"".join(line + b"\n" for line in lines)


def _covered(folder: Folder, line: DocumentLine, layer: str, path: Path, *, draft: bool) -> DocumentLine:
    """The document's line with the layer listed in the order of the corpus's layers."""
    listed = next((entry for entry in line.coverage if entry.layer == layer), None)
    if (listed is None and path.exists()) or (listed is not None and not listed.draft):
        raise LayerExists(layer, line.id, path)
    coverage = [msgspec.to_builtins(entry) for entry in line.coverage if entry.layer != layer]
    order = folder.registry.layers.index(layer)
    place = sum(entry["layer"] in folder.registry.layers[:order] for entry in coverage)
    coverage.insert(place, {"layer": layer, "zones": None, **({"draft": True} if draft else {})})
    return msgspec.convert({**msgspec.to_builtins(line), "coverage": coverage}, type(line))


def _write_whole(path: Path, data: bytes) -> None:
    parts = path.with_name(f".{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        parts.write_bytes(data)
        parts.replace(path)
    except OSError as error:
        raise OutputError(path, error) from error
    finally:
        parts.unlink(missing_ok=True)
