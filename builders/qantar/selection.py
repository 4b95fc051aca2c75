"""Which problems are reported, by their codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from qantar.errors import UnknownName
from qantar.problems import Problem
from qantar.rules import LEVELS


@dataclass(frozen=True, slots=True)
class Selection:
    """The codes that are selected (None: all of them) but for those ignored. Raises UnknownName for a code that does not exist."""

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for code in (*(self.select or ()), *self.ignore):
            if code not in LEVELS:
                raise UnknownName("code", code, LEVELS)

    def may_find(self, level: int) -> bool:
        """Whether a rule up to this level is selected."""
        return any(LEVELS[code] <= level for code in (LEVELS if self.select is None else self.select) if code not in self.ignore)

    def of(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """Those of the problems that are selected, in the same order."""
        for problem in problems:
            if problem.code not in self.ignore and (self.select is None or problem.code in self.select):
                yield problem
