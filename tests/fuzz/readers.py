"""The readers under test, and good input for each: lines in memory, files of Documents, whole folders, releases."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import jsonschema_rs
import pyarrow as pa
from qantar import decode
from qantar.checking import check
from qantar.cli.run import run as run_cli
from qantar.errors import InvalidCorpus, QantarError
from qantar.problems import Problem, has_errors
from qantar.release import build
from qantar.reporting import View
from qantar.rules import Context
from qantar.rules.runner import check_document
from qantar.store import open_store
from qantar.store.gate import Gate, encode
from qantar.store.native import placed_in_line, read_document
from qantar.store.sealed import content_digest
from qantar.store.writing import write_folder
from tiny import write_corpus

from fuzz import kinds, oracle, shapes

Files = dict[str, bytes]
#: What an answer comes to: how the input was taken, by which codes.
Answer = tuple[str, set[str]]

CLAIM = {
    "title": "Claim", "description": "A claim.", "x-anchor": "none", "x-prefix": "Q", "type": "object",
    "properties": {
        "id": {"description": "Id.", "$ref": "../common.schema.json#/$defs/local-id"},
        "about": {"description": "The event.", "type": "string", "x-refers": ["events"]},
        "kind": {"description": "A label.", "type": ["string", "null"], "x-labels": "claim-kind"},
        "year": {"description": "A year.", "type": ["string", "null"], "pattern": "^[0-9]{4}$", "x-date": "calendar"},
        "parts": {"description": "Parts.", "type": "array", "minItems": 1, "items": {"$ref": "#/$defs/part"}},
        "weight": {"description": "A number.", "type": ["number", "null"], "minimum": 0, "maximum": 1e6},
    },
    "required": ["id", "about"],
    "$defs": {
        "part": {"title": "Part", "type": "object", "properties": {"text": {"description": "Text.", "type": "string", "minLength": 1, "maxLength": 90}}}
    },
}  # fmt: skip
CLAIMS = [{"id": "Q1", "about": "E1", "kind": "open", "year": "2031", "parts": [{"text": "я"}], "weight": 1.5}, {"id": "Q2", "about": "E1"}]
LABELS = {"name": "own", "description": "Own labels.", "sets": {
    "claim-kind": {"description": "Kinds.", "labels": [{"label": "open", "definition": "Open."}, {"label": "shut", "definition": "Shut."}]}
}}  # fmt: skip


def files_of(root: Path) -> Files:
    """Bytes of every regular file under a folder, by relative path; links are not followed."""
    paths = (path for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def write_files(root: Path, files: Files) -> None:
    """A new folder with these files."""
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def values_of(data: bytes) -> list[Any]:
    """The JSON values of lines."""
    return [json.loads(line) for line in data.split(b"\n")[:-1]]


class World:
    """Good input of every kind, and what reads it; `home` is a folder of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        write_corpus(home / "tiny")
        store = open_store(home / "tiny")
        corpus = store.read()  # type: ignore[union-attr]
        self.registry = store.registry
        self.context = Context(self.registry, corpus.gazetteer)
        self.tiny = files_of(home / "tiny")
        self.own = self._with_own(self.tiny)
        self.lines: Files = {"document": b"".join(encode(one) + b"\n" for one in corpus.documents.values())}
        for name in ("documents", "clusters", "alignments", "links", "gazetteer"):
            self.lines[f"corpus/{name}"] = self.tiny[f"{name}.jsonl"]
        for layer in self.registry.layers:
            self.lines[f"layers/{layer}"] = self.tiny[f"annotations/{layer}/one.jsonl"]
        self.gates = {name: Gate(self.registry, name) for name in self.lines}
        self.validators = {name: jsonschema_rs.Draft202012Validator(self.registry.public(name)) for name in self.lines}
        build(store, home / "release")
        self.release = files_of(home / "release")
        self.documents = [encode(one) for one in corpus.documents.values()]

    def _with_own(self, files: Files) -> Files:
        """The tiny corpus with a layer and labels of its own."""
        toml = files["corpus.toml"].decode().replace('"relations"]', '"relations", "claims"]')
        toml = toml.replace("[licences]", '[schema]\nlayers = "schema/layers"\nontology = "schema/ontology"\n\n[licences]')
        documents = values_of(files["documents.jsonl"])
        documents[0]["coverage"].append({"layer": "claims", "zones": None})
        return {
            **files,
            "corpus.toml": toml.encode(),
            "documents.jsonl": shapes.encoded(documents),
            "annotations/claims/one.jsonl": shapes.encoded(CLAIMS),
            "schema/layers/claims.schema.json": json.dumps(CLAIM).encode(),
            "schema/ontology/labels.json": json.dumps(LABELS).encode(),
        }


