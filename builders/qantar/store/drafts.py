"""Puts a layer of one document into a corpus folder: its file, whole, and its place in the coverage."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from qantar.errors import LayerExists, SettingsError, UnknownName
from qantar.files import bytes_of
from qantar.store.folder import Folder
from qantar.store.layout import layer_file
from qantar.store.together import replace_together
from qantar.store.writing import lines_of

if TYPE_CHECKING:
    from qantar.records import DocumentLine


def write_layer(folder: Folder, document: str, layer: str, records: Iterable[Any], *, draft: bool, replace: bool = False) -> Path:
    """Writes the layer's file and lists the layer, for the whole text, in the document's line; returns the file.

    documents.jsonl is written first, canonically, where the line changes: after an interruption the layer is listed as a draft
    without a file, and the same call mends it. A draft that is there, and holds other records, gives way only with `replace`;
    its entry in the coverage then stays as it is, but for the mark.

    Raises UnknownName (document or layer), LayerExists where such a draft or a layer that is none is there, SettingsError where
    the corpus's own schema of the layer refuses the records, InvalidCorpus where documents.jsonl cannot be read, SourceError,
    CorpusBusy, OutputError.
    """
    if layer not in folder.registry.layers:
        raise UnknownName("layer", layer, folder.registry.layers)
    path = folder.path_of(layer_file(layer, document))
    body = _own(folder, layer, records)
    with folder.lock.held():
        lines = {line.id: line for line in folder.lines()}
        if document not in lines:
            raise UnknownName("document", document, lines)
        line = _covered(folder, lines[document], layer, path, draft=draft)
        if not replace and bytes_of(path) not in (None, lines_of(body)):
            raise LayerExists(layer, document, path, draft=True)
        if line != lines[document]:
            folder.write_documents((lines | {document: line}).values())
        replace_together({path: lines_of(body)})
    return path


def _own(folder: Folder, layer: str, records: Iterable[Any]) -> tuple[Any, ...]:
    try:
        return folder.registry.records(layer, records)
    except msgspec.ValidationError as error:
        remedy = "The schema that the corpus brings for the layer must take these records."
        raise SettingsError(f"The layer {layer!r} of this corpus takes other records: {error}.", remedy) from error


def _covered(folder: Folder, line: DocumentLine, layer: str, path: Path, *, draft: bool) -> DocumentLine:
    """The document's line with the layer listed in the order of the corpus's layers."""
    listed = next((entry for entry in line.coverage if entry.layer == layer), None)
    if (listed is None and path.exists()) or (listed is not None and not listed.draft):
        raise LayerExists(layer, line.id, path)
    if listed is not None and path.exists():
        kept = (msgspec.structs.replace(entry, draft=draft or None) if entry is listed else entry for entry in line.coverage)
        return msgspec.structs.replace(line, coverage=tuple(kept))
    coverage = [msgspec.to_builtins(entry) for entry in line.coverage if entry.layer != layer]
    order = folder.registry.layers.index(layer)
    place = sum(entry["layer"] in folder.registry.layers[:order] for entry in coverage)
    coverage.insert(place, {"layer": layer, "zones": None, **({"draft": True} if draft else {})})
    return msgspec.convert({**msgspec.to_builtins(line), "coverage": coverage}, type(line))
