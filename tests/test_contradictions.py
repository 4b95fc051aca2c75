"""What a single document can contradict itself in: the borderline cases of each rule, those that must pass among them.

The smallest input of each code is in `invalid/<code>/`. Here documents are made in memory, under the installed corpus's contract.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from builds import edit_lines
from hypothesis import given, settings
from hypothesis import strategies as st
from qantar.checking import check
from qantar.document import languages_present
from qantar.fixing import fix
from qantar.propose.tokens import tokens as proposed
from qantar.resources import data_dir
from qantar.rules.finding import Context
from qantar.rules.places import Row
from qantar.rules.runner import check_document
from qantar.rules.times import exactness_of, form_of
from qantar.schema.registry import Registry
from qantar.settings import read_settings
from qantar.store import Folder, open_store
from tiny import span, write_corpus

Json = dict[str, Any]
REGISTRY = read_settings(data_dir("corpus"))[1]
ANCHOR = {"date": None, "precision": None, "basis": "Made up."}
RIGHTS = {"holder": None, "licence": "CC0-1.0", "redistribute": True, "basis": "Made up."}


def document(text: str, *, lang: str = "ru", registry: Registry = REGISTRY, zones: Json | None = None, **fields: Any) -> Any:
    """A document with the layers among `fields`; `zones` are the zones of the coverage by layer."""
    layers = {name: fields.get(name) for name in registry.layers}
    body = {
        "id": "made-up", "file": "made-up.txt", "text": text, "sha256": "0" * 64, "lang": lang, "languages_present": None, "title": None,
        "publisher": None, "published": None, "anchor": ANCHOR, "rights": RIGHTS, "leak_group": None, "fold": None,
        "coverage": [{"layer": name, "zones": (zones or {}).get(name)} for name, held in layers.items() if held is not None],
        **dict.fromkeys(registry.layers), **fields,
    }  # fmt: skip
    made = msgspec.convert(body, registry.document_type)
    return msgspec.structs.replace(made, languages_present=languages_present(made, registry.languages))


def codes(text: str, *, registry: Registry = REGISTRY, **fields: Any) -> list[str]:
    """The codes of all problems of such a document, in the order of the rules."""
    made = document(text, registry=registry, **fields)
    return [problem.code for problem in check_document(made, Context(registry, None))]


def at(text: str, *quotes: str) -> Json:
    """`spans` and `quote` of a record with a fragment for each quote."""
    return {"spans": [span(text, quote) for quote in quotes], "quote": " ".join(quotes)}


def entity(text: str, *quotes: str, number: int = 1, **fields: Any) -> Json:
    """A mention, of a place unless said otherwise."""
    return {"id": f"T{number}", **at(text, *quotes), "type": "LOC", "level": "name", **fields}


def sentence(text: str, *forms: str, number: int = 1, start: int = 0, **fields: Any) -> Json:
    """A sentence of these forms, which all have these fields."""
    tokens = []
    for form in forms:
        start = text.index(form, start)
        tokens.append({"start": start, "end": start + len(form), **fields})
        start += len(form)
    return {"id": f"S{number}", "start": tokens[0]["start"], "end": tokens[-1]["end"], "tokens": tokens}


def zone(start: int, end: int, number: int = 1, **fields: Any) -> Json:
    """A zone of the story, in Russian unless said otherwise."""
    return {"id": f"Z{number}", "start": start, "end": end, "kind": "body", "lang": "ru", **fields}


def stretch(text: str, quote: str, lang: str, script: str, number: int = 1) -> Json:
    """A stretch."""
    return {"id": f"L{number}", **at(text, quote), "lang": lang, "script": script}


# ---- extents


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("в «Алматы» тихо", "Алматы"),
        ("в «Алматы» тихо", "«Алматы»"),
        ('канал "Мы"', 'канал "Мы"'),
        ('"особых" людей', '"особых" людей'),
        ("sie sagte „Ja“ laut", "„Ja“"),
        ("er »Ja« rief", "»Ja«"),
        ("пункт 1) и", "1)"),
        ("пункт iv) и", "iv)"),
        ('экран 15" и', '15"'),
        ("(Алматы) тихо", "(Алматы)"),
        ("и – нет", "–"),
        ("он сказал: «", "«"),
        ("улыбка :) тут", ":)"),
        ("dogs' bone", "dogs'"),
    ],
)
def test_marks_in_pairs_and_marks_alone_are_let_be(text: str, quote: str) -> None:
    assert codes(text, entities=[entity(text, quote)]) == []


@pytest.mark.parametrize("quote", ["«Алматы", "Алматы»", " Алматы", "Алматы\u00a0", "(Алматы", "Алматы)", '"Алматы', "Алматы”", "\nАлматы"])
@pytest.mark.parametrize("layer", ["entities", "values"])
def test_a_mark_or_blank_too_much_at_an_edge_is_reported(quote: str, layer: str) -> None:
    text = f"в {quote} и"
    records = {"entities": [entity(text, quote)], "values": [{"id": "V1", **at(text, quote), "type": "DATE"}]}
    assert codes(text, **{layer: records[layer]}) == ["span-edge"]


def test_each_fragment_has_edges_but_marks_pair_over_all_of_them() -> None:
    text = "«Ах, сказал он, да»"
    assert codes(text, entities=[entity(text, "«Ах", "да»")]) == []
    assert codes(text, entities=[entity(text, "«Ах", " да»")]) == ["span-edge"]


def test_what_level_3_reports_is_reported_there_only() -> None:
    text = "в «Алматы» тихо"
    wrong = {**entity(text, "«Алматы"), "quote": "Алматы"}
    assert codes(text, entities=[wrong], sentences=[sentence(text, *["в", "«", "Алматы", "»", "тихо"])]) == ["quote-mismatch"]
    past = {**entity(text, "«Алматы"), "spans": [{"start": 2, "end": 99}]}
    assert set(codes(text, entities=[past])) <= {"offset-past-end", "quote-mismatch"}


def test_fragments_leave_something_out() -> None:
    text = "проспекты Абая и Райымбека"
    assert codes(text, entities=[entity(text, "проспекты", "Райымбека")]) == []
    assert codes(text, entities=[entity(text, "проспекты", "Абая")]) == ["needless-gap"]


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("Telegram-канал пишет", ["Telegram"]),
        ("Telegram-канал пишет", ["канал"]),
        ("Vласти пишут", ["V"]),
        ("пришло 16ч назад", ["16"]),
        ("из O'Neill Park", ["Neill Park"]),
        ("Haupt- und Nebeneingang", ["Haupt-", "eingang"]),
    ],
)
def test_parts_of_words_that_stand_out_are_let_be(text: str, quotes: list[str]) -> None:
    assert "inside-token" not in codes(text, entities=[entity(text, *quotes)], sentences=[sentence(text, *text.split())])


@pytest.mark.parametrize("quote", ["Алмат", "лматы", "тих", "16", "й 165", "cafe"])
def test_an_edge_inside_a_word_is_reported(quote: str) -> None:
    text = "Алматы тихой 165 cafe\u0301"
    assert codes(text, entities=[entity(text, quote)], sentences=[sentence(text, *text.split())])[0] == "inside-token"


def test_without_tokens_no_word_is_known() -> None:
    text = "北京大学"
    assert codes(text, entities=[entity(text, "北京")]) == []
    assert codes(text, entities=[entity(text, "北京")], sentences=[sentence(text, "北京", "大学")]) == []


def test_stretches_may_be_parts_of_words_but_not_cross_zones() -> None:
    text = "Соғымның FEST\nда"
    tokens = [sentence(text, "Соғымның", "FEST"), sentence(text, "да", number=2)]
    part = [stretch(text, "Соғым", "kk", "Cyrl"), stretch(text, "FEST", "en", "Latn", 2)]
    zones = [zone(0, 14), zone(14, 16, 2)]
    assert codes(text, segments=zones, sentences=tokens, languages=part) == []
    across = [stretch(text, "Соғымның FEST\nда", "kk", "Cyrl")]
    assert codes(text, segments=zones, sentences=tokens, languages=across) == ["crosses-zone"]


def test_crossing_is_reported_once_and_fragments_count_singly() -> None:
    text = "Он ушёл. Она нет.\nДа."
    zones = [zone(0, 18), zone(18, 21, 2)]
    tokens = [
        sentence(text, "Он", "ушёл", "."),
        sentence(text, "Она", "нет", ".", number=2, start=9),
        sentence(text, "Да", ".", number=3, start=18),
    ]
    assert codes(text, segments=zones, sentences=tokens, entities=[entity(text, "ушёл. Она")]) == ["crosses-sentence"]
    assert codes(text, segments=zones, sentences=tokens, entities=[entity(text, "нет.\nДа")]) == ["crosses-zone"]
    assert codes(text, segments=zones, sentences=tokens, entities=[entity(text, "ушёл", "нет", "Да")]) == []
    assert codes(text, sentences=tokens, entities=[entity(text, "нет.\n")]) == ["span-edge"]


def test_records_stand_where_the_coverage_says() -> None:
    text = "Порт\nтихо"
    zones = [zone(0, 5, kind="headline"), zone(5, 9, 2)]
    both = [entity(text, "Порт"), entity(text, "тихо", number=2)]
    assert codes(text, segments=zones, entities=both, zones={"entities": ["headline", "body"]}) == []
    assert codes(text, segments=zones, entities=both, zones={"entities": ["body"]}) == ["outside-coverage"]
    assert codes(text, segments=zones, entities=both, zones={"entities": []}) == ["outside-coverage"] * 2
    assert codes(text, entities=both, zones={"entities": ["body"]}) == [], "without zones nobody knows"
    assert codes(text, segments=zones, entities=both[:1], zones={"segments": ["body"], "entities": ["headline"]}) == []
    over = [entity(text, "Порт\nтихо")]
    assert codes(text, segments=zones, entities=over, zones={"entities": ["body"]}) == ["crosses-zone"], "a part of it was annotated"
    lines = [sentence(text, "Порт"), sentence(text, "тихо", number=2)]
    assert codes(text, segments=zones, sentences=lines, zones={"sentences": ["body"]}) == ["outside-coverage"]


# ---- doubles


def test_what_sets_two_records_apart_is_enough() -> None:
    text = "Порт и порт"
    one = entity(text, "Порт")
    assert codes(text, entities=[one, {**one, "id": "T2", "note": "Again."}]) == ["duplicate-record"]
    assert codes(text, entities=[one, {**one, "id": "T2", "type": "ORG.other"}]) == []
    assert codes(text, entities=[one, entity(text, "порт", number=2)]) == []
    assert codes(text, entities=[one, {**one, "id": "T2", "chain": "port"}]) == ["double-mention"]
    assert codes(text, entities=[one, *({**one, "id": f"T{number}"} for number in (2, 3))]) == ["duplicate-record"] * 2


def event(text: str, *arguments: tuple[str, str], **fields: Any) -> Json:
    """A protest in the first word."""
    held = [{"role": role, "target": target} for role, target in arguments]
    kind = "Conflict.Demonstrate.Protest"
    return {"id": "E1", **at(text, text.split()[0]), "type": kind, "arguments": held, "aspect": "ended", "factuality": "CT+", **fields}


def test_one_filler_may_have_two_roles_and_one_role_two_fillers() -> None:
    text = "вышли люди толпа"
    people = [entity(text, "люди", type="GROUP"), entity(text, "толпа", number=2, type="GROUP")]
    fine = event(text, ("Demonstrator", "T1"), ("Demonstrator", "T2"), ("Target", "T1"))
    assert codes(text, entities=people, events=[fine]) == []
    assert codes(text, entities=people, events=[event(text, *[("Demonstrator", "T1")] * 3)]) == ["repeated-argument"] * 2


# ---- relations


def related(*relations: tuple[str, str, str], **fields: Any) -> list[str]:
    """Codes of a document with events E1 to E5, a mention T1 and these relations (type, head, tail)."""
    text = "раз два три четыре пять"
    events = [{**event(text), "id": f"E{number}", **at(text, word)} for number, word in enumerate(text.split(), 1)]
    held = [{"id": f"R{number}", "type": kind, "head": head, "tail": tail} for number, (kind, head, tail) in enumerate(relations, 1)]
    return codes(text, events=events, entities=[entity(text, "раз")], relations=held, **fields)


@pytest.mark.parametrize(
    ("relations", "expected"),
    [
        ([("before", "E1", "E2"), ("before", "E2", "E3"), ("before", "E1", "E3")], []),
        ([("before", "E1", "E2"), ("part-of", "E2", "E1")], []),
        ([("same-report", "E1", "E2"), ("same-report", "E2", "E3"), ("same-report", "E3", "E1")], []),
        ([("part-of", "T1", "E1"), ("causes", "T1", "E1")], []),
        ([("before", "T1", "E1")], ["relation-kind"]),
        ([("before", "E1", "T1")], ["relation-kind"]),
        ([("same-report", "E1", "E2"), ("same-report", "E2", "E1")], ["mirrored-relation"]),
        ([("same-report", "E1", "E2"), ("same-report", "E1", "E2")], ["duplicate-record"]),
        ([("same-report", "E1", "E1")], ["self-relation"]),
        ([("before", "E1", "E1")], ["self-relation"]),
        ([("causes", "E1", "E2"), ("causes", "E2", "E1")], ["relation-cycle"]),
        ([("before", "E1", "E2"), ("before", "E2", "E3"), ("before", "E3", "E1"), ("before", "E5", "E4")], ["relation-cycle"]),
        ([("before", "E1", "E2"), ("before", "E2", "E1"), ("before", "E3", "E4"), ("before", "E4", "E3")], ["relation-cycle"] * 2),
        ([("before", "E1", "E9")], ["dangling-reference"]),
    ],
)
def test_relations(relations: list[tuple[str, str, str]], expected: list[str]) -> None:
    assert related(*relations) == expected


def test_a_circle_is_told_by_its_shortest_way_at_its_last_relation() -> None:
    text = "раз два три четыре"
    events = [{**event(text), "id": f"E{number}", **at(text, word)} for number, word in enumerate(text.split(), 1)]
    ends = [("E4", "E1"), ("E1", "E2"), ("E2", "E3"), ("E3", "E1"), ("E3", "E4")]
    held = [{"id": f"R{number}", "type": "before", "head": head, "tail": tail} for number, (head, tail) in enumerate(ends, 1)]
    (problem,) = check_document(document(text, events=events, relations=held), Context(REGISTRY, None))
    assert (problem.record, problem.fact) == ("R4", "'before' leads in a circle: E1 → E2 → E3 → E1")


def test_a_long_chain_of_relations_costs_no_stack() -> None:
    count = 2 * sys.getrecursionlimit()
    text = "а" * count
    events = [{**event(text), "id": f"E{at}", "spans": [{"start": at, "end": at + 1}], "quote": "а"} for at in range(count)]
    held = [{"id": f"R{at}", "type": "before", "head": f"E{at}", "tail": f"E{(at + 1) % count}"} for at in range(count)]
    assert codes(text, events=events, relations=held[:-1]) == []
    assert codes(text, events=events, relations=held) == ["relation-cycle"]


# ---- attributions


def said(text: str, cue: str, content: list[str], events: list[str]) -> list[str]:
    """Codes of a document whose first word is the event E1, with one attribution."""
    held = {"id": "A1", **at(text, cue), "source": None, "content": [span(text, part) for part in content], "events": events}
    return codes(text, events=[event(text)], attributions=[{**held, "medium": "unspecified", "factuality": "CT+"}])


def test_content_lies_around_its_cue_and_holds_its_events() -> None:
    text = "Вышли, сказал он, все. Тихо"
    assert said(text, "сказал", ["Вышли", "все"], ["E1"]) == []
    assert said(text, "сказал", ["Вышли"], []) == []
    assert said(text, "сказал", ["Вышли, сказал он, все"], ["E1"]) == ["cue-in-content"]
    assert said(text, "сказал", ["Тихо"], ["E1"]) == ["event-outside-content"]
    assert said(text, "сказал", ["Вышли", "все"], ["E1", "E1"]) == ["repeated-reference"]


# ---- values


def valued(**fields: Any) -> list[str]:
    """Codes of a document with one value."""
    return codes("пять", values=[{"id": "V1", **at("пять", "пять"), **fields}])


@pytest.mark.parametrize(
    "fields",
    [
        {"bound": "exact", "min": 5, "max": 5},
        {"bound": "exact"},
        {"bound": "approximate"},
        {"bound": "approximate", "min": 4, "max": 6},
        {"bound": "approximate", "min": 4},
        {"bound": "at-least", "min": 0},
        {"bound": "at-most", "max": 0},
        {"bound": "range", "min": -5, "max": 5},
        {"min": 5, "max": 5},
        {"max": 5},
        {},
    ],
)
def test_bounds_that_fit(fields: Json) -> None:
    assert valued(type="COUNT", **fields) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"min": 5, "max": 4.5},
        {"bound": "exact", "min": 5},
        {"bound": "exact", "max": 5},
        {"bound": "exact", "min": 5, "max": 6},
        {"bound": "at-least", "max": 5},
        {"bound": "at-least", "min": 5, "max": 6},
        {"bound": "at-most", "min": 5},
        {"bound": "at-most", "min": 5, "max": 6},
        {"bound": "range", "min": 5},
        {"bound": "range", "min": 5, "max": 5},
        {"bound": "approximate", "min": 6, "max": 4},
    ],
)
def test_bounds_that_contradict_each_other(fields: Json) -> None:
    assert valued(type="COUNT", **fields) == ["value-bounds"]


def test_what_measures_has_a_unit() -> None:
    for kind in ("MONEY", "QUANTITY", "RATE"):
        assert valued(type=kind, min=5, max=5) == ["missing-unit"]
        assert valued(type=kind, min=5, max=5, unit="KZT") == valued(type=kind) == []
    for kind in ("COUNT", "ORDINAL", "PERCENT", "AGE"):
        assert valued(type=kind, min=5, max=5) == []


FORMS = {
    "date": ["2031", "203", "20", "203X", "2031-03", "2031-03-14", "XXXX-03", "2031-W12", "2031-W12-3", "XXXX-WXX-WE", "2031-Q1", "2031-H2",
             "2031-SP", "2031-FA", "BC0346", "KA6", "FY2031"],
    "time": ["2031-03-14T10", "2031-03-14T10:30", "2031-03-14T10:30:15.5Z", "T10:30+05:00", "TMO", "2031-03-14TNI", "XXXX-WXX-3T16", "T24:00"],
    "duration": ["P3D", "PXD", "P1Y2M", "PT2H", "P1DT12H", "P1.5Y", "PTXM", "P2DE", "P1CE"],
}  # fmt: skip
REFERENCES = ["PAST_REF", "PRESENT_REF", "FUTURE_REF"]
NONE = ["", "вчера", "14.03.2031", "2031-3-14", "P", "PT", "3 days", "2031/2032", "past_ref", "2031-03-14 10:30", "T", "2031-", "P3"]


@pytest.mark.parametrize(("form", "value"), [(form, value) for form, values in FORMS.items() for value in values])
def test_timex3_values_are_of_their_form_and_no_other(form: str, value: str) -> None:
    assert form_of(value) == form
    labels = {"date": "DATE", "time": "TIME", "duration": "DURATION"}
    for kind, label in labels.items():
        assert valued(type=label, value=value) == ([] if kind == form else ["timex-type"])
    assert valued(type="SET", value=value) == valued(type="AGE", value=value) == []


@pytest.mark.parametrize("value", REFERENCES)
def test_references_fit_every_type(value: str) -> None:
    for kind in ("DATE", "TIME", "DURATION", "SET"):
        assert valued(type=kind, value=value, precision="day") == []


@pytest.mark.parametrize("value", NONE)
def test_other_values_are_no_timex3(value: str) -> None:
    assert form_of(value) is None
    if value:
        assert valued(type="DATE", value=value) == ["timex-form"]


@pytest.mark.parametrize(
    ("value", "exactness"),
    [
        ("2031", "year"),
        ("2031-03", "month"),
        ("2031-W12", "week"),
        ("2031-03-14", "day"),
        ("2031-W12-3", "day"),
        ("XXXX-WXX-3", "day"),
        ("2031-03-14TMO", "part-of-day"),
        ("XXXX-WXX-3T16", "hour"),
        ("TNI", "part-of-day"),
        ("T10:30", "minute"),
        ("XXXX-XX-XXT02", "hour"),
        *((value, None) for value in ("203X", "203", "XXXX-XX-XX", "2031-03-XX", "2031-SP", "2031-Q1", "2031-W12-WE", "P3D", "PAST_REF", "KA6", "no")),
    ],
)  # fmt: skip
def test_how_exact_a_time_is(value: str, exactness: str | None) -> None:
    assert exactness_of(value) == exactness


@pytest.mark.parametrize(
    ("value", "precision", "expected"),
    [
        ("2031-03", "day", ["timex-precision"]),
        ("2031-03-14TEV", "hour", ["timex-precision"]),
        ("2031", "week", ["timex-precision"]),
        ("2031-03-14T10:00", "hour", []),
        ("2031-03-14", "month", []),
        ("2031", "vague", []),
        ("2031-03-14T10:00", None, []),
        ("203", "day", []),
    ],
)
def test_a_value_is_as_exact_as_it_says(value: str, precision: str | None, expected: list[str]) -> None:
    assert valued(type="TIME" if "T" in value else "DATE", value=value, precision=precision) == expected


@given(st.text("0123456789XWPTQHYMDSE-:._REFKA", max_size=24))
def test_every_value_is_read_or_refused(value: str) -> None:
    assert form_of(value) in (None, *FORMS)
    assert exactness_of(value) is None or form_of(value) in ("date", "time")


@pytest.mark.parametrize("value", ["P" + "X" * 200_000, "P" + "1X" * 100_000, "PT" + "X" * 200_000 + "!", "1" * 200_000])
def test_a_long_value_is_refused_at_once(value: str) -> None:
    assert form_of(value) is None


# ---- languages


def lettered(text: str, *stretches: Json, lang: str = "ru", **fields: Any) -> list[str]:
    """Codes of a document of one zone, with these stretches."""
    return codes(text, lang=lang, segments=[zone(0, len(text), lang=lang)], languages=list(stretches), **fields)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Всё тихо, пишет ОМОН", "ru"),
        ("при Петре II и в XXI веке", "ru"),
        ("витамин C и x", "ru"),
        ("Було тихо, пише Мін'юст", "uk"),
        ("Екінші республика, вокзал және цирк", "kk"),
        ("буква ї и буква ы", "ru"),
        ("Qazaqstan joly", "kk"),
        ("All is quiet", "en"),
        ("7 + 8 = 15", "zxx"),
        ("Reuters и ТАСС", "mul"),
        ("Ελλάδα и ещё", "ru"),
    ],
)
def test_words_that_may_be_of_their_zone(text: str, lang: str) -> None:
    assert lettered(text, lang=lang) == []


@pytest.mark.parametrize(
    ("text", "lang", "word"),
    [
        ("пишет Reuters тут", "ru", "Reuters"),
        ("это Київ тут", "ru", "Київ"),
        ("это Ұлытау тут", "ru", "Ұлытау"),
        ("там Ұлытау було", "uk", "Ұлытау"),
        ("там мы були", "uk", "мы"),
        ("сол жерде Київ бар", "kk", "Київ"),
        ("All quiet in Алматы now", "en", "Алматы"),
    ],
)
def test_words_that_cannot_be_of_their_zone(text: str, lang: str, word: str) -> None:
    (problem,) = check_document(document(text, lang=lang, segments=[zone(0, len(text), lang=lang)], languages=[]), Context(REGISTRY, None))
    assert (problem.code, problem.record) == ("unmarked-stretch", "Z1")
    assert problem.fact.startswith(f"{word!r} cannot be {lang!r}")
    marked = stretch(text, word, "en" if word == "Reuters" else "kk" if "Ұ" in word else "uk" if "ї" in word else "ru", "Latn")
    script = "Latn" if word == "Reuters" else "Cyrl"
    assert lettered(text, {**marked, "script": script}, lang=lang) == []


def test_words_of_a_zone_are_reported_together() -> None:
    text = "это сообщили Reuters, BBC, CNN, BBC и DPA, говорят тут все"
    (problem,) = check_document(document(text, languages=[]), Context(REGISTRY, None))
    assert problem.fact.startswith("'Reuters', 'BBC', 'CNN' and 1 more cannot be 'ru'")


def test_only_what_was_annotated_is_judged(tmp_path: Path) -> None:
    text = "пишет Reuters и Vласть тут"
    assert codes(text, segments=[zone(0, len(text))]) == []
    assert codes(text, languages=[]) == ["look-alike-letters", "unmarked-stretch"]
    assert lettered(text, zones={"languages": ["headline"]}) == []
    write_corpus(tmp_path / "alone")
    settings = (tmp_path / "alone" / "corpus.toml").read_text(encoding="utf-8")
    (tmp_path / "alone" / "corpus.toml").write_text(
        settings.replace('["uk", "en", "mul", "zxx"]', '["uk", "mul", "zxx"]'), encoding="utf-8"
    )
    registry = read_settings(tmp_path / "alone")[1]
    assert codes("пише Reuters тут", lang="uk", languages=[], registry=registry) == [], "the corpus has no language for it"


def test_letters_of_two_scripts_in_a_word_need_a_stretch() -> None:
    text = "пишет Vласть тут"
    assert lettered(text) == ["look-alike-letters"]
    assert lettered(text, stretch(text, "V", "ru", "Latn")) == []
    assert lettered("пишет VKласть тут") == ["look-alike-letters"], "reported once"
    assert lettered("Telegram-канал", stretch("Telegram-канал", "Telegram", "en", "Latn")) == []
    assert lettered("в 16h и 5кг") == []


def test_stretches_differ_from_their_zone() -> None:
    text = "пишет Baza тут"
    assert lettered(text, stretch(text, "Baza", "ru", "Latn")) == []
    assert lettered(text, stretch(text, "Baza", "ru", "Latn"), stretch(text, "тут", "ru", "Cyrl", 2)) == ["redundant-stretch"]
    assert lettered("Reuters", stretch("Reuters", "Reuters", "en", "Latn"), lang="en") == [], "nothing else shows the zone's script"
    assert lettered("USD", stretch("USD", "USD", "zxx", "Latn"), lang="zxx") == []
    assert codes(text, languages=[stretch(text, "Baza", "en", "Latn"), stretch(text, "тут", "ru", "Cyrl", 2)]) == ["redundant-stretch"]


@pytest.mark.parametrize(
    ("quote", "script", "expected"),
    [
        ("Baza", "Cyrl", ["script-mismatch"]),
        ("тут", "Latn", ["script-mismatch"]),
        ("тут", "Arab", ["script-mismatch"]),
        ("Baza тут", "Cyrl", []),
        ("Baza тут", "Latn", []),
        ("2022", "Latn", []),
        ("Baza", "Zyyy", []),
    ],
)
def test_a_stretch_has_letters_of_its_script(quote: str, script: str, expected: list[str]) -> None:
    text = f"и {quote} ту"
    assert lettered(text, stretch(text, quote, "kk", script)) == expected


# ---- tokens


def tagged(form: str, **fields: Any) -> list[str]:
    """Codes of a document of one token."""
    return codes(form, sentences=[sentence(form, form, **fields)])


@pytest.mark.parametrize(
    ("form", "upos"),
    [(".", "PUNCT"), ("…", "X"), (":", "SYM"), ("-", "ADP"), ("/", "CCONJ"), ("&", "CCONJ"), ("'", "PART"), ("%", "NOUN"), ("***", "NOUN"),
     ("🔥", "SYM"), ("слово", "X"), ("т.д.", "NOUN"), (".", None), ("-", "PUNCT"), ("*", "PUNCT")],
)  # fmt: skip
def test_tags_that_a_form_may_have(form: str, upos: str | None) -> None:
    assert tagged(form, upos=upos) == []


@pytest.mark.parametrize(
    ("form", "upos"), [("слово", "PUNCT"), ("7", "PUNCT"), ("(а", "PUNCT"), (".", "NOUN"), ("...", "VERB"), ("»", "NUM")]
)
def test_tags_that_a_form_cannot_have(form: str, upos: str) -> None:
    assert tagged(form, upos=upos) == ["pos-form"]


@pytest.mark.parametrize(
    ("feats", "expected"),
    [
        ("Case=Nom", []),
        ("Number=Sing|NumForm=Digit", []),
        ("Number[psor]=Plur,Sing|Person=3|Person[psor]=3", []),
        ("NumForm=Digit|Number=Sing", ["feature-order"]),
        ("Case=Nom|Animacy=Anim", ["feature-order"]),
        ("Case=Nom|Case=Nom", ["repeated-feature"]),
    ],
)
def test_features(feats: str, expected: list[str]) -> None:
    assert tagged("слово", feats=feats) == expected


def test_lemmas_are_of_the_scripts_of_their_form() -> None:
    assert tagged("Vласти", lemma="Vласть") == tagged("власти", lemma="vlast") == tagged("Telegram", lemma="телеграм") == []
    assert tagged("власти", lemma="влaсть") == ["mixed-lemma"]
    assert tagged("Telegram-канала", lemma="Telegram-канал") == []


# ---- mentions, documents, wording


def test_one_link_has_one_chain_where_there_are_chains() -> None:
    text = "Порт и порт, он"
    one, two = entity(text, "Порт", link="wikidata:Q1"), entity(text, "порт", number=2, link="wikidata:Q1")
    other = entity(text, "он", number=3, chain="other")
    assert codes(text, entities=[one, two]) == [], "coreference was not annotated"
    assert codes(text, entities=[one, two, other]) == ["split-chain"]
    assert codes(text, entities=[{**one, "chain": "port"}, two, other]) == ["split-chain"]
    assert codes(text, entities=[{**one, "chain": "port"}, {**two, "chain": "port"}, other]) == []
    assert codes(text, entities=[one, {**two, "link": "wikidata:Q2"}, other]) == []
    assert codes(text, entities=[{**one, "link": None}, {**two, "link": None}, other]) == []


def test_used_as_is_another_type() -> None:
    assert codes("Порт", entities=[entity("Порт", "Порт", used_as="ORG.gov")]) == []
    assert codes("Порт", entities=[entity("Порт", "Порт", used_as="LOC")]) == ["idle-used-as"]


@pytest.mark.parametrize(
    ("lang", "langs", "expected"),
    [
        ("ru", ["kk", "ru"], []),
        ("ru", ["kk"], ["document-language"]),
        ("mul", ["kk", "ru"], []),
        ("ru", ["zxx"], []),
        ("ru", ["mul", "zxx"], []),
        ("ru", [], []),
    ],
)
def test_a_document_is_of_the_language_of_a_zone(lang: str, langs: list[str], expected: list[str]) -> None:
    zones = [zone(at, at + 1, at + 1, lang=name) for at, name in enumerate(langs)]
    assert codes("7" * len(langs), lang=lang, segments=zones) == expected


@pytest.mark.parametrize(
    ("anchor", "published", "expected"),
    [
        ("2031-03-14", "2031-03-14", []),
        ("2031-03-13", "2031-03-14", []),
        ("2031-03-15", "2031-03-14", ["anchor-after-publication"]),
        ("2031-03-15", "2031-03", []),
        ("2031-03", "2031-03-14", []),
        ("2031-04", "2031-03-14", ["anchor-after-publication"]),
        ("2031", "2030-12-31", ["anchor-after-publication"]),
        (None, "2031-03-14", []),
        ("2031-03-14", None, []),
        ("2031-03-14", "2031-02-29", ["impossible-date"]),
    ],
)
def test_a_text_counts_from_no_later_day_than_it_was_published(anchor: str | None, published: str | None, expected: list[str]) -> None:
    assert codes("да", published=published, anchor={**ANCHOR, "date": anchor}) == expected


@pytest.mark.parametrize("blank", [" ", "\n", "\u00a0", "\t"])
def test_typed_texts_have_no_blanks_around_them(blank: str) -> None:
    text = "Порт тих"
    assert codes(text, title=f"Порт{blank}") == codes(text, rights={**RIGHTS, "holder": f"{blank}Порт"}) == ["untrimmed-text"]
    assert codes(text, entities=[entity(text, "Порт", note=f"Да.{blank}")]) == ["untrimmed-text"]
    assert codes(text, sentences=[sentence(text, "Порт", "тих", lemma=f"порт{blank}")]) == ["untrimmed-text"] * 2
    assert codes(text, title="Порт тих", entities=[entity(text, "Порт", note="Да, да.")]) == []


def test_a_text_may_begin_with_white_space() -> None:
    assert codes("\n Порт тих \n", title=None) == []


# ---- other corpora


def test_empty_layers_and_no_layers_have_nothing_to_report() -> None:
    assert (
        codes("") == codes("Порт") == codes("Порт", **{name: [] for name in REGISTRY.layers if name not in ("segments", "sentences")}) == []
    )
    assert codes("", **{name: [] for name in REGISTRY.layers}) == []


def test_a_layer_of_ones_own_is_held_to_what_its_schema_says(tmp_path: Path, root: Path) -> None:
    """Morphemes inside words, topics over zones, places met on a way: sound, and not as mentions are."""
    corpus = write_corpus(tmp_path / "own")
    shared = json.loads((root / "schema" / "layers" / "entities.schema.json").read_text(encoding="utf-8"))
    kept = {name: shared["properties"][name] for name in ("id", "spans", "quote")}
    way = {"description": "Tokens.", "type": "array", "items": {"type": "string"}, "examples": [["a"]]}
    schema = {**shared, "title": "Morpheme", "properties": {**kept, "way": way}, "required": ["id", "spans", "quote"]}
    del schema["x-extent"]
    (corpus / "schema").mkdir()
    (corpus / "schema" / "morphemes.schema.json").write_text(json.dumps(schema), encoding="utf-8")
    settings = (corpus / "corpus.toml").read_text(encoding="utf-8")
    settings = settings.replace('"relations"]', '"relations", "morphemes"]') + '\n[schema]\nlayers = "schema"\n'
    (corpus / "corpus.toml").write_text(settings, encoding="utf-8")
    text = (corpus / "raw" / "one.txt").read_text(encoding="utf-8")
    lines = [{"id": "M1", **at(text, "докер"), "way": ["a", "a"]}, {"id": "M2", **at(text, "закрито\nReuters")}]
    (corpus / "annotations" / "morphemes").mkdir()
    held = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (corpus / "annotations" / "morphemes" / "one.jsonl").write_text(held, encoding="utf-8")
    edit_lines(corpus / "documents.jsonl", lambda records: records[0]["coverage"].append({"layer": "morphemes", "zones": None}))
    fix(Folder(corpus))
    assert check(open_store(corpus)) == []
    (corpus / "schema" / "morphemes.schema.json").write_text(json.dumps({**schema, "x-extent": "words"}), encoding="utf-8")
    assert [problem.code for problem in check(open_store(corpus))] == ["crosses-zone", "inside-token"]


def test_labels_of_ones_own_have_the_traits_that_they_state(tmp_path: Path, root: Path) -> None:
    labels = json.loads((root / "schema" / "ontology" / "labels.json").read_text(encoding="utf-8"))
    labels["sets"]["relation-type"]["labels"] = [
        {"label": "before", "definition": "Here it may lead in a circle."},
        {"label": "above", "definition": "Stands higher.", "order": True, "joins": ["entities"]},
    ]
    labels["sets"]["upos"]["labels"] = [{"label": "DOT", "definition": "A dot."}, {"label": "NOUN", "definition": "A noun."}]
    labels["sets"]["value-type"]["labels"] = [{"label": "DATE", "definition": "Also a period."}]
    corpus = write_corpus(tmp_path / "own")
    (corpus / "ontology").mkdir()
    (corpus / "ontology" / "labels.json").write_text(json.dumps(labels), encoding="utf-8")
    with (corpus / "corpus.toml").open("a", encoding="utf-8") as file:
        file.write('\n[schema]\nontology = "ontology"\n')
    registry = read_settings(corpus)[1]
    both = [{"id": "R1", "type": "before", "head": "T1", "tail": "T2"}, {"id": "R2", "type": "before", "head": "T2", "tail": "T1"}]
    text = "Порт и порт."
    layers = {"lang": "uk", "entities": [entity(text, "Порт"), entity(text, "порт", number=2)], "registry": registry}
    assert codes(text, relations=both, **layers) == []
    assert codes(text, relations=[{**one, "type": "above"} for one in both], **layers) == ["relation-cycle"]
    assert codes(text, values=[{"id": "V1", **at(text, "порт"), "type": "DATE", "value": "P3D"}], **layers) == []
    assert codes(".", lang="uk", sentences=[sentence(".", ".", upos="NOUN")], registry=registry) == []


@pytest.mark.parametrize("lang", ["en", "kk", "ru", "uk"])
def test_the_examples_of_a_new_corpus_have_nothing_to_report(lang: str, tmp_path: Path, run: Callable[..., tuple[int, str, str]]) -> None:
    assert run("new", tmp_path / "new", "--languages", lang)[0] == 0
    assert run("check", tmp_path / "new") == (0, "No problems.\n", "")


def test_the_installed_corpus_has_nothing_to_report() -> None:
    assert check(open_store(data_dir("corpus"))) == []


# ---- places


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 4)), max_size=8), st.integers(0, 40), st.integers(0, 12))
def test_a_row_finds_what_a_look_at_each_finds(gaps: list[tuple[int, int]], start: int, length: int) -> None:
    span_type = REGISTRY.types.struct(REGISTRY.shapes["layers/entities"]["properties"]["spans"]["items"])
    places, here = [], 0
    for gap, width in gaps:
        places.append(span_type(start=here + gap % 3, end=here + gap % 3 + width))
        here = places[-1].end
    row, end = Row(places), start + length + 1
    met = [place for place in places if max(place.start, start) < min(place.end, end)]
    assert row.met(start, end) == met
    assert row.many(start, end) == (len(met) > 1)
    assert row.first(start, end) == (met[0] if met else None)
    assert row.around(start) == next((place for place in places if place.start < start < place.end), None)


def test_a_row_that_overlaps_answers_nothing() -> None:
    span_type = REGISTRY.types.struct(REGISTRY.shapes["layers/entities"]["properties"]["spans"]["items"])
    row = Row([span_type(start=0, end=5), span_type(start=3, end=8)])
    assert (row.met(4, 5), row.many(0, 8), row.first(0, 8), row.around(4)) == ([], False, None, None)


# --- tokens that are no words, and events in two states --------------------------------------------------------------------


def in_tokens(text: str, *forms: str) -> list[Json]:
    """One sentence with these tokens, one after the other."""
    tokens, end = [], 0
    for form in forms:
        start = text.index(form, end)
        end = start + len(form)
        tokens.append({"start": start, "end": end, "lemma": None, "upos": None, "feats": None})
    return [{"id": "S1", "start": 0, "end": len(text), "tokens": tokens}]


@pytest.mark.parametrize(
    ("form", "faults"),
    [("10 000", 1), ("10\u00a0000", 0), ("1\u202f000\u202f000", 0), ("10\u00a0 000", 1), ("10\u00a0тысяч", 1), ("в\nдоме", 1), ("10", 0)],
)
def test_white_space_parts_tokens(form: str, faults: int) -> None:
    assert codes(form, sentences=in_tokens(form, form)) == ["blank-in-token"] * faults


@pytest.mark.parametrize(
    ("parts", "faults"),
    [
        (("док", "еры"), 1), (("д", "океры"), 1), (("д", "ок", "еры"), 2), (("Telegram", "-", "канал"), 0), (("прем", "'єр"), 0),
        (("5", "км"), 0), (("км", "5"), 0), (("V", "ласть"), 0), (("не", "."), 0),
        (("do", "n't"), 0), (("can", "not"), 0), (("de", "l"), 0), (("dando", "nos"), 0), (("Rep", "orts"), 0), (("Repo", "rter"), 1),
    ],
)  # fmt: skip
def test_a_word_is_not_cut_between_letters(parts: tuple[str, ...], faults: int) -> None:
    text = "".join(parts)
    found = [code for code in codes(text, sentences=in_tokens(text, *parts)) if code != "look-alike-letters"]
    assert found == ["split-word"] * faults


@pytest.mark.parametrize("lang", ["ru", "uk", "kk", "en"])
@settings(deadline=None)  # the first call loads the tokenizer
@given(
    text=st.text(st.sampled_from("абвіїқңDOn't'’-.,1 «»\u00a0/$%")) | st.sampled_from(["I can't", "cannot", "Id", "10\u00a0000", "gonna"])
)
def test_what_is_proposed_has_neither(lang: str, text: str) -> None:
    spans = proposed(text, lang)
    tokens = [{"start": start, "end": end, "lemma": None, "upos": None, "feats": None} for start, end in spans]
    made = document(text, lang=lang, sentences=[{"id": "S1", "start": 0, "end": max(1, len(text)), "tokens": tokens}] if tokens else [])
    found = {problem.code for problem in check_document(made, Context(REGISTRY, None))}
    assert found.isdisjoint(("blank-in-token", "split-word"))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"aspect": "begun"}, ["twin-events"]),
        ({"factuality": "CT-"}, ["twin-events"]),
        ({"aspect": "begun", "factuality": "CT-"}, ["twin-events"]),
        ({}, ["duplicate-record"]),
        ({"factuality": "CT-", "plover_context": ["economic"]}, []),
        ({"factuality": "CT-", "type": "Conflict.Attack.Storm"}, []),
        ({"factuality": "CT-", **at("Они бастуют.", "Они")}, []),
    ],
)
def test_a_word_tells_an_event_in_one_state(changes: Json, expected: list[str]) -> None:
    text = "Они бастуют."
    event = {"id": "E1", **at(text, "бастуют"), "type": "Conflict.Demonstrate.Protest", "arguments": []}
    event |= {"aspect": "ended", "factuality": "CT+", "plover_context": []}
    assert codes(text, events=[event, {**event, "id": "E2", **changes}]) == expected
