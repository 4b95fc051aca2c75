"""The rules: which there are; `runner` applies them.

Levels: 1 source and 2 shape are reported by the readers in `qantar.store`; 3 anchors, 4 references, 5 ontology and
guideline, 6 corpus-wide. A rule is a generator of findings; it knows nothing of files, severities or counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qantar.corpus import Corpus
from qantar.problems import Severity
from qantar.rules import (
    across,
    anchors,
    attributions,
    clusters,
    dates,
    doubles,
    extents,
    gazetteer,
    leaks,
    mentions,
    ontology,
    pairs,
    quantities,
    references,
    relations,
    scripts,
    sources,
    times,
    tokens,
    versions,
    wording,
)
from qantar.rules.facts import Facts
from qantar.rules.finding import Context, Finding

if TYPE_CHECKING:
    from qantar.records import Document


#: Whether a document is known to be clean in some respect.
Proof = Callable[[Facts], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule over one document (`check`), over what spans documents (`check_corpus`), or both.

    A corpus may switch a rule off or lower it, a record may be excused from it; not so where it is `firm`: tables rest on it.
    What it finds may follow from a change of the text where it is `of_text`, as it may at level 3. Its `proof` says at little cost that
    `check` would find nothing in a document; where it says False, nothing is known, and `check` looks. It finds what is not so
    where records are missing from one of the layers `whole`. What `check_corpus` finds is of texts, settings or gazetteer where it is
    `shared`: passes have these from the corpus, and are not asked.
    """

    code: str
    level: int
    check: Callable[[Document, Context], Iterator[Finding]] | None = None
    check_corpus: Callable[[Corpus], Iterator[Finding]] | None = None
    severity: Severity = "error"
    firm: bool = False
    of_text: bool = False
    proof: Proof | None = None
    whole: tuple[str, ...] = ()
    shared: bool = False


#: Problems of one rule in one document, or across documents, that are listed.
MOST = 1_000
#: The rule that `build` weighs as an error unless drafts were asked for.
DRAFT = "draft-layer"
#: The rule on references that lead nowhere, or to a record that could not be read.
DANGLING = "dangling-reference"
#: The rule on the form of files, which the reader of folders knows.
NOT_CANONICAL = "not-canonical"
#: The rule over the excuses of records, whose problems the runner finds.
UNUSED = Rule("unused-suppression", 4, severity="warning")

