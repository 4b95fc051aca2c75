"""`qantar new`."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from qantar.starting import DEFAULT, start


def start_and_report(folder: Path, languages: Sequence[str] | None) -> int:
    """Makes a corpus and says how to go on."""
    started = start(folder, languages=languages or DEFAULT)
    where = shlex.quote(folder.as_posix())
    lines = [
        f"{folder.as_posix()} holds the corpus {started.name!r} ({', '.join(started.languages)}), with a made-up example in {started.example!r}.",
        "",
        "Next:",
        f"  cd {where}",
        "  qantar check .          it is sound from the start",
        "  qantar build .          a dataset in releases/, for load_dataset",
        "  qantar add FILE ...     your texts, with drafts of zones, languages and sentences",
        "",
        "Then edit schema/ontology (types and roles), guidelines, and corpus.toml. README.md says what is where,",
        "requirements.txt where its CI gets qantar.",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0
