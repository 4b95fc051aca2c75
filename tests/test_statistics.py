"""Statistics: counts against independent recounts, what is unfinished, and how it is printed."""

from __future__ import annotations

import dataclasses
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import generate
import msgspec
import pytest
import qantar
from builds import Json, build, edit_lines, replace_in
from generate import corpora
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from oracle import extent, holder, language
from qantar.cli.layout import WIDTH, grid, table, wrapped
from qantar.cli.statistics import report
from qantar.corpus import Corpus
from qantar.document import Whereabouts, language_of, zone_of
from qantar.errors import InvalidCorpus, UnknownName
from qantar.statistics import Stats, counts, stats
from qantar.statistics.gaps import Gaps
from qantar.statistics.tally import Tally
from qantar.store import NativeFile, open_store
from qantar.wording import width
from tiny import ONE, anchored, write_lines

Run = Callable[..., tuple[int, str, str]]
EXPECTED = Path(__file__).parent / "expected" / "cli"


@pytest.fixture(autouse=True)
def _a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def expected(name: str) -> str:
    return (EXPECTED / name).read_text(encoding="utf-8")


def of(path: Path, layer: str | None = None) -> Stats:
    return stats(open_store(path), layer=layer)


def lines(path: Path) -> list[Json]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


# ---- what it prints


def test_text_and_json_of_the_tiny_corpus(tiny: Path, run: Run) -> None:
    assert run("stats", "tiny") == (0, expected("stats.txt"), "")
    assert run("stats", "tiny", "--json") == (0, expected("stats.json"), "")
    assert run("stats", "tiny", "--layer", "entities") == (0, expected("stats-layer.txt"), "")


def test_one_layer_is_what_all_of_them_say_of_it(tiny: Path, run: Run) -> None:
    whole, one = json.loads(expected("stats.json")), json.loads(run("stats", "tiny", "--layer", "events", "--json")[1])
    assert one["layers"] == {"events": whole["layers"]["events"]}
    assert (one["languages"], one["zones"], one["files"]) == ({}, {}, {})
    assert [one[key] for key in ("format", "name", "version", "documents", "characters", "tokens")] == [
        whole[key] for key in ("format", "name", "version", "documents", "characters", "tokens")
    ]


def test_text_fits_the_width(root: Path) -> None:
    found = list(report(of(root / "corpus")))
    assert max(map(width, found)) <= WIDTH
    assert all(line == line.rstrip() for line in found)


def test_the_json_object_is_documented(root: Path) -> None:
    text = (root / "docs" / "statistics.md").read_text(encoding="utf-8")
    for kind in vars(counts).values():
        if dataclasses.is_dataclass(kind):
            for field in dataclasses.fields(kind):
                assert f'"{field.name}"' in text, f"{kind}.{field.name}"
    assert f'"format": "{counts.FORMAT}"' in text


def test_python_gives_frozen_counts(tiny: Path) -> None:
    found = qantar.stats(qantar.open_store(tiny))
    assert isinstance(found, qantar.Stats)
    assert found.to_json() == json.loads(expected("stats.json"))
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.documents = 3  # type: ignore[misc]


# ---- recounts


