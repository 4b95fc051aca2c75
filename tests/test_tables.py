"""The tables: what the oracle says, for any corpus and any number of shards."""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import generate
import msgspec
import pyarrow as pa
import pytest
from generate import Json, corpora
from hypothesis import HealthCheck, Phase, given, settings
from oracle import CLASS_LABELS, Oracle, Row, Rows, label_sets, read_ontology
from qantar.corpus import Corpus
from qantar.index import build_index
from qantar.problems import Problem
from qantar.release.ingest import shard_of
from qantar.release.shard import columns
from qantar.rules import RULES, Context
from qantar.rules.runner import check_corpus, check_document
from qantar.schema import Registry
from qantar.store import Folder
from qantar.store.gate import encode
from qantar.tables import TABLES, Shard, tables_for
from tiny import ONE, TWO, anchored, document_line, tokens

# The cells that `differences` names say more than a shrunken corpus, which takes minutes: add Phase.shrink to get one.
steady = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
ONTOLOGY = read_ontology(generate.ROOT / "schema")
TABLE_NAMES = [table.name for table in TABLES]


def rank_of(document: str, count: int) -> int:
    """The shard of a document: the top bits of the SHA-256 of its id."""
    return int.from_bytes(hashlib.sha256(document.encode()).digest(), "big") * count >> 256


def shard(corpus: Corpus, ids: list[str]) -> Shard:
    """The shard of these documents, made as the release makes it."""
    lines = [encode(corpus.documents[name]) for name in sorted(ids)]
    return Shard(columns(lines, corpus.registry), build_index(corpus).slice(frozenset(ids)), corpus.registry)


def tables_of(corpus: Corpus, count: int) -> list[dict[str, pa.Table]]:
    """Every table of every shard."""
    parts = [[name for name in corpus.documents if rank_of(name, count) == rank] for rank in range(count)]
    return [{table.name: table.build(made) for table in TABLES} for made in (shard(corpus, part) for part in parts)]


def decoded(name: str, table: pa.Table) -> Rows:
    """Rows with class labels as names, after the features that the table carries."""
    features = json.loads(table.schema.metadata[b"huggingface"])["info"]["features"]
    rows: Rows = table.to_pylist()
    for row in rows:
        for column in CLASS_LABELS[name]:
            feature = features[column][0] if isinstance(features[column], list) else features[column]
            row[column] = named(row[column], feature["names"])
    return rows


def named(cell: Any, names: list[str]) -> Any:
    """A label id as its name; also in lists, also null."""
    if isinstance(cell, list):
        return [named(item, names) for item in cell]
    return None if cell is None else names[cell]


def home(name: str, row: Row) -> str:
    """The document whose shard holds a row: its own, or the first of those that it spans."""
    if name == "clusters":
        return str(row["mentions"][0]["document"])
    own = {"documents": "id", "relations": "head_document", "parallel": "a_document"}
    return str(row[own.get(name, "document")])


def differences(found: Rows, expected: Rows) -> list[str]:
    """Where two lists of rows differ, one line a cell."""
    lines = [f"{len(found)} rows, expected {len(expected)}"] if len(found) != len(expected) else []
    for one, two in zip(found, expected, strict=False):
        cells = [(key, one.get(key, "absent"), two.get(key, "absent")) for key in sorted({*one, *two})]
        name = one.get("id") or one.get("event")
        lines += [f"{name}.{key}: {mine!r}, expected {wanted!r}" for key, mine, wanted in cells if mine != wanted]
    return lines


def compare(corpus: Corpus, count: int, ontology: Mapping[str, Any] = ONTOLOGY) -> None:
    """Every table of the corpus, in `count` shards, against the oracle."""
    expected = Oracle.of(corpus, ontology).tables()
    for rank, tables in enumerate(tables_of(corpus, count)):
        for name, table in tables.items():
            wanted = [row for row in expected[name] if rank_of(home(name, row), count) == rank]
            assert not differences(decoded(name, table), wanted), name
            assert table.schema.equals(corpus.registry.table_schema(name), check_metadata=True), name


