"""Hypothesis strategies for valid documents and corpora: every layer, with whatever the rules allow."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import strategies as st
from qantar.corpus import Corpus
from qantar.schema import Registry
from qantar.settings import Settings, read_settings

Json = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]

ROOT = Path(__file__).resolve().parents[1]
LAYERS = ("segments", "languages", "sentences", "entities", "values", "events", "attributions", "relations")
PREFIXES = dict(zip(LAYERS, "ZLSTVEAR", strict=True))
#: Document ids whose shards, of four, are spread: see `test_tables.test_ids_are_spread`.
IDS = ("0-a", "a", "aktau", "b", "c", "d", "e", "one", "strike-2", "two", "x" * 64, "z9")
WORDS = (
    "Порт", "закрито", "докери", "Reuters", "KEGOC", "қала", "Әлем", "ұйым", "Ұлт", "Соғым-FEST", "Telegram-канал", "14", "513.7", "USD/KZT",
    "2022-го", "😀", "🥩\ufe0f", "👨\u200d👩\u200d👧", "1🥩", "й\u0306", "e\u0301", "\u0301", "ﬁ", "日本", "ß", "𝒜", "\u200b", "«", "»", ".", ",", "–", '"', "\\",
    "{", "#",
)  # fmt: skip
GAPS = ("", " ", " ", " ", "\u00a0", "\t", "  ")
BREAKS = ("", "\n", "\n", "\r\n", "\r", " ", "\n\n", "\u2028", "\u0085\n", "\u00a0\n")
TIMES = (
    "XXXX-01-05", "XXXX-01-05", "XXXX-02", "2022-01-05", "2022-01", "2022", "XXXX-01-05", "XXXX-XX-XXT02", "XXXX-XX-05", "XXXX-05", "2022-02-30", "XXXX-02-29", "2022-01-05TEV",
    "PRESENT_REF", "PAST_REF", "P1Y", "2022-W01", "XXXX", "XXXX-WXX-3", "T02", "2024-02", "0000", "2022-1-5", "20XX", "2022-13", "2022-12-31T23:59",
)  # fmt: skip
#: Of these, what stands in no calendar; records that hold them say that it is meant.
IMPOSSIBLE = ("2022-02-30", "2022-13")
ANCHORS = ("2031-03-15", "2031-03", "2031", "2024-02-29", "2022-01-05")
ZONE_DATES = ("2024-11-23", "2022-06", "2025", "2023-02")
#: Entity types that fill many roles, drawn more often than the rest.
BUSY_ENTITIES = ("GPE.city", "PER", "GROUP", "ORG.security", "ORG.gov", "FAC.building", "WEAPON", "VEHICLE")
#: Types whose crosswalk depends on fillers, or that count, or that take events; drawn more often than the rest.
BUSY_TYPES = (
    "Conflict.Attack.Shoot", "Conflict.Attack.SetFire", "Conflict.Attack.StealRob", "Conflict.Yield.Retreat",
    "Transaction.TransferControl.Seize", "Justice.InvestigateCrime.Unspecified", "Justice.InitiateJudicialProcess.Unspecified",
    "Yield.Refuse", "Movement.Transportation.Unspecified", "Conflict.Demonstrate.Protest", "Conflict.Attack.Clash", "Life.Die.Unspecified",
    "Life.Injure.Unspecified", "Justice.ArrestJailDetain.Unspecified", "Contact.RequestCommand.Demand", "Force.Deploy",
)  # fmt: skip


@cache
def contract() -> tuple[Settings, Registry]:
    """Settings and contract of the repository's corpus."""
    return read_settings(ROOT / "corpus")


@cache
def labels(name: str) -> tuple[str, ...]:
    """A label set of the contract."""
    return contract()[1].ontology.labels(name)