def test_the_repositorys_corpus_counted_by_lines(root: Path) -> None:
    corpus = root / "corpus"
    found = of(corpus)
    documents = lines(corpus / "documents.jsonl")
    texts = {line["id"]: (corpus / "raw" / f"{line['id']}.txt").read_bytes().decode() for line in documents}
    records = {
        name: {line["id"]: lines(corpus / "annotations" / name / f"{line['id']}.jsonl") for line in documents} for name in found.layers
    }
    flat = {name: [record for part in parts.values() for record in part] for name, parts in records.items()}
    assert (found.documents, found.characters) == (len(documents), sum(map(len, texts.values())))
    assert {name: one.records for name, one in found.layers.items()} == {name: len(part) for name, part in flat.items()}
    assert {name: one.documents for name, one in found.layers.items()} == {
        name: len(list((corpus / "annotations" / name).glob("*.jsonl"))) for name in found.layers
    }
    tokens = [token for sentence in flat["sentences"] for token in sentence["tokens"]]
    assert found.tokens == len(tokens) == sum(one.tokens or 0 for one in found.languages.values())
    for layer, field in (
        ("entities", "type"),
        ("entities", "level"),
        ("segments", "kind"),
        ("events", "factuality"),
        ("relations", "type"),
    ):
        assert found.layers[layer].labels[field].counts == Counter(record[field] for record in flat[layer])
    assert found.layers["sentences"].labels["tokens.upos"].counts == Counter(token["upos"] for token in tokens)
    roles = Counter(argument["role"] for event in flat["events"] for argument in event["arguments"])
    assert found.layers["events"].labels["arguments.role"].counts == roles
    assert {kind: one.characters for kind, one in found.zones.items()} == {
        kind: sum(zone["end"] - zone["start"] for zone in flat["segments"] if zone["kind"] == kind) for kind in found.zones
    }
    chained = [(name, record["chain"]) for name, part in records["entities"].items() for record in part if "chain" in record]
    chains = found.layers["entities"].chains
    assert chains == counts.Chains(len(set(chained)), len(chained), len(flat["entities"]) - len(chained))
    names = [record for record in flat["entities"] if record["level"] == "name"]
    linked = sum("link" in record for record in names)
    assert found.layers["entities"].links == counts.Links(len(names), linked, len(names) - linked)
    for name, file in found.files.items():
        assert file is not None
        assert file.records == len(lines(corpus / f"{name}.jsonl"))
    unannotated = {gap.layer: set(gap.documents) for gap in found.unfinished.unannotated}
    assert unannotated == {
        name: missing for name in found.layers if (missing := {line["id"] for line in documents if name not in covered(line)})
    }


def covered(line: Json) -> set[str]:
    return {entry["layer"] for entry in line["coverage"]}


