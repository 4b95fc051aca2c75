"""`qantar tokens`: what it prints, what it writes, and what it refuses to overwrite."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builds import contents, different, edit_lines, write_single
from qantar.errors import LayerExists, OutputError, SettingsError, UnknownName
from qantar.propose.drafts import draft_sentences
from qantar.store import Folder
from qantar.store import drafts as store_drafts
from qantar.store.drafts import write_layer
from tiny import ONE, TWO, layers_of_one

Run = Callable[..., tuple[int, str, str]]
TEXT = "Порт закрито. Докери страйкують, 5% – у Києві!\nҚала тыныш.\n"
DRAFT = "annotations/sentences/two.jsonl"


@pytest.fixture
def single(tmp_path: Path) -> Path:
    """A corpus of one document with a Ukrainian and an English zone, no sentences."""
    zones = [
        {"id": "Z1", "start": 0, "end": 47, "kind": "body", "lang": "uk"},
        {"id": "Z2", "start": 47, "end": len(TEXT), "kind": "body", "lang": "en"},
    ]
    return write_single(tmp_path / "single", TEXT, {"segments": zones})


def coverage(corpus: Path, name: str) -> list[dict[str, Any]]:
    """The coverage of a document as it stands in the file."""
    lines = map(json.loads, (corpus / "documents.jsonl").read_text(encoding="utf-8").splitlines())
    found: list[dict[str, Any]] = next(line["coverage"] for line in lines if line["id"] == name)
    return found


# ---- printing


def test_printed_records_are_the_lines_of_the_layer(single: Path, run: Run) -> None:
    before = contents(single)
    code, out, err = run("tokens", "only", single)
    assert (code, err) == (0, "")
    records = [json.loads(line) for line in out.splitlines()]
    forms = [[TEXT[token["start"] : token["end"]] for token in record["tokens"]] for record in records]
    assert forms == [["Порт", "закрито", "."], ["Докери", "страйкують", ",", "5", "%", "–", "у", "Києві", "!"], ["Қала", "тыныш", "."]]
    assert out.splitlines()[0] == (
        '{"id":"S1","start":0,"end":13,"tokens":[{"start":0,"end":4},{"start":5,"end":12},{"start":12,"end":13}]}'
    )
    assert contents(single) == before


def test_a_document_without_zones_has_its_language(tiny: Path, run: Run) -> None:
    code, out, err = run("tokens", "two", tiny, "--morphology")
    assert (code, err) == (0, "")
    (record,) = map(json.loads, out.splitlines())
    assert [(token["lemma"], token["upos"]) for token in record["tokens"]] == [
        ("докер", "NOUN"), ("страйкувати", "VERB"), (",", "PUNCT"), ("писати", "VERB"), ("Reuters", "PROPN"), (".", "PUNCT"),
    ]  # fmt: skip


def test_morphology_is_only_where_the_language_has_it(single: Path, run: Run) -> None:
    records = [json.loads(line) for line in run("tokens", "only", single, "--morphology")[1].splitlines()]
    assert [["lemma" in token for token in record["tokens"]] for record in records] == [[True] * 3, [True] * 9, [False, False, True]]


def with_stretch(folder: Path) -> Path:
    """A corpus of one document whose Ukrainian zone has a stretch in another language."""
    text = "Докери святкують Ұлыстың күні у Києві.\n"
    zones = [{"id": "Z1", "start": 0, "end": len(text), "kind": "body", "lang": "uk"}]
    stretch = {"id": "L1", "spans": [{"start": 17, "end": 29}], "quote": "Ұлыстың күні", "lang": "mul", "script": "Cyrl"}
    return write_single(folder, text, {"segments": zones, "languages": [stretch]})


def test_words_of_a_stretch_in_another_language_have_no_lemma(tmp_path: Path, run: Run) -> None:
    code, out, _ = run("tokens", "only", with_stretch(tmp_path / "single"), "--morphology")
    (record,) = map(json.loads, out.splitlines())
    assert (code, [token.get("upos") for token in record["tokens"]]) == (0, ["NOUN", "VERB", None, None, "ADP", "PROPN", "PUNCT"])


@pytest.mark.parametrize(("old", "new", "error"), [('"end":29', '"end":999', "offset-past-end"), ("}\n", "\n", "broken-json")])
def test_stretches_with_faults_are_not_passed_over(tmp_path: Path, run: Run, old: str, new: str, error: str) -> None:
    corpus = with_stretch(tmp_path / "single")
    path = corpus / "annotations" / "languages" / "only.jsonl"
    (record,) = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    compact = json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"
    assert old in compact
    path.write_text(compact.replace(old, new), encoding="utf-8")
    code, out, err = run("tokens", "only", corpus, "--morphology")
    assert (code, out, f"error[{error}]" in err) == (1, "", True)
    assert run("tokens", "only", corpus)[0] == 0, "without lemmas they do not matter"


def test_any_store_can_be_asked(tiny: Path, run: Run, tmp_path: Path) -> None:
    run("export", "native", tmp_path / "native.jsonl", tiny)
    run("build", tiny, "--out", tmp_path / "release")
    asked = [run("tokens", "one", source) for source in (tiny, tmp_path / "native.jsonl", tmp_path / "release")]
    assert asked[0][0] == 0
    assert asked[0] == asked[1] == asked[2]


@pytest.mark.parametrize("name", ["native.jsonl", "native.jsonl.gz"])
def test_a_native_file_is_read_up_to_the_document(tiny: Path, run: Run, tmp_path: Path, name: str) -> None:
    native = tmp_path / name
    opened = gzip.open if name.endswith(".gz") else open
    run("export", "native", native, tiny)
    with opened(native, "ab") as file:
        file.write(b"{\n")
    assert run("tokens", "one", native, "--corpus", tiny) == run("tokens", "one", tiny)
    code, out, err = run("tokens", "three", native, "--corpus", tiny)
    assert (code, out) == (1, "")
    assert "error[broken-json]" in err, "the line that cannot be read may be it"


# ---- writing


def test_written_as_a_draft(tiny: Path, run: Run) -> None:
    before = contents(tiny)
    printed = run("tokens", "two", tiny)[1]
    assert run("tokens", "two", tiny, "--write") == (0, f"{tiny / DRAFT}: a draft, sentences: 1, tokens: 6.\n", "")
    after = contents(tiny)
    assert different(before, after) == [DRAFT, "documents.jsonl"]
    assert after[DRAFT].decode() == printed
    assert after["documents.jsonl"].splitlines()[0] == before["documents.jsonl"].splitlines()[0]
    assert coverage(tiny, "two") == [
        {"layer": "sentences", "zones": None, "draft": True},
        *({"layer": layer, "zones": None} for layer in ("entities", "values", "events")),
    ]
    assert run("check", tiny)[0] == 0
    two = Folder(tiny).read().documents["two"]
    assert [token.end for token in two.sentences[0].tokens] == [6, 18, 19, 24, 32, 33]


def test_the_same_draft_may_be_written_again(tiny: Path, run: Run) -> None:
    run("tokens", "two", tiny, "--write")
    first = contents(tiny)
    assert run("tokens", "two", tiny, "--write")[0] == 0
    assert contents(tiny) == first


def test_a_draft_that_was_corrected_is_not_thrown_away(tiny: Path, run: Run) -> None:
    run("tokens", "two", tiny, "--write")
    edit_lines(tiny / DRAFT, lambda found: found[0]["tokens"].pop())
    before = contents(tiny)
    assert run("tokens", "two", tiny, "--write") == (
        2, "", f"qantar: The draft of the layer 'sentences' of 'two' is not what would be proposed anew ({tiny / DRAFT}). "
        "Somebody may have corrected it: remove the file to have it proposed anew.\n",
    )  # fmt: skip
    assert contents(tiny) == before
    (tiny / DRAFT).unlink()
    assert run("tokens", "two", tiny, "--write")[0] == 0
    assert len(read(tiny)[0]["tokens"]) == 6


def read(corpus: Path) -> list[dict[str, Any]]:
    """The draft of `two` as it stands in the file."""
    return [json.loads(line) for line in (corpus / DRAFT).read_text(encoding="utf-8").splitlines()]


def corrected(tiny: Path, run: Run) -> list[dict[str, Any]]:
    """A draft of `two` with two sentences in place of one, a compound in place of two tokens, and words of a reader's own."""
    run("tokens", "two", tiny, "--write")
    edit_lines(
        tiny / DRAFT,
        lambda found: found.__setitem__(
            slice(None),
            [
                {"id": "S7", "start": 0, "end": 19, "tokens": [{"start": 0, "end": 18, "feats": "X=Y"}, {"start": 18, "end": 19}], "note": "One."},
                {
                    "id": "S2", "start": 20, "end": 33,
                    "tokens": [{"start": 20, "end": 24, "lemma": "писання"}, {"start": 25, "end": 32, "upos": "X"}, {"start": 32, "end": 33}],
                    "ignore": [{"code": "partition", "reason": "Made up."}],
                },
            ],
        ),
    )  # fmt: skip
    return read(tiny)


