"""Proposals: whatever the text, they are records without a problem; on known pages they say what plain rules can say."""

from __future__ import annotations

import hashlib
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import generate
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qantar.propose import propose
from qantar.propose.languages import languages, without_language
from qantar.propose.letters import course, guess, is_shown, script_of_language, words
from qantar.propose.segments import segments
from qantar.rules import Context
from qantar.rules.runner import check_document
from qantar.schema.registry import Registry
from qantar.schema.sources import Sources
from qantar.store import Folder

REGISTRY = generate.contract()[1]
TAGS = ("ru", "uk", "kk", "en", "mul", "zxx")
KINDS = REGISTRY.ontology.labels("segment-kind")
PIECES = st.sampled_from(
    [
        "Порт закрито. ", "Қаңтар оқиғасы ", "Соғым-FEST", "Vласти", "USD/KZT: 4.5 ", "lw-3094948329-4", "\n", "\n\n", "\r\n", "\u00a0", "😀", "ё",
        "e\u0301", "Читайте также:\n", "- пункт\n", "Популярное\n", "7223\n", "23 ноября 2024", "Әсем ", "їжак ", "d’Arc ", "513.7 / 516.3", "!", "«",
        "Reuters ", "2GIS", "ﬁ", "ß", "ǅ", "漢字", "عرب", "ʼ", "\u2028", "\x1c", "一1", "²", "_", "a_b", "И" * 320,
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(min_size=1, max_size=80), st.lists(PIECES, min_size=1, max_size=25).map("".join))


def line(text: str, layers: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": "one",
        "file": "one.txt",
        "text": text,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "title": None,
        "publisher": None,
        "published": None,
        "coverage": tuple(REGISTRY.types.by_title["Coverage"][1](layer=layer, zones=None) for layer in layers),
        "anchor": REGISTRY.types.by_title["Anchor"][1](date=None, precision=None, basis="Made up."),
        "rights": REGISTRY.types.by_title["Rights"][1](holder=None, licence="CC0-1.0", redistribute=True, basis="Made up."),
        "leak_group": None,
        "fold": None,
    }


def zones_of(text: str, lang: str = "ru", tags: tuple[str, ...] = TAGS) -> list[tuple[str, str, str]]:
    found = segments(text, lang=lang, languages=tags, kinds=KINDS)
    assert found is not None
    assert [zone["start"] for zone in found] == [0, *(zone["end"] for zone in found[:-1])]
    return [(zone["kind"], zone["lang"], text[zone["start"] : zone["end"]]) for zone in found]


def stretches_of(text: str, lang: str = "ru", tags: tuple[str, ...] = TAGS) -> list[tuple[str, str, str]]:
    return [(one["quote"], one["lang"], one["script"]) for one in languages(text, [(0, len(text), lang)], languages=tags)]


# ---- whatever the text


@settings(max_examples=300, deadline=None)
@given(TEXTS.filter(lambda text: "\0" not in text), st.sampled_from(TAGS))
def test_proposals_have_no_error(text: str, lang: str) -> None:
    proposed = propose(text, lang, REGISTRY)
    assert list(proposed.layers) == ["segments", "languages", "sentences"]
    assert proposed.left_out == {}
    absent = dict.fromkeys(REGISTRY.layers)
    document = REGISTRY.document_type(**line(text, proposed.layers), lang=lang, languages_present=None, **{**absent, **proposed.layers})  # type: ignore[arg-type]
    problems = list(check_document(document, Context(REGISTRY, {})))
    assert [problem for problem in problems if problem.severity == "error" and problem.code != "stale-languages"] == []
    zones = proposed.layers["segments"]
    assert "".join(text[zone.start : zone.end] for zone in zones) == text
    for stretch in proposed.layers["languages"]:
        (span,) = stretch.spans
        assert any(zone.start <= span.start < span.end <= zone.end for zone in zones)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_words_are_letters_of_one_script_in_text_order(text: str) -> None:
    end = 0
    for one, two in words(text):
        assert end <= one < two <= len(text)
        assert text[one].isalpha()
        end = two


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(["қала", "місто", "город", "порты", "port", "їжа"]), max_size=12),
    st.integers(0, 12),
    st.sampled_from(TAGS[:4]),
)
def test_a_course_changes_only_where_it_may(found: list[str], at: int, start: str) -> None:
    opens = [number == at for number in range(len(found))]
    path = course(found, opens, TAGS, start=start, switch=5, lean=0)
    assert len(path) == len(found)
    assert all(one == two for number, (one, two) in enumerate(pairwise(path), 1) if not opens[number])


