"""Abbreviations that keep their full stop, by language."""

from __future__ import annotations

import re
from functools import lru_cache

from qantar.languages.kazakh_words import ABBREVIATIONS as _KAZAKH
from qantar.propose.letters import CAPITAL, SMALL, language

# Left out are those that are words too («тел.», «мин.», «час.»: bodies, mines, the hour), and units, which take no full stop.
_WORDS = {
    "ru": (
        "г гг тыс млн млрд трлн тг руб коп долл экз чел шт ул пр просп пер пл бульв наб кв обл пос пгт дер оз им проф акад доц канд докт инж "
        "полк подп кап лейт ред изд стр рис табл гл ст разд прим др напр англ нем фр каз янв февр фев апр авг сент окт нояб дек пн вт ср чт пт "
        "сб вс соц эл адм зам зав нач пом св см"
    ),
    "uk": (
        "р рр тис млн млрд трлн грн коп дол екз чол шт вул просп пров пл бульв обл смт оз ім проф акад доц канд інж полк ред стор рис табл гл "
        "ст розд прим ін напр див англ нім фр укр січ лют бер квіт черв вер жовт груд пн вт ср чт пт сб нд заст св"
    ),
    "kk": " ".join(short.removesuffix(".") for short in _KAZAKH),
    "en": "Mr Mrs Ms Dr Prof Gen Col Maj Capt Lt Sgt Rep Sen Gov St Jr Sr vs etc Inc Ltd Co Corp pp vol Jan Feb Mar Apr Aug Sept Oct Nov Dec",
}
#: Abbreviations before a number only: elsewhere they are words, or end a sentence.
_BEFORE_NUMBER = {"ru": "ок прибл", "uk": "бл прибл", "kk": "шам", "en": "approx ca"}
#: One letter that is a word, and so may end a sentence.
_LETTER_WORDS = {"ru": "аиоуэюя", "uk": "аеєиіїйоуюя", "kk": "", "en": "ai"}
#: Abbreviations that close a list or an amount: a capital after them begins a sentence.
_CLOSING = {"т.д.", "т.п.", "др.", "пр.", "ін.", "т.б.", "т.с.с.", "т.б.с.с.", "etc."}
_LETTER = r"[^\W\d_]"


@lru_cache(maxsize=16)
def abbreviation(lang: str) -> re.Pattern[str]:
    """What is an abbreviation in a language: a listed one, single letters with full stops, an initial. Fallback: the last two."""
    code = language(lang)
    listed = _forms(_WORDS.get(code, ""))
    numbered = rf"(?<!{_LETTER})(?<![.'’ʼ-])(?:{_forms(_BEFORE_NUMBER.get(code, ''))})\.(?=\s?[0-9])"
    not_a_word = rf"(?![{_LETTER_WORDS[code]}])" if _LETTER_WORDS.get(code) else ""
    single = rf"(?<!\w)(?<!\w[.'’ʼ-])(?:(?:{SMALL}\.){{2,}}|(?:[A-Z]\.){{2,}}|{not_a_word}{_LETTER}\.)"
    second = rf"(?<!{_LETTER}{_LETTER}\.)(?<={CAPITAL}\.){CAPITAL}\."  # С. in А.С.Пушкин
    return re.compile(rf"(?<!{_LETTER})(?<![.'’ʼ-])(?:{listed})\.|{numbered}|{single}|{second}")


def _forms(words: str) -> str:
    """Alternatives for a pattern: each word, and each with a capital, longer ones first; what never fits where there is none."""
    longest = sorted(words.split(), key=len, reverse=True)
    return "|".join(re.escape(form) for word in longest for form in dict.fromkeys((word, word[:1].upper() + word[1:]))) or "(?!)"


def may_end(form: str) -> bool:
    """Whether a capital after the abbreviation begins a sentence."""
    return form.lower() in _CLOSING
