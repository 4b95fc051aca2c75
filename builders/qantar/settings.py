"""corpus.toml: what a corpus is called, what it holds, and under what terms."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal

from qantar.decode import MAX_DEPTH, Refused, text
from qantar.errors import QantarError, SettingsError, SourceError
from qantar.files import read
from qantar.inside import REMEDY, leads_out
from qantar.schema.registry import Registry
from qantar.schema.sources import read_sources

FILE = "corpus.toml"
#: Characters of corpus.toml.
MAX_LENGTH = 2**18
#: Comments, and strings on one line; what is left of a longer one only makes its dots count.
_STRING = re.compile(r'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"|\'[^\'\n]*+\'|#[^\n]*+')
#: Tags that every corpus lists: several languages, and none.
REQUIRED_LANGUAGES = ("mul", "zxx")
_RULES = re.compile(r"[ \t]*\[\[[ \t]*rules[ \t]*\]\]")
#: Headings inside of texts after which no more are looked for.
_MISSES = 50
_PROBE = "a-key-that-no-settings-have"


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """How heavily one rule weighs in a corpus, and why; the line of corpus.toml, from 1, that says so."""

    code: str
    severity: Literal["off", "warning", "error"]
    reason: str
    line: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one corpus version; fields as in schema/corpus/corpus.schema.json."""

    name: str
    version: str
    title: str
    summary: str
    released: str
    shards: int
    layers: tuple[str, ...]
    languages: tuple[str, ...]
    licences: dict[str, str]
    citation: dict[str, Any]
    schema: dict[str, str] = field(default_factory=dict)
    made: str | None = None
    rules: tuple[RuleSetting, ...] = ()
    agreement: dict[str, Any] = field(default_factory=dict)

    @property
    def passes(self) -> tuple[str, ...]:
        """The two passes that are to be compared; nothing where it is not said."""
        return tuple(self.agreement.get("passes", ()))


def read_settings(folder: Path, *, schema: Path | None = None) -> tuple[Settings, Registry]:
    """Settings and contract of the corpus in `folder`; a release has its whole contract in `schema`.

    Raises SourceError or SettingsError.
    """
    path = folder / FILE
    if schema is None:  # the files of a downloaded release may be links into a cache
        _refuse_outside(path)
    try:
        source = text(read(path))
        raw = _parsed(source)
    except FileNotFoundError as error:
        raise SourceError(f"{folder} is no corpus: it has no {FILE}.", "Name a corpus folder or a .jsonl file.") from error
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}.", "Put the settings of the corpus there.") from error
    except (Refused, ValueError, RecursionError) as error:  # TOMLDecodeError, and numbers or nesting beyond the parser
        raise SettingsError(f"{path}: {str(error).rstrip('.')}.", "Mend the file.") from error
    return settings_from(raw, path, schema, rule_lines(source))


def _parsed(source: str) -> dict[str, Any]:
    """What TOML holds. Raises ValueError; also where it is so long or deep that reading it would not end."""
    if len(source) > MAX_LENGTH:
        raise ValueError(f"it has {len(source):,} characters, {MAX_LENGTH:,} are allowed")
    if any(line.count(".") > MAX_DEPTH for line in _STRING.sub("", source).split("\n")):
        raise ValueError(f"a key has more than {MAX_DEPTH} parts")
    found = tomllib.loads(source)
    level: list[Any] = [found]
    for _ in range(MAX_DEPTH):
        level = [part for node in level for part in (node.values() if isinstance(node, dict) else node) if isinstance(part, dict | list)]
    if level:
        raise ValueError(f"tables and lists nest deeper than {MAX_DEPTH}")
    return found


def has_settings(folder: Path) -> bool:
    """Whether something called corpus.toml is there, be it a link that leads nowhere: reading it says what is wrong."""
    path = folder / FILE
    return path.exists() or path.is_symlink()


def _refuse_outside(path: Path) -> None:
    """Raises SourceError where the file is a link out of its folder, dead or not, as other files of a corpus are refused."""
    if real := leads_out(path, path.parent):
        raise SourceError(f"{path} leads to {real}, outside the corpus.", REMEDY)


def locate(data: bytes, path: tuple[str | int, ...]) -> tuple[int, int] | None:
    """Line and column (from 1) of the top-level key that `path` begins with, in settings that could be read; None where it is quoted."""
    lines = rule_lines(text(data)) if path[:1] == ("rules",) else ()
    if len(path) > 1 and isinstance(path[1], int) and path[1] < len(lines):
        return lines[path[1]], 1
    before = ""
    for number, line in enumerate(text(data).splitlines(keepends=True), 1):
        if path and re.match(rf"[ \t]*{re.escape(str(path[0]))}[ \t]*=", line) and _is_top_level(before):
            return number, len(line) - len(line.lstrip()) + 1
        before += line
    return None


