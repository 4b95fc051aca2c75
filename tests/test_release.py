"""Releases: the same bytes from the same corpus, reuse, own schemas, the way back to a corpus, and sealing."""

from __future__ import annotations

import ctypes
import getpass
import hashlib
import json
import re
import shutil
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from builds import Json, build, command, contents, different, edit_lines, finished_shards, manifest, replace_in, write_alone, write_copies
from qantar.checking import check
from qantar.errors import ReleaseConflict
from qantar.formats import FORMATS
from qantar.problems import has_errors
from qantar.release.digest import table_digest
from qantar.release.ingest import shard_of
from qantar.release.shard import Stamp
from qantar.release.summary import Summary, shown
from qantar.store import Folder, NativeFile, ReleaseFolder, open_store
from qantar.store.gate import encode
from qantar.store.writing import write_folder
from tiny import ONE, TWO, anchored, span, write_corpus, write_lines

INSIDE = ("documents", "segments", "sentences", "arguments")  # tables that take nothing from beside the documents


@pytest.fixture(scope="session")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of ten documents in eight shards; no test changes it."""
    return write_copies(tmp_path_factory.mktemp("copies") / "corpus")


@pytest.fixture(scope="session")
def sealed(copies: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its release, built here by one worker; no test changes it."""
    return build(copies, tmp_path_factory.mktemp("sealed") / "rel").sealed.path


@pytest.fixture(scope="session")
def reference(sealed: Path) -> dict[str, bytes]:
    """Every file of that release."""
    return contents(sealed)


def digests(release: Path) -> Json:
    return {name: table["digest"] for name, table in manifest(release)["tables"].items()}


# ---- the same bytes


