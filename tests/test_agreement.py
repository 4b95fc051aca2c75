"""Two passes compared: figures computed by hand, what holds of any two passes, and that no difference is left out."""

from __future__ import annotations

import json
import random
import shutil
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from builds import build, edit_lines
from generate import corpora
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from qantar.agreement import Agreement, Comparison, Row, Side, agree, compare
from qantar.agreement.disagreements import Disagreement, disagreements
from qantar.agreement.shapes import fragments
from qantar.agreement.sides import sides
from qantar.cli.layout import WIDTH, width
from qantar.corpus import Corpus
from qantar.store import Folder, open_store
from second import FIRST, SECOND, write_passes
from spoil import swap
from tiny import ONE, TWO, anchored, document_line, layers_of_one, layers_of_two, write_corpus, write_lines

Run = Callable[..., tuple[int, str, str]]
LAYERS = ("segments", "languages", "sentences", "entities", "values", "events", "attributions", "relations")
ACROSS = ("clusters", "alignments", "links")
ROOT = Path(__file__).resolve().parents[1]
SCHEMA = jsonschema.Draft202012Validator(json.loads((ROOT / "docs" / "agree.schema.json").read_text(encoding="utf-8")))
QUICK = {"resamples": 20}

steady = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)


@pytest.fixture(autouse=True)
def _a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def passes(tmp_path: Path) -> Path:
    """The tiny corpus with two passes."""
    return write_passes(tmp_path / "tiny")


def expected(name: str) -> str:
    return (ROOT / "tests" / "expected" / "cli" / name).read_text(encoding="utf-8")


def compared(corpus: Path, one: str = FIRST, two: str = SECOND, *layers: str, **options: Any) -> Agreement:
    key, response, base = sides(one, two, lambda: open_store(corpus))
    return agree(key, response, base, layers=layers, **{**QUICK, **options})


def figures(found: Agreement) -> dict[tuple[str, str], Row]:
    """The rows of all labels and languages, by layer and metric."""
    return {(row.layer, row.metric): row for row in found.rows if row.whole}


# ---- by hand

#: (layer, metric): key, response, matched, and the F1 that follows.
COUNTS: dict[tuple[str, str], tuple[float, float, float]] = {
    # A: headline 0–13, body 13–68. B: headline 0–12, boilerplate 12–13, body 13–68.
    ("segments", "exact"): (2, 3, 1),
    ("segments", "borders"): (2, 3, 1),
    ("segments", "cuts"): (1, 2, 1),
    ("languages", "exact"): (1, 1, 1),
    ("sentences", "borders"): (2, 2, 2),
    ("sentences", "cuts"): (3, 3, 3),  # 12, 13 and 67; 0 is an end of the text
    # B has Порт, -, Велл and і in place of Порт-Веллі.
    ("sentences", "tokens"): (12, 15, 11),
    # A in `one`: Порт FAC.other, Reuters ORG.media, докери GROUP, Порт-Веллі GPE.city.
    # B: Порт FAC.other, Reuters ORG.gov, 😀 докери GROUP, страйкували GROUP. In `two` both have the same two mentions.
    ("entities", "exact"): (6, 6, 3),
    ("entities", "overlap"): (6, 6, 4),
    ("entities", "borders"): (6, 6, 4),
    ("entities", "borders-overlap"): (6, 6, 5),
    # Every mention is alone (the chain `dockers` has one), so four of six chains are the same.
    ("entities", "lea"): (6, 6, 4),
    ("entities", "b-cubed"): (6, 6, 4),
    ("entities", "ceaf-e"): (6, 6, 4),
    ("entities", "mentions"): (6, 6, 4),
    ("entities", "lea-partners"): (6, 6, 5),  # докери and 😀 докери are partners
    # Words: Порт 1, Reuters 1, докери 1, Порт-Веллі 4, two in `two`; B: 1, 1, 2 (😀 докери), 1, 2. Shared: 1 + 1 + 1 + 2.
    ("entities", "mention-overlap"): (9, 7, 5),
    ("values", "exact"): (1, 1, 1),  # `two` has values in the first pass only
    ("events", "trigger-typed"): (2, 2, 2),
    # A: докери, 14 березня, Порт-Веллі, and one in `two`; B: 😀 докери, 14 березня, and the same in `two`.
    ("events", "argument"): (4, 3, 2),
    ("events", "argument-role"): (4, 3, 2),
    ("events", "argument-role-partners"): (4, 3, 3),  # докери and 😀 докери overlap
    ("attributions", "borders"): (1, 1, 1),
    ("attributions", "set:events"): (1, 1, 1),  # E1 and E9 have the same trigger
    ("attributions", "characters:content"): (43, 45, 43),  # B takes in 😀 and the blank after it
    ("relations", "exact"): (1, 1, 0),  # same-report, before
    ("relations", "ends"): (1, 1, 1),
    ("clusters", "mentions"): (2, 1, 1),
    ("clusters", "ceaf-m"): (2, 1, 1),
    ("alignments", "exact"): (1, 1, 0),  # докери страйкували against докери
    ("alignments", "overlap"): (1, 1, 1),
    ("alignments", "borders"): (1, 1, 0),
    ("links", "exact"): (1, 1, 0),  # confirms, corrects
    ("links", "ends"): (1, 1, 1),
}

