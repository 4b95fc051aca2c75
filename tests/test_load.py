"""Releases as `datasets` reads them, and the traps of its loader."""

from __future__ import annotations

import csv
import json
import logging
import shutil
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from builds import Json, build, edit_lines, manifest, replace_in, write_alone, write_single
from qantar.errors import SettingsError
from qantar.release.ingest import shard_of
from qantar.settings import read_settings
from tiny import LAYERS, anchored, span, write_corpus, write_lines

CONFIGS = ("documents", "segments", "sentences", "entities", "events", "arguments", "relations", "parallel", "clusters", "reports")
CLASS_LABELS = {
    "documents": {"lang"},
    "segments": {"kind", "lang"},
    "sentences": {"lang", "langs", "upos", "ner_tags", "trigger_tags"},
    "entities": {"type", "level", "lang"},
    "events": {"type", "aspect", "factuality", "lang"},
    "arguments": {"type", "kind"},
    "relations": {"type"},
    "parallel": {"relation"},
    "clusters": {"type", "kind"},
    "reports": {"type", "factuality", "lang"},
}


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """A release of the repository's corpus."""
    return build(root / "corpus", tmp_path_factory.mktemp("flagship") / "rel").sealed.path


@pytest.fixture(scope="session")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of the tiny corpus in four shards, of which two hold nothing."""
    folder = tmp_path_factory.mktemp("shards")
    return build(write_corpus(folder / "tiny", shards=4), folder / "rel").sealed.path


@pytest.fixture(autouse=True)
def no_complaints() -> Iterator[list[str]]:
    """Fails a test in which `datasets`, or what it uses, logged a warning."""
    said: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(f"{record.name}: {record.getMessage()}")

    listener = Listener(logging.WARNING)
    loggers = [logging.getLogger(name) for name in (None, "datasets", "huggingface_hub", "fsspec")]
    for logger in loggers:
        logger.addHandler(listener)
    yield said
    for logger in loggers:
        logger.removeHandler(listener)
    assert said == []


def load(release: Path, name: str | None = None, **options: Any) -> Any:
    from datasets import load_dataset

    return load_dataset(str(release), name, **{"split": "train", **options})


@cache
def table_of(release: Path, name: str) -> Any:
    """A config of a release that no test changes, loaded once."""
    return load(release, name)


def files(release: Path, name: str) -> list[Path]:
    return sorted((release / "data" / name).glob("*.parquet"))


def rows_on_disk(release: Path, name: str) -> list[Json]:
    rows: list[Json] = pa.concat_tables([pq.read_table(path) for path in files(release, name)]).to_pylist()
    return rows


def head(release: Path) -> Json:
    """The YAML of the card."""
    return deepcopy(parsed((release / "README.md").read_text(encoding="utf-8").split("---\n")[1]))


@cache
def parsed(text: str) -> Json:
    found: Json = yaml.safe_load(text)
    return found


def configs(release: Path) -> list[str]:
    return [config["config_name"] for config in head(release)["configs"]]


def walk(feature: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every feature with the path to it; `*` stands for the items of a list."""
    yield path, feature
    if isinstance(feature, dict):
        for name, inner in feature.items():
            yield from walk(inner, (*path, name))
    elif hasattr(feature, "feature"):
        yield from walk(feature.feature, (*path, "*"))


def label_columns(features: Any) -> dict[str, Any]:
    """The class labels of a table, its lists of class labels included."""
    from datasets import ClassLabel

    return {path[0]: feature for path, feature in walk(dict(features)) if isinstance(feature, ClassLabel)}


def named(path: Path, *keys: str) -> list[str]:
    """Labels as an ontology file of the repository lists them."""
    body = json.loads(path.read_text(encoding="utf-8"))
    for key in keys:
        body = body[key]
    return [entry.get("label") or entry["type"] for entry in body]


# ---- every config of the flagship


def test_the_configs_are_those_of_the_contract(release: Path) -> None:
    from datasets import get_dataset_config_names

    assert tuple(configs(release)) == CONFIGS
    assert tuple(get_dataset_config_names(str(release))) == CONFIGS


