"""Errors that released corpora and their converters were found to have, each put into the tiny corpus: what `check` says of it.

docs/published-errors.md lists them for readers; the two are held equal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builds import build
from datasets import load_dataset
from qantar import check, open_store
from qantar.problems import Problem
from spoil import alter, swap
from tiny import ONE, anchored, write_lines

ENTITIES, EVENTS = "annotations/entities/one.jsonl", "annotations/events/one.jsonl"
Spoil = Callable[[Path], None]


def set_link(link: str) -> Spoil:
    return lambda corpus: alter(corpus / ENTITIES, 4, lambda record: record.update(link=link))


def appended(corpus: Path, file: str, record: Any) -> None:
    path = corpus / file
    write_lines(path, [*map(json.loads, path.read_text(encoding="utf-8").splitlines()), record])


def two_links(corpus: Path) -> None:
    """One person over two identifiers: the second mention of the chain links to another item."""
    for line, link in ((1, "wikidata:Q39259"), (4, "wikidata:Q1770357")):
        alter(corpus / ENTITIES, line, lambda record, link=link: record.update(chain="port", link=link, type="GPE.city"))


def two_types(corpus: Path) -> None:
    alter(corpus / ENTITIES, 1, lambda record: record.update(chain="port", link="port-vell"))
    alter(corpus / ENTITIES, 4, lambda record: record.update(chain="port"))


def utf16(corpus: Path) -> None:
    """As a browser counts: every emoji before it moves the span by one."""
    alter(corpus / ENTITIES, 4, lambda record: record.update(spans=[{name: at + 1 for name, at in record["spans"][0].items()}]))


def blank_at_the_edge(corpus: Path) -> None:
    """A converter that takes in the blank beside the name."""
    alter(corpus / ENTITIES, 4, lambda record: record.update(anchored(ONE, " Порт-Веллі")))


def half_quoted(corpus: Path) -> None:
    """The opening quotation mark is taken in, the closing one is not."""
    from test_bad_input import set_text

    set_text(corpus, "two", "Пише «Порт».\n".encode())
    layers = {
        "entities": [{"id": "T1", **anchored("Пише «Порт».\n", "«Порт"), "type": "ORG.media", "level": "name"}],
        "values": [],
        "events": [],
    }
    for layer, records in layers.items():
        write_lines(corpus / "annotations" / layer / "two.jsonl", records)
    for name in ("clusters", "alignments", "links"):
        write_lines(corpus / f"{name}.jsonl", [])


def no_break_space_lost(corpus: Path) -> None:
    swap(corpus / "annotations/values/one.jsonl", "14 березня", "14\u00a0березня")


def causal_and_coreferent(corpus: Path) -> None:
    """The second event is the first one again by a cluster, and its cause by a relation."""
    second = json.loads((corpus / EVENTS).read_text(encoding="utf-8")) | {"id": "E2", **anchored(ONE, "докери")}
    write_lines(corpus / EVENTS, [second, json.loads((corpus / EVENTS).read_text(encoding="utf-8"))])
    appended(corpus, "annotations/relations/one.jsonl", {"id": "R2", "type": "causes", "head": "E1", "tail": "E2"})
    members = [{"target": "one#E1", "quote": "страйкували"}, {"target": "one#E2", "quote": "докери"}]
    write_lines(corpus / "clusters.jsonl", [{"id": "C1", "kind": "event", "type": "Conflict.Demonstrate.Protest", "members": members}])


def dos_text(corpus: Path) -> None:
    path = corpus / "raw/one.txt"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def dos_lines(corpus: Path) -> None:
    path = corpus / ENTITIES
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def shared_across_folds(corpus: Path) -> None:
    alter(corpus / "documents.jsonl", 2, lambda line: line.update(leak_group="another", fold=1))


def no_source(corpus: Path) -> None:
    alter(corpus / "documents.jsonl", 1, lambda line: line["rights"].update(basis=None))


def unsourced(corpus: Path) -> None:
    alter(corpus / "gazetteer.jsonl", 2, lambda entry: entry.update(wikidata="Q130879", reason=None))


def lost_record(corpus: Path) -> None:
    """A converter drops a mention that an event needs."""
    path = corpus / ENTITIES
    write_lines(path, [record for line in path.read_text(encoding="utf-8").splitlines() if (record := json.loads(line))["id"] != "T3"])


#: What was found in print, how it is put in, the code that must be among those reported, and what its remedy must say.
FOUND: dict[str, tuple[Spoil, str, str]] = {
    "A link with a bracket (`Wikidata:(Q15180`)": (set_link("Wikidata:(Q15180"), "malformed-value", "wikidata:"),
    "A link with a bracket behind it (`Wikidata:Q1127743)`)": (set_link("Wikidata:Q1127743)"), "malformed-value", "wikidata:"),
    "A property in the place of an item (`Wikidata:P634`)": (set_link("Wikidata:P634"), "malformed-value", "wikidata:"),
    "A null in words (`Wikidata:null`)": (set_link("Wikidata:null"), "malformed-value", "wikidata:"),
    "A misspelt null (`Wikidata:MULL`)": (set_link("Wikidata:MULL"), "malformed-value", "wikidata:"),
    "One person over two identifiers": (two_links, "chain-link", "One entity has one link"),
    "A chain with two types": (two_types, "chain-type", "One entity has one type"),
    "Offsets that count UTF-16 units": (utf16, "quote-mismatch", "These offsets count UTF-16 units"),
    "A blank taken in at the edge": (blank_at_the_edge, "span-edge", "not blank"),
    "Half a pair of quotation marks taken in": (half_quoted, "span-edge", "take both in"),
    "No-break spaces replaced by blanks": (no_break_space_lost, "quote-mismatch", "white space only"),
    "Two events that are one, and one the cause of the other": (causal_and_coreferent, "coreferent-related", "correct the relation"),
    "A text saved with DOS line ends": (dos_text, "hash-mismatch", "Restore the bytes"),
    "Annotations saved with DOS line ends": (dos_lines, "not-canonical", "qantar fix"),
    "A story in the training and in the test data": (shared_across_folds, "leak", "leak_group"),
    "Texts without a word on their source or licence": (no_source, "missing-basis", "Say in documents.jsonl"),
    "An identifier without a word on how it was found": (unsourced, "unsourced-entry", "verified"),
    "A record that a converter dropped": (lost_record, "dangling-reference", "Point to a record"),
}


def found(corpus: Path) -> list[Problem]:
    return check(open_store(corpus))


@pytest.mark.parametrize("name", FOUND)
def test_what_was_published_is_found(name: str, tiny: Path) -> None:
    spoil, code, remedy = FOUND[name]
    spoil(tiny)
    problems = [problem for problem in found(tiny) if problem.code == code]
    assert problems, [(problem.code, problem.fact) for problem in found(tiny)]
    assert any(remedy in problem.remedy for problem in problems), problems
    assert all(problem.place is not None for problem in problems)


def test_tags_never_begin_inside(tiny: Path, tmp_path: Path) -> None:
    """Sequences that no reader of IOB accepts cannot come out of a build: I- stands behind B- or I- of its type."""
    build(tiny, tmp_path / "release")
    rows = load_dataset(str(tmp_path / "release"), "sentences", split="train")
    for column in ("ner_tags", "trigger_tags"):
        names = rows.features[column].feature.names
        for row in rows:
            before = "O"
            for tag in (names[number] for number in row[column]):
                assert not tag.startswith("I-") or before[2:] == tag[2:], (row["id"], before, tag)
                before = tag


def test_the_page_lists_the_same(root: Path) -> None:
    page = (root / "docs/published-errors.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| (.+?) \| \[`([a-z-]+)`\]\(rules\.md#\2\) \|", page, re.MULTILINE))
    assert listed == {name: code for name, (_, code, _) in FOUND.items()}
