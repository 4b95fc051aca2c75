"""What reports say to do: suggestions that fit, forms in words, where labels are added, causes before what follows from them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from builds import edit_lines, replace_in, write_alone
from hypothesis import given
from hypothesis import strategies as st
from qantar.likeness import hint, nearest
from qantar.starting import start
from reported import reported
from spoil import swap
from tiny import ONE

Run = Callable[..., tuple[int, str, str]]
ENTITIES = "annotations/entities/one.jsonl"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports name files from the folder where one is."""
    monkeypatch.chdir(tmp_path)


def only(outcome: tuple[int, str, str]) -> tuple[str, str]:
    """Fact and remedy of the one problem of a report."""
    code, out, err = outcome
    report = reported(out)
    assert (code, err, report.summary) == (1, "", "1 error, 0 warnings.")
    (one,) = report.problems
    return one.head, one.remedy


# ---- suggestions


@pytest.mark.parametrize(
    ("name", "known", "found"),
    [
        ("noun", ["name", "nominal", "pronoun"], None),
        ("3", ["1", "2", "4", "8", "16", "32"], None),
        ("biuld", ["build", "check"], "build"),
        ("Body", ["headline", "body"], "body"),
        ("PER", ["per", "ORG"], "per"),
        ("ORG.medium", ["ORG.media", "ORG.other"], "ORG.media"),
        ("кк", ["kk", "ru"], None),
        ("oen", ["one", "two"], "one"),
        ("GPE", ["PER", "ORG"], None),
        ("entity", ["entities", "events"], "entities"),
        ("entitlement", ["entities", "events"], None),
        ("tow", ["one", "two"], "two"),
        ("segments", ["entities", "events"], None),
        ("", ["kk"], None),
        ("kk", [], None),
    ],
)
def test_only_what_is_alike_is_suggested(name: str, known: list[str], found: str | None) -> None:
    assert nearest(name, known) == found
    assert hint(name, known) == (f"Did you mean {found!r}? " if found else "")


@given(st.text("abcdefgh", min_size=4, max_size=12), st.integers(0, 11), st.characters(categories=["Ll"]))
def test_one_letter_too_many_is_always_recognised(name: str, place: int, letter: str) -> None:
    assert nearest(name[:place] + letter + name[place:], [name, "zzzzzzzz"]) == name


def test_a_short_list_is_shown_whole(tiny: Path, run: Run) -> None:
    swap(tiny / ENTITIES, '"nominal"', '"noun"')
    head, remedy = only(run("check", tiny))
    assert "'noun' is no known label here" in head
    assert remedy == "There are: name, nominal, pronoun."


@pytest.mark.parametrize(
    ("shards", "remedy"),
    [
        ("3", "3 is not allowed here. The nearest that are allowed: 2, 4."),
        ("0", "0 is not allowed here. The nearest that are allowed: 1."),
        ("99999", "99999 is not allowed here. The nearest that are allowed: 65536."),
    ],
)
def test_numbers_name_their_neighbours(shards: str, remedy: str, tiny: Path, run: Run) -> None:
    replace_in(tiny / "corpus.toml", "shards = 1", f"shards = {shards}")
    assert run("check", tiny) == (2, "", f"qantar: {tiny / 'corpus.toml'}: $.shards: {remedy}\n")


# ---- forms


def set_link(tiny: Path, link: str) -> None:
    edit_lines(tiny / ENTITIES, lambda records: records[1].update(link=link))


def test_a_bare_wikidata_id(tiny: Path, run: Run) -> None:
    set_link(tiny, "Q42")
    head, remedy = only(run("check", tiny))
    assert head.endswith("error[malformed-value] $.link: 'Q42' does not have the form of `link`.")
    assert remedy == (
        "Did you mean 'wikidata:Q42'? Write an id of the gazetteer, or a CURIE such as `wikidata:Q42`, for instance 'port-vell' "
        "(pattern ^([a-z0-9][a-z0-9-]{0,63}|[a-z][a-z0-9]*:[A-Za-z0-9._-]+)$)."
    )
    set_link(tiny, "wikidata:Q42")
    assert run("check", tiny)[0] == 0


@pytest.mark.parametrize("link", ["Q042", "Port Vell", "Q42 "])
def test_what_is_no_wikidata_id_gets_no_such_suggestion(link: str, tiny: Path, run: Run) -> None:
    set_link(tiny, link)
    assert only(run("check", tiny))[1].startswith("Write an id of the gazetteer, or a CURIE")


def test_an_id_of_wikidata_where_no_link_is_asked_for(tiny: Path, run: Run) -> None:
    edit_lines(tiny / ENTITIES, lambda records: records[0].update(chain="Q42"))
    assert only(run("check", tiny))[1].startswith("Write lower-case ASCII letters, digits and hyphens, 64 at most")


def test_every_pattern_of_the_package_has_its_form_in_words(root: Path) -> None:
    files = [path for path in (root / "schema").rglob("*.schema.json") if path.parent.name not in ("compiled", "ontology")]

    def nodes(node: object) -> list[dict[str, object]]:
        parts = list(node.values()) if isinstance(node, dict) else node if isinstance(node, list) else []
        return [*([node] if isinstance(node, dict) else []), *(found for part in parts for found in nodes(part))]

    found = [node for path in files for node in nodes(json.loads(path.read_text("utf-8"))) if isinstance(node.get("pattern"), str)]
    assert len(found) > 15
    assert [node for node in found if not node.get("x-form")] == []


