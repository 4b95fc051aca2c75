"""`qantar add`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from qantar.adding import Added, add
from qantar.cli.reporters import refuse
from qantar.errors import InvalidCorpus
from qantar.propose.languages import KNOWN
from qantar.store import Folder
from qantar.wording import number, printable

_SCRIPTS = {"Latn": "Latin", "Cyrl": "Cyrillic"}


def add_and_report(folder: Folder, files: Sequence[Path], *, lang: str | None, name: str | None) -> int:
    """Adds texts and says what became of each."""
    try:
        added = add(folder, files, lang=lang, id=name)
    except InvalidCorpus as error:
        return refuse(error.problems, "added", folder)
    for line in _result(added):
        sys.stdout.write(printable(line) + "\n")
    return 0


def _result(added: Sequence[Added]) -> Iterator[str]:
    for one in added:
        yield f"{one.file} is now {one.id} ({one.lang}{', guessed from its letters' if one.guessed else ''})"
        if one.proposed.layers:
            yield f"    drafts: {', '.join(f'{layer} ({len(records)})' for layer, records in one.proposed.layers.items())}"
        for layer, reason in one.proposed.left_out.items():
            yield f"    no draft of {layer}: {reason}"
        for script, count in one.proposed.without_language.items():
            runs = f"{number(count, 'run')} of {_SCRIPTS[script]} letters"
            yield f"    left out of languages: {runs}, for corpus.toml does not list {' or '.join(KNOWN[script])}"
    yield ""
    yield "Next: say in documents.jsonl where each text is from, and what rights it has. Read and correct the drafts in"
    yield "annotations/, then `qantar accept DOCUMENT`. `qantar check` names what is left."
