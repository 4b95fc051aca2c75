"""`qantar` in processes that tests watch, stop and kill."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from builds import environment


class Process:
    """`qantar` in a process group of its own, which ends with the test."""

    def __init__(self, line: list[str], **changes: str) -> None:
        self.popen = subprocess.Popen(
            line,
            env=environment(**changes),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
        )

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.communicate()

    def until(self, happened: Callable[[], object]) -> None:
        """Waits for an event that can be seen from outside; fails where the process ends before it."""
        while not happened():
            assert self.popen.poll() is None, f"ended too early: {self.popen.communicate()}"
            time.sleep(0.001)

    def end(self, seconds: float = 60) -> tuple[int, str, str]:
        """Waits until the process, and all that it started and that still writes to our pipes, have ended."""
        out, err = self.popen.communicate(timeout=seconds)
        return self.popen.returncode, out, err


def qantar(*words: object, **changes: str) -> Process:
    """Starts `qantar`; `changes` are environment variables."""
    return Process([sys.executable, "-m", "qantar", *map(str, words)], **changes)


def paused(event: str, pattern: str, nth: int, *words: object, **changes: str) -> Process:
    """`qantar`, stopped before the nth operation on a file (see pause.py)."""
    line = [sys.executable, str(Path(__file__).with_name("pause.py")), event, pattern, str(nth), *map(str, words)]
    process = Process(line, **changes)
    assert process.popen.stdout is not None
    said = process.popen.stdout.readline()
    assert said == "paused\n", f"never came to {event} {pattern}: {process.popen.communicate()}"
    return process
