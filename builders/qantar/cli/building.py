"""`qantar build`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from qantar.cli.reporters import interrupted, refuse
from qantar.errors import InvalidCorpus
from qantar.release import Built, build, default_target
from qantar.release.summary import shown
from qantar.store import Store
from qantar.wording import number


def build_and_report(store: Store, out: Path | None, *, workers: int, replace: bool, drafts: bool) -> int:
    """Builds; progress and problems go to stderr, the result to stdout."""
    target = out or default_target(store)
    try:
        built = build(store, target, workers=workers, replace=replace, drafts=drafts, progress=show_progress)
    except InvalidCorpus as error:
        return refuse(error.problems, "built", store, whole=True)
    except KeyboardInterrupt:
        return interrupted("finished shards are kept, run the same command again to go on")
    for line in _result(built):
        sys.stdout.write(line + "\n")
    return 0


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
