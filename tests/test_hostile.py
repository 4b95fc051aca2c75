"""What hostile input once did, or might do: hang, grow without bounds, end in a traceback, or pass in silence."""

from __future__ import annotations

import copy
import gzip
import json
import os
import signal
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qantar import decode
from qantar.checking import check
from qantar.document import beginning, reads
from qantar.likeness import nearest
from qantar.problems import Problem, shortened
from qantar.release import build
from qantar.rules import runner
from qantar.rules.circles import circles
from qantar.schema import explain
from qantar.store import gate, open_store
from spoil import alter, swap
from test_bad_input import CLAIM, claim, faults, offline, only_fault, refused, two_lines, with_claims
from tiny import write_corpus, write_lines

__all__ = ["offline", "two_lines"]  # fixtures

Outcome = tuple[int, str, str]
Run = Callable[..., Outcome]
Json = dict[str, Any]
ENTITIES = "annotations/entities/one.jsonl"


@pytest.fixture(autouse=True)
def _ends(request: pytest.FixtureRequest) -> Iterator[None]:
    """What hangs fails."""
    signal.signal(signal.SIGALRM, lambda *_: pytest.fail("it hangs"))
    signal.alarm(900 if request.node.get_closest_marker("slow") else 120)
    yield
    signal.alarm(0)


# --- what is no file --------------------------------------------------------------------------------------------------

ENDLESS = "it is a pipe, a socket or a device"


@pytest.mark.parametrize("name", ["raw/two.txt", "documents.jsonl", ENTITIES, "corpus.toml", "clusters.jsonl", "gazetteer.jsonl"])
def test_a_pipe_in_the_place_of_a_file(name: str, tiny: Path, run: Run) -> None:
    (tiny / name).unlink()
    os.mkfifo(tiny / name)
    refused(run("check", tiny), name, ENDLESS)


@pytest.mark.parametrize("name", ["schema/layers/claims.schema.json", "schema/ontology/labels.json"])
def test_a_pipe_in_the_place_of_a_schema(name: str, tiny: Path, run: Run) -> None:
    with_claims(tiny, CLAIM)
    swap(tiny / "corpus.toml", "[schema]\n", '[schema]\nontology = "schema/ontology"\n')
    (tiny / "schema/ontology").mkdir()
    (tiny / name).unlink(missing_ok=True)
    if "ontology" not in name:
        (tiny / "schema/ontology/labels.json").write_text('{"name":"a","description":"b","sets":{}}', encoding="utf-8")
    os.mkfifo(tiny / name)
    refused(run("check", tiny), name, ENDLESS)


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to("nowhere")], ids=["folder", "dead link"])
def test_what_is_no_file_is_not_taken_for_no_labels(make: Callable[[Path], None], tiny: Path, run: Run) -> None:
    (tiny / "own").mkdir()
    (tiny / "own" / "labels.json").write_text('{"name":"a","description":"b","sets":{}}', encoding="utf-8")
    make(tiny / "own" / "entities.json")
    swap(tiny / "corpus.toml", "[licences]", '[schema]\nontology = "own"\n\n[licences]')
    refused(run("check", tiny), "own/entities.json")


@pytest.mark.parametrize("name", ["all.jsonl", "all.jsonl.gz", "all.jsonl.zst"])
def test_a_pipe_as_a_native_file(name: str, tiny: Path, run: Run) -> None:
    os.mkfifo(tiny / name)
    refused(run("check", tiny / name), name, ENDLESS)


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_no_gazetteer_beside_a_native_file(make: Callable[[Path], None], tiny: Path, two_lines: list[bytes], run: Run) -> None:
    (tiny / "all.jsonl").write_bytes(b"".join(two_lines))
    (tiny / "gazetteer.jsonl").unlink()
    make(tiny / "gazetteer.jsonl")
    refused(run("check", tiny / "all.jsonl"), "gazetteer.jsonl cannot be read")


