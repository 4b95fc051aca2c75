"""`qantar new`: a corpus that checks and builds at once, and what may be done with it next."""

from __future__ import annotations

import datetime
import json
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
import qantar
import yaml
from builds import contents
from datasets import load_dataset
from hypothesis import given
from hypothesis import strategies as st
from qantar.checking import check
from qantar.ids import name_of
from qantar.languages.codes import ISO_639_1, tag_meant
from qantar.resources import template_dir
from qantar.starting import start
from qantar.store import Folder, open_store

Run = Callable[..., tuple[int, str, str]]
EXAMPLES = ("en", "kk", "ru", "uk")
LAYERS = ["segments", "languages", "sentences", "entities", "values", "events"]
DAY = datetime.date(2031, 4, 1)


@pytest.mark.parametrize("lang", EXAMPLES)
def test_every_example_is_annotated_in_every_layer_and_no_draft(lang: str, tmp_path: Path) -> None:
    started = start(tmp_path / "own", languages=[lang], released=DAY)
    assert (started.example, started.languages) == (lang, (lang, "mul", "zxx"))
    store = Folder(tmp_path / "own")
    assert check(store) == []
    (document,) = store.read().documents.values()
    assert (document.lang, document.rights.redistribute) == (lang, True)
    assert [entry.layer for entry in document.coverage] == list(store.settings.layers) == LAYERS
    assert not any(entry.draft for entry in document.coverage)
    assert all(getattr(document, layer) for layer in LAYERS)
    assert all(token.lemma and token.upos for sentence in document.sentences or () for token in sentence.tokens)


def test_examples_are_those_of_the_template() -> None:
    assert sorted(path.name for path in (template_dir() / "examples").iterdir()) == list(EXAMPLES)


def test_a_new_corpus_checks_builds_and_loads(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run("new", "Harbour Strike")
    assert (code, err) == (0, "")
    assert "holds the corpus 'harbour-strike' (kk, ru, uk, en, mul, zxx), with a made-up example in 'kk'." in out
    assert "  cd 'Harbour Strike'\n" in out
    monkeypatch.chdir(tmp_path / "Harbour Strike")
    assert run("check", ".") == (0, "No problems.\n", "")
    assert run("build", ".")[0] == 0
    release = "releases/harbour-strike-0.1.0"
    events = load_dataset(release, "events", split="train")
    assert [events.features["type"].int2str(label) for label in events["type"]] == ["Opening", "Opening", "Opening", "Statement"]
    assert events[2]["arguments"][0]["text"] == "Айгүл Серікова"
    assert load_dataset(release, "documents", split="train")[0]["languages_present"] == ["kk"]
    assert run("check", release)[0] == 0


def test_a_copy_elsewhere_builds_the_same(tmp_path: Path, run: Run) -> None:
    start(tmp_path / "own", languages=["ru"])
    shutil.copytree(tmp_path / "own", tmp_path / "far" / "away")
    shutil.move(tmp_path / "own", tmp_path / "gone")
    for source, out in (("gone", "one"), ("far/away", "two")):
        assert run("build", tmp_path / source, "--out", tmp_path / out)[0] == 0
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_what_a_new_corpus_holds(tmp_path: Path) -> None:
    start(tmp_path / "own", languages=["uk", "kk"], released=DAY)
    found = contents(tmp_path / "own")
    layers = [f"annotations/{layer}/village-library.jsonl" for layer in LAYERS]
    guidelines = [f"guidelines/{layer}.md" for layer in LAYERS]
    assert sorted(found) == sorted([
        ".gitattributes", ".github/workflows/corpus.yml", ".gitignore", ".pre-commit-config.yaml", "CHANGELOG.md", "README.md", "corpus.toml", "requirements.txt",
        "documents.jsonl", "raw/village-library.txt", "schema/ontology/entities.json", "schema/ontology/events.json", *layers, *guidelines,
    ])  # fmt: skip
    assert all(b"{{" not in data for data in found.values())
    settings = tomllib.loads(found["corpus.toml"].decode())
    assert (settings["name"], settings["version"], settings["released"]) == ("own", "0.1.0", "2031-04-01")
    assert settings["languages"] == ["uk", "kk", "mul", "zxx"]
    assert b"## 0.1.0 (2031-04-01)" in found["CHANGELOG.md"]
    assert found[".gitattributes"] == b"raw/** -text\n"


def test_the_files_for_other_tools(tmp_path: Path) -> None:
    start(tmp_path / "own")
    steps = yaml.safe_load((tmp_path / "own" / ".github/workflows/corpus.yml").read_text(encoding="utf-8"))["jobs"]["check-and-build"][
        "steps"
    ]
    assert [step["run"] for step in steps if "run" in step] == ["pip install -r requirements.txt", "qantar check .", "qantar build ."]
    assert f"\nqantar=={qantar.__version__}\n" in (tmp_path / "own" / "requirements.txt").read_text(encoding="utf-8")
    (repo,) = yaml.safe_load((tmp_path / "own" / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert (repo["repo"], repo["hooks"][0]["entry"], repo["hooks"][0]["pass_filenames"]) == ("local", "qantar check .", False)
    for data in contents(tmp_path / "own").values():
        assert b"://" not in data


def test_every_label_of_the_ontology_is_defined_and_to_be_edited(tmp_path: Path) -> None:
    start(tmp_path / "own")
    for name, key in (("entities", "labels"), ("events", "types")):
        body = json.loads((tmp_path / "own" / "schema/ontology" / f"{name}.json").read_text(encoding="utf-8"))
        assert body["description"].startswith("A start, to be edited.")
        assert all(entry["definition"].endswith(".") for entry in body[key])


@pytest.mark.parametrize(
    ("languages", "tags", "example"),
    [
        (["ru", "kk"], ("ru", "kk", "mul", "zxx"), "ru"),
        (["de", "uk"], ("de", "uk", "mul", "zxx"), "uk"),
        (["de", "zxx"], ("de", "zxx", "en", "mul"), "en"),
        (["kk-Latn"], ("kk-Latn", "en", "mul", "zxx"), "en"),
    ],
)
def test_languages_and_the_example(languages: list[str], tags: tuple[str, ...], example: str, tmp_path: Path) -> None:
    started = start(tmp_path / "own", languages=languages)
    assert (started.languages, started.example) == (tags, example)
    assert check(open_store(tmp_path / "own")) == []


def test_language_codes() -> None:
    assert len(ISO_639_1) == 183
    assert all(len(code) == 2 and name[0].isupper() for code, name in ISO_639_1.items())
    assert {ISO_639_1[tag] for tag in EXAMPLES} == {"English", "Kazakh", "Russian", "Ukrainian"}
    assert all(tag_meant(code) == code for code in ISO_639_1)
    assert {tag_meant(wrong) for wrong in ("KZ", "kazakh", "Kk", "kz")} == {"kk"}
    assert [tag_meant(wrong) for wrong in ("zh_hant_tw", "UA", "MUL", "de-1996", "", "xx")] == [
        "zh-Hant-TW",
        "uk",
        "mul",
        "de-1996",
        None,
        None,
    ]


@given(st.text(max_size=12))
def test_what_is_meant_is_a_tag_of_a_language(tag: str) -> None:
    meant = tag_meant(tag)
    assert meant is None or meant.partition("-")[0] in (*ISO_639_1, "mul", "zxx", "und")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--languages", "russian"], "'russian' is no BCP-47 tag. Did you mean 'ru'? Give tags such as kk or zh-Hant"),
        (["--languages", "ru,RU_kz"], "'RU_kz' is no BCP-47 tag. Did you mean 'ru-KZ'?"),
        (["--languages", "RU"], "'RU' is no BCP-47 tag. Did you mean 'ru'?"),
        (["--languages", "klingon"], "'klingon' is no BCP-47 tag. Give tags such as kk"),
        (["--languages", "kz"], "'kz' is no language of ISO 639-1. Did you mean 'kk'?"),
        (["--languages", "ru,ua-Latn"], "'ua' is no language of ISO 639-1. Did you mean 'uk-Latn'?"),
        (["--languages", "qq"], "'qq' is no language of ISO 639-1. Give tags such as kk"),
        (["--languages", "ru,"], "'' is no BCP-47"),
        (["--languages", "ru, ru"], "a tag twice"),
    ],
)
def test_wrong_languages(words: list[str], message: str, tmp_path: Path, run: Run) -> None:
    code, out, err = run("new", tmp_path / "own", *words)
    assert (code, out) == (2, "")
    assert message in err
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path: Path, run: Run) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    (tmp_path / "link").symlink_to("elsewhere")
    before = contents(tmp_path / "full")
    for name in ("full", "file", "link"):
        code, out, err = run("new", tmp_path / name)
        assert (code, out) == (2, "")
        assert "is there and not empty. Name a new folder; nothing was touched." in err
    assert contents(tmp_path / "full") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "full", "link"]


