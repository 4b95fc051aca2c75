"""Independent passes in a corpus folder: read as corpora of their own, checked in their own files, fixed, and in nobody's way."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from builds import build, contents, different, edit_lines, manifest
from qantar.agreement import Side, agree
from qantar.changes import changed_since
from qantar.checking import check
from qantar.errors import InvalidCorpus, RecordsRefused
from qantar.reanchoring import reanchor
from qantar.release.consistency import consistency_lines
from qantar.store import Folder, ReleaseFolder
from qantar.store.layout import OWN, Home, home_of, is_file_of, shape_of
from qantar.store.writing import lines_of, write_folder
from qantar.touched import check_touched
from reported import reported
from second import write_passes
from spoil import alter, swap
from test_changed import commit, git
from tiny import ONE, write_corpus

Run = Callable[..., tuple[int, str, str]]
ACROSS = ("clusters", "alignments", "links")


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports name files from the folder where one is."""
    monkeypatch.chdir(tmp_path)


def add_pass(corpus: Path, name: str, *layers: str, across: bool = True) -> Path:
    """A pass that says what the corpus says, in these layers (default: all)."""
    home = corpus / "annotators" / name
    for layer in layers or [path.name for path in (corpus / "annotations").iterdir()]:
        shutil.copytree(corpus / "annotations" / layer, home / layer)
    for file in (f"{file}.jsonl" for file in ACROSS if across):
        shutil.copyfile(corpus / file, home / file)
    return home


# ---- reading


def test_a_pass_is_a_corpus_of_its_own(tiny: Path) -> None:
    add_pass(tiny, "a")
    add_pass(tiny, "b", "entities", across=False)
    edit_lines(tiny / "annotators/b/entities/two.jsonl", list.clear)
    folder = Folder(tiny)
    corpus = folder.read()
    one, two = (folder.passes[name].corpus for name in ("a", "b"))
    assert list(folder.passes) == ["a", "b"]
    assert one.documents == corpus.documents
    assert [getattr(one, name) for name in ACROSS] == [getattr(corpus, name) for name in ACROSS]
    assert one.gazetteer == two.gazetteer == corpus.gazetteer
    assert [getattr(two, name) for name in ACROSS] == [None, None, None]
    first, second = two.documents["one"], two.documents["two"]
    assert lines_of(first.entities or ()) == (tiny / "annotations/entities/one.jsonl").read_bytes()
    assert (first.text, first.events, first.languages_present) == (corpus.documents["one"].text, None, None)
    assert [entry.layer for entry in second.coverage] == ["entities"]
    assert second.entities == ()  # a file without lines: annotated, and nothing found


def test_a_pass_covers_the_zones_that_its_document_names(tiny: Path) -> None:
    edit_lines(tiny / "documents.jsonl", lambda lines: lines[0]["coverage"][5].update(zones=["body"]))
    add_pass(tiny, "a", "events", "segments", across=False)
    folder = Folder(tiny)
    folder.read()
    coverage = {entry.layer: entry.zones for entry in folder.passes["a"].corpus.documents["one"].coverage}
    assert coverage == {"segments": None, "events": ("body",)}


def test_folders_without_records_are_no_passes(tiny: Path) -> None:
    (tiny / "annotators/empty/entities").mkdir(parents=True)
    (tiny / "annotators/README.md").write_text("How they were made.\n")
    (tiny / "annotators/empty/README.md").write_text("Not begun.\n")
    folder = Folder(tiny)
    folder.read()
    assert (folder.passes, folder.problems) == ({}, [])


def test_names_of_files() -> None:
    second = Home("second")
    for home, layer, across in (
        (OWN, "annotations/events/one.jsonl", "links.jsonl"),
        (second, "annotators/second/events/one.jsonl", "annotators/second/links.jsonl"),
    ):
        assert (home.layer_file("events", "one"), home.across_file("links")) == (layer, across)
        assert (home_of(layer), home_of(across)) == (home, home)
        assert (shape_of(layer), shape_of(across)) == ("layers/events", "corpus/links")
        assert is_file_of("one", layer)
        assert not is_file_of("two", layer)
        assert not is_file_of("links", across)
    assert not is_file_of("one", "annotators/events/one.jsonl")


# ---- checking


