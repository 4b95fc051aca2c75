"""Replaces files of a folder, all of them or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from qantar.errors import OutputError


def replace_together(files: Mapping[Path, bytes]) -> None:
    """Puts these bytes in the place of files: they are written beside them first, then renamed, in this order.

    Where a rename fails, or the run is interrupted, the files that were replaced already get their bytes back, and new ones go. Raises OutputError,
    which says what state the files are in.
    """
    parts = {path: path.with_name(f".{path.name}.tmp") for path in files}
    done: dict[Path, bytes | None] = {}
    path = next(iter(files), Path())
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            parts[path].write_bytes(data)
        for path in files:
            done[path] = path.read_bytes() if path.exists() else None
            parts[path].replace(path)
    except BaseException as error:
        left = _put_back(done)
        if isinstance(error, OSError) or left:
            cause = error if isinstance(error, OSError) else OSError(str(error) or type(error).__name__)
            raise _failure(path, cause, left) from error
        raise
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def _put_back(done: Mapping[Path, bytes | None]) -> list[Path]:
    """Gives files their bytes back, and takes away those that were not there; those where that fails."""
    left = []
    for path, data in done.items():
        try:
            if data is None:
                path.unlink(missing_ok=True)
            elif path.read_bytes() != data:
                path.write_bytes(data)
        except OSError:
            left.append(path)
    return left


def _failure(path: Path, cause: OSError, left: Sequence[Path]) -> OutputError:
    if not left:
        return OutputError(path, cause, "Every file holds what it held; free the place or mend its rights.")
    names = ", ".join(map(str, left))
    return OutputError(
        path, cause, f"These files could not be put back, and must be restored by hand: {names}. All others hold what they held."
    )
