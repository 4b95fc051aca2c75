"""Level 5: dates stand in the calendar, and are as exact as they say."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from qantar.corpus import Corpus
from qantar.document import follow
from qantar.rules.facts import Facts
from qantar.rules.finding import Context, Finding
from qantar.rules.passed import Passed
from qantar.schema.registry import CORPUS_FILES

if TYPE_CHECKING:
    from qantar.records import Document

#: A record, or the document itself: (layer, index, record, what its fields are read from).
Owner = tuple[str | None, int | None, Any, Any]
#: Year, month and day of a date, by the kind that `x-date` states.
_KINDS = {
    "calendar": re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?\Z"),
    # Only how a TIMEX3 value begins: a time of day may follow, and weeks, seasons or durations are no days. X is any digit.
    "timex3": re.compile(r"([0-9X]{4})-([0-9X]{2})(?:-([0-9X]{2}))?(?![0-9X])"),
}
#: How many of year, month and day a date of this precision gives. Precisions that are not here fit any date.
_PARTS = {"year": 1, "month": 2, "week": 3, "day": 3, "part-of-day": 3, "hour": 3, "minute": 3}
_NAMES = {1: "a year", 2: "a month", 3: "a day"}


def dates_possible(facts: Facts) -> bool:
    """Proves `impossible_date`."""
    return all(_POSSIBLE[kind].hold(facts.columns.column(pattern)) for pattern, kind in facts.plan.dates)


def impossible_date(document: Document, context: Context) -> Iterator[Finding]:
    """A date of a document or a record is in no calendar."""
    for shape, pattern, kind in context.registry.dates:
        yield from _impossible(_owners(document, shape), pattern, kind)


def impossible_date_across(corpus: Corpus) -> Iterator[Finding]:
    """A date of the gazetteer, or of another file across documents, is in no calendar."""
    for shape, pattern, kind in corpus.registry.dates:
        name = shape.removeprefix("corpus/")
        if name in CORPUS_FILES and name != shape:
            found = getattr(corpus, name) or ()
            records = found.values() if name == "gazetteer" and found else found
            yield from _impossible(((name, index, record, record) for index, record in enumerate(records)), pattern, kind)


def precisions_fit(facts: Facts) -> bool:
    """Proves `anchor_precision`."""
    column = facts.columns.column
    return all(_EXACT.hold(list(zip(column(date), column(precision), strict=True))) for date, precision in facts.plan.precisions)


def anchor_precision(document: Document, context: Context) -> Iterator[Finding]:
    """A date is more or less exact than the precision beside it says."""
    for shape, pattern, dated in context.registry.precisions:
        for layer, index, record, root in _owners(document, shape):
            for path, holder in follow(root, pattern[:-1]):
                fault = _misfit(getattr(holder, dated), getattr(holder, pattern[-1])) if holder is not None else None
                if fault:
                    remedy = f"Correct `{pattern[-1]}`, or write `{dated}` as exact as it is known."
                    yield Finding(layer, index, record, (*path, pattern[-1]), fault, remedy)


def _owners(document: Document, shape: str) -> Iterator[Owner]:
    """The records of the document that have this shape, or the document."""
    if shape == "document":
        yield None, None, None, document
    elif shape.startswith("layers/"):
        layer = shape.removeprefix("layers/")
        yield from ((layer, index, record, record) for index, record in enumerate(getattr(document, layer) or ()))


def _impossible(owners: Iterable[Owner], pattern: tuple[str, ...], kind: str) -> Iterator[Finding]:
    for layer, index, record, root in owners:
        for path, date in follow(root, pattern):
            fault = None if date is None else fault_of(date, kind)
            if fault:
                yield Finding(layer, index, record, path, fault, "Correct the date, or shorten it to what is known.")


@lru_cache(maxsize=4096)
def fault_of(date: str, kind: str) -> str | None:
    """Why a date cannot be one, whatever digits its X stand for; None where it can."""
    match = _KINDS[kind].match(date)
    if match is None:
        return f"{date!r} is no date" if kind == "calendar" else None
    year, month, day = match.groups()
    months = [number for number in range(1, 13) if month is None or _reads(month, number)]
    if year == "0000":
        return f"{date!r} is no date: there is no year 0"
    if not months:
        return f"{date!r} is no date: there is no month {month}"
    if day is not None and not any(_reads(day, number) for each in months for number in range(1, _days(year, each) + 1)):
        where = "no such month has a" if "X" in year + month else f"{year}-{month} has no"
        return f"{date!r} is no date: {where} day {day}"
    return None


def _reads(digits: str, number: int) -> bool:
    return all(one in (other, "X") for one, other in zip(digits, f"{number:02d}", strict=True))


def _days(year: str, month: int) -> int:
    """Days of a month, in a leap year where the year is not known."""
    leap = "X" in year or calendar.isleap(int(year))
    return 29 if month == 2 and leap else calendar.monthrange(2001, month)[1]


def _misfit(date: str | None, precision: str | None) -> str | None:
    """Why a date is not of this precision; None where it is, or where the one says nothing about the other."""
    if precision is None or precision not in _PARTS:
        return None
    if date is None:
        return f"the precision is {precision!r}, but there is no date"
    given = date.count("-") + 1
    if given == _PARTS[precision]:
        return None
    return f"{date!r} is {_NAMES.get(given, 'no date')}, its precision {precision!r}"


#: Dates of each kind that are in a calendar; dates and precisions that fit.
_POSSIBLE = {kind: Passed(partial(lambda kind, date: fault_of(date, kind) is None, kind)) for kind in _KINDS}
_EXACT = Passed(lambda pair: _misfit(*pair) is None)