def test_a_pipe_in_the_place_of_a_manifest(tiny: Path, tmp_path: Path, run: Run) -> None:
    build(open_store(tiny), tmp_path / "release")
    (tmp_path / "release" / "manifest.json").unlink()
    os.mkfifo(tmp_path / "release" / "manifest.json")
    only_fault(run("check", tmp_path / "release"), "manifest.json: error[damaged-release]", ENDLESS)


def test_a_manifest_that_names_more_files_than_memory_holds(tiny: Path, tmp_path: Path, run: Run) -> None:
    build(open_store(tiny), tmp_path / "release")
    path = tmp_path / "release" / "manifest.json"
    found = json.loads(path.read_text("utf-8"))
    found.update(shards=65_536, tables={f"t{number}": {"rows": 1, "digest": ""} for number in range(10_000)})
    path.write_text(json.dumps(found), encoding="utf-8")
    headings = faults(run("check", tmp_path / "release"))
    assert "manifest.json lists 655,360,000 files of tables" in headings[0]
    assert len(headings) == 2


def test_a_file_beside_the_folders_of_layers(tiny: Path, run: Run) -> None:
    (tiny / "annotations" / "entities.jsonl").write_bytes(b"")
    heading = only_fault(run("check", tiny), "annotations/entities.jsonl: error[unexpected-layer-file]")
    assert "is no folder of a layer" in heading


@pytest.mark.parametrize("link", ["layers", "nowhere/..", "x" * 300])
def test_a_folder_of_schemas_that_is_none(link: str, tiny: Path, run: Run) -> None:
    with_claims(tiny, CLAIM)
    folder = tiny / "schema" / "layers"
    if link == "layers":
        (folder / "claims.schema.json").unlink()
        folder.rmdir()
        folder.symlink_to(link)
    else:
        swap(tiny / "corpus.toml", 'layers = "schema/layers"', f'layers = "{link}"')
    refused(run("check", tiny), "layers")


# --- reports are for people -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["x" * 50_000, "я" * 50_000, "\x1b" * 50_000])
def test_long_names_are_shortened(name: str, tiny: Path, run: Run) -> None:
    alter(tiny / ENTITIES, 1, lambda record: record.update({name: 1}))
    alter(tiny / ENTITIES, 2, lambda record: record.update(quote=name))
    outcome = run("check", tiny)
    assert len(faults(outcome)) == 2
    assert len(outcome[1]) < 10_000


def test_shortened_words_keep_their_ends() -> None:
    assert shortened("abc", 3) == "abc"
    assert shortened("abcdefg", 5) == "ab…fg"
    problem = Problem("broken-json", "A" + "b" * 5_000 + "c", "Do.", path=("d" * 500, 1))
    assert (len(problem.fact), problem.fact[0], problem.fact[-1], problem.remedy) == (999, "A", "c", "Do.")
    assert len(problem.json_path) < 120


def test_messages_on_stderr_cannot_forge_lines(tiny: Path, run: Run) -> None:
    swap(tiny / "corpus.toml", "shards = 1", 'shards = 1\n"\\u001b[2J\\nqantar: fine." = 1')
    assert "\x1b" not in refused(run("check", tiny), r"\x1b[2J\nqantar")


def test_names_that_are_too_long_or_too_many_are_like_no_other() -> None:
    assert nearest("entites", ["entities"]) == "entities"
    assert nearest("entites" * 20, ["entities" * 20]) is None
    assert nearest("entites", ["entities", *map(str, range(1_000))]) is None


# --- many faults cost one scan, and are listed up to a point ----------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(value=st.recursive(st.integers() | st.text("a\"\\[{,", max_size=3), lambda x: st.lists(x, max_size=4) | st.dictionaries(st.text("ab\"", max_size=2), x, max_size=4)),
       data=st.data())  # fmt: skip
def test_many_places_are_found_as_one_by_one(value: Any, data: st.DataObject) -> None:
    line = json.dumps(value).encode()
    paths = data.draw(st.lists(st.lists(st.integers(0, 3) | st.text('ab"', max_size=2), max_size=4), max_size=6))
    paths = [tuple(path) for path in paths]
    assert decode.columns(line, paths) == [decode.locate(line, path) for path in paths]