#: (layer, metric): the coefficient or share, and what it rests on.
VALUES: dict[tuple[str, str], tuple[float | None, int]] = {
    # `one` has 15 pieces (12 tokens of A, the last word cut into four by B), `two` five words: Докери | страйкували, | пише | Reuters | .
    # Same label: 8 of 15 and 5 of 5. A has none 11, FAC.other 1, ORG.media 2, GROUP 2, GPE.city 4; B none 13, FAC.other 1, ORG.gov 1,
    # ORG.media 1, GROUP 4. By chance: (11·13 + 1·1 + 2·1 + 2·4) / 400 = 154/400. (260 − 154) / (400 − 154).
    ("entities", "unit-kappa"): (106 / 246, 20),
    # Both together: none 24, FAC.other 2, ORG.media 3, ORG.gov 1, GROUP 6, GPE.city 4, of 40. Expected disagreement
    # 1 − (24·23 + 2 + 3·2 + 6·5 + 4·3) / (40·39) = 958/1560, observed 7/20.
    ("entities", "unit-alpha"): (1 - 7 / 20 * 1560 / 958, 20),
    # Порт and Reuters in `one`, both in `two` have the same borders: 3 of 4 types are the same, 4/16 by chance.
    ("entities", "same:type"): (3 / 4, 4),
    ("entities", "kappa:type"): (2 / 3, 4),
    ("entities", "same:level"): (1, 4),
    ("entities", "same:link"): (1, 2),
    ("entities", "conll"): (None, 2),  # without any link there is no MUC
    ("segments", "unit-kappa"): (1, 15),  # the newline between the zones is blank
    ("sentences", "unit-kappa"): (None, 15),  # nothing but sentences: nothing could differ
    ("sentences", "same:tokens.upos"): (10 / 11, 11),
    # A says X of all, so 10/11 are the same by chance.
    ("sentences", "kappa:tokens.upos"): (0, 11),
    ("sentences", "same:tokens.lemma"): (10 / 11, 11),
    ("values", "same:value"): (0, 1),
    ("values", "same:precision"): (1, 1),
    ("events", "same:aspect"): (1 / 2, 2),
    ("events", "kappa:aspect"): (0, 2),  # A says ended of both, so half is the same by chance
    ("events", "kappa:factuality"): (1, 2),  # CT+ and Uu
    ("attributions", "same:source"): (1, 1),
    ("attributions", "same:medium"): (1, 1),
    # MUC 0 (B has no link); B-cubed: recall (1/2 + 0) / 2, precision 1, F1 2/5; CEAFe: 2·1 / (2 + 1) = 2/3.
    ("clusters", "conll"): ((0 + 2 / 5 + 2 / 3) / 3, 2),
}


def test_counts_by_hand(passes: Path) -> None:
    found = figures(compared(passes))
    for name, (key, response, matched) in COUNTS.items():
        row = found[name]
        assert (row.key, row.response, row.matched) == (key, response, matched), name
        assert (row.precision, row.recall) == (matched / response, matched / key), name
        assert row.value == pytest.approx(2 * matched / (key + response)), name


def test_coefficients_by_hand(passes: Path) -> None:
    found = figures(compared(passes))
    for name, (value, n) in VALUES.items():
        row = found[name]
        assert (row.value, row.n) == (value if value is None else pytest.approx(value), n), name
        assert row.key is None


def test_labels_and_languages_by_hand(passes: Path) -> None:
    found = [row for row in compared(passes).rows if row.layer == "entities" and not row.whole]
    exact = {row.label or row.lang: (row.key, row.response, row.matched) for row in found if row.metric == "exact"}
    assert exact == {
        "FAC.other": (1, 1, 1), "GPE.city": (1, 0, 0), "GROUP": (2, 3, 1), "ORG.gov": (0, 1, 0), "ORG.media": (2, 1, 1),
        "en": (1, 1, 0),  # the stretch Reuters in `one`; `two` has no zones, so its language is the document's
        "uk": (5, 5, 3),
    }  # fmt: skip
    # A has GROUP on 2 of 20 pieces, B on 4; 18 are the same: (20·18 − (2·4 + 18·16)) / (400 − 296).
    group = next(row for row in found if (row.metric, row.label) == ("unit-kappa", "GROUP"))
    assert (group.value, group.n) == (pytest.approx((360 - 296) / (400 - 296)), 20)
    assert all(row.low is None for row in found)


