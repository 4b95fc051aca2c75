"""Annotated corpora as validated, versioned Hugging Face datasets."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qantar.checking import check
    from qantar.corpus import Corpus
    from qantar.errors import QantarError
    from qantar.installed import path
    from qantar.loading import load
    from qantar.naming import label_names
    from qantar.problems import Problem
    from qantar.release import build
    from qantar.statistics import Stats, stats
    from qantar.store import open_store

__version__ = "0.1.0"
_HOMES = {
    "Corpus": "qantar.corpus",
    "Problem": "qantar.problems",
    "QantarError": "qantar.errors",
    "Stats": "qantar.statistics",
    "build": "qantar.release",
    "check": "qantar.checking",
    "label_names": "qantar.naming",
    "load": "qantar.loading",
    "open_store": "qantar.store",
    "path": "qantar.installed",
    "stats": "qantar.statistics",
}
__all__ = ["Corpus", "Problem", "QantarError", "Stats", "build", "check", "label_names", "load", "open_store", "path", "stats"]


def __getattr__(name: str) -> Any:
    # Heavy modules load on first use: `import qantar` stays fast.
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'qantar' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
