"""Compiles source schemas into flat, closed, self-contained ones that any validator decides alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from qantar.decode import MAX_DEPTH
from qantar.errors import SettingsError
from qantar.schema.ontology import Ontology
from qantar.schema.patterns import refusal
from qantar.schema.sources import Json

DIALECT = "https://json-schema.org/draft/2020-12/schema"
#: Keywords that a source schema may use; others would mean different things to the types, Arrow and validators.
KEYWORDS = frozenset(
    [
        "$schema",
        "$ref",
        "$defs",
        "title",
        "description",
        "type",
        "properties",
        "required",
        "items",
        "enum",
        "pattern",
        "minLength",
        "maxLength",
        "minItems",
        "minimum",
        "maximum",
        "examples",
        "x-labels",
        "x-roles",
        "x-refers",
        "x-acyclic",
        "x-class-label",
        "x-arrow",
        "x-anchor",
        "x-prefix",
        "x-content",
        "x-extent",
        "x-layers",
        "x-form",
        "x-date",
        "x-precision-of",
    ]
)
#: Keywords that bound values, and of which types.
_BOUNDS = {
    "pattern": ("string",), "minLength": ("string",), "maxLength": ("string",), "minItems": ("array",),
    "minimum": ("integer", "number"), "maximum": ("integer", "number"),
}  # fmt: skip
#: The greatest whole number of 64 bits.
_FARTHEST = 2**63 - 1
#: Parts of a schema with its references written out.
MAX_PARTS = 10_000
_DROPPED = frozenset({"$schema", "$defs"})


class Compiler:
    """Compiles the schemas of one set of sources under one ontology."""

    def __init__(self, schemas: Mapping[str, Json], ontology: Ontology) -> None:
        self.schemas = schemas
        self.ontology = ontology
        self._parts = 0

    def shape(self, name: str, schema: Json | None = None) -> Json:
        """A source schema with references, labels and patterns resolved and objects closed; custom keywords and examples stay."""
        self._parts = 0
        return self._resolve(self.schemas[name] if schema is None else schema, name, ())

    def document(self, layers: Iterable[str]) -> Json:
        """The native Document with its layers; roles are tied to event types."""
        source = self.schemas["document"]
        shape = self.shape("document")
        for layer in layers:
            description = self.schemas[f"layers/{layer}"]["description"]
            items = self.shape(f"layers/{layer}")
            shape["properties"][layer] = {"description": description, "type": ["array", "null"], "items": items}
        shape["title"] = source["title"]
        return shape

    def public(self, shape: Json) -> Json:
        """The form for plain validators: conditions for roles added, custom keywords and examples gone."""
        return {"$schema": DIALECT, **self._publish(shape)}

    def _resolve(self, node: Json, file: str, seen: tuple[str, ...], depth: int = 0) -> Json:
        self._parts += 1
        if self._parts > MAX_PARTS or depth > MAX_DEPTH:
            what = f"it nests deeper than {MAX_DEPTH}" if depth > MAX_DEPTH else f"it has more than {MAX_PARTS:,} parts"
            raise SettingsError(
                f"Schema {file!r} is too large: with its references written out, {what}.", "Flatten it, or split the layer."
            )
        unknown = node.keys() - KEYWORDS
        if unknown:
            raise SettingsError(f"Schema {file!r} uses {sorted(unknown)}.", f"Only these keywords are supported: {sorted(KEYWORDS)}.")
        if "$ref" in node:
            return self._reference(node, file, seen, depth + 1)
        out = {key: body for key, body in node.items() if key not in _DROPPED}
        if "pattern" in out:
            out["pattern"] = _strict_end(out["pattern"])
        if "properties" in out:
            out["properties"] = {key: self._resolve(body, file, seen, depth + 1) for key, body in out["properties"].items()}
            out["additionalProperties"] = False
        if "items" in out:
            out["items"] = self._resolve(out["items"], file, seen, depth + 1)
        if "$defs" not in node or "type" in node:  # a file of definitions alone is no shape
            _demand_parts(out, file)
        if "x-labels" in out:
            out["enum"] = [*self.ontology.labels(out["x-labels"]), *([None] if nullable(out) else [])]
        elif "x-roles" in out:
            out["enum"] = list(self.ontology.roles())
        return out

    def _reference(self, node: Json, file: str, seen: tuple[str, ...], depth: int) -> Json:
        target, _, pointer = node["$ref"].partition("#/$defs/")
        name = target.removeprefix("../").removesuffix(".schema.json") or file
        key = f"{name}#{pointer}"
        if key in seen:
            raise SettingsError(f"Schema {file!r}: the reference {node['$ref']!r} is circular.", "Shapes are finite trees.")
        try:
            found = self.schemas[name]["$defs"][pointer]
        except KeyError:
            raise SettingsError(
                f"Schema {file!r}: {node['$ref']!r} leads nowhere.", "Only definitions inside the schema folder can be used."
            ) from None
        siblings = {key: body for key, body in node.items() if key != "$ref"}
        return self._resolve({**found, **siblings}, name, (*seen, key), depth)

    def _publish(self, node: Json) -> Json:
        out = {key: body for key, body in node.items() if key != "examples" and not key.startswith("x-")}
        if "properties" in out:
            out["properties"] = {key: self._publish(body) for key, body in out["properties"].items()}
            if "role" in _item_properties(node, "arguments"):
                out["allOf"] = list(self._conditions("type" in _item_properties(node, "arguments")))
        if "items" in out:
            out["items"] = self._publish(out["items"])
        return out

    def _conditions(self, with_fillers: bool) -> Iterable[Json]:
        """One `if/then` per event type; `with_fillers` adds one per role, for rows that carry the filler's type."""
        for event in self.ontology.events.values():
            items: Json = {"properties": {"role": {"enum": sorted(event.roles)}}}
            if with_fillers:
                items["allOf"] = [
                    _if("role", role, {"properties": {"type": {"enum": sorted(self.ontology.fillers(event.name, role))}}})
                    for role in sorted(event.roles)
                ]
            yield _if("type", event.name, {"properties": {"arguments": {"items": items}}})


