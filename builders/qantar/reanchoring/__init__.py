"""Moves the records of a document to a new version of its text, or says which of them have no sure place there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

import msgspec

from qantar import decode
from qantar.align import align
from qantar.align.atoms import Pair
from qantar.corpus import Corpus
from qantar.document import follow, records
from qantar.errors import InvalidCorpus, SourceError, UnknownName
from qantar.files import bytes_of
from qantar.problems import CHANGED, Problem, has_errors
from qantar.propose.segments import Zone
from qantar.reanchoring.across import changed, move_across, pointers_across
from qantar.reanchoring.anchored import move_records
from qantar.reanchoring.new_words import LAYER, with_new_words
from qantar.reanchoring.partitions import makes_tokens, move_partition
from qantar.reanchoring.plan import Ledger, Move, Plan, Refusal
from qantar.reanchoring.texts import Texts
from qantar.rules import Context
from qantar.rules.runner import check_document
from qantar.schema.registry import ACROSS
from qantar.store.folder import DOCUMENTS, Folder, lines_of
from qantar.store.homes import is_file_of, layer_file, text_file

if TYPE_CHECKING:
    from qantar.records import Document, DocumentLine

Layers = dict[str, list[Any]]


def reanchor(folder: Folder, document: str, new_text: str, *, old_text: str | None = None) -> Plan:
    """Plans the move of all records of a document to a new version of its text; `Plan.write()` carries it out.

    `old_text` is the text that was annotated (default: the one in the folder): its SHA-256 is that of documents.jsonl. Every record
    of every layer, and what clusters, alignments and links quote of the document, is in `moves` or in `refused`. Raises UnknownName,
    SourceError where a text does not fit, InvalidCorpus where files of the document, or files that span documents, cannot be read, or
    records do not fit the old text; faults of other documents do not matter.
    """
    lines = {line.id: line for line in folder.lines()}
    if document not in lines:
        raise UnknownName("document", document, lines)
    old = _old_text(folder, lines[document], old_text, new_text)
    corpus, found = _read(folder, document, old)
    texts = Texts(document, old, new_text, align(old, new_text), folder.registry)
    ledger = Ledger()
    moved = _move_layers(found, corpus, texts, ledger)
    across = move_across(corpus, texts, ledger, old=_by_id(found, texts), new=_kept(found, moved, ledger))
    if not ledger.refused:
        ledger.refused += list(_new_faults(found, moved, texts, ledger))
    files = dict(_files(lines, found, moved, corpus, across, texts))
    before = {name: data for name in files if (data := bytes_of(folder.path_of(name))) is not None}
    changes = {name: data for name, data in files.items() if data != before[name]}
    refused = tuple(_with_pointers(ledger.refused, found, corpus, texts))
    return Plan(folder.root, document, tuple(_by_file(ledger.moves)), refused, changes, before)


# ---- reading


def _old_text(folder: Folder, line: DocumentLine, old_text: str | None, new_text: str) -> str:
    """The text that was annotated. Raises SourceError where it is not that, or the new text is none."""
    there = bytes_of(folder.path_of(text_file(line.id)))
    if there is None:
        raise SourceError(f"{folder.root / text_file(line.id)} does not exist.", "Restore it.")
    data = there if old_text is None else old_text.encode()
    if (digest := hashlib.sha256(data).hexdigest()) != line.sha256:
        fact = f"The old text is not the one that was annotated: its SHA-256 is {digest}, {DOCUMENTS} says {line.sha256} of {line.id!r}."
        raise SourceError(fact, "Give the bytes that were annotated; version control may have them.")
    if new_text.encode() == data:
        raise SourceError(
            "The old and the new text are the same, byte for byte: there is nothing to move.", "Name the corrected text as NEW."
        )
    if there not in (data, new_text.encode()):
        fact = f"{folder.root / text_file(line.id)} holds neither the old nor the new text."
        raise SourceError(fact, "Put the text that was annotated there: it would be overwritten.")
    return decode.text(data)


def _read(folder: Folder, name: str, old: str) -> tuple[Corpus, Document]:
    """The corpus, and the document over the text that was annotated. Raises InvalidCorpus with what stands in the way."""
    corpus = folder.read()
    across = {DOCUMENTS, *(f"{file}.jsonl" for file in ACROSS)}
    files = [problem for problem in folder.problems if problem.place is not None and _matters(problem, name, across)]
    if has_errors(files):
        raise InvalidCorpus(sorted(files, key=Problem.sort_key))
    read = {one.id: one for one in (*corpus.documents.values(), *folder.partial)}
    document = msgspec.structs.replace(read[name], text=old)
    anchors = [one for one in check_document(document, Context(folder.registry, None), level=3) if one.code != "partition"]
    if has_errors(anchors):
        raise InvalidCorpus(sorted(folder.placed(anchors), key=Problem.sort_key))
    return corpus, document


def _matters(problem: Problem, document: str, across: set[str]) -> bool:
    file = problem.place.file if problem.place is not None else ""
    return problem.code != CHANGED and (file in across or is_file_of(document, file))


# ---- moving


def _move_layers(document: Document, corpus: Corpus, texts: Texts, ledger: Ledger) -> Layers:
    """Every layer that the document has; sentences last, since new ones need the new zones."""
    needed = {local for local, _ in (*_pointers(document, texts), *pointers_across(corpus, document.id))}
    found = {name: layer for name in texts.registry.layers if (layer := getattr(document, name)) is not None}
    moved: Layers = {}
    for name, layer in found.items():
        file = layer_file(name, document.id)
        made: list[Any] = list(layer)
        if texts.anchor(name) == "spans" or texts.content(name) is not None:
            made = move_records(name, made, file, texts, ledger)
        if texts.anchor(name) == "partition":
            made = move_partition(name, made, file, texts, ledger, needed=needed)
        moved[name] = made
    if LAYER in moved and makes_tokens(LAYER, texts) and not ledger.refused:
        zones = list(_zones(moved.get("segments"), document, texts))
        covered = list(_covered(moved.get("segments"), document, texts))
        ids = _next_ids(document, texts)
        moved[LAYER] = with_new_words(moved[LAYER], layer_file(LAYER, document.id), texts, ledger, zones=zones, covered=covered, ids=ids)
    return moved


def _zones(zones: Sequence[Any] | None, document: Document, texts: Texts) -> Iterator[Zone]:
    """Zones of the new text with their language; the document's where there is no zone."""
    at = 0
    for zone in zones or ():
        if at < zone.start:
            yield at, zone.start, document.lang
        yield zone.start, zone.end, zone.lang
        at = zone.end
    if at < len(texts.new):
        yield at, len(texts.new), document.lang


