"""Proposed sentences: where they end, how tokens are split, that nothing is lost in any text, measured against the corpus."""

from __future__ import annotations

import hashlib
import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from generate import BREAKS, GAPS, WORDS, contract
from hypothesis import example, given, settings
from hypothesis import strategies as st
from qantar.propose.sentences import sentences
from qantar.propose.tokens import tokens
from qantar.rules import Context
from qantar.rules.runner import check_document
from qantar.store.gate import encode
from tiny import document_line

LANGS = ("ru", "uk", "kk", "en", "zxx", "mul", "kk-Cyrl", "ja", "zh", "nonsense")
FORMS = (
    *WORDS,
    "г.",
    "т.д.",
    "А.С.Пушкин",
    "Қ.",
    "2022ж.",
    "http://a.kz/%20",
    "a@b.kz",
    "«Раньше всех. Ну»",
    "?!",
    "...",
    "…",
    "🏳️‍🌈",
    "🇰🇿",
    "1️⃣",
    "о\u0301",
    "-",
    "м/с",
    "٣",
    "\x00"[:0],
)
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from((*FORMS, *GAPS, *BREAKS, ". ", "? ", ".", ",", "%", "А", "б", "'")), max_size=25).map("".join),
)  # fmt: skip


@st.composite
def zoned(draw: Any) -> tuple[str, list[tuple[int, int, str]]]:
    """A text and zones that tile it, wherever their borders fall."""
    text = draw(TEXTS)
    inner = draw(st.lists(st.integers(1, max(1, len(text) - 1)), max_size=3, unique=True)) if len(text) > 1 else []
    edges = [0, *sorted(inner), len(text)]
    return text, [(a, b, draw(st.sampled_from(LANGS))) for a, b in pairwise(edges) if a < b]


def words(text: str, lang: str = "ru") -> list[list[str]]:
    """The tokens of each proposed sentence of a text in one language."""
    return [[text[token.start : token.end] for token in one.tokens] for one in sentences(text, [(0, len(text), lang)])]


def document_of(text: str, zones: list[tuple[int, int, str]]) -> Any:
    """A Document with the zones and what is proposed for them."""
    line = document_line("one", text, ("segments", "sentences"), lang="ru")
    segments = [{"id": f"Z{n}", "start": a, "end": b, "kind": "body", "lang": "ru"} for n, (a, b, _) in enumerate(zones, 1)]
    line |= {
        "text": text,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "languages_present": ["ru"] if zones else [],
        "segments": segments,
    }
    return msgspec.convert({**line, "sentences": msgspec.to_builtins(sentences(text, zones))}, contract()[1].document_type)


# ---- for any text


@settings(deadline=None)  # the first example of a language makes its tokenizer
@given(zoned())
@example(("Да.\u2028\u00a0Нет\u0085\u0301", [(0, 5, "ru"), (5, 10, "zxx")]))
@example((" \n ", [(0, 3, "ru")]))
def test_the_rule_partition_never_fires(made: tuple[str, list[tuple[int, int, str]]]) -> None:
    text, zones = made
    problems = list(check_document(document_of(text, zones), Context(contract()[1], None)))
    # a zone that cuts a word leaves a token on either side
    assert [problem for problem in problems if problem.code != "split-word"] == []


@settings(deadline=None)  # the first example of a language makes its tokenizer
@given(zoned())
def test_every_character_lies_in_one_token_and_zones_hold(made: tuple[str, list[tuple[int, int, str]]]) -> None:
    text, zones = made
    found = sentences(text, zones)
    covered = [at for one in found for token in one.tokens for at in range(token.start, token.end)]
    assert covered == [at for at, character in enumerate(text) if not character.isspace()]
    for number, one in enumerate(found, 1):
        assert one.id == f"S{number}"
        assert (one.start, one.end) == (one.tokens[0].start, one.tokens[-1].end)
        assert any(start <= one.start and one.end <= end for start, end, _ in zones)
        assert len(text[one.start : one.end].splitlines()) == 1


@pytest.mark.parametrize(
    "zones", [[(0, 9, "ru")], [(0, 3, "ru"), (2, 5, "ru")], [(3, 5, "ru"), (0, 3, "ru")], [(-1, 5, "ru")], [(4, 2, "ru")]]
)
def test_zones_that_overlap_or_leave_the_text(zones: list[tuple[int, int, str]]) -> None:
    with pytest.raises(ValueError, match="zones overlap"):
        sentences("Да. Но", zones)


def test_what_no_zone_holds_is_left_out() -> None:
    assert [(one.start, one.end) for one in sentences("Да. Нет. Так", [(4, 9, "ru")])] == [(4, 8)]
    assert sentences("Да", []) == []


def test_no_lemma_is_made_up() -> None:
    (one,) = sentences("Да", [(0, 2, "ru")])
    assert json.loads(encode(one)) == {"id": "S1", "start": 0, "end": 2, "tokens": [{"start": 0, "end": 2}]}


# ---- where a sentence ends


