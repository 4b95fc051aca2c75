"""The contract: source schemas, what is compiled and derived from them, and the verdicts of three validators.

`tests/expected/contract.json` holds the frozen columns, types and label names. `python tests/test_schema.py` prints the present
contract: write it there when columns or labels were added, never to hide that one was renamed, moved or removed.
"""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import generate
import jsonschema
import jsonschema_rs
import msgspec
import pyarrow as pa
import pytest
from generate import Draw, Json, chance, count, pick
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from qantar.errors import QantarError, SettingsError
from qantar.release.seal import compiled
from qantar.schema.compile import KEYWORDS
from qantar.schema.derive import features, yaml_features
from qantar.schema.ontology import Ontology
from qantar.schema.sources import canonical_json, read_sources
from qantar.settings import read_settings
from qantar.store.gate import Gate, encode

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = ROOT / "schema"
SOURCES = sorted(path for folder in (".", "layers", "corpus", "tables") for path in (SCHEMA / folder).glob("*.schema.json"))
DIALECT = "https://json-schema.org/draft/2020-12/schema"
TABLES = ("documents", "segments", "sentences", "entities", "events", "arguments", "relations", "parallel", "clusters", "reports")
COMPILED = ("document", "frames")

REGISTRY = generate.contract()[1]


def read(path: Path) -> Json:
    """A JSON file."""
    found: Json = json.loads(path.read_text(encoding="utf-8"))
    return found


def name_of(path: Path) -> str:
    """How the registry calls a source schema: `layers/events`."""
    return path.relative_to(SCHEMA).as_posix().removesuffix(".schema.json")


def nodes(node: Json, path: str = "$") -> Iterator[tuple[str, Json]]:
    """Every schema inside a schema that describes data, with its path: definitions, properties, items."""
    yield path, node
    for keyword in ("$defs", "properties"):
        for key, body in node.get(keyword, {}).items():
            yield from nodes(body, f"{path}.{key}")
    if "items" in node:
        yield from nodes(node["items"], f"{path}[]")


def everything(node: Any) -> Iterator[Json]:
    """Every object inside a JSON value."""
    if isinstance(node, dict):
        yield node
    for item in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from everything(item)


sources = pytest.mark.parametrize("path", SOURCES, ids=name_of)
compiled_files = pytest.mark.parametrize("name", COMPILED)
tables = pytest.mark.parametrize("table", TABLES)


# --- source schemas ---------------------------------------------------------------------------------------------------


def test_every_source_schema_is_known() -> None:
    assert {name_of(path) for path in SOURCES} == set(REGISTRY.sources.schemas)
    assert {f"tables/{table}" for table in TABLES} - {"tables/documents"} == {name for name in map(name_of, SOURCES) if "tables/" in name}


@sources
def test_source_is_a_2020_12_schema(path: Path) -> None:
    schema = read(path)
    assert schema["$schema"] == DIALECT
    assert schema["title"]
    jsonschema.Draft202012Validator.check_schema(schema)


@sources
def test_source_uses_supported_keywords_only(path: Path) -> None:
    for place, node in nodes(read(path)):
        assert node.keys() <= KEYWORDS, place
        assert isinstance(node.get("additionalProperties", False), bool), place


@sources
def test_every_property_is_described_and_exemplified(path: Path) -> None:
    for place, node in nodes(read(path)):
        for key, body in node.get("properties", {}).items():
            assert body.get("description", "").strip().endswith("."), f"{place}.{key}"
            assert body.get("examples"), f"{place}.{key}"


@sources
def test_every_object_has_properties_a_title_and_a_description(path: Path) -> None:
    for place, node in nodes(read(path)):
        if "object" in node.get("type", ()):
            assert node.get("properties"), place
            assert node.get("title"), place
            assert node.get("description"), place
            assert set(node.get("required", ())) <= node["properties"].keys(), place


@sources
def test_layer_schemas_have_the_shape_that_a_corpuss_own_must_have(path: Path) -> None:
    shape = read(SCHEMA / "layer.metaschema.json")
    jsonschema.Draft202012Validator.check_schema(shape)
    if path.parent.name == "layers":
        assert [error.message for error in jsonschema.Draft202012Validator(shape).iter_errors(read(path))] == []


