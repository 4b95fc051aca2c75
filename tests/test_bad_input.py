"""Bad input of every kind ends with a clear message and exit code; nothing is half-written, nothing else is touched.

Faults that have a code of their own have a case in `invalid/` too; here are their variants, and everything else:
corpus.toml, a corpus's own schema, native files, releases, places to write to, and the command line itself.
"""

from __future__ import annotations

import ast
import copy
import gzip
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import qantar
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from qantar.cli.run import run as run_cli
from qantar.release.digest import joint_digest, table_digest
from qantar.store import NativeFile, native
from qantar.store.sealed import content_digest
from reported import reported
from spoil import alter, swap, tree, visible
from tiny import LAYERS, ONE, span, write_corpus, write_lines

Outcome = tuple[int, str, str]
Run = Callable[..., Outcome]
Json = dict[str, Any]


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports name files from the folder where one is."""
    monkeypatch.chdir(tmp_path)


ENTITIES = "annotations/entities/one.jsonl"
RELATIONS = "annotations/relations/one.jsonl"
VALUES = "annotations/values/one.jsonl"
FORMATS = (".jsonl", ".jsonl.gz", ".jsonl.zst")

needs_proc = pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="a file system that even root cannot write to")


def says_what_to_do(message: str) -> None:
    """One line for people: the fact, then the remedy."""
    assert message.startswith("qantar: ")
    assert message.endswith(".\n")
    assert message.count("\n") == 1
    assert not re.search(r"\w\)?\.\.(\s|$)", message), "two full stops"
    assert len(message.replace("? ", ". ").split(". ")) > 1, "a fact without a remedy"


def refused(outcome: Outcome, *words: str, status: int = 2) -> str:
    """Asserts a refusal by one message on stderr that holds the words; returns it."""
    code, out, err = outcome
    assert (code, out) == (status, ""), err
    says_what_to_do(err)
    for word in words:
        assert word in err
    return err


def faults(outcome: Outcome) -> list[str]:
    """The headings of a report of problems, `file:line:column: error[code] …`; each has a remedy under it."""
    code, out, err = outcome
    assert (code, err) == (1, "")
    report = reported(out)
    assert report.summary.endswith(", 0 warnings.")
    return report.heads


def only_fault(outcome: Outcome, *words: str) -> str:
    """The heading of the one problem of a report; it holds the words."""
    (heading,) = faults(outcome)
    for word in words:
        assert word in heading
    return heading


def set_text(corpus: Path, name: str, data: bytes) -> None:
    """New raw bytes for a document, with the right hash."""
    (corpus / "raw" / f"{name}.txt").write_bytes(data)
    line = 1 + [json.loads(row)["id"] for row in (corpus / "documents.jsonl").read_text("utf-8").splitlines()].index(name)
    alter(corpus / "documents.jsonl", line, lambda row: row.update(sha256=hashlib.sha256(data).hexdigest()))


# --- bytes of the corpus folder ---------------------------------------------------------------------------------------

CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "a letter": lambda data: data.replace("пише".encode(), "каже".encode()),
    "line ends": lambda data: data.replace(b"\n", b"\r\n"),
    "no final newline": lambda data: data.rstrip(b"\n"),
    "one more newline": lambda data: data + b"\n",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_changed_raw_bytes(change: Callable[[bytes], bytes], tiny: Path, run: Run) -> None:
    path = tiny / "raw" / "two.txt"
    old = path.read_bytes()
    path.write_bytes(change(old))
    digests = [hashlib.sha256(data).hexdigest() for data in (change(old), old)]
    only_fault(run("check", tiny), "raw/two.txt: error[hash-mismatch]", *digests)


@pytest.mark.parametrize(
    ("data", "heading"),
    [
        (b"\xef\xbb\xbf" + ONE.encode(), "raw/one.txt:1:1: error[byte-order-mark]"),
        (ONE.encode().replace(b"\n", b"\n\0", 1), "raw/one.txt:2:1: error[nul-character]"),
        (ONE.encode("cp1251", "replace"), "raw/one.txt:1:1: error[not-utf8]"),
        (ONE.encode("utf-16"), "raw/one.txt:1:1: error[not-utf8]"),
    ],
    ids=["byte-order-mark", "nul", "cp1251", "utf-16"],
)
def test_raw_bytes_that_are_no_text(data: bytes, heading: str, tiny: Path, run: Run) -> None:
    set_text(tiny, "one", data)
    only_fault(run("check", tiny), heading)


@pytest.mark.parametrize("where", ["quote", "text"])
def test_no_break_space(where: str, tiny: Path, run: Run) -> None:
    spaced = "14\u00a0березня"
    if where == "quote":
        alter(tiny / VALUES, 1, lambda record: record.update(quote=spaced))
    else:
        set_text(tiny, "one", ONE.replace("14 березня", spaced).encode())
    outcome = run("check", tiny)
    only_fault(outcome, f"{VALUES}:1:", "error[quote-mismatch] V1 $.quote", r"'14\xa0березня'", "'14 березня'")
    assert "They differ in white space only (a no-break space?): copy the quote from the text." in outcome[1]


@pytest.mark.parametrize("name", ["../two", "/etc/passwd", "a/b", "..", "two\n", "Two", "", "a" * 65, "дв", "%2e"], ids=ascii)
def test_document_id_like_a_path(name: str, tiny: Path, run: Run) -> None:
    before = tree(tiny.parent)
    alter(tiny / "documents.jsonl", 2, lambda row: row.update(id=name))
    assert any(heading.startswith("documents.jsonl:2:7: error[malformed-value] $.id") for heading in faults(run("check", tiny)))
    assert run("build", tiny, "--out", tiny.parent / "out" / "release")[0] == 1
    assert {path for path in tree(tiny.parent) if not path.startswith("out")} == set(before)
    assert visible(tiny.parent / "out") == []


@pytest.mark.parametrize("name", ["../T1", "T/1", "T1/..", "t1", "T", "T1\n", "Т1", "T١", ""], ids=ascii)
def test_local_id_like_a_path(name: str, tiny: Path, run: Run) -> None:
    alter(tiny / ENTITIES, 1, lambda record: record.update(id=name))
    only_fault(run("check", tiny), f"{ENTITIES}:1:7: error[malformed-value] $.id")


@pytest.mark.parametrize(
    ("file", "path", "change"),
    [
        ("clusters", "$.members[0].target", lambda record: record["members"][0].update(target="../one#E1")),
        ("links", "$.head.target", lambda record: record["head"].update(target="one#../E1")),
        ("links", "$.tail.target", lambda record: record["tail"].update(target="one")),
        ("alignments", "$.a.document", lambda record: record["a"].update(document="../one")),
        ("gazetteer", "$.id", lambda record: record.update(id="../port")),
    ],
)
def test_reference_like_a_path(file: str, path: str, change: Callable[[Any], None], tiny: Path, run: Run) -> None:
    alter(tiny / f"{file}.jsonl", 1, change)
    found = [heading for heading in faults(run("check", tiny)) if "unknown-link" not in heading]
    assert len(found) == 1
    assert found[0].startswith(f"{file}.jsonl:1:")
    assert f"error[malformed-value] {path}:" in found[0]


def test_broken_json_on_line_7(tiny: Path, run: Run) -> None:
    records = [{"id": f"R{number}", "type": "same-report", "head": "E1", "tail": "A1"} for number in range(1, 10)]
    write_lines(tiny / RELATIONS, records)
    swap(tiny / RELATIONS, '"R7",', '"R7"')
    only_fault(run("check", tiny, "--select", "broken-json"), f"{RELATIONS}:7:11: error[broken-json]: a comma")


def test_role_of_another_type(tiny: Path, run: Run) -> None:
    swap(tiny / "annotations/events/one.jsonl", '"Demonstrator"', '"Attacker"')
    only_fault(run("check", tiny), "events/one.jsonl:1:125: error[unknown-role] $.arguments[0].role: 'Attacker' is no role of")


@pytest.mark.parametrize(
    ("literal", "fault"),
    [
        ("3.0", "error[wrong-type] $.spans[0].start: 3.0 is a number with a point, not an integer."),
        ("3e0", "error[wrong-type] $.spans[0].start: 3.0 is a number with a point, not an integer."),
        ("true", "error[wrong-type] $.spans[0].start: True is a boolean, not an integer."),
        ('"3"', "error[wrong-type] $.spans[0].start: '3' is a string, not an integer."),
        ("null", "error[wrong-type] $.spans[0].start: None is null, not an integer."),
        ("-1", "error[out-of-bounds] $.spans[0].start: -1 is out of bounds (at least: 0)."),
        ("2147483648", "error[out-of-bounds] $.spans[0].start: 2147483648 is out of bounds (at most: 2147483647)."),
        ("1e999", "error[not-finite]: '1e999' is not a finite number."),
    ],
    ids=lambda words: words.split(" ")[0],
)
def test_offset_that_is_none(literal: str, fault: str, tiny: Path, run: Run) -> None:
    swap(tiny / VALUES, '"start":43', f'"start":{literal}')
    assert only_fault(run("check", tiny)) == f"{VALUES}:1:30: {fault}"


def test_lines_that_are_no_objects(tiny: Path, run: Run) -> None:
    (tiny / RELATIONS).write_bytes(b'[1]\n"x"\nnull\n7\n')
    found = faults(run("check", tiny))
    assert [heading.split(" ")[0] for heading in found] == [f"{RELATIONS}:{number}:1:" for number in range(1, 5)]
    assert all("error[wrong-type]" in heading and heading.endswith("not an object.") for heading in found)


def test_all_problems_at_once(tiny: Path, run: Run) -> None:
    alter(tiny / ENTITIES, 3, lambda record: (record.pop("type"), record.pop("level")))
    swap(tiny / VALUES, '"end":53', '"end":54')
    swap(tiny / "links.jsonl", "confirms", "confirm")
    missing, quote, label = faults(run("check", tiny))
    assert missing == f"{ENTITIES}:3:1: error[missing-field]: the fields 'type' and 'level' are missing."
    assert "quote-mismatch" in quote
    assert "unknown-label" in label


def test_fields_that_lack_in_two_objects_of_a_record_are_two_problems(tiny: Path, run: Run) -> None:
    alter(tiny / ENTITIES, 3, lambda record: (record.pop("level"), record["spans"][0].clear()))
    assert [heading.partition("] ")[2] or heading.partition("]: ")[2] for heading in faults(run("check", tiny))] == [
        "the field 'level' is missing.",
        "$.spans[0]: the fields 'start' and 'end' are missing.",
    ]


def test_broken_line_of_documents_condemns_no_other_file(tiny: Path, run: Run) -> None:
    swap(tiny / "documents.jsonl", '"id":"one"', '"id":"one')
    only_fault(run("check", tiny), "documents.jsonl:1:", "error[broken-json]")


def test_faults_of_documents_after_a_broken_line_are_placed(tiny: Path, run: Run) -> None:
    swap(tiny / "documents.jsonl", '"id":"one"', '"id":"one')
    alter(tiny / "documents.jsonl", 2, lambda row: row["coverage"].append({"layer": "weather", "zones": None}))
    found = faults(run("check", tiny))
    assert any(heading.startswith("documents.jsonl:2:") and "error[coverage]" in heading for heading in found)


def test_duplicate_document_after_a_broken_line_is_placed(tiny: Path, run: Run) -> None:
    path = tiny / "documents.jsonl"
    one, two = path.read_text("utf-8").splitlines()
    path.write_text(f"{two}\n{one[:-1]}\n{two}\n", encoding="utf-8")
    assert any(heading.startswith("documents.jsonl:3:1: error[duplicate-document]") for heading in faults(run("check", tiny)))


ANOTHER: dict[str, Json] = {
    "clusters": {"kind": "entity", "type": "GROUP", "members": [{"target": "two#T1", "quote": "Докери"}]},
    "alignments": {"relation": "paraphrase"},
    "links": {"type": "conflicts-with"},
    "gazetteer": {"country": None},
}


@pytest.mark.parametrize(("file", "change"), ANOTHER.items(), ids=ANOTHER)
def test_duplicate_id_across_documents(file: str, change: Json, tiny: Path, run: Run) -> None:
    path = tiny / f"{file}.jsonl"
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    write_lines(path, [*records, records[0] | change])
    only_fault(run("check", tiny), f"{file}.jsonl:{len(records) + 1}:", records[0]["id"])


@pytest.mark.parametrize("spans", [["страйкували", "докери"], ["докери", "докери"]], ids=["order", "overlap"])
def test_fragments_of_an_alignment_follow_each_other(spans: list[str], tiny: Path, run: Run) -> None:
    side = {"spans": [span(ONE, quote) for quote in spans], "quote": " ".join(spans)}
    alter(tiny / "alignments.jsonl", 1, lambda record: record["a"].update(side))
    assert only_fault(run("check", tiny)).startswith("alignments.jsonl:1:")


@pytest.mark.parametrize("language", ["mul", "zxx"])
def test_a_language_that_tables_need_is_not_listed(language: str, tiny: Path, tmp_path: Path, run: Run) -> None:
    swap(tiny / "corpus.toml", f', "{language}"', "")
    swap(tiny / "annotations/languages/one.jsonl", '"end":20}],"quote":"Reuters"', '"end":17}],"quote":"Reut"')  # a mixed token
    code, out, err = run("build", tiny, "--out", tmp_path / "out" / "release")
    assert code in (1, 2)
    assert out == ""
    assert language in err
    assert visible(tmp_path / "out") == []


@pytest.mark.parametrize("name", ["raw/two.txt", "corpus.toml"])
def test_folder_in_the_place_of_a_file(name: str, tiny: Path, run: Run) -> None:
    (tiny / name).unlink()
    (tiny / name).mkdir()
    refused(run("check", tiny), name)


@pytest.mark.parametrize(
    "name", ["raw", "annotations", "annotations/entities", "raw/two.txt", ENTITIES, "documents.jsonl", "gazetteer.jsonl"]
)
def test_links_out_of_the_corpus(name: str, tiny: Path, run: Run) -> None:
    outside = tiny.parent / "outside"
    (tiny / name).rename(outside)
    (tiny / name).symlink_to(outside)
    code, out, err = run("check", tiny)
    assert code in (1, 2)
    assert "outside the corpus" in out + err
    assert name in out + err


@pytest.mark.parametrize("dead", [False, True])
@pytest.mark.parametrize("source", ["corpus", "native file", "settings of a native file", "default"])
def test_settings_that_lead_out_of_the_corpus(source: str, dead: bool, tiny: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    native, apart, outside = tiny / "all.jsonl", tiny.parent / "apart.jsonl", tiny.parent / "outside.toml"
    assert [run("export", "native", out, tiny)[0] for out in (native, apart)] == [0, 0]
    (tiny / "corpus.toml").rename(outside)
    (tiny / "corpus.toml").symlink_to(outside)
    if dead:
        outside.unlink()
    words = {"corpus": [tiny], "native file": [native], "settings of a native file": [apart, "--corpus", tiny], "default": []}[source]
    tiny.rename(tiny.parent / "corpus")
    (tiny.parent / "tiny").symlink_to("corpus")  # the folder itself may be a link
    monkeypatch.chdir(tiny.parent)
    code, out, err = run("check", *words)
    refused((code, out, err.removeprefix("qantar: using ./corpus\n")), "corpus.toml leads to", "outside the corpus", "Put the file itself")


def test_the_gazetteer_beside_a_native_file_leads_out_of_the_corpus(tiny: Path, run: Run) -> None:
    assert run("export", "native", tiny / "all.jsonl", tiny)[0] == 0
    (tiny / "gazetteer.jsonl").unlink()
    (tiny / "gazetteer.jsonl").symlink_to(tiny.parent / "nothing")
    code, out, _ = run("check", tiny / "all.jsonl")
    assert code == 1
    assert "gazetteer.jsonl: error[outside-corpus]" in out


@pytest.mark.parametrize("name", ["corpus.toml", "gazetteer.jsonl"])
def test_files_that_lead_to_themselves(name: str, tiny: Path, run: Run) -> None:
    assert run("export", "native", tiny / "all.jsonl", tiny)[0] == 0
    (tiny / name).unlink()
    (tiny / name).symlink_to(name)
    for source in (tiny, tiny / "all.jsonl"):
        refused(run("check", source), f"{name} cannot be read")


def test_files_of_a_release_may_be_links_into_a_cache(tiny: Path, tmp_path: Path, run: Run) -> None:
    """As downloads from a hub are."""
    assert run("build", tiny, "--out", tmp_path / "release")[0] == 0
    (tmp_path / "blobs").mkdir()
    files = [path for path in sorted((tmp_path / "release").rglob("*")) if path.is_file()]
    for number, path in enumerate(files):
        path.rename(tmp_path / "blobs" / str(number))
        path.symlink_to(tmp_path / "blobs" / str(number))
    assert run("check", tmp_path / "release") == (0, "No problems.\n", "")


def test_links_inside_the_corpus_are_followed(tiny: Path, run: Run) -> None:
    (tiny / "texts").mkdir()
    (tiny / "raw" / "two.txt").rename(tiny / "texts" / "two.txt")
    (tiny / "raw" / "two.txt").symlink_to("../texts/two.txt")
    assert run("check", tiny) == (0, "No problems.\n", "")


def test_link_to_itself(tiny: Path, run: Run) -> None:
    (tiny / "raw" / "two.txt").unlink()
    (tiny / "raw" / "two.txt").symlink_to("two.txt")
    code, out, err = run("check", tiny)
    assert code in (1, 2)
    assert "raw/two.txt" in out + err


@pytest.mark.parametrize("name", ["x\ny.jsonl:1:1: error[fake]", "x\x1b[31m", "x\u2028y", "\u202ex"])
def test_names_cannot_forge_a_report(name: str, tiny: Path, run: Run) -> None:
    alter(tiny / ENTITIES, 1, lambda record: record.update({name: 1}))
    (tiny / "raw" / name.replace("/", "")).write_bytes(b"")
    found = faults(run("check", tiny))
    assert len(found) == 2
    assert all(heading.isprintable() for heading in found)


def test_broken_gazetteer_does_not_condemn_the_links_to_it(tiny: Path, run: Run) -> None:
    swap(tiny / "gazetteer.jsonl", '"id":"reuters"', '"id":"reuters')
    only_fault(run("check", tiny), "gazetteer.jsonl:2:", "error[broken-json]")


def test_no_documents_file(tiny: Path, run: Run) -> None:
    (tiny / "documents.jsonl").unlink()
    refused(run("check", tiny), str(tiny), "documents.jsonl")


FILES = ["documents.jsonl", "clusters.jsonl", "alignments.jsonl", "links.jsonl", "gazetteer.jsonl", "raw/one.txt"]
FILES += [f"annotations/{layer}/one.jsonl" for layer in LAYERS]
PIECES = [b"", b"\0", b"\xff", b"\n", b"\r\n", b"{", b"]", b'"', b",", b"[" * 70, b"0", b"1.5", b"-", b"null", b"E9", b"\\u0000"]
damages = st.tuples(st.sampled_from(FILES), st.floats(0, 1), st.integers(0, 40), st.sampled_from(PIECES))


@settings(max_examples=12, phases=[Phase.generate], derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(damages, min_size=1, max_size=2))
def test_any_damage_is_reported_or_harmless(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str], done: list[tuple[str, float, int, bytes]]
) -> None:
    corpus = write_corpus(tmp_path_factory.mktemp("damage") / "tiny")
    for file, place, cut, put in done:
        data = (corpus / file).read_bytes()
        at = int(place * len(data))
        (corpus / file).write_bytes(data[:at] + put + data[at + cut :])
    code = run_cli(["check", str(corpus)])
    report = capsys.readouterr().out
    assert run_cli(["build", str(corpus), "--out", str(corpus.parent / "release")]) == code
    assert code in (0, 1)
    assert capsys.readouterr().err == (report + "qantar: nothing was built.\n" if code else "")


# --- corpus.toml ------------------------------------------------------------------------------------------------------

TOML: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "unknown key": ("shards = 1", "shards = 1\nshard = 1", ("$.shard:", "Did you mean 'shards'?")),
    "missing key": ('title = "Tiny corpus"\n', "", ("the field 'title' is missing", "Add 'title'.")),
    "two missing keys": ('title = "Tiny corpus"\nsummary = "Made up."\n', "", ("'title'", "'summary'")),
    "missing key in a table": ('texts = "CC0-1.0"\n', "", ("$.licences:", "'texts'")),
    "string for a list": ('languages = ["uk", "en", "mul", "zxx"]', 'languages = "uk"', ("$.languages:", "Write a list.")),
    "list of numbers": ('["uk", "en", "mul", "zxx"]', "[1, 2]", ("$.languages[0]:", "Write a string.")),
    "string for a table": ('[citation]\nauthors = ["Tiny contributors"]', 'citation = "Tiny"', ("$.licences.citation:",)),
    "date for a string": ('"2031-04-01"', "2031-04-01", ("$.released:", "date", "Write a string.")),
    "no day": ('"2031-04-01"', '"2031-02-29"', ("$.released: '2031-02-29' is no day of the calendar. Correct the date.",)),
    "wrong date": ('"2031-04-01"', '"1 April 2031"', ("$.released:", "'1 April 2031'")),
    "three shards": ("shards = 1", "shards = 3", ("$.shards:", "3 is not allowed here. The nearest that are allowed: 2, 4.")),
    "no shard": ("shards = 1", "shards = 0", ("$.shards:", "0 is")),
    "shards as a string": ("shards = 1", 'shards = "1"', ("$.shards:", "Write an integer.")),
    "shards as a float": ("shards = 1", "shards = 1.0", ("$.shards:", "Write an integer.")),
    "shards true": ("shards = 1", "shards = true", ("$.shards:", "Write an integer.")),
    "shards not a number": ("shards = 1", "shards = nan", ("$.shards:",)),
    "duplicate languages": ('"uk", "en"', '"uk", "uk"', ("$.languages", "twice")),
    "duplicate layers": ('"segments", ', '"segments", "segments", ', ("$.layers", "twice")),
    "no layers": (f"layers = {json.dumps(list(LAYERS))}", "layers = []", ("$.layers:",)),
    "unknown layer": ('"entities"', '"entites"', ("'entites'", "Did you mean 'entities'?", "There are: attributions,")),
    "layer like a path": ('"entities"', '"../entities"', ("$.layers[3]:", "'../entities'")),
    "name like a path": ('name = "tiny"', 'name = "../tiny"', ("$.name:", "'../tiny'")),
    "version of two parts": ('"1.0.0"', '"1.0"', ("$.version:", "'1.0'")),
    "version with a newline": ('"1.0.0"', '"1.0.0\\n"', ("$.version:", r"'1.0.0\n'")),
    "version with a suffix": ('"1.0.0"', '"1.0.0-rc1"', ("$.version:", "'1.0.0-rc1'")),
    "broken": ("shards = 1", "shards = ", ("line 6",)),
    "key twice": ("shards = 1", "shards = 1\nshards = 1", ("line 7",)),
    "too deep": ("shards = 1", "shards = " + "[" * 100_000, ()),
    "huge number": ("shards = 1", "shards = " + "9" * 5000, ()),
    "schema is no table": ('name = "tiny"', 'schema = []\nname = "tiny"', ("$.schema:",)),
    "schema of an unknown part": ("[licences]", '[schema]\nlayer = "x"\n\n[licences]', ("Did you mean 'layers'?",)),
    "schema folder is a number": ("[licences]", "[schema]\nlayers = 3\n\n[licences]", ("$.schema.layers:",)),
    "schema folder missing": ("[licences]", '[schema]\nlayers = "own"\n\n[licences]', ("$.schema.layers:", "'own'")),
    "schema folder above": ("[licences]", '[schema]\nlayers = ".."\n\n[licences]', ("inside the corpus",)),
    "schema folder absolute": ("[licences]", '[schema]\nontology = "/"\n\n[licences]', ("$.schema.ontology:", "inside the corpus")),
    "schema folder is a file": ("[licences]", '[schema]\nlayers = "corpus.toml"\n\n[licences]', ("$.schema.layers:",)),
    "schema folder with NUL": ("[licences]", '[schema]\nlayers = "a\\u0000b"\n\n[licences]', ("$.schema.layers:",)),
}


@pytest.mark.parametrize(("old", "new", "words"), TOML.values(), ids=TOML)
def test_wrong_settings(old: str, new: str, words: tuple[str, ...], tiny: Path, run: Run) -> None:
    swap(tiny / "corpus.toml", old, new)
    refused(run("check", tiny), str(tiny / "corpus.toml"), *words)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xef\xbb\xbfname = 1", "byte order mark"),
        (b'name = "\xff"', "not UTF-8"),
        (b'name = "\0"', "NUL"),
        ("я".encode("utf-16"), "not UTF-8"),
    ],
    ids=["byte-order-mark", "not-utf8", "nul", "utf-16"],
)
def test_settings_that_are_no_text(data: bytes, words: str, tiny: Path, run: Run) -> None:
    (tiny / "corpus.toml").write_bytes(data)
    refused(run("check", tiny), str(tiny / "corpus.toml"), words)


def test_no_settings(tiny: Path, run: Run) -> None:
    (tiny / "corpus.toml").unlink()
    refused(run("check", tiny), f"{tiny} is no corpus: it has no corpus.toml.")


def test_settings_that_lack_several_fields(tiny: Path, run: Run) -> None:
    (tiny / "corpus.toml").write_bytes(b"")
    refused(run("check", tiny), "$: the fields 'name', 'version', 'title', ", " and 'citation' are missing. Add them.\n")


def test_settings_of_a_native_file_that_are_not_there(tiny: Path, run: Run) -> None:
    assert run("export", "native", tiny / "all.jsonl", tiny)[0] == 0
    refused(run("check", tiny / "all.jsonl", "--corpus", tiny / "gone"), f"{tiny / 'gone'} is no corpus: it has no corpus.toml.")


def test_a_native_file_without_the_right_to_read_it(tiny: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(path: Path) -> NoReturn:
        raise PermissionError(13, "Permission denied", path)

    assert run("export", "native", tiny / "all.jsonl", tiny)[0] == 0
    monkeypatch.setattr("qantar.store.native.open_bytes", denied)
    message = refused(run("check", tiny / "all.jsonl"))
    assert message == f"qantar: {tiny / 'all.jsonl'} cannot be read: Permission denied. Check the file and its rights.\n"


@pytest.mark.parametrize("command", ["check", "build", "export"])
def test_wrong_settings_stop_every_command(command: str, tiny: Path, tmp_path: Path, run: Run) -> None:
    swap(tiny / "corpus.toml", "shards = 1", "shards = -1.5")
    words = {"check": [tiny], "build": [tiny, "--out", tmp_path / "x" / "y"], "export": ["native", tmp_path / "x", tiny]}[command]
    refused(run(command, *words), "corpus.toml", "$.shards:")
    assert not (tmp_path / "x").exists()


# --- a corpus's own schema --------------------------------------------------------------------------------------------

CLAIM: Json = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Claim",
    "description": "A claim.",
    "x-anchor": "none",
    "x-prefix": "Q",
    "type": "object",
    "properties": {
        "id": {"description": "Id.", "$ref": "../common.schema.json#/$defs/local-id", "examples": ["Q1"]},
        "about": {"description": "The event.", "type": "string", "x-refers": ["events"], "examples": ["E1"]},
    },
    "required": ["id", "about"],
}
PART: Json = {"type": "object", "properties": {"y": {"description": "Made up.", "type": "string"}}}


def with_claims(corpus: Path, schema: Any) -> Path:
    """Adds the layer `claims` with its own schema (JSON, or the bytes of its file), and one record."""
    path = corpus / "schema" / "layers" / "claims.schema.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(schema if isinstance(schema, bytes) else json.dumps(schema).encode())
    swap(corpus / "corpus.toml", '"relations"]', '"relations", "claims"]')
    swap(corpus / "corpus.toml", "[licences]", '[schema]\nlayers = "schema/layers"\n\n[licences]')
    write_lines(corpus / "annotations" / "claims" / "one.jsonl", [{"id": "Q1", "about": "E1"}])
    alter(corpus / "documents.jsonl", 1, lambda row: row["coverage"].append({"layer": "claims", "zones": None}))
    return corpus


def claim(**fields: Any) -> Json:
    """The schema of claims with one more field, `x`."""
    schema = copy.deepcopy(CLAIM)
    schema["properties"]["x"] = {"description": "Made up.", **fields}
    return schema


def claim_with(**keys: Any) -> Json:
    """The schema of claims with other keywords: `__` stands for a hyphen, None takes one away."""
    schema = {**copy.deepcopy(CLAIM), **{key.replace("__", "-"): body for key, body in keys.items()}}
    return {key: body for key, body in schema.items() if body is not None}


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a connection fails the test."""

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("something is fetched")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_own_layer(tiny: Path, run: Run) -> None:
    assert run("check", with_claims(tiny, claim(type=["string", "null"], pattern="^[a-z]+$"))) == (0, "No problems.\n", "")
    swap(tiny / "annotations/claims/one.jsonl", "E1", "E7")
    only_fault(run("check", tiny), "annotations/claims/one.jsonl:1:20: error[dangling-reference] Q1 $.about")


