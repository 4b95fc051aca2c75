"""Proposes stretches in another language or script than their zone, down to parts of words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from qantar.propose.letters import NO_LANGUAGE, cost, course, guess, language, script_of_language, script_of_letter, words
from qantar.propose.segments import Zone

_L = "A-Za-zÀ-ÖØ-öø-ɏ"
#: A run in Latin letters, with the digits and signs inside it: AdTribune-2022, USD/KZT, example.org.
_LATIN = re.compile(rf"(?<![^\W_])[0-9]*[{_L}](?:[-_/.&'’+]?[{_L}0-9])*|[{_L}](?:[-_/.&'’+]?[{_L}0-9])*")
_CURRENCY = "USD|EUR|RUB|RUR|KZT|UAH|GBP|CHF|CNY|JPY|TRY|PLN|BYN|KGS|UZS"
_CODE = re.compile(rf"(?:{_CURRENCY})(?:/(?:{_CURRENCY}))?|.*[0-9]{{5}}.*")
_BLANKS = (" ", "\u00a0")
_JOINTS = (*_BLANKS, "-")
_SWITCH = 3
_LEAN = 2

#: Languages that the rules know by their letters, by script; of another they see only that it is not the zone's.
KNOWN = {"Latn": ("en",), "Cyrl": ("kk", "ru", "uk")}

#: Start, end, language (None where the corpus has none for it) and script.
Stretch = tuple[int, int, str | None, str]
_Run = tuple[int, int, str | None]


def languages(text: str, zones: Iterable[Zone], *, languages: Sequence[str]) -> list[dict[str, Any]]:
    """Records of the layer `languages`, in text order, with labels of `languages` only and scripts Latn and Cyrl.

    `zones` are (start, end, lang). No two stretches overlap, and none crosses a zone's border. What is in another script than
    its zone, and in none of `languages` as far as the rules know, is left out: `without_language` counts it.
    """
    found = sorted(stretch for zone in zones for stretch in _zone(text, zone, languages) if stretch[2] is not None)
    return [
        {"id": f"L{number}", "spans": [{"start": start, "end": end}], "quote": text[start:end], "lang": lang, "script": script}
        for number, (start, end, lang, script) in enumerate(found, 1)
    ]


def without_language(text: str, zones: Iterable[Zone], *, languages: Sequence[str]) -> dict[str, int]:
    """How many runs of letters are left out of the layer because no language of `languages` is known to be theirs, by script."""
    return dict(Counter(script for zone in zones for *_, lang, script in _other_script(text, zone, languages) if lang is None))


def _zone(text: str, zone: Zone, languages: Sequence[str]) -> Iterator[Stretch]:
    yield from _other_script(text, zone, languages)
    start, end, lang = zone
    if script_of_language(lang) == "Cyrl":
        cyrillic = _cyrillic(text, start, end)
        forms = [text[one:two] for one, two in cyrillic]
        langs = course(forms, [True] * len(forms), _known(languages, "Cyrl"), start=lang, switch=_SWITCH, lean=_LEAN)
        yield from _runs(text, cyrillic, langs, lang)


def _other_script(text: str, zone: Zone, languages: Sequence[str]) -> Iterator[Stretch]:
    """Runs in another script than the zone's, and codes."""
    yield from _latin(text, zone, languages)
    start, end, lang = zone
    if script_of_language(lang) != "Cyrl":
        known = _known(languages, "Cyrl")
        for run in _touching(text, _cyrillic(text, start, end)):
            one, two = run[0][0], run[-1][1]
            yield one, two, guess(text[one:two], known) or ("zxx" if lang == "zxx" else None), "Cyrl"


def _known(languages: Sequence[str], script: str) -> list[str]:
    """Those of the languages that are written in a script, and that the rules know."""
    return [name for name in languages if script_of_language(name) == script and language(name) in KNOWN[script]]


def _cyrillic(text: str, start: int, end: int) -> list[tuple[int, int]]:
    return [span for span in words(text, start, end) if script_of_letter(text[span[0]]) == "Cyrl"]


# ---- Latin letters


def _latin(text: str, zone: Zone, languages: Sequence[str]) -> Iterator[Stretch]:
    """Latin runs of a zone: names, and codes, which have no language. In a zone of Latin script codes alone count."""
    start, end, lang = zone
    own = script_of_language(lang) == "Latn"
    known = next(iter(_known(languages, "Latn")), None)
    runs = [(*match.span(), _latin_language(text, *match.span(), zone, known)) for match in _LATIN.finditer(text, start, end)]
    for one, two, name in _names(text, runs):
        if not own or name == "zxx":
            yield one, two, name, "Latn"


def _names(text: str, runs: Iterable[_Run]) -> Iterator[_Run]:
    """Runs with a blank between them as one name; codes stand alone."""
    held: _Run | None = None
    for run in runs:
        if held and held[2] == run[2] != "zxx" and text[held[1] : run[0]] in _BLANKS:
            held = (held[0], run[1], run[2])
            continue
        if held:
            yield held
        held = run
    if held:
        yield held


def _latin_language(text: str, start: int, end: int, zone: Zone, known: str | None) -> str | None:
    if zone[2] == "zxx" or _CODE.fullmatch(text[start:end]):
        return "zxx"
    glued = (start > zone[0] and text[start - 1].isalpha()) or (end < zone[1] and text[end].isalpha())
    return zone[2] if glued and zone[2] not in NO_LANGUAGE else known  # a Latin letter inside a Cyrillic word is a play on it


# ---- Cyrillic letters


def _runs(text: str, spans: Sequence[tuple[int, int]], langs: Sequence[str], own: str) -> Iterator[Stretch]:
    """Stretches of another language than the zone's, without the words at either end that may be of its own."""
    for lang, group in groupby(zip(spans, langs, strict=True), key=lambda pair: pair[1]):
        if lang != own:
            for run in _touching(text, [span for span, _ in group]):
                evident = [span for span in run if cost(text[span[0] : span[1]], own)]
                if evident:
                    yield evident[0][0], evident[-1][1], lang, "Cyrl"


def _touching(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Words in runs: those with one blank or hyphen between them stand together."""
    run: list[tuple[int, int]] = []
    for span in spans:
        if run and text[run[-1][1] : span[0]] not in _JOINTS:
            yield run
            run = []
        run.append(span)
    if run:
        yield run