@settings(max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(corpora())
def test_any_corpus_is_counted_as_by_hand(corpus: Corpus) -> None:
    tally = Tally(corpus.settings, corpus.registry)
    for document in corpus.documents.values():
        tally.add(document)
    found = tally.stats()
    texts = [document.text for document in corpus.documents.values()]
    tongues = Counter(language(document, at, at + 1) for document in corpus.documents.values() for at in range(len(document.text)))
    assert {name: one.characters for name, one in found.languages.items() if one.characters} == tongues
    assert sum(one.documents for one in found.languages.values()) == found.documents == len(texts)
    assert found.tokens == sum(one.tokens or 0 for one in found.languages.values())
    for name, one in found.layers.items():
        held = [(document, record) for document in corpus.documents.values() for record in getattr(document, name) or ()]
        assert one.records == len(held)
        assert one.empty == sum(getattr(document, name) == () for document in corpus.documents.values())
        for field in ("type", "kind", "lang", "level", "aspect", "medium", "bound", "script"):
            if field in one.labels:
                assert one.labels[field].counts == Counter(label for _, record in held if (label := getattr(record, field)) is not None)
        if one.languages is None:
            assert (name, one.zones, one.unzoned) == ("relations", None, None)
            continue
        zones = Counter(zone.kind if (zone := holder(document.segments, *extent(record))) else None for document, record in held)
        assert one.languages == Counter(language(document, *extent(record)) for document, record in held)
        assert one.unzoned == zones.pop(None, 0)
        assert one.zones == zones


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(corpora(), st.data())
def test_many_spans_have_the_zones_and_languages_of_each(corpus: Corpus, data: st.DataObject) -> None:
    for document in corpus.documents.values():
        where = Whereabouts(document)
        edges = st.integers(0, len(document.text))
        for one, two in data.draw(st.lists(st.tuples(edges, edges), max_size=20)):
            span = min(one, two), max(one, two)
            if span[0] < span[1]:
                assert (where.zone(*span), where.language(*span)) == (zone_of(document, *span), language_of(document, *span))


def test_stretches_may_hold_and_cross_each_other() -> None:
    def stretch(lang: str, *spans: tuple[int, int]) -> Any:
        return SimpleNamespace(lang=lang, spans=[SimpleNamespace(start=start, end=end) for start, end in spans])

    stretches = [stretch("en", (2, 4), (6, 8)), stretch("kk", (1, 7)), stretch("ru", (0, 3)), stretch("uk", (2, 9))]
    document: Any = SimpleNamespace(lang="de", segments=None, languages=stretches)
    where = Whereabouts(document)
    for start in range(11):
        for end in range(start + 1, 12):
            assert where.language(start, end) == language_of(document, start, end), (start, end)


def test_folder_release_and_native_file_have_the_same_counts(tiny: Path, run: Run) -> None:
    edit_lines(
        tiny / "clusters.jsonl", lambda records: records[0].update(labels=[{"lang": "uk", "text": "Страйк"}])
    )  # else a release adds one
    folder, release = of(tiny), of(build(tiny, Path("release")).sealed.path)
    assert release == folder
    assert run("export", "native", tiny / "all.jsonl.gz", tiny)[0] == 0
    native = of(tiny / "all.jsonl.gz")
    assert dataclasses.replace(native, files=folder.files) == folder
    assert native.files == {"clusters": None, "alignments": None, "links": None, "gazetteer": folder.files["gazetteer"]}
    for name in ("clusters", "alignments", "links", "gazetteer"):
        (tiny / f"{name}.jsonl").unlink()
    edit_lines(tiny / "annotations" / "entities" / "one.jsonl", lambda records: [record.pop("link", None) for record in records])
    edit_lines(tiny / "annotations" / "entities" / "two.jsonl", lambda records: [record.pop("link", None) for record in records])
    assert set(of(tiny).files.values()) == {None}
    assert "clusters.jsonl          –\n" in run("stats", tiny)[1]


def test_a_native_file_is_counted_document_by_document(tiny: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("export", "native", tiny / "all.jsonl", tiny)[0] == 0
    documents = (tiny / "all.jsonl").read_text(encoding="utf-8")
    copies = [documents.splitlines()[1].replace('"id":"two"', f'"id":"copy-{number}"') for number in range(50)]
    (tiny / "all.jsonl").write_text("".join(f"{line}\n" for line in copies), encoding="utf-8", newline="")
    steps: list[str] = []
    read, add = NativeFile.lines, Tally.add

    def lines_noted(store: NativeFile) -> Iterator[tuple[int, bytes]]:
        for line in read(store):
            steps.append("read")
            yield line

    def add_noted(tally: Tally, document: Any) -> None:
        steps.append("counted")
        add(tally, document)

    monkeypatch.setattr(NativeFile, "lines", lines_noted)
    monkeypatch.setattr(Tally, "add", add_noted)
    assert of(tiny / "all.jsonl").documents == 50
    assert steps == ["read", "counted"] * 50


# ---- layers of a corpus's own


def write_claims(corpus: Path, root: Path) -> Path:
    """The tiny corpus with two layers of its own: claims, with labels at every depth and links, and remarks, which have no place."""
    entity = json.loads((root / "schema" / "layers" / "entities.schema.json").read_text(encoding="utf-8"))
    shared = {key: entity["properties"][key] for key in ("id", "spans", "quote", "chain", "link")}
    stance = {"description": "Made up.", "type": "string", "x-labels": "stance"}
    grounds = {
        "title": "Ground",
        "description": "Made up.",
        "type": "object",
        "properties": {"tones": {"description": "Made up.", "type": "array", "items": {**stance, "x-labels": "tone"}}},
        "required": ["tones"],
    }
    claim = {
        "title": "Claim", "description": "Made up.", "x-anchor": "spans", "type": "object", "required": ["id", "spans", "quote"],
        "properties": {**shared, "stance": stance, "grounds": {"description": "Made up.", "type": "array", "items": grounds}},
    }  # fmt: skip
    remark = {
        "title": "Remark", "description": "Made up.", "x-anchor": "none", "type": "object", "required": ["id"],
        "properties": {"id": shared["id"], "stance": {**stance, "type": ["string", "null"]}},
    }  # fmt: skip
    sets = {
        "stance": {
            "description": "Made up.",
            "labels": [{"label": label, "definition": "Made up."} for label in ("за", "проти", "байдуже")],
        },
        "tone": {"description": "Made up.", "labels": [{"label": label, "definition": "Made up."} for label in ("спокійно", "гнівно")]},
    }
    (corpus / "own" / "layers").mkdir(parents=True)
    (corpus / "own" / "ontology").mkdir()
    for name, body in (("layers/claims.schema", claim), ("layers/remarks.schema", remark)):
        (corpus / "own" / f"{name}.json").write_text(json.dumps(body), encoding="utf-8")
    labels = {"name": "own", "description": "Made up.", "sets": sets, "derived": {}}
    (corpus / "own" / "ontology" / "labels.json").write_text(json.dumps(labels), encoding="utf-8")
    replace_in(corpus / "corpus.toml", '"relations"]', '"relations", "claims", "remarks"]')
    replace_in(corpus / "corpus.toml", "[licences]", '[schema]\nlayers = "own/layers"\nontology = "own/ontology"\n\n[licences]')
    extra = [{"layer": layer, "zones": None} for layer in ("claims", "remarks")]
    edit_lines(corpus / "documents.jsonl", lambda found: found[0]["coverage"].extend(extra))
    claims = [
        {"id": "Q1", **anchored(ONE, "Порт закрито"), "stance": "проти", "grounds": [{"tones": ["гнівно", "гнівно"]}, {"tones": []}]},
        {
            "id": "Q2",
            **anchored(ONE, "Reuters"),
            "stance": "за",
            "chain": "agency",
            "link": "reuters",
            "grounds": [{"tones": ["спокійно"]}],
        },
        {"id": "Q3", **anchored(ONE, "докери"), "stance": "за", "chain": "agency"},
        {"id": "Q4", **anchored(ONE, "березня")},
    ]
    write_lines(corpus / "annotations" / "claims" / "one.jsonl", claims)
    write_lines(corpus / "annotations" / "remarks" / "one.jsonl", [{"id": "N1", "stance": None}, {"id": "N2", "stance": "за"}])
    return corpus


def test_layers_and_labels_of_a_corpuss_own(tiny: Path, root: Path, run: Run) -> None:
    found = of(write_claims(tiny, root))
    claims, remarks = found.layers["claims"], found.layers["remarks"]
    assert claims.labels == {
        "stance": counts.LabelCounts("stance", 3, {"за": 2, "проти": 1}),
        "grounds.tones": counts.LabelCounts("tone", 2, {"спокійно": 1, "гнівно": 2}),
    }
    assert list(claims.labels["stance"].counts) == ["за", "проти"], "in the order of the set"
    assert (claims.records, claims.documents, claims.languages) == (4, 1, {"uk": 3, "en": 1})
    assert (claims.zones, claims.unzoned) == ({"headline": 1, "body": 3}, 0)
    assert (claims.chains, claims.links) == (counts.Chains(1, 2, 2), counts.Links(4, 1, 3))
    assert remarks.labels == {"stance": counts.LabelCounts("stance", 3, {"за": 1})}
    assert (remarks.languages, remarks.zones, remarks.unzoned, remarks.chains, remarks.links) == (None, None, None, None, None)
    text = run("stats", tiny, "--layer", "claims")[1]
    assert "  stance (2 of 3 labels):   за 2   проти 1\n" in text
    assert "  grounds.tones (2 of 2 labels):   гнівно 2   спокійно 1\n" in text
    release = build(tiny, Path("release")).sealed.path
    assert of(release).layers == found.layers


def test_a_corpus_without_zones_and_tokens(tiny: Path) -> None:
    replace_in(tiny / "corpus.toml", '"segments", "languages", "sentences", ', "")
    for name in ("segments", "languages", "sentences"):
        (tiny / "annotations" / name / "one.jsonl").unlink()

    def uncover(found: list[Json]) -> None:
        gone = ("segments", "languages", "sentences")
        found[0]["coverage"] = [entry for entry in found[0]["coverage"] if entry["layer"] not in gone]

    edit_lines(tiny / "documents.jsonl", uncover)
    found = of(tiny)
    assert (found.tokens, found.zones, found.unfinished.tokens) == (None, {}, ())
    assert found.languages == {"uk": counts.LanguageCounts(2, 102, None)}
    assert (found.layers["entities"].zones, found.layers["entities"].unzoned) == ({}, 6)
    assert next(report(found)) == "tiny 1.0.0: 2 documents, 102 characters"


# ---- what is unfinished


def test_what_is_unfinished(tiny: Path, run: Run) -> None:
    def narrow(found: list[Json]) -> None:
        for entry in found[0]["coverage"]:
            if entry["layer"] in ("sentences", "values"):
                entry["zones"] = ["body", "headline"]
        found[0]["coverage"] = [entry for entry in found[0]["coverage"] if entry["layer"] != "relations"]

    def strip(sentences: list[Json]) -> None:
        for token in sentences[1]["tokens"][:3]:
            del token["lemma"]
        del sentences[0]["tokens"][0]["upos"]

    edit_lines(tiny / "documents.jsonl", narrow)
    edit_lines(tiny / "annotations" / "sentences" / "one.jsonl", strip)
    (tiny / "annotations" / "relations" / "one.jsonl").unlink()
    found = of(tiny).unfinished
    assert found.partial == tuple(counts.PartialGap(layer, ("headline", "body"), 1, ("one",)) for layer in ("sentences", "values"))
    assert found.unused == ("relations",)
    assert found.tokens == (counts.TokenGap("lemma", 3, 1, ("one",)), counts.TokenGap("upos", 1, 1, ("one",)))
    assert found.unannotated[-1] == counts.Gap("relations", 2, ("one", "two"))
    assert [gap.layer for gap in found.unannotated] == ["segments", "languages", "sentences", "attributions", "relations"]
    text = run("stats", tiny)[1].partition("unfinished\n")[2]
    assert text == (
        "  segments, languages, sentences, attributions: not annotated, in 1 document\n    two\n"
        "  sentences, values: only in zones headline, body, in 1 document\n    one\n"
        "  sentences: 3 tokens without lemma, in 1 document\n    one\n"
        "  sentences: 1 token without upos, in 1 document\n    one\n"
        "  relations: in no document\n"
    )


def outline(name: str, **coverage: Json) -> Any:
    """A document with nothing but a coverage."""
    entries = [SimpleNamespace(**{"layer": layer, "zones": None, "draft": None, **more}) for layer, more in coverage.items()]
    return SimpleNamespace(id=name, coverage=entries, sentences=None)


def test_drafts() -> None:
    gaps = Gaps(generate.contract()[1], ("entities", "events"))
    gaps.add(outline("a", entities={"draft": True}, events={"draft": False}))
    gaps.add(outline("b", entities={"draft": None}, events={}))
    gaps.add(outline("c", entities={"draft": True, "zones": ("body",)}, events={}))
    found = gaps.unfinished()
    assert found.drafts == (counts.Gap("entities", 2, ("a", "c")),)
    assert found.partial == (counts.PartialGap("entities", ("body",), 1, ("c",)),)
    assert (found.unannotated, found.unused, found.tokens) == ((), (), ())


def test_only_the_first_documents_are_named(tiny: Path) -> None:
    gaps = Gaps(generate.contract()[1], ("entities",))
    for number in range(250):
        gaps.add(outline(f"d{number}"))
    (gap,) = gaps.unfinished().unannotated
    assert (gap.count, gap.documents) == (250, tuple(f"d{number}" for number in range(100)))
    drafts = dataclasses.replace(gaps.unfinished(), unannotated=(), unused=(), drafts=(gap,))
    told = list(report(dataclasses.replace(of(tiny), unfinished=drafts)))[-4:]
    assert told[0] == "  entities: a draft, in 250 documents"
    assert told[-1].endswith(" … 250 in all")
    assert max(map(width, told)) <= WIDTH


# ---- bad input


@pytest.mark.parametrize("options", [(), ("--json",), ("--layer", "entities")])
def test_a_corpus_with_problems_is_not_counted(options: tuple[str, ...], tiny: Path, run: Run) -> None:
    edit_lines(tiny / "annotations" / "entities" / "two.jsonl", lambda records: records[0].update(quote="Докеры"))
    assert run("stats", tiny, *options) == (1, "", run("check", tiny)[1] + "qantar: nothing was counted.\n")


@pytest.mark.parametrize("fault", ["quote", "shape", "gazetteer"])
def test_a_native_file_with_problems_is_not_counted(fault: str, tiny: Path, run: Run) -> None:
    native = tiny / "all.jsonl"
    assert run("export", "native", native, tiny)[0] == 0
    first, second = native.read_text(encoding="utf-8").splitlines()
    if fault == "quote":
        first = first.replace('"quote":"Порт"', '"quote":"Борт"')
    elif fault == "shape":
        first = first.replace('"type":"GROUP"', '"type":"CROWD"')
    else:
        (tiny / "gazetteer.jsonl").write_text("{}\n", encoding="utf-8")
    native.write_text(f"{first}\n{second}\n", encoding="utf-8", newline="")
    code, out, err = run("stats", native)
    assert (code, out, err) == (1, "", run("check", native)[1] + "qantar: nothing was counted.\n")
    with pytest.raises(InvalidCorpus):
        of(native)


@pytest.mark.parametrize("kind", ["folder", "native"])
def test_warnings_keep_nothing_from_being_counted(kind: str, tiny: Path, run: Run) -> None:
    before = of(tiny)
    edit_lines(tiny / "documents.jsonl", lambda found: found[0]["coverage"][0].update(draft=True))
    source = tiny if kind == "folder" else tiny / "all.jsonl"
    assert run("export", "native", tiny / "all.jsonl", tiny)[0] == 0
    found = of(source)
    assert found.unfinished.drafts == (counts.Gap("segments", 1, ("one",)),)
    assert (found.documents, found.layers) == (before.documents, before.layers)


def test_an_unknown_layer(tiny: Path, run: Run) -> None:
    code, out, err = run("stats", tiny, "--layer", "entitys")
    assert (code, out) == (2, "")
    assert err.startswith("qantar: No layer is called 'entitys'. Did you mean 'entities'?")
    with pytest.raises(UnknownName):
        of(tiny, "clusters")


def test_nothing_there(run: Run) -> None:
    assert run("stats", "nowhere")[:2] == (2, "")


# ---- layout

LABELS = st.text(st.sampled_from("abcЖщ本😀-."), min_size=1, max_size=30)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(st.lists(st.tuples(LABELS, st.integers(0, 10**7)), min_size=1, max_size=40))
def test_a_grid_holds_every_pair_in_its_column(pairs: list[tuple[str, int]]) -> None:
    head, *found = list(grid("  head", pairs))
    found = found or [head.removeprefix("  head:")]
    cells = [re.sub(" +", " ", cell.strip()) for line in found for cell in re.split(r"(?<=[0-9])   (?=\D)", line)]
    assert cells == [f"{label} {count}" for label, count in pairs]
    assert all(width(line) <= WIDTH for line in found)
    assert len({width(line) for line in found[:-1]}) <= 1, "columns are aligned"


def test_wide_and_joined_letters_keep_columns_aligned() -> None:
    assert list(table(("мова", "a", "bb"), [("本", 1, None), ("українська", 1000, 2)])) == [
        "мова           a  bb",
        "本             1   –",
        "українська  1000   2",
    ]
    assert list(wrapped("а, б\x1b[31m", indent=2)) == ["  а, б\\x1b[31m"]


def test_counts_as_plain_data_are_json(tiny: Path) -> None:
    found = of(tiny).to_json()
    assert msgspec.json.decode(msgspec.json.encode(found)) == json.loads(json.dumps(found))