def with_own(corpus: Path, root: Path, layer: str, change: Callable[[Json], object]) -> Path:
    """A changed copy of the package's schema of a layer takes its place."""
    body = json.loads((root / "schema" / "layers" / f"{layer}.schema.json").read_text(encoding="utf-8"))
    change(body)
    path = corpus / "schema" / "layers" / f"{layer}.schema.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(body), encoding="utf-8")
    swap(corpus / "corpus.toml", "[licences]", '[schema]\nlayers = "schema/layers"\n\n[licences]')
    return corpus


def without(name: str) -> Callable[[Json], object]:
    def change(body: Json) -> None:
        del body["properties"][name]
        body["required"] = [kept for kept in body["required"] if kept != name]

    return change


@pytest.mark.parametrize(("layer", "field"), [("entities", "link"), ("entities", "type"), ("events", "arguments"), ("sentences", "tokens")])
def test_an_own_schema_in_place_of_the_packages_keeps_its_fields(layer: str, field: str, tiny: Path, root: Path, run: Run) -> None:
    refused(
        run("build", with_own(tiny, root, layer, without(field))), f"'{layer}': It has no field '{field}' of type", "Tables read it: keep"
    )


@pytest.mark.parametrize(
    ("layer", "change"),
    [
        ("entities", lambda body: body["properties"].update(chain={"type": "array", "items": {"type": "string"}})),
        ("sentences", lambda body: body["properties"]["tokens"]["items"]["properties"].pop("lemma")),
    ],
)
def test_an_own_schema_in_place_of_the_packages_keeps_their_types(
    layer: str, change: Callable[[Json], object], tiny: Path, root: Path, run: Run
) -> None:
    refused(run("check", with_own(tiny, root, layer, change)), f"'{layer}': It has no field", "as the package's schema has")


