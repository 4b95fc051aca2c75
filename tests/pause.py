"""Runs `qantar`, and stops it at a chosen operation on a file: `python pause.py EVENT PATTERN NTH WORD…`.

EVENT is an audit event of Python (`open` for writing, `os.mkdir`, `os.rename`, `shutil.copyfile`), PATTERN matches the end of
the path that it is to write. Before the NTH such operation the process says `paused` on stdout and waits to be interrupted or
killed; afterwards it never stops again.
"""

from __future__ import annotations

import os
import signal
import sys
from fnmatch import fnmatch


class Pause:
    """The audit hook."""

    def __init__(self, event: str, pattern: str, nth: int) -> None:
        self.event = event
        self.pattern = f"*{pattern}"
        self.left = nth

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if event != self.event or self.left <= 0 or (event == "open" and not writes(arguments)):
            return
        place = arguments[1 if event in ("os.rename", "shutil.copyfile") else 0]
        if isinstance(place, str | bytes | os.PathLike) and fnmatch(os.fsdecode(place), self.pattern):
            self.left -= 1
            if not self.left:
                sys.stdout.write("paused\n")
                sys.stdout.flush()
                while True:
                    signal.pause()


def writes(arguments: tuple[object, ...]) -> bool:
    """Whether an `open` is for writing."""
    flags = arguments[2]
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))


def main() -> int:
    event, pattern, nth, *words = sys.argv[1:]
    from qantar.cli.run import run

    sys.addaudithook(Pause(event, pattern, int(nth)))
    return run(words)


if __name__ == "__main__":
    sys.exit(main())
