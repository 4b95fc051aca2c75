"""What letters and function words say about the language of words.

Rules exist for Kazakh, Russian and Ukrainian in Cyrillic script; of every other language only the script counts. A cost
is a small integer: 0 says nothing against the language, `SURE` that the word cannot be of it.
"""

# ruff: noqa: SIM905 -- word lists read best as running text

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby, pairwise

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
_EVIDENT = 6  # a function word of another language
_OWN = {"kk": frozenset("қңғүұһәө"), "uk": frozenset("їєґ"), "ru": frozenset("ыэёъ")}
#: About how many letters in a hundred of running text are a language's own, or і: text without any is hardly of it.
_RATE = {"kk": 20, "uk": 10, "ru": 3}
#: What each letter of a word, once, says against Kazakh: these stand in loanwords only.
_LOAN = {**dict.fromkeys("ёъщэ", 4), **dict.fromkeys("вфцчь", 2)}
#: Short words that Kazakh does not have; it has no word of one letter.
_NOT_KAZAKH = frozenset(["без", "во", "для", "до", "за", "из", "как", "на", "над", "не", "об", "от", "по", "под", "при", "со", "это"])
#: Common words that the two other languages told apart by letters do not have.
_FUNCTION = {
    "ru": frozenset(
        "и с к со во ко из что как это он она они его её ее ему или но если чтобы также тоже уже ещё еще где когда только после перед "
        "между который которая которые был была было были нет есть человек лет год года году двое трое около более сообщил сообщила сообщили "
        "сообщает января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()
    ),
    "uk": frozenset(
        "і й з із зі що як це він вона вони його її їх або але якщо щоб також вже ще коли тільки після від між під який яка які був були немає є "
        "рік року році років близько понад повідомив повідомила повідомили повідомляє січня лютого березня квітня травня червня липня "
        "серпня вересня жовтня грудня".split()
    ),
    "kk": frozenset("мен бен пен және деп бойынша туралы үшін болды болып болған сол ол бұл бір жылы жылғы кейін дейін".split()),
}  # fmt: skip
_NAME = 6  # words; more in quotation marks, or with capitals, are a quotation or a title
_QUOTED = re.compile(r"[«“„\"]([^«»“”„\"\n]+)[»”“\"]")
_NEW = re.compile(r"[.!?…:\n]")  # a sentence begins after it, with a capital
_JOINTS = (" ", "\u00a0", "-")
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


@lru_cache(maxsize=1024)
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
    """The language that the least of a text speaks against; None without words.

    Words count by their letters, and where they are function words of another language; a name, in quotation
    marks or with capitals, counts once, and little. A text that shows too few of a language's own letters speaks against it. Where two are
    even, it is the earlier one. Against the favoured language, where there is one, more than one word of a longer text must speak.
    """
    names, plain = _parted(text)
    candidates = [lang for lang in languages if lang not in NO_LANGUAGE]
    if not plain or not candidates:
        return None
    handicap = min(SURE, 3 * (len(plain) + sum(map(len, names)))) if favoured in candidates else 0

    def against(lang: str) -> float:
        named = sum(min(_UNLIKELY, max(cost(word, lang) for word in name)) for name in names)
        said = sum(_cost_in_text(word, lang) for word in plain)
        return named + said + (handicap if lang != favoured else 0) + _lacking(plain, lang)

    return min(candidates, key=against)


def is_shown(text: str, lang: str) -> bool:
    """Whether a text shows letters or function words that are the language's own in two words, or in one of four at most, names aside.

    True of a language that neither letters nor function words tell from others of its script.
    """
    code = language(lang)
    if code not in _OWN:
        return True
    plain = _parted(text)[1]
    shown = sum(word.lower() in _FUNCTION[code] or bool(_OWN[code].intersection(word.lower())) for word in plain)
    return shown >= (1 if len(plain) <= 4 else 2)


def _parted(text: str) -> tuple[list[list[str]], list[str]]:
    """Names, as their words, and the other words of a text; a text that is nothing but names has other words only."""
    spans = list(words(text))
    names, plain = [], []
    for key, group in groupby(zip(_names(text, spans), spans, strict=True), key=lambda pair: pair[0]):
        found = [text[start:end] for _, (start, end) in group]
        if key is not None and len(found) <= _NAME:
            names.append(found)
        else:
            plain += found
    return (names, plain) if plain else ([], [word for name in names for word in name])


def _names(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[int | None]:
    """For each word where the name begins that it is of: what stands in quotation marks, or a run of capitals inside a sentence."""
    quoted = [match.span(1) for match in _QUOTED.finditer(text)]
    starts = [start for start, _ in quoted]
    held, last = None, 0
    for start, end in spans:
        place = bisect_right(starts, start) - 1
        gap = text[last:start]
        if place >= 0 and start < quoted[place][1]:
            held = starts[place]
        elif not text[start].isupper():
            held = None
        elif held is None or gap not in _JOINTS:
            held = start if last and not _NEW.search(gap) else None
        yield held
        last = end


def _cost_in_text(word: str, lang: str) -> int:
    """What speaks against a word of running text being of a language: its letters, or that it is a function word of another."""
    code, form = language(lang), word.lower()
    if code not in _OWN or form in _FUNCTION[code]:
        return cost(word, lang)
    others = any(form in found for name, found in _FUNCTION.items() if name != code)
    return max(cost(word, lang), _EVIDENT if others else 0)


def _lacking(plain: Iterable[str], lang: str) -> float:
    """What speaks against a language because a text has less than a quarter of its own letters that running text has."""
    code = language(lang)
    if code not in _OWN:
        return 0
    letters = [letter for letter in "".join(plain).lower() if script_of_letter(letter) == "Cyrl"]
    own = _OWN[code] | (frozenset("і") if code != "ru" else frozenset())
    return _DOUBTFUL * max(0.0, _RATE[code] * len(letters) / 400 - sum(letter in own for letter in letters))


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
