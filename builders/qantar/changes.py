"""What git says was changed in a corpus folder since a revision: names of files, and what they held then.

Only the working tree counts, not the index: in a pre-commit hook they are the same.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from qantar.errors import HistoryError

#: git looks for the repository where the corpus lies, not where a hook that runs us was told to look.
_LOCAL = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_NAMESPACE")
_LITERAL = {"GIT_OPTIONAL_LOCKS": "0", "GIT_LITERAL_PATHSPECS": "1", "LC_ALL": "C"}


@dataclass(frozen=True, slots=True)
class Changes:
    """Files of a folder that differ from those of a commit, removed and new ones too; names as in the folder, with slashes.

    Before the first commit there is none: everything is new.
    """

    root: Path
    commit: str | None
    files: frozenset[str]

    def old(self, file: str) -> bytes | None:
        """What a file of the folder held then; None where there was none."""
        if self.commit is None:
            return None
        entry = _git(self.root, "ls-tree", "-z", self.commit, "--", file)
        mode, kind, rest = entry.split(b" ", 2) if entry else (b"", b"", b"")
        return _git(self.root, "cat-file", "blob", rest.partition(b"\t")[0].decode()) if kind == b"blob" and mode != b"120000" else None


def changed_since(root: Path, revision: str) -> Changes:
    """What was changed since a revision: a commit, branch or tag, as git names them. Raises HistoryError."""
    if _git(root, "rev-parse", "--is-inside-work-tree", fact=f"{root} lies in no git repository").strip() != b"true":
        raise HistoryError(f"{root} lies in no working tree of git.", "--changed-since needs one.")
    commit = _commit(root, revision)
    files = _names(root, "ls-files", "-o", "--exclude-standard", "-z")
    if commit is None:
        files |= _names(root, "ls-files", "-z")
    else:
        options = ("--name-only", "--no-renames", "--no-ext-diff", "--no-textconv", "--relative", "-z")
        files |= _names(root, "diff", *options, commit, "--", ".")
    return Changes(root, commit, files)


def _commit(root: Path, revision: str) -> str | None:
    """The commit that a revision names; None for the HEAD of a repository without commits."""
    found = None if revision.startswith("-") else _run(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if found is not None and found.returncode == 0:
        return found.stdout.decode().strip()
    if revision == "HEAD" and _run(root, "symbolic-ref", "--quiet", "HEAD").returncode == 0:
        return None
    shallow = _run(root, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"
    remedy = "Name a commit, branch or tag."
    if shallow:
        remedy = f"This clone is shallow: `git fetch --unshallow` (`fetch-depth: 0` of actions/checkout) gets its history. {remedy}"
    raise HistoryError(f"git knows no revision {revision!r}.", remedy)


def _names(root: Path, *words: str) -> frozenset[str]:
    return frozenset(os.fsdecode(name) for name in _git(root, *words).split(b"\0") if name)


def _git(root: Path, *words: str, fact: str = "git cannot say what was changed") -> bytes:
    done = _run(root, *words)
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ").splitlines() or ["it does not say why"]
        reason = "" if said[0].startswith("not a git repository") else f": {said[0].rstrip('.')}"
        raise HistoryError(f"{fact}{reason}.", "--changed-since needs a git repository; without it everything is checked.")
    return done.stdout


def _run(root: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    environment = {name: value for name, value in os.environ.items() if name not in _LOCAL} | _LITERAL
    command = ["git", "-C", str(root), "-c", "core.fsmonitor=false", *words]
    try:
        return subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL, env=environment)
    except OSError as error:
        raise HistoryError(
            f"git cannot be run: {error.strerror}.", "--changed-since needs git; without it everything is checked."
        ) from error
