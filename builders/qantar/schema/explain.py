"""Says what is wrong with the shape of a JSON value, in this field's terms."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import jsonschema

from qantar.likeness import hint
from qantar.problems import Path, Problem
from qantar.schema.ontology import Ontology
from qantar.schema.sources import Json

#: Problems of one value that are listed.
MOST = 1_000
_SHOWN = 12
_ITEM = re.compile(r"Q[1-9][0-9]*")


class Explainer:
    """Turns the errors of one schema into Problems; an integer is never a float, not even 1.0.

    `schema` decides; `shape` is the same with its custom keywords, which hold the words for it. `origins` names the files where
    a corpus lists labels of its own, by label set. `unused` are the layers that a document could have, had the corpus listed them.
    """

    def __init__(self, schema: Json, shape: Json, ontology: Ontology, origins: Mapping[str, str], *, unused: Collection[str] = ()) -> None:
        base = jsonschema.Draft202012Validator
        strict = base.TYPE_CHECKER.redefine("integer", lambda _, x: isinstance(x, int) and not isinstance(x, bool))
        self.validator: Any = jsonschema.validators.extend(base, type_checker=strict)(schema)  # type: ignore[no-untyped-call]
        self.shape = shape
        self.ontology = ontology
        self.origins = origins
        self.unused = unused

    def problems(self, value: object) -> Iterator[Problem]:
        """One Problem per fault, in the order of the value's paths."""
        found: dict[tuple[object, ...], Problem] = {}
        for problem in self._all(value):
            # A wrong role fails both the list of all roles and that of its type: one problem. So are all the missing fields of an object.
            fact = None if problem.code == "unknown-role" else problem.fact
            found[problem.path, problem.code, fact] = problem
            if len(found) >= MOST:
                found[problem.path, problem.code, fact] = replace(problem, fact=f"{problem.fact}; any more of this value are left out")
                break
        yield from sorted(found.values(), key=lambda problem: [str(part).zfill(9) for part in problem.path])

    def _all(self, value: object) -> Iterator[Problem]:
        return (problem for error in self.validator.iter_errors(value) for problem in self._translate(error, value))

    def _translate(self, error: Any, value: object) -> Iterator[Problem]:
        path = tuple(error.absolute_path)
        keyword = str(error.validator)
        if keyword == "required":
            yield _missing([name for name in error.validator_value if name not in error.instance], path)
        elif keyword == "additionalProperties":
            for name in sorted(set(error.instance) - set(error.schema["properties"])):
                yield self._unknown_field(name, error.schema["properties"], (*path, name))
        elif keyword == "enum":
            yield self._unknown_label(error, path, value)
        elif keyword == "type":
            fact = f"{_show(error.instance)} is {_name(error.instance)}, not {_expected(error.validator_value)}"
            yield Problem("wrong-type", fact, f"Write {_expected(error.validator_value)}.", path=path)
        elif keyword == "pattern":
            yield self._malformed(error, path)
        else:
            limit = {"minItems": "items at least", "minLength": "characters at least", "maxLength": "characters at most"}
            words = limit.get(keyword, "at least" if keyword == "minimum" else "at most")
            fact = f"{_show(error.instance)} is out of bounds ({words}: {error.validator_value})"
            yield Problem("out-of-bounds", fact, "Write a value inside the bounds.", path=path)

    def _unknown_field(self, name: str, known: Json, path: Path) -> Problem:
        if len(path) == 1 and name in self.unused:
            remedy = "Add it to `layers` in corpus.toml, or take it out here and in `coverage`."
            return Problem("unknown-field", f"the corpus has no layer {name!r}", remedy, path=path)
        return Problem("unknown-field", f"the field {name!r} does not exist", _choice(name, list(known)), path=path)

    def _unknown_label(self, error: Any, path: Path, value: object) -> Problem:
        allowed = [label for label in error.validator_value if label is not None]
        shown = _show(error.instance)
        if "x-roles" in _node(self.shape, path):
            event = _event_type(value, path)
            known = sorted(self.ontology.events[event].roles) if event in self.ontology.events else allowed
            return Problem(
                "unknown-role", f"{shown} is no role of {event}", self._with_source(_choice(error.instance, known), "role"), path=path
            )
        if not all(isinstance(label, str) for label in allowed):
            return Problem("unknown-label", f"{shown} is not allowed here", _numbers(error.instance, allowed), path=path)
        remedy = self._with_source(_choice(error.instance, allowed), _node(self.shape, path).get("x-labels", ""))
        return Problem("unknown-label", f"{shown} is no known label here", remedy, path=path)

    def _with_source(self, remedy: str, name: str) -> str:
        """The remedy, and where a corpus lists the labels of this set itself."""
        if name == "language":
            return f"{remedy} A language is added to `languages` in corpus.toml, at the end."
        if name in self.origins:
            return f"{remedy} They are listed in {self.origins[name]}."
        return remedy

    def _malformed(self, error: Any, path: Path) -> Problem:
        node = _node(self.shape, path)
        pattern = error.validator_value.removesuffix(r"(?!\n)")
        field = next((part for part in reversed(path) if isinstance(part, str)), "value")
        form = f"Write {node['x-form']}" if "x-form" in node else f"It is: {node.get('description', 'a value of this form').rstrip('.')}"
        example = f", for instance {node['examples'][0]!r}" if isinstance(node.get("examples"), list) and node["examples"] else ""
        item = f"wikidata:{error.instance}"
        meant = f"Did you mean {item!r}? " if _ITEM.fullmatch(error.instance) and re.search(error.validator_value, item) else ""
        fact = f"{_show(error.instance)} does not have the form of `{field}`"
        return Problem("malformed-value", fact, f"{meant}{form}{example} (pattern {pattern}).", path=path)


