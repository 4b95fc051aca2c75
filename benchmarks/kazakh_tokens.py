"""Kazakh tokens: precision, recall and F1 of `kk` beside spaCy's tokenizers of other languages. Run: python benchmarks/kazakh_tokens.py.

A token counts as found where its start and end are those of a gold token. The gold is UD_Kazakh-KTB, where the surface form of a
multi-word token counts as one token, and the Kazakh zones of this corpus. Folder of third-party corpora: QANTAR_TESTDATA.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import spacy
from qantar.store import Folder
from tally import Spans, Tally, compare

if TYPE_CHECKING:
    from qantar.records import Sentence

ROOT = Path(__file__).resolve().parents[1]
TESTDATA = Path(os.environ.get("QANTAR_TESTDATA") or ROOT.parent / "shared" / "testdata")
KTB = TESTDATA / "ud-kazakh-ktb"
LANGUAGES = ("kk", "xx", "ky", "ru")
Gold = list[tuple[str, Spans]]


def ktb(part: str) -> Gold:
    """(text, spans of its surface tokens) of each sentence of `train` or `test`."""
    sentences = (KTB / f"kk_ktb-ud-{part}.conllu").read_text(encoding="utf-8").strip().split("\n\n")
    return [_sentence(lines.split("\n")) for lines in sentences]


def _sentence(lines: list[str]) -> tuple[str, Spans]:
    text = next(line for line in lines if line.startswith("# text = ")).removeprefix("# text = ")
    return text, set(_places(text, _forms(lines)))


def _forms(lines: list[str]) -> Iterator[str]:
    inside = 0  # the last word of a multi-word token that has begun
    for cells in (line.split("\t") for line in lines if line[:1].isdigit()):
        first, _, last = cells[0].partition("-")
        if last:
            inside = int(last)
            yield cells[1]
        elif "." not in first and int(first) > inside:
            yield cells[1]


def _places(text: str, forms: Iterable[str]) -> Iterator[tuple[int, int]]:
    end = 0
    for form in forms:
        start = text.index(form, end)
        if text[end:start].strip():
            raise ValueError(f"{text[end:start]!r} lies between two tokens of {text!r}")
        end = start + len(form)
        yield start, end


def measure(language: str, gold: Gold) -> Tally:
    """The blank tokenizer of a language on a gold."""
    tokenizer = spacy.blank(language).tokenizer
    total = Tally()
    for text, spans in gold:
        words = [word for word in tokenizer(text) if not word.is_space]
        total += compare([(word.idx, word.idx + len(word)) for word in words], spans)
    return total


def corpus_zones(language: str) -> Gold:
    """(text, spans of its tokens) of each annotated zone of a language in this repository's corpus."""
    documents = Folder(ROOT / "corpus").read().documents.values()
    return [
        (document.text[zone.start : zone.end], _tokens_inside(document.sentences, zone.start, zone.end))
        for document in documents
        if document.sentences is not None
        for zone in document.segments or ()
        if zone.lang == language
    ]


def _tokens_inside(sentences: Iterable[Sentence], start: int, end: int) -> Spans:
    tokens = [token for sentence in sentences if start <= sentence.start < end for token in sentence.tokens]
    return {(token.start - start, token.end - start) for token in tokens}


def main() -> None:
    """Prints a line for each gold and tokenizer."""
    golds = {"Kazakh zones of the corpus": corpus_zones("kk")}
    if KTB.is_dir():
        golds = {"KTB train": ktb("train"), "KTB test": ktb("test"), **golds}
    else:
        print(f"There is no {KTB}: set QANTAR_TESTDATA to the folder that holds UD_Kazakh-KTB.")
    for name, gold in golds.items():
        print(f"{name}: {len(gold)} texts, {sum(len(spans) for _, spans in gold)} tokens")
        for language in LANGUAGES:
            print(f"  {language}  {measure(language, gold)}")


if __name__ == "__main__":
    main()
