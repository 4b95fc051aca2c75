"""How many problems there are, in all and of each code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from qantar.problems import Problem, Severity
from qantar.rules import LEVELS


@dataclass(frozen=True, slots=True)
class CodeCount:
    """Problems of one code and severity; the level is None where this version of the rules does not know the code."""

    code: str
    level: int | None
    severity: Severity
    count: int


def by_severity(problems: Iterable[Problem]) -> dict[Severity, int]:
    """How many errors and warnings."""
    found = Counter(problem.severity for problem in problems)
    return {"error": found["error"], "warning": found["warning"]}


def by_code(problems: Iterable[Problem]) -> list[CodeCount]:
    """How many of each code, the most frequent first."""
    found = Counter((problem.code, problem.severity) for problem in problems)
    ranked = sorted(found.items(), key=lambda one: (-one[1], one[0]))
    return [CodeCount(code, LEVELS.get(code), severity, count) for (code, severity), count in ranked]
