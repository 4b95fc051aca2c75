"""The command line: help, reports, exit codes, and where it looks for a corpus. `expected/cli/` holds what it prints."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from builds import command, contents, edit_lines, environment, write_copies
from qantar.cli.app import parser
from qantar.reporting import REPORTERS
from qantar.reporting.view import MOST
from tiny import write_corpus

Run = Callable[..., tuple[int, str, str]]
EXPECTED = Path(__file__).parent / "expected" / "cli"
HELP = {
    "help": ("--help",),
    "new-help": ("new", "--help"),
    "add-help": ("add", "--help"),
    "accept-help": ("accept", "--help"),
    "build-help": ("build", "--help"),
    "check-help": ("check", "--help"),
    "explain-help": ("explain", "--help"),
    "fix-help": ("fix", "--help"),
    "export-help": ("export", "--help"),
    "path-help": ("path", "--help"),
    "tokens-help": ("tokens", "--help"),
    "reanchor-help": ("reanchor", "--help"),
    "schema-help": ("schema", "--help"),
    "schema-compile-help": ("schema", "compile", "--help"),
    "stats-help": ("stats", "--help"),
    "agree-help": ("agree", "--help"),
    "version": ("--version",),
}


@pytest.fixture(autouse=True)
def _a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")


def expected(name: str) -> str:
    return (EXPECTED / f"{name}.txt").read_text(encoding="utf-8")


def spoil(corpus: Path) -> Path:
    """Gives a label that does not exist to a record whose words are Cyrillic."""
    edit_lines(corpus / "annotations" / "entities" / "two.jsonl", lambda records: records[0].update(quote="Докеры"))
    return corpus


# ---- what it prints


@pytest.mark.parametrize("name", HELP)
def test_help_and_version(run: Run, name: str) -> None:
    assert run(*HELP[name]) == (0, expected(name), "")


def test_every_command_has_its_help_here(run: Run) -> None:
    listed = [line.split()[0] for line in expected("help").partition("commands:\n")[2].splitlines() if line.startswith("    ")]
    assert sorted(set(listed) - {"COMMAND"}) == sorted({words[0] for words in HELP.values()} - {"--help", "--version"})


def test_help_waits_for_no_library() -> None:
    code = "import sys; from qantar.cli.run import run; run(['--help']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], env=environment(), check=True, capture_output=True, encoding="utf-8")
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert "qantar" in loaded
    assert not loaded & {"datasets", "jsonschema", "jsonschema_rs", "msgspec", "numpy", "pyarrow", "rich", "spacy", "yaml"}


def test_the_options_of_check_are_those_of_the_reporters() -> None:
    command = parser().parse_args(["check"]).parser
    options = {action.dest: action for action in command._actions}
    assert tuple(options["format"].choices) == tuple(REPORTERS)
    assert options["max"].default == MOST


def test_the_version_is_that_of_the_package(root: Path) -> None:
    package = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert expected("version") == f"qantar {package}\n"


def test_check_and_build_of_the_tiny_corpus(tiny: Path, run: Run) -> None:
    assert run("check", "tiny") == (0, expected("check"), "")
    assert run("build", "tiny") == (0, expected("build"), "")
    assert run("build", "tiny") == (0, expected("build-again"), "")


def test_check_of_a_corpus_with_a_problem(tiny: Path, run: Run) -> None:
    spoil(tiny)
    assert run("check", "tiny") == (1, expected("check-problem"), "")
    assert run("build", "tiny") == (1, "", expected("check-problem") + "qantar: nothing was built.\n")


@pytest.mark.parametrize("out", ["releases/tiny", 'it\'s "here" \\ now'])
def test_the_line_to_paste_loads_the_dataset(tiny: Path, run: Run, out: str) -> None:
    text = run("build", tiny, "--out", out)[1]
    names: dict[str, object] = {}
    exec(text[text.index("from datasets import") :], names)  # noqa: S102
    assert [row["id"] for row in names["ds"]] == ["one#E1", "two#E1"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("out", "name"), [("../new", '"../new"'), ("new", '"./new"'), ("./new", '"./new"'), ("..x", '"./..x"')])
def test_the_line_to_paste_names_the_folder_once(tiny: Path, run: Run, out: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("here").mkdir()
    monkeypatch.chdir("here")
    assert f'load_dataset({name}, "events"' in run("build", tiny, "--out", out)[1]


@pytest.mark.parametrize(("words", "said"), [((), "help"), (("schema",), "schema-help")])
def test_no_command_is_answered_with_the_help(run: Run, words: tuple[str, ...], said: str) -> None:
    assert run(*words) == (2, "", expected(said))


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("check", "--strict"), "qantar check: error: unrecognized arguments: --strict"),
        (("build", "tiny", "another"), "qantar build: error: unrecognized arguments: another"),
        (("schema", "compile", "x"), "qantar schema compile: error: unrecognized arguments: x"),
        (("--strict",), "qantar: error: unrecognized arguments: --strict"),
        (("accept",), "qantar accept: error: the following arguments are required: DOCUMENT"),
    ],
)
def test_wrong_use_is_said_with_the_usage_of_the_command(run: Run, words: tuple[str, ...], error: str) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    command = error.partition(":")[0]
    assert err.startswith(f"usage: {command} [-h]")
    assert err.splitlines()[-1] == error


def test_an_unknown_command(run: Run) -> None:
    assert (
        run("chekc")[2]
        .splitlines()[-1]
        .startswith("qantar: error: No command is called 'chekc'. Did you mean 'check'? There are: accept, ")
    )


def test_one_document_is_no_documents(run: Run, tiny: Path) -> None:
    lines = (tiny / "documents.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (tiny / "documents.jsonl").write_text(lines[0], encoding="utf-8")
    for path in [*tiny.glob("*/**/two.*"), *(tiny / f"{name}.jsonl" for name in ("clusters", "alignments", "links"))]:
        path.unlink()
    assert run("export", "native", "one.jsonl", tiny) == (0, "1 document written to one.jsonl as native.\n", "")


def test_progress_is_for_terminals(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write_copies(Path("corpus"), shards=2)
    assert run("build", "corpus", "--out", "quiet")[2] == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    shutil.rmtree(".qantar")
    err = run("build", "corpus", "--out", "lively")[2]
    assert [line.strip() for line in err.split("\r")] == ["", *(f"building shards: {done} of 2" for done in range(3))]


@pytest.mark.parametrize("words", [("--version",), ("check", "tiny")])
def test_a_process_prints_and_returns_the_same(tiny: Path, words: tuple[str, ...]) -> None:
    done = command(*words)
    assert (done.returncode, done.stdout, done.stderr) == (0, expected(words[0].strip("-")), "")


def test_a_terminal_that_knows_no_cyrillic(tiny: Path) -> None:
    spoil(tiny)
    done = command("check", "tiny", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", PYTHONIOENCODING="")
    assert (done.returncode, done.stderr) == (1, "")
    assert "error[quote-mismatch]" in done.stdout


def test_a_reader_that_goes_away(tiny: Path) -> None:
    """As in `qantar check | head -1`."""
    spoil(tiny)
    line = [sys.executable, "-m", "qantar", "check", "tiny"]
    with subprocess.Popen(line, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        err = process.stderr.read()
    assert "Traceback" not in err


# ---- where it looks


def test_a_corpus_here_is_the_default(run: Run) -> None:
    write_corpus(Path("corpus"))
    code, out, err = run("build")
    assert (code, err) == (0, "qantar: using ./corpus\n")
    assert "releases/tiny-1.0.0 built" in out
    assert Path("releases/tiny-1.0.0/manifest.json").is_file()


@pytest.mark.parametrize("words", [("build",), ("check",), ("stats",), ("export", "native", "out"), ("tokens", "one")])
def test_without_a_corpus_nothing_is_guessed(run: Run, words: tuple[str, ...]) -> None:
    Path("corpus").mkdir()  # and no corpus.toml in it
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert err == (
        "qantar: There is no corpus here. Name one, or start one with `qantar new DIR`; --installed is the corpus that came with qantar.\n"
    )
    assert [path.name for path in Path().iterdir()] == ["corpus"]


def test_the_installed_corpus_is_asked_for(run: Run, root: Path) -> None:
    code, out, err = run("build", "--installed")
    version = tomllib.loads((root / "corpus" / "corpus.toml").read_text(encoding="utf-8"))["version"]
    assert (code, err) == (0, "")
    assert f'load_dataset("./releases/qantar-{version}", "' in out


def test_a_corpus_is_found_from_inside_it(tiny: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tiny / "annotations" / "entities")
    assert run("check") == (0, expected("check"), "qantar: using ../..\n")
    monkeypatch.chdir(tiny)
    assert run("check") == (0, expected("check"), "qantar: using the corpus in this folder\n")


def test_corpus_names_the_source_where_there_is_no_other(tiny: Path, run: Run) -> None:
    assert run("check", "--corpus", tiny) == (0, expected("check"), "")
    assert run("check", tiny, "--corpus", tiny) == (
        2, "", f"qantar: {tiny} has settings of its own; --corpus gives those of a native file. Give one of the two.\n",
    )  # fmt: skip
    for words in ((tiny,), ("--corpus", tiny)):
        assert run("check", "--installed", *words) == (
            2, "", "qantar: --installed names a corpus, and so does another argument. Give one of them.\n",
        )  # fmt: skip


def test_a_corpus_that_is_named_is_not_announced(tiny: Path, run: Run) -> None:
    write_corpus(Path("corpus"))
    assert run("check", "tiny")[2] == ""


def test_default_targets_of_check_and_export(run: Run) -> None:
    write_corpus(Path("corpus"))
    assert run("check") == (0, expected("check"), "qantar: using ./corpus\n")
    assert run("export", "native", "out") == (0, "2 documents written to out as native.\n", "qantar: using ./corpus\n")
    assert sorted(contents(Path("out"))) == ["one.json", "two.json"]


# ---- exit codes


@pytest.mark.parametrize(
    "words",
    [
        ("biuld",),
        ("build", "tiny", "--wrokers", "2"),
        ("build", "tiny", "--rep"),
        ("build", "tiny", "--workers", "0"),
        ("build", "tiny", "--workers", "two"),
        ("build", "tiny", "--out"),
        ("build", "tiny", "another"),
        ("check", "nowhere"),
        ("export", "native"),
    ],
)
def test_wrong_use(tiny: Path, run: Run, words: tuple[str, ...]) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert err.splitlines()[-1].startswith("qantar")
    assert not Path("releases").exists()


def test_interruption(tiny: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("qantar.cli.checking.check", interrupted)
    assert run("check", "tiny") == (3, "", "qantar: interrupted; run the same command again.\n")


def test_a_fault_of_the_system(tiny: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error", "tiny/raw")

    monkeypatch.setattr("qantar.cli.checking.check", unreadable)
    code, out, err = run("check", "tiny")
    assert (code, out) == (2, "")
    assert err.startswith("qantar: tiny/raw: Input/output error")


def test_errors_of_the_package_itself_are_not_hidden(tiny: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("qantar.cli.checking.check", wrong)
    with pytest.raises(ZeroDivisionError):
        run("check", "tiny")
