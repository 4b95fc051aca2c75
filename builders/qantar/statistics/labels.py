"""Counts the labels of records, whatever fields a schema marks as labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from qantar.document import follow
from qantar.schema.registry import Registry
from qantar.statistics.counts import LabelCounts


class Labels:
    """Counts of every label field of one shape. A field is called by its path: `type`, `arguments.role`."""

    def __init__(self, registry: Registry, shape: str) -> None:
        self._fields = registry.label_fields(shape)
        self._counts: list[Counter[str]] = [Counter() for _ in self._fields]

    def add(self, record: Any) -> None:
        """Counts the labels of a record; a field that is absent counts nothing."""
        for (path, _, _), counter in zip(self._fields, self._counts, strict=True):
            counter.update(label for _, label in follow(record, path) if label is not None)

    def counts(self) -> dict[str, LabelCounts]:
        """The counts so far, fields in schema order."""
        return {
            ".".join(step for step in path if step != "*"): LabelCounts(name, len(labels), ordered(labels, counter))
            for (path, name, labels), counter in zip(self._fields, self._counts, strict=True)
        }


def ordered(labels: Iterable[str], found: Mapping[str, int]) -> dict[str, int]:
    """What was found, in label-id order; what is no label of the set, sorted, at the end."""
    known = [label for label in labels if label in found]
    return {label: found[label] for label in (*known, *sorted(found.keys() - set(known)))}


def zone_kinds(registry: Registry) -> tuple[str, ...]:
    """The kinds of zones, in label-id order."""
    fields = registry.label_fields("layers/segments") if "segments" in registry.layers else ()
    return next((labels for path, _, labels in fields if path == ("kind",)), ())


def zone_kind(zone: Any) -> str | None:
    """The kind of a zone; None where there is no zone, or a corpus's own zones have no kinds."""
    kind: str | None = getattr(zone, "kind", None)
    return kind


def token_fields(registry: Registry) -> tuple[str, ...]:
    """The fields that tokens of sentences can have; none in a corpus without tokens."""
    sentence = registry.shapes.get("layers/sentences", {}).get("properties", {})
    return tuple(sentence.get("tokens", {}).get("items", {}).get("properties", ()))
