"""Whose text two files are: the corpus and the document that one of them lies in, or whose text was annotated."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from qantar import decode
from qantar.errors import SourceError
from qantar.settings import has_settings
from qantar.store.folder import Folder
from qantar.store.layout import text_file


@dataclass(frozen=True, slots=True)
class Versions:
    """The document of a corpus folder that two texts are versions of."""

    folder: Folder
    document: str
    old: str
    new: str


def versions(old: Path, new: Path, corpus: Path | None = None) -> Versions:
    """The two texts, and the document that they are versions of.

    One of them lies in a corpus folder as raw/<document>.txt; else `corpus` names the folder, and the document is the one whose
    SHA-256 is that of `old`. Raises SourceError, InvalidCorpus where documents.jsonl cannot be read.
    """
    texts = _text(old), _text(new)
    found = next((place for path in (old, new) if (place := _place(path)) and _is_in(place[0], corpus)), None)
    if found is not None:
        return Versions(Folder(corpus or found[0]), found[1], *texts)
    if corpus is None:
        fact = f"Neither {old} nor {new} lies in a corpus folder as raw/<document>.txt."
        raise SourceError(fact, "Name the corpus with --corpus DIR, or the text in it.")
    folder = Folder(corpus)
    return Versions(folder, _by_hash(folder, old, texts[0]), *texts)


def _text(path: Path) -> str:
    try:
        return decode.text(path.read_bytes())
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}.", "Name a file of plain text.") from error
    except decode.Refused as refused:
        fact = f"{path}: {refused.fact} (line {refused.line}, column {refused.column})."
        raise SourceError(fact, refused.remedy) from refused


def _place(path: Path) -> tuple[Path, str] | None:
    """The corpus folder that a text lies in, and the document that it is called after."""
    folder = path.parent.parent if path.parent.name == "raw" else path.absolute().parent.parent
    inside = path.absolute().parent.name == "raw" and path.suffix == ".txt"
    return (folder, path.stem) if inside and has_settings(folder) else None


def _is_in(folder: Path, corpus: Path | None) -> bool:
    return corpus is None or folder.resolve() == corpus.resolve()


def _by_hash(folder: Folder, old: Path, text: str) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()
    found = [line.id for line in folder.lines() if line.sha256 == digest]
    if not found:
        fact = f"No document of {folder.root} was annotated over {old}: none has the SHA-256 {digest}."
        raise SourceError(fact, "Give the bytes that were annotated as OLD; version control may have them.")
    if len(found) > 1:
        names = ", ".join(found)
        raise SourceError(f"The documents {names} have the same text.", f"Name one as OLD, such as {folder.root / text_file(found[0])}.")
    return found[0]
