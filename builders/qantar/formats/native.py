"""Native JSON: one Document, with everything in it; read by `qantar.store.native`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from qantar.formats.output import write_documents
from qantar.store import NativeFile, Store
from qantar.store.gate import encode

if TYPE_CHECKING:
    from qantar.records import Document


def documents(store: Store) -> Iterator[Document]:
    """The Documents of any store."""
    return store.documents() if isinstance(store, NativeFile) else iter(store.read().documents.values())


def write(store: Store, out: Path, replace: bool = False) -> int:
    """Writes each Document as canonical native JSON."""
    return write_documents(((document.id, encode(document)) for document in documents(store)), out, replace=replace)
