"""Checks a store of any kind without building anything."""

from __future__ import annotations

from qantar.problems import Place, Problem
from qantar.release.ingest import native_gazetteer, read_checked
from qantar.rules import Context, check_document
from qantar.store import NativeFile, Store


def check(store: Store) -> list[Problem]:
    """Every problem of a corpus, placed, in order of place."""
    if not isinstance(store, NativeFile):
        return read_checked(store)[1]
    context = Context(store.registry, native_gazetteer(store))
    found: list[Problem] = []
    seen: set[str] = set()
    for document in store.documents():
        found += map(store.place, check_document(document, context))
        if document.id in seen:
            fact = f"the document {document.id!r} is there twice"
            found.append(Problem("duplicate-document", fact, "Remove one line, or rename.", place=Place(store.path.name)))
        seen.add(document.id)
    return sorted(found + store.problems, key=Problem.sort_key)