def test_an_own_schema_in_place_of_the_packages_may_say_more(tiny: Path, root: Path, run: Run) -> None:
    def change(body: Json) -> None:
        body["properties"]["head"] = {"description": "The head token.", "type": "integer", "examples": [3]}

    with_own(tiny, root, "entities", change)
    alter(tiny / "annotations" / "entities" / "one.jsonl", 1, lambda row: row.update(head=2))
    assert run("build", tiny, "--out", tiny.parent / "out")[0] == 0
    assert run("check", tiny.parent / "out") == (0, "No problems.\n", "")


CIRCLE = {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}
TREE = {"a": {"title": "A", "type": "object", "properties": {"a": {"description": "Made up.", "$ref": "#/$defs/a"}}}}
OWN_SCHEMAS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "union": (claim(type=["string", "integer"]), ("union",)),
    "oneOf": (claim(oneOf=[{"type": "string"}]), ("oneOf",)),
    "map": (claim(title="M", type="object", additionalProperties={"type": "string"}), ("additionalProperties",)),
    "tuple": (claim(type="array", prefixItems=[{"type": "string"}]), ("prefixItems",)),
    "circular $ref": ({**claim(**{"$ref": "#/$defs/a"}), "$defs": CIRCLE}, ("circular",)),
    "endless tree": ({**claim(**{"$ref": "#/$defs/a"}), "$defs": TREE}, ("circular",)),
    "$ref to itself": (claim(**{"$ref": "#"}), ("leads nowhere",)),
    "$ref to a URL": (claim(**{"$ref": "https://example.org/x.schema.json#/$defs/a"}), ("https://example.org/", "leads nowhere")),
    "$ref to an outer file": (claim(**{"$ref": "../../../outer.schema.json#/$defs/a"}), ("outer.schema.json", "leads nowhere")),
    "$ref to a file URL": (claim(**{"$ref": "file:///etc/passwd#/$defs/a"}), ("file:///etc/passwd", "leads nowhere")),
    "$ref to a neighbour": (claim(**{"$ref": "own.schema.json#/$defs/a"}), ("own.schema.json", "leads nowhere")),
    "untitled object": (claim(**PART), ("title",)),
    "untitled items": (claim(type="array", items=PART), ("title",)),
    "title of another shape": (claim(title="Span", **PART), ("'Span'",)),
    "field like a keyword": (
        {**CLAIM, "properties": {**CLAIM["properties"], "class": {"description": "?", "type": "string"}}},
        ("'class'",),
    ),
    "no id": (claim_with(properties={"about": CLAIM["properties"]["about"]}, required=["about"]), ("`id`",)),
    "no anchor": (claim_with(x__anchor=None), ("x-anchor",)),
    "unknown anchor": (claim_with(x__anchor="tokens"), ("x-anchor",)),
    "unknown label set": (claim(type="string", **{"x-labels": "colour"}), ("'colour'", "There are:")),
    "pattern without an end": (claim(type="string", pattern="^a"), ("'^a'", "portable")),
    "pattern of digits": (claim(type="string", pattern=r"^\d$"), ("portable",)),
    "pattern of words": (claim(type="string", pattern=r"^\w$"), ("portable",)),
    "pattern of blanks": (claim(type="string", pattern=r"^\s$"), ("portable",)),
    "pattern of a property": (claim(type="string", pattern=r"^\p{Lu}$"), ("portable",)),
    "pattern of no digits": (claim(type="string", pattern=r"^\D$"), ("portable",)),
    "pattern of no words": (claim(type="string", pattern=r"^\W$"), ("portable",)),
    "pattern of no blanks": (claim(type="string", pattern=r"^\S$"), ("portable",)),
    "pattern with a word's border": (claim(type="string", pattern=r"^\ba$"), ("portable",)),
    "pattern of two anchored halves": (claim(type="string", pattern="^a$|^b$"), ("portable",)),
    "pattern that ends in a dollar": (claim(type="string", pattern=r"^a\$"), ("portable",)),
    "broken pattern": (claim(type="string", pattern="^($"), ("'^($'",)),
    "broken JSON": (b'{"title":', ("claims.schema.json", "line 1, column 10")),
    "duplicate key": (b'{"title":"A","title":"B"}', ("claims.schema.json", "'title'")),
    "no object": (b"[]", ("claims.schema.json", "Put one object in it.")),
    "not UTF-8": (b"\xff", ("claims.schema.json", "not UTF-8")),
    "empty object": (b"{}", ()),
    "no type": (claim(), ()),
    "unknown type": (claim(type="text"), ()),
    "list without items": (claim(type="array"), ()),
    "object without properties": (claim(title="M", type="object"), ()),
    "pattern is a number": (claim(type="string", pattern=5), ()),
    "$ref is a number": (claim(**{"$ref": 5}), ()),
    "bound is a string": (claim(type="integer", minimum="1"), ()),
    "labels are a list": (claim(type="string", **{"x-labels": ["a"]}), ()),
    "property is a string": ({**CLAIM, "properties": {**CLAIM["properties"], "x": "string"}}, ()),
    "properties are a list": (claim_with(properties=[]), ()),
    "no properties": (claim_with(properties=None), ()),
    "no description": (claim_with(description=None), ()),
    "title is a number": (claim_with(title=5), ()),
    "layer is a list": (claim_with(type="array"), ()),
    "required is a string": (claim_with(required="id"), ()),
    "required is unknown": (claim_with(required=["id", "abuot"]), ("'abuot'",)),
    "spans without spans": (claim_with(x__anchor="spans"), ("spans",)),
    "partition without offsets": (claim_with(x__anchor="partition"), ("start",)),
    "content that is no field": (claim_with(x__content="said"), ("'said'",)),
    "a field that only records with a place have": (
        {**claim(type="integer"), "properties": {**CLAIM["properties"], "start": {"description": "A year.", "type": "integer"}}},
        ("'start'", "Rename it."),
    ),
}


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize(("schema", "words"), OWN_SCHEMAS.values(), ids=OWN_SCHEMAS)
def test_wrong_schema(schema: Any, words: tuple[str, ...], tiny: Path, run: Run) -> None:
    outer = {"title": "Outer", "description": "Made up.", "$defs": {"a": {"type": "string"}}}
    for folder in (tiny.parent, tiny, tiny / "schema"):
        folder.mkdir(exist_ok=True)
        (folder / "outer.schema.json").write_text(json.dumps(outer), encoding="utf-8")
    message = refused(run("check", with_claims(tiny, schema)), *words)
    assert "claims" in message or "corpus.toml" in message, "a fact without a place"


