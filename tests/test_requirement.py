"""What `qantar new` writes into requirements.txt: a commit or a version, never a path of this machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import qantar
from hypothesis import given
from hypothesis import strategies as st
from qantar import requirement as module
from qantar.requirement import requirement
from qantar.starting import start

GIT = {"vcs": "git", "commit_id": "0123abc"}
VERSION = f"qantar=={qantar.__version__}"


def recorded(url: str, **more: Any) -> str:
    return json.dumps({"url": url, **more})


def said(record: str | None, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(module, "_recorded", lambda: record)
    return requirement()


@pytest.mark.parametrize(
    ("record", "wanted"),
    [
        (recorded("https://host.example/a/qantar.git", vcs_info=GIT), "qantar @ git+https://host.example/a/qantar.git@0123abc"),
        (recorded("https://host.example:81/q", vcs_info={**GIT, "vcs": "hg"}), "qantar @ hg+https://host.example:81/q@0123abc"),
        (recorded("ssh://git@host.example/a/q.git", vcs_info=GIT), "qantar @ git+ssh://git@host.example/a/q.git@0123abc"),
        (recorded("https://me:secret@host.example/q.git", vcs_info=GIT), "qantar @ git+https://host.example/q.git@0123abc"),
        (recorded("https://token@host.example/q.git", vcs_info=GIT), "qantar @ git+https://host.example/q.git@0123abc"),
        (
            recorded("https://host.example/q.git", vcs_info={**GIT, "requested_revision": "main"}, subdirectory="tool"),
            "qantar @ git+https://host.example/q.git@0123abc#subdirectory=tool",
        ),
    ],
)
def test_an_address_gives_the_commit(record: str, wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(record, monkeypatch) == wanted


@pytest.mark.parametrize(
    "record",
    [
        None,
        "",
        "{",
        "[]",
        recorded("file:///home/me/qantar", dir_info={"editable": True}),
        recorded("file:///home/me/qantar", vcs_info=GIT),
        recorded("/home/me/qantar", vcs_info=GIT),
        recorded("https:///home/me/qantar", vcs_info=GIT),
        recorded("https://host.example/qantar-0.1.0.whl", archive_info={}),
        recorded("https://host.example/a b", vcs_info=GIT),
        recorded("https://host.example/q.git", vcs_info={"vcs": "git"}),
        recorded("https://host.example/q.git", vcs_info={"vcs": ["git"], "commit_id": "0123abc"}),
        recorded("https://[host/q.git", vcs_info=GIT),
        json.dumps({"url": 3, "vcs_info": GIT}),
    ],
)
def test_all_else_gives_the_version(record: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(record, monkeypatch) == VERSION


@given(st.text(max_size=30))
def test_no_record_makes_it_fail(text: str) -> None:
    found = module._from_address(recorded(f"https://host.example/{text}", vcs_info=GIT))
    assert found is None or (found.startswith("qantar @ git+https://host.example/") and len(found.splitlines()) == 1)


def test_a_new_corpus_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = said(recorded("https://host.example/a/qantar.git", vcs_info=GIT), monkeypatch)
    start(tmp_path / "own")
    assert (tmp_path / "own" / "requirements.txt").read_text(encoding="utf-8").splitlines()[-1] == wanted


def test_this_installation_has_one() -> None:
    assert requirement().startswith(("qantar==", "qantar @ "))
    assert "file:" not in requirement()
