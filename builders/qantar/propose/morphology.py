"""Lemmas and parts of speech for proposed tokens, from the pymorphy3 dictionaries: Russian and Ukrainian, nothing else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from qantar.errors import MissingDependency
from qantar.propose.closed_words import ADJECTIVES, ALONE, BE, BEFORE_NOUN, CLOSED, EXPANDED, NAMES_BY_CAPITAL, Known
from qantar.propose.letters import language

if TYPE_CHECKING:
    from qantar.propose.segments import Zone
    from qantar.records import Sentence, Token

#: Classes of the OpenCorpora tag set and those of Universal Dependencies.
UPOS = {
    "NOUN": "NOUN", "ADJF": "ADJ", "ADJS": "ADJ", "COMP": "ADJ", "VERB": "VERB", "INFN": "VERB", "PRTF": "VERB", "PRTS": "VERB", "GRND": "VERB",
    "NUMR": "NUM", "ADVB": "ADV", "NPRO": "PRON", "PRED": "ADV", "PREP": "ADP", "CONJ": "CCONJ", "PRCL": "PART", "INTJ": "INTJ",
}  # fmt: skip
_NAMES = frozenset({"Name", "Surn", "Patr", "Geox", "Orgn", "Trad", "Init"})
_NUMBER = re.compile(r"[0-9]+([.,:/-][0-9]+)*(-\w{1,3})?")
_CURRENCIES = frozenset("USD EUR RUB RUR KZT UAH GBP CNY TRY".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class _Word:
    """A token's form, what the dictionary says of it, and whether a capital there says nothing: at the start of a sentence or quotation."""

    form: str
    parse: Any
    first: bool

    def has(self, *grammemes: str) -> bool:
        """Whether the best analysis has one of these grammemes."""
        return not self.parse.tag.grammemes.isdisjoint(grammemes)


def with_morphology(text: str, sentences: Iterable[Sentence], zones: Iterable[Zone], *, stretches: Iterable[Zone] = ()) -> list[Sentence]:
    """The sentences with `lemma` and `upos` on the tokens of Russian and Ukrainian zones; in others on numbers and signs only.

    `stretches` are (start, end, lang) of what is in another language than its zone: words in them are not looked up in the zone's
    dictionary; of these only numbers, signs and what is in Latin letters are tagged.
    What a token has already stays, as does all else of a sentence; one with an empty token stays as it is. The commonest analysis of each form is
    taken, with a few rules on its neighbours: a draft to correct, not an annotation.
    Raises MissingDependency where the dictionaries of a language that is to be read are not installed.
    """
    borders = [(start, end, language(lang)) for start, end, lang in zones]
    foreign = sorted((start, end, language(lang)) for start, end, lang in stretches)
    found = []
    for sentence in sentences:
        lang = next((lang for start, end, lang in borders if start <= sentence.start < end), "")
        forms = [text[token.start : token.end] for token in sentence.tokens]
        if all(forms) and any(token.lemma is None or token.upos is None for token in sentence.tokens):
            within = [_is_within(token, lang, foreign) for token in sentence.tokens]
            sentence = _tagged(sentence, _read(forms, lang, within) if lang in CLOSED else list(map(_sign, forms)))
        found.append(sentence)
    return found


def _is_within(token: Token, lang: str, stretches: Sequence[tuple[int, int, str]]) -> bool:
    """Whether the whole token lies in a stretch of another language."""
    return any(start <= token.start and token.end <= end and other != lang for start, end, other in stretches)


def _read(forms: Sequence[str], lang: str, foreign: Sequence[bool]) -> list[Known | None]:
    if all(foreign):
        return [_sign(form) or _latin(form) for form in forms]
    words = [_word(forms, at, lang) for at in range(len(forms))]
    return [_sign(word.form) or _latin(word.form) if foreign[at] else _known(words, at, lang) for at, word in enumerate(words)]


def _tagged(sentence: Sentence, known: Sequence[Known | None]) -> Sentence:
    pairs = zip(sentence.tokens, known, strict=True)
    return replace(sentence, tokens=tuple(_filled(token, *pair) if pair else token for token, pair in pairs))


def _filled(token: Token, lemma: str, upos: str) -> Token:
    """The token with what it lacks."""
    return replace(token, lemma=lemma if token.lemma is None else token.lemma, upos=upos if token.upos is None else token.upos)


@lru_cache(maxsize=2)
def _analyzer(lang: str) -> Any:
    if find_spec("pymorphy3") is None or find_spec(f"pymorphy3_dicts_{lang}") is None:
        raise MissingDependency(f"The dictionaries for lemmas of {lang!r} are not installed.", lang)
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer(lang=lang)