@pytest.mark.parametrize(
    ("lang", "marked"),
    [
        ("ru", "Штурм был.| Вывести успели!| Кого?| Всех…| 4 января ушли.| 🎆 Где"),
        ("ru", '"Штурм был.| Вывести всех успели", – коротко сказал он.| Да.'),
        ("ru", "Он сказал: «Да.| Нет».| Потом ушёл (ночью).| – Куда?| — Туда."),
        ("ru", 'Из Telegram-канала "Первые вести. Ну почти" узнали.| Да'),
        ("ru", "В 2025 г. Даму дал 11 тыс. тенге и т.д.| Об этом пишет А. С. Пушкин на ул. Абая, им. Ленина, 513.7 и 1.5.| Вот"),
        ("ru", "«Нет!» – сказал он.| Да?! нет... да. нет; Да: Нет – Да, Нет"),
        ("ru", "1. Первое.| 2. Второе.| Страницы: 1 2 ... 33 . Да"),
        ("ru", "Это конец.|Начало без пробела.| Informburo.Kz и tass.ru, А.Абай, Vk.Com"),
        ("ru", "Первая|\nвторая строка|\r\nтретья|\u2028четвёртая"),
        ("uk", "У 2022 р. Києві, вул. Абая, ст. 5.| Ось і все.| Її ім'я.| Це я.| Так."),
        ("kk", "2022 ж. Алматы қ. т.б.| Ол келді.| Қазақстан. қала.| Әкім кетті."),
        ("en", "Mr. Smith came at 5 p.m. Then he left.| It was so.| U.S. Army"),
        ("ru", "Было ок. 400 чел. на площади.| Ок.| Пойдём.| Всё ок.| Да.| Около 10 млрд тг. Работу начали прибл.| Да."),
        ("uk", "Було бл. 300 чол. на вулиці.| Бл.| Так."),
        ("kk", "Онда шам. 300 адам болды.| Бұл шам.| Иә."),
        ("en", "There were approx. 40 men.| Ca. 500 came."),
        ("de", "Er kam.| A. Merkel ging! nein.| Ja"),
    ],
)
def test_sentences(lang: str, marked: str) -> None:
    """A bar stands where a sentence begins."""
    text = marked.replace("|", "")
    found = [text[one.start : one.end] for one in sentences(text, [(0, len(text), lang)])]
    assert found == [part.strip() for part in marked.split("|")]


def test_a_zone_ends_a_sentence() -> None:
    found = sentences("Тенге во власти Цены растут", [(0, 16, "ru"), (16, 27, "ru")])
    assert [(one.start, one.end) for one in found] == [(0, 15), (16, 27)]


# ---- tokens


@pytest.mark.parametrize(
    ("lang", "marked"),
    [
        ("ru", "Telegram-канал рекламно-медийной Соғым-FEST AdTribune-2022 lw-3094948329-4 что-то 2022-го 17-үйде из-за"),
        ("kk", "Соғым-FEST ерік-жігердің 17-үйде 1-інші|, 61|% 61|%-ға ата-ана"),
        ("ru", "11 тыс. тг. 2025|г. г.|Алматы и т.д.|, т. е. (|см. А.|С.|Пушкин|) — им. Абая"),
        ("ru", "513.7|/|516.3 USD|: USD/KZT 1,9 1.234,5 23:00 и|/|или 70 км/ч 20|°С"),
        ("ru", "1|🥩|В 61|% 3|⏺|В 6|❗️|Грету 🇰🇿|🇺🇦 👨‍👩‍👧|👍🏽 1️⃣|да 500|₸ №|5"),
        ("ru", "-|В МВД|, да|!|!|? \"|Вести|\"|/|Фото|... да|…|нет «|Свобода 55|»|: (|акимат|)|."),
        ("uk", "об'єктів зв’язку прем'єр-міністра також|\"|Газовий|\" відео|)|За об'|\"|Так|\""),
        ("ru", "https://a.kz/b?c=1%20&d=1 info@mail.kz Informburo.kz|. Vласти|."),
        ("ru", "чёрный е\u0301ж|, и\u0306 🥩\ufe0f|да"),
        ("en", "He did|n't say|, \"|Telegram|\" well-known 5|%"),
        ("zxx", "7223 - lw-3094948329-4 6.39|/|6.51"),
    ],
)  # fmt: skip
def test_tokens(lang: str, marked: str) -> None:
    """A bar stands where a token ends without a blank."""
    text = marked.replace("|", "")
    assert [text[start:end] for start, end in tokens(text, lang)] == re.split(r"[| ]", marked)


@pytest.mark.parametrize("unit", ["(", "«", "🥩", "%", "!", "а'", "http://", "1-", "0", "а", "Қ", ".", "-", "а. А", "\u0301"])
def test_a_long_run_without_blanks(unit: str) -> None:
    """Time grows with the length: spaCy alone would take hours for some of these."""
    text = unit * 20_000
    found = sentences(text, [(0, len(text), "kk")])
    assert "".join(text[token.start : token.end] for one in found for token in one.tokens) == "".join(text.split())
    if unit in ("0", "а", "Қ", "-"):
        assert len(found[0].tokens) == 1


def test_languages_that_need_more_than_spacy_are_cut_as_any() -> None:
    """Whether sudachipy is installed or not."""
    assert tokens("日本 語。", "ja") == tokens("日本 語。", "xx") == tokens("日本 語。", "nonsense")


# ---- against the corpus


def test_sentences_and_tokens_of_the_corpus(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(root / "benchmarks")
    import sentences as benchmark

    found = benchmark.measure()
    assert {("001-akimat-captured", "kk", "tokens"), ("000-akimat-fire", "ru", "sentences")} <= found.keys()
    for (document, language, kind), tally in found.items():
        assert min(tally.precision, tally.recall) >= 0.99, (document, language, kind)