def texts(row: Any, document: str = "") -> Iterator[tuple[str, int, int, str]]:
    """(document, start, end, text) wherever a row says all of them; sides of a pair say them with a prefix."""
    if isinstance(row, list):
        for item in row:
            yield from texts(item, document)
    elif isinstance(row, Mapping):
        document = row.get("document", document)
        for side in ("", "a_", "b_"):
            if {f"{side}{key}" for key in ("start", "end", "text")} <= row.keys():
                yield row.get(f"{side}document", document), row[f"{side}start"], row[f"{side}end"], row[f"{side}text"]
        for cell in row.values():
            yield from texts(cell, document)


def made(name: str, text: str, layers: Json, registry: Registry | None = None, **changes: Any) -> Any:
    """A Document of these layers."""
    present = generate.present({"segments": None, "languages": None, **layers})
    line = {**document_line(name, text, layers, **changes), "text": text, "languages_present": present, **layers}
    return msgspec.convert(line, (registry or generate.contract()[1]).document_type)


def corpus_of(*documents: Any, registry: Registry | None = None) -> Corpus:
    """A corpus of documents and nothing else, which has no problems."""
    known, own = generate.contract()
    corpus = Corpus(known, registry or own, {document.id: document for document in documents})
    assert problems_of(corpus) == []
    return corpus


def problems_of(corpus: Corpus) -> list[Problem]:
    """What rules find that tables rest on: generated corpora are sound in form, not in sense."""
    context = Context(corpus.registry, corpus.gazetteer)
    found = [problem for one in corpus.documents.values() for problem in check_document(one, context)] + list(check_corpus(corpus))
    firm = {rule.code for rule in RULES if rule.firm}
    return [problem for problem in found if problem.code in firm]


def rows_of(corpus: Corpus, name: str) -> Rows:
    """The rows of one table, built in one shard."""
    [table] = [table for table in TABLES if table.name == name]
    return decoded(name, table.build(shard(corpus, list(corpus.documents))))


# --- generated corpora ------------------------------------------------------------------------------------------------


def test_ids_are_spread() -> None:
    assert {rank_of(name, 4) for name in generate.IDS} == {0, 1, 2, 3}
    assert [rank_of(name, 4) for name in generate.IDS] == [shard_of(name, 4) for name in generate.IDS]


@settings(steady, max_examples=60)
@given(corpora())
def test_generated_corpora_have_no_problem_that_tables_rest_on(corpus: Corpus) -> None:
    assert problems_of(corpus) == []


@settings(steady, max_examples=100)
@given(corpora(3))
def test_tables_are_as_the_oracle_says(corpus: Corpus) -> None:
    compare(corpus, 1)


@settings(steady, max_examples=40)
@given(corpora())
def test_shards_together_are_the_whole(corpus: Corpus) -> None:
    compare(corpus, 4)


@settings(steady, max_examples=30)
@given(corpora(2))
def test_every_text_is_what_stands_there(corpus: Corpus) -> None:
    [tables] = tables_of(corpus, 1)
    for name, table in tables.items():
        for document, start, end, text in texts(table.to_pylist()) if name != "documents" else ():
            assert corpus.documents[document].text[start:end] == text, name


def test_texts_are_found_wherever_they_stand() -> None:
    side = {"a_document": "one", "a_start": 0, "a_end": 1, "a_text": "x"}
    assert list(texts(side)) == [("one", 0, 1, "x")]
    nested = {"document": "two", "start": 1, "end": 2, "text": "y", "mentions": [{"document": "three", "start": 3, "end": 4, "text": "z"}]}
    assert list(texts(nested)) == [("two", 1, 2, "y"), ("three", 3, 4, "z")]


@pytest.mark.parametrize("count", [1, 4])
def test_tables_of_the_repositorys_corpus(root: Path, count: int) -> None:
    corpus = Folder(root / "corpus").read()
    assert problems_of(corpus) == []
    compare(corpus, count)