@pytest.mark.parametrize(("layer", "anchor"), [("segments", "partition"), ("languages", "spans")])
def test_own_schemas_of_the_layers_that_say_the_language(layer: str, anchor: str, tiny: Path, root: Path, run: Run) -> None:
    shape = json.loads((root / "schema" / "layers" / f"{layer}.schema.json").read_text(encoding="utf-8"))
    optional = {**shape, "required": [name for name in shape["required"] if name != "lang"]}
    path = tiny / "schema" / "layers" / f"{layer}.schema.json"
    with_claims(tiny, CLAIM)
    path.write_text(json.dumps(optional), encoding="utf-8")
    refused(run("check", tiny), f"The layer '{layer}' has no required field 'lang'")
    path.write_text(json.dumps({**shape, "x-anchor": "none"}), encoding="utf-8")
    refused(run("check", tiny), f"The layer '{layer}' has the x-anchor 'none'. It must be '{anchor}'.")


def test_own_schema_folder_that_links_out_of_the_corpus(tiny: Path, run: Run) -> None:
    with_claims(tiny, CLAIM)
    (tiny / "schema" / "layers").rename(tiny.parent / "layers")
    (tiny / "schema" / "layers").symlink_to(tiny.parent / "layers")
    refused(run("check", tiny), "corpus.toml: $.schema.layers: 'schema/layers' is no folder inside the corpus.")


