"""`qantar reanchor`: every record moves, or is named with a way on that works; files change together or not at all."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builds import contents, different, edit_lines, write_copies, write_single
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from qantar.checking import check
from qantar.errors import OutputError, RecordsRefused, SourceError, UnknownName
from qantar.problems import Problem
from qantar.reanchoring import Plan, reanchor
from qantar.reanchoring.borders import _cut
from qantar.rules import LEVELS, RULES
from qantar.store import Folder
from qantar.store.together import replace_together
from spoil import swap, tree
from tiny import ONE, TWO, anchored, tokens, write_corpus, write_lines

Run = Callable[..., tuple[int, str, str]]
Json = dict[str, Any]
EXPECTED = Path(__file__).parent / "expected" / "cli"
ENTITIES = "annotations/entities/one.jsonl"


@pytest.fixture(autouse=True)
def _a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def lines(path: Path) -> list[Json]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def record(corpus: Path, file: str, name: str) -> Json:
    return next(one for one in lines(corpus / file) if one["id"] == name)


def text(name: str, content: str) -> Path:
    Path(name).write_bytes(content.encode())
    return Path(name)


def move(corpus: Path, new: str, document: str = "one") -> Plan:
    return reanchor(Folder(corpus), document, new)


def caused(corpus: Path) -> list[Problem]:
    """What is wrong with where records stand. That the words are others now may make a pair no verbatim one, a value another, and so on."""
    firm = {rule.code for rule in RULES if rule.firm}
    return [problem for problem in check(Folder(corpus)) if problem.code in firm or LEVELS[problem.code] < 3]


def refused(plan: Plan) -> list[tuple[str, int | None, str, str, str]]:
    return [(one.file, one.line, one.record, one.path, one.status) for one in plan.refused]


# ---- what moves


def test_a_name_corrected_and_a_sentence_put_in(tiny: Path) -> None:
    """Every expected offset is that of the quote in the new text."""
    new = ONE.replace("Reuters:", "Місто спить. Reuters:").replace("Порт-Веллі", "Порт-Велл")
    plan = move(tiny, new)
    assert plan.refused == ()
    plan.write()
    assert (tiny / "raw" / "one.txt").read_bytes() == new.encode()
    line = record(tiny, "documents.jsonl", "one")
    assert (line["sha256"], line["file"]) == (hashlib.sha256(new.encode()).hexdigest(), "one.txt")
    assert record(tiny, ENTITIES, "T4") | anchored(new, "Порт-Велл") == record(tiny, ENTITIES, "T4")
    assert record(tiny, "annotations/attributions/one.jsonl", "A1")["content"] == [{"start": new.index("докери"), "end": len(new) - 1}]
    assert [(one["id"], new[one["start"] : one["end"]]) for one in lines(tiny / "annotations/segments/one.jsonl")] == [
        ("Z1", "Порт закрито\n"),
        ("Z2", "Місто спить. Reuters: 😀 докери страйкували 14 березня у Порт-Велл.\n"),
    ]
    assert record(tiny, "alignments.jsonl", "P1")["a"] == {"document": "one", **anchored(new, "докери страйкували")}
    assert check(Folder(tiny)) == []


def test_new_words_get_tokens_and_what_was_edited_loses_its_analysis(tiny: Path) -> None:
    new = ONE.replace("Reuters:", "Місто спить. Reuters:").replace("Порт-Веллі", "Порт-Велл").replace("докери", "всі докери")
    move(tiny, new).write()
    found = lines(tiny / "annotations/sentences/one.jsonl")
    words = [[(new[one["start"] : one["end"]], one.get("lemma")) for one in sentence["tokens"]] for sentence in found]
    assert [sentence["id"] for sentence in found] == ["S1", "S3", "S2"]
    assert words[1] == [("Місто", None), ("спить", None), (".", None)]
    assert words[2][3:6] == [("всі", None), ("докери", "докери"), ("страйкували", "страйкували")]
    assert words[2][-2:] == [("Порт-Велл", None), (".", ".")]
    assert check(Folder(tiny)) == []


def test_quotes_in_other_files_follow(tiny: Path) -> None:
    new = ONE.replace("страйкували", "страйкувати")
    plan = move(tiny, new)
    plan.write()
    assert record(tiny, "clusters.jsonl", "C1")["members"][0] == {"target": "one#E1", "quote": "страйкувати"}
    assert record(tiny, "links.jsonl", "K1")["tail"] == {"target": "one#E1", "quote": "страйкувати"}
    assert record(tiny, "links.jsonl", "K1")["head"] == {"target": "two#E1", "quote": "страйкували"}
    status = {(one.file, one.record, one.path): one.status for one in plan.moves}
    assert status["clusters.jsonl", "C1", "$.members[0]"] == status["links.jsonl", "K1", "$.tail"] == "changed"
    assert check(Folder(tiny)) == []


@pytest.mark.parametrize("layer", [None, "entities"])
def test_drafts_move_and_stay_drafts(tiny: Path, layer: str | None) -> None:
    def mark(found: list[Json]) -> None:
        for entry in found[0]["coverage"]:
            entry |= {"draft": True} if layer in (None, entry["layer"]) else {}

    edit_lines(tiny / "documents.jsonl", mark)
    before = record(tiny, "documents.jsonl", "one")["coverage"]
    move(tiny, f"Увага! {ONE}").write()
    assert record(tiny, "documents.jsonl", "one")["coverage"] == before
    assert {problem.code for problem in check(Folder(tiny))} == {"draft-layer"}


def test_a_document_without_zones_moves(tiny: Path) -> None:
    move(tiny, f"Вчора ввечері.\r\n{TWO}", "two").write()
    assert record(tiny, "annotations/events/two.jsonl", "E1")["spans"] == [{"start": 23, "end": 34}]
    assert record(tiny, "alignments.jsonl", "P1")["b"]["spans"] == [{"start": 16, "end": 34}]
    assert check(Folder(tiny)) == []


def test_zones_and_sentences_whose_text_is_gone_are_removed(tiny: Path) -> None:
    edit_lines(tiny / ENTITIES, lambda found: found.pop(0))  # the only record of the headline
    plan = move(tiny, ONE.partition("\n")[2])
    assert {(one.record, one.path) for one in plan.moves if one.status == "removed"} == {("Z1", "$"), ("S1", "$")}
    plan.write()
    assert (
        lines(tiny / "annotations/segments/one.jsonl")[0] | {"start": 0, "end": len(ONE) - 13}
        == lines(tiny / "annotations/segments/one.jsonl")[0]
    )
    assert check(Folder(tiny)) == []


OWN_SPANS = {
    "title": "Tone",
    "description": "Made up.",
    "x-anchor": "spans",
    "x-prefix": "X",
    "x-content": "about",
    "type": "object",
    "required": ["id", "spans", "quote", "about"],
}
OWN_PARTITION = {
    "title": "Verse",
    "description": "Made up.",
    "x-anchor": "partition",
    "x-prefix": "B",
    "type": "object",
    "required": ["id", "start", "end", "feet"],
}


def own_layers(corpus: Path) -> Path:
    """Adds two layers of the corpus's own to document `two`: `tones` with spans and content, `verses` with parts called feet."""
    offset = {"type": "integer", "minimum": 0, "description": "Made up.", "examples": [1]}
    word = {"type": "string", "description": "Made up.", "examples": ["a"]}
    span = {
        "title": "Span",
        "description": "Made up.",
        "type": "object",
        "properties": {"start": offset, "end": offset},
        "required": ["start", "end"],
    }
    foot = {**span, "title": "Foot", "properties": {"start": offset, "end": offset, "stress": word}}

    def listed(items: Json) -> Json:
        return {"type": "array", "items": items, "description": "Made up.", "examples": [[]]}

    name = {**word, "pattern": "^[A-Z]+[0-9]+$"}
    folder = corpus / "schema" / "layers"
    folder.mkdir(parents=True)
    reference = {"$ref": "../common.schema.json#/$defs/spans", "description": "Made up.", "examples": [[]]}
    tones = {**OWN_SPANS, "properties": {"id": name, "spans": reference, "quote": word, "about": reference}}
    verses = {**OWN_PARTITION, "properties": {"id": name, "start": offset, "end": offset, "feet": listed(foot)}}
    for layer, schema in (("tones", tones), ("verses", verses)):
        (folder / f"{layer}.schema.json").write_text(json.dumps(schema), encoding="utf-8")
    swap(corpus / "corpus.toml", '"relations"]', '"relations", "tones", "verses"]')
    swap(corpus / "corpus.toml", "[licences]", '[schema]\nlayers = "schema/layers"\n\n[licences]')
    write_lines(corpus / "annotations/tones/two.jsonl", [{"id": "X1", **anchored(TWO, "пише"), "about": [{"start": 0, "end": 18}]}])
    feet = [{**one, "stress": "a"} for one in tokens(TWO, "Докери", "страйкували,", "пише", "Reuters.")]
    feet = [{key: one[key] for key in ("start", "end", "stress")} for one in feet]
    verses_of_two = [{"id": "B1", "start": 0, "end": 20, "feet": feet[:2]}, {"id": "B2", "start": 20, "end": len(TWO), "feet": feet[2:]}]
    write_lines(corpus / "annotations/verses/two.jsonl", verses_of_two)
    edit_lines(
        corpus / "documents.jsonl", lambda found: found[1]["coverage"].extend({"layer": one, "zones": None} for one in ("tones", "verses"))
    )
    return corpus