def damaged(chance: Random, data: bytes, kind: str) -> bytes:
    """Good lines with damage of this kind; values are rehashed in half of the cases, so that rules see them."""
    if kind in kinds.DAMAGES:
        return kinds.DAMAGES[kind](chance, data)
    try:
        values = values_of(data) or [{}]
    except ValueError:  # damaged before
        return kinds.piece(chance, data)
    if kind in shapes.SPELLINGS:
        return shapes.SPELLINGS[kind](chance, values)
    for _ in range(chance.choice((1, 1, 1, 2))):
        values = shapes.CHANGES[kind](chance, values)
    return shapes.encoded(_rehashed(values) if chance.random() < 0.5 else values)


def _rehashed(values: list[Any]) -> list[Any]:
    for value in values:
        if isinstance(value, dict) and isinstance(value.get("text"), str):
            value["sha256"] = hashlib.sha256(value["text"].encode("utf-8", "surrogatepass")).hexdigest()
    return values


KINDS = (*kinds.DAMAGES, *shapes.CHANGES, *shapes.SPELLINGS)


# --- in memory --------------------------------------------------------------------------------------------------------


def read_lines(world: World, name: str, data: bytes) -> Answer:
    """Lines of one shape through the gate; Documents through the rules too."""
    gate, file, rows = world.gates[name], "file.jsonl", oracle.rows_of(data)
    numbers, problems = [], []
    for number, record, found, _ in gate.lines(data, file):
        numbers.append(number)
        oracle.demand((record is None) == bool(found), "a line is a record or has problems", number, record, found)
        problems += found
        if record is not None:
            oracle.nothing_lost(rows[number - 1], record, world.validators[name])
            problems += _ruled(world, rows[number - 1], file, number) if name == "document" else []
    if not has_errors(problems):
        oracle.demand(numbers == list(range(1, len(rows) + 1)), "every line was read", numbers, len(rows))
    return _answer(oracle.judged(problems, {file: data}), problems)


def _ruled(world: World, line: bytes, file: str, number: int) -> list[Any]:
    columns, problems = read_document(world.gates["document"], line, file, number)
    if columns is None:
        return problems
    return placed_in_line(check_document(columns.root, world.context, columns=columns), line, file, number)


def read_text(world: World, name: str, data: bytes) -> Answer:
    """The text of a document."""
    try:
        found = decode.text(data)
    except decode.Refused as refused:
        rows = oracle.rows_of(data)
        oracle.demand(refused.code in oracle.CODES and refused.fact and refused.remedy, "it is well said", refused)
        oracle.demand(1 <= refused.line <= len(rows) + 1 and refused.column >= 1, "it is well placed", refused)
        return "refused", {refused.code}
    oracle.demand(found.encode() == data and "\0" not in found and not found.startswith("\ufeff"), "the text is what the bytes say", found)
    return "accepted", set()


def _answer(codes: set[str], problems: Iterable[Problem]) -> Answer:
    return ("refused" if has_errors(problems) else "accepted"), codes


# --- files and folders ------------------------------------------------------------------------------------------------


