"""What `qantar check` costs beside `jsonschema` judging the same shape, and `msgspec` decoding it.

`msgspec` decodes twice: into a type that holds the patterns of ids, dates and features too, as it must to judge the same shape,
and into the type that `check` decodes into, which leaves patterns to `qantar.schema.forms`.

Documents are made of those of the corpus that have every layer: ids change places within their layer, and records whose order
is free change places too. Sides take turns, slice by slice, so that what else the machine does troubles all of them; times are
processor time. Run: taskset -c 1 python benchmarks/checking.py [--documents N].
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
from qantar.checking import check
from qantar.schema import Registry
from qantar.schema.types import Types
from qantar.store import Folder, open_store
from qantar.store.gate import encode

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
ROUNDS = 20
#: Documents in each round that `jsonschema` judges: it is too slow for all.
SAMPLE = 2
PEAK = """
import sys
from pathlib import Path
from qantar.checking import check
from qantar.store import open_store
assert not check(open_store(Path(sys.argv[1]), corpus=Path(sys.argv[2])))
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])  # getrusage would count the parent's pages
"""


def documents(count: int, registry: Registry) -> Iterator[bytes]:
    """Native lines of made-up documents, all different, none with an error."""
    held = Folder(CORPUS).read().documents.values()
    whole = [encode(one) for one in held if all(getattr(one, layer) is not None for layer in registry.layers)]
    for number in range(count):
        document = msgspec.json.decode(whole[number % len(whole)])
        vary(document, registry, random.Random(number))  # noqa: S311 -- to vary, not to hide
        yield msgspec.json.encode({**document, "id": f"made-{number:06d}"})


def vary(document: dict[str, Any], registry: Registry, chance: random.Random) -> None:
    """Ids change places within each layer, and so do records, but for zones and sentences, which stand in text order."""
    names: dict[str, str] = {}
    for layer in registry.layers:
        ids = [record["id"] for record in document[layer]]
        names |= zip(ids, chance.sample(ids, len(ids)), strict=True)
        for record in document[layer]:
            record["id"] = names[record["id"]]
        if layer not in registry.partitions:
            chance.shuffle(document[layer])
    for layer, pattern, _, _ in registry.references:
        for record in document[layer]:
            rename(record, pattern, names)


def rename(node: Any, pattern: tuple[str, ...], names: dict[str, str]) -> None:
    """Gives the references at the end of a pattern the new names of what they lead to."""
    first, *rest = pattern
    for key in range(len(node)) if first == "*" else [first]:
        if rest and (first == "*" or node.get(key)):
            rename(node[key], tuple(rest), names)
        elif not rest and (first == "*" or node.get(key)):
            node[key] = names[node[key]]


def seconds(work: Callable[[], object]) -> float:
    """Processor time of some work."""
    start = time.process_time()
    work()
    return time.process_time() - start


def one_round(lines: list[bytes], file: Path, validator: Any, decoders: Sequence[Any]) -> list[float]:
    """Milliseconds a document of `qantar check`, `jsonschema`, and `msgspec` with each of its decoders."""
    file.write_bytes(b"".join(line + b"\n" for line in lines))
    store = open_store(file, corpus=CORPUS)
    values = [msgspec.json.decode(line) for line in lines[:SAMPLE]]
    problems: list[object] = []
    checked = seconds(lambda: problems.extend(check(store)))
    judged = seconds(lambda: problems.extend(value for value in values if not validator.is_valid(value)))
    decoded = [seconds(lambda decode=decoder.decode: [None for line in lines if not decode(line)]) for decoder in decoders]
    if problems:
        raise AssertionError(problems[0])
    return [1000 * checked / len(lines), 1000 * judged / len(values), *(1000 * time / len(lines) for time in decoded)]


def peak(file: Path) -> int:
    """Most memory, in MB, of a process that checks a file."""
    found = subprocess.run([sys.executable, "-c", PEAK, str(file), str(CORPUS)], check=True, capture_output=True, text=True)
    return int(found.stdout) // 1024


def main() -> None:
    """Prints sizes, times, ratios and memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=10_000, metavar="N")
    count = max(parser.parse_args().documents, ROUNDS * SAMPLE)
    registry = Folder(CORPUS).registry
    validator = jsonschema.Draft202012Validator(registry.public("document"))
    kinds = (Types(patterns=True).struct(registry.shapes["document"]), registry.document_type)
    decoders = [msgspec.json.Decoder(kind) for kind in kinds]
    with tempfile.TemporaryDirectory() as folder:
        whole, part = Path(folder) / "whole.jsonl", Path(folder) / "part.jsonl"
        with whole.open("wb") as file:
            file.writelines(line + b"\n" for line in documents(count, registry))
        print(f"{count:,} documents of {whole.stat().st_size / count / 1000:.0f} KB")
        with whole.open("rb") as file:
            slices = (list(map(bytes.rstrip, islice(file, count // ROUNDS))) for _ in range(ROUNDS))
            rounds = [one_round(lines, part, validator, decoders) for lines in slices]
        names = (
            "qantar check, all levels",
            f"jsonschema is_valid ({ROUNDS * SAMPLE} of them)",
            "msgspec decode, patterns held",
            "msgspec decode, without patterns",
        )
        for name, found in zip(names, zip(*rounds, strict=True), strict=True):
            print(f"{name:<35} {statistics.median(found):9.2f} ms a document (best {min(found):.2f})")
        print(f"jsonschema / check                  {statistics.median(row[1] / row[0] for row in rounds):9.1f}")
        print(f"check / msgspec, patterns held      {statistics.median(row[0] / row[2] for row in rounds):9.2f}")
        print(f"check / msgspec, without patterns   {statistics.median(row[0] / row[3] for row in rounds):9.2f}")
        with whole.open("rb") as file:
            part.write_bytes(b"".join(islice(file, max(count // 10, 1))))
        print(f"most memory                         {peak(part)} MB for {count // 10:,} documents, {peak(whole)} MB for {count:,}")


if __name__ == "__main__":
    main()
