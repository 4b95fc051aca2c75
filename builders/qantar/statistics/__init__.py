"""Counts of a corpus: what it holds, and how far it is annotated."""

from __future__ import annotations

from qantar.checking import each_checked, read_checked
from qantar.errors import InvalidCorpus, UnknownName
from qantar.problems import Problem
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
    for document, problems in each_checked(store):
        found += problems
        if not found:  # of a corpus with problems nothing is said
            tally.add(document)
    _refuse([*found, *store.problems])
    tally.add_file("gazetteer", store.gazetteer().values() or None)


def _count_corpus(store: Folder | ReleaseFolder, tally: Tally) -> None:
    corpus, problems = read_checked(store)
    _refuse(problems)
    for document in corpus.documents.values():
        tally.add(document)
    for name in ("clusters", "alignments", "links"):
        tally.add_file(name, getattr(corpus, name))
    tally.add_file("gazetteer", corpus.gazetteer.values() or None)


def _refuse(problems: list[Problem]) -> None:
    if any(problem.severity == "error" for problem in problems):
        raise InvalidCorpus(sorted(problems, key=Problem.sort_key))


__all__ = ["Stats", "stats"]
