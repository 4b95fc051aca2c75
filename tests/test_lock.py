"""Two commands that change a corpus at the same moment: one waits for the other, and nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from builds import contents
from processes import paused, qantar
from qantar.adding import add
from qantar.errors import CorpusBusy, OutputError
from qantar.store import Folder
from qantar.store.lock import LOCK
from tiny import ONE

Run = Callable[..., tuple[int, str, str]]
WRITERS = {
    "add": ("add", "new.txt", "--corpus", "tiny"),
    "accept": ("accept", "one", "--corpus", "tiny"),
    "fix": ("fix", "tiny"),
    "tokens": ("tokens", "two", "tiny", "--write"),
    "reanchor": ("reanchor", "tiny/raw/one.txt", "corrected.txt", "--write"),
}


@pytest.fixture
def texts(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a corpus, and texts for commands that take one."""
    monkeypatch.chdir(tiny.parent)
    Path("new.txt").write_text("Порт закрито. Докери страйкують.\n", encoding="utf-8")
    Path("corrected.txt").write_bytes(ONE.replace("14\u0020березня", "15\u0020березня").encode())
    return tiny


def ids(corpus: Path) -> list[str]:
    return [json.loads(line)["id"] for line in (corpus / "documents.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("command", WRITERS)
def test_who_changes_a_corpus_waits_for_another_and_says_so_at_last(
    texts: Path, run: Run, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    before = contents(texts)
    with monkeypatch.context() as patch, Folder(texts).lock.held():
        patch.setattr("qantar.store.lock.WAIT", 0.0)
        code, out, err = run(*WRITERS[command])
        assert (code, out) == (2, "")
        assert "Another command is changing tiny; it did not end within 0 seconds, so nothing was changed." in err
        assert err.endswith("Run this one again when it has ended.\n")
        assert contents(texts) == {LOCK: b"", **before}
    assert contents(texts) == before
    assert run(*WRITERS[command])[0] == 0
    assert LOCK not in contents(texts)


@pytest.mark.parametrize("words", [("fix", "tiny", "--check"), ("tokens", "two", "tiny"), ("check", "tiny")])
def test_who_only_reads_waits_for_nobody(texts: Path, run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    monkeypatch.setattr("qantar.store.lock.WAIT", 0.0)
    with Folder(texts).lock.held():
        assert run(*words)[0] == 0


def test_the_lock_is_held_from_reading_to_writing(texts: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("other.txt").write_text("Город спит.\n", encoding="utf-8")
    monkeypatch.setattr("qantar.store.lock.WAIT", 0.0)
    with paused("os.rename", "/documents.jsonl", 1, *WRITERS["add"]) as first:
        assert "Another command" in run("add", "other.txt", "--lang", "uk", "--corpus", "tiny")[2]
        first.popen.kill()  # what it held is freed
        first.end()
    assert run("add", "other.txt", "--lang", "uk", "--corpus", "tiny")[0] == 0
    assert ids(texts) == ["one", "other", "two"]


def test_processes_at_the_same_moment_lose_no_line(texts: Path) -> None:
    for name in "ab":
        Path(f"{name}.txt").write_text(f"Порт {name} закрито.\n", encoding="utf-8")
    with qantar("add", "a.txt", "--corpus", "tiny") as one, qantar("add", "b.txt", "--corpus", "tiny") as two:
        assert [process.end()[::2] for process in (one, two)] == [(0, "")] * 2
    assert ids(texts) == ["a", "b", "one", "two"]


def test_threads_at_the_same_moment_lose_no_line(texts: Path) -> None:
    names = [f"d{at}" for at in range(6)]
    for name in names:
        Path(f"{name}.txt").write_text(f"Порт {name} закрито.\n", encoding="utf-8")
    start = Barrier(len(names))

    def add_one(name: str) -> None:
        folder = Folder(texts)
        start.wait()
        add(folder, [Path(f"{name}.txt")], lang="uk")

    with ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(add_one, names))
    assert ids(texts) == [*names, "one", "two"]
    assert LOCK not in contents(texts)


def test_a_lock_may_be_taken_again_by_who_has_it(texts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qantar.store.lock.WAIT", 0.0)
    folder = Folder(texts)
    with folder.lock.held():
        with folder.lock.held():
            pass
        with pytest.raises(CorpusBusy), Folder(texts).lock.held():
            pass


def test_something_in_the_place_of_the_lock(texts: Path) -> None:
    (texts / LOCK).mkdir()
    with pytest.raises(OutputError, match=LOCK), Folder(texts).lock.held():
        pass
    assert (texts / LOCK).is_dir()
