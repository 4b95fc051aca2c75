"""`qantar check --changed-since REV`: what a commit touched, and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builds import edit_lines
from qantar.changes import changed_since
from qantar.store import Folder
from qantar.store import folder as folder_module
from qantar.touched import Checked, check_touched
from spoil import alter, swap
from tiny import TWO, document_line, layers_of_two, write_corpus, write_lines

Run = Callable[..., tuple[int, str, str]]
ENTITIES = "annotations/entities/{}.jsonl"


def git(folder: Path, *words: str) -> str:
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    author = {f"GIT_{who}_{what}": "tiny@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return subprocess.run(
        ["git", *words], cwd=folder, check=True, capture_output=True, text=True, env={**os.environ, **own, **author}
    ).stdout


def commit(folder: Path) -> str:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "Made up.")
    return git(folder, "rev-parse", "HEAD").strip()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """The tiny corpus with a third document, to which nothing points, in a subfolder with a Cyrillic name of a repository."""
    root = tmp_path / "repository"
    (root / "данные").mkdir(parents=True)
    made = write_corpus(root / "данные" / "порт")
    add(made, "three")
    git(root, "init", "-q", "-b", "main")
    commit(root)
    return made


def add(root: Path, name: str) -> None:
    (root / "raw" / f"{name}.txt").write_bytes(TWO.encode())
    for layer, records in layers_of_two().items():
        write_lines(root / "annotations" / layer / f"{name}.jsonl", records)
    lines = [json.loads(line) for line in (root / "documents.jsonl").read_text(encoding="utf-8").splitlines()]
    lines.append(document_line(name, TWO, layers_of_two()))
    write_lines(root / "documents.jsonl", sorted(lines, key=lambda line: line["id"]))


def checked(root: Path, revision: str = "HEAD") -> Checked:
    return check_touched(Folder(root), changed_since(root, revision))


def codes(found: Checked) -> list[tuple[str, str]]:
    return [(problem.code, str(problem.place).partition(":")[0]) for problem in found.problems]


def break_entities(root: Path, *names: str) -> None:
    """A type that the chain of a mention cannot have changes nothing; a quote that is not there is a fault of the document alone."""
    for name in names:
        alter(root / ENTITIES.format(name), 1, lambda record: record.update(quote="Nothing"))


# ---- what counts as changed


def test_nothing_was_changed(corpus: Path, run: Run) -> None:
    assert run("check", corpus, "--changed-since", "HEAD") == (0, "No problems.\n", "qantar: changed since HEAD: nothing\n")


def test_faults_of_other_documents_are_not_reported(corpus: Path, run: Run) -> None:
    break_entities(corpus, "two")
    commit(corpus)
    break_entities(corpus, "three")
    code, out, err = run("check", corpus, "--changed-since", "HEAD")
    assert (code, err) == (1, "qantar: changed since HEAD: 1 document\n")
    assert "/annotations/entities/three.jsonl:1:" in out.splitlines()[0]
    assert out.endswith("1 error, 0 warnings.\n")
    assert codes(checked(corpus, "HEAD~1")) == [("quote-mismatch", ENTITIES.format("three")), ("quote-mismatch", ENTITIES.format("two"))]


def test_it_does_not_matter_what_is_staged(corpus: Path) -> None:
    break_entities(corpus, "three")
    unstaged = checked(corpus)
    git(corpus, "add", "-A")
    assert checked(corpus) == unstaged
    assert len(unstaged.problems) == 1


def line_of(root: Path) -> None:
    edit_lines(root / "documents.jsonl", lambda lines: lines[1].update(anchor={"date": "2031-02-30", "precision": "day", "basis": "x"}))


def text_of(root: Path) -> None:
    (root / "raw" / "three.txt").write_bytes(TWO.encode() + b"\n")


def text_gone(root: Path) -> None:
    (root / "raw" / "three.txt").unlink()


def layer_gone(root: Path) -> None:
    (root / "annotations/values/three.jsonl").unlink()


def layer_renamed(root: Path) -> None:
    git(root, "mv", "annotations/values/three.jsonl", "annotations/values/четыре.jsonl")


def layer_too_many(root: Path) -> None:
    (root / "annotations/values/four.jsonl").write_text("")


def layer_unknown(root: Path) -> None:
    (root / "annotations/colours").mkdir()
    (root / "annotations/colours/three.jsonl").write_text("")


def line_broken(root: Path) -> None:
    swap(root / "documents.jsonl", '"id":"three"', '"id":"three')


def order_of_lines(root: Path) -> None:
    path = root / ENTITIES.format("three")
    path.write_text("".join(reversed(path.read_text(encoding="utf-8").splitlines(keepends=True))), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (line_of, [("impossible-date", "documents.jsonl")]),
        (text_of, [("hash-mismatch", "raw/three.txt")]),
        (text_gone, [("missing-text", "raw/three.txt")]),
        (layer_gone, [("missing-layer-file", "annotations/values/three.jsonl")]),
        (
            layer_renamed,
            [("missing-layer-file", "annotations/values/three.jsonl"), ("unexpected-layer-file", "annotations/values/четыре.jsonl")],
        ),
        (layer_too_many, [("unexpected-layer-file", "annotations/values/four.jsonl")]),
        (layer_unknown, [("unexpected-layer-file", "annotations/colours")]),
        (line_broken, [("broken-json", "documents.jsonl")]),
        (order_of_lines, [("not-canonical", ENTITIES.format("three"))]),
    ],
)
def test_each_way_to_touch_a_document(corpus: Path, change: Callable[[Path], None], found: list[tuple[str, str]]) -> None:
    change(corpus)
    assert codes(checked(corpus)) == found


@pytest.mark.parametrize("change", [line_of, text_of, text_gone, layer_gone, layer_too_many, layer_unknown, order_of_lines])
def test_the_same_faults_are_silent_once_they_are_committed(corpus: Path, change: Callable[[Path], None]) -> None:
    change(corpus)
    commit(corpus)
    break_entities(corpus, "one")
    assert [code for code, _ in codes(checked(corpus)) if code != "quote-mismatch"] == []


def test_an_untracked_document_is_new(corpus: Path) -> None:
    add(corpus, "four")
    break_entities(corpus, "four")
    found = checked(corpus)
    assert (found.documents, codes(found)) == (1, [("quote-mismatch", ENTITIES.format("four"))])


@pytest.mark.parametrize("file", ["corpus.toml", "gazetteer.jsonl"])
def test_what_concerns_all_documents_makes_it_a_full_check(corpus: Path, run: Run, file: str) -> None:
    break_entities(corpus, "two")
    commit(corpus)
    with (corpus / file).open("a", encoding="utf-8") as out:
        out.write("# more\n" if file == "corpus.toml" else json.dumps({"id": "x"}) + "\n")
    code, out, err = run("check", corpus, "--changed-since", "HEAD")
    assert (code, err) == (1, "qantar: changed since HEAD: what concerns every document, so all is checked\n")
    assert out == run("check", corpus)[1]
    assert "entities/two.jsonl:1:" in out


def test_own_schemas_concern_all(tmp_path: Path, run: Run) -> None:
    corpus = tmp_path / "mine"
    run("new", corpus, "--languages", "ru")
    git(corpus, "init", "-q")
    commit(corpus)
    (corpus / "guidelines" / "events.md").write_text("Anew.\n")
    assert checked(corpus) == Checked(())
    swap(corpus / "schema" / "ontology" / "events.json", '"Opening"', '"Closing"')
    found = checked(corpus)
    assert found.everything
    assert {code for code, _ in codes(found)} == {"unknown-label"}


# ---- records across documents


def test_a_removed_document_that_others_point_to_is_caught(corpus: Path) -> None:
    edit_lines(corpus / "documents.jsonl", lambda lines: lines.pop())  # `two`
    for path in [corpus / "raw/two.txt", *corpus.glob("annotations/*/two.jsonl")]:
        path.unlink()
    found = checked(corpus)
    assert [code for code, _ in codes(found)] == ["dangling-target"] * 3
    assert (found.documents, found.removed, found.across) == (0, 1, 3)


def test_a_record_that_points_to_a_changed_document_is_checked(corpus: Path) -> None:
    alter(corpus / "annotations/events/two.jsonl", 1, lambda event: event.update(id="E2"))
    found = checked(corpus)
    assert codes(found) == [("dangling-target", "clusters.jsonl"), ("dangling-target", "links.jsonl")]
    assert (found.documents, found.across) == (1, 3)


def test_a_changed_record_is_checked_against_documents_that_were_not(corpus: Path) -> None:
    alter(corpus / "links.jsonl", 1, lambda link: link["head"].update(quote="молчали"))
    found = checked(corpus)
    assert codes(found) == [("target-mismatch", "links.jsonl")]
    assert (found.documents, found.across) == (0, 1)


def test_an_old_fault_of_a_document_that_is_only_pointed_to_is_not_reported(corpus: Path) -> None:
    break_entities(corpus, "two")
    commit(corpus)
    alter(corpus / "links.jsonl", 1, lambda link: link["head"].update(quote="молчали"))
    assert codes(checked(corpus)) == [("target-mismatch", "links.jsonl")]


def test_an_old_fault_of_another_record_is_not_reported(corpus: Path) -> None:
    member = {"target": "three#T1", "quote": "Докери"}
    cluster = {"id": "C2", "kind": "entity", "type": "GROUP", "members": [{**member, "quote": "моряки"}]}
    write_lines(corpus / "clusters.jsonl", [*map(json.loads, (corpus / "clusters.jsonl").read_text().splitlines()), cluster])
    commit(corpus)
    alter(corpus / "clusters.jsonl", 1, lambda cluster: cluster["members"][0].update(quote="молчали"))
    assert [(problem.code, problem.record) for problem in checked(corpus).problems] == [("target-mismatch", "C1")]
    assert len(checked(corpus, "HEAD~1").problems) == 2


def test_what_takes_the_whole_corpus_to_see_is_left_to_the_full_check(corpus: Path, run: Run) -> None:
    """An excuse that seems unused may answer a rule that looks at documents which were not read."""
    excuse = [{"code": "wrong-filler", "reason": "Made up."}]
    alter(corpus / "annotations/events/three.jsonl", 1, lambda event: event.update(ignore=excuse))
    assert checked(corpus).problems == ()
    assert "warning[unused-suppression]" in run("check", corpus)[1]


# ---- what it costs


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Files of the corpus that are read."""
    seen: list[Path] = []
    bytes_of = folder_module.bytes_of

    def counted(path: Path) -> bytes | None:
        seen.append(path)
        return bytes_of(path)

    monkeypatch.setattr(folder_module, "bytes_of", counted)
    return seen