def test_a_problem_of_a_pass_is_placed_in_its_file(tiny: Path, run: Run) -> None:
    add_pass(tiny, "a")
    add_pass(tiny, "b")
    assert run("check", "tiny") == (0, "No problems.\n", "")
    swap(tiny / "annotators/a/entities/one.jsonl", '"quote":"докери"', '"quote":"докеры"')
    swap(tiny / "annotators/b/events/two.jsonl", '"target":"T1"', '"target":"T9"')
    swap(tiny / "annotators/b/clusters.jsonl", "two#E1", "two#E9")
    code, out, _ = run("check", "tiny")
    assert code == 1
    assert [head.partition(": ")[2].partition(": ")[0] for head in reported(out).heads] == [
        "error[quote-mismatch] T3 $.quote",
        "error[dangling-target] C1 $.members[1].target",
        "error[dangling-reference] E1 $.arguments[0].target",
    ]
    assert [head.partition(": ")[0] for head in reported(out).heads] == [
        "annotators/a/entities/one.jsonl:3:52",
        "annotators/b/clusters.jsonl:1:128",
        "annotators/b/events/two.jsonl:1:148",
    ]


def test_bytes_and_shapes_of_a_pass(tiny: Path, run: Run) -> None:
    home = add_pass(tiny, "a")
    swap(home / "entities/two.jsonl", "GROUP", "GROUPS")
    (home / "links.jsonl").write_text("{}\n{", encoding="utf-8")
    out = run("check", "tiny")[1]
    assert {head.partition(":")[0] for head in reported(out).heads} == {"annotators/a/entities/two.jsonl", "annotators/a/links.jsonl"}
    assert "in 'two' of the pass 'a', all but offsets and quotes; what spans documents." in out
    assert run("build", "tiny")[0] == 1
    folder = Folder(tiny)
    folder.read()
    (partial,) = folder.passes["a"].partial
    assert (partial.id, partial.entities, partial.events is None) == ("two", None, False)


def test_texts_and_settings_are_told_of_once(tiny: Path, run: Run) -> None:
    edit_lines(tiny / "documents.jsonl", lambda lines: lines[0]["rights"].update(basis=None))
    edit_lines(tiny / "documents.jsonl", lambda lines: lines[1].update(leak_group="another"))
    alone = run("check", "tiny")
    add_pass(tiny, "a")
    assert run("check", "tiny") == alone


