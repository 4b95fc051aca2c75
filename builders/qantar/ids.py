"""Ids that the names of files and folders give."""

from __future__ import annotations

import re
from pathlib import Path


def id_of(file: Path) -> str:
    """The document id that a file's name gives: its stem as `slug` has it, which may be nothing."""
    return slug(file.stem)


def name_of(folder: str) -> str:
    """The corpus name that a folder's name gives, which begins with a letter."""
    found = slug(folder)
    name = found if found[:1].isalpha() else f"corpus-{found}"
    return name[:63].strip("-")


def slug(name: str) -> str:
    """The name in lower case, everything but ASCII letters and digits as single hyphens, none at its ends."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