def _covered(zones: Sequence[Any] | None, document: Document, texts: Texts) -> Iterator[Pair]:
    """The parts of the new text whose sentences were annotated."""
    kinds = next((entry.zones for entry in document.coverage if entry.layer == LAYER), None)
    if kinds is None or zones is None:
        yield 0, len(texts.new)
    else:
        yield from ((zone.start, zone.end) for zone in zones if zone.kind in kinds)


def _next_ids(document: Document, texts: Texts) -> Iterator[str]:
    prefix = texts.registry.shapes[f"layers/{LAYER}"].get("x-prefix", "S")
    taken = [record.id.removeprefix(prefix) for _, _, record in records(document, texts.registry.layers) if record.id.startswith(prefix)]
    first = max((int(number) for number in taken if number.isdecimal()), default=0) + 1
    return (f"{prefix}{number}" for number in count(first))


def _new_faults(document: Document, moved: Mapping[str, Sequence[Any]], texts: Texts, ledger: Ledger) -> Iterator[Refusal]:
    """Records that would break a rule of anchors in the new text and did not in the old one: no move may do that."""
    context = Context(texts.registry, None)
    layers = {name: tuple(layer) for name, layer in moved.items()}
    new = msgspec.structs.replace(document, text=texts.new, **layers)
    known = {(problem.code, problem.record) for problem in check_document(document, context, level=3)}
    lines = {(move.file, move.record): move.line for move in ledger.moves if move.path == "$"}
    holes = {code for code, _ in known if code == "partition"}  # somebody took lines out, and will put them back
    for problem in check_document(new, context, level=3):
        if (problem.code, problem.record) not in known and problem.code not in holes:
            file = layer_file(problem.layer or LAYER, document.id)
            how = "Take its line out of the file, run this again with --write, then put the line back as it should be."
            line = lines.get((file, problem.record or ""))
            yield Refusal(file, line, problem.record or "", problem.json_path, "ambiguous", (), "", f"in the new text, {problem.fact}", how)


# ---- what is said


def _by_file(moves: Sequence[Move]) -> list[Move]:
    order = {file: at for at, file in reversed([*enumerate(move.file for move in moves)])}
    return sorted(moves, key=lambda move: order[move.file])


def _with_pointers(refused: Sequence[Refusal], document: Document, corpus: Corpus, texts: Texts) -> Iterator[Refusal]:
    """The refusals; those of records that are gone name what points to them, which must go too."""
    pointers: dict[str, list[str]] = {}
    for local, place in (*_pointers(document, texts), *pointers_across(corpus, document.id)):
        pointers.setdefault(local, []).append(place)
    for one in refused:
        found = pointers.get(one.record, []) if one.status == "lost" and one.path == "$" and is_file_of(document.id, one.file) else []
        how = f"Take its line out of the file, and it out of {', '.join(dict.fromkeys(found))}; then run this again."
        yield replace(one, remedy=how) if found else one


def _pointers(document: Document, texts: Texts) -> Iterator[tuple[str, str]]:
    """(id, place) of every reference between records of the document."""
    for layer, path, _, _ in texts.registry.references:
        for line, record in enumerate(getattr(document, layer) or (), 1):
            for _, target in follow(record, path):
                yield str(target), f"{record.id} ({layer_file(layer, document.id)}:{line})"


# ---- what is written


def _by_id(document: Document, texts: Texts) -> dict[str, Any]:
    return {record.id: record for _, _, record in records(document, texts.registry.layers)}


def _kept(document: Document, moved: Layers, ledger: Ledger) -> dict[str, Any]:
    """The moved records by id, without those that were refused: what quotes them stays as it is."""
    refused = {refusal.record for refusal in ledger.refused if is_file_of(document.id, refusal.file)}
    return {record.id: record for layer in moved.values() for record in layer if record.id not in refused}


def _files(
    lines: Mapping[str, DocumentLine],
    document: Document,
    moved: Layers,
    corpus: Corpus,
    across: Mapping[str, tuple[Any, ...]],
    texts: Texts,
) -> Iterator[tuple[str, bytes]]:
    """Every file that the move is about, with its new bytes; documents.jsonl comes last."""
    for name, layer in moved.items():
        yield layer_file(name, document.id), lines_of(layer)
    for name in ACROSS:
        if changed(getattr(corpus, name), across[name]):
            yield f"{name}.jsonl", lines_of(across[name])
    data = texts.new.encode()
    yield text_file(document.id), data
    line = msgspec.structs.replace(lines[document.id], sha256=hashlib.sha256(data).hexdigest())
    yield DOCUMENTS, lines_of(sorted({**lines, document.id: line}.values(), key=lambda one: one.id))


__all__ = ["Move", "Plan", "Refusal", "reanchor"]