def checked(path: Path, **options: Any) -> tuple[list[Any] | None, str]:
    """The problems of a store, or None and the message of what refuses it as a whole."""
    try:
        store = open_store(path, **options)
        problems = check(store)
        oracle.reported(problems, View(store))
        return problems, ""
    except InvalidCorpus as error:
        return list(error.problems), ""
    except QantarError as error:
        oracle.demand(error.fact.strip() and str(error).endswith("."), "the message is whole", str(error))
        oracle.demand(len(str(error)) <= oracle.LONGEST, "the message is short", str(error))
        return None, str(error)


def native_file(world: World, chance: Random, kind: str) -> tuple[Files, Callable[[Path], Answer]]:
    """A file of Documents: plain, packed, or packed and then damaged."""
    suffix = chance.choice((".jsonl", ".jsonl.gz", ".jsonl.zst"))
    inside = kind not in kinds.DAMAGES or chance.random() < 0.5
    data = damaged(chance, world.lines["document"], kind) if inside else world.lines["document"]
    packed = (
        gzip.compress(data, mtime=0)
        if suffix == ".jsonl.gz"
        else pa.compress(data, "zstd", asbytes=True)
        if suffix == ".jsonl.zst"
        else data
    )
    file = f"all{suffix}"
    if not inside:
        packed = data = kinds.DAMAGES[kind](chance, packed)

    def judge(root: Path) -> Answer:
        problems, message = checked(root / file, corpus=world.home / "tiny")
        if problems is None:
            return "refused as a whole", {_start(message)}
        seen = data if inside or suffix == ".jsonl" else _unpacked(suffix, data)
        codes = oracle.judged(problems, {file: seen} if seen is not None else {})
        if not has_errors(problems):
            _all_there(world, root / file, seen or b"")
        return _answer(codes, problems)

    return {file: packed}, judge


def _unpacked(suffix: str, data: bytes) -> bytes | None:
    try:
        return gzip.decompress(data) if suffix == ".jsonl.gz" else pa.input_stream(pa.BufferReader(data), compression="zstd").read()
    except (OSError, EOFError, ValueError):
        return None


def _all_there(world: World, path: Path, data: bytes) -> None:
    documents = list(open_store(path, corpus=world.home / "tiny").documents())  # type: ignore[union-attr]
    rows = oracle.rows_of(data)
    oracle.demand(len(rows) == len(documents), "every line was read", len(rows), len(documents))
    for line, document in zip(rows, documents, strict=True):
        oracle.nothing_lost(line, document, world.validators["document"])


def folder(world: World, chance: Random, kind: str) -> tuple[Files, Callable[[Path], Answer]]:
    """A corpus folder with damage to one or two of its files."""
    files = dict(chance.choice((world.tiny, world.tiny, world.own)))
    for _ in range(chance.choice((1, 1, 2))):
        name = chance.choice(sorted(files))
        files[name] = _damaged_file(chance, name, files[name], kind)
    if chance.random() < 0.5:
        _rehash(files)
    return files, lambda root: judge_folder(root)


def contract(world: World, chance: Random, kind: str) -> tuple[Files, Callable[[Path], Answer]]:
    """A corpus with damage to its settings, or to a schema or labels of its own."""
    files = dict(world.own)
    name = chance.choice(("corpus.toml", "schema/layers/claims.schema.json", "schema/ontology/labels.json"))
    files[name] = _damaged_file(chance, name, files[name], kind)
    return files, lambda root: judge_folder(root)


def _damaged_file(chance: Random, name: str, data: bytes, kind: str) -> bytes:
    if name.endswith(".jsonl"):
        return damaged(chance, data, kind)
    if name.endswith(".json"):
        return damaged(chance, json.dumps(json.loads(data)).encode(), kind) if kind not in kinds.DAMAGES else damaged(chance, data, kind)
    return damaged(chance, data, kind if kind in kinds.DAMAGES else chance.choice(list(kinds.DAMAGES)))


