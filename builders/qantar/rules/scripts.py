"""Level 5: the languages layer agrees with the letters of the text.

Letters show Cyrillic from Latin script, and of Kazakh, Russian and Ukrainian some words that cannot be of them; nothing else is judged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from qantar.propose.letters import NO_LANGUAGE, SURE, WORD, cost, language, script_of_language, script_of_letter
from qantar.rules.facts import Facts
from qantar.rules.finding import Context, Finding
from qantar.rules.places import END, START, Row
from qantar.rules.signs import CLASSES, CYRILLIC, LATIN, NOT_OF

if TYPE_CHECKING:
    from qantar.records import Document

_RUNS = {script: re.compile(f"[{letters}]+") for script, letters in CLASSES.items()}
_BORDER = re.compile("[{Cyrl}](?=[{Latn}])|[{Latn}](?=[{Cyrl}])".format(**CLASSES))
_ROMAN = re.compile(r"[IVXLCDM]+")
#: Scripts that a stretch may state and that letters show.
_KNOWN = frozenset(["Cyrl", "Latn", "Arab", "Grek", "Hebr", "Armn", "Geor"])
#: Words that a finding shows of a zone.
_SHOWN = 3


class _Zone(NamedTuple):
    """A zone, or a document without zones, with its letters of Cyrl and of Latn, and the script that has more; stretches apart."""

    start: int
    end: int
    lang: str
    letters: tuple[int, int]
    script: str | None
    layer: str | None = None
    number: int | None = None
    record: Any = None


def scripts_fit(facts: Facts) -> bool:
    """Proves `script_mismatch`: every stretch begins with a letter of its script, or has one."""
    stated = zip(facts.field("languages", "script"), facts.field("languages", "quote"), strict=True)
    return all(script in map(script_of_letter, quote) for script, quote in stated)


def script_mismatch(document: Document, context: Context) -> Iterator[Finding]:
    """A stretch has no letter of the script that it states."""
    for index, stretch in context.facts(document).standing.get("languages", ()):
        scripts = sorted({script_of_letter(letter) for letter in stretch.quote} - {"Zyyy"})
        if stretch.script in _KNOWN and scripts and stretch.script not in scripts:
            fact = f"the letters of {stretch.quote!r} are {' and '.join(scripts)}, the script is {stretch.script!r}"
            yield Finding("languages", index, stretch, ("script",), fact, "Correct the script, or move the stretch.")


def stretches_differ(facts: Facts) -> bool:
    """Proves `redundant_stretch`: none is in the language of the first zone that it meets, if that has letters of its script."""
    held = facts.records("languages")
    if not (held and facts.all_inside and facts.stretches.sound):
        return not held
    numbers = [0] * len(held)
    if getattr(facts.document, "segments", None) is not None:
        if not facts.zones_tile:
            return False
        numbers = facts.zone_extents.number(facts.extents_of(("languages", "*")).starts).tolist()
    zones = map(facts.zone_letters.__getitem__, numbers)
    return not any(
        lang == one.lang not in NO_LANGUAGE and kinds & _letters_of(one.script) for one, (lang, kinds) in zip(held, zones, strict=True)
    )


def _letters_of(script: str) -> int:
    """The flag of letters that a zone must have for the script to be its own."""
    return {"Cyrl": CYRILLIC, "Latn": LATIN}.get(script, 0)


def redundant_stretch(document: Document, context: Context) -> Iterator[Finding]:
    """A stretch is in the language and script of its zone."""
    zones = Row(_zones(document, context))
    for index, stretch in context.facts(document).standing.get("languages", ()):
        start, end = stretch.spans[0].start, stretch.spans[-1].end
        zone = None if zones.many(start, end) else zones.first(start, end)
        if zone is not None and zone.lang == stretch.lang not in NO_LANGUAGE and zone.script == stretch.script:
            fact = f"{stretch.quote!r} is {stretch.lang!r} in {stretch.script!r}, as what stands around it is"
            remedy = "Remove it, or correct its language: a stretch is what differs from its zone."
            yield Finding("languages", index, stretch, ("lang",), fact, remedy)


def letters_fit(facts: Facts) -> bool:
    """Proves `unmarked_stretch`: outside stretches no zone has letters of two scripts, or such as its language has not."""
    zones = getattr(facts.document, "segments", None)
    if getattr(facts.document, "languages", None) is None:
        return True
    if not facts.stretches.sound or not (zones is None or facts.zones_tile):
        return False
    both = CYRILLIC | LATIN
    return not any(kinds & both == both or kinds & _foreign_to(lang) for lang, kinds in facts.zone_letters)


@lru_cache(maxsize=64)
def _foreign_to(lang: str) -> int:
    """The flag of Cyrillic letters that a word of a language cannot have; 0 where letters do not tell."""
    return NOT_OF.get(language(lang), 0) if script_of_language(lang) == "Cyrl" else 0


def unmarked_stretch(document: Document, context: Context) -> Iterator[Finding]:
    """Words are of another script or language than their zone, and in no stretch."""
    others = [lang for lang in context.registry.languages if lang not in NO_LANGUAGE]
    for zone in _judged(document, context):
        found = list(dict.fromkeys(_foreign(document.text, zone, others, _free(document, context))))
        if found:
            words = ", ".join(map(repr, found[:_SHOWN]))
            more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
            fact = f"{words}{more} cannot be {zone.lang!r} by the letters, and no stretch says what it is"
            remedy = "Add a record to the layer languages, or correct the language of the zone."
            yield Finding(zone.layer, zone.number, zone.record, ("lang",), fact, remedy)


def scripts_apart(facts: Facts) -> bool:
    """Proves `look_alike_letters`: outside stretches no letter of one script stands beside one of the other."""
    return getattr(facts.document, "languages", None) is None or not facts.letters.mixed


def look_alike_letters(document: Document, context: Context) -> Iterator[Finding]:
    """A word mixes Cyrillic and Latin letters, and no stretch says why."""
    free = _free(document, context)
    for zone in _judged(document, context):
        for start, end in _mixed(document.text, zone.start, zone.end):
            if free(start, end):
                word = document.text[start:end]
                fact = f"{word!r} at {start} mixes scripts: {_spelt(word)}"
                remedy = "Make a stretch of the foreign letters, if they are a play; a slip of the text stays as it came: excuse the zone."
                yield Finding(zone.layer, zone.number, zone.record, ("lang",), fact, remedy)


def _mixed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """(start, end) of each word with letters of both scripts side by side."""
    last = start
    for match in _BORDER.finditer(text, start, end):
        if match.start() >= last:
            first, last = match.start(), match.end()
            while first > start and text[first - 1].isalpha():
                first -= 1
            while last < end and text[last].isalpha():
                last += 1
            yield first, last


def _spelt(word: str) -> str:
    """The letters of the rarer script, which may look like those of the other."""
    letters = {script: "".join(pattern.findall(word)) for script, pattern in _RUNS.items()}
    script = min(letters, key=lambda name: len(letters[name]))
    return f"{letters[script]!r} is {script}"


def _foreign(text: str, zone: _Zone, others: Iterable[str], free: Callable[[int, int], bool]) -> Iterator[str]:
    """Words of a zone that cannot be of its language, are in no stretch, and could be of another language of the corpus."""
    for script, pattern in _RUNS.items():
        if script != zone.script and any(script_of_language(lang) == script for lang in others):
            for match in pattern.finditer(text, zone.start, zone.end):
                if len(match[0]) > 1 and not _ROMAN.fullmatch(match[0]) and not _glued(text, *match.span()) and free(*match.span()):
                    yield match[0]
    letters = _not_of(zone.lang)
    if letters is None or zone.script != "Cyrl":
        return
    if any(free(*match.span()) for match in letters.finditer(text, zone.start, zone.end)):
        for match in WORD.finditer(text, zone.start, zone.end):
            word = match[0]
            if len(word) > 1 and letters.search(word) and free(*match.span()) and _could_be(word, zone.lang, others):
                yield word


def _could_be(word: str, own: str, others: Iterable[str]) -> bool:
    """Whether a word in Cyrillic letters may be of another language of the corpus."""
    return any(lang != own and script_of_language(lang) == "Cyrl" and cost(word, lang) < SURE for lang in others)


def _glued(text: str, start: int, end: int) -> bool:
    """Whether a run of letters is a part of a word of mixed letters."""
    return (start > 0 and text[start - 1].isalpha()) or (end < len(text) and text[end].isalpha())


@lru_cache(maxsize=64)
def _not_of(lang: str) -> re.Pattern[str] | None:
    """Cyrillic letters that a word of a language cannot have; None where letters do not tell."""
    letters = [letter for code in range(0x400, 0x530) if cost(letter := chr(code), lang) >= SURE]
    return re.compile(f"[{''.join(letters)}]") if letters and language(lang) in ("kk", "ru", "uk") else None


def _judged(document: Document, context: Context) -> Iterator[_Zone]:
    """Zones in which the layer `languages` was annotated, and that are in the script that their language is usually in."""
    if getattr(document, "languages", None) is not None:
        kinds = next((entry.zones for entry in document.coverage if entry.layer == "languages"), None)
        for zone in _zones(document, context):
            covered = kinds is None or zone.record is None or zone.record.kind in kinds
            if covered and zone.script is not None and zone.script == script_of_language(zone.lang):
                yield zone


def _zones(document: Document, context: Context) -> Iterator[_Zone]:
    facts, zones = context.facts(document), getattr(document, "segments", None)
    if zones is None:
        found = next(facts.letters.counts([0], [len(document.text)]))
        yield _Zone(0, len(document.text), document.lang, found, _script(*found))
    elif facts.zones.sound:
        counts = facts.letters.counts(list(map(START, zones)), list(map(END, zones)))
        for index, (zone, found) in enumerate(zip(zones, counts, strict=True)):
            yield _Zone(zone.start, zone.end, zone.lang, found, _script(*found), "segments", index, zone)


def _script(cyrillic: int, latin: int) -> str | None:
    """The script that has more letters; None where there are none of either."""
    return None if not (cyrillic or latin) else "Cyrl" if cyrillic >= latin else "Latn"


def _free(document: Document, context: Context) -> Callable[[int, int], bool]:
    """Whether no stretch shares a character with a span; never where stretches overlap, which is reported as such."""
    stretches = context.facts(document).stretches
    return lambda start, end: stretches.sound and stretches.first(start, end) is None
