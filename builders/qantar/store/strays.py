"""Files of a corpus folder that no line of documents.jsonl accounts for.

Names that begin with a dot are left alone: no document has one, and editors and file managers make them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qantar.likeness import hint, nearest
from qantar.problems import Place, Problem

if TYPE_CHECKING:
    from qantar.records import DocumentLine


def strays(root: Path, layers: Sequence[str], lines: Sequence[DocumentLine]) -> Iterator[Problem]:
    """A problem for each text, layer file and layer folder that is nobody's, in order of name."""
    documents = dict.fromkeys(line.id for line in lines)
    for path in _visible(root / "raw"):
        if path.suffix != ".txt" or path.stem not in documents:
            yield _text(path, documents)
    unknown = {line.id: {entry.layer for entry in line.coverage}.difference(layers) for line in lines}
    covered = {(entry.layer, line.id) for line in lines for entry in line.coverage}
    for folder in _visible(root / "annotations"):
        if not folder.is_dir():
            yield _no_folder(folder)
            continue
        files = list(_visible(folder))
        if folder.name in layers:
            nobodys = [path for path in files if path.suffix != ".jsonl" or (folder.name, path.stem) not in covered]
            yield from (_layer_file(path, documents, unknown.get(path.stem, ())) for path in nobodys)
        elif files:
            yield _folder(folder, layers)


def _visible(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.glob("*")) if not path.name.startswith("."))


def _text(path: Path, documents: Collection[str]) -> Problem:
    file = f"raw/{path.name}"
    near = _near(path, documents, ".txt")
    if path.suffix == ".txt":
        remedy = f"{near}{'Rename it, list' if near else 'List'} it in documents.jsonl, or remove it."
        return Problem("unexpected-text", f"{file} belongs to no document", remedy, place=Place(file))
    fact = f"{file} is no text of a document: those are called raw/<document>.txt"
    return Problem("unexpected-text", fact, f"{near}Rename it, or move it out of the folder.", place=Place(file))


def _layer_file(path: Path, documents: Collection[str], unknown: Collection[str]) -> Problem:
    layer, document = path.parent.name, path.stem
    file = f"annotations/{layer}/{path.name}"
    near = _near(path, documents, ".jsonl")
    if path.suffix != ".jsonl":
        fact = f"{file} is no file of a layer: those are called annotations/{layer}/<document>.jsonl"
        remedy = f"{near}Rename it, or move it out of the folder."
    elif document in documents:
        slip = nearest(layer, unknown)
        fact = f"{file} is in no document's coverage" + (f", which lists {slip!r}" if slip else "")
        change = f"Write {layer!r} in place of {slip!r} in" if slip else f"Add {layer!r} to"
        remedy = f"{change} the coverage of {document!r} in documents.jsonl; or, if nobody wants the records, remove the file."
    else:
        fact = f"{file} belongs to no document"
        remedy = f"{near}Rename it, list {document!r} in documents.jsonl, or remove the file."
    return Problem("unexpected-layer-file", fact, remedy, place=Place(file))


def _no_folder(path: Path) -> Problem:
    file = f"annotations/{path.name}"
    fact = f"{file} is no folder of a layer: its files are called annotations/<layer>/<document>.jsonl"
    return Problem("unexpected-layer-file", fact, "Move it to the folder of its layer, or out of the folder.", place=Place(file))


def _folder(folder: Path, layers: Sequence[str]) -> Problem:
    file = f"annotations/{folder.name}"
    fact = f"{folder.name!r} is no layer of this corpus, which has {', '.join(layers)}"
    remedy = f"{hint(folder.name, layers)}Rename the folder, add the layer to corpus.toml, or move the folder away."
    return Problem("unexpected-layer-file", fact, remedy, place=Place(file))


def _near(path: Path, documents: Collection[str], ending: str) -> str:
    """Whose file it may be meant for; ids hold no full stop, so what follows the first one is ending."""
    return hint(path.name.partition(".")[0], documents, ending=ending)