def _rehash(files: Files) -> None:
    """documents.jsonl with the hashes of the texts that are there."""
    try:
        rows = values_of(files["documents.jsonl"])
    except ValueError:
        return
    for row in rows:
        if isinstance(row, dict) and f"raw/{row.get('id')}.txt" in files:
            row["sha256"] = hashlib.sha256(files[f"raw/{row['id']}.txt"]).hexdigest()
    files["documents.jsonl"] = shapes.encoded(rows)


def judge_folder(root: Path) -> Answer:
    """What `check` says of a folder; nothing only where writing it back yields the same values."""
    problems, message = checked(root)
    if problems is None:
        return "refused as a whole", {_start(message)}
    codes = oracle.judged(problems, files_of(root))
    if not has_errors(problems):
        _written_back(root)
    return _answer(codes, problems)


def _written_back(root: Path) -> None:
    store = open_store(root)
    corpus = store.read()  # type: ignore[union-attr]
    again = root.with_name("again")
    shutil.rmtree(again, ignore_errors=True)
    write_folder(corpus, again, settings=(root / "corpus.toml").read_bytes())
    before, after = files_of(root.resolve()), files_of(again)
    ours = ("raw/", "annotations/", *(f"{name}.jsonl" for name in ("documents", "clusters", "alignments", "links", "gazetteer")))
    kept = {name for name in before if name.startswith(ours) and not name.split("/")[-1].startswith(".")}
    written = {name for name in after if name.endswith(("jsonl", ".txt"))}
    oracle.demand(kept == written, "every file was read", kept ^ written)
    shape = {f"annotations/{layer}": f"layers/{layer}" for layer in store.registry.layers}
    for name in kept:
        if name.endswith(".txt"):
            oracle.demand(before[name] == after[name], "texts are kept", name)
            continue
        rows, found = ([oracle.strict(line) for line in oracle.rows_of(data[name])] for data in (before, after))
        if name == "documents.jsonl":
            rows.sort(key=lambda row: row["id"])
        oracle.demand(oracle.same(rows, found), "writing it back yields the same values", name, rows, found)
        public = store.registry.public(shape.get(name.rpartition("/")[0], f"corpus/{name.removesuffix('.jsonl')}"))
        validator = jsonschema_rs.Draft202012Validator(public)
        oracle.demand(all(map(validator.is_valid, rows)), "a plain validator accepts it too", name, rows)
    oracle.demand(not has_errors(check(open_store(again))), "what was written back has no errors")


# --- the file system --------------------------------------------------------------------------------------------------


def _folder_there(path: Path) -> None:
    path.mkdir()


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _to_itself(path: Path) -> None:
    path.symlink_to(path.name)


def _to_above(path: Path) -> None:
    path.symlink_to("..")