def test_class_labels_are_the_contracts() -> None:
    known, registry = generate.contract()
    sets = label_sets(ONTOLOGY, known.languages)
    assert list(CLASS_LABELS) == TABLE_NAMES
    for table, labelled in CLASS_LABELS.items():
        features = json.loads(registry.table_schema(table).metadata[b"huggingface"])["info"]["features"]
        found = {name: feature[0] if isinstance(feature, list) else feature for name, feature in features.items()}
        names = {name: feature["names"] for name, feature in found.items() if feature.get("_type") == "ClassLabel"}
        assert names == {column: sets[label_set] for column, label_set in labelled.items()}


# --- by hand: the tiny corpus -----------------------------------------------------------------------------------------


@pytest.fixture
def tiny_corpus(tiny: Path) -> Corpus:
    """The tiny corpus in memory."""
    return Folder(tiny).read()


def test_tiny_corpus_is_as_the_oracle_says(tiny_corpus: Corpus) -> None:
    compare(tiny_corpus, 1)
    compare(tiny_corpus, 4)


def test_a_sentence(tiny_corpus: Corpus) -> None:
    one, two = rows_of(tiny_corpus, "sentences")
    assert one == {
        "id": "one#S1", "document": "one", "segment": "one#Z1", "start": 0, "end": 12, "text": "Порт закрито", "lang": "uk",
        "tokens": ["Порт", "закрито"], "starts": [0, 5], "ends": [4, 12], "langs": ["uk", "uk"], "lemmas": ["порт", "закрито"],
        "upos": ["X", "X"], "ner_tags": ["B-FAC", "O"], "trigger_tags": ["O", "O"], "fold": 0,
    }  # fmt: skip
    assert two["tokens"] == ["Reuters", ":", "😀", "докери", "страйкували", "14", "березня", "у", "Порт-Веллі", "."]
    assert two["starts"] == [13, 20, 22, 24, 31, 43, 46, 54, 56, 66]
    assert two["langs"] == ["en", "zxx", "zxx", "uk", "uk", "zxx", "uk", "uk", "uk", "zxx"]
    assert two["ner_tags"] == ["B-ORG", "O", "O", "B-GROUP", "O", "O", "O", "O", "B-GPE", "O"]
    assert [tag for tag in two["trigger_tags"] if tag != "O"] == ["B-Conflict.Demonstrate.Protest"]


def test_an_entity(tiny_corpus: Corpus) -> None:
    rows = {row["id"]: row for row in rows_of(tiny_corpus, "entities")}
    assert list(rows) == ["one#T1", "one#T2", "one#T3", "one#T4", "two#T1", "two#T2"]
    assert rows["one#T4"] == {
        "id": "one#T4", "document": "one", "start": 56, "end": 66, "text": "Порт-Веллі", "fragments": None, "sentence": "one#S2",
        "token_start": 8, "token_end": 9, "type": "GPE.city", "level": "name", "used_as": None, "chain": None, "cluster": None,
        "link": "port-vell", "wikidata": "Q99999999", "lang": "uk", "fold": 0,
    }  # fmt: skip
    nowhere = {"sentence": None, "token_start": None, "token_end": None, "chain": None}
    assert nowhere.items() <= rows["two#T1"].items()
    assert rows["one#T3"]["chain"] == "one#dockers"


def test_an_event(tiny_corpus: Corpus) -> None:
    one, two = rows_of(tiny_corpus, "events")
    entity = {"kind": "entity", "fragments": None}
    assert one == {
        "id": "one#E1", "document": "one", "start": 31, "end": 42, "text": "страйкували", "fragments": None,
        "sentence": {"id": "one#S2", "start": 13, "end": 67, "text": ONE[13:67]}, "token_start": 4, "token_end": 5,
        "type": "Conflict.Demonstrate.Protest", "aspect": "ended", "factuality": "CT+", "plover_context": ["economic"],
        "arguments": [
            {"role": "Demonstrator", "target": "one#T3", "start": 24, "end": 30, "text": "докери", "type": "GROUP",
             "chain": "one#dockers", "link": None, **entity},
            {"role": "Time", "target": "one#V1", "start": 43, "end": 53, "text": "14 березня", "type": "DATE",
             "chain": None, "link": None, **entity, "kind": "value"},
            {"role": "Place", "target": "one#T4", "start": 56, "end": 66, "text": "Порт-Веллі", "type": "GPE.city",
             "chain": None, "link": "port-vell", **entity},
        ],
        "attributions": [
            {"hop": 1, "source": "one#T2", "source_text": "Reuters", "cue": ":", "medium": "agency", "factuality": "CT+"}
        ],
        "time_text": "14 березня", "time_value": "XXXX-03-14", "place_text": "Порт-Веллі", "place_link": "port-vell",
        "cluster": "C1", "lang": "uk", "fold": 0,
    }  # fmt: skip
    assert (two["sentence"], two["attributions"], two["plover_context"], two["time_text"]) == (None, [], None, None)


