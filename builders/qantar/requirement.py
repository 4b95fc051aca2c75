"""What a requirements file says to get the qantar that is installed here."""

from __future__ import annotations

import json
import re
from importlib.metadata import PackageNotFoundError, distribution
from urllib.parse import urlsplit

from qantar import __version__

_VCS = frozenset({"git", "hg", "bzr", "svn"})
_FAR = frozenset({"https", "http", "ssh", "git"})


def requirement() -> str:
    """A requirement of PEP 508: the commit, where qantar was installed from a version-control address, else the version.

    Installers record the address in direct_url.json (PEP 610). Addresses on this machine, and passwords, are never given.
    """
    return _from_address(_recorded()) or f"qantar=={__version__}"


def _recorded() -> str | None:
    try:
        return distribution("qantar").read_text("direct_url.json")
    except PackageNotFoundError:
        return None


def _from_address(record: str | None) -> str | None:
    """The requirement that a direct_url.json gives; None where it names no version control, or nothing that others can reach."""
    try:
        found = json.loads(record or "{}")
        vcs, commit = found["vcs_info"]["vcs"], found["vcs_info"]["commit_id"]
        url, inside = urlsplit(found["url"]), found.get("subdirectory")
        reached = vcs in _VCS and url.scheme in _FAR and bool(url.hostname)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    host = url.netloc.rpartition("@")[2]
    user = f"{url.username}@" if url.username and url.password is None and url.scheme == "ssh" else ""
    address = f"{vcs}+{url.scheme}://{user}{host}{url.path}@{commit}" + (f"#subdirectory={inside}" if inside else "")
    return f"qantar @ {address}" if reached and not re.search(r"\s", address) else None