def test_own_schema_that_links_out_of_the_corpus(tiny: Path, run: Run) -> None:
    with_claims(tiny, CLAIM)
    schema = tiny / "schema" / "layers" / "claims.schema.json"
    schema.rename(tiny.parent / schema.name)
    schema.symlink_to(tiny.parent / schema.name)
    refused(run("check", tiny), "schema/layers/claims.schema.json leads to", "outside the corpus")


def test_own_schema_folder_without_schemas(tiny: Path, run: Run) -> None:
    with_claims(tiny, CLAIM)
    (tiny / "schema" / "layers" / "claims.schema.json").rename(tiny / "schema" / "layers" / "claims.json")
    refused(run("check", tiny), "schema/layers holds no *.schema.json.", "corpus.toml")


ONTOLOGIES: dict[str, tuple[str, Any]] = {
    "a type without roles": ("events.json", {"types": [{"type": "A"}]}),
    "types that are a number": ("events.json", {"types": 5}),
    "labels that are numbers": ("entities.json", {"labels": [1]}),
    "label twice": ("entities.json", {"labels": [{"label": "PER"}, {"label": "PER"}]}),
    "sets that are a list": ("labels.json", {"sets": []}),
    "set without labels": ("labels.json", {"sets": {"level": {}}}),
    "no sets": ("labels.json", {}),
    "union of unknown sets": ("labels.json", {"derived": {"x": {"union": ["nope"]}}}),
    "codes of an unknown list": ("labels.json", {"derived": {"x": {"codes": "nope", "key": "a"}}}),
}


@pytest.mark.parametrize(("file", "body"), ONTOLOGIES.values(), ids=ONTOLOGIES)
def test_wrong_ontology(file: str, body: Json, tiny: Path, root: Path, run: Run) -> None:
    shutil.copytree(root / "schema" / "ontology", tiny / "ontology")
    (tiny / "ontology" / file).write_text(json.dumps(body), encoding="utf-8")
    swap(tiny / "corpus.toml", "[licences]", '[schema]\nontology = "ontology"\n\n[licences]')
    refused(run("check", tiny))