def test_arguments(tiny_corpus: Corpus) -> None:
    rows = rows_of(tiny_corpus, "arguments")
    assert [(row["event"], row["role"], row["target"], row["wikidata"]) for row in rows] == [
        ("one#E1", "Demonstrator", "one#T3", None),
        ("one#E1", "Time", "one#V1", None),
        ("one#E1", "Place", "one#T4", "Q99999999"),
        ("two#E1", "Demonstrator", "two#T1", None),
    ]


def test_rows_that_span_documents(tiny_corpus: Corpus) -> None:
    assert rows_of(tiny_corpus, "relations") == [
        {"id": "one#R1", "type": "same-report", "head": "one#E1", "head_document": "one", "head_text": "страйкували",
         "tail": "one#A1", "tail_document": "one", "tail_text": ":", "note": None, "ignore": None},
        {"id": "K1", "type": "confirms", "head": "two#E1", "head_document": "two", "head_text": "страйкували",
         "tail": "one#E1", "tail_document": "one", "tail_text": "страйкували", "note": "Made up.", "ignore": None},
    ]  # fmt: skip
    assert rows_of(tiny_corpus, "parallel") == [
        {"id": "P1", "relation": "near-verbatim", "note": None, "ignore": None,
         "a_document": "one", "a_start": 24, "a_end": 42, "a_text": "докери страйкували", "a_fragments": None, "a_lang": "uk",
         "b_document": "two", "b_start": 0, "b_end": 18, "b_text": "Докери страйкували", "b_fragments": None, "b_lang": "uk"},
    ]  # fmt: skip
    mention = {"text": "страйкували", "fragments": None, "lang": "uk"}
    assert rows_of(tiny_corpus, "clusters") == [
        {"id": "C1", "kind": "event", "type": "Conflict.Demonstrate.Protest", "labels": [{"lang": "uk", "text": "страйкували"}],
         "wikidata": None, "note": None, "ignore": None,
         "mentions": [{"document": "one", "id": "one#E1", "start": 31, "end": 42, **mention},
                      {"document": "two", "id": "two#E1", "start": 7, "end": 18, **mention}]},
    ]  # fmt: skip


def test_a_report(tiny_corpus: Corpus) -> None:
    one, two = rows_of(tiny_corpus, "reports")
    assert one == {
        "id": "one#E1", "cluster": "C1", "documents": 2, "primary": True, "document": "one", "type": "Conflict.Demonstrate.Protest",
        "date": "2031-03-14", "date_start": "2031-03-14", "date_end": "2031-03-14", "date_basis": "argument",
        "country": "ES", "admin1": "Catalonia", "location": "Порт-Веллі", "geonames": 9999999, "latitude": 41.5, "longitude": 2.25,
        "geo_precision": "city", "plover_event": "PROTEST", "plover_mode": "demo", "plover_contexts": ["economic"], "cameo": "141",
        "acled_like_event": "Protests", "acled_like_sub_event": "Peaceful protest",
        "crosswalk_quality": {"plover": "exact", "cameo": "exact", "acled_like": "narrow"},
        "actor1": "докери", "actor1_type": "GROUP", "actor2": None, "actor2_type": None,
        "dead": None, "injured": None, "arrested": None, "crowd": None, "counts": [], "source": "Reuters", "source_chain": ["Reuters"],
        "factuality": "CT+", "text": "страйкували", "start": 31, "end": 42, "fragments": None, "sentence": "one#S2",
        "sentence_text": ONE[13:67], "lang": "uk",
    }  # fmt: skip
    assert (two["primary"], two["documents"], two["date"], two["date_basis"]) == (False, 2, "2031-03-15", "anchor")
    assert (two["source"], two["source_chain"], two["location"], two["text"]) == (None, [], None, TWO[7:18])