def with_examples(node: Json, file: str) -> Iterator[tuple[str, list[Any], Json]]:
    """(property, its examples, its shape) of every property of a source schema, those of its references included."""
    for key, body in node.get("properties", {}).items():
        yield key, body["examples"], REGISTRY.compiler.shape(file, body)
        yield from with_examples(body, file)
    if "items" in node:
        yield from with_examples(node["items"], file)
    for body in node.get("$defs", {}).values():
        yield from with_examples(body, file)


@sources
def test_examples_have_the_shape_that_they_exemplify(path: Path) -> None:
    for key, examples, shape in with_examples(read(path), name_of(path)):
        validator = jsonschema.Draft202012Validator(REGISTRY.compiler.public(shape))
        for example in examples:
            assert [error.message for error in validator.iter_errors(example)] == [], key


@sources
def test_patterns_mean_the_same_everywhere(path: Path) -> None:
    for place, node in nodes(read(path)):
        pattern = node.get("pattern", "^$")
        assert pattern.startswith("^"), place
        assert pattern.endswith("$"), place
        assert not any(word in pattern for word in (r"\d", r"\w", r"\s", r"\b", r"\p", "(?")), place
        assert pattern.isascii(), place


@sources
def test_types_are_plain_or_nullable(path: Path) -> None:
    for place, node in nodes(read(path)):
        kinds = node.get("type", "string")
        if isinstance(kinds, list):
            assert len(kinds) == 2, place
            assert kinds[1] == "null", place
        assert not {"oneOf", "anyOf", "allOf", "prefixItems", "patternProperties"} & node.keys(), place


def bones(node: Any) -> Any:
    """A shape without its words."""
    if isinstance(node, dict):
        return {key: bones(body) for key, body in node.items() if key not in ("title", "description", "examples")}
    return [bones(item) for item in node] if isinstance(node, list) else node


def test_a_title_names_one_shape() -> None:
    by_title: dict[str, tuple[str, Any]] = {}
    for name, shape in REGISTRY.shapes.items():
        for place, node in nodes(shape):
            if "object" in node["type"]:
                where, known = by_title.setdefault(node["title"], (f"{name} {place}", bones(node)))
                assert bones(node) == known, (node["title"], where, name, place)


def test_label_sets_hold_each_label_once_and_are_all_used() -> None:
    used = {node["x-labels"] for path in SOURCES for _, node in nodes(read(path)) if "x-labels" in node}
    known = REGISTRY.ontology.sets
    assert used == known.keys()
    for name, found in known.items():
        assert len(set(found)) == len(found) > 0, name


BAD_SCHEMAS = {
    "union": ({"type": ["string", "integer"]}, "union"),
    "unknown keyword": ({"type": "string", "format": "date"}, "format"),
    "one of": ({"oneOf": [{"type": "string"}]}, "oneOf"),
    "reference outside": ({"$ref": "https://example.org/a.json#/$defs/x"}, "leads nowhere"),
    "unportable pattern": ({"type": "string", "pattern": r"^\d$"}, "not portable"),
    "unanchored pattern": ({"type": "string", "pattern": "a"}, "not portable"),
    "object without title": ({"type": "object", "properties": {"a": {"type": "string"}}}, "title"),
    "object without properties": ({"type": "object", "title": "Open"}, "properties"),
    "array without items": ({"type": "array"}, "items"),
    "no type": ({"minLength": 1}, "type"),
    "unknown type": ({"type": "text"}, "text|extra.type"),
    "unknown label set": ({"type": "string", "x-labels": "colour"}, "colour"),
    "taken title": ({"type": "object", "title": "Span", "properties": {"a": {"type": "string"}}}, "Span"),
    "field that is no identifier": ({"type": "object", "title": "Odd", "properties": {"a-b": {"type": "string"}}}, "a-b"),
}


