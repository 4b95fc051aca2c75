"""Whether old and new versions of `datasets` read a release alike: `python tests/compat/run.py RELEASE…`.

This environment writes down what the Parquet files hold and state, without the card. Then each version that is pinned beside
this script (`datasets-*.txt`) reads the release offline, in an environment of its own: loaded and streamed through the card, and
the files alone. Configs, columns and their order, names of labels and every row must be the same.

Prints a line for each version and config. Exit codes: 0 all the same, 1 one differs, 2 an environment could not be made.
`--cache DIR` keeps the environments for the next run; `--here` asks this environment's version alone.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
Json = dict[str, Any]


def environment(requirements: Path, cache: Path) -> str:
    """The interpreter of an environment with these packages, which is made where it is not there yet."""
    key = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = cache / f"{requirements.stem}-{key}"
    python = str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    if not (folder / "complete").exists():
        uv = [sys.executable, "-m", "uv"]
        subprocess.run([*uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder)], check=True)
        subprocess.run([*uv, "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", str(requirements)], check=True)
        (folder / "complete").touch()
    return python


def reading(python: str, releases: list[Path], work: Path) -> Json:
    """What the `datasets` of an interpreter reads (see read.py)."""
    with tempfile.TemporaryDirectory(dir=work) as name:
        out = Path(name, "read.json")
        offline = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}
        places = {"HF_HOME": name, "HF_DATASETS_CACHE": f"{name}/datasets"}
        line = [python, "-I", str(HERE / "read.py"), str(out), *map(str, releases)]
        subprocess.run(line, env={**os.environ, **offline, **places}, check=True)
        found: Json = json.loads(out.read_text(encoding="utf-8"))
        return found


def compare(expected: Json, found: Json) -> Iterator[tuple[str, str, str]]:
    """Name, content in brief, and first difference, which may be none, of each config of a release."""
    tables = {name: ways["parquet"] for name, ways in expected["tables"].items()}
    yield "(listed)", f"{len(tables)} configs", next(unlike(list(tables), found["listed"], "configs"), "")
    yield "(default)", "documents", next(unlike(tables["documents"], found["default"], "default"), "")
    for name, table in tables.items():
        size = f"{len(table.get('rows', ()))} rows, {labels(table)} label columns"
        yield name, size, next((one for way, read in found["tables"][name].items() for one in unlike(table, read, way)), "")


def unlike(expected: Any, found: Any, way: str) -> Iterator[str]:
    """Where two readings differ. One that failed is like no other."""
    failed = [read["error"] for read in (found, expected) if isinstance(read, dict) and "error" in read]
    yield from (f"{way}: {error}" for error in failed)
    if not failed:
        yield from differing(expected, found, way)


def differing(expected: Any, found: Any, path: str) -> Iterator[str]:
    """Places in which two JSON values differ, the order of fields included, with what stands there."""
    if isinstance(expected, dict) and isinstance(found, dict) and list(expected) != list(found):
        yield f"{path}: fields {brief(list(found))} in place of {brief(list(expected))}"
    elif isinstance(expected, dict) and isinstance(found, dict):
        for key, inner in expected.items():
            yield from differing(inner, found[key], f"{path}.{key}")
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for number, (one, two) in enumerate(zip(expected, found, strict=True)):
            yield from differing(one, two, f"{path}[{number}]")
    elif expected != found or type(expected) is not type(found):
        yield f"{path}: {brief(found)} in place of {brief(expected)}"


def brief(value: Any) -> str:
    """A value in a line; a long list by its length."""
    text = json.dumps(value, ensure_ascii=False)
    if len(text) <= 120:
        return text
    return f"{len(value)} items" if isinstance(value, list | dict) else f"{text[:120]}…"


def labels(table: Json) -> int:
    """How many columns of a table are class labels, or lists of them."""
    columns = table["features"]["struct"].values() if "features" in table else ()
    return sum(isinstance(column, dict) and "labels" in column.get("list", column) for column in columns)


def report(release: Path, version: str, expected: Json, found: Json) -> bool:
    """Prints how each config was read; whether all are as they should be."""
    fine = True
    for name, size, difference in compare(expected, found):
        verdict = f"DIFFERS: {difference}" if difference else f"same: {size}"
        sys.stdout.write(f"datasets {version}  {release.name}  {name}: {verdict}\n")
        fine = fine and not difference
    sys.stdout.flush()
    return fine


def ask_all(releases: list[Path], cache: Path | None, *, here: bool) -> bool:
    """Asks each version about each release."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        current = reading(sys.executable, releases, work)
        pythons = [environment(path, cache or work) for path in ([] if here else sorted(HERE.glob("datasets-*.txt")))]
        readings = [current] if here else [reading(python, releases, work) for python in pythons]
    good = [
        report(release, found["datasets"], expected, one)
        for found in readings
        for release, expected, one in zip(releases, current["releases"], found["releases"], strict=True)
    ]
    return all(good)


def main() -> int:
    """Parses, asks, returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("releases", type=Path, nargs="+", metavar="RELEASE")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="folder for the environments (default: a temporary one)")
    parser.add_argument("--here", action="store_true", help="ask this environment's version alone")
    words = parser.parse_args()
    try:
        return 0 if ask_all(words.releases, words.cache, here=words.here) else 1
    except subprocess.CalledProcessError as error:
        sys.stderr.write(f"compat: {' '.join(map(str, error.cmd))} failed with {error.returncode}; see above.\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