def test_morphology_keeps_what_a_reader_corrected(tiny: Path, run: Run) -> None:
    before = corrected(tiny, run)
    entry = {"layer": "sentences", "zones": ["body"], "draft": True}
    edit_lines(tiny / "documents.jsonl", lambda lines: lines[1]["coverage"].__setitem__(0, entry))
    files = contents(tiny)
    printed = run("tokens", "two", tiny, "--morphology")
    assert printed[0] == 0
    assert contents(tiny) == files
    assert run("tokens", "two", tiny, "--write", "--morphology") == (0, f"{tiny / DRAFT}: a draft, sentences: 2, tokens: 5.\n", "")
    assert different(files, contents(tiny)) == [DRAFT]
    assert (tiny / DRAFT).read_text(encoding="utf-8") == printed[1], "what was printed is what is written"
    assert coverage(tiny, "two")[0] == entry
    after = read(tiny)
    words = [[(token.pop("lemma"), token.pop("upos")) for token in one["tokens"]] for one in after]
    assert [pair[1] for pair in words[0]] == ["VERB", "PUNCT"]
    assert words[1] == [("писання", "VERB"), ("Reuters", "X"), (".", "PUNCT")]
    for sentence in before:
        for token in sentence["tokens"]:
            token.pop("lemma", None)
            token.pop("upos", None)
    assert after == before, "all else is as it was"
    assert run("tokens", "two", tiny, "--write", "--morphology")[0] == 0
    assert (tiny / DRAFT).read_text(encoding="utf-8") == printed[1], "a second time changes nothing"


