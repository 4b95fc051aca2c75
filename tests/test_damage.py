"""A release is compared with its manifest before anything is read from it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from builds import build, manifest, write_copies
from qantar.store.sealed import AGAIN, damage
from reported import reported
from tiny import write_corpus

Run = Callable[..., tuple[int, str, str]]
EVENTS = "data/events/train-00000-of-00001.parquet"


@pytest.fixture(scope="session")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of one shard, and one of eight, to copy."""
    folder = tmp_path_factory.mktemp("sealed")
    build(write_corpus(folder / "tiny"), folder / "one")
    build(write_copies(folder / "copies", shards=8), folder / "eight")
    return folder


@pytest.fixture
def release(sealed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sealed / "one", tmp_path / "release"))


def rewrite(path: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    pq.write_table(change(pq.read_table(path)), path)


def renamed(table: pa.Table) -> pa.Table:
    return table.rename_columns(["trigger" if name == "text" else name for name in table.column_names])


def other_aspect(table: pa.Table) -> pa.Table:
    place = table.schema.get_field_index("aspect")
    return table.set_column(place, table.schema.field(place), pa.array([0] * len(table)))


def append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"\n")


def edit(release: Path, *keys: str, value: object) -> None:
    found = part = manifest(release)
    for key in keys[:-1]:
        part = part[key]
    part[keys[-1]] = value
    (release / "manifest.json").write_text(json.dumps(found), encoding="utf-8")


def own(release: Path, name: str) -> None:
    (release / name).parent.mkdir(parents=True, exist_ok=True)
    (release / name).write_bytes(b"")


def folder_at(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "fewer rows": (lambda root: rewrite(root / EVENTS, lambda table: table.slice(1)), EVENTS, f"{EVENTS} has 1 rows, 2 were sealed"),
    "other values": (lambda root: rewrite(root / EVENTS, other_aspect), EVENTS, f"{EVENTS} does not hold the values"),
    "rows in another order": (lambda root: rewrite(root / EVENTS, lambda table: table.take([1, 0])), EVENTS, "does not hold the values"),
    "a column of another name": (lambda root: rewrite(root / EVENTS, renamed), EVENTS, f"{EVENTS} does not hold the values"),
    "a column of a foreign type": (
        lambda root: rewrite(root / EVENTS, lambda table: table.append_column("when", pa.array([0, 1], pa.timestamp("s")))),
        EVENTS,
        EVENTS,
    ),
    "a cut table": (lambda root: (root / EVENTS).write_bytes((root / EVENTS).read_bytes()[:-9]), EVENTS, f"{EVENTS} cannot be read"),
    "an empty table": (lambda root: (root / EVENTS).write_bytes(b""), EVENTS, f"{EVENTS} cannot be read"),
    "a byte more": (lambda root: append(root / "reports.csv"), "reports.csv", "reports.csv does not have the bytes"),
    "another licence": (lambda root: append(root / "LICENSES" / "CC-BY-4.0.txt"), "LICENSES/CC-BY-4.0.txt", "does not have the bytes"),
    "no card": (lambda root: (root / "README.md").unlink(), "README.md", "README.md is missing"),
    "a missing table": (lambda root: (root / EVENTS).unlink(), EVENTS, f"{EVENTS} is missing"),
    "an extra file": (lambda root: own(root, "notes.txt"), "notes.txt", "notes.txt is no file of the release"),
    "an extra shard": (lambda root: own(root, "data/events/more.parquet"), "data/events/more.parquet", "is no file of the release"),
    "an extra table": (lambda root: own(root, "data/own/x.parquet"), "data/own/x.parquet", "is no file of the release"),
    "a manifest with another form": (lambda root: edit(root, "tables", value=[]), "manifest.json", "manifest.json has another form"),
    "no manifest": (lambda root: (root / "manifest.json").unlink(), "manifest.json", "manifest.json is missing"),
    "an empty manifest": (lambda root: (root / "manifest.json").write_bytes(b""), "manifest.json", "manifest.json has another form"),
    "a manifest that is no object": (lambda root: (root / "manifest.json").write_bytes(b"[]"), "manifest.json", "has another form"),
    "a manifest of deep nesting": (lambda root: (root / "manifest.json").write_bytes(b"[" * 99999), "manifest.json", "has another form"),
    "a manifest that is no UTF-8": (
        lambda root: (root / "manifest.json").write_bytes(b'{"a": "\xff"}'),
        "manifest.json",
        "has another form",
    ),
    "a manifest of another format": (lambda root: edit(root, "format", value="other/1"), "manifest.json", "has another form"),
    "a folder as manifest": (lambda root: folder_at(root / "manifest.json"), "manifest.json", "manifest.json cannot be read"),
    "a manifest of endless shards": (lambda root: edit(root, "shards", value=10**9), "manifest.json", "manifest.json has another form"),
}


