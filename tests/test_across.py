"""Rules of level 6: what documents have to do with each other. Each is tried at its borders, most of all where it must keep still."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builds import build, edit_lines, replace_in
from hypothesis import given, settings
from hypothesis import strategies as st
from qantar.checking import check
from qantar.problems import Place, Problem
from qantar.settings import locate
from qantar.store import open_store
from reported import reported
from tiny import ONE, TWO, anchored, document_line, gazetteer_entry, span, write_lines

Json = dict[str, Any]
Pair = tuple[str, str]
Run = Callable[..., tuple[int, str, str]]
LINES, ENTITIES, EVENTS = "documents.jsonl", "annotations/entities/{}.jsonl", "annotations/events/{}.jsonl"
PARAGRAPH = "Вночі у Порт-Веллі знову зупинили роботу всі крани, і кораблі чекають на рейді до самого ранку."
EVENT = "Conflict.Demonstrate.Protest"


def problems(corpus: Path) -> list[Problem]:
    """What is found, but for the form of the lines: those of these cases are written as they come."""
    return [problem for problem in check(open_store(corpus)) if problem.code != "not-canonical"]


def codes(corpus: Path) -> list[str]:
    return [problem.code for problem in problems(corpus)]


def change(corpus: Path, file: str, number: int, **fields: Any) -> None:
    """Gives the record on a line (from 0) other fields."""
    edit_lines(corpus / file, lambda records: records[number].update(fields))


def add(corpus: Path, file: str, *records: Json) -> None:
    edit_lines(corpus / file, lambda found: found.extend(records))


def mention(name: str, text: str, quote: str, **fields: Any) -> Json:
    return {"id": name, **anchored(text, quote), "type": "GPE.city", "level": "name", **fields}


def cluster(name: str, kind: str, label: str, *members: tuple[str, str]) -> Json:
    return {"id": name, "kind": kind, "type": label, "members": [{"target": target, "quote": quote} for target, quote in members]}


def link(name: str, label: str, head: str, tail: str) -> Json:
    return {"id": name, "type": label, **{end: {"target": to, "quote": "страйкували"} for end, to in (("head", head), ("tail", tail))}}


def place(corpus: Path, groups: tuple[str | None, str | None], folds: tuple[int | None, int | None]) -> None:
    for number in (0, 1):
        change(corpus, LINES, number, leak_group=groups[number], fold=folds[number])


# ---- leaks


@pytest.mark.parametrize(
    ("groups", "folds", "expected"),
    [
        (("g", "g"), (0, 0), None),
        (("g", "g"), (None, 1), None),
        (("g", "g"), (0, 1), ("split-group", "$.fold")),
        (("g", "h"), (0, 0), ("leak", "$.leak_group")),
        (("g", "h"), (None, None), ("leak", "$.leak_group")),
        (("g", None), (0, 1), ("leak", "$.fold")),
        ((None, None), (0, 1), ("leak", "$.fold")),
        ((None, None), (1, 1), None),
        ((None, "h"), (1, 1), None),
        (("g", None), (None, 1), ("ungrouped-reuse", "$.leak_group")),
        ((None, None), (None, None), ("ungrouped-reuse", "$.leak_group")),
    ],
)
@pytest.mark.parametrize("shared", ["alignment", "paragraph"])
def test_documents_that_share_text_stay_together(
    tiny: Path, groups: tuple[str | None, str | None], folds: tuple[int | None, int | None], expected: tuple[str, str] | None, shared: str
) -> None:
    if shared == "paragraph":
        (tiny / "alignments.jsonl").unlink()
        lengthen(tiny)
    place(tiny, groups, folds)
    found = [(problem.code, problem.json_path) for problem in problems(tiny)]
    assert found == ([expected] if expected else [])
    for problem in problems(tiny):
        assert (problem.document, problem.place and (problem.place.file, problem.place.line)) == ("two", ("documents.jsonl", 2))


def lengthen(corpus: Path) -> None:
    """Both texts get a paragraph more, and nothing is annotated."""
    lines = []
    for name, text in (("one", ONE), ("two", TWO)):
        (corpus / "raw" / f"{name}.txt").write_bytes(f"{text}{PARAGRAPH}\n".encode())
        lines.append(document_line(name, f"{text}{PARAGRAPH}\n", []))
    bare(corpus, lines)


def bare(corpus: Path, lines: list[Json]) -> None:
    """A corpus of texts only, and of a layer that is annotated in one of them."""
    for file in [*corpus.glob("annotations/*/*.jsonl"), *(corpus / f"{name}.jsonl" for name in ("clusters", "links", "alignments"))]:
        file.unlink(missing_ok=True)
    settings = corpus / "corpus.toml"
    replace_in(settings, settings.read_text(encoding="utf-8").splitlines()[6], 'layers = ["values"]')
    lines[0]["coverage"] = [{"layer": "values", "zones": None}]
    write_lines(corpus / "annotations" / "values" / f"{lines[0]['id']}.jsonl", [])
    write_lines(corpus / LINES, lines)


@pytest.mark.parametrize(("relation", "leaks"), [("verbatim", True), ("near-verbatim", True), ("paraphrase", False)])
def test_paraphrases_are_no_leaks(tiny: Path, relation: str, *, leaks: bool) -> None:
    change(tiny, "alignments.jsonl", 0, relation=relation)
    place(tiny, ("g", "h"), (0, 1))
    assert ("leak" in codes(tiny)) == leaks


def test_shared_text_is_looked_for_once(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    monkeypatch.setattr("qantar.corpus.overlaps", lambda texts: calls.append(len(texts)) or [])
    place(tiny, ("g", None), (0, None))  # both rules on shared text have something to ask
    problems(tiny)
    assert calls == [2]


def test_translations_are_no_leaks(tiny: Path) -> None:
    change(tiny, "alignments.jsonl", 0, relation="translation")
    change(tiny, LINES, 1, lang="en", leak_group="h", fold=1)
    assert codes(tiny) == []


def test_each_copy_is_reported_once_however_many_there_are(tiny: Path) -> None:
    copies = {f"copy-{number:02}": f"{number}\n{PARAGRAPH}\n" for number in range(15)}
    for name, text in copies.items():
        (tiny / "raw" / f"{name}.txt").write_bytes(text.encode())
    for name in ("one", "two"):
        (tiny / "raw" / f"{name}.txt").unlink()
    bare(tiny, [document_line(name, text, [], leak_group=None, fold=None) for name, text in copies.items()])
    found = problems(tiny)
    assert [problem.document for problem in found] == list(copies)[1:]
    assert {problem.code for problem in found} == {"ungrouped-reuse"}
    assert all(problem.fact.startswith(f"{problem.document!r} shares text with 'copy-00': ") for problem in found)


def test_short_texts_may_be_the_same(tiny: Path) -> None:
    lines = [document_line(name, TWO, []) for name in ("one", "two")]
    (tiny / "raw" / "one.txt").write_bytes(TWO.encode())
    bare(tiny, lines)
    assert codes(tiny) == []


# ---- chains, clusters, links


@pytest.mark.parametrize(("known", "other", "faults"), [({}, {}, 0), ({"chain": "a"}, {"chain": "b"}, 1), ({"chain": "a"}, {}, 1)])
def test_a_cluster_joins_no_chains_of_one_document(tiny: Path, known: Json, other: Json, faults: int) -> None:
    change(tiny, ENTITIES.format("one"), 3, **known)
    add(tiny, ENTITIES.format("one"), mention("T5", ONE, "Веллі", **other))
    add(tiny, "clusters.jsonl", cluster("C2", "entity", "GPE.city", ("one#T4", "Порт-Веллі"), ("one#T5", "Веллі")))
    assert [code for code in codes(tiny) if code != "unclustered"] == ["joined-chains"] * faults


def two_reuters(corpus: Path, other: str | None, *, joined: bool) -> None:
    """The mentions of Reuters, the second with another link, in one cluster or in two."""
    change(corpus, ENTITIES.format("two"), 1, link=other)
    if other is None:
        edit_lines(corpus / ENTITIES.format("two"), lambda records: records[1].pop("link"))
    members = [("one#T2", "Reuters"), ("two#T2", "Reuters")]
    found = [members] if joined else [[member] for member in members]
    add(corpus, "clusters.jsonl", *(cluster(f"C{number}", "entity", "ORG.media", *some) for number, some in enumerate(found, 2)))


@pytest.mark.parametrize("quality", ["exact", "broad"])
@pytest.mark.parametrize("joined", [True, False])
def test_an_exact_item_is_its_entry(tiny: Path, quality: str, *, joined: bool) -> None:
    change(tiny, "gazetteer.jsonl", 1, wikidata="Q9999", quality=quality, verified="Made up.")
    two_reuters(tiny, "wikidata:Q9999", joined=joined)
    same = quality == "exact"
    assert codes(tiny) == (["cluster-link"] if joined and not same else ["split-cluster"] if same and not joined else [])


@pytest.mark.parametrize(("other", "joined", "expected"), [("reuters", True, []), (None, True, []), (None, False, [])])
def test_clusters_that_agree_with_links(tiny: Path, other: str | None, expected: list[str], *, joined: bool) -> None:
    two_reuters(tiny, other, joined=joined)
    assert codes(tiny) == expected


def test_a_link_has_one_type_in_all_documents_used_as_apart(tiny: Path) -> None:
    change(tiny, ENTITIES.format("two"), 1, used_as="PLATFORM")
    assert codes(tiny) == []
    change(tiny, ENTITIES.format("two"), 1, type="PLATFORM")
    add(tiny, ENTITIES.format("two"), mention("T3", TWO, "Reuters", link="reuters") | {"type": "PLATFORM"})
    assert codes(tiny).count("link-type") == 1  # once a document


def test_unclustered_things_of_several_documents(tiny: Path) -> None:
    assert codes(tiny) == []  # no entity is clustered
    add(tiny, "clusters.jsonl", cluster("C2", "entity", "GROUP", ("one#T3", "докери"), ("two#T1", "Докери")))
    [found] = problems(tiny)
    assert (found.code, found.document, found.record) == ("unclustered", "one", "T2")  # and not the port, of one document
    add(tiny, "clusters.jsonl", cluster("C3", "entity", "ORG.media", ("two#T2", "Reuters")))
    [found] = problems(tiny)
    assert found.fact == "C3 holds mentions of 'reuters', but not this one"
    change(tiny, "clusters.jsonl", 2, members=[{"target": f"{name}#T2", "quote": "Reuters"} for name in ("one", "two")])
    assert codes(tiny) == []


def second_event(corpus: Path, *, member: bool | None, label: str) -> None:
    """An event E2 beside E1, of its cluster, of another one (None) or of none, and related to it."""
    event = {"id": "E2", **anchored(ONE, "закрито"), "type": EVENT, "arguments": [], "aspect": "ended", "factuality": "CT+"}
    add(corpus, EVENTS.format("one"), event)
    add(corpus, "annotations/relations/one.jsonl", {"id": "R2", "type": label, "head": "E2", "tail": "E1"})
    if member:
        edit_lines(corpus / "clusters.jsonl", lambda found: found[0]["members"].append({"target": "one#E2", "quote": "закрито"}))
    if member is None:
        add(corpus, "clusters.jsonl", cluster("C2", "event", EVENT, ("one#E2", "закрито")))


@pytest.mark.parametrize(
    ("label", "member", "faults"),
    [("before", True, 1), ("part-of", True, 1), ("causes", True, 1), ("same-report", True, 0), ("part-of", False, 0), ("part-of", None, 0)],
)
def test_one_event_is_not_related_to_itself(tiny: Path, label: str, faults: int, *, member: bool | None) -> None:
    second_event(tiny, member=member, label=label)
    assert codes(tiny) == ["coreferent-related"] * faults


@pytest.mark.parametrize(("tail", "fact"), [("T5", "T3 and T5 are of one chain"), ("T1", None)])
def test_one_entity_is_not_a_part_of_itself(tiny: Path, tail: str, fact: str | None) -> None:
    add(tiny, ENTITIES.format("one"), mention("T5", ONE, "Reuters", chain="dockers") | {"type": "GROUP"})
    add(tiny, "annotations/relations/one.jsonl", {"id": "R2", "type": "part-of", "head": "T3", "tail": tail})
    assert [problem.fact.partition(", and")[0] for problem in problems(tiny)] == ([fact] if fact else [])


# ---- alignments and links


def sides(one: str, two: str) -> Json:
    """Passages of the two texts."""
    return {"a": {"document": "one", **anchored(ONE, one)}, "b": {"document": "two", **anchored(TWO, two)}}


@pytest.mark.parametrize(
    ("relation", "one", "two", "faults"),
    [
        ("verbatim", " страйкували", "страйкували", 0),
        ("verbatim", "окери страйкували", "окери страйкували", 0),
        ("verbatim", "докери", "Докери", 1),
        ("near-verbatim", "страйкували", "страйкували", 1),
        ("near-verbatim", " страйкували", "страйкували", 1),
        ("near-verbatim", "докери", "Докери", 0),
        ("paraphrase", "страйкували", "страйкували", 0),
    ],
)
def test_words_are_as_the_relation_says(tiny: Path, relation: str, one: str, two: str, faults: int) -> None:
    change(tiny, "alignments.jsonl", 0, relation=relation, **sides(one, two))
    assert codes(tiny) == ["alignment-type"] * faults


@pytest.mark.parametrize(
    ("relation", "two", "lang", "faults"),
    [
        ("translation", "докери страйкували", "uk", 1),
        ("translation", "докери страйкували", "en", 0),
        ("translation", "докери страйкували", "mul", 0),
        ("near-verbatim", "докери страйкували", "und", 0),
        ("near-verbatim", "докери страйкували", "uk", 0),
        ("near-verbatim", "докери страйкували", "en", 1),
        ("near-verbatim", "докери страйкували", "zxx", 0),
    ],
)
def test_translations_and_copies_by_language(tiny: Path, relation: str, two: str, lang: str, faults: int) -> None:
    replace_in(tiny / "corpus.toml", "languages = [", 'languages = ["und", ')
    change(tiny, "alignments.jsonl", 0, relation=relation)
    change(tiny, LINES, 1, lang=lang)  # it has no zones
    assert codes(tiny) == ["alignment-language"] * faults


def test_a_name_in_another_language_is_of_that_language(tiny: Path) -> None:
    change(tiny, "alignments.jsonl", 0, relation="verbatim", **sides("Reuters", "Reuters"))
    assert codes(tiny) == ["alignment-language"]  # a stretch in one, none in two
    change(tiny, LINES, 1, lang="en")
    assert codes(tiny) == []


def test_sides_and_ends_are_of_two_documents(tiny: Path) -> None:
    both = {"document": "two", **anchored(TWO, "Докери")}
    change(tiny, "alignments.jsonl", 0, relation="paraphrase", a=both, b=both)
    add(tiny, "links.jsonl", link("K2", "confirms", "one#E1", "one#E1"))
    assert codes(tiny) == ["same-document"] * 2


@pytest.mark.parametrize(
    ("label", "head", "tail", "expected"),
    [
        ("confirms", "one#E1", "two#E1", []),  # each supports the other
        ("confirms", "two#E1", "one#E1", ["duplicate-pair"]),
        ("denies", "two#E1", "one#E1", ["opposite-links"]),
        ("corrects", "one#E1", "two#E1", ["opposite-links"]),
    ],
)
def test_links_of_one_pair(tiny: Path, label: str, head: str, tail: str, expected: list[str]) -> None:
    add(tiny, "links.jsonl", link("K2", label, head, tail))
    assert codes(tiny) == expected


def test_labels_of_ones_own_say_what_is_furniture_what_is_a_copy_and_what_contradicts(tiny: Path, root: Path) -> None:
    labels = json.loads((root / "schema" / "ontology" / "labels.json").read_text(encoding="utf-8"))

    def traits(name: str, **stated: Json) -> None:
        for entry in labels["sets"][name]["labels"]:
            for trait in ("furniture", "wording", "stance", "symmetric"):
                entry.pop(trait, None)
            entry.update(stated.get(entry["label"], {}))

    traits("segment-kind", body={"furniture": True})
    traits("alignment-type", paraphrase={"wording": "same"}, translation={"wording": "edited"})
    traits("link-type", confirms={"stance": "against"}, denies={"stance": "for"})
    (tiny / "ontology").mkdir()
    (tiny / "ontology" / "labels.json").write_text(json.dumps(labels), encoding="utf-8")
    replace_in(tiny / "corpus.toml", "[licences]", '[schema]\nontology = "ontology"\n\n[licences]')
    assert open_store(tiny).registry.ontology.marked("segment-kind", "furniture") == {"body": True}

    change(tiny, "alignments.jsonl", 0, relation="verbatim", **sides("докери", "Докери"))
    add(tiny, "links.jsonl", link("K8", "confirms", "one#E1", "two#E1"), link("K9", "denies", "one#E1", "two#E1"))
    found = codes(tiny)
    assert "alignment-type" not in found and found.count("opposite-links") == 1
    change(tiny, "alignments.jsonl", 0, relation="paraphrase")
    [problem] = [one for one in problems(tiny) if one.code == "alignment-type"]
    assert problem.fact.startswith("the quotes are not paraphrase: ")
    assert problem.remedy.endswith("call the pair translation.")


def test_what_conflicts_does_so_both_ways_and_may_be_denied(tiny: Path) -> None:
    write_lines(tiny / "links.jsonl", [link("K1", "conflicts-with", "two#E1", "one#E1"), link("K2", "denies", "two#E1", "one#E1")])
    assert codes(tiny) == []
    add(tiny, "links.jsonl", link("K3", "conflicts-with", "one#E1", "two#E1"))
    assert codes(tiny) == ["duplicate-pair"]


def test_a_passage_may_be_aligned_with_several_but_with_each_once(tiny: Path) -> None:
    add(tiny, "alignments.jsonl", {"id": "P2", "relation": "paraphrase", **sides("докери страйкували", "Докери")})
    assert codes(tiny) == []
    add(tiny, "alignments.jsonl", {"id": "P3", "relation": "near-verbatim", **sides("докери страйкували", "Докери")})
    assert codes(tiny) == ["duplicate-pair"]


def test_records_of_broken_references_are_left_to_their_rules(tiny: Path) -> None:
    add(tiny, "links.jsonl", link("K2", "denies", "nowhere#E1", "one#E9"))
    change(tiny, "alignments.jsonl", 0, b={"document": "unknown", **anchored(TWO, "Докери")})
    add(tiny, "clusters.jsonl", cluster("C2", "entity", "GPE.city", ("one#T9", "Порт")))
    assert set(codes(tiny)) == {"dangling-target", "unclustered"}


# ---- the gazetteer


def test_a_wider_item_may_serve_several_entries(tiny: Path) -> None:
    change(tiny, "gazetteer.jsonl", 1, wikidata="Q99999999", quality="broad", verified="Made up.", reason=None)
    assert codes(tiny) == []
    change(tiny, "gazetteer.jsonl", 1, geonames=9999999, quality="exact")
    assert codes(tiny) == ["shared-identifier"] * 2


@pytest.mark.parametrize(
    ("fields", "twin"),
    [
        ({}, True),
        ({"kind": "newspaper"}, False),
        ({"names": [{"lang": "en", "text": "Reuters"}, {"lang": "uk", "text": "Рейтер"}]}, False),
        ({"country": "GB"}, False),
        ({"wikidata": "Q9998", "quality": "exact", "verified": "Made up."}, False),
    ],
)
def test_namesakes_are_no_twins(tiny: Path, fields: Json, *, twin: bool) -> None:
    change(tiny, "gazetteer.jsonl", 1, wikidata="Q9999", quality="exact", verified="Made up.")
    add(tiny, "gazetteer.jsonl", gazetteer_entry("reuters-agency", "agency", "en", "Reuters") | fields)
    assert codes(tiny) == ["twin-entries"] * twin


def test_a_field_that_a_gazetteer_does_not_use_is_not_asked_for(tiny: Path) -> None:
    change(tiny, "gazetteer.jsonl", 0, verified=None)
    change(tiny, "gazetteer.jsonl", 1, reason=None)
    assert codes(tiny) == []
    add(
        tiny,
        "gazetteer.jsonl",
        gazetteer_entry("dock", "harbour", "uk", "Док") | {"latitude": 41.5, "longitude": 2.25, "verified": "Made up."},
    )
    assert [problem.json_path for problem in problems(tiny)] == ["$.verified", "$.reason"]


# ---- versions


@pytest.mark.parametrize(
    ("changelog", "expected"),
    [
        ("", []),
        ("# Changes\n\nNothing yet.\n", []),
        ("# Changes\n\n## Unreleased\n\n## 1.0.0 (2031-04-01)\n", []),
        ("## [v1.0.0] - 2031-04-01\r\n\r\n- A.\r\n", []),
        ("# Version 1.0.0\n", []),
        ("tiny-1.0.0, 2031-04-01\n----------------------\n", []),
        ("## 1.0.0 — the first\n\n2031-03-31: begun\n", []),
        ("## 0.9.0\n\n## 1.0.0 (2031-03-31)\n", ["changelog-date"]),
        ("## Unreleased\n\n## 0.9.0 (2031-02-01)\n\n- Needs spaCy 1.0.0.\n\n### 1.0.0\n", ["unlisted-version"]),
        ("## 1.0.0-rc1\n\n## 1.0.0.1\n\n## 0.9.10\n", ["unlisted-version"]),
        ("## 0.9.0\n\n```\n## 1.0.0\n```\n", ["unlisted-version"]),
        ("## What works with spaCy 3.7.2\n", []),
    ],
)
def test_headings_of_versions(tiny: Path, changelog: str, expected: list[str]) -> None:
    (tiny / "CHANGELOG.md").write_bytes(changelog.encode())
    assert codes(tiny) == expected


@pytest.mark.parametrize("file", ["CHANGELOG.md", "README.md"])
@pytest.mark.parametrize(("encoding", "place"), [("cp1251", (3, 3)), ("utf-16", (1, 1))])
def test_prose_in_another_encoding_is_named_and_not_built(tiny: Path, file: str, encoding: str, place: tuple[int, int], run: Run) -> None:
    (tiny / file).write_bytes("## 1.0.0\n\n- Виправлено.\n".encode(encoding))
    (found,) = check(open_store(tiny))
    assert (found.code, found.place) == ("not-utf8", Place(file, *place))
    status, _, err = run("build", tiny, "--out", tiny.parent / "release")
    assert (status, f"{file}:{place[0]}:{place[1]}: error[not-utf8]" in err) == (1, True)


def test_prose_may_begin_with_a_byte_order_mark(tiny: Path) -> None:
    (tiny / "CHANGELOG.md").write_bytes("## 0.9.0\n".encode("utf-8-sig"))
    (tiny / "README.md").write_bytes("# Страйк\n".encode("utf-8-sig"))
    assert codes(tiny) == ["unlisted-version"]


def test_a_readme_that_is_not_of_the_corpus_is_not_read(tiny: Path) -> None:
    (tiny.parent / "README.md").write_bytes("# Страйк\n".encode("cp1251"))
    (tiny / "README.md").symlink_to(tiny.parent / "README.md")
    assert codes(tiny) == []


@pytest.mark.parametrize(
    ("label", "head", "tail", "path"),
    [
        ("denies", ("two#E1", "страйкували"), ("one#A1", ":"), None),
        ("denies", ("two#A1", "пише"), ("one#E1", "страйкували"), None),
        ("conflicts-with", ("two#V1", "страйкували"), ("one#V1", "14 березня"), None),
        ("conflicts-with", ("two#E1", "страйкували"), ("one#V1", "14 березня"), ("tail", "target")),
        ("conflicts-with", ("two#V1", "страйкували"), ("one#E1", "страйкували"), ("head", "target")),
        ("confirms", ("two#V1", "страйкували"), ("one#T3", "докери"), ("tail", "target")),
        ("corrects", ("two#T1", "Докери"), ("one#E1", "страйкували"), ("head", "target")),
    ],
)
def test_links_join_what_is_told(tiny: Path, label: str, head: Pair, tail: Pair, path: Any) -> None:
    value = {"id": "V1", **anchored(TWO, "страйкували"), "type": "DATE", "value": "XXXX-03-15", "precision": "day"}
    cue = {"id": "A1", **anchored(TWO, "пише"), "source": "T2", "content": [span(TWO, "Докери страйкували")], "events": ["E1"]}
    write_lines(tiny / "annotations/values/two.jsonl", [value])
    write_lines(tiny / "annotations/attributions/two.jsonl", [{**cue, "medium": "agency", "factuality": "CT+"}])
    listed = [{"layer": layer, "zones": None} for layer in ("entities", "values", "events", "attributions")]
    change(tiny, LINES, 1, coverage=listed)
    ends = {end: {"target": target, "quote": quote} for end, (target, quote) in (("head", head), ("tail", tail))}
    write_lines(tiny / "links.jsonl", [{"id": "K1", "type": label, **ends, "note": "Made up."}])
    assert [(one.code, one.path) for one in problems(tiny)] == ([] if path is None else [("link-kind", path)])


def test_a_changelog_that_leads_out_of_the_corpus_is_refused(tiny: Path) -> None:
    (tiny.parent / "CHANGELOG.md").write_text("## 0.9.0\n", encoding="utf-8")
    (tiny / "CHANGELOG.md").symlink_to(tiny.parent / "CHANGELOG.md")
    assert codes(tiny) == ["outside-corpus"]


@pytest.mark.parametrize(
    ("published", "faults"), [("2031", 0), ("2031-04", 0), ("2031-04-01", 0), ("2031-04-02", 1), ("2031-05", 1), ("2032", 1)]
)
def test_no_text_is_younger_than_its_corpus(tiny: Path, published: str, faults: int) -> None:
    change(tiny, LINES, 0, published=published)
    assert codes(tiny) == ["published-later"] * faults


def test_a_layer_that_one_document_covers_is_used(tiny: Path) -> None:
    assert {entry["layer"] for entry in json.loads((tiny / LINES).read_text(encoding="utf-8").splitlines()[1])["coverage"]} < set(
        json.loads((tiny / "corpus.toml").read_text(encoding="utf-8").splitlines()[6].partition(" = ")[2])
    )
    assert codes(tiny) == []


# ---- places


def test_keys_of_the_settings_are_found_where_they_count() -> None:
    text = 'name = "a"\nsummary = """\nversion = "0"\n"""\n  version="1.2.3"\n\n[licences]\nreleased = "x"\n'
    assert locate(text.encode(), ("version",)) == (5, 3)
    assert locate(text.encode(), ("released",)) is None
    assert locate(text.replace("\n", "\r\n").encode(), ("version",)) == (5, 3)


KEYS = ("name", "version", "released", "layers")
VALUES = st.sampled_from(['"a"', "1", "[1,\n  2]", '"""\nversion = 1\nlayers = 2\n"""', "'''\n[table]\nname = 3'''", "{ version = 4 }"])


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(KEYS), VALUES, st.sampled_from(["", " ", "# version = 5\n"])), unique_by=lambda entry: entry[0]))
def test_a_key_is_found_on_the_line_where_another_name_takes_it_away(entries: list[tuple[str, str, str]]) -> None:
    text = "".join(f"{before}{key} = {value}\n" for key, value, before in entries) + "[licences]\nversion = 6\nname = 7\n"
    for key in KEYS:
        found = locate(text.encode(), (key,))
        assert (found is None) == (key not in [entry[0] for entry in entries])
        if found is not None:
            lines = text.splitlines(keepends=True)
            line, column = found[0] - 1, found[1] - 1
            lines[line] = f"{lines[line][:column]}x{lines[line][column:]}"
            renamed = tomllib.loads("".join(lines))
            assert renamed == {("x" + name if name == key else name): value for name, value in tomllib.loads(text).items()}


def test_what_a_release_has_in_files_is_placed_there(tiny: Path, tmp_path: Path, run: Run) -> None:
    (tiny / "CHANGELOG.md").write_text("## 0.9.0\n", encoding="utf-8")
    change(tiny, LINES, 0, published="2031-04-02")
    change(tiny, "gazetteer.jsonl", 1, reason=None)
    add(tiny, "gazetteer.jsonl", gazetteer_entry("times", "newspaper", "en", "Times"))
    build(tiny, tmp_path / "release")
    _, out, _ = run("check", tmp_path / "release")
    column = (tiny / "gazetteer.jsonl").read_text(encoding="utf-8").splitlines()[1].rindex("null") + 1
    heads = reported(out, folder=(tmp_path / "release").as_posix()).heads
    assert [head.partition(" ")[0] for head in heads] == ["one:", "corpus.toml:2:1:", f"gazetteer.jsonl:2:{column}:"]


def test_a_side_that_quotes_another_text_is_told_which(tmp_path: Path) -> None:
    repository_corpus = tmp_path / "corpus"
    shutil.copytree(Path(__file__).resolve().parents[1] / "corpus", repository_corpus)
    edited = [json.loads(line) for line in (repository_corpus / "alignments.jsonl").read_text(encoding="utf-8").splitlines()]
    edited[2]["b"]["document"] = edited[2]["a"]["document"]
    write_lines(repository_corpus / "alignments.jsonl", edited)
    found = [problem for problem in check(open_store(repository_corpus)) if problem.code == "target-mismatch"]
    assert [problem.remedy for problem in found] == [
        "'001-akimat-captured' reads that there: correct the document of this side, or the quote."
    ]
