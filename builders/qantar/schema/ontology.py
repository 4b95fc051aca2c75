"""Labels and roles: which exist, in which order, and what may fill a role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from qantar.errors import SettingsError, UnknownName
from qantar.schema.sources import Json, stated_sets

ANY_EVENT = "EVENT-FRAME"


@dataclass(frozen=True, slots=True)
class EventType:
    """An event type: `roles` maps each role, the common ones included, to the fillers it takes."""

    name: str
    roles: Mapping[str, tuple[str, ...]]
    actor1: tuple[str, ...] = ()
    actor2: tuple[str, ...] = ()
    count_as: str | None = None


class Ontology:
    """The label sets by name, in label-id order, and the event types."""

    def __init__(self, files: Mapping[str, Json], codes: Mapping[str, Json], languages: Iterable[str]) -> None:
        self.sets: dict[str, tuple[str, ...]] = {"language": tuple(languages), **stated_sets(files)}
        self._fillers: dict[tuple[str, str], frozenset[str]] = {}
        self.events = {event.name: event for event in _event_types(files.get("events", {}))}
        self._labels = files.get("labels", {}).get("sets", {})
        self.crosswalk: Json = files.get("crosswalk", {"standards": {}, "rows": []})
        for name, body in files.get("labels", {}).get("derived", {}).items():
            self.sets[name] = self._derive(name, body, codes)
        for name, members in self.sets.items():
            if len(set(members)) != len(members):
                twice = next(label for number, label in enumerate(members) if label in members[:number])
                raise SettingsError(
                    f"The label set {name!r} holds {twice!r} twice.", "Remove or rename one; sets that it joins share no label."
                )

    def labels(self, name: str) -> tuple[str, ...]:
        """The labels of a set, in label-id order."""
        try:
            return self.sets[name]
        except KeyError:
            raise UnknownName("label set", name, self.sets) from None

    def marked(self, name: str, trait: str) -> Mapping[str, Any]:
        """The labels of a set for which labels.json states a trait, and what it states: the relations that are an `order`."""
        entries = self._labels.get(name, {}).get("labels", ())
        return {entry["label"]: entry[trait] for entry in entries if entry.get(trait)}

    def fillers(self, event_type: str, role: str) -> frozenset[str]:
        """Every label that may fill the role: flat classes and `EVENT-FRAME` expanded."""
        if (event_type, role) not in self._fillers:
            self._fillers[event_type, role] = frozenset(self._allowed(event_type, role))
        return self._fillers[event_type, role]

    def _allowed(self, event_type: str, role: str) -> set[str]:
        allowed: set[str] = set()
        for filler in self.events[event_type].roles[role]:
            if filler == ANY_EVENT:
                allowed.update(self.events)
            else:
                pool = self.sets["entity-type"] + self.sets.get("value-type", ())
                allowed.update(label for label in pool if label == filler or label.startswith(f"{filler}."))
        return allowed

    def roles(self) -> tuple[str, ...]:
        """Every role of every event type, sorted."""
        return tuple(sorted({role for event in self.events.values() for role in event.roles}))

    def _derive(self, name: str, body: Mapping[str, Any], codes: Mapping[str, Json]) -> tuple[str, ...]:
        if "union" in body:
            labels = tuple(label for part in body["union"] for label in self.labels(part))
            return _ordered(name, labels, tuple(body.get("order", labels)))
        if "bio" in body:
            labels = self.labels(body["bio"])
            names = dict.fromkeys(flat(label) for label in labels) if body.get("flat") else labels
            return ("O", *(f"{mark}-{name}" for name in names for mark in "BI"))
        if body["key"] not in codes.get(body["codes"], {}):
            raise SettingsError(f"There is no code list {body['codes']!r} with {body['key']!r}.", f"There are: {', '.join(sorted(codes))}.")
        return tuple(codes[body["codes"]][body["key"]])


def flat(label: str) -> str:
    """The flat class of an entity type: the part before the dot."""
    return label.partition(".")[0]


def _ordered(name: str, labels: tuple[str, ...], order: tuple[str, ...]) -> tuple[str, ...]:
    """The labels of a union in their stated order, which a label that joins a part must not move."""
    lacking = [label for label in labels if label not in order]
    foreign = [label for label in order if label not in labels]
    if lacking:
        raise SettingsError(f"The order of the label set {name!r} lacks {lacking[0]!r}.", "Append it to `order` in labels.json.")
    if foreign:
        raise SettingsError(f"The order of the label set {name!r} holds {foreign[0]!r}, which no part has.", "Labels stay: put it back.")
    return order


def _event_types(body: Mapping[str, Any]) -> Iterable[EventType]:
    common = {role: tuple(spec["fillers"]) for role, spec in body.get("common_roles", {}).items()}
    for entry in body.get("types", []):
        own = {role: tuple(spec["fillers"]) for role, spec in entry["roles"].items()}
        yield EventType(
            entry["type"],
            own | {role: fillers for role, fillers in common.items() if role not in own},
            tuple(entry.get("actor1", ())),
            tuple(entry.get("actor2", ())),
            entry.get("count_as"),
        )
