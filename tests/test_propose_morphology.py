"""Proposed lemmas and parts of speech: the rules, what is left alone, the missing extra, the figures that the docs state."""

from __future__ import annotations

import importlib.util
import re
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from generate import labels
from hypothesis import given, settings
from hypothesis import strategies as st
from qantar.errors import MissingDependency
from qantar.propose import morphology
from qantar.propose.morphology import with_morphology
from qantar.propose.sentences import sentences
from qantar.records import Sentence, Token


def tagged(text: str, lang: str = "ru") -> list[str]:
    """`form/lemma/UPOS` of every token."""
    zones = [(0, len(text), lang)]
    found = with_morphology(text, sentences(text, zones), zones)
    return [f"{text[token.start : token.end]}/{token.lemma}/{token.upos}" for sentence in found for token in sentence.tokens]


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("ru", "Протестующие/протестующий/NOUN захватили/захватить/VERB акимат/акимат/NOUN Алматы/Алматы/PROPN"),
        ("ru", "пытаясь/пытаться/VERB его/он/PRON захватить/захватить/VERB его/его/DET фасад/фасад/NOUN это/этот/DET время/время/NOUN"),
        ("ru", "Были/быть/AUX выбиты/выбить/VERB стёкла/стекло/NOUN"),
        ("ru", "Внутри/внутри/ADP была/быть/VERB полиция/полиция/NOUN"),
        ("ru", "МВД/МВД/PROPN Telegram-канал/Telegram-канал/NOUN Sputnik/Sputnik/PROPN USD/USD/X lw-30-4/lw-30-4/X"),
        ("ru", "2025/2025/NUM г./год/NOUN 11/11/NUM тыс./тысяча/NOUN 1,9/1,9/NUM еще/ещё/ADV об/о/ADP 🥩/🥩/SYM ,/,/PUNCT"),
        ("ru", "ок./около/ADP 400/400/NUM чел./человек/NOUN"),
        ("uk", "бл./близько/ADP 400/400/NUM чол./чоловік/NOUN"),
        ("ru", "другой/другой/ADJ весь/весь/DET город/город/NOUN всех/все/PRON видели/видеть/VERB"),
        ("uk", "поліція/поліція/NOUN Казахстану/Казахстан/PROPN й/і/CCONJ в/в/ADP 2022/2022/NUM р./рік/NOUN ,/,/PUNCT що/що/SCONJ йдеться/йтися/VERB"),
    ],
)  # fmt: skip
def test_lemma_and_class(lang: str, words: str) -> None:
    text = " ".join(word.split("/")[0] for word in words.split())
    assert tagged(text, lang) == words.split()


def test_in_other_languages_only_numbers_and_signs_are_tagged() -> None:
    text = "Қазақстан 5%. Казахстан."
    zones = [(0, 13, "kk"), (14, 24, "ru-Cyrl")]
    found = sentences(text, zones)
    kazakh, russian = with_morphology(text, found, zones)
    assert [(token.lemma, token.upos) for token in kazakh.tokens] == [(None, None), ("5", "NUM"), ("%", "SYM"), (".", "PUNCT")]
    assert [token.upos for token in russian.tokens] == ["PROPN", "PUNCT"]


@pytest.mark.parametrize("lang", ["kk", "uk", "ru-KZ"])
def test_words_of_a_stretch_in_another_language_are_not_looked_up(lang: str) -> None:
    text = "Праздник Ұлыстың күні 5% Reuters прошёл."
    start, end = text.index("Ұ"), text.index(" прошёл")
    zones = [(0, len(text), "ru")]
    (found,) = with_morphology(text, sentences(text, zones), zones, stretches=[(start, end, lang)])
    tagged = [token.upos for token in found.tokens]
    words = ["X", "X"] if lang == "ru-KZ" else [None, None]
    assert (tagged[0], tagged[3:]) == ("NOUN", ["NUM", "SYM", "PROPN", "VERB", "PUNCT"])
    assert [upos is None for upos in tagged[1:3]] == [word is None for word in words], (
        "another tag of the zone's language is no other language"
    )


def test_a_sentence_in_another_language_needs_no_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    morphology._analyzer.cache_clear()
    monkeypatch.setattr(morphology, "find_spec", lambda _: None)
    sentence = Sentence(id="S1", start=0, end=5, tokens=(Token(start=0, end=4), Token(start=4, end=5)))
    (found,) = with_morphology("Қала!", [sentence], [(0, 5, "ru")], stretches=[(0, 5, "kk")])
    assert [token.upos for token in found.tokens] == [None, "PUNCT"]