@pytest.mark.parametrize(
    "line",
    [
        "AAA/" * 20_000 + "x",
        "1." * 40_000 + "€",
        "7" * 80_000 + "!",
        "a" * 80_000,
        "Қ " * 40_000,
        "A-" * 40_000,
        "1 " * 40_000 + "a",
        "Он читал «Да. Нет» там. " * 20_000,
    ],
)
def test_long_runs_come_to_an_end(line: str) -> None:
    """A pattern that tries every way to split such a run would take hours; the tokens cover all but white space."""
    tokens = [token for sentence in propose(line, "ru", REGISTRY).layers["sentences"] for token in sentence.tokens]
    assert sum(token.end - token.start for token in tokens) == sum(not letter.isspace() for letter in line)


# ---- zones


def test_a_list_under_its_heading() -> None:
    page = "Участники вышли.\nЧитайте также:\n- Первый заголовок\n- Второй заголовок\nТекст идёт дальше.\n"
    assert [kind for kind, _, _ in zones_of(page)] == ["body", "navigation", "teaser", "teaser", "body"]


@pytest.mark.parametrize(
    "heading",
    [
        "Інші новини", "Останні новини:", "Ще новини", "Новини за темою", "Ещё новости", "ДРУГИЕ НОВОСТИ", "Новости партнёров", "По теме:",
        "Басқа жаңалықтар", "Тақырып бойынша", "Related", "Related articles:", "More news", "More from Harbour Gazette", "Читайте также", "Читайте також:",
    ],
)  # fmt: skip
@pytest.mark.parametrize("bullet", ["- ", "– ", "• ", "•"])
def test_headings_of_lists_with_bullets(heading: str, bullet: str) -> None:
    page = f"Участники вышли.\n{heading}\n{bullet}Порт закрыт\n\n{bullet}Докеры бастуют. Их много.\nТекст идёт дальше.\n© 2031 Гавань\n"
    assert [(kind, text[:5]) for kind, _, text in zones_of(page)] == [
        ("body", "Участ"), ("navigation", heading[:5]), ("teaser", f"{bullet}Порт"[:5]), ("teaser", f"{bullet}Докеры"[:5]), ("body", "Текст"),
        ("boilerplate", "© 203"),
    ]  # fmt: skip


def test_what_is_popular_is_a_ranking_also_with_bullets() -> None:
    page = "Порт закрито.\nПопулярне:\n• Порт відкрито\n• Докери чекають. Їх багато.\n"
    assert [kind for kind, _, _ in zones_of(page, "uk")] == ["body", "navigation", "ranking", "ranking"]


def test_without_bullets_such_a_heading_is_text_like_any_other() -> None:
    assert [kind for kind, _, _ in zones_of("Інші новини\nДокери страйкують. Їх багато.\n", "uk")] == ["headline", "body"]


def test_a_note_on_rights_has_a_language() -> None:
    assert [zone[:2] for zone in zones_of("Порт закрито.\n-\n© 2031 Гавань. Усі права захищені.\n", "uk")] == [
        ("body", "uk"), ("boilerplate", "zxx"), ("boilerplate", "uk"),
    ]  # fmt: skip


