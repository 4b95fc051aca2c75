"""An independent reading of the table contract: slow loops over Documents that give lists of dict rows with label names.

It shares no code with `qantar.tables` and `qantar.index`: it reads the ontology from its JSON files, and knows Documents
and the records that span them only by the names of their fields.
"""

from __future__ import annotations

import calendar
import datetime
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Rows = list[Row]
SCHEMES = ("plover", "cameo", "acled")
FILLERS = {"entities": "entity", "values": "value", "events": "event"}

#: Class labels of each table: column -> label set.
CLASS_LABELS: dict[str, dict[str, str]] = {
    "documents": {"lang": "language"},
    "segments": {"kind": "segment-kind", "lang": "language"},
    "sentences": {"lang": "language", "langs": "language", "upos": "upos", "ner_tags": "ner-tag", "trigger_tags": "trigger-tag"},
    "entities": {"type": "entity-type", "level": "level", "lang": "language"},
    "events": {"type": "event-type", "aspect": "aspect", "factuality": "factuality", "lang": "language"},
    "arguments": {"kind": "argument-kind", "type": "filler-type"},
    "relations": {"type": "relation-or-link"},
    "parallel": {"relation": "alignment-type"},
    "clusters": {"kind": "cluster-kind", "type": "cluster-type"},
    "reports": {"type": "event-type", "factuality": "factuality", "lang": "language"},
}


def read_ontology(schema: Path) -> dict[str, Any]:
    """The ontology files of a schema folder, by stem."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted((schema / "ontology").glob("*.json"))}


def label_sets(ontology: Mapping[str, Any], languages: Sequence[str]) -> dict[str, list[str]]:
    """The label sets that class labels use, in label-id order."""
    entities = [entry["label"] for entry in ontology["entities"]["labels"]]
    events = [entry["type"] for entry in ontology["events"]["types"]]
    sets = {name: [entry["label"] for entry in body["labels"]] for name, body in ontology["labels"]["sets"].items()}
    flat: list[str] = []
    for label in entities:
        if label.split(".")[0] not in flat:
            flat.append(label.split(".")[0])
    return {
        **sets,
        "language": list(languages),
        "entity-type": entities,
        "event-type": events,
        "ner-tag": ["O"] + [f"{mark}-{name}" for name in flat for mark in ("B", "I")],
        "trigger-tag": ["O"] + [f"{mark}-{name}" for name in events for mark in ("B", "I")],
        **{name: body["order"] for name, body in ontology["labels"]["derived"].items() if "union" in body},
    }


# --- spans and texts --------------------------------------------------------------------------------------------------


def extent(record: Any) -> tuple[int, int]:
    """First and last offset of a record, whatever lies between its fragments."""
    if hasattr(record, "spans"):
        return record.spans[0].start, record.spans[-1].end
    return record.start, record.end


def covered_offsets(spans: Iterable[Any]) -> set[int]:
    """Every code point that the spans cover."""
    return {at for span in spans for at in range(span.start, span.end)}


def span_cells(document: Any, record: Any, prefix: str = "") -> Row:
    """start, end, text and fragments of a record."""
    start, end = extent(record)
    spans = getattr(record, "spans", ())
    return {
        f"{prefix}start": start,
        f"{prefix}end": end,
        f"{prefix}text": document.text[start:end],
        f"{prefix}fragments": [{"start": span.start, "end": span.end} for span in spans] if len(spans) > 1 else None,
    }


def words_of(document: Any, record: Any) -> str:
    """What a record is called where others point to it: its quote, else its text, else its id."""
    if hasattr(record, "quote"):
        return str(record.quote)
    if hasattr(record, "start"):
        return str(document.text[record.start : record.end])
    return str(record.id)


def holder(records: Iterable[Any] | None, start: int, end: int) -> Any | None:
    """The zone or sentence that holds a whole span."""
    return next((record for record in records or () if record.start <= start and end <= record.end), None)


def language(document: Any, start: int, end: int) -> str:
    """Of the stretch that holds the span, else of the zone that does; `mul` across zones; without zones the document's."""
    for stretch in document.languages or ():
        if any(span.start <= start and end <= span.end for span in stretch.spans):
            return str(stretch.lang)
    if document.segments is None:
        return str(document.lang)
    zone = holder(document.segments, start, end)
    return "mul" if zone is None else str(zone.lang)


