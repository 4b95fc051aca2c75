"""Fixtures: the repository's corpus and a tiny one; nothing online, no cache but the test's own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_DATASETS_DISABLE_PROGRESS_BARS"] = "1"
sys.path.insert(0, str(Path(__file__).parent))  # tests share `tiny`

from tiny import write_corpus

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A fresh copy of the tiny corpus, with one shard."""
    return write_corpus(tmp_path / "tiny")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """`datasets` and `qantar.path` cache into folders of their own for each test."""
    import sys as _sys

    folder = tmp_path_factory.mktemp("hf")
    monkeypatch.setenv("QANTAR_CACHE", str(folder / "qantar"))
    monkeypatch.setenv("HF_HOME", str(folder))
    if "datasets" in _sys.modules:
        import datasets

        monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", folder)
    else:
        monkeypatch.setenv("HF_DATASETS_CACHE", str(folder))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs the command line in this process: (exit code, stdout, stderr)."""
    from qantar.cli.run import run as run_cli

    def call(*arguments: object) -> tuple[int, str, str]:
        code = run_cli([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return call