def test_a_ranking_and_its_counters() -> None:
    page = "Популярное\n-\n1🥩 Откроется ярмарка «Соғым-FEST»\n-\n7223\n-\n2🎆 Где гулять в 2025 г.\n-\n0\nUSD:\n513.7 / 516.3\n"
    assert zones_of(page) == [
        ("navigation", "ru", "Популярное\n"),
        ("boilerplate", "zxx", "-\n"),
        ("ranking", "ru", "1🥩 Откроется ярмарка «Соғым-FEST»\n"),
        ("boilerplate", "zxx", "-\n7223\n-\n"),
        ("ranking", "ru", "2🎆 Где гулять в 2025 г.\n"),
        ("boilerplate", "zxx", "-\n0\n"),
        ("ticker", "zxx", "USD:\n513.7 / 516.3\n"),
    ]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("суббота, 23 ноября 2024", "dateline"), ("5 січня 2022 року", "dateline"), ("March 3, 2031", "dateline"), ("12.05.2031 14:30", "dateline"),
        ("2031 жылғы 12 мамыр", "dateline"), ("Автор: Анна Белова", "byline"), ("Фото из открытых источников.", "byline"),
        ("Читайте также: Порт закрыт", "teaser"), ("Читайте також", "navigation"), ("Сондай-ақ оқыңыз:", "navigation"), ("Read also", "navigation"),
        ("Показать ещё", "navigation"), ("Страницы:1 2 3 ... 33", "navigation"), ("Протести в Алмати / фото Reuters", "caption"),
        ("© 2031 Гавань. Усі права захищені.", "boilerplate"), ("© Harbour Gazette, 2012–2031", "boilerplate"), ("(c) 2031", "boilerplate"),
        ("Copyright © 2031 Harbour Gazette", "boilerplate"), ("Все права защищены.", "boilerplate"), ("(c) In 2031 the port closed.", "body"),
        ("Copyright law changed in 2031.", "body"), ("Фото: © Reuters", "caption"), ("Related to the strike, the port closed.", "body"),
        ("Related: Порт закрыт", "teaser"), ("Інші новини", "body"), ("USD/KZT: 425.67 EUR/KZT: 496.42", "ticker"), ("THE END", "body"), ("lw-3094948329-4", "boilerplate"), (", -", "boilerplate"),
    ],
)  # fmt: skip
def test_what_a_line_shows_by_itself(line: str, kind: str) -> None:
    (zone,) = zones_of(line)
    assert zone[0] == kind


def test_a_title_stands_over_running_text() -> None:
    assert [kind for kind, _, _ in zones_of("Порт закрыт\n\nДокеры бастуют. Их много.\n")] == ["headline", "body"]
    assert [kind for kind, _, _ in zones_of("Докеры бастуют. Порт\nзакрыт, и суда стоят\nна рейде уже два дня.\nНикто не пришёл.")] == [
        "body"
    ]


def test_blank_lines_belong_to_the_zone_before_and_to_the_first() -> None:
    assert zones_of("\n\n Порт закрыт.\n\n\n-\n\n") == [("body", "ru", "\n\n Порт закрыт.\n\n\n"), ("boilerplate", "zxx", "-\n\n")]
    assert zones_of(" \n ") == [("boilerplate", "zxx", " \n ")]


def test_paragraphs_in_two_languages_are_two_zones() -> None:
    page = "Докеры бастуют с утра.\nДокери страйкують від ранку, і їх багато.\nҚаладағы порт жабылды.\nThe port is closed.\n"
    assert [(kind, lang) for kind, lang, _ in zones_of(page)] == [("body", "ru"), ("body", "uk"), ("body", "kk"), ("body", "en")]


