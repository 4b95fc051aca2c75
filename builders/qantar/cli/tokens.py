"""`qantar tokens`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from qantar.cli.reporters import text
from qantar.errors import SourceError, UnknownName
from qantar.propose.drafts import draft_sentences
from qantar.rules import Context, check_document
from qantar.store import Folder, NativeFile, Store
from qantar.store.drafts import write_layer
from qantar.store.folder import layer_file, text_file
from qantar.store.gate import encode

if TYPE_CHECKING:
    from qantar.records import Document, Sentence


def propose_tokens(name: str, store: Store, *, write: bool, morphology: bool) -> int:
    """Prints the draft of a document's sentences, or puts it into its corpus folder; 1 where the document or its zones have faults."""
    if write and not isinstance(store, Folder):
        raise SourceError("Only a corpus folder takes a layer.", "Name a corpus folder, or leave out --write.")
    document = _document(name, store)
    if document is None or _has_faulty_zones(document, store):
        sys.stderr.write("qantar: nothing was proposed.\n")
        return 1
    found = draft_sentences(document, morphology=morphology)
    if write and isinstance(store, Folder):
        path = write_layer(store, name, "sentences", found, draft=True)
        sys.stdout.write(f"{path}: a draft, {_counted(found)}.\n")
    else:
        for sentence in found:
            sys.stdout.write(encode(sentence).decode() + "\n")
    return 0


def _counted(found: list[Sentence]) -> str:
    return f"sentences: {len(found)}, tokens: {sum(len(sentence.tokens) for sentence in found)}"


def _document(name: str, store: Store) -> Document | None:
    """The document; None where its text or zones cannot be read, with the problems on stderr. Raises UnknownName."""
    documents = {one.id: one for one in store.documents()} if isinstance(store, NativeFile) else dict(store.read().documents)
    if not isinstance(store, NativeFile):
        documents |= {one.id: one for one in store.partial if not _faults_of(one.id, store)}
    if name in documents:
        return documents[name]
    if not store.problems:
        raise UnknownName("document", name, documents)
    for line in text(store.problems):
        sys.stderr.write(line + "\n")
    return None


def _faults_of(name: str, store: Store) -> bool:
    """Whether what tokens are proposed from has faults; those of other layers do not matter."""
    files = {text_file(name), layer_file("segments", name)}
    return any(problem.place is None or problem.place.file in files for problem in store.problems)


def _has_faulty_zones(document: Document, store: Store) -> bool:
    found = check_document(document, Context(store.registry, None), level=3)
    faults = [problem for problem in found if problem.layer == "segments"]
    for line in text(faults) if faults else ():
        sys.stderr.write(line + "\n")
    return bool(faults)