# --- by hand: cases that are easy to get wrong ------------------------------------------------------------------------


def test_null_and_empty_layers_differ(tiny_corpus: Corpus) -> None:
    one, two = rows_of(tiny_corpus, "documents")
    assert (two["segments"], two["values"], two["languages_present"]) == (None, [], None)
    assert (one["values"][0]["min"], one["relations"][0]["note"]) == (None, None)


def test_the_letters_of_a_token_decide_its_language() -> None:
    text = "Readovka-канал Sputnik-2022 KEGOCу 42"
    sentence = {"id": "S1", "start": 0, "end": len(text), "tokens": tokens(text, *text.split())}
    stretches = [
        {"id": "L1", **anchored(text, "Readovka"), "lang": "ru", "script": "Latn"},
        {"id": "L2", **anchored(text, "Sputnik"), "lang": "en", "script": "Latn"},
        {"id": "L3", **anchored(text, "KEGOC"), "lang": "en", "script": "Latn"},
    ]
    zone = {"id": "Z1", "start": 0, "end": len(text), "kind": "body", "lang": "ru"}
    corpus = corpus_of(made("one", text, {"segments": [zone], "languages": stretches, "sentences": [sentence]}, lang="ru"))
    assert rows_of(corpus, "sentences")[0]["langs"] == ["ru", "en", "mul", "zxx"]


def test_content_in_fragments_holds_a_trigger_in_fragments() -> None:
    text = "Порт, пише Reuters, закрито"
    content = [{"start": 0, "end": 4}, {"start": 20, "end": 27}]
    event = {"id": "E1", "spans": content, "quote": "Порт закрито", "type": "Movement.Transportation.PreventPassage", "arguments": []}
    said = {"id": "A1", **anchored(text, "пише"), "source": None, "content": content, "events": [], "medium": "agency", "factuality": "CT+"}
    layers = {"events": [{**event, "aspect": "ended", "factuality": "Uu"}], "attributions": [said]}
    assert [hop["cue"] for hop in rows_of(corpus_of(made("one", text, layers)), "events")[0]["attributions"]] == ["пише"]


def test_a_discontinuous_mention_has_fragments_and_no_tag() -> None:
    text = "старий порт і новий порт"
    spans = [{"start": 0, "end": 6}, {"start": 20, "end": 24}]
    layers = {
        "sentences": [{"id": "S1", "start": 0, "end": 24, "tokens": tokens(text, *text.split())}],
        "entities": [
            {"id": "T1", "spans": spans, "quote": "старий порт", "type": "FAC.other", "level": "nominal"},
            {"id": "T2", **anchored(text, "новий порт"), "type": "FAC.other", "level": "nominal"},
            {"id": "T3", **anchored(text, "порт", 1), "type": "GPE.city", "level": "nominal"},
        ],
    }
    corpus = corpus_of(made("one", text, layers))
    assert rows_of(corpus, "sentences")[0]["ner_tags"] == ["O", "O", "O", "B-FAC", "I-FAC"]
    one, *_ = rows_of(corpus, "entities")
    assert (one["text"], one["fragments"], one["token_start"], one["token_end"]) == (text, spans, 0, 5)


def test_contents_of_two_attributions_that_touch_stay_apart() -> None:
    text = "а закрито б"
    contents = [{"start": 0, "end": 5}, {"start": 5, "end": 11}]
    says = {"source": None, "events": [], "medium": "agency", "factuality": "CT+"}
    said = [{"id": f"A{at + 1}", **anchored(text, "аб"[at]), "content": [content], **says} for at, content in enumerate(contents)]
    event = {
        "id": "E1",
        **anchored(text, "закрито"),
        "type": "Conflict.Attack.Clash",
        "arguments": [],
        "aspect": "ended",
        "factuality": "Uu",
    }
    assert rows_of(corpus_of(made("one", text, {"events": [event], "attributions": said})), "events")[0]["attributions"] == []


