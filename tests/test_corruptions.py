"""Whatever hands, editors and scripts do to the repository's corpus is seen, and on the right line: see corrupt.py."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from corrupt import KINDS, Corrupter, problems_of, verdict
from qantar import check, open_store

EACH = 4


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """A copy that corruptions are made in and undone."""
    return Path(shutil.copytree(root / "corpus", tmp_path_factory.mktemp("corrupt") / "corpus"))


@pytest.fixture(scope="module")
def corrupter(corpus: Path) -> Corrupter:
    return Corrupter(corpus)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_corruption_is_caught_where_it_is(kind: Callable[..., Any], corpus: Path, corrupter: Corrupter) -> None:
    draw = random.Random(kind.__name__)  # noqa: S311 -- the same each time
    drawn = [one for one in (corrupter.draw(kind, draw) for _ in range(EACH * 5)) if one is not None][:EACH]
    assert drawn
    for one in drawn:
        found = problems_of(one, corpus)
        assert one.seen == "perhaps" or verdict(one, found) == "right", (one.file, one.line, found)


def test_what_was_done_is_undone(corpus: Path) -> None:
    assert check(open_store(corpus)) == []
