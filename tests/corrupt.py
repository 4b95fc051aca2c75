"""Corruptions of a corpus folder such as a hand, an editor or a script makes, each with what the checker must say of it.

`python tests/corrupt.py [--each N] [--seed S]` tries N of every kind on the repository's corpus and prints a line a kind: how many
were caught, and at the right place. A corruption that gives other data which is sound in itself (a label that exists in the place of
another, a mention that nothing points to left out) has nothing that a checker could see: those kinds are counted apart.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from qantar import check, open_store
from qantar.errors import QantarError
from qantar.problems import Problem
from qantar.schema.registry import Registry
from qantar.settings import read_settings
from qantar.store.layout import shape_of

ROOT = Path(__file__).resolve().parents[1]
#: Where a problem must be reported: on the line that was touched, in the file, anywhere; or whether it can be seen at all.
Seen = Literal["line", "file", "somewhere", "perhaps"]
Random = random.Random
Lines = list[str]


@dataclass(frozen=True, slots=True)
class Corruption:
    """What was done: the bytes that files then have (None: none), the file and line that were touched, where it must be seen."""

    kind: str
    files: dict[str, bytes | None]
    file: str
    line: int | None
    seen: Seen


#: One corrupted line in the place of a record's, or None where the record has nothing of the kind; the number of lines it becomes.
OfRecord = Callable[[Random, Any, Registry, str], str | None]


def dumps(value: Any) -> str:
    """As a record's line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# --- one record -------------------------------------------------------------------------------------------------------


def cut_off(draw: Random, record: Any, registry: Registry, shape: str) -> str | None:
    """The end of the line is lost."""
    line = dumps(record)
    return line[: draw.randrange(1, len(line))]


def letter_in_quote(draw: Random, record: Any, registry: Registry, shape: str) -> str | None:
    """A letter of the quote is another one."""
    if not record.get("quote"):
        return None
    at = draw.randrange(len(record["quote"]))
    letter = "x" if record["quote"][at] != "x" else "y"
    return dumps({**record, "quote": record["quote"][:at] + letter + record["quote"][at + 1 :]})


def _moved(record: Any, start: int, end: int) -> str | None:
    if "spans" in record:
        span = record["spans"][-1]
        return dumps({**record, "spans": [*record["spans"][:-1], {"start": span["start"] + start, "end": span["end"] + end}]})
    return dumps({**record, "start": record["start"] + start, "end": record["end"] + end}) if "start" in record else None


def longer_span(draw: Random, record: Any, registry: Registry, shape: str) -> str | None:
    """The span ends a character later."""
    return _moved(record, 0, 1)


def later_start(draw: Random, record: Any, registry: Registry, shape: str) -> str | None:
    """The span starts a character later."""
    return _moved(record, 1, 0)


def shifted_span(draw: Random, record: Any, registry: Registry, shape: str) -> str | None:
    """The span stands a character later, as behind an emoji that was counted twice."""
    return _moved(record, 1, 1)


def far_span(draw: Random, record: Any, registry: Registry, shape: str) -> str | None:
    """The span lies behind the text."""
    return _moved(record, 1_000_000, 1_000_000)


def empty_span(draw: Random, record: Any, registry: Registry, shape: str) -> str | None:
    """The span ends where it starts."""
    if "spans" in record:
        span = record["spans"][-1]
        return dumps({**record, "spans": [*record["spans"][:-1], {"start": span["start"], "end": span["start"]}]})
    return dumps({**record, "end": record["start"]}) if "start" in record else None


def _keys(record: Any, registry: Registry, shape: str, *, required: bool) -> list[str]:
    needed = registry.shapes[shape].get("required", [])
    return [key for key in record if (key in needed) == required]


def lost_field(draw: Random, record: Any, registry: Registry, shape: str) -> str | None:
    """A required field is left out."""
    key = draw.choice(_keys(record, registry, shape, required=True))
    return dumps({name: body for name, body in record.items() if name != key})


def lost_option(draw: Random, record: Any, registry: Registry, shape: str) -> str | None:
    """An optional field is left out."""
    keys = _keys(record, registry, shape, required=False)
    key = draw.choice(keys) if keys else None
    return dumps({name: body for name, body in record.items() if name != key}) if keys else None


