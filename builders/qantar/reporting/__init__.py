"""Reports of Problems: each reporter turns them into lines; none prints, none knows the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from qantar.problems import Problem
from qantar.reporting.as_github import as_github
from qantar.reporting.as_json import as_json
from qantar.reporting.as_sarif import as_sarif
from qantar.reporting.as_text import as_text
from qantar.reporting.view import View

Reporter = Callable[[Sequence[Problem], View], Iterator[str]]

REPORTERS: dict[str, Reporter] = {"text": as_text, "json": as_json, "github": as_github, "sarif": as_sarif}
#: The reporters that can put counts in the place of the problems.
COUNTING = ("text", "json")

__all__ = ["COUNTING", "REPORTERS", "Reporter", "View"]
