"""Runs a guide as its reader would: its shell and Python blocks in order, in one folder, with one Python session.

Run as a program: `python guide.py GUIDE` in the folder; it prints, as JSON, one entry a block: line, language, code, what
was printed, and the text block that the guide shows for it (null if it shows none).
"""

from __future__ import annotations

import code
import contextlib
import io
import json
import os
import re
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

#: A block, and before it, unseen by the reader, the exit code that it is meant to leave with.
FENCE = re.compile(r"^(?:<!-- exit (\d) -->\n)?```(\w+)\n(.*?)^```\n", re.M | re.S)


def blocks(text: str) -> Iterator[dict[str, Any]]:
    """The blocks that a reader runs, each with the `text` block that directly follows it."""
    found = [
        {"line": text.count("\n", 0, match.start(2)) + 1, "language": match[2], "code": match[3], "exit": int(match[1] or 0)}
        for match in FENCE.finditer(text)
    ]
    for number, block in enumerate(found):
        if block["language"] in ("python", "sh"):
            after = found[number + 1] if number + 1 < len(found) else None
            yield {**block, "shown": after["code"] if after is not None and after["language"] == "text" else None}


def matches(shown: str, printed: str) -> bool:
    """Whether a block prints what the guide shows; a line `…` stands for any lines, blanks at line ends do not count."""
    lines = [line.rstrip() for line in shown.rstrip().splitlines()]
    pattern = "".join(r"(?:.*\n)*" if line == "…" else re.escape(line) + r"\n" for line in lines)
    text = "".join(f"{line.rstrip()}\n" for line in printed.rstrip().splitlines())
    return re.fullmatch(pattern, text) is not None


def reader(folder: Path) -> dict[str, str]:
    """The environment of a reader who has activated ours: caches of their own below `folder`, and the clone in QANTAR."""
    caches = {"QANTAR_CACHE": "cache", "HF_HOME": "hf", "HF_DATASETS_CACHE": "hf"}
    own = {name: str(folder / place) for name, place in caches.items()}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, **own, "PATH": path, "QANTAR": str(Path(__file__).resolve().parents[1])}


def run(guide: Path) -> list[dict[str, Any]]:
    """Every block with what it printed (`printed`); stops at the first that fails, whose `error` says why."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    done = []
    for block in blocks(guide.read_text(encoding="utf-8")):
        printed, error = (_shell if block["language"] == "sh" else _python)(block, guide, namespace)
        done.append({**block, "printed": printed, "error": error})
        if error is not None:
            break
    return done


def _shell(block: dict[str, Any], guide: Path, namespace: dict[str, Any]) -> tuple[str, str | None]:
    """Both streams are what the reader sees."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block["code"]], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False
    )
    failed = done.returncode != block["exit"]
    return done.stdout, f"{guide.name}:{block['line']}: exit code {done.returncode}\n{done.stdout}" if failed else None


class _Session(code.InteractiveConsole):
    """Takes lines as they are typed; the first error is kept."""

    error: str | None = None

    def showtraceback(self) -> None:
        self.error = self.error or traceback.format_exc()

    def showsyntaxerror(self, *_: object, **__: object) -> None:
        self.error = self.error or traceback.format_exc()


def _python(block: dict[str, Any], guide: Path, namespace: dict[str, Any]) -> tuple[str, str | None]:
    """Typed line by line, as a reader pastes it: a block that only works as a file is an error."""
    session, out = _Session(namespace, f"{guide.name}:{block['line']}"), io.StringIO()
    with contextlib.redirect_stdout(out):
        for line in [*block["code"].splitlines(), ""]:
            session.push(line)
    return out.getvalue(), session.error


if __name__ == "__main__":
    json.dump(run(Path(sys.argv[1])), sys.stdout)