@cache
def roles_of(event_type: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Every role of an event type with the types that may fill it."""
    ontology = contract()[1].ontology
    return tuple((role, ontology.fillers(event_type, role)) for role in sorted(ontology.events[event_type].roles))


# --- small draws ------------------------------------------------------------------------------------------------------


def pick(draw: Draw, options: Sequence[Any]) -> Any:
    """One of the options."""
    return draw(st.sampled_from(options))


def chance(draw: Draw, one_in: int) -> bool:
    """True about once in `one_in`; shrinks to False."""
    return bool(draw(st.integers(0, one_in - 1)) == one_in - 1)


def count(draw: Draw, most: int) -> int:
    """A number up to `most`."""
    return int(draw(st.integers(0, most)))


def some(draw: Draw, **fields: tuple[int, Sequence[Any]]) -> Json:
    """Optional fields: each is there about once in its first number, with one of its options."""
    return {name: pick(draw, options) for name, (one_in, options) in fields.items() if chance(draw, one_in)}


#: Excuses that nothing needs: only a warning.
EXCUSES = [[], [{"code": "chain-type", "reason": "Made up."}]]


def extras(draw: Draw) -> Json:
    """`note` and `ignore`, now and then."""
    return some(draw, note=(8, ["Made up.", "«қ» 😀"]), ignore=(12, EXCUSES))


# --- text, zones, sentences -------------------------------------------------------------------------------------------


class Page:
    """A text in the making: its zones, sentences and tokens as offsets."""

    def __init__(self, draw: Draw) -> None:
        self.text = ""
        self.zones: list[tuple[int, int]] = []
        self.sentences: list[tuple[int, int, list[tuple[int, int]]]] = []
        for _ in range(0 if chance(draw, 15) else 1 + count(draw, 2)):
            self._zone(draw)
        edges = {edge for _, _, tokens in self.sentences for token in tokens for edge in token}
        self.edges = sorted(edges | {0, len(self.text)})

    def _zone(self, draw: Draw) -> None:
        start = len(self.text)
        self.text += pick(draw, BREAKS) if chance(draw, 5) else ""
        for _ in range(0 if chance(draw, 8) else 1 + count(draw, 2)):
            self._sentence(draw)
            self.text += pick(draw, BREAKS)
        if len(self.text) > start:
            self.zones.append((start, len(self.text)))

    def _sentence(self, draw: Draw) -> None:
        start, tokens = len(self.text), []
        for word in draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6)):
            if tokens:
                self.text += pick(draw, GAPS)
            tokens.append((len(self.text), len(self.text) + len(word)))
            self.text += word
        self.sentences.append((start, len(self.text), tokens))

    def spans(self, draw: Draw) -> list[Json]:
        """One span of whole tokens, or one inside of tokens, or fragments of either sort. The text is not empty."""
        kind = count(draw, 9)
        points = range(len(self.text) + 1) if kind in (6, 7, 8) else self.edges
        most = 2 + count(draw, 1) if kind > 7 else 1
        start = count(draw, len(points) - 2)
        near = points[start : start + 9]
        size = 2 * most if 2 * most <= len(near) else 2
        cuts = sorted(draw(st.lists(st.sampled_from(near), min_size=size, max_size=size, unique=True)))
        return [{"start": one, "end": two} for one, two in zip(cuts[::2], cuts[1::2], strict=True)]

    def anchored(self, draw: Draw) -> Json:
        """`spans` and `quote`."""
        return self.quoting(self.spans(draw))

    def quoting(self, spans: list[Json]) -> Json:
        """`spans` and the text that they cover."""
        return {"spans": spans, "quote": " ".join(self.text[span["start"] : span["end"]] for span in spans)}


def segments_of(draw: Draw, page: Page) -> list[Json]:
    """The zones as records."""
    return [
        {
            "start": start,
            "end": end,
            "kind": pick(draw, labels("segment-kind")[:4]),
            "lang": pick(draw, labels("language")),
            **some(draw, date=(2, ZONE_DATES)),
            **extras(draw),
        }
        for start, end in page.zones
    ]


def sentences_of(draw: Draw, page: Page, may_miss: Callable[[int], bool]) -> list[Json]:
    """The sentences as records; those that lie where the layer was not annotated may be left out."""
    kept = [one for one in page.sentences if not (may_miss(one[0]) and chance(draw, 2))]
    return [
        {"start": start, "end": end, "tokens": [token_of(draw, page, *token) for token in tokens], **extras(draw)}
        for start, end, tokens in kept
    ]


def token_of(draw: Draw, page: Page, start: int, end: int) -> Json:
    """A token, annotated or not."""
    full = {"lemma": page.text[start:end], "upos": pick(draw, labels("upos")), "feats": "Case=Nom|Number[psor]=Sing,Plur"}
    return {"start": start, "end": end, **{name: full[name] for name in full if not chance(draw, 4)}}


def languages_of(draw: Draw, page: Page) -> list[Json]:
    """Stretches that do not overlap, but may touch; some have several fragments, with others in between."""
    points = page.edges if chance(draw, 2) else range(len(page.text) + 1)
    cuts = sorted(draw(st.lists(st.sampled_from(points), min_size=2, max_size=8, unique=True)))
    groups: list[list[Json]] = []
    for start, end in pairwise(cuts):
        choice = count(draw, 4)
        if choice < 2 and groups and groups[-1 - choice % len(groups)][-1]["end"] < start:
            groups[-1 - choice % len(groups)].append({"start": start, "end": end})
        elif choice < 4:
            groups.append([{"start": start, "end": end}])
    return [
        {**page.quoting(spans), "lang": pick(draw, labels("language")), "script": pick(draw, labels("script")), **extras(draw)}
        for spans in groups
    ]


# --- records on the text ----------------------------------------------------------------------------------------------


def entities_of(draw: Draw, page: Page, links: Sequence[str]) -> list[Json]:
    """Mentions; those of one chain share type and link."""
    chains: dict[str, Json] = {}

    def kind() -> Json:
        types = BUSY_ENTITIES if count(draw, 2) else labels("entity-type")
        return {"type": pick(draw, types), **some(draw, link=(2, [*links, *links, "wikidata:Q35493", "osm:n1.2"]))}

    found = []
    for _ in range(1 + count(draw, 6)):
        name = pick(draw, ["", "", "crowd", "x-1"])
        shared = chains.setdefault(name, kind()) if name else kind()
        found.append(
            {
                **page.anchored(draw),
                "level": pick(draw, labels("level")),
                **shared,
                **({"chain": name} if name else {}),
                **some(draw, used_as=(6, labels("entity-type"))),
                **extras(draw),
            }
        )
    return found


def values_of(draw: Draw, page: Page) -> list[Json]:
    """Times and quantities."""
    found = []
    for _ in range(1 + count(draw, 3)):
        kind = pick(draw, ["DATE", "TIME", "COUNT", "COUNT"] if count(draw, 2) else labels("value-type"))
        if kind in ("DATE", "TIME", "DURATION", "SET"):
            cells = {**({} if chance(draw, 5) else {"value": pick(draw, TIMES)}), **some(draw, precision=(2, labels("precision")))}
        else:
            numbers = [0, 7, 40, -3, 2.5, 1900000000000, 0.1]
            cells = some(draw, min=(2, numbers), max=(2, numbers), bound=(2, labels("bound")), unit=(2, ["docker", "KZT/USD"]))
        meant = {"ignore": [{"code": "impossible-date", "reason": "Made up."}]} if cells.get("value") in IMPOSSIBLE else {}
        found.append({**page.anchored(draw), "type": kind, **cells, **extras(draw), **meant})
    return found


def events_of(draw: Draw, page: Page, fillers: dict[str, str], prefix: str, first: int) -> list[Json]:
    """Events; `fillers` maps ids of entities and values to types. An event takes only later ones, so no circle closes."""
    kinds = [pick(draw, BUSY_TYPES if count(draw, 2) else labels("event-type")) for _ in range(1 + count(draw, 3))]
    found = []
    for index, kind in enumerate(kinds):
        later = {f"{prefix}{first + number}": kinds[number] for number in range(index + 1, len(kinds))}
        found.append(
            {
                **page.anchored(draw),
                "type": kind,
                "arguments": arguments_of(draw, kind, fillers | later),
                "aspect": pick(draw, labels("aspect")),
                "factuality": pick(draw, labels("factuality")),
                **some(draw, plover_context=(3, [[], ["economic"], ["military", "legal"]])),
                **extras(draw),
            }
        )
    return found


def arguments_of(draw: Draw, event_type: str, fillers: dict[str, str]) -> list[Json]:
    """Arguments with fillers that their roles take."""
    options = [(role, [name for name, kind in fillers.items() if kind in kinds]) for role, kinds in roles_of(event_type)]
    options = [(role, targets) for role, targets in options if targets]
    options += [option for option in options if option[0] in ("Time", "Place", "Count", "Attacker", "Retreater")]
    chosen = draw(st.lists(st.sampled_from(options), max_size=6)) if options else []
    return [{"role": role, "target": pick(draw, targets)} for role, targets in chosen]


def attributions_of(draw: Draw, page: Page, entities: list[str], events: list[str], prefix: str, first: int) -> list[Json]:
    """Attributions; `via` leads to a later one. Fragments of the content may touch."""
    size, found = count(draw, 4), []
    for index in range(size):
        later = [f"{prefix}{first + number}" for number in range(index + 1, size)]
        content = page.spans(draw)
        if chance(draw, 4) and content[-1]["end"] < len(page.text):
            content = [*content, {"start": content[-1]["end"], "end": len(page.text)}]
        found.append(
            {
                **page.anchored(draw),
                "source": pick(draw, [None, *entities, *entities]),
                "content": content,
                "events": draw(st.lists(st.sampled_from(events), max_size=2)) if events else [],
                "medium": pick(draw, labels("medium")),
                "factuality": pick(draw, labels("factuality")),
                **(some(draw, via=(2, later)) if later else {}),
                **extras(draw),
            }
        )
    return found


def relations_of(draw: Draw, ids: list[str]) -> list[Json]:
    """Relations between any records."""
    if not ids:
        return []
    return [
        {"type": pick(draw, labels("relation-type")), "head": pick(draw, ids), "tail": pick(draw, ids), **extras(draw)}
        for _ in range(count(draw, 3))
    ]


def draft(draw: Draw) -> Json:
    """The mark of a draft: none, or that it is none. A layer that is one keeps a corpus from being built."""
    return {"draft": False} if chance(draw, 4) else {}


def basis(draw: Draw) -> str | None:
    """How something is known; null, which is a warning, where nobody has said."""
    return None if chance(draw, 4) else "Made up."


# --- documents --------------------------------------------------------------------------------------------------------


def anchor(draw: Draw) -> Json:
    """A date and a precision that fits it, or is vague or not stated."""
    found = pick(draw, [None, *ANCHORS])
    fitting = {None: [], 4: ["year"], 7: ["month"], 10: ["day", "week", "hour"]}[found and len(found)]
    return {"date": found, "precision": pick(draw, [None, "vague", *fitting]), "basis": basis(draw)}


@st.composite
def documents(draw: Draw, name: str = "one", links: tuple[str, ...] = ("almaty", "reuters")) -> Json:
    """A native Document as JSON that has no errors; `links` are the ids of the gazetteer."""
    page = Page(draw)
    layers, zones = layers_of(draw, page, links)
    coverage = [{"layer": layer, "zones": zones.get(layer), **draft(draw)} for layer in LAYERS if layers[layer] is not None]
    return {
        "id": name,
        "file": pick(draw, ["harbour_17.txt", "файл 1.txt"]),
        "text": page.text,
        "sha256": hashlib.sha256(page.text.encode()).hexdigest(),
        "lang": pick(draw, labels("language")),
        "languages_present": present(layers),
        "title": pick(draw, [None, "", "Порт «закрито»"]),
        "publisher": pick(draw, [None, "Harbour Gazette"]),
        "published": pick(draw, [None, "2031-03", "2031-03-14"]),
        "coverage": draw(st.permutations(coverage)),
        "anchor": anchor(draw),
        "rights": {
            "holder": pick(draw, [None, "А"]),
            "licence": "CC0-1.0",
            "redistribute": pick(draw, [True, False]),
            "basis": basis(draw),
        },
        "leak_group": pick(draw, [None, "g-1"]),
        "fold": pick(draw, [None, 0, 3, 2**31 - 1]),
        **{layer: records for layer, records in layers.items() if records is not None},
    }


def layers_of(draw: Draw, page: Page, links: tuple[str, ...]) -> tuple[dict[str, list[Json] | None], dict[str, list[str] | None]]:
    """Every layer, or None, and the kinds of zones that it was annotated in."""
    there = {layer: not chance(draw, 8) for layer in LAYERS}
    first = {layer: pick(draw, [1, 1, 8]) for layer in LAYERS}
    zones = {layer: pick(draw, [None, None, [], ["headline"], ["body", "headline"]]) for layer in LAYERS}
    layers: dict[str, list[Json] | None] = dict.fromkeys(LAYERS)

    def number(layer: str, make: Callable[[], list[Json]]) -> list[str]:
        if there[layer]:
            empty = chance(draw, 8) and layer not in ("segments", "sentences")
            records = [] if empty or not (page.text or layer == "relations") else make()
            layers[layer] = [{"id": f"{PREFIXES[layer]}{first[layer] + index}", **record} for index, record in enumerate(records)]
        return [record["id"] for record in layers[layer] or ()]

    def may_miss(at: int) -> bool:
        found = layers["segments"] is not None and zones["sentences"] is not None
        return found and not any(zone["start"] <= at < zone["end"] and zone["kind"] in zones["sentences"] for zone in layers["segments"])

    ids = number("segments", lambda: segments_of(draw, page))
    ids += number("languages", lambda: languages_of(draw, page))
    ids += number("sentences", lambda: sentences_of(draw, page, may_miss))
    mentions = number("entities", lambda: entities_of(draw, page, links))
    ids += mentions + number("values", lambda: values_of(draw, page))
    fillers = {record["id"]: record.get("used_as", record["type"]) for layer in ("entities", "values") for record in layers[layer] or ()}
    events = number("events", lambda: events_of(draw, page, fillers, PREFIXES["events"], first["events"]))
    ids += events
    ids += number("attributions", lambda: attributions_of(draw, page, mentions, events, PREFIXES["attributions"], first["attributions"]))
    number("relations", lambda: relations_of(draw, ids))
    return layers, zones


def present(layers: dict[str, list[Json] | None]) -> list[str] | None:
    """`languages_present` of layers."""
    if layers["segments"] is None and layers["languages"] is None:
        return None
    seen = {record["lang"] for layer in ("segments", "languages") for record in layers[layer] or ()}
    return [lang for lang in contract()[0].languages if lang in seen and lang not in ("mul", "zxx")]


# --- corpora ----------------------------------------------------------------------------------------------------------


def gazetteer_of(draw: Draw) -> list[Json]:
    """Entries with and without identifiers."""
    names = [
        {"lang": "en", "text": "Almaty"},
        {"lang": "ru", "text": "Алматы"},
        {"lang": "kk", "text": "Алматы қ."},
        {"lang": "ru", "text": "А."},
    ]
    return [
        {
            "id": name,
            "kind": "thing",
            "names": draw(st.permutations(names))[: 1 + count(draw, 3)],
            "wikidata": pick(draw, [None, "Q35493"]),
            "geonames": pick(draw, [None, 1526384, 2**40]),
            "latitude": pick(draw, [None, 43.25, -90, 0]),
            "longitude": pick(draw, [None, 76.95, 180]),
            "geo_precision": pick(draw, [None, "city"]),
            "country": pick(draw, [None, "KZ"]),
            "admin1": pick(draw, [None, "Almaty"]),
            "quality": pick(draw, [None, "exact"]),
            "verified": None,
            "reason": None,
        }
        for name in ("almaty", "reuters")
        if not chance(draw, 4)
    ]


def units_of(found: list[Json]) -> dict[tuple[str, str], list[list[Json]]]:
    """What can be clustered, by kind and type: each unit is the members of a chain, or one record."""
    units: dict[tuple[str, str], dict[str, list[Json]]] = {}
    for document in found:
        for layer, kind in (("entities", "entity"), ("events", "event")):
            for record in document.get(layer, ()):
                key = f"{document['id']}#{record.get('chain', record['id'])}"
                member = {"target": f"{document['id']}#{record['id']}", "quote": record["quote"]}
                units.setdefault((kind, record["type"]), {}).setdefault(key, []).append(member)
    return {key: list(group.values()) for key, group in units.items()}


def clusters_of(draw: Draw, found: list[Json]) -> list[Json]:
    """Clusters of one kind and type; a chain comes in by any of its mentions, or by several."""
    clusters = []
    for (kind, name), units in units_of(found).items():
        members: list[Json] = []
        for unit in units:
            if count(draw, 2):
                members += draw(st.lists(st.sampled_from(unit), min_size=1, max_size=2, unique_by=lambda one: one["target"]))
        if members:
            shown = some(draw, labels=(5, [[], [{"lang": "uk", "text": "Порт"}]]), note=(4, ["Made up."]), ignore=(8, EXCUSES))
            clusters.append({"id": f"C{len(clusters) + 1}", "kind": kind, "type": name, **shown, "members": draw(st.permutations(members))})
    return clusters


def sides_of(draw: Draw, found: list[Json]) -> list[Json]:
    """Alignments between passages."""
    texts = [document for document in found if document["text"]]
    alignments = []
    for index in range(count(draw, 3) if texts else 0):
        sides = {}
        for side, document in zip("ab", sorted((pick(draw, texts), pick(draw, texts)), key=lambda one: one["id"]), strict=True):
            text = document["text"]
            spans = draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=4, unique=True).map(sorted))
            spans = [{"start": one, "end": two} for one, two in zip(spans[::2], spans[1::2], strict=False)]
            quote = " ".join(text[span["start"] : span["end"]] for span in spans)
            sides[side] = {"document": document["id"], "spans": spans, "quote": quote}
        relation = pick(draw, labels("alignment-type"))
        alignments.append({"id": f"P{index + 1}", "relation": relation, **sides, **some(draw, note=(3, ["Made up."]), ignore=(8, EXCUSES))})
    return alignments


def ends_of(draw: Draw, found: list[Json]) -> list[Json]:
    """Links between any records of any layer."""
    ends = [end for document in found for end in all_ends(document)]
    return [
        {
            "id": f"K{index + 1}",
            "type": pick(draw, labels("link-type")),
            "head": pick(draw, ends),
            "tail": pick(draw, ends),
            **some(draw, note=(3, ["Made up."]), ignore=(8, EXCUSES)),
        }
        for index in range(count(draw, 3) if ends else 0)
    ]


def all_ends(document: Json) -> list[Json]:
    """Every record as the end of a link."""
    return [
        {
            "target": f"{document['id']}#{record['id']}",
            "quote": record.get("quote") or (document["text"][record["start"] : record["end"]] if "start" in record else record["id"]),
        }
        for layer in LAYERS
        for record in document.get(layer) or ()
    ]


@st.composite
def corpora(draw: Draw, most: int = 4) -> Corpus:
    """A corpus without problems, of up to `most` documents."""
    settings, registry = contract()
    gazetteer = gazetteer_of(draw)
    names = draw(st.lists(st.sampled_from(IDS), min_size=1, max_size=most, unique=True))
    found = [draw(documents(name, tuple(entry["id"] for entry in gazetteer))) for name in sorted(names)]
    across = {"clusters": clusters_of, "alignments": sides_of, "links": ends_of}
    files = {name: None if chance(draw, 6) else to_records(make(draw, found), f"corpus/{name}", registry) for name, make in across.items()}
    entries = to_records(gazetteer, "corpus/gazetteer", registry)
    made = {document["id"]: msgspec.convert(document, registry.document_type) for document in found}
    return Corpus(settings, registry, made, **files, gazetteer={entry.id: entry for entry in entries})


def to_records(rows: list[Json], shape: str, registry: Registry) -> tuple[Any, ...]:
    """JSON objects as the typed records of a shape."""
    return tuple(msgspec.convert(row, registry.record_type(shape)) for row in rows)
