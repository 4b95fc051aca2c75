"""Applies the rules to a document, or to what spans documents: as the corpus weighs them, but for what is excused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from qantar.corpus import Corpus
from qantar.document import records
from qantar.problems import Problem, Severity
from qantar.rules import MOST, READER_CODES, RULES, UNUSED, Rule
from qantar.rules.excuses import Excuses, Holder
from qantar.rules.finding import Context, Finding
from qantar.rules.weights import Weights, weights_of
from qantar.schema.registry import CORPUS_FILES, Registry

if TYPE_CHECKING:
    from qantar.records import Document
    from qantar.settings import RuleSetting

_IGNORE = attrgetter("ignore")
_KNOWN = {rule.code: rule for rule in RULES}


def check_document(document: Document, context: Context, *, level: int = 6) -> Iterator[Problem]:
    """Problems of levels 3 to `level` of one document, without places. Raises SettingsError where the corpus sets a rule wrongly."""
    run = _Run(context.rules, level)
    for rule, severity in run.rules:
        if rule.check is not None:
            yield from run.problems(rule, severity, rule.check(document, context), {document.id: document}, document.id)
    ran = {rule.code for rule, _ in run.rules if rule.check is not None}
    yield from run.unused(_excused(document, context.registry), ran, document.id)


def check_corpus(corpus: Corpus, *, level: int = 6) -> Iterator[Problem]:
    """Problems, up to `level`, of what spans documents, without places. Raises SettingsError where the corpus sets a rule wrongly."""
    run = _Run(corpus.settings.rules, level)
    for rule, severity in run.rules:
        if rule.check_corpus is not None:
            yield from run.problems(rule, severity, rule.check_corpus(corpus), corpus.documents)
    ran = {rule.code for rule, _ in run.rules}
    yield from run.unused(_excused_across(corpus), ran)
    across = {rule.code for rule, _ in run.rules if rule.check is None}
    for document in corpus.documents.values():  # what else is wrong with its excuses was said of the document
        yield from run.unused(_excused(document, corpus.registry), across, document.id, only=across)


def severity_of(code: str, settings: tuple[RuleSetting, ...]) -> Severity | None:
    """How a corpus weighs what a rule finds; None where it is switched off. Raises SettingsError where it sets a rule wrongly."""
    return _weights(settings).of(_KNOWN[code])


class _Run:
    """One pass of the rules that weigh something, up to a level."""

    def __init__(self, settings: tuple[RuleSetting, ...], level: int) -> None:
        self.rules = _weighing(settings, level)
        self._excuses = Excuses()

    def problems(
        self, rule: Rule, severity: Severity, found: Iterable[Finding], documents: Mapping[str, Document], name: str | None = None
    ) -> Iterator[Problem]:
        """What is not excused of what the rule found in the document that is named, or in those that findings name."""
        count = 0
        for finding in found:
            document = finding.document or name
            holder = documents.get(document or "") if finding.record is None else finding.record
            if self._excuses.cover(holder, rule):
                continue
            problem = _problem(rule.code, severity, finding, document)
            count += 1
            if count == MOST:  # what is all wrong costs as much to say as to list
                where = "in this document" if name else "across documents"
                yield replace(problem, fact=f"{problem.fact}; any more of this rule {where} are left out")
                return
            yield problem

    def unused(
        self, holders: Iterable[Holder], ran: set[str], document: str | None = None, *, only: set[str] | None = None
    ) -> Iterator[Problem]:
        """Excuses that answered no finding of a rule that ran."""
        severity = next((severity for rule, severity in self.rules if rule is UNUSED), None)
        if severity is not None:
            for finding in self._excuses.unused(holders, _KNOWN, ran, only=only):
                yield _problem(UNUSED.code, severity, finding, document)


def _problem(code: str, severity: Severity, finding: Finding, document: str | None) -> Problem:
    record = getattr(finding.record, "id", None)
    return Problem(code, finding.fact, finding.remedy, severity, document, finding.layer, finding.index, record, finding.path)


@lru_cache(maxsize=16)
def _weighing(settings: tuple[RuleSetting, ...], level: int) -> tuple[tuple[Rule, Severity], ...]:
    weights = _weights(settings)
    return tuple((rule, severity) for rule in RULES if rule.level <= level and (severity := weights.of(rule)) is not None)


@lru_cache(maxsize=16)
def _weights(settings: tuple[RuleSetting, ...]) -> Weights:
    return weights_of(RULES, settings, [code for codes in READER_CODES.values() for code in codes])


def _excused(document: Document, registry: Registry) -> Iterator[Holder]:
    """The document and its records, those that state excuses."""
    if document.ignore:
        yield None, None, document
    layers = [name for name in registry.layers if "ignore" in registry.shapes[f"layers/{name}"]["properties"]]
    stating = [name for name in layers if any(map(_IGNORE, getattr(document, name) or ()))]
    yield from (held for held in records(document, stating) if held[2].ignore)


def _excused_across(corpus: Corpus) -> Iterator[Holder]:
    for name in CORPUS_FILES:
        found: Any = corpus.gazetteer.values() if name == "gazetteer" else getattr(corpus, name)
        for index, record in enumerate(found or ()):
            if record.ignore:
                yield name, index, record
