"""Applies the rules to a document, or to what spans documents: as the corpus weighs them, but for what is excused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from qantar.columns import Columns
from qantar.corpus import Corpus
from qantar.document import records
from qantar.problems import SETTINGS, Problem, Severity
from qantar.rules import BY_CODE, MOST, RULES, UNUSED, Rule
from qantar.rules.excuses import Excuses, Holder
from qantar.rules.finding import Context, Finding
from qantar.rules.weights import weights_of
from qantar.schema.registry import CORPUS_FILES, Registry

if TYPE_CHECKING:
    from qantar.records import Document
    from qantar.settings import RuleSetting

_IGNORE = attrgetter("ignore")


def check_document(
    document: Document, context: Context, *, level: int = 6, columns: Columns | None = None, lacking: frozenset[str] | None = None
) -> Iterator[Problem]:
    """Problems of levels 3 to `level` of one document, without places; over its columns, if a reader has made them.

    Of an incomplete document, layers `lacking` records, maybe none: rules that need all of one are left out, and no excuse is judged.
    Raises SettingsError where the corpus sets a rule wrongly.
    """
    facts, run = context.facts(document, columns), _Run(context.rules, level)
    for rule, severity in run.rules:
        if rule.check is None or (lacking and lacking.intersection(rule.whole)):
            continue
        if not (rule.proof is not None and facts.once(rule.proof)):
            yield from run.problems(rule, severity, rule.check(document, context), {document.id: document}, document.id)
    if lacking is None and facts.excuses:
        yield from run.unused(_excused(document, context.registry), lambda rule: rule.check is not None, document.id)
    context.forget()


def check_corpus(corpus: Corpus, *, level: int = 6, of_pass: bool = False) -> Iterator[Problem]:
    """Problems, up to `level`, of what spans documents, without places; of a pass, not those of what it shares with its corpus.

    Raises SettingsError where the corpus sets a rule wrongly.
    """
    run = _Run(corpus.settings.rules, level)
    for rule, severity in run.rules:
        if rule.check_corpus is not None and not (of_pass and rule.shared):
            yield from run.problems(rule, severity, rule.check_corpus(corpus), corpus.documents)
    yield from run.unused(_excused_across(corpus), lambda _: True)
    for document in corpus.documents.values():  # what else is wrong with its excuses was said of the document
        yield from run.unused(_excused(document, corpus.registry), lambda rule: rule.check is None, document.id, judged_alone=True)


def unneeded(corpus: Corpus) -> Iterator[Problem]:
    """The settings of a corpus that lower a rule or switch it off, and it finds nothing in any document or across them.

    The corpus must be whole. Rules over the form of files and over excuses are not judged. Raises SettingsError.
    """
    severity = severity_of(UNUSED.code, corpus.settings.rules)
    context = Context(corpus.registry, corpus.gazetteer, corpus.settings.rules)
    for number, setting in enumerate(corpus.settings.rules if severity is not None else ()):
        rule = BY_CODE[setting.code]
        is_judged = (rule.check or rule.check_corpus) and _lowers(setting, rule)
        if severity is not None and is_judged and not _finds(rule, corpus, context):
            fact = (
                f"{rule.code!r} finds nothing in this corpus, and need not be {'switched off' if setting.severity == 'off' else 'lowered'}"
            )
            yield Problem(UNUSED.code, fact, "Remove the entry.", severity, layer=SETTINGS, path=("rules", number, "code"))


def _lowers(setting: RuleSetting, rule: Rule) -> bool:
    return setting.severity == "off" or (setting.severity == "warning" and rule.severity == "error")


def _finds(rule: Rule, corpus: Corpus, context: Context) -> bool:
    """Whether a rule finds anything, excused or not."""
    in_documents = rule.check is not None and any(any(True for _ in rule.check(one, context)) for one in corpus.documents.values())
    return in_documents or (rule.check_corpus is not None and any(True for _ in rule.check_corpus(corpus)))


def severity_of(code: str, settings: tuple[RuleSetting, ...]) -> Severity | None:
    """How a corpus weighs what a rule finds; None where it is switched off. Raises SettingsError where it sets a rule wrongly."""
    return _weights(settings).get(code)


class _Run:
    """One pass of the rules that weigh something, up to a level."""

    def __init__(self, settings: tuple[RuleSetting, ...], level: int) -> None:
        self.rules = _weighing(settings, level)
        self._excuses = Excuses()
        self._cut: set[str] = set()  # rules whose findings were not all looked at: what excuses they need is not known

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
                self._cut.add(rule.code)
                where = "in this document" if name else "across documents"
                yield replace(problem, fact=f"{problem.fact}; any more of this rule {where} are left out")
                return
            yield problem

    def unused(
        self, holders: Iterable[Holder], judged: Callable[[Rule], bool], document: str | None = None, *, judged_alone: bool = False
    ) -> Iterator[Problem]:
        """Excuses that answered no finding of a rule that ran and is judged; `judged_alone` passes by those from any other rule."""
        severity, held = next((severity for rule, severity in self.rules if rule is UNUSED), None), list(holders)
        if severity is None or not held:
            return
        codes = {rule.code for rule, _ in self.rules if judged(rule)}
        for finding in self._excuses.unused(held, codes - self._cut, only=codes if judged_alone else None):
            yield _problem(UNUSED.code, severity, finding, document)


def _problem(code: str, severity: Severity, finding: Finding, document: str | None) -> Problem:
    record = getattr(finding.record, "id", None)
    return Problem(code, finding.fact, finding.remedy, severity, document, finding.layer, finding.index, record, finding.path)


@lru_cache(maxsize=16)
def _weighing(settings: tuple[RuleSetting, ...], level: int) -> tuple[tuple[Rule, Severity], ...]:
    weights = _weights(settings)
    return tuple((rule, weights[rule.code]) for rule in RULES if rule.level <= level and rule.code in weights)


_weights = lru_cache(maxsize=16)(weights_of)


def _excused(document: Document, registry: Registry) -> Iterator[Holder]:
    """The document and its records, those that state excuses."""
    if document.ignore:
        yield None, None, document
    stating = [name for name in registry.excusing if any(map(_IGNORE, getattr(document, name) or ()))]
    yield from (held for held in records(document, stating) if held[2].ignore)


def _excused_across(corpus: Corpus) -> Iterator[Holder]:
    for name in CORPUS_FILES:
        found: Any = corpus.gazetteer.values() if name == "gazetteer" else getattr(corpus, name)
        for index, record in enumerate(found or ()):
            if record.ignore:
                yield name, index, record