@pytest.mark.parametrize("name", BAD_SCHEMAS)
def test_a_layer_that_nothing_can_be_derived_from_is_refused(name: str, tiny: Path) -> None:
    body, words = BAD_SCHEMAS[name]
    layer = copy.deepcopy(REGISTRY.sources.schemas["layers/values"])
    layer["properties"]["extra"] = {"description": "Made up.", **body}
    (tiny / "schema").mkdir()
    (tiny / "schema" / "values.schema.json").write_text(canonical_json(layer), encoding="utf-8")
    with (tiny / "corpus.toml").open("a", encoding="utf-8") as stream:
        stream.write('\n[schema]\nlayers = "schema"\n')
    with pytest.raises(QantarError, match=words):
        assert read_settings(tiny)[1].native_schema


# --- compiled schemas -------------------------------------------------------------------------------------------------


def test_committed_schemas_are_fresh() -> None:
    fresh = {Path(name).name: canonical_json(body) for name, body in compiled(REGISTRY).items()}
    assert fresh.keys() == {f"{name}.schema.json" for name in COMPILED}
    for name, text in fresh.items():
        assert (SCHEMA / "compiled" / name).read_text(encoding="utf-8") == text, f"run `qantar schema compile`: {name} is stale"


def test_committed_stubs_are_fresh(root: Path) -> None:
    stub = root / "builders" / "qantar" / "records.pyi"
    assert stub.read_text(encoding="utf-8") == REGISTRY.types.stub(), "run `qantar schema compile`"


def test_schema_compile_writes_the_same(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    code, out, err = run("schema", "compile", "--out", tmp_path / "compiled")
    assert (code, err) == (0, "")
    for name in COMPILED:
        file = f"{name}.schema.json"
        assert (tmp_path / "compiled" / file).read_bytes() == (SCHEMA / "compiled" / file).read_bytes()
        assert file in out


@compiled_files
def test_compiled_schema_is_flat(name: str) -> None:
    schema = read(SCHEMA / "compiled" / f"{name}.schema.json")
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == DIALECT
    refused = {"$ref", "$dynamicRef", "$defs", "oneOf", "anyOf", "not", "unevaluatedProperties", "unevaluatedItems"}
    for node in everything(schema):
        assert not refused & node.keys()
        assert not any(key.startswith("x-") for key in node)


@compiled_files
def test_compiled_schema_is_closed(name: str) -> None:
    for place, node in nodes(read(SCHEMA / "compiled" / f"{name}.schema.json")):
        assert ("properties" in node) == ("object" in node["type"]), place
        if "properties" in node:
            assert node["additionalProperties"] is False, place


def test_both_compiled_schemas_tie_roles_to_types_and_only_frames_tie_fillers() -> None:
    document, frames = (read(SCHEMA / "compiled" / f"{name}.schema.json") for name in COMPILED)
    of_document = document["properties"]["events"]["items"]["allOf"]
    of_frames = frames["items"]["allOf"]
    events = list(REGISTRY.ontology.events)
    for conditions in (of_document, of_frames):
        assert [condition["if"]["properties"]["type"]["const"] for condition in conditions] == events
        assert all(condition["if"]["required"] == ["type"] for condition in conditions)
    assert all("allOf" not in condition["then"]["properties"]["arguments"]["items"] for condition in of_document)
    assert all("allOf" in condition["then"]["properties"]["arguments"]["items"] for condition in of_frames)


# --- what is derived from a table's shape -----------------------------------------------------------------------------


@tables
def test_features_are_what_datasets_makes_of_them(table: str) -> None:
    from datasets import Features

    shape = REGISTRY.shapes[f"tables/{table}"]
    made = Features.from_dict(features(shape))
    schema = REGISTRY.table_schema(table)
    assert as_of_old(made.to_dict()) == features(shape)
    assert made._to_yaml_list() == yaml_features(shape)
    assert Features._from_yaml_list(yaml_features(shape)) == made
    assert schema.equals(made.arrow_schema, check_metadata=False)
    assert json.loads(schema.metadata[b"huggingface"]) == as_of_old(json.loads(made.arrow_schema.metadata[b"huggingface"]))
    assert set(schema.metadata) == {b"huggingface"}
    assert Features.from_arrow_schema(schema) == made


def as_of_old(stated: Any) -> Any:
    """Features as JSON, with lists as versions of `datasets` before 4.0 wrote them and all versions read them."""
    if not isinstance(stated, dict):
        return stated
    if stated.get("_type") == "List":
        assert stated.keys() == {"feature", "_type"}, "of any length"
        return [as_of_old(stated["feature"])]
    return {name: as_of_old(inner) for name, inner in stated.items()}


@tables
def test_arrow_types_are_the_contracts(table: str) -> None:
    for field in REGISTRY.table_schema(table):
        for inner in with_children(field):
            assert inner.nullable, f"{table}.{field.name}"
            assert str(inner.type).split("<")[0] in ("string", "int32", "int64", "double", "bool", "list", "struct"), inner


def with_children(field: pa.Field) -> Iterator[pa.Field]:
    """A field and the fields inside its type."""
    yield field
    for index in range(field.type.num_fields):
        yield from with_children(field.type.field(index))


def bounds(node: Json) -> tuple[float, float]:
    """The bounds of a number's shape, infinite where there are none."""
    found = [cell for cell in node.get("enum", ()) if cell is not None]
    return (min(found), max(found)) if found else (node.get("minimum", -math.inf), node.get("maximum", math.inf))


@pytest.mark.parametrize("name", ["document", *sorted(name for name in REGISTRY.shapes if name.startswith("corpus/"))])
def test_numbers_that_come_in_fit_their_columns(name: str) -> None:
    limits = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1), "number": (-(2**53), 2**53)}
    for place, node in nodes(REGISTRY.shapes[name]):
        if "integer" in node["type"] or "number" in node["type"]:
            low, high = limits["number" if "number" in node["type"] else node.get("x-arrow", "int32")]
            least, most = bounds(node)
            assert low <= least <= most <= high, f"{place}: {least} to {most} must lie in {low} to {high}"