def token_language(document: Any, token: Any) -> str:
    """`zxx` without a letter, `mul` where letters are of several languages."""
    found = {language(document, at, at + 1) for at in range(token.start, token.end) if document.text[at].isalpha()}
    return "zxx" if not found else found.pop() if len(found) == 1 else "mul"


def annotated(document: Any, layer: str, start: int, end: int) -> bool:
    """Whether the coverage says that the layer was annotated in the zone that holds the span."""
    for entry in document.coverage:
        if entry.layer == layer:
            zone = holder(document.segments, start, end)
            return entry.zones is None or (zone is not None and zone.kind in entry.zones)
    return False


def bio(document: Any, layer: str, name_of: Callable[[Any], str]) -> dict[int, str]:
    """Tags by the start of a token: greedy by (start, -end, id) over continuous spans that begin and end with tokens."""
    tags: dict[int, str] = {}
    position = 0
    for record in sorted(getattr(document, layer) or (), key=lambda one: (extent(one)[0], -extent(one)[1], one.id)):
        start, end = extent(record)
        sentence = holder(document.sentences, start, end)
        inside = [token for token in sentence.tokens if start <= token.start and token.end <= end] if sentence else []
        if len(record.spans) > 1 or start < position or not inside or (inside[0].start, inside[-1].end) != (start, end):
            continue
        for token in inside:
            tags[token.start] = f"{'B' if token.start == start else 'I'}-{name_of(record)}"
        position = end
    return tags


def excuses(record: Any) -> Any:
    """What a record is excused from."""
    return None if record.ignore is None else plain(record.ignore)


def plain(value: Any) -> Any:
    """Structs as dicts with every field, tuples as lists."""
    if hasattr(value, "__struct_fields__"):
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    return [plain(item) for item in value] if isinstance(value, tuple) else value


# --- dates ------------------------------------------------------------------------------------------------------------


def calendar_date(value: str | None, context: str | None) -> tuple[str, str, str] | None:
    """(date, first day, last day) of a TIMEX3 value; a year written XXXX is the context's, any other X is no date."""
    parts = (value or "").split("T")[0].split("-")
    if parts[0] == "XXXX" and context:
        parts[0] = context.split("-")[0]
    if len(parts) > 3 or any(not _digits(part, 2 if index else 4) for index, part in enumerate(parts)):
        return None
    numbers = [int(part) for part in parts]
    year, month = numbers[0], numbers[1] if len(numbers) > 1 else None
    if not 1 <= year <= 9999 or not (month is None or 1 <= month <= 12):
        return None
    length = calendar.monthrange(year, month or 12)[1]
    day = numbers[2] if len(numbers) > 2 else None
    if day is not None and not 1 <= day <= length:
        return None
    first, last = datetime.date(year, month or 1, day or 1), datetime.date(year, month or 12, day or length)
    return "-".join(parts), first.isoformat(), last.isoformat()


def _digits(part: str, length: int) -> bool:
    return len(part) == length and part.isascii() and part.isdigit()


# --- the tables -------------------------------------------------------------------------------------------------------