def test_layers_of_ones_own_move_by_what_their_schemas_say(tiny: Path) -> None:
    own_layers(tiny)
    assert check(Folder(tiny)) == []
    new = "Усі докери страйкували, пише Reuters.\n".replace("докери", "Докери")
    move(tiny, new, "two").write()
    assert lines(tiny / "annotations/tones/two.jsonl") == [{"id": "X1", **anchored(new, "пише"), "about": [{"start": 4, "end": 22}]}]
    assert lines(tiny / "annotations/verses/two.jsonl") == [
        {
            "id": "B1",
            "start": 0,
            "end": 24,
            "feet": [{"start": 4, "end": 10, "stress": "a"}, {"start": 11, "end": 23, "stress": "a"}],
        },
        {"id": "B2", "start": 24, "end": 38, "feet": [{"start": 24, "end": 28, "stress": "a"}, {"start": 29, "end": 37, "stress": "a"}]},
    ]
    assert check(Folder(tiny)) == []


@pytest.mark.parametrize(
    ("between", "before", "after", "cut"),
    [
        ("\n\n", "\n", "\n", 1),
        ("\r\n\r\n", "\n", "\n", 2),
        ("\n\n\n", "\n\n", "", 3),
        ("\n\n", "", "\n", 0),
        (" ", "\n", "\n", 1),
        (" далі.\n", "\n", "", 7),
        ("\nДалі ", "\n", "", 1),
        ("\nДалі\n", "\n", "", None),
        (" далі ", " ", "", None),
        (" далі\nі ще\n", "\n", "", None),
    ],
)
def test_the_border_of_two_zones(between: str, before: str, after: str, cut: int | None) -> None:
    assert _cut(between, before, after) == cut


