"""The aligner: outcomes by hand, properties over texts with every awkward character, and time on long texts."""

from __future__ import annotations

import random
import re
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qantar.align import Alignment, Located, align
from qantar.align.atoms import atoms_of
from qantar.align.matching import sure
from qantar.align.rewritten import likeness

WORDS = ["докери", "порт", "Қаңтар", "й", "і̆", "ва́хта", "😀", "👩‍🚀", "14", "м'яч", "-", "«", ".", "!", "北京", "x", "_"]
BLANKS = [" ", "\u00a0", "\n", "\r\n", "\r\n\r\n", "  ", ""]
words = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(BLANKS)), max_size=9)
texts = words.map(lambda parts: "".join(word + blank for word, blank in parts))
#: A passage whose words stand nowhere else.
PASSAGE = "жаңа кеме\u00a0келді 🚢"


def locate(old: str, new: str, quote: str, nth: int = 0) -> tuple[Located, str | None]:
    """What became of the nth place of a quote, and what stands there now."""
    at = [match.start() for match in re.finditer(re.escape(quote), old)][nth]
    found = align(old, new).locate(at, at + len(quote))
    return found, None if found.span is None else new[slice(*found.span)]


# ---- outcomes


@pytest.mark.parametrize(
    ("old", "new", "quote", "status", "now"),
    [
        ("Порт закрито.", "Увага! Порт закрито.", "Порт", "unchanged", "Порт"),
        ("14\u00a0березня", "14 березня", "14\u00a0березня", "unchanged", "14 березня"),
        ("Порт-Веллі тут", "Порт-Велл тут", "Порт-Веллі", "changed", "Порт-Велл"),
        ("Нур Султан тут", "Нурсултан тут", "Нур Султан", "changed", "Нурсултан"),
        ("у Нурсултані нині", "у Нур Султані нині", "Нурсултані", "changed", "Нур Султані"),
        ("сталося 14 березня", "сталося 15 квітня", "14", "changed", "15"),
        ("сталося 14 березня", "сталося 15 квітня", "березня", "changed", "квітня"),
        ("тут. Порт горить", "тут. Великий порт горить", "Порт", "changed", "порт"),
        ("великий порт стоїть", "порт стоїть", "великий порт", "changed", "порт"),
        ("великий порт стоїть", "порт стоїть", "великий", "lost", None),
        ("порт стоїть", "великий порт стоїть", "порт", "unchanged", "порт"),
        ("порт стоїть", "порт давно стоїть", "порт стоїть", "changed", "порт давно стоїть"),
        ("Він сказав ні.", "Він сказав так. Він сказав ні.", "Він", "unchanged", "Він"),
        ("Соғым-FEST болды", "Соғым-FESTі болды", "FEST", "changed", "FESTі"),
        ("рядок\r\nще", "рядок\nще", "рядок\r\nще", "unchanged", "рядок\nще"),
    ],
)
def test_spans_that_have_a_place(old: str, new: str, quote: str, status: str, now: str | None) -> None:
    found, text = locate(old, new, quote)
    assert (found.status, text) == (status, now)
    assert (found.score == 1) is (status == "unchanged")


def test_the_second_sentence_keeps_its_own_words() -> None:
    """What was put in is a whole sentence: «Він» is that of the sentence that was there."""
    found, _ = locate("Він сказав ні.", "Він сказав так. Він сказав ні.", "Він")
    assert found.span == (16, 19)


@pytest.mark.parametrize(
    ("old", "new", "quote", "candidates"),
    [
        ("x дуже добре", "x дуже дуже добре", "дуже", ["дуже", "дуже"]),
        ("x дуже добре", "x дуже дуже добре", "дуже добре", ["дуже дуже добре", "дуже добре"]),
        ("сильный ветер дул", "вчера ночью всё дул", "ветер", []),
        ("сильный ветер дул", "вчера ночью дул", "ветер", []),
        ("5 % тут", "5 %ний тут", "5 %", ["5 %", "5 %ний"]),
        ("слова тут", "слава тут", "сло", []),
        ("на 北京 x", "на 北京大 x", "北京", ["北京", "北京大"]),
    ],
)
def test_spans_whose_place_is_anybodys_guess(old: str, new: str, quote: str, candidates: list[str]) -> None:
    found, text = locate(old, new, quote)
    assert (found.status, found.score, text) == ("ambiguous", 0, None)
    assert found.reason
    assert [new[slice(*one)] for one in found.candidates] == candidates


LONG = "Поліція затримала двох докерів біля воріт."
REST = "Дощ ішов довго, і місто давно вже спало. Ранок приніс мітинг, страйк, газети та чутки про нову зміну."


