"""Ids that the names of files and folders give."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from anyascii import anyascii


def id_of(file: Path) -> str:
    """The document id that a file's name gives: its stem as `slug` has it, which may be nothing."""
    return slug(file.stem)


def name_of(folder: str) -> str:
    """The corpus name that a folder's name gives, which begins with a letter."""
    found = slug(folder)
    name = found if found[:1].isalpha() else f"corpus-{found}"
    return name[:63].strip("-")


def slug(name: str) -> str:
    """The name in ASCII and lower case, everything but letters and digits as single hyphens, none at its ends."""
    found = "".join(map(_ascii, unicodedata.normalize("NFC", name)))  # some file systems give й in two parts
    return re.sub(r"[^a-z0-9]+", "-", found.lower()).strip("-")


def _ascii(character: str) -> str:
    """What stands for a character in ASCII; of a letter only letters and digits, since ь is no gap between two words."""
    found = anyascii(character)
    return re.sub(r"[^A-Za-z0-9]", "", found) if character.isalpha() else found