def misspelt_field(draw: Random, record: Any, registry: Registry, shape: str) -> str | None:
    """The name of a field has a letter too many."""
    key = draw.choice(list(record))
    return dumps({name + "s" if name == key else name: body for name, body in record.items()})


def null_for_value(draw: Random, record: Any, registry: Registry, shape: str) -> str | None:
    """The id is null."""
    return dumps({**record, "id": None}) if "id" in record else None


def words_for_number(draw: Random, record: Any, registry: Registry, shape: str) -> str | None:
    """An offset is a string, or has a point."""
    line = dumps(record)
    places = list(re.finditer(r'"(?:start|end)":([0-9]+)', line))
    if not places:
        return None
    place = draw.choice(places)
    number = draw.choice([f'"{place[1]}"', f"{place[1]}.0", f"-{place[1]}1"])
    return line[: place.start(1)] + number + line[place.end(1) :]


def key_twice(draw: Random, record: Any, registry: Registry, shape: str) -> str | None:
    """A field stands twice."""
    key = draw.choice(list(record))
    return f"{dumps(record)[:-1]},{dumps(key)}:{dumps(record[key])}}}"


def python_quotes(draw: Random, record: Any, registry: Registry, shape: str) -> str | None:
    """As Python prints a record."""
    return repr(record)


def trailing_comma(draw: Random, record: Any, registry: Registry, shape: str) -> str | None:
    """A comma before the last bracket."""
    return dumps(record)[:-1] + ",}"


def two_values(draw: Random, record: Any, registry: Registry, shape: str) -> str | None:
    """A record stands twice on its line."""
    return dumps(record) * 2


def _label_places(record: Any, registry: Registry, shape: str) -> list[tuple[list[Any], tuple[str, ...]]]:
    """Where the record holds labels: (path, labels that may stand there)."""
    return [(path, labels) for pattern, _, labels in registry.label_fields(shape) for path in _follow(record, pattern)]


def _follow(node: Any, pattern: tuple[str, ...]) -> Iterator[list[Any]]:
    if not pattern:
        if isinstance(node, str):
            yield []
    elif pattern[0] == "*":
        for number, item in enumerate(node or []):
            yield from ([number, *rest] for rest in _follow(item, pattern[1:]))
    elif isinstance(node, dict) and pattern[0] in node:
        yield from ([pattern[0], *rest] for rest in _follow(node[pattern[0]], pattern[1:]))


def _put(record: Any, path: list[Any], value: Any) -> str:
    copy = json.loads(json.dumps(record))
    node = copy
    for part in path[:-1]:
        node = node[part]
    node[path[-1]] = value
    return dumps(copy)


def _at(record: Any, path: list[Any]) -> Any:
    for part in path:
        record = record[part]
    return record


def misspelt_label(draw: Random, record: Any, registry: Registry, shape: str) -> str | None:
    """A label has a letter too many."""
    places = _label_places(record, registry, shape)
    if not places:
        return None
    path, _ = draw.choice(places)
    return _put(record, path, _at(record, path) + "s")


def other_label(draw: Random, record: Any, registry: Registry, shape: str) -> str | None:
    """A label is another one that exists."""
    places = [(path, labels) for path, labels in _label_places(record, registry, shape) if len(labels) > 1]
    if not places:
        return None
    path, labels = draw.choice(places)
    return _put(record, path, draw.choice([label for label in labels if label != _at(record, path)]))


def _reference_places(record: Any, registry: Registry, shape: str) -> list[list[Any]]:
    patterns = [pattern for layer, pattern, _, _ in registry.references if f"layers/{layer}" == shape]
    patterns += {"corpus/clusters": [("members", "*", "target")], "corpus/links": [("head", "target"), ("tail", "target")]}.get(shape, [])
    return [path for pattern in patterns for path in _follow(record, pattern)]


def dead_reference(draw: Random, record: Any, registry: Registry, shape: str) -> str | None:
    """A reference names a record that is not there."""
    places = _reference_places(record, registry, shape)
    if not places:
        return None
    path = draw.choice(places)
    return _put(record, path, re.sub(r"[0-9]+$", "98765", _at(record, path)))


#: What can be done to a record, by where it must be seen.
OF_RECORD: dict[OfRecord, Seen] = {
    cut_off: "line",
    letter_in_quote: "line",
    longer_span: "line",
    later_start: "line",
    shifted_span: "line",
    far_span: "line",
    empty_span: "line",
    lost_field: "line",
    misspelt_field: "line",
    null_for_value: "line",
    words_for_number: "line",
    key_twice: "line",
    python_quotes: "line",
    trailing_comma: "line",
    two_values: "line",
    misspelt_label: "line",
    dead_reference: "line",
    lost_option: "perhaps",
    other_label: "perhaps",
}