def test_of_a_thousand_documents_only_the_touched_are_read(corpus: Path, opened: list[Path]) -> None:
    lines = [json.loads(line) for line in (corpus / "documents.jsonl").read_text(encoding="utf-8").splitlines()]
    for number in range(1000):
        name = f"copy-{number}"
        (corpus / "raw" / f"{name}.txt").write_bytes(TWO.encode())
        for layer, records in layers_of_two().items():
            write_lines(corpus / "annotations" / layer / f"{name}.jsonl", records)
        lines.append(document_line(name, TWO, layers_of_two()))
    write_lines(corpus / "documents.jsonl", sorted(lines, key=lambda line: line["id"]))
    commit(corpus)
    break_entities(corpus, "copy-500")
    assert codes(checked(corpus)) == [("quote-mismatch", ENTITIES.format("copy-500"))]
    names = sorted(path.relative_to(corpus).as_posix() for path in opened)
    shared = ["alignments.jsonl", "clusters.jsonl", "documents.jsonl", "gazetteer.jsonl", "links.jsonl"]
    assert names == sorted([*shared, "raw/copy-500.txt", *(f"annotations/{layer}/copy-500.jsonl" for layer in layers_of_two())])


# ---- git


def test_a_linked_worktree(corpus: Path, tmp_path: Path) -> None:
    git(corpus, "worktree", "add", "-q", str(tmp_path / "other"), "-b", "other")
    linked = tmp_path / "other" / "данные" / "порт"
    break_entities(linked, "three")
    break_entities(corpus, "one")
    assert codes(checked(linked)) == [("quote-mismatch", ENTITIES.format("three"))]


