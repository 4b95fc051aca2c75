"""Writes a corpus as a folder, and records as canonical lines."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from qantar.corpus import Corpus
from qantar.schema.registry import ACROSS
from qantar.schema.sources import canonical_json
from qantar.settings import FILE
from qantar.store.gate import encode
from qantar.store.layout import DOCUMENTS, GAZETTEER, layer_file, text_file


def write_folder(corpus: Corpus, root: Path, *, settings: bytes) -> None:
    """Writes a corpus as a folder: canonical lines, in the order of its records. `settings` are the bytes of its corpus.toml."""
    (root / "raw").mkdir(parents=True)
    (root / FILE).write_bytes(settings)
    line_type = corpus.registry.record_type("corpus/documents")
    lines = []
    for document in corpus.documents.values():
        (root / text_file(document.id)).write_bytes(document.text.encode())
        lines.append(line_type(**{name: getattr(document, name) for name in line_type.__struct_fields__}))
        for layer in corpus.registry.layers:
            records = getattr(document, layer)
            if records is not None:
                write_lines(root / layer_file(layer, document.id), records)
    write_lines(root / DOCUMENTS, lines)
    _write_own_schemas(corpus, root)
    for name in ACROSS:
        if getattr(corpus, name) is not None:
            write_lines(root / f"{name}.jsonl", getattr(corpus, name))
    if corpus.gazetteer:
        write_lines(root / GAZETTEER, corpus.gazetteer.values())


def _write_own_schemas(corpus: Corpus, root: Path) -> None:
    """Schemas and labels where the corpus's settings say that it brings its own."""
    sources = corpus.registry.sources
    layers = {f"{name}.schema.json": sources.schemas[f"layers/{name}"] for name in sources.layers()}
    ontology = {f"{name}.json": body for name, body in sources.ontology.items()}
    for part, files in (("layers", layers), ("ontology", ontology)):
        if part in corpus.settings.schema:
            folder = root / corpus.settings.schema[part]
            folder.mkdir(parents=True, exist_ok=True)
            for name, body in files.items():
                (folder / name).write_text(canonical_json(body), encoding="utf-8", newline="")


def write_lines(path: Path, records: Iterable[Any]) -> None:
    """Writes records as canonical lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(lines_of(records))


def lines_of(records: Iterable[Any]) -> bytes:
    """Records as canonical lines."""
    return b"".join(encode(record) + b"\n" for record in records)
