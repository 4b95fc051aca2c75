"""One writer at a time in a corpus folder: whoever reads files to rewrite them holds its lock meanwhile."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from qantar.errors import CorpusBusy, OutputError

if TYPE_CHECKING:
    from filelock import BaseFileLock

#: In the corpus folder while it is held; the system frees it when its holder dies.
LOCK = ".qantar.lock"
#: Seconds that are waited for another writer.
WAIT = 30.0


class WriteLock:
    """The lock of a corpus folder; whoever holds it may take it once more."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock: BaseFileLock | None = None

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Holds the lock; waits for who has it. Raises CorpusBusy after `WAIT` seconds, OutputError where no file can be made."""
        lock = self._acquired()
        try:
            yield
        finally:
            if lock.lock_counter == 1:
                with contextlib.suppress(OSError):  # gone before it is freed: who waits for this file then makes a new one
                    (self.root / LOCK).unlink()
            lock.release()

    def _acquired(self) -> BaseFileLock:
        from filelock import FileLock, Timeout  # no command that only reads waits for it

        if self._lock is None:
            self._lock = FileLock(self.root / LOCK)
        try:
            self._lock.acquire(timeout=WAIT)
        except Timeout as error:
            raise CorpusBusy(self.root, WAIT) from error
        except OSError as error:
            raise OutputError(self.root / LOCK, error) from error
        return self._lock
