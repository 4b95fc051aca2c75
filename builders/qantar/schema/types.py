"""Builds the typed records (`msgspec` structs) of compiled shapes, and their stubs for type checkers."""

from __future__ import annotations

import keyword
import math
from collections.abc import Iterable
from typing import Annotated, Any, Literal

import msgspec

from qantar.errors import SettingsError
from qantar.schema.compile import kind, nullable
from qantar.schema.sources import Json

_META = {
    "pattern": "pattern", "minLength": "min_length", "maxLength": "max_length", "minItems": "min_length",
    "minimum": "ge", "maximum": "le",
}  # fmt: skip


class Types:
    """Struct types by title. Equal shapes share a type; two shapes must not share a title.

    Patterns are left to `qantar.schema.forms` unless asked for: in types they take most of the time of decoding.
    """

    def __init__(self, *, patterns: bool = False) -> None:
        self._limits = {key: name for key, name in _META.items() if patterns or key != "pattern"}
        self.by_title: dict[str, tuple[Json, type[msgspec.Struct]]] = {}

    def struct(self, node: Json) -> type[msgspec.Struct]:
        """The struct type of an object shape: frozen, closed, fields in schema order, absent optionals are None."""
        title = node.get("title")
        if title is None:
            raise SettingsError(f"An object with {sorted(node['properties'])} has no title.", "Titles name record types.")
        if title in self.by_title:
            known, found = self.by_title[title]
            if _bones(known) != _bones(node):
                raise SettingsError(f"Two different shapes are titled {title!r}.", "Rename one.")
            return found
        required = set(node.get("required", ()))
        fields = [self._field(key, body, key in required) for key, body in node["properties"].items()]
        # gc: frozen records are trees, never part of a circle; the garbage collector need not visit the many there are.
        made = msgspec.defstruct(
            title, fields, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False, module="qantar.records"
        )
        self.by_title[title] = (node, made)
        return made

    def _field(self, key: str, node: Json, required: bool) -> Any:
        if not key.isidentifier() or keyword.iskeyword(key):
            raise SettingsError(f"The field {key!r} is no identifier that a record can have.", "Rename it.")
        annotation = self.annotation(node)
        if required:
            return (key, annotation)
        return (key, annotation | None, None)

    def annotation(self, node: Json) -> Any:
        """The type annotation of any shape."""
        name = kind(node)
        if "enum" in node:
            inner: Any = Literal[tuple(label for label in node["enum"] if label is not None)] if node["enum"] else str
        elif name == "array":
            inner = tuple[self.annotation(node["items"]), ...]  # type: ignore[misc]
        elif name == "object":
            inner = self.struct(node)
        else:
            inner = {"string": str, "integer": int, "number": int | float, "boolean": bool}[name]
        limits = {name: node[key] for key, name in self._limits.items() if key in node}
        if limits and name == "number":
            inner = Annotated[int, msgspec.Meta(**_whole(limits))] | Annotated[float, msgspec.Meta(**limits)]
        elif limits:
            inner = Annotated[inner, msgspec.Meta(**(_whole(limits) if name == "integer" else limits))]
        return inner | None if nullable(node) else inner

    def stub(self) -> str:
        """A `.pyi` text with every type made so far, sorted by name."""
        lines = ["# Made by `qantar schema compile`; do not edit.", "", "import msgspec", ""]
        for title in sorted(self.by_title):
            lines += [*_stub_class(title, self.by_title[title][0]), ""]
        return "\n".join(lines).rstrip() + "\n"


def _whole(limits: dict[str, Any]) -> dict[str, Any]:
    """Bounds of numbers as bounds of whole numbers."""
    return {key: math.ceil(limit) if key == "ge" else math.floor(limit) for key, limit in limits.items()}


def _bones(node: Any) -> Any:
    """The shape without its words, to compare two shapes."""
    if isinstance(node, dict):
        return {key: _bones(body) for key, body in node.items() if key not in ("description", "title", "examples", "x-form")}
    return node


def _stub_class(title: str, node: Json) -> Iterable[str]:
    yield f"class {title}(msgspec.Struct, frozen=True, kw_only=True):"
    required = set(node.get("required", ()))
    for key, body in node["properties"].items():
        yield f"    {key}: {_stub_type(body)}" if key in required else f"    {key}: {_optional(_stub_type(body))} = ..."


def _optional(name: str) -> str:
    return name if name.endswith("| None") else f"{name} | None"


def _stub_type(node: Json) -> str:
    name = kind(node)
    if name == "array":
        found = f"tuple[{_stub_type(node['items'])}, ...]"
    elif name == "object":
        found = node["title"]
    else:
        found = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}[name]
    return _optional(found) if nullable(node) else found
