"""Kazakh in Cyrillic script for spaCy: `spacy.blank("kk")`, found through the entry point `spacy_languages`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from spacy.attrs import LIKE_NUM, NORM, ORTH
from spacy.lang.char_classes import (
    ALPHA,
    ALPHA_LOWER,
    ALPHA_UPPER,
    COMBINING_DIACRITICS,
    CONCAT_ICONS,
    CONCAT_QUOTES,
    CURRENCY,
    LIST_CURRENCY,
    LIST_ELLIPSES,
    LIST_PUNCT,
    LIST_QUOTES,
    LIST_UNITS,
    PUNCT,
)
from spacy.lang.tokenizer_exceptions import BASE_EXCEPTIONS
from spacy.language import BaseDefaults, Language
from spacy.util import update_exc

from qantar.languages.kazakh_words import ABBREVIATIONS, ENDINGS, NUMERALS, STOP_WORDS, UNITS_OF_MEASURE

# spaCy's letters lack ғ, қ and ұ: its default rules leave the full stop on «жоқ.». An accent may follow a letter that is not composed.
_LOWER = f"{ALPHA_LOWER}ғқұ{COMBINING_DIACRITICS}"
_UPPER = f"{ALPHA_UPPER}ҒҚҰ"
_LETTER = f"{ALPHA}ғқұҒҚҰ{COMBINING_DIACRITICS}"

# Digits take their endings after a hyphen (2022-нің, 1-інші): one word. A hyphen before another word stands for the ordinal
# ending (17-үй, «house seventeen»): two words. A chain of endings may be long (2022-ншілердің).
_ENDING = rf"(?:{'|'.join(ENDINGS)}){{1,4}}(?![{_LETTER}])"
_SAID = rf"(?:деп|деді|дейді|деген)(?![{_LETTER}])"  # looks like an ending, but «…»,-деді is direct speech
_DASHES = ["—", "–", "--+"]
_ICONS = rf"(?!°)[{CONCAT_ICONS}]"
# 5км; but not 5G, and a percent sign belongs to its number (51%, 51%-ға).
_LETTER_UNITS = "|".join(unit for unit in LIST_UNITS if unit[0].isalpha() and (len(unit) > 1 or unit.islower()))

PREFIXES = [
    *("§", "=", "%(?!-)", r"\+(?![0-9])", *_DASHES),
    rf"-(?:(?=[{_LETTER}])(?!{_ENDING})|(?={_SAID}))",  # the dash of direct speech, written as a hyphen without a blank
    *(*LIST_PUNCT, *LIST_ELLIPSES, *LIST_QUOTES, *LIST_CURRENCY, _ICONS),
]
SUFFIXES = [
    *(*LIST_PUNCT, *LIST_ELLIPSES, *LIST_QUOTES, _ICONS, *_DASHES),
    rf"(?<=[{_LETTER}»”\"!?,.])-",
    rf"(?<=[0-9])(?:\+|{CURRENCY}|{_LETTER_UNITS})",
    # The full stop of a sentence; not that of «2022ж.», nor of an initial, whose letter is a capital that stands alone.
    rf"(?<![0-9][жғтмгб])(?<=[0-9{_LOWER}%²\-\+{PUNCT}(?:{CONCAT_QUOTES})])\.",
    rf"(?<=[{_UPPER}][{_UPPER}])\.",
    r"(?<=°[CFKСcfkс])\.",
]
INFIXES = [
    *(*LIST_ELLIPSES, _ICONS, *_DASHES),
    r"[«»“”„\"()\[\]!?;]",
    r",(?![0-9])|(?<![0-9]),",
    r":(?![0-9/])|(?<![0-9]):(?!/)",
    rf"(?<=[{_LETTER}0-9])[<>=](?=[{_LETTER}])",
    rf"(?<=[{_LOWER}])/(?=[{_LETTER}])|(?<=[{_LETTER}])/(?=[{_LOWER}])",  # not in a pair of codes: USD/KZT
    rf"(?<=[{_LOWER}»”\")\]!?])\.(?=[{_UPPER}«“\"(])",
    rf"(?<=[{_UPPER}][{_UPPER}])\.(?=[{_UPPER}][{_LOWER}])",
    rf"(?<![{_LETTER}][{_UPPER}]\.)(?<=[{_UPPER}]\.)(?=[{_UPPER}])",  # between initials, and before the name: А.|С.|Пушкин
    r"(?<=[0-9])[+\-*^](?=[0-9-])",
    rf"(?<=[0-9])-(?=[{_LETTER}])(?!{_ENDING})",
    r"(?<=[0-9])(?=[а-яёәғқңөұүһі])",  # a unit or abbreviation without a blank: 5км, 2022ж.
    rf"(?<=[»”\"!?,])-(?:(?=[{_LETTER}«“\"])(?!{_ENDING})|(?={_SAID}))",
]

# т.б., б.з.б., ф.ғ.д., ж.: single letters with full stops are abbreviations; hardly a word has one letter.
TOKEN_MATCH = re.compile(rf"(?:[{_LOWER}]\.)+$").match


def like_num(text: str) -> bool:
    """Whether a token looks like a number: digits, a fraction, digits with an ending, or a numeral in letters (also ordinal)."""
    word = text.lower().lstrip("+-±~")
    if word in NUMERALS:
        return True
    digits = word.partition("-")[0].replace(",", "").replace(".", "")
    numerator, slash, denominator = digits.partition("/")
    return numerator.isdigit() and (not slash or denominator.isdigit())


def _exceptions() -> dict[str, list[dict[int, str]]]:
    found = {}
    for short, full in ABBREVIATIONS.items():
        for form in {short, short[0].upper() + short[1:]}:
            found[form] = [{ORTH: form, NORM: full}]
    return {**found, **{unit: [{ORTH: unit}] for unit in UNITS_OF_MEASURE}}


EXCEPTIONS = update_exc(BASE_EXCEPTIONS, _exceptions())
LEX_ATTRS: dict[int, Callable[[str], Any]] = {LIKE_NUM: like_num}


class KazakhDefaults(BaseDefaults):
    """Rules and word lists of Kazakh, as spaCy's own languages have them."""

    tokenizer_exceptions = EXCEPTIONS
    prefixes = PREFIXES
    suffixes = SUFFIXES
    infixes = INFIXES
    token_match = TOKEN_MATCH
    lex_attr_getters = LEX_ATTRS
    stop_words = STOP_WORDS


class Kazakh(Language):  # type: ignore[no-untyped-call]
    """The pipeline class behind `spacy.blank("kk")`."""

    lang = "kk"
    Defaults = KazakhDefaults