def test_places_are_those_of_the_values() -> None:
    line = b'{"a":[1,{"b":2}],"c":3}'
    assert decode.columns(line, [(), ("a",), ("a", 1), ("a", 1, "b"), ("a", 7), ("c",), ("x", 1)]) == [1, 6, 9, 14, 6, 22, 1]


@pytest.fixture
def scans(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Lengths of the lines that were searched for places."""
    found: list[int] = []
    walk = decode._walk

    def counted(source: str) -> Iterator[Any]:
        found.append(len(source))
        return walk(source)

    monkeypatch.setattr(decode, "_walk", counted)
    return found


def test_faults_of_one_line_are_found_in_one_scan(tiny: Path, scans: list[int]) -> None:
    alter(tiny / ENTITIES, 1, lambda record: record.update(spans=[{"start": "x", "end": 1}] * 500))
    assert len(check(open_store(tiny))) == 500
    assert len(scans) == 1


@pytest.mark.parametrize("kind", ["folder", "native"])
def test_faults_that_rules_find_are_placed_in_one_scan_of_their_line(
    kind: str, tiny: Path, two_lines: list[bytes], scans: list[int]
) -> None:
    row = json.loads(two_lines[1])
    row["coverage"] += [{"layer": "weather", "zones": None}] * 300
    if kind == "native":
        (tiny / "all.jsonl").write_bytes(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    else:
        alter(tiny / "documents.jsonl", 2, lambda line: line.update(coverage=row["coverage"]))
    problems = check(open_store(tiny / "all.jsonl" if kind == "native" else tiny))
    assert [problem.code for problem in problems] == ["coverage"] * 300
    assert len({problem.place for problem in problems}) == 300
    assert len(scans) == 1


def test_faults_of_one_value_are_listed_up_to_a_point(tiny: Path) -> None:
    alter(tiny / ENTITIES, 1, lambda record: record.update(spans=[{"start": "x", "end": 1}] * 5_000))
    problems = check(open_store(tiny))
    assert len(problems) == explain.MOST
    assert problems[-1].fact.endswith("; any more of this value are left out")


def test_the_rest_of_a_file_that_is_nothing_but_faults_is_left_unread(tiny: Path, run: Run) -> None:
    (tiny / ENTITIES).write_bytes(b"7\n" * (gate.MOST + 5))
    problems = check(open_store(tiny))
    assert len(problems) == gate.MOST
    assert problems[-1].place is not None
    assert problems[-1].place.line == gate.MOST
    assert problems[-1].fact.endswith("; the lines after this one were not read")


def test_the_rest_of_a_native_file_that_is_nothing_but_faults_is_left_unread(tiny: Path) -> None:
    (tiny / "all.jsonl").write_bytes(b"7\n" * (gate.MOST + 5))
    problems = check(open_store(tiny / "all.jsonl"))
    assert len(problems) == gate.MOST
    assert problems[-1].fact.endswith("; the lines after this one were not read")


def test_brackets_that_nothing_closes_are_not_held_without_end(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from qantar.store import spread

    monkeypatch.setattr(spread, "MOST", 50)
    (tiny / ENTITIES).write_bytes(b"[\n" * 120)
    problems = check(open_store(tiny))
    assert [problem.place.line for problem in problems if problem.place] == list(range(1, 121)), "line by line"


def test_ids_that_are_none_are_not_kept(tiny: Path) -> None:
    """A packed file of a few kilobytes holds long ids without number."""
    store = open_store(tiny / "all.jsonl") if (tiny / "all.jsonl").write_bytes(b'{"id":"%s"}\n' % (b"a" * 65) * 2) else None
    assert store is not None
    assert [name for _, name, _ in store.identified()] == ["?1", "?2"]  # type: ignore[union-attr]


# --- corpus.toml ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("name." + "a." * 70 + "b = 1", "a key has more than 64 parts"),
        ("[x." + "a." * 30_000 + "b]", "a key has more than 64 parts"),
        ('"q.".' + '"a".' * 70 + "b = 1", "a key has more than 64 parts"),
        ("made = " + "[" * 80 + "]" * 80, "nest deeper than 64"),
        ("\n".join("[" + ".".join(["a"] * depth) + "]" for depth in (40, 65)), "a key has more than 64 parts|nest deeper than 64"),
        ("# " + "a" * 300_000, "it has 300,"),
    ],
    ids=["dotted key", "dotted table", "quoted key", "lists", "tables", "long"],
)
def test_settings_that_would_take_for_ever(line: str, words: str, tiny: Path, run: Run) -> None:
    path = tiny / "corpus.toml"
    path.write_text(
        f"{line}\n{path.read_text('utf-8')}" if not line.startswith("[") else f"{path.read_text('utf-8')}{line}\n", encoding="utf-8"
    )
    message = refused(run("check", tiny), "corpus.toml")
    assert any(word in message for word in words.split("|"))


def test_dots_in_strings_and_comments_are_no_keys(tiny: Path, run: Run) -> None:
    swap(tiny / "corpus.toml", 'summary = "Made up."', f'summary = "Made up{"." * 99}" # and{"." * 99}')
    assert run("check", tiny)[0] == 0


# --- schemas that a corpus brings -------------------------------------------------------------------------------------

BOMB: Json = {
    f"d{level}": {"title": f"D{level}", "type": "object", "properties": {name: {"$ref": f"#/$defs/d{level + 1}"} for name in "abcd"}}
    for level in range(20)
} | {"d20": {"type": "string"}}  # fmt: skip
CHAIN: Json = {f"d{number}": {"$ref": f"#/$defs/d{number + 1}"} for number in range(3_000)} | {"d3000": {"type": "string"}}


def nested(levels: int) -> Json:
    node: Json = {"type": "string"}
    for _ in range(levels):
        node = {"type": "array", "items": node}
    return {"type": "array", "description": "Made up.", "items": node}


HUGE: dict[str, tuple[Any, str]] = {
    "references that multiply": ({**claim(**{"$ref": "#/$defs/d0"}), "$defs": BOMB}, "it has more than 10,000 parts"),
    "a chain of references": ({**claim(**{"$ref": "#/$defs/d0"}), "$defs": CHAIN}, "it nests deeper than 64"),
    "references that nest": (
        {
            **claim(**{"$ref": "#/$defs/d0"}),
            "$defs": {f"d{n}": {"type": "array", "items": {"$ref": f"#/$defs/d{n + 1}"}} for n in range(99)},
        },
        "it nests deeper than 64",
    ),
    "depth": (claim(**nested(80)), "nest deeper than 64"),
    "a million labels": (claim(type="string", enum=["x"] * 1_000_000), "bytes, 1,048,576 are allowed"),
    "a hundred thousand properties": (
        {**CLAIM, "properties": {f"p{number}": {"type": "string"} for number in range(100_000)}},
        "bytes, 1,048,576 are allowed",
    ),
    "twenty thousand properties": (
        {**CLAIM, "properties": {**CLAIM["properties"], **{f"p{number}": {"type": "string"} for number in range(20_000)}}},
        "it has more than 10,000 parts",
    ),
    "a number beyond columns": (claim(type="integer", maximum=2**64), "Bounds lie between"),
    "a float beyond columns": (claim(type="number", minimum=-1e300), "Bounds lie between"),
    "a length of a number": (claim(type="integer", minLength=3), "says nothing of the type 'integer'"),
    "a bound of a string": (claim(type="string", maximum=3), "says nothing of the type 'string'"),
    "a pattern of a list": (claim(type="array", items={"type": "string"}, pattern="^a$"), "says nothing of the type 'array'"),
    "$id elsewhere": ({**CLAIM, "$id": "https://example.org/claims"}, "$id"),
    "$dynamicRef": (claim(**{"$dynamicRef": "https://example.org/x"}), "$dynamicRef"),
    "$recursiveRef": (claim(**{"$recursiveRef": "#"}), "$recursiveRef"),
    "$ref to a name": (claim(**{"$ref": "urn:example:claims"}), "leads nowhere"),
    "$ref over http": (claim(**{"$ref": "http://127.0.0.1:9/x.schema.json#/$defs/a"}), "leads nowhere"),
    "$ref to a path": (claim(**{"$ref": "/etc/passwd#/$defs/a"}), "leads nowhere"),
    "$ref above": (claim(**{"$ref": "../../../../etc/x.schema.json#/$defs/a"}), "leads nowhere"),
}


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize(("schema", "words"), HUGE.values(), ids=HUGE)
def test_schemas_without_bounds(schema: Json, words: str, tiny: Path, run: Run) -> None:
    message = refused(run("check", with_claims(tiny, schema)), words)
    assert "claims" in message
    assert len(message) < 2_500


@pytest.mark.usefixtures("offline")
def test_a_dialect_elsewhere_is_not_fetched(tiny: Path, run: Run) -> None:
    schema = {**CLAIM, "$schema": "https://example.org/dialect"}
    assert run("check", with_claims(tiny, schema)) == (0, "No problems.\n", "")


@pytest.mark.parametrize(
    ("bounds", "good", "bad"),
    [
        ({"type": "number", "minimum": 0.5, "maximum": 1e3}, [1, 0.5, 1000, 1000.0, 7.25], [0, 0.25, 1001, 1000.5]),
        ({"type": "integer", "minimum": 0.5, "maximum": 2.5}, [1, 2], [0, 3]),
        ({"type": ["number", "null"], "minimum": -(2**53)}, [None, -1, -1.5], [-1e30]),
    ],
)
def test_bounds_of_numbers_may_be_floats(bounds: Json, good: list[Any], bad: list[Any], tiny: Path, run: Run) -> None:
    """Types take whole bounds for whole numbers; a float among them was a traceback."""
    with_claims(tiny, claim(**bounds))
    write_lines(tiny / "annotations/claims/one.jsonl", [{"id": f"Q{at}", "about": "E1", "x": one} for at, one in enumerate(good, 1)])
    assert run("check", tiny)[0] == 0
    write_lines(tiny / "annotations/claims/one.jsonl", [{"id": f"Q{at}", "about": "E1", "x": one} for at, one in enumerate(bad, 1)])
    assert ["out-of-bounds" in heading for heading in faults(run("check", tiny))] == [True] * len(bad)


@pytest.mark.parametrize(("roles", "code"), [({"enum": ["a"]}, "unknown-label"), ({"x-roles": "event-type"}, "unknown-role")])
def test_a_field_called_role_that_is_of_no_event(roles: Json, code: str, tiny: Path, run: Run) -> None:
    part = {"title": "Part", "type": "object", "properties": {"role": {"type": "string", **roles}}}
    with_claims(tiny, claim(type="array", items={"type": "array", "items": part}))
    write_lines(tiny / "annotations/claims/one.jsonl", [{"id": "Q1", "about": "E1", "x": [[{"role": "b"}]]}])
    only_fault(run("check", tiny), f"claims/one.jsonl:1:39: error[{code}] $.x[0][0].role: 'b' is no")


def test_slow_patterns_are_refused_with_their_place(tiny: Path, run: Run) -> None:
    schema = copy.deepcopy(claim(type="array", items={"type": "string", "pattern": "^(a+)+$"}))
    message = refused(
        run("check", with_claims(tiny, schema)), "schema/layers/claims.schema.json: $.properties.x.items.pattern: the pattern '^(a+)+$'"
    )
    assert "may go on in two ways with 'a', which can take for ever." in message
    assert "Write it so that the next character decides" in message


def test_patterns_of_definitions_have_a_place_too(tiny: Path, run: Run) -> None:
    schema = {**claim(type="string"), "$defs": {"a": {"type": "string", "pattern": "^(a|a)*$"}}}
    refused(run("check", with_claims(tiny, schema)), "$.$defs.a.pattern: the pattern")


def labels(number: int) -> Json:
    return {"labels": [{"label": f"l{at}", "definition": "x"} for at in range(number)], "description": "Made up."}


@pytest.mark.parametrize(
    ("file", "body"),
    [
        ("labels", {"name": "a", "description": "b", "sets": {"many": labels(10_001)}}),
        ("entities", {"name": "a", **labels(10_001)}),
        ("events", {"name": "a", "description": "b", "types": [{"type": f"t{at}", "definition": "x", "roles": {}} for at in range(2_001)]}),
    ],
)
def test_more_labels_than_anybody_reads(file: str, body: Json, tiny: Path, run: Run) -> None:
    (tiny / "own").mkdir()
    (tiny / "own" / f"{file}.json").write_text(json.dumps(body), encoding="utf-8")
    swap(tiny / "corpus.toml", "[licences]", '[schema]\nontology = "own"\n\n[licences]')
    refused(run("check", tiny), f"own/{file}.json", "are allowed")


# --- a line of 200 MB, a bomb of 1 GB ---------------------------------------------------------------------------------

PROGRAM = """
import sys
import tracemalloc
from pathlib import Path
from qantar.cli.run import run
code = run(sys.argv[1:])
(peak,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
print(code, int(peak.split()[1]) // 1024)
"""


def checked_apart(*words: object) -> tuple[int, int, str]:
    """Exit code, most memory in MiB, and report of `check` in a process of its own."""
    line = [sys.executable, "-c", PROGRAM, "check", *map(str, words)]
    done = subprocess.run(line, capture_output=True, check=True, encoding="utf-8", timeout=300)
    *report, last = done.stdout.splitlines()
    code, memory = map(int, last.split())
    return code, memory, "\n".join(report) + done.stderr


def packed(path: Path, size: int, *, head: bytes = b"", tail: bytes = b"") -> Path:
    """A packed file of one line of `size` letters between `head` and `tail`, without ever holding it."""
    with gzip.open(path, "wb", 1) if path.suffix == ".gz" else pa.output_stream(str(path), compression="zstd") as stream:
        stream.write(head)
        for _ in range(size >> 22):
            stream.write(b"a" * (1 << 22))
        stream.write(tail)
    return path


measured = pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="where the system says what memory a process took")


@measured
def test_a_bomb_of_one_line(tmp_path: Path, tiny: Path) -> None:
    code, memory, report = checked_apart(packed(tmp_path / "bomb.jsonl.zst", 1 << 30), "--corpus", tiny)
    assert (code, report.splitlines()[0].split(": ")[1]) == (1, "error[line-too-long]")
    assert memory < 1_200, "MiB; the line that is not let in has 256"


@measured
@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".jsonl.gz", ".jsonl.zst"])
def test_a_native_line_of_200_megabytes(suffix: str, tmp_path: Path, tiny: Path) -> None:
    path = packed(tmp_path / f"long{suffix}", 200 << 20, head=b'{"id":"one","x":"', tail=b'"}\n')
    code, memory, report = checked_apart(path, "--corpus", tiny)
    assert (code, "error[unknown-field]" in report, len(report) < 20_000) == (1, True, True)
    assert memory < 3_000


@measured
@pytest.mark.slow
@pytest.mark.parametrize("name", [ENTITIES, "documents.jsonl"])
def test_a_line_of_200_megabytes_in_a_folder(name: str, tiny: Path) -> None:
    field = {ENTITIES: "note", "documents.jsonl": "title"}[name]
    alter(tiny / name, 1, lambda record: record.update({field: "a" * (200 << 20)}))
    code, memory, report = checked_apart(tiny)
    assert (code, report) == (0, "No problems.")
    assert memory < 2_000
    swap(tiny / name, '"id":', '"ids":')
    code, memory, report = checked_apart(tiny)
    assert (code, len(report) < 20_000) == (1, True)
    assert memory < 3_000


def test_a_line_of_eight_megabytes_in_a_folder(tiny: Path) -> None:
    """What the slow tests see at 200, at a size that anybody can run."""
    alter(tiny / ENTITIES, 1, lambda record: record.update(note="a" * (8 << 20)))
    (record,) = [one for one in open_store(tiny).read().documents["one"].entities if one.id == "T1"]  # type: ignore[union-attr]
    assert len(record.note) == 8 << 20
    assert check(open_store(tiny)) == []
    assert msgspec.json.encode(record).count(b"a") > 8 << 20


def test_native_lines_over_blocks(tiny: Path, two_lines: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines are put together again wherever blocks end."""
    from qantar.store import native

    for size in (1, 2, 7, 100, len(two_lines[0]), len(two_lines[0]) + 1):
        monkeypatch.setattr(native, "_BLOCK", size)
        (tiny / "all.jsonl").write_bytes(b"".join(two_lines))
        store = open_store(tiny / "all.jsonl")
        assert [line + b"\n" for _, line in store.lines()] == two_lines  # type: ignore[union-attr]
        assert [number for number, _ in store.lines()] == [1, 2]  # type: ignore[union-attr]


@pytest.mark.parametrize("size", [1, 3, 50])
def test_a_line_that_is_too_long_is_refused_wherever_blocks_end(size: int, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from qantar.store import native

    monkeypatch.setattr(native, "_BLOCK", size)
    monkeypatch.setattr(decode, "MAX_LINE", 10)
    (tiny / "all.jsonl").write_bytes(b"1\n22\n" + b"3" * 40 + b"\n4\n")
    store = open_store(tiny / "all.jsonl")
    assert [line for _, line in store.lines()] == [b"1", b"22"]  # type: ignore[union-attr]
    (problem,) = store.problems
    assert (problem.code, str(problem.place)) == ("line-too-long", "all.jsonl:3:11")


def test_write_corpus_is_good(tmp_path: Path) -> None:
    assert check(open_store(write_corpus(tmp_path / "good"))) == []


# --- rules cost what the input is long --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Span:
    start: int
    end: int


class Edges(dict[str, dict[str, None]]):
    """A graph that counts how often its edges are asked for."""

    asked = 0

    def __getitem__(self, name: str) -> dict[str, None]:
        self.asked += 1
        return super().__getitem__(name)


def graph(*arrows: str) -> Edges:
    found = Edges()
    for arrow in arrows:
        start, _, end = arrow.partition(">")
        found.setdefault(start, {})[end] = None
    return found


def smallest(edges: Edges) -> list[tuple[str, str]]:
    """The smallest id of each circle, and its first step inside it."""
    return [(min(group), next(step for step in edges[min(group)] if step in group)) for group in circles(edges)]


@pytest.mark.parametrize(
    ("arrows", "expected"),
    [
        (["E1>E1"], [("E1", "E1")]),
        (["E1>E2"], []),
        (["E2>E3", "E3>E2", "E3>E1"], [("E2", "E3")]),
        (["E2>E3", "E3>E2", "E3>E1", "E1>E4"], [("E2", "E3")]),
        (["E1>E2", "E2>E1", "E3>E4", "E4>E3", "E2>E3"], [("E1", "E2"), ("E3", "E4")]),
        (["E5>E4", "E4>E3", "E3>E5", "E3>E9"], [("E3", "E5")]),
        (["E1>E2", "E1>E3", "E2>E4", "E3>E4"], []),
    ],
)
def test_circles_are_found_once_at_their_smallest_id(arrows: list[str], expected: list[tuple[str, str]]) -> None:
    """A record of a smaller id that a circle only leads to once hid the circle."""
    assert sorted(smallest(graph(*arrows))) == expected


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 7), st.integers(1, 7)), max_size=14))
def test_circles_are_those_that_walking_finds(pairs: list[tuple[int, int]]) -> None:
    edges = graph(*(f"E{one}>E{two}" for one, two in pairs))
    reach: dict[str, set[str]] = {name: set() for name in edges}
    for _ in range(9):
        for name in edges:
            reach[name] |= {two for one in edges[name] for two in {one} | reach.get(one, set())}
    expected = {min(other for other in reach if other in reach[name] and name in reach[other]) for name in reach if name in reach[name]}
    found = list(smallest(edges))
    assert sorted(start for start, _ in found) == sorted(expected)
    assert all(step in edges[start] and (step == start or start in reach[step]) for start, step in found)


