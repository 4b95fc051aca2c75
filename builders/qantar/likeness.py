"""What somebody may have meant who wrote a name that does not exist."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

#: Share of letters in common, in order, from which two names are alike: a letter too many, too few, wrong or moved
#: in a name of four or more. `noun` and `pronoun` have less, and are different words.
_ALIKE = 0.75


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The name most like it, capitals apart; None where none is like it."""
    folded = {one.casefold(): one for one in known}
    near = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=_ALIKE)
    return folded[near[0]] if near else None


def hint(name: str, known: Iterable[str]) -> str:
    """`Did you mean 'events'? `, or nothing."""
    near = nearest(name, known)
    return f"Did you mean {near!r}? " if near else ""