RULES: tuple[Rule, ...] = (
    Rule(NOT_CANONICAL, 2, severity="warning"),
    Rule("empty-span", 3, anchors.empty_span, across.side_empty, firm=True, proof=anchors.none_empty),
    Rule("offset-past-end", 3, anchors.offset_past_end, across.side_past_end, firm=True, proof=anchors.none_past_end),
    Rule("overlapping-stretches", 3, anchors.overlapping_stretches, firm=True, proof=anchors.stretches_apart),
    Rule("partition", 3, anchors.partition, firm=True, proof=anchors.parted, whole=("segments", "sentences")),
    Rule("quote-mismatch", 3, anchors.quote_mismatch, firm=True, proof=anchors.all_stand),
    Rule("span-order", 3, anchors.span_order, across.side_order, firm=True, proof=anchors.spans_in_order),
    Rule("chain-link", 4, references.chain_link, proof=references.chains_agree),
    Rule("chain-type", 4, references.chain_type, proof=references.chains_agree),
    Rule("coverage", 4, references.coverage, firm=True, proof=references.covers_layers),
    Rule(DANGLING, 4, references.dangling_reference, firm=True, proof=references.references_fit),
    Rule(DRAFT, 4, references.draft_layer, severity="warning", firm=True, proof=references.none_draft),
    Rule("double-mention", 4, doubles.double_mention, severity="warning", proof=doubles.mentions_differ),
    Rule("duplicate-id", 4, references.duplicate_id, firm=True, proof=references.ids_unique),
    Rule("duplicate-record", 4, doubles.duplicate_record, severity="warning", proof=doubles.records_differ),
    Rule("mirrored-relation", 4, relations.mirrored_relation, severity="warning", proof=relations.none_mirrored),
    Rule("reference-cycle", 4, references.reference_cycle, firm=True, proof=references.references_lead_out),
    Rule("relation-cycle", 4, relations.relation_cycle, proof=relations.orders_end),
    Rule("repeated-argument", 4, doubles.repeated_argument, proof=doubles.arguments_differ),
    Rule("repeated-reference", 4, doubles.repeated_reference, severity="warning", proof=doubles.lists_differ),
    Rule("self-relation", 4, relations.self_relation, proof=relations.none_to_itself),
    Rule("split-chain", 4, mentions.split_chain, severity="warning", proof=mentions.links_together),
    Rule("stale-languages", 4, references.stale_languages, firm=True, proof=references.languages_fresh),
    Rule("twin-events", 4, doubles.twin_events, severity="warning", proof=doubles.events_differ),
    Rule("unknown-link", 4, references.unknown_link, firm=True, proof=references.links_known),
    UNUSED,
    Rule("wrong-reference", 4, references.wrong_reference, firm=True, proof=references.references_fit),
    Rule("cluster-member", 4, check_corpus=across.cluster_member, firm=True),
    Rule("cluster-overlap", 4, check_corpus=across.cluster_overlap, firm=True),
    Rule("dangling-target", 4, check_corpus=across.dangling_target, firm=True),
    Rule("target-mismatch", 4, check_corpus=across.target_mismatch, firm=True),
    Rule("anchor-after-publication", 5, sources.anchor_after_publication, severity="warning", proof=sources.dates_in_order),
    Rule("anchor-precision", 5, dates.anchor_precision, proof=dates.precisions_fit),
    Rule("blank-in-token", 5, tokens.blank_in_token, severity="warning", of_text=True, proof=tokens.tokens_unbroken),
    Rule(
        "crosses-sentence",
        5,
        extents.crosses_sentence,
        severity="warning",
        of_text=True,
        proof=extents.in_one_sentence,
        whole=("segments",),
    ),
    Rule("crosses-zone", 5, extents.crosses_zone, severity="warning", of_text=True, proof=extents.in_one_zone),
    Rule("cue-in-content", 5, attributions.cue_in_content, severity="warning", proof=attributions.cues_apart),
    Rule("document-language", 5, sources.document_language, severity="warning", proof=sources.language_of_zones, whole=("segments",)),
    Rule("event-outside-content", 5, attributions.event_outside_content, severity="warning", proof=attributions.events_in_content),
    Rule("feature-order", 5, tokens.feature_order, severity="warning", proof=tokens.features_fit),
    Rule("idle-used-as", 5, mentions.idle_used_as, severity="warning", proof=mentions.uses_differ),
    Rule("impossible-date", 5, dates.impossible_date, dates.impossible_date_across, proof=dates.dates_possible),
    Rule("inside-token", 5, extents.inside_token, severity="warning", of_text=True, proof=extents.words_whole),
    Rule(
        "look-alike-letters",
        5,
        scripts.look_alike_letters,
        severity="warning",
        of_text=True,
        proof=scripts.scripts_apart,
        whole=("languages",),
    ),
    Rule("missing-basis", 5, sources.missing_basis, severity="warning", proof=sources.bases_given),
    Rule("missing-unit", 5, quantities.missing_unit, severity="warning", proof=quantities.units_given),
    Rule("mixed-lemma", 5, tokens.mixed_lemma, severity="warning", of_text=True, proof=tokens.lemmas_plain),
    Rule("needless-gap", 5, extents.needless_gap, severity="warning", of_text=True, proof=extents.gaps_needed),
    Rule("outside-coverage", 5, extents.outside_coverage, of_text=True, proof=extents.in_listed_zones, whole=("segments",)),
    Rule("pos-form", 5, tokens.pos_form, severity="warning", of_text=True, proof=tokens.tags_fit),
    Rule(
        "redundant-stretch",
        5,
        scripts.redundant_stretch,
        severity="warning",
        of_text=True,
        proof=scripts.stretches_differ,
        whole=("segments",),
    ),
    Rule("relation-kind", 5, relations.relation_kind, severity="warning", proof=relations.kinds_fit),
    Rule("repeated-feature", 5, tokens.repeated_feature, proof=tokens.features_fit),
    Rule("script-mismatch", 5, scripts.script_mismatch, of_text=True, proof=scripts.scripts_fit),
    Rule("span-edge", 5, extents.span_edge, severity="warning", of_text=True, proof=extents.edges_clean),
    Rule("split-word", 5, tokens.split_word, severity="warning", of_text=True, proof=tokens.tokens_apart),
    Rule("timex-form", 5, times.timex_form, severity="warning", proof=times.timexes_fit),
    Rule("timex-precision", 5, times.timex_precision, severity="warning", proof=times.timexes_fit),
    Rule("timex-type", 5, times.timex_type, proof=times.timexes_fit),
    Rule(
        "unmarked-stretch", 5, scripts.unmarked_stretch, severity="warning", of_text=True, proof=scripts.letters_fit, whole=("languages",)
    ),
    Rule("untrimmed-text", 5, wording.untrimmed_text, severity="warning", proof=wording.texts_trimmed),
    Rule("value-bounds", 5, quantities.value_bounds, proof=quantities.bounds_fit),
    Rule("wrong-filler", 5, ontology.wrong_filler, proof=ontology.fillers_fit),
    Rule("alignment-language", 6, check_corpus=pairs.alignment_language, severity="warning"),
    Rule("alignment-order", 6, check_corpus=pairs.alignment_order),
    Rule("alignment-type", 6, check_corpus=pairs.alignment_type),
    Rule("changelog-date", 6, check_corpus=versions.changelog_date, shared=True),
    Rule("cluster-link", 6, check_corpus=clusters.cluster_link),
    Rule("coreferent-related", 6, check_corpus=clusters.coreferent_related),
    Rule("duplicate-pair", 6, check_corpus=pairs.duplicate_pair),
    Rule("duplicate-text", 6, check_corpus=leaks.duplicate_text, severity="warning", shared=True),
    Rule("half-coordinates", 6, check_corpus=gazetteer.half_coordinates, shared=True),
    Rule("joined-chains", 6, check_corpus=clusters.joined_chains),
    Rule("leak", 6, check_corpus=leaks.leak, shared=True),
    Rule("link-kind", 6, check_corpus=pairs.link_kind, severity="warning"),
    Rule("link-type", 6, check_corpus=clusters.link_type, severity="warning"),
    Rule("opposite-links", 6, check_corpus=pairs.opposite_links),
    Rule("published-later", 6, check_corpus=versions.published_later, severity="warning", shared=True),
    Rule("same-document", 6, check_corpus=pairs.same_document),
    Rule("shared-identifier", 6, check_corpus=gazetteer.shared_identifier, shared=True),
    Rule("split-cluster", 6, check_corpus=clusters.split_cluster),
    Rule("split-group", 6, check_corpus=leaks.split_group, shared=True),
    Rule("twin-entries", 6, check_corpus=gazetteer.twin_entries, severity="warning", shared=True),
    Rule("unclustered", 6, check_corpus=clusters.unclustered, severity="warning"),
    Rule("ungrouped-reuse", 6, check_corpus=leaks.ungrouped_reuse, severity="warning", shared=True),
    Rule("unlisted-version", 6, check_corpus=versions.unlisted_version, severity="warning", shared=True),
    Rule("unsourced-entry", 6, check_corpus=gazetteer.unsourced_entry, severity="warning", shared=True),
    Rule("unused-layer", 6, check_corpus=versions.unused_layer, severity="warning", shared=True),
)

#: The rules by their codes.
BY_CODE = {rule.code: rule for rule in RULES}

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

#: The level of every code.
LEVELS: dict[str, int] = {
    **{code: level for level, found in READER_CODES.items() for code in found},
    **{rule.code: rule.level for rule in RULES},
}

__all__ = ["BY_CODE", "DANGLING", "DRAFT", "LEVELS", "NOT_CANONICAL", "READER_CODES", "RULES", "UNUSED", "Context", "Finding", "Rule"]