def test_chains_by_hand(passes: Path) -> None:
    # Four mentions in `one` and two in `two`. A: {Порт, Reuters} and the rest alone; B: {Порт, докери}, the rest alone.
    for name, chained in ((FIRST, ("T1", "T2")), (SECOND, ("T1", "T3"))):
        file = passes / "annotators" / name / "entities" / "one.jsonl"
        shutil.copyfile(passes / "annotations/entities/one.jsonl", file)
        edit_lines(
            file, lambda lines, chained=chained: [line.update(type="ORG.gov", link=None, chain=_chain(line, chained)) for line in lines]
        )
        edit_lines(file, lambda lines: [line.pop(key) for line in lines for key in ("link", "chain") if line.get(key) is None])
        shutil.rmtree(passes / "annotators" / name / "events")
        for layer in ("attributions", "relations"):
            shutil.rmtree(passes / "annotators" / name / layer)
        for file_ in ACROSS:
            (passes / "annotators" / name / f"{file_}.jsonl").unlink()
    found = figures(compared(passes, FIRST, SECOND, "entities"))
    assert found["entities", "muc"].value == 0  # one link each, not the same
    # Of A's six mentions: Порт and Reuters find half of their chain, докери 1/1, three others 1/1; the same of B's, so 5/6 … of 6: (½ + ½ + 4) / 6.
    assert found["entities", "b-cubed"].value == pytest.approx(5 / 6)
    # {Порт, Reuters} shares one of two with {Порт, докери}: 2·1/4; or each takes a single: 2·1/3 twice, and three singles are the same.
    assert found["entities", "ceaf-e"].value == pytest.approx((2 / 3 + 2 / 3 + 3) / 5)
    assert found["entities", "conll"].value == pytest.approx((0 + 5 / 6 + (4 / 3 + 3) / 5) / 3)
    # LEA: the link of a pair is not found, nor are Reuters and докери alone on both sides: 3 of 6 mentions.
    assert found["entities", "lea"].value == pytest.approx(3 / 6)


def _chain(line: dict[str, Any], chained: tuple[str, ...]) -> str | None:
    return "both" if line["id"] in chained else None


def test_what_is_left_out_is_said(passes: Path) -> None:
    found = compared(passes)
    assert found.compared["values"] == ("one",)
    assert found.compared["entities"] == ("one", "two")
    (left,) = found.left_out
    assert (left.layer, left.documents, left.reason) == ("values", ("two",), "only first has it")
    (passes / "annotators" / FIRST / "links.jsonl").unlink()
    assert [(one.layer, one.reason) for one in compared(passes).left_out][-1] == ("links", "only second has it")


def test_outside_of_the_zones_that_were_annotated_nothing_counts(passes: Path) -> None:
    edit_lines(passes / "documents.jsonl", lambda lines: lines[0]["coverage"][3].update(zones=["body"]))
    (line,) = [json.loads(one) for one in (passes / "annotations/entities/one.jsonl").read_text("utf-8").splitlines()][:1]
    for home in ("annotations", "annotators/first", "annotators/second"):
        edit_lines(passes / home / "entities/one.jsonl", lambda lines: lines.remove(line))
    edit_lines(passes / "annotations/relations/one.jsonl", list.clear)
    found = figures(compared(passes, FIRST, SECOND, "entities"))
    assert (found["entities", "exact"].key, found["entities", "unit-kappa"].n) == (5, 18)  # without Порт and закрито


# ---- which two


def test_sides_of_every_kind(passes: Path, run: Run) -> None:
    assert run("export", "native", "second.jsonl", _alone(passes, SECOND))[0] == 0
    build(_alone(passes, SECOND), Path("release"))
    wanted = [row for row in compared(passes).rows if row.layer not in ACROSS]
    for path in ("./second.jsonl", "release", "alone-second"):
        code, out, err = run("agree", FIRST, path, "tiny", "--format", "json", "--resamples", "20")
        assert (code, err) == (0, "")
        found = json.loads(out)
        assert (found["a"], found["b"]) == (FIRST, path)
        rows = [Row(**row) for row in found["rows"] if row["layer"] not in ACROSS]
        assert [(row.layer, row.metric, row.matched, row.value and round(row.value, 5)) for row in rows] == [
            (row.layer, row.metric, row.matched, row.value and round(row.value, 5)) for row in wanted
        ]