def test_a_draft_listed_without_its_file_is_proposed_with_morphology(tiny: Path, run: Run) -> None:
    corrected(tiny, run)
    (tiny / DRAFT).unlink()
    assert run("tokens", "two", tiny, "--write", "--morphology")[0] == 0
    (sentence,) = read(tiny)
    assert [token["upos"] for token in sentence["tokens"]] == ["NOUN", "VERB", "PUNCT", "VERB", "PROPN", "PUNCT"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('"end":18,', '"end":0,', "partition"),
        ('"end":19,', '"end":3300,', "offset-past-end"),
        ('"note":"One."', '"remark":"One."', "unknown-field"),
        ('"note":"One."}', '"note":"One."', "broken-json"),
    ],
)
def test_a_draft_with_faults_is_kept_as_it_is(tiny: Path, run: Run, old: str, new: str, code: str) -> None:
    corrected(tiny, run)
    text = (tiny / DRAFT).read_text(encoding="utf-8")
    assert old in text
    (tiny / DRAFT).write_text(text.replace(old, new), encoding="utf-8")
    before = contents(tiny)
    for words in ((), ("--write",)):
        status, out, err = run("tokens", "two", tiny, "--morphology", *words)
        assert (status, out, f"error[{code}]" in err) == (1, "", True)
        assert err.endswith("qantar: nothing was proposed.\n")
    assert run("tokens", "two", tiny, "--write")[0] == 2
    assert contents(tiny) == before
    assert run("tokens", "two", tiny)[0] == 0, "a proposal anew does not read it"


