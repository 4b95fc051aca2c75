"""Starts a corpus: a folder that checks and builds at once, with one example to replace."""

from __future__ import annotations

import datetime
import json
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qantar.errors import OutputError, SourceError
from qantar.ids import name_of
from qantar.languages.codes import ISO_639_1, tag_meant
from qantar.requirement import requirement
from qantar.resources import data_dir, template_dir
from qantar.schema.sources import read_json
from qantar.settings import FILE, REQUIRED_LANGUAGES

DEFAULT = ("kk", "ru", "uk", "en")
FALLBACK = "en"
_EXAMPLES = "examples"


@dataclass(frozen=True, slots=True)
class Started:
    """A corpus that was started: its folder, name and languages, and the language of its example."""

    folder: Path
    name: str
    languages: tuple[str, ...]
    example: str


def start(folder: Path, *, languages: Sequence[str] = DEFAULT, released: datetime.date | None = None) -> Started:
    """Makes a corpus in a folder that does not exist or is empty; it is written whole or not at all.

    `languages` are BCP-47 tags; `mul` and `zxx` are added. The example is in the first of them that there is one in,
    else in English, which is then added too. `released` is the date of its first version (default: today).
    Raises SourceError, OutputError.
    """
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise SourceError(f"{folder} is there and not empty.", "Name a new folder; nothing was touched.")
    name = name_of(folder.resolve().name)
    example = next((tag for tag in languages if (template_dir() / _EXAMPLES / tag).is_dir()), FALLBACK)
    tags = _checked(languages, example)
    words = {
        "name": name,
        "title": name.replace("-", " ").capitalize(),
        "languages": json.dumps(tags),
        "requirement": requirement(),
        "released": (released or datetime.date.today()).isoformat(),
    }
    parts = folder.resolve().with_name(f".{folder.resolve().name}.tmp")
    try:
        shutil.rmtree(parts, ignore_errors=True)
        for source, path in _files(example):
            _write(source, parts / path, words)
        _put(parts, folder)
    except OSError as error:
        raise OutputError(Path(error.filename or folder), error) from error
    finally:
        shutil.rmtree(parts, ignore_errors=True)
    return Started(folder, name, tags, example)


def _checked(languages: Sequence[str], example: str) -> tuple[str, ...]:
    shape = read_json(data_dir("schema") / "corpus" / "corpus.schema.json")
    pattern = shape["properties"]["languages"]["items"]["pattern"]
    for tag in languages:
        if not re.fullmatch(pattern, tag):
            raise SourceError(f"{tag!r} is no BCP-47 tag.", _remedy(tag))
        code = tag.partition("-")[0]
        if len(code) == 2 and code not in ISO_639_1:
            raise SourceError(f"{code!r} is no language of ISO 639-1.", _remedy(tag))
    if len(set(languages)) != len(languages):
        raise SourceError(f"The languages {', '.join(languages)} hold a tag twice.", "Give each once.")
    return tuple(dict.fromkeys([*languages, example, *REQUIRED_LANGUAGES]))


def _remedy(tag: str) -> str:
    meant = tag_meant(tag)
    hint = f"Did you mean {meant!r}? " if meant else ""
    return f"{hint}Give tags such as kk or zh-Hant, with commas between them."


def _files(example: str) -> Iterator[tuple[Path, Path]]:
    """(file of the template, where it goes) of a corpus with that example."""
    root = template_dir()
    for base in (root, root / _EXAMPLES / example):
        for path in sorted(base.rglob("*")):
            inside = path.relative_to(base)
            if path.is_file() and (base != root or inside.parts[0] != _EXAMPLES):
                yield path, Path(*(re.sub(r"^dot-", ".", part) for part in inside.parts))


def _write(source: Path, path: Path, words: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix not in (".md", ".toml") and source.name != "requirements.txt":
        shutil.copyfile(source, path)
        return
    text = source.read_text(encoding="utf-8")
    for key, word in words.items():
        text = text.replace(f"{{{{{key}}}}}", word)
    path.write_text(text, encoding="utf-8", newline="")


def _put(parts: Path, folder: Path) -> None:
    """Puts what was written in place: into the folder where it is there (someone may stand in it), else as the folder."""
    if not folder.exists():
        parts.rename(folder)
        return
    names = sorted((path.name for path in parts.iterdir()), key=lambda name: name == FILE)  # what makes it a corpus comes last
    try:
        for name in names:
            (parts / name).rename(folder / name)
    except BaseException:
        for name in names:
            if not (parts / name).exists():
                (folder / name).rename(parts / name)
        raise