def test_a_strip_of_headlines_is_cut_where_the_language_changes(root: Path) -> None:
    text = (root / "corpus" / "raw" / "001-akimat-captured.txt").read_bytes().decode()
    strip = next(line for line in text.split("\n") if len(line) == 1579)
    assert (len(strip), strip.count("\n")) == (1579, 0)
    gold = [
        json.loads(row) for row in (root / "corpus/annotations/segments/001-akimat-captured.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    begin = text.index(strip)
    wanted: list[tuple[int, str]] = []
    for zone in gold:
        if begin <= zone["start"] < begin + len(strip) and (not wanted or wanted[-1][1] != zone["lang"]):
            wanted.append((zone["start"] - begin, zone["lang"]))
    found = segments(strip, lang="ru", languages=TAGS, kinds=KINDS)
    assert found is not None
    assert [(zone["start"], zone["lang"]) for zone in found] == wanted
    assert {zone["kind"] for zone in found} == {"teaser"}


def test_a_name_in_a_strip_is_no_change_of_language() -> None:
    strip = "Тоқаев провёл заседание правительства в Алматы Порт закрыт до понедельника Цены на сахар выросли " * 4
    assert [lang for _, lang, _ in zones_of(strip.strip())] == ["ru"]


def test_kinds_that_a_corpus_lacks() -> None:
    page = "Популярное\n1. Порт закрыт\n-\n"
    for kinds, wanted in [
        (("body", "navigation"), ["navigation", "navigation", "navigation"]),
        (("body",), ["body", "body", "body"]),
        (("story",), None),
    ]:
        found = segments(page, lang="ru", languages=TAGS, kinds=kinds)
        assert (found and [zone["kind"] for zone in found]) == wanted


# ---- stretches


@pytest.mark.parametrize(
    ("text", "lang", "found"),
    [
        ("Пишет Telegram-канал «Baza»", "ru", [("Telegram", "en", "Latn"), ("Baza", "en", "Latn")]),
        ("ярмарка «Соғым-FEST»", "ru", [("Соғым", "kk", "Cyrl"), ("FEST", "en", "Latn")]),
        ("корреспондент Vласти", "ru", [("V", "ru", "Latn")]),
        ("USD/KZT: 425.67 и 5 EUR", "ru", [("USD/KZT", "zxx", "Latn"), ("EUR", "zxx", "Latn")]),
        ("на AdTribune-2022 и tass.ru", "ru", [("AdTribune-2022", "en", "Latn"), ("tass.ru", "en", "Latn")]),
        ("сайт Harbour Gazette", "ru", [("Harbour Gazette", "en", "Latn")]),
        ("газета «Қазақ әдебиеті» вышла", "ru", [("Қазақ әдебиеті", "kk", "Cyrl")]),
        ("он сказал «Добрий день, їжаче» и вышел", "ru", [("їжаче", "uk", "Cyrl")]),
        ("він сказав «мы были рады» і вийшов", "uk", [("мы были рады", "ru", "Cyrl")]),
        ("слово сім стоїть", "uk", []),
        ("буква і сама по себе", "ru", []),
        ("орынбасары қызметінен шеттетілді", "kk", []),
        ("The city of Алматы costs 5 EUR", "en", [("Алматы", "ru", "Cyrl"), ("EUR", "zxx", "Latn")]),
        ("lw-3094948329-4", "zxx", [("lw-3094948329-4", "zxx", "Latn")]),
        ("Порт закрыт", "ru", []),
    ],
)
def test_stretches(text: str, lang: str, found: list[tuple[str, str, str]]) -> None:
    assert stretches_of(text, lang) == found


@pytest.mark.parametrize(
    ("text", "lang", "tags", "found", "unnamed"),
    [
        ("Пишет Telegram, а Siemens AG и Reuters молчат", "ru", ("ru", "uk"), [], {"Latn": 3}),
        ("Пишет Telegram", "ru", ("ru", "de", "en-GB"), [("Telegram", "en-GB", "Latn")], {}),
        ("Пишет Telegram", "ru", ("ru", "de", "kk-Latn"), [], {"Latn": 1}),
        ("корреспондент Vласти, 5 EUR", "ru", ("ru",), [("V", "ru", "Latn"), ("EUR", "zxx", "Latn")], {}),
        ("lw-3094948329-4 Reuters", "zxx", ("ru",), [("lw-3094948329-4", "zxx", "Latn"), ("Reuters", "zxx", "Latn")], {}),
        ("Der Hafen von Алматы ist zu", "de", ("de",), [], {"Cyrl": 1}),
        ("Der Hafen von Алматы ist zu", "de", ("de", "bg"), [], {"Cyrl": 1}),
        ("Der Hafen von Алматы ist zu", "de", ("de", "bg", "ru"), [("Алматы", "ru", "Cyrl")], {}),
        ("он сказал «їжаче» и вышел", "ru", ("ru", "bg"), [], {}),
    ],
)  # fmt: skip
def test_only_languages_that_the_rules_know_are_proposed(
    text: str, lang: str, tags: tuple[str, ...], found: list[tuple[str, str, str]], unnamed: dict[str, int]
) -> None:
    tags = (*tags, "mul", "zxx")
    assert stretches_of(text, lang, tags) == found
    assert without_language(text, [(0, len(text), lang)], languages=tags) == unnamed


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.sampled_from(TAGS), st.sets(st.sampled_from(["ru", "uk", "kk", "en", "de", "bg"])))
def test_no_stretch_is_in_a_language_that_the_corpus_lacks(text: str, lang: str, tags: set[str]) -> None:
    for one in languages(text, [(0, len(text), lang)], languages=(*sorted(tags), "mul", "zxx")):
        (span,) = one["spans"]
        inside_a_word = text[max(0, span["start"] - 1) : span["start"]].isalpha() or text[span["end"] : span["end"] + 1].isalpha()
        assert one["lang"] in {*(tags & {"ru", "uk", "kk", "en"}), "zxx", *([lang] if inside_a_word else [])}


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Қаладағы порт жабылды", "kk"), ("Докери страйкують, їх багато", "uk"), ("Докеры бастуют", "ru"), ("The port is closed", "en"),
        ("Порт", "ru"), ("12 – 7", None),
    ],
)  # fmt: skip
def test_the_language_of_a_text(text: str, lang: str | None) -> None:
    assert guess(text, TAGS) == lang