def places(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Paths to every value inside a JSON value."""
    for key in node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
        yield (*path, key)
        yield from places(node[key], (*path, key))


junk = st.sampled_from(
    [None, True, 5, "", "x", "^[a-z]$", [], ["x"], {}, {"x": {}}, ["string", "null"], "object", "array", {"type": "string"}]
)


@settings(max_examples=25, phases=[Phase.generate], derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_schema_is_used_or_refused(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str], data: st.DataObject
) -> None:
    schema = claim(title="Part", type="object", properties={"y": {"description": "Made up.", "type": ["string", "null"], "pattern": "^a$"}})
    path = data.draw(st.sampled_from(list(places(schema))))
    node = schema
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = data.draw(junk)
    corpus = with_claims(write_corpus(tmp_path_factory.mktemp("schema") / "tiny"), schema)
    code = run_cli(["check", str(corpus)])
    err = capsys.readouterr().err
    assert code in (0, 1, 2)
    if code == 2:
        says_what_to_do(err)


# --- native files -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def two_lines(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """The tiny corpus as native lines, line ends included."""
    folder = tmp_path_factory.mktemp("native")
    write_corpus(folder / "tiny")
    assert run_cli(["export", "native", str(folder / "two.jsonl"), str(folder / "tiny")]) == 0
    return (folder / "two.jsonl").read_bytes().splitlines(keepends=True)


def named(line: bytes, name: str, **changes: Any) -> bytes:
    """The same document under another id, with other fields."""
    document = json.loads(line) | {"id": name} | changes
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def packed(data: bytes, suffix: str) -> bytes:
    """Data as a native file of this name would hold it."""
    if suffix.endswith(".gz"):
        return gzip.compress(data, mtime=0)
    return bytes(pa.compress(data, codec="zstd", asbytes=True)) if suffix.endswith(".zst") else data


@pytest.fixture
def judged(tmp_path: Path, run: Run) -> Callable[[str, bytes], Outcome]:
    """What `check` says of a native file; `build` must say the same, and neither may write anything."""

    def call(name: str, data: bytes) -> Outcome:
        corpus = write_corpus(tmp_path / "tiny")
        path = tmp_path / name
        path.write_bytes(data)
        code, out, err = run("check", path, "--corpus", corpus)
        built = run("build", path, "--corpus", corpus, "--out", tmp_path / "out" / "release")
        assert built[0] == code
        if code:
            assert built[1:] == ("", out + "qantar: nothing was built.\n" if code == 1 else err)
            assert visible(tmp_path / "out") == []
        return code, out, err

    return call


Judge = Callable[[str, bytes], Outcome]


@pytest.mark.parametrize("suffix", FORMATS[1:])
@pytest.mark.parametrize("kept", [0.02, 0.5, 0.99])
def test_truncated_native_file(suffix: str, kept: float, two_lines: list[bytes], judged: Judge) -> None:
    data = packed(b"".join(named(two_lines[0], f"d{number}") for number in range(40)), suffix)
    refused(judged(f"cut{suffix}", data[: int(kept * len(data))]), f"cut{suffix} cannot be read", "Check that the file is whole.")


@pytest.mark.parametrize("suffix", FORMATS[1:])
def test_native_file_that_is_not_packed(suffix: str, two_lines: list[bytes], judged: Judge) -> None:
    refused(judged(f"plain{suffix}", b"".join(two_lines)), f"plain{suffix} cannot be read", "Check that the file is whole.")


def test_damaged_native_file(two_lines: list[bytes], judged: Judge) -> None:
    data = packed(two_lines[0], ".gz")
    refused(judged("damaged.jsonl.gz", data[:-8] + b"\0\0\0\0" + data[-4:]), "damaged.jsonl.gz cannot be read")


@pytest.mark.parametrize("suffix", FORMATS)
def test_empty_native_file(suffix: str, judged: Judge) -> None:
    only_fault(judged(f"none{suffix}", packed(b"", suffix)), f"none{suffix}: error[empty-corpus]")


def test_duplicate_documents(two_lines: list[bytes], judged: Judge) -> None:
    only_fault(judged("twice.jsonl", two_lines[0] + two_lines[1] + two_lines[0]), "twice.jsonl:3:1: error[duplicate-document]", "'one'")


@pytest.mark.parametrize(("second", "code"), [("one", "duplicate-document"), ("", "blank-line")], ids=["duplicate", "blank"])
def test_problems_of_the_file_do_not_hide_those_of_documents(second: str, code: str, two_lines: list[bytes], judged: Judge) -> None:
    first = named(two_lines[0], "one", languages_present=None)
    found = faults(judged("both.jsonl", first + (named(two_lines[0], second) if second else b"\n")))
    assert [heading.split(":")[1] for heading in found] == ["1", "2"]
    assert "error[stale-languages]" in found[0]
    assert f"error[{code}]" in found[1]


def test_fault_of_a_duplicate_is_placed_in_its_own_line(two_lines: list[bytes], tmp_path: Path, run: Run) -> None:
    (tmp_path / "twice.jsonl").write_bytes(two_lines[1] + named(two_lines[1], "two", languages_present=["uk"]))
    found = faults(run("check", tmp_path / "twice.jsonl", "--corpus", write_corpus(tmp_path / "tiny")))
    assert not any(heading.startswith("twice.jsonl:1:") for heading in found)


BAD_THIRDS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "broken": (lambda line: line.replace(b'"id":', b'"id"', 1), "error[broken-json]"),
    "blank": (lambda line: b"\n", "error[blank-line]"),
    "no object": (lambda line: b"[]\n", "error[wrong-type]"),
    "no id": (lambda line: line.replace(b'"id":"c",', b"", 1), "error[missing-field]"),
    "path-like id": (lambda line: line.replace(b'"id":"c"', b'"id":"../c"', 1), "error[malformed-value] $.id"),
    "duplicate key": (lambda line: line.replace(b'"lang":"uk"', b'"lang":"uk","lang":"en"', 1), "error[duplicate-key]"),
    "not UTF-8": (lambda line: line.replace(b'"id":"c"', b'"id":"\xff"', 1), "error[not-utf8]"),
    "NUL": (lambda line: line.replace(b'"id":"c"', b'"id":"\0"', 1), "error[nul-character]"),
    "byte order mark": (lambda line: b"\xef\xbb\xbf" + line, "error[byte-order-mark]"),
    "100,000 brackets": (lambda line: b"[" * 100_000 + b"\n", "error[too-deep]"),
    "two values": (lambda line: line[:-1] + line, "error[several-values]"),
    "float offset": (lambda line: line.replace(b'"start":0,', b'"start":0.0,', 1), "error[wrong-type]"),
    "role of another type": (
        lambda line: line.replace(b'"Demonstrator"', b'"Attacker"', 1),
        "error[unknown-role] $.events[0].arguments[0].role",
    ),
    "changed text": (lambda line: line.replace("Порт закрито".encode(), "Порт закрита".encode(), 1), "error[hash-mismatch]"),
    "wrong quote": (
        lambda line: line.replace('"quote":"докери"'.encode(), '"quote":"докеры"'.encode(), 1),
        "error[quote-mismatch] T3 $.quote",
    ),
    "wrong filler": (
        lambda line: line.replace(b'"Demonstrator","target":"T3"', b'"Demonstrator","target":"T4"', 1),
        "error[wrong-filler] E1",
    ),
    "layer listed but null": (lambda line: named(line, "c", relations=None), "error[coverage]"),
    "layer not listed": (lambda line: named(line, "c", coverage=json.loads(line)["coverage"][:-1]), "error[coverage]"),
    "stale languages": (lambda line: named(line, "c", languages_present=None), "error[stale-languages]"),
}


@pytest.mark.parametrize(("spoil", "words"), BAD_THIRDS.values(), ids=BAD_THIRDS)
def test_line_3_of_5(spoil: Callable[[bytes], bytes], words: str, two_lines: list[bytes], judged: Judge) -> None:
    lines = [named(two_lines[0], name) for name in "abcde"]
    assert spoil(lines[2]) != lines[2]
    assert only_fault(judged("five.jsonl", b"".join([*lines[:2], spoil(lines[2]), *lines[3:]])), words).startswith("five.jsonl:3:")


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("third", [b"\n", b"{}\n"], ids=["blank", "empty"])
def test_line_3_of_5_behind_the_first_block(suffix: str, third: bytes, two_lines: list[bytes], tmp_path: Path, run: Run) -> None:
    text = "Порт закрито.\n" * (native._BLOCK // 24 // 3 * 2)
    long = {"text": text, "sha256": hashlib.sha256(text.encode()).hexdigest(), "languages_present": None, "coverage": []}
    lines = [named(two_lines[0], name, **long | dict.fromkeys(LAYERS)) for name in "ab"]
    assert len(lines[0]) < native._BLOCK < len(lines[0]) + len(lines[1])
    path = tmp_path / f"long{suffix}"
    path.write_bytes(packed(b"".join([*lines, third, *(named(two_lines[0], name) for name in "de")]), suffix))
    found = faults(run("check", path, "--corpus", write_corpus(tmp_path / "tiny")))
    assert found[0].startswith(f"long{suffix}:3:1: error[")
    assert len(found) == 1 or all("missing-field" in heading for heading in found)


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("block", [1, 2, 3, 7, 64])
def test_lines_do_not_depend_on_blocks(suffix: str, block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "_BLOCK", block)
    path = tmp_path / f"lines{suffix}"
    path.write_bytes(packed(b"1\n22\r\n" + "і".encode() * 50 + b'\n{"a":1}\n\n5', suffix))
    store = NativeFile(path, corpus=write_corpus(tmp_path / "tiny"))
    assert list(store.lines()) == [(1, b"1"), (2, b"22\r"), (3, "і".encode() * 50), (4, b'{"a":1}')]
    assert [(problem.code, str(problem.place)) for problem in store.problems] == [("blank-line", f"lines{suffix}:5:1")]


@pytest.mark.parametrize("suffix", FORMATS)
def test_line_ends_that_are_fine(suffix: str, two_lines: list[bytes], judged: Judge) -> None:
    data = b"".join(two_lines)
    changed = data.replace(b"\n", b"\r\n") if suffix != ".jsonl.gz" else data.removesuffix(b"\n")
    assert changed != data
    assert judged(f"fine{suffix}", packed(changed, suffix)) == (0, "No problems.\n", "")


def test_gazetteer_of_a_native_file(two_lines: list[bytes], tmp_path: Path, run: Run) -> None:
    corpus = write_corpus(tmp_path / "tiny")
    (tmp_path / "two.jsonl").write_bytes(b"".join(two_lines))
    (corpus / "gazetteer.jsonl").write_bytes(b"\xff\n")
    outcome = run("check", tmp_path / "two.jsonl", "--corpus", corpus)
    only_fault(outcome, "gazetteer.jsonl:1:1: error[not-utf8]")
    built = run("build", tmp_path / "two.jsonl", "--corpus", corpus, "--out", tmp_path / "out" / "release")
    assert built == (1, "", outcome[1] + "qantar: nothing was built.\n")


# --- what is no input -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [["check"], ["build"], ["export", "native", "out"]])
def test_source_that_does_not_exist(command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.chdir(tmp_path)
    refused(run(*command, "nowhere"), "nowhere does not exist.", ".jsonl")
    assert tree(tmp_path) == {}


@pytest.mark.parametrize("name", ["notes.txt", "data.json", "data.jsonl.bz2", "data.parquet", "jsonl"])
def test_file_that_is_no_native_file(name: str, tmp_path: Path, run: Run) -> None:
    (tmp_path / name).write_bytes(b"{}\n")
    refused(
        run("check", tmp_path / name),
        f"{name} is no native file.",
        ".jsonl.zst. Convert other formats to a corpus folder or to native JSONL first.\n",
    )


def test_folder_that_is_no_corpus(tmp_path: Path, run: Run) -> None:
    refused(run("check", tmp_path), f"{tmp_path} is no corpus", "corpus.toml")


def test_settings_that_do_not_exist(two_lines: list[bytes], tmp_path: Path, run: Run) -> None:
    (tmp_path / "two.jsonl").write_bytes(b"".join(two_lines))
    refused(run("check", tmp_path / "two.jsonl", "--corpus", tmp_path / "nowhere" / "at-all"), "nowhere")


@pytest.fixture(scope="session")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of the tiny corpus, to copy."""
    folder = tmp_path_factory.mktemp("sealed")
    assert run_cli(["build", str(write_corpus(folder / "tiny")), "--out", str(folder / "release")]) == 0
    return folder / "release"


@pytest.fixture
def release(sealed: Path, tmp_path: Path) -> Path:
    """A release of the tiny corpus of its own."""
    return Path(shutil.copytree(sealed, tmp_path / "releases" / "tiny-1.0.0"))


def parquet(folder: Path, table: str) -> Path:
    """The one file of a table."""
    (path,) = (folder / "data" / table).glob("*.parquet")
    return path


def cut(folder: Path) -> None:
    path = parquet(folder, "documents")
    path.write_bytes(path.read_bytes()[:-50])


def another_table(folder: Path) -> None:
    shutil.copyfile(parquet(folder, "events"), parquet(folder, "documents"))


def unknown_label_id(folder: Path) -> None:
    path = parquet(folder, "documents")
    table = pq.read_table(path)
    place = table.schema.get_field_index("lang")
    pq.write_table(table.set_column(place, table.schema.field(place), pa.array([99] * len(table))), path)


def bad_gazetteer(folder: Path) -> None:
    (folder / "gazetteer.jsonl").write_bytes(b"\xff\n")


def broken_schema(folder: Path) -> None:
    (folder / "schema" / "layers" / "events.schema.json").write_text("{", encoding="utf-8")


DAMAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "a truncated table": (cut, "documents"),
    "a table in another's place": (another_table, "documents"),
    "a label id without a label": (unknown_label_id, "documents"),
    "no data": (lambda folder: shutil.rmtree(folder / "data"), "documents"),
    "no documents": (lambda folder: shutil.rmtree(folder / "data" / "documents"), "documents"),
    "no schema": (lambda folder: shutil.rmtree(folder / "schema"), "schema"),
    "no settings": (lambda folder: (folder / "corpus.toml").unlink(), "corpus.toml"),
    "gazetteer that is no text": (bad_gazetteer, "gazetteer.jsonl"),
    "broken schema": (broken_schema, "events.schema.json"),
}


