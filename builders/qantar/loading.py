"""Opens the installed corpus with `datasets`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal, overload

from qantar.errors import UnknownName
from qantar.installed import path
from qantar.store.sealed import MANIFEST

if TYPE_CHECKING:
    from datasets import Dataset, DatasetDict, IterableDataset, IterableDatasetDict


@overload
def load(config: str = ..., *, split: str = ..., streaming: Literal[False] = ...) -> Dataset: ...
@overload
def load(config: str = ..., *, split: str = ..., streaming: Literal[True]) -> IterableDataset: ...
@overload
def load(config: str = ..., *, split: None, streaming: Literal[False] = ...) -> DatasetDict: ...
@overload
def load(config: str = ..., *, split: None, streaming: Literal[True]) -> IterableDatasetDict: ...
@overload
def load(
    config: str = ..., *, split: str | None = ..., streaming: bool
) -> Dataset | IterableDataset | DatasetDict | IterableDatasetDict: ...


def load(
    config: str = "documents", *, split: str | None = "train", streaming: bool = False
) -> Dataset | IterableDataset | DatasetDict | IterableDatasetDict:
    """What `datasets.load_dataset(str(qantar.path()), config, split=split, streaming=streaming)` gives.

    `config` is a table of the release (`documents`, `sentences`, `events`, …); `split` takes slices such as `train[:10]`, and
    None gives a dict of all splits. Raises UnknownName for a config that is none, and what `qantar.path` raises.
    """
    release = path()
    known = json.loads((release / MANIFEST).read_text(encoding="utf-8"))["tables"]
    if config not in known:
        raise UnknownName("config", config, known)
    from datasets import load_dataset

    return load_dataset(str(release), config, split=split, streaming=streaming)
