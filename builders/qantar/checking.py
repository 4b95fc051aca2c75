"""Checks a store of any kind without building anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from qantar.corpus import Corpus
from qantar.errors import InvalidCorpus
from qantar.problems import CHANGED, Problem, has_errors
from qantar.rules import RULES, Context, check_corpus, check_document
from qantar.store import Folder, NativeFile, ReleaseFolder, Store
from qantar.store.native import place_in_line

if TYPE_CHECKING:
    from qantar.records import Document


def check(store: Store) -> list[Problem]:
    """Every problem of a corpus, placed, in order of place."""
    if not isinstance(store, NativeFile):
        return read_checked(store)[1]
    found: list[Problem] = []
    try:
        for _, problems in each_checked(store):
            found += problems
    except InvalidCorpus as error:  # the gazetteer has faults of its own: links cannot be checked
        return sorted(error.problems, key=Problem.sort_key)
    return sorted(found + store.problems, key=Problem.sort_key)


def each_checked(store: NativeFile) -> Iterator[tuple[Document, list[Problem]]]:
    """Each Document of a native file, one at a time, with its problems of levels 3 to 5, placed; others go to `store.problems`.

    Raises InvalidCorpus where the gazetteer cannot be read.
    """
    context = Context(store.registry, store.gazetteer())
    for number, line, document in store.numbered():
        yield document, place_in_line(check_document(document, context), line, store.path.name, number)


def refuse(problems: Iterable[Problem]) -> None:
    """Raises InvalidCorpus with all of them, in order, where one is an error."""
    found = sorted(problems, key=Problem.sort_key)
    if has_errors(found):
        raise InvalidCorpus(found)


def read_checked(store: Folder | ReleaseFolder) -> tuple[Corpus, list[Problem]]:
    """The corpus of a folder or release and all its problems, placed and in order."""
    corpus = store.read()
    found: list[Problem] = []
    broken = any(problem.place is not None and problem.place.file == "gazetteer.jsonl" for problem in store.problems)
    context = Context(corpus.registry, None if broken else corpus.gazetteer)
    for document in corpus.documents.values():
        found += check_document(document, context)
    for document in store.partial:  # what could not be read may be what others point to: only anchors are checked
        found += check_document(document, context, level=3)
    problems = [*_without_followers(store.problems, found)]
    if not store.problems:  # what spans documents is checked against all of them, or not at all
        problems += check_corpus(corpus)
    return corpus, sorted(store.placed(problems), key=Problem.sort_key)


def _without_followers(read: Iterable[Problem], found: Iterable[Problem]) -> Iterator[Problem]:
    """What rules found, and what could not be read.

    Where the text itself was changed, its anchors may fail for that reason: they are counted there, not listed.
    """
    changed = {problem.document for problem in read if problem.code == CHANGED}
    anchors = {rule.code for rule in RULES if rule.level == 3}
    followers: Counter[str | None] = Counter()
    for problem in found:
        if problem.document in changed and problem.code in anchors:
            followers[problem.document] += 1
        else:
            yield problem
    for problem in read:
        count = followers[problem.document] if problem.code == CHANGED else 0
        what = "1 problem" if count == 1 else f"{count} problems"
        fact = f"{problem.fact}; {what} of its offsets and quotes, which may follow from it, are left out here"
        yield replace(problem, fact=fact) if count else problem
