"""Reads the schema folder of the package, and what a corpus brings in its place."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qantar.decode import Refused, value
from qantar.errors import SettingsError, SourceError
from qantar.files import read
from qantar.resources import data_dir
from qantar.schema.patterns import refusal

Json = dict[str, Any]
#: Bytes of a schema, an ontology file or a list of codes.
MAX_FILE = 2**20
#: Labels of a set, and event types, that a corpus brings.
MAX_LABELS = 10_000
MAX_EVENTS = 2_000
SHAPES = "ontology.schema.json"
ONTOLOGY = ("entities", "events", "labels", "crosswalk")


@dataclass(frozen=True, slots=True)
class Sources:
    """Schema files by relative name (`layers/events`), ontology files and code lists by stem; all parsed JSON.

    `replaced` are the package's schemas whose place a corpus's own took.
    `origins` says which file of a corpus's own lists the labels of a set; roles are the set `role`.
    """

    schemas: dict[str, Json]
    ontology: dict[str, Json]
    codes: dict[str, Json]
    replaced: dict[str, Json] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)

    def layers(self) -> list[str]:
        """Names of the layers that have a schema."""
        return [name.removeprefix("layers/") for name in self.schemas if name.startswith("layers/")]


def read_json(path: Path) -> Json:
    """One JSON object from a file, through the strict decoder."""
    try:
        data = read(path)
        if len(data) > MAX_FILE:
            raise SettingsError(f"{path} has {len(data):,} bytes, {MAX_FILE:,} are allowed.", "Shorten it.")
        found = value(data)
    except FileNotFoundError as error:
        raise SourceError(f"{path} does not exist.", "Restore it.") from error
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}.", "Check the file and its rights.") from error
    except Refused as error:
        raise SettingsError(f"{path}: {error.fact} (line {error.line}, column {error.column}).", error.remedy) from error
    if not isinstance(found, dict):
        raise SettingsError(f"{path} holds no JSON object.", "Put one object in it.")
    return found


def read_sources(layers: Path | None = None, ontology: Path | None = None, *, base: Path | None = None) -> Sources:
    """The package's schemas; files in `layers` and `ontology` take the place of those of the same name.

    Where these lie is said from `base`, the corpus.

    In labels.json that holds set by set; event types of a corpus's own leave the package's crosswalk behind, and labels
    of its own the package's order of the unions that hold them.
    """
    root = data_dir("schema")
    shapes = {name: read_json(path) for name, path in _schema_files(root)}
    schemas = dict(shapes)
    if layers is not None:
        own = sorted(layers.glob("*.schema.json"))
        if not own:
            raise SettingsError(f"{layers} holds no *.schema.json.", "Correct [schema] layers in corpus.toml.")
        shape = read_json(root / "layer.metaschema.json")
        for path in own:
            schemas[f"layers/{_stem(path)}"] = body = read_json(path)
            _check(path, body, shape, "schema/layer.metaschema.json")
            _check_patterns(path, body)
    codes = {path.stem: read_json(path) for path in sorted((root / "codes").glob("*.json"))}
    replaced = {name: body for name, body in shapes.items() if schemas[name] != body}
    package = {name: read_json(root / "ontology" / f"{name}.json") for name in ONTOLOGY}
    if ontology is None:
        return Sources(schemas, package, codes, replaced)
    mine = _own(ontology, root / "ontology" / SHAPES)
    return Sources(schemas, _merged(package, mine), codes, replaced, _origins(mine, _from(ontology, base)))


def _own(own: Path, shapes_file: Path) -> dict[str, Json]:
    """The ontology files that a corpus brings."""
    mine = {name: read_json(own / f"{name}.json") for name in ONTOLOGY if os.path.lexists(own / f"{name}.json")}
    if not mine:
        raise SettingsError(
            f"{own} holds none of {', '.join(f'{name}.json' for name in ONTOLOGY)}.", "Correct [schema] ontology in corpus.toml."
        )
    shapes = read_json(shapes_file)
    for name, body in mine.items():
        _check(own / f"{name}.json", body, {"$ref": f"#/$defs/{name}", "$defs": shapes["$defs"]}, f"schema/ontology/{SHAPES}")
        _check_number(own / f"{name}.json", {name: body})
    return mine


def _merged(package: dict[str, Json], mine: dict[str, Json]) -> dict[str, Json]:
    """The package's ontology with a corpus's own in its place, labels set by set."""
    parts, mine = dict(package), dict(mine)
    if "events" in mine:
        parts["crosswalk"] = {"name": "none", "description": "No crosswalk.", "standards": {}, "rows": []}
    if "labels" in mine:
        sets = {part: {**parts["labels"][part], **mine["labels"].get(part, {})} for part in ("sets", "derived")}
        mine["labels"] = {**mine["labels"], **sets}
    return _without_foreign_order(parts, {**parts, **mine})


def _origins(mine: dict[str, Json], folder: str) -> dict[str, str]:
    sets = {"entity-type": "entities", "event-type": "events", "role": "events"}
    found = {name: file for name, file in sets.items() if file in mine}
    found |= dict.fromkeys(mine.get("labels", {}).get("sets", {}), "labels")
    return {name: f"{folder}/{file}.json" for name, file in found.items()}


def _from(folder: Path, base: Path | None) -> str:
    return folder.relative_to(base).as_posix() if base is not None and folder.is_relative_to(base) else folder.as_posix()


def stated_sets(ontology: Mapping[str, Json]) -> dict[str, tuple[str, ...]]:
    """The label sets that the files list label by label, in label-id order."""
    sets = {
        "entity-type": tuple(entry["label"] for entry in ontology.get("entities", {}).get("labels", ())),
        "event-type": tuple(entry["type"] for entry in ontology.get("events", {}).get("types", ())),
    }
    own = ontology.get("labels", {}).get("sets", {})
    return sets | {name: tuple(entry["label"] for entry in body["labels"]) for name, body in own.items()}


def _without_foreign_order(package: dict[str, Json], merged: dict[str, Json]) -> dict[str, Json]:
    """The order of a union holds for the package's labels: it goes where a part is a corpus's own, which may state another."""
    before, after = stated_sets(package), stated_sets(merged)
    changed = {name for name in after if after[name] != before.get(name)}
    derived = {}
    for name, body in merged["labels"]["derived"].items():
        foreign = body == package["labels"]["derived"].get(name) and changed.intersection(body.get("union", ()))
        derived[name] = {key: cell for key, cell in body.items() if key != "order"} if foreign else body
    return {**merged, "labels": {**merged["labels"], "derived": derived}}


def _check(path: Path, body: Json, schema: Json, shape: str) -> None:
    import jsonschema  # only a corpus with schemas or labels of its own waits for it

    errors = sorted(jsonschema.Draft202012Validator(schema).iter_errors(body), key=lambda error: error.json_path)
    if errors:
        lines = "; ".join(f"{error.json_path}: {error.message[:200]}" for error in errors[:5])
        raise SettingsError(f"{path}: {lines}.", f"Mend the file; what it may hold is in {shape}.")


def _check_patterns(path: Path, body: Json) -> None:
    """Raises SettingsError for a pattern that is not portable, or that a string could make slow. None of them is run."""
    for place, pattern in _patterns(body, "$"):
        if refused := refusal(pattern):
            raise SettingsError(f"{path}: {place}: the pattern {pattern!r} {refused[0]}.", refused[1])


def _patterns(node: Json, place: str) -> Iterator[tuple[str, str]]:
    """(JSON path, pattern) of every pattern of a schema."""
    if "pattern" in node:
        yield f"{place}.pattern", node["pattern"]
    for part in ("properties", "$defs"):
        for name, body in node.get(part, {}).items():
            yield from _patterns(body, f"{place}.{part}.{name}")
    if "items" in node:
        yield from _patterns(node["items"], f"{place}.items")


def _check_number(path: Path, files: Mapping[str, Json]) -> None:
    for name, labels in stated_sets(files).items():
        most = MAX_EVENTS if name == "event-type" else MAX_LABELS
        if len(labels) > most:
            raise SettingsError(f"{path}: the label set {name!r} has {len(labels):,} labels, {most:,} are allowed.", "Use fewer.")


def _schema_files(root: Path) -> list[tuple[str, Path]]:
    files = [(_stem(path), path) for path in sorted(root.glob("*.schema.json"))]
    for folder in ("layers", "corpus", "tables"):
        files += [(f"{folder}/{_stem(path)}", path) for path in sorted((root / folder).glob("*.schema.json"))]
    return files


def _stem(path: Path) -> str:
    return path.name.removesuffix(".schema.json")


def canonical_json(data: Any) -> str:
    """Pretty JSON as files of the schema folder hold it."""
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
