"""What documents of a corpus share, resolved once, so that each shard needs only its slice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from qantar.corpus import Corpus, Held
from qantar.crosswalk import is_coded
from qantar.document import language_of, quote_of
from qantar.rules.ontology import filler_types

if TYPE_CHECKING:
    from qantar.records import Alignment, Cluster, Document, Link

Row = dict[str, Any]
T = TypeVar("T", bound=Any)


@dataclass(frozen=True, slots=True)
class Index:
    """Rows of the tables that span documents, and what rows inside documents take from them. Plain data.

    `cluster_of` maps global record ids to clusters; `reported` maps an event cluster to (number of its documents,
    global id of its first mention that has a row in reports, if one has). `clusters`, `parallel` and `links` are None where the corpus has no such file.
    """

    cluster_of: dict[str, str] = field(default_factory=dict)
    reported: dict[str, tuple[int, str]] = field(default_factory=dict)
    clusters: list[Row] | None = None
    parallel: list[Row] | None = None
    links: list[Row] | None = None
    gazetteer: dict[str, Row] = field(default_factory=dict)

    def slice(self, documents: frozenset[str]) -> Index:
        """What the shard with these documents needs; a row that spans documents goes with its first one."""
        cluster_of = {key: name for key, name in self.cluster_of.items() if _document(key) in documents}
        names = set(cluster_of.values())
        return Index(
            cluster_of,
            {key: entry for key, entry in self.reported.items() if key in names},
            _those(self.clusters, lambda row: row["mentions"][0]["document"] in documents),
            _those(self.parallel, lambda row: row["a_document"] in documents),
            _those(self.links, lambda row: row["head_document"] in documents),
            self.gazetteer,
        )


def build_index(corpus: Corpus) -> Index:
    """The index of a corpus whose references resolve."""
    held = corpus.held
    gazetteer = {name: _plain(entry) for name, entry in corpus.gazetteer.items()}
    rows = None if corpus.clusters is None else [_cluster(cluster, corpus, held, gazetteer) for cluster in _by_id(corpus.clusters)]
    cluster_of = {mention["id"]: row["id"] for row in rows or () for mention in row["mentions"]}
    reported = _reported([row for row in rows or () if row["kind"] == "event"], corpus, held)
    parallel = None if corpus.alignments is None else [_alignment(one, corpus) for one in _by_id(corpus.alignments)]
    links = None if corpus.links is None else [_link(one, held) for one in _by_id(corpus.links)]
    return Index(cluster_of, reported, rows, parallel, links, gazetteer)


def _reported(rows: list[Row], corpus: Corpus, held: Held) -> dict[str, tuple[int, str]]:
    """How many documents report each event cluster, and which mention stands for it: the first that has codes."""
    types: dict[str, dict[str, str]] = {}

    def coded(mention: Row) -> bool:
        document, _, event = held[mention["id"]]
        if document.id not in types:
            types[document.id] = filler_types(document)
        return is_coded(event, types[document.id], corpus.registry.ontology)

    found = {}
    for row in rows:
        mentions = row["mentions"]
        first: str = next(filter(coded, mentions), mentions[0])["id"]
        found[row["id"]] = (len({mention["document"] for mention in mentions}), first)
    return found


def _by_id(records: Iterable[T]) -> list[T]:
    """Records in the order of their ids, C2 before C10: rows do not depend on the order of lines."""
    return sorted(records, key=lambda record: (len(record.id), record.id))


def wikidata_of(link: str | None, gazetteer: dict[str, Row]) -> str | None:
    """The Wikidata item of a link: stated by a CURIE, or by the gazetteer."""
    if link is None:
        return None
    prefix, _, rest = link.partition(":")
    if rest:
        return rest if prefix == "wikidata" else None
    found: str | None = gazetteer.get(link, {}).get("wikidata")
    return found


def _cluster(cluster: Cluster, corpus: Corpus, held: Held, gazetteer: dict[str, Row]) -> Row:
    records = sorted(_members(cluster, held), key=_place)
    mentions = [_mention(document, record) for document, record in records]
    links = [record.link for _, record in records if getattr(record, "link", None)]
    wikidata = next((found for link in links if (found := wikidata_of(link, gazetteer))), None)
    if cluster.labels is not None:
        labels = [{"lang": form.lang, "text": form.text} for form in cluster.labels]
    else:
        labels = _labels(records, mentions, links, corpus.settings.languages, gazetteer)
    return {
        "id": cluster.id, "kind": cluster.kind, "type": cluster.type, "labels": labels, "wikidata": wikidata,
        "mentions": mentions, "note": cluster.note, "ignore": _excuses(cluster),
    }  # fmt: skip


def _members(cluster: Cluster, held: Held) -> Iterator[tuple[Document, Any]]:
    """The mentions of a cluster: chains are whole, each mention once."""
    seen = set()
    for member in cluster.members:
        document, layer, record = held[member.target]
        chain = getattr(record, "chain", None)
        pool = getattr(document, layer) if chain else (record,)
        for mention in pool:
            if getattr(mention, "chain", None) == chain and (chain or mention is record) and (document.id, mention.id) not in seen:
                seen.add((document.id, mention.id))
                yield document, mention


def _place(pair: tuple[Document, Any]) -> tuple[str, int, int, str]:
    document, record = pair
    return document.id, record.spans[0].start, -record.spans[-1].end, record.id


def _mention(document: Document, record: Any) -> Row:
    return {"document": document.id, "id": f"{document.id}#{record.id}", **_passage(document, record.spans)}


def _passage(document: Document, spans: Any) -> Row:
    start, end = spans[0].start, spans[-1].end
    return {
        "start": start, "end": end, "text": document.text[start:end],
        "fragments": [_plain(span) for span in spans] if len(spans) > 1 else None,
        "lang": language_of(document, start, end),
    }  # fmt: skip


def _labels(
    records: list[tuple[Document, Any]], mentions: list[Row], links: list[str], languages: tuple[str, ...], gazetteer: dict[str, Row]
) -> list[Row]:
    """Names from the gazetteer, the usual one of each language; else the longest name, or mention, of each language."""
    entry = next((gazetteer[link] for link in links if link in gazetteer), None)
    if entry is not None:
        usual = {name["lang"]: name["text"] for name in reversed(entry["names"])}
        return [{"lang": lang, "text": text} for lang, text in sorted(usual.items())]
    named = [mention for mention, (_, record) in zip(mentions, records, strict=True) if getattr(record, "level", None) == "name"]
    longest: dict[str, str] = {}
    for mention in named or mentions:
        if len(mention["text"]) > len(longest.get(mention["lang"], "")):
            longest[mention["lang"]] = mention["text"]
    return [{"lang": lang, "text": longest[lang]} for lang in languages if lang in longest]


def _alignment(alignment: Alignment, corpus: Corpus) -> Row:
    row: Row = {"id": alignment.id, "relation": alignment.relation}
    for name, side in (("a", alignment.a), ("b", alignment.b)):
        row[f"{name}_document"] = side.document
        row |= {f"{name}_{key}": cell for key, cell in _passage(corpus.documents[side.document], side.spans).items()}
    return {**row, "note": alignment.note, "ignore": _excuses(alignment)}


def _link(link: Link, held: Held) -> Row:
    row: Row = {"id": link.id, "type": link.type}
    for name, end in (("head", link.head), ("tail", link.tail)):
        document, _, record = held[end.target]
        row |= {name: end.target, f"{name}_document": document.id, f"{name}_text": quote_of(document.text, record)}
    return {**row, "note": link.note, "ignore": _excuses(link)}


def _excuses(record: Any) -> list[Row] | None:
    return None if record.ignore is None else [_plain(entry) for entry in record.ignore]


def _plain(record: Any) -> Row:
    import msgspec

    found: Row = msgspec.to_builtins(record)
    return found


def _document(key: str) -> str:
    return key.partition("#")[0]


def _those(rows: Iterable[Row] | None, keep: Callable[[Row], bool]) -> list[Row] | None:
    return None if rows is None else [row for row in rows if keep(row)]
