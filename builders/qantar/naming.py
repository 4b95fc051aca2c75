"""Label ids of a loaded dataset become label names, for tools that know nothing of `ClassLabel`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qantar.errors import LabelError

if TYPE_CHECKING:
    from datasets import Dataset


def label_names(dataset: Dataset) -> Dataset:
    """The dataset with a string in place of every `ClassLabel` id, at any depth; all else as it was.

    pandas, DuckDB and CSV show a `ClassLabel` as a number. A null id stays null. Raises LabelError for an id that has no
    name, and for anything but a `datasets.Dataset` (of a streamed one, `features[column].int2str` names the ids).
    """
    from datasets import Dataset, Features

    if not isinstance(dataset, Dataset):
        raise LabelError(f"Labels of a {type(dataset).__name__} cannot be named.", "Give a `datasets.Dataset`: one split, not streamed.")
    table = dataset.with_format("arrow")[:] if len(dataset) else dataset.data.table.slice(0, 0)
    features = Features({name: _unlabelled(feature) for name, feature in dataset.features.items()})
    for name, feature in dataset.features.items():
        if feature != features[name]:
            table = table.set_column(table.column_names.index(name), name, _named(table[name].combine_chunks(), feature, name))
    schema = features.arrow_schema
    return Dataset(pa.table([table[name] for name in schema.names], schema=schema), info=_info(dataset, features), split=dataset.split)


def _info(dataset: Dataset, features: Any) -> Any:
    info = dataset.info.copy()
    info.features = features
    return info


def _unlabelled(feature: Any) -> Any:
    """The feature with strings for class labels."""
    from datasets import ClassLabel, LargeList, List, Value

    if isinstance(feature, ClassLabel):
        return Value("string")
    if isinstance(feature, List):
        return List(_unlabelled(feature.feature), length=feature.length)
    if isinstance(feature, LargeList):
        return LargeList(_unlabelled(feature.feature))
    if isinstance(feature, dict):
        return {name: _unlabelled(inner) for name, inner in feature.items()}
    return feature


def _named(array: pa.Array, feature: Any, place: str) -> pa.Array:
    """The array with names for ids; validity and lengths are kept."""
    from datasets import ClassLabel, LargeList, List

    if isinstance(feature, ClassLabel):
        return _take(array, feature.names, place)
    if isinstance(feature, List | LargeList):
        return _relisted(array, _named(pc.list_flatten(array), feature.feature, place))
    if isinstance(feature, dict):
        parts = zip(feature.items(), array.flatten(), strict=True)  # flatten carries the parent's nulls into the fields
        inner = [_named(field, part, f"{place}.{name}") for (name, part), field in parts]
        return pa.StructArray.from_arrays(inner, names=list(feature), mask=array.is_null())
    return array


def _relisted(array: pa.Array, values: pa.Array) -> pa.Array:
    """Lists of the same kind, lengths and nulls over other values: offsets start at 0 also where the array is a slice."""
    lengths = pc.fill_null(pc.list_value_length(array), 0)
    offsets = np.concatenate([[0], np.cumsum(lengths.to_numpy(zero_copy_only=False))])
    if pa.types.is_large_list(array.type):
        return pa.LargeListArray.from_arrays(pa.array(offsets, pa.int64()), values, mask=array.is_null())
    lists = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), values, mask=array.is_null())
    return lists.cast(pa.list_(values.type, array.type.list_size)) if pa.types.is_fixed_size_list(array.type) else lists


def _take(array: pa.Array, names: list[str], place: str) -> pa.Array:
    try:
        return pa.array(names, pa.string()).take(array)
    except (pa.ArrowIndexError, IndexError) as error:
        raise LabelError(
            f"The column {place!r} holds an id that none of its {len(names)} labels has.", "Build the release again."
        ) from error