@tables
def test_class_labels_stand_at_top_level_only(table: str) -> None:
    for key, body in REGISTRY.shapes[f"tables/{table}"]["properties"].items():
        flat = body.get("items", body)
        for _, node in nodes(body):
            assert "x-class-label" not in node or node is body or node is flat, key


@tables
def test_rows_are_described(table: str) -> None:
    shape = REGISTRY.shapes[f"tables/{table}"]
    assert shape["description"]
    assert shape["required"][: len(shape["properties"])] == [key for key in shape["properties"] if key in shape["required"]]
    if table != "documents":  # its layers may be absent in the native form
        assert shape["required"] == list(shape["properties"])


# --- the frozen contract ----------------------------------------------------------------------------------------------


def contract() -> dict[str, Json]:
    """Columns with their types, and label names in label-id order, of every table."""
    return {table: {"columns": columns(table), "labels": label_names(table)} for table in TABLES}


def columns(table: str) -> Json:
    return {field.name: type_of(field.type) for field in REGISTRY.table_schema(table)}


def label_names(table: str) -> dict[str, list[str]]:
    found = features(REGISTRY.shapes[f"tables/{table}"])
    inner = {name: feature[0] if isinstance(feature, list) else feature for name, feature in found.items()}
    return {name: feature["names"] for name, feature in inner.items() if feature.get("_type") == "ClassLabel"}


def type_of(kind: pa.DataType) -> Any:
    """An Arrow type as JSON: a name, a list of one type, or an object of fields."""
    if pa.types.is_list(kind):
        return [type_of(kind.value_type)]
    if pa.types.is_struct(kind):
        return {field.name: type_of(field.type) for field in kind}
    return str(kind)


def broken(frozen: Any, now: Any, place: str) -> list[str]:
    """What of a frozen type is not there any more, or in another order. What was added is fine."""
    if isinstance(frozen, list) and isinstance(now, list):
        return broken(frozen[0], now[0], f"{place}[]")
    if isinstance(frozen, dict) and isinstance(now, dict):
        gone = [f"{place}.{key} is gone" for key in frozen if key not in now]
        moved = [f"{place} has another order"] if [key for key in now if key in frozen] != [key for key in frozen if key in now] else []
        return gone + moved + [line for key in frozen if key in now for line in broken(frozen[key], now[key], f"{place}.{key}")]
    return [] if frozen == now else [f"{place} was {frozen}, is {now}"]


