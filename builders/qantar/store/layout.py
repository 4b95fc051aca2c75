"""Where the files of a corpus folder lie, and what they hold: the corpus's own annotation, and each independent pass."""

from __future__ import annotations

from dataclasses import dataclass

DOCUMENTS = "documents.jsonl"
CHANGELOG = "CHANGELOG.md"
README = "README.md"
GAZETTEER = "gazetteer.jsonl"
#: The comparison of two passes: in a release, and in a folder that was restored from one.
AGREEMENT = "agreement.json"
#: The folder of the passes.
PASSES = "annotators"
_OWN = "annotations"


@dataclass(frozen=True, slots=True)
class Home:
    """The place of one annotation of the documents: the corpus's own, or the pass of that name."""

    name: str | None = None

    @property
    def folder(self) -> str:
        """The folder that holds the folders of the layers."""
        return _OWN if self.name is None else f"{PASSES}/{self.name}"

    def layer_file(self, layer: str, document: str) -> str:
        """The file of a layer of a document."""
        return f"{self.folder}/{layer}/{document}.jsonl"

    def across_file(self, name: str) -> str:
        """The file of clusters, alignments or links."""
        return f"{name}.jsonl" if self.name is None else f"{self.folder}/{name}.jsonl"


#: The corpus's own annotation.
OWN = Home()


def text_file(document: str) -> str:
    """Where a document's text lies in a corpus folder."""
    return f"raw/{document}.txt"


def layer_file(layer: str, document: str) -> str:
    """Where a layer of a document lies in a corpus folder."""
    return OWN.layer_file(layer, document)


def home_of(file: str) -> Home:
    """Whose file it is: a pass's, or the corpus's own."""
    parts = file.split("/")
    return Home(parts[1]) if parts[0] == PASSES and len(parts) > 2 else OWN


def is_file_of(document: str, file: str) -> bool:
    """Whether a file of a corpus folder is the document's: its text, or one of its layers, in a pass too."""
    parts = file.split("/")
    layered = (len(parts) == 3 and parts[0] == _OWN) or (len(parts) == 4 and parts[0] == PASSES)
    return file == text_file(document) or (layered and parts[-1] == f"{document}.jsonl")


def shape_of(file: str) -> str:
    """The shape of the records of a file: that of its layer, or of the file across documents."""
    inside = file.removeprefix(f"{home_of(file).folder}/")
    return f"layers/{inside.split('/')[0]}" if "/" in inside else f"corpus/{inside.removesuffix('.jsonl')}"
