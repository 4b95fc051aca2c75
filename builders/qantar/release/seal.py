"""Joins finished shards into a release, which appears, or takes the place of the old one, by one rename."""

from __future__ import annotations

import ctypes
import filecmp
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from qantar.errors import OutputError, ReleaseConflict, SourceError
from qantar.release import reports_csv
from qantar.release.card import Config, card, citation
from qantar.release.digest import joint_digest
from qantar.release.shard import CSV, Stamp
from qantar.release.summary import Summary, summed
from qantar.resources import data_dir
from qantar.schema.registry import Registry
from qantar.schema.sources import SHAPES, Json, canonical_json, read_json
from qantar.settings import FILE, Settings
from qantar.store.layout import AGREEMENT, CHANGELOG, GAZETTEER, README
from qantar.store.release import is_release, was_release
from qantar.store.sealed import MANIFEST, RELEASE_FORMAT, content_digest, file_digest, shard_file
from qantar.tables import TABLES

UNRELEASED = "Nothing was released; free the place or choose another --out."
#: Files of the corpus folder that a release carries as they are.
CARRIED = (FILE, GAZETTEER, CHANGELOG)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a release comes from: settings, contract, the folder with corpus.toml (None for a bare native file), and how consistent passes are."""

    settings: Settings
    registry: Registry
    home: Path | None
    consistency: Json | None = None


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed release: where, its configs with their rows, and whether it stood there already."""

    path: Path
    configs: tuple[Config, ...]
    unchanged: bool = False


def seal(stamps: list[Stamp], origin: Origin, target: Path, *, replace: bool = False) -> Sealed:
    """Joins the stamps of all shards, in rank order, into the release `target`. `target`'s parent exists.

    Raises ReleaseConflict where a sealed release with other content stands there and `replace` is not set.
    """
    if {stamp.rank for stamp in stamps} != set(range(len(stamps))) or any(stamp.problems for stamp in stamps):
        raise ValueError("seal needs the stamp of every shard, and none with problems")
    if len({json.dumps(stamp.versions, sort_keys=True) for stamp in stamps}) > 1:
        raise ReleaseConflict("The shards were built by different versions.", "Build them anew with one.")
    parts = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    shutil.rmtree(parts, ignore_errors=True)
    try:
        parts.mkdir()
        configs = _compose(stamps, origin, parts)
        return _publish(parts, target, configs, replace=replace)
    except OSError as error:
        raise OutputError(Path(error.filename or target), error, UNRELEASED) from error
    finally:
        shutil.rmtree(parts, ignore_errors=True)


def _compose(stamps: list[Stamp], origin: Origin, parts: Path) -> tuple[Config, ...]:
    names = [table.name for table in TABLES if sum(stamp.rows.get(table.name, 0) for stamp in stamps)]
    configs = tuple(_config(name, stamps, parts) for name in names)
    if "reports" in names:
        lines = [_whole(stamp, CSV).read_bytes() for stamp in stamps]
        (parts / CSV).write_bytes(b"".join([reports_csv.header(origin.registry), *lines]))
    _write_contract(origin, parts)
    (parts / "CITATION.cff").write_text(citation(origin.settings), encoding="utf-8", newline="")
    summary = summed(stamp.summary for stamp in stamps)
    if origin.consistency is not None:
        (parts / AGREEMENT).write_text(canonical_json(origin.consistency), encoding="utf-8", newline="")
    text = card(origin.settings, origin.registry, configs, summary=summary, consistency=origin.consistency)
    (parts / README).write_text(text, encoding="utf-8", newline="")
    manifest = _manifest(stamps, origin, configs, summary, parts)
    (parts / MANIFEST).write_text(canonical_json(manifest), encoding="utf-8", newline="")
    return configs


def _config(name: str, stamps: list[Stamp], parts: Path) -> Config:
    """Puts the shards of one table in place."""
    (parts / "data" / name).mkdir(parents=True)
    files = []
    for stamp in stamps:
        files.append(shard_file(name, stamp.rank, len(stamps)))
        shutil.copyfile(_whole(stamp, f"{name}.parquet"), parts / files[-1])
    digest = joint_digest([stamp.digests[name] for stamp in stamps])
    return Config(name, sum(stamp.rows[name] for stamp in stamps), digest, tuple(files))


def _whole(stamp: Stamp, name: str) -> Path:
    """A file of a finished shard, seen to hold what was written."""
    path = stamp.folder / name
    if file_digest(path) != stamp.files[name]:
        raise SourceError(f"The finished shard {stamp.folder} was damaged.", "Remove that folder and build again.")
    return path


def _write_contract(origin: Origin, parts: Path) -> None:
    """Schemas, ontology, code lists, licences, and what the corpus folder brings."""
    home = origin.home
    for name in CARRIED:
        if home is not None and (home / name).is_file():
            shutil.copyfile(home / name, parts / name)
    if not (parts / FILE).exists():
        (parts / FILE).write_text(settings_toml(origin.settings), encoding="utf-8", newline="")
    own = home / "LICENSES" if home is not None else None
    for licence in sorted(set(origin.settings.licences.values())):
        for folder in (own, data_dir("LICENSES")):
            if folder is not None and (folder / f"{licence}.txt").is_file():
                (parts / "LICENSES").mkdir(exist_ok=True)
                shutil.copyfile(folder / f"{licence}.txt", parts / "LICENSES" / f"{licence}.txt")
                break
    write_schemas(origin.registry, parts / "schema")


