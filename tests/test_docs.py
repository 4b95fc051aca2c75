"""The documents are true: README's commands and code run, every command, code and schema is documented."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import distributions, requires
from pathlib import Path

import pytest
import qantar
import yaml
from guide import blocks, matches, reader
from packaging.requirements import Requirement
from qantar.cli.app import parser
from qantar.release.card import citation
from qantar.rules import READER_CODES, RULES
from qantar.settings import read_settings


def test_readme_has_two_commands(root: Path) -> None:
    build, test = list(blocks((root / "README.md").read_text(encoding="utf-8")))[:2]
    assert " && .venv/bin/qantar build && .venv/bin/python -c " in build["code"]
    assert build["code"].count("\n") == 1
    assert test["code"] == "bash .ci/run\n"
    # .ci/run itself runs the first command in a fresh clone; that it does is held here.
    assert "sed -n" in (root / ".ci" / "run").read_text(encoding="utf-8")


def test_the_rest_of_readme_runs_and_prints_what_it_shows(root: Path, tmp_path: Path) -> None:
    """All but the two commands, in an empty folder."""
    text = (root / "README.md").read_text(encoding="utf-8")
    rest = text[text.index("```python") :]
    (tmp_path / "rest.md").write_text(rest, encoding="utf-8")
    (tmp_path / "empty").mkdir()
    line = [sys.executable, root / "tests" / "guide.py", tmp_path / "rest.md"]
    done = subprocess.run(line, capture_output=True, check=True, cwd=tmp_path / "empty", env=reader(tmp_path))
    ran = json.loads(done.stdout)
    assert [block["language"] for block in ran] == ["python", "sh", "sh", "python"]
    for block in ran:
        assert block["error"] is None, block["error"]
        assert block["shown"] is None or matches(block["shown"], block["printed"]), block["printed"]


def test_links_of_the_documents_lead_somewhere(root: Path) -> None:
    for path in [*root.glob("*.md"), *root.glob("docs/*.md"), *root.glob("corpus/*.md"), *root.glob("corpus/guidelines/*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8")):
            assert target.startswith("https://") or (path.parent / target).exists(), f"{path.name}: {target}"


def test_every_code_is_documented(root: Path) -> None:
    known = {rule.code: rule.level for rule in RULES} | {code: level for level, codes in READER_CODES.items() for code in codes}
    _, *levels = re.split(r"^## Level (\d): .+$", (root / "docs" / "rules.md").read_text(encoding="utf-8"), flags=re.M)
    for level, text in zip(levels[::2], levels[1::2], strict=True):
        rows = re.findall(r"^\| \[`([a-z0-9-]+)`\]\(#([a-z0-9-]+)\) \| (?:error|warning) \|", text, re.M)
        sections = re.findall(r"^### (.+)$", text, re.M)
        assert [(code, code) for code in sections] == rows
        assert sorted(sections) == sorted(code for code, its in known.items() if its == int(level))
    assert {int(level) for level in levels[::2]} == set(known.values())


def test_the_page_of_rules_is_that_of_the_catalogue(root: Path) -> None:
    assert _made(root, "make_rules", "page") == (root / "docs" / "rules.md").read_text(encoding="utf-8")


def test_every_command_is_documented(root: Path) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in [root / "README.md", *root.glob("docs/*.md"), root / "CONTRIBUTING.md"])
    commands = parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    assert len(commands) >= 8  # type: ignore[arg-type]
    for name in (*commands, "schema compile"):  # type: ignore[misc]
        assert f"qantar {name}" in text


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
    assert f"`releases/{settings.name}-{settings.version}`" in (root / "README.md").read_text(encoding="utf-8")
    assert f"## {settings.version} ({settings.released})" in (root / "corpus" / "CHANGELOG.md").read_text(encoding="utf-8")


def test_pinned_versions_name_no_host_and_have_hashes(root: Path) -> None:
    for name, least in (("constraints.txt", 30), ("constraints-dev.txt", 30), (".ci/reuse.txt", 10)):
        text = (root / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert "index" not in text
        pins = re.findall(r"^[a-z0-9][^\n]*==[^\n]*\\\n +--hash=sha256:", text, re.M | re.I)
        assert len(pins) == len(re.findall(r"^[^\s#]", text, re.M)) >= least


def test_pins_name_the_extras_that_others_ask_for(root: Path) -> None:
    # pip looks for the newest `coverage[toml]` where only `coverage` is pinned, and then refuses what it found
    pins = dict(re.findall(r"^([\w.-]+)(\[[\w,-]+\])?==", (root / "constraints-dev.txt").read_text(encoding="utf-8"), re.M))
    for name in pins:
        if name not in {found.metadata["Name"].lower().replace("_", "-") for found in distributions()}:
            continue  # of another platform or Python
        for asked in map(Requirement, requires(name) or ()):
            if asked.extras and (asked.marker is None or asked.marker.evaluate({"extra": ""})):
                assert pins[asked.name.lower()], f"{name} asks for {asked}"


def test_the_picture_is_that_of_the_corpus(root: Path) -> None:
    assert _made(root, "make_figure", "figure") == (root / "docs" / "frame.svg").read_text(encoding="utf-8")


def _made(root: Path, module: str, function: str) -> str:
    """What a function of a module in docs/ returns."""
    code = f"import sys, {module}; sys.stdout.buffer.write({module}.{function}().encode())"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=root / "docs", check=True).stdout.decode()
