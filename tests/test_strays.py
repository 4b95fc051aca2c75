"""Files that are nobody's: hidden ones are left alone, others are named with what they may have been meant for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from reported import reported

Run = Callable[..., tuple[int, str, str]]
ENTITIES = "annotations/entities"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports name files from the folder where one is."""
    monkeypatch.chdir(tmp_path)


def put(corpus: Path, file: str) -> None:
    (corpus / file).parent.mkdir(parents=True, exist_ok=True)
    (corpus / file).write_text("somebody's\n", encoding="utf-8")


@pytest.mark.parametrize(
    "file",
    [
        "raw/.DS_Store",
        "raw/._one.txt",
        f"{ENTITIES}/.one.jsonl.swp",
        f"{ENTITIES}/._one.jsonl",
        "annotations/.idea/one.jsonl",
        "raw/.git/x",
    ],
)
def test_hidden_files_are_left_alone(tiny: Path, tmp_path: Path, run: Run, file: str) -> None:
    assert run("build", tiny, "--out", tmp_path / "out")[0] == 0
    put(tiny, file)
    assert run("check", tiny) == (0, "No problems.\n", "")
    assert "nothing changed" in run("build", tiny, "--out", tmp_path / "out")[1]


@pytest.mark.parametrize(
    ("file", "place", "fact", "remedy"),
    [
        (
            f"{ENTITIES}/one.json", f"{ENTITIES}/one.json",
            f"is no file of a layer: those are called {ENTITIES}/<document>.jsonl.", "Did you mean 'one.jsonl'? Rename it, or move it out of the folder.",
        ),
        (
            f"{ENTITIES}/two.jsonl.bak", f"{ENTITIES}/two.jsonl.bak",
            "is no file of a layer", "Did you mean 'two.jsonl'? Rename it, or move it out of the folder.",
        ),
        (f"{ENTITIES}/notes.md", f"{ENTITIES}/notes.md", "is no file of a layer", "Rename it, or move it out of the folder."),
        (
            f"{ENTITIES}/tow.jsonl", f"{ENTITIES}/tow.jsonl",
            "belongs to no document.", "Did you mean 'two.jsonl'? Rename it, list 'tow' in documents.jsonl, or remove the file.",
        ),
        (
            "annotations/segments/two.jsonl", "annotations/segments/two.jsonl",
            "is in no document's coverage.",
            "Add 'segments' to the coverage of 'two' in documents.jsonl; or, if nobody wants the records, remove the file.",
        ),
        (
            "annotations/entitys/one.jsonl", "annotations/entitys",
            "'entitys' is no layer of this corpus, which has segments, languages, sentences, entities, ",
            "Did you mean 'entities'? Rename the folder, add the layer to corpus.toml, or move the folder away.",
        ),
        ("raw/tow.txt", "raw/tow.txt", "belongs to no document.", "Did you mean 'two.txt'? Rename it, list it in documents.jsonl, or remove it."),
        (
            "raw/one.TXT", "raw/one.TXT",
            "is no text of a document: those are called raw/<document>.txt.", "Did you mean 'one.txt'? Rename it, or move it out of the folder.",
        ),
        ("raw/scans/page.txt", "raw/scans", "is no text of a document", "Rename it, or move it out of the folder."),
    ],
)  # fmt: skip
def test_others_are_named_with_what_helps(tiny: Path, run: Run, file: str, place: str, fact: str, remedy: str) -> None:
    put(tiny, file)
    code, out, _ = run("check", tiny)
    (one,) = reported(out).problems
    assert code == 1
    assert one.head.startswith(f"{place}: error[unexpected-{'text' if file.startswith('raw') else 'layer-file'}]: ")
    assert fact in one.head
    assert one.remedy == remedy


def test_a_listed_layer_that_the_corpus_lacks_is_said_once(tiny: Path, run: Run) -> None:
    put(tiny, "annotations/syntax/one.jsonl")
    path = tiny / "documents.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace('"layer":"relations"', '"layer":"syntax"', 1), encoding="utf-8")
    (tiny / "annotations" / "relations" / "one.jsonl").unlink()
    code, out, _ = run("check", tiny)
    assert (code, out.count("error["), "error[unexpected-layer-file]" in out) == (1, 1, True)


def test_a_folder_of_a_layer_that_the_corpus_gave_up_is_named_once(tiny: Path, run: Run) -> None:
    for name in ("one", "two"):
        put(tiny, f"annotations/syntax/{name}.jsonl")
    assert run("check", tiny)[1].count("error[") == 1


@pytest.mark.parametrize(("written", "remedy"), [(None, "Add 'events' to"), ("event", "Write 'events' in place of 'event' in")])
def test_what_refers_to_a_layer_that_is_not_read_dangles_nowhere(tiny: Path, run: Run, written: str | None, remedy: str) -> None:
    lines = [json.loads(line) for line in (tiny / "documents.jsonl").read_text(encoding="utf-8").splitlines()]
    others = [entry for entry in lines[0]["coverage"] if entry["layer"] != "events"]
    lines[0]["coverage"] = others + ([{"layer": written, "zones": None}] if written else [])
    (tiny / "documents.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    code, out, _ = run("check", tiny)
    assert (code, out.count("error["), "error[unexpected-layer-file]" in out) == (1, 1, True)
    assert f"{remedy} the coverage of 'one' in documents.jsonl" in out


def test_a_layer_with_a_name_that_no_file_can_have_is_no_layer(tiny: Path, run: Run) -> None:
    path = tiny / "documents.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace('"layer":"relations"', f'"layer":"{"r" * 300}"', 1), encoding="utf-8")
    (tiny / "annotations" / "relations" / "one.jsonl").unlink()
    code, out, _ = run("check", tiny)
    assert (code, out.count("error["), "error[coverage]" in out) == (1, 1, True)