@pytest.mark.parametrize("tags", [("kk", "ru", "uk", "en"), ("uk", "kk", "ru"), ("ru", "kk")])
def test_short_russian_is_not_taken_for_kazakh_which_would_show_its_letters(tags: tuple[str, ...]) -> None:
    for text in ("Порт закрыт.", "Работа завода"):
        assert guess(text, tags) == "ru"
    assert guess("Қала", tags) == "kk"


FIRE = "5 мая в Караганде загорелся склад компании «Шапағат». Пострадали двое рабочих, сообщил Асқар Сейітов."
FOREIGN_NAMES = [
    ("Вчера в Алматы прошёл праздник «Ұлыстың ұлы күні». По словам акимата, пришли 5 тыс. человек.", "ru"),
    ("Президент посетил Актау. Фестиваль «Ұлыстың ұлы күні» прошёл на площади.", "ru"),
    (FIRE, "ru"),
    ("Аким Қасым-Жомарт Тоқаев открыл мост.", "ru"),
    ("Порт закрито, повідомив «Қазақпарат».", "uk"),
    ("У Києві відбувся форум «Вчера и сегодня».", "uk"),
    ("Алматыда «Россия сегодня» агенттігінің көрмесі ашылды.", "kk"),
    ("Президент Қасым-Жомарт Тоқаев Ақордада кездесу өткізді.", "kk"),
    ("Вице-министр Виктор Иванов кездесуге қатысты.", "kk"),
    ("«Ұлыстың ұлы күні»", "kk"),
    ("ҚАЗАҚСТАНДА ЖАҢА ЗАҢ ҚАБЫЛДАНДЫ", "kk"),
    ("Форум туралы айтылды", "kk"),
]


@pytest.mark.parametrize("tags", [("kk", "ru", "uk", "en"), ("ru", "uk", "kk"), ("uk", "en", "kk", "ru")])
@pytest.mark.parametrize(("text", "lang"), FOREIGN_NAMES)
def test_a_name_in_another_language_does_not_make_the_text_of_it(text: str, lang: str, tags: tuple[str, ...]) -> None:
    assert guess(text, tags) == lang


