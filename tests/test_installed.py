"""The installed corpus: `qantar.path`, `qantar.load`, and the cache that they share between processes."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import platformdirs
import pyarrow.parquet as pq
import pytest
import qantar
from builds import build, command, contents, different, edit_lines, environment
from processes import Process, paused
from processes import qantar as start
from qantar import installed
from qantar.errors import OutputError, SourceError, UnknownName
from qantar.release.cache import KEPT, cached
from qantar.settings import read_settings
from spoil import stamps

Run = Callable[..., tuple[int, str, str]]
BUILDING = "qantar: building the release of the installed corpus\n"
REMEDY = "Free the place, or set QANTAR_CACHE to a folder that can be written."


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory, root: Path) -> dict[str, bytes]:
    """What a build of the repository's corpus gives."""
    return contents(build(root / "corpus", tmp_path_factory.mktemp("expected") / "rel").sealed.path)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, which is not there yet."""
    monkeypatch.setenv("QANTAR_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with the release; no test changes it."""
    folder = tmp_path_factory.mktemp("filled")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QANTAR_CACHE", str(folder))
        qantar.path()
    return folder


@pytest.fixture
def copied(filled: Path, cache: Path) -> Path:
    """A copy of a cache with the release."""
    shutil.copytree(filled, cache)
    return cache


