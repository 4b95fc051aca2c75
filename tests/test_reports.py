"""Reports of `qantar check`: what each format prints, that it can be read back, and that carets stand under what is meant.

`expected/reports/` holds what each format prints of one corpus with faults; `python tests/test_reports.py` writes it anew.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from builds import environment
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from qantar.cli.run import run as run_cli
from qantar.decode import extent
from qantar.problems import Place, Problem
from qantar.reporting import REPORTERS, View
from qantar.reporting.excerpts import Excerpt, excerpt, render
from qantar.reporting.seen import look_up
from qantar.rules import LEVELS
from qantar.selection import Selection
from qantar.store import Folder, NativeFile
from qantar.wording import printable, width
from reported import reported
from spoil import alter, swap
from tiny import TWO, write_corpus

from test_bad_input import set_text  # isort: skip

Run = Callable[..., tuple[int, str, str]]
Json = dict[str, Any]
EXPECTED = Path(__file__).parent / "expected" / "reports"
GOLDEN = {"text": "text.txt", "json": "report.json", "github": "github.txt", "sarif": "report.sarif"}
LONG = "ә" * 10_000
#: A second line of `two`: a tab, a no-break space, an emoji, a decomposed letter and a very long word before what is quoted.
SECOND = f"\tПорт\u00a0😀 е\u0301 {LONG} Reuters\n"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "GITHUB_WORKSPACE", "TTY_COMPATIBLE", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)


def faulty(corpus: Path) -> Path:
    """Faults of several codes, levels and severities, with all that makes columns hard to count."""
    set_text(corpus, "two", (TWO + SECOND).encode())
    path = corpus / "annotations" / "entities" / "two.jsonl"
    start = len(TWO)
    later = start + SECOND.index("Reuters")
    records: list[Json] = [
        {"id": "T3", "spans": [{"start": start + 1, "end": start + 5}], "quote": "Порты", "type": "FAC.other", "level": "nominal"},
        {"id": "T4", "spans": [{"start": later, "end": later + 7}], "quote": "reuters", "type": "ORG.media", "level": "name", "note": LONG},
    ]
    with path.open("a", encoding="utf-8") as file:
        file.write("".join(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n" for record in records))
    value = {"id": "V\u001b1", "spans": [{"start": 0, "end": 6}], "quote": "Докери", "type": "DATE", "value": "2031", "precision": "year"}
    (corpus / "annotations" / "values" / "two.jsonl").write_text(
        json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8"
    )
    swap(corpus / "annotations" / "entities" / "one.jsonl", '"quote":"докери"', '"quote":"докеры"')
    alter(corpus / "documents.jsonl", 1, lambda line: line["rights"].update(basis=None))
    return corpus


def printed(*words: str) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        run_cli(["check", *words])
    return out.getvalue()


# ---- what each format prints


@pytest.mark.parametrize("form", GOLDEN)
def test_the_whole_report(form: str, tiny: Path, run: Run) -> None:
    faulty(tiny)
    assert run("check", "tiny", "--format", form) == (1, (EXPECTED / GOLDEN[form]).read_text(encoding="utf-8"), "")


@pytest.mark.parametrize("form", GOLDEN)
def test_a_corpus_without_problems(form: str, tiny: Path, run: Run) -> None:
    code, out, err = run("check", "tiny", "--format", form)
    assert (code, err) == (0, "")
    if form == "json":
        assert json.loads(out) == {"version": 1, "counts": {"error": 0, "warning": 0}, "statistics": [], "problems": [], "unchecked": []}
    elif form == "sarif":
        assert json.loads(out)["runs"][0]["results"] == []
        SARIF.validate(json.loads(out))
    else:
        assert out == "No problems.\n"


def test_all_formats_tell_of_the_same_problems(tiny: Path) -> None:
    faulty(tiny)
    listed = [(one["code"], one["message"]) for one in json.loads(printed("tiny", "--format", "json"))["problems"]]
    assert len(listed) == 5
    text = reported(printed("tiny")).problems
    assert [(one.code, one.head.partition("]")[2].partition(": ")[2]) for one in text] == [(c, printable(f"{m}.")) for c, m in listed]
    sarif = json.loads(printed("tiny", "--format", "sarif"))["runs"][0]["results"]
    assert [(one["ruleId"], one["message"]["text"].startswith(f"{m}. ")) for one, (_, m) in zip(sarif, listed, strict=True)] == [
        (code, True) for code, _ in listed
    ]
    *commands, notice, _ = printed("tiny", "--format", "github").splitlines()
    assert notice.startswith("::notice ")
    github = [command(line) for line in commands]
    assert sorted(one["title"].split(" ")[0] for one in github) == sorted(code for code, _ in listed)
    assert [one["command"] for one in github] == ["error"] * 4 + ["warning"]


# ---- that they can be read back

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    ["a\nb::error::c", "50%, 100%25", "\r\n", "\x1b[31m", "\u2028", "\x85", "\u202e", "😀\u0301", '"\\', "::", "<b>", "\t", "\x7f", "\x0c"]
)
NAMES = TEXTS.filter(lambda name: "\0" not in name and name.strip("./"))
PLACES = st.none() | st.builds(Place, NAMES) | st.builds(Place, NAMES | st.just("documents.jsonl"), st.integers(1, 3), st.integers(1, 400))
PROBLEMS = st.builds(
    Problem,
    code=st.sampled_from(sorted(LEVELS)) | st.just("a-corpuss-own"),
    fact=TEXTS,
    remedy=TEXTS,
    severity=st.sampled_from(["error", "warning"]),
    document=st.none() | TEXTS,
    layer=st.none() | TEXTS,
    record=st.none() | TEXTS,
    path=st.lists(TEXTS | st.integers(0, 9), max_size=3).map(tuple),
    place=PLACES,
)
REPORT = jsonschema.Draft202012Validator(json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8")))
SARIF = jsonschema.Draft4Validator(
    json.loads((ROOT / "tests" / "sarif" / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8")),
    format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER,
)
COMMAND = re.compile(r"::(?P<command>error|warning) (?P<properties>[^:]*)::(?P<message>.*)")


def command(line: str) -> dict[str, str]:
    """A workflow command as a runner reads it."""
    match = COMMAND.fullmatch(line)
    assert match is not None, line
    values = dict(part.split("=", 1) for part in match["properties"].split(","))
    return {"command": match["command"], **{key: unquote(value) for key, value in values.items()}, "message": unquote(match["message"])}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return Folder(write_corpus(tmp_path_factory.mktemp("reports") / "tiny"))


def escaped(text: str) -> str:
    """What stays of a text in a workflow command: line ends, and no other control character as it is."""
    return "".join(c if c in "\r\n" else printable(c) for c in text)


@given(st.lists(PROBLEMS, max_size=4))
@settings(deadline=None)
def test_a_workflow_command_is_a_line_and_reads_back(folder: Folder, problems: list[Problem]) -> None:
    *lines, summary = REPORTERS["github"](problems, View(folder))
    assert not summary.startswith("::")
    assert all("\n" not in line and "\r" not in line and line.isprintable() for line in lines)
    ordered = [one for severity in ("error", "warning") for one in problems if one.severity == severity]
    for line, problem in zip(lines, ordered, strict=True):
        read = command(line)
        assert read["command"] == problem.severity
        assert read["message"].endswith(escaped(f"{problem.fact}. {problem.remedy}"))
        assert read["title"].startswith(problem.code)
        assert ("file" in read, "line" in read) == (problem.place is not None, problem.place is not None and problem.place.line is not None)
        assert set(read) <= {"command", "message", "title", "file", "line", "col", "endColumn"}
        if problem.place is not None:
            assert read["file"].endswith(escaped(Path(problem.place.file).as_posix().lstrip("/")))


@given(st.lists(PROBLEMS, max_size=4))
@settings(deadline=None)
def test_json_reads_back_and_fits_its_schema(folder: Folder, problems: list[Problem]) -> None:
    read = json.loads("\n".join(REPORTERS["json"](problems, View(folder))))
    REPORT.validate(read)
    for one, problem in zip(read["problems"], problems, strict=True):
        assert (one["code"], one["severity"], one["message"], one["remedy"]) == (
            problem.code,
            problem.severity,
            problem.fact,
            problem.remedy,
        )
        assert (one.get("document"), one.get("layer"), one.get("record")) == (problem.document, problem.layer, problem.record)
    assert sum(one["count"] for one in read["statistics"]) == len(problems) == sum(read["counts"].values())


@given(st.lists(PROBLEMS, max_size=4))
@settings(deadline=None)
def test_sarif_is_valid(folder: Folder, problems: list[Problem]) -> None:
    log = json.loads("\n".join(REPORTERS["sarif"](problems, View(folder))))
    SARIF.validate(log)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({problem.code for problem in problems})
    for result, problem in zip(run["results"], problems, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == problem.code
        assert (result["level"], result["message"]["text"]) == (problem.severity, f"{problem.fact}. {problem.remedy}")
        for location in result.get("locations", ()):
            artifact = location.get("physicalLocation", {}).get("artifactLocation", {"uri": "", "uriBaseId": ""})
            assert re.fullmatch(r"[\x21-\x7e]*", artifact["uri"])
            assert artifact["uri"].startswith("file:///") != ("uriBaseId" in artifact)
    fingerprints = [result["partialFingerprints"]["qantarProblem/v1"] for result in run["results"]]
    assert len(set(fingerprints)) == len(fingerprints)


@given(st.lists(PROBLEMS, max_size=4), st.integers(20, 120))
@settings(deadline=None)
def test_text_holds_no_control_characters(folder: Folder, problems: list[Problem], columns: int) -> None:
    lines = list(REPORTERS["text"](problems, View(folder, width=columns)))
    assert all(line.isprintable() for line in lines)
    assert all(width(line) <= max(columns, 26) for line in lines if line.startswith("    | "))


# ---- fingerprints


def test_a_problem_is_recognised_after_lines_have_moved(tiny: Path) -> None:
    path = tiny / "annotations" / "entities" / "one.jsonl"
    swap(path, '"quote":"докери"', '"quote":"докеры"')

    def only() -> Json:
        (result,) = json.loads(printed("tiny", "--format", "sarif", "--select", "quote-mismatch"))["runs"][0]["results"]
        return dict(result)

    before = only()
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([lines[2], *lines[:2], *lines[3:]]), encoding="utf-8")
    after = only()
    regions = [one["locations"][0]["physicalLocation"]["region"]["startLine"] for one in (before, after)]
    assert regions == [3, 1]
    assert before["partialFingerprints"] == after["partialFingerprints"]


# ---- carets


@pytest.mark.parametrize(
    ("line", "marks", "shown", "carets"),
    [
        ("abc", [(1, 2)], "abc", " ^"),
        ("a\tб😀в", [(3, 5)], "a\\tб😀в", "    ^^^"),
        ("е\u0301к", [(2, 3)], "е\u0301к", " ^"),
        ("ә\u00a0қ", [(2, 3)], "ә\\xa0қ", "     ^"),
        ("a\x1bb", [(1, 2)], "a\\x1bb", " ^^^^"),
        ("日本語", [(1, 2)], "日本語", "  ^^"),
        ("abc", [(1, 1)], "abc", " ^"),
        ("abc", [(3, 3)], "abc", "   ^"),
        ("abcdef", [(0, 1), (2, 4)], "abcdef", "^ ^^"),
        ("x" * 30 + "МЕТА" + "y" * 30, [(30, 34)], "…xxxxxxМЕТАyyyyyyyy…", "       ^^^^"),
        ("МЕТА" + "y" * 30, [(0, 4)], "МЕТАyyyyyyyyyyyyyy…", "^^^^"),
        ("x" * 30 + "МЕТА", [(30, 34)], "…" + "x" * 14 + "МЕТА", " " * 15 + "^^^^"),
        ("x" * 30 + "М" * 30, [(30, 60)], "…xxxxxxММММММММММММ…", "       ^^^^^^^^^^^^"),
    ],
)
def test_carets_stand_under_what_is_meant(line: str, marks: list[tuple[int, int]], shown: str, carets: str) -> None:
    assert render(excerpt(line, marks), 20) == (shown, carets)


LETTERS = st.text(st.sampled_from("aбәі日😀\t\x1b\u00a0-"), max_size=60)


def under(shown: str, carets: str) -> str:
    """The characters of a line that carets stand under."""
    found, column = "", 0
    for c in shown:
        cells = width(c)
        found += c if "^" in carets[column : column + cells] else ""
        column += cells
    return found


@given(LETTERS, LETTERS, LETTERS, st.integers(24, 90))
@settings(deadline=None)
def test_carets_stand_under_the_mark_and_nothing_else(before: str, mark: str, after: str, columns: int) -> None:
    shown, carets = render(excerpt(f"{before * 9}{mark}!{after * 9}", [(len(before) * 9, len(before) * 9 + len(mark) + 1)]), columns)
    assert width(shown) <= columns
    assert shown.isprintable()
    meant = printable(f"{mark}!")
    assert meant.startswith(under(shown, carets)) and under(shown, carets)
    if width(meant) <= columns // 2:
        assert under(shown, carets) == meant


def test_an_excerpt_of_a_long_line_is_short() -> None:
    long = "x" * 100_000
    assert excerpt(long, [(50_000, 90_000)]) == Excerpt("x" * 1000, ((500, 1000),), True, True)


@pytest.mark.parametrize(
    ("line", "column", "end"),
    [
        ('{"a": "b\\"c", "d": 1}', 7, 13),
        ('{"a": [1, {"b": "]"}], "c": 2}', 7, 22),
        ('{"a": -1.5e3}', 7, 13),
        ('{"a": null}', 7, 11),
        ('{"a": "x}', 7, 10),
        ('{"a": [1', 7, 9),
        ('{"a": "\\ud83d!"}', 8, 14),
        ('{"a": "x\0y"}', 9, 10),
        ("", 1, 2),
        ("{}", 3, 4),
        ("[" * 100, 65, 101),
    ],
)
def test_where_a_value_ends(line: str, column: int, end: int) -> None:
    assert extent(line, column) == end


@given(st.text(), st.integers(1, 40))
def test_something_always_ends(line: str, column: int) -> None:
    assert extent(line, column) > column


# ---- what is looked up


def test_columns_and_words_of_a_folder(tiny: Path) -> None:
    swap(tiny / "annotations" / "entities" / "one.jsonl", '"quote":"докери"', '"quote":"докеры"')
    (one,) = json.loads(printed("tiny", "--format", "json"))["problems"]
    line = (tiny / "annotations/entities/one.jsonl").read_text(encoding="utf-8").splitlines()[one["line"] - 1]
    assert line[one["column"] - 1 : one["end_column"] - 1] == '"докеры"'
    words = one["text"]
    text = (tiny / "raw" / "one.txt").read_text(encoding="utf-8")
    assert text[words["start"] : words["end"]] == "докери"
    assert text.splitlines()[words["line"] - 1][words["column"] - 1 : words["end_column"] - 1] == "докери"
    assert (one["file"], words["file"]) == ("tiny/annotations/entities/one.jsonl", "tiny/raw/one.txt")


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz", ".jsonl.zst"])
def test_columns_and_words_of_a_native_file(suffix: str, tiny: Path, tmp_path: Path, run: Run) -> None:
    swap(tiny / "annotations" / "entities" / "two.jsonl", '"level":"nominal"', '"level":"name"')
    assert run("export", "native", f"all{suffix}", "tiny")[0] == 0
    path = tmp_path / f"all{suffix}"
    problem = Problem("quote-mismatch", "f", "r", layer="entities", index=2, path=("quote",), place=Place(path.name, 1, 7))
    (one,) = look_up([problem], View(NativeFile(path, corpus=tiny)))
    assert one.excerpt is not None
    assert one.in_text is not None
    assert (one.end_column, one.in_text.line, one.in_text.column, one.in_text.file) == (12, 2, 12, None)
    assert one.in_text.excerpt.text[slice(*one.in_text.excerpt.marks[0])] == "докери"


def test_fragments_are_marked_each_and_words_over_two_lines_to_the_end_of_the_first(tiny: Path) -> None:
    path = tiny / "annotations" / "entities" / "one.jsonl"
    alter(path, 1, lambda record: record.update(spans=[{"start": 0, "end": 2}, {"start": 5, "end": 7}], quote="?"))
    alter(path, 2, lambda record: record.update(spans=[{"start": 5, "end": 20}], quote="?"))
    first, second = reported(printed("tiny")).problems
    assert first.pictures[-2:] == ["    | Порт закрито", "    | ^^   ^^"]
    assert second.pictures[-2:] == ["    | Порт закрито", "    |      ^^^^^^^"]


def test_files_that_lead_out_of_the_corpus_are_not_shown(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret\n", encoding="utf-8")
    (tiny / "raw" / "two.txt").unlink()
    (tiny / "raw" / "two.txt").symlink_to(tmp_path / "secret.txt")
    alter(tiny / "alignments.jsonl", 1, lambda record: record["a"].update(document="../../secret"))
    for form in GOLDEN:
        assert "secret\n" not in printed("tiny", "--format", form)
        assert "| secret" not in printed("tiny", "--format", form)
    problem = Problem("quote-mismatch", "f", "r", document="two", layer="entities", place=Place("annotations/entities/two.jsonl", 1, 1))
    (one,) = look_up([problem], View(Folder(tiny)))
    assert one.excerpt is not None
    assert one.in_text is None


@pytest.mark.parametrize("form", GOLDEN)
def test_a_file_name_that_is_no_text(form: str, tiny: Path) -> None:
    name = os.fsencode(tiny / "raw") + b"/\xff\n.txt"
    try:
        Path(os.fsdecode(name)).write_bytes(b"")
    except OSError:
        pytest.skip("a file system of names in Unicode")
    line = [sys.executable, "-m", "qantar", "check", "tiny", "--format", form]
    done = subprocess.run(line, env=environment(LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0"), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (1, b"")
    out = done.stdout.decode("utf-8")
    assert "unexpected-text" in out
    if form == "json":
        assert json.loads(out)["problems"][0]["file"] == "tiny/raw/\\udcff\n.txt"
    elif form == "sarif":
        (result,) = json.loads(out)["runs"][0]["results"]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "tiny/raw/%FF%0A.txt"


# ---- paths


def test_paths_are_those_of_the_working_directory(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    swap(tiny / "annotations" / "entities" / "one.jsonl", '"quote":"докери"', '"quote":"докеры"')
    head = "annotations/entities/one.jsonl:3:52: error[quote-mismatch]"
    assert printed(str(tiny)).startswith(f"tiny/{head}")
    monkeypatch.chdir(tiny)
    assert printed(".").startswith(head)
    monkeypatch.chdir(tiny / "raw")
    assert printed("..").startswith(f"../{head}")
    monkeypatch.chdir(tmp_path.parent)
    assert printed(str(tiny)).startswith(f"{tmp_path.name}/tiny/{head}")


def test_in_a_workflow_paths_are_those_of_the_repository(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    swap(tiny / "annotations" / "entities" / "one.jsonl", '"quote":"докери"', '"quote":"докеры"')
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    monkeypatch.chdir(tiny)
    assert command(printed(".", "--format", "github").splitlines()[0])["file"] == "tiny/annotations/entities/one.jsonl"
    assert printed(".").startswith("annotations/")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / "elsewhere"))
    assert command(printed(".", "--format", "github").splitlines()[0])["file"] == "annotations/entities/one.jsonl"


def test_a_uri_of_a_path_with_other_letters(tiny: Path) -> None:
    faulty(tiny).rename("мой корпус %")
    (*_, last) = json.loads(printed("мой корпус %", "--format", "sarif"))["runs"][0]["results"]
    uri = last["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "%D0%BC%D0%BE%D0%B9%20%D0%BA%D0%BE%D1%80%D0%BF%D1%83%D1%81%20%25/documents.jsonl"


# ---- how much is shown


def many(folder: Folder, count: int) -> list[Problem]:
    return [
        Problem("chain-type", f"fact {at}", f"Remedy {at // 2}.", place=Place("a.jsonl" if at < 3 else "b.jsonl")) for at in range(count)
    ]


def test_the_first_of_each_code_are_shown_and_the_others_counted(folder: Folder) -> None:
    problems = [*many(folder, 5), Problem("span-order", "other", "Remedy.", severity="warning", place=Place("b.jsonl"))]
    view = View(folder, roots=(Path(folder.root).resolve(),), most=4)
    assert list(REPORTERS["text"](problems, view)) == [
        "a.jsonl: error[chain-type]: fact 0.",
        "    Remedy 0.",
        "a.jsonl: error[chain-type]: fact 1.",
        "a.jsonl: error[chain-type]: fact 2.",
        "    Remedy 1.",
        "",
        "b.jsonl: error[chain-type]: fact 3.",
        "b.jsonl: warning[span-order]: other.",
        "    Remedy.",
        "",
        "1 more of chain-type is not shown; `--select chain-type --max 0` shows all.",
        "",
        "`qantar explain CODE` says more of: chain-type, span-order.",
        "5 errors, 1 warning.",
    ]
    assert sum("fact" in line for line in REPORTERS["text"](problems, replace(view, most=0))) == 5
    assert len(json.loads("\n".join(REPORTERS["json"](problems, view)))["problems"]) == 6


def test_max(tiny: Path, run: Run) -> None:
    faulty(tiny)
    found = {most: run("check", "tiny", "--max", most)[1].count("error[quote-mismatch]") for most in ("0", "1", "2", "20")}
    assert found == {"0": 3, "1": 1, "2": 2, "20": 3}


def test_statistics(tiny: Path, run: Run) -> None:
    faulty(tiny)
    code, out, _ = run("check", "tiny", "--statistics")
    assert code == 1
    assert out == (
        "count  severity  level  code\n"
        "    3  error         3  quote-mismatch\n"
        "    1  error         2  malformed-value\n"
        "    1  warning       5  missing-basis\n"
        "\n"
        "`qantar explain CODE` says more of: malformed-value, missing-basis, quote-mismatch.\n"
        "Not checked until the errors above are mended: in 'two', what takes every record of values; what spans documents.\n"
        "4 errors, 1 warning.\n"
    )
    read = json.loads(run("check", "tiny", "--statistics", "--format", "json")[1])
    REPORT.validate(read)
    assert "problems" not in read
    assert read["statistics"][0] == {"code": "quote-mismatch", "level": 3, "severity": "error", "count": 3}


# ---- which problems count


@pytest.mark.parametrize(
    ("options", "codes", "status"),
    [
        ((), {"quote-mismatch", "malformed-value", "missing-basis"}, 1),
        (("--select", "missing-basis"), {"missing-basis"}, 0),
        (("--select", "missing-basis,quote-mismatch"), {"missing-basis", "quote-mismatch"}, 1),
        (("--select", "missing-basis", "--select", "malformed-value"), {"missing-basis", "malformed-value"}, 1),
        (("--ignore", "quote-mismatch, malformed-value"), {"missing-basis"}, 0),
        (("--ignore", "quote-mismatch", "--ignore", "missing-basis"), {"malformed-value"}, 1),
        (("--level", "1"), set(), 0),
        (("--level", "2"), {"malformed-value"}, 1),
        (("--level", "4"), {"malformed-value", "quote-mismatch"}, 1),
        (("--fail-on", "never"), {"quote-mismatch", "malformed-value", "missing-basis"}, 0),
        (("--select", "missing-basis", "--fail-on", "warning"), {"missing-basis"}, 1),
        (("--select", "span-order", "--fail-on", "warning"), set(), 0),
        (("--select", "missing-basis", "--fail-on", "error"), {"missing-basis"}, 0),
    ],
)
def test_what_is_reported_is_what_counts(options: tuple[str, ...], codes: set[str], status: int, tiny: Path, run: Run) -> None:
    faulty(tiny)
    code, out, err = run("check", "tiny", "--format", "json", *options)
    assert ({one["code"] for one in json.loads(out)["problems"]}, code, err) == (codes, status, "")


@pytest.mark.parametrize("level", range(1, 7))
def test_rules_above_the_level_do_not_run(level: int, tiny: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: set[int] = set()

    def watched(rule: Any) -> Any:
        def check(*_: Any) -> Iterator[Any]:
            ran.add(rule.level)
            return iter(())

        return replace(rule, check=rule.check and check, check_corpus=rule.check_corpus and check)

    from qantar.rules import runner

    monkeypatch.setattr(runner, "RULES", tuple(map(watched, runner.RULES)))
    monkeypatch.setattr(runner, "_weighing", runner._weighing.__wrapped__)  # else it remembers the rules of another test
    assert run("check", "tiny", "--level", level)[0] == 0
    assert ran == {rule.level for rule in runner.RULES if rule.level <= level and (rule.check or rule.check_corpus)}


def test_a_native_file_up_to_a_level(tiny: Path, run: Run) -> None:
    swap(tiny / "annotations" / "entities" / "two.jsonl", '"link":"reuters"', '"link":"nowhere"')
    line = {json.loads(line)["id"]: json.loads(line) for line in (tiny / "documents.jsonl").read_text("utf-8").splitlines()}
    assert line["two"]
    for level, found in (("3", False), ("4", True)):
        assert ("unknown-link" in run("check", "tiny", "--level", level)[1]) is found


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--select", "quote-mismach"), "qantar: No code is called 'quote-mismach'. Did you mean 'quote-mismatch'? There are: "),
        (("--ignore", "span-order,nothing"), "qantar: No code is called 'nothing'. There are: "),
        (("--select", ""), "qantar: No code is called ''. There are: "),
        (
            ("--format", "jsno"),
            "qantar check: error: No format is called 'jsno'. Did you mean 'json'? There are: github, json, sarif, text.",
        ),
        (
            ("--fail-on", "warnings"),
            "qantar check: error: No severity is called 'warnings'. Did you mean 'warning'? There are: error, never, warning.",
        ),
        (("--level", "7"), "qantar check: error: argument --level: '7' is no level; give 1 to 6"),
        (("--level", "0"), "qantar check: error: argument --level: '0' is no level; give 1 to 6"),
        (("--max", "x"), "qantar check: error: argument --max: 'x' is no count; give 0 or more"),
        (("--max", "-1"), "qantar check: error: argument --max: '-1' is no count; give 0 or more"),
        (
            ("--statistics", "--format", "sarif"),
            "qantar: --statistics counts problems, which the format 'sarif' lists. Use the format text or json.",
        ),
        (("--select", "chain-type", "--level", "3"), "qantar: No rule is left: what is selected is ignored, or above --level."),
        (("--select", "chain-type", "--ignore", "chain-type"), "qantar: No rule is left: what is selected is ignored, or above --level."),
    ],
)
def test_wrong_use(options: tuple[str, ...], said: str, tiny: Path, run: Run) -> None:
    code, out, err = run("check", "tiny", *options)
    assert (code, out) == (2, "")
    assert err.splitlines()[-1].startswith(said)


def test_a_selection_of_problems() -> None:
    problems = [Problem("span-order", "f", "r"), Problem("partition", "f", "r"), Problem("a-corpuss-own", "f", "r")]
    assert list(Selection().of(problems)) == problems
    assert list(Selection(("span-order",)).of(problems)) == problems[:1]
    assert list(Selection(ignore=("span-order",)).of(problems)) == problems[1:]


# ---- where it goes


def test_advice_does_not_stand_in_what_programs_read(tmp_path: Path, tiny: Path, run: Run) -> None:
    (tmp_path / "alone").mkdir()
    assert run("export", "native", "alone/all.jsonl", "tiny")[0] == 0
    for form in GOLDEN:
        _, out, err = run("check", "alone/all.jsonl", "--format", form)
        assert ("No corpus was named" in out, "No corpus was named" in err) == (form == "text", form != "text")


def test_a_terminal_gets_colours_and_its_width(tiny: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    faulty(tiny)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    plain = run("check", "tiny")[1]
    assert "\x1b" not in plain
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    lively = run("check", "tiny")[1]
    assert "\x1b[1;31merror[quote-mismatch]\x1b[0m" in lively
    assert re.sub(r"\x1b\[[0-9;]*m", "", lively) == plain
    monkeypatch.setenv("COLUMNS", "60")
    assert (
        max(width(line) for line in re.sub(r"\x1b\[[0-9;]*m", "", run("check", "tiny")[1]).splitlines() if line.startswith("    | ")) == 60
    )
    assert "\x1b" not in run("check", "tiny", "--format", "github")[1]


@pytest.mark.parametrize(
    ("terminal", "settings", "coloured"),
    [
        (True, {"TERM": "xterm"}, True),
        (True, {"TERM": "dumb"}, False),
        (True, {"TERM": "xterm", "NO_COLOR": "1"}, False),
        (False, {"TERM": "xterm"}, False),
        (False, {"TERM": "xterm", "FORCE_COLOR": "1"}, True),
        (False, {"TERM": "xterm", "FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (False, {"TERM": "xterm", "FORCE_COLOR": ""}, False),
    ],
)
def test_when_there_are_colours(
    terminal: bool, settings: dict[str, str], coloured: bool, tiny: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty(tiny)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal)
    assert ("\x1b[" in run("check", "tiny")[1]) is coloured


@pytest.mark.parametrize("form", GOLDEN)
def test_a_reader_that_goes_away(form: str, tiny: Path) -> None:
    faulty(tiny)
    line = [sys.executable, "-m", "qantar", "check", "tiny", "--format", form]
    with subprocess.Popen(line, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""


def test_rich_waits_until_it_is_needed(tiny: Path) -> None:
    code = "import sys; from qantar.cli.run import run; run(['check', 'tiny']); print('rich' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8", env=environment())
    assert done.stdout == "No problems.\nFalse\n"


def write_expected() -> None:
    """Writes what each format prints now."""
    EXPECTED.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        faulty(write_corpus(Path("tiny")))
        for form, name in GOLDEN.items():
            (EXPECTED / name).write_text(printed("tiny", "--format", form), encoding="utf-8")


if __name__ == "__main__":
    write_expected()
