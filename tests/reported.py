"""Reads the text form of a report back."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qantar.rules import LEVELS

HEAD = re.compile(rf"(?P<head>\S.*?(?:error|warning)\[(?P<code>{'|'.join(LEVELS)})\].*)")
#: A line with marks under what is meant, in the file of the problem or after the place in the text of the record.
PICTURE = r"    \| .+\n    \|  *\^[ ^]*\n"
WORDS = rf"    (?:\S.*\.txt:\d+:\d+|line \d+, column \d+ of its text)\n{PICTURE}"
PROBLEM = re.compile(rf"{HEAD.pattern}\n(?:    (?![| ])(?P<remedy>.*\.)\n)?(?P<pictures>(?:{PICTURE})?(?:{WORDS})?)(?P<gap>\n?)")
#: The line that says what was not checked.
LEFT_OUT = re.compile(r"(?:Not checked until the errors above are mended: (?P<parts>.+)\.\n)?")
MORE = re.compile(r"`qantar explain CODE` says more of: ([a-z0-9, -]+)\.\n")


@dataclass
class Reported:
    """A problem as it is printed; a remedy that is left out is the one before of the code."""

    head: str
    code: str
    remedy: str
    pictures: list[str]


@dataclass
class Report:
    """All of a report; the places are those in the corpus."""

    problems: list[Reported]
    summary: str
    unchecked: list[str]

    @property
    def heads(self) -> list[str]:
        return [one.head for one in self.problems]


def reported(text: str, *, folder: str = "tiny") -> Report:
    """Reads a whole report of the corpus `folder` in the folder where the test runs; fails where a line is of no known kind, a remedy is missing or repeated, or the sums are wrong."""
    found: list[Reported] = []
    remedies: dict[str, str] = {}
    place = 0
    while match := PROBLEM.match(text, place):
        place, code, remedy = match.end(), match["code"], match["remedy"]
        assert remedy != remedies.get(code), f"neither left out nor said anew: {match[0]}"
        remedies[code] = remedy or remedies[code]
        found.append(Reported(match["head"].removeprefix(f"{folder}/"), code, remedies[code], match["pictures"].splitlines()))
    more = MORE.match(text, place)
    assert more is not None, text[place:]
    assert more[1].split(", ") == sorted(remedies)
    left_out = LEFT_OUT.match(text, more.end())
    assert left_out is not None
    summary = text[left_out.end() :].rstrip("\n")
    errors = sum(f"error[{one.code}]" in one.head for one in found)
    sums = [int(count) for count in re.findall(r"(\d+) (?:error|warning)s?", summary)]
    assert sums == [errors, len(found) - errors], summary
    return Report(found, summary, left_out["parts"].split("; ") if left_out["parts"] else [])
