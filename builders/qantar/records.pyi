# Made by `qantar schema compile`; do not edit.

import msgspec

class Alignment(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    relation: str
    a: Side
    b: Side
    note: str | None = ...
    ignore: tuple[Ignore, ...] | None = ...

class Anchor(msgspec.Struct, frozen=True, kw_only=True):
    date: str | None
    precision: str | None
    basis: str | None

class Argument(msgspec.Struct, frozen=True, kw_only=True):
    role: str
    target: str

class Attribution(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    spans: tuple[Span, ...]
    quote: str
    source: str | None
    content: tuple[Span, ...]
    events: tuple[str, ...]
    medium: str
    factuality: str
    via: str | None = ...
    note: str | None = ...
    ignore: tuple[Ignore, ...] | None = ...

class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    kind: str
    type: str
    labels: tuple[Form, ...] | None = ...
    members: tuple[Member, ...]
    note: str | None = ...
    ignore: tuple[Ignore, ...] | None = ...

class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    layer: str
    zones: tuple[str, ...] | None
    draft: bool | None = ...

class Document(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    file: str
    text: str
    sha256: str
    lang: str
    languages_present: tuple[str, ...] | None
    title: str | None
    publisher: str | None
    published: str | None
    coverage: tuple[Coverage, ...]
    anchor: Anchor
    rights: Rights
    leak_group: str | None
    fold: int | None
    ignore: tuple[Ignore, ...] | None = ...
    segments: tuple[Segment, ...] | None = ...
    languages: tuple[Stretch, ...] | None = ...
    sentences: tuple[Sentence, ...] | None = ...
    entities: tuple[Entity, ...] | None = ...
    values: tuple[Value, ...] | None = ...
    events: tuple[Event, ...] | None = ...
    attributions: tuple[Attribution, ...] | None = ...
    relations: tuple[Relation, ...] | None = ...

class DocumentLine(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    file: str
    sha256: str
    lang: str
    title: str | None
    publisher: str | None
    published: str | None
    coverage: tuple[Coverage, ...]
    anchor: Anchor
    rights: Rights
    leak_group: str | None
    fold: int | None
    ignore: tuple[Ignore, ...] | None = ...

class End(msgspec.Struct, frozen=True, kw_only=True):
    target: str
    quote: str

class Entity(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    spans: tuple[Span, ...]
    quote: str
    type: str
    level: str
    chain: str | None = ...
    link: str | None = ...
    used_as: str | None = ...
    note: str | None = ...
    ignore: tuple[Ignore, ...] | None = ...

class Event(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    spans: tuple[Span, ...]
    quote: str
    type: str
    arguments: tuple[Argument, ...]
    aspect: str
    factuality: str
    plover_context: tuple[str, ...] | None = ...
    note: str | None = ...
    ignore: tuple[Ignore, ...] | None = ...

class Form(msgspec.Struct, frozen=True, kw_only=True):
    lang: str
    text: str

class GazetteerEntry(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    kind: str
    names: tuple[Name, ...]
    wikidata: str | None
    geonames: int | None
    latitude: float | None
    longitude: float | None
    geo_precision: str | None
    country: str | None
    admin1: str | None
    quality: str | None
    verified: str | None
    reason: str | None
    ignore: tuple[Ignore, ...] | None = ...

class Ignore(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    reason: str

class Link(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    type: str
    head: End
    tail: End
    note: str | None = ...
    ignore: tuple[Ignore, ...] | None = ...

class Member(msgspec.Struct, frozen=True, kw_only=True):
    target: str
    quote: str

class Name(msgspec.Struct, frozen=True, kw_only=True):
    lang: str
    text: str
    since: str | None = ...
    until: str | None = ...

class Relation(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    type: str
    head: str
    tail: str
    note: str | None = ...
    ignore: tuple[Ignore, ...] | None = ...

class Rights(msgspec.Struct, frozen=True, kw_only=True):
    holder: str | None
    licence: str
    redistribute: bool
    basis: str | None

class Segment(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    start: int
    end: int
    kind: str
    lang: str
    date: str | None = ...
    note: str | None = ...
    ignore: tuple[Ignore, ...] | None = ...

class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    start: int
    end: int
    tokens: tuple[Token, ...]
    note: str | None = ...
    ignore: tuple[Ignore, ...] | None = ...

class Side(msgspec.Struct, frozen=True, kw_only=True):
    document: str
    spans: tuple[Span, ...]
    quote: str

class Span(msgspec.Struct, frozen=True, kw_only=True):
    start: int
    end: int

class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    spans: tuple[Span, ...]
    quote: str
    lang: str
    script: str
    note: str | None = ...
    ignore: tuple[Ignore, ...] | None = ...

class Token(msgspec.Struct, frozen=True, kw_only=True):
    start: int
    end: int
    lemma: str | None = ...
    upos: str | None = ...
    feats: str | None = ...

class Value(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    spans: tuple[Span, ...]
    quote: str
    type: str
    value: str | None = ...
    precision: str | None = ...
    min: float | None = ...
    max: float | None = ...
    bound: str | None = ...
    unit: str | None = ...
    note: str | None = ...
    ignore: tuple[Ignore, ...] | None = ...
