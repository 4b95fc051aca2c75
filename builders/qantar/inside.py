"""Whether what a folder holds stays inside it: a corpus never reads or writes through a link that leads out."""

from __future__ import annotations

import os
from pathlib import Path

from qantar.errors import SourceError

REMEDY = "Put the file itself there."


def leads_out(path: Path, folder: Path) -> Path | None:
    """Where a path leads once its links are followed, if that is outside the folder; else None. It need not exist.

    Raises SourceError for a link that leads to itself.
    """
    try:
        real = path.resolve()
        loop = os.path.islink(real)  # noqa: PTH114 -- from Python 3.13 on, such a link is left as it is; a Path asks for more rights
    except RuntimeError:
        loop = True
    if loop:
        raise SourceError(f"{path} cannot be read: it is a link that leads to itself.", REMEDY)
    return None if real.is_relative_to(folder.resolve()) else real
