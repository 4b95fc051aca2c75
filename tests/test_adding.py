"""`qantar add`: texts go in whole, with drafts, all of them or none; then they are accepted and built."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builds import contents, edit_lines
from datasets import load_dataset
from qantar.adding import add
from qantar.errors import OutputError
from qantar.ids import id_of
from qantar.starting import start
from qantar.store import Folder
from tiny import write_corpus

Run = Callable[..., tuple[int, str, str]]
RU = "Порт закрыт\r\n\r\nДокеры бастуют, сообщает Telegram-канал «Гавань». Их 300.\u00a0\n\nЧитайте также:\n- Соғым-FEST в Астане\n"
UK = "Докери страйкують, їх багато.\nПро це пише Reuters 😀.\n"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new corpus, in which the test stands; its texts lie beside it."""
    start(tmp_path / "own")
    (tmp_path / "texts").mkdir()
    monkeypatch.chdir(tmp_path / "own")
    return tmp_path / "own"


def text(name: str, data: str | bytes) -> Path:
    path = Path("..") / "texts" / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def lines(corpus: Path) -> dict[str, dict[str, Any]]:
    found = map(json.loads, (corpus / "documents.jsonl").read_text(encoding="utf-8").splitlines())
    return {line["id"]: line for line in found}


def say_where_from(corpus: Path) -> None:
    """What `check` asks for of texts that were added."""

    def say(found: list[dict[str, Any]]) -> None:
        for line in found:
            line["anchor"]["basis"] = line["rights"]["basis"] = "Made up."

    edit_lines(corpus / "documents.jsonl", say)


def test_from_new_to_a_dataset(own: Path, run: Run) -> None:
    one, two = text("Порт_17 (Harbour).txt", RU), text("second.txt", UK)
    code, out, err = run("add", one, "--id", "harbour")
    assert (code, err) == (0, "")
    assert out.startswith(f"{one} is now harbour (ru, guessed from its letters)\n    drafts: segments (4), languages (3), sentences (")
    assert "Read and correct the drafts in\nannotations/, then `qantar accept DOCUMENT`." in out
    assert run("add", two, "--lang", "uk")[1].startswith(
        f"{two} is now second (uk)\n    drafts: segments (1), languages (1), sentences (2)\n"
    )
    assert (own / "raw" / "harbour.txt").read_bytes() == RU.encode()

    code, out, _ = run("check", ".")
    problems = [line for line in out.splitlines() if not line.startswith("    ")]
    assert (code, problems[-1]) == (0, "0 errors, 6 warnings.")
    assert [sum(f"warning[{code}]" in line for line in problems) for code in ("draft-layer", "missing-basis")] == [2, 4]
    assert run("build", ".")[0] == 1
    assert run("build", ".", "--drafts")[0] == 0
    rows = load_dataset("releases/own-0.1.0", "documents", split="train")
    assert [row["id"] for row in rows] == ["harbour", "second", "village-library"]
    assert rows[0]["text"] == RU
    assert [entry["draft"] for entry in rows[0]["coverage"]] == [True, True, True]
    assert rows[0]["languages_present"] == ["kk", "ru", "en"]
    sentences = load_dataset("releases/own-0.1.0", "sentences", split="train")
    assert [row["text"] for row in sentences if row["document"] == "second"] == UK.splitlines()

    assert run("accept", "harbour")[1] == "harbour: no longer drafts: segments, languages, sentences.\n"
    assert run("build", ".", "--replace")[0] == 1
    assert run("accept", "second", "segments", "languages", "sentences")[0] == 0
    code, out, _ = run("check", ".")
    assert (code, out.splitlines()[-1]) == (0, "0 errors, 4 warnings.")
    say_where_from(own)
    assert run("check", ".") == (0, "No problems.\n", "")
    assert run("build", ".", "--replace")[0] == 0
    rows = load_dataset("releases/own-0.1.0", "documents", split="train")
    assert not any(entry["draft"] for row in rows for entry in row["coverage"])


def test_the_line_says_what_is_known_and_no_more(own: Path, run: Run) -> None:
    run("add", text("one.txt", UK))
    line = lines(own)["one"]
    assert line.pop("anchor") == {"date": None, "precision": None, "basis": None}
    assert line.pop("rights") == {"holder": None, "licence": "LicenseRef-Publisher-Rights", "redistribute": False, "basis": None}
    assert line == {
        "id": "one", "file": "one.txt", "sha256": hashlib.sha256(UK.encode()).hexdigest(), "lang": "uk",
        "title": None, "publisher": None, "published": None, "leak_group": None, "fold": None,
        "coverage": [{"layer": layer, "zones": None, "draft": True} for layer in ("segments", "languages", "sentences")],
    }  # fmt: skip


