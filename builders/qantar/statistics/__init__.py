"""Counts of a corpus: what it holds, and how far it is annotated."""

from __future__ import annotations

from qantar.checking import each_checked, read_checked, refuse
from qantar.errors import UnknownName
from qantar.problems import Problem, has_errors
from qantar.statistics.counts import Stats
from qantar.statistics.tally import Tally
from qantar.store import Folder, NativeFile, ReleaseFolder, Store


def stats(store: Store, *, layer: str | None = None) -> Stats:
    """Counts of a corpus that has no errors; of one `layer` only, where that is named.

    A native file is read a Document at a time. Raises InvalidCorpus with every problem found, UnknownName, SourceError.
    """
    if layer is not None and layer not in store.registry.layers:
        raise UnknownName("layer", layer, store.registry.layers)
    tally = Tally(store.settings, store.registry, only=layer)
    if isinstance(store, NativeFile):
        _count_native(store, tally)
    else:
        _count_corpus(store, tally)
    return tally.stats()


def _count_native(store: NativeFile, tally: Tally) -> None:
    found: list[Problem] = []
    sound = True
    for document, problems in each_checked(store):
        found += problems
        sound = sound and not has_errors(problems)
        if sound:  # of a corpus with errors nothing is said
            tally.add(document)
    refuse([*found, *store.problems])
    tally.add_file("gazetteer", store.gazetteer().values() or None)


def _count_corpus(store: Folder | ReleaseFolder, tally: Tally) -> None:
    corpus, problems = read_checked(store)
    refuse(problems)
    for document in corpus.documents.values():
        tally.add(document)
    for name in ("clusters", "alignments", "links"):
        tally.add_file(name, getattr(corpus, name))
    tally.add_file("gazetteer", corpus.gazetteer.values() or None)
    for name, one in store.passes.items() if isinstance(store, Folder) else ():
        tally.add_pass(name, one.corpus)


__all__ = ["Stats", "stats"]
