"""Builds one shard: documents in, a folder of Parquet files and a stamp out."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import shutil
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.json as pj
import pyarrow.parquet as pq

from qantar.index import Index
from qantar.problems import Problem, has_errors
from qantar.release import reports_csv
from qantar.release.digest import table_digest
from qantar.release.ingest import Spool
from qantar.release.summary import Summary, summary_of
from qantar.rules import DRAFT, Context
from qantar.rules.runner import check_document
from qantar.schema.registry import Registry
from qantar.settings import RuleSetting
from qantar.store.gate import Gate, encode
from qantar.store.native import placed_in_line, read_document
from qantar.store.sealed import file_digest
from qantar.tables import TABLES, Shard

STAMP = "stamp.json"
CSV = "reports.csv"


@dataclass(frozen=True, slots=True)
class Job:
    """All that building a shard needs; it travels to workers. `cache` is the folder of finished shards."""

    rank: int
    spool: Spool
    index: Index
    registry: Registry
    tables: tuple[str, ...]
    checked: bool
    source: str
    cache: Path
    rules: tuple[RuleSetting, ...] = ()

    @property
    def key(self) -> str:
        """Name of the finished shard: a digest over everything that decides its bytes."""
        parts = [self.rank, self.spool.digest, self.registry.digest, self.tables, versions(), msgspec.to_builtins(self.index)]
        parts += [dataclasses.astuple(rule) for rule in self.rules]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    @property
    def folder(self) -> Path:
        """Where the finished shard lies."""
        return self.cache / self.key


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a shard holds: rows and digest of each table, SHA-256 of each file, what BIO tags left out, what the card says; or why it is refused.

    `problems` are those of a refused shard; of one that was built, only the number of `warnings` is kept.
    """

    rank: int
    folder: Path
    rows: dict[str, int]
    digests: dict[str, str]
    left_out: dict[str, dict[str, int]]
    files: dict[str, str]
    versions: dict[str, str]
    problems: tuple[Problem, ...] = ()
    warnings: int = 0
    summary: Summary = field(default_factory=Summary)


def versions() -> dict[str, str]:
    """Versions that decide a shard's bytes: pyarrow's, and a digest of this package's code."""
    try:
        own = version("qantar")
    except PackageNotFoundError:
        own = "0"
    return {"qantar": own, "code": _code_digest(), "pyarrow": pa.__version__}


@lru_cache(maxsize=1)
def _code_digest() -> str:
    package = Path(__file__).resolve().parents[1]
    total = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        total.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    return total.hexdigest()[:16]


def build_shard(job: Job) -> Stamp:
    """Builds the shard, or finds it built. Safe to repeat and to interrupt: a finished shard appears by one rename."""
    folder = job.folder
    stamp = read_stamp(job) if finished(job) else None
    if stamp is not None:
        return stamp
    lines, problems = _lines(job)
    if has_errors(problems):
        return Stamp(job.rank, folder, {}, {}, {}, {}, versions(), tuple(problems))
    shard = Shard(columns(lines, job.registry), job.index, job.registry)
    parts = folder.with_name(f"{folder.name}.{os.getpid()}.tmp")
    shutil.rmtree(parts, ignore_errors=True)
    parts.mkdir(parents=True)
    try:
        rows, digests, files = _write_tables(job, shard, parts)
        left = {"ner_tags": shard.ner[1], "trigger_tags": shard.triggers[1]} if shard.has("sentences") else {}
        found = {
            "rows": rows,
            "digests": digests,
            "left_out": left,
            "files": files,
            "versions": versions(),
            "warnings": sum(problem.code != DRAFT for problem in problems),
            "summary": msgspec.to_builtins(summary_of(shard.documents)),
        }
        body = json.dumps(found, sort_keys=True)
        (parts / STAMP).write_text(f"{hashlib.sha256(body.encode()).hexdigest()} {body}", encoding="utf-8", newline="")
        shutil.rmtree(folder, ignore_errors=True)  # what is there is not whole
        parts.rename(folder)
    finally:
        shutil.rmtree(parts, ignore_errors=True)
    return _stamp(job, body)


def finished(job: Job) -> bool:
    """Whether the shard is built and all its files are there; their bytes are checked when they are sealed."""
    stamp = read_stamp(job)
    return stamp is not None and all((job.folder / name).is_file() for name in stamp.files)


def read_stamp(job: Job) -> Stamp | None:
    """The stamp of a finished shard; None where there is none, or where it is damaged."""
    try:
        digest, _, body = (job.folder / STAMP).read_text(encoding="utf-8").partition(" ")
    except (OSError, UnicodeError):
        return None
    whole = hashlib.sha256(body.encode()).hexdigest() == digest
    return _stamp(job, body) if whole else None


def _stamp(job: Job, body: str) -> Stamp:
    found = json.loads(body)
    return Stamp(job.rank, job.folder, **{**found, "summary": Summary(**found["summary"])})


def columns(lines: list[bytes], registry: Registry) -> pa.Table:
    """Native lines, already checked, as Arrow columns in id order."""
    schema = registry.native_schema
    if not lines:
        return schema.empty_table()
    block = max(max(map(len, lines)) + 2, 1 << 24)
    return pj.read_json(
        pa.BufferReader(b"\n".join(lines) + b"\n"),
        pj.ReadOptions(use_threads=False, block_size=block),
        pj.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error"),
    ).select(schema.names)


def _lines(job: Job) -> tuple[list[bytes], list[Problem]]:
    """The shard's canonical lines in id order, and the problems of lines that were not checked yet."""
    if not job.spool.documents:
        return [], []
    raw = job.spool.path.read_bytes().split(b"\n")[:-1]
    if job.checked:
        return raw, []
    gate = Gate(job.registry, "document")
    entry = job.registry.record_type("corpus/gazetteer")
    gazetteer = {name: msgspec.convert(row, entry) for name, row in job.index.gazetteer.items()}
    context = Context(job.registry, gazetteer, job.rules)  # type: ignore[arg-type]
    kept: list[tuple[str, bytes]] = []
    problems: list[Problem] = []
    for number, line in zip(job.spool.lines, raw, strict=True):
        columns, found = read_document(gate, line, job.source, number)
        problems += found
        if columns is not None:
            document = columns.root
            problems += placed_in_line(check_document(document, context, columns=columns), line, job.source, number)
            kept.append((document.id, encode(document)))
    return [line for _, line in sorted(kept)], problems


def _write_tables(job: Job, shard: Shard, folder: Path) -> tuple[dict[str, int], dict[str, str], dict[str, str]]:
    rows, digests, files = {}, {}, {}
    for table in TABLES:
        if table.name in job.tables:
            built = table.build(shard)
            path = folder / f"{table.name}.parquet"
            write_parquet(built, path)
            files[path.name] = file_digest(path)
            if table.name == "reports":
                (folder / CSV).write_bytes(reports_csv.rows(built, job.registry))
                files[CSV] = file_digest(folder / CSV)
            rows[table.name] = built.num_rows
            digests[table.name] = table_digest(built)
    return rows, digests, files


def write_parquet(table: pa.Table, path: Path) -> None:
    """Writes a table; an empty one gets zero row groups, since `datasets` cannot read an empty row group."""
    try:
        with pq.ParquetWriter(path, table.schema, compression="zstd") as writer:
            if table.num_rows:
                writer.write_table(table)
    except OSError as error:  # Arrow does not say which file
        error.filename = error.filename or str(path)
        raise