@pytest.mark.parametrize(("damage", "word"), DAMAGES.values(), ids=DAMAGES)
def test_damaged_release_as_input(damage: Callable[[Path], None], word: str, release: Path, tmp_path: Path, run: Run) -> None:
    damage(release)
    code, out, err = run("check", release)
    assert code in (1, 2), "an empty or unreadable release is not fine"
    assert word in out + err
    if code == 2:
        says_what_to_do(err)
    assert run("build", release, "--out", tmp_path / "again" / "release")[0] == code
    assert not (tmp_path / "again" / "release").exists()


def test_release_with_another_text(release: Path, run: Run) -> None:
    path = parquet(release, "documents")
    table = pq.read_table(path)
    place = table.schema.get_field_index("text")
    texts = [text.replace("пише", "каже") for text in table["text"].to_pylist()]
    pq.write_table(table.set_column(place, table.schema.field(place), pa.array(texts)), path)
    only_fault(run("check", release), "documents", "error[damaged-release]", "does not hold the values that were sealed")
    reseal(release, "documents")
    only_fault(run("check", release), "two", "error[hash-mismatch]")


def reseal(release: Path, name: str) -> None:
    """Makes the manifest agree with a table of one shard, as somebody who edits a release and covers it up."""
    found = json.loads((release / "manifest.json").read_text("utf-8"))
    found["tables"][name]["digest"] = joint_digest([table_digest(pq.read_table(parquet(release, name)))])
    found["content"] = content_digest(found["tables"], found["files"])
    (release / "manifest.json").write_text(json.dumps(found), encoding="utf-8")


# --- export -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "hint"), [("brat", ""), ("frame", "Did you mean 'frames'?"), ("Native", "Did you mean 'native'?"), ("", "")]
)
def test_unknown_format(name: str, hint: str, tiny: Path, tmp_path: Path, run: Run) -> None:
    refused(run("export", name, tmp_path / "out", tiny), f"No format is called {name!r}.", hint, "There are: frames, native.")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["native", "frames"])
def test_export_onto_what_is_there(name: str, tiny: Path, tmp_path: Path, run: Run) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes").write_text("Mine.", encoding="utf-8")
    before = tree(tmp_path)
    for place in ("full", "full/notes"):
        refused(run("export", name, tmp_path / place, tiny), place, "Name a new folder")
    for place in ("full/notes/x", "full/notes/x.jsonl", "full/notes/x/y.jsonl.gz"):
        message = refused(run("export", name, tmp_path / place, tiny), f"Cannot write {tmp_path / place}")
        assert "--out" not in message, "export has no such option"
    assert tree(tmp_path) == before


@pytest.mark.parametrize("name", ["native", "frames"])
@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz", ".jsonl.zst"])
def test_export_writes_over_a_file_only_where_it_is_asked_to(name: str, suffix: str, tiny: Path, tmp_path: Path, run: Run) -> None:
    out = tmp_path / f"mine{suffix}"
    out.write_text("Mine.", encoding="utf-8")
    before = tree(tmp_path)
    refused(run("export", name, out, tiny), f"{out} is there.", "Use --replace to write it anew, or name another file.")
    assert tree(tmp_path) == before
    assert run("export", name, out, tiny, "--replace")[0] == 0
    assert run("export", name, tmp_path / f"new{suffix}", tiny)[0] == 0
    assert out.read_bytes() == (tmp_path / f"new{suffix}").read_bytes()


@pytest.mark.parametrize("name", ["native", "frames"])
def test_export_replaces_no_folder(name: str, tiny: Path, tmp_path: Path, run: Run) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes").write_text("Mine.", encoding="utf-8")
    before = tree(tmp_path)
    refused(run("export", name, tmp_path / "full", tiny, "--replace"), "full is there and not empty.", "Name a new folder")
    assert tree(tmp_path) == before