def test_a_token_that_a_stretch_covers_in_part_is_looked_up() -> None:
    text = "Открыт Telegram-канал."
    zones = [(0, len(text), "ru")]
    (found,) = with_morphology(text, sentences(text, zones), zones, stretches=[(7, 15, "en")])
    assert [(token.lemma, token.upos) for token in found.tokens][1:] == [("Telegram-канал", "NOUN"), (".", "PUNCT")]


@settings(deadline=None)  # the first example loads the dictionaries
@given(st.text(st.sampled_from("аЯёєїЇ'-.,« 5%A🥩\u0301бнеи"), max_size=20), st.sampled_from(["ru", "uk"]))
def test_every_token_gets_a_lemma_and_a_known_class(text: str, lang: str) -> None:
    zones = [(0, len(text), lang)]
    found = sentences(text, zones)
    made = with_morphology(text, found, zones)
    assert [(one.start, one.end) for one in found] == [(one.start, one.end) for one in made]
    for before, after in zip(found, made, strict=True):
        assert [(token.start, token.end) for token in before.tokens] == [(token.start, token.end) for token in after.tokens]
        assert all(token.lemma and token.upos in labels("upos") for token in after.tokens)
        assert msgspec.json.encode(after)


@settings(deadline=None)
@given(st.data(), st.sampled_from(["Докери їх бачили, 5% – у Києві", "Порт-Велл A 😀 закрыт."]), st.sampled_from(["ru", "uk", "kk"]))
def test_what_is_there_stays(data: st.DataObject, text: str, lang: str) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, len(text) - 1), max_size=6)))
    words = st.none() | st.just("там")
    spans = [(start, end) for start, end in pairwise([0, *cuts, len(text)])]
    tokens = tuple(Token(start=a, end=b, lemma=data.draw(words), upos=data.draw(st.none() | st.just("X")), feats="A=B") for a, b in spans)
    before = Sentence(id="S3", start=0, end=len(text), tokens=tokens, note="Made up.")
    (after,) = with_morphology(text, [before], [(0, len(text), lang)])
    pairs = [(old, new) for old, new in zip(before.tokens, after.tokens, strict=True)]
    assert all(new.lemma == (old.lemma or new.lemma) and new.upos == (old.upos or new.upos) for old, new in pairs)
    bare = [msgspec.structs.replace(new, lemma=old.lemma, upos=old.upos) for old, new in pairs]
    assert msgspec.structs.replace(after, tokens=tuple(bare)) == before
    assert lang == "kk" or all(token.lemma and token.upos for token in after.tokens)


def test_a_sentence_with_an_empty_token_stays_as_it_is() -> None:
    broken = Sentence(id="S1", start=0, end=9, tokens=(Token(start=0, end=2), Token(start=7, end=9)))
    assert with_morphology("Да", [broken], [(0, 2, "ru")]) == [broken]


def test_nothing_is_looked_up_where_nothing_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    morphology._analyzer.cache_clear()
    monkeypatch.setattr(morphology, "find_spec", lambda _: None)
    whole = Sentence(id="S1", start=0, end=2, tokens=(Token(start=0, end=2, lemma="да", upos="X"),))
    assert with_morphology("Да", [whole], [(0, 2, "ru")]) == [whole]


@pytest.mark.parametrize(("lang", "absent"), [("ru", "pymorphy3"), ("uk", "pymorphy3_dicts_uk")])
def test_without_the_extra(lang: str, absent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    morphology._analyzer.cache_clear()
    monkeypatch.setattr(morphology, "find_spec", lambda name: None if name == absent else importlib.util.find_spec(name))
    with pytest.raises(MissingDependency, match=rf"'{lang}' are not installed. Install them: pip install 'qantar\[{lang}\]'"):
        tagged("Да", lang)
    assert sentences("Да", [(0, 2, lang)])


def test_the_figures_of_the_docs_are_those_of_the_corpus(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(root / "benchmarks")
    import sentences as benchmark

    stated = re.findall(
        r"^\| [^|]+ \| (\d+) \| ([\d.]+)% \| ([\d.]+)% \|$", (root / "docs" / "tokens.md").read_text(encoding="utf-8"), re.M
    )
    found = [benchmark.measure_morphology(names, lang) for names, lang in benchmark.MORPHOLOGY]
    assert [int(tokens) for tokens, _, _ in stated] == [one.tokens for one in found]
    for (_, lemma, classes), one in zip(stated, found, strict=True):
        # dictionaries move between versions: half a percent is theirs
        assert [float(lemma), float(classes)] == pytest.approx([100 * one.lemmas / one.tokens, 100 * one.classes / one.tokens], abs=0.5)
        assert min(one.lemmas, one.classes) > 0.93 * one.tokens
