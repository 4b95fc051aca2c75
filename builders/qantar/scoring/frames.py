"""Events: triggers and arguments, as TextEE scores them (K.-H. Huang et al., TextEE, 2024).

All are sets: what a side says twice counts once. Spans are any hashables that tell places of the texts apart (with the document in them
where several are scored at once); the counts of several documents are added.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields

from qantar.scoring.chains import places
from qantar.scoring.counts import Counts, compare

#: TextEE's names of the comparisons.
NAMES = ("Tri-I", "Tri-C", "Arg-I", "Arg-C", "Arg-I+", "Arg-C+")


@dataclass(frozen=True, slots=True)
class Frame:
    """An event: its type, its trigger's span (None without one), and its arguments as (role, span of the filler)."""

    type: Hashable
    trigger: Hashable
    arguments: tuple[tuple[Hashable, Hashable], ...] = ()


@dataclass(frozen=True, slots=True)
class FrameScores:
    """The counts of each comparison; in TextEE's names Tri-I, Tri-C, Arg-I, Arg-C, Arg-I+, Arg-C+.

    A trigger is identified by its span, classified by span and type. An argument is identified by the type of its event and its span,
    classified by these and its role; attached, the span of the event's trigger must be right too.
    """

    trigger_identified: Counts
    trigger_classified: Counts
    argument_identified: Counts
    argument_classified: Counts
    attached_identified: Counts
    attached_classified: Counts

    def named(self) -> dict[str, Counts]:
        """The counts by TextEE's names, in its order."""
        return {name: getattr(self, field.name) for name, field in zip(NAMES, fields(self), strict=True)}

    def __add__(self, other: FrameScores) -> FrameScores:
        return FrameScores(*(one + two for one, two in zip(self.named().values(), other.named().values(), strict=True)))


def score(key: Iterable[Frame], response: Iterable[Frame], *, chains: Iterable[Iterable[Hashable]] = ()) -> FrameScores:
    """Triggers and arguments. Events without a trigger count for arguments only.

    With `chains`, the key's chains of fillers' spans, any mention of a chain stands for all (Coref-F1, S. Li et al., Document-level event
    argument extraction by conditional generation, 2021). Their script counts two mentions of one chain in one role as two; here both
    sides name fillers, so they are one, and no score exceeds 1. Raises ScoringError for chains that are no partition.
    """
    named: dict[Hashable, Hashable] = {span: _Chain(number) for span, number in places(chains).items()}
    sides = list(key), list(response)
    return FrameScores(*(compare(*(set(tell(frames, named)) for frames in sides)) for tell in _TOLD))


@dataclass(frozen=True, slots=True)
class _Chain:
    """Stands for all mentions of a chain, and equals no span."""

    number: int


Names = Mapping[Hashable, Hashable]


def _triggers(frames: Iterable[Frame], _: Names) -> Iterator[Hashable]:
    return (frame.trigger for frame in frames if frame.trigger is not None)


def _typed_triggers(frames: Iterable[Frame], _: Names) -> Iterator[Hashable]:
    return ((frame.trigger, frame.type) for frame in frames if frame.trigger is not None)


def _roles(frames: Iterable[Frame], names: Names) -> Iterator[tuple[Hashable, ...]]:
    return ((frame.type, names.get(span, span), role) for frame in frames for role, span in frame.arguments)


def _attached_roles(frames: Iterable[Frame], names: Names) -> Iterator[tuple[Hashable, ...]]:
    return ((frame.trigger, *argument) for frame in frames for argument in _roles([frame], names))


def _fillers(frames: Iterable[Frame], names: Names) -> Iterator[tuple[Hashable, ...]]:
    return (argument[:-1] for argument in _roles(frames, names))


def _attached_fillers(frames: Iterable[Frame], names: Names) -> Iterator[tuple[Hashable, ...]]:
    return (argument[:-1] for argument in _attached_roles(frames, names))


#: What each comparison tells of events, in the order of FrameScores.
_TOLD = (_triggers, _typed_triggers, _fillers, _roles, _attached_fillers, _attached_roles)
