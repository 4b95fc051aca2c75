"""Calendar dates of TIMEX3 values."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import NamedTuple

# Year, month and day of a TIMEX3 value; a time of day may follow and is left aside.
_DAY = re.compile(r"^([0-9]{4}|XXXX)(?:-([0-9]{2})(?:-([0-9]{2}))?)?(?:T.*)?$")


class Dated(NamedTuple):
    """An ISO 8601 date as exact as it is known, with its first and last possible day."""

    date: str
    start: str
    end: str


def resolve(value: str | None, anchor: str | None) -> Dated | None:
    """The date of a TIMEX3 value; a year written `XXXX` is the anchor's.

    None for vague values, weeks, durations, impossible dates, and where month or day are unknown (`XX`).
    """
    match = _DAY.match(value or "")
    if match is None:
        return None
    year, *rest = (part for part in match.groups() if part is not None)
    if year == "XXXX":
        year = (anchor or "").partition("-")[0]
    return _dated([int(part) for part in (year, *rest)]) if year else None


def _dated(parts: list[int]) -> Dated | None:
    year, month, day = [*parts, 0, 0][:3]
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    last_month = month or 12
    last = date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    return Dated("-".join(f"{part:04d}" if i == 0 else f"{part:02d}" for i, part in enumerate(parts)), first.isoformat(), last.isoformat())
