"""Runs shards on any `concurrent.futures.Executor`, and goes on when a worker is killed."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from typing import TypeVar

from qantar.errors import WorkerError

Item = TypeVar("Item")
Result = TypeVar("Result")


def local(workers: int) -> Executor | None:
    """The default executor: None, for this process, with one worker; else a pool of fresh processes that end with this one.

    Workers ignore Ctrl-C: the parent decides what to do with them.
    """
    if workers == 1:
        return None
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_obey_parent)


def _obey_parent() -> None:
    """Runs first in each worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)  # a killed parent leaves nobody to work for


@contextmanager
def _interrupts_later() -> Iterator[None]:
    """Holds Ctrl-C back while workers start: they inherit the blocked signal, and never die of it before they can ignore it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def run(make: Callable[[], Executor | None], fn: Callable[[Item], Result], items: Iterable[Item], *, restarts: int = 3) -> Iterator[Result]:
    """Results in order of completion, from a fresh executor of `make`, or from this process where that is None.

    `fn` is pure and safe to repeat: items lost with a killed worker run again.

    Raises WorkerError when workers keep dying.
    """
    todo = list(items)
    for _ in range(restarts + 1):
        lost: list[Item] = []
        executor = make()
        if executor is None:
            yield from map(fn, todo)
            return
        try:
            futures: dict[Future[Result], Item] = {}
            with _interrupts_later():
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