def _demand_parts(node: Json, file: str) -> None:
    """What every resolved shape must have, whoever wrote it."""
    parts = {"array": ("items",), "object": ("properties", "title")}
    for part in ("type", *(parts.get(kind(node), ()) if "type" in node else ())):
        if part not in node:
            raise SettingsError(f"Schema {file!r}: {node.get('description', 'a shape')!r} has no `{part}`.", f"Add `{part}`.")
    _demand_fitting(node, file)
    if "x-date" in node and kind(node) != "string":
        raise SettingsError(f"Schema {file!r}: {node.get('description', 'a shape')!r} is a date, but no string.", "Dates are strings.")
    for name, body in node.get("properties", {}).items():
        dated = body.get("x-precision-of")
        if dated is not None and "x-date" not in node["properties"].get(dated, {}):
            raise SettingsError(f"Schema {file!r}: {name!r} is the precision of {dated!r}, which is no date.", "Name a field with x-date.")
    lost = [name for name in node.get("required", ()) if name not in node["properties"]] if kind(node) == "object" else []
    if lost:
        raise SettingsError(f"Schema {file!r} requires {lost[0]!r}, which it does not describe.", "Describe it, or do not require it.")


def _demand_fitting(node: Json, file: str) -> None:
    """Keywords stand with the type that they bound, and bounds are numbers that records and columns can hold."""
    for keyword, kinds in _BOUNDS.items():
        if keyword in node and kind(node) not in kinds:
            raise SettingsError(f"Schema {file!r}: `{keyword}` says nothing of the type {kind(node)!r}.", f"It bounds: {', '.join(kinds)}.")
        if keyword in node and keyword != "pattern" and abs(node[keyword]) > _FARTHEST:
            raise SettingsError(
                f"Schema {file!r}: `{keyword}` is {node[keyword]}.", f"Bounds lie between -{_FARTHEST:,} and {_FARTHEST:,}."
            )


def _if(key: str, label: str, then: Json) -> Json:
    return {"if": {"properties": {key: {"const": label}}, "required": [key]}, "then": then}


def _item_properties(node: Json, key: str) -> Json:
    found: Json = node["properties"].get(key, {}).get("items", {}).get("properties", {})
    return found


def nullable(node: Mapping[str, Any]) -> bool:
    """Whether the schema allows null."""
    return isinstance(node.get("type"), list) and "null" in node["type"]


def kind(node: Mapping[str, Any]) -> str:
    """The one JSON type beside null."""
    types = node["type"] if isinstance(node["type"], list) else [node["type"]]
    rest = [name for name in types if name != "null"]
    if len(rest) != 1:
        raise SettingsError(f"The type {node['type']} is a union.", "Only unions with null are supported.")
    found: str = rest[0]
    return found


def _strict_end(pattern: str) -> str:
    # Python's `$` also matches before a final newline, Rust's and ECMAScript's do not: make them agree.
    if refused := refusal(pattern):
        raise SettingsError(f"The pattern {pattern!r} {refused[0]}.", refused[1])
    return pattern + r"(?!\n)"
