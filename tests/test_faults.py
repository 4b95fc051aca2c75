"""Builds that are disturbed: killed workers, Ctrl-C, a full disk, a read-only folder, a damaged cache."""

from __future__ import annotations

import builtins
import errno
import io
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cached_property, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import workers
from builds import build, contents, different, edit_lines, environment, finished_shards, write_copies
from processes import Process, paused, qantar
from qantar.errors import OutputError, WorkerError
from qantar.executors import run as run_items
from tiny import write_corpus

Run = Callable[..., tuple[int, str, str]]
INTERRUPTED = "qantar: interrupted; finished shards are kept, run the same command again to go on.\n"


@dataclass(frozen=True)
class Undisturbed:
    """A corpus, and what a build of it gives without a fault: the folder with the release `rel` and the cache beside it."""

    corpus: Path
    out: Path

    @cached_property
    def release(self) -> dict[str, bytes]:
        return contents(self.out / "rel")


def undisturbed(corpus: Path) -> Undisturbed:
    out = corpus.with_name("out")
    build(corpus, out / "rel")
    return Undisturbed(corpus, out)


@pytest.fixture(scope="module")
def eight(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """A corpus of eight shards; no test changes it."""
    return undisturbed(write_copies(tmp_path_factory.mktemp("eight") / "corpus"))


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """The tiny corpus, of one shard; no test changes it."""
    return undisturbed(write_corpus(tmp_path_factory.mktemp("one") / "corpus"))


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of so many shards that a build of it is hit in the middle."""
    return write_copies(tmp_path_factory.mktemp("many") / "corpus", shards=32)


def shards(out: Path) -> list[str]:
    """Names of what the cache beside a release holds of shards, finished and not."""
    return sorted(path.name for path in (out / ".qantar").glob("*/shards/*"))


def assert_clean(out: Path) -> None:
    """No release, and nothing half-written: at most the cache, with finished shards only."""
    assert {path.name for path in out.glob("*")} <= {".qantar"}
    assert {path.name for path in out.glob(".qantar/*/*")} <= {"shards"}
    assert [name for name in shards(out) if "." in name] == []


def assert_mended(whole: Undisturbed, out: Path, *, reused: int) -> None:
    """The same build again succeeds, takes the finished shards, and gives what an undisturbed one gives."""
    before = finished_shards(out)
    built = build(whole.corpus, out / "rel")
    assert (len(before), built.reused) == (reused, reused)
    assert before.items() <= finished_shards(out).items(), "what was finished was not built again"
    assert different(contents(out / "rel"), whole.release) == []


# ---- workers


def pool(count: int = 2) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"))


class Counted:
    """Makes executors and counts them."""

    def __init__(self, make: Callable[[], Executor]) -> None:
        self.make = make
        self.made = 0

    def __call__(self) -> Executor:
        self.made += 1
        return self.make()


@pytest.fixture
def quick_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers of this process start as those of others do."""
    for name, value in environment().items():
        monkeypatch.setenv(name, value)


def test_items_of_a_killed_worker_run_again(tmp_path: Path, quick_workers: None) -> None:
    make = Counted(pool)
    assert sorted(run_items(make, partial(workers.die_once, tmp_path / "died"), range(20))) == list(range(0, 40, 2))
    assert make.made == 2


def test_workers_that_always_die_are_given_up(quick_workers: None) -> None:
    make = Counted(pool)
    with pytest.raises(WorkerError, match=r"killed again and again, with 2 shard.*--workers"):
        list(run_items(make, workers.die, [1, 2], restarts=1))
    assert make.made == 2


class BreaksOnSubmit(Executor):
    """Loses its workers while items are still handed out, as many times as `breaks` has items."""

    breaks: list[int]

    def __init__(self) -> None:
        self.left = self.breaks.pop() if self.breaks else 1000

    def submit(self, fn: Any, /, *arguments: Any, **options: Any) -> Future[Any]:
        if not self.left:
            raise BrokenProcessPool("a worker died")
        self.left -= 1
        future: Future[Any] = Future()
        future.set_result(fn(*arguments, **options))
        return future


@pytest.mark.parametrize("breaks", [[0], [1], [2, 1], [0, 0, 0]])
def test_items_that_could_not_be_handed_out_run_again(breaks: list[int]) -> None:
    make = Counted(type("Breaks", (BreaksOnSubmit,), {"breaks": list(breaks)}))
    assert sorted(run_items(make, workers.double, range(5))) == [0, 2, 4, 6, 8]
    assert make.made == len(breaks) + 1


def test_a_worker_killed_in_the_middle_of_a_shard_costs_nothing(
    eight: Undisturbed, tmp_path: Path, quick_workers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qantar.release.build_shard", partial(workers.build_and_die_once, tmp_path / "died"))
    make = Counted(pool)
    built = build(eight.corpus, tmp_path / "out" / "rel", executor=make)
    assert (make.made, (tmp_path / "died").exists()) == (2, True)
    assert different(contents(built.sealed.path), eight.release) == []


def test_shards_that_hold_the_same_do_not_get_in_each_others_way(tmp_path: Path) -> None:
    """Sixteen shards for two documents: fourteen are empty. Threads have one process id, as workers on two machines may."""
    corpus = write_corpus(tmp_path / "corpus", shards=16)
    alone = build(corpus, tmp_path / "alone" / "rel").sealed.path
    together = build(corpus, tmp_path / "together" / "rel", executor=partial(ThreadPoolExecutor, 8)).sealed.path
    assert different(contents(together), contents(alone)) == []


def test_a_build_whose_workers_always_die_ends(
    one: Undisturbed, tmp_path: Path, run: Run, quick_workers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qantar.release.build_shard", workers.die)
    monkeypatch.setitem(run_items.__kwdefaults__, "restarts", 0)
    monkeypatch.setattr("qantar.release.local", pool)
    code, out, err = run("build", one.corpus, "--out", tmp_path / "out" / "rel")
    assert (code, out) == (2, "")
    assert err == "qantar: Workers were killed again and again, with 1 shard(s) left. Out of memory? Use fewer --workers, or more shards.\n"
    assert_clean(tmp_path / "out")


# ---- Ctrl-C and kill


POINTS = {  # what the build is about to do, and how many shards are finished then
    "write the documents of a shard": ("open", "/spool-*/*.jsonl", 2, 0),
    "stamp the fourth shard": ("open", "/shards/*.tmp/stamp.json", 4, 3),
    "write the manifest": ("open", "/.rel.*.tmp/manifest.json", 1, 8),
    "seal": ("os.rename", "/rel", 1, 8),
}


@pytest.mark.parametrize("point", POINTS)
def test_ctrl_c_leaves_finished_shards_and_nothing_else(eight: Undisturbed, tmp_path: Path, point: str) -> None:
    event, pattern, nth, done = POINTS[point]
    with paused(event, pattern, nth, "build", eight.corpus, "--out", tmp_path / "rel") as process:
        process.popen.send_signal(signal.SIGINT)
        assert process.end() == (3, "", INTERRUPTED)
    assert_clean(tmp_path)
    assert len(shards(tmp_path)) == done
    assert_mended(eight, tmp_path, reused=done)


@pytest.mark.parametrize("point", ["stamp the fourth shard", "seal"])
def test_a_killed_build_leaves_no_release_and_can_be_repeated(eight: Undisturbed, tmp_path: Path, point: str) -> None:
    event, pattern, nth, done = POINTS[point]
    with paused(event, pattern, nth, "build", eight.corpus, "--out", tmp_path / "rel") as process:
        process.popen.kill()
        assert process.end() == (-signal.SIGKILL, "", "")
    assert not (tmp_path / "rel").exists()
    assert_mended(eight, tmp_path, reused=done)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_release_that_was_to_be_replaced_survives(one: Undisturbed, tmp_path: Path, number: signal.Signals) -> None:
    changed, target = tmp_path / "changed", tmp_path / "out" / "rel"
    shutil.copytree(one.corpus, changed)
    edit_lines(changed / "documents.jsonl", lambda lines: lines[0].update(title="Порт закрито"))
    shutil.copytree(one.out, target.parent)
    with paused("open", "/.rel.*.tmp/manifest.json", 1, "build", changed, "--out", target, "--replace") as process:
        process.popen.send_signal(number)
        process.end()
    assert different(contents(target), one.release) == []
    build(changed, target, replace=True)
    assert different(contents(target), contents(build(changed, tmp_path / "fresh" / "rel").sealed.path)) == []


def test_leftovers_of_a_dead_process_with_our_number_do_not_matter(one: Undisturbed, tmp_path: Path) -> None:
    """Process ids come again, in a container often at once."""
    cache = tmp_path / ".qantar" / "tiny"
    for leftover in (
        cache / f"spool-{os.getpid()}",
        cache / "shards" / f"{64 * '0'}.{os.getpid()}.tmp",
        tmp_path / f".rel.{os.getpid()}.tmp",
    ):
        leftover.mkdir(parents=True)
        (leftover / "00000.jsonl").write_text("half a line")
    assert_mended(one, tmp_path, reused=0)


def test_ctrl_c_reaches_workers_too(many: Path, tmp_path: Path) -> None:
    """On a terminal, Ctrl-C goes to the whole process group."""
    with qantar("build", many, "--out", tmp_path / "rel", "--workers", 2) as process:
        process.until(lambda: [name for name in shards(tmp_path) if "." not in name])
        os.killpg(process.popen.pid, signal.SIGINT)
        assert process.end() == (3, "", INTERRUPTED)
    assert_clean(tmp_path)
    done = finished_shards(tmp_path)
    assert 0 < len(done) < 32
    built = build(many, tmp_path / "rel")
    assert (built.reused, built.shards) == (len(done), 32)
    assert done.items() <= finished_shards(tmp_path).items()


WAITING = """
import os, pathlib, sys, time
if "--multiprocessing-fork" in sys.argv:
    folder = pathlib.Path(os.environ["WAITING"])
    (folder / f"worker-{os.getpid()}").touch()
    while not (folder / "go").exists():
        time.sleep(0.001)
"""


def test_ctrl_c_while_workers_start(many: Path, tmp_path: Path) -> None:
    folder = tmp_path / "waiting"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(WAITING)
    path = os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))
    with qantar("build", many, "--out", tmp_path / "out" / "rel", "--workers", 2, PYTHONPATH=path, WAITING=str(folder)) as process:
        process.until(lambda: len(list(folder.glob("worker-*"))) == 2)
        os.killpg(process.popen.pid, signal.SIGINT)
        (folder / "go").touch()
        assert process.end() == (3, "", INTERRUPTED), "no word from the workers"
    assert_clean(tmp_path / "out")


def test_workers_do_not_outlive_a_killed_build(many: Path, tmp_path: Path) -> None:
    with qantar("build", many, "--out", tmp_path / "rel", "--workers", 2) as process:
        process.until(lambda: [name for name in shards(tmp_path) if "." not in name])
        process.popen.kill()
        try:
            process.end(seconds=10)
        except subprocess.TimeoutExpired:
            pytest.fail("workers were still there after ten seconds")
    assert not (tmp_path / "rel").exists()


# ---- full disks


LIMITED = """
import resource, sys
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
from qantar.cli.run import run
sys.exit(run(sys.argv[2:]))
"""


@pytest.mark.parametrize(("limit", "count"), [(0, 1), (20_000, 2), (100_000, 1)])
def test_a_limit_on_the_size_of_files(eight: Undisturbed, one: Undisturbed, tmp_path: Path, limit: int, count: int) -> None:
    whole = one if count == 1 else eight
    words = ("build", whole.corpus, "--out", tmp_path / "rel", "--workers", count)
    with Process([sys.executable, "-B", "-c", LIMITED, str(limit), *map(str, words)]) as process:
        code, out, err = process.end()
    assert (code, out) == (2, "")
    assert_says_why(err, tmp_path, errno.EFBIG)
    assert_clean(tmp_path)
    assert_mended(whole, tmp_path, reused=len(shards(tmp_path)))


def assert_says_why(err: str, out: Path, number: int) -> None:
    """One line: a path below the output folder, the reason, a remedy."""
    assert re.fullmatch(
        rf"qantar: Cannot write {re.escape(str(out))}/[^:]+: .*{os.strerror(number)}\. Nothing was released; .+\.\n", err
    ), err


FULL = "/dev/full"
PLACES = (  # every kind of file that a build writes
    "/spool-*/*.jsonl",
    "/shards/*.tmp/documents.parquet",
    "/shards/*.tmp/reports.parquet",
    "/shards/*.tmp/reports.csv",
    "/shards/*.tmp/stamp.json",
    "/.rel.*.tmp/data/*/*.parquet",
    "/.rel.*.tmp/reports.csv",
    "/.rel.*.tmp/corpus.toml",
    "/.rel.*.tmp/schema/compiled/document.schema.json",
    "/.rel.*.tmp/CITATION.cff",
    "/.rel.*.tmp/README.md",
    "/.rel.*.tmp/manifest.json",
)


class FullDisk:
    """Sends what is written to files of a name to a device that is always full."""

    def __init__(self, pattern: str) -> None:
        self.pattern = f"*{pattern}"
        self.hits = 0

    def place(self, path: Any) -> Any:
        if not isinstance(path, str | os.PathLike) or not fnmatch(os.fspath(path), self.pattern):
            return path
        self.hits += 1
        return FULL

    def opener(self, plain: Callable[..., Any]) -> Callable[..., Any]:
        def opened(file: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
            return plain(self.place(file) if set(mode) & set("wax+") else file, mode, *arguments, **options)

        return opened

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        copyfile, writer = shutil.copyfile, pq.ParquetWriter
        monkeypatch.setattr(io, "open", self.opener(io.open))
        monkeypatch.setattr(builtins, "open", self.opener(builtins.open))
        monkeypatch.setattr(shutil, "copyfile", lambda source, target, **options: copyfile(source, self.place(target), **options))
        monkeypatch.setattr(pq, "ParquetWriter", lambda path, *arguments, **options: writer(self.place(path), *arguments, **options))


@pytest.mark.skipif(not Path(FULL).exists(), reason=f"no {FULL} here")
@pytest.mark.parametrize("pattern", PLACES)
def test_a_full_disk(one: Undisturbed, tmp_path: Path, run: Run, pattern: str) -> None:
    code, out, err = with_full_disk(pattern, run, one.corpus, tmp_path / "rel")
    assert (code, out) == (2, "")
    assert_says_why(err, tmp_path, errno.ENOSPC)
    assert_clean(tmp_path)
    assert_mended(one, tmp_path, reused=len(shards(tmp_path)))


def with_full_disk(pattern: str, run: Run, corpus: Path, target: Path) -> tuple[int, str, str]:
    with pytest.MonkeyPatch.context() as patch:
        disk = FullDisk(pattern)
        disk.install(patch)
        outcome = run("build", corpus, "--out", target)
    assert disk.hits, "the build writes no such file any more"
    return outcome


@pytest.mark.skipif(not Path(FULL).exists(), reason=f"no {FULL} here")
def test_a_log_that_cannot_be_written_does_not_undo_the_release(one: Undisturbed, tmp_path: Path, run: Run) -> None:
    code, _, err = with_full_disk("/rel.build.json", run, one.corpus, tmp_path / "rel")
    assert different(contents(tmp_path / "rel"), one.release) == []
    assert code == 0
    assert "Nothing was released" not in err


def test_the_error_names_the_path(one: Undisturbed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, *_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self))

    monkeypatch.setattr(Path, "mkdir", full)
    with pytest.raises(OutputError) as caught:
        build(one.corpus, tmp_path / "rel")
    assert caught.value.path.is_relative_to(tmp_path)
    assert str(caught.value.path) in str(caught.value)


# ---- folders that may not be written


# As root no folder is read-only: the process gives its rights away once everything is loaded that only root may read.
UNPRIVILEGED = """
import os, sys
from qantar.cli.run import run
from qantar.resources import data_dir
corpus, *words = sys.argv[1:]
assert run(["build", corpus, "--out", "warm/rel"]) == 0
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
if not os.access(data_dir("schema") / "common.schema.json", os.R_OK):
    sys.exit(77)
sys.exit(run(words))
"""


def unprivileged(corpus: str, *words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Runs `qantar` as a user who is not root."""
    cwd.chmod(0o755)
    line = [sys.executable, "-c", UNPRIVILEGED, corpus, *map(str, words)]
    done = subprocess.run(line, cwd=cwd, env=environment(), check=False, capture_output=True, encoding="utf-8", timeout=120)
    if done.returncode == 77:
        pytest.skip("only root may read this checkout")
    return done


def test_a_read_only_output_folder(tmp_path: Path) -> None:
    write_corpus(tmp_path / "corpus")
    (tmp_path / "locked").mkdir(mode=0o555)
    done = unprivileged("corpus", "build", "corpus", "--out", "locked/rel", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == (
        "qantar: Cannot write locked/.qantar: Permission denied. Nothing was released; free the place or choose another --out.\n"
    )
    assert list((tmp_path / "locked").iterdir()) == []


def test_a_read_only_corpus_can_be_built(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus")
    for path in [corpus, *corpus.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    done = unprivileged("corpus", "build", "corpus", "--out", "open/rel", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert different(contents(tmp_path / "open" / "rel"), contents(tmp_path / "warm" / "rel")) == []


# ---- a damaged cache


def remove(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def change(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("name", ["documents.parquet", "reports.parquet", "reports.csv", "stamp.json"])
@pytest.mark.parametrize("damage", [remove, empty, change])
def test_a_damaged_cache_gives_no_broken_release(
    one: Undisturbed, tmp_path: Path, run: Run, name: str, damage: Callable[[Path], None]
) -> None:
    shutil.copytree(one.out / ".qantar", tmp_path / ".qantar")
    (path,) = tmp_path.rglob(name)
    damage(path)
    code, _, err = run("build", one.corpus, "--out", tmp_path / "rel")
    if code == 0:
        assert different(contents(tmp_path / "rel"), one.release) == []
    else:
        assert damage is not remove, "what is missing is built again"
        assert (code, err.startswith("qantar: ")) == (2, True)
        assert str(path.parent) in err, "what to remove"
        assert_clean(tmp_path)


@pytest.mark.parametrize("damage", [remove, empty, change])
@pytest.mark.parametrize("name", ["data/events/train-00000-of-00001.parquet", "gazetteer.jsonl"])
def test_a_damaged_release_is_not_taken_for_whole(
    one: Undisturbed, tmp_path: Path, run: Run, name: str, damage: Callable[[Path], None]
) -> None:
    """Building again makes it whole, or says that what stands there is not what the corpus gives."""
    shutil.copytree(one.out, tmp_path, dirs_exist_ok=True)
    damage(tmp_path / "rel" / name)
    code, _, err = run("build", one.corpus, "--out", tmp_path / "rel")
    if code == 0:
        assert different(contents(tmp_path / "rel"), one.release) == []
    else:
        assert err.startswith("qantar: ")
    assert run("build", one.corpus, "--out", tmp_path / "rel", "--replace")[0] == 0
    assert different(contents(tmp_path / "rel"), one.release) == []
