"""Derives Arrow schemas and Hugging Face features from compiled shapes."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from qantar.errors import SettingsError
from qantar.schema.compile import kind, nullable
from qantar.schema.sources import Json

_SCALARS = {"string": pa.string(), "number": pa.float64(), "boolean": pa.bool_()}
_INTEGERS = {"int32": pa.int32(), "int64": pa.int64()}


def arrow_type(node: Json, *, encoded: bool) -> pa.DataType:
    """Arrow type of a compiled shape; `encoded` turns class labels into int64 ids, else they stay strings."""
    name = kind(node)
    if encoded and node.get("x-class-label"):
        return pa.int64()
    if name == "integer":
        return _INTEGERS[node.get("x-arrow", "int32")]
    if name in _SCALARS:
        return _SCALARS[name]
    if name == "array":
        return pa.list_(arrow_type(node["items"], encoded=encoded))
    if name == "object" and "properties" in node:
        return pa.struct(_fields(node, encoded=encoded))
    raise SettingsError(f"A shape of type {name!r} has no Arrow type.", "Give objects `properties`.")


def arrow_schema(node: Json, *, encoded: bool) -> pa.Schema:
    """Arrow schema of a row shape. Every field is nullable: what is required is the validator's business."""
    return pa.schema(_fields(node, encoded=encoded))


def covers(own: pa.DataType, kept: pa.DataType) -> bool:
    """Whether a type has all that another has: structs may hold more fields, in any order."""
    if pa.types.is_struct(kept):
        names = {own.field(i).name for i in range(own.num_fields)} if pa.types.is_struct(own) else set()
        return all(
            kept.field(i).name in names and covers(own.field(kept.field(i).name).type, kept.field(i).type) for i in range(kept.num_fields)
        )
    if pa.types.is_list(kept):
        return bool(pa.types.is_list(own)) and covers(own.value_type, kept.value_type)
    return bool(own == kept)


def _fields(node: Json, *, encoded: bool) -> list[pa.Field]:
    return [pa.field(key, arrow_type(body, encoded=encoded)) for key, body in node["properties"].items()]


def features(node: Json) -> dict[str, Any]:
    """The features of a row shape as `datasets.Features.from_dict` takes them, without importing `datasets`.

    A list is a JSON array of one, which versions before 4.0 know too: they have no feature called List.
    """
    return {key: _feature(body) for key, body in node["properties"].items()}


def _feature(node: Json) -> Any:
    if node.get("x-class-label"):
        return {"names": class_names(node), "_type": "ClassLabel"}
    name = kind(node)
    if name == "array":
        return [_feature(node["items"])]
    if name == "object":
        return features(node)
    dtype = node.get("x-arrow", "int32") if name == "integer" else {"number": "float64", "boolean": "bool"}.get(name, name)
    return {"dtype": dtype, "_type": "Value"}


def yaml_features(node: Json) -> list[dict[str, Any]]:
    """The `dataset_info.features` of a card: the grammar of reference `datasets` 5, also read by 3.6 and 4.0."""
    return [{"name": key, **_yaml_feature(body)} for key, body in node["properties"].items()]


def _yaml_feature(node: Json) -> dict[str, Any]:
    name = kind(node)
    if node.get("x-class-label"):
        return {"dtype": {"class_label": {"names": {str(i): label for i, label in enumerate(class_names(node))}}}}
    if name == "object":
        return {"struct": yaml_features(node)}
    if name == "array":
        inner = _yaml_feature(node["items"])
        return {"list": inner.get("struct", inner.get("dtype", inner))}
    return {"dtype": _feature(node)["dtype"]}


def class_names(node: Json) -> list[str]:
    """Label names of a class label, in id order."""
    return [label for label in node["enum"] if label is not None]


__all__ = ["arrow_schema", "arrow_type", "class_names", "covers", "features", "nullable", "yaml_features"]