def _missing(names: list[str], path: Path) -> Problem:
    if len(names) == 1:
        return Problem("missing-field", f"the field {names[0]!r} is missing", f"Add {names[0]!r}.", path=path)
    *others, last = map(repr, names)
    return Problem("missing-field", f"the fields {', '.join(others)} and {last} are missing", "Add them.", path=path)


def _node(shape: Json, path: Path) -> Json:
    """The part of a shape that describes the value at a path."""
    node = shape
    for part in path:
        node = node["items"] if isinstance(part, int) else node["properties"][part]
    return node


def _event_type(value: Any, path: Path) -> str:
    """The `type` of the event that the role at `path` belongs to."""
    node = value
    for part in path[:-3]:
        node = node[part]
    return str(node.get("type")) if isinstance(node, dict) else "this record"


def _choice(name: object, known: list[str]) -> str:
    """What there is, and what is meant where the likeness leaves no doubt."""
    meant = hint(name, known) if isinstance(name, str) else ""
    more = f", … ({len(known)} in all)" if len(known) > _SHOWN else ""
    return f"{meant}There are: {', '.join(known[:_SHOWN])}{more}."


def _numbers(value: object, allowed: list[int]) -> str:
    """The allowed numbers on both sides of one that is not; all of them where it is no number."""
    if not isinstance(value, int | float):
        return f"Allowed are: {_listed(allowed)}."
    below = [number for number in allowed if number < value][-1:]
    above = [number for number in allowed if number > value][:1]
    return f"The nearest that are allowed: {_listed([*below, *above])}."


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


def _show(value: object) -> str:
    text = repr(value[:81] if isinstance(value, str | list) else value)
    return text if len(text) <= 80 else text[:77] + "…"


def _name(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", int: "an integer", float: "a number with a point"}
    return names.get(type(value), "null")


def _expected(types: str | list[str]) -> str:
    names = {"object": "an object", "array": "a list", "string": "a string", "integer": "an integer", "number": "a number", "null": "null"}
    return " or ".join(names.get(name, name) for name in ([types] if isinstance(types, str) else types))
