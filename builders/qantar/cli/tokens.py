"""`qantar tokens`."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING

from qantar.cli.reporters import refuse
from qantar.drafting import draft
from qantar.errors import InvalidCorpus, SourceError
from qantar.store import Folder, Store
from qantar.store.drafts import write_layer
from qantar.store.gate import encode

if TYPE_CHECKING:
    from qantar.records import Sentence


def propose_tokens(name: str, store: Store, *, write: bool, morphology: bool) -> int:
    """Prints the draft of a document's sentences, or puts it into its corpus folder; 1 where the document or its zones have faults.

    With `morphology` a draft that is there is kept, and what its tokens lack is added.
    """
    if write and not isinstance(store, Folder):
        raise SourceError("Only a corpus folder takes a layer.", "Name a corpus folder, or leave out --write.")
    with store.lock.held() if write and isinstance(store, Folder) else nullcontext():  # nobody corrects the draft meanwhile
        return _proposed(name, store, write=write, morphology=morphology)


def _proposed(name: str, store: Store, *, write: bool, morphology: bool) -> int:
    try:
        found = draft(store, name, morphology=morphology)
    except InvalidCorpus as error:
        return refuse(error.problems, "proposed", store)
    if write and isinstance(store, Folder):
        path = write_layer(store, name, "sentences", found, draft=True, replace=morphology)
        sys.stdout.write(f"{path}: a draft, {_counted(found)}.\n")
    else:
        for sentence in found:
            sys.stdout.write(encode(sentence).decode() + "\n")
    return 0


def _counted(found: list[Sentence]) -> str:
    return f"sentences: {len(found)}, tokens: {sum(len(sentence.tokens) for sentence in found)}"