def test_a_hook_tells_git_where_it_runs_and_we_do_not_mind(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    break_entities(corpus, "three")
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    assert len(checked(corpus).problems) == 1


def test_before_the_first_commit_everything_is_new(tmp_path: Path, run: Run) -> None:
    corpus = write_corpus(tmp_path / "fresh")
    git(corpus, "init", "-q")
    break_entities(corpus, "two")
    git(corpus, "add", "-A")
    code, out, _ = run("check", corpus, "--changed-since", "HEAD")
    assert (code, out) == run("check", corpus)[:2]
    assert code == 1


def test_line_ends_that_git_changes_are_no_change(corpus: Path) -> None:
    """A checkout with core.autocrlf: the lines of documents.jsonl end in CRLF in the tree and in LF in the commit."""
    git(corpus, "config", "core.autocrlf", "true")
    path = corpus / "documents.jsonl"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n").replace(b'"fold":0}\r\n', b'"fold":1}\r\n', 1))
    assert checked(corpus).documents == 1


def test_ignored_and_hidden_files_do_not_count(corpus: Path) -> None:
    (corpus / ".gitignore").write_text("*.txt~\n")
    (corpus / "raw" / "three.txt~").write_text("x")
    (corpus / "raw" / ".three.txt").write_text("x")
    assert checked(corpus) == Checked(())


@pytest.mark.parametrize("revision", ["--output=x", "-p", "nope", "HEAD..HEAD", "HEAD:./raw", "", "HEAD~9", "\n", "HEAD^{tree}"])
def test_unknown_revisions(corpus: Path, run: Run, revision: str) -> None:
    code, out, err = run("check", corpus, f"--changed-since={revision}")
    assert (code, out) == (2, "")
    assert err == f"qantar: git knows no revision {revision!r}. Name a commit, branch or tag.\n"
    assert sorted(path.name for path in corpus.iterdir()) == sorted(git(corpus, "ls-tree", "--name-only", "HEAD").split())


def test_a_shallow_clone_says_how_to_get_the_rest(corpus: Path, tmp_path: Path, run: Run) -> None:
    first = git(corpus, "rev-parse", "HEAD").strip()
    break_entities(corpus, "three")
    commit(corpus)
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{corpus.parents[1]}", "shallow")
    code, _, err = run("check", tmp_path / "shallow" / "данные" / "порт", "--changed-since", first)
    assert code == 2
    assert err.startswith(f"qantar: git knows no revision '{first}'. This clone is shallow: `git fetch --unshallow` (`fetch-depth: 0`")


def test_no_repository(tiny: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tiny.parent))
    code, out, err = run("check", tiny, "--changed-since", "HEAD")
    assert (code, out) == (2, "")
    assert err.startswith(f"qantar: {tiny} lies in no git repository. --changed-since needs")
    assert err.count("\n") == 1


