"""Level 5: TIMEX3 values have its forms, that of their type, and are as exact as they say.

The forms are those of TimeML (ISO 24617-1) and of TIMEX2, which it takes over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qantar.rules.facts import Facts
from qantar.rules.finding import Context, Finding
from qantar.rules.passed import Passed

if TYPE_CHECKING:
    from qantar.records import Document

_NUMBER = r"[0-9X]+(?:[.,][0-9X]+)?[A-WYZ]{1,2}"
_CLOCK = r"(?P<hour>[0-9X]{2})(?::(?P<minute>[0-9X]{2})(?::[0-9X]{2}(?:[.,][0-9]+)?)?)?"
_DAY = (
    r"(?P<month>[0-9X]{2})(?:-(?P<day>[0-9X]{2}))?|W(?P<week>[0-9X]{2})(?:-(?P<weekday>[0-9X]|WE))?|(?P<season>Q[1-4X]|H[12X]|S[PU]|FA|WI)"
)
#: A reference, a period, or a date and a time of day, of which one is there.
_VALUE = re.compile(
    rf"(?P<reference>(?:PAST|PRESENT|FUTURE)_REF)|(?P<period>P(?=.)(?:{_NUMBER})*(?:T(?:{_NUMBER})+)?)"
    rf"|(?=.)(?P<date>(?:KA|MA)[0-9X]+|(?:BC|FY)?(?:[0-9X]{{2,3}}|(?P<year>[0-9X]{{4}})(?:-(?:{_DAY}))?))?"
    rf"(?P<time>T(?:(?P<part>MO|MI|AF|EV|NI|DT)|{_CLOCK})(?:Z|[+-][0-9]{{2}}(?::?[0-9]{{2}})?)?)?"
)
#: From coarse to exact. What TIMEX3 has no form for (a season, a decade) is none of them.
_EXACT = ("year", "month", "week", "day", "part-of-day", "hour", "minute")
#: Units, with the group of `_VALUE` that gives them, from exact to coarse.
_UNITS = (
    ("minute", "minute"), ("hour", "hour"), ("part-of-day", "part"), ("day", "weekday"), ("day", "day"), ("week", "week"),
    ("month", "month"), ("year", "year"),
)  # fmt: skip
_TYPES = {"date": "a date", "time": "a time of day", "duration": "a period"}


def timexes_fit(facts: Facts) -> bool:
    """Proves `timex_form`, `timex_type` and `timex_precision`."""
    forms = map(facts.plan.marked("value-type", "timex").get, facts.field("values", "type"))
    return _FIT.hold(list(zip(forms, facts.field("values", "value"), facts.field("values", "precision"), strict=True)))


def timex_form(document: Document, context: Context) -> Iterator[Finding]:
    """A value is no TIMEX3 value."""
    for index, value in enumerate(getattr(document, "values", None) or ()):
        if value.value is not None and _VALUE.fullmatch(value.value) is None:
            remedy = (
                "Write a date (2031-03-14, XXXX-03), a time (2031-03-14T10:30, TMO), a period (P3D), or PAST_REF, PRESENT_REF, FUTURE_REF."
            )
            yield Finding("values", index, value, ("value",), f"{value.value!r} is no TIMEX3 value", remedy)


def timex_type(document: Document, context: Context) -> Iterator[Finding]:
    """A TIMEX3 value has the form of another type of time."""
    forms = context.registry.ontology.marked("value-type", "timex")
    for index, value in enumerate(getattr(document, "values", None) or ()):
        found = form_of(value.value) if value.value is not None and value.type in forms else None
        if found is not None and forms[value.type] in _TYPES and found != forms[value.type]:
            fact = f"{value.value!r} is {_TYPES[found]}, but the type is {value.type}"
            yield Finding("values", index, value, ("value",), fact, "Correct the type, or the value.")


def timex_precision(document: Document, context: Context) -> Iterator[Finding]:
    """A TIMEX3 value is less exact than its precision says."""
    for index, value in enumerate(getattr(document, "values", None) or ()):
        found = exactness_of(value.value) if value.value is not None and value.precision in _EXACT else None
        if found is not None and _EXACT.index(found) < _EXACT.index(value.precision):
            fact = f"{value.value!r} gives no more than the {found}, its precision is {value.precision!r}"
            yield Finding(
                "values", index, value, ("precision",), fact, "Correct `precision`, or write the value as exact as the text does."
            )


def form_of(value: str) -> str | None:
    """`date`, `time` or `duration`; None of a reference, and of what is no TIMEX3 value."""
    match = _VALUE.fullmatch(value)
    if match is None or match["reference"]:
        return None
    return "duration" if match["period"] else "time" if match["time"] else "date"


def exactness_of(value: str) -> str | None:
    """The most exact unit of a date or time, as the label set `precision` names it; None where it has no name there, or is X."""
    match = _VALUE.fullmatch(value)
    if match is None or match["season"]:
        return None
    unit, given = next(((unit, found) for unit, group in _UNITS if (found := match[group]) is not None), (None, "X"))
    return None if "X" in given or given == "WE" else unit


def _fits(timex: tuple[str | None, str | None, str | None]) -> bool:
    """Whether a value has a form, that of its type, and is as exact as its precision says."""
    form, value, precision = timex
    if value is None:
        return True
    exact = exactness_of(value) if precision in _EXACT else None
    typed = form not in _TYPES or form_of(value) in (None, form)
    return _VALUE.fullmatch(value) is not None and typed and (exact is None or _EXACT.index(exact) >= _EXACT.index(precision or ""))


_FIT = Passed(_fits)
