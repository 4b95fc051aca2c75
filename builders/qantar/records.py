"""Record types of the installed corpus's contract: `from qantar.records import Document, Event`.

They are built from the schemas on first use; records.pyi, made by `qantar schema compile`, tells type checkers.
A corpus with layers of its own has types of its own: `Registry.types`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any


def __getattr__(name: str) -> Any:
    found = _types().get(name)
    if found is None:
        raise AttributeError(f"module 'qantar.records' has no attribute {name!r}")
    return found


@lru_cache(maxsize=1)
def _types() -> dict[str, Any]:
    from qantar.resources import data_dir
    from qantar.settings import read_settings

    _, registry = read_settings(data_dir("corpus"))
    return {title: made for title, (_, made) in registry.types.by_title.items()}
