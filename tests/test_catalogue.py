"""The catalogue of rules: every code is explained, its examples are those of its case, and `qantar explain` prints it.

`expected/cli/explain*.txt` hold what is printed; the examples are held against `invalid/<code>/` and the tiny corpus.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from builds import edit_lines
from qantar.checking import check
from qantar.errors import UnknownName
from qantar.resources import data_dir
from qantar.rules import READER_CODES, RULES
from qantar.rules.catalogue import SUBJECTS, codes, explain
from qantar.store import open_store
from test_invalid import CASES, MADE, arguments
from tiny import ONE, TWO

Run = Callable[..., tuple[int, str, str]]
EXPECTED = Path(__file__).parent / "expected" / "cli"
EXPLAINED = Path(__file__).resolve().parents[1] / "builders" / "qantar" / "rules" / "explained"
REQUIRED = ["means", "why", "bad", "good"]
OPTIONAL = ["guideline", "about"]

#: Codes whose examples are illustrations and stand in no file, with the reason; the cases of MADE are made by code.
ILLUSTRATED = {
    "changelog-date": "the tiny corpus has no changelog: headings are shown",
    "empty-corpus": "the fault is that there is nothing",
    "look-alike-letters": "a document was added; the letters look alike",
    "missing-layer-file": "the fault is a file that is not there: names of files are shown",
    "missing-text": "the fault is a file that is not there: names of files are shown",
    "unexpected-layer-file": "the fault is the name of a file",
    "unexpected-text": "the fault is the name of a file",
    "unlisted-version": "the tiny corpus has no changelog: headings are shown",
}
#: Codes whose `good` excerpt is in no file of the tiny corpus, with the reason.
ELSEWHERE = {"stale-languages": "only native lines state the field"}
HELD = [code for code in codes() if code not in MADE and code not in ILLUSTRATED]


def files(folder: Path) -> dict[Path, str]:
    """The files of a folder by relative path."""
    return {path.relative_to(folder): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*")) if path.is_file()}


def overlay(code: str) -> dict[Path, str]:
    """The files of a case: those that lie over the tiny corpus, or its native file."""
    native = CASES / code / "input.jsonl"
    return files(CASES / code / "corpus") | ({Path(native.name): native.read_text(encoding="utf-8")} if native.is_file() else {})


def slugs(path: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a Markdown file."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


# ---- the files


def test_every_code_has_a_file_and_every_file_a_code() -> None:
    known = {rule.code for rule in RULES} | {code for level in READER_CODES.values() for code in level}
    assert {path.name for path in EXPLAINED.iterdir()} == {f"{code}.toml" for code in known}
    assert set(codes()) == known
    assert len(codes()) == len(known)


@pytest.mark.parametrize("code", codes())
def test_a_file_has_these_keys_in_short_lines(code: str) -> None:
    text = (EXPLAINED / f"{code}.toml").read_text(encoding="utf-8")
    body = tomllib.loads(text)
    assert list(body) == REQUIRED + [key for key in OPTIONAL if key in body]
    assert max(map(len, text.splitlines())) <= 140
    assert all(line == line.rstrip() for line in text.splitlines())


@pytest.mark.parametrize("code", codes())
def test_means_is_a_sentence_and_why_a_paragraph(code: str) -> None:
    body = tomllib.loads((EXPLAINED / f"{code}.toml").read_text(encoding="utf-8"))
    assert re.fullmatch(r"[A-Z`][^\n]*\.", body["means"])
    assert not re.search(r"\. [A-Z]", body["means"])
    assert 2 <= body["why"].strip().count("\n") + 1 <= 6
    assert "\n\n" not in body["why"].strip()
    assert re.search(r"[.)]$", body["why"].strip())


def test_levels_and_severities_are_those_of_the_rules() -> None:
    found = {code: explain(code) for code in codes()}
    assert {one.level for one in found.values()} <= set(SUBJECTS)
    for rule in RULES:
        one = found[rule.code]
        assert (one.level, one.severity, one.firm) == (rule.level, rule.severity, rule.firm)
    for level, names in READER_CODES.items():
        assert {(found[name].level, found[name].severity, found[name].firm) for name in names} == {(level, "error", True)}


def test_an_unknown_code_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'quote-mismatch'"):
        explain("quote-mismach")


# ---- the examples


@pytest.mark.parametrize("code", HELD)
def test_the_bad_example_stands_in_the_case_and_not_in_the_corpus(code: str, tiny: Path) -> None:
    holding = [path for path, text in overlay(code).items() if explain(code).bad in text]
    assert len(holding) == 1
    assert explain(code).bad not in files(tiny).get(holding[0], "")


@pytest.mark.parametrize("code", [code for code in HELD if code not in ELSEWHERE])
def test_the_good_example_stands_in_the_corpus_and_not_in_the_case(code: str, tiny: Path) -> None:
    one, there = explain(code), files(tiny)
    for path, text in overlay(code).items():
        if one.bad in text:
            assert one.good in there[path]
            added = len(text) > len(there[path]) and text.count(one.bad) == 1  # what is wrong stands beside what is right
            assert text.count(one.good) < there[path].count(one.good) or added


def test_the_good_example_of_a_native_line_is_what_is_exported(tiny: Path, tmp_path: Path, run: Run) -> None:
    assert run("export", "native", tmp_path / "out.jsonl", tiny)[0] == 0
    for code in ELSEWHERE:
        assert explain(code).good in (tmp_path / "out.jsonl").read_text(encoding="utf-8")
        assert explain(code).good not in "".join(overlay(code).values())


def test_exceptions_are_of_codes_that_need_them(tiny: Path) -> None:
    assert not set(ILLUSTRATED) & set(MADE)
    assert set(ELSEWHERE) <= set(HELD)
    for code in ILLUSTRATED:
        assert not any(explain(code).bad in text for text in overlay(code).values())
    everything = "".join(files(tiny).values())
    assert not any(explain(code).good in everything for code in ELSEWHERE)


@pytest.mark.parametrize("code", sorted([*MADE, *ILLUSTRATED]))
def test_the_good_half_of_an_illustration_is_of_the_corpus_where_it_is_json(code: str, tiny: Path) -> None:
    good = explain(code).good
    assert '"' not in good or any(good in text for text in files(tiny).values())
    assert good != explain(code).bad


def test_the_good_texts_are_those_of_the_corpus() -> None:
    assert explain("hash-mismatch").good == TWO.strip()
    assert ONE[24:30] in explain("quote-mismatch").good


# ---- what it says of itself


#: Rules over both records and documents; and the one over excuses, which any of them may have.
MIXED = {"impossible-date", "unused-suppression"}


@pytest.mark.parametrize("code", [rule.code for rule in RULES if not rule.firm])
def test_what_can_be_excused_is_gone_once_it_is(code: str, tmp_path: Path) -> None:
    source, *settings = (tmp_path / name for name in arguments(code, tmp_path)[::2])
    store = open_store(source, corpus=settings[0] if settings else None)
    found = [problem for problem in check(store) if problem.code == code]
    named = {"record" if problem.record else "document" if problem.document else "corpus" for problem in found}
    assert named == {explain(code).about} or (found and code in MIXED)
    for problem in found:
        excuse(source / problem.place.file if source.is_dir() else source, problem.place.line, code)  # type: ignore[union-attr]
    left = [problem for problem in check(store) if problem.code == code]
    assert bool(left) != (explain(code).about in ("record", "document"))


def excuse(path: Path, line: int | None, code: str) -> None:
    """Excuses what stands on a line from a rule, where it is a line of records or documents."""
    if line is not None and path.suffix == ".jsonl":
        edit_lines(path, lambda records: records[line - 1].setdefault("ignore", []).append({"code": code, "reason": "Made up."}))


@pytest.mark.parametrize("code", [code for code in codes() if explain(code).guideline])
@pytest.mark.parametrize("installed", [False, True])
def test_the_guideline_and_its_heading_exist(code: str, installed: bool, root: Path) -> None:
    file, _, heading = (explain(code).guideline or "").partition("#")
    folder = data_dir("corpus") if installed else root / "corpus"
    assert heading in slugs(folder / "guidelines" / file)


# ---- the command


def expected(name: str) -> str:
    return (EXPECTED / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "file"),
    [
        (["chain-link"], "explain-record.txt"),
        (["missing-basis"], "explain-document.txt"),
        (["partition", "blank-line"], "explain-two.txt"),
        (["--json", "wrong-filler"], "explain.json"),
    ],
)
def test_explain_prints(run: Run, words: list[str], file: str) -> None:
    assert run("explain", *words) == (0, expected(file), "")


def test_without_a_code_each_has_its_line(run: Run) -> None:
    status, out, err = run("explain")
    assert (status, err) == (0, "")
    lines = [line.split(maxsplit=1) for line in out.splitlines() if line.startswith("    ")]
    assert [(code, means) for code, means in lines] == [(code, explain(code).means) for code in codes()]
    headings = [line for line in out.splitlines() if line.startswith("Level ")]
    assert headings == [f"Level {level}, {SUBJECTS[level]}" for level in sorted({explain(code).level for code in codes()})]


def test_programs_get_the_same(run: Run) -> None:
    every = json.loads(run("explain", "--json")[1])
    assert [one["code"] for one in every] == list(codes())
    two = json.loads(run("explain", "partition", "blank-line", "--json")[1])
    assert two == [next(one for one in every if one["code"] == code) for code in ("partition", "blank-line")]


def test_every_code_can_be_explained_in_lines_of_a_terminal(run: Run) -> None:
    out = run("explain", *codes())[1]
    prose = [line for line in out.splitlines() if not line.startswith("    ")]
    assert max(map(len, prose)) <= 100


@pytest.mark.parametrize("words", [["chain-lnik"], ["partition", "chain-lnik"], ["--json", "chain-lnik"]])
def test_an_unknown_code_is_wrong_use(run: Run, words: list[str]) -> None:
    status, out, err = run("explain", *words)
    assert (status, out) == (2, "")
    assert err.startswith("qantar: No rule is called 'chain-lnik'. Did you mean 'chain-link'? There are: ")


def test_it_needs_no_corpus(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("explain", "partition")[0] == 0
