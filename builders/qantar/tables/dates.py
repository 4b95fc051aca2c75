"""Calendar dates of TIMEX3 values."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import NamedTuple

# Year, month and day of a TIMEX3 value; a time of day may follow and is left aside.
_DAY = re.compile(r"^([0-9]{4}|XXXX)(?:-([0-9]{2}|XX)(?:-([0-9]{2}|XX))?)?(?:T.*)?$")


class Dated(NamedTuple):
    """An ISO 8601 date as exact as it is known, with its first and last possible day."""

    date: str
    start: str
    end: str


def resolve(value: str | None, anchor: str | None) -> Dated | None:
    """The date of a TIMEX3 value; parts written `X` are taken from the anchor where it has them.

    None for vague values, weeks, durations, impossible dates, and where a part stays unknown.
    """
    match = _DAY.match(value or "")
    if match is None:
        return None
    known = [*(anchor or "").split("-"), "", "", ""]
    parts: list[str] = []
    for found, own in zip(match.groups(), known, strict=False):
        if found is None:
            break
        if "X" in found and not own:
            return None
        parts.append(own if "X" in found else found)
    return _dated([int(part) for part in parts])


def _dated(parts: list[int]) -> Dated | None:
    year, month, day = [*parts, 0, 0][:3]
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    last_month = month or 12
    last = date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    return Dated("-".join(f"{part:04d}" if i == 0 else f"{part:02d}" for i, part in enumerate(parts)), first.isoformat(), last.isoformat())
