"""Independent passes over the documents of a corpus folder: which there are, what was read of them, and files that are nobody's."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qantar.corpus import Corpus
from qantar.inside import leads_out
from qantar.likeness import hint
from qantar.problems import Place, Problem
from qantar.schema.registry import ACROSS
from qantar.store.gate import outside
from qantar.store.layout import PASSES, README, Home

if TYPE_CHECKING:
    from qantar.records import Document

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
#: The files across documents; beside them and the layers only README.md may lie in a pass.
_ACROSS = tuple(f"{name}.jsonl" for name in ACROSS)


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass, read as a corpus of its own: the same texts and gazetteer, its layers, its records across documents.

    A layer without a file is not annotated there. `partial` holds the documents with layers that could not be read, without these.
    """

    home: Home
    corpus: Corpus
    partial: tuple[Document, ...] = ()


def pass_names(root: Path) -> list[str]:
    """The passes of a corpus folder, in order: the folders in `annotators` that hold a file of a layer, or one across documents."""
    named = (folder for folder in _visible(root / PASSES) if _NAME.fullmatch(folder.name))
    return [folder.name for folder in named if _holds_records(folder) and not leads_out(folder, root)]


def _holds_records(folder: Path) -> bool:
    return any((folder / name).is_file() for name in _ACROSS) or any(not path.name.startswith(".") for path in folder.glob("*/*.jsonl"))


def stray_passes(root: Path, layers: Sequence[str], documents: Collection[str]) -> Iterator[Problem]:
    """A problem for each file in `annotators` that is of no pass, of an unknown layer or of an unknown document, in order of name."""
    for path in _visible(root / PASSES):
        if real := leads_out(path, root):
            yield outside(f"{PASSES}/{path.name}", real)
        elif path.is_dir() and _NAME.fullmatch(path.name):
            yield from _in_pass(path, layers, documents)
        elif path.name != README:
            yield _no_pass(path)


def _in_pass(folder: Path, layers: Sequence[str], documents: Collection[str]) -> Iterator[Problem]:
    for path in _visible(folder):
        file = f"{PASSES}/{folder.name}/{path.name}"
        if not path.is_dir():
            if path.name not in (*_ACROSS, README):
                yield _no_file(path, file)
        elif path.name in layers:
            for one in _visible(path):
                if one.suffix != ".jsonl" or one.stem not in documents:
                    yield _nobodys(one, f"{file}/{one.name}", documents)
        elif any(_visible(path)):
            yield _no_layer(path, file, layers)


def _no_pass(path: Path) -> Problem:
    file = f"{PASSES}/{path.name}"
    if path.is_dir():
        fact = f"{path.name!r} is no name of a pass: those are lower-case ASCII letters, digits and hyphens, 64 at most, no hyphen first"
        return _stray(file, fact, "Rename the folder, or move it away.")
    fact = f"{file} is no folder of a pass: its files are called {PASSES}/<pass>/<layer>/<document>.jsonl"
    return _stray(file, fact, "Move it to the folder of its pass, or away.")


def _no_file(path: Path, file: str) -> Problem:
    fact = f"{file} is no file of a pass: beside folders of layers it has {', '.join(_ACROSS)} and {README}"
    return _stray(file, fact, f"{hint(path.name, _ACROSS)}Rename it, or move it away.")


def _no_layer(path: Path, file: str, layers: Sequence[str]) -> Problem:
    fact = f"{path.name!r} is no layer of this corpus, which has {', '.join(layers)}"
    return _stray(file, fact, f"{hint(path.name, layers)}Rename the folder, add the layer to corpus.toml, or move the folder away.")


def _nobodys(path: Path, file: str, documents: Collection[str]) -> Problem:
    near = hint(path.name.partition(".")[0], documents, ending=".jsonl")
    if path.suffix != ".jsonl":
        fact = f"{file} is no file of a layer: those are called {path.parent.name}/<document>.jsonl"
        return _stray(file, fact, f"{near}Rename it, or move it away.")
    return _stray(file, f"{file} belongs to no document", f"{near}Rename it, list {path.stem!r} in documents.jsonl, or remove the file.")


def _stray(file: str, fact: str, remedy: str) -> Problem:
    return Problem("unexpected-layer-file", fact, remedy, place=Place(file))


def _visible(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.glob("*")) if not path.name.startswith("."))