@pytest.mark.parametrize(
    ("new", "found"),
    [
        (f"Нині {ONE}", []),
        (f"Нині\n{ONE}", [("Z1", "$")]),
        (f"{ONE[:-1]} Кінець.\n", []),
        (f"{ONE}Кінець.\n", [("Z2", "$")]),
    ],
)
def test_lines_put_in_at_the_ends_of_the_text_may_be_zones(tiny: Path, new: str, found: list[tuple[str, str]]) -> None:
    plan = move(tiny, new)
    assert [(one.record, one.path) for one in plan.refused] == found
    if not found:
        plan.write()
        assert check(Folder(tiny)) == []


def test_a_sentence_takes_in_the_words_that_continue_it(tiny: Path) -> None:
    new = ONE.replace("закрито", "закрито сьогодні")
    plan = move(tiny, new)
    assert [(one.record, one.old, one.new, one.status) for one in plan.moves if one.record == "S1" and one.path == "$"] == [
        ("S1", ((0, 12),), ((0, 21),), "changed")
    ]
    plan.write()
    assert check(Folder(tiny)) == []


def test_words_that_join_two_sentences_are_refused(tmp_path: Path) -> None:
    words = "порт закрито докери пішли"
    sentences = [
        {"id": "S1", "start": 0, "end": 12, "tokens": tokens(words, "порт", "закрито")},
        {"id": "S2", "start": 13, "end": 25, "tokens": tokens(words, "докери", "пішли")},
    ]
    corpus = write_single(tmp_path / "only", words, {"sentences": sentences})
    plan = move(corpus, words.replace("докери", "і докери"), "only")
    assert refused(plan) == [("annotations/sentences/only.jsonl", 2, "S2", "$", "ambiguous")]
    assert plan.refused[0].reason == "'і' was put in between it and the sentence before, and may belong to either"


# ---- the five texts


def _typo(found: str) -> str:
    return re.sub("Алмат", "Алматт", found, count=1)


def _sentence(found: str) -> str:
    at = [match.end() for match in re.finditer(r"[.!?][ \u00a0\n]+(?=[А-ЯІЇЄ])", found)][1]
    return f"{found[:at]}Раніше про це не писали. {found[at:]}"


def _date(found: str) -> str:
    return re.sub(r"\b(\d) (січня|января)", lambda match: f"{int(match[1]) + 1} {match[2]}", found, count=1)


