"""What letters say about the language of words.

Rules exist for Kazakh, Russian and Ukrainian in Cyrillic script; of every other language only the script counts. A cost
is a small integer: 0 says nothing against the language, `SURE` that the word cannot be of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

#: A word for these rules: letters with inner apostrophes. A hyphen parts two words, and so does a digit.
WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
#: Small Cyrillic letters, for the class of a pattern; patterns of a small letter, and of any other.
CYRILLIC_SMALL = "а-яёәғқңөұүһіїєґ"
SMALL = rf"[a-z{CYRILLIC_SMALL}]"
CAPITAL = rf"[^\W\d_a-z{CYRILLIC_SMALL}]"
#: Languages that letters tell apart; what reads as one of them is not taken for another.
TOLD_APART = ("kk", "ru", "uk", "en")
NO_LANGUAGE = ("mul", "zxx", "und")
SURE = 10
_UNLIKELY = 4  # another script: a foreign name, or another language
_DOUBTFUL = 3
_OWN = {"kk": frozenset("қңғүұһәө"), "uk": frozenset("їєґ"), "ru": frozenset("ыэёъ")}
#: About how many letters in a hundred of running text are a language's own, or і: text without any is hardly of it.
_RATE = {"kk": 20, "uk": 10, "ru": 3}
#: What each letter of a word, once, says against Kazakh: these stand in loanwords only.
_LOAN = {**dict.fromkeys("ёъщэ", 4), **dict.fromkeys("вфцчь", 2)}
#: Short words that Kazakh does not have; it has no word of one letter.
_NOT_KAZAKH = frozenset(["без", "во", "для", "до", "за", "из", "как", "на", "над", "не", "об", "от", "по", "под", "при", "со", "это"])
_CYRILLIC = frozenset(
    ["ab", "av", "ba", "be", "bg", "ce", "cv", "kk", "kv", "ky", "mk", "mn", "os", "ru", "rue", "sah", "sr", "tg", "tt", "tyv", "udm", "uk"]
)
_OTHER = {"ar": "Arab", "fa": "Arab", "ug": "Arab", "ur": "Arab", "el": "Grek", "he": "Hebr", "hy": "Armn", "ka": "Geor"}
_SCRIPTS = {
    "CYRILLIC": "Cyrl",
    "LATIN": "Latn",
    "ARABIC": "Arab",
    "GREEK": "Grek",
    "HEBREW": "Hebr",
    "ARMENIAN": "Armn",
    "GEORGIAN": "Geor",
}


def language(lang: str) -> str:
    """The primary subtag of a BCP-47 tag: `kk` of `kk-Cyrl`."""
    return lang.partition("-")[0].lower()


@lru_cache(maxsize=4096)
def script_of_letter(letter: str) -> str:
    """ISO 15924 code of a letter's script; Zyyy for anything that is none of those known here."""
    return _SCRIPTS.get(unicodedata.name(letter, "").partition(" ")[0], "Zyyy") if letter.isalpha() else "Zyyy"


def script_of_language(lang: str) -> str | None:
    """ISO 15924 code of the script that a language is usually written in; None of `mul`, `zxx`, `und`."""
    if lang in NO_LANGUAGE:
        return None
    rest = lang.split("-")[1:]
    stated = next((part for part in rest if len(part) == 4 and part.isalpha()), None)
    return stated or ("Cyrl" if language(lang) in _CYRILLIC else _OTHER.get(language(lang), "Latn"))


def words(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """(start, end) of each word, cut where the script changes inside it."""
    for match in WORD.finditer(text, start, len(text) if end is None else end):
        letters = [place for place in range(*match.span()) if text[place].isalpha()]  # ¼ counts as a letter for the pattern only
        cuts = [two for one, two in pairwise(letters) if script_of_letter(text[one]) != script_of_letter(text[two])]
        if letters:
            yield from pairwise([letters[0], *cuts, match.end()])


@lru_cache(maxsize=65536)
def cost(word: str, lang: str) -> int:
    """What speaks against a word being of a language."""
    if script_of_letter(word[0]) != script_of_language(lang):
        return _UNLIKELY
    letters, code = frozenset(word.lower()), language(lang)
    if code not in _OWN or script_of_letter(word[0]) != "Cyrl":
        return 0
    others = (own for name, own in _OWN.items() if name != code and not (code == "kk" and name == "ru"))
    if any(letters & own for own in others):
        return SURE
    if code == "kk":
        short = _UNLIKELY if len(word) == 1 or word.lower() in _NOT_KAZAKH else 0
        return min(SURE, short + sum(_LOAN.get(letter, 0) for letter in letters))
    return _DOUBTFUL if code == "ru" and "і" in letters else 0


def guess(text: str, languages: Iterable[str], *, favoured: str | None = None) -> str | None:
    """The language that the fewest words of a text speak against; None without words.

    Where two are even, it is the one whose own letters are missed least, else the earlier one. Against the favoured language, where there is one, more than one word of a longer text must speak.
    """
    found = [text[start:end] for start, end in words(text)]
    candidates = [lang for lang in languages if lang not in NO_LANGUAGE]
    if not found or not candidates:
        return None
    handicap = min(SURE, 3 * len(found)) if favoured in candidates else 0

    def against(lang: str) -> tuple[int, int]:
        return sum(cost(word, lang) for word in found) + (handicap if lang != favoured else 0), _missed(found, lang)

    return min(candidates, key=against)


def _missed(found: Iterable[str], lang: str) -> int:
    """How many letters of a language's own, times a hundred, a text without any of them lacks."""
    code, letters = language(lang), "".join(found).lower()
    own = _OWN.get(code, frozenset()) | (frozenset("і") if code != "ru" else frozenset())
    return 0 if code not in _OWN or own.intersection(letters) else _RATE[code] * len(letters)


def course(found: Sequence[str], opens: Sequence[bool], languages: Sequence[str], *, start: str, switch: int, lean: int) -> list[str]:
    """The cheapest course of languages through words: one for each word.

    A change before a word costs `switch`, and happens only where `opens` is true and the word may be of that language;
    each word without evidence costs `lean` in another language than `start`. Where two courses are even, a change comes
    early, and `start` stays.
    """
    order = [start, *(lang for lang in languages if lang != start and lang not in NO_LANGUAGE)]
    total = {lang: 0 if lang == start else (switch if lean else 1) for lang in order}
    back: list[dict[str, str]] = []
    for word, open_ in zip(found, opens, strict=True):
        best = min(order, key=total.__getitem__)
        free = {lang for lang in order if back and open_ and cost(word, lang) < _UNLIKELY}
        came = {lang: best if lang in free and total[best] + switch < total[lang] else lang for lang in order}
        total = {lang: total[came[lang]] + (switch if came[lang] != lang else 0) + _step(word, lang, start, lean) for lang in order}
        back.append(came)
    lang = min(order, key=total.__getitem__)
    path = []
    for came in reversed(back):
        path.append(lang)
        lang = came[lang]
    return path[::-1]


def _step(word: str, lang: str, start: str, lean: int) -> int:
    found = cost(word, lang)
    return found if lang == start or cost(word, start) else found + lean
