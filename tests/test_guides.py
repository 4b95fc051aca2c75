"""The guides are true: every block runs, in order, in an empty folder, and prints what the guide shows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from guide import blocks, matches, reader

ROOT = Path(__file__).resolve().parents[1]
GUIDES = [
    *(ROOT / "docs" / f"{name}.md" for name in ("agree", "check-your-corpus", "reanchor", "scoring")),
    *sorted(ROOT.glob("docs/first-hour-*.md")),
]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_a_guide_runs_and_prints_what_it_shows(guide: Path, tmp_path: Path) -> None:
    folder = tmp_path / "reader"
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, ROOT / "tests" / "guide.py", guide], capture_output=True, check=False, cwd=folder, env=reader(tmp_path)
    )
    assert done.returncode == 0, done.stderr.decode()
    for block in json.loads(done.stdout):
        assert block["error"] is None, block["error"]
        if block["shown"] is not None:
            assert matches(block["shown"], block["printed"]), f"{guide.name}:{block['line']} prints\n{block['printed']}"


def test_there_are_seven_guides_and_each_shows_what_it_prints() -> None:
    assert [guide.stem.removeprefix("first-hour-") for guide in GUIDES] == [
        "agree",
        "check-your-corpus",
        "reanchor",
        "scoring",
        "corpus",
        "document",
        "loading",
    ]
    for guide in GUIDES:
        assert sum(block["shown"] is not None for block in blocks(guide.read_text(encoding="utf-8"))) >= 3


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a\nb\n", "a \nb\n\n", True),
        ("a\n…\nc\n", "a\nb\nb\nc\n", True),
        ("a\n…\n", "a\n", True),
        ("a\n", "a\nb\n", False),
        ("…\nb\n", "c\n", False),
    ],
)
def test_shown_output_is_compared(shown: str, printed: str, same: bool) -> None:
    assert matches(shown, printed) is same


def test_a_failing_block_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_text(
        "```sh\ntrue\n```\n\n```python\nif True:\n    1 / 0\n```\n\n```sh\ntouch never\n```\n", encoding="utf-8"
    )
    done = subprocess.run([sys.executable, ROOT / "tests" / "guide.py", "bad.md"], capture_output=True, check=True, cwd=tmp_path)
    one, two = json.loads(done.stdout)
    assert one["error"] is None
    assert "ZeroDivisionError" in two["error"]
    assert "bad.md:5" in two["error"]
    assert not (tmp_path / "never").exists()


def test_a_block_that_cannot_be_typed_is_noticed(tmp_path: Path) -> None:
    """After a loop the prompt wants a blank line, which a file does not."""
    (tmp_path / "bad.md").write_text("```python\nfor _ in (1,):\n    pass\nprint()\n```\n", encoding="utf-8")
    done = subprocess.run([sys.executable, ROOT / "tests" / "guide.py", "bad.md"], capture_output=True, check=True, cwd=tmp_path)
    (block,) = json.loads(done.stdout)
    assert "SyntaxError" in block["error"]