def test_actors_and_places_of_a_report() -> None:
    text = "ОМОН і натовп билися біля порту в Алмати"
    layers = {
        "entities": [
            {"id": "T1", **anchored(text, "натовп"), "type": "GROUP", "level": "nominal"},
            {"id": "T2", **anchored(text, "ОМОН"), "type": "PER", "level": "name", "used_as": "ORG.security"},
            {"id": "T3", **anchored(text, "порту"), "type": "FAC.other", "level": "nominal"},
            {"id": "T4", **anchored(text, "Алмати"), "type": "GPE.city", "level": "name", "link": "almaty"},
        ],
        "events": [
            {
                "id": "E1",
                **anchored(text, "билися"),
                "type": "Conflict.Attack.Clash",
                "arguments": [{"role": role, "target": target} for role, target in CLASH],
                "aspect": "ended",
                "factuality": "CT+",
            }
        ],
    }
    names = [{"lang": "kk", "text": "Алматы қ."}, {"lang": "en", "text": "Almaty"}]
    nothing = dict.fromkeys(("wikidata", "longitude", "geo_precision", "admin1", "quality", "verified", "reason"))
    entry = {"id": "almaty", "kind": "city", "names": names, "geonames": 1526384, "latitude": 43.25, "country": "KZ", **nothing}
    corpus = dataclasses.replace(corpus_of(), documents={"one": made("one", text, layers)})
    corpus = dataclasses.replace(corpus, gazetteer={"almaty": generate.to_records([entry], "corpus/gazetteer", corpus.registry)[0]})
    assert problems_of(corpus) == []
    [row] = rows_of(corpus, "reports")
    assert [row["actor1"], row["actor1_type"], row["actor2"], row["actor2_type"]] == ["натовп", "GROUP", "ОМОН", "ORG.security"]
    assert [row["location"], row["geonames"], row["latitude"], row["country"]] == ["Almaty", 1526384, 43.25, "KZ"]
    [frame] = rows_of(corpus, "events")
    assert (frame["place_text"], frame["place_link"]) == ("порту", None)


CLASH = (("Attacker", "T1"), ("Attacker", "T2"), ("Place", "T4"), ("Place", "T3"))


def test_mentions_of_a_cluster_stand_in_text_order_the_longer_first() -> None:
    text = "мер міста Б, мер"
    names = {"T1": (13, 16), "T10": (0, 3), "T2": (0, 9), "T3": (0, 3)}
    mentions = [
        {"id": name, "spans": [{"start": start, "end": end}], "quote": text[start:end], "type": "PER", "level": "nominal", "chain": "mayor"}
        for name, (start, end) in names.items()
    ]
    corpus = corpus_of(made("one", text, {"entities": mentions}))
    cluster = {"id": "C1", "kind": "entity", "type": "PER", "members": [{"target": "one#T10", "quote": "мер"}]}
    corpus = dataclasses.replace(corpus, clusters=generate.to_records([cluster], "corpus/clusters", corpus.registry))
    assert problems_of(corpus) == []
    [row] = rows_of(corpus, "clusters")
    assert [mention["id"] for mention in row["mentions"]] == ["one#T2", "one#T10", "one#T3", "one#T1"]
    assert row["labels"] == [{"lang": "uk", "text": "мер міста"}]


def test_the_longest_way_decides_the_hop() -> None:
    text = "а б в г"
    says = {"source": None, "content": [{"start": 0, "end": 7}], "events": [], "medium": "agency", "factuality": "CT+"}
    chain = [
        {"id": "A1", **anchored(text, "а"), **says},
        {"id": "A2", **anchored(text, "б"), **says, "via": "A1"},
        {"id": "A3", **anchored(text, "в"), **says, "via": "A2"},
    ]
    event = {"id": "E1", **anchored(text, "г"), "type": "Conflict.Attack.Clash", "arguments": [], "aspect": "ended", "factuality": "Uu"}
    [row] = rows_of(corpus_of(made("one", text, {"events": [event], "attributions": chain})), "events")
    assert [(hop["hop"], hop["cue"]) for hop in row["attributions"]] == [(1, "в"), (2, "б"), (3, "а")]