@pytest.mark.parametrize(
    ("text", "lang", "shown"),
    [
        (FIRE, "uk", False), (FIRE, "kk", False), (FIRE, "ru", True), ("Форум «Їжак і ґава» закрыт.", "uk", False), ("Їжак", "uk", True),
        ("Докери страйкують, їх багато", "uk", True), ("Докери знову страйкують, їх багато", "uk", False), ("Докери страйкують, їх багато, і це є", "uk", True), ("The port", "en", True),
    ],
)  # fmt: skip
def test_a_language_is_shown_by_letters_or_function_words_outside_names(text: str, lang: str, shown: bool) -> None:
    assert is_shown(text, lang) == shown


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.sampled_from(["ru", "uk", "kk"]))
def test_a_guess_is_one_of_the_languages_and_is_made_wherever_there_is_a_word(text: str, lang: str) -> None:
    assert guess(text, [lang, "mul", "zxx"]) == (lang if list(words(text)) else None)
    assert guess(text, TAGS) in {*TAGS[:4], None}


def test_a_tag_with_subtags_has_the_letters_of_its_language() -> None:
    tags = ("ru-KZ", "uk-UA", "kk-Cyrl")
    for text, tag in [("Докери страйкують, їх багато", "uk-UA"), ("Докеры бастуют", "ru-KZ"), ("Қаладағы порт жабылды", "kk-Cyrl")]:
        assert guess(text, tags) == tag


def test_scripts_of_languages() -> None:
    found = {tag: script_of_language(tag) for tag in ("kk", "kk-Latn", "sr-Cyrl-RS", "de", "ar", "mul")}
    assert found == {"kk": "Cyrl", "kk-Latn": "Latn", "sr-Cyrl-RS": "Cyrl", "de": "Latn", "ar": "Arab", "mul": None}


# ---- corpora with labels of their own


def changed(change: Any) -> Registry:
    sources = json.loads(
        json.dumps({"schemas": REGISTRY.sources.schemas, "ontology": REGISTRY.sources.ontology, "codes": REGISTRY.sources.codes})
    )
    change(sources)
    return Registry(Sources(**sources), REGISTRY.layers, REGISTRY.languages)


def test_a_layer_whose_labels_do_not_fit_is_left_out_with_the_reason() -> None:
    def change(sources: Any) -> None:
        sets = sources["ontology"]["labels"]["sets"]
        sets["segment-kind"]["labels"] = [{"label": "story", "definition": "Made up."}]
        sets["script"]["labels"] = [{"label": "Cyrl", "definition": "Made up."}]

    proposed = propose("Порт закрыт.", "ru", changed(change))
    assert list(proposed.layers) == ["sentences"]
    assert set(proposed.left_out) == {"segments", "languages"}
    assert "no `body`" in proposed.left_out["segments"]
    assert "Latn or Cyrl" in proposed.left_out["languages"]


def test_a_layer_of_another_shape_is_left_out_with_the_reason() -> None:
    def change(sources: Any) -> None:
        schema = sources["schemas"]["layers/segments"]
        schema["properties"]["mood"] = {"description": "Made up.", "type": "string", "examples": ["glad"]}
        schema["required"].append("mood")

    proposed = propose("Порт закрыт.", "ru", changed(change))
    assert list(proposed.layers) == ["languages", "sentences"]
    assert "another shape" in proposed.left_out["segments"]
    assert "mood" in proposed.left_out["segments"]


def test_a_strip_is_cut_at_blanks_only() -> None:
    """Letters of two scripts in one run of characters are no two headlines."""
    strip = "éé" + "И" * 320 + "Порт закрито."
    assert zones_of(strip) == [("teaser", "ru", strip)]


# ---- the figures in the documents


@pytest.mark.parametrize("name", sorted(path.stem for path in (Path(__file__).parents[1] / "corpus" / "raw").glob("*.txt")))
def test_the_figures_in_the_documents_are_those_measured(name: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(root / "benchmarks"))
    from proposals import scores

    corpus = Folder(root / "corpus").read()
    found = {(score.layer, score.measure): score for score in scores(corpus.documents[name], corpus)}
    kind, lang = found["segments", "kind"], found["segments", "lang"]
    cells = [f"{kind.recall:.3f}", f"{lang.recall:.3f}"]
    cells += [f"{score.precision:.3f} / {score.recall:.3f}" for score in (found["segments", "spans"], found["languages", "spans"])]
    assert f"| `{name}` | {' | '.join(cells)} |" in (root / "docs" / "corpus-folder.md").read_text(encoding="utf-8")
