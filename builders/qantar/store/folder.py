"""The corpus folder: the editing form, one record a line."""

from __future__ import annotations

import hashlib
from codecs import BOM_UTF8
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from qantar import decode
from qantar.canonical import Difference, difference, order_of
from qantar.corpus import Corpus
from qantar.document import languages_present
from qantar.errors import InvalidCorpus, SourceError
from qantar.files import bytes_of
from qantar.inside import REMEDY, leads_out
from qantar.problems import SETTINGS, Place, Problem
from qantar.schema.registry import ACROSS, CORPUS_FILES
from qantar.settings import FILE, locate, read_settings
from qantar.store.gate import Gate, encode, outside, placed, refusal
from qantar.store.incomplete import Incomplete, left_out, lines_before_refusal
from qantar.store.layout import CHANGELOG, DOCUMENTS, GAZETTEER, OWN, README, Home, layer_file, shape_of, text_file
from qantar.store.lock import WriteLock
from qantar.store.passes import Pass, pass_names, stray_passes
from qantar.store.strays import strays
from qantar.store.together import replace_together
from qantar.store.writing import lines_of

if TYPE_CHECKING:
    from qantar.records import Coverage, Document, DocumentLine

#: From the lines of documents.jsonl and the records of each file across documents, those of passes too, by name: the ids of the documents to read.
Choose = Callable[[Sequence["DocumentLine"], Mapping[str, "tuple[Any, ...] | None"]], Collection[str]]


def prose(data: bytes | None) -> str | None:
    """The text of a file that people write: what is no UTF-8 is replaced, lines end in LF, a byte order mark is left out."""
    return None if data is None else data.decode("utf-8-sig", "replace").replace("\r\n", "\n")


def settings_place(root: Path, problem: Problem) -> Place:
    """Where a problem of the settings lies: at the key that its path begins with."""
    return Place(FILE, *(locate((root / FILE).read_bytes(), problem.path) or ()))


