"""A tiny corpus folder, made on the fly: two documents, every layer, one cluster, alignment and link."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

LAYERS = ("segments", "languages", "sentences", "entities", "values", "events", "attributions", "relations")
ONE = "Порт закрито\nReuters: 😀 докери страйкували 14 березня у Порт-Веллі.\n"
TWO = "Докери страйкували, пише Reuters.\n"


def span(text: str, quote: str, nth: int = 0) -> dict[str, int]:
    """The nth place of a quote in a text."""
    at = -1
    for _ in range(nth + 1):
        at = text.index(quote, at + 1)
    return {"start": at, "end": at + len(quote)}


def anchored(text: str, quote: str, nth: int = 0) -> dict[str, Any]:
    """`spans` and `quote` of a continuous record."""
    return {"spans": [span(text, quote, nth)], "quote": quote}


def tokens(text: str, *forms: str, start: int = 0) -> list[dict[str, Any]]:
    """Tokens one after the other from an offset."""
    found = []
    for form in forms:
        start = text.index(form, start)
        found.append({"start": start, "end": start + len(form), "lemma": form.lower(), "upos": "X"})
        start += len(form)
    return found


def layers_of_one() -> dict[str, list[dict[str, Any]]]:
    """The records of document `one`."""
    body = ONE.index("Reuters")
    return {
        "segments": [
            {"id": "Z1", "start": 0, "end": body, "kind": "headline", "lang": "uk"},
            {"id": "Z2", "start": body, "end": len(ONE), "kind": "body", "lang": "uk"},
        ],
        "languages": [{"id": "L1", **anchored(ONE, "Reuters"), "lang": "en", "script": "Latn"}],
        "sentences": [
            {"id": "S1", "start": 0, "end": 12, "tokens": tokens(ONE, "Порт", "закрито")},
            {
                "id": "S2",
                "start": body,
                "end": len(ONE) - 1,
                "tokens": tokens(ONE, "Reuters", ":", "😀", "докери", "страйкували", "14", "березня", "у", "Порт-Веллі", ".", start=body),
            },
        ],
        "entities": [
            {"id": "T1", **anchored(ONE, "Порт"), "type": "FAC.other", "level": "nominal"},
            {"id": "T2", **anchored(ONE, "Reuters"), "type": "ORG.media", "level": "name", "link": "reuters"},
            {"id": "T3", **anchored(ONE, "докери"), "type": "GROUP", "level": "nominal", "chain": "dockers"},
            {"id": "T4", **anchored(ONE, "Порт-Веллі"), "type": "GPE.city", "level": "name", "link": "port-vell"},
        ],
        "values": [{"id": "V1", **anchored(ONE, "14 березня"), "type": "DATE", "value": "XXXX-03-14", "precision": "day"}],
        "events": [
            {
                "id": "E1",
                **anchored(ONE, "страйкували"),
                "type": "Conflict.Demonstrate.Protest",
                "arguments": [
                    {"role": "Demonstrator", "target": "T3"},
                    {"role": "Time", "target": "V1"},
                    {"role": "Place", "target": "T4"},
                ],
                "aspect": "ended",
                "factuality": "CT+",
                "plover_context": ["economic"],
            }
        ],
        "attributions": [
            {
                "id": "A1",
                **anchored(ONE, ":"),
                "source": "T2",
                "content": [{"start": ONE.index("докери"), "end": len(ONE) - 1}],
                "events": ["E1"],
                "medium": "agency",
                "factuality": "CT+",
            }
        ],
        "relations": [{"id": "R1", "type": "same-report", "head": "E1", "tail": "A1"}],
    }


def layers_of_two() -> dict[str, list[dict[str, Any]]]:
    """The records of document `two`: no zones, nothing found in `values`."""
    return {
        "entities": [
            {"id": "T1", **anchored(TWO, "Докери"), "type": "GROUP", "level": "nominal"},
            {"id": "T2", **anchored(TWO, "Reuters"), "type": "ORG.media", "level": "name", "link": "reuters"},
        ],
        "values": [],
        "events": [
            {
                "id": "E1",
                **anchored(TWO, "страйкували"),
                "type": "Conflict.Demonstrate.Protest",
                "arguments": [{"role": "Demonstrator", "target": "T1"}],
                "aspect": "ended",
                "factuality": "Uu",
            }
        ],
    }


def document_line(name: str, text: str, layers: Any, **changes: Any) -> dict[str, Any]:
    """A line of documents.jsonl."""
    return {
        "id": name,
        "file": f"{name}.txt",
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "lang": "uk",
        "title": None,
        "publisher": None,
        "published": None,
        "coverage": [{"layer": layer, "zones": None} for layer in layers],
        "anchor": {"date": "2031-03-15", "precision": "day", "basis": "Made up."},
        "rights": {"holder": None, "licence": "CC0-1.0", "redistribute": True, "basis": "Made up."},
        "leak_group": "dock-strike",
        "fold": 0,
        **changes,
    }


def write_lines(path: Path, records: Any) -> None:
    """Records as JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n" for record in records]
    path.write_text("".join(lines), encoding="utf-8", newline="")


