"""A fault of shape hides no other fault, makes up none, and is said to leave things unchecked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import ROOT
from qantar.checking import check
from qantar.problems import Problem
from qantar.store import Folder, NativeFile, Store, open_store
from qantar.unchecked import Unchecked, told, unchecked
from reported import reported
from spoil import alter, swap
from tiny import LAYERS, write_corpus

Run = Callable[..., tuple[int, str, str]]
ENTITIES = "annotations/entities/one.jsonl"
EVENTS = "annotations/events/one.jsonl"
#: Ways to make one line unfit, and the code of each.
WAYS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "a field too many": ("unknown-field", lambda line: line[:-1] + b',"zzz":1}'),
    "no id": ("missing-field", lambda line: line.replace(b'"id":', b'"idd":', 1)),
    "no end": ("broken-json", lambda line: line[:-1]),
    "blank": ("blank-line", lambda _: b""),
}


def found(store: Store) -> tuple[list[Problem], tuple[Unchecked, ...]]:
    problems = check(store)
    return problems, unchecked(store, problems)


def codes(store: Store) -> list[str]:
    return [problem.code for problem in check(store)]


def broken(file: Path, way: Callable[[bytes], bytes]) -> Iterator[int]:
    """Puts the file into each state with one unfit line, the lines from 1; afterwards it is what it was."""
    data = file.read_bytes()
    lines = data.split(b"\n")[:-1]
    for number, line in enumerate(lines, 1):
        file.write_bytes(b"\n".join((*lines[: number - 1], way(line), *lines[number:], b"")))
        yield number
    file.write_bytes(data)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("layer", LAYERS)
def test_whatever_line_cannot_be_read_no_rule_finds_what_is_not_so(layer: str, way: str, tiny: Path) -> None:
    code, spoil = WAYS[way]
    for document in ("one", "two"):
        file = tiny / "annotations" / layer / f"{document}.jsonl"
        for number in broken(file, spoil) if file.is_file() else ():
            problems, left_out = found(Folder(tiny))
            assert {problem.code for problem in problems} - {"unknown-field"} == {code} - {"unknown-field"}, (layer, document, number)
            assert problems
            assert [part.layers for part in left_out] == [(layer,), ()]
            assert left_out[0].document == document


def test_sound_records_of_the_layer_are_checked_and_shown_at_their_own_lines(tiny: Path) -> None:
    alter(tiny / ENTITIES, 1, lambda record: record.update(type="FAC.otter"))
    swap(tiny / ENTITIES, '"quote":"докери"', '"quote":"докеры"')
    swap(tiny / ENTITIES, '"link":"port-vell"', '"link":"port-will"')
    places = {problem.code: str(problem.place) for problem in check(Folder(tiny))}
    assert places == {"unknown-label": f"{ENTITIES}:1:64", "quote-mismatch": f"{ENTITIES}:3:52", "unknown-link": f"{ENTITIES}:4:105"}


def test_other_layers_are_checked_beyond_their_anchors(tiny: Path) -> None:
    alter(tiny / ENTITIES, 1, lambda record: record.update(type="FAC.otter"))
    alter(tiny / EVENTS, 1, lambda event: event["arguments"][0].update(target="T4"))
    alter(tiny / "annotations/values/one.jsonl", 1, lambda value: value.update(value="XXXX-03", precision="day"))
    assert sorted(codes(Folder(tiny))) == ["timex-precision", "unknown-label", "wrong-filler"]


def test_references_to_what_could_not_be_read_are_no_fault_and_all_others_are(tiny: Path) -> None:
    alter(tiny / ENTITIES, 3, lambda record: record.update(type="GROOP"))
    alter(tiny / EVENTS, 1, lambda event: event["arguments"][2].update(target="T99"))
    facts = {problem.code: problem.fact for problem in check(Folder(tiny))}
    assert facts == {"unknown-label": "'GROOP' is no known label here", "dangling-reference": "'T99' is no record of this document"}


def test_no_reference_is_judged_where_a_lost_record_may_have_any_id(tiny: Path) -> None:
    alter(tiny / ENTITIES, 3, lambda record: record.pop("id"))
    alter(tiny / EVENTS, 1, lambda event: event["arguments"][2].update(target="T99"))
    assert codes(Folder(tiny)) == ["missing-field"]


def test_no_excuse_is_called_unused_where_the_record_that_needs_it_may_be_lost(tiny: Path) -> None:
    alter(tiny / ENTITIES, 1, lambda record: record.update(ignore=[{"code": "span-edge", "reason": "Made up."}]))
    assert codes(Folder(tiny)) == ["unused-suppression"]
    alter(tiny / ENTITIES, 2, lambda record: record.update(type="ORG.medium"))
    assert codes(Folder(tiny)) == ["unknown-label"]


def test_the_report_names_documents_layers_and_what_spans_documents(tiny: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tiny.parent)
    alter(tiny / ENTITIES, 3, lambda record: record.update(type="GROOP"))
    (tiny / "raw" / "two.txt").unlink()
    _, out, _ = run("check", "tiny")
    assert reported(out).unchecked == [
        "'two', of which there is no text to read",
        "in 'one', what takes every record of entities",
        "what spans documents",
    ]


def test_it_is_said_whatever_is_selected_but_not_of_levels_that_were_not_asked_for(tiny: Path, run: Run) -> None:
    alter(tiny / ENTITIES, 3, lambda record: record.update(type="GROOP"))
    _, out, _ = run("check", tiny, "--ignore", "unknown-label")
    left_out = "in 'one', what takes every record of entities; what spans documents"
    assert out == f"Not checked until the errors above are mended: {left_out}.\nNo problems.\n"
    assert "Not checked" not in run("check", tiny, "--level", "2")[1]
    assert "Not checked" in run("check", tiny, "--statistics")[1]


def test_lines_of_documents_jsonl_and_links_are_named(tiny: Path) -> None:
    alter(tiny / "documents.jsonl", 2, lambda line: line.pop("lang"))
    alter(tiny / "gazetteer.jsonl", 1, lambda line: line.pop("kind"))
    assert [part.fact for part in found(Folder(tiny))[1]] == [
        "the document on line 2 of documents.jsonl",
        "links to the gazetteer",
        "what spans documents",
    ]


def test_nothing_is_said_of_a_sound_corpus_nor_of_one_with_faults_above_its_shape(tiny: Path, run: Run) -> None:
    assert found(Folder(tiny))[1] == ()
    swap(tiny / ENTITIES, '"quote":"докери"', '"quote":"докеры"')
    assert found(Folder(tiny))[1] == ()
    assert json.loads(run("check", tiny, "--format", "json")[1])["unchecked"] == []


@pytest.fixture
def native(tiny: Path, run: Run) -> Path:
    path = tiny.parent / "corpus.jsonl"
    assert run("export", "native", path, tiny)[0] == 0
    return path


def test_lines_of_a_native_file_that_could_not_be_read_are_named(native: Path, tiny: Path) -> None:
    alter(native, 1, lambda document: document["entities"][0].update(type="FAC.otter"))
    assert [part.fact for part in found(NativeFile(native, corpus=tiny))[1]] == ["the document on line 1 of corpus.jsonl"]


def test_a_blank_line_ends_a_native_file_and_that_is_said(native: Path, tiny: Path) -> None:
    lines = native.read_bytes().split(b"\n")
    native.write_bytes(b"\n".join((lines[0], b"", *lines[1:])))
    assert [part.fact for part in found(NativeFile(native, corpus=tiny))[1]] == ["every document from line 2 of corpus.jsonl on"]


def test_a_fault_of_the_gazetteer_hides_none_of_a_native_file(native: Path, tiny: Path) -> None:
    alter(tiny / "gazetteer.jsonl", 1, lambda line: line.pop("kind"))
    alter(native, 1, lambda document: document["entities"][2].update(quote="докеры"))
    problems, left_out = found(NativeFile(native, corpus=tiny))
    assert [problem.code for problem in problems] == ["quote-mismatch", "missing-field"]
    assert [part.fact for part in left_out] == ["links to the gazetteer"]


def test_a_line_names_so_many_parts_and_counts_the_others() -> None:
    parts = [Unchecked(f"part {number}") for number in range(25)]
    assert told(parts[:20]).endswith("; part 19.")
    assert told(parts).endswith("; part 19; and 5 more.")


def as_json(tiny: Path, run: Run) -> Any:
    log = json.loads(run("check", tiny, "--format", "json")[1])
    jsonschema.validate(log, json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8")))
    return log["unchecked"]


def test_programs_are_told_too(tiny: Path, run: Run) -> None:
    alter(tiny / ENTITIES, 3, lambda record: record.update(type="GROOP"))
    fact = "in 'one', what takes every record of entities"
    assert as_json(tiny, run) == [{"message": fact, "document": "one", "layers": ["entities"]}, {"message": "what spans documents"}]
    notices = [line for line in run("check", tiny, "--format", "github")[1].split("\n") if line.startswith("::notice ")]
    assert notices == [f"::notice title=not checked::Not checked until the errors above are mended: {fact}; what spans documents."]
    (invocation,) = json.loads(run("check", tiny, "--format", "sarif")[1])["runs"][0]["invocations"]
    assert [note["message"]["text"].partition(": ")[2] for note in invocation["toolExecutionNotifications"]] == [
        f"{fact}.",
        "what spans documents.",
    ]


def test_a_build_that_is_refused_says_it_too(tiny: Path, run: Run) -> None:
    alter(tiny / ENTITIES, 3, lambda record: record.update(type="GROOP"))
    code, _, err = run("build", tiny, "--out", tiny.parent / "out")
    assert code == 1
    assert "Not checked until the errors above are mended: in 'one', what takes every record of entities; what spans documents.\n" in err


def test_of_a_damaged_release_nothing_is_checked(tiny: Path, run: Run) -> None:
    release = tiny.parent / "release"
    assert run("build", tiny, "--out", release)[0] == 0
    (release / "reports.csv").write_bytes(b"")
    assert found(open_store(release))[1] == (Unchecked("the whole release"),)


def test_what_lies_in_a_file_that_nothing_lists_may_be_what_others_point_to(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus")
    alter(corpus / "documents.jsonl", 1, lambda line: line["coverage"].pop(3))
    problems, left_out = found(Folder(corpus))
    assert [problem.code for problem in problems] == ["unexpected-layer-file"]
    assert left_out[0] == Unchecked("in 'one', what takes every record of entities", "one", ("entities",))
