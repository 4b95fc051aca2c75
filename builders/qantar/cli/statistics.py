"""`qantar stats`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping

from qantar.cli.layout import grid, table, wrapped
from qantar.cli.reporters import refuse
from qantar.errors import InvalidCorpus
from qantar.statistics import Stats, stats
from qantar.statistics.counts import Gap, LabelCounts, LayerCounts, PartialGap, TokenGap, Unfinished
from qantar.store import Store
from qantar.wording import number, printable


def stats_and_report(store: Store, *, layer: str | None, as_json: bool) -> int:
    """Prints the counts of a corpus, or, to stderr, why there are none."""
    try:
        found = stats(store, layer=layer)
    except InvalidCorpus as error:
        return refuse(error.problems, "counted", store, whole=True)
    lines = [json.dumps(found.to_json(), ensure_ascii=False, indent=2)] if as_json else report(found)
    for line in lines:
        sys.stdout.write(line + "\n")
    return 0


def report(found: Stats) -> Iterator[str]:
    """Lines of the counts for people: sections of aligned tables, of at most 100 columns where labels allow it."""
    yield f"{printable(found.name)} {found.version}: " + ", ".join(_totals(found))
    if found.languages:
        rows = [(name, one.documents, one.characters, one.tokens) for name, one in found.languages.items()]
        yield from ("", *table(("language", "documents", "characters", "tokens"), rows))
    if found.zones:
        rows = [(kind, one.zones, one.characters, one.tokens) for kind, one in found.zones.items()]
        yield from ("", *table(("zone", "zones", "characters", "tokens"), rows))
    if found.layers:
        counts = [(name, one.records, one.documents, one.empty) for name, one in found.layers.items()]
        yield from ("", *table(("layer", "records", "documents", "nothing found"), counts))
    for name, one in found.layers.items():
        yield from _layer(name, one)
    if found.files:
        sizes = [(f"{name}.jsonl", one and one.records) for name, one in found.files.items()]
        yield from ("", *table(("across documents", "records"), sizes))
    for name, file in found.files.items():
        if file is not None and file.records:
            yield from ("", f"{name}.jsonl", *_labels(file.labels))
    if found.passes:
        yield from ("", *_passes(found.passes))
    yield from ("", *_unfinished(found.unfinished))


def _passes(found: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    layers = dict.fromkeys(layer for counts in found.values() for layer in counts)
    yield from table(("records of passes", *found), [(layer, *(counts.get(layer) for counts in found.values())) for layer in layers])


def _totals(found: Stats) -> Iterator[str]:
    yield number(found.documents, "document")
    yield number(found.characters, "character")
    if found.tokens is not None:
        yield number(found.tokens, "token")


def _layer(name: str, one: LayerCounts) -> Iterator[str]:
    if not one.records:
        return
    yield from ("", name)
    yield from _labels(one.labels)
    if one.chains is not None:
        yield f"  chains: {one.chains.chains}, of {number(one.chains.mentions, 'mention')}; {one.chains.alone} without a chain"
    if one.links is not None:
        yield f"  names: {one.links.names}; {one.links.linked} with a link, {one.links.unlinked} without"
    if one.languages is not None:
        yield from grid("  by language", _often(one.languages))
    if one.zones is not None and name != "segments":  # zones are their own
        across = [("(no one zone)", one.unzoned)] if one.unzoned else []
        yield from grid("  by zone", [*_often(one.zones), *across])


def _labels(labels: Mapping[str, LabelCounts]) -> Iterator[str]:
    for field, one in labels.items():
        if not one.counts:
            yield f"  {field}: none of {number(one.size, 'label')}"
            continue
        yield from grid(f"  {field} ({len(one.counts)} of {number(one.size, 'label')})", _often(one.counts))


def _often(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """The most frequent first; equals stay in the order of the labels."""
    return sorted(counts.items(), key=lambda one: -one[1])


def _unfinished(found: Unfinished) -> Iterator[str]:
    """What is to be done: layers that lack the same in the same documents, and under them the documents."""
    lines = [line for (what, count, documents), layers in _alike(found).items() for line in _gap(layers, what, count, documents)]
    if found.unused:
        lines += wrapped(f"{', '.join(found.unused)}: in no document", indent=2)
    yield from ("unfinished", *lines) if lines else ("nothing is unfinished",)


def _alike(found: Unfinished) -> dict[tuple[str, int, tuple[str, ...]], list[str]]:
    """The layers by what is unfinished in them: what, in how many documents, the first of these."""
    gaps: list[tuple[str, str, Gap | PartialGap | TokenGap]] = []
    gaps += [(gap.layer, "not annotated", gap) for gap in found.unannotated if gap.layer not in found.unused]
    gaps += [(gap.layer, f"only in zones {', '.join(gap.zones) or 'of no kind'}", gap) for gap in found.partial]
    gaps += [(gap.layer, "a draft", gap) for gap in found.drafts]
    gaps += [("sentences", f"{number(gap.tokens, 'token')} without {gap.field}", gap) for gap in found.tokens]
    alike: dict[tuple[str, int, tuple[str, ...]], list[str]] = {}
    for layer, what, gap in gaps:
        alike.setdefault((what, gap.count, gap.documents), []).append(layer)
    return alike


def _gap(layers: list[str], what: str, count: int, documents: tuple[str, ...]) -> Iterator[str]:
    more = f" … {count} in all"
    yield from wrapped(f"{', '.join(layers)}: {what}, in {number(count, 'document')}", indent=2)
    yield from wrapped(", ".join(documents) + (more if count > len(documents) else ""), indent=4, most=3, more=more)