def breaches(frozen: dict[str, Json], now: dict[str, Json]) -> list[str]:
    """Everything that the present contract breaks of a frozen one."""
    lines = [f"the table {table} is gone" for table in frozen if table not in now]
    for table in frozen.keys() & now.keys():
        lines += broken(frozen[table]["columns"], now[table]["columns"], table)
        for column, names in frozen[table]["labels"].items():
            if now[table]["labels"].get(column, [])[: len(names)] != names:
                lines.append(f"{table}.{column}: the labels were {names}, are {now[table]['labels'].get(column)}")
    return lines


def test_the_contract_may_only_be_extended() -> None:
    assert breaches(read(ROOT / "tests" / "expected" / "contract.json"), contract()) == []


def change_nothing(found: Json) -> None:
    """The contract as it is."""


def add_a_column(found: Json) -> None:
    found["events"]["columns"] = {"new": "string", **found["events"]["columns"]}


def add_a_field(found: Json) -> None:
    found["events"]["columns"]["arguments"][0]["new"] = ["int32"]


def add_a_label(found: Json) -> None:
    found["segments"]["labels"]["kind"].append("new")


def add_a_table(found: Json) -> None:
    found["new"] = {"columns": {}, "labels": {}}


def remove_a_table(found: Json) -> None:
    del found["parallel"]


def rename_a_column(found: Json) -> None:
    found["events"]["columns"]["kind"] = found["events"]["columns"].pop("type")


def move_a_column(found: Json) -> None:
    found["events"]["columns"]["id"] = found["events"]["columns"].pop("id")


def retype_a_column(found: Json) -> None:
    found["segments"]["columns"]["start"] = "int64"


def remove_a_field(found: Json) -> None:
    del found["events"]["columns"]["arguments"][0]["role"]


def move_a_label(found: Json) -> None:
    found["segments"]["labels"]["kind"].reverse()


def add_a_label_in_front(found: Json) -> None:
    found["sentences"]["labels"]["upos"].insert(0, "new")


def take_labels_away(found: Json) -> None:
    del found["clusters"]["labels"]["kind"]


@pytest.mark.parametrize("change", [change_nothing, add_a_column, add_a_field, add_a_label, add_a_table])
def test_additions_are_allowed(change: Callable[[Json], None]) -> None:
    extended = copy.deepcopy(contract())
    change(extended)
    assert breaches(contract(), extended) == []


@pytest.mark.parametrize(
    "change",
    [
        remove_a_table, rename_a_column, move_a_column, retype_a_column, remove_a_field, move_a_label, add_a_label_in_front,
        take_labels_away,
    ],
)  # fmt: skip
def test_anything_else_is_not(change: Callable[[Json], None]) -> None:
    changed = copy.deepcopy(contract())
    change(changed)
    assert breaches(contract(), changed)


# --- unions of label sets ---------------------------------------------------------------------------------------------

UNIONS = {name: body for name, body in REGISTRY.sources.ontology["labels"]["derived"].items() if "union" in body}


def appended(part: str, *, ordered: bool) -> Json:
    """The ontology with a label more at the end of a part, which stands, or does not, in the order of every union."""
    ontology = copy.deepcopy(REGISTRY.sources.ontology)
    if part == "event-type":
        ontology["events"]["types"].append({**ontology["events"]["types"][0], "type": "New"})
    else:
        entries = ontology["entities"]["labels"] if part == "entity-type" else ontology["labels"]["sets"][part]["labels"]
        entries.append({"label": "New", "definition": "Made up."})
    for body in ontology["labels"]["derived"].values():
        if ordered and part in body.get("union", ()):
            body["order"].append("New")
    return ontology


def test_every_union_of_the_package_has_an_order() -> None:
    assert set(UNIONS) == {"filler-type", "cluster-type", "relation-or-link"}
    for name, body in UNIONS.items():
        assert REGISTRY.ontology.labels(name) == tuple(body["order"])


@pytest.mark.parametrize("part", sorted({part for body in UNIONS.values() for part in body["union"]}))
def test_a_new_label_moves_no_other(part: str) -> None:
    changed = Ontology(appended(part, ordered=True), REGISTRY.sources.codes, REGISTRY.languages)
    for name, labels in REGISTRY.ontology.sets.items():
        assert changed.labels(name)[: len(labels)] == labels, name
    holding = [name for name, body in UNIONS.items() if part in body["union"]]
    assert all(changed.labels(name)[-1] == "New" for name in (part, *holding))
    with pytest.raises(SettingsError, match="lacks 'New'"):
        Ontology(appended(part, ordered=False), REGISTRY.sources.codes, REGISTRY.languages)