# --- lines of a file --------------------------------------------------------------------------------------------------

OfLines = Callable[[Random, Lines, int], bytes]


def _joined(lines: Lines) -> bytes:
    return "".join(line + "\n" for line in lines).encode()


def line_twice(draw: Random, lines: Lines, at: int) -> bytes:
    """A line is there twice."""
    return _joined([*lines[: at + 1], lines[at], *lines[at + 1 :]])


def line_lost(draw: Random, lines: Lines, at: int) -> bytes:
    """A line is lost."""
    return _joined([*lines[:at], *lines[at + 1 :]])


def lines_swapped(draw: Random, lines: Lines, at: int) -> bytes:
    """A line and another change places."""
    other = draw.choice([number for number in range(len(lines)) if number != at] or [at])
    copy = list(lines)
    copy[at], copy[other] = copy[other], copy[at]
    return _joined(copy)


def blank_line(draw: Random, lines: Lines, at: int) -> bytes:
    """A blank line stands before a line."""
    return _joined([*lines[:at], "", *lines[at:]])


def lines_joined(draw: Random, lines: Lines, at: int) -> bytes:
    """A line end is lost."""
    return _joined([*lines[:at], lines[at] + (lines[at + 1] if at + 1 < len(lines) else "]"), *lines[at + 2 :]])


def broken_over_lines(draw: Random, lines: Lines, at: int) -> bytes:
    """A record is spread over lines, as a formatter does."""
    return _joined([*lines[:at], json.dumps(json.loads(lines[at]), ensure_ascii=False, indent=2), *lines[at + 1 :]])


def other_line_end(draw: Random, lines: Lines, at: int) -> bytes:
    """A line ends as on Windows."""
    return _joined([*lines[:at], lines[at] + "\r", *lines[at + 1 :]])


def comment(draw: Random, lines: Lines, at: int) -> bytes:
    """A line of comment."""
    return _joined([*lines[:at], "// to do", *lines[at:]])


def other_encoding(draw: Random, lines: Lines, at: int) -> bytes:
    """A line in Windows-1251, or, where it has no such letters, in nothing known."""
    spoilt = lines[at].encode("cp1251", "replace") if re.search("[а-яА-Я]", lines[at]) else lines[at].encode() + b"\xff"
    return _joined(lines[:at]) + spoilt + b"\n" + _joined(lines[at + 1 :])


OF_LINES: dict[OfLines, Seen] = {
    line_twice: "file",
    lines_swapped: "file",
    blank_line: "line",
    lines_joined: "line",
    broken_over_lines: "line",
    other_line_end: "line",
    comment: "line",
    other_encoding: "line",
    line_lost: "perhaps",
}


# --- whole files ------------------------------------------------------------------------------------------------------

OfFile = Callable[[Random, bytes], bytes | None]


def byte_order_mark(draw: Random, data: bytes) -> bytes | None:
    """The file starts with a byte order mark."""
    return b"\xef\xbb\xbf" + data


def file_lost(draw: Random, data: bytes) -> bytes | None:
    """The file is lost."""
    return None


def letter_changed(draw: Random, data: bytes) -> bytes | None:
    """One character of the text is another one."""
    text = data.decode()
    at = draw.randrange(len(text))
    return (text[:at] + ("x" if text[at] != "x" else "y") + text[at + 1 :]).encode()


def line_of_text_lost(draw: Random, data: bytes) -> bytes | None:
    """One line of the text is lost."""
    lines = data.splitlines(keepends=True)
    at = draw.randrange(len(lines))
    return b"".join(lines[:at] + lines[at + 1 :])


def windows_line_ends(draw: Random, data: bytes) -> bytes | None:
    """As git or an editor on Windows saves it."""
    return data.replace(b"\n", b"\r\n")


def no_break_spaces_lost(draw: Random, data: bytes) -> bytes | None:
    """As a tool that tidies white space saves it."""
    return data.replace("\xa0".encode(), b" ") if "\xa0".encode() in data else b" " + data