def test_an_accepted_layer_is_not_touched_by_morphology(tiny: Path, run: Run) -> None:
    edit_lines(tiny / "annotations" / "sentences" / "one.jsonl", lambda found: found[0]["tokens"][0].pop("lemma"))
    before = contents(tiny)
    code, out, err = run("tokens", "one", tiny, "--write", "--morphology")
    assert (code, out, "is there and is no draft" in err) == (2, "", True)
    assert contents(tiny) == before


def test_drafts_of_any_store_are_filled_alike(tiny: Path, run: Run, tmp_path: Path) -> None:
    corrected(tiny, run)
    assert run("export", "native", tmp_path / "native.jsonl", tiny)[0] == 0
    assert run("build", tiny, "--drafts", "--out", tmp_path / "release")[0] == 0
    asked = [run("tokens", "two", source, "--morphology") for source in (tiny, tmp_path / "native.jsonl", tmp_path / "release")]
    assert asked[0][0] == 0
    assert '"id":"S7"' in asked[0][1]
    assert asked[0] == asked[1] == asked[2]


@pytest.mark.parametrize("entry", [{}, {"draft": None}, {"draft": False}])
def test_a_layer_that_is_no_draft_is_kept(tiny: Path, run: Run, entry: dict[str, Any]) -> None:
    edit_lines(tiny / "documents.jsonl", lambda lines: lines[0]["coverage"][2].update(entry))
    before = contents(tiny)
    code, out, err = run("tokens", "one", tiny, "--write")
    assert (code, out) == (2, "")
    assert err.startswith("qantar: The layer 'sentences' of 'one' is there and is no draft (")
    assert contents(tiny) == before


def test_a_file_that_is_not_listed_is_kept(tiny: Path) -> None:
    (tiny / DRAFT).write_text("somebody's work\n", encoding="utf-8")
    folder = Folder(tiny)
    with pytest.raises(LayerExists):
        write_layer(folder, "two", "sentences", [], draft=True)
    assert (tiny / DRAFT).read_text(encoding="utf-8") == "somebody's work\n"


def test_a_final_layer_carries_no_draft(single: Path) -> None:
    folder = Folder(single)
    document = folder.read().documents["only"]
    write_layer(folder, "only", "sentences", draft_sentences(document), draft=False)
    assert coverage(single, "only") == [{"layer": "segments", "zones": None}, {"layer": "sentences", "zones": None}]