def _paragraph(found: str) -> str:
    """Into the longest zone of each text: after its second sentence's line."""
    at = max(found.split("\n"), key=len)
    place = found.index(at) + len(at) // 2
    place = found.index(" ", place) + 1
    return f"{found[:place]}(так у тексті) {found[place:]}"


CORRECTIONS: dict[str, Callable[[str], str]] = {
    "typo": _typo,
    "sentence": _sentence,
    "date": _date,
    "words": _paragraph,
    "line-ends": lambda found: found.replace("\r\n", "\n") if "\r\n" in found else found.replace("\n", "\r\n"),
    "no-break-spaces": lambda found: found.replace("\u00a0", " ") if "\u00a0" in found else found.replace(" ", "\u00a0", 9),
    "blank-lines": lambda found: re.sub(r"\n+", "\n\n", found),
    "emoji-out": lambda found: re.sub(r"[\U0001f300-\U0001faff]", "", found),
}
DOCUMENTS = ["000-akimat-fire", "001-akimat-captured", "002-wednesday-storm", "003-almaty-clashes", "004-aktobe-live"]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_corrections_of_the_five_texts_leave_no_problem(root: Path, document: str) -> None:
    """Each on top of the one before; every quote is read from the new text by `check`."""
    shutil.copytree(root / "corpus", "corpus")
    path, done = Path("corpus/raw") / f"{document}.txt", []
    for name, correct in CORRECTIONS.items():
        old = path.read_bytes().decode()
        if (new := correct(old)) == old:
            continue
        plan = move(Path("corpus"), new, document)
        assert plan.refused == (), name
        counts = {layer: len(lines(one)) for one in Path("corpus/annotations").glob(f"*/{document}.jsonl") if (layer := one.parent.name)}
        plan.write()
        assert path.read_bytes().decode() == new
        assert caused(Path("corpus")) == [], name
        after = {layer: len(lines(Path("corpus/annotations") / layer / f"{document}.jsonl")) for layer in counts}
        assert {layer: count for layer, count in after.items() if layer != "sentences"} == {
            layer: count for layer, count in counts.items() if layer != "sentences"
        }
        done.append(name)
    assert {"typo", "sentence", "words", "line-ends", "no-break-spaces"} <= set(done)


def test_a_deleted_headline_of_the_ranking_takes_its_sentence_with_it(root: Path) -> None:
    shutil.copytree(root / "corpus", "corpus")
    path = Path("corpus/raw/000-akimat-fire.txt")
    old = path.read_bytes().decode().splitlines(keepends=True)
    sentence = record(Path("corpus"), "annotations/sentences/000-akimat-fire.jsonl", "S32")
    assert "".join(old)[sentence["start"] : sentence["end"]] == old[28].strip()
    plan = move(Path("corpus"), "".join(old[:28] + old[29:]), "000-akimat-fire")
    assert [one.record for one in plan.moves if one.status == "removed" and one.path == "$"] == ["S32"] * 3  # and in either pass
    plan.write()
    assert caused(Path("corpus")) == []


def test_there_and_back_again(root: Path) -> None:
    """White space and inserted words go as they came: files are as they were, byte for byte."""
    shutil.copytree(root / "corpus", "corpus")
    before = contents(Path("corpus"))
    for name in ("002-wednesday-storm", "004-aktobe-live"):
        old = (Path("corpus/raw") / f"{name}.txt").read_bytes().decode()
        new = re.sub(r"\n+", "\r\n\r\n", old.replace("\u00a0", " ")).replace(". ", ".  ")
        move(Path("corpus"), new, name).write()
        move(Path("corpus"), old, name).write()
    assert different(contents(Path("corpus")), before) == []


# ---- what is refused, and the way on


def test_a_deleted_record_is_refused_and_nothing_is_written(tiny: Path, run: Run) -> None:
    before = tree(tiny)
    new = text("new.txt", ONE.replace(" у Порт-Веллі", ""))
    code, out, err = run("reanchor", tiny / "raw/one.txt", new, "--write")
    assert (code, err) == (1, "")
    assert f"{ENTITIES}:4: lost T4 ({ONE.index('Порт-Веллі')}–{len(ONE) - 2} 'Порт-Веллі'): its words were deleted.\n" in out
    assert out.endswith("1 refused.\nNothing was written: every record needs a sure place.\n")
    assert tree(tiny) == before
    with pytest.raises(RecordsRefused, match=r"1 record\(s\) of 'one' have no sure place in the new text, so nothing was written"):
        move(tiny, ONE.replace(" у Порт-Веллі", "")).write()
    assert tree(tiny) == before