def _alone(passes: Path, name: str) -> Path:
    """The pass as a corpus of its own."""
    target = passes.with_name(f"alone-{name}")
    if not target.exists():
        shutil.copytree(passes, target)
        shutil.rmtree(target / "annotations")
        shutil.copytree(target / "annotators" / name, target / "annotations")
        for file in ACROSS:
            (target / "annotations" / f"{file}.jsonl").rename(target / f"{file}.jsonl")
        shutil.rmtree(target / "annotators")
        edit_lines(target / "documents.jsonl", lambda lines: lines[1]["coverage"].pop(1))
    return target


def test_gold_is_the_corpus_itself(passes: Path, run: Run) -> None:
    one, two = (run("agree", name, SECOND, "tiny", "--resamples", "20") for name in ("gold", FIRST))
    assert (one[0], one[1].replace("A is gold", "A is first").replace("only gold", "only first")) == two[:2]


def test_other_texts_are_refused(passes: Path, tmp_path: Path, run: Run) -> None:
    write_corpus(tmp_path / "other")
    (tmp_path / "other" / "raw" / "two.txt").rename(tmp_path / "other" / "raw" / "three.txt")
    for layer in layers_of_two():
        folder = tmp_path / "other" / "annotations" / layer
        (folder / "two.jsonl").rename(folder / "three.jsonl")
    for file in ACROSS:
        (tmp_path / "other" / f"{file}.jsonl").unlink()
    text = ONE.replace("Порт-Веллі.", "Порт-Веллі!")
    (tmp_path / "other" / "raw" / "one.txt").write_bytes(text.encode())
    lines = [document_line("one", text, layers_of_one()), document_line("three", TWO, layers_of_two())]
    write_lines(tmp_path / "other" / "documents.jsonl", lines)
    assert run("agree", FIRST, "./other", "tiny") == (
        2,
        "",
        "qantar: first and ./other do not have the same documents; only in first: two; only in ./other: three; with another text: one. "
        "Compare passes over the same texts.\n",
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("frist", SECOND, "tiny"), "qantar: No pass is called 'frist'. Did you mean 'first'? There are: first, gold, second."),
        ((FIRST, "./nowhere", "tiny"), "qantar: nowhere does not exist."),
        ((FIRST, SECOND), "qantar: There is no corpus here."),
        ((FIRST, SECOND, "tiny", "--layer", "evnts"), "qantar: No layer is called 'evnts'. Did you mean 'events'?"),
        (
            (FIRST, SECOND, "tiny", "--level", "95"),
            "qantar agree: error: argument --level: '95' is no share; give a number between 0 and 1",
        ),
        ((FIRST, SECOND, "tiny", "--resamples", "0"), "qantar agree: error: argument --resamples: '0' is no number"),
        ((FIRST, SECOND, "tiny", "--disagreements", "no/such.jsonl"), "qantar: Cannot write no/such.jsonl: No such file or directory."),
        ((FIRST,), "qantar agree: error: the following arguments are required: B"),
    ],
)
def test_wrong_use(words: tuple[str, ...], said: str, passes: Path, run: Run) -> None:
    code, out, err = run("agree", *words)
    assert (code, out) == (2, "")
    assert err.splitlines()[-1].startswith(said)


def test_a_pass_with_errors_is_not_compared(passes: Path, run: Run) -> None:
    swap(passes / "annotators/second/entities/one.jsonl", '"quote":"Reuters"', '"quote":"Rooters"')
    code, out, err = run("agree", FIRST, SECOND, "tiny")
    assert (code, out) == (1, "")
    assert "tiny/annotators/second/entities/one.jsonl:2:" in err
    assert "qantar: nothing was compared.\n" in err


# ---- how it is printed