@dataclass
class Oracle:
    """One corpus; `tables()` gives the rows of every table, documents in id order, records in the order of their layer."""

    documents: Sequence[Any]
    languages: Sequence[str]
    ontology: Mapping[str, Any]
    clusters: Sequence[Any] | None = None
    alignments: Sequence[Any] | None = None
    links: Sequence[Any] | None = None
    gazetteer: Mapping[str, Any] = field(default_factory=dict)
    layers: Sequence[str] = (
        "segments", "languages", "sentences", "entities", "values", "events", "attributions", "relations",
    )  # fmt: skip

    def __post_init__(self) -> None:
        self.documents = sorted(self.documents, key=lambda document: document.id)
        self.held = {
            f"{document.id}#{record.id}": (document, layer, record)
            for document in self.documents
            for layer in self.layers
            for record in getattr(document, layer) or ()
        }
        self.members = {cluster.id: self._members(cluster) for cluster in self.clusters or ()}
        self.cluster_of = {target: name for name, targets in self.members.items() for target in targets}
        self.event_types = {entry["type"]: entry for entry in self.ontology["events"]["types"]}

    @classmethod
    def of(cls, corpus: Any, ontology: Mapping[str, Any]) -> Oracle:
        """The oracle of a `qantar.Corpus`."""
        across = (corpus.clusters, corpus.alignments, corpus.links)
        return cls(list(corpus.documents.values()), corpus.settings.languages, ontology, *across, corpus.gazetteer)

    def tables(self) -> dict[str, Rows]:
        """Rows of each table by its name."""
        inside = {"segments": self.segment, "sentences": self.sentence, "entities": self.entity, "events": self.event}
        return {
            "documents": [plain(document) for document in self.documents],
            **{layer: [make(document, record) for document, record in self.records(layer)] for layer, make in inside.items()},
            "arguments": [row for document, event in self.records("events") for row in self.flat_arguments(document, event)],
            "relations": [self.relation(*pair) for pair in self.records("relations")] + [self.link(one) for one in self.links or ()],
            "parallel": [self.alignment(one) for one in self.alignments or ()],
            "clusters": [self.cluster(one) for one in self.clusters or ()],
            "reports": list(self.reports()),
        }

    def records(self, layer: str) -> Iterator[tuple[Any, Any]]:
        """(document, record) of a layer, in order."""
        for document in self.documents:
            for record in getattr(document, layer) or ():
                yield document, record

    # rows of one document

    def segment(self, document: Any, zone: Any) -> Row:
        cells = span_cells(document, zone)
        del cells["fragments"]
        return {"id": f"{document.id}#{zone.id}", "document": document.id, **cells, "kind": zone.kind, "lang": zone.lang, "date": zone.date}

    def sentence(self, document: Any, sentence: Any) -> Row:
        start, end = sentence.start, sentence.end
        zone = holder(document.segments, start, end)
        entities = bio(document, "entities", lambda record: record.type.split(".")[0])
        triggers = bio(document, "events", lambda record: record.type)

        def tags(layer: str, found: dict[int, str]) -> list[str] | None:
            return [found.get(token.start, "O") for token in sentence.tokens] if annotated(document, layer, start, end) else None

        return {
            "id": f"{document.id}#{sentence.id}",
            "document": document.id,
            "segment": f"{document.id}#{zone.id}" if zone else None,
            "start": start,
            "end": end,
            "text": document.text[start:end],
            "lang": language(document, start, end),
            "tokens": [document.text[token.start : token.end] for token in sentence.tokens],
            "starts": [token.start for token in sentence.tokens],
            "ends": [token.end for token in sentence.tokens],
            "langs": [token_language(document, token) for token in sentence.tokens],
            "lemmas": [token.lemma for token in sentence.tokens],
            "upos": [token.upos for token in sentence.tokens],
            "ner_tags": tags("entities", entities),
            "trigger_tags": tags("events", triggers),
            "fold": document.fold,
        }

    def entity(self, document: Any, mention: Any) -> Row:
        _, sentence = self.where(document, mention)
        return {
            **self.common(document, mention),
            **sentence,
            "sentence": self.sentence_id(document, mention),
            "type": mention.type,
            "level": mention.level,
            "used_as": mention.used_as,
            "chain": self.chain(document, mention),
            "link": mention.link,
            "wikidata": self.wikidata(mention.link),
        }

    def event(self, document: Any, event: Any) -> Row:
        holding, tokens = self.where(document, event)
        sentence = None
        if holding is not None:
            cells = span_cells(document, holding)
            sentence = {"id": f"{document.id}#{holding.id}", **{key: cells[key] for key in ("start", "end", "text")}}
        time, place = self.first(document, event, "Time"), self.first(document, event, "Place")
        return {
            **self.common(document, event),
            **tokens,
            "sentence": sentence,
            "type": event.type,
            "aspect": event.aspect,
            "factuality": event.factuality,
            "plover_context": plain(event.plover_context),
            "arguments": [self.argument(document, argument) for argument in event.arguments],
            "attributions": [self.attribution(document, hop, one) for hop, one in self.said(document, event)],
            "time_text": time and self.text(document, time),
            "time_value": time and time.value,
            "place_text": place and self.text(document, place),
            "place_link": place and place.link,
        }

    def flat_arguments(self, document: Any, event: Any) -> Iterator[Row]:
        for argument in event.arguments:
            cells = self.argument(document, argument)
            yield {
                "event": f"{document.id}#{event.id}",
                "document": document.id,
                "event_type": event.type,
                **cells,
                "wikidata": self.wikidata(cells["link"]),
                "fold": document.fold,
            }

    def relation(self, document: Any, relation: Any) -> Row:
        ends = {name: (f"{document.id}#{getattr(relation, name)}") for name in ("head", "tail")}
        return self.relation_row(f"{document.id}#{relation.id}", relation, ends)

    # parts of rows

    def common(self, document: Any, record: Any) -> Row:
        return {
            "id": f"{document.id}#{record.id}",
            "document": document.id,
            **span_cells(document, record),
            "cluster": self.cluster_of.get(f"{document.id}#{record.id}"),
            "lang": language(document, *extent(record)),
            "fold": document.fold,
        }

    def where(self, document: Any, record: Any) -> tuple[Any | None, Row]:
        """The sentence that holds a record, and the range of its tokens that the record touches."""
        start, end = extent(record)
        sentence = holder(document.sentences, start, end)
        if sentence is None:
            return None, {"token_start": None, "token_end": None}
        before = sum(token.end <= start for token in sentence.tokens)
        touched = sum(token.start < end and start < token.end for token in sentence.tokens)
        return sentence, {"token_start": before, "token_end": before + touched}

    def sentence_id(self, document: Any, record: Any) -> str | None:
        sentence, _ = self.where(document, record)
        return f"{document.id}#{sentence.id}" if sentence else None

    def argument(self, document: Any, argument: Any) -> Row:
        _, layer, filler = self.held[f"{document.id}#{argument.target}"]
        entity = layer == "entities"
        return {
            "role": argument.role,
            "target": f"{document.id}#{argument.target}",
            "kind": FILLERS[layer],
            **span_cells(document, filler),
            "type": self.filler_type(filler),
            "chain": self.chain(document, filler) if entity else None,
            "link": filler.link if entity else None,
        }

    def attribution(self, document: Any, hop: int, attribution: Any) -> Row:
        return {
            "hop": hop,
            "source": f"{document.id}#{attribution.source}" if attribution.source else None,
            "source_text": self.source_name(document, attribution),
            "cue": attribution.quote,
            "medium": attribution.medium,
            "factuality": attribution.factuality,
        }

    def said(self, document: Any, event: Any) -> list[tuple[int, Any]]:
        """(hop, attribution): those that list the event or whose content holds its trigger, and who passed them on."""
        trigger = covered_offsets(event.spans)
        hops: dict[str, int] = {}
        by_id = {one.id: one for one in document.attributions or ()}

        def climb(one: Any, hop: int) -> None:
            hops[one.id] = max(hop, hops.get(one.id, 0))
            if one.via is not None:
                climb(by_id[one.via], hop + 1)

        for one in by_id.values():
            if event.id in one.events or trigger <= covered_offsets(one.content):
                climb(one, 1)
        return sorted(((hops[one.id], one) for one in by_id.values() if one.id in hops), key=lambda pair: pair[0])

    def source_name(self, document: Any, attribution: Any) -> str | None:
        return None if attribution.source is None else self.name(document, self.held[f"{document.id}#{attribution.source}"][2])

    def name(self, document: Any, record: Any) -> str:
        """The longest name in a mention's chain, the first of equals; else the record's own text."""
        chain = getattr(record, "chain", None)
        mentions = [one for one in document.entities or () if one is record or (chain is not None and one.chain == chain)]
        names = [one for one in mentions if one.level == "name"]
        names.sort(key=lambda one: (-len(self.text(document, one)), extent(one)[0]))
        return self.text(document, names[0] if names else record)

    def text(self, document: Any, record: Any) -> str:
        start, end = extent(record)
        return str(document.text[start:end])

    def chain(self, document: Any, mention: Any) -> str | None:
        return f"{document.id}#{mention.chain}" if mention.chain is not None else None

    def filler_type(self, filler: Any) -> str:
        return str(getattr(filler, "used_as", None) or filler.type)

    def wikidata(self, link: str | None) -> str | None:
        if link is None:
            return None
        if ":" in link:
            return link.split(":", 1)[1] if link.startswith("wikidata:") else None
        return self.gazetteer[link].wikidata if link in self.gazetteer else None

    def fillers(self, document: Any, event: Any, role: str) -> list[Any]:
        """Fillers of a role in the annotation's order."""
        return [self.held[f"{document.id}#{argument.target}"][2] for argument in event.arguments if argument.role == role]

    def first(self, document: Any, event: Any, role: str) -> Any | None:
        """The first filler of a role in text order."""
        return min(self.fillers(document, event, role), key=lambda filler: extent(filler)[0], default=None)

    # rows that span documents

    def relation_row(self, name: str, record: Any, ends: Mapping[str, str]) -> Row:
        row = {"id": name, "type": record.type, "note": record.note, "ignore": excuses(record)}
        for key, target in ends.items():
            document, _, found = self.held[target]
            row |= {key: target, f"{key}_document": document.id, f"{key}_text": words_of(document, found)}
        return row

    def link(self, link: Any) -> Row:
        return self.relation_row(link.id, link, {"head": link.head.target, "tail": link.tail.target})

    def alignment(self, alignment: Any) -> Row:
        row = {"id": alignment.id, "relation": alignment.relation, "note": alignment.note, "ignore": excuses(alignment)}
        for name in ("a", "b"):
            side = getattr(alignment, name)
            document = next(one for one in self.documents if one.id == side.document)
            row |= {f"{name}_document": document.id, **span_cells(document, side, f"{name}_")}
            row[f"{name}_lang"] = language(document, *extent(side))
        return row

    def _members(self, cluster: Any) -> list[str]:
        """Global ids of a cluster's mentions: chains are whole; in the order of documents and places."""
        found: set[str] = set()
        for member in cluster.members:
            document, layer, record = self.held[member.target]
            chain = record.chain if layer == "entities" else None
            mentions = [one for one in document.entities if one.chain == chain] if chain else [record]
            found |= {f"{document.id}#{one.id}" for one in mentions}
        return sorted(found, key=self.place)

    def place(self, target: str) -> tuple[str, int, int, str]:
        document, _, record = self.held[target]
        start, end = extent(record)
        return document.id, start, -end, record.id

    def cluster(self, cluster: Any) -> Row:
        mentions = [self.held[target] for target in self.members[cluster.id]]
        links = [record.link for _, _, record in mentions if getattr(record, "link", None)]
        items = [item for item in map(self.wikidata, links) if item]
        return {
            "id": cluster.id,
            "kind": cluster.kind,
            "type": cluster.type,
            "labels": self.cluster_labels(cluster, mentions, links),
            "wikidata": items[0] if items else None,
            "mentions": [
                {
                    "document": document.id,
                    "id": f"{document.id}#{record.id}",
                    **span_cells(document, record),
                    "lang": language(document, *extent(record)),
                }
                for document, _, record in mentions
            ],
            "note": cluster.note,
            "ignore": excuses(cluster),
        }

    def cluster_labels(self, cluster: Any, mentions: Sequence[tuple[Any, str, Any]], links: Sequence[str]) -> Rows:
        """As written; else the gazetteer's first name of each language; else the longest name, or mention, of each."""
        if cluster.labels is not None:
            return [plain(form) for form in cluster.labels]
        usual: dict[str, str] = {}
        for link in links:
            if link in self.gazetteer:
                for name in self.gazetteer[link].names:
                    usual.setdefault(name.lang, name.text)
                return [{"lang": lang, "text": usual[lang]} for lang in sorted(usual)]
        names = [one for one in mentions if getattr(one[2], "level", None) == "name"] or list(mentions)
        for document, _, record in names:
            lang, text = language(document, *extent(record)), self.text(document, record)
            if len(text) > len(usual.get(lang, "")):
                usual[lang] = text
        return [{"lang": lang, "text": usual[lang]} for lang in self.languages if lang in usual]

    # coded reports

    def reports(self) -> Iterator[Row]:
        """A row an event with a code in at least one scheme; `primary` once a cluster, at its first row."""
        seen: set[str] = set()
        rows = [(document, event, codes) for document, event in self.records("events") if (codes := self.codes(document, event))]
        for document, event, _ in sorted(rows, key=lambda one: self.place(f"{one[0].id}#{one[1].id}")):
            cluster = self.cluster_of.get(f"{document.id}#{event.id}")
            if cluster is None or cluster not in {self.cluster_of.get(target) for target in seen}:
                seen.add(f"{document.id}#{event.id}")
        for document, event, codes in rows:
            yield self.report(document, event, codes, f"{document.id}#{event.id}" in seen)

    def report(self, document: Any, event: Any, codes: Row, primary: bool) -> Row:
        common = self.common(document, event)
        cluster = common["cluster"]
        sentence = holder(document.sentences, *extent(event))
        sources = [name for _, one in self.said(document, event) if (name := self.source_name(document, one)) is not None]
        return {
            **{key: cell for key, cell in common.items() if key != "fold"},
            "documents": len({target.split("#")[0] for target in self.members[cluster]}) if cluster else 1,
            "primary": primary,
            "type": event.type,
            **self.dated(document, event),
            **self.located(document, event),
            **codes,
            "plover_contexts": plain(event.plover_context),
            **self.actors(document, event),
            **self.counted(document, event),
            "source": sources[0] if sources else None,
            "source_chain": sources,
            "factuality": event.factuality,
            "sentence": self.sentence_id(document, event),
            "sentence_text": self.text(document, sentence) if sentence else None,
        }

    def codes(self, document: Any, event: Any) -> Row | None:
        """Codes of the first crosswalk row that holds; None where none of the schemes has one."""
        for row in self.ontology["crosswalk"]["rows"]:
            if row["type"] == event.type and self.holds(document, event, row["when"]):
                if all(row[scheme]["quality"] == "none" for scheme in SCHEMES):
                    return None
                return {
                    "plover_event": row["plover"]["event"],
                    "plover_mode": row["plover"]["mode"],
                    "cameo": row["cameo"]["code"],
                    "acled_like_event": row["acled"]["event"],
                    "acled_like_sub_event": row["acled"]["sub_event"],
                    "crosswalk_quality": {
                        "plover": row["plover"]["quality"],
                        "cameo": row["cameo"]["quality"],
                        "acled_like": row["acled"]["quality"],
                    },
                }
        return None

    def holds(self, document: Any, event: Any, when: Mapping[str, Any] | None) -> bool:
        if when is None:
            return True
        types = [self.filler_type(filler) for filler in self.fillers(document, event, when["role"])]
        return any(kind in when["fillers"] or kind.split(".")[0] in when["fillers"] for kind in types)

    def dated(self, document: Any, event: Any) -> Row:
        """Of the first Time argument, seen from the zone's date or else the anchor; of the zone; of the anchor."""
        zone, time = holder(document.segments, *extent(event)), self.first(document, event, "Time")
        of_zone, of_anchor = zone.date if zone else None, document.anchor.date
        tries = [
            ("argument", calendar_date(time.value if time else None, of_zone or of_anchor)),
            ("zone", calendar_date(of_zone, None)),
            ("anchor", calendar_date(of_anchor, None)),
        ]
        basis, found = next(((basis, found) for basis, found in tries if found), (None, (None, None, None)))
        return {"date": found[0], "date_start": found[1], "date_end": found[2], "date_basis": basis}

    def located(self, document: Any, event: Any) -> Row:
        """The first Place argument that the gazetteer knows, else the first one; named in English where known."""
        places = sorted(self.fillers(document, event, "Place"), key=lambda filler: extent(filler)[0])
        chosen = next((place for place in places if place.link in self.gazetteer), places[0] if places else None)
        entry = self.gazetteer.get(chosen.link) if chosen else None
        english = [name.text for name in entry.names if name.lang == "en"] if entry else []
        return {
            "location": english[0] if english else self.name(document, chosen) if chosen else None,
            **{key: getattr(entry, key, None) for key in ("country", "admin1", "geonames", "latitude", "longitude", "geo_precision")},
        }

    def actors(self, document: Any, event: Any) -> Row:
        """For each actor the first argument, by the type's order of roles, that is not taken by the other."""
        row: Row = {}
        left = list(event.arguments)
        for actor in ("actor1", "actor2"):
            roles = self.event_types[event.type].get(actor, ())
            found = next((argument for role in roles for argument in left if argument.role == role), None)
            filler = None if found is None else self.held[f"{document.id}#{found.target}"][2]
            left = [argument for argument in left if argument is not found]
            row |= {actor: filler and self.name(document, filler), f"{actor}_type": filler and self.filler_type(filler)}
        return row

    def counted(self, document: Any, event: Any) -> Row:
        what = self.event_types[event.type].get("count_as")
        first = self.first(document, event, "Count")

        def numbers(value: Any) -> Row:
            return {"min": value.min, "max": value.max, "text": self.text(document, value)}

        counts = [
            {"what": what, "bound": value.bound, "unit": value.unit, **numbers(value)} for value in self.fillers(document, event, "Count")
        ]
        sizes = {size: numbers(first) if first and what == size else None for size in ("dead", "injured", "arrested", "crowd")}
        return {"counts": counts, **sizes}
