"""What may be meant by a quote that is not what the text reads there."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator


def likeness(found: str, quote: str) -> str | None:
    """What to do where people see no difference between two texts that are not equal: white space, composed or foreign letters."""
    if " ".join(quote.split()) == " ".join(found.split()):
        return "They differ in white space only (a no-break space?): copy the quote from the text."
    if unicodedata.normalize("NFC", quote) == unicodedata.normalize("NFC", found):
        return "They differ in how letters and their marks are encoded (NFC, NFD): copy the quote from the text."
    odd = [pair for pair in zip(found, quote, strict=False) if pair[0] != pair[1]]
    if len(found) == len(quote) and all(map(_of_two_scripts, odd)):
        there, here = (f"U+{ord(char):04X} {unicodedata.name(char)}" for char in odd[0])
        return f"They look alike, but the text has {there} and the quote {here}: copy the quote from the text."
    return None


def _of_two_scripts(pair: tuple[str, str]) -> bool:
    """Whether two characters are letters of alphabets that share shapes, and not of the same one."""
    scripts = {unicodedata.name(char, "").partition(" ")[0] for char in pair}
    return len(scripts) == 2 and scripts <= {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN"}


def standing(text: str, quote: str, near: int) -> str | None:
    """Where the quote stands in the text: `once in the text, at 3–9`, or the place nearest to an offset; None where it does not."""
    found = list(_places(text, quote))
    if not found:
        return None
    start = min(found, key=lambda place: abs(place - near))
    times = "once in the text," if len(found) == 1 else f"{len(found)} times in the text, nearest"
    return f"{times} at {start}–{start + len(quote)}"


def _places(text: str, quote: str) -> Iterator[int]:
    """Where a quote stands, one place after the other."""
    at = text.find(quote)
    while at >= 0:
        yield at
        at = text.find(quote, at + len(quote))
