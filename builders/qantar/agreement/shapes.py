"""What of a layer is compared, read off its schema: labels, attributes, references, parts; so a corpus's own layers are compared too."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

from qantar.document import leaves
from qantar.schema.registry import Registry

#: What a record says of itself and of its making; borders are compared as such.
_APART = frozenset({"id", "spans", "quote", "start", "end", "note", "ignore", "chain"})
Rename = Callable[[str], str]
Signature = dict[str, Hashable]


@dataclass(frozen=True, slots=True)
class Part:
    """A list of smaller places in each record, as the tokens of a sentence: its field, its label fields, and its other fields."""

    field: str
    labels: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields of a layer's records, in schema order, by how they are compared.

    `label`: the first field of labels, by which records are counted. `labels`, `others`: fields of labels, and others without
    references. `references`: fields that hold one id each, `lists`: several. `content`: a list of spans that is not quoted.
    """

    name: str
    anchor: str
    label: str | None
    labels: tuple[str, ...]
    others: tuple[str, ...]
    references: tuple[str, ...]
    lists: tuple[str, ...]
    content: str | None
    parts: tuple[Part, ...]
    arguments: tuple[tuple[str, str, str], ...]
    chained: bool
    paths: tuple[tuple[str, ...], ...]

    @property
    def plain(self) -> tuple[str, ...]:
        """The fields without references."""
        return (*self.labels, *self.others)

    def signature(self, record: Any, rename: Rename) -> Signature:
        """What a record says, but for its place and its chain: by field, with references renamed; the order of lists does not count."""
        return {name: self.value(record, name, rename) for name in (*self.plain, *self.references, *self.lists, *self._nested())}

    def value(self, record: Any, field: str, rename: Rename) -> Hashable:
        """One field of it."""
        value = msgspec.to_builtins(getattr(record, field))
        for path in self.paths:
            if path[0] == field:
                value = _renamed(value, path[1:], rename)
        return _hashable(value)

    def _nested(self) -> tuple[str, ...]:
        named = (
            *(field for field, _, _ in self.arguments),
            *((self.content,) if self.content else ()),
            *(part.field for part in self.parts),
        )
        return tuple(dict.fromkeys((*named, *(path[0] for path in self.paths if path[0] not in (*self.references, *self.lists)))))


@lru_cache(maxsize=256)
def shape_of(registry: Registry, layer: str) -> Shape:
    """The shape of a layer of a corpus."""
    node = registry.shapes[f"layers/{layer}"]
    fields: Mapping[str, Any] = node["properties"]
    paths = tuple(path for name, path, _, _ in registry.references if name == layer)
    content = node.get("x-content")
    parts = tuple(_part(name, body) for name, body in fields.items() if name not in (*_APART, content) and _is_part(body))
    arguments = tuple((field, role, target) for name, field, role, target in registry.arguments if name == layer)
    taken = {*_APART, content, *(part.field for part in parts), *(path[0] for path in paths)}
    plain = [name for name in fields if name not in taken]
    labels = tuple(name for name in plain if "x-labels" in fields[name])
    return Shape(
        layer,
        node["x-anchor"],
        labels[0] if labels else None,
        labels,
        tuple(name for name in plain if name not in labels),
        tuple(path[0] for path in paths if len(path) == 1),
        tuple(path[0] for path in paths if path[1:] == ("*",)),
        content,
        parts,
        arguments,
        "chain" in fields,
        paths,
    )


def as_named(name: str) -> str:
    """The `Rename` of the side of A, whose records are called by their own ids."""
    return name


def fragments(record: Any) -> tuple[tuple[int, int], ...]:
    """The places of a record: its spans, or its start and end; of one without a place, nothing."""
    if hasattr(record, "spans"):
        return tuple((span.start, span.end) for span in record.spans)
    return ((record.start, record.end),) if hasattr(record, "start") else ()


def targets(record: Any, shape: Shape) -> list[str]:
    """The ids that a record points to, in the order of its fields."""
    return [target for path in shape.paths for target in leaves((record,), path) if target is not None]


def _is_part(node: Mapping[str, Any]) -> bool:
    return {"start", "end"} <= set(node.get("items", {}).get("required", ()))


def _part(name: str, node: Mapping[str, Any]) -> Part:
    fields = {key: body for key, body in node["items"]["properties"].items() if key not in _APART}
    labels = tuple(key for key, body in fields.items() if "x-labels" in body)
    return Part(name, labels, tuple(key for key in fields if key not in labels))


def _renamed(value: Any, path: tuple[str, ...], rename: Rename) -> Any:
    if value is None:
        return None
    if not path:
        return rename(value)
    if path[0] == "*":
        return [_renamed(item, path[1:], rename) for item in value]
    return {**value, path[0]: _renamed(value.get(path[0]), path[1:], rename)}


def _hashable(value: Any) -> Hashable:
    """A JSON value that can be counted: lists as their sorted items, objects as their text."""
    if isinstance(value, list | tuple):
        return tuple(sorted(msgspec.json.encode(item, order="sorted").decode() for item in value))
    return msgspec.json.encode(value, order="sorted").decode() if isinstance(value, dict) else value