def _word(forms: Sequence[str], at: int, lang: str) -> _Word:
    """The best analysis: of a capitalised word inside a sentence the best that is a name, where one is."""
    form, parses = forms[at], _analyzer(lang).parse(forms[at])
    first = not any(form.isalpha() for form in forms[:at]) or forms[at - 1] in '«"“„'
    names = (
        [parse for parse in parses if not parse.tag.grammemes.isdisjoint(_NAMES)]
        if len(form) > 1 and form[0].isupper() and not first
        else []
    )
    names.sort(key=lambda parse: parse.normal_form != form.lower())  # Токаев is a nominative sooner than a genitive of Токай
    return _Word(form, (names or parses)[0], first)


def _known(words: Sequence[_Word], at: int, lang: str) -> Known:
    """Lemma and class of a token."""
    word = words[at]
    return (
        _sign(word.form)
        or _latin(word.form)
        or _short(word.form, lang)
        or _closed(words, at, lang)
        or _name(word, lang)
        or _common(words, at, lang)
    )


def _sign(form: str) -> Known | None:
    """Numbers, punctuation marks and symbols, in any language."""
    if _NUMBER.fullmatch(form):
        return form, "NUM"
    if not any(character.isalnum() for character in form):
        symbol = form == "%" or any(unicodedata.category(character).startswith("S") for character in form)
        return form, "SYM" if symbol else "PUNCT"
    return None


def _latin(form: str) -> Known | None:
    """Codes and names in Latin script."""
    if form.isascii():
        code = form in _CURRENCIES or "/" in form or not form[0].isupper()
        return form, "X" if code else "PROPN"
    return None


def _short(form: str, lang: str) -> Known | None:
    full = EXPANDED[lang].get(form.removesuffix(".").lower())
    # «г» and «р» are abbreviations with their full stop only.
    return (full, "NOUN") if full and (form.endswith(".") or len(form) > 2) else None


def _closed(words: Sequence[_Word], at: int, lang: str) -> Known | None:
    form = words[at].form.lower()
    if form in BEFORE_NOUN[lang] and _before_noun(words, at):
        return BEFORE_NOUN[lang][form]
    return CLOSED[lang].get(form)


def _name(word: _Word, lang: str) -> Known | None:
    """Initialisms, and capitalised words that are names in the dictionary or not in it at all."""
    form, tag = word.form, word.parse.tag
    if not form[0].isupper() or tag.POS not in ("NOUN", None) or any(part.isascii() for part in form.split("-")):
        return None
    if len(form) > 1 and form.isupper():
        return form, "PROPN"
    unmarked = not word.first and (lang in NAMES_BY_CAPITAL or not word.parse.is_known)
    if unmarked or word.has(*_NAMES):
        return "-".join(part[:1].upper() + part[1:] for part in word.parse.normal_form.split("-")), "PROPN"
    return None


def _common(words: Sequence[_Word], at: int, lang: str) -> Known:
    word = words[at]
    lemma = _with_latin(word.form, word.parse.normal_form)
    pos = word.parse.tag.POS
    if pos == "ADJF" and word.has("Apro") and lemma not in ADJECTIVES:
        return (lemma, "DET") if _before_noun(words, at) else (ALONE[lang].get(word.form.lower(), lemma), "PRON")
    if pos == "PRTF" and _stands_for_a_noun(words, at):
        return word.parse.inflect({"nomn", "sing", "masc"}).word, "NOUN"
    if pos in ("VERB", "INFN") and lemma in BE and any(next_.has("PRTS", "INFN") for next_ in words[at + 1 : at + 4]):
        return lemma, "AUX"
    return lemma, UPOS.get(pos, "X" if pos else "NOUN")


def _with_latin(form: str, lemma: str) -> str:
    """The lemma with the Latin parts of a compound as they are written: Telegram-канал."""
    parts = [(old, new) for old, new in zip(form.split("-"), lemma.split("-"), strict=False)]
    return "-".join(old if old.isascii() else new for old, new in parts) if len(parts) > 1 else lemma


def _before_noun(words: Sequence[_Word], at: int) -> bool:
    return at + 1 < len(words) and words[at + 1].has("NOUN", "ADJF", "PRTF")


def _stands_for_a_noun(words: Sequence[_Word], at: int) -> bool:
    """A participle that has become one («протестующие»): present active, no comma before it, no noun of its case after it."""
    word = words[at]
    agrees = at + 1 < len(words) and words[at + 1].has("NOUN", "ADJF", "PRTF") and words[at + 1].parse.tag.case == word.parse.tag.case
    return (
        word.has("actv")
        and word.has("pres")
        and not agrees
        and not (at and words[at - 1].form == ",")
        and bool(word.parse.inflect({"nomn", "sing", "masc"}))
    )