@pytest.mark.parametrize("out", ["folder", "file.jsonl", "file.jsonl.gz"])
@pytest.mark.parametrize("name", ["native", "frames"])
def test_export_of_an_invalid_corpus(name: str, out: str, tiny: Path, tmp_path: Path, run: Run) -> None:
    swap(tiny / ENTITIES, '"quote":"докери"', '"quote":"докеры"')
    code, stdout, stderr = run("export", name, tmp_path / "x" / out, tiny)
    assert (code, stdout) == (1, "")
    assert stderr == run("check", tiny)[1] + "qantar: nothing was exported.\n"
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("out", ["folder", "file.jsonl", "file.jsonl.gz"])
def test_export_that_breaks_off_leaves_nothing(out: str, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    before = tree(tmp_path)

    def one_then_full(store: object) -> Iterator[Any]:
        yield next(documents(store))
        raise OSError(28, "No space left on device")

    from qantar.formats import native as form

    documents = form.documents
    monkeypatch.setattr(form, "documents", one_then_full)
    refused(run("export", "native", tmp_path / out, tiny), out, "No space left on device")
    assert tree(tmp_path) == before


def without_events(row: Json) -> None:
    """Takes events, and what refers to them, off the coverage."""
    row["coverage"] = [part for part in row["coverage"] if part["layer"] not in ("events", "attributions", "relations")]


def test_frames_of_a_corpus_without_events(tiny: Path, tmp_path: Path, run: Run) -> None:
    for layer in ("events", "attributions", "relations"):
        swap(tiny / "corpus.toml", f', "{layer}"', "")
        shutil.rmtree(tiny / "annotations" / layer)
    for line in (1, 2):
        alter(tiny / "documents.jsonl", line, without_events)
    for name in ("clusters", "links"):
        (tiny / f"{name}.jsonl").unlink()
    assert run("check", tiny)[0] == 0
    refused(run("export", "frames", tmp_path / "out", tiny), "`events`", "Export native instead.")
    assert not (tmp_path / "out").exists()


# --- places to build to -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("replace", [[], ["--replace"]], ids=["plain", "replace"])
@pytest.mark.parametrize("manifest", [None, "", "[]", '{"name":"my-extension","version":"1.0.0","manifest_version":3}'])
def test_folder_that_is_no_release_is_not_touched(manifest: str | None, replace: list[str], tiny: Path, tmp_path: Path, run: Run) -> None:
    target = tmp_path / "out" / "work"
    target.mkdir(parents=True)
    (target / "notes").write_text("Mine.", encoding="utf-8")
    if manifest is not None:
        (target / "manifest.json").write_text(manifest, encoding="utf-8")
    before = tree(target)
    refused(run("build", tiny, "--out", target, *replace), f"{target} is there and is no release.", "nothing was touched", status=1)
    assert tree(target) == before
    assert visible(target.parent) == ["work"]


MANIFESTS = {"missing": None, "cut": b'{"format": "qantar-rel', "empty": b"", "another form": b"[]", "bare": b"{}", "no text": b"\xff\x00"}


@pytest.mark.parametrize("manifest", MANIFESTS)
def test_a_release_whose_manifest_is_broken_is_replaced_where_that_is_asked_for(
    manifest: str, tiny: Path, tmp_path: Path, run: Run
) -> None:
    target = tmp_path / "out" / "rel"
    assert run("build", tiny, "--out", target)[0] == 0
    whole = tree(target)
    (target / "manifest.json").unlink()
    if (data := MANIFESTS[manifest]) is not None:
        (target / "manifest.json").write_bytes(data)
    broken = tree(target)
    fact = f"{target} was damaged: manifest.json is not what was sealed."
    refused(run("build", tiny, "--out", target), fact, "Use --replace to put it right.", status=1)
    assert tree(target) == broken
    assert run("build", tiny, "--out", target, "--replace")[0] == 0
    assert tree(target) == whole


@pytest.mark.parametrize("mine", ["notes", "data/notes", "data/documents/mine.csv", "documents.jsonl"])
def test_a_folder_that_holds_more_than_a_broken_release_is_not_replaced(mine: str, tiny: Path, tmp_path: Path, run: Run) -> None:
    target = tmp_path / "out" / "rel"
    assert run("build", tiny, "--out", target)[0] == 0
    (target / "manifest.json").unlink()
    (target / mine).write_text("Mine.", encoding="utf-8")
    before = tree(target)
    refused(run("build", tiny, "--out", target, "--replace"), f"{target} is there and is no release.", "nothing was touched", status=1)
    assert tree(target) == before


@pytest.mark.parametrize("replace", [[], ["--replace"]], ids=["plain", "replace"])
def test_file_in_the_place_of_the_release(replace: list[str], tiny: Path, tmp_path: Path, run: Run) -> None:
    (tmp_path / "taken").write_text("Mine.", encoding="utf-8")
    refused(run("build", tiny, "--out", tmp_path / "taken", *replace), "taken is there and is no release.", status=1)
    assert (tmp_path / "taken").read_text("utf-8") == "Mine."


def test_the_corpus_itself_is_no_place_for_a_release(tiny: Path, run: Run) -> None:
    before = tree(tiny)
    refused(run("build", tiny, "--out", tiny, "--replace"), f"{tiny} is there and is no release.", status=1)
    assert tree(tiny) == before


def test_place_under_a_file(tiny: Path, tmp_path: Path, run: Run) -> None:
    (tmp_path / "afile").write_text("Mine.", encoding="utf-8")
    before = tree(tmp_path)
    refused(run("build", tiny, "--out", tmp_path / "afile" / "rel"), "Cannot write", "afile", "choose another")
    assert tree(tmp_path) == before


@needs_proc
@pytest.mark.parametrize("place", ["/proc/rel", "/proc/self/rel", "/proc/self/fd/rel/rel"])
def test_place_that_nobody_can_write_to(place: str, tiny: Path, run: Run) -> None:
    refused(run("build", tiny, "--out", place), "Cannot write /proc/", "choose another")


@needs_proc
@pytest.mark.parametrize("words", [["export", "native", "/proc/out"], ["export", "native", "/proc/out.jsonl"]])
def test_export_to_where_nobody_can_write(words: list[str], tiny: Path, run: Run) -> None:
    refused(run(*words, tiny), "Cannot write /proc/out")


@needs_proc
def test_schemas_to_where_nobody_can_write(run: Run) -> None:
    refused(run("schema", "compile", "--out", "/proc/out"), "/proc/out")


@pytest.mark.parametrize("place", ["", ".", ".."])
def test_place_without_a_name(place: str, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    here = tmp_path / "above" / "here"
    here.mkdir(parents=True)
    (here / "notes").write_text("Mine.", encoding="utf-8")
    monkeypatch.chdir(here)
    code, out, err = run("build", tiny, "--out", place)
    refused((code, out, err), status=code)
    assert code in (1, 2)
    assert visible(tmp_path) == ["above", "tiny"]
    assert visible(tmp_path / "above") == ["here"]
    assert visible(here) == ["notes"]


def test_same_version_with_other_content(tiny: Path, release: Path, run: Run) -> None:
    before = tree(release)
    swap(tiny / "corpus.toml", "Tiny corpus", "Tinier corpus")
    refused(run("build", tiny, "--out", release), f"{release} already holds version 1.0.0", "--replace", status=1)
    assert tree(release) == before
    assert visible(release.parent) == ["tiny-1.0.0"]


def test_replace(tiny: Path, release: Path, tmp_path: Path, run: Run) -> None:
    swap(tiny / "corpus.toml", "Tiny corpus", "Tinier corpus")
    assert run("build", tiny, "--out", release, "--replace")[0] == 0
    assert run("build", tiny, "--out", tmp_path / "fresh" / "tiny-1.0.0")[0] == 0
    assert tree(release) == tree(tmp_path / "fresh" / "tiny-1.0.0")
    assert visible(release.parent) == ["tiny-1.0.0", "tiny-1.0.0.build.json"]


def test_replace_where_a_link_leads_to_the_release(tiny: Path, release: Path, run: Run) -> None:
    (release.parent / "latest").symlink_to(release.name)
    swap(tiny / "corpus.toml", "Tiny corpus", "Tinier corpus")
    run("build", tiny, "--out", release.parent / "latest", "--replace")
    assert not [name for name in visible(release.parent) if name.startswith(".")]


def test_invalid_corpus_leaves_the_release_as_it_was(tiny: Path, release: Path, run: Run) -> None:
    before = tree(release)
    swap(tiny / ENTITIES, '"quote":"докери"', '"quote":"докеры"')
    code, out, err = run("build", tiny, "--out", release, "--replace")
    assert (code, out) == (1, "")
    assert err.endswith("qantar: nothing was built.\n")
    assert tree(release) == before


# --- the command line -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check", "--strict"], "usage: qantar check"),
        (["check", "--corp", "x"], "unrecognized arguments: --corp"),
        (["build", "--rep"], "unrecognized arguments: --rep"),
        (["check", "a", "b"], "unrecognized arguments: b"),
        (["bild"], "No command is called 'bild'. Did you mean 'build'? There are: accept,"),
        (["schema", "complie"], "qantar schema: error: No command is called 'complie'. Did you mean 'compile'?"),
        ([], "commands:\n"),
        (["export"], "the following arguments are required: FORMAT, OUT"),
        (["schema"], "commands:\n"),
        (["build", "--workers", "0"], "give 1 or more"),
        (["build", "--workers", "-1"], "give 1 or more"),
        (["build", "--workers", "two"], "give 1 or more"),
        (["build", "--workers", "2.0"], "give 1 or more"),
        (["build", "--workers", "٢"], "give 1 or more"),
        (["build", "--out"], "expected one argument"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, list) else "",
)
def test_wrong_use(words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert err.startswith("usage: qantar")
    assert said in err
    assert tree(tmp_path) == {}


def in_a_process(*words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """`qantar` as a user runs it."""
    line = [sys.executable, "-m", "qantar", *map(str, words)]
    return subprocess.run(line, capture_output=True, check=False, env={**os.environ, **environment}, encoding="utf-8", errors="replace")


def test_a_real_process(tiny: Path) -> None:
    swap(tiny / ENTITIES, '"quote":"докери"', '"quote":"докеры"')
    done = in_a_process("check", tiny, PYTHONUTF8="1")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith(f"tiny/{ENTITIES}:3:52: error[quote-mismatch] T3 $.quote: characters 24–30 read 'докери'")
    done = in_a_process("check", tiny / "nowhere")
    assert (done.returncode, done.stdout) == (2, "")
    says_what_to_do(done.stderr)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_output_that_cannot_show_the_text(encoding: str, tiny: Path) -> None:
    swap(tiny / ENTITIES, '"quote":"докери"', '"quote":"докеры 😀"')
    done = in_a_process("check", tiny, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert "Traceback" not in done.stderr
    assert done.returncode == 1
    assert "1 error, 0 warnings." in done.stdout


# --- the package's own words ------------------------------------------------------------------------------------------

OURS = {"QantarError", "SourceError", "SettingsError", "WorkerError", "ReleaseConflict"}


def errors_made() -> Iterator[tuple[str, ast.Call]]:
    """Every call that makes an error of ours from a fact and a remedy."""
    for path in sorted(Path(qantar.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in OURS:
                yield f"{path.name}:{node.lineno}", node


def test_every_error_has_a_remedy() -> None:
    found = list(errors_made())
    assert len(found) > 20
    assert [place for place, call in found if len(call.args) < 2] == []