def test_an_empty_folder_and_one_in_a_folder_that_is_not_there(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert run("new", ".", "--languages", "en")[0] == 0
    assert run("check", ".")[0] == 0
    assert Folder(Path()).settings.name == "here"
    assert run("new", tmp_path / "far" / "away")[0] == 0
    assert run("check", tmp_path / "far" / "away")[0] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["far", "here"]


def test_a_failure_leaves_nothing(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("qantar.starting._put", full)
    code, out, err = run("new", tmp_path / "own")
    assert (code, out, err.startswith(f"qantar: Cannot write {tmp_path / 'own'}")) == (2, "", True)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_half_way_into_an_empty_folder_leaves_it_empty(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    renamed = Path.rename

    def full(path: Path, target: Path) -> Path:
        if target == tmp_path / "own" / "corpus.toml":
            raise OSError(28, "No space left on device")
        return renamed(path, target)

    (tmp_path / "own").mkdir()
    monkeypatch.setattr(Path, "rename", full)
    assert run("new", tmp_path / "own")[0] == 2
    assert [path.name for path in tmp_path.rglob("*")] == ["own"]


@pytest.mark.parametrize(
    ("folder", "name"), [("Мой корпус", "moy-korpus"), ("Қаңтар", "qangtar"), ("2031", "corpus-2031"), ("–", "corpus")]
)
def test_names_from_folders(folder: str, name: str, tmp_path: Path) -> None:
    assert start(tmp_path / folder).name == name
    assert Folder(tmp_path / folder).settings.name == name


@given(st.text(max_size=80))
def test_any_folder_gives_a_name(folder: str) -> None:
    name = name_of(folder)
    assert name
    assert len(name) <= 63
    assert name[0].isascii()
    assert name[0].isalpha()
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
