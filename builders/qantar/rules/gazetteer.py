"""Level 6: an entry of the gazetteer is one thing, and says how it is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from qantar.corpus import Corpus
from qantar.rules.finding import Finding

if TYPE_CHECKING:
    from qantar.records import GazetteerEntry


def shared_identifier(corpus: Corpus) -> Iterator[Finding]:
    """Two entries have one identifier, each as the very thing: an identifier that is wider or narrower may serve several."""
    first: dict[tuple[str, Any], str] = {}
    for index, entry in enumerate(corpus.gazetteer.values()):
        for field in ("wikidata", "geonames"):
            value = getattr(entry, field)
            if value is None or entry.quality not in ("exact", None):
                continue
            known = first.setdefault((field, value), entry.id)
            if known != entry.id:
                fact = f"{value} is the identifier of {known!r} already"
                remedy = "Join the entries, correct the identifier, or say by `quality` which of the two it is wider than."
                yield Finding("gazetteer", index, entry, (field,), fact, remedy)


def twin_entries(corpus: Corpus) -> Iterator[Finding]:
    """Two entries have the same kind, names and place, and no identifier tells them apart. Namesakes differ in one of these."""
    known: dict[Any, GazetteerEntry] = {}
    for index, entry in enumerate(corpus.gazetteer.values()):
        names = frozenset((name.lang, name.text) for name in entry.names)
        twin = known.setdefault((entry.kind, names, entry.country, entry.admin1, entry.latitude, entry.longitude), entry)
        if twin is not entry and not _told_apart(twin, entry):
            fact = f"{entry.id!r} has the kind, the names and the place of {twin.id!r}"
            remedy = "Join the two; or give what tells them apart: a name, a place or an identifier."
            yield Finding("gazetteer", index, entry, ("names",), fact, remedy)


def half_coordinates(corpus: Corpus) -> Iterator[Finding]:
    """An entry has a latitude without a longitude, or the reverse."""
    for index, entry in enumerate(corpus.gazetteer.values()):
        if (entry.latitude is None) != (entry.longitude is None):
            missing, there = ("latitude", "longitude") if entry.latitude is None else ("longitude", "latitude")
            fact = f"{entry.id!r} has a {there}, but no {missing}"
            yield Finding("gazetteer", index, entry, (missing,), fact, "A point has both: add it, or write null for both.")


def unsourced_entry(corpus: Corpus) -> Iterator[Finding]:
    """An entry has an identifier or a point and does not say where it was verified, or has no identifier and does not say why.

    Asked only where other entries say so: a gazetteer may leave a field unused.
    """
    entries = corpus.gazetteer.values()
    verifies = any(entry.verified is not None for entry in entries)
    gives_reasons = any(entry.reason is not None for entry in entries)
    for index, entry in enumerate(entries):
        is_identified = entry.wikidata is not None or entry.geonames is not None
        if verifies and entry.verified is None and (is_identified or entry.latitude is not None):
            what = "an identifier" if is_identified else "coordinates"
            fact = f"{entry.id!r} has {what}, and `verified` is null: nobody has said where they come from"
            yield Finding("gazetteer", index, entry, ("verified",), fact, "Say where it was verified; no identifier is taken from memory.")
        if gives_reasons and not is_identified and entry.reason is None:
            fact = f"{entry.id!r} has no identifier, and `reason` is null: nobody has said why"
            yield Finding("gazetteer", index, entry, ("reason",), fact, "Say why there is none, or add a verified one.")


def _told_apart(one: GazetteerEntry, two: GazetteerEntry) -> bool:
    """Whether both have an identifier of a kind, and not the same."""
    pairs = ((getattr(one, field), getattr(two, field)) for field in ("wikidata", "geonames"))
    return any(None not in pair and pair[0] != pair[1] for pair in pairs)
