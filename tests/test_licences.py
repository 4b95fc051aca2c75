"""Which licence each file has, after REUSE.toml; `.ci/run` has the `reuse` tool check the same."""

from __future__ import annotations

import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

CODE, DATA, TEXTS, SARIF = "Apache-2.0", "CC-BY-4.0", "LicenseRef-Publisher-Rights", "MIT"
ANNOTATION = f"{DATA} AND {TEXTS}"
#: Words in a row that make a quotation.
RUN = 6


@cache
def files() -> tuple[str, ...]:
    """The files that belong to the repository."""
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("no clone, so nothing says which files belong to it")
    return tuple(sorted({name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()}))


@cache
def rules() -> tuple[dict[str, Any], ...]:
    return tuple(tomllib.loads((ROOT / "REUSE.toml").read_text(encoding="utf-8"))["annotations"])


def licence_of(name: str) -> str:
    """The licence of the last rule whose pattern the file fits: `**` is any path, `*` any name."""
    found = [rule for rule in rules() if any(re.fullmatch(as_regex(pattern), name) for pattern in rule["path"])]
    return str(found[-1]["SPDX-License-Identifier"])


def as_regex(pattern: str) -> str:
    return "".join({"**": ".*", "*": "[^/]*"}.get(part, re.escape(part)) for part in re.split(r"(\*\*|\*)", pattern))


@pytest.mark.parametrize(
    ("name", "licence"),
    [
        ("builders/qantar/document.py", CODE),
        ("tests/tiny.py", CODE),
        ("tests/expected/cli/stats.json", CODE),
        ("tests/invalid/quote-mismatch/report.txt", CODE),
        (".ci/run", CODE),
        ("docs/statistics.md", CODE),
        ("README.md", CODE),
        ("schema/layers/events.schema.json", DATA),
        ("schema/ontology/labels.json", DATA),
        ("schema/compiled/document.schema.json", DATA),
        ("corpus/guidelines/events.md", DATA),
        ("corpus/corpus.toml", DATA),
        ("corpus/README.md", DATA),
        ("CITATION.cff", DATA),
        ("corpus/documents.jsonl", ANNOTATION),
        ("corpus/clusters.jsonl", ANNOTATION),
        ("corpus/annotations/events/000-akimat-fire.jsonl", ANNOTATION),
        ("corpus/annotators/second/events/000-akimat-fire.jsonl", ANNOTATION),
        ("docs/frame.svg", ANNOTATION),
        ("corpus/raw/000-akimat-fire.txt", TEXTS),
        ("tests/sarif/sarif-2.1.0-rtm.5.json", SARIF),
    ],
)
def test_the_licence_that_is_meant(name: str, licence: str) -> None:
    assert licence_of(name) == licence


def test_every_licence_has_its_text(root: Path) -> None:
    named = {part for name in files() for part in licence_of(name).split(" AND ")}
    assert named == {CODE, DATA, TEXTS, SARIF} == {path.stem for path in (root / "LICENSES").glob("*.txt")}


def words_of(path: Path) -> list[str]:
    return re.findall(r"\w+", path.read_text(encoding="utf-8", errors="replace").lower())


def runs(words: list[str]) -> set[tuple[str, ...]]:
    """Every run of words that is long enough for a quotation, and not in Latin letters alone."""
    found = {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}
    return {run for run in found if not "".join(run).isascii()}


def test_who_quotes_the_texts_says_so(root: Path) -> None:
    """Quoted words stay with the publishers. The guidelines quote as any paper does, a passage to discuss it."""
    said = {run for path in (root / "corpus" / "raw").glob("*.txt") for run in runs(words_of(path))}
    assert said
    quoting = {name for name in files() if not name.startswith("corpus/guidelines/") and runs(words_of(root / name)) & said}
    assert quoting >= {"docs/frame.svg", "corpus/alignments.jsonl"}
    assert [name for name in sorted(quoting) if TEXTS not in licence_of(name)] == [], "name them in REUSE.toml, beside the annotation"
