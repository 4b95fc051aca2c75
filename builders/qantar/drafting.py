"""Drafts the layer `sentences` for one document of any store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qantar.errors import InvalidCorpus, UnknownName
from qantar.problems import Problem
from qantar.propose.drafts import LAYER, STRETCHES, draft_sentences, is_draft
from qantar.rules import Context
from qantar.rules.runner import check_document
from qantar.store import Folder, NativeFile, ReleaseFolder, Store
from qantar.store.layout import layer_file, text_file
from qantar.store.native import placed_in_line

if TYPE_CHECKING:
    from qantar.records import Document, Sentence


def draft(store: Store, document: str, *, morphology: bool = False) -> list[Sentence]:
    """Sentences and tokens of a document, with lemmas and parts of speech where they are asked for; nothing is written.

    They are proposed anew, but `morphology` keeps those of a draft that is there and adds what its tokens lack. Faults of its
    other layers do not matter. A native file is read up to the document. Raises UnknownName, MissingDependency, and
    InvalidCorpus where its text, its zones, the draft to be kept or, with `morphology`, its stretches in other languages have
    faults, or where what cannot be read may be the document.
    """
    found, problems = _in_native(store, document) if isinstance(store, NativeFile) else _in_folder(store, document)
    kept = morphology and is_draft(found)
    read = [*([LAYER] if kept else []), *([STRETCHES] if morphology else [])]
    if faults := [problem for problem in problems if problem.layer in ("segments", *read)]:
        raise InvalidCorpus(faults)
    for layer in read:
        _refuse_unreadable(store, found, layer)
    return draft_sentences(found, morphology=morphology)


def _refuse_unreadable(store: Store, document: Document, layer: str) -> None:
    """Raises InvalidCorpus where the file of a layer is there and cannot be read: it must not be taken for one that is missing."""
    file = layer_file(layer, document.id)
    faults = [problem for problem in store.problems if problem.place is not None and problem.place.file == file]
    if any(problem.code != "missing-layer-file" for problem in faults):
        raise InvalidCorpus(faults)


def _in_native(store: NativeFile, name: str) -> tuple[Document, list[Problem]]:
    """The document, and the problems of its anchors."""
    known = []
    for number, line, columns in store.numbered():
        document = columns.root
        if document.id == name:
            return document, placed_in_line(_anchors(document, store), line, store.path.name, number)
        known.append(document.id)
    raise _absent(store, name, known)


def _in_folder(store: Folder | ReleaseFolder, name: str) -> tuple[Document, list[Problem]]:
    """The document, and the problems of its anchors."""
    documents = dict(store.read().documents)
    documents |= {one.id: one for one in store.partial if not _is_broken(one.id, store)}
    if name not in documents:
        raise _absent(store, name, list(documents))
    return documents[name], store.placed(_anchors(documents[name], store))


def _anchors(document: Document, store: Store) -> list[Problem]:
    return list(check_document(document, Context(store.registry, None), level=3))


def _is_broken(name: str, store: Store) -> bool:
    """Whether what tokens are proposed from cannot be read."""
    files = {text_file(name), layer_file("segments", name)}
    return any(problem.place is None or problem.place.file in files for problem in store.problems)


def _absent(store: Store, name: str, known: list[str]) -> InvalidCorpus | UnknownName:
    return InvalidCorpus(store.problems) if store.problems else UnknownName("document", name, known)