def test_a_passage_that_was_moved_is_found() -> None:
    found, text = locate(f"{LONG} {REST}", f"{REST} {LONG}", "двох докерів")
    assert (found.status, found.score, found.moved, text) == ("unchanged", 1.0, True, "двох докерів")


def test_a_span_over_what_moved_and_what_stayed_has_no_place() -> None:
    found, _ = locate(f"{LONG} {REST}", f"{REST} {LONG}", "воріт. Дощ")
    assert found.span is None or "воріт" not in f"{REST} {LONG}"[slice(*found.span)]


def test_a_passage_that_stands_twice_elsewhere_has_no_place() -> None:
    new = f"{REST} {LONG} Ні! {LONG}"
    found, _ = locate(f"{LONG} {REST}", new, "двох докерів")
    assert found.status == "ambiguous"
    assert [new[slice(*one)] for one in found.candidates] == ["двох докерів", "двох докерів"]


def test_a_deleted_passage_whose_copy_was_there_before_is_lost() -> None:
    """A caption that stands twice, once of which is deleted."""
    old = f"Перший абзац. {LONG} Другий абзац. {LONG} Кінець."
    new = f"Перший абзац. Другий абзац. {LONG} Кінець."
    assert locate(old, new, "двох докерів")[0].status == "lost"
    assert locate(old, new, "двох докерів", 1)[1] == "двох докерів"


def test_a_word_that_stands_elsewhere_by_chance_is_lost() -> None:
    assert locate(f"Кіт спав. {REST}", f"{REST} Кіт прийшов.", "Кіт")[0].status == "lost"


def test_one_word_of_a_passage_written_anew_is_no_match() -> None:
    old = "Вчора. Поліція затримала Іванова вночі біля воріт порту. Кінець."
    new = "Вчора. Свідки сьогодні розповіли, що Іванова ніхто ніколи там не бачив. Кінець."
    assert locate(old, new, "Іванова")[0].status == "ambiguous"


@pytest.mark.parametrize("span", [(0, 0), (3, 2), (0, 5), (-1, 2)])
def test_a_span_that_is_none_is_refused(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="is empty or lies outside the text, which has 4"):
        align("порт", "порт").locate(*span)


# ---- properties


def spans(text: str) -> list[tuple[int, int]]:
    return list(combinations(range(len(text) + 1), 2))


@settings(deadline=None)
@given(texts)
def test_every_span_of_the_same_text_stays(text: str) -> None:
    found = align(text, text)
    for start, end in spans(text):
        assert found.locate(start, end) == Located("unchanged", (start, end), 1.0)


@settings(deadline=None)
@given(texts, texts)
def test_outcomes_are_sound(old: str, new: str) -> None:
    found = align(old, new)
    for start, end in spans(old):
        one = found.locate(start, end)
        assert 0 <= one.score <= 1
        assert (one.span is None) is (one.status in ("lost", "ambiguous"))
        assert bool(one.reason) is (one.span is None)
        for a, b in (*one.candidates, *([one.span] if one.span else [])):
            assert 0 <= a < b <= len(new)
        if one.status == "unchanged":
            assert one.span is not None
            assert "".join(new[slice(*one.span)].split()) == "".join(old[start:end].split())
        assert (one.score == 1) is (one.status == "unchanged")


@settings(deadline=None)
@given(texts, texts)
def test_spans_stay_in_order(old: str, new: str) -> None:
    found = align(old, new)
    bare = [span for span in spans(old) if old[slice(*span)] == old[slice(*span)].strip()]
    placed = [(span, one.span) for span in bare if (one := found.locate(*span)).span is not None and not one.moved]
    for (old_one, new_one), (old_two, new_two) in combinations(placed, 2):
        if old_one[1] <= old_two[0]:
            assert new_one[1] <= new_two[0]  # type: ignore[index]


@settings(deadline=None)
@given(texts, texts, texts)
def test_an_edit_beside_a_span_leaves_its_words(before: str, after: str, edited: str) -> None:
    old = f"{before} {PASSAGE} {after}"
    start = len(before) + 1
    for new, place in ((f"{edited} {PASSAGE} {after}", len(edited) + 1), (f"{before} {PASSAGE} {edited}", start)):
        assert align(old, new).locate(start, start + len(PASSAGE)) == Located("unchanged", (place, place + len(PASSAGE)), 1.0)


@settings(deadline=None)
@given(texts, texts)
def test_text_put_in_before_shifts_spans_by_its_length(text: str, put: str) -> None:
    old = f"{PASSAGE} {text}"
    shift = len(put) + 1
    there, back = align(old, f"{put} {old}"), align(f"{put} {old}", old)
    for start, end in spans(PASSAGE):
        if PASSAGE[start:end].strip() == PASSAGE[start:end]:
            assert there.locate(start, end) == Located("unchanged", (start + shift, end + shift), 1.0)
            assert back.locate(start + shift, end + shift) == Located("unchanged", (start, end), 1.0)


