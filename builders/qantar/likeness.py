"""What somebody may have meant who wrote a name that does not exist."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable

#: Share of letters in common, in order, from which two names are alike: a letter too many, too few or wrong in a name of
#: four or more. `noun` and `pronoun` have less, and are different words.
_ALIKE = 0.75
#: Share of the longer name that a common beginning makes up, from which two names are alike: `entity` and `entities`.
_BEGINNING = 0.6

#: Characters of the longest name that can be a slip of another: comparing costs more than their number.
_LONGEST = 100
#: Names that one is compared with: among more than these, people look names up.
_MOST = 1_000


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The name most like it, capitals apart; None where none is like it."""
    folded = {one.casefold(): one for one in known}
    if len(name) > _LONGEST or len(folded) > _MOST:
        return None
    wrong = name.casefold()
    near = difflib.get_close_matches(wrong, folded, n=1, cutoff=_ALIKE)
    found = next((one for one in folded if _swapped(wrong, one)), None) or (near[0] if near else None)
    return folded.get(found or next((one for one in folded if _same_beginning(wrong, one)), ""))


def _swapped(one: str, two: str) -> bool:
    """Whether two neighbouring letters changed places."""
    places = [at for at, pair in enumerate(zip(one, two, strict=False)) if pair[0] != pair[1]]
    return len(one) == len(two) and len(places) == 2 and places[1] == places[0] + 1 and sorted(one) == sorted(two)


def _same_beginning(one: str, two: str) -> bool:
    shared = max(4, math.ceil(_BEGINNING * max(len(one), len(two))))
    return len(one) >= shared and one[:shared] == two[:shared]


def hint(name: str, known: Iterable[str], *, ending: str = "") -> str:
    """`Did you mean 'events'? `, or nothing; `ending` is added to the name that is shown."""
    near = nearest(name, known)
    return f"Did you mean {near + ending!r}? " if near else ""