def test_the_advice_for_a_deleted_record_works(tiny: Path, run: Run) -> None:
    new = text("new.txt", ONE.replace(" у Порт-Веллі", ""))
    out = run("reanchor", tiny / "raw/one.txt", new)[1]
    assert "    Take its line out of the file, and it out of E1 (annotations/events/one.jsonl:1); then run this again.\n" in out
    edit_lines(tiny / ENTITIES, lambda found: found.pop(3))
    edit_lines(tiny / "annotations/events/one.jsonl", lambda found: found[0]["arguments"].pop(2))
    assert run("reanchor", tiny / "raw/one.txt", new, "--write")[0] == 0
    assert run("check", tiny)[1] == "No problems.\n"


def test_the_advice_for_an_ambiguous_record_works(tiny: Path, run: Run) -> None:
    """«докери докери»: which of the two was annotated? The line goes out, and comes back with fields copied from the report."""
    edit_lines(tiny / "annotations/sentences/one.jsonl", lambda found: found[1]["tokens"].pop(3))
    for name in ("alignments", "links", "clusters"):
        (tiny / f"{name}.jsonl").unlink()
    edit_lines(tiny / "annotations/attributions/one.jsonl", lambda found: found.clear())
    edit_lines(tiny / "annotations/relations/one.jsonl", lambda found: found.clear())
    new = text("new.txt", ONE.replace("докери", "докери докери"))
    code, out, _ = run("reanchor", tiny / "raw/one.txt", new)
    assert code == 1
    assert f"{ENTITIES}:3: ambiguous T3 (24–30 'докери'): its border may lie in more than one place.\n" in out
    forms = re.search(r"with the place that is meant: (\"spans\".*?) or (\"spans\".*)\.$", out, re.M)
    assert forms is not None
    kept = lines(tiny / ENTITIES)[2]
    edit_lines(tiny / ENTITIES, lambda found: found.pop(2))
    assert run("reanchor", tiny / "raw/one.txt", new, "--write")[0] == 0
    assert "dangling-reference" in run("check", tiny)[1]
    edit_lines(tiny / ENTITIES, lambda found: found.insert(2, kept | json.loads(f"{{{forms[2]}}}")))
    assert run("check", tiny)[1] == "No problems.\n"


def test_the_advice_for_a_zone_works(tiny: Path, run: Run) -> None:
    new = ONE.replace("\n", "\nЦе новий рядок\n", 1)
    code, out, _ = run("reanchor", tiny / "raw/one.txt", text("new.txt", new))
    assert code == 1
    assert "annotations/segments/one.jsonl:2: ambiguous Z2 (13–68 " in out
    places = re.findall(r"^    perhaps (\d+)–(\d+) ", out, re.M)
    assert [new[int(start) : int(end)].partition("\n")[0] for start, end in places] == [
        "Це новий рядок",
        "Reuters: 😀 докери страйкували 14 березня у Порт-Веллі.",
    ]
    path = tiny / "annotations/segments/one.jsonl"
    kept = lines(path)[1]
    edit_lines(path, lambda found: found.pop(1))
    assert run("reanchor", tiny / "raw/one.txt", "new.txt", "--write")[0] == 0
    edit_lines(path, lambda found: found.append(kept | {"start": int(places[0][0]), "end": int(places[0][1])}))
    assert run("check", tiny)[1] == "No problems.\n"


def test_the_advice_for_tokens_works(tiny: Path, run: Run) -> None:
    """A stretch of two words that became three: its tokens go out, and the new words get tokens."""
    for name in ("values", "events"):
        edit_lines(tiny / f"annotations/{name}/one.jsonl", lambda found: found.clear())
    for name in ("links", "clusters"):
        (tiny / f"{name}.jsonl").unlink()
    edit_lines(tiny / "annotations/attributions/one.jsonl", lambda found: found[0].update(events=[]))
    edit_lines(tiny / "annotations/relations/one.jsonl", lambda found: found.clear())
    new = text("new.txt", ONE.replace("14 березня", "тим часом учора"))
    code, out, _ = run("reanchor", tiny / "raw/one.txt", new)
    assert code == 1
    assert [line.partition(": ambiguous ")[2].partition(" (")[0] for line in out.splitlines() if ": ambiguous " in line] == [
        "S2 $.tokens[5]",
        "S2 $.tokens[6]",
    ]
    edit_lines(
        tiny / "annotations/sentences/one.jsonl", lambda found: found[1].update(tokens=found[1]["tokens"][:5] + found[1]["tokens"][7:])
    )
    assert run("reanchor", tiny / "raw/one.txt", new, "--write")[0] == 0
    assert run("check", tiny)[1] == "No problems.\n"