def test_an_interruption_between_the_two_files_is_mended(tiny: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def stops(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(store_drafts, "replace_together", stops)
    assert run("tokens", "two", tiny, "--write")[0] == 3
    assert run("check", tiny)[0] == 1
    monkeypatch.undo()
    assert run("tokens", "two", tiny, "--write")[0] == 0
    assert run("check", tiny)[0] == 0


def test_a_disk_that_is_full(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(tiny)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match="No space left"):
        write_layer(Folder(tiny), "two", "sentences", [], draft=True)
    assert contents(tiny) == before


# ---- wrong use, faulty input


@pytest.mark.parametrize("source", ["native.jsonl", "release"])
def test_only_a_folder_takes_a_layer(tiny: Path, run: Run, tmp_path: Path, source: str) -> None:
    run("export", "native", tmp_path / "native.jsonl", tiny)
    run("build", tiny, "--out", tmp_path / "release")
    code, out, err = run("tokens", "one", tmp_path / source, "--write")
    assert (code, out) == (2, "")
    assert err == "qantar: Only a corpus folder takes a layer. Name a corpus folder, or leave out --write.\n"


def test_a_document_that_is_not_there(tiny: Path, run: Run) -> None:
    code, out, err = run("tokens", "tow", tiny)
    assert (code, out) == (2, "")
    assert err == "qantar: No document is called 'tow'. Did you mean 'two'? There are: one, two.\n"
    with pytest.raises(UnknownName):
        write_layer(Folder(tiny), "tow", "sentences", [], draft=True)
    with pytest.raises(UnknownName):
        write_layer(Folder(tiny), "two", "syntax", [], draft=True)


def test_a_document_that_cannot_be_read(tiny: Path, run: Run) -> None:
    (tiny / "raw" / "two.txt").write_bytes(b"\xff")
    code, out, err = run("tokens", "two", tiny)
    assert (code, out) == (1, "")
    assert "error[not-utf8]" in err
    assert err.endswith("qantar: nothing was proposed.\n")
    assert run("tokens", "one", tiny)[0] == 0


def test_faults_of_other_layers_do_not_matter(tiny: Path, run: Run) -> None:
    printed = run("tokens", "one", tiny)
    (tiny / "annotations" / "entities" / "one.jsonl").write_text("{\n", encoding="utf-8")
    assert run("tokens", "one", tiny) == printed
    (tiny / "annotations" / "segments" / "one.jsonl").write_text("{\n", encoding="utf-8")
    code, out, err = run("tokens", "one", tiny)
    assert (code, out) == (1, "")
    assert "error[broken-json]" in err


def test_zones_that_do_not_tile_the_text(tiny: Path, run: Run) -> None:
    edit_lines(tiny / "annotations" / "segments" / "one.jsonl", lambda zones: zones[1].update(start=5))
    before = contents(tiny)
    code, out, err = run("tokens", "one", tiny, "--write")
    assert (code, out) == (1, "")
    assert err.startswith(f"{tiny.as_posix()}/annotations/segments/one.jsonl:2:")
    assert "error[partition]" in err
    assert contents(tiny) == before


def test_a_folder_that_leads_out_of_the_corpus(tiny: Path, run: Run, tmp_path: Path) -> None:
    shutil.rmtree(tiny / "annotations" / "sentences")
    edit_lines(tiny / "documents.jsonl", lambda lines: lines[0]["coverage"].pop(2))
    (tmp_path / "elsewhere").mkdir()
    (tiny / "annotations" / "sentences").symlink_to("sentences")
    assert run("tokens", "two", tiny, "--write")[:2] == (2, ""), "a link that leads to itself"
    (tiny / "annotations" / "sentences").unlink()
    (tiny / "annotations" / "sentences").symlink_to(tmp_path / "elsewhere")
    code, out, err = run("tokens", "two", tiny, "--write")
    assert (code, out) == (2, "")
    assert f"leads to {tmp_path / 'elsewhere' / 'two.jsonl'}, outside the corpus" in err
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_layer_of_another_shape(tiny: Path, root: Path) -> None:
    """A corpus may bring its own schema of `sentences`."""
    shutil.copytree(root / "schema" / "layers", tiny / "layers")
    path = tiny / "layers" / "sentences.schema.json"
    shape = json.loads(path.read_text(encoding="utf-8"))
    shape["properties"]["tokens"]["items"]["required"].append("upos")
    path.write_text(json.dumps(shape), encoding="utf-8")
    settings = tiny / "corpus.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + '\n[schema]\nlayers = "layers"\n', encoding="utf-8")
    folder = Folder(tiny)
    drafted = draft_sentences(folder.read().documents["two"])
    with pytest.raises(SettingsError, match=r"takes other records: .*upos"):
        write_layer(folder, "two", "sentences", drafted, draft=True)
    write_layer(folder, "two", "sentences", draft_sentences(folder.read().documents["two"], morphology=True), draft=True)


def test_the_missing_extra_is_a_clear_error(tiny: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from qantar.propose import morphology

    morphology._analyzer.cache_clear()
    monkeypatch.setattr(morphology, "find_spec", lambda _: None)
    before = contents(tiny)
    code, out, err = run("tokens", "two", tiny, "--morphology", "--write")
    assert (code, out) == (2, "")
    assert err == "qantar: The dictionaries for lemmas of 'uk' are not installed. Install them: pip install 'qantar[uk]'\n"
    assert contents(tiny) == before
    assert run("tokens", "two", tiny)[0] == 0


def test_texts_of_the_fixtures_have_the_tokens_of_their_gold(tiny: Path) -> None:
    one = Folder(tiny).read().documents["one"]
    assert [[ONE[token.start : token.end] for token in found.tokens] for found in draft_sentences(one)] == [
        [ONE[token["start"] : token["end"]] for token in gold["tokens"]] for gold in layers_of_one()["sentences"]
    ]
    assert len(draft_sentences(Folder(tiny).read().documents["two"])) == TWO.count("\n")
