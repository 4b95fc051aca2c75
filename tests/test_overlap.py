"""Which texts overlap: as a comparison of every pair with every other says, and not where a page's furniture is all they share."""

from __future__ import annotations

import itertools
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qantar.overlap import Overlap, overlaps, story
from qantar.store import Folder

Lines = list[str]


def words(count: int, start: int = 0) -> str:
    """So many words, each another one: nine characters and a blank."""
    return " ".join(f"слово{number:04}" for number in range(start, start + count))


def lines_of(parts: Lines) -> Lines:
    return [" ".join(unicodedata.normalize("NFKC", part).casefold().split()) for part in parts]


def runs_of(parts: Lines) -> set[tuple[str, ...]]:
    found = re.findall(r"\w+", " \n ".join(lines_of(parts)))
    return {tuple(found[at : at + 5]) for at in range(len(found) - 4)}


def expected(texts: dict[str, Lines], *, least: float) -> set[tuple[str, str]]:
    """The pairs that share a paragraph or runs that at most ten texts have; or, of any runs, the share `least`."""
    found = set()
    lines = {name: set(lines_of(parts)) for name, parts in texts.items()}
    runs = {name: runs_of(parts) for name, parts in texts.items()}
    for one, two in itertools.combinations(sorted(texts), 2):
        long = [line for line in lines[one] & lines[two] if len(line) >= 80]
        shared = runs[one] & runs[two]
        rare = [run for run in shared if sum(run in found for found in runs.values()) <= 10]
        smaller = min(len(runs[one]), len(runs[two]))
        if any(sum(line in found for found in lines.values()) <= 10 for line in long) or (len(rare) >= 8 and len(rare) / smaller >= 0.1):
            found.add((one, two))
        if len(shared) >= 8 and len(shared) / smaller >= least:
            found.add((one, two))
    return found


def pairs(texts: dict[str, Lines]) -> set[tuple[str, str]]:
    return {(overlap.one, overlap.two) for overlap in overlaps(texts)}


#: Parts of a few passages, so that texts share some; and now and then words of their own.
PARTS = st.one_of(
    st.builds(lambda passage, start, count: words(count, 100 * passage + start), st.integers(0, 3), st.integers(0, 9), st.integers(1, 30)),
    st.builds(lambda number, count: words(count, 1000 + 7 * number), st.integers(0, 99), st.integers(0, 150)),
)
TEXTS = st.lists(PARTS, max_size=4)


@settings(deadline=None)
@given(st.lists(TEXTS, max_size=6))
def test_few_texts_overlap_as_a_comparison_of_all_pairs_says(found: list[Lines]) -> None:
    texts = {f"t{number}": parts for number, parts in enumerate(found)}
    assert pairs(texts) == expected(texts, least=2)


@settings(deadline=None)
@given(st.lists(TEXTS, min_size=11, max_size=14), PARTS)
def test_what_many_texts_have_counts_only_where_it_is_most_of_one(found: list[Lines], furniture: str) -> None:
    texts = {f"t{number:02}": [*parts, furniture] for number, parts in enumerate(found)}
    assert expected(texts, least=2) <= pairs(texts) <= expected(texts, least=0.5)


@settings(deadline=None)
@given(st.integers(2, 40), st.integers(12, 60))
def test_copies_are_joined_however_many_there_are(count: int, length: int) -> None:
    texts = {f"t{number:02}": [words(length)] for number in range(count)}
    assert {name for pair in pairs(texts) for name in pair} == set(texts)
    assert all(overlap.share == 1 for overlap in overlaps(texts))


def test_a_paragraph_counts_from_eighty_characters() -> None:
    assert len(words(8)) == 79
    assert pairs({"a": [words(8)], "b": [words(8)]}) == set()
    assert overlaps({"a": [words(8) + "."], "b": [words(400, 50), words(8) + "."]}) == [Overlap("a", "b", words(8) + ".", 1.0)]


def test_blanks_case_and_forms_of_a_letter_make_no_other_paragraph() -> None:
    line = "Ёлка стоит у нашей школы уже третий год, и никто из учеников не знает, кто её поставил."
    other = unicodedata.normalize("NFD", line.upper()).replace(" ", "\N{NO-BREAK SPACE} ", 3) + "\t"
    assert pairs({"a": [line], "b": [other]}) == {("a", "b")}


def test_twelve_words_on_end_count_where_they_are_a_tenth_of_the_shorter_text() -> None:
    def sharing(shared: int, own: int) -> set[tuple[str, str]]:
        return pairs({"a": [f"{words(shared)} {words(own, 100)}"], "b": [f"{words(shared)} {words(2000, 1000)}"]})

    assert sharing(12, 0) == sharing(12, 72) == {("a", "b")}  # 84 words are 80 runs
    assert sharing(12, 73) == set()
    assert sharing(11, 0) == set()


def test_a_page_of_eleven_documents_is_furniture_to_them() -> None:
    notice = words(20)
    texts = {f"t{number:02}": [words(60, 100 * number), notice] for number in range(1, 12)}
    assert pairs(texts) == set()
    del texts["t11"]
    assert len(pairs(texts)) == 45


@pytest.mark.parametrize(("count", "expected"), [(10, 45), (11, 0)])
def test_a_short_paragraph_counts_up_to_ten_documents(count: int, expected: int) -> None:
    texts = {f"t{number:02}": [words(60, 100 * number), words(9, 5000)] for number in range(count)}  # five runs: too few to count
    assert len(pairs(texts)) == expected


def test_texts_without_words_share_nothing() -> None:
    assert overlaps({"a": [], "b": ["", " "], "c": ["—" * 20], "d": ["—" * 20]}) == []
    assert overlaps({}) == []


@pytest.mark.parametrize(("kind", "told"), [("body", True), ("navigation", False), ("ticker", False)])
def test_the_story_leaves_out_the_furniture_that_zones_tell(tiny: Path, kind: str, *, told: bool) -> None:
    zones = tiny / "annotations" / "segments" / "one.jsonl"
    zones.write_text(zones.read_text(encoding="utf-8").replace('"kind":"body"', f'"kind":"{kind}"'), encoding="utf-8")
    folder = Folder(tiny)
    documents, furniture = folder.read().documents, folder.registry.ontology.marked("segment-kind", "furniture")
    body = ["Reuters: 😀 докери страйкували 14 березня у Порт-Веллі."]
    assert list(story(documents["one"], furniture)) == ["Порт закрито", *(body if told else [])]
    assert list(story(documents["two"], furniture)) == ["Докери страйкували, пише Reuters."]  # no zones: the whole text


def test_the_first_two_texts_of_the_repository_share_an_agency_item_and_no_others_share_text(root: Path) -> None:
    corpus = Folder(root / "corpus").read()
    documents = corpus.documents.values()
    [found] = overlaps({document.id: document.text.splitlines() for document in documents})
    assert (found.one, found.two, round(found.share, 2)) == ("000-akimat-fire", "001-akimat-captured", 0.19)
    assert found.paragraph is not None and found.paragraph.startswith("участники массового протеста в алматы ворвались")
    [story_] = corpus.overlaps
    assert story_.share > 0.5