def test_a_zone_that_is_gone_but_referred_to_is_refused(tiny: Path) -> None:
    edit_lines(tiny / ENTITIES, lambda found: found.pop(0))
    edit_lines(tiny / "clusters.jsonl", lambda found: found[0]["members"].append({"target": "one#S1", "quote": "Порт закрито"}))
    plan = move(tiny, ONE.partition("\n")[2])
    assert refused(plan) == [("annotations/sentences/one.jsonl", 1, "S1", "$", "lost")]
    assert "other records refer to it" in plan.refused[0].reason


def test_fragments_that_no_longer_lie_apart_are_refused(tmp_path: Path) -> None:
    words = "один,два-три"
    spans = {"spans": [{"start": 0, "end": 4}, {"start": 8, "end": 12}], "quote": "один -три"}
    corpus = write_single(tmp_path / "only", words, {"entities": [{"id": "T1", **spans, "type": "GROUP", "level": "nominal"}]})
    plan = move(corpus, "один-три", "only")
    assert refused(plan) == [("annotations/entities/only.jsonl", 1, "T1", "$", "ambiguous")]
    assert plan.refused[0].reason == "nothing lies between its fragments any more"
    assert plan.refused[0].candidates == ((((0, 8),), "один-три"),)


def test_a_fragment_that_is_gone_is_named(tmp_path: Path) -> None:
    spans = {"spans": [{"start": 0, "end": 4}, {"start": 9, "end": 12}], "quote": "один три"}
    corpus = write_single(tmp_path / "only", "один два три тут", {"entities": [{"id": "T1", **spans, "type": "GROUP", "level": "nominal"}]})
    plan = move(corpus, "один два тут", "only")
    assert [(one.status, one.reason) for one in plan.refused] == [("lost", "of its fragment 9–12: its words were deleted")]


# ---- unhappy paths


def test_the_text_in_the_corpus_may_be_the_new_one(tiny: Path, run: Run) -> None:
    """Corrected in place: the old text comes from elsewhere, as from version control."""
    old = text("old.txt", ONE)
    (tiny / "raw/one.txt").write_bytes(f"Увага! {ONE}".encode())
    assert run("reanchor", old, tiny / "raw/one.txt", "--write")[0] == 0
    assert run("check", tiny)[1] == "No problems.\n"


def test_the_corpus_may_be_named(tiny: Path, run: Run) -> None:
    code, out, _ = run("reanchor", text("old.txt", TWO), text("new.txt", f"Увага! {TWO}"), "--corpus", "tiny", "--write")
    assert (code, out.splitlines()[-1].partition(":")[0]) == (0, "Written")
    assert (tiny / "raw/two.txt").read_bytes() == f"Увага! {TWO}".encode()


@pytest.mark.parametrize(
    ("old", "new", "words", "error"),
    [
        ("old.txt", "new.txt", (), r"Neither old\.txt nor new\.txt lies in a corpus folder as raw/<document>\.txt\. Name the corpus with --corpus DIR"),
        ("new.txt", "old.txt", ("--corpus", "tiny"), r"No document of tiny was annotated over new\.txt: none has the SHA-256 [0-9a-f]{64}\."),
        ("tiny/raw/one.txt", "gone.txt", (), r"gone\.txt cannot be read: No such file or directory\. Name a file of plain text\."),
        ("gone.txt", "tiny/raw/one.txt", (), r"gone\.txt cannot be read"),
        ("tiny/raw/one.txt", "tiny", (), r"tiny cannot be read: Is a directory"),
        ("tiny/raw/one.txt", "tiny/raw/one.txt", (), r"The old and the new text are the same, byte for byte: there is nothing to move\."),
        ("tiny/raw/one.txt", "cp1251.txt", (), r"cp1251\.txt: bytes that are not UTF-8 \(cf\) stand at byte offset 0 \(line 1, column 1\)\. Save"),
        ("tiny/raw/one.txt", "bom.txt", (), r"bom\.txt: the data begins with a byte order mark"),
        ("tiny/raw/one.txt", "new.txt", ("--corpus", "gone"), r"gone is no corpus: it has no corpus\.toml\."),
        ("new.txt", "tiny/raw/one.txt", (), r"The old text is not the one that was annotated: its SHA-256 is [0-9a-f]{64}, documents\.jsonl says"),
        ("tiny/raw/none.txt", "new.txt", (), r"No document is called 'none'\. Did you mean 'one'\?"),
    ],
)  # fmt: skip
def test_wrong_use(tiny: Path, run: Run, old: str, new: str, words: tuple[str, ...], error: str) -> None:
    text("old.txt", ONE)
    text("new.txt", f"Увага! {ONE}")
    text("tiny/raw/none.txt", ONE)
    Path("cp1251.txt").write_bytes("Порт".encode("cp1251"))
    Path("bom.txt").write_bytes(b"\xef\xbb\xbf" + ONE.encode())
    before = tree(tiny)
    code, out, err = run("reanchor", old, new, *words, "--write")
    assert (code, out) == (2, "")
    assert re.match(f"qantar: {error}", err), err
    assert tree(tiny) == before


