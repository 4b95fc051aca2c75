"""SARIF 2.1.0, for code scanning and editors: one run, whose rules are the codes that were found."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from qantar import __version__
from qantar.errors import UnknownName
from qantar.problems import Problem
from qantar.reporting.as_json import pretty
from qantar.reporting.seen import InText, Seen, look_up
from qantar.reporting.view import View
from qantar.rules.catalogue import Explanation, explain

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "SRCROOT"


def as_sarif(problems: Sequence[Problem], view: View) -> Iterator[str]:
    """The lines of the log. A result keeps its fingerprint when lines move."""
    codes = sorted({problem.code for problem in problems})
    severities = {problem.code: problem.severity for problem in reversed(problems)}
    run = {
        "tool": {"driver": {"name": "qantar", "version": __version__, "rules": [_rule(code, severities[code]) for code in codes]}},
        "invocations": [{"executionSuccessful": True, **_notes(view)}],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository, else the folder where qantar ran."}}},
        "columnKind": "unicodeCodePoints",
        "results": list(_results(look_up(problems, view), codes)),
    }
    yield from pretty({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _notes(view: View) -> dict[str, Any]:
    """What was not checked, as notifications of the run."""
    notes = [{"level": "note", "message": {"text": f"Not checked until the errors are mended: {part.fact}."}} for part in view.unchecked]
    return {"toolExecutionNotifications": notes} if notes else {}


def _rule(code: str, severity: str) -> dict[str, Any]:
    """A code with its explanation; one that another version of the rules knows goes by its name."""
    try:
        known = explain(code)
    except UnknownName:
        return {"id": code, "shortDescription": {"text": code}, "defaultConfiguration": {"level": severity}}
    return {
        "id": code,
        "shortDescription": {"text": known.means},
        "fullDescription": {"text": f"{known.means} {' '.join(known.why.split())}"},
        "help": {"text": f"{known.means}\n\n{known.why}", "markdown": _markdown(known)},
        "defaultConfiguration": {"level": known.severity},
    }


def _markdown(known: Explanation) -> str:
    return f"{known.means}\n\n{known.why}\n\nNot so:\n\n```json\n{known.bad}\n```\n\nBut so:\n\n```json\n{known.good}\n```\n"


def _results(found: Sequence[Seen], codes: Sequence[str]) -> Iterator[dict[str, Any]]:
    indices = {code: at for at, code in enumerate(codes)}
    alike: Counter[str] = Counter()
    for one in found:
        problem = one.problem
        print_ = _fingerprint(problem)
        alike[print_] += 1
        location = {**_physical(one), **_logical(problem)}
        yield {
            "ruleId": problem.code,
            "ruleIndex": indices[problem.code],
            "level": problem.severity,
            "message": {"text": f"{problem.fact}. {problem.remedy}"},
            **({"locations": [location]} if location else {}),
            **({"relatedLocations": [_words(one.in_text)]} if one.in_text is not None and one.in_text.file is not None else {}),
            "partialFingerprints": {"qantarProblem/v1": f"{print_}:{alike[print_]}"},
        }


def _fingerprint(problem: Problem) -> str:
    """The same for the same fault of the same record, wherever its line stands."""
    parts = (problem.code, problem.place and problem.place.file, problem.document, problem.layer, problem.record, problem.json_path)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _physical(one: Seen) -> dict[str, Any]:
    if one.file is None:
        return {}
    values = {"startLine": one.line, "startColumn": one.column, "endColumn": one.end_column}
    region = {key: value for key, value in values.items() if value is not None}
    return {"physicalLocation": {"artifactLocation": _artifact(one.file), **({"region": region} if region else {})}}


def _logical(problem: Problem) -> dict[str, Any]:
    """Document, layer, record and path as one name."""
    parts = [part for part in (problem.document, problem.layer, problem.record, problem.json_path if problem.path else None) if part]
    name = {"name": parts[-1], "fullyQualifiedName": "/".join(parts), "kind": "value" if problem.path else "object"} if parts else {}
    return {"logicalLocations": [name]} if name else {}


def _words(words: InText) -> dict[str, Any]:
    region = {"startLine": words.line, "startColumn": words.column, "endLine": words.end_line, "endColumn": words.end_column}
    place = {"artifactLocation": _artifact(words.file or ""), "region": region}
    return {"physicalLocation": place, "message": {"text": "the words in the text"}}


def _artifact(path: str) -> dict[str, Any]:
    """A path as a URI: relative to the root where it is so, else of its own."""
    uri = quote(path, safe="/", errors="surrogateescape")
    return {"uri": f"file://{uri}"} if path.startswith("/") else {"uri": uri, "uriBaseId": _ROOT}
