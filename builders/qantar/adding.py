"""Takes raw texts into a corpus folder, with drafts of the layers that can be proposed."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from qantar import decode
from qantar.errors import OutputError, SourceError, TextsRefused, UnknownName
from qantar.ids import id_of
from qantar.propose import Proposed, propose
from qantar.propose.letters import NO_LANGUAGE, TOLD_APART, guess, is_shown
from qantar.store.folder import Folder
from qantar.store.layout import DOCUMENTS, layer_file, text_file
from qantar.store.writing import write_lines
from qantar.wording import printable

if TYPE_CHECKING:
    from qantar.records import DocumentLine


@dataclass(frozen=True, slots=True)
class Added:
    """A text that was added: the id it got, its language, whether that was guessed, and the drafts."""

    file: Path
    id: str
    lang: str
    guessed: bool
    proposed: Proposed


@dataclass(frozen=True, slots=True)
class _Text:
    """A file as read: its bytes, and what they say."""

    file: Path
    id: str
    data: bytes
    text: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


class _Refusal(Exception):
    """Why one file cannot be added: the fact and the remedy."""


def add(folder: Folder, files: Sequence[Path], *, lang: str | None = None, id: str | None = None) -> list[Added]:  # noqa: A002
    """Adds raw texts to a corpus folder: all of them or none. Their bytes are copied untouched.

    `lang` is the language of all of them (default: guessed from the letters and function words of each); `id` the id of a single one
    (default: made from the file's name). Raises SourceError with what is wrong with each file, UnknownName,
    InvalidCorpus where documents.jsonl cannot be read, CorpusBusy, OutputError.
    """
    if id is not None and len(files) != 1:
        raise SourceError(f"An id cannot name {len(files)} files.", "Add them one by one, or let their names give the ids.")
    known = [name for name in folder.settings.languages if name not in NO_LANGUAGE]
    if lang is not None and lang not in folder.settings.languages:
        raise UnknownName("language of the corpus", lang, known)
    with folder.lock.held():
        return _added(folder, files, id, lang, known)


def _added(folder: Folder, files: Sequence[Path], name: str | None, lang: str | None, known: Sequence[str]) -> list[Added]:
    lines = {line.id: line for line in folder.lines()}
    added, texts = [], []
    for text in _readable(folder, files, name, lines, known if lang is None else None):
        guessed = guess(text.text, known) if lang is None else None
        here = lang or guessed or "zxx"
        added.append(Added(text.file, text.id, here, guessed is not None, propose(text.text, here, folder.registry)))
        texts.append(text)
        lines[text.id] = _line(folder, text, added[-1])
    _write(folder, lines, texts, added)
    return added


# ---- reading: everything is checked before anything is written


def _readable(
    folder: Folder, files: Sequence[Path], name: str | None, lines: Mapping[str, DocumentLine], languages: Sequence[str] | None
) -> list[_Text]:
    """The files as texts. Raises SourceError with every refusal; `languages` are those that one may be guessed from."""
    hashes = {line.sha256: f"the document {line.id!r}. Leave it out{_anew(line)}" for line in lines.values()}
    ids = {line.id: "a document of the corpus" for line in lines.values()}
    texts, refusals = [], []
    pattern = folder.registry.shapes["corpus/documents"]["properties"]["id"]["pattern"]
    for file in files:
        try:
            text = _text(file, name, pattern)
            _refuse_known(folder.root, text, hashes, ids)
            if languages is not None:
                _refuse_foreign(text, languages)
        except _Refusal as refusal:
            refusals.append(f"{file}: {refusal}")
            continue
        hashes[text.sha256], ids[text.id] = f"{file}. Leave it out", str(file)
        texts.append(text)
    if refusals:
        fact = f"{len(refusals)} of {len(files)} file(s) cannot be added, so none was."
        raise TextsRefused(fact, "\n".join(["Mend these, or leave them out:", *map(printable, refusals)]))
    return texts


def _text(file: Path, name: str | None, pattern: str) -> _Text:
    try:
        file.name.encode()
        data = file.read_bytes()
        text = decode.text(data)
    except UnicodeError as error:
        raise _Refusal("its name is no UTF-8. Rename it.") from error
    except OSError as error:
        raise _Refusal(f"it cannot be read: {error.strerror}. Name files of plain text.") from error
    except decode.Refused as refused:
        raise _Refusal(str(refused)) from refused
    if not text.strip():
        raise _Refusal("it is empty. Leave it out.")
    found = id_of(file) if name is None else name
    if not re.fullmatch(pattern, found):
        how = "its name gives no id" if name is None else f"{name!r} is no id"
        raise _Refusal(f"{how}: 1 to 64 of a–z, 0–9 and hyphens, no hyphen first. Name one with --id.")
    return _Text(file, found, data, text)


def _refuse_known(root: Path, text: _Text, hashes: Mapping[str, str], ids: Mapping[str, str]) -> None:
    if text.sha256 in hashes:
        raise _Refusal(f"the same bytes are there already: {hashes[text.sha256]}.")
    if text.id in ids:
        raise _Refusal(f"the id {text.id!r} is taken by {ids[text.id]}. Name another with --id.")
    for path in (root / text_file(text.id), *root.glob(layer_file("*", text.id))):
        if path.exists() or path.is_symlink():
            raise _Refusal(f"{path} is there, but no document is called {text.id!r}. Move it away, or name another id with --id.")


def _anew(line: DocumentLine) -> str:
    """How to start a document anew, as the end of a sentence; nothing where somebody has accepted a layer of it."""
    if not all(entry.draft for entry in line.coverage):
        return ""
    files = f"{text_file(line.id)} and {layer_file('*', line.id)}"
    return f", or, to start {line.id!r} anew, remove its line from {DOCUMENTS}, {files}, then add it again"


def _refuse_foreign(text: _Text, languages: Sequence[str]) -> None:
    found = guess(text.text, [*languages, *TOLD_APART])
    if found is not None and found not in languages and is_shown(text.text, found):
        fact = f"it reads as {found!r}, and the corpus's languages are {', '.join(languages)}"
        raise _Refusal(f"{fact}. Add {found!r} at the end of `languages` in corpus.toml, or name its language with --lang.")


# ---- writing


def _line(folder: Folder, text: _Text, added: Added) -> DocumentLine:
    """The line of documents.jsonl, with nulls for what nobody has said yet."""
    body = {
        "id": text.id,
        "file": text.file.name,
        "sha256": text.sha256,
        "lang": added.lang,
        "title": None,
        "publisher": None,
        "published": None,
        "coverage": [{"layer": layer, "zones": None, "draft": True} for layer in added.proposed.layers],
        "anchor": {"date": None, "precision": None, "basis": None},
        "rights": {
            "holder": None,
            "licence": folder.settings.licences["texts"],
            "redistribute": False,
            "basis": None,
        },
        "leak_group": None,
        "fold": None,
    }
    made: DocumentLine = folder.registry.converted("corpus/documents", body)
    return made


def _write(folder: Folder, lines: Mapping[str, DocumentLine], texts: Sequence[_Text], added: Sequence[Added]) -> None:
    """Writes texts and layers, then documents.jsonl, which makes them part of the corpus; takes them back where that fails."""
    made: list[Path] = []
    files = list(_files(folder, texts, added))
    before = (folder.root / DOCUMENTS).read_bytes()
    try:
        for path, write in files:
            made.append(path)
            write(path)
        folder.write_documents(lines.values())
    except BaseException as error:
        if (folder.root / DOCUMENTS).read_bytes() == before:
            for path in made:
                with contextlib.suppress(OSError):  # it may not have come to be, where something is in the way
                    path.unlink()
        if isinstance(error, OSError):
            raise OutputError(Path(error.filename or folder.root), error) from error
        raise


def _files(folder: Folder, texts: Sequence[_Text], added: Sequence[Added]) -> Iterator[tuple[Path, Callable[[Path], object]]]:
    for text, one in zip(texts, added, strict=True):
        yield folder.path_of(text_file(text.id)), partial(_write_bytes, data=text.data)
        for layer, records in one.proposed.layers.items():
            yield folder.path_of(layer_file(layer, text.id)), partial(write_lines, records=records)


def _write_bytes(path: Path, *, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
