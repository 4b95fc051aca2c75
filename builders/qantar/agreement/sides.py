"""Finds what is compared: a pass of a corpus, its own annotation (`gold`), or another corpus, native file or release."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from qantar.checking import each_checked, read_checked, refuse
from qantar.corpus import Corpus
from qantar.errors import UnknownName
from qantar.problems import has_errors
from qantar.store import Folder, NativeFile, Store, open_store

#: What the corpus's own annotation is called.
GOLD = "gold"


@dataclass(frozen=True, slots=True)
class Side:
    """One annotation of the documents, and what it is called."""

    name: str
    corpus: Corpus


def sides(one: str, two: str, here: Callable[[], Store], opened: list[Store] | None = None) -> tuple[Side, Side, Corpus | None]:
    """The two sides that are named, and the annotation that languages and sentences are taken from, if a side is of that corpus.

    A name is that of a pass of the corpus that `here` opens, or `gold`; else it is a path. Raises InvalidCorpus with every problem of a
    corpus that has errors (the last store in `opened`), UnknownName, SourceError.
    """
    stores: list[Store] = [] if opened is None else opened
    held: list[tuple[Corpus, dict[str, Side]]] = []

    def outside(name: str) -> Side:
        stores.append(open_store(Path(name)))
        return Side(name, read(stores[-1]))

    def side(name: str) -> Side:
        if _is_path(name):
            return outside(name)
        if not held:
            stores.append(here())
            held.append(_named(stores[-1]))
        known = held[0][1]
        if name in known:
            return known[name]
        if Path(name).exists():
            return outside(name)
        raise UnknownName("pass", name, known)

    found = side(one), side(two)
    base = held[0][0] if held and any(one is known for one in found for known in held[0][1].values()) else None
    return (*found, base)


def read(store: Store) -> Corpus:
    """The corpus of a store of any kind. Raises InvalidCorpus where it has errors."""
    if not isinstance(store, NativeFile):
        corpus, problems = read_checked(store)
        refuse(problems)
        return corpus
    found, documents = [], {}
    for document, problems in each_checked(store):
        found += problems
        documents[document.id] = document
    if has_errors([*found, *store.problems]):
        refuse([*found, *store.problems])
    return Corpus(store.settings, store.registry, dict(sorted(documents.items())), gazetteer=store.gazetteer())


def passes_of(folder: Folder) -> dict[str, Side]:
    """The passes of a corpus folder that was read, by name."""
    return {name: Side(name, one.corpus) for name, one in folder.passes.items()}


def _named(store: Store) -> tuple[Corpus, dict[str, Side]]:
    corpus = read(store)
    passes = passes_of(store) if isinstance(store, Folder) else {}
    return corpus, {GOLD: Side(GOLD, corpus), **passes}


def _is_path(name: str) -> bool:
    """Whether it can be no name of a pass."""
    return any(sign in name for sign in "/.\\")


__all__ = ["GOLD", "Side", "passes_of", "read", "sides"]
