"""One corpus's contract: compiled shapes, record types, ontology; built from sources, layers and languages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from qantar.errors import SettingsError, UnknownName
from qantar.schema.compile import Compiler, kind
from qantar.schema.explain import Explainer
from qantar.schema.forms import Forms
from qantar.schema.ontology import Ontology
from qantar.schema.sources import Json, Sources
from qantar.schema.types import Types

if TYPE_CHECKING:
    import pyarrow as pa

    from qantar.problems import Problem
    from qantar.records import Document

#: Files of the records that span documents, by the stem of their name.
ACROSS = ("clusters", "alignments", "links")
#: The same, and the gazetteer.
CORPUS_FILES = (*ACROSS, "gazetteer")
_KEPT = "Tables read it: keep the package's fields, add your own beside them; or give the layer another name."
FRAMES = "The events rows of one document, labels as names: what `qantar export frames` writes."
#: The layers that say which language a span is in, and their anchor: a corpus's own schema of them must do so too.
_OF_LANGUAGE = {"segments": "partition", "languages": "spans"}

#: Keywords of a string that is not free: a label, a reference, or of a form.
_SET = frozenset(["enum", "pattern", "x-refers", "x-roles"])


class Registry:
    """What a corpus may hold. Cheap to rebuild in another process: it pickles as its sources."""

    def __init__(self, sources: Sources, layers: Iterable[str], languages: Iterable[str]) -> None:
        self.sources = sources
        self.layers = tuple(layers)
        self.languages = tuple(languages)
        known = sources.layers()
        for layer in self.layers:
            if layer not in known:
                raise UnknownName("layer", layer, known)
        self.ontology = Ontology(sources.ontology, sources.codes, self.languages)
        self.compiler = Compiler(sources.schemas, self.ontology)
        for layer in self.layers:
            with _named(layer):
                self.compiler.shape(f"layers/{layer}")
        self.shapes: dict[str, Json] = {"document": self.compiler.document(self.layers)}
        self.shapes["tables/documents"] = self.shapes["document"]
        for name in sources.schemas:
            if name.startswith(("corpus/", "tables/")):
                self.shapes[name] = self.compiler.shape(name)
        self.shapes["frames"] = {"title": "Frames", "description": FRAMES, "type": "array", "items": self.shapes["tables/events"]}
        for layer in self.layers:
            self.shapes[f"layers/{layer}"] = self.shapes["document"]["properties"][layer]["items"]
        self._check_layers()

    def __reduce__(self) -> tuple[Any, ...]:
        return (Registry, (self.sources, self.layers, self.languages))

    @cached_property
    def types(self) -> Types:
        """Record types of every shape that input files hold."""
        types = Types()
        types.struct(self.shapes["document"])
        for name in ("documents", *CORPUS_FILES):
            types.struct(self.shapes[f"corpus/{name}"])
        return types

    @cached_property
    def document_type(self) -> type[Document]:
        """The struct type of this corpus's documents."""
        return self.types.struct(self.shapes["document"])  # type: ignore[return-value]

    def record_type(self, name: str) -> type[msgspec.Struct]:
        """Struct type of a shape: `layers/events`, `corpus/links`."""
        return self.types.struct(self.shapes[name])

    def records(self, layer: str, values: Iterable[Any]) -> tuple[Any, ...]:
        """Records of a layer from plain values, or from records of another contract. Raises msgspec.ValidationError."""
        return tuple(self.converted(f"layers/{layer}", msgspec.to_builtins(value)) for value in values)

    def converted(self, name: str, value: object) -> Any:
        """The record of a shape that a JSON value is. Raises msgspec.ValidationError."""
        record = msgspec.convert(value, self.record_type(name))
        for text, pattern in self.forms(name).misfits(record):
            raise msgspec.ValidationError(f"Expected `str` matching regex {pattern!r}, got {text!r}")
        return record

    def forms(self, name: str) -> Forms:
        """The patterns of a shape, which its record type does not hold."""
        if name not in self._forms:
            self._forms[name] = Forms((path, node["pattern"]) for path, node in _walk(self.shapes[name], ()) if "pattern" in node)
        return self._forms[name]

    @cached_property
    def _forms(self) -> dict[str, Forms]:
        return {}

    @cached_property
    def _explainers(self) -> dict[str, Explainer]:
        return {}

    def public(self, name: str) -> Json:
        """The shape for plain validators, for instance `document` or `frames`."""
        return self.compiler.public(self.shapes[name])

    def explain(self, name: str, value: object) -> Iterator[Problem]:
        """Why a JSON value does not have the shape; nothing where it has."""
        if name not in self._explainers:
            unused = set(self.sources.layers()) - set(self.layers) if name == "document" else ()
            self._explainers[name] = Explainer(self.public(name), self.shapes[name], self.ontology, self.sources.origins, unused=unused)
        return self._explainers[name].problems(value)

    @cached_property
    def native_schema(self) -> pa.Schema:
        """Arrow schema of native documents: labels are strings."""
        from qantar.schema.derive import arrow_schema

        return arrow_schema(self.shapes["document"], encoded=False)

    def table_schema(self, name: str) -> pa.Schema:
        """Arrow schema of a table, with the features that `datasets` reads under the key `huggingface`."""
        from qantar.schema.derive import arrow_schema, features

        shape = self.shapes[f"tables/{name}"]
        info = json.dumps({"info": {"features": features(shape)}}, ensure_ascii=False)
        return arrow_schema(shape, encoded=True).with_metadata({"huggingface": info})

    @cached_property
    def references(self) -> tuple[tuple[str, tuple[str, ...], frozenset[str], bool], ...]:
        """Every field that points to records: (layer, path with `*` for items, layers it may point into, acyclic)."""
        found: list[tuple[str, tuple[str, ...], frozenset[str], bool]] = []
        for layer in self.layers:
            for path, node in _walk(self.shapes[f"layers/{layer}"], ()):
                if "x-refers" in node:
                    found.append((layer, path, frozenset(node["x-refers"]), bool(node.get("x-acyclic"))))
        return tuple(found)

    @cached_property
    def arguments(self) -> tuple[tuple[str, str, str, str], ...]:
        """Every list of a role and a target: (layer, its field, the name of the role in an item, that of the target)."""
        found = []
        for layer in self.layers:
            for field, node in self.shapes[f"layers/{layer}"]["properties"].items():
                parts = node.get("items", {}).get("properties", {})
                roles = [key for key, part in parts.items() if "x-roles" in part]
                targets = [key for key, part in parts.items() if "x-refers" in part]
                if len(roles) == len(targets) == 1:
                    found.append((layer, field, roles[0], targets[0]))
        return tuple(found)

    @cached_property
    def dates(self) -> tuple[tuple[str, tuple[str, ...], str], ...]:
        """Every field that holds dates: (shape, path with `*` for items, kind). Fields of layers stand under `layers/<layer>`."""
        return tuple((shape, path, node["x-date"]) for shape, path, node in self._fields() if "x-date" in node)

    @cached_property
    def precisions(self) -> tuple[tuple[str, tuple[str, ...], str], ...]:
        """Every field that says how exact a date beside it is: (shape, path with `*` for items, name of the date)."""
        return tuple((shape, path, node["x-precision-of"]) for shape, path, node in self._fields() if "x-precision-of" in node)

    @cached_property
    def typed(self) -> tuple[tuple[str | None, tuple[str, ...]], ...]:
        """Every field of documents and layers that holds words as somebody typed them: (layer, None for the document; path)."""
        found = []
        for shape, path, node in self._fields():
            plain = "string" in (node.get("type"), *(node["type"] if isinstance(node.get("type"), list) else ()))
            if plain and not _SET.intersection(node) and path[-1] not in ("text", "file", "quote") and not shape.startswith("corpus/"):
                found.append((None if shape == "document" else shape.removeprefix("layers/"), path))
        return tuple(found)

    def _fields(self) -> Iterator[tuple[str, tuple[str, ...], Mapping[str, Any]]]:
        """Every field of documents, layers and the files across documents, each once."""
        for path, node in _walk(self.shapes["document"], ()):
            if path and path[0] not in self.layers:
                yield "document", path, node
        for name in (*(f"layers/{layer}" for layer in self.layers), *(f"corpus/{name}" for name in CORPUS_FILES)):
            yield from ((name, path, node) for path, node in _walk(self.shapes[name], ()))

    def label_fields(self, name: str) -> tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...]:
        """Every field of a shape that holds labels: (path with `*` for items, label set, labels in label-id order).

        Roles are labels too; their set is called `role`.
        """
        found = [(path, node) for path, node in _walk(self.shapes[name], ()) if "x-labels" in node or "x-roles" in node]
        return tuple(
            (path, node.get("x-labels", "role"), tuple(label for label in node["enum"] if label is not None)) for path, node in found
        )

    def anchored(self) -> tuple[str, ...]:
        """Layers whose records have spans and a quote."""
        return self._anchored

    @cached_property
    def _anchored(self) -> tuple[str, ...]:
        return tuple(layer for layer in self.layers if self.shapes[f"layers/{layer}"].get("x-anchor") == "spans")

    @cached_property
    def extents(self) -> dict[str, str]:
        """What records of a layer cover, by the name of the layer: `x-extent`, where it is stated."""
        shapes = {layer: self.shapes[f"layers/{layer}"] for layer in self.anchored()}
        return {layer: shape["x-extent"] for layer, shape in shapes.items() if "x-extent" in shape}

    def numbers(self, name: str) -> tuple[tuple[str, ...], ...]:
        """Path, with `*` for items, of every field of a shape that may hold numbers with a fraction."""
        return tuple(path for path, node in _walk(self.shapes[name], ()) if kind(node) == "number")

    @cached_property
    def span_fields(self) -> dict[str, tuple[str, ...]]:
        """The fields of each layer's records that are lists of spans."""
        shapes = {layer: self.shapes[f"layers/{layer}"] for layer in self.layers}
        own = {layer: ("spans",) if shape.get("x-anchor") == "spans" else () for layer, shape in shapes.items()}
        return {layer: (*own[layer], *([str(shape["x-content"])] if "x-content" in shape else ())) for layer, shape in shapes.items()}

    @cached_property
    def excusing(self) -> tuple[str, ...]:
        """Layers whose records may be excused from rules."""
        return tuple(layer for layer in self.layers if "ignore" in self.shapes[f"layers/{layer}"]["properties"])

    @cached_property
    def partitions(self) -> tuple[str, ...]:
        """Layers whose records have a start and an end of their own."""
        return tuple(layer for layer in self.layers if self.shapes[f"layers/{layer}"]["x-anchor"] == "partition")

    @cached_property
    def digest(self) -> str:
        """SHA-256 over everything that decides shapes and labels."""
        parts = {"schemas": self.sources.schemas, "ontology": self.sources.ontology, "codes": self.sources.codes}
        settings = {"layers": self.layers, "languages": self.languages}
        return hashlib.sha256(json.dumps([parts, settings], sort_keys=True).encode()).hexdigest()

    def _check_layers(self) -> None:
        for layer in self.layers:
            shape = self.shapes[f"layers/{layer}"]
            if shape["properties"].get("id", {}).get("type") != "string":
                raise SettingsError(f"The layer {layer!r} has no `id`.", "Every record needs one.")
            if shape.get("x-anchor") not in ("spans", "partition", "none"):
                raise SettingsError(f"The layer {layer!r} has no x-anchor.", "Say spans, partition or none.")
            if layer in self.sources.schemas["document"]["properties"]:
                raise SettingsError(f"The layer {layer!r} is named like a field of the document.", "Rename it.")
            if shape["x-anchor"] != _OF_LANGUAGE.get(layer, shape["x-anchor"]):
                raise SettingsError(f"The layer {layer!r} has the x-anchor {shape['x-anchor']!r}.", f"It must be {_OF_LANGUAGE[layer]!r}.")
            fields: tuple[str, ...] = {"spans": ("spans", "quote"), "partition": ("start", "end"), "none": ()}[shape["x-anchor"]]
            fields += ("lang",) if layer in _OF_LANGUAGE else ()
            for name in (*fields, *([shape["x-content"]] if "x-content" in shape else ())):
                if name not in shape["properties"] or (name in fields and name not in shape.get("required", ())):
                    raise SettingsError(f"The layer {layer!r} has no required field {name!r}, which it needs.", "Describe and require it.")
            reserved = {"none": ("spans", "start", "end"), "partition": ("spans",), "spans": ()}[shape["x-anchor"]]
            if taken := [name for name in reserved if name in shape["properties"]]:
                raise SettingsError(
                    f"The layer {layer!r} has a field {taken[0]!r}, which x-anchor {shape['x-anchor']!r} does not know.", "Rename it."
                )
            with _named(layer):
                self.types.struct(shape)
                self._check_kept(layer)
            unknown = {name for _, node in _walk(shape, ()) for name in node.get("x-refers", ())} - set(self.sources.layers())
            if unknown:
                raise SettingsError(f"The layer {layer!r} refers to {sorted(unknown)}, which are no layers.", "Correct x-refers.")

    def _check_kept(self, layer: str) -> None:
        """An own schema in place of the package's keeps its fields, which tables and rules read, and their types."""
        name = f"layers/{layer}"
        if name not in self.sources.replaced:
            return
        from qantar.schema.derive import arrow_type, covers

        package = Compiler({**self.sources.schemas, **self.sources.replaced}, self.ontology).shape(name)
        own = self.shapes[name]["properties"]
        for field, node in package["properties"].items():
            kept = arrow_type(node, encoded=False)
            if field not in own or not covers(arrow_type(own[field], encoded=False), kept):
                raise SettingsError(f"It has no field {field!r} of type {kept}, as the package's schema has.", _KEPT)


@contextmanager
def _named(layer: str) -> Iterator[None]:
    """Names the layer in errors of its schema."""
    try:
        yield
    except (SettingsError, UnknownName) as error:
        raise SettingsError(f"The schema of layer {layer!r}: {error.fact}", error.remedy) from error


def _walk(node: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    yield path, node
    for key, body in node.get("properties", {}).items():
        yield from _walk(body, (*path, key))
    if "items" in node:
        yield from _walk(node["items"], (*path, "*"))