def test_the_default_config_is_documents(release: Path) -> None:
    documents = load(release)
    assert documents.info.config_name == "documents"
    assert [config["config_name"] for config in head(release)["configs"] if config.get("default")] == ["documents"]


@pytest.mark.parametrize("name", CONFIGS)
def test_features_rows_and_version(release: Path, root: Path, name: str) -> None:
    from datasets import Features

    settings, registry = read_settings(root / "corpus")
    expected = Features.from_dict(json.loads(registry.table_schema(name).metadata[b"huggingface"])["info"]["features"])
    table, stream, rows = table_of(release, name), load(release, name, streaming=True), rows_on_disk(release, name)
    assert table.features == expected == stream.features
    assert list(table.features) == list(expected), "order of the columns"
    assert str(table.info.version) == str(stream.info.version) == settings.version
    assert len(rows) == manifest(release)["tables"][name]["rows"] > 0
    assert table.to_list() == rows
    assert list(stream) == rows


def test_label_names_are_those_of_the_ontology(release: Path, root: Path) -> None:
    ontology = root / "schema" / "ontology"
    events = named(ontology / "events.json", "types")
    entities = named(ontology / "entities.json", "labels")
    values = named(ontology / "labels.json", "sets", "value-type", "labels")
    flat = list(dict.fromkeys(label.split(".")[0] for label in entities))
    expected = {
        ("documents", "lang"): ["ru", "uk", "kk", "en", "mul", "zxx"],
        ("segments", "kind"): named(ontology / "labels.json", "sets", "segment-kind", "labels"),
        ("sentences", "upos"): named(ontology / "labels.json", "sets", "upos", "labels"),
        ("sentences", "ner_tags"): ["O", *(f"{mark}-{label}" for label in flat for mark in "BI")],
        ("sentences", "trigger_tags"): ["O", *(f"{mark}-{label}" for label in events for mark in "BI")],
        ("entities", "type"): entities,
        ("events", "type"): events,
        ("events", "factuality"): ["CT+", "PR+", "PS+", "CT-", "PR-", "PS-", "CTu", "Uu"],
        ("arguments", "type"): [*entities, *values, *events],
        ("clusters", "type"): [*entities, *events],
        ("reports", "type"): events,
    }
    found = {(name, column): label_columns(table_of(release, name).features)[column].names for name, column in expected}
    assert found == expected


@pytest.mark.parametrize("name", CONFIGS)
def test_class_labels_stand_only_at_top_level(release: Path, name: str) -> None:
    from datasets import ClassLabel

    features = table_of(release, name).features
    labels = [path for path, feature in walk(dict(features)) if isinstance(feature, ClassLabel)]
    assert {path[0] for path in labels} == CLASS_LABELS[name]
    assert [path for path in labels if path[1:] not in ((), ("*",))] == []


@pytest.mark.parametrize("streaming", [False, True])
def test_layers_that_were_not_annotated_stay_null(release: Path, root: Path, streaming: bool) -> None:
    layers = read_settings(root / "corpus")[0].layers
    rows = {row["id"]: row for row in load(release, streaming=streaming).map(lambda row: row)}
    annotated = root / "corpus" / "annotations"
    for name, row in rows.items():
        sizes = {layer: None if row[layer] is None else len(row[layer]) for layer in layers}
        paths = {layer: annotated / layer / f"{name}.jsonl" for layer in layers}
        assert sizes == {layer: len(path.read_bytes().splitlines()) if path.exists() else None for layer, path in paths.items()}


@pytest.mark.parametrize("streaming", [False, True])
def test_layers_in_which_nothing_was_found_stay_empty(tiny: Path, tmp_path: Path, streaming: bool) -> None:
    rows = {row["id"]: row for row in load(build(tiny, tmp_path / "rel").sealed.path, streaming=streaming).map(lambda row: row)}
    assert rows["two"]["values"] == []
    assert rows["two"]["segments"] is None
    assert [layer for layer in LAYERS if not rows["one"][layer]] == []