def test_text_and_json(passes: Path, run: Run) -> None:
    assert run("agree", FIRST, SECOND, "tiny", "--seed", "3", "--resamples", "200") == (0, expected("agree.txt"), "")
    assert run("agree", FIRST, SECOND, "tiny", "--layer", "entities,links", "--all", "--resamples", "200")[1] == expected("agree-all.txt")
    assert max(map(width, (expected("agree.txt") + expected("agree-all.txt")).splitlines())) <= WIDTH
    code, out, err = run("agree", FIRST, SECOND, "tiny", "--format", "json", "--disagreements", "work.jsonl")
    assert (code, err) == (0, "qantar: 14 differences written to work.jsonl.\n")
    SCHEMA.validate(json.loads(out))
    work = [json.loads(line) for line in Path("work.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(one["layer"], one["what"], one["fields"]) for one in work] == [
        ("segments", "differ", ["borders"]),
        ("segments", "only-b", []),
        ("sentences", "differ", ["tokens"]),
        ("entities", "differ", ["type"]),
        ("attributions", "differ", ["content"]),
        ("relations", "differ", ["type"]),
        ("entities", "differ", ["spans"]),
        ("alignments", "differ", ["a", "b"]),
        ("entities", "only-b", []),
        ("events", "differ", ["aspect", "arguments"]),
        ("clusters", "differ", ["members"]),
        ("values", "differ", ["value"]),
        ("entities", "only-a", []),
        ("links", "differ", ["type"]),
    ]
    assert list(work[0]) == ["document", "layer", "start", "end", "quote", "what", "fields", "a", "b"]


def test_the_release_holds_what_the_command_prints(passes: Path, run: Run) -> None:
    build(passes, Path("release"))
    found = json.loads(Path("release/agreement.json").read_text(encoding="utf-8"))
    SCHEMA.validate(found)
    assert found == json.loads(run("agree", FIRST, SECOND, "tiny", "--format", "json")[1])


# ---- layers of one's own


def test_layers_of_ones_own(tmp_path: Path) -> None:
    """A layer with two label fields, a number, a list of labels, a reference and a list of them; and one without labels."""
    corpus = own_layers(tmp_path / "own")
    found = figures(compared(corpus, "a", "b"))
    rows = {metric: (row.key, row.response, row.matched, row.value, row.n) for (layer, metric), row in found.items() if layer == "moods"}
    # A: Порт glad (of G1), докери sad (of G1, G2). B: Порт glad (of G1), докери glad (of G2).
    assert rows["exact"][:3] == (2, 2, 1)
    assert rows["borders"][:3] == (2, 2, 2)
    assert rows["same:mood"][3:] == (1 / 2, 2)
    assert rows["kappa:mood"][3:] == (0, 2)  # A glad and sad, B glad twice: half by chance
    assert rows["same:strength"][3:] == (1 / 2, 2)
    assert rows["same:shades"][3:] == (1, 1)  # dark, warm and warm, dark; stated of one alone
    assert rows["same:holder"][3:] == (1 / 2, 2)
    assert rows["set:others"][:3] == (3, 2, 2)
    assert "argument-role" not in rows
    marks = {metric: row for (layer, metric), row in found.items() if layer == "groups"}
    assert "exact" not in marks
    assert (marks["borders"].key, marks["borders"].matched) == (2, 2)
    assert marks["unit-kappa"].value == 1


def own_layers(root: Path) -> Path:
    """The tiny corpus with two layers of its own alone, in two passes."""
    write_corpus(root)
    for name in ("annotations", *(f"{file}.jsonl" for file in (*ACROSS, "gazetteer"))):
        path = root / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    spans = {"$ref": "../common.schema.json#/$defs/spans", "description": "d", "examples": [[{"start": 0, "end": 1}]]}
    text = {"type": "string", "description": "d", "examples": ["x"]}
    local = {"$ref": "../common.schema.json#/$defs/local-id", "description": "d", "x-refers": ["groups"], "examples": ["G1"]}
    base = {"id": {**local, "x-refers": None}, "spans": spans, "quote": text}
    del base["id"]["x-refers"]
    fields = {
        "groups": {},
        "moods": {
            "mood": {**text, "x-labels": "mood"},
            "strength": {"type": "integer", "description": "d", "examples": [1]},
            "shades": {"type": "array", "description": "d", "items": {"type": "string", "x-labels": "shade"}, "examples": [["dark"]]},
            "holder": local,
            "others": {
                "type": "array",
                "description": "d",
                "items": {k: v for k, v in local.items() if k not in ("description", "examples")},
                "examples": [["G1"]],
            },
        },
    }
    (root / "schema" / "layers").mkdir(parents=True)
    (root / "schema" / "ontology").mkdir()
    for name, own in fields.items():
        body = {
            "$schema": "https://json-schema.org/draft/2020-12/schema", "title": name.title()[:-1], "description": "d", "x-anchor": "spans",
            "type": "object", "properties": {**base, **own}, "required": ["id", "spans", "quote", *[key for key in own if key != "shades"]],
        }  # fmt: skip
        (root / "schema" / "layers" / f"{name}.schema.json").write_text(json.dumps(body), encoding="utf-8")
    sets = {
        name: {"description": "d", "labels": [{"label": one, "definition": "d"} for one in found]} for name, found in OWN_LABELS.items()
    }
    labels = {"name": "own", "description": "d", "sets": sets}
    (root / "schema" / "ontology" / "labels.json").write_text(json.dumps(labels), encoding="utf-8")
    toml = (root / "corpus.toml").read_text(encoding="utf-8").replace(json.dumps(list(LAYERS)), '["groups", "moods"]')
    (root / "corpus.toml").write_text(f'{toml}\n[schema]\nlayers = "schema/layers"\nontology = "schema/ontology"\n', encoding="utf-8")
    write_lines(root / "documents.jsonl", [document_line("one", ONE, ()), document_line("two", TWO, ())])
    groups = [{"id": "G1", **anchored(ONE, "Порт")}, {"id": "G2", **anchored(ONE, "докери")}]
    sides = {
        "a": [
            {
                "id": "M1",
                **anchored(ONE, "Порт"),
                "mood": "glad",
                "strength": 2,
                "shades": ["dark", "warm"],
                "holder": "G1",
                "others": ["G1"],
            },
            {"id": "M2", **anchored(ONE, "докери"), "mood": "sad", "strength": 1, "holder": "G1", "others": ["G1", "G2"]},
        ],
        "b": [
            {
                "id": "M8",
                **anchored(ONE, "Порт"),
                "mood": "glad",
                "strength": 2,
                "shades": ["warm", "dark"],
                "holder": "G1",
                "others": ["G1"],
            },
            {"id": "M9", **anchored(ONE, "докери"), "mood": "glad", "strength": 3, "holder": "G2", "others": ["G2"]},
        ],
    }
    for name, moods in sides.items():
        write_lines(root / "annotators" / name / "groups" / "one.jsonl", groups)
        write_lines(root / "annotators" / name / "moods" / "one.jsonl", moods)
    return root


OWN_LABELS = {"mood": ("glad", "sad"), "shade": ("dark", "warm")}


# ---- what holds of any two


def test_gold_against_itself_is_one_everywhere(root: Path) -> None:
    store = Folder(root / "corpus")
    side = Side("gold", store.read())
    found = agree(side, side, side.corpus, **QUICK)
    assert {row.value for row in found.rows} == {1, None}
    assert {row.layer for row in found.rows} == {*LAYERS, *ACROSS}
    assert all((row.low, row.high) in ((1, 1), (None, None)) for row in found.rows)
    assert all(row.key == row.response == row.matched for row in found.rows)
    assert list(disagreements(Comparison(side, side))) == []


def test_sides_swapped_are_precision_and_recall_swapped(passes: Path) -> None:
    one, two = (compared(passes, *names) for names in ((FIRST, SECOND), (SECOND, FIRST)))
    there, back = ({(row.layer, row.metric, row.label, row.lang): row for row in found.rows} for found in (one, two))
    assert there.keys() == back.keys()
    assert any(row.precision != row.recall for row in there.values())
    for name, row in there.items():
        assert _swapped(row) == back[name], name


def _swapped(row: Row) -> Row:
    fields = {name: getattr(row, name) for name in row.__slots__}
    fields |= {"key": row.response, "response": row.key, "precision": row.recall, "recall": row.precision}
    if row.metric in ("b-cubed", "lea", "muc"):  # of fractions and links, what is matched is told from the side of the key
        fields["matched"] = None if row.precision is None or row.response is None else row.precision * row.response
    return Row(**fields)


@settings(steady, max_examples=25)
@given(corpora(most=2), st.integers(0, 10**6))
def test_any_two_passes(corpus: Corpus, seed: int) -> None:
    corpus = everywhere(corpus)
    other = Perturbed(corpus, random.Random(seed)).corpus  # noqa: S311
    one, two = Side("a", corpus), Side("b", other)
    there, back = (compare(Comparison(*pair, corpus), **QUICK) for pair in ((one, two), (two, one)))
    rows = {(row.layer, row.metric, row.label, row.lang): row for row in back.rows}
    for row in there.rows:
        twin = rows[row.layer, row.metric, row.label, row.lang]
        assert (twin.precision, twin.recall) == (row.recall, row.precision)
        assert twin.value == (None if row.value is None else pytest.approx(row.value))
    applied(corpus, other, list(disagreements(Comparison(one, two, corpus))))


def test_the_list_of_the_tiny_passes_turns_the_first_into_the_second(passes: Path) -> None:
    folder = Folder(passes)
    folder.read()
    one, two = (folder.passes[name].corpus for name in (FIRST, SECOND))
    found = list(disagreements(Comparison(Side("a", one), Side("b", two))))
    assert found
    values = one.documents["two"]
    applied(one, two, found, but=("values",) if values.values is not None else ())
    with pytest.raises(AssertionError):
        applied(one, two, found[1:], but=("values",))


def everywhere(corpus: Corpus) -> Corpus:
    """The corpus annotated in all zones."""
    documents = {}
    for name, document in corpus.documents.items():
        coverage = tuple(msgspec.structs.replace(entry, zones=None) for entry in document.coverage)
        documents[name] = msgspec.structs.replace(document, coverage=coverage)
    return replace(corpus, documents=documents)


class Perturbed:
    """A corpus with other ids, and some records dropped, moved, relabelled or in other chains; nothing points to what was dropped."""

    def __init__(self, corpus: Corpus, chance: random.Random) -> None:
        self.chance, self.registry = chance, corpus.registry
        self.names: dict[str, dict[str, str | None]] = {}
        documents = {name: self._document(document) for name, document in corpus.documents.items()}
        across = {name: self._across(getattr(corpus, name)) for name in ACROSS}
        self.corpus = Corpus(corpus.settings, corpus.registry, documents, **across, gazetteer=corpus.gazetteer)

    def _document(self, document: Any) -> Any:
        held = [record for name in LAYERS for record in getattr(document, name) or ()]
        self.names[document.id] = {one.id: None if self.chance.random() < 0.15 else f"{one.id}0" for one in held}
        layers = {
            name: tuple(self._record(document, one, name) for one in records if self._kept(document.id, one, name))
            for name in LAYERS
            if (records := getattr(document, name)) is not None
        }
        return msgspec.structs.replace(document, **layers)

    def _kept(self, document: str, record: Any, layer: str) -> bool:
        names = self.names[document]
        if layer == "relations" and None in (names[record.head], names[record.tail]):
            return False
        return names[record.id] is not None

    def _record(self, document: Any, record: Any, layer: str) -> Any:
        names = self.names[document.id]
        changes: dict[str, Any] = {"id": names[record.id]}
        for field, _, labels in self.registry.label_fields(f"layers/{layer}"):
            if len(field) == 1 and self.chance.random() < 0.1:
                changes[field[0]] = self.chance.choice(labels)
        if hasattr(record, "spans") and self.chance.random() < 0.2 and record.spans[-1].end < len(document.text):
            last = record.spans[-1]
            changes["spans"] = (*record.spans[:-1], type(last)(start=last.start, end=last.end + 1))
        if layer == "entities" and self.chance.random() < 0.2:
            changes["chain"] = self.chance.choice([None, "x", "y"])
        if layer == "events":
            kept = [one for one in record.arguments if names[one.target] is not None]
            changes["arguments"] = tuple(msgspec.structs.replace(one, target=names[one.target]) for one in kept)
        if layer == "attributions":
            changes |= {field: names.get(getattr(record, field) or "") for field in ("source", "via")}
            changes["events"] = tuple(names[one] for one in record.events if names[one] is not None)
        if layer == "relations":
            changes |= {field: names[getattr(record, field)] for field in ("head", "tail")}
        return msgspec.structs.replace(record, **changes)

    def _across(self, records: Any) -> Any:
        return None if records is None else tuple(made for one in records if (made := self._one_across(one)) is not None)

    def _one_across(self, record: Any) -> Any:
        if self.chance.random() < 0.2:
            return None
        if hasattr(record, "members"):
            members = tuple(end for member in record.members if (end := self._end(member)) is not None)
            return msgspec.structs.replace(record, id=f"{record.id}0", members=members) if members else None
        if hasattr(record, "head"):
            head, tail = self._end(record.head), self._end(record.tail)
            return msgspec.structs.replace(record, id=f"{record.id}0", head=head, tail=tail) if head and tail else None
        return msgspec.structs.replace(record, id=f"{record.id}0", relation=self.chance.choice([record.relation, "paraphrase"]))

    def _end(self, end: Any) -> Any:
        document, _, local = end.target.partition("#")
        name = self.names[document][local]
        return None if name is None else msgspec.structs.replace(end, target=f"{document}#{name}")


# ---- the list is complete


def applied(one: Corpus, two: Corpus, found: list[Disagreement], *, but: tuple[str, ...] = ()) -> None:
    """Asserts that the list, applied to the records of `one`, gives those of `two`, but for ids, notes and the names of chains."""
    assert [(entry.document, entry.start) for entry in found] == sorted((entry.document, entry.start) for entry in found)
    states = {name: State(document, two.documents[name], found) for name, document in one.documents.items()}
    for state in states.values():
        for layer in LAYERS:
            if layer not in but:
                assert Counter(state.then(layer)) == Counter(state.wanted(layer)), (state.id, layer)
    for name in ACROSS:
        if None not in (getattr(one, name), getattr(two, name)):
            entries = [entry for entry in found if entry.layer == name]
            left = [record for record in getattr(one, name) if not any(entry.a is record for entry in entries)]
            taken = [entry.b for entry in entries if entry.b is not None]
            now = [*(across(record, states, 0) for record in left), *(across(record, states, 1) for record in taken)]
            assert Counter(now) == Counter(across(record, states, 1) for record in getattr(two, name)), name


class State:
    """A document of A to which the list was applied, and that of B; records are told apart by where they stand and what they say."""

    def __init__(self, one: Any, two: Any, found: list[Disagreement]) -> None:
        self.id, self.one, self.two = one.id, one, two
        self.found = [entry for entry in found if entry.document == one.id and entry.layer in LAYERS]
        instead = {id(entry.a): entry.b for entry in self.found if entry.a is not None}
        what = ("only-a", "only-b")
        self.alone = [{(entry.a or entry.b).id for entry in self.found if entry.what == only} for only in what]
        self.ids: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
        for side, document in enumerate((one, two)):
            for layer in LAYERS:
                for record in getattr(document, layer) or ():
                    held = instead.get(id(record), record) if side == 0 else record
                    self.ids[side][record.id] = (layer, held)

    def then(self, layer: str) -> Iterator[Hashable]:
        taken = {id(entry.a) for entry in self.found}
        for record in getattr(self.one, layer) or ():
            if id(record) not in taken:
                yield self.said(layer, record, 0)
        for entry in self.found:
            if entry.layer == layer and entry.b is not None:
                yield self.said(layer, entry.b, 1)

    def wanted(self, layer: str) -> Iterator[Hashable]:
        return (self.said(layer, record, 1) for record in getattr(self.two, layer) or ())

    def said(self, layer: str, record: Any, side: int) -> Hashable:
        """All that a record says, with what it points to in the place of ids."""
        fields = msgspec.to_builtins(record)
        for name in ("id", "note", "ignore", "quote"):
            fields.pop(name, None)
        for name in ("head", "tail", "source", "via"):
            if fields.get(name) is not None:
                fields[name] = self.key(fields[name], side)
        if "events" in fields:
            fields["events"] = sorted(self.key(name, side) for name in fields["events"])
        if "content" in fields:
            fields["content"] = sorted(map(str, fields["content"]))
        if "arguments" in fields:
            fields["arguments"] = sorted((one["role"], self.key(one["target"], side)) for one in fields["arguments"])
        if "plover_context" in fields:
            fields["plover_context"] = sorted(fields["plover_context"] or ())
        if layer == "entities":
            fields["chain"] = self.mates(record, side)
        return json.dumps(fields, sort_keys=True, ensure_ascii=False)

    def mates(self, record: Any, side: int) -> list[str]:
        """The other mentions of its chain that both sides have: one that only A has goes, one that only B has says where it belongs."""
        document, alone = (self.one, self.two)[side], self.alone[side]
        return sorted(
            self.key(one.id, side)
            for one in document.entities
            if one.chain == record.chain is not None and one.id not in alone and one.id != record.id
        )

    def chain(self, local: str, side: int) -> list[str]:
        """What a member of a cluster stands for: the mentions of its chain that both sides have; without any, itself."""
        held = {one.id: one for one in (self.one, self.two)[side].entities or ()}
        if local not in held:
            return [self.key(local, side)]
        own = [] if local in self.alone[side] else [self.key(local, side)]
        return own + self.mates(held[local], side) or [self.key(local, side)]

    def key(self, local: str, side: int) -> str:
        """Where a record stands, and its plain labels: what tells it from others without its id."""
        layer, record = self.ids[side][local]
        if record is None:
            return "gone"
        plain = [
            str(getattr(record, name, None)) for name in ("type", "kind", "lang", "level", "medium", "used_as", "link", "value", "min")
        ]
        return f"{layer} {fragments(record)} {plain}"


def across(record: Any, states: dict[str, State], side: int) -> Hashable:
    """What a record across documents says, chains whole."""
    if hasattr(record, "members"):
        members: set[str] = set()
        for member in record.members:
            document, _, local = member.target.partition("#")
            mates = states[document].chain(local, side)
            members |= {f"{document} {mate}" for mate in mates}
        return json.dumps([record.kind, record.type, msgspec.to_builtins(record.labels), sorted(members)], ensure_ascii=False)
    if hasattr(record, "head"):
        ends = [end.target.partition("#") for end in (record.head, record.tail)]
        return (record.type, *(states[document].key(local, side) for document, _, local in ends))
    return (record.relation, *((side_.document, fragments(side_)) for side_ in (record.a, record.b)))