@pytest.mark.parametrize(("spoil", "file", "fact"), DAMAGES.values(), ids=DAMAGES)
def test_damage_is_named_and_nothing_is_read(
    spoil: Callable[[Path], object], file: str, fact: str, release: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(release.parent)
    spoil(release)
    code, out, err = run("check", release)
    (one,) = reported(out, folder=release.name).problems
    assert (code, err) == (1, "")
    assert one.head.startswith(f"{file}: error[damaged-release]: ")
    assert fact in one.head
    assert one.remedy == ("Remove it, or get the release again." if "is no file" in fact else AGAIN)


@pytest.mark.parametrize(
    "words", [("stats", "R"), ("build", "R", "--out", "new"), ("export", "native", "new", "R"), ("tokens", "one", "R")]
)
def test_every_reader_of_a_release_compares_it(words: tuple[str, ...], release: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(release.parent)
    append(release / "reports.csv")
    code, out, err = run(*(release if word == "R" else word for word in words))
    assert (code, out) == (1, "")
    assert err.startswith(f"{release.name}/reports.csv: error[damaged-release]: ")
    assert not Path("new").exists()


def test_a_manifest_that_was_edited(release: Path) -> None:
    edit(release, "tables", "events", "rows", value=3)
    assert [(problem.place and problem.place.file, problem.fact) for problem in damage(release)] == [
        ("manifest.json", "manifest.json lists other digests than those it was sealed with"),
        (EVENTS, f"{EVENTS} has 2 rows, 3 were sealed"),
    ]


def test_all_damage_is_listed_at_once(release: Path) -> None:
    for spoil, _, _ in (DAMAGES["fewer rows"], DAMAGES["a byte more"], DAMAGES["no card"], DAMAGES["an extra file"]):
        spoil(release)
    assert sorted(str(problem.place) for problem in damage(release)) == sorted([EVENTS, "reports.csv", "README.md", "notes.txt"])


def test_shards(sealed: Path, tmp_path: Path) -> None:
    release = Path(shutil.copytree(sealed / "eight", tmp_path / "release"))
    assert list(damage(release)) == []
    shard = "data/documents/train-00003-of-00008.parquet"
    rewrite(release / shard, lambda table: table.slice(1))
    assert [problem.fact for problem in damage(release)] == ["data/documents has 9 rows, 10 were sealed"]
    (release / shard).unlink()
    assert [problem.fact for problem in damage(release)] == [f"{shard} is missing"]


def test_what_does_not_change_a_release(release: Path, run: Run) -> None:
    """Another writer of Parquet, and what hosts and desktops leave beside files."""
    path = release / EVENTS
    pq.write_table(pq.read_table(path), path, compression="none", row_group_size=1, use_dictionary=False)
    for name in (".gitattributes", ".cache/huggingface/download/x.lock", "data/events/.DS_Store"):
        own(release, name)
    assert run("check", release) == (0, "No problems.\n", "")


def test_a_contract_that_cannot_be_read(release: Path, run: Run) -> None:
    (release / "corpus.toml").write_bytes(b"=")
    code, out, err = run("check", release)
    assert (code, out) == (2, "")
    assert err.startswith(f"qantar: {release} is no whole release: ")
    assert err.endswith(f" {AGAIN}\n")


def test_a_corpus_folder_is_no_release_whatever_lies_in_it(tiny: Path, run: Run) -> None:
    for name in ("manifest.json", "README.md", "data/events/x.parquet"):
        own(tiny, name)
    assert run("check", tiny) == (0, "No problems.\n", "")


def test_a_corpus_folder_without_documents_is_no_release(tiny: Path, run: Run) -> None:
    (tiny / "documents.jsonl").unlink()
    own(tiny, "README.md")
    code, out, err = run("check", tiny)
    assert (code, out) == (2, "")
    assert "has no documents.jsonl." in err
