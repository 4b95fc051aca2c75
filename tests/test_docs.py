"""The documents are true: README's commands and code run, every command, code and schema is documented."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import qantar
import yaml
from qantar.cli.app import parser
from qantar.release.card import citation
from qantar.rules import READER_CODES, RULES
from qantar.settings import read_settings


def blocks(path: Path, language: str) -> list[str]:
    """Fenced code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", path.read_text(encoding="utf-8"), re.M | re.S)


def test_readme_starts_with_two_commands(root: Path) -> None:
    first = re.search(r"^```\w*\n(.*?)^```", (root / "README.md").read_text(encoding="utf-8"), re.M | re.S)
    assert first is not None
    build, test = first[1].splitlines()
    assert build.endswith("&& .venv/bin/qantar build")
    assert test == "bash .ci/run"
    # .ci/run itself runs the first command in a fresh clone; that it does is held here.
    assert "sed -n" in (root / ".ci" / "run").read_text(encoding="utf-8")


def test_readme_code_runs_on_a_built_release(root: Path, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "qantar", "build", str(root / "corpus"), "--out", str(tmp_path / "releases" / "qantar-0.1.0")]
    (tmp_path / "releases").mkdir()
    subprocess.run(words, check=True, capture_output=True, cwd=tmp_path)
    (code,) = blocks(root / "README.md", "python")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "Conflict.Attack.Storm · ворвались · Алматы",
        "Attacker = Участники массового протеста (GROUP)",
        "Target = здание городского акимата (FAC.building)",
        "Place = Алматы (GPE.city)",
    ]


def test_links_of_the_documents_lead_somewhere(root: Path) -> None:
    for path in [*root.glob("*.md"), *root.glob("docs/*.md"), *root.glob("corpus/*.md"), *root.glob("corpus/guidelines/*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8")):
            assert target.startswith("https://") or (path.parent / target).exists(), f"{path.name}: {target}"


def test_every_code_is_documented(root: Path) -> None:
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| (\d) \|", (root / "docs" / "problems.md").read_text(encoding="utf-8"), re.M)
    known = {rule.code: rule.level for rule in RULES} | {code: level for level, codes in READER_CODES.items() for code in codes}
    assert {code: int(level) for code, level in rows} == known
    assert len(rows) == len(known)


def test_every_command_is_documented(root: Path) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in [root / "README.md", *root.glob("docs/*.md"), root / "CONTRIBUTING.md"])
    for name in ("build", "check", "export", "tokens", "schema compile"):
        assert f"qantar {name}" in text
    assert set(parser()._subparsers._group_actions[0].choices) == {"build", "check", "export", "tokens", "schema"}  # type: ignore[union-attr, arg-type]


def test_public_names_are_sorted_and_importable() -> None:
    assert qantar.__all__ == sorted(qantar.__all__)
    for name in qantar.__all__:
        assert getattr(qantar, name).__doc__
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = qantar.nothing


def test_versions_and_citation_agree(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == qantar.__version__
    settings, _ = read_settings(root / "corpus")
    text = (root / "CITATION.cff").read_text(encoding="utf-8")
    assert text == citation(settings)
    assert yaml.safe_load(text)["version"] == settings.version
    assert f"## {settings.version} ({settings.released})" in (root / "corpus" / "CHANGELOG.md").read_text(encoding="utf-8")


def test_pinned_versions_name_no_host_and_have_hashes(root: Path) -> None:
    for name in ("constraints.txt", "constraints-dev.txt"):
        text = (root / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert "index" not in text
        pins = re.findall(r"^[a-z0-9][^\n]*==[^\n]*\\\n +--hash=sha256:", text, re.M | re.I)
        assert len(pins) == len(re.findall(r"^[^\s#]", text, re.M)) >= 30


def test_the_picture_is_that_of_the_corpus(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import make_figure; print(make_figure.figure(), end='')"],
        capture_output=True,
        text=True,
        cwd=root / "docs",
        check=True,
    )
    assert done.stdout == (root / "docs" / "frame.svg").read_text(encoding="utf-8")
