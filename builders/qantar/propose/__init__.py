"""Proposes layers for a raw text: drafts, which a reader corrects and accepts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qantar.errors import UnknownName
from qantar.propose.languages import languages, without_language
from qantar.propose.segments import Zone, segments
from qantar.propose.sentences import sentences

if TYPE_CHECKING:
    from qantar.schema.registry import Registry

Records = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Proposed:
    """Typed records by layer, in the corpus's order of layers; and why a layer is left out, by layer.

    `without_language` counts, by script, the runs of letters that `languages` leaves out because the corpus lists no language
    that is known to be theirs.
    """

    layers: dict[str, tuple[Any, ...]]
    left_out: dict[str, str]
    without_language: dict[str, int]


class _Unfit(Exception):
    """The corpus has labels that a proposer knows nothing of."""


def propose(text: str, lang: str, registry: Registry) -> Proposed:
    """Drafts of those layers of a corpus that can be proposed. Pure; `lang` is the document's language."""
    import msgspec

    found: dict[str, tuple[Any, ...]] = {}
    left_out: dict[str, str] = {}
    zones: Sequence[Zone] = [(0, len(text), lang)]
    for layer, proposer in PROPOSERS.items():
        if layer not in registry.layers:
            continue
        try:
            found[layer] = registry.records(layer, proposer(text, lang, zones, registry))
        except _Unfit as error:
            left_out[layer] = str(error)
        except msgspec.ValidationError as error:  # the corpus has a schema of its own for this layer
            left_out[layer] = f"the corpus has another shape for it ({error})"
        else:
            zones = [(zone.start, zone.end, zone.lang) for zone in found[layer]] if layer == "segments" else zones
    unnamed = without_language(text, zones, languages=registry.languages) if "languages" in found else {}
    return Proposed({layer: found[layer] for layer in registry.layers if layer in found}, left_out, unnamed)


def _labels(registry: Registry, name: str) -> tuple[str, ...]:
    try:
        return registry.ontology.labels(name)
    except UnknownName as error:
        raise _Unfit(f"the corpus has no label set {name!r}") from error


def _segments(text: str, lang: str, zones: Sequence[Zone], registry: Registry) -> Records:
    found = segments(text, lang=lang, languages=registry.languages, kinds=_labels(registry, "segment-kind"))
    if found is None:
        raise _Unfit("the corpus's segment-kind has no label for what was found, and no `body`")
    return found


def _languages(text: str, lang: str, zones: Sequence[Zone], registry: Registry) -> Records:
    if not {"Latn", "Cyrl"} <= {*_labels(registry, "script")}:
        raise _Unfit("the corpus's script set lacks Latn or Cyrl")
    return languages(text, zones, languages=registry.languages)


def _sentences(text: str, lang: str, zones: Sequence[Zone], registry: Registry) -> Records:
    return sentences(text, zones)


#: The layers that can be proposed, in the order in which one needs the other.
PROPOSERS: dict[str, Callable[[str, str, Sequence[Zone], Registry], Records]] = {
    "segments": _segments,
    "languages": _languages,
    "sentences": _sentences,
}

__all__ = ["PROPOSERS", "Proposed", "propose"]
