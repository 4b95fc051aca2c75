"""Rules are switched off or weighed otherwise in corpus.toml, and records are excused from them, always with a reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from qantar.rules import DRAFT, READER_CODES, RULES
from qantar.rules.runner import check_document
from qantar.settings import locate, rule_lines
from spoil import alter, swap
from tiny import write_lines

Run = Callable[..., tuple[int, str, str]]
ENTITIES, VALUES, EVENTS = (f"annotations/{name}/one.jsonl" for name in ("entities", "values", "events"))
REASON = "Made up."


def set_rule(corpus: Path, code: str, severity: str = "off") -> None:
    """One more `[[rules]]` in corpus.toml."""
    path = corpus / "corpus.toml"
    added = f'\n[[rules]]\ncode = "{code}"\nseverity = "{severity}"\nreason = "{REASON}"\n'
    path.write_text(path.read_text(encoding="utf-8") + added, encoding="utf-8")


def excuse(corpus: Path, file: str, code: str, line: int = 1) -> None:
    """One more excuse of a record."""

    def change(record: Any) -> None:
        record["ignore"] = [*record.get("ignore", []), {"code": code, "reason": REASON}]

    alter(corpus / file, line, change)


def wrong_filler(corpus: Path) -> Path:
    """The corpus, with a city that demonstrates."""
    swap(corpus / EVENTS, '"role":"Demonstrator","target":"T3"', '"role":"Demonstrator","target":"T4"')
    return corpus


def found(run: Run, *arguments: object) -> tuple[int, list[str]]:
    """Exit code, and the severities and codes that are reported."""
    status, out, err = run("check", *arguments)
    assert err == ""
    return status, [line.split(": ")[1].split("]")[0] + "]" for line in out.splitlines() if "]" in line and ": " in line and line[0] != " "]


def native(corpus: Path, run: Run) -> Path:
    """The corpus as a native file."""
    out = corpus.parent / "all.jsonl"
    assert run("export", "native", out, corpus)[0] == 0
    return out


def test_a_rule_is_switched_off(tiny: Path, run: Run) -> None:
    wrong_filler(tiny)
    assert found(run, tiny) == (1, ["error[wrong-filler]"])
    set_rule(tiny, "wrong-filler")
    assert run("check", tiny) == (0, "No problems.\n", "")


def test_a_rule_is_lowered_and_build_lets_it_pass(tiny: Path, run: Run, tmp_path: Path) -> None:
    set_rule(wrong_filler(tiny), "wrong-filler", "warning")
    assert found(run, tiny) == (0, ["warning[wrong-filler]"])
    status, out, _ = run("build", tiny, "--out", tmp_path / "release")
    assert status == 0
    assert "\n1 warning: `qantar check` says what.\n" in out
    assert found(run, tmp_path / "release") == (0, ["warning[wrong-filler]"]), "a release carries the settings"


def test_a_warning_is_raised(tiny: Path, run: Run, tmp_path: Path) -> None:
    alter(tiny / "documents.jsonl", 1, lambda line: line["rights"].update(basis=None))
    assert found(run, tiny) == (0, ["warning[missing-basis]"])
    set_rule(tiny, "missing-basis", "error")
    assert found(run, tiny) == (1, ["error[missing-basis]"])
    assert run("build", tiny, "--out", tmp_path / "release")[0] == 1


def test_settings_weigh_native_lines_too(tiny: Path, run: Run, tmp_path: Path) -> None:
    wrong_filler(tiny)
    set_rule(tiny, "wrong-filler", "warning")
    source = native(tiny, run)
    assert found(run, source, "--corpus", tiny) == (0, ["warning[wrong-filler]"])
    status, out, _ = run("build", source, "--corpus", tiny, "--out", tmp_path / "release")
    assert (status, "1 warning: `qantar check` says what." in out) == (0, True)
    status, out, _ = run("build", source, "--corpus", tiny, "--out", tmp_path / "again")
    assert (status, "1 warning: `qantar check` says what." in out) == (0, True), "shards that are used again keep their warnings"


def test_a_finished_shard_is_checked_again_when_a_rule_weighs_more(tiny: Path, run: Run, tmp_path: Path) -> None:
    set_rule(wrong_filler(tiny), "wrong-filler", "warning")
    source, out = native(tiny, run), tmp_path / "release"
    assert run("build", source, "--corpus", tiny, "--out", out)[0] == 0
    swap(tiny / "corpus.toml", '"warning"', '"error"')
    assert run("build", source, "--corpus", tiny, "--out", out)[0] == 1


@pytest.mark.parametrize("code", sorted({rule.code for rule in RULES if rule.firm} | {c for cs in READER_CODES.values() for c in cs}))
def test_what_tables_rest_on_cannot_be_set(code: str, tiny: Path, run: Run) -> None:
    set_rule(tiny, code)
    status, out, err = run("check", tiny)
    assert (status, out) == (2, "")
    why = "tables rest on what it checks. Remove the entry; mend the data."
    if code == DRAFT:
        why = "`build` lets a draft pass with --drafts alone. Remove the entry; confirm the layer with `qantar accept`."
    assert err == f"qantar: corpus.toml:17: $.rules[0].code: {code!r} cannot be set: {why}\n"


def test_no_record_is_excused_from_being_a_draft_for_the_right_reason(tiny: Path, run: Run) -> None:
    excuse(tiny, "documents.jsonl", DRAFT)
    assert "no record is excused from 'draft-layer': `build` lets a draft pass with --drafts alone.\n" in run("check", tiny)[1]


@pytest.mark.parametrize("severity", ["off", "warning"])
def test_a_setting_that_nothing_needs_is_reported_where_it_stands(severity: str, tiny: Path, run: Run) -> None:
    set_rule(tiny, "wrong-filler", severity)
    status, out, _ = run("check", tiny)
    word = "switched off" if severity == "off" else "lowered"
    fact = f"'wrong-filler' finds nothing in this corpus, and need not be {word}.\n"
    assert status == 0
    assert f"corpus.toml:17:1: warning[unused-suppression] $.rules[0].code: {fact}" in out
    wrong_filler(tiny)
    assert "unused-suppression" not in run("check", tiny)[1]


def test_a_setting_is_needed_by_what_a_record_is_excused_from_and_by_what_spans_documents(tiny: Path, run: Run) -> None:
    excuse(wrong_filler(tiny), EVENTS, "wrong-filler")
    set_rule(tiny, "wrong-filler")
    swap(tiny / "alignments.jsonl", "near-verbatim", "verbatim")
    set_rule(tiny, "alignment-type")
    assert found(run, tiny)[0] == 0
    assert "$.rules" not in run("check", tiny)[1]


def test_a_rule_that_weighs_more_is_no_excuse(tiny: Path, run: Run) -> None:
    set_rule(tiny, "span-edge", "error")
    assert run("check", tiny) == (0, "No problems.\n", "")


def test_no_setting_is_judged_where_not_all_was_read_or_asked_for(tiny: Path, run: Run) -> None:
    set_rule(tiny, "wrong-filler")
    assert "unused-suppression" not in run("check", tiny, "--level", "5")[1]
    alter(tiny / ENTITIES, 1, lambda record: record.update(type="FAC.otter"))
    assert "unused-suppression" not in run("check", tiny)[1]


def test_the_lines_of_rules_are_found_between_texts_that_look_like_them() -> None:
    source = "a = \"\"\"\n[[rules]]\n\"\"\"\n[[rules]] # one\nreason = '''\n[[rules]]\n'''\n [[ rules ]]\nb = 1\n"
    assert rule_lines(source) == (4, 8)
    assert rule_lines('a = """\n' + "[[rules]]\n" * 1000 + '"""\n[[rules]]\n') == ()
    assert locate(source.encode(), ("rules", 1, "code")) == (8, 1)


def test_an_unknown_rule(tiny: Path, run: Run) -> None:
    set_rule(tiny, "wrong-fillers")
    status, _, err = run("check", tiny)
    assert status == 2
    assert "there is no rule 'wrong-fillers'. Did you mean 'wrong-filler'?" in err


def test_a_rule_that_is_set_twice(tiny: Path, run: Run) -> None:
    set_rule(tiny, "wrong-filler")
    set_rule(tiny, "wrong-filler", "error")
    status, _, err = run("check", tiny)
    assert (status, "'wrong-filler' is set twice" in err) == (2, True)


@pytest.mark.parametrize(
    ("lines", "fact"),
    [
        ('code = "wrong-filler"\nseverity = "off"', "the field 'reason' is missing"),
        ('code = "wrong-filler"\nseverity = "mild"\nreason = "x"', "'mild' is no known label here"),
        ('code = "wrong-filler"\nseverity = "off"\nreason = ""', "out of bounds"),
        ('code = "wrong-filler"\nseverity = "off"\nreason = "x"\nwhy = "x"', "the field 'why' does not exist"),
    ],
)
def test_settings_of_another_form(lines: str, fact: str, tiny: Path, run: Run) -> None:
    path = tiny / "corpus.toml"
    path.write_text(path.read_text(encoding="utf-8") + f"\n[[rules]]\n{lines}\n", encoding="utf-8")
    status, _, err = run("check", tiny)
    assert (status, fact in err, "$.rules[0]" in err, " (line 17): " in err) == (2, True, True, True), err


def test_a_record_is_excused(tiny: Path, run: Run) -> None:
    excuse(wrong_filler(tiny), EVENTS, "wrong-filler")
    assert run("check", tiny) == (0, "No problems.\n", "")


def test_a_document_is_excused(tiny: Path, run: Run) -> None:
    alter(tiny / "documents.jsonl", 1, lambda line: line["rights"].update(basis=None))
    excuse(tiny, "documents.jsonl", "missing-basis")
    assert run("check", tiny) == (0, "No problems.\n", "")


@pytest.mark.parametrize("file", ["clusters.jsonl", "alignments.jsonl", "links.jsonl", "gazetteer.jsonl", "documents.jsonl", VALUES])
def test_an_excuse_that_nothing_needs_is_found_everywhere(file: str, tiny: Path, run: Run) -> None:
    excuse(tiny, file, "wrong-filler")
    status, out, _ = run("check", tiny)
    assert (status, found(run, tiny)[1]) == (0, ["warning[unused-suppression]"])
    assert f"/{file}:1:" in out.splitlines()[0]
    assert "$.ignore[0].code" in out


def test_an_excuse_from_what_tables_rest_on_has_no_effect_and_is_reported(tiny: Path, run: Run) -> None:
    alter(tiny / ENTITIES, 1, lambda record: record.update(quote="Порту"))
    excuse(tiny, ENTITIES, "quote-mismatch")
    assert sorted(found(run, tiny)[1]) == ["error[quote-mismatch]", "warning[unused-suppression]"]


def test_an_excuse_that_names_no_rule(tiny: Path, run: Run) -> None:
    excuse(tiny, EVENTS, "wrong-fillers")
    _, out, _ = run("check", tiny)
    assert "there is no rule 'wrong-fillers' that a record can be excused from.\n    Did you mean 'wrong-filler'?" in out


def test_an_excuse_from_a_rule_that_is_off_is_not_reported(tiny: Path, run: Run) -> None:
    excuse(wrong_filler(tiny), EVENTS, "wrong-filler")
    set_rule(tiny, "wrong-filler")
    assert run("check", tiny) == (0, "No problems.\n", "")


def test_unused_excuses_can_be_allowed(tiny: Path, run: Run) -> None:
    excuse(tiny, EVENTS, "wrong-filler")
    set_rule(tiny, "unused-suppression")
    assert run("check", tiny) == (0, "No problems.\n", "")


def test_excuses_across_documents_survive_a_release(tiny: Path, run: Run, tmp_path: Path) -> None:
    from msgspec import to_builtins as plain
    from qantar import open_store

    for file in ("clusters.jsonl", "alignments.jsonl", "links.jsonl", "gazetteer.jsonl", "documents.jsonl"):
        excuse(tiny, file, "wrong-filler")
    assert run("build", tiny, "--out", tmp_path / "release")[0] == 0
    one, two = open_store(tiny).read(), open_store(tmp_path / "release").read()
    for name in ("clusters", "alignments", "links"):
        assert plain(getattr(two, name)[0].ignore) == ({"code": "wrong-filler", "reason": REASON},)
    for name in ("gazetteer", "documents"):
        assert plain(list(getattr(two, name).values())) == plain(list(getattr(one, name).values()))


def test_levels_that_do_not_run_judge_no_excuse(tiny: Path) -> None:
    from qantar import open_store
    from qantar.rules import Context

    excuse(tiny, EVENTS, "wrong-filler")
    corpus = open_store(tiny).read()
    document, context = corpus.documents["one"], Context(corpus.registry, corpus.gazetteer)
    assert list(check_document(document, context, level=4)) == []
    assert [problem.code for problem in check_document(document, context, level=5)] == ["unused-suppression"]


def test_a_rule_that_is_cut_short_judges_no_excuse(tiny: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not looked at may need its excuse."""
    from qantar.rules import runner

    monkeypatch.setattr(runner, "MOST", 1)
    swap(tiny / EVENTS, '"role":"Demonstrator","target":"T3"', '"role":"Demonstrator","target":"T4"')
    alter(tiny / "annotations/attributions/one.jsonl", 1, lambda record: record.update(events=["E1", "E2"]))
    path = tiny / EVENTS
    event = json.loads(path.read_text(encoding="utf-8"))
    excused = {**event, "id": "E2", "aspect": "begun", "ignore": [{"code": "wrong-filler", "reason": REASON}]}
    write_lines(path, [event, excused])
    assert "error[wrong-filler]" in found(run, tiny)[1]
    assert "warning[unused-suppression]" not in found(run, tiny)[1]
