"""What each code of a Problem means, and why it is one: read from a TOML file a code in `rules/explained`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from qantar.errors import UnknownName
from qantar.rules import BY_CODE, LEVELS

if TYPE_CHECKING:
    from qantar.problems import Severity

#: What the rules of a level look at.
SUBJECTS = {
    1: "source (bytes, lines, files)",
    2: "shape (fields, types, labels)",
    3: "anchors (where records stand in the text)",
    4: "references (ids, chains, what points to what)",
    5: "ontology and guideline (roles, dates, sources)",
    6: "the corpus as a whole",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """One code: `means` is a sentence, `why` a paragraph, `bad` and `good` excerpts of lines that have and have not the fault.

    `firm` codes cannot be switched off: tables rest on them. `guideline` is a file and heading in the corpus's `guidelines`.
    `about` is what its problems are of: records, documents or both (then it is the commoner) can be excused one by one, nothing else can.
    """

    code: str
    level: int
    severity: Severity
    firm: bool
    means: str
    why: str
    bad: str
    good: str
    guideline: str | None = None
    about: Literal["record", "document", "corpus", "excuse"] = "record"


def codes() -> tuple[str, ...]:
    """Every code that there is, by level, then name."""
    return tuple(sorted(LEVELS, key=lambda code: (LEVELS[code], code)))


def explain(code: str) -> Explanation:
    """The explanation of a code. Raises UnknownName."""
    if code not in LEVELS:
        raise UnknownName("rule", code, LEVELS)
    body = tomllib.loads((files("qantar.rules") / "explained" / f"{code}.toml").read_text(encoding="utf-8"))
    body["why"] = " ".join(body["why"].split())
    rule = BY_CODE.get(code)
    severity, firm = (rule.severity, rule.firm) if rule is not None else ("error", True)
    return Explanation(code, LEVELS[code], severity, firm, **{key: value.strip() for key, value in body.items()})