def write_schemas(registry: Registry, root: Path) -> None:
    """The contract as a schema folder: sources, ontology, code lists, and the compiled schemas."""
    sources = registry.sources
    files = {f"{name}.schema.json": body for name, body in sources.schemas.items()}
    files |= {f"ontology/{name}.json": body for name, body in sources.ontology.items()}
    files |= {f"ontology/{SHAPES}": read_json(data_dir("schema") / "ontology" / SHAPES)}
    files |= {f"codes/{name}.json": body for name, body in sources.codes.items()}
    files |= compiled(registry)
    for name, body in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(canonical_json(body), encoding="utf-8", newline="")


def compiled(registry: Registry) -> dict[str, dict[str, Any]]:
    """The self-contained schemas for plain validators, by their place in the schema folder."""
    found = {"compiled/document.schema.json": registry.public("document")}
    if registry.ontology.events:
        found["compiled/frames.schema.json"] = registry.public("frames")
    return found


def settings_toml(settings: Settings) -> str:
    """corpus.toml of a corpus that has none."""
    lines = [f"{name} = {json.dumps(getattr(settings, name), ensure_ascii=False)}" for name in _PLAIN]
    lines += [f"{name} = {json.dumps(list(getattr(settings, name)), ensure_ascii=False)}" for name in ("layers", "languages")]
    for name in ("licences", "citation"):
        lines += ["", f"[{name}]"]
        lines += [f"{key} = {json.dumps(body, ensure_ascii=False)}" for key, body in getattr(settings, name).items()]
    return "\n".join(lines) + "\n"


_PLAIN = ("name", "version", "title", "summary", "released", "shards")


def _manifest(stamps: list[Stamp], origin: Origin, configs: tuple[Config, ...], summary: Summary, parts: Path) -> dict[str, Any]:
    left: dict[str, dict[str, int]] = {}
    for stamp in stamps:
        for name, counts in stamp.left_out.items():
            left[name] = {reason: left.get(name, {}).get(reason, 0) + count for reason, count in counts.items()}
    files = {
        path.relative_to(parts).as_posix(): file_digest(path)
        for path in sorted(parts.rglob("*"))
        if path.is_file() and path.suffix != ".parquet"
    }
    tables = {config.name: {"rows": config.rows, "digest": config.digest} for config in configs}
    return {
        "format": RELEASE_FORMAT,
        "name": origin.settings.name,
        "version": origin.settings.version,
        "content": content_digest(tables, files),
        "shards": len(stamps),
        "versions": {name: found for name, found in stamps[0].versions.items() if name != "code"},
        "contract": origin.registry.digest,
        "tables": tables,
        "documents": msgspec.to_builtins(summary),
        "left_out_of_tags": left,
        "files": files,
    }


def refuse_foreign(target: Path) -> None:
    """Raises ReleaseConflict where something stands at the target that neither is nor was a release, nor is an empty folder."""
    if not target.exists() or is_release(target) or was_release(target) or (target.is_dir() and not any(target.iterdir())):
        return
    raise ReleaseConflict(f"{target} is there and is no release.", "Choose another --out; nothing was touched.")


def _publish(parts: Path, target: Path, configs: tuple[Config, ...], *, replace: bool) -> Sealed:
    refuse_foreign(target)
    if not target.exists() or not any(target.iterdir()):
        if target.exists():
            target.rmdir()
        parts.rename(target)
        return Sealed(target, configs)
    old, new = (json.loads((folder / MANIFEST).read_text("utf-8")) if is_release(folder) else {} for folder in (target, parts))
    damaged = MANIFEST if not old else _differing(parts, target) if old == new else ""
    if old == new and not damaged:
        return Sealed(target, configs, unchanged=True)
    replace = replace or _has_drafts(old)  # a release of drafts is a working copy
    if damaged and not replace:
        raise ReleaseConflict(f"{target} was damaged: {damaged} is not what was sealed.", "Use --replace to put it right.")
    if not replace:
        same = old.get("content") == new["content"]
        what = "the same content, made by other versions of the code" if same else "other content"
        raise ReleaseConflict(
            f"{target} already holds version {old.get('version')} with {what}.",
            "Raise `version` in corpus.toml; or use --replace on a working copy that nobody else has.",
        )
    _exchange(parts, target)
    return Sealed(target, configs)


def _has_drafts(manifest: dict[str, Any]) -> bool:
    documents = manifest.get("documents")
    return isinstance(documents, dict) and bool(documents.get("drafts"))


def _differing(one: Path, two: Path) -> str:
    """The first file that two folders do not share byte for byte; empty where they share all."""
    names = sorted({path.relative_to(folder).as_posix() for folder in (one, two) for path in folder.rglob("*") if path.is_file()})
    return next((name for name in names if not _same(one / name, two / name)), "")


def _same(one: Path, two: Path) -> bool:
    return one.is_file() and two.is_file() and filecmp.cmp(one, two, shallow=False)


def _exchange(new: Path, old: Path) -> None:
    """Swaps two folders: in one step where the system can, else with a moment in which `old` is away."""
    at_cwd, exchange = -100, 2
    try:
        done = ctypes.CDLL(None, use_errno=True).renameat2(at_cwd, os.fsencode(new), at_cwd, os.fsencode(old), exchange) == 0
    except (OSError, AttributeError):
        done = False
    if not done:
        aside = old.with_name(f".{old.name}.{os.getpid()}.old")
        old.rename(aside)
        new.rename(old)
        shutil.rmtree(aside)