def _out(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _dead(path: Path) -> None:
    path.symlink_to("nowhere")


def _lost(path: Path) -> None:
    """Nothing is there any more."""


def _locked(path: Path) -> None:
    path.write_bytes(b"")
    path.chmod(0)


TRICKS: dict[str, Callable[[Path], None]] = {
    "a folder": _folder_there, "a pipe": _pipe, "a link to itself": _to_itself, "a link above": _to_above, "a link out": _out,
    "a link to a device": _device, "a dead link": _dead, "nothing": _lost, "no rights": _locked,
}  # fmt: skip
STRAYS = ("raw/../x.txt", "raw/CON.txt", "raw/o\nne.txt", "raw/\x1b[31m.txt", "raw/\udcff.txt", "raw/one.txt.txt", "raw/оne.txt", "raw/" + "x" * 250,
          "annotations/entities/two.json", "annotations/\u202e/one.jsonl", "annotations/entities/one.jsonl/x", "annotations/x.jsonl", "raw/.hidden",
          "manifest.json", "data/x/y.parquet")  # fmt: skip


def tricked(world: World, chance: Random, kind: str) -> tuple[Files, Callable[[Path], Answer]]:
    """A corpus in which something else is where a file or folder was; `kind` says what."""
    files = dict(chance.choice((world.tiny, world.own)))
    targets = sorted({*files, *(str(Path(name).parent) for name in files)} - {"."})
    target, extra = chance.choice(targets), chance.choice((None, None, *STRAYS))

    def judge(root: Path) -> Answer:
        path = root / target
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        TRICKS[kind](path)
        if extra is not None:
            _stray(root / extra, chance)
        return judge_folder(root)

    return files, judge


def _stray(path: Path, chance: Random) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(chance.randbytes(9))
    except OSError:
        return


# --- releases ---------------------------------------------------------------------------------------------------------


def release(world: World, chance: Random, kind: str) -> tuple[Files, Callable[[Path], Answer]]:
    """A release with damage to a file, covered up in the manifest in half of the cases."""
    files = dict(world.release)
    name = chance.choice(sorted(files))
    if name.endswith(".json") and kind not in kinds.DAMAGES:
        files[name] = damaged(chance, json.dumps(json.loads(files[name])).encode(), kind)
    else:
        files[name] = _damaged_file(chance, name, files[name], kind)
    if chance.random() < 0.5 and name != "manifest.json":
        _cover_up(files)

    def judge(root: Path) -> Answer:
        problems, message = checked(root)
        if problems is None:
            return "refused as a whole", {_start(message)}
        for problem in problems:
            oracle.well_said(problem)
            oracle.demand(problem.place or problem.document, "the problem is somewhere", problem)
        if not has_errors(problems):
            again = [encode(one) for one in open_store(root).read().documents.values()]  # type: ignore[union-attr]
            oracle.demand(again == world.documents, "a release that is whole holds what was built")
        return _answer({problem.code for problem in problems}, problems)

    return files, judge


def _cover_up(files: Files) -> None:
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = {name: hashlib.sha256(files[name]).hexdigest() for name in manifest["files"]}
    manifest["content"] = content_digest(manifest["tables"], manifest["files"])
    files["manifest.json"] = json.dumps(manifest).encode()


# --- commands ---------------------------------------------------------------------------------------------------------


def commands(world: World, chance: Random, kind: str) -> tuple[Files, Callable[[Path], Answer]]:
    """A corpus of any kind, through the commands that read one: they agree, and none says what a terminal would obey."""
    made, known = chance.choice((folder, contract, tricked)), kind
    if made is tricked:
        known = chance.choice(list(TRICKS))
    files, judge = made(world, chance, known)

    def judge_all(root: Path) -> Answer:
        answer = judge(root)
        out = root.parent / "out"
        codes = [
            _ran("check", root),
            _ran("stats", root),
            _ran("export", "native", out / "native", root),
            _ran("build", root, "--out", out / "release"),
        ]
        wanted = {"refused as a whole": 2, "accepted": 0}.get(answer[0], codes[0])
        oracle.demand(codes == [wanted] * 4, "the commands agree", codes, answer)
        return answer

    return files, judge_all


def _ran(*words: object) -> int:
    """The exit code of a command line, whose words are printable."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        code = run_cli(list(map(str, words)))
    oracle.demand(all(line.isprintable() for line in out.getvalue().split("\n")), "output is printable", out.getvalue())
    return code


def _start(message: str) -> str:
    """What is the same in like messages: their last sentence."""
    return message.rstrip(".").rpartition(". ")[2][:60]


ON_DISK: dict[str, tuple[Callable[[World, Random, str], tuple[Files, Callable[[Path], Answer]]], tuple[str, ...]]] = {
    "folder": (folder, KINDS),
    "contract": (contract, KINDS),
    "file system": (tricked, tuple(TRICKS)),
    "native file": (native_file, KINDS),
    "release": (release, KINDS),
    "commands": (commands, KINDS),
}


def names(world: World) -> Iterator[str]:
    """Every reader in memory."""
    yield from world.lines
    yield "text"
