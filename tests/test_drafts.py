"""Draft layers: `check` warns of them, `build` wants to be asked for them, a release says so, `accept` confirms them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from builds import ACROSS, contents, edit_lines
from datasets import load_dataset
from spoil import stamps, tree

Run = Callable[..., tuple[int, str, str]]


def mark(corpus: Path, document: str, *layers: str) -> None:
    """Marks layers of a document as drafts."""

    def change(lines: list[dict]) -> None:  # type: ignore[type-arg]
        for line in lines:
            for entry in line["coverage"]:
                if line["id"] == document and entry["layer"] in layers:
                    entry["draft"] = True

    edit_lines(corpus / "documents.jsonl", change)


@pytest.fixture
def drafted(tiny: Path) -> Path:
    """The tiny corpus with two drafts in one document and one in the other."""
    mark(tiny, "one", "segments", "languages")
    mark(tiny, "two", "entities")
    return tiny


def native(corpus: Path, run: Run) -> Path:
    """The corpus as a native file in a folder of its own, with its settings."""
    for name in ACROSS:
        (corpus / f"{name}.jsonl").unlink()
    out = corpus.parent / "native" / "tiny.jsonl"
    out.parent.mkdir()
    (out.parent / "corpus.toml").write_bytes((corpus / "corpus.toml").read_bytes())
    (out.parent / "gazetteer.jsonl").write_bytes((corpus / "gazetteer.jsonl").read_bytes())
    assert run("export", "native", out, corpus)[0] == 0
    return out


def as_errors(report: str) -> str:
    return report.replace(": warning[draft-layer]", ": error[draft-layer]").replace("0 errors, 2 warnings.", "2 errors, 0 warnings.")


def source(kind: str, corpus: Path, run: Run) -> Path:
    return native(corpus, run) if kind == "native" else corpus


@pytest.mark.parametrize("kind", ["folder", "native"])
def test_check_warns_and_build_refuses(kind: str, drafted: Path, tmp_path: Path, run: Run) -> None:
    path = source(kind, drafted, run)
    code, out, _ = run("check", path)
    assert (code, out.count("warning[draft-layer]"), out.splitlines()[-1]) == (0, 2, "0 errors, 2 warnings.")
    assert "$.coverage[0].draft: the layers 'segments' and 'languages' of 'one' are drafts that no reader has confirmed.\n" in out
    assert "`qantar accept one`, or with a layer's name for that alone; or build with --drafts.\n" in out
    assert "the layer 'entities' of 'two' is a draft" in out
    assert "`qantar accept two entities`; or build with --drafts." in out
    assert run("build", path, "--out", tmp_path / "out") == (1, "", as_errors(out) + "qantar: nothing was built.\n")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("kind", ["folder", "native"])
def test_a_release_built_with_drafts_says_so(kind: str, drafted: Path, tmp_path: Path, run: Run) -> None:
    path = source(kind, drafted, run)
    code, out, err = run("build", path, "--drafts", "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    assert "\nDraft layers that no reader has confirmed: 3 in 2 documents, named in the card.\n" in out
    assert "warning" not in out
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "### Drafts\n" in card
    assert "\n- `one`: `segments`, `languages`\n- `two`: `entities`\n" in card
    rows = load_dataset(str(tmp_path / "out"), "documents", split="train")
    marks = {row["id"]: [entry["layer"] for entry in row["coverage"] if entry["draft"]] for row in rows}
    assert marks == {"one": ["segments", "languages"], "two": ["entities"]}
    assert run("check", tmp_path / "out")[1].count("warning[draft-layer]") == 2
    assert run("build", tmp_path / "out", "--out", tmp_path / "again")[0] == 1
    assert run("build", tmp_path / "out", "--drafts", "--out", tmp_path / "again")[0] == 0


@pytest.mark.parametrize("kind", ["folder", "native"])
def test_a_finished_shard_does_not_hide_its_drafts(kind: str, drafted: Path, tmp_path: Path, run: Run) -> None:
    path = source(kind, drafted, run)
    assert run("build", path, "--drafts", "--out", tmp_path / "one")[0] == 0
    refused = run("build", path, "--out", tmp_path / "two")
    assert (refused[0], refused[2].count("error[draft-layer]")) == (1, 2)
    assert (tmp_path / "one" / "manifest.json").is_file()


@pytest.mark.parametrize("kind", ["folder", "native"])
def test_drafts_hide_no_error(kind: str, drafted: Path, tmp_path: Path, run: Run) -> None:
    path = source(kind, drafted, run)
    file = path if kind == "native" else drafted / "annotations" / "entities" / "two.jsonl"
    file.write_text(file.read_text(encoding="utf-8").replace('"quote":"Докери"', '"quote":"Докеры"'), encoding="utf-8")
    for words in ((), ("--drafts",)):
        code, out, err = run("build", path, *words, "--out", tmp_path / "out")
        assert (code, out, "error[quote-mismatch]" in err) == (1, "", True)
        assert err.count("[draft-layer]") == (0 if words else 2)


def test_a_release_of_drafts_gives_way_and_no_other_does(drafted: Path, tmp_path: Path, run: Run) -> None:
    assert run("build", drafted, "--drafts", "--out", tmp_path / "out")[0] == 0
    for name in ("one", "two"):
        assert run("accept", name, "--corpus", drafted)[0] == 0
    assert run("build", drafted, "--out", tmp_path / "out")[0] == 0
    assert "### Drafts" not in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    edit_lines(drafted / "annotations" / "entities" / "two.jsonl", lambda records: records[0].update(note="Changed."))
    code, _, err = run("build", drafted, "--out", tmp_path / "out")
    assert (code, "already holds version" in err) == (1, True)


def test_a_release_without_drafts_does_not_speak_of_them(tiny: Path, tmp_path: Path, run: Run) -> None:
    assert "Draft layers" not in run("build", tiny, "--out", tmp_path / "out")[1]
    assert "### Drafts" not in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")


def test_accept_takes_the_mark_off(drafted: Path, tmp_path: Path, run: Run) -> None:
    assert run("accept", "one", "languages", "--corpus", drafted) == (0, "one: no longer drafts: languages.\n", "")
    assert run("check", drafted)[1].count("[draft-layer]") == 2
    assert run("accept", "one", "--corpus", drafted) == (0, "one: no longer drafts: segments.\n", "")
    assert run("accept", "two", "entities", "values", "--corpus", drafted)[1] == "two: no longer drafts: entities.\n"
    assert run("check", drafted) == (0, "No problems.\n", "")
    assert run("build", drafted, "--out", tmp_path / "out")[0] == 0


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("annotations/entities/two.jsonl", '"quote":"Докери"', '"quote":"Докеры"', "quote-mismatch"),
        ("annotations/events/two.jsonl", '"target":"T1"', '"target":"T7"', "dangling-reference"),
        ("annotations/entities/two.jsonl", '"type":"GROUP"', '"type":"FAC.other"', "wrong-filler"),
        ("annotations/entities/two.jsonl", '"level":"name"', '"level":"nickname"', "unknown-label"),
        ("annotations/events/two.jsonl", '"factuality":"Uu"}', '"factuality":"Uu"', "broken-json"),
        ("raw/two.txt", "пише", "каже", "hash-mismatch"),
        ("documents.jsonl", '{"layer":"values","zones":null},{"layer":"events"', '{"layer":"events"', "unexpected-layer-file"),
    ],
)
def test_a_document_with_errors_is_not_accepted(drafted: Path, run: Run, file: str, old: str, new: str, code: str) -> None:
    head, mark, tail = (drafted / file).read_text(encoding="utf-8").rpartition(old)
    assert mark == old
    (drafted / file).write_text(head + new + tail, encoding="utf-8")
    before = contents(drafted)
    status, out, err = run("accept", "two", "--corpus", drafted)
    assert (status, out) == (1, "")
    assert f"error[{code}]" in err
    assert err.endswith(", 0 warnings.\nqantar: nothing was changed.\n"), "drafts are no reason against it"
    assert contents(drafted) == before
    assert run("accept", "one", "--corpus", drafted)[0] == 0, "errors of another document do not matter"


def test_a_draft_without_its_file_is_not_accepted(drafted: Path, run: Run) -> None:
    (drafted / "annotations" / "entities" / "two.jsonl").unlink()
    code, _, err = run("accept", "two", "entities", "--corpus", drafted)
    assert (code, "error[missing-layer-file]" in err) == (1, True)


def test_accept_gives_back_the_file_as_it_was(tiny: Path, run: Run) -> None:
    before = tree(tiny)
    mark(tiny, "one", "events")
    assert run("accept", "one", "--corpus", tiny)[0] == 0
    assert tree(tiny) == before


def test_accept_writes_canonical_lines_in_id_order(drafted: Path, run: Run) -> None:
    path = drafted / "documents.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("".join(json.dumps(line) + "\n" for line in reversed(lines)), encoding="utf-8")
    assert run("accept", "one", "segments", "--corpus", drafted)[0] == 0
    written = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in written] == ["one", "two"]
    assert written[0].startswith('{"id":"one","file":"one.txt","sha256":')


def test_nothing_to_accept(tiny: Path, run: Run) -> None:
    before = stamps(tiny)
    assert run("accept", "one", "--corpus", tiny) == (0, "one: none of these layers is a draft; nothing was changed.\n", "")
    assert stamps(tiny) == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("oen",), "No document is called 'oen'. Did you mean 'one'? There are: one, two."),
        (
            ("two", "entity"),
            "No annotated layer of 'two' is called 'entity'. Did you mean 'entities'? There are: entities, events, values.",
        ),
        (
            ("two", "entities", "segments"),
            "No annotated layer of 'two' is called 'segments'. There are: entities, events, values.",
        ),
        (
            ("one", "two"),
            "'two' is a document, no layer: accept takes one document at a time. Say `qantar accept one`, then `qantar accept two`.",
        ),
    ],
)
def test_unknown_names_are_refused(drafted: Path, words: tuple[str, ...], message: str, run: Run) -> None:
    before = contents(drafted)
    assert run("accept", *words, "--corpus", drafted) == (2, "", f"qantar: {message}\n")
    assert contents(drafted) == before


def test_accept_refuses_a_file_that_it_cannot_read(drafted: Path, run: Run) -> None:
    path = drafted / "documents.jsonl"
    path.write_text(path.read_text(encoding="utf-8") + "{}\n", encoding="utf-8")
    before = contents(drafted)
    code, out, err = run("accept", "one", "--corpus", drafted)
    assert (code, out) == (1, "")
    assert err.endswith("qantar: nothing was changed.\n")
    assert "error[missing-field]" in err
    assert contents(drafted) == before


def test_accept_changes_no_corpus_but_the_one_here(tmp_path: Path, drafted: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    code, _, err = run("accept", "one")
    assert (code, err.startswith("qantar: There is no corpus here.")) == (2, True)
    monkeypatch.chdir(drafted)
    assert run("accept", "one")[0] == 0
    drafted.rename(tmp_path / "corpus")
    monkeypatch.chdir(tmp_path)
    assert run("accept", "two")[0] == 0
    assert run("check") == (0, "No problems.\n", "qantar: using ./corpus\n")
    monkeypatch.chdir(tmp_path / "corpus")
    assert run("check") == (0, "No problems.\n", "qantar: using the corpus in this folder\n")
