"""Where the files of a corpus folder lie, and what they hold."""

from __future__ import annotations

DOCUMENTS = "documents.jsonl"
CHANGELOG = "CHANGELOG.md"


def text_file(document: str) -> str:
    """Where a document's text lies in a corpus folder."""
    return f"raw/{document}.txt"


def layer_file(layer: str, document: str) -> str:
    """Where a layer of a document lies in a corpus folder."""
    return f"annotations/{layer}/{document}.jsonl"


def shape_of(file: str) -> str:
    """The shape of the records of a file: that of its layer, or of the file across documents."""
    return f"layers/{file.split('/')[1]}" if "/" in file else f"corpus/{file.removesuffix('.jsonl')}"


def is_file_of(document: str, file: str) -> bool:
    """Whether a file of a corpus folder is the document's: its text, or one of its layers."""
    return file == text_file(document) or (file.count("/") == 2 and file == layer_file(file.split("/")[1], document))
