"""Moves the records of a document to a new version of its text, or says which of them have no sure place there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
from qantar.store.folder import Folder
from qantar.store.layout import DOCUMENTS, OWN, Home, is_file_of, text_file
from qantar.store.writing import lines_of

if TYPE_CHECKING:
    from qantar.records import Document, DocumentLine

Layers = dict[str, list[Any]]


def reanchor(folder: Folder, document: str, new_text: str, *, old_text: str | None = None) -> Plan:
    """Plans the move of all records of a document to a new version of its text; `Plan.write()` carries it out.

    `old_text` is the text that was annotated (default: the one in the folder): its SHA-256 is that of documents.jsonl. Every record
    of every layer, and what clusters, alignments and links quote of the document, is in `moves` or in `refused`; those of passes too.
    Raises UnknownName, SourceError where a text does not fit, InvalidCorpus where files of the document, or files that span documents,
    cannot be read, or records do not fit the old text; faults of other documents do not matter.
    """
    lines = {line.id: line for line in folder.lines()}
    if document not in lines:
        raise UnknownName("document", document, lines)
    old = _old_text(folder, lines[document], old_text, new_text)
    texts = Texts(document, old, new_text, align(old, new_text), folder.registry)
    parts = [_moved(held, replace(texts, home=home)) for home, held in _read(folder, document, old)]
    files = dict(file for part in parts for file in _files(part))
    files |= dict(_text_files(lines, texts))
    before = {name: data for name in files if (data := bytes_of(folder.path_of(name))) is not None}
    changes = {name: data for name, data in files.items() if data != before[name]}
    moves = tuple(move for part in parts for move in _by_file(part.ledger.moves))
    refused = tuple(refusal for part in parts for refusal in _with_pointers(part))
    return Plan(folder.root, document, moves, refused, changes, before)


@dataclass(frozen=True, slots=True)
class _Part:
    """The records of one home, of the corpus's own annotation or of a pass, and what became of them."""

    document: Document
    corpus: Corpus
    texts: Texts
    ledger: Ledger
    layers: Layers
    across: Mapping[str, tuple[Any, ...]]


def _moved(held: tuple[Corpus, Document], texts: Texts) -> _Part:
    corpus, found = held
    ledger = Ledger()
    layers = _move_layers(found, corpus, texts, ledger)
    across = move_across(corpus, texts, ledger, old=_by_id(found, texts), new=_kept(found, layers, ledger))
    if not ledger.refused:
        ledger.refused += list(_new_faults(found, layers, texts, ledger))
    return _Part(found, corpus, texts, ledger, layers, across)


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


def _read(folder: Folder, name: str, old: str) -> Iterator[tuple[Home, tuple[Corpus, Document]]]:
    """The corpus, and the document over the text that was annotated: the corpus's own annotation, then each pass.

    Raises InvalidCorpus with what stands in the way.
    """
    corpus = folder.read()
    homes = (OWN, *(one.home for one in folder.passes.values()))
    across = {DOCUMENTS, *(home.across_file(file) for home in homes for file in ACROSS)}
    files = [problem for problem in folder.problems if problem.place is not None and _matters(problem, name, across)]
    if has_errors(files):
        raise InvalidCorpus(sorted(files, key=Problem.sort_key))
    yield OWN, (corpus, _over(folder, OWN, (*corpus.documents.values(), *folder.partial), name, old))
    for one in folder.passes.values():
        yield one.home, (one.corpus, _over(folder, one.home, (*one.corpus.documents.values(), *one.partial), name, old))


def _over(folder: Folder, home: Home, documents: Iterable[Document], name: str, old: str) -> Document:
    """The document over the text that was annotated. Raises InvalidCorpus where its records do not fit it."""
    document = msgspec.structs.replace(next(one for one in documents if one.id == name), text=old)
    found = (one for one in check_document(document, Context(folder.registry, None), level=3) if one.code != "partition")
    anchors = [one for one in found if home == OWN or one.layer is not None]
    if has_errors(anchors):
        raise InvalidCorpus(sorted(folder.placed(anchors, home), key=Problem.sort_key))
    return document