def test_a_third_text_in_the_corpus_is_not_overwritten(tiny: Path) -> None:
    (tiny / "raw/one.txt").write_bytes(b"Third.\n")
    with pytest.raises(SourceError, match=r"raw/one\.txt holds neither the old nor the new text\. Put the text that was annotated there"):
        reanchor(Folder(tiny), "one", f"Увага! {ONE}", old_text=ONE)


def test_documents_with_the_same_text_are_told_apart_by_name(run: Run) -> None:
    write_copies(Path("copies"), shards=2)
    new = text("new.txt", f"Увага! {TWO}")
    code, _, err = run("reanchor", text("old.txt", TWO), new, "--corpus", "copies")
    assert code == 2
    assert re.match(r"qantar: The documents two, copy-\d+.* have the same text\. Name one as OLD, such as copies/raw/two\.txt\.", err)
    assert run("reanchor", "copies/raw/two.txt", new, "--write")[0] == 0
    assert run("check", "copies")[1] == "No problems.\n"


def test_problems_of_other_documents_do_not_hinder(tiny: Path, run: Run) -> None:
    (tiny / "annotations/entities/two.jsonl").write_bytes(b"{broken\n")
    (tiny / "raw/two.txt").unlink()
    (tiny / "gazetteer.jsonl").write_bytes(b"[]\n")
    assert run("reanchor", "tiny/raw/one.txt", text("new.txt", f"Увага! {ONE}"), "--write")[0] == 0
    assert (tiny / "annotations/entities/two.jsonl").read_bytes() == b"{broken\n"
    assert record(tiny, ENTITIES, "T1")["spans"] == [{"start": 7, "end": 11}]


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        (ENTITIES, '"nominal"', '"noun"', "unknown-label"),
        (ENTITIES, '"докери"', '"докеры"', "quote-mismatch"),
        ("annotations/values/one.jsonl", '"end":53', '"end":530', "offset-past-end"),
        ("clusters.jsonl", '"kind":"event"', '"kind":"thing"', "unknown-label"),
        ("alignments.jsonl", '{"id"', '{"id":', "broken-json"),
        ("documents.jsonl", '"leak_group":"dock-strike"', '"leak":"dock-strike"', "unknown-field"),
    ],
)
def test_a_document_whose_records_cannot_be_read_is_refused(tiny: Path, run: Run, file: str, old: str, new: str, code: str) -> None:
    swap(tiny / file, old, new)
    before = tree(tiny)
    outcome = run("reanchor", "tiny/raw/one.txt", text("new.txt", f"Увага! {ONE}"), "--write")
    assert outcome[:2] == (1, "")
    assert f"{file}:" in outcome[2]
    assert f"error[{code}]" in outcome[2]
    assert tree(tiny) == before


def test_a_side_that_never_fitted_is_refused(tiny: Path) -> None:
    swap(tiny / "alignments.jsonl", '"quote":"докери страйкували"', '"quote":"докери"')
    plan = move(tiny, f"Увага! {ONE}")
    assert refused(plan) == [("alignments.jsonl", 1, "P1", "$.a", "ambiguous")]


def test_a_text_that_is_not_there_and_a_document_that_is_none(tiny: Path) -> None:
    (tiny / "raw/one.txt").unlink()
    with pytest.raises(SourceError, match=r"raw/one\.txt does not exist\. Restore it\."):
        move(tiny, "x")
    with pytest.raises(UnknownName, match="No document is called 'three'"):
        move(tiny, "x", "three")


def test_files_that_changed_since_the_plan_are_not_overwritten(tiny: Path) -> None:
    plan = move(tiny, f"Увага! {ONE}")
    swap(tiny / ENTITIES, "reuters", "port-vell")
    before = tree(tiny)
    with pytest.raises(SourceError, match=r"entities/one\.jsonl has changed meanwhile, so nothing was written\. Run the command again\."):
        plan.write()
    assert tree(tiny) == before


