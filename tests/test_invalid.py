"""Every problem code has its smallest input and the full report that `qantar check` prints of it.

A case is the folder `invalid/<code>/`:

- `corpus/…` lies over the tiny corpus of tiny.py: its files take the place of those there, or are added;
- `remove.txt` lists files and folders of the tiny corpus to delete, one a line;
- `input.jsonl`, where only a native file can have the fault, is checked itself, with the tiny corpus for its settings;
- `report.txt` is the full standard output.

What git or an editor would spoil (a byte order mark, NUL, links, very long lines, a release) is made by the function of that code in MADE.
`python tests/test_invalid.py` writes all reports anew: read the difference before you keep it.
"""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from builds import build
from qantar.cli.run import run as run_cli
from qantar.decode import MAX_LINE
from qantar.rules import DRAFT, READER_CODES, RULES
from spoil import stamps, swap, visible
from tiny import write_corpus

CASES = Path(__file__).with_name("invalid")
CODES = sorted({rule.code for rule in RULES} | {code for level in READER_CODES.values() for code in level})
ENTITIES = "annotations/entities/one.jsonl"
VALUES = "annotations/values/one.jsonl"

#: Codes that `check` only warns of; and those of them that `build` lets pass.
WARNED = {rule.code for rule in RULES if rule.severity == "warning"}
PASSED = WARNED - {DRAFT}
#: Codes that a fault cannot but raise beside its own.
COMPANY: dict[str, set[str]] = {}


def byte_order_mark(corpus: Path) -> None:
    """As some editors save UTF-8."""
    path = corpus / ENTITIES
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())


def damaged_release(corpus: Path) -> None:
    """A release in the place of the corpus, with a byte after its last one."""
    release = corpus.with_name("release")
    build(corpus, release)
    shutil.rmtree(corpus)
    release.rename(corpus)
    with (corpus / "reports.csv").open("ab") as file:
        file.write(b"\n")


def line_too_long(corpus: Path) -> None:
    """A sparse file: its length is seen before its content."""
    with (corpus / VALUES).open("wb") as file:
        file.truncate(MAX_LINE + 1)


def not_utf8(corpus: Path) -> None:
    """Cyrillic in Windows-1251."""
    path = corpus / ENTITIES
    path.write_bytes(path.read_bytes().replace("докери".encode(), "докери".encode("cp1251")))


def nul_character(corpus: Path) -> None:
    """NUL inside a string."""
    swap(corpus / VALUES, "14 березня", "14\0березня")


def number_too_long(corpus: Path) -> None:
    """More digits than Python converts."""
    swap(corpus / VALUES, '"end":53', f'"end":{"9" * 5000}')


def outside_corpus(corpus: Path) -> None:
    """A link that leads out of the corpus."""
    text = corpus / "raw" / "two.txt"
    text.unlink()
    text.symlink_to("/dev/null")


def too_deep(corpus: Path) -> None:
    """Deep enough to overflow the stack of a recursive reader."""
    (corpus / VALUES).write_bytes(b"[" * 100_000)


MADE: dict[str, Callable[[Path], None]] = {
    "byte-order-mark": byte_order_mark,
    "damaged-release": damaged_release,
    "line-too-long": line_too_long,
    "not-utf8": not_utf8,
    "nul-character": nul_character,
    "number-too-long": number_too_long,
    "outside-corpus": outside_corpus,
    "too-deep": too_deep,
}


def arguments(code: str, folder: Path) -> list[str]:
    """Makes the input of a case in a new folder; returns the arguments that name it."""
    case, corpus = CASES / code, write_corpus(folder / "tiny")
    if (case / "input.jsonl").is_file():
        return [str(case / "input.jsonl"), "--corpus", str(corpus)]
    if (case / "corpus").is_dir():
        shutil.copytree(case / "corpus", corpus, dirs_exist_ok=True)
    for name in lines(case / "remove.txt"):
        path = corpus / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if code in MADE:
        MADE[code](corpus)
    return [str(corpus)]


