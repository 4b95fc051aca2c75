"""What other repositories use of this one: hooks for pre-commit, the GitHub Action, and the blocks that the guide shows of them."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import qantar
import yaml
from spoil import alter, swap
from tiny import write_corpus

Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).resolve().parents[1]
ENTITIES = "annotations/entities/one.jsonl"
HOOKS: dict[str, Any] = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
GUIDE = (ROOT / "docs" / "check-your-corpus.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"^```yaml\n# (\S+)\n(.*?)^```$", GUIDE, re.M | re.S)


def schema_holds(kind: str, *files: Path) -> None:
    command = [Path(sys.executable).parent / "check-jsonschema", "--builtin-schema", kind, *files]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one commit, with the tiny corpus in `corpus`; it is where commands run."""
    root = tmp_path / "repository"
    write_corpus(root / "corpus")
    person = ["-c", "user.name=tiny", "-c", "user.email=tiny@example.org"]
    for words in (["init", "-q"], ["add", "-A"], [*person, "commit", "-qm", "Made up."]):
        subprocess.run(["git", *words], cwd=root, check=True)
    monkeypatch.chdir(root)
    return root


# ---- pre-commit


def hook(run: Run, name: str) -> tuple[int, str, str]:
    program, *words = [*shlex.split(HOOKS[name]["entry"]), *HOOKS[name].get("args", [])]
    assert program == "qantar"
    return run(*words)


def test_there_are_two_hooks_and_they_are_installed_with_what_they_run() -> None:
    assert list(HOOKS) == ["qantar-check", "qantar-fix"]
    for one in HOOKS.values():
        assert (one["language"], one["pass_filenames"], one["stages"]) == ("python", False, ["pre-commit"])


def test_the_check_hook_is_about_what_the_commit_touches(repository: Path, run: Run) -> None:
    assert hook(run, "qantar-check")[:2] == (0, "No problems.\n")
    alter(repository / "corpus" / ENTITIES, 1, lambda record: record.update(quote="Nothing"))
    code, out, err = hook(run, "qantar-check")
    assert (code, out.count("error[quote-mismatch]")) == (1, 1)
    assert err == "qantar: using ./corpus\nqantar: changed since HEAD: 1 document, 3 records across documents\n"


def test_the_fix_hook_rewrites(repository: Path, run: Run) -> None:
    before = (repository / "corpus" / ENTITIES).read_bytes()
    swap(repository / "corpus" / ENTITIES, '"id":', '"id" : ')
    assert hook(run, "qantar-fix")[:2] == (0, f"{ENTITIES}: 1 line rewritten\n1 file rewritten.\n")
    assert (repository / "corpus" / ENTITIES).read_bytes() == before


@pytest.mark.parametrize(
    ("file", "hooks"),
    [
        ("corpus.toml", ["qantar-check"]),
        ("data/corpus.toml", ["qantar-check"]),
        ("corpus/documents.jsonl", ["qantar-check", "qantar-fix"]),
        ("annotations/entities/one.jsonl", ["qantar-check", "qantar-fix"]),
        ("corpus/raw/one.txt", ["qantar-check"]),
        ("corpus/schema/ontology/events.json", ["qantar-check"]),
        ("README.md", []),
        ("raw.txt", []),
        ("corpus/guidelines/events.md", []),
    ],
)
def test_files_that_call_a_hook(file: str, hooks: list[str]) -> None:
    assert [name for name, one in HOOKS.items() if re.search(one["files"], file)] == hooks


# ---- the action


def step(name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in ACTION["runs"]["steps"] if one.get("name") == name)
    return found


def run_check(repository: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """The step as GitHub runs it: expressions in `env` are replaced, those of inputs that are not given by their defaults."""
    temp = repository.parent / "runner"
    (temp / "qantar" / "bin").mkdir(parents=True, exist_ok=True)
    program = temp / "qantar" / "bin" / "qantar"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m qantar "$@"\n')
    program.chmod(0o755)
    given = {name: one["default"] for name, one in ACTION["inputs"].items()} | {
        key.replace("_", "-"): value for key, value in inputs.items()
    }
    environment = {
        name: given[re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", value)[1]] for name, value in step("qantar check")["env"].items()
    }  # type: ignore[index]
    script = repository.parent / "step.sh"
    script.write_text(step("qantar check")["run"], encoding="utf-8")
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", script]
    everything = {**os.environ, **environment, "RUNNER_TEMP": str(temp)}
    return subprocess.run(command, capture_output=True, check=False, cwd=repository, env=everything, text=True)


@pytest.fixture
def told(repository: Path) -> Callable[..., list[list[str]]]:
    """The arguments that the step gives to qantar, each time that it calls it, by a program that does nothing else."""

    def words(**inputs: str) -> list[list[str]]:
        log = repository.parent / "log"
        original = Path(sys.executable)
        stub = repository.parent / "python-stub"
        stub.write_text(
            f'#!{original}\nimport json, sys\nopen({str(log)!r}, "a").write(json.dumps(sys.argv[3:]) + "\\n")\n', encoding="utf-8"
        )
        stub.chmod(0o755)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "executable", str(stub))
            assert run_check(repository, **inputs).returncode == 0
        return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]

    return words


