"""Level 5: the numbers of a quantity agree with how it is said to be bounded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from qantar.rules.facts import Facts
from qantar.rules.finding import Context, Finding

if TYPE_CHECKING:
    from qantar.records import Document


def bounds_fit(facts: Facts) -> bool:
    """Proves `value_bounds`."""
    return not any(map(_misfit, facts.once(_numbers)))


def _numbers(facts: Facts) -> list[Any]:
    """The values that have a number."""
    held = zip(facts.records("values"), facts.field("values", "min"), facts.field("values", "max"), strict=True)
    return [value for value, low, high in held if low is not None or high is not None]


def value_bounds(document: Document, context: Context) -> Iterator[Finding]:
    """Lower and upper bound contradict each other, or how the quantity is said to be bounded."""
    for index, value in enumerate(getattr(document, "values", None) or ()):
        fault = _misfit(value)
        if fault:
            field, fact, remedy = fault
            yield Finding("values", index, value, (field,) if getattr(value, field) is not None else (), fact, remedy)


def _misfit(value: Any) -> tuple[str, str, str] | None:
    """The field, what is wrong with it, and what to do; None where the numbers fit, or there are none."""
    low, high, bound = value.min, value.max, value.bound
    if low is None and high is None:
        return None
    if low is not None and high is not None and low > high:
        return "max", f"`min` {low:.15g} is more than `max` {high:.15g}", "Exchange them, or correct the one that is wrong."
    if bound == "exact" and low != high:
        remedy = "Write the number as both, or another `bound`."
        return "bound", f"the bound is 'exact', but {_shown('min', low)} and {_shown('max', high)}", remedy
    if bound == "range" and (low is None or high is None or low == high):
        remedy = "A range has two numbers: write both, or another `bound`."
        return "bound", f"the bound is 'range', but {_shown('min', low)} and {_shown('max', high)}", remedy
    for name, own, other, field in (("at-least", low, high, "max"), ("at-most", high, low, "min")):
        if bound == name and (own is None or other is not None):
            lacking = "min" if field == "max" else "max"
            fact = f"the bound is {name!r}, but {_shown('min', low)} and {_shown('max', high)}"
            return "bound", fact, f"Write the number as `{lacking}`, and no `{field}`; or another `bound`."
    return None


def _shown(field: str, number: float | None) -> str:
    return f"there is no `{field}`" if number is None else f"`{field}` is {number:.15g}"


def units_given(facts: Facts) -> bool:
    """Proves `missing_unit`."""
    measured = facts.plan.marked("value-type", "unit")
    return not any(value.unit is None and value.type in measured for value in facts.once(_numbers))


def missing_unit(document: Document, context: Context) -> Iterator[Finding]:
    """A number of a type that measures has no unit."""
    measured = context.registry.ontology.marked("value-type", "unit")
    for index, value in enumerate(getattr(document, "values", None) or ()):
        if value.type in measured and value.unit is None and (value.min is not None or value.max is not None):
            fact = f"{value.quote!r} is {value.type} and has a number, but no `unit`"
            yield Finding("values", index, value, (), fact, "Say of what: a currency by its ISO 4217 code, a unit in English, singular.")
