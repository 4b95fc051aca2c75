"""Stores and formats: a folder, native files and a release hold the same Documents; exports; digests of tables."""

from __future__ import annotations

import copy
import gzip
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import generate
import jsonschema
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from generate import corpora
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from oracle import Oracle, read_ontology
from qantar.checking import check
from qantar.corpus import Corpus
from qantar.formats.output import write_documents
from qantar.release.digest import joint_digest, table_digest
from qantar.store import Folder, NativeFile, ReleaseFolder, open_store
from qantar.store.gate import encode
from qantar.store.writing import write_folder
from tiny import document_line, write_lines

Run = Callable[..., tuple[int, str, str]]

SUFFIXES = (".jsonl", ".jsonl.gz", ".jsonl.zst")
ACROSS = ("clusters", "alignments", "links")
COMPILED = generate.ROOT / "schema" / "compiled"

steady = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)


@pytest.fixture(params=["tiny", "flagship"])
def folder(request: pytest.FixtureRequest, tiny: Path, root: Path) -> Path:
    """The tiny corpus, then the repository's."""
    return tiny if request.param == "tiny" else root / "corpus"


def lines_of(corpus: Corpus) -> list[bytes]:
    """The documents of a corpus as canonical lines."""
    return [encode(document) for document in corpus.documents.values()]


def across_of(corpus: Corpus) -> dict[str, list[bytes] | None]:
    """The records that span documents as canonical lines; None where there is no file."""
    files = {name: getattr(corpus, name) for name in ACROSS}
    return {name: None if records is None else [encode(record) for record in records] for name, records in files.items()}


