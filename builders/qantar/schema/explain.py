"""Says what is wrong with the shape of a JSON value, in this field's terms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import jsonschema

from qantar.nearest import did_you_mean
from qantar.problems import Problem
from qantar.schema.ontology import Ontology
from qantar.schema.sources import Json

_SHOWN = 12


class Explainer:
    """Turns the errors of one schema into Problems; an integer is never a float, not even 1.0."""

    def __init__(self, schema: Json, ontology: Ontology) -> None:
        base = jsonschema.Draft202012Validator
        strict = base.TYPE_CHECKER.redefine("integer", lambda _, x: isinstance(x, int) and not isinstance(x, bool))
        self.validator: Any = jsonschema.validators.extend(base, type_checker=strict)(schema)  # type: ignore[no-untyped-call]
        self.ontology = ontology

    def problems(self, value: object) -> Iterator[Problem]:
        """One Problem per fault, in the order of the value's paths."""
        found: dict[tuple[object, ...], Problem] = {}
        for error in self.validator.iter_errors(value):
            for problem in self._translate(error, value):
                # A wrong role fails both the list of all roles and that of its type: one problem.
                fact = None if problem.code == "unknown-role" else problem.fact
                found[problem.path, problem.code, fact] = problem
        yield from sorted(found.values(), key=lambda problem: [str(part).zfill(9) for part in problem.path])

    def _translate(self, error: Any, value: object) -> Iterator[Problem]:
        path = tuple(error.absolute_path)
        keyword = str(error.validator)
        if keyword == "required":
            missing = re.match(r"'(.*)' is a required property", error.message)
            name = missing[1] if missing else "?"
            yield Problem("missing-field", f"the field {name!r} is missing", f"Add {name!r}.", path=path)
        elif keyword == "additionalProperties":
            for name in sorted(set(error.instance) - set(error.schema["properties"])):
                yield self._unknown_field(name, error.schema["properties"], (*path, name))
        elif keyword == "enum":
            yield self._unknown_label(error, path, value)
        elif keyword == "type":
            fact = f"{_show(error.instance)} is {_name(error.instance)}, not {_expected(error.validator_value)}"
            yield Problem("wrong-type", fact, f"Write {_expected(error.validator_value)}.", path=path)
        elif keyword == "pattern":
            shape = error.validator_value.removesuffix(r"(?!\n)")
            yield Problem("malformed-value", f"{_show(error.instance)} does not match {shape}", "Write it in that form.", path=path)
        else:
            limit = {"minItems": "items at least", "minLength": "characters at least", "maxLength": "characters at most"}
            words = limit.get(keyword, "at least" if keyword == "minimum" else "at most")
            fact = f"{_show(error.instance)} is out of bounds ({words}: {error.validator_value})"
            yield Problem("out-of-bounds", fact, "Write a value inside the bounds.", path=path)

    def _unknown_field(self, name: str, known: Json, path: tuple[str | int, ...]) -> Problem:
        return Problem("unknown-field", f"the field {name!r} does not exist", _nearest(name, list(known)), path=path)

    def _unknown_label(self, error: Any, path: tuple[str | int, ...], value: object) -> Problem:
        allowed = [str(label) for label in error.validator_value if label is not None]
        shown = _show(error.instance)
        if path and path[-1] == "role":
            event = _event_type(value, path)
            known = sorted(self.ontology.events[event].roles) if event in self.ontology.events else allowed
            return Problem("unknown-role", f"{shown} is no role of {event}", _nearest(error.instance, known), path=path)
        return Problem("unknown-label", f"{shown} is no known label here", _nearest(error.instance, allowed), path=path)


def _event_type(value: Any, path: tuple[str | int, ...]) -> str:
    """The `type` of the event that the role at `path` belongs to."""
    node = value
    for part in path[:-3]:
        node = node[part]
    return str(node.get("type"))


def _nearest(name: object, known: list[str]) -> str:
    more = f", … ({len(known)} in all)" if len(known) > _SHOWN else ""
    return f"{did_you_mean(str(name), known)}There are: {', '.join(known[:_SHOWN])}{more}."


def _show(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "…"


def _name(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", int: "an integer", float: "a number with a point"}
    return names.get(type(value), "null")


def _expected(types: str | list[str]) -> str:
    names = {"object": "an object", "array": "a list", "string": "a string", "integer": "an integer", "number": "a number", "null": "null"}
    return " or ".join(names.get(name, name) for name in ([types] if isinstance(types, str) else types))
