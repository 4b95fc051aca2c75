"""The nearest of the names that are known, for whoever wrote another."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(name: str, known: Iterable[str], *, ending: str = "") -> str:
    """`Did you mean 'events'? ` with the blank after it, or nothing where no name is near; `ending` is added to what is shown."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"Did you mean {near[0] + ending!r}? " if near else ""
