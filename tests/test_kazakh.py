"""The Kazakh language class of spaCy: what it splits, measured against gold tokens, found by any program."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from qantar.languages import kazakh, kazakh_words

NLP = spacy.blank("kk")


@pytest.fixture
def benchmark(root: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module benchmarks/kazakh_tokens.py."""
    monkeypatch.syspath_prepend(root / "benchmarks")
    import kazakh_tokens

    return kazakh_tokens


@pytest.mark.parametrize(
    "marked",
    [
        "Адам – шешуі жоқ жұмбақ|.",
        "Не істемеді Шолпан|?|!",
        "«|Жасаған-ау|, бала бере гөр|!|»|, – деді|...",
        "«|Отау синема|»|ның «|Атамекен|»|-нің (|ағылшын|)",
        "-|Жоқ|,|-|деді ол|, «|Иә|»|,|-|деп|.",
        "Алматы қ.|, Абай көш.|, 17|-|үйде 1990|-|2000 жж.|, 2022|ж. 5 қаңтарда",
        "1-інші 2022-нің 3-еуі 2-іншілердің 1000-деген 1|-|сынып 10|-|қаңтар",
        "т.б.|, т.с.с. ф.ғ.д. (|мыс.|, құс|) ІІ ғ.|)",
        "А.|С.|Пушкин мен М. Әуезов",
        "5|км 70 км/сағ 51% 51%-ға 58,3% 19,4°С-қа 20°С|.",
        "USD/KZT және|/|немесе 513.7 1,9 10:30",
        "АҚШ-пен АҚШ|.|Қазақстан жоқ|.|Таң атты|:|бәрі|,|сол іс|—|әрекет",
        "https://www.gov.kz/a?b=1 info@mail.kz",
        "1|🥩 😀|қала №|5 500|₸ 5G Ми-8 AdTribune-2022 ата-ана қала-қалаға",
        "таң|. жоқ|. суық|. Аи\u0306|.",
    ],
)
def test_tokens(marked: str) -> None:
    """A bar stands where a token ends without a blank."""
    assert [token.text for token in NLP(marked.replace("|", ""))] == re.split(r"[| ]", marked)


@given(st.text(st.sampled_from("қазАҚі -.,«»%°/5🥩\n\u0306деп"), max_size=30))
def test_no_character_is_lost(text: str) -> None:
    assert "".join(token.text_with_ws for token in NLP(text)) == text


def test_abbreviations_know_what_they_stand_for() -> None:
    assert [token.norm_ for token in NLP("2022 ж. Проф. т.б.")] == ["2022", "жыл", "профессор", "тағы басқа"]


@pytest.mark.parametrize("word", ["5", "-5", "1,9", "513.7", "1/2", "бес", "Мың", "бірінші", "1-інші", "2022-нің", "екеу"])
def test_like_num(word: str) -> None:
    assert NLP.vocab[word].like_num


@pytest.mark.parametrize("word", ["ата", "-", "1/", "/2", "А-5", "бесік", "½а", ""])
def test_not_like_num(word: str) -> None:
    assert not kazakh.like_num(word)


def test_stop_words() -> None:
    assert NLP.vocab["және"].is_stop
    assert not NLP.vocab["қала"].is_stop
    assert all(word == word.strip().lower() for word in kazakh_words.STOP_WORDS)


def test_a_pipeline_is_saved_and_loaded(tmp_path: Path) -> None:
    NLP.to_disk(tmp_path / "kk")
    loaded = spacy.load(tmp_path / "kk")
    text = "«Отау»,-деді 2022ж. т.б. 17-үйде."
    assert (loaded.lang, [token.text for token in loaded(text)]) == ("kk", [token.text for token in NLP(text)])


def test_any_program_finds_it_and_the_package_does_not_load_spacy() -> None:
    code = "import sys, qantar; assert 'spacy' not in sys.modules; import spacy; print(type(spacy.blank('kk')).__module__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "qantar.languages.kazakh\n"


def test_the_example_of_the_docs(root: Path) -> None:
    code = re.search(r"```python\n(.*?)```", (root / "docs" / "tokens.md").read_text(encoding="utf-8"), re.S)
    assert code is not None
    done = subprocess.run([sys.executable, "-c", code[1]], capture_output=True, text=True, check=True)
    assert done.stdout == str(["Алматы", "қ.", ",", "Абай", "көш.", "17", "-", "үйде", "2022-нің", "басында", "тұрды", "."]) + "\n"


# ---- against gold


def test_surface_tokens_are_what_is_counted(benchmark: Any) -> None:
    lines = ["# text = ас-Сауд па?", "1-2\tас-Сауд", "1\tас", "2\tСауд", "2.1\tбар", "3\tпа", "4\t?"]
    assert benchmark._sentence(lines) == ("ас-Сауд па?", {(0, 7), (8, 10), (10, 11)})
    with pytest.raises(ValueError, match="' па ' lies between"):
        benchmark._sentence(["# text = ас па ?", "1\tас", "2\t?"])


@pytest.mark.parametrize(("part", "floor"), [("train", 0.995), ("test", 0.99)])
def test_tokens_of_ud_kazakh_ktb(benchmark: Any, part: str, floor: float) -> None:
    if not benchmark.KTB.is_dir():
        pytest.skip(f"no {benchmark.KTB}: set QANTAR_TESTDATA")
    gold = benchmark.ktb(part)
    ours, *others = [benchmark.measure(language, gold).f1 for language in ("kk", "xx", "ky", "ru")]
    assert ours >= floor
    assert ours > max(others)


def test_tokens_of_the_kazakh_zones(benchmark: Any) -> None:
    gold = benchmark.corpus_zones("kk")
    assert len(gold) >= 7
    assert benchmark.measure("kk", gold).f1 >= 0.98
