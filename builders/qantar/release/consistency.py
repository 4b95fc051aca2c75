"""How consistent two passes are: agreement.json of a release, the section of its card, and the same lines in the corpus's README."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from qantar.agreement import Agreement, Side, agree
from qantar.agreement.rows import FORMAT
from qantar.corpus import Corpus
from qantar.errors import OutputError, SourceError, UnknownName
from qantar.files import bytes_of
from qantar.inside import REMEDY, leads_out
from qantar.schema.sources import Json
from qantar.store import Folder, ReleaseFolder
from qantar.store.layout import AGREEMENT, README
from qantar.store.together import replace_together

START, END = "<!-- pass-consistency -->", "<!-- /pass-consistency -->"
_BLOCK = re.compile(rf"{re.escape(START)}.*?{re.escape(END)}", re.DOTALL)
#: What the table shows of each layer: its first metric that there is.
_COLUMNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("same", ("exact", "borders", "lea")),
    ("overlapping", ("overlap", "borders-overlap")),
    ("kappa of text", ("unit-kappa",)),
)
#: What is said of layers beside it: metric, and its words.
_MORE = (
    ("conll", "chains, CoNLL F1"),
    ("lea", "chains, LEA F1"),
    ("tokens", "tokens, F1"),
    ("argument-role", "arguments with role and trigger, F1"),
    ("argument-role-partners", "the same, where overlapping mentions count"),
)


def consistency_of(store: Folder | ReleaseFolder, corpus: Corpus) -> Json | None:
    """The comparison of the two passes of a folder that was read without errors; None where there is none.

    A release, or a folder without passes, carries on the one that it holds. Raises UnknownName for a pass that corpus.toml names and the
    folder does not hold, SourceError.
    """
    if isinstance(store, ReleaseFolder) or not store.passes:
        carried = _carried(store.root, linked=isinstance(store, ReleaseFolder))
        if carried is not None or isinstance(store, ReleaseFolder):
            return carried
    names = _chosen(store)
    if names is None:
        return None
    one, two = (Side(name, store.passes[name].corpus) for name in names)
    return agree(one, two, corpus).to_json()


def _chosen(folder: Folder) -> tuple[str, ...] | None:
    """The passes that corpus.toml names; else the two there are, if they are two."""
    for name in folder.settings.passes:
        if name not in folder.passes:
            raise UnknownName("pass", name, folder.passes)
    return folder.settings.passes or (tuple(folder.passes) if len(folder.passes) == 2 else None)


def _carried(folder: Path, *, linked: bool) -> Json | None:
    """The comparison that a release, or a folder that was restored from one, holds; files of a downloaded release may be `linked`."""
    path = folder / AGREEMENT
    if not linked and (real := leads_out(path, folder)):
        raise SourceError(f"{path} leads to {real}, outside the corpus.", REMEDY)
    if (data := bytes_of(path)) is None:
        return None
    try:
        found: Json = json.loads(data)
        if found.get("format") != FORMAT:
            raise ValueError(f"its format is not {FORMAT}")
        msgspec.convert(found, Agreement)
    except (AttributeError, ValueError, msgspec.ValidationError, RecursionError) as error:
        raise SourceError(f"{path} is no comparison of passes: {error}.", "Get the release again, or remove the file.") from error
    return found


def consistency_lines(found: Json) -> Iterator[str]:
    """What the card and the corpus's README say: Markdown."""
    yield f"`{found['a']}` and `{found['b']}` are two passes over the same texts, each made under the written guidelines without a look at the other."
    yield "How far they agree is *pass consistency*: two passes of one language model are never agreement between people."
    yield f"1 is full agreement; every figure, with intervals and by label and language, is in `{AGREEMENT}` of the release.\n"
    rows = {(row["layer"], row["metric"]): row for row in found["rows"] if row["label"] is None and row["lang"] is None}
    yield f"| layer | documents | records `{found['a']}` | records `{found['b']}` | {' | '.join(name for name, _ in _COLUMNS)} |"
    yield f"|---|---|---|---|{'---|' * len(_COLUMNS)}"
    for layer, documents in found["compared"].items():
        held = [_first(rows, layer, metrics) for _, metrics in _COLUMNS]
        counts = [_count(held[0], side) for side in ("key", "response")]
        yield f"| `{layer}` | {len(documents)} | {' | '.join(counts)} | {' | '.join(map(_figure, held))} |"
    yield "\n`same`: F1 of records with the same borders and label, of relations and links with the same ends and type; of clusters LEA."
    yield "`overlapping`: F1 of records that overlap and have the same label. `kappa of text`: Cohen's kappa of the labels of all pieces of text.\n"
    for layer in found["compared"]:
        for metric, words in _MORE:
            row = rows.get((layer, metric))
            if row is not None and row["value"] is not None and not (layer == "clusters" and metric == "lea"):
                yield f"- `{layer}`, {words}: {_figure(row)}"


def refresh_readme(folder: Path, found: Json) -> bool:
    """Puts the lines between the marks in README.md of a corpus folder; whether that changed it. Without marks, nothing is done.

    Raises OutputError, SourceError.
    """
    path = folder / README
    if real := leads_out(path, folder):
        raise SourceError(f"{path} leads to {real}, outside the corpus.", REMEDY)
    text = (bytes_of(path) or b"").decode("utf-8", "surrogateescape")
    if not _BLOCK.search(text):
        return False
    block = "\n".join((START, *consistency_lines(found), END))
    now = _BLOCK.sub(lambda _: block, text)
    if now != text:
        _replace(path, now.encode("utf-8", "surrogateescape"))
    return now != text


def _replace(path: Path, data: bytes) -> None:
    try:
        replace_together({path: data})
    except OutputError as error:
        raise OutputError(path, error.cause, "The release stands; only the README is as it was.") from error


def _first(rows: Mapping[tuple[str, str], Json], layer: str, metrics: tuple[str, ...]) -> Any:
    return next((rows[layer, metric] for metric in metrics if (layer, metric) in rows), None)


def _count(row: Any, side: str) -> str:
    return "–" if row is None or row[side] is None else f"{row[side]:g}"


def _figure(row: Any) -> str:
    return "–" if row is None or row["value"] is None else f"{row['value']:.3f}"
