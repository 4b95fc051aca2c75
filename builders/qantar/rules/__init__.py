"""The rules: which there are, and the runner that applies them.

Levels: 1 source and 2 shape are reported by the readers in `qantar.store`; 3 anchors, 4 references, 5 ontology and
guideline, 6 corpus-wide. A rule is a generator of findings; it knows nothing of files, severities or counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qantar.corpus import Corpus
from qantar.problems import Problem, Severity
from qantar.rules import across, anchors, dates, ontology, references, sources
from qantar.rules.finding import Context, Finding

if TYPE_CHECKING:
    from qantar.records import Document


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule over one document (`check`), over what spans documents (`check_corpus`), or both.

    A corpus may switch a rule off or lower it, a record may be excused from it; not so where it is `firm`: tables rest on it.
    """

    code: str
    level: int
    check: Callable[[Document, Context], Iterator[Finding]] | None = None
    check_corpus: Callable[[Corpus], Iterator[Finding]] | None = None
    severity: Severity = "error"
    firm: bool = False


#: Problems of one rule in one document, or across documents, that are listed.
MOST = 1_000
#: The rule that `build` weighs as an error unless drafts were asked for.
DRAFT = "draft-layer"

RULES: tuple[Rule, ...] = (
    Rule("empty-span", 3, anchors.empty_span, across.side_empty, firm=True),
    Rule("offset-past-end", 3, anchors.offset_past_end, across.side_past_end, firm=True),
    Rule("overlapping-stretches", 3, anchors.overlapping_stretches, firm=True),
    Rule("partition", 3, anchors.partition, firm=True),
    Rule("quote-mismatch", 3, anchors.quote_mismatch, firm=True),
    Rule("span-order", 3, anchors.span_order, across.side_order, firm=True),
    Rule("chain-link", 4, references.chain_link),
    Rule("chain-type", 4, references.chain_type),
    Rule("coverage", 4, references.coverage, firm=True),
    Rule("dangling-reference", 4, references.dangling_reference, firm=True),
    Rule(DRAFT, 4, references.draft_layer, severity="warning"),
    Rule("duplicate-id", 4, references.duplicate_id, firm=True),
    Rule("reference-cycle", 4, references.reference_cycle, firm=True),
    Rule("stale-languages", 4, references.stale_languages, firm=True),
    Rule("unknown-link", 4, references.unknown_link, firm=True),
    Rule("wrong-reference", 4, references.wrong_reference, firm=True),
    Rule("cluster-member", 4, check_corpus=across.cluster_member, firm=True),
    Rule("cluster-overlap", 4, check_corpus=across.cluster_overlap, firm=True),
    Rule("dangling-target", 4, check_corpus=across.dangling_target, firm=True),
    Rule("target-mismatch", 4, check_corpus=across.target_mismatch, firm=True),
    Rule("anchor-precision", 5, dates.anchor_precision),
    Rule("impossible-date", 5, dates.impossible_date, dates.impossible_date_across, firm=True),
    Rule("missing-basis", 5, sources.missing_basis, severity="warning"),
    Rule("wrong-filler", 5, ontology.wrong_filler),
)

#: Codes that the readers report: level 1 source, level 2 shape.
READER_CODES: dict[int, tuple[str, ...]] = {
    1: (
        "blank-line", "broken-json", "byte-order-mark", "damaged-release", "duplicate-document", "duplicate-key",
        "empty-corpus", "hash-mismatch", "line-too-long", "lone-surrogate", "missing-layer-file", "missing-text", "not-finite", "not-utf8",
        "nul-character", "number-too-long", "outside-corpus", "several-values", "too-deep", "unexpected-layer-file",
        "unexpected-text",
    ),
    2: (
        "malformed-value", "missing-field", "out-of-bounds", "unknown-field", "unknown-label", "unknown-role", "wrong-type",
    ),
}  # fmt: skip


def check_document(document: Document, context: Context, *, level: int = 6) -> Iterator[Problem]:
    """Problems of levels 3 to `level` of one document, without places."""
    for rule in RULES:
        if rule.check is not None and rule.level <= level:
            problems = (problem for finding in rule.check(document, context) for problem in _problem(rule, finding, document.id))
            yield from _first(problems, MOST, "this rule in this document")


def check_corpus(corpus: Corpus) -> Iterator[Problem]:
    """Problems of the records that span documents, without places."""
    for rule in RULES:
        if rule.check_corpus is not None:
            problems = (problem for finding in rule.check_corpus(corpus) for problem in _problem(rule, finding, None))
            yield from _first(problems, MOST, "this rule across documents")


def _first(problems: Iterator[Problem], most: int, what: str) -> Iterator[Problem]:
    """The first problems, and with the last that others are left out: what is all wrong costs as much to say as to list."""
    for number, problem in enumerate(problems, 1):
        if number == most:
            yield replace(problem, fact=f"{problem.fact}; any more of {what} are left out")
            return
        yield problem


def _problem(rule: Rule, finding: Finding, document: str | None) -> Iterator[Problem]:
    if any(entry.code == rule.code for entry in getattr(finding.record, "ignore", None) or ()):
        return
    record = getattr(finding.record, "id", None)
    place = (document, finding.layer, finding.index, record, finding.path)
    yield Problem(rule.code, finding.fact, finding.remedy, rule.severity, *place)


__all__ = ["DRAFT", "READER_CODES", "RULES", "Context", "Finding", "Rule", "check_corpus", "check_document"]