def rule_lines(source: str) -> tuple[int, ...]:
    """The lines, from 1, of the headings `[[rules]]` in settings that can be read; none where they cannot be told from texts."""
    found, held, misses = list[int](), "", 0
    for number, line in enumerate(source.splitlines(keepends=True), 1):
        if _RULES.match(line) and _is_whole(held):
            found.append(number)
            held = ""
        elif _RULES.match(line):  # the heading stands in a text of several lines
            misses += 1
        if misses > _MISSES:
            return ()
        held += line
    return tuple(found)


def _is_whole(source: str) -> bool:
    try:
        tomllib.loads(source)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _is_top_level(before: str) -> bool:
    """Whether a key that follows is one of the file itself: not of a table, nor inside of a text of several lines."""
    try:
        return tomllib.loads(f"{before}{_PROBE} = 0\n").get(_PROBE) == 0
    except tomllib.TOMLDecodeError:
        return False


def settings_from(raw: dict[str, Any], path: Path, schema: Path | None = None, lines: tuple[int, ...] = ()) -> tuple[Settings, Registry]:
    """Checked settings and the contract they name; `path` is where they stand, `lines` are those of its `[[rules]]`."""
    own: dict[str, Any] = raw["schema"] if isinstance(raw.get("schema"), dict) else {}
    folders = [schema / part if schema is not None else _own(path, own, part) for part in ("layers", "ontology")]
    sources = read_sources(*folders, base=path.parent.resolve())
    if schema is not None:  # a release may be older than fields that the package's layers have since been given
        sources = replace(sources, replaced={})
    strings = {
        key: [x for x in raw.get(key, []) if isinstance(x, str)] for key in ("layers", "languages") if isinstance(raw.get(key), list)
    }
    checker = Registry(sources, (), dict.fromkeys(strings.get("languages", [])))
    problems = list(checker.explain("corpus/corpus", raw))
    if problems:
        words = " ".join(f"{problem.json_path}{_on_line(problem.path, lines)}: {problem.fact}. {problem.remedy}" for problem in problems)
        raise SettingsError(f"{path}: {words.rpartition('. ')[0]}.", words.rpartition(". ")[2])
    for key, values in strings.items():
        if len(set(values)) != len(values):
            raise SettingsError(f"{path}: $.{key} holds a value twice.", "Remove one.")
    if not _is_date(raw["released"]):
        raise SettingsError(f"{path}: $.released: {raw['released']!r} is no day of the calendar.", "Correct the date.")
    passes = raw.get("agreement", {}).get("passes", [])
    if passes and len(set(passes)) != 2:
        raise SettingsError(f"{path}: $.agreement.passes names {', '.join(map(repr, passes))}.", "Name two passes, each once.")
    rules = tuple(RuleSetting(**rule, line=line) for rule, line in zip_longest(raw.get("rules", ()), lines[: len(raw.get("rules", ()))]))
    settings = Settings(**{**raw, "layers": tuple(raw["layers"]), "languages": tuple(raw["languages"]), "rules": rules})
    for lang in REQUIRED_LANGUAGES:
        if lang not in settings.languages:
            raise SettingsError(
                f"{path}: $.languages lacks {lang!r}.", "Tables need `mul` for mixed text and `zxx` for none; add both at the end."
            )
    try:
        return settings, Registry(sources, settings.layers, settings.languages)
    except QantarError as error:
        raise SettingsError(f"{path}: {error.fact}", error.remedy) from error


def _on_line(path: tuple[str | int, ...], lines: tuple[int, ...]) -> str:
    """The line of the rule that a path leads to, where it is known."""
    if len(path) > 1 and path[0] == "rules" and isinstance(path[1], int) and path[1] < len(lines):
        return f" (line {lines[path[1]]})"
    return ""


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name that is too long for any file
        return False


def _own(path: Path, own: dict[str, Any], part: str) -> Path | None:
    """Folder of the corpus's own schemas, which must lie inside the corpus."""
    if not isinstance(own.get(part), str):
        return None
    base: Path = path.parent.resolve()
    folder: Path = base / str(own[part]).replace("\0", "\ufffd")
    if leads_out(folder, base) or not _is_folder(folder):
        raise SettingsError(f"{path}: $.schema.{part}: {own[part]!r} is no folder inside the corpus.", "Correct the path.")
    folder = folder.resolve()
    for file in sorted(folder.glob("*.json")):
        if real := leads_out(file, base):
            raise SettingsError(f"{file} leads to {real}, outside the corpus.", REMEDY)
    return folder
