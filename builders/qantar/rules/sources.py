"""Level 5: documents.jsonl says of each text where it is from, and what its dates count from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qantar.propose.letters import NO_LANGUAGE, language
from qantar.rules.dates import fault_of
from qantar.rules.facts import Facts
from qantar.rules.finding import Context, Finding

if TYPE_CHECKING:
    from qantar.records import Document

#: What a basis of null leaves open, and what to do, by field.
_OPEN = {
    "anchor": (
        "nobody has said how the date that relative times count from is known",
        "Say in documents.jsonl what date the text was written or published on and how that is known, or that nothing shows it.",
    ),
    "rights": (
        "nobody has said where the text is from, and how its rights are known",
        "Say in documents.jsonl where the text is from, who holds the rights, and how that is known.",
    ),
}


def bases_given(facts: Facts) -> bool:
    """Proves `missing_basis`."""
    return all(getattr(facts.document, field).basis is not None for field in _OPEN)


def missing_basis(document: Document, context: Context) -> Iterator[Finding]:
    """The basis of the rights, or of the date that relative times count from, is null."""
    for field, (open_, remedy) in _OPEN.items():
        if getattr(document, field).basis is None:
            yield Finding(None, None, None, (field, "basis"), f"`{field}.basis` of {document.id!r} is null: {open_}", remedy)


def language_of_zones(facts: Facts) -> bool:
    """Proves `document_language`."""
    return facts.document.lang in facts.distinct("segments", "lang") or not facts.records("segments")


def document_language(document: Document, context: Context) -> Iterator[Finding]:
    """The language of a document is that of none of its zones."""
    zones = getattr(document, "segments", None) or ()
    found = list(dict.fromkeys(zone.lang for zone in zones if zone.lang not in NO_LANGUAGE))
    if found and document.lang not in NO_LANGUAGE and language(document.lang) not in map(language, found):
        fact = f"the document is {document.lang!r}, its zones are {', '.join(map(repr, found))}"
        remedy = "Correct `lang` in documents.jsonl, or the languages of the zones."
        yield Finding(None, None, None, ("lang",), fact, remedy)


def dates_in_order(facts: Facts) -> bool:
    """Proves `anchor_after_publication`, where one of the two dates is not known."""
    return facts.document.published is None or facts.document.anchor.date is None


def anchor_after_publication(document: Document, context: Context) -> Iterator[Finding]:
    """The date that relative times count from is later than the day of publication."""
    anchor, published = document.anchor.date, document.published
    if anchor is not None and published is not None and not fault_of(anchor, "calendar") and not fault_of(published, "calendar"):
        shared = min(len(anchor), len(published))
        if anchor[:shared] > published[:shared]:
            fact = f"relative times count from {anchor!r}, the text was published on {published!r}"
            remedy = "A text tells of its time before it is published: correct one of the two dates in documents.jsonl."
            yield Finding(None, None, None, ("anchor", "date"), fact, remedy)
