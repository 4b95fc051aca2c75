"""Where the installed corpus lies as a release: in the user's cache, built on first use."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import platformdirs
import yaml

from qantar.errors import OutputError, SourceError
from qantar.release import Progress, build, default_target
from qantar.release.cache import cached
from qantar.release.shard import versions
from qantar.resources import data_dir
from qantar.store import open_store
from qantar.store.sealed import file_digest

CACHE = "QANTAR_CACHE"
_REMEDY = f"Free the place, or set {CACHE} to a folder that can be written."


def path(*, progress: Progress = lambda done, total: None) -> Path:
    """Folder of the installed corpus's sealed release; the first call builds it, which takes seconds.

    It lies at `releases/<key>/<name>-<version>` in the folder that the environment variable QANTAR_CACHE names, else in the
    user's cache. The key is a digest of the corpus, the schemas, the package's code and the versions of what writes the files:
    another content is another folder. Each call compares every byte with what was sealed, and builds again what was damaged or
    added to; the eight releases that were used last are kept. `progress` gets the shards done and their number, in a build only.

    Raises OutputError where a release is to be built and the cache cannot be written, SourceError where the package's data
    cannot be read, InvalidCorpus where the corpus of a checkout has problems.
    """
    key = _key()  # before anything is read: what changes from now on is noticed
    store = open_store(data_dir("corpus"))

    def make(target: Path) -> None:
        build(store, target, progress=progress)
        if _key() != key:
            raise SourceError("The corpus was changed while it was built.", "Nothing was kept; ask again.")

    folder = cache_dir() / "releases"
    try:
        return cached(folder, key, default_target(store).name, make)
    except OutputError as error:
        raise OutputError(error.path, error.cause, _REMEDY) from error
    except OSError as error:
        raise OutputError(Path(error.filename or folder), error, _REMEDY) from error


def cache_dir() -> Path:
    """The folder that QANTAR_CACHE names, else the user's cache for this package; it need not exist."""
    named = os.environ.get(CACHE)
    folder = Path(os.path.expanduser(named) if named else platformdirs.user_cache_path("qantar", appauthor=False))  # noqa: PTH111
    if folder.parts[:1] and folder.parts[0].startswith("~"):
        raise OutputError(folder, OSError("there is no such home folder"), _REMEDY)
    return folder.absolute()


def _key() -> str:
    """Digest over everything that decides the bytes of the release: 16 hexadecimal digits."""
    data = {name: _digests(data_dir(name)) for name in ("corpus", "schema", "LICENSES")}
    parts = [data, versions(), yaml.__version__]  # PyYAML writes the card
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def _digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a folder, by relative path."""
    try:
        return {file.relative_to(folder).as_posix(): file_digest(file) for file in folder.rglob("*") if file.is_file()}
    except OSError as error:
        raise SourceError(f"{error.filename or folder} cannot be read: {error.strerror}.", "Check the file and its rights.") from error