def test_texts_are_compared_once_for_all_passes(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    monkeypatch.setattr("qantar.corpus.overlaps", lambda stories: compared.append(len(stories)) or [])
    alter(tiny / "documents.jsonl", 1, lambda line: line.update(leak_group=None))
    for name in ("a", "b"):
        add_pass(tiny, name)
    check(Folder(tiny))
    assert compared == [2]


@pytest.mark.parametrize(
    ("file", "place", "fact", "remedy"),
    [
        ("a/entities/tow.jsonl", "a/entities/tow.jsonl", "belongs to no document", "Did you mean 'two.jsonl'? Rename it"),
        ("a/entities/one.json", "a/entities/one.json", "is no file of a layer", "Did you mean 'one.jsonl'? Rename it"),
        ("a/entites/one.jsonl", "a/entites", "'entites' is no layer of this corpus", "Did you mean 'entities'? Rename the folder"),
        ("a/cluster.jsonl", "a/cluster.jsonl", "is no file of a pass", "Did you mean 'clusters.jsonl'? Rename it"),
        ("a/gazetteer.jsonl", "a/gazetteer.jsonl", "is no file of a pass", "Rename it, or move it away."),
        ("A/entities/one.jsonl", "A", "'A' is no name of a pass", "Rename the folder, or move it away."),
        ("one.jsonl", "one.jsonl", "is no folder of a pass", "Move it to the folder of its pass"),
    ],
)
def test_files_that_are_of_no_pass(file: str, place: str, fact: str, remedy: str, tiny: Path, run: Run) -> None:
    path = tiny / "annotators" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    (problem,) = reported(run("check", "tiny")[1]).problems
    assert problem.head.startswith(f"annotators/{place}: error[unexpected-layer-file]: ")
    assert fact in problem.head
    assert problem.remedy.startswith(remedy)


def test_links_out_of_the_corpus_are_refused(tiny: Path, tmp_path: Path, run: Run) -> None:
    add_pass(tiny, "a", "events", "entities", "values", across=False)
    shutil.move(tiny / "annotators/a", tmp_path / "elsewhere")
    (tiny / "annotators/a").symlink_to(tmp_path / "elsewhere")
    (head,) = reported(run("check", "tiny")[1]).heads
    assert head.startswith("annotators/a: error[outside-corpus]: annotators/a leads to ")


def test_fix_covers_passes(tiny: Path, run: Run) -> None:
    home = add_pass(tiny, "a")
    whole = contents(tiny)
    for file in ("entities/one.jsonl", "clusters.jsonl"):
        lines = [json.dumps(json.loads(line)) for line in (home / file).read_text("utf-8").splitlines()]
        (home / file).write_text("".join(f"{line}\n" for line in reversed(lines)), encoding="utf-8")
    code, out, _ = run("check", "tiny")
    assert (code, out.count("warning[not-canonical]")) == (0, 2)
    assert run("fix", "tiny")[0] == 0
    assert contents(tiny) == whole


def test_statistics_count_passes(tmp_path: Path, run: Run) -> None:
    write_passes(tmp_path / "tiny")
    alike = {"languages": 1, "sentences": 2, "entities": 6, "values": 1, "events": 2, "attributions": 1, "relations": 1}
    found = json.loads(run("stats", "tiny", "--json")[1])["passes"]
    across = dict.fromkeys(ACROSS, 1)
    assert found == {"first": {"segments": 2, **alike, **across}, "second": {"segments": 3, **alike, **across}}
    shutil.rmtree(tmp_path / "tiny/annotators/first/segments")
    text = run("stats", "tiny")[1]
    assert "records of passes  first  second\nlanguages              1       1\n" in text
    assert "\nsegments               –       3\n" in text
    assert json.loads(run("stats", "tiny", "--layer", "events", "--json")[1])["passes"] == {"first": {"events": 2}, "second": {"events": 2}}


# ---- what was changed


def test_changes_of_a_pass(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "repository" / "tiny")
    for name in ("a", "b"):
        add_pass(corpus, name)
    git(tmp_path / "repository", "init", "-q", "-b", "main")
    commit(tmp_path / "repository")
    swap(corpus / "annotators/a/entities/two.jsonl", '"quote":"Докери"', '"quote":"Докеры"')
    swap(corpus / "annotators/a/links.jsonl", "two#E1", "two#E9")
    changes = changed_since(corpus, "HEAD")
    checked = check_touched(Folder(corpus), changes)
    assert [str(problem.place).partition(":")[0] for problem in checked.problems] == [
        "annotators/a/entities/two.jsonl",
        "annotators/a/links.jsonl",
    ]
    commit(corpus)
    swap(corpus / "annotators/b/entities/one.jsonl", '"level":"name"', '"level":"nominal"')
    checked = check_touched(Folder(corpus), changed_since(corpus, "HEAD"))
    assert checked.documents == 1
    assert not any("two" in str(problem.place) for problem in checked.problems if problem.layer == "entities")


# ---- builds


def test_one_pass_changes_no_release(tiny: Path, tmp_path: Path) -> None:
    build(tiny, tmp_path / "without")
    add_pass(tiny, "a")
    build(tiny, tmp_path / "with")
    assert contents(tmp_path / "without") == contents(tmp_path / "with")


def test_two_passes_are_compared_in_the_release(tmp_path: Path) -> None:
    corpus = write_passes(tmp_path / "tiny")
    built = build(corpus, tmp_path / "out")
    found = json.loads((tmp_path / "out" / "agreement.json").read_text(encoding="utf-8"))
    folder = Folder(corpus)
    base = folder.read()
    one, two = (Side(name, folder.passes[name].corpus) for name in ("first", "second"))
    assert found == built.consistency == agree(one, two, base).to_json()
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    section = card.partition("\n## Pass consistency\n\n")[2].partition("\n## ")[0]
    assert section.strip() == "\n".join(consistency_lines(found)).strip()
    assert "| `entities` | 2 | 6 | 6 | 0.500 | 0.667 | 0.431 |" in section
    assert "never agreement between people" in section
    assert "agreement.json" in manifest(tmp_path / "out")["files"]


def test_a_release_carries_the_comparison_on(tmp_path: Path) -> None:
    corpus = write_passes(tmp_path / "tiny")
    for name, source, workers in (("one", corpus, 1), ("two", corpus, 2), ("again", tmp_path / "one", 1)):
        build(source, tmp_path / name, workers=workers)
    assert contents(tmp_path / "one") == contents(tmp_path / "two") == contents(tmp_path / "again")
    (tmp_path / "one" / "agreement.json").unlink()
    with pytest.raises(InvalidCorpus):
        build(tmp_path / "one", tmp_path / "damaged")


def test_which_two_passes_count(tmp_path: Path, run: Run) -> None:
    corpus = write_passes(tmp_path / "tiny")
    shutil.copytree(corpus / "annotators/second", corpus / "annotators/third")
    build(corpus, tmp_path / "none")
    assert not (tmp_path / "none" / "agreement.json").exists()
    toml = (corpus / "corpus.toml").read_text(encoding="utf-8")
    (corpus / "corpus.toml").write_text(f'{toml}\n[agreement]\npasses = ["third", "first"]\n', encoding="utf-8")
    build(corpus, tmp_path / "two")
    found = json.loads((tmp_path / "two" / "agreement.json").read_text(encoding="utf-8"))
    assert (found["a"], found["b"]) == ("third", "first")
    for names, said in (
        ('["third", "frist"]', "qantar: No pass is called 'frist'. Did you mean 'first'? There are: first, second, third."),
        ('["third", "third"]', "qantar: tiny/corpus.toml: $.agreement.passes names 'third', 'third'. Name two passes, each once."),
        ('["third"]', "qantar: tiny/corpus.toml: $.agreement.passes: ['third'] is o"),
    ):
        (corpus / "corpus.toml").write_text(f"{toml}\n[agreement]\npasses = {names}\n", encoding="utf-8")
        code, _, err = run("build", "tiny", "--out", "never")
        assert (code, err.splitlines()[-1][:60]) == (2, said[:60])
    assert not Path("never").exists()


def test_the_readme_of_the_corpus_is_refreshed_between_its_marks(tmp_path: Path, run: Run) -> None:
    corpus = write_passes(tmp_path / "tiny")
    readme = corpus / "README.md"
    assert run("build", "tiny", "--out", "one")[2] == ""  # no README, no marks
    readme.write_text("# Tiny\n\n<!-- pass-consistency -->\nold\n<!-- /pass-consistency -->\nend\n", encoding="utf-8")
    assert run("build", "tiny", "--out", "one")[2] == "qantar: tiny/README.md says how consistent the passes are.\n"
    text = readme.read_text(encoding="utf-8")
    assert text.startswith("# Tiny\n\n<!-- pass-consistency -->\n`first` and `second` are two passes")
    assert text.endswith("\n<!-- /pass-consistency -->\nend\n")
    assert "old" not in text
    assert run("build", "tiny", "--out", "one")[2] == ""
    assert readme.read_text(encoding="utf-8") == text


def test_a_readme_that_cannot_be_written_is_named(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = write_passes(tmp_path / "tiny")
    text = "<!-- pass-consistency --><!-- /pass-consistency -->\n"
    (corpus / "README.md").write_text(text, encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(errno.EROFS, "no")

    monkeypatch.setattr(Path, "replace", full)
    code, out, err = run("build", "tiny", "--out", "one")
    assert (code, "Passes first and second are compared in agreement.json" in out) == (0, True)
    assert err == "qantar: Cannot write tiny/README.md: Read-only file system. The release stands; only the README is as it was.\n"
    assert (corpus / "README.md").read_text(encoding="utf-8") == text
    assert [path.name for path in corpus.iterdir() if path.name.endswith(".tmp")] == []


# ---- corrected texts


def test_passes_move_with_their_text(tmp_path: Path) -> None:
    corpus = write_passes(tmp_path / "tiny")
    new = ONE.replace("Порт закрито", "Порт не закрито")
    plan = reanchor(Folder(corpus), "one", new)
    assert plan.refused == ()
    plan.write()
    assert [problem for problem in check(Folder(corpus)) if problem.severity == "error"] == []
    second = Folder(corpus)
    own = second.read().documents["one"]
    moved = second.passes["second"].corpus
    spans = {
        record.id: (record.quote, new[record.spans[0].start : record.spans[-1].end]) for record in moved.documents["one"].entities or ()
    }
    assert spans == {
        name: (quote, quote) for name, quote in (("T1", "Порт"), ("T2", "Reuters"), ("T7", "😀 докери"), ("T8", "страйкували"))
    }
    assert second.passes["first"].corpus.documents["one"] == own
    assert moved.documents["one"].sentences != own.sentences
    assert (moved.alignments or ())[0].a.spans[0].start == new.index("докери")
    files = {move.file for move in plan.moves}
    assert {"annotators/second/entities/one.jsonl", "annotators/first/clusters.jsonl", "annotations/entities/one.jsonl"} <= files


def test_what_has_no_place_in_a_pass_is_refused_there(tmp_path: Path) -> None:
    corpus = write_passes(tmp_path / "tiny")
    whole = contents(corpus)
    edit_lines(corpus / "annotations/entities/one.jsonl", lambda lines: lines.pop())  # Порт-Веллі is in `first` alone
    edit_lines(corpus / "annotations/events/one.jsonl", lambda lines: lines[0]["arguments"].pop())
    plan = reanchor(Folder(corpus), "one", ONE.replace(" у Порт-Веллі", ""))
    assert {(one.file, one.record) for one in plan.refused} == {("annotators/first/entities/one.jsonl", "T4")}
    assert "E1 (annotators/first/events/one.jsonl:1)" in plan.refused[0].remedy
    with pytest.raises(RecordsRefused):
        plan.write()
    assert different(whole, contents(corpus)) == ["annotations/entities/one.jsonl", "annotations/events/one.jsonl"]


def test_a_pass_that_does_not_fit_its_text_stands_in_the_way(tmp_path: Path) -> None:
    corpus = write_passes(tmp_path / "tiny")
    swap(corpus / "annotators/second/entities/one.jsonl", '"quote":"Reuters"', '"quote":"Rooters"')
    with pytest.raises(InvalidCorpus) as found:
        reanchor(Folder(corpus), "one", ONE + "Кінець.\n")
    assert [str(problem.place).partition(":")[0] for problem in found.value.problems] == ["annotators/second/entities/one.jsonl"]


def test_a_restored_folder_carries_the_comparison_on(tmp_path: Path, run: Run) -> None:
    build(write_passes(tmp_path / "tiny"), tmp_path / "release")
    release = tmp_path / "release"
    back = tmp_path / "back"
    write_folder(ReleaseFolder(release).read(), back, settings=(release / "corpus.toml").read_bytes())
    shutil.copyfile(release / "agreement.json", back / "agreement.json")
    build(back, tmp_path / "again")
    for file in ("agreement.json", "README.md"):
        assert (tmp_path / "again" / file).read_bytes() == (release / file).read_bytes()
    for data, said in (
        ("[]", "qantar: back/agreement.json is no comparison of passes: "),
        ('{"format":"other/1"}', "qantar: back/agreement.json is no comparison of passes: its format is not qantar-agreement/1."),
        ('{"format":"qantar-agreement/1"}', "qantar: back/agreement.json is no comparison of passes: Object missing required field `a`."),
        ("{", "qantar: back/agreement.json is no comparison of passes: "),
    ):
        (back / "agreement.json").write_text(data, encoding="utf-8")
        code, out, err = run("build", "back", "--out", "never")
        assert (code, out) == (2, "")
        assert err.startswith(said)
    (back / "agreement.json").unlink()
    (back / "agreement.json").symlink_to(release / "agreement.json")
    assert "outside the corpus" in run("build", "back", "--out", "never")[2]


def test_a_release_with_a_comparison_is_replaced_when_its_manifest_is_broken(tmp_path: Path, run: Run) -> None:
    write_passes(tmp_path / "tiny")
    assert run("build", "tiny", "--out", "one")[0] == 0
    whole = contents(tmp_path / "one")
    assert "agreement.json" in whole
    (tmp_path / "one" / "manifest.json").write_bytes(b"")
    assert run("build", "tiny", "--out", "one", "--replace")[0] == 0
    assert contents(tmp_path / "one") == whole
