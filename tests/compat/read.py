"""Writes as JSON what the installed `datasets` reads of releases: `python read.py OUT RELEASE…`.

Runs with any version from 3.6 on, and without this package: it takes the names of the tables from the manifest.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import datasets
from datasets import ClassLabel, Value, load_dataset

Json = dict[str, Any]


def shape(feature: Any) -> Any:
    """A feature as JSON, the same for every version: its type, the order of its fields, the names of its labels."""
    if isinstance(feature, dict):
        return {"struct": {name: shape(inner) for name, inner in feature.items()}}
    if isinstance(feature, list):
        return {"list": shape(feature[0])}
    if isinstance(feature, ClassLabel):
        return {"labels": feature.names}
    if isinstance(feature, Value):
        return feature.dtype
    if holds_list(feature):
        return {"list": shape(feature.feature)}
    return repr(feature)


def holds_list(feature: Any) -> bool:
    """Whether a feature is a list of any length. Before 4.0 a Sequence of structs was a struct of lists."""
    kind = type(feature).__name__
    return feature.length == -1 and (kind == "List" or (kind == "Sequence" and not isinstance(feature.feature, dict)))


def named(feature: Any, value: Any) -> Any:
    """A value with label names for label ids."""
    if value is None:
        return None
    if isinstance(feature, dict):
        return {name: named(inner, value[name]) for name, inner in feature.items()}
    if isinstance(feature, list) or hasattr(feature, "feature"):
        inner = feature[0] if isinstance(feature, list) else feature.feature
        return [named(inner, item) for item in value] if isinstance(value, list) else repr(value)
    return feature.int2str(value) if isinstance(feature, ClassLabel) else value


def content(rows: Any) -> Json:
    """Features and rows of a dataset or stream."""
    if rows.features is None:
        return {"error": "its features are unknown"}
    return {"features": shape(dict(rows.features)), "rows": [named(dict(rows.features), row) for row in rows]}


def loaded(release: Path, config: str | None) -> Json:
    """A config as users load it, through the card; None is the default one."""
    return content(load_dataset(str(release), config, split="train"))


def streamed(release: Path, config: str) -> Json:
    """A config as a stream."""
    return content(load_dataset(str(release), config, split="train", streaming=True))


def parquet(release: Path, config: str) -> Json:
    """A config from its files alone: the features are those that the files state."""
    files = sorted(map(str, (release / "data" / config).glob("*.parquet")))
    return content(load_dataset("parquet", data_files=files, split="train"))


def attempt(read: Callable[..., Any], *arguments: Any) -> Any:
    """What was read, or why it could not be."""
    try:
        return read(*arguments)
    except Exception as error:  # whatever a version of `datasets` raises is its answer
        return {"error": " ".join(f"{type(error).__name__}: {error}".split())}


def read(release: Path) -> Json:
    """All of a release: each table in each way, the configs that are listed, and the one that loads without a name."""
    tables = list(json.loads((release / "manifest.json").read_text(encoding="utf-8"))["tables"])
    ways = (parquet, loaded, streamed)
    return {
        "tables": {name: {way.__name__: attempt(way, release, name) for way in ways} for name in tables},
        "listed": attempt(datasets.get_dataset_config_names, str(release)),
        "default": attempt(loaded, release, None),
    }


def main() -> None:
    """Parses, reads, writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("releases", type=Path, nargs="+")
    words = parser.parse_args()
    found = {"datasets": datasets.__version__, "releases": [read(release.resolve()) for release in words.releases]}
    words.out.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
