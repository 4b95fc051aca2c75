"""compat/run.py, which asks versions of `datasets` to read a release, can fail; and what it installs is pinned."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml
from builds import build, environment
from tiny import write_corpus

COMPAT = Path(__file__).parent / "compat"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of the tiny corpus in four shards, of which two hold nothing; no test changes it."""
    folder = tmp_path_factory.mktemp("whole")
    return build(write_corpus(folder / "tiny", shards=4), folder / "rel").sealed.path


def ask(*releases: Path) -> tuple[int, dict[str, dict[str, str]]]:
    """Exit code, and what this environment's version says of each config of each release, by the release's name."""
    line = [sys.executable, str(COMPAT / "run.py"), "--here", *map(str, releases)]
    done = subprocess.run(line, env=environment(), check=False, capture_output=True, encoding="utf-8", timeout=240)
    assert done.stderr == ""
    found: dict[str, dict[str, str]] = {}
    for text in done.stdout.splitlines():
        match = re.fullmatch(r"datasets \S+  (\S+)  (\S+): (.*)", text)
        assert match is not None, text
        found.setdefault(match[1], {})[match[2]] = match[3]
    return done.returncode, found


def test_a_good_release_passes(whole: Path) -> None:
    code, found = ask(whole)
    said = found["rel"]
    assert (code, len(said)) == (0, 12)
    assert said["entities"] == "same: 6 rows, 3 label columns"
    assert all(words.startswith("same: ") for words in said.values())


# ---- what it must notice: each kind of fault is in a config of its own


class Card:
    """The YAML of a release's card, written back when it was changed."""

    def __init__(self, release: Path) -> None:
        self.path = release / "README.md"
        _, head, self.body = self.path.read_text(encoding="utf-8").split("---\n", 2)
        self.head = yaml.safe_load(head)

    def write(self) -> None:
        head = yaml.safe_dump(self.head, allow_unicode=True, sort_keys=False)
        self.path.write_text(f"---\n{head}---\n{self.body}", encoding="utf-8")

    def config(self, name: str) -> Any:
        return next(config for config in self.head["configs"] if config["config_name"] == name)

    def features(self, config: str) -> Any:
        return next(info for info in self.head["dataset_info"] if info["config_name"] == config)["features"]

    def feature(self, config: str, column: str) -> Any:
        return next(found for found in self.features(config) if found["name"] == column)


def swap(names: Any, one: Any, two: Any) -> None:
    names[one], names[two] = names[two], names[one]


def spoil_card(card: Card) -> None:
    swap(card.feature("events", "factuality")["dtype"]["class_label"]["names"], "0", "1")
    swap(card.feature("sentences", "upos")["list"]["class_label"]["names"], "0", "1")
    card.feature("clusters", "kind")["dtype"] = "int64"
    swap(card.features("relations"), 1, 2)
    card.feature("reports", "dead")["struct"].reverse()
    card.config("documents")["data_files"][0]["path"].pop(1)
    card.config("entities")["data_files"][0]["path"].reverse()
    card.head["configs"].remove(card.config("parallel"))
    card.config("segments")["default"] = card.config("documents").pop("default")


def spoil_files(release: Path) -> None:
    for path in (release / "data" / "arguments").glob("*.parquet"):
        table = pq.read_table(path)
        stated = json.loads(table.schema.metadata[b"huggingface"])
        swap(stated["info"]["features"]["kind"]["names"], 0, 1)
        with pq.ParquetWriter(path, table.schema.with_metadata({"huggingface": json.dumps(stated)})) as writer:
            if table.num_rows:
                writer.write_table(table)


NOTICED = {
    "events": 'loaded.features.struct.factuality.labels[0]: "PR+" in place of "CT+"',
    "sentences": 'loaded.features.struct.upos.list.labels[0]: "ADP" in place of "ADJ"',
    "clusters": 'loaded.features.struct.kind: "int64" in place of {"labels": ["entity", "event"]}',
    "relations": 'loaded.features.struct: fields ["id", "head", "type", ',
    "reports": 'loaded.features.struct.dead.struct: fields ["text", "max", "min"] in place of ["min", "max", "text"]',
    "documents": "loaded.rows: 1 items in place of 2 items",
    "entities": 'loaded.rows[0].id: "one#T1" in place of "two#T1"',
    "parallel": "loaded: ValueError: BuilderConfig 'parallel' not found",
    "(listed)": 'configs: ["documents", "segments", ',
    "(default)": 'default.features.struct: fields ["id", "document", ',
    "arguments": 'loaded.features.struct.kind.labels[0]: "entity" in place of "value"',
}


def test_what_is_spoiled_is_noticed(whole: Path, tmp_path: Path) -> None:
    spoiled = tmp_path / "spoiled"
    shutil.copytree(whole, spoiled)
    card = Card(spoiled)
    spoil_card(card)
    card.write()
    spoil_files(spoiled)
    code, found = ask(spoiled, whole)
    assert code == 1, "one that differs is enough"
    differing = {name: words for name, words in found["spoiled"].items() if not words.startswith("same: ")}
    assert found["spoiled"].keys() - differing.keys() == {"segments"}
    assert {name: words for name, words in differing.items() if not words.startswith(f"DIFFERS: {NOTICED[name]}")} == {}
    assert all(words.startswith("same: ") for words in found["rel"].values()), "what is good beside it is not blamed"


# ---- what it installs


def pins(path: Path) -> dict[str, str]:
    """Versions and hashes of a file of pinned versions, by package; on which platform is another matter."""
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    assert "index" not in text
    blocks = re.findall(r"^([a-z0-9][^\s=\[]*)(?:\[[a-z,]*\])?(==\S+[^\n]*\\\n(?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", text, re.M)
    assert len(blocks) == len(re.findall(r"^[^\s#]", text, re.M)) > 20
    return {name: re.sub(r" ; [^\\]*", " ", body) for name, body in blocks if name != "numpy"}


def unconditional(found: dict[str, str]) -> dict[str, str]:
    """Versions and hashes without their condition, which depends on what else asks for the package."""
    return {name: re.sub(r" ;[^\n]*?(?= \\\n)", "", body, count=1) for name, body in found.items()}


def test_the_versions_are_pinned(root: Path) -> None:
    found = {path.stem: pins(path)["datasets"].split()[0] for path in COMPAT.glob("*.txt")}
    main = pins(root / "constraints.txt")
    assert found == {"datasets-3.6": "==3.6.0", "datasets-4.0": "==4.0.0", "datasets-5": main["datasets"].split()[0]}
    assert sorted(found) == sorted(path.stem for path in COMPAT.glob("*.in"))
    newest = pins(COMPAT / "datasets-5.txt")
    assert unconditional(newest).items() <= unconditional(main).items(), "the newest is what users of this package have"
