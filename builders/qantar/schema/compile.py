"""Compiles source schemas into flat, closed, self-contained ones that any validator decides alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from qantar.errors import SettingsError
from qantar.schema.ontology import Ontology
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
_DROPPED = frozenset({"$schema", "$defs"})


class Compiler:
    """Compiles the schemas of one set of sources under one ontology."""

    def __init__(self, schemas: Mapping[str, Json], ontology: Ontology) -> None:
        self.schemas = schemas
        self.ontology = ontology

    def shape(self, name: str, schema: Json | None = None) -> Json:
        """A source schema with references, labels and patterns resolved and objects closed; custom keywords and examples stay."""
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

    def _resolve(self, node: Json, file: str, seen: tuple[str, ...]) -> Json:
        unknown = node.keys() - KEYWORDS
        if unknown:
            raise SettingsError(f"Schema {file!r} uses {sorted(unknown)}.", f"Only these keywords are supported: {sorted(KEYWORDS)}.")
        if "$ref" in node:
            return self._reference(node, file, seen)
        out = {key: body for key, body in node.items() if key not in _DROPPED}
        if "pattern" in out:
            out["pattern"] = _strict_end(out["pattern"])
        if "properties" in out:
            out["properties"] = {key: self._resolve(body, file, seen) for key, body in out["properties"].items()}
            out["additionalProperties"] = False
        if "items" in out:
            out["items"] = self._resolve(out["items"], file, seen)
        if "$defs" not in node:
            _demand_parts(out, file)
        if "x-labels" in out:
            out["enum"] = [*self.ontology.labels(out["x-labels"]), *([None] if nullable(out) else [])]
        elif "x-roles" in out:
            out["enum"] = list(self.ontology.roles())
        return out

    def _reference(self, node: Json, file: str, seen: tuple[str, ...]) -> Json:
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
        return self._resolve({**found, **siblings}, name, (*seen, key))

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
    if "x-date" in node and kind(node) != "string":
        raise SettingsError(f"Schema {file!r}: {node.get('description', 'a shape')!r} is a date, but no string.", "Dates are strings.")
    for name, body in node.get("properties", {}).items():
        dated = body.get("x-precision-of")
        if dated is not None and "x-date" not in node["properties"].get(dated, {}):
            raise SettingsError(f"Schema {file!r}: {name!r} is the precision of {dated!r}, which is no date.", "Name a field with x-date.")
    lost = [name for name in node.get("required", ()) if name not in node["properties"]] if kind(node) == "object" else []
    if lost:
        raise SettingsError(f"Schema {file!r} requires {lost[0]!r}, which it does not describe.", "Describe it, or do not require it.")


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
    inner = re.sub(r"\\[^A-Za-z0-9]", "", pattern[1:-1])  # escaped signs mean themselves everywhere
    flat = re.sub(r"\[[^\]]*\]", "", inner)
    depth_0 = flat
    while (shorter := re.sub(r"\([^()]*\)", "", depth_0)) != depth_0:
        depth_0 = shorter
    anchored = pattern.startswith("^") and pattern.endswith("$") and not pattern.endswith(r"\$")
    if not anchored or "\\" in inner or re.search(r"[$^]", flat) or "|" in depth_0:
        raise SettingsError(
            f"The pattern {pattern!r} is not portable.", "Anchor it once with ^ and $, group alternatives, and spell classes in ASCII."
        )
    try:
        re.compile(pattern)
    except re.error as error:
        raise SettingsError(f"The pattern {pattern!r} is broken: {error}.", "Correct it.") from error
    return pattern + r"(?!\n)"