def test_the_action_has_the_shape_that_github_wants() -> None:
    schema_holds("vendor.github-actions", ROOT / "action.yml")


def test_no_expression_stands_where_a_shell_reads_it() -> None:
    for one in ACTION["runs"]["steps"]:
        assert "${{" not in one.get("run", "")
    used = set(re.findall(r"inputs\.([a-z-]+)", json.dumps(ACTION["runs"])))
    assert used == set(ACTION["inputs"])


def test_the_action_installs_what_its_own_checkout_pins() -> None:
    lines = step("install qantar")["run"].splitlines()
    assert step("install qantar")["env"] == {"ACTION": "${{ github.action_path }}"}
    assert lines[1].endswith('pip" install -q --require-hashes -r "$ACTION/constraints.txt"')
    assert lines[2].endswith('pip" install -q --no-deps --no-build-isolation "$ACTION"')
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "install -q --require-hashes -r constraints.txt" in readme
    assert "install -q --no-deps --no-build-isolation" in readme


def test_inputs_become_arguments(told: Callable[..., list[list[str]]]) -> None:
    assert told() == [["check", "--format=github"]]


def test_inputs_are_words_and_never_code(told: Callable[..., list[list[str]]], repository: Path) -> None:
    odd = "$(touch hit) `touch hit`; touch hit \" ' & *"
    words = told(path=odd, corpus=odd, changed_since="origin/main", fail_on="warning", args=f"--level=3\n\n{odd}\n", sarif_file="a b.sarif")
    own = ["--level=3", odd, f"--corpus={odd}", "--changed-since=origin/main", "--fail-on=warning", odd]
    assert words == [["check", "--format=sarif", *own], ["check", "--format=github", *own]]
    assert sorted(path.name for path in repository.iterdir()) == [".git", "a b.sarif", "corpus"]


def test_the_step_passes_on_a_sound_corpus_and_fails_on_a_broken_one(repository: Path) -> None:
    assert run_check(repository, path="corpus").returncode == 0
    alter(repository / "corpus" / ENTITIES, 1, lambda record: record.update(quote="Nothing"))
    done = run_check(repository, path="corpus", sarif_file="found.sarif")
    assert done.returncode == 1
    assert re.search(rf"^::error file=corpus/{ENTITIES},line=1,", done.stdout, re.M)
    found = json.loads((repository / "found.sarif").read_text(encoding="utf-8"))
    assert [result["ruleId"] for result in found["runs"][0]["results"]] == ["quote-mismatch"]
    assert run_check(repository, path="corpus", changed_since="HEAD").returncode == 1
    assert run_check(repository, path="corpus", fail_on="never").returncode == 0
    wrong = run_check(repository, path="nowhere", sarif_file="found.sarif")
    assert wrong.returncode not in (0, None)
    assert "nowhere does not exist" in wrong.stderr


# ---- the guide


def test_the_guide_shows_five_files() -> None:
    names = [name for name, _ in SHOWN]
    assert names == [
        ".github/workflows/check.yml",
        ".gitlab-ci.yml",
        ".pre-commit-config.yaml",
        ".pre-commit-config.yaml",
        ".github/workflows/check.yml",
    ]
    assert GUIDE.count("```yaml") == len(SHOWN)


def test_workflows_of_the_guide_are_good(tmp_path: Path) -> None:
    for number, (name, body) in enumerate(SHOWN):
        path = tmp_path / f"{number}.yml"
        path.write_text(body, encoding="utf-8")
        if "workflows" in name:
            schema_holds("vendor.github-workflows", path)
            own = [one for one in yaml.safe_load(body)["jobs"]["check"]["steps"] if one["uses"].startswith("OWNER/qantar@")]
            assert own
            assert all(set(one["with"]) <= set(ACTION["inputs"]) for one in own)
        elif "gitlab" in name:
            schema_holds("vendor.gitlab-ci", path)


def test_hooks_of_the_guide_are_ours_and_take_their_arguments(repository: Path, run: Run) -> None:
    used = [one for name, body in SHOWN if "pre-commit" in name for one in yaml.safe_load(body)["repos"][0]["hooks"]]
    assert {one["id"] for one in used} == set(HOOKS)
    (own,) = [one for one in used if "args" in one]
    assert run("export", "native", "notes.jsonl", "corpus")[0] == 0
    shutil.copytree("corpus", "labels")
    assert run(*shlex.split(HOOKS[own["id"]]["entry"])[1:], *own["args"])[:2] == (0, "No problems.\n")
    assert [bool(re.search(own["files"], file)) for file in ("notes.jsonl", "labels/corpus.toml", "my-notes.jsonl")] == [True, True, False]


def test_the_version_of_the_guide_is_ours() -> None:
    assert set(re.findall(r"(?:qantar@|rev: )v([0-9.]+)$", GUIDE, re.M)) == {qantar.__version__}