@pytest.mark.parametrize("streaming", [False, True])
def test_filters(release: Path, streaming: bool) -> None:
    document = "001-akimat-captured"
    found = load(release, "events", filters=[("document", "==", document)], streaming=streaming)
    assert list(found) == [row for row in rows_on_disk(release, "events") if row["document"] == document] != []
    assert found.features["type"].names == table_of(release, "events").features["type"].names


def test_columns(release: Path) -> None:
    narrow = load(release, "events", columns=["id", "type"])
    assert narrow.to_list() == [{key: row[key] for key in ("id", "type")} for row in rows_on_disk(release, "events")]
    assert narrow.features["type"].names == table_of(release, "events").features["type"].names


def test_slices(release: Path) -> None:
    whole = table_of(release, "entities")
    assert load(release, "entities", split="train[:3]+train[-1:]").to_list() == [*whole.to_list()[:3], whole.to_list()[-1]]


def test_a_release_loads_by_a_relative_path(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from datasets import load_dataset

    monkeypatch.chdir(release.parent)
    assert len(load_dataset("./rel", split="train")) == 5


@pytest.mark.parametrize("name", CONFIGS)
def test_parquet_alone_knows_its_features(release: Path, name: str) -> None:
    from datasets import Dataset

    assert Dataset(pq.read_table(files(release, name)[0])).features == table_of(release, name).features


@pytest.mark.parametrize("name", CONFIGS)
def test_the_card_states_the_digest_of_the_manifest(release: Path, name: str) -> None:
    config = next(config for config in head(release)["configs"] if config["config_name"] == name)
    assert config["description"] == f"content-sha256:{manifest(release)['tables'][name]['digest']}"


# ---- the loader's cache


def say_name(corpus: Path) -> None:
    """Changes one label of one record."""
    edit_lines(corpus / "annotations" / "entities" / "two.jsonl", lambda records: records[0].update(level="name"))


def give_title(corpus: Path) -> None:
    edit_lines(corpus / "documents.jsonl", lambda lines: lines[0].update(title="Порт закрито"))


def levels(release: Path, **options: Any) -> list[str]:
    table = load(release, "entities", **options)
    return [table.features["level"].int2str(row["level"]) for row in table if row["document"] == "two"]


def frozen(release: Path) -> Json:
    """The YAML of the card without what tells one content from another."""
    found = head(release)
    for config in found["configs"]:
        del config["description"]
    for info in found["dataset_info"]:
        for split in info.get("splits", ()):
            del split["num_bytes"]
    return found


def test_a_rebuild_in_place_is_picked_up(tiny: Path, tmp_path: Path) -> None:
    target = build(tiny, tmp_path / "rel").sealed.path
    before, titles, card = levels(target), load(target)["title"][:], frozen(target)
    say_name(tiny)
    give_title(tiny)
    build(tiny, target, replace=True)
    assert frozen(target) == card, "the trap: the card differs in nothing but digests and sizes"
    assert (before, levels(target), levels(target, streaming=True)) == (["nominal", "name"], ["name", "name"], ["name", "name"])
    assert (titles, load(target)["title"][:]) == ([None, None], ["Порт закрито", None])


def test_a_change_in_any_table_changes_the_digest_of_its_config(tmp_path: Path) -> None:
    """Sizes and counts, which a card may also state, can be equal by chance."""
    one, two = write_corpus(tmp_path / "one"), write_corpus(tmp_path / "two")
    for layer, change in CHANGES.items():
        edit_lines(two / "annotations" / layer / "one.jsonl", lambda records, change=change: records[-1].update(change))
    edit_lines(two / "annotations" / "sentences" / "one.jsonl", lambda records: records[0]["tokens"][0].update(lemma="порту"))
    for file in ("alignments", "clusters"):
        edit_lines(two / f"{file}.jsonl", lambda records: records[0].update(note="Changed."))
    tables = [manifest(build(corpus, tmp_path / f"rel-{corpus.name}").sealed.path)["tables"] for corpus in (one, two)]
    assert tuple(tables[0]) == CONFIGS
    assert [name for name in CONFIGS if tables[0][name]["digest"] == tables[1][name]["digest"]] == []
    assert [name for name in CONFIGS if tables[0][name]["rows"] != tables[1][name]["rows"]] == []


CHANGES: dict[str, Json] = {
    "entities": {"level": "nominal", "link": "wikidata:Q99999998"},
    "events": {"aspect": "ongoing", "factuality": "PR+"},
    "segments": {"date": "2031-03"},
    "relations": {"note": "Changed."},
}


def test_two_folders_of_one_name_do_not_serve_each_others_rows(tmp_path: Path) -> None:
    one, two = write_corpus(tmp_path / "a" / "tiny"), write_corpus(tmp_path / "b" / "tiny")
    say_name(two)
    targets = [build(corpus, corpus.parent / "rel").sealed.path for corpus in (one, two)]
    assert frozen(targets[0]) == frozen(targets[1])
    assert [levels(target) for target in targets] == [["nominal", "name"], ["name", "name"]]
    assert levels(targets[0]) == ["nominal", "name"], "also when asked again"


def test_a_shard_that_is_missing_is_noticed(shards: Path, tmp_path: Path) -> None:
    from datasets.exceptions import NonMatchingSplitsSizesError

    partial = tmp_path / "partial"
    shutil.copytree(shards, partial)
    next(path for path in files(partial, "documents") if pq.read_metadata(path).num_rows).unlink()
    with pytest.raises((NonMatchingSplitsSizesError, FileNotFoundError)):
        load(partial)


# ---- features, card, Arrow


@pytest.mark.parametrize("name", CONFIGS)
def test_the_card_and_parquet_state_the_same_features(release: Path, name: str) -> None:
    from datasets import Features

    info = next(info for info in head(release)["dataset_info"] if info["config_name"] == name)
    from_card = Features._from_yaml_list(info["features"])
    for path in files(release, name):
        schema = pq.read_schema(path)
        assert Features.from_arrow_schema(schema) == from_card
        assert list(from_card) == schema.names
        assert schema.equals(from_card.arrow_schema, check_metadata=False)


@pytest.mark.parametrize("name", CONFIGS)
def test_only_kinds_of_features_that_load_everywhere(release: Path, name: str) -> None:
    from datasets import ClassLabel, List, Value

    features = dict(table_of(release, name).features)
    assert {type(feature) for _, feature in walk(features)} <= {dict, ClassLabel, List, Value}
    plain = {feature.dtype for _, feature in walk(features) if isinstance(feature, Value)}
    assert plain <= {"string", "int32", "int64", "float64", "bool"}
    for path in files(release, name):
        fields = list(arrow_fields(pq.read_schema(path)))
        assert [field.name for field in fields if not field.nullable] == []
        assert [field.name for field in fields if pa.types.is_dictionary(field.type) or pa.types.is_null(field.type)] == []


def arrow_fields(schema: Any) -> Iterator[pa.Field]:
    """Every field of an Arrow schema or type, at any depth."""
    for field in [schema.value_field] if isinstance(schema, pa.ListType) else schema:
        yield field
        if pa.types.is_struct(field.type) or pa.types.is_list(field.type):
            yield from arrow_fields(field.type)


@pytest.mark.parametrize("name", CONFIGS)
def test_label_ids_are_in_range(release: Path, name: str) -> None:
    table = table_of(release, name)
    for column, label in label_columns(table.features).items():
        cells = [cell for row in table[column] for cell in (row if isinstance(row, list) else [row]) if cell is not None]
        assert set(cells) <= set(range(len(label.names))), column


@pytest.mark.parametrize("change", ['"1.2.0-dev1"', '"1.2"', '"v1.2.0"', '"1.2.0+g123"', '"01.2.0"'])
def test_versions_are_digits(tiny: Path, change: str) -> None:
    replace_in(tiny / "corpus.toml", 'version = "1.0.0"', f"version = {change}")
    with pytest.raises(SettingsError, match=r"corpus\.toml: \$\.version"):
        read_settings(tiny)


def test_a_release_holds_no_python(release: Path) -> None:
    """`datasets` refuses a folder that holds a script of its own name."""
    kinds = {path.suffix for path in release.rglob("*") if path.is_file()}
    assert kinds == {".parquet", ".json", ".jsonl", ".md", ".toml", ".csv", ".cff", ".txt"}


def test_labels_inside_structs_filter_by_name(release: Path) -> None:
    events = table_of(release, "events")
    role = events[0]["arguments"][0]["role"]
    kept = events.filter(lambda row: any(argument["role"] == role for argument in row["arguments"]))
    assert kept["id"][:] == [
        row["id"] for row in rows_on_disk(release, "events") if role in [argument["role"] for argument in row["arguments"]]
    ]
    assert isinstance(role, str)
    assert 0 < len(kept) < len(events)


# ---- shards


def test_tables_without_rows_are_left_out(tmp_path: Path) -> None:
    corpus = write_alone(tmp_path / "tiny")
    for name in ("one", "two"):
        write_lines(corpus / "annotations" / "events" / f"{name}.jsonl", [])
    for layer in ("attributions", "relations"):
        write_lines(corpus / "annotations" / layer / "one.jsonl", [])
    target = build(corpus, tmp_path / "rel").sealed.path
    assert configs(target) == ["documents", "segments", "sentences", "entities"] == list(manifest(target)["tables"])
    assert sorted(path.name for path in (target / "data").iterdir()) == sorted(configs(target))
    assert not (target / "reports.csv").exists()
    assert [row["events"] for row in load(target)] == [[], []]
    for name in configs(target):
        assert len(load(target, name)) == len(list(load(target, name, streaming=True))) > 0


def test_shards_without_rows_have_no_row_groups_and_load(shards: Path) -> None:
    assert configs(shards) == list(CONFIGS)
    for name in CONFIGS:
        counts = [(pq.read_metadata(path).num_rows, pq.read_metadata(path).num_row_groups) for path in files(shards, name)]
        assert len(counts) == 4
        assert {groups for rows, groups in counts if not rows} == {0}
        assert table_of(shards, name).to_list() == rows_on_disk(shards, name) != []


@pytest.mark.parametrize("name", ["documents", "events", "clusters"])
def test_shards_without_rows_stream(shards: Path, name: str) -> None:
    assert list(load(shards, name, streaming=True)) == rows_on_disk(shards, name)


def test_shards_of_a_table_have_one_schema(shards: Path) -> None:
    for name in CONFIGS:
        first, *others = [pq.read_schema(path) for path in files(shards, name)]
        assert [other for other in others if not other.equals(first, check_metadata=True)] == []


def test_a_first_shard_of_nothing_but_nulls_loads(tmp_path: Path) -> None:
    corpus = write_alone(tmp_path / "tiny", shards=4)
    assert (shard_of("two", 4), shard_of("one", 4)) == (0, 1)
    for path in (corpus / "annotations").glob("*/two.jsonl"):
        path.unlink()
    edit_lines(corpus / "documents.jsonl", lambda lines: lines[1].update(coverage=[]))
    target = build(corpus, tmp_path / "rel").sealed.path
    first = pq.read_table(files(target, "documents")[0]).to_pylist()
    assert [[row[layer] for layer in LAYERS] for row in first] == [[None] * len(LAYERS)]
    registry = read_settings(corpus)[1]
    for name in ("documents", "sentences", "events"):
        table = load(target, name)
        assert table.data.schema.equals(registry.table_schema(name), check_metadata=False)
        assert table.to_list() == list(load(target, name, streaming=True)) == rows_on_disk(target, name) != []


def test_a_null_before_labels_in_a_list(tiny: Path, tmp_path: Path) -> None:
    """Encoding a list by the type of its first item, as `datasets` does, would leave strings here."""
    edit_lines(
        tiny / "annotations" / "sentences" / "one.jsonl", lambda records: [records[0]["tokens"][0].pop(key) for key in ("upos", "lemma")]
    )
    sentences = load(build(tiny, tmp_path / "rel").sealed.path, "sentences")
    unknown = sentences.features["upos"].feature.str2int("X")
    assert sentences[0]["upos"] == [None, unknown]
    assert sentences[0]["lemmas"] == [None, "закрито"]


# ---- reports.csv


def csv_rows(release: Path) -> list[dict[str, str]]:
    with (release / "reports.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


def test_reports_csv_says_what_the_table_says(release: Path) -> None:
    raw = (release / "reports.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\xef\xbb\xbf") == 1
    rows, table = csv_rows(release), table_of(release, "reports")
    assert len(rows) == len(table)
    assert [row["type"] for row in rows] == [table.features["type"].int2str(row["type"]) for row in table]
    assert [row["factuality"] for row in rows] == [table.features["factuality"].int2str(row["factuality"]) for row in table]
    for name in ("id", "text", "location", "sentence_text", "source", "actor1"):
        assert [row[name].removeprefix("'") for row in rows] == [(cell or "").removeprefix("'") for cell in table[name]]
    assert any("а" <= letter <= "я" for row in rows for letter in row["text"])
    assert [row["injured_min"] for row in rows] == [
        "" if not cell or cell["min"] is None else f"{cell['min']:g}" for cell in table["injured"]
    ]


def test_reports_csv_ends_its_lines_with_crlf(tiny: Path, tmp_path: Path) -> None:
    raw = (build(tiny, tmp_path / "rel").sealed.path / "reports.csv").read_bytes()
    assert raw.count(b"\r\n") == raw.count(b"\n") == 3, "a header and two reports, none with a line break inside"
    assert raw.endswith(b"\r\n")


def test_reports_csv_of_several_shards_has_one_header(shards: Path) -> None:
    assert sorted(row["id"] for row in csv_rows(shards)) == ["one#E1", "two#E1"]


def test_reports_csv_defuses_formulas(tmp_path: Path) -> None:
    text = "@Agency: +dockers =strike -Port.\n"
    layers: dict[str, list[Json]] = {
        "entities": [
            {"id": "T1", **anchored(text, "@Agency"), "type": "ORG.media", "level": "name"},
            {"id": "T2", **anchored(text, "+dockers"), "type": "GROUP", "level": "nominal"},
            {"id": "T3", **anchored(text, "-Port"), "type": "GPE.city", "level": "name", "link": "port-vell"},
        ],
        "events": [
            {
                "id": "E1",
                **anchored(text, "=strike"),
                "type": "Conflict.Demonstrate.Protest",
                "arguments": [{"role": "Demonstrator", "target": "T2"}, {"role": "Place", "target": "T3"}],
                "aspect": "ended",
                "factuality": "CT+",
            }
        ],
        "attributions": [
            {
                "id": "A1",
                **anchored(text, ":"),
                "source": "T1",
                "content": [span(text, "+dockers =strike -Port")],
                "events": ["E1"],
                "medium": "agency",
                "factuality": "CT+",
            }
        ],
    }
    corpus = write_single(tmp_path / "tiny", text, layers)
    edit_lines(corpus / "gazetteer.jsonl", lambda entries: entries[0].update(latitude=-41.5, longitude=-2.0))
    (row,) = csv_rows(build(corpus, tmp_path / "rel").sealed.path)
    cells = {name: row[name] for name in ("text", "source", "source_chain", "actor1", "location")}
    assert cells == {"text": "'=strike", "source": "'@Agency", "source_chain": "'@Agency", "actor1": "'+dockers", "location": "'-Port"}
    assert (float(row["latitude"]), float(row["longitude"])) == (-41.5, -2.0), "numbers stay numbers"
    assert [name for name, cell in row.items() if cell[:1] in "=+-@" and cell and name not in ("latitude", "longitude")] == []