def test_a_label_that_no_part_has_is_refused() -> None:
    ontology = copy.deepcopy(REGISTRY.sources.ontology)
    ontology["labels"]["derived"]["relation-or-link"]["order"].append("New")
    with pytest.raises(SettingsError, match="holds 'New', which no part has"):
        Ontology(ontology, REGISTRY.sources.codes, REGISTRY.languages)


def own_sources(folder: Path, **files: Json) -> Json:
    """What is read where a corpus brings these files of an ontology."""
    for name, body in files.items():
        (folder / f"{name}.json").write_text(json.dumps(body), encoding="utf-8")
    return read_sources(ontology=folder).ontology


def test_the_packages_order_is_not_that_of_other_labels(tmp_path: Path) -> None:
    entities = {**REGISTRY.sources.ontology["entities"], "labels": [{"label": "PER", "definition": "A person."}]}
    labels = Ontology(own_sources(tmp_path, entities=entities), REGISTRY.sources.codes, ())
    values, events = REGISTRY.ontology.labels("value-type"), REGISTRY.ontology.labels("event-type")
    assert labels.labels("filler-type") == ("PER", *values, *events)
    assert labels.labels("relation-or-link") == REGISTRY.ontology.labels("relation-or-link")


def test_the_packages_order_stays_where_its_labels_do(tmp_path: Path) -> None:
    ontology = own_sources(tmp_path, **{name: REGISTRY.sources.ontology[name] for name in ("entities", "labels")})
    assert ontology == REGISTRY.sources.ontology


def test_a_corpus_may_order_its_own_unions(tmp_path: Path) -> None:
    order = ["confirms", "before", "denies", "corrects", "conflicts-with", "causes", "part-of", "same-report"]
    body = {"description": "Made up.", "union": ["relation-type", "link-type"], "order": order}
    labels = {"name": "own", "description": "Made up.", "sets": {}, "derived": {"relation-or-link": body}}
    assert Ontology(own_sources(tmp_path, labels=labels), REGISTRY.sources.codes, ()).labels("relation-or-link") == tuple(order)
    del body["union"]
    with pytest.raises(SettingsError, match="derived"):
        own_sources(tmp_path, labels=labels)


# --- verdicts ---------------------------------------------------------------------------------------------------------

GATE = Gate(REGISTRY, "document")
PLAIN = jsonschema.Draft202012Validator(REGISTRY.public("document"))
RUST = jsonschema_rs.Draft202012Validator(REGISTRY.public("document"))
STRANGE: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.0, 2.5, 2**31 - 1, 2**31, 2**63, 10**30, 1e300, "", "x", "T1", "Т1", "T١", "T1\n", "٣", "2022-01-0٥", "а" * 65,
    "ORG", "Attacker", "CT+", "ru\n", [], [None], ["x"], [0], {}, {"start": 0}, {"start": 0, "end": 1}, {"start": 0.0, "end": 1},
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value inside a JSON value, but the whole."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inside:
        yield (*path, key)
        yield from places(item, (*path, key))


def spoil(draw: Draw, value: Json) -> Json:
    """A copy of a document with one thing changed; it may well be valid still."""
    changed = copy.deepcopy(value)
    path = place_in(draw, changed)
    parent = at(changed, path[:-1])
    kind = count(draw, 11)
    if kind == 0:
        del parent[path[-1]]
    elif kind == 1 and isinstance(parent, dict):
        renamed = {(pick(draw, ["Id", "tіtle", "note", "role"]) if key == path[-1] else key): body for key, body in parent.items()}
        parent.clear()
        parent.update(renamed)
    elif kind == 2 and isinstance(parent, dict):
        parent[pick(draw, ["extra", "note", "ignore", "chain", "fold", "x-y"])] = pick(draw, STRANGE)
    else:
        parent[path[-1]] = other(draw, parent[path[-1]])
    return changed


