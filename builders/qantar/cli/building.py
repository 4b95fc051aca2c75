"""`qantar build`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from qantar.cli.reporters import interrupted, refuse
from qantar.errors import InvalidCorpus, OutputError, SourceError
from qantar.release import Built, build, default_target
from qantar.release.consistency import refresh_readme
from qantar.release.summary import shown
from qantar.schema.sources import Json
from qantar.store import Folder, Store
from qantar.store.layout import AGREEMENT, README
from qantar.wording import number, printable


def build_and_report(store: Store, out: Path | None, *, workers: int, replace: bool, drafts: bool, readme: bool = True) -> int:
    """Builds; progress and problems go to stderr, the result to stdout. With `readme`, the corpus's README says how consistent passes are."""
    target = out or default_target(store)
    try:
        built = build(store, target, workers=workers, replace=replace, drafts=drafts, progress=show_progress)
    except InvalidCorpus as error:
        return refuse(error.problems, "built", store, whole=True)
    except KeyboardInterrupt:
        return interrupted("finished shards are kept, run the same command again to go on")
    if readme and isinstance(store, Folder) and built.consistency is not None:
        _refresh(store.root, built.consistency)
    for line in _result(built):
        sys.stdout.write(line + "\n")
    return 0


def _refresh(folder: Path, consistency: Json) -> None:
    """A README that cannot be written is named; the release stands without it."""
    try:
        if refresh_readme(folder, consistency):
            sys.stderr.write(f"qantar: {printable(str(folder / README))} says how consistent the passes are.\n")
    except (OutputError, SourceError) as error:
        sys.stderr.write(f"qantar: {printable(str(error))}\n")


def show_progress(done: int, total: int) -> None:
    """How many shards are built, on a terminal."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\rbuilding shards: {done} of {total}" + ("\n" if done == total else ""))
        sys.stderr.flush()


def _drafts(drafts: dict[str, list[str]]) -> str:
    layers = sum(map(len, drafts.values()))
    return f"Draft layers that no reader has confirmed: {layers} in {number(len(drafts), 'document')}, named in the card."


def _result(built: Built) -> list[str]:
    configs = built.sealed.configs
    width = max(len(config.name) for config in configs)
    lines = [f"{'config':<{width}}  rows"]
    lines += [f"{config.name:<{width}}  {config.rows}" for config in configs]
    lines += [f"{number(built.warnings, 'warning')}: `qantar check` says what."] if built.warnings else []
    if built.consistency is not None:
        lines += [f"Passes {built.consistency['a']} and {built.consistency['b']} are compared in {AGREEMENT}, and in the card."]
    lines += [_drafts(built.summary.drafts)] if built.summary.drafts else []
    state = "was already built, nothing changed" if built.sealed.unchanged else "built"
    example = shown((config.name for config in configs), built.summary)
    path = built.sealed.path.as_posix()
    literal = json.dumps(path if path.startswith(("/", "../")) else f"./{path}", ensure_ascii=False)
    return [
        *lines,
        "",
        f"{path} {state}. Load it:",
        "",
        "from datasets import load_dataset",
        f'ds = load_dataset({literal}, "{example}", split="train")',
    ]
