"""A second pass over the tiny corpus, made by hand: what differs from the first, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from tiny import ONE, TWO, anchored, layers_of_one, tokens, write_corpus, write_lines

#: Pass and pass: the first says what the corpus says.
FIRST, SECOND = "first", "second"
ACROSS = ("clusters", "alignments", "links")


def second_layers() -> dict[str, list[dict[str, Any]]]:
    """The records of document `one` in the second pass; ids are its own."""
    found = layers_of_one()
    body = ONE.index("Reuters")
    found["segments"][:1] = [
        {"id": "Z1", "start": 0, "end": body - 1, "kind": "headline", "lang": "uk"},
        {"id": "Z3", "start": body - 1, "end": body, "kind": "boilerplate", "lang": "zxx"},
    ]
    words = ("Reuters", ":", "😀", "докери", "страйкували", "14", "березня", "у", "Порт", "-", "Велл", "і", ".")
    found["sentences"][1]["tokens"] = tokens(ONE, *words, start=body)
    found["sentences"][1]["tokens"][3] |= {"lemma": "докер", "upos": "NOUN"}
    found["entities"] = [
        {"id": "T1", **anchored(ONE, "Порт"), "type": "FAC.other", "level": "nominal"},
        {"id": "T2", **anchored(ONE, "Reuters"), "type": "ORG.gov", "level": "name", "link": "reuters"},
        {"id": "T7", **anchored(ONE, "😀 докери"), "type": "GROUP", "level": "nominal"},
        {"id": "T8", **anchored(ONE, "страйкували"), "type": "GROUP", "level": "nominal"},
    ]
    found["values"][0]["value"] = "2031-03-14"
    found["events"][0] |= {
        "id": "E9",
        "arguments": [{"role": "Demonstrator", "target": "T7"}, {"role": "Time", "target": "V1"}],
        "aspect": "ongoing",
    }
    found["attributions"][0] |= {"content": [{"start": ONE.index("😀"), "end": len(ONE) - 1}], "events": ["E9"]}
    found["relations"] = [{"id": "R1", "type": "before", "head": "E9", "tail": "A1"}]
    return found


def write_passes(root: Path) -> Path:
    """The tiny corpus with two passes: the first is its own annotation, the second differs."""
    write_corpus(root)
    for name in (FIRST, SECOND):
        home = root / "annotators" / name
        shutil.copytree(root / "annotations", home)
        for file in ACROSS:
            shutil.copyfile(root / f"{file}.jsonl", home / f"{file}.jsonl")
    home = root / "annotators" / SECOND
    for layer, records in second_layers().items():
        write_lines(home / layer / "one.jsonl", records)
    (home / "values" / "two.jsonl").unlink()
    one, two = ({"target": f"{name}", "quote": "страйкували"} for name in ("one#E9", "two#E1"))
    write_lines(home / "clusters.jsonl", [{"id": "C1", "kind": "event", "type": "Conflict.Demonstrate.Protest", "members": [one]}])
    sides = {"a": {"document": "one", **anchored(ONE, "докери")}, "b": {"document": "two", **anchored(TWO, "Докери")}}
    write_lines(home / "alignments.jsonl", [{"id": "P5", "relation": "near-verbatim", **sides}])
    write_lines(home / "links.jsonl", [{"id": "K1", "type": "corrects", "head": two, "tail": one}])
    return root