def place_in(draw: Draw, value: Json) -> tuple[Any, ...]:
    """A path, mostly to a string or number. Each key is as likely as another, however often it occurs."""
    leaves = not chance(draw, 4)
    by_name: dict[str, list[tuple[Any, ...]]] = {}
    for path in places(value):
        if not (leaves and isinstance(at(value, path), dict | list | None)):
            by_name.setdefault(str(path[-1]) if isinstance(path[-1], str) else "[]", []).append(path)
    found: tuple[Any, ...] = pick(draw, by_name[pick(draw, sorted(by_name))])
    return found


def other(draw: Draw, value: Any) -> Any:
    """Something else in place of a value: near it, or strange."""
    near: list[Any] = []
    if isinstance(value, str):
        near = [f"{value}\n", f" {value}", value.swapcase(), value.replace("1", "١"), value.replace("T", "Т"), f"{value}x", value[:-1]]
        near += [pick(draw, sorted(REGISTRY.ontology.roles())), pick(draw, generate.BUSY_TYPES)]
    elif isinstance(value, int):
        near = [float(value), float(value), -value, value + 0.5, str(value), value + 2**31, True]
    elif isinstance(value, list):
        near = [value + value, value[::-1], value[:-1], {str(index): item for index, item in enumerate(value)}]
    elif isinstance(value, dict):
        near = [list(value.values()), dict(reversed(value.items())), {}]
    return pick(draw, near) if near and not chance(draw, 4) else pick(draw, STRANGE)


@st.composite
def spoiled(draw: Draw) -> Json:
    """A native document as JSON with up to three changes."""
    value: Json = draw(generate.documents())
    for _ in range(pick(draw, [1, 1, 1, 2, 3])):
        value = spoil(draw, value)
    return value


def with_integers(value: Json) -> Json:
    """The document with integers in place of the floats that only our verdict refuses there: plain JSON Schema takes 3.0 for 3."""
    changed = copy.deepcopy(value)
    for problem in REGISTRY.explain("document", value):
        cell = at(value, problem.path)
        if problem.code == "wrong-type" and "not an integer" in problem.fact and isinstance(cell, float) and cell.is_integer():
            at(changed, problem.path[:-1])[problem.path[-1]] = int(cell)
    return changed


def at(value: Any, path: tuple[Any, ...]) -> Any:
    """The value at a path; a key that is missing gives None."""
    for step in path:
        value = value.get(step) if isinstance(value, dict) else value[step]
    return value


def line_of(value: Any) -> bytes:
    """A JSON value as a line, keys in the order that it has."""
    return msgspec.json.encode(value)


def without_null_layers(value: Json) -> Json:
    """The document as the canonical form has it: a layer that is null is absent."""
    return {key: body for key, body in value.items() if body is not None or key not in generate.LAYERS}


def check_verdicts(value: Json) -> bool:
    """Holds the verdicts on a document equal; returns it."""
    line = line_of(value)
    problems = list(REGISTRY.explain("document", value))
    record, found = GATE.line(line, "x.jsonl", 1)
    accepted = not problems
    assert (record is not None) == accepted
    assert [(problem.code, problem.path) for problem in found] == [(problem.code, problem.path) for problem in problems]
    if accepted:
        assert GATE.fits(encode(record)), "the canonical line of an accepted document is accepted at once"
        assert REGISTRY.document_type is type(record)
        assert msgspec.json.decode(encode(record)) == without_null_layers(value), "nothing is lost"
    else:
        assert not GATE.fits(line)
    assert PLAIN.is_valid(value) == RUST.is_valid(value) == (not list(REGISTRY.explain("document", with_integers(value))))
    return accepted


fast = settings(
    max_examples=180,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)


@settings(fast, max_examples=40)
@given(generate.documents())
def test_valid_documents_are_accepted_by_all(value: Json) -> None:
    assert check_verdicts(value)


@fast
@given(spoiled())
def test_validators_agree_on_spoiled_documents(value: Json) -> None:
    check_verdicts(value)