def test_circles_are_looked_for_once() -> None:
    """A long chain of events is walked once, not once from each."""
    edges = graph(*(f"E{number}>E{number + 1}" for number in range(3_000)), "E3000>E1")
    assert list(smallest(edges)) == [("E1", "E2")]
    assert edges.asked < 10_000


def test_a_span_that_covers_the_text_many_times_is_not_put_together(tiny: Path) -> None:
    """A hundred thousand fragments over five megabytes would be half a terabyte."""
    text = "я" * 100_000
    spans = [Span(0, len(text))] * 1_000_000
    assert not reads(text, spans, "я")
    assert len(beginning(text, spans)) == 1_000
    assert reads(text, [Span(0, 2), Span(4, 5)], "яя я")
    assert not reads(text, [Span(0, 2), Span(4, 5)], "яя ю")
    assert reads(text, [Span(99_999, 200_000)], "я")
    assert reads(text, [Span(7, 3)], "")


def test_problems_of_one_rule_are_listed_up_to_a_point(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "MOST", 2)
    alter(tiny / "documents.jsonl", 2, lambda row: row["coverage"].extend([{"layer": f"l{at}", "zones": None} for at in range(5)]))
    found = check(open_store(tiny))
    assert [problem.code for problem in found] == ["coverage"] * 2
    assert found[1].fact == "the corpus has no layer 'l1'; any more of this rule in this document are left out"


