"""Checks a store of any kind without building anything."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from qantar.canonical import remark
from qantar.corpus import Corpus
from qantar.errors import InvalidCorpus
from qantar.problems import CHANGED, Problem, has_errors
from qantar.rules import DANGLING, LEVELS, NOT_CANONICAL, RULES, Context
from qantar.rules.runner import check_corpus, check_document, severity_of, unneeded
from qantar.schema.registry import ACROSS
from qantar.store import Folder, NativeFile, ReleaseFolder, Store
from qantar.store.folder import Choose
from qantar.store.incomplete import Incomplete
from qantar.store.layout import GAZETTEER
from qantar.store.native import placed_in_line

if TYPE_CHECKING:
    from qantar.records import Document, GazetteerEntry


#: Objects that may be made before the garbage collector looks for circles. Columns are many objects that live shortly, none in a circle.
_OBJECTS = 50_000


def check(store: Store, *, level: int = 6) -> list[Problem]:
    """Every problem of a corpus, placed, in order of place; rules above `level` do not run."""
    with _collecting_seldom():
        return _check_native(store, level) if isinstance(store, NativeFile) else read_checked(store, level=level)[1]


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    before = gc.get_threshold()
    if before[0]:  # 0 is never
        gc.set_threshold(max(_OBJECTS, before[0]), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _check_native(store: NativeFile, level: int) -> list[Problem]:
    found: list[Problem] = []
    try:
        entries: Mapping[str, GazetteerEntry] | None = store.gazetteer()
    except InvalidCorpus as error:  # it has faults of its own: links cannot be checked
        entries, found = None, list(error.problems)
    for problems in map(itemgetter(1), _each(store, entries, level)):
        found += problems
    return _in_order(found + store.problems, level)


def _in_order(problems: Iterable[Problem], level: int) -> list[Problem]:
    """Problems up to a level, readers' too, in order of place."""
    return sorted((problem for problem in problems if LEVELS[problem.code] <= level), key=Problem.sort_key)


def each_checked(store: NativeFile, *, level: int = 6) -> Iterator[tuple[Document, list[Problem]]]:
    """Each Document of a native file, one at a time, with its problems of levels 3 to `level`, placed; others go to `store.problems`.

    Raises InvalidCorpus where the gazetteer cannot be read.
    """
    yield from _each(store, store.gazetteer(), level)


def _each(store: NativeFile, entries: Mapping[str, GazetteerEntry] | None, level: int) -> Iterator[tuple[Document, list[Problem]]]:
    context = Context(store.registry, entries, store.settings.rules)
    for number, line, columns in store.numbered():
        found = check_document(columns.root, context, level=level, columns=columns)
        yield columns.root, placed_in_line(found, line, store.path.name, number)
        del columns  # so that the next document takes the place of this one in memory


def refuse(problems: Iterable[Problem]) -> None:
    """Raises InvalidCorpus with all of them, in order, where one is an error."""
    found = sorted(problems, key=Problem.sort_key)
    if has_errors(found):
        raise InvalidCorpus(found)


def read_checked(store: Folder | ReleaseFolder, choose: Choose | None = None, *, level: int = 6) -> tuple[Corpus, list[Problem]]:
    """The corpus of a folder or release and its problems up to `level`, placed and in order.

    Of a folder, only documents that one may choose.
    """
    corpus = store.read(choose) if isinstance(store, Folder) else store.read()
    broken = any(problem.place is not None and problem.place.file == GAZETTEER for problem in store.problems)
    context = Context(corpus.registry, None if broken else corpus.gazetteer, corpus.settings.rules)
    found: list[Problem] = []
    for document in corpus.documents.values():
        found += check_document(document, context, level=level)
    for one in store.incomplete:
        found += _without_orphans(check_document(one.document, context, level=level, lacking=one.layers), one)
    found += _passes(store, context, level) if isinstance(store, Folder) else []
    problems = [*_without_followers(store.problems, found)]
    if not store.problems:  # what spans documents is checked against all of them, or not at all
        problems += check_corpus(corpus, level=level)
        if choose is None and level == max(LEVELS.values()):
            problems += unneeded(corpus)
    if isinstance(store, Folder):
        problems += _remarks(store)
    return corpus, _in_order(store.placed(problems), level)


def _without_orphans(problems: Iterable[Problem], one: Incomplete) -> Iterator[Problem]:
    """Problems of an incomplete document but those of references that may lead to the records it lacks.

    Nor those of its coverage where that is why a layer was not read: this is said of the layer's file.
    """
    astray = any(getattr(one.document, layer, None) is None for layer in one.layers)
    for problem in problems:
        orphan = problem.code == DANGLING and (one.left_out is None or _target(one.document, problem) in one.left_out)
        if not orphan and not (astray and problem.code == "coverage"):
            yield problem


def _target(document: Document, problem: Problem) -> Any:
    """The value that a problem of a record is about."""
    node: Any = getattr(document, problem.layer or "")[problem.index or 0]
    for part in problem.path:
        node = node[part] if isinstance(part, int) else getattr(node, part)
    return node


def _passes(folder: Folder, context: Context, level: int) -> Iterator[Problem]:
    """The problems of each pass, placed in its files: of its records, and of those across documents; of texts and settings the corpus tells."""
    for one in folder.passes.values():
        inside = (problem for document in one.corpus.documents.values() for problem in check_document(document, context, level=level))
        problems = [problem for problem in inside if problem.layer is not None]
        for document in one.partial:  # what could not be read may be what others point to: only anchors are checked
            found = check_document(document, context, level=min(3, level))
            problems += (problem for problem in found if problem.layer is not None)
        if not folder.problems:
            problems += (problem for problem in check_corpus(one.corpus, level=level, of_pass=True) if problem.layer in ACROSS)
        yield from folder.placed(problems, one.home)


def _remarks(store: Folder) -> Iterator[Problem]:
    severity = severity_of(NOT_CANONICAL, store.settings.rules)
    if severity is not None:
        yield from (remark(NOT_CANONICAL, severity, file, found) for file, found in store.uncanonical.items())


def _without_followers(read: Iterable[Problem], found: Iterable[Problem]) -> Iterator[Problem]:
    """What rules found, and what could not be read.

    Where the text itself was changed, its anchors may fail for that reason, and what is read at them: they are counted there, not listed.
    """
    changed = {problem.document for problem in read if problem.code == CHANGED}
    anchors = {rule.code for rule in RULES if rule.level == 3 or rule.of_text}
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