def files_of(folder: Path) -> dict[str, bytes]:
    """The files of a folder by their relative path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def data_of(folder: Path) -> dict[str, bytes]:
    """The files of a corpus folder that hold its data: all but guidelines, passes and pages for people."""
    found = files_of(folder)
    return {
        name: data for name, data in found.items() if name.split("/")[0] not in ("guidelines", "annotators") and not name.endswith(".md")
    }


def unpacked(path: Path) -> bytes:
    """The plain content of a native file."""
    if path.name.endswith(".gz"):
        return gzip.decompress(path.read_bytes())
    with pa.input_stream(str(path), compression="zstd" if path.name.endswith(".zst") else None) as stream:
        return bytes(stream.read())


# --- folder and native ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_folder_and_native_hold_the_same_documents(folder: Path, suffix: str, tmp_path: Path, run: Run) -> None:
    corpus = Folder(folder).read()
    out = tmp_path / f"corpus{suffix}"
    assert run("export", "native", out, folder) == (0, f"{len(corpus.documents)} documents written to {out} as native.\n", "")
    store = open_store(out, corpus=folder)
    assert isinstance(store, NativeFile)
    assert [encode(document) for document in store.documents()] == lines_of(corpus)
    assert store.problems == []
    assert unpacked(out) == b"".join(line + b"\n" for line in lines_of(corpus))
    assert (store.settings, store.registry.digest) == (corpus.settings, corpus.registry.digest)


def test_a_canonical_folder_is_written_as_it_was(folder: Path, tmp_path: Path) -> None:
    write_folder(Folder(folder).read(), tmp_path / "again", settings=(folder / "corpus.toml").read_bytes())
    assert files_of(tmp_path / "again") == data_of(folder)


def test_a_native_file_takes_the_settings_beside_it(tiny: Path, run: Run) -> None:
    out = tiny / "all.jsonl"
    assert run("export", "native", out, tiny)[0] == 0
    store = NativeFile(out)
    assert (store.settings.name, store.settings.version) == ("tiny", "1.0.0")
    assert sorted(store.gazetteer()) == ["port-vell", "reuters"]
    assert run("check", out) == (0, "No problems.\n", "")


def test_a_native_file_alone_takes_the_flagships_labels(root: Path, tiny: Path, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "Мій corpus 1.x.jsonl"
    assert run("export", "native", out, tiny)[0] == 0
    store = NativeFile(out)
    flagship = Folder(root / "corpus")
    assert (store.settings.version, store.settings.shards, store.settings.layers) == ("0.0.0", 1, flagship.settings.layers)
    assert store.settings.name.isascii()
    assert store.registry.digest == flagship.registry.digest


@settings(steady, max_examples=15)
@given(corpora())
def test_any_corpus_survives_folder_and_native(corpus: Corpus) -> None:
    with tempfile.TemporaryDirectory() as name:
        toml = (generate.ROOT / "corpus" / "corpus.toml").read_bytes()
        write_folder(corpus, Path(name) / "folder", settings=toml)
        store = Folder(Path(name) / "folder")
        again = store.read()
        assert store.problems == []
        assert lines_of(again) == lines_of(corpus)
        assert across_of(again) == across_of(corpus)
        assert list(map(encode, again.gazetteer.values())) == list(map(encode, corpus.gazetteer.values()))
        write_folder(again, Path(name) / "again", settings=toml)
        assert files_of(Path(name) / "again") == files_of(store.root)
        for suffix in SUFFIXES:
            out = Path(name) / f"native{suffix}"
            assert write_documents(((one.id, encode(one)) for one in corpus.documents.values()), out) == len(corpus.documents)
            native = NativeFile(out, corpus=store.root)
            assert [encode(document) for document in native.documents()] == lines_of(corpus)
            assert native.problems == []


@pytest.mark.parametrize("text", ["\ufeffPort", "Port\ufeff", "Por\u0000t", "Port\r\n", "e\u0301"])
def test_folder_and_native_take_the_same_texts(text: str, tmp_path: Path, tiny: Path, run: Run) -> None:
    line = document_line("one", text, ())
    write_lines(tmp_path / "native" / "one.jsonl", [{**line, "text": text, "languages_present": None}])
    write_lines(tmp_path / "folder" / "documents.jsonl", [line])
    (tmp_path / "folder" / "raw").mkdir()
    (tmp_path / "folder" / "raw" / "one.txt").write_bytes(text.encode())
    for name in ("native", "folder"):
        (tmp_path / name / "corpus.toml").write_bytes((tiny / "corpus.toml").read_bytes())
    code, out, _ = run("check", tmp_path / "folder")
    assert (code == 0) == (text not in ("\ufeffPort", "Por\u0000t")), out
    assert run("check", tmp_path / "native" / "one.jsonl")[0] == code


@pytest.mark.parametrize("name", ["gazetteer", "clusters", "alignments", "links"])
def test_an_id_stands_once_in_its_file(name: str, tiny: Path) -> None:
    file = tiny / f"{name}.jsonl"
    assert check(open_store(tiny)) == []
    *_, last = file.read_text(encoding="utf-8").splitlines()
    file.write_text(f"{file.read_text(encoding='utf-8')}{last}\n", encoding="utf-8")
    assert "duplicate-id" in {problem.code for problem in check(open_store(tiny))}


# --- export -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["native", "frames"])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_exports_are_the_same_bytes_each_time(form: str, suffix: str, tiny: Path, tmp_path: Path, run: Run) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        assert run("export", form, tmp_path / name / f"x{suffix}", tiny)[0] == 0
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")
    [(name, data)] = files_of(tmp_path / "one").items()
    assert name == f"x{suffix}"
    if suffix.endswith(".gz"):
        assert data[3:8] == bytes(5), "no name of the file, no time of the day"


@pytest.mark.parametrize("form", ["native", "frames"])
def test_a_folder_of_files_holds_the_lines_of_the_one_file(form: str, folder: Path, tmp_path: Path, run: Run) -> None:
    for out in ("each", "again", "all.jsonl"):
        assert run("export", form, tmp_path / out, folder)[0] == 0
    each = files_of(tmp_path / "each")
    assert b"".join(each.values()) == (tmp_path / "all.jsonl").read_bytes()
    assert each == files_of(tmp_path / "again")
    for name, data in each.items():
        found = json.loads(data)
        assert name == f"{found['id'] if form == 'native' else found[0]['document']}.json"


def test_frames_are_the_rows_of_the_events_table(folder: Path, root: Path, tmp_path: Path, run: Run) -> None:
    corpus = Folder(folder).read()
    assert run("export", "frames", tmp_path / "frames", folder)[0] == 0
    rows = [row for data in files_of(tmp_path / "frames").values() for row in json.loads(data)]
    assert rows == Oracle.of(corpus, read_ontology(root / "schema")).tables()["events"]
    annotated = [name for name, document in corpus.documents.items() if document.events is not None]
    assert sorted(files_of(tmp_path / "frames")) == [f"{name}.json" for name in annotated]


def test_a_release_exports_what_its_corpus_does(tiny: Path, tmp_path: Path, run: Run) -> None:
    assert run("build", tiny, "--out", tmp_path / "release")[0] == 0
    assert isinstance(open_store(tmp_path / "release"), ReleaseFolder)
    for form in ("native", "frames"):
        for source, out in ((tiny, f"{form}-1.jsonl"), (tmp_path / "release", f"{form}-2.jsonl")):
            assert run("export", form, tmp_path / out, source)[0] == 0
        assert (tmp_path / f"{form}-1.jsonl").read_bytes() == (tmp_path / f"{form}-2.jsonl").read_bytes()


@pytest.mark.parametrize(("form", "schema"), [("native", "document"), ("frames", "frames")])
def test_check_jsonschema_accepts_every_exported_file(form: str, schema: str, root: Path, tmp_path: Path, run: Run) -> None:
    assert run("export", form, tmp_path / form, root / "corpus")[0] == 0
    command = [Path(sys.executable).parent / "check-jsonschema", "--schemafile", COMPILED / f"{schema}.schema.json"]
    files = sorted((tmp_path / form).glob("*.json"))
    done = subprocess.run([*map(str, command), *map(str, files)], capture_output=True, text=True, check=False)
    assert files
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


# --- the frames schema ------------------------------------------------------------------------------------------------


@pytest.fixture
def frames(tiny: Path, tmp_path: Path, run: Run) -> list[dict[str, Any]]:
    """The frames of document `one`."""
    assert run("export", "frames", tmp_path / "frames", tiny)[0] == 0
    found: list[dict[str, Any]] = json.loads((tmp_path / "frames" / "one.json").read_text(encoding="utf-8"))
    return found


def accepts_frames(rows: Any) -> bool:
    """The verdict of plain JSON Schema."""
    schema = json.loads((COMPILED / "frames.schema.json").read_text(encoding="utf-8"))
    return bool(jsonschema.Draft202012Validator(schema).is_valid(rows))


def test_frames_schema_accepts_frames(frames: list[dict[str, Any]]) -> None:
    assert accepts_frames(frames)
    assert accepts_frames([])
    assert not accepts_frames(frames[0])


@pytest.mark.parametrize(
    ("number", "changes", "verdict"),
    [
        (0, {"type": "WEAPON"}, False),
        (0, {"type": "ORG"}, False),
        (0, {"type": "ORG.security"}, True),
        (0, {"role": "Attacker"}, False),
        (0, {"role": "demonstrator"}, False),
        (0, {"role": "Time"}, False),
        (0, {"role": "Target"}, True),
        (1, {"type": "COUNT"}, False),
        (1, {"type": "TIME"}, True),
        (2, {"type": "PER"}, False),
        (2, {"type": "FAC.building"}, True),
        (2, {"role": "Topic"}, True),
        (2, {"role": "Topic", "type": "Conflict.Attack.Clash", "kind": "event"}, True),
        (2, {"kind": "thing"}, False),
    ],
)
def test_frames_schema_knows_roles_and_fillers(frames: list[dict[str, Any]], number: int, changes: dict[str, str], verdict: bool) -> None:
    frames[0]["arguments"][number] |= changes
    assert accepts_frames(frames) == verdict


def test_frames_schema_ties_roles_to_the_events_type(frames: list[dict[str, Any]]) -> None:
    frames[0]["type"] = "Conflict.Attack.Clash"
    assert not accepts_frames(frames)
    frames[0]["arguments"] = frames[0]["arguments"][1:]
    assert accepts_frames(frames)


# --- digests ----------------------------------------------------------------------------------------------------------

SPAN = pa.struct([("start", pa.int32()), ("end", pa.int32())])
SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("n", pa.int32()),
        ("label", pa.int64()),
        ("x", pa.float64()),
        ("flag", pa.bool_()),
        ("tags", pa.list_(pa.string())),
        ("spans", pa.list_(SPAN)),
        ("deep", pa.struct([("a", pa.string()), ("b", pa.list_(pa.list_(pa.int32()))), ("c", SPAN)])),
    ]
)
SCALARS = {"string": st.sampled_from(["", "a", "b", "ab", "қ", "😀"]), "double": st.sampled_from([0.0, 0.5, -2.0]), "bool": st.booleans()}


def cells(kind: pa.DataType, *, nulls: bool = True) -> st.SearchStrategy[Any]:
    """Values of an Arrow type."""
    if pa.types.is_list(kind):
        found: st.SearchStrategy[Any] = st.lists(cells(kind.value_type), max_size=3)
    elif pa.types.is_struct(kind):
        found = st.fixed_dictionaries({field.name: cells(field.type) for field in kind})
    else:
        found = SCALARS.get(str(kind), st.integers(-1, 2))
    return st.none() | found if nulls else found


rows = st.lists(st.fixed_dictionaries({field.name: cells(field.type) for field in SCHEMA}), max_size=9)


def table_of(found: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(found, SCHEMA)


def littered(values: list[Any], kind: pa.DataType) -> pa.Array:
    """The values as an array that has garbage under its nulls."""
    valid = pa.array([value is not None for value in values], pa.bool_())
    litter = junk(kind)
    filled = [litter if value is None else value for value in values]
    nulls = pa.array([value is None for value in values], pa.bool_())
    if pa.types.is_struct(kind):
        parts = [littered([value[field.name] for value in filled], field.type) for field in kind]
        return pa.StructArray.from_arrays(parts, fields=list(kind), mask=nulls)
    if pa.types.is_list(kind):
        offsets = [0]
        for value in filled:
            offsets.append(offsets[-1] + len(value))
        items = littered([item for value in filled for item in value], kind.value_type)
        return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), items, mask=nulls)
    return pa.Array.from_buffers(kind, len(values), [valid.buffers()[1], *pa.array(filled, kind).buffers()[1:]])


def junk(kind: pa.DataType) -> Any:
    """Something to lie under a null."""
    if pa.types.is_struct(kind):
        return {field.name: junk(field.type) for field in kind}
    if pa.types.is_list(kind):
        return [junk(kind.value_type)] * 2
    return {"string": "junk", "double": 9.5, "bool": True}.get(str(kind), 99)


@settings(steady, max_examples=80)
@given(rows, st.lists(st.integers(0, 9), max_size=3))
def test_digests_do_not_see_chunks_slices_or_what_nulls_cover(found: list[dict[str, Any]], cuts: list[int]) -> None:
    table = table_of(found)
    digest = table_digest(table)
    bounds = [0, *sorted(min(cut, len(found)) for cut in cuts), len(found)]
    chunks = [table.slice(one, two - one) for one, two in pairwise(bounds)]
    assert table_digest(pa.concat_tables(chunks)) == digest
    padded = pa.concat_tables([table_of([dict.fromkeys(SCHEMA.names)] * 3), table, table_of(found[:1])]).combine_chunks()
    assert table_digest(padded.slice(3, len(found))) == digest
    dirty = pa.Table.from_arrays([littered([row[field.name] for row in found], field.type) for field in SCHEMA], schema=SCHEMA)
    dirty.validate(full=True)
    assert dirty.to_pylist() == found
    assert table_digest(dirty) == digest
    assert table_digest(dirty.slice(1)) == table_digest(table.slice(1))


@settings(steady, max_examples=15)
@given(rows)
def test_digests_survive_parquet(found: list[dict[str, Any]]) -> None:
    sink = pa.BufferOutputStream()
    pq.write_table(table_of(found), sink, row_group_size=2)
    assert table_digest(pq.read_table(pa.BufferReader(sink.getvalue()))) == table_digest(table_of(found))


@settings(steady, max_examples=120)
@given(rows, st.data())
def test_digests_see_every_cell(found: list[dict[str, Any]], data: st.DataObject) -> None:
    other = copy.deepcopy(found)
    if other and data.draw(st.booleans()):
        column = data.draw(st.sampled_from(SCHEMA.names))
        other[data.draw(st.integers(0, len(other) - 1))][column] = data.draw(cells(SCHEMA.field(column).type))
    elif other:
        other = data.draw(st.permutations(other)) if data.draw(st.booleans()) else other[:-1]
    assert (table_digest(table_of(found)) == table_digest(table_of(other))) == (found == other)


@pytest.mark.parametrize(
    ("kind", "one", "two"),
    [
        (pa.string(), ["a", "bc"], ["ab", "c"]),
        (pa.string(), ["", None], [None, ""]),
        (pa.int32(), [0, None], [None, 0]),
        (pa.bool_(), [False], [None]),
        (pa.float64(), [0.0], [None]),
        (pa.list_(pa.int32()), [[1], [2]], [[1, 2], []]),
        (pa.list_(pa.int32()), [[]], [None]),
        (pa.list_(pa.int32()), [[None]], [[]]),
        (pa.list_(pa.int32()), [[1, 2]], [[2, 1]]),
        (pa.list_(pa.list_(pa.int32())), [[[1], []]], [[[], [1]]]),
        (SPAN, [None], [{"start": None, "end": None}]),
        (SPAN, [{"start": 1, "end": None}], [{"start": None, "end": 1}]),
        (SPAN, [{"start": 1, "end": 2}], [{"start": 2, "end": 1}]),
    ],
)
def test_digests_see_boundaries_nulls_and_order(kind: pa.DataType, one: list[Any], two: list[Any]) -> None:
    assert table_digest(pa.table({"a": pa.array(one, kind)})) != table_digest(pa.table({"a": pa.array(two, kind)}))


def test_digests_see_names_types_and_the_order_of_columns() -> None:
    one = pa.array([1, 2], pa.int32())
    found = [pa.table({"a": one}), pa.table({"b": one}), pa.table({"a": one.cast(pa.int64())}), pa.table({"a": one, "b": one})]
    found += [pa.table({"b": one, "a": one}), pa.table({"a": one.slice(0, 1)}), pa.table({"a": one.slice(0, 0)})]
    assert len({table_digest(table) for table in found}) == len(found)


def test_joint_digests_see_order_and_number() -> None:
    assert len({joint_digest(parts) for parts in ([], ["a"], ["b"], ["a", "b"], ["b", "a"], ["a", "b", "b"])}) == 6