SURROUNDINGS: dict[str, tuple[int, dict[str, str]]] = {
    "hash seed 1, C locale": (1, {"PYTHONHASHSEED": "1", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TZ": "Etc/GMT+12"}),
    "random hash seed, C.UTF-8": (1, {"PYTHONHASHSEED": "random", "LC_ALL": "C.UTF-8", "TZ": "Asia/Almaty"}),
    "hash seed 0, two workers": (2, {"PYTHONHASHSEED": "0", "TZ": "Pacific/Kiritimati"}),
}


@pytest.mark.parametrize("name", SURROUNDINGS)
def test_workers_locale_time_zone_and_hash_seed_do_not_matter(copies: Path, reference: dict[str, bytes], tmp_path: Path, name: str) -> None:
    workers, changes = SURROUNDINGS[name]
    target = tmp_path / "another folder" / "under" / "another-name"
    done = command("build", copies, "--out", target, "--workers", workers, **changes)
    assert (done.returncode, done.stderr) == (0, "")
    assert different(contents(target), reference) == []


def test_time_and_place_do_not_matter(copies: Path, reference: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = tmp_path / "moved" / "elsewhere"
    shutil.copytree(copies, moved)
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 4e8)
    monkeypatch.setattr(socket, "gethostname", lambda: "another-host")
    monkeypatch.chdir(tmp_path)
    assert not has_errors(check(open_store(Path("moved/elsewhere"))))
    assert different(contents(build(Path("moved/elsewhere"), Path("out")).sealed.path), reference) == []


def test_the_order_of_documents_and_of_files_does_not_matter(
    copies: Path, reference: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(copies, corpus)
    edit_lines(corpus / "documents.jsonl", list.reverse)
    glob = Path.glob
    monkeypatch.setattr(Path, "glob", lambda self, pattern, **options: reversed(list(glob(self, pattern, **options))))
    release = build(corpus, tmp_path / "rel").sealed.path
    assert different(contents(release), reference) == []
    shards = [pq.read_table(path)["id"].to_pylist() for path in sorted((release / "data" / "documents").iterdir())]
    assert shards == [sorted(names) for names in shards]
    assert [shard_of(name, 8) for names in shards for name in names] == [rank for rank, names in enumerate(shards) for _ in names]


def test_the_order_in_which_shards_are_finished_does_not_matter(
    copies: Path, reference: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qantar.release.run", lambda make, fn, items: map(fn, reversed(items)))
    assert different(contents(build(copies, tmp_path / "rel").sealed.path), reference) == []


def test_native_lines_give_the_same_tables(copies: Path, sealed: Path, tmp_path: Path) -> None:
    native = tmp_path / "corpus.jsonl"
    assert FORMATS["native"].write(open_store(copies), native) == len(list((copies / "raw").iterdir()))
    lines = build_native(native, copies, tmp_path / "lines")
    assert {name: digests(sealed)[name] for name in INSIDE} == {name: digests(lines)[name] for name in INSIDE}
    for name in ("entities", "events"):
        assert without_clusters(sealed, name) == without_clusters(lines, name)


def test_native_lines_of_a_corpus_without_records_across_documents_give_all_tables(tmp_path: Path) -> None:
    corpus, native = write_alone(tmp_path / "tiny"), tmp_path / "corpus.jsonl"
    FORMATS["native"].write(open_store(corpus), native)
    folder = build(corpus, tmp_path / "folder").sealed.path
    assert digests(folder) == digests(build_native(native, corpus, tmp_path / "lines"))


def build_native(native: Path, corpus: Path, target: Path) -> Path:
    from qantar.release import build as build_release

    return build_release(open_store(native, corpus=corpus), target).sealed.path


def without_clusters(release: Path, name: str) -> str:
    shards = [pq.read_table(path) for path in sorted((release / "data" / name).iterdir())]
    return table_digest(pa.concat_tables(shards).drop_columns(["cluster"]).combine_chunks())


# ---- what a release says and does not say


def test_a_release_does_not_say_where_when_and_by_whom_it_was_built(reference: dict[str, bytes], copies: Path, root: Path) -> None:
    for name, data in reference.items():
        assert [place for place in (copies.parent, root, Path.cwd()) if f"{place}/".encode() in data] == [], name
    text = reference["manifest.json"].decode()
    words = set(re.findall(r"[\w.-]+", text)) - {"qantar"}
    assert words & {getpass.getuser(), socket.gethostname(), "tmp", "home"} == set()
    assert re.findall(r"\d{4}-\d{2}-\d{2}|\d{2}:\d{2}|workers", text) == []
    assert [key for key in json.loads(text) if key in ("time", "date", "host", "path", "built")] == []


def test_the_manifest_lists_every_other_file(reference: dict[str, bytes]) -> None:
    named = json.loads(reference["manifest.json"])["files"]
    others = {name: data for name, data in reference.items() if name != "manifest.json" and not name.endswith(".parquet")}
    assert named == {name: hashlib.sha256(data).hexdigest() for name, data in others.items()}


def test_one_version_everywhere(tiny: Path, tmp_path: Path) -> None:
    release = build(tiny, tmp_path / "rel").sealed.path
    cff = yaml.safe_load((release / "CITATION.cff").read_text(encoding="utf-8"))
    card = yaml.safe_load((release / "README.md").read_text(encoding="utf-8").split("---\n")[1])
    settings = tomllib.loads((tiny / "corpus.toml").read_text(encoding="utf-8"))
    said = {config["version"] for config in card["configs"]} | {cff["version"], manifest(release)["version"], settings["version"]}
    assert said == {"1.0.0"}
    assert (release / "corpus.toml").read_bytes() == (tiny / "corpus.toml").read_bytes()


def cff_faults(path: Path) -> str:
    """What is wrong with a CITATION.cff after the schema of CFF 1.2.0, which check-jsonschema brings along."""
    words = [Path(sys.executable).parent / "check-jsonschema", "--builtin-schema", "vendor.citation-file-format"]
    line = [*map(str, words), "--default-filetype", "yaml", str(path)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_the_citation_is_valid_cff(root: Path, tmp_path: Path) -> None:
    path = build(root / "corpus", tmp_path / "rel").sealed.path / "CITATION.cff"
    assert path.read_bytes() == (root / "CITATION.cff").read_bytes()
    assert cff_faults(path) == ""
    cff = yaml.safe_load(path.read_text(encoding="utf-8"))
    settings = tomllib.loads((root / "corpus" / "corpus.toml").read_text(encoding="utf-8"))
    assert (cff["cff-version"], cff["type"]) == ("1.2.0", "dataset")
    assert cff["authors"] == [{"name": name} for name in settings["citation"]["authors"]]
    assert (cff["version"], cff["title"], cff["keywords"]) == (settings["version"], settings["title"], settings["citation"]["keywords"])
    path.write_text(path.read_text(encoding="utf-8").replace("authors:", "writers:"), encoding="utf-8")
    assert "writers" in cff_faults(path), "the schema sees faults"


@pytest.mark.parametrize(
    ("licence", "said"),
    [
        ("CC-BY-4.0", "CC-BY-4.0"),
        ("MIT OR Apache-2.0", ["MIT", "Apache-2.0"]),
        ("CC-BY-4.0 AND MIT", None),
        ("LicenseRef-Ours", None),
        ("MIT OR LicenseRef-Ours", None),
    ],
)
def test_the_citation_of_any_corpus_is_valid_cff(licence: str, said: object, tmp_path: Path) -> None:
    corpus = write_alone(tmp_path / "corpus")
    replace_in(corpus / "corpus.toml", 'annotations = "CC-BY-4.0"', f'annotations = "{licence}"')
    names = '["Є: «Ґ» #1", "yes", "Є: «Ґ» #1", "2031-04-01"]'
    replace_in(corpus / "corpus.toml", 'authors = ["Tiny contributors"]', f"authors = {names}\nkeywords = {names if said else '[]'}")
    path = build(corpus, tmp_path / "rel").sealed.path / "CITATION.cff"
    assert cff_faults(path) == ""
    cff = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert cff.get("license") == said
    assert [author["name"] for author in cff["authors"]] == ["Є: «Ґ» #1", "yes", "2031-04-01"]
    assert cff.get("keywords") == (["Є: «Ґ» #1", "yes", "2031-04-01"] if said else None)


# ---- again


def marks(release: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_ino, path.stat().st_mtime_ns) for path in [release, *release.rglob("*")]}


def test_building_again_says_so_and_touches_nothing(tiny: Path, tmp_path: Path, run: Callable[..., tuple[int, str, str]]) -> None:
    target = tmp_path / "rel"
    assert f"{target} built. Load it:" in run("build", tiny, "--out", target)[1]
    before = marks(target)
    code, out, err = run("build", tiny, "--out", target)
    assert (code, err) == (0, "")
    assert f"{target} was already built, nothing changed. Load it:" in out
    assert run("build", tiny, "--out", target, "--replace")[0] == 0
    assert marks(target) == before


def test_shards_are_reused_when_one_document_changes(copies: Path, tmp_path: Path) -> None:
    corpus, target = tmp_path / "corpus", tmp_path / "rel"
    shutil.copytree(copies, corpus)
    first = build(corpus, target)
    assert (first.shards, first.reused) == (8, 0)
    before = finished_shards(tmp_path)
    edit_lines(corpus / "documents.jsonl", lambda lines: lines[-1].update(title="Докери"))
    own = build(corpus, target, replace=True)
    assert (own.reused, own.sealed.unchanged) == (7, False), "only the document's own shard"
    assert len(before.items() & finished_shards(tmp_path).items()) == 7
    assert shard_of("one", 8) != shard_of("two", 8)
    edit_lines(corpus / "annotations" / "events" / "two.jsonl", lambda records: records[0].update(factuality="PR+"))
    alone = build(corpus, target, replace=True)
    assert alone.reused == 7, "a label that no row across documents takes"
    edit_lines(
        corpus / "annotations" / "events" / "two.jsonl", lambda records: records[0].update(anchored("Докери страйкували,", "страйкува"))
    )
    for name in ("clusters", "links"):
        replace_quotes(corpus / f"{name}.jsonl", "two#E1", "страйкува")
    assert build(corpus, target, replace=True).reused == 6, "its mention also stands in a row of the shard of `one`"
    fresh = build(corpus, tmp_path / "fresh" / "rel")
    assert different(contents(target), contents(fresh.sealed.path)) == []


def replace_quotes(path: Path, target: str, quote: str) -> None:
    """Gives all places that point to a record another quote."""

    def mend(node: Any) -> None:
        if isinstance(node, dict) and node.get("target") == target:
            node["quote"] = quote
        for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            mend(inner)

    edit_lines(path, mend)


def test_shards_that_no_build_needs_any_more_go(tiny: Path, tmp_path: Path) -> None:
    target = tmp_path / "rel"
    for title in ("Один", "Два", "Три"):
        edit_lines(tiny / "documents.jsonl", lambda lines, title=title: lines[0].update(title=title))
        build(tiny, target, replace=True)
    assert len(list((tmp_path / ".qantar" / "tiny" / "shards").iterdir())) == 1


# ---- sealing


def test_a_sealed_release_is_kept(tiny: Path, tmp_path: Path) -> None:
    target = build(tiny, tmp_path / "rel").sealed.path
    before = marks(target)
    edit_lines(tiny / "documents.jsonl", lambda lines: lines[0].update(title="Порт закрито"))
    with pytest.raises(ReleaseConflict, match=r"already holds version 1\.0\.0 with other content.*`version`.*--replace"):
        build(tiny, target)
    assert marks(target) == before
    assert beside(target) == {".qantar", "rel", "rel.build.json", "tiny"}


@pytest.mark.parametrize("exchange", ["in one step", "by two renames"])
def test_replace_leaves_one_release_and_no_stray_folder(tiny: Path, tmp_path: Path, exchange: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if exchange == "by two renames":
        monkeypatch.setattr(ctypes, "CDLL", no_library)
    target = build(tiny, tmp_path / "rel").sealed.path
    (target / "stray.txt").write_text("Of the old release.")
    edit_lines(tiny / "documents.jsonl", lambda lines: lines[0].update(title="Порт закрито"))
    build(tiny, target, replace=True)
    assert beside(target) == {".qantar", "rel", "rel.build.json", "tiny"}
    assert different(contents(target), contents(build(tiny, tmp_path / "fresh" / "rel").sealed.path)) == []


def no_library(*_: object, **__: object) -> None:
    raise OSError("no such library")


def beside(target: Path) -> set[str]:
    return {path.name for path in target.parent.iterdir()}


@pytest.mark.parametrize("fault", ["a shard is missing", "a shard has problems", "other versions"])
def test_nothing_is_sealed_from_unfit_shards(tmp_path: Path, fault: str) -> None:
    from qantar.problems import Problem
    from qantar.release.seal import Origin, seal
    from qantar.settings import read_settings

    corpus = write_corpus(tmp_path / "tiny", shards=2)
    settings, registry = read_settings(corpus)
    stamps = [Stamp(rank, tmp_path, {}, {}, {}, {}, {"pyarrow": "1"}) for rank in range(2)]
    broken = {
        "a shard is missing": [stamps[1]],
        "a shard has problems": [stamps[0], Stamp(1, tmp_path, {}, {}, {}, {}, {"pyarrow": "1"}, (Problem("x", "y", "z"),))],
        "other versions": [stamps[0], Stamp(1, tmp_path, {}, {}, {}, {}, {"pyarrow": "2"})],
    }
    with pytest.raises((ValueError, ReleaseConflict)):
        seal(broken[fault], Origin(settings, registry, corpus), tmp_path / "rel")
    assert beside(tmp_path / "rel") == {"tiny"}


# ---- a corpus with schemas and labels of its own


ONTOLOGY: dict[str, Json] = {
    "entities": {"name": "claims", "description": "Made up.", "labels": [{"label": "PER", "definition": "A person."}]},
    "events": {"name": "claims", "description": "Made up.", "common_roles": {}, "types": []},
}
STANCE = [{"label": "asserts", "definition": "Says that it is so."}, {"label": "doubts", "definition": "Says that it may not be so."}]


def claims_schema(root: Path) -> Json:
    entity = json.loads((root / "schema" / "layers" / "entities.schema.json").read_text(encoding="utf-8"))
    shared = {key: entity["properties"][key] for key in ("id", "spans", "quote", "note", "ignore")}
    own = {
        "stance": {"description": "What it says.", "type": "string", "x-labels": "stance", "examples": ["asserts"]},
        "weight": {"description": "How much it matters.", "type": "number", "examples": [0.5]},
        "about": {"description": "Another claim.", "type": "string", "pattern": "^C[0-9]+$", "x-refers": ["claims"], "examples": ["C2"]},
        "words": {"description": "Words that show it.", "type": "array", "items": {"type": "string"}, "examples": [["мовляв"]]},
    }
    return {
        **{key: entity[key] for key in ("$schema", "type")},
        "title": "Claim",
        "description": "A claim that somebody makes.",
        "x-anchor": "spans",
        "x-prefix": "C",
        "properties": {**shared, **own},
        "required": ["id", "spans", "quote", "stance"],
    }


CLAIMS: list[Json] = [
    {"id": "C1", **anchored(ONE, "Порт закрито"), "stance": "asserts", "weight": 0.5, "words": ["закрито"]},
    {"id": "C2", "spans": [span(ONE, "докери"), span(ONE, "Порт-Веллі")], "quote": "докери Порт-Веллі", "stance": "doubts", "about": "C1"},
]


def write_claims(corpus: Path, root: Path, place: str) -> Path:
    """A corpus of two layers, of which one is its own, with an ontology of its own; schemas lie in the folder `place`."""
    write_alone(corpus)
    shutil.rmtree(corpus / "annotations")
    labels = json.loads((root / "schema" / "ontology" / "labels.json").read_text(encoding="utf-8"))
    labels["sets"]["stance"] = {"description": "Stances.", "labels": STANCE}
    for name, body in {**ONTOLOGY, "labels": labels}.items():
        (corpus / place / "ontology").mkdir(parents=True, exist_ok=True)
        (corpus / place / "ontology" / f"{name}.json").write_text(json.dumps(body), encoding="utf-8")
    (corpus / place / "layers").mkdir()
    (corpus / place / "layers" / "claims.schema.json").write_text(json.dumps(claims_schema(root)), encoding="utf-8")
    settings = (corpus / "corpus.toml").read_text(encoding="utf-8")
    settings = re.sub("^layers = .*$", 'layers = ["segments", "claims"]', settings, flags=re.MULTILINE)
    own = f'\n[schema]\nlayers = "{place}/layers"\nontology = "{place}/ontology"\n'
    (corpus / "corpus.toml").write_text(settings + own, encoding="utf-8")
    coverage = {"one": [{"layer": "claims", "zones": None}], "two": []}
    edit_lines(corpus / "documents.jsonl", lambda lines: [line.update(coverage=coverage[line["id"]]) for line in lines])
    write_lines(corpus / "annotations" / "claims" / "one.jsonl", CLAIMS)
    return corpus


@pytest.mark.parametrize("place", ["schema", "own/shapes"])
def test_a_layer_and_labels_of_its_own(root: Path, tmp_path: Path, place: str) -> None:
    corpus = write_claims(tmp_path / "corpus", root, place)
    assert [problem.code for problem in check(open_store(corpus))] == ["unused-layer"]  # it has no zones
    release = build(corpus, tmp_path / "rel").sealed.path
    assert list(digests(release)) == ["documents"]
    table = pq.read_table(release / "data" / "documents")
    assert table.column_names[-2:] == ["segments", "claims"]
    claim = pa.struct(
        [
            ("id", pa.string()),
            ("spans", pa.list_(pa.struct([("start", pa.int32()), ("end", pa.int32())]))),
            ("quote", pa.string()),
            ("note", pa.string()),
            ("ignore", pa.list_(pa.struct([("code", pa.string()), ("reason", pa.string())]))),
            ("stance", pa.string()),
            ("weight", pa.float64()),
            ("about", pa.string()),
            ("words", pa.list_(pa.string())),
        ]
    )
    assert table.schema.field("claims").type == pa.list_(claim)
    rows = {row["id"]: row["claims"] for row in table.to_pylist()}
    assert rows["two"] is None
    assert [{key: cell for key, cell in row.items() if cell is not None} for row in rows["one"]] == CLAIMS
    read = ReleaseFolder(release).read()
    assert read.registry.ontology.labels("stance") == ("asserts", "doubts")
    assert type(read.documents["one"].claims[0]).__name__ == "Claim"
    assert plain(read.documents) == plain(Folder(corpus).read().documents)
    assert read.documents["one"].claims[1].about == "C1"


def test_a_corpus_with_a_layer_of_its_own_can_be_built_again_from_its_release(root: Path, tmp_path: Path) -> None:
    release = build(write_claims(tmp_path / "corpus", root, "schema"), tmp_path / "rel").sealed.path
    back = restore(release, tmp_path / "back")
    shutil.copytree(release / "schema", back / "schema", dirs_exist_ok=True)
    assert [problem.code for problem in check(open_store(back))] == ["unused-layer"]
    assert digests(build(back, tmp_path / "again").sealed.path) == digests(release)
    assert plain(Folder(back).read().documents)["one"]["claims"][0]["stance"] == "asserts"


def test_labels_of_its_own_are_checked(root: Path, tmp_path: Path) -> None:
    corpus = write_claims(tmp_path / "corpus", root, "schema")
    edit_lines(corpus / "annotations" / "claims" / "one.jsonl", lambda records: records[0].update(stance="assert"))
    (problem,) = check(open_store(corpus))
    assert (problem.code, str(problem.place)[:31], problem.json_path) == ("unknown-label", "annotations/claims/one.jsonl:1:", "$.stance")
    assert "asserts" in problem.remedy


def test_a_release_with_a_layer_of_its_own_loads(root: Path, tmp_path: Path) -> None:
    from datasets import load_dataset

    release = build(write_claims(tmp_path / "corpus", root, "schema"), tmp_path / "rel").sealed.path
    rows = {row["id"]: row for row in load_dataset(str(release), split="train")}
    assert [claim["stance"] for claim in rows["one"]["claims"]] == ["asserts", "doubts"]
    assert (rows["two"]["claims"], rows["one"]["claims"][1]["words"], rows["one"]["claims"][0]["weight"]) == (None, None, 0.5)


# ---- back to a corpus


def plain(documents: Any) -> Json:
    """Documents as plain data, which compares across record types."""
    return {name: msgspec.to_builtins(document) for name, document in documents.items()}


def restore(release: Path, folder: Path) -> Path:
    write_folder(ReleaseFolder(release).read(), folder, settings=(release / "corpus.toml").read_bytes())
    return folder


def shuffle_across(corpus: Path) -> Path:
    """Several clusters, alignments and links, in an order that is not that of their ids."""
    for name, prefix in (("clusters", "C"), ("alignments", "P"), ("links", "K")):
        edit_lines(corpus / f"{name}.jsonl", lambda records, prefix=prefix: multiply(records, prefix))
    return corpus


SHORTER = (("a", "one", ONE, "докери"), ("b", "two", TWO, "Докери"))


def multiply(records: list[Json], prefix: str) -> None:
    if prefix == "C":
        chosen = [{"target": target, "quote": quote} for target, quote in (("two#T2", "Reuters"), ("one#T2", "Reuters"))]
        records.insert(0, {"id": "C10", "kind": "entity", "type": "ORG.media", "members": chosen})
    elif prefix == "K":
        records.insert(0, {**records[0], "id": "K10", "head": records[0]["tail"], "tail": records[0]["head"]})
    else:
        shorter = {side: {"document": name, **anchored(text, quote)} for side, name, text, quote in SHORTER}
        records.insert(0, {**records[0], "id": "P10", **shorter})


@pytest.mark.parametrize("kind", ["tiny", "copies", "shuffled", "flagship"])
def test_a_corpus_can_be_built_again_from_its_release(root: Path, tmp_path: Path, kind: str) -> None:
    corpus = {
        "tiny": lambda: write_corpus(tmp_path / "corpus"),
        "copies": lambda: write_copies(tmp_path / "corpus"),
        "shuffled": lambda: shuffle_across(write_corpus(tmp_path / "corpus")),
        "flagship": lambda: root / "corpus",
    }[kind]()
    release = build(corpus, tmp_path / "rel").sealed.path
    back = restore(release, tmp_path / "back")
    assert check(open_store(back)) == []
    assert digests(build(back, tmp_path / "again").sealed.path) == digests(release)
    assert plain(Folder(back).read().documents) == plain(Folder(corpus).read().documents)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("190", "190"),
        ("190.0", "190"),
        ("1.9e2", "190"),
        ("0.5", "0.5"),
        ("0", "0"),
        ("-0.0", "-0.0"),
        ("-3.0", "-3"),
        ("9007199254740992", "9007199254740992"),
        ("9007199254740992.0", "9007199254740992"),
    ],
)
def test_numbers_come_back_as_the_same_bytes(written: str, canonical: str, tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus")
    path = corpus / "annotations" / "values" / "one.jsonl"
    value = json.dumps({"id": "V2", **anchored(ONE, "14"), "type": "COUNT", "min": 0}, ensure_ascii=False, separators=(",", ":"))
    path.write_text(path.read_text(encoding="utf-8") + value.replace('"min":0', f'"min":{written}') + "\n", encoding="utf-8")
    release = build(corpus, tmp_path / "rel").sealed.path
    documents = [Folder(corpus).read().documents["one"], ReleaseFolder(release).read().documents["one"]]
    lines = {encode(document) for document in documents}
    native = tmp_path / "one.jsonl"
    native.write_bytes(encode(documents[0]).replace(f'"min":{canonical}'.encode(), f'"min":{written}'.encode()) + b"\n")
    lines |= {encode(document) for document in NativeFile(native, corpus=corpus).documents()}
    assert len(lines) == 1
    assert f'"min":{canonical}}}'.encode() in lines.pop()
    again = restore(release, tmp_path / "back") / "annotations" / "values" / "one.jsonl"
    assert again.read_text(encoding="utf-8") == path.read_text(encoding="utf-8").replace(f'"min":{written}', f'"min":{canonical}')


def test_a_restored_folder_has_the_same_bytes(root: Path, tmp_path: Path) -> None:
    back = restore(build(root / "corpus", tmp_path / "rel").sealed.path, tmp_path / "back")
    for name, data in contents(back).items():
        if name != "clusters.jsonl":  # chains are whole there: each mention is a member
            assert data == (root / "corpus" / name).read_bytes(), name


def test_a_release_is_itself_a_source(sealed: Path, reference: dict[str, bytes], tmp_path: Path) -> None:
    assert check(open_store(sealed)) == []
    assert different(contents(build(sealed, tmp_path / "again").sealed.path), reference) == []


# ---- what the card says of the documents


@pytest.mark.parametrize("shards", [1, 4])
def test_the_card_and_manifest_count_what_was_annotated(shards: int, tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "tiny", shards=shards)

    def change(lines: list[Json]) -> None:
        lines[0]["coverage"] = [entry for entry in lines[0]["coverage"] if entry["layer"] != "relations"]
        lines[0]["rights"]["redistribute"] = False

    edit_lines(corpus / "documents.jsonl", change)
    lines = [json.loads(line) for line in (corpus / "documents.jsonl").read_text(encoding="utf-8").splitlines()]
    (corpus / "annotations" / "relations" / f"{lines[0]['id']}.jsonl").unlink(missing_ok=True)
    replace_in(corpus / "corpus.toml", f"shards = {shards}", f'made = "By hand."\nshards = {shards}')
    build(corpus, tmp_path / "release")
    found = manifest(tmp_path / "release")["documents"]
    layers = [entry["layer"] for line in lines for entry in line["coverage"]]
    assert found["annotated"] == {layer: layers.count(layer) for layer in layers}
    assert (found["documents"], found["redistributable"]) == (len(lines), sum(line["rights"]["redistribute"] for line in lines))
    card = (tmp_path / "release" / "README.md").read_text(encoding="utf-8")
    assert f"| `relations` | {layers.count('relations')} of {len(lines)} |" in card
    assert "## How the labels were made\n\nBy hand.\n" in card
    assert f"Texts that may be passed on: {found['redistributable']} of {len(lines)};" in card


def test_a_card_does_not_hide_that_nobody_said_how_labels_were_made(tiny: Path, tmp_path: Path) -> None:
    build(tiny, tmp_path / "release")
    assert "The corpus does not say (`made` in corpus.toml)." in (tmp_path / "release" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("configs", "annotated", "found"),
    [
        (["documents", "entities", "events"], {"events": 2, "entities": 2}, "events"),
        (["documents", "entities", "events"], {"events": 1, "entities": 2}, "entities"),
        (["documents", "sentences"], {"sentences": 2, "events": 2}, "sentences"),
        (["documents", "events"], {"events": 1}, "documents"),
        (["documents"], {}, "documents"),
    ],
)
def test_the_config_shown_first_lacks_no_document(configs: list[str], annotated: dict[str, int], found: str) -> None:
    assert shown(configs, Summary(documents=2, annotated=annotated)) == found
