"""The crosswalk names only codes that exist, and conditions only on what the ontology allows."""

import json
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

Json = dict[str, Any]

SCHEMA = Path(__file__).parents[1] / "schema"
QUALITIES = {"exact", "broad", "narrow", "none"}
PLACELESS = {  # KAIROS gives these Origin and Destination instead; Place is our addition
    "Movement.Transportation.Evacuation",
    "Movement.Transportation.PreventPassage",
    "Movement.Transportation.Unspecified",
}


def load(path: str) -> Json:
    content: Json = json.loads((SCHEMA / path).read_text(encoding="utf-8"))
    return content


CROSSWALK = load("ontology/crosswalk.json")
EVENTS = load("ontology/events.json")
STANDARDS: Json = CROSSWALK["standards"]
ROWS: list[Json] = CROSSWALK["rows"]
TYPES: dict[str, Json] = {record["type"]: record for record in EVENTS["types"]}
ENTITIES: set[str] = {record["label"] for record in load("ontology/entities.json")["labels"]}
FLAT = {label.partition(".")[0] for label in ENTITIES}
CODES: dict[str, Json] = {name: load(f"codes/{entry['codes']}.json") for name, entry in STANDARDS.items()}
KAIROS: dict[str, dict[str, list[str]]] = load("codes/kairos.json")["types"]


def row_name(row: Json) -> str:
    when = row["when"]
    return f"{row['type']}[{when['role']}]" if when else row["type"]


def targets(row: Json, standard: str) -> dict[str, str | None]:
    """Return the code fields of one standard, without the quality."""
    return {field: value for field, value in row[standard].items() if field != "quality"}


each_row = pytest.mark.parametrize("row", ROWS, ids=row_name)
each_standard = pytest.mark.parametrize("standard", STANDARDS)
each_type = pytest.mark.parametrize("record", TYPES.values(), ids=lambda record: record["type"])


def test_rows_follow_the_order_of_the_types() -> None:
    assert [event_type for event_type, _ in groupby(ROWS, key=lambda row: row["type"])] == list(TYPES)


@each_type
def test_one_unconditional_row_and_it_comes_last(record: Json) -> None:
    unconditional = [row["when"] is None for row in ROWS if row["type"] == record["type"]]
    assert unconditional.count(True) == 1
    assert unconditional[-1]


@each_standard
def test_version_is_the_pinned_source(standard: str) -> None:
    assert CODES[standard]["source"].startswith(STANDARDS[standard]["version"])


@each_row
def test_shape(row: Json) -> None:
    assert list(row) == ["type", "when", *STANDARDS, "basis"]
    assert row["basis"].endswith(".")


@each_row
@each_standard
def test_quality_none_means_no_code(row: Json, standard: str) -> None:
    quality = row[standard]["quality"]
    assert quality in QUALITIES
    assert (quality == "none") == (set(targets(row, standard).values()) == {None})


@each_row
def test_plover_mode_belongs_to_its_event(row: Json) -> None:
    event, mode = row["plover"]["event"], row["plover"]["mode"]
    if event is None:
        assert mode is None
    else:
        assert mode in [None, *CODES["plover"]["events"][event]["modes"]]


@each_row
def test_cameo_code_exists(row: Json) -> None:
    assert row["cameo"]["code"] in [None, *CODES["cameo"]["codes"]]


@each_row
def test_acled_sub_event_belongs_to_its_event(row: Json) -> None:
    event, sub_event = row["acled"]["event"], row["acled"]["sub_event"]
    if event is None:
        assert sub_event is None
    else:
        assert sub_event in CODES["acled"]["types"][event]


@each_row
@pytest.mark.parametrize("standard", ["ace", "ere"])
def test_ace_and_ere_types_exist(row: Json, standard: str) -> None:
    assert row[standard]["type"] in [None, *CODES[standard]["types"]]


@pytest.mark.parametrize("row", [row for row in ROWS if row["when"]], ids=row_name)
def test_condition_can_hold(row: Json) -> None:
    roles = TYPES[row["type"]]["roles"] | EVENTS["common_roles"]
    allowed = set(roles[row["when"]["role"]]["fillers"])
    assert row["when"]["fillers"]
    for filler in row["when"]["fillers"]:
        assert filler in ENTITIES | FLAT
        assert allowed & {filler, filler.partition(".")[0]}


@each_type
def test_kairos_base_exists(record: Json) -> None:
    if record["base_list"] == "KAIROS":
        assert record["base"] in KAIROS


@each_type
def test_kairos_roles_exist(record: Json) -> None:
    """A base from elsewhere takes its KAIROS roles from the unspecified type beside it."""
    roles = {role for role, entry in record["roles"].items() if entry["from"] == "KAIROS"}
    if roles:
        base = record["base"] if record["base"] in KAIROS else record["base"].rsplit(".", 1)[0] + ".Unspecified"
        assert roles <= set(KAIROS[base])


def test_place_is_a_kairos_role_but_for_movement() -> None:
    assert EVENTS["common_roles"]["Place"]["from"] == "KAIROS"
    placeless = {name for name, record in TYPES.items() if "Place" not in KAIROS.get(record["base"], ["Place"])}
    assert placeless == PLACELESS
