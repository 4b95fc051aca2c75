"""What kind each character of a text is: one array of flags, for proofs over whole texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from qantar.propose.letters import SURE, cost

if TYPE_CHECKING:
    from qantar.rules.places import Place

#: Signs that are punctuation wherever they stand alone; hyphens, slashes and ampersands may stand for words.
MARKS = frozenset(".,;:!?…«»“”„()[]")
#: What closes or opens the other side of a mark; in some languages „ and “, or » and «, are the other way round.
PARTNERS = {
    "(": ")", ")": "(", "[": "]", "]": "[", "{": "}", "}": "{", "«": "»", "»": "«", "‹": "›", "›": "‹",
    "“": "”„\"", "”": "“„\"", "„": "“”\"", '"': '"“”„',
}  # fmt: skip
#: Letters of the two scripts that are told apart, as classes of patterns; the first and the one after the last Cyrillic letter.
CLASSES = {"Cyrl": "\u0400-\u052f", "Latn": "A-Za-zÀ-ÖØ-öø-ɏ"}
CYRILLIC_LETTERS = range(0x400, 0x530)
_LATIN_LETTERS = [(ord(ends[0]), ord(ends[-1])) for ends in ("A-Z", "a-z", "À-Ö", "Ø-ö", "ø-ɏ")]

#: White space; a letter or digit; a sign of `MARKS`; one of `PARTNERS`; a letter of each script.
BLANK, WORD, MARK, HALF, CYRILLIC, LATIN = (1 << bit for bit in range(6))
_LETTER = CYRILLIC | LATIN
#: A Cyrillic letter that no word of a language has, by the language's code.
NOT_OF = {"kk": 1 << 6, "ru": 1 << 7, "uk": 1 << 8}
#: Characters whose flags are in a table. Others are blanks, letters or digits, or nothing of these.
_TABLED = 0x2200

Flags = Any  # an array of uint16


def signs(text: str) -> Flags:
    """The flags of each character; at the end stands one more that is nothing, so that what ends with the text has a place there."""
    codes = np.frombuffer(f"{text}\0".encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    found = _table().take(codes, mode="clip")
    if not np.count_nonzero(codes >= _TABLED):
        return found
    beyond = np.flatnonzero(codes >= _TABLED)
    found[beyond] = _general("".join(map(chr, codes[beyond].tolist())))
    return found


class Letters:
    """The Cyrillic and Latin letters of a text outside some spans."""

    def __init__(self, flags: Flags, without: Iterable[Place]) -> None:
        self._flags = flags.copy()
        for span in without:
            self._flags[span.start : span.end] = 0

    @cached_property
    def mixed(self) -> bool:
        """Whether anywhere a letter of one script stands beside one of the other."""
        beside = self._flags[:-1] | self._flags[1:]
        return bool(np.count_nonzero(beside & _LETTER == _LETTER))

    def kinds(self, starts: Flags) -> list[int]:
        """The flags that there are from each start to the next one; starts follow each other."""
        return list(np.bitwise_or.reduceat(self._flags, starts).tolist()) if len(starts) else []

    def counts(self, starts: Sequence[int], ends: Sequence[int]) -> Iterator[tuple[int, int]]:
        """How many letters of Cyrl and of Latn there are from each start to the end beside it."""
        last = len(self._flags) - 1
        first, after = (np.minimum(np.array(edges, dtype=np.int64), last) for edges in (starts, ends))
        found = [np.maximum(before[after] - before[first], 0).tolist() for before in self._before]
        return zip(*found, strict=True)

    @cached_property
    def _before(self) -> list[Flags]:
        """How many letters of each script there are before each character."""
        return [np.concatenate(([0], np.cumsum(self._flags[:-1] & script != 0))) for script in (CYRILLIC, LATIN)]


@lru_cache(maxsize=1)
def _table() -> Flags:
    found = _general("".join(map(chr, range(_TABLED))))
    for flag, signs in ((MARK, MARKS), (HALF, PARTNERS)):
        found[list(map(ord, signs))] |= flag
    for first, last in _LATIN_LETTERS:
        found[first : last + 1] |= LATIN
    for code in CYRILLIC_LETTERS:
        found[code] |= CYRILLIC | sum(flag for name, flag in NOT_OF.items() if cost(chr(code), name) >= SURE)
    return found


def _general(chars: str) -> Flags:
    """The flags that characters beyond the table may have, too."""
    blank, word = (np.fromiter(map(test, chars), dtype=np.uint16, count=len(chars)) for test in (str.isspace, str.isalnum))
    return blank * BLANK | word * WORD