@pytest.mark.parametrize("number", [0, 1, 3])
@pytest.mark.parametrize("kind", [OSError, KeyboardInterrupt])
def test_a_failing_rename_puts_everything_back(tiny: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[BaseException]) -> None:
    plan, before, rename = move(tiny, f"Увага! {ONE}"), tree(tiny), Path.replace
    calls = iter(range(100))

    def fail(path: Path, target: Path) -> Path:
        if next(calls) == number:
            raise kind(28, "No space left on device")
        return rename(path, target)

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OutputError if kind is OSError else KeyboardInterrupt) as raised:
        plan.write()
    assert kind is KeyboardInterrupt or "Every file holds what it held" in str(raised.value)
    assert tree(tiny) == before


def test_what_cannot_be_put_back_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"1")
    two.write_bytes(b"2")
    rename, write = Path.replace, Path.write_bytes

    def fail(path: Path, target: Path) -> Path:
        if target == two:
            monkeypatch.setattr(Path, "write_bytes", lambda path, data: write(path, data) if path != one else _no_space(path))
            raise OSError(28, "No space left on device", str(two))
        return rename(path, target)

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OutputError, match=rf"must be restored by hand: {re.escape(str(one))}\. All others hold what they held"):
        replace_together({one: b"new", two: b"new"})


def test_a_file_that_was_not_there_goes_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new, old = tmp_path / "folder" / "new", tmp_path / "old"
    old.write_bytes(b"old")
    real = Path.replace

    def fail_on_old(self: Path, target: Path) -> Path:
        return real(self, target) if target == new else (_no_space(target), target)[1]

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail_on_old)
        with pytest.raises(OutputError, match=rf"Cannot write {re.escape(str(old))}: .*Every file holds what it held"):
            replace_together({new: b"new", old: b"new"})
    assert contents(tmp_path) == {"old": b"old"}
    replace_together({new: b"new", old: b"new"})
    assert contents(tmp_path) == {"folder/new": b"new", "old": b"new"}


def _no_space(path: Path) -> int:
    raise OSError(28, "No space left on device", str(path))


# ---- what is printed


def report_text() -> Path:
    new = ONE.replace("Reuters:", "Місто спить. Reuters:").replace("Порт-Веллі", "Порт-Велл").replace("14\u0020березня", "15\u00a0березня")
    return text("new.txt", new)


def test_the_list_and_the_written_report(tiny: Path, run: Run) -> None:
    new, before = report_text(), tree(tiny)
    assert run("reanchor", "tiny/raw/one.txt", new) == (0, (EXPECTED / "reanchor.txt").read_text(encoding="utf-8"), "")
    assert tree(tiny) == before
    assert run("reanchor", "tiny/raw/one.txt", new, "--json") == (0, (EXPECTED / "reanchor.json").read_text(encoding="utf-8"), "")
    assert run("reanchor", "tiny/raw/one.txt", new, "--write")[1].splitlines()[-1] == (
        "Written: 10 files. Read what changed, then `qantar check`."
    )


def test_the_report_of_refused_records(tiny: Path, run: Run) -> None:
    new = text("new.txt", ONE.replace("докери", "докери докери").replace(" у Порт-Веллі", "").replace("\n", "\nНовий рядок\n", 1))
    assert run("reanchor", "tiny/raw/one.txt", new) == (1, (EXPECTED / "reanchor-refused.txt").read_text(encoding="utf-8"), "")
    assert run("reanchor", "tiny/raw/one.txt", new, "--json") == (1, (EXPECTED / "reanchor-refused.json").read_text(encoding="utf-8"), "")


# ---- properties

PIECES = ["Порт", "докери", "страйкували", "14", "березня", "Reuters", "😀", " ", "\n", ". ", "\u00a0", "\r\n", "Қазақ", "і̆", "нове", ""]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, len(ONE)), st.integers(0, 12), st.sampled_from(PIECES)), min_size=1, max_size=3))
def test_any_edit_is_moved_without_a_new_problem_or_refused_with_reasons(tmp_path: Path, edits: list[tuple[int, int, str]]) -> None:
    new = ONE
    for at, size, piece in edits:
        new = new[:at] + piece + new[at + size :]
    if new == ONE:
        return
    shutil.rmtree(tmp_path / "any", ignore_errors=True)
    corpus = write_corpus(tmp_path / "any")
    plan = move(corpus, new)
    for one in plan.refused:
        assert one.reason
        assert one.remedy
        assert all(quote == " ".join(new[start:end] for start, end in spans) for spans, quote in one.candidates)
    if not plan.refused:
        plan.write()
        assert caused(corpus) == []
