"""Where the package's data lies: inside an installed wheel, or in the checkout. No other module knows."""

from __future__ import annotations

from pathlib import Path

from qantar.errors import SourceError


def template_dir() -> Path:
    """Folder of the files that a new corpus starts with."""
    return Path(__file__).resolve().parent / "_template"


def data_dir(name: str) -> Path:
    """Folder `name` (`corpus`, `schema` or `LICENSES`) of the installed package, else of the checkout."""
    package = Path(__file__).resolve().parent
    for folder in (package / "_data" / name, package.parents[1] / name):
        if folder.is_dir():
            return folder
    raise SourceError(f"The package's folder {name!r} is missing.", "Install qantar again from a wheel or a full checkout.")