def _matters(problem: Problem, document: str, across: set[str]) -> bool:
    file = problem.place.file if problem.place is not None else ""
    return problem.code != CHANGED and (file in across or is_file_of(document, file))


# ---- moving


def _move_layers(document: Document, corpus: Corpus, texts: Texts, ledger: Ledger) -> Layers:
    """Every layer that the document has; sentences last, since new ones need the new zones."""
    needed = {local for local, _ in (*_pointers(document, texts), *pointers_across(corpus, texts))}
    found = {name: layer for name in texts.registry.layers if (layer := getattr(document, name)) is not None}
    moved: Layers = {}
    for name, layer in found.items():
        file = texts.layer_file(name)
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
        moved[LAYER] = with_new_words(moved[LAYER], texts.layer_file(LAYER), texts, ledger, zones=zones, covered=covered, ids=ids)
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
            file = texts.layer_file(problem.layer or LAYER)
            how = "Take its line out of the file, run this again with --write, then put the line back as it should be."
            line = lines.get((file, problem.record or ""))
            yield Refusal(file, line, problem.record or "", problem.json_path, "ambiguous", (), "", f"in the new text, {problem.fact}", how)


# ---- what is said


def _by_file(moves: Sequence[Move]) -> list[Move]:
    order = {file: at for at, file in reversed([*enumerate(move.file for move in moves)])}
    return sorted(moves, key=lambda move: order[move.file])


def _with_pointers(part: _Part) -> Iterator[Refusal]:
    """The refusals; those of records that are gone name what points to them, which must go too."""
    pointers: dict[str, list[str]] = {}
    for local, place in (*_pointers(part.document, part.texts), *pointers_across(part.corpus, part.texts)):
        pointers.setdefault(local, []).append(place)
    for one in part.ledger.refused:
        lost = one.status == "lost" and one.path == "$" and is_file_of(part.document.id, one.file)
        found = pointers.get(one.record, []) if lost else []
        how = f"Take its line out of the file, and it out of {', '.join(dict.fromkeys(found))}; then run this again."
        yield replace(one, remedy=how) if found else one


def _pointers(document: Document, texts: Texts) -> Iterator[tuple[str, str]]:
    """(id, place) of every reference between records of the document."""
    for layer, path, _, _ in texts.registry.references:
        for line, record in enumerate(getattr(document, layer) or (), 1):
            for _, target in follow(record, path):
                yield str(target), f"{record.id} ({texts.layer_file(layer)}:{line})"


# ---- what is written


def _by_id(document: Document, texts: Texts) -> dict[str, Any]:
    return {record.id: record for _, _, record in records(document, texts.registry.layers)}


def _kept(document: Document, moved: Layers, ledger: Ledger) -> dict[str, Any]:
    """The moved records by id, without those that were refused: what quotes them stays as it is."""
    refused = {refusal.record for refusal in ledger.refused if is_file_of(document.id, refusal.file)}
    return {record.id: record for layer in moved.values() for record in layer if record.id not in refused}


def _files(part: _Part) -> Iterator[tuple[str, bytes]]:
    """Every file of records that the move is about, with its new bytes."""
    for name, layer in part.layers.items():
        yield part.texts.layer_file(name), lines_of(layer)
    for name in ACROSS:
        if changed(getattr(part.corpus, name), part.across[name]):
            yield part.texts.home.across_file(name), lines_of(part.across[name])


def _text_files(lines: Mapping[str, DocumentLine], texts: Texts) -> Iterator[tuple[str, bytes]]:
    """The text, and documents.jsonl, which comes last."""
    data = texts.new.encode()
    yield text_file(texts.document), data
    line = msgspec.structs.replace(lines[texts.document], sha256=hashlib.sha256(data).hexdigest())
    yield DOCUMENTS, lines_of(sorted({**lines, texts.document: line}.values(), key=lambda one: one.id))


__all__ = ["Move", "Plan", "Refusal", "reanchor"]
