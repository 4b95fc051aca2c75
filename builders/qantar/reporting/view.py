"""What reporters need to know beside the problems: where the files lie, and how much is shown in which width."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qantar.store import Store
    from qantar.unchecked import Unchecked

#: (text, style in the words of `rich`) -> the text with that style.
Paint = Callable[[str, str], str]
#: Columns of a report that goes to no terminal.
WIDTH = 80
#: Problems of a code that are shown in full.
MOST = 20


def plain(text: str, style: str) -> str:
    """The text without any style."""
    return text


@dataclass(frozen=True, slots=True)
class View:
    """How problems of a `store` are shown.

    Paths are relative to the first of `roots` that they lie below. `most` limits the problems shown of each code (0: all), in text alone;
    `statistics` puts counts by code in their place. `unchecked` is what the check left out.
    """

    store: Store
    roots: tuple[Path, ...] = ()
    width: int = WIDTH
    paint: Paint = plain
    most: int = MOST
    statistics: bool = False
    unchecked: tuple[Unchecked, ...] = ()

    def path(self, file: str) -> str:
        """The path of a file that a problem names, with slashes: below a root relative to it, else as the store was named."""
        path = self.store.file(file)
        whole = Path(os.path.abspath(path))  # noqa: PTH100 -- links stay as they are: the editor opens what the user named
        for root in self.roots:
            if whole.is_relative_to(root):
                return whole.relative_to(root).as_posix()
        return path.as_posix()
