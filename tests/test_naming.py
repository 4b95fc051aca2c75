"""Label names: every id at any depth becomes its name, whatever slices, nulls and filters came before; nothing else moves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builds import build
from datasets import ClassLabel, Dataset, Features, IterableDataset, LargeList, List, Value, load_dataset
from hypothesis import given, settings
from hypothesis import strategies as st
from qantar import label_names
from qantar.errors import LabelError

NAMES = ["протест", "пожар", "O"]
LABEL = ClassLabel(names=NAMES)
FEATURES = Features(
    {
        "type": LABEL,
        "tags": List(LABEL),
        "deep": List(List(LABEL)),
        "frame": {"kind": LABEL, "text": Value("string")},
        "frames": List({"kind": LABEL, "start": Value("int32"), "tags": List(LABEL)}),
        "large": LargeList(LargeList(LABEL)),
        "pair": List(LABEL, length=2),
        "span": List(Value("int32"), length=2),
        "text": Value("string"),
    }
)
LABELS = st.none() | st.integers(0, len(NAMES) - 1)
TAGS = st.none() | st.lists(LABELS, max_size=3)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "type": LABELS,
            "tags": TAGS,
            "deep": st.none() | st.lists(TAGS, max_size=3),
            "frame": st.none() | st.fixed_dictionaries({"kind": LABELS, "text": st.none() | st.just("да")}),
            "frames": st.none()
            | st.lists(st.none() | st.fixed_dictionaries({"kind": LABELS, "start": st.integers(0, 9), "tags": TAGS}), max_size=3),
            "large": st.none() | st.lists(TAGS, max_size=3),
            "pair": st.none() | st.tuples(LABELS, LABELS).map(list),
            "span": st.none() | st.just([1, 2]),
            "text": st.none() | st.just("текст"),
        }
    ),
    min_size=1,
    max_size=6,
)


def named(value: Any, feature: Any) -> Any:
    """Row by row, what `label_names` does by column."""
    if value is None:
        return None
    if isinstance(feature, ClassLabel):
        return feature.names[value]
    if isinstance(feature, List | LargeList):
        return [named(item, feature.feature) for item in value]
    if isinstance(feature, dict):
        return {key: named(value[key], inner) for key, inner in feature.items()}
    return value


@given(ROWS, st.integers(0, 5), st.booleans())
@settings(max_examples=150, deadline=None)
def test_names_equal_those_of_each_row(rows: list[dict[str, Any]], skip: int, sliced: bool) -> None:
    whole = Dataset.from_list(rows, features=FEATURES)
    start = min(skip, len(rows) - 1)
    dataset = Dataset(whole.data.table.slice(start), info=whole.info) if sliced else whole.select(range(start, len(rows)))
    found = label_names(dataset)
    assert found.to_list() == [named(row, FEATURES) for row in dataset.to_list()]
    assert (found.features["large"], found.features["pair"]) == (LargeList(LargeList(Value("string"))), List(Value("string"), length=2))
    assert found.features["span"] == FEATURES["span"]
    found.data.table.validate(full=True)


def test_features_hold_strings_and_the_rest_is_kept(tiny: Path, tmp_path: Path) -> None:
    build(tiny, tmp_path / "release")
    events = load_dataset(str(tmp_path / "release"), "events", split="train")
    found = label_names(events)
    assert found.features["type"] == Value("string")
    assert {name: kept for name, kept in found.features.items() if kept == events.features[name]}.keys() >= {"id", "arguments", "start"}
    assert found.column_names == events.column_names
    assert str(found.info.version) == str(events.info.version)
    assert str(found.split) == "train"
    assert [row["type"] for row in found] == events.features["type"].int2str(events["type"][:])
    assert label_names(found).to_list() == found.to_list()


def test_an_empty_dataset_is_named() -> None:
    whole = Dataset.from_list([{"type": 0}], features=Features({"type": LABEL}))
    found = label_names(whole.filter(lambda _: False))
    assert len(found) == 0
    assert found.features["type"] == Value("string")


def test_an_id_without_a_name_is_refused() -> None:
    table = Dataset.from_list([{"frames": [{"kind": 1}, {"kind": 7}]}], features=Features({"frames": List({"kind": Value("int64")})}))
    broken = Dataset(table.data.table.replace_schema_metadata(None), info=table.info.copy())
    broken.info.features = Features({"frames": List({"kind": LABEL})})
    with pytest.raises(LabelError, match=r"'frames\.kind' holds an id that none of its 3 labels has"):
        label_names(broken)


@pytest.mark.parametrize("wrong", [{"train": None}, IterableDataset.from_generator(lambda: iter(()))])
def test_what_is_no_dataset_is_refused(wrong: Any) -> None:
    with pytest.raises(LabelError, match=r"cannot be named\. Give a `datasets\.Dataset`"):
        label_names(wrong)