def test_no_name_of_a_file_forges_a_line(own: Path, run: Run) -> None:
    out = run("add", text("a\x1b[31m\nb.txt", UK))[1]
    assert out.splitlines()[0].endswith("a\\x1b[31m\\nb.txt is now a-31m-b (uk, guessed from its letters)")


def test_check_asks_for_what_nobody_has_said(own: Path, run: Run) -> None:
    run("add", text("one.txt", UK))
    out = run("check", ".")[1]
    assert "warning[missing-basis] $.anchor.basis: `anchor.basis` of 'one' is null: nobody has said how the date that" in out
    assert "warning[missing-basis] $.rights.basis: `rights.basis` of 'one' is null: nobody has said where the text is from, and" in out
    assert "    Say in documents.jsonl where the text is from, who holds the rights, and how that is known.\n" in out
    edit_lines(own / "documents.jsonl", lambda found: found[0]["rights"].update(basis=""))
    assert "error[out-of-bounds] $.rights.basis" in run("check", ".")[1], "an empty word is no answer"


def test_several_at_once_keep_the_id_order(own: Path, run: Run) -> None:
    assert run("add", text("zebra.txt", RU), text("A 1.TXT", UK))[0] == 0
    assert list(lines(own)) == ["a-1", "village-library", "zebra"]
    assert lines(own)["a-1"]["file"] == "A 1.TXT"


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("bom.txt", "\ufeffПорт", "the data begins with a byte order mark (ef bb bf) (line 1, column 1). Save it as UTF-8 without one."),
        ("nul.txt", "Порт\nза\0крыт", "a NUL character (U+0000) stands here (line 2, column 3). Remove it."),
        ("cp.txt", "Порт".encode("cp1251"), "bytes that are not UTF-8"),
        ("nothing.txt", "", "it is empty. Leave it out."),
        ("blank.txt", " \n\u00a0\n", "it is empty. Leave it out."),
        ("–.txt", RU, "its name gives no id: 1 to 64 of a–z, 0–9 and hyphens, no hyphen first. Name one with --id."),
        (f"{'a' * 65}.txt", RU, "its name gives no id"),
        ("village-library.txt", RU, "the id 'village-library' is taken by a document of the corpus. Name another with --id."),
        ("good.txt", RU, "the id 'good' is taken by ../texts/good.txt. Name another with --id."),
    ],
)
def test_a_bad_text_keeps_all_out(own: Path, run: Run, name: str, data: str | bytes, message: str) -> None:
    good = text("good.txt", UK)
    if name == "good.txt":
        Path("../texts/sub").mkdir()
        name = "sub/good.txt"
    bad = text(name, data)
    before = contents(own)
    code, out, err = run("add", good, bad)
    assert (code, out) == (2, "")
    assert err.startswith(f"qantar: 1 of 2 file(s) cannot be added, so none was. Mend these, or leave them out:\n{bad}: ")
    assert message in err
    assert contents(own) == before


def test_all_refusals_at_once(own: Path, run: Run) -> None:
    files = [text("a.txt", ""), text("b.txt", "\ufeffx"), Path("../texts/absent.txt"), Path("../texts"), text("c.txt", UK)]
    err = run("add", *files)[2]
    assert [line.partition(": ")[0] for line in err.splitlines()[1:]] == [str(file) for file in files[:4]]
    assert "No such file or directory. Name files of plain text." in err


def test_names_that_become_the_same_id_are_refused(own: Path, run: Run) -> None:
    one, two = text("Порт.txt", RU), text("port.txt", UK)
    assert f"{two}: the id 'port' is taken by {one}. Name another with --id." in run("add", one, two)[2]
    assert run("add", one)[0] == 0
    assert (list(lines(own)), lines(own)["port"]["file"]) == (["port", "village-library"], "Порт.txt")


def test_the_same_bytes_twice(own: Path, run: Run) -> None:
    one, two = text("one.txt", RU), text("two.txt", RU)
    assert f"{two}: the same bytes are there already: {one}. Leave it out." in run("add", one, two)[2]
    assert run("add", one)[0] == 0
    anew = "or, to start 'one' anew, remove its line from documents.jsonl, raw/one.txt and annotations/*/one.jsonl, then add it again."
    assert f"{two}: the same bytes are there already: the document 'one'. Leave it out, {anew}" in run("add", two)[2]
    assert run("accept", "one", "segments")[0] == 0
    assert run("add", two)[2].endswith(f"{two}: the same bytes are there already: the document 'one'. Leave it out.\n")
    copy = text("copy.txt", (own / "raw" / "village-library.txt").read_bytes())
    assert "the document 'village-library'" in run("add", copy)[2]