# ---- where labels are added


def test_a_language_that_the_settings_lack(tiny: Path, run: Run) -> None:
    edit_lines(tiny / "documents.jsonl", lambda lines: lines[1].update(lang="kk"))
    head, remedy = only(run("check", tiny))
    assert "documents.jsonl:2:" in head
    assert remedy == "There are: uk, en, mul, zxx. A language is added to `languages` in corpus.toml, at the end."


@pytest.mark.parametrize(
    ("layer", "old", "new", "file"),
    [
        ("entities", '"type":"', '"type":"SHIP.', "schema/ontology/entities.json"),
        ("events", '"role":"', '"role":"X', "schema/ontology/events.json"),
    ],
)
def test_labels_of_a_corpuss_own_name_their_file(layer: str, old: str, new: str, file: str, tmp_path: Path, run: Run) -> None:
    corpus = start(tmp_path / "own", languages=("en",)) and tmp_path / "own"
    swap(next((corpus / "annotations" / layer).glob("*.jsonl")), old, new)
    assert only(run("check", corpus))[1].endswith(f". They are listed in {file}.")


def test_labels_of_the_package_name_no_file(tiny: Path, run: Run) -> None:
    swap(tiny / ENTITIES, '"FAC.other"', '"SHIP"')
    assert only(run("check", tiny))[1].endswith("(28 in all).")


LAST = "No corpus was named, so the labels are those of the installed one; --corpus DIR takes those of another."


def test_a_layer_of_a_native_line_that_the_corpus_does_not_list(tiny: Path, run: Run) -> None:
    assert run("export", "native", tiny / "all.jsonl", tiny)[0] == 0
    line = json.loads((tiny / "all.jsonl").read_text(encoding="utf-8").splitlines()[0])
    (tiny / "one.jsonl").write_text(json.dumps(line | {"relatoins": [], "relations": []}) + "\n", encoding="utf-8")
    settings = (tiny / "corpus.toml").read_text(encoding="utf-8")
    assert '"relations"' in settings
    (tiny / "corpus.toml").write_text(settings.replace(', "relations"', ""), encoding="utf-8")
    found = reported(run("check", tiny / "one.jsonl", "--select", "unknown-field")[1]).problems
    assert [one.head.partition(": ")[2] for one in found] == [
        "error[unknown-field] $.relations: the corpus has no layer 'relations'.",
        "error[unknown-field] $.relatoins: the field 'relatoins' does not exist.",
    ]
    assert found[0].remedy == "Add it to `layers` in corpus.toml, or take it out here and in `coverage`."


def test_labels_of_another_corpus_in_a_native_file(tmp_path: Path, run: Run) -> None:
    corpus = write_alone(tmp_path / "tiny")
    (tmp_path / "alone").mkdir()
    path = tmp_path / "alone" / "my.jsonl"
    assert run("export", "native", path, corpus)[0] == 0
    swap(path, '"FAC.other"', '"SHIP"')
    code, out, _ = run("check", path)
    assert (code, out.splitlines()[-1]) == (1, LAST)
    for words in (("build", path, "--out", tmp_path / "release"), ("stats", path), ("export", "native", tmp_path / "out", path)):
        code, _, err = run(*words)
        assert (code, err.splitlines()[-1]) == (1, f"qantar: {LAST}")
    assert LAST not in run("check", path, "--corpus", corpus)[1]
    swap(path, '"SHIP"', '"FAC.other"')
    swap(path, '"T1"', '"t1"')
    assert LAST not in run("check", path)[1]


# ---- a text that was changed


def test_a_changed_text_comes_first_and_what_follows_is_counted(tiny: Path, run: Run) -> None:
    (tiny / "raw" / "one.txt").write_bytes(("Ой. " + ONE).encode())
    swap(tiny / "annotations" / "entities" / "two.jsonl", '"GROUP"', '"SHIP"')
    code, out, _ = run("check", tiny)
    heads = reported(out).heads
    assert code == 1
    assert [head.partition(": ")[0].partition(":")[0] for head in heads] == ["raw/one.txt", "annotations/entities/two.jsonl"]
    assert "; 28 problems of its offsets and quotes, which may follow from it, are left out here." in heads[0]
    assert reported(out).problems[0].remedy == (
        "Restore the bytes as received; or, if the new text is meant, `qantar reanchor OLD raw/one.txt` moves the records to it; "
        "OLD is the text that was annotated."
    )


def test_what_is_counted_is_what_is_listed_once_the_new_text_is_meant(tiny: Path, run: Run) -> None:
    data = ("Ой. " + ONE).encode()
    (tiny / "raw" / "one.txt").write_bytes(data)
    edit_lines(tiny / ENTITIES, lambda records: records[0].update(link="nowhere"))  # of level 4: it is listed all the same
    changed = run("check", tiny)[1]
    edit_lines(tiny / "documents.jsonl", lambda lines: lines[0].update(sha256=hashlib.sha256(data).hexdigest()))
    codes = re.findall(r"(?:error|warning)\[([a-z-]+)\]", run("check", tiny)[1])
    anchors = [code for code in codes if code in ("quote-mismatch", "partition", "span-edge", "split-word", "blank-in-token")]
    assert f"; {len(anchors)} problems of its offsets and quotes" in changed
    assert re.findall(r"error\[([a-z-]+)\]", changed) == ["hash-mismatch", "unknown-link"]
    assert "unknown-link" in codes
