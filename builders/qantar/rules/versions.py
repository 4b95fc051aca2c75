"""Level 6: corpus.toml, the changelog and the documents agree on what this version is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qantar.corpus import Corpus
from qantar.problems import SETTINGS, Path
from qantar.rules.dates import fault_of
from qantar.rules.finding import Finding

#: A heading of the upper two levels: marked by `#`, or underlined.
_HEADING = re.compile(r"^(?:#{1,2}[ \t]+(?P<marked>.+)|(?P<lined>\S.*)\n(?:=+|-+)[ \t]*)$", re.MULTILINE)
#: A version that such a heading begins with, after a word at most: `1.2.0`, `[v1.2.0]`, `Version 1.2.0`.
_VERSION = re.compile(r"\W*(?:[^\W\d]\w*\W+)?v?((?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2})(?![\w+-]|\.[0-9])")
_DAY = re.compile(r"(?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")
_FENCED = re.compile(r"^(```|~~~).*?(?:^\1|\Z)", re.MULTILINE | re.DOTALL)


def unlisted_version(corpus: Corpus) -> Iterator[Finding]:
    """The changelog has headings of versions, but none of this one."""
    listed = [version for version, _ in _versions(corpus)]
    if listed and corpus.settings.version not in listed:
        fact = f"CHANGELOG.md has no heading of version {corpus.settings.version}; its newest is {max(listed, key=_numbers)}"
        remedy = f"Add `## {corpus.settings.version} ({corpus.settings.released})` and say what changed, or correct the version."
        yield _of_settings(("version",), fact, remedy)


def changelog_date(corpus: Corpus) -> Iterator[Finding]:
    """The changelog dates this version to another day than corpus.toml does."""
    days = {day for version, day in _versions(corpus) if version == corpus.settings.version and day is not None}
    if days and corpus.settings.released not in days:
        fact = f"`released` is {corpus.settings.released}; CHANGELOG.md dates {corpus.settings.version} to {min(days)}"
        yield _of_settings(("released",), fact, "Correct one of the two.")


def published_later(corpus: Corpus) -> Iterator[Finding]:
    """A document was published after the day that corpus.toml gives as that of this version."""
    released = corpus.settings.released  # what is only known as its month or year comes before it in the order of letters, too
    for document in corpus.documents.values():
        published = document.published
        if published is not None and fault_of(published, "calendar") is None and published > released:
            fact = f"{document.id!r} was published {published}, after this version of the corpus ({released})"
            remedy = "Correct the date; or, where the document came after that version, raise `version` and `released` in corpus.toml."
            yield Finding(None, None, None, ("published",), fact, remedy, document.id)


def unused_layer(corpus: Corpus) -> Iterator[Finding]:
    """corpus.toml has a layer that no document covers."""
    covered = {entry.layer for document in corpus.documents.values() for entry in document.coverage}
    for number, layer in enumerate(corpus.settings.layers):
        if layer not in covered:
            fact = f"no document covers the layer {layer!r}"
            remedy = "Take it off `layers`, or list it in the coverage of the documents that were annotated in it."
            yield _of_settings(("layers", number), fact, remedy)


def _versions(corpus: Corpus) -> Iterator[tuple[str, str | None]]:
    """Every version that a heading of the changelog names, with the day that it states."""
    for match in _HEADING.finditer(_FENCED.sub("", corpus.changelog or "")):
        heading = match["marked"] or match["lined"]
        version, day = _VERSION.match(heading), _DAY.search(heading)
        if version is not None:
            yield version[1], day[0] if day else None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _of_settings(path: Path, fact: str, remedy: str) -> Finding:
    return Finding(SETTINGS, None, None, path, fact, remedy)