class Folder:
    """A corpus folder.

    `read()` collects every fault of bytes, files and shapes (levels 1 and 2) in `problems`, and in `partial` the documents that
    have such faults, as far as they can be read: without the layers that cannot. `incomplete` holds the same documents with the
    sound records of such layers, for a check; `textless` the ids of those whose text cannot be read. `passes` are the independent
    passes of the folder, by name, over the same texts.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.lock = WriteLock(root)
        self.settings, self.registry = read_settings(root)
        self.problems: list[Problem] = []
        self.partial: list[Document] = []
        self.incomplete: list[Incomplete] = []
        self.textless: list[str] = []
        self.passes: dict[str, Pass] = {}
        self.uncanonical: dict[str, Difference] = {}
        self._gates: dict[str, Gate] = {}
        self._lines: dict[str, dict[int, bytes]] = {}
        self._numbers: dict[str, list[int]] = {}
        self._listed: dict[str, tuple[int, bytes]] | None = None

    def read(self, choose: Choose | None = None) -> Corpus:
        """The corpus, without the documents and records that could not be read: see `problems`.

        `choose` says which documents are read, from the lines of documents.jsonl and the records across documents: default all.
        """
        self.problems, self.partial, self.incomplete, self.textless = [], [], [], []
        self.uncanonical, self._lines, self._numbers, self._listed = {}, {}, {}, None
        lines = self._document_lines()
        names = pass_names(self.root)
        if not self.problems:  # a line that cannot be read may be the one that a file belongs to
            self.problems += strays(self.root, self.registry.layers, lines)
            self.problems += stray_passes(self.root, self.registry.layers, [line.id for line in lines])
        files = {home.across_file(name): self._across(home, name) for home in (OWN, *map(Home, names)) for name in ACROSS}
        gazetteer = self._distinct_records(GAZETTEER, "corpus/gazetteer")
        if choose is not None:
            chosen = choose(lines, files)
            lines = [line for line in lines if line.id in chosen]
        found = {line.id: document for line in lines if (document := self._document(line)) is not None}
        corpus = Corpus(
            self.settings,
            self.registry,
            {name: found[name] for name in sorted(found)},
            files["clusters.jsonl"],
            files["alignments.jsonl"],
            files["links.jsonl"],
            {entry.id: entry for entry in gazetteer or ()},
            self._prose(),
        )
        self.passes = {name: self._pass(Home(name), corpus, files) for name in names}
        return corpus

    def lines(self) -> list[DocumentLine]:
        """The lines of documents.jsonl, which may be empty. Raises InvalidCorpus where one cannot be read."""
        self.problems = []
        lines = self._document_lines()
        if any(problem.code != "empty-corpus" for problem in self.problems):
            raise InvalidCorpus(self.problems)
        return lines

    def records(self, file: str) -> list[Any]:
        """The records of a file that `read` found no fault in, in canonical order."""
        shape = shape_of(file)
        found = (record for _, record in self._records(file, shape) or ())
        return sorted(found, key=order_of(self.registry, shape))

    def write_documents(self, lines: Iterable[DocumentLine]) -> None:
        """Puts these lines, in id order, in the place of documents.jsonl, whole or not at all. Raises OutputError."""
        replace_together({self.root / DOCUMENTS: lines_of(sorted(lines, key=lambda line: line.id))})

    def path_of(self, file: str) -> Path:
        """Where a file of the corpus is written. Raises SourceError where links lead out of the folder."""
        path = self.root / file
        if real := leads_out(path, self.root):
            raise SourceError(f"{path} leads to {real}, outside the corpus.", REMEDY)
        return path

    def placed(self, problems: Iterable[Problem], home: Home = OWN) -> list[Problem]:
        """The problems, of the corpus's own annotation or of a pass, with file, line and column, in the same order."""
        found = list(problems)
        on_lines: dict[tuple[str, int], tuple[bytes, list[int]]] = {}
        for index, problem in enumerate(found):
            if problem.place is None and problem.layer == SETTINGS and problem.document is None:
                found[index] = problem.at(settings_place(self.root, problem))
            elif problem.place is None:
                file, held = self._line_of(problem, home)
                if held is None:
                    found[index] = problem.at(Place(file))
                else:
                    on_lines.setdefault((file, held[0]), (held[1], []))[1].append(index)
        for (file, number), (line, those) in on_lines.items():
            for index, problem in zip(those, placed([found[index] for index in those], line, file, number), strict=True):
                found[index] = problem
        return found

    def file(self, name: str) -> Path:
        """Where a file that a problem names lies."""
        return self.root / name

    def _line_of(self, problem: Problem, home: Home) -> tuple[str, tuple[int, bytes] | None]:
        if problem.layer in CORPUS_FILES and problem.document is None:
            file = home.across_file(problem.layer)
        elif problem.layer is not None and problem.index is not None:
            file = home.layer_file(problem.layer, problem.document or "")
        else:
            return DOCUMENTS, self._documents_lines().get(problem.document or "")
        if file not in self._lines:
            self._lines[file] = dict(lines_before_refusal((self.root / file).read_bytes()))
        index = problem.index or 0
        number = self._numbers[file][index] if file in self._numbers else index + 1
        return file, (number, self._lines[file][number])

    def _documents_lines(self) -> dict[str, tuple[int, bytes]]:
        """(line number, line) of each document that documents.jsonl lists, by id; the first of an id."""
        if self._listed is None:
            self._listed = {}
            for number, line in decode.split((self.root / DOCUMENTS).read_bytes()):
                record, _ = self._gate("corpus/documents").line(line, DOCUMENTS, number)
                if record is not None:
                    self._listed.setdefault(record.id, (number, line))
        return self._listed

    def _gate(self, name: str) -> Gate:
        if name not in self._gates:
            self._gates[name] = Gate(self.registry, name)
        return self._gates[name]

    def _bytes(self, file: str) -> bytes | None:
        """The bytes of a file of the corpus; None where there is none. Links out of the folder are refused."""
        path = self.root / file
        if real := leads_out(path, self.root):
            self.problems.append(outside(file, real))
            return None
        return bytes_of(path)

    def _prose(self) -> str | None:
        """The text of the changelog. That and README.md, as people write them, must be UTF-8; a byte order mark is let pass."""
        held = {}
        for file in (README, CHANGELOG):
            # README.md may be a link to that of the repository, which is not the corpus's to judge
            there = (self.root / file).is_file() and (file == CHANGELOG or not leads_out(self.root / file, self.root))
            data = self._bytes(file) if there else None
            if data is not None:
                held[file] = prose(data)
                self._check_prose(data, file)
        return held.get(CHANGELOG)

    def _check_prose(self, data: bytes, file: str) -> None:
        try:
            decode.text(data.removeprefix(BOM_UTF8))
        except decode.Refused as refused:
            self.problems.append(refusal(refused, file))

    def _records(self, file: str, shape: str) -> list[tuple[int, Any]] | None:
        """(line number, record) of each line of a file, None where there is no file; problems are collected."""
        data = self._bytes(file)
        if data is None:
            return None
        records, known, odd = [], len(self.problems), []
        for number, record, problems, canonical in self._gate(shape).lines(data, file):
            self.problems += problems
            if record is not None:
                records.append((number, record))
            if not canonical:
                odd.append(number)
        if len(self.problems) == known:
            odd = odd if data.endswith(b"\n") or not data else [*odd, len(records)]
            self._compare(file, shape, [record for _, record in records], odd, data)
        return records

    def _compare(self, file: str, shape: str, records: list[Any], odd: list[int], data: bytes) -> None:
        found = difference(records, order_of(self.registry, shape), odd, data.split(b"\n") if odd else (), encode)
        if found is not None:
            self.uncanonical[file] = found

    def _document_lines(self) -> list[DocumentLine]:
        records = self._records(DOCUMENTS, "corpus/documents")
        if records is None and not self.problems:
            raise SourceError(f"{self.root} has no {DOCUMENTS}.", "A corpus lists its documents there, a line each.")
        if not records and not self.problems:
            self.problems.append(Problem("empty-corpus", f"{DOCUMENTS} lists no document", "Add one.", place=Place(DOCUMENTS)))
        return self._distinct(records or [], DOCUMENTS, "duplicate-document")

    def _distinct(self, records: list[tuple[int, Any]], file: str, code: str) -> list[Any]:
        """The first record of each id; the others become problems."""
        seen: dict[str, tuple[int, Any]] = {}
        for number, record in records:
            if record.id in seen:
                fact = f"the id {record.id!r} is already on line {seen[record.id][0]}"
                self.problems.append(Problem(code, fact, "Remove one line, or rename.", record=record.id, place=Place(file, number, 1)))
                self.uncanonical.pop(file, None)
            else:
                seen[record.id] = (number, record)
        return [record for _, record in seen.values()]

    def _across(self, home: Home, name: str) -> tuple[Any, ...] | None:
        return self._distinct_records(home.across_file(name), f"corpus/{name}")

    def _distinct_records(self, file: str, shape: str) -> tuple[Any, ...] | None:
        records = self._records(file, shape)
        return None if records is None else tuple(self._distinct(records, file, "duplicate-id"))

    def _document(self, line: DocumentLine) -> Document | None:
        text = self._text(line)
        before = len(self.problems)
        layers, lacking = {}, dict[str, tuple[Any, ...] | None]()
        for name in self.registry.layers:
            known = len(self.problems)
            layers[name] = self._layer(line, name)
            if len(self.problems) > known:
                lacking[name], layers[name] = layers[name], None
        if text is None:
            self.textless.append(line.id)
            return None
        document = self._made(line, text, layers)
        astray = self._astray(line)
        if len(self.problems) == before and not astray:
            return document
        self.partial.append(document)
        sound = {name: records or () for name, records in lacking.items()}
        whole = self._made(line, text, layers | sound) if sound else document
        self.incomplete.append(Incomplete(whole, frozenset(lacking).union(astray), self._left_out(line, [*lacking, *astray])))
        return None

    def _made(self, line: DocumentLine, text: str, layers: dict[str, Any]) -> Document:
        """The document of a line, a text and layers, with the languages that these name."""
        fields = {name: getattr(line, name) for name in line.__struct_fields__}
        made = self.registry.document_type(**fields, text=text, languages_present=None, **layers)
        return self._with_languages(made)

    def _left_out(self, line: DocumentLine, layers: Iterable[str]) -> frozenset[str] | None:
        """The ids of the records of these layers that were not read; None where one is not known."""
        found = set[str]()
        for layer in layers:
            file = layer_file(layer, line.id)
            path = self.root / file
            names = None if leads_out(path, self.root) else left_out(bytes_of(path), self._numbers.get(file, ()))
            if names is None:
                return None
            found |= names
        return frozenset(found)

    def _with_languages(self, document: Document) -> Document:
        return msgspec.structs.replace(document, languages_present=languages_present(document, self.registry.languages))

    def _pass(self, home: Home, corpus: Corpus, files: Mapping[str, tuple[Any, ...] | None]) -> Pass:
        """A pass over the documents of the corpus, those too whose own layers could not be read."""
        whole, partial = {}, []
        for document in sorted((*corpus.documents.values(), *self.partial), key=lambda one: one.id):
            known = len(self.problems)
            found = self._in_pass(home, document)
            if len(self.problems) == known:
                whole[document.id] = found
            else:
                partial.append(found)
        clusters, alignments, links = (files[home.across_file(name)] for name in ACROSS)
        read = replace(corpus, documents=whole, clusters=clusters, alignments=alignments, links=links, changelog=None)
        return Pass(home, read, tuple(partial))

    def _in_pass(self, home: Home, document: Document) -> Document:
        """The document with the layers of a pass, and a coverage that lists them: in the zones that documents.jsonl names."""
        layers: dict[str, tuple[Any, ...] | None] = {}
        for name in self.registry.layers:
            known = len(self.problems)
            records = self._records(home.layer_file(name, document.id), f"layers/{name}")
            layers[name] = tuple(record for _, record in records) if records is not None and len(self.problems) == known else None
        coverage = self._coverage(document, [name for name, records in layers.items() if records is not None])
        return self._with_languages(msgspec.structs.replace(document, coverage=coverage, languages_present=None, **layers))

    def _coverage(self, document: Document, layers: Sequence[str]) -> tuple[Coverage, ...]:
        zones = {entry.layer: entry.zones for entry in document.coverage}
        line = self.registry.record_type("corpus/documents")
        fields = {name: msgspec.to_builtins(getattr(document, name)) for name in line.__struct_fields__}
        fields["coverage"] = [{"layer": name, "zones": zones.get(name)} for name in layers]
        found: tuple[Coverage, ...] = msgspec.convert(fields, line).coverage  # type: ignore[attr-defined]
        return found

    def _astray(self, line: DocumentLine) -> set[str]:
        """The layers of the document that lie in files which are not read: what its other records point to may be there."""
        listed = {entry.layer for entry in line.coverage}
        apart = listed ^ set(self.registry.layers)
        folders = (path.name for path in (self.root / "annotations").glob("*")) if apart else ()  # a name may be too long to ask for
        return {name for name in apart.intersection(folders) if (self.root / layer_file(name, line.id)).is_file()}

    def _text(self, line: DocumentLine) -> str | None:
        file = text_file(line.id)
        known = len(self.problems)
        data = self._bytes(file)
        if data is None:
            if len(self.problems) == known:
                self.problems.append(
                    Problem(
                        "missing-text",
                        f"{file} does not exist",
                        f"Restore it, or remove the document {line.id!r} altogether.",
                        place=Place(file),
                    )
                )
            return None
        digest = hashlib.sha256(data).hexdigest()
        if digest != line.sha256:
            fact = f"the bytes of {file} have the SHA-256 {digest}, {DOCUMENTS} says {line.sha256}"
            meant = f"`qantar reanchor OLD {file}` moves the records to it; OLD is the text that was annotated"
            remedy = f"Restore the bytes as received; or, if the new text is meant, {meant}."
            self.problems.append(Problem("hash-mismatch", fact, remedy, document=line.id, place=Place(file)))
        try:
            return decode.text(data)
        except decode.Refused as refused:
            self.problems.append(refusal(refused, file))
            return None

    def _layer(self, line: DocumentLine, name: str) -> tuple[Any, ...] | None:
        file = layer_file(name, line.id)
        listed = any(entry.layer == name for entry in line.coverage)
        if not listed:
            return None
        known = len(self.problems)
        records = self._records(file, f"layers/{name}")
        if records is None and len(self.problems) == known:
            fact = f"the coverage of {line.id!r} lists {name!r}, but {file} does not exist"
            remedy = "Restore the file (empty if nothing was found); or, if the layer was not annotated, take it off the coverage."
            self.problems.append(Problem("missing-layer-file", fact, remedy, document=line.id, place=Place(file)))
        if records is not None and len(self.problems) > known:
            self._numbers[file] = [number for number, _ in records]
        return None if records is None else tuple(record for _, record in records)
