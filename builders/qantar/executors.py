"""Runs shards on any `concurrent.futures.Executor`, and goes on when a worker is killed."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import TypeVar

from qantar.errors import WorkerError

Item = TypeVar("Item")
Result = TypeVar("Result")


class InProcess(Executor):
    """Runs each call at once, in this process."""

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        """A finished Future of `fn(*args, **kwargs)`; an exception is raised here, not kept."""
        future: Future[object] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def local(workers: int) -> Executor:
    """The default executor: this process for one worker, else a pool of fresh processes.

    Workers ignore Ctrl-C: the parent decides what to do with them.
    """
    if workers == 1:
        return InProcess()
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_ignore_interrupts)


def _ignore_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def run(make: Callable[[], Executor], fn: Callable[[Item], Result], items: Iterable[Item], *, restarts: int = 3) -> Iterator[Result]:
    """Results in order of completion. `fn` is pure and safe to repeat: items lost with a killed worker run again.

    Raises WorkerError when workers keep dying.
    """
    todo = list(items)
    for _ in range(restarts + 1):
        lost: list[Item] = []
        executor = make()
        try:
            futures: dict[Future[Result], Item] = {}
            for item in todo:
                try:
                    futures[executor.submit(fn, item)] = item
                except BrokenExecutor:  # a worker died while we were still handing out work
                    lost.append(item)
            for future in as_completed(futures):
                try:
                    yield future.result()
                except BrokenExecutor:
                    lost.append(futures[future])
        finally:
            executor.shutdown(wait=True, cancel_futures=True)
        if not lost:
            return
        todo = lost
    raise WorkerError(
        f"Workers were killed again and again, with {len(todo)} shard(s) left.",
        "Out of memory? Use fewer --workers, or more shards.",
    )