@settings(deadline=None)
@given(texts, texts)
def test_what_is_unchanged_is_so_in_both_directions(old: str, new: str) -> None:
    there, back = align(old, new), align(new, old)
    words = atoms_of(old).spans
    for start, end in product({start for start, _ in words}, {end for _, end in words}):  # parts of rewritten words are likenesses
        one = there.locate(start, end) if start < end and old[start:end].strip() == old[start:end] else None
        if one is not None and one.status == "unchanged" and one.span is not None and not one.moved:
            assert back.locate(*one.span).span in ((start, end), None)


@settings(deadline=None)
@given(st.text(max_size=12), st.text(max_size=12))
def test_any_text_is_aligned(old: str, new: str) -> None:
    found = align(old, new)
    for span in spans(old):
        found.locate(*span)


@settings(deadline=None)
@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_likeness_is_dice_over_the_longest_common_subsequence(one: str, two: str) -> None:
    common = max(size for size in range(len(one) + 1) for part in combinations(one, size) if _is_part("".join(part), two))
    assert likeness(one, two) == likeness(two, one) == (2 * common / (len(one) + len(two)) if one or two else 1.0)


def _is_part(part: str, whole: str) -> bool:
    rest = iter(whole)
    return all(char in rest for char in part)


@settings(deadline=None)
@given(st.text("ab", max_size=5), st.text("ab", max_size=5), st.lists(st.integers(0, 3), min_size=12, max_size=12))
def test_only_what_every_best_alignment_has_is_sure(a: str, b: str, ties: list[int]) -> None:
    """Against all alignments, one by one."""
    ties_a, ties_b = ties[: len(a)], ties[6 : 6 + len(b)]
    best, found = -1, []
    for size in range(min(len(a), len(b)) + 1):
        for left in combinations(range(len(a)), size):
            for right in combinations(range(len(b)), size):
                if all(a[i] == b[j] for i, j in zip(left, right, strict=True)):
                    pairs = list(zip(left, right, strict=True))
                    worth = 10 * size + sum(min(ties_a[i], ties_b[j]) for i, j in pairs if (i - 1, j - 1) in pairs)
                    found, best = ([*found, pairs], best) if worth == best else ([pairs], worth) if worth > best else (found, best)
    for i, (place, places) in enumerate(sure(a, b, [10] * len(a), ties_a, ties_b)):
        mine = [next((j for k, j in pairs if k == i), None) for pairs in found]
        assert places == sorted({j for j in mine if j is not None})
        assert place == (mine[0] if len(set(mine)) == 1 else None)


# ---- long texts


def _made(vocabulary: list[str], size: int, seed: int) -> str:
    return " ".join(random.Random(seed).choices(vocabulary, k=size))  # noqa: S311 -- made-up text


NAMES = [f"слово{number}" for number in range(4000)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (_made(NAMES, 12000, 1), _made(NAMES, 12000, 2)),
        (_made(NAMES[:2], 12000, 1), _made(NAMES[:2], 12000, 2)),
        ("a " * 50000, "a " * 49999),
        ("a" * 100000, "a" * 99999),
        ("рядок даних\n" * 8000, "рядок даних\n" * 4000 + "рядок і даних\n" + "рядок даних\n" * 4000),
    ],
    ids=["unlike", "two-words", "one-word", "one-run", "lines"],
)
def test_no_text_is_too_long(old: str, new: str) -> None:
    """Pairwise comparison of 100 KB would take minutes: this one comes to an end, and what it places lies in the text."""
    found = align(old, new)
    for start in range(0, len(old) - 20, 5000):
        span = found.locate(start, start + 20).span
        assert span is None or 0 <= span[0] < span[1] <= len(new)


def test_a_long_text_with_many_corrections_keeps_its_spans() -> None:
    words = _made(NAMES, 12000, 3).split(" ")
    edited = list(words)
    for at in range(100, 12000, 400):
        edited[at] = "виправлено"
    old, new = " ".join(words), " ".join(edited)
    found: Alignment = align(old, new)
    place = 0
    for at, word in enumerate(words):
        one = found.locate(place, place + len(word))
        assert one.status == ("changed" if words[at] != edited[at] else "unchanged"), word
        assert one.span is not None
        assert new[slice(*one.span)] == edited[at]
        place += len(word) + 1


def test_one_change_in_a_long_table_of_equal_lines_is_found() -> None:
    line = "рядок даних\n"
    old, new = line * 5000, line * 2500 + "рядок інших даних\n" + line * 2499
    found = align(old, new)
    assert found.locate(0, 5).span == (0, 5)
    assert found.locate(len(old) - 6, len(old) - 1).span == (len(new) - 6, len(new) - 1)