def test_a_corpus_that_was_checked_is_not_kept(tiny: Path) -> None:
    """A process that checks many corpora once kept their labels: what may fill a role was remembered beside them."""
    import gc
    import weakref

    store = open_store(tiny)
    check(store)
    kept = weakref.ref(store.registry.ontology)
    del store
    gc.collect()
    assert kept() is None


@given(st.lists(st.sampled_from([b'"', b"\\", b"[", b"{", b"]", b"}", b"a", "я".encode(), b"\xff", b"\n"]), max_size=12).map(b"".join))
def test_brackets_are_counted_outside_strings(line: bytes) -> None:
    depth, quoted, place = 0, False, 0
    while place < len(line):
        sign = line[place : place + 1]
        if quoted and sign == b"\\":
            place += 1
        elif sign == b'"':
            quoted = not quoted
        elif not quoted:
            depth += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(sign, 0)
        place += 1
    assert decode.balance(line) == depth


def test_brackets_without_end_are_counted_in_little_memory() -> None:
    tracemalloc.start()
    assert decode.balance(b"[" * 4_000_000) == 4_000_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * 4_000_000, "a list of them takes eight bytes each"


class Unshown(str):
    """A string that notices when all of it is shown."""

    def __repr__(self) -> str:
        pytest.fail("a long value is shown whole, only to be cut")


def test_long_values_are_not_shown_whole_to_be_cut() -> None:
    assert explain._show(["a"] * 81 + [Unshown("b")]) == repr(["a"] * 16)[:77] + "…"
    assert explain._show(["ab", 1]) == "['ab', 1]"
    assert explain._show("x" * 200) == "'" + "x" * 76 + "…"


def test_a_shape_with_definitions_requires_what_it_describes(tiny: Path, run: Run) -> None:
    """A schema with `$defs` was let in although it requires a field that no record can have: its lines seemed valid."""
    schema = claim(type="string")
    schema["$defs"] = {"part": {"type": "string"}}
    schema["required"] = [*schema["required"], "aBout"]
    with_claims(tiny, schema)
    status, _, err = run("check", tiny)
    assert (status, "requires 'aBout', which it does not describe" in err) == (2, True), err