@pytest.fixture
def half_coded() -> tuple[Corpus, Json]:
    """Two documents, each with two shootings of which only the crowd's has a code, and the ontology that says so."""
    known, registry = generate.contract()
    crosswalk = copy.deepcopy(ONTOLOGY["crosswalk"])
    conditional, _ = [row for row in crosswalk["rows"] if row["type"] == "Conflict.Attack.Shoot"]
    for scheme in ("plover", "cameo", "acled"):
        conditional[scheme] = {**dict.fromkeys(conditional[scheme]), "quality": "none"}
    ontology = {**registry.sources.ontology, "crosswalk": crosswalk}
    own = Registry(dataclasses.replace(registry.sources, ontology=ontology), registry.layers, known.languages)
    text = "ОМОН стріляв, натовп стріляв"
    layers = {
        "entities": [
            {"id": "T1", **anchored(text, "ОМОН"), "type": "ORG.security", "level": "name"},
            {"id": "T2", **anchored(text, "натовп"), "type": "GROUP", "level": "nominal"},
        ],
        "events": [
            {
                "id": f"E{number + 1}",
                **anchored(text, "стріляв", number),
                "type": "Conflict.Attack.Shoot",
                "arguments": [{"role": "Attacker", "target": f"T{number + 1}"}],
                "aspect": "ended",
                "factuality": "CT+",
            }
            for number in range(2)
        ],
    }
    return corpus_of(*(made(name, text, layers, own) for name in ("one", "two")), registry=own), {**ONTOLOGY, "crosswalk": crosswalk}


def test_the_first_crosswalk_row_that_holds_is_taken_even_if_it_has_no_code(half_coded: tuple[Corpus, Json]) -> None:
    corpus, ontology = half_coded
    assert [row["id"] for row in rows_of(corpus, "reports")] == ["one#E2", "two#E2"]
    compare(corpus, 1, ontology)


@pytest.mark.parametrize(
    ("members", "primary"),
    [
        (["one#E1", "one#E2", "two#E2"], "one#E2"),
        (["one#E1", "two#E2"], "two#E2"),
        (["one#E2", "two#E1", "two#E2"], "one#E2"),
        (["one#E1", "two#E1"], None),
    ],
)
def test_the_first_mention_with_a_code_is_the_primary_report(
    half_coded: tuple[Corpus, Json], members: list[str], primary: str | None
) -> None:
    corpus, ontology = half_coded
    ends = [{"target": member, "quote": "стріляв"} for member in members]
    cluster = {"id": "C1", "kind": "event", "type": "Conflict.Attack.Shoot", "members": ends}
    corpus = dataclasses.replace(corpus, clusters=generate.to_records([cluster], "corpus/clusters", corpus.registry))
    assert problems_of(corpus) == []
    rows = [row for row in rows_of(corpus, "reports") if row["cluster"] == "C1"]
    assert [row["id"] for row in rows if row["primary"]] == ([] if primary is None else [primary])
    assert {row["documents"] for row in rows} <= {2}
    for count in (1, 2):
        compare(corpus, count, ontology)


def test_a_corpus_with_few_layers_has_tables_too() -> None:
    known, registry = generate.contract()
    own = Registry(registry.sources, ("entities",), known.languages)
    layers = {"entities": [{"id": "T1", **anchored(TWO, "Reuters"), "type": "ORG.media", "level": "name"}]}
    corpus = corpus_of(made("one", TWO, layers, own), registry=own)
    [row] = rows_of(corpus, "entities")
    assert (row["text"], row["sentence"], row["token_start"], row["lang"]) == ("Reuters", None, None, "uk")
    assert [table.name for table in tables_for(own, frozenset())] == ["documents", "entities"]
