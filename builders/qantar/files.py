"""Reads files whole, and only what is a file: a pipe or a device would be waited for, or read, without end."""

from __future__ import annotations

import errno
import stat
from pathlib import Path

from qantar.errors import SourceError

_ENDLESS = (stat.S_ISFIFO, stat.S_ISSOCK, stat.S_ISCHR, stat.S_ISBLK)


def demand_file(path: Path) -> None:
    """Raises OSError where a pipe, a socket or a device is in the place of a file, or nothing at all."""
    mode = path.stat().st_mode
    if any(is_endless(mode) for is_endless in _ENDLESS):
        raise OSError(errno.EINVAL, "it is a pipe, a socket or a device", str(path))


def read(path: Path) -> bytes:
    """What a file holds. Raises OSError."""
    demand_file(path)
    return path.read_bytes()


def bytes_of(path: Path) -> bytes | None:
    """What a file holds; None where there is none. Raises SourceError where it cannot be read."""
    try:
        return read(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}.", "Check the file and its rights.") from error