def test_a_document_is_started_anew_as_the_refusal_says(own: Path, run: Run) -> None:
    file = text("one.txt", RU)
    assert run("add", file)[0] == 0
    before = contents(own)
    kept = [line for line in (own / "documents.jsonl").read_text(encoding="utf-8").splitlines(keepends=True) if '"id":"one"' not in line]
    (own / "documents.jsonl").write_text("".join(kept), encoding="utf-8")
    for path in (own / "raw" / "one.txt", *own.glob("annotations/*/one.jsonl")):
        path.unlink()
    assert run("add", file)[0] == 0
    assert contents(own) == before


@pytest.mark.parametrize("stray", ["raw/one.txt", "annotations/entities/one.jsonl"])
def test_a_stray_file_is_not_overwritten(own: Path, run: Run, stray: str) -> None:
    (own / stray).write_text("mine", encoding="utf-8")
    code, _, err = run("add", text("one.txt", UK))
    assert (code, f"{stray} is there, but no document is called 'one'." in err) == (2, True)
    assert (own / stray).read_text(encoding="utf-8") == "mine"


def test_a_language_that_the_corpus_does_not_list(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    start(tmp_path / "own", languages=["ru"])
    (tmp_path / "texts").mkdir()
    monkeypatch.chdir(tmp_path / "own")
    file = text("one.txt", UK)
    message = "it reads as 'uk', and the corpus's languages are ru. Add 'uk' at the end of `languages` in corpus.toml"
    assert message in run("add", file)[2]
    assert "No language of the corpus is called 'uk'." in run("add", file, "--lang", "uk")[2]
    assert run("add", file, "--lang", "ru")[0] == 0
    assert run("add", text("numbers.txt", "12 – 7\n"))[1].startswith(f"..{os.sep}texts{os.sep}numbers.txt is now numbers (zxx)\n")
    assert run("check", ".")[0] == 0


def test_names_in_another_language_are_no_reason_to_refuse(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    start(tmp_path / "own", languages=["ru", "kk", "en"])
    (tmp_path / "texts").mkdir()
    monkeypatch.chdir(tmp_path / "own")
    fire = "5 мая в Караганде загорелся склад компании «Шапағат». Пострадали двое рабочих, сообщил Асқар Сейітов.\n"
    quoted = "Порт открыт. Форум «Їжак і ґава» закрыт.\n"
    for name, data in (("fire", fire), ("forum", quoted)):
        code, out, _ = run("add", text(f"{name}.txt", data))
        assert (code, f"is now {name} (ru, guessed from its letters)" in out) == (0, True)


def test_names_in_letters_that_the_corpus_has_no_language_for_are_counted(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(tmp_path / "own", languages=["ru", "uk"])
    (tmp_path / "texts").mkdir()
    monkeypatch.chdir(tmp_path / "own")
    one = text("one.txt", "Турбіни Siemens AG стоять, їх багато. Про це пише Reuters.\n")
    two = text("two.txt", "Докеры бастуют, их 300.\n")
    out = run("add", one, two)[1].splitlines()
    assert out[:5] == [
        f"{one} is now one (uk, guessed from its letters)",
        "    drafts: segments (1), languages (0), sentences (2)",
        "    left out of languages: 2 runs of Latin letters, for corpus.toml does not list en",
        f"{two} is now two (ru, guessed from its letters)",
        "    drafts: segments (1), languages (0), sentences (1)",
    ]
    assert run("check", ".")[0] == 0


def test_an_id_for_one_file_only(own: Path, run: Run) -> None:
    one, two = text("one.txt", RU), text("two.txt", UK)
    assert "An id cannot name 2 files." in run("add", one, two, "--id", "x")[2]
    assert "'X Y' is no id" in run("add", one, "--id", "X Y")[2]
    assert run("add", one, "--id", "x-1")[0] == 0


def test_a_corpus_without_those_layers_gets_the_text_alone(tmp_path: Path, run: Run) -> None:
    corpus = write_corpus(tmp_path / "tiny")
    settings = (corpus / "corpus.toml").read_text(encoding="utf-8")
    bare = settings.replace('"segments", "languages", "sentences", ', "")
    assert bare != settings
    (corpus / "corpus.toml").write_text(bare, encoding="utf-8")
    for layer in ("segments", "languages", "sentences"):
        (corpus / "annotations" / layer / "one.jsonl").unlink()
    kept = lines(corpus)
    kept["one"]["coverage"] = [entry for entry in kept["one"]["coverage"] if entry["layer"] not in ("segments", "languages", "sentences")]
    rows = [json.dumps(line, ensure_ascii=False) for line in kept.values()]
    (corpus / "documents.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    file = tmp_path / "new.txt"
    file.write_text(UK, encoding="utf-8")
    assert run("add", file, "--corpus", corpus)[1].splitlines()[:2] == [f"{file} is now new (uk, guessed from its letters)", ""]
    assert lines(corpus)["new"]["coverage"] == []
    assert run("check", corpus)[0] == 0


def test_labels_that_do_not_fit_are_said(own: Path, run: Run) -> None:
    kinds = {"segment-kind": {"description": "Made up.", "labels": [{"label": "story", "definition": "Made up."}]}}
    body = {"name": "own", "description": "Made up.", "sets": kinds}
    (own / "schema/ontology/labels.json").write_text(json.dumps(body), encoding="utf-8")
    out = run("add", text("one.txt", UK))[1]
    assert "    drafts: languages (1), sentences (2)\n    no draft of segments: the corpus's segment-kind has no label" in out


def test_the_last_document_may_have_been_removed(own: Path, run: Run) -> None:
    for path in [*own.glob("annotations/*/*"), *own.glob("raw/*")]:
        path.unlink()
    (own / "documents.jsonl").write_bytes(b"")
    assert run("add", text("one.txt", UK))[0] == 0
    assert run("accept", "one")[0] == 0
    assert run("check", ".")[0] == 0


def test_documents_that_cannot_be_read_keep_all_out(own: Path, run: Run) -> None:
    path = own / "documents.jsonl"
    path.write_bytes(path.read_bytes() + b"{}\n")
    before = contents(own)
    code, out, err = run("add", text("one.txt", UK))
    assert (code, out, "error[missing-field]" in err) == (1, "", True)
    assert err.endswith("qantar: nothing was added.\n")
    assert contents(own) == before


def test_a_failure_while_writing_takes_all_back(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    files = [text("one.txt", UK), text("two.txt", RU)]
    before = contents(own)
    for name in ("qantar.store.folder.replace_together", "qantar.adding.write_lines"):
        with monkeypatch.context() as patch:
            patch.setattr(name, lambda *_, **__: full())
            with pytest.raises(OutputError, match="No space left"):
                add(Folder(own), files)
        assert contents(own) == before
    assert len(add(Folder(own), files)) == 2


def test_an_interruption_takes_all_back(own: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    before = contents(own)
    monkeypatch.setattr("qantar.store.folder.replace_together", interrupted)
    assert run("add", text("one.txt", UK), text("two.txt", RU))[:2] == (3, "")
    assert contents(own) == before


def test_a_file_in_the_place_of_a_folder(own: Path) -> None:
    (own / "annotations" / "sentences").rename(own / "aside")
    (own / "annotations" / "sentences").write_text("in the way", encoding="utf-8")
    before = contents(own)
    with pytest.raises(OutputError, match="sentences"):
        add(Folder(own), [text("one.txt", UK)])
    assert contents(own) == before


@pytest.mark.parametrize("name", ["raw", "annotations", "annotations/segments"])
@pytest.mark.parametrize("loop", [False, True])
def test_nothing_is_written_through_a_link_out_of_the_corpus(own: Path, run: Run, name: str, loop: bool) -> None:
    (own / name).rename(own.parent / "outside")
    (own / name).symlink_to(own / name if loop else own.parent / "outside")
    before = contents(own.parent)
    code, out, err = run("add", text("one.txt", UK))
    assert (code, out) == (2, "")
    assert loop or (f"{name}" in err and "outside the corpus. Put the file itself there." in err)
    (own.parent / "texts" / "one.txt").unlink()
    assert contents(own.parent) == before


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("000_C162.txt", "000-c162"), ("A  b.C.txt", "a-b-c"), ("__x__.txt", "x"), ("x", "x"), ("–.txt", ""),
        ("Выборы 2031.txt", "vybory-2031"), ("Ильич – съезд.txt", "ilich-sezd"), ("Қаңтар оқиғасы.txt", "qangtar-oqighasy"),
        ("Їжак і Ґава.txt", "izhak-i-gava"), ("маи\u0306.txt", "may"), ("Straße №5.txt", "strasse-no5"),
    ],
)  # fmt: skip
def test_ids_from_names(name: str, found: str) -> None:
    assert id_of(Path("somewhere") / name) == found


def test_no_corpus_here(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "one.txt").write_text(UK, encoding="utf-8")
    assert run("add", "one.txt") == (
        2, "", "qantar: There is no corpus here. Name one, or start one with `qantar new DIR`; --corpus DIR names it.\n",
    )  # fmt: skip
    assert run("add", "one.txt", "--corpus", "nowhere")[0] == 2