def test_no_git(corpus: Path, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    code, out, err = run("check", corpus, "--changed-since", "HEAD")
    assert (code, out) == (2, "")
    assert err == "qantar: git cannot be run: No such file or directory. --changed-since needs git; without it everything is checked.\n"


@pytest.mark.parametrize("kind", ["native", "release"])
def test_only_folders_have_a_history(tiny: Path, run: Run, tmp_path: Path, kind: str) -> None:
    source: Any = tmp_path / "tiny.jsonl"
    if kind == "native":
        run("export", "native", source, tiny)
    else:
        source = tmp_path / "release"
        run("build", tiny, "--out", source)
    code, _, err = run("check", source, "--changed-since", "HEAD")
    assert (code, err) == (2, "qantar: --changed-since is about corpus folders. Check a native file or a release as a whole.\n")


def test_no_programs_of_the_repository_are_run(corpus: Path, tmp_path: Path) -> None:
    """A repository from elsewhere may name programs that git runs for a difference."""
    script = tmp_path / "run"
    script.write_text(f"#!/bin/sh\ntouch {tmp_path / 'ran'}\n")
    script.chmod(0o755)
    for key in ("core.fsmonitor", "diff.external", "diff.own.textconv"):
        git(corpus, "config", key, str(script))
    (corpus / ".gitattributes").write_text("*.jsonl diff=own\n")
    break_entities(corpus, "three")
    assert shutil.which("git")
    assert len(checked(corpus).problems) == 1
    assert not (tmp_path / "ran").exists()