def write_corpus(root: Path, *, shards: int = 1, version: str = "1.0.0") -> Path:
    """Writes the tiny corpus to a new folder; returns it."""
    root.mkdir(parents=True)
    (root / "corpus.toml").write_text(
        f'name = "tiny"\nversion = "{version}"\ntitle = "Tiny corpus"\nsummary = "Made up."\nreleased = "2031-04-01"\n'
        f"shards = {shards}\nlayers = {json.dumps(list(LAYERS))}\n"
        'languages = ["uk", "en", "mul", "zxx"]\n\n[licences]\nannotations = "CC-BY-4.0"\ntexts = "CC0-1.0"\n\n'
        '[citation]\nauthors = ["Tiny contributors"]\n',
        encoding="utf-8",
    )
    texts = {"one": ONE, "two": TWO}
    layers = {"one": layers_of_one(), "two": layers_of_two()}
    (root / "raw").mkdir()
    for name, text in texts.items():
        (root / "raw" / f"{name}.txt").write_bytes(text.encode())
        for layer, records in layers[name].items():
            write_lines(root / "annotations" / layer / f"{name}.jsonl", records)
    write_lines(root / "documents.jsonl", [document_line(name, text, layers[name]) for name, text in texts.items()])
    members = [{"target": "one#E1", "quote": "страйкували"}, {"target": "two#E1", "quote": "страйкували"}]
    write_lines(root / "clusters.jsonl", [{"id": "C1", "kind": "event", "type": "Conflict.Demonstrate.Protest", "members": members}])
    sides = {
        "a": {"document": "one", **anchored(ONE, "докери страйкували")},
        "b": {"document": "two", **anchored(TWO, "Докери страйкували")},
    }
    write_lines(root / "alignments.jsonl", [{"id": "P1", "relation": "near-verbatim", **sides}])
    write_lines(root / "links.jsonl", [{"id": "K1", "type": "confirms", "head": members[1], "tail": members[0], "note": "Made up."}])
    write_lines(
        root / "gazetteer.jsonl",
        [gazetteer_entry("port-vell", "city", "uk", "Порт-Велл"), gazetteer_entry("reuters", "agency", "en", "Reuters")],
    )
    return root


def gazetteer_entry(name: str, kind: str, lang: str, text: str) -> dict[str, Any]:
    """An entry without identifiers, or, for the city, with made-up ones."""
    city = kind == "city"
    return {
        "id": name,
        "kind": kind,
        "names": [{"lang": lang, "text": text}],
        "wikidata": "Q99999999" if city else None,
        "geonames": 9999999 if city else None,
        "latitude": 41.5 if city else None,
        "longitude": 2.25 if city else None,
        "geo_precision": "city" if city else None,
        "country": "ES" if city else None,
        "admin1": "Catalonia" if city else None,
        "quality": "exact" if city else None,
        "verified": "Made up." if city else None,
        "reason": None if city else "Made up.",
    }