OF_TEXT: tuple[OfFile, ...] = (letter_changed, line_of_text_lost, windows_line_ends, no_break_spaces_lost, byte_order_mark, file_lost)


# --- drawing and judging ----------------------------------------------------------------------------------------------


class Corrupter:
    """Draws corruptions of one corpus folder."""

    def __init__(self, root: Path) -> None:
        self.files = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
        self.registry = read_settings(root)[1]
        self.jsonl = sorted(name for name, data in self.files.items() if name.endswith(".jsonl") and data and not name.startswith("raw/"))
        self.texts = sorted(name for name in self.files if name.startswith("raw/"))

    def draw(self, kind: Callable[..., Any], draw: Random) -> Corruption | None:
        """One corruption of a kind; None where the record that was drawn has nothing of the kind."""
        if kind in OF_TEXT:
            file = draw.choice(self.texts)
            return Corruption(kind.__name__, {file: kind(draw, self.files[file])}, file, None, "file")
        file = draw.choice(self.jsonl)
        lines = self.files[file].decode().splitlines()
        at = draw.randrange(len(lines))
        if kind in OF_LINES:
            data = kind(draw, lines, at)
            return Corruption(kind.__name__, {file: data}, file, at + 1, OF_LINES[kind]) if data != self.files[file] else None
        shape = shape_of(file)
        changed = kind(draw, json.loads(lines[at]), self.registry, shape)
        if changed is None or changed == lines[at]:
            return None
        # Of two parts that overlap either may be wrong: the one that comes second is named.
        seen = "file" if kind is longer_span and "spans" not in changed else OF_RECORD[kind]
        return Corruption(kind.__name__, {file: _joined([*lines[:at], changed, *lines[at + 1 :]])}, file, at + 1, seen)


KINDS: tuple[Callable[..., Any], ...] = (*OF_RECORD, *OF_LINES, *OF_TEXT)


def problems_of(corruption: Corruption, corpus: Path) -> list[Problem] | QantarError:
    """What the checker says of the corpus with the corruption, which is undone afterwards."""
    kept = {file: (corpus / file).read_bytes() if (corpus / file).is_file() else None for file in corruption.files}
    try:
        _write(corruption.files, corpus)
        return check(open_store(corpus))
    except QantarError as error:
        return error
    finally:
        _write(kept, corpus)


def _write(files: dict[str, bytes | None], corpus: Path) -> None:
    for file, data in files.items():
        (corpus / file).unlink() if data is None else (corpus / file).write_bytes(data)


def verdict(corruption: Corruption, found: list[Problem] | QantarError) -> Literal["right", "misplaced", "missed"]:
    """Whether it was seen, and where it must be."""
    if isinstance(found, QantarError):
        return "right"
    if not found:
        return "missed"
    here = [problem for problem in found if problem.place is not None and problem.place.file == corruption.file]
    if corruption.seen in ("somewhere", "perhaps"):
        return "right"
    if corruption.seen == "file":
        return "right" if here else "misplaced"
    return "right" if any(problem.place and problem.place.line == corruption.line for problem in here) else "misplaced"


def main() -> int:
    """Prints a line a kind; 1 where a corruption that can be seen was not, or was seen elsewhere."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--each", type=int, default=200, metavar="N", help="corruptions of each kind (default: 200)")
    parser.add_argument("--seed", type=int, default=0, metavar="S")
    options = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        shutil.copytree(ROOT / "corpus", corpus)
        corrupter = Corrupter(corpus)
        print(f"{'kind':<22}{'tried':>7}{'caught':>8}{'placed':>8}  must be seen")  # noqa: T201
        for kind in KINDS:
            draw = random.Random(f"{options.seed} {kind.__name__}")  # noqa: S311
            drawn = [one for one in (corrupter.draw(kind, draw) for _ in range(options.each)) if one is not None]
            verdicts = []
            for one in drawn:
                verdicts.append(verdict(one, problems_of(one, corpus)))
                if verdicts[-1] != "right" and one.seen != "perhaps":
                    failed += 1
                    sys.stderr.write(f"{one.kind}: {verdicts[-1]}: {one.file}:{one.line}\n")
            caught, placed = (sum(v in kinds for v in verdicts) for kinds in (("right", "misplaced"), ("right",)))
            print(f"{kind.__name__:<22}{len(drawn):>7}{caught:>8}{placed:>8}  {drawn[0].seen if drawn else '-'}")  # noqa: T201
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
