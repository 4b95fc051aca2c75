"""From a store to a release: ingest, build each shard, seal."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import shutil
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from qantar.checking import check, refuse
from qantar.errors import OutputError
from qantar.executors import local, run
from qantar.problems import Problem
from qantar.release.ingest import Ingested, ingest
from qantar.release.seal import UNRELEASED, Origin, Sealed, refuse_foreign, seal
from qantar.release.shard import Job, Stamp, build_shard, finished
from qantar.release.summary import Summary, summed
from qantar.rules import DRAFT
from qantar.schema.sources import Json
from qantar.settings import FILE
from qantar.store import NativeFile, Store
from qantar.tables import tables_for

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Built:
    """A finished build: the sealed release, how many warnings there are, how many shards were reused, and what its card says of the documents.

    `consistency` is the comparison of two passes, as JSON, where there is one.
    """

    sealed: Sealed
    warnings: int
    reused: int
    shards: int
    summary: Summary
    consistency: Json | None = None


def default_target(store: Store, folder: Path = Path("releases")) -> Path:
    """Where a release of this store goes unless told otherwise."""
    return folder / f"{store.settings.name}-{store.settings.version}"


def build(
    store: Store,
    target: Path,
    *,
    workers: int = 1,
    replace: bool = False,
    drafts: bool = False,
    executor: Callable[[], Executor | None] | None = None,
    progress: Progress = lambda done, total: None,
) -> Built:
    """Builds and seals a release of the store at `target`.

    `executor` makes the executor that shards run on (default: `workers` local processes). Finished shards are kept in
    `.qantar/` beside the target: a run that was stopped goes on there. Draft layers are errors unless `drafts` is given.
    Raises InvalidCorpus with every problem found, ReleaseConflict, OutputError, WorkerError.
    """
    started = time.time()
    target = _settled(target)
    refuse_foreign(target)
    cache = target.parent / ".qantar" / store.settings.name
    spool = cache / f"spool-{os.getpid()}"
    try:
        shutil.rmtree(spool, ignore_errors=True)  # of a dead process that had our number
        spool.mkdir(parents=True)
        ingested = ingest(store, spool)
        if ingested.checked:
            refuse(_judged(ingested.problems, drafts=drafts))
        jobs = plan(store, ingested, cache / "shards")
        reused = sum(map(finished, jobs))
        stamps = _stamps(jobs, executor or (lambda: local(min(workers, len(jobs)))), progress)
        summary = summed(stamp.summary for stamp in stamps)
        problems = [*ingested.problems, *(problem for stamp in stamps for problem in stamp.problems)]
        if summary.drafts and not drafts:  # finished shards do not say where their drafts stand
            problems = check(store)
        problems = _judged(problems, drafts=drafts)
        refuse(problems)
        sealed = seal(stamps, _origin(store, ingested), target, replace=replace)
        _prune(cache / "shards", jobs)
        _log(target, started, workers, reused)
    except OSError as error:
        raise OutputError(Path(error.filename or target), error, UNRELEASED) from error
    finally:
        shutil.rmtree(spool, ignore_errors=True)
        _remove_empty(cache, cache.parent)
    return Built(sealed, len(problems) + sum(stamp.warnings for stamp in stamps), reused, len(jobs), summary, ingested.consistency)


def plan(store: Store, ingested: Ingested, cache: Path) -> list[Job]:
    """What to build, shard by shard. Pure: the same input gives the same jobs."""
    tables = tuple(table.name for table in tables_for(store.registry, ingested.files))
    source = store.path.name if isinstance(store, NativeFile) else ""
    return [
        Job(
            rank,
            spool,
            ingested.index.slice(spool.documents),
            store.registry,
            tables,
            ingested.checked,
            source,
            cache,
            store.settings.rules,
        )
        for rank, spool in enumerate(ingested.spools)
    ]


def _stamps(jobs: list[Job], make: Callable[[], Executor | None], progress: Progress) -> list[Stamp]:
    stamps = []
    progress(0, len(jobs))
    for stamp in run(make, build_shard, jobs):
        stamps.append(stamp)
        progress(len(stamps), len(jobs))
    return sorted(stamps, key=lambda stamp: stamp.rank)


def _judged(problems: Iterable[Problem], *, drafts: bool) -> list[Problem]:
    """The problems as a build weighs them: a draft layer is an error, or, where drafts were asked for, no problem at all."""
    kept = (problem for problem in problems if not (drafts and problem.code == DRAFT))
    return [dataclasses.replace(problem, severity="error") if problem.code == DRAFT else problem for problem in kept]


def _origin(store: Store, ingested: Ingested) -> Origin:
    if isinstance(store, NativeFile):
        own = (store.home / FILE).is_file() and store.settings.version != "0.0.0"
        return Origin(store.settings, store.registry, store.home if own else None)
    return Origin(store.settings, store.registry, store.root, ingested.consistency)


def _settled(target: Path) -> Path:
    """The target with a name of its own: not `.`, not a link to the release."""
    if target.is_symlink() or target.name in ("", ".."):
        return target.resolve()
    return target


def _remove_empty(*folders: Path) -> None:
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


def _prune(folder: Path, jobs: list[Job]) -> None:
    """Drops finished shards that this build did not use."""
    kept = {job.key for job in jobs}
    for path in folder.iterdir():
        if path.name not in kept and not path.name.endswith(".tmp"):
            shutil.rmtree(path, ignore_errors=True)


def _log(target: Path, started: float, workers: int, reused: int) -> None:
    """What the release itself must not hold: times and workers."""
    body = {"started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(started)), "seconds": round(time.time() - started, 3)}
    body |= {"workers": workers, "shards_reused": reused}
    with contextlib.suppress(OSError):  # the release stands, with or without its log
        target.with_name(f"{target.name}.build.json").write_text(json.dumps(body, indent=2) + "\n", encoding="utf-8")


__all__ = ["Built", "build", "default_target", "plan"]
