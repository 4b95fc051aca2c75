"""Frames: the events table as JSON with label names, a list of rows a document. Plain validators check roles and fillers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from qantar.errors import SourceError
from qantar.formats.native import documents
from qantar.formats.output import write_documents
from qantar.index import Index, build_index
from qantar.release.shard import columns
from qantar.schema.derive import class_names
from qantar.store import NativeFile, Store
from qantar.store.gate import encode
from qantar.tables.events import events
from qantar.tables.shard import Shard


def write(store: Store, out: Path, replace: bool = False) -> int:
    """Writes one JSON list of events rows a document (null events layers are left out)."""
    if "events" not in store.registry.layers:
        raise SourceError("The corpus has no layer `events`.", "Export native instead.")
    return write_documents(rows(store), out, replace=replace)


def rows(store: Store) -> Iterator[tuple[str, bytes]]:
    """(document id, JSON list of its events rows) for each document whose events were annotated."""
    import msgspec

    if isinstance(store, NativeFile):
        index = Index(gazetteer={name: msgspec.to_builtins(entry) for name, entry in store.gazetteer().items()})
    else:
        index = build_index(store.read())
    shape = store.registry.shapes["tables/events"]["properties"]
    labels = {name: class_names(node) for name, node in shape.items() if node.get("x-class-label")}
    for document in documents(store):
        if document.events is not None:
            table = events(Shard(columns([encode(document)], store.registry), index, store.registry))
            named = [{key: labels[key][cell] if key in labels else cell for key, cell in row.items()} for row in table.to_pylist()]
            yield document.id, json.dumps(named, ensure_ascii=False).encode()