def lines(path: Path) -> list[str]:
    """Lines of a file that need not be there."""
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


def report(code: str) -> str:
    """The expected report of a case."""
    return (CASES / code / "report.txt").read_text(encoding="utf-8")


def refused(code: str) -> str:
    """The report with warnings as the errors that a build takes them for."""
    found = report(code)
    return re.sub(r"0 errors, 1 warning\.", "1 error, 0 warnings.", found.replace(": warning[", ": error[")) if code in WARNED else found


def test_there_is_a_case_for_every_code_and_no_other() -> None:
    assert sorted(path.name for path in CASES.iterdir()) == CODES
    assert set(MADE) <= set(CODES)


def test_the_tiny_corpus_itself_has_no_problem(tiny: Path, run: Callable[..., tuple[int, str, str]]) -> None:
    assert run("check", tiny) == (0, "No problems.\n", "")


@pytest.mark.parametrize("code", CODES)
def test_a_case_is_of_one_kind_and_holds_nothing_else(code: str) -> None:
    inputs = {path.name for path in (CASES / code).iterdir()} - {"report.txt"}
    assert inputs <= {"corpus", "remove.txt"} or inputs == {"input.jsonl"}
    assert bool(inputs) != (code in MADE), "one way to make the fault is enough"


@pytest.mark.parametrize("code", CODES)
def test_overlays_hold_changed_files_only(code: str, tiny: Path) -> None:
    overlay = CASES / code / "corpus"
    for path in overlay.rglob("*"):
        there = tiny / path.relative_to(overlay)
        assert path.is_dir() or not there.is_file() or there.read_bytes() != path.read_bytes()


@pytest.mark.parametrize("code", CODES)
def test_check_prints_the_report(code: str, tmp_path: Path, run: Callable[..., tuple[int, str, str]]) -> None:
    status, out, err = run("check", *arguments(code, tmp_path))
    assert out == report(code)
    assert (status, err) == (0 if code in WARNED else 1, "")


@pytest.mark.parametrize("code", CODES)
def test_the_report_is_of_this_fault(code: str) -> None:
    *body, summary = refused(code).splitlines()
    headings, remedies = body[::2], body[1::2]
    found = [re.search(r": error\[([a-z0-9-]+)\]", heading) for heading in headings]
    assert {match[1] for match in found if match} == {code, *COMPANY.get(code, ())}
    assert len(headings) == len(remedies) == int(summary.split()[0])
    assert all(remedy.startswith("    ") and remedy.endswith(".") for remedy in remedies)


@pytest.mark.parametrize("code", sorted(set(CODES) - PASSED))
def test_build_refuses_it_with_the_same_report(code: str, tmp_path: Path, run: Callable[..., tuple[int, str, str]]) -> None:
    source, out = arguments(code, tmp_path / "in"), tmp_path / "out"
    before = stamps(tmp_path / "in")
    status, stdout, stderr = run("build", *source, "--out", out / "release")
    assert (status, stdout) == (1, "")
    assert stderr == refused(code) + "qantar: nothing was built.\n"
    assert visible(out) == []
    assert [path for path in (out / ".qantar").rglob("*") if path.is_file()] == []
    assert stamps(tmp_path / "in") == before


@pytest.mark.parametrize("code", sorted(PASSED))
def test_build_lets_it_pass_and_says_that_there_is_something(code: str, tmp_path: Path, run: Callable[..., tuple[int, str, str]]) -> None:
    status, out, err = run("build", *arguments(code, tmp_path / "in"), "--out", tmp_path / "out" / "release")
    assert (status, err) == (0, "")
    assert "\n1 warning: `qantar check` says what.\n" in out
    assert visible(tmp_path / "out") == ["release", "release.build.json"]


def write_reports() -> None:
    """Writes what `qantar check` says now."""
    for code in CODES:
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as out:
            run_cli(["check", *arguments(code, Path(folder))])
        (CASES / code / "report.txt").write_text(out.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    write_reports()