def valid() -> Json:
    """A small valid document with an event."""
    text = "ОМОН стріляв"
    event = {
        "id": "E1", "spans": [{"start": 5, "end": 12}], "quote": "стріляв", "type": "Conflict.Attack.Shoot",
        "arguments": [{"role": "Attacker", "target": "T1"}], "aspect": "ended", "factuality": "CT+",
    }  # fmt: skip
    entity = {"id": "T1", "spans": [{"start": 0, "end": 4}], "quote": "ОМОН", "type": "ORG.security", "level": "name"}
    value = {"id": "V1", "spans": [{"start": 0, "end": 4}], "quote": "ОМОН", "type": "COUNT", "min": 1}
    return {
        "id": "one", "file": "one.txt", "text": text, "sha256": "0" * 64, "lang": "uk", "languages_present": None, "title": None,
        "publisher": None, "published": None, "coverage": [{"layer": "events", "zones": None}],
        "anchor": {"date": "2031", "precision": None, "basis": "Made up."},
        "rights": {"holder": None, "licence": "CC0-1.0", "redistribute": True, "basis": "Made up."}, "leak_group": None, "fold": 0,
        "entities": [entity], "values": [value], "events": [event],
    }  # fmt: skip


def put(value: Json, cell: Any, *path: Any) -> Json:
    """The document with another cell at a path."""
    at(value, path[:-1])[path[-1]] = cell
    return value


START = ("entities", 0, "spans", 0, "start")
ROLE = ("events", 0, "arguments", 0, "role")
CASES: dict[str, tuple[bool, Any, tuple[Any, ...]]] = {
    "a float for an offset": (False, 0.0, START),
    "a float with a fraction for an offset": (False, 0.5, START),
    "an offset below zero": (False, -1, START),
    "the last offset": (True, 2**31 - 1, START),
    "an offset that is no int32": (False, 2**31, START),
    "an offset of thirty digits": (False, 10**30, START),
    "true for an offset": (False, True, START),
    "a string for an offset": (False, "0", START),
    "a float for a number": (True, 1.0, ("values", 0, "min")),
    "a large number": (True, 1900000000000, ("values", 0, "min")),
    "a number that no double holds": (False, 10**400, ("values", 0, "min")),
    "true for a number": (False, True, ("values", 0, "min")),
    "a role of another type": (False, "Demonstrator", ROLE),
    "a role of no type": (False, "attacker", ROLE),
    "a role that every type takes": (True, "Place", ROLE),
    "no spans": (False, [], ("entities", 0, "spans")),
    "no arguments": (True, [], ("events", 0, "arguments")),
    "null for an optional field": (False, None, ("entities", 0, "chain")),
    "null for a layer": (True, None, ("entities",)),
    "an unknown layer": (False, [], ("claims",)),
    "an unknown label": (False, "PERSON", ("entities", 0, "type")),
    "a class for a type": (False, "ORG", ("entities", 0, "type")),
    "a Cyrillic id": (False, "Т1", ("entities", 0, "id")),
    "an Arabic digit in an id": (False, "T١", ("entities", 0, "id")),
    "an id with a line end": (False, "T1\n", ("entities", 0, "id")),
    "an id that is too long": (False, "T" + "1" * 64, ("entities", 0, "id")),
    "a document id with a line end": (False, "one\n", ("id",)),
    "a document id like a path": (False, "../one", ("id",)),
    "a date with Arabic digits": (False, "٢٠٣١", ("anchor", "date")),
    "a date with a line end": (False, "2031\n", ("anchor", "date")),
    "a null date": (True, None, ("anchor", "date")),
    "an empty text": (True, "", ("text",)),
    "an empty quote": (False, "", ("entities", 0, "quote")),
    "a list for an object": (False, [], ("anchor",)),
    "an object for a list": (False, {}, ("coverage",)),
    "a label with a line end": (False, "CT+\n", ("events", 0, "factuality")),
    "a null in a list of labels": (False, [None], ("languages_present",)),
}


@pytest.mark.parametrize("name", CASES)
def test_verdicts_one_by_one(name: str) -> None:
    verdict, cell, path = CASES[name]
    assert check_verdicts(put(valid(), cell, *path)) == verdict


def test_the_small_document_is_valid() -> None:
    assert check_verdicts(valid())
    assert GATE.fits(line_of(valid()))


if __name__ == "__main__":
    print(json.dumps(contract(), ensure_ascii=False, indent=1))  # noqa: T201