@pytest.fixture
def no_build(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails a test that builds."""

    def unwanted(*_: object, **__: object) -> None:
        raise AssertionError("built again")

    monkeypatch.setattr(installed, "build", unwanted)


def named(root: Path) -> str:
    settings = read_settings(root / "corpus")[0]
    return f"{settings.name}-{settings.version}"


def rows(release: Path, table: str) -> int:
    """Rows of a table, by its files."""
    return sum(pq.read_metadata(path).num_rows for path in (release / "data" / table).glob("*.parquet"))


def in_cache(cache: Path) -> set[str]:
    """What the cache holds: keys as `key`."""
    return {re.sub(r"^[0-9a-f]{16}$", "key", path.name) for path in (cache / "releases").iterdir()}


# ---- the folder


def test_the_first_call_builds(cache: Path, root: Path, expected: dict[str, bytes]) -> None:
    found = qantar.path()
    assert isinstance(found, Path)
    assert re.fullmatch(rf"releases/[0-9a-f]{{16}}/{re.escape(named(root))}", found.relative_to(cache).as_posix())
    assert different(contents(found), expected) == []
    assert in_cache(cache) == {"key", ".lock"}, "nothing but the release is left"


def test_later_calls_find_it(copied: Path, no_build: None) -> None:
    before = stamps(next(copied.glob("releases/*/*/")))
    found = qantar.path()
    assert stamps(found) == before != {}
    assert qantar.path() == found


def test_the_command(cache: Path, run: Run) -> None:
    code, out, err = run("path")
    assert (code, err) == (0, BUILDING)
    assert Path(out.removesuffix("\n")) == qantar.path()
    assert run("path") == (0, out, "")


def test_progress_is_for_terminals(cache: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert run("path")[2] == f"{BUILDING}\rbuilding shards: 0 of 1\rbuilding shards: 1 of 1\n"


def test_sha256sum_reads_the_sums(filled: Path) -> None:
    tool = shutil.which("sha256sum")
    if tool is None:
        pytest.skip("no sha256sum here")
    (sums,) = filled.glob("releases/*/SHA256SUMS")
    subprocess.run([tool, "--check", "--strict", "--quiet", sums.name], cwd=sums.parent, check=True)


def test_where_the_cache_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/somebody")
    for value, place in {"/a/b": Path("/a/b"), "a": tmp_path / "a", "~/a": Path("/home/somebody/a")}.items():
        monkeypatch.setenv("QANTAR_CACHE", value)
        assert installed.cache_dir() == place
    for value in ("", None):
        monkeypatch.delenv("QANTAR_CACHE") if value is None else monkeypatch.setenv("QANTAR_CACHE", value)
        assert installed.cache_dir() == platformdirs.user_cache_path("qantar", appauthor=False)
        assert installed.cache_dir().name == "qantar"


def test_importing_is_light() -> None:
    code = "import qantar, sys; print(sorted({'pyarrow', 'datasets', 'yaml', 'filelock', 'platformdirs'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "[]\n"


# ---- what decides the key


@pytest.fixture
def data(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package's data, which the key is taken from."""
    for name in ("corpus", "schema", "LICENSES"):
        shutil.copytree(root / name, tmp_path / "data" / name)
    monkeypatch.setattr(installed, "data_dir", lambda name: tmp_path / "data" / name)
    return tmp_path / "data"


@pytest.mark.parametrize(
    "name",
    [
        "corpus/documents.jsonl",
        "corpus/annotations/events/001-akimat-captured.jsonl",
        "corpus/clusters.jsonl",
        "corpus/CHANGELOG.md",
        "schema/tables/events.schema.json",
        "schema/ontology/labels.json",
        "LICENSES/CC-BY-4.0.txt",
    ],
)
def test_any_file_changes_the_key(data: Path, name: str) -> None:
    before = installed._key()
    assert installed._key() == before
    original = (data / name).read_bytes()
    (data / name).write_bytes(original + b"\n")
    assert installed._key() != before
    (data / name).write_bytes(original)
    assert installed._key() == before
    (data / name).rename(data / f"{name}.moved")
    assert installed._key() != before


@pytest.mark.parametrize("what", ["qantar", "code", "pyarrow"])
def test_versions_change_the_key(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    before, versions = installed._key(), installed.versions()
    assert versions[what]
    monkeypatch.setattr(installed, "versions", lambda: {**versions, what: "another"})
    assert installed._key() != before


def test_the_writer_of_the_card_changes_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    before = installed._key()
    monkeypatch.setattr("yaml.__version__", "another")
    assert installed._key() != before


@pytest.fixture
def checkout(tmp_path: Path, root: Path) -> Path:
    """A copy of the repository's code and data."""
    for name in ("builders", "corpus", "schema", "LICENSES"):
        shutil.copytree(root / name, tmp_path / "checkout" / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "checkout"


def path_of(checkout: Path, **changes: str) -> Path:
    """`qantar path` of a checkout."""
    done = command("path", PYTHONPATH=str(checkout / "builders"), **changes)
    assert (done.returncode, done.stderr) in [(0, ""), (0, BUILDING)], done.stderr
    return Path(done.stdout.removesuffix("\n"))


def test_an_edited_checkout_gives_its_own_data(cache: Path, checkout: Path) -> None:
    from datasets import load_dataset

    places = [path_of(checkout)]
    edit_lines(checkout / "corpus" / "documents.jsonl", lambda lines: lines[0].update(title="Another title"))
    places.append(path_of(checkout))
    module = checkout / "builders" / "qantar" / "tables" / "plain.py"
    module.write_text(module.read_text(encoding="utf-8") + "# edited\n", encoding="utf-8")
    places.append(path_of(checkout))
    titles = [set(load_dataset(str(place), split="train")["title"]) for place in places]
    assert ["Another title" in found for found in titles] == [False, True, True]
    assert (len(set(places)), len({place.name for place in places})) == (3, 1)


@pytest.mark.parametrize("step", ["open_store", "build"])
def test_an_edit_during_the_build_is_not_kept_under_a_key(cache: Path, data: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    undisturbed = getattr(installed, step)

    def disturbed(*arguments: Any, **options: Any) -> Any:
        found = undisturbed(*arguments, **options)
        (data / "corpus" / "README.md").write_text("edited")
        return found

    monkeypatch.setattr(installed, step, disturbed)
    with pytest.raises(SourceError, match=r"changed while it was built.*ask again"):
        qantar.path()
    assert in_cache(cache) == {".lock"}


def test_a_checkout_with_problems(cache: Path, checkout: Path) -> None:
    edit_lines(checkout / "corpus" / "documents.jsonl", lambda lines: lines[0].update(sha256=64 * "0"))
    done = command("path", PYTHONPATH=str(checkout / "builders"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("qantar: The corpus has 1 problem(s). Mend them")
    assert in_cache(cache) == {".lock"}


# ---- many processes, and some that die


def test_ten_processes_at_once(cache: Path, expected: dict[str, bytes]) -> None:
    processes = [start("path") for _ in range(10)]
    try:
        ends = [process.end() for process in processes]
    finally:
        for process in processes:
            process.__exit__()
    assert {code for code, _, _ in ends} == {0}
    assert len({out for _, out, _ in ends}) == 1
    assert sorted(err for _, _, err in ends) == [*([""] * 9), BUILDING], "one builds"
    assert different(contents(Path(ends[0][1].removesuffix("\n"))), expected) == []
    assert in_cache(cache) == {"key", ".lock"}


POINTS = {
    "write the documents of a shard": ("open", "/.scratch/build/*/spool-*/*.jsonl"),
    "write the manifest": ("open", "/.scratch/build/*/manifest.json"),
    "write the sums": ("open", "/.scratch/whole/SHA256SUMS"),
    "publish": ("os.rename", "/releases/[0-9a-f]*"),
}


@pytest.mark.parametrize("point", POINTS)
def test_a_build_that_is_killed(cache: Path, run: Run, expected: dict[str, bytes], point: str) -> None:
    with paused(*POINTS[point], 1, "path") as process:
        process.popen.kill()
        assert process.end()[:2] == (-signal.SIGKILL, "")
    assert in_cache(cache) == {".lock", ".scratch"}
    code, out, err = run("path")
    assert (code, err) == (0, BUILDING)
    assert different(contents(Path(out.removesuffix("\n"))), expected) == []
    assert in_cache(cache) == {"key", ".lock"}, "what the dead build left is gone"


def test_who_waits_for_a_build_that_is_killed_builds(cache: Path) -> None:
    with paused(*POINTS["write the manifest"], 1, "path") as builder, start("path") as waiting:
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.end(seconds=2)
        builder.popen.kill()
        code, out, err = waiting.end()
    assert (code, Path(out.removesuffix("\n")), err) == (0, qantar.path(), BUILDING)


def test_ctrl_c(cache: Path) -> None:
    with paused(*POINTS["write the manifest"], 1, "path") as process:
        process.popen.send_signal(signal.SIGINT)
        assert process.end() == (3, "", f"{BUILDING}qantar: interrupted; nothing was kept, run the same command again.\n")
    assert in_cache(cache) == {".lock"}


# ---- damage


def remove(path: Path) -> None:
    path.unlink()


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def shadow(path: Path) -> None:
    """A file that `datasets` would read before the card."""
    path.with_name(".huggingface.yaml").write_text("configs: []\n")


@pytest.mark.parametrize("name", ["*/data/events/*.parquet", "*/README.md", "SHA256SUMS"])
@pytest.mark.parametrize("damage", [remove, truncate, flip, shadow])
def test_a_damaged_release_is_built_again(copied: Path, expected: dict[str, bytes], name: str, damage: Callable[[Path], None]) -> None:
    (path,) = copied.glob(f"releases/*/{name}")
    damage(path)
    found = qantar.path()
    assert different(contents(found), expected) == []
    assert in_cache(copied) == {"key", ".lock"}


def test_a_file_in_the_place_of_a_release(copied: Path, expected: dict[str, bytes]) -> None:
    (place,) = copied.glob("releases/[0-9a-f]*")
    shutil.rmtree(place)
    place.write_text("in the way")
    assert different(contents(qantar.path()), expected) == []


# ---- folders that may not be written


def test_a_cache_in_the_place_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("QANTAR_CACHE", str(tmp_path / "file"))
    with pytest.raises(OutputError, match="set QANTAR_CACHE"):
        qantar.load("events")
    assert run("path") == (2, "", f"qantar: Cannot write {tmp_path}/file/releases: Not a directory. {REMEDY}\n")


def test_a_user_without_a_home_folder(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.setenv("QANTAR_CACHE", "~no-such-user/cache")
    assert run("path") == (2, "", f"qantar: Cannot write ~no-such-user/cache: there is no such home folder. {REMEDY}\n")


def test_a_disk_that_fills_up(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(store: object, target: Path, **_: object) -> None:
        raise OutputError(target, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))

    monkeypatch.setattr(installed, "build", full)
    with pytest.raises(OutputError) as caught:
        qantar.path()
    assert str(caught.value).endswith(f": No space left on device. {REMEDY}")
    assert in_cache(cache) == {".lock"}


# As root no folder is read-only: the process gives its rights away once everything is loaded that only root may read.
UNPRIVILEGED = """
import os, sys, datasets, qantar
os.environ["QANTAR_CACHE"] = sys.argv[1]
from qantar.cli.run import run
assert run(["path"]) == 0
for streaming in (False, True):
    list(datasets.load_dataset(str(qantar.path()), "events", split="train", streaming=streaming, cache_dir=sys.argv[1] + "/hf"))
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
if not os.access(os.path.join(os.path.dirname(qantar.__file__), "errors.py"), os.R_OK):
    sys.exit(77)
os.environ["QANTAR_CACHE"] = sys.argv[2]
code = run(["path"])
if code == 0:
    print(len(list(qantar.load("events", streaming=True))), len(qantar.load("events")))
sys.exit(code)
"""


def unprivileged(warm: Path, cache: Path, home: Path) -> subprocess.CompletedProcess[str]:
    """`qantar path` and `qantar.load` by a user who is not root; `warm` is a cache that may be written before."""
    home.mkdir(mode=0o777)
    home.chmod(0o777)
    line = [sys.executable, "-c", UNPRIVILEGED, str(warm), str(cache)]
    variables = environment(HF_HOME=str(home), HF_DATASETS_CACHE=str(home))
    done = subprocess.run(line, env=variables, check=False, capture_output=True, encoding="utf-8", timeout=120)
    if done.returncode == 77:
        pytest.skip("only root may read this checkout")
    return done


@pytest.fixture
def for_everyone(tmp_path: Path) -> Iterator[Path]:
    """A folder that every user can reach."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder == Path(tempfile.gettempdir()).resolve():
            break
        folder.chmod(0o755)
    yield tmp_path
    for path in tmp_path.rglob("*"):
        path.chmod(0o755)


def test_a_read_only_cache_that_holds_the_release(for_everyone: Path, copied: Path) -> None:
    for path in [copied, *copied.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = stamps(copied)
    (place,) = copied.glob("releases/*/*/")
    done = unprivileged(for_everyone / "warm", copied, for_everyone / "home")
    assert done.returncode == 0, done.stderr
    count = rows(place, "events")
    assert done.stdout.splitlines()[1:] == [str(place), f"{count} {count}"]
    assert stamps(copied) == before


def test_a_read_only_cache_that_holds_nothing(for_everyone: Path) -> None:
    (for_everyone / "locked").mkdir(mode=0o555)
    done = unprivileged(for_everyone / "warm", for_everyone / "locked", for_everyone / "home")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == f"qantar: Cannot write {for_everyone}/locked/releases: Permission denied. {REMEDY}"


def test_a_wheel_in_a_read_only_folder(tmp_path: Path, root: Path, expected: dict[str, bytes]) -> None:
    words = ["-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path / "dist"), str(root)]
    subprocess.run([sys.executable, *words], check=True, capture_output=True)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    for path in [site, *site.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = stamps(site)
    variables = {"PYTHONPATH": str(site), "QANTAR_CACHE": str(tmp_path / "cache"), "HF_HOME": str(tmp_path / "home")}
    code = "import qantar; print(qantar.__file__); print(qantar.path()); print(len(qantar.load('events', streaming=True).features))"
    with Process([sys.executable, "-B", "-c", code], **variables) as process:
        status, out, err = process.end()
    assert status == 0, err
    module, release, columns = out.splitlines()
    assert (Path(module).is_relative_to(site), columns) == (True, "22")
    assert different(contents(Path(release)), expected) == []
    assert stamps(site) == before


# ---- how many stay


def test_the_releases_that_were_used_last_stay(tmp_path: Path) -> None:
    def make(target: Path) -> None:
        target.mkdir()
        (target / "file").write_text(target.name)

    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "file").write_text("not ours")
    keys = [f"key-{number}" for number in range(KEPT)]
    for age, key in enumerate(keys):
        assert cached(tmp_path, key, "rel", make) == tmp_path / key / "rel"
        os.utime(tmp_path / key, (1000 + age, 1000 + age))
    cached(tmp_path, "key-0", "rel", make)  # found, and so no more the oldest
    cached(tmp_path, "new", "rel", make)
    assert {path.name for path in tmp_path.iterdir()} == {"foreign", ".lock", "new", *keys} - {"key-1"}


def test_a_clock_that_went_back_removes_nothing_in_use(tmp_path: Path) -> None:
    for number in range(KEPT):
        cached(tmp_path, f"key-{number}", "rel", Path.mkdir)
        os.utime(tmp_path / f"key-{number}", (2**33 + number, 2**33 + number))
    assert cached(tmp_path, "new", "rel", Path.mkdir).is_dir()
    assert {path.name for path in tmp_path.iterdir()} == {".lock", "new", *(f"key-{number}" for number in range(1, KEPT))}


# ---- load


@pytest.mark.parametrize(("split", "streaming"), [("train", False), ("train", True), ("train[:3]", False), (None, False), (None, True)])
def test_load_gives_what_load_dataset_gives(copied: Path, split: Any, streaming: bool, no_build: None) -> None:
    from datasets import load_dataset

    ours = qantar.load("events", split=split, streaming=streaming)
    theirs = load_dataset(str(qantar.path()), "events", split=split, streaming=streaming)
    assert type(ours) is type(theirs)
    ours, theirs = (found if split else found["train"] for found in (ours, theirs))
    assert ours.features == theirs.features
    assert list(ours) == list(theirs) != []
    assert len(list(ours)) == (3 if split == "train[:3]" else rows(qantar.path(), "events"))


def test_the_default_is_documents(copied: Path, no_build: None) -> None:
    found = qantar.load()
    assert (found.info.config_name, str(found.split), len(found)) == ("documents", "train", rows(qantar.path(), "documents"))


def test_every_config_loads(copied: Path, no_build: None) -> None:
    with pytest.raises(UnknownName) as caught:
        qantar.load("event")
    assert str(caught.value).startswith("No config is called 'event'. Did you mean 'events'? There are: arguments, ")
    assert set(caught.value.known) == {folder.name for folder in (qantar.path() / "data").iterdir()}
    for name in caught.value.known:
        assert len(qantar.load(name)) > 0
