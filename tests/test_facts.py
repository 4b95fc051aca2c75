"""Facts and quick proofs say what plain walks say, also of documents that are wrong; nothing is looked at once for each problem."""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import generate
import msgspec
import pytest
from generate import Draw, Json, contract
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from qantar import decode
from qantar.checking import check
from qantar.columns import Columns
from qantar.document import cover, follow, leaves, records
from qantar.rules import RULES, Context, anchors, extents, scripts
from qantar.rules.circles import all_end, circles
from qantar.rules.columns import Extents
from qantar.rules.dates import fault_of
from qantar.rules.facts import Facts
from qantar.rules.passed import Passed
from qantar.rules.places import in_order
from qantar.rules.signs import BLANK, CYRILLIC, HALF, LATIN, MARK, MARKS, PARTNERS, WORD, Letters, signs
from qantar.store import Folder, open_store
from qantar.store.gate import Gate, encode
from tiny import document_line, layers_of_two, write_corpus, write_lines

REGISTRY = contract()[1]
CONTEXT = Context(REGISTRY, {})
CHECKS = {rule.code: rule.check for rule in RULES if rule.check is not None}
many = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

Places = Iterator[tuple[Any, ...]]


# --- documents that have the right shape and wrong content ---------------------------------------------------------------


@st.composite
def wrong(draw: Draw) -> Any:
    """A Document with up to fifteen changes that its type allows."""
    value: Json = copy.deepcopy(draw(generate.documents()))
    dice = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311 -- to vary, not to hide
    for _ in range(dice.randrange(16)):
        dice.choice((move, rename, misquote, retype, retag, repeat, blank, foreign, contradict, lose, turn, state, cut))(dice, value)
    return msgspec.convert(value, REGISTRY.document_type)


def document_of(text: str, **layers: Any) -> Any:
    """A document of a text with these layers."""
    rights = {"holder": None, "licence": "CC0-1.0", "redistribute": True, "basis": "Made up."}
    anchor = {"date": None, "precision": None, "basis": "Made up."}
    fields = dict.fromkeys(("title", "publisher", "published", "leak_group", "fold", "languages_present"))
    body = {"id": "one", "file": "one.txt", "text": text, "sha256": "0" * 64, "lang": "ru", "rights": rights, "anchor": anchor, **fields}
    return msgspec.convert(body | {"coverage": []} | layers, REGISTRY.document_type)


def objects(value: Any) -> Iterator[Json]:
    """Every object in a JSON value."""
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(part)


def move(dice: random.Random, document: Json) -> None:
    """Moves one end of a zone, sentence, token or fragment a little, onto the other end, or past the text; or turns fragments round."""
    layer = dice.choice(REGISTRY.layers)
    held = [one for one in objects(document.get(layer)) if "start" in one]
    if held and dice.random() < 0.8:
        span, end = dice.choice(held), dice.choice(("start", "end"))
        other = span["end" if end == "start" else "start"]
        span[end] = max(0, dice.choice((other, span[end] - 1, span[end] + 1, span[end] + 2, len(document["text"]) + 1)))
    for record in [one for one in document.get(layer) or () if len(one.get("spans", ())) > 1]:
        record["spans"] = record["spans"][:: dice.choice((1, -1))]


def rename(dice: random.Random, document: Json) -> None:
    """Gives a record or a reference the id of another record, or one that nothing has."""
    ids = ["X9", *(one["id"] for layer in REGISTRY.layers for one in document.get(layer) or ())]
    fields = ("target", "source", "via", "head", "tail") if dice.random() < 0.8 else ("id",)
    held = [(one, field) for layer in REGISTRY.layers for one in objects(document.get(layer)) for field in fields if field in one]
    if held:
        one, field = dice.choice(held)
        one[field] = (
            dice.choice(ids if dice.random() < 0.5 else [name for name in ids if name[0] == one[field][:1]] or ids) if one[field] else "T1"
        )


def misquote(dice: random.Random, document: Json) -> None:
    """Changes a quote: to nonsense, or to what the first fragment alone, or all up to the last one, reads."""
    held = [one for layer in REGISTRY.layers for one in document.get(layer) or () if "quote" in one]
    if held:
        record = dice.choice([one for one in held if len(one["spans"]) > 1] or held)
        first, last = record["spans"][0], record["spans"][-1]
        text = document["text"]
        record["quote"] = dice.choice((text[first["start"] : first["end"]], text[first["start"] : last["end"]], "x")) or "x"


def retype(dice: random.Random, document: Json) -> None:
    """Changes chain, link and type of a mention, a date, or the kinds of zones that were annotated."""
    for mention in document.get("entities") or ():
        if dice.random() < 0.4:
            mention |= {"chain": dice.choice(("crowd", "x-1")), "link": dice.choice((None, "almaty"))}
            mention["type"] = dice.choice((mention["type"], "PER"))
    for one in objects([document.get("segments"), document.get("values")]):
        if dice.random() < 0.3 and ("value" in one or "kind" in one):
            one["value" if "value" in one else "date"] = dice.choice(("2022-02-30", "2022-13", "2022-01-05"))
    for entry in document["coverage"]:
        entry["zones"] = dice.choice((None, [], ["headline", "body"])) if entry["layer"] == "sentences" else entry["zones"]


def retag(dice: random.Random, document: Json) -> None:
    """Changes tag, lemma or features of a token to such as fit few."""
    tokens = [token for sentence in document.get("sentences") or () for token in sentence["tokens"]]
    if tokens:
        lemmas, feats = ("Kазах", "USD", "слово", " слово", "ёл\u00a0"), ("Number=Sing|Case=Nom", "Case=Acc|Case=Nom", "case", None)
        changes = {"upos": ("PUNCT", "NOUN", "SYM", None), "lemma": lemmas, "feats": feats}
        for field in dice.choices(list(changes), k=3):
            dice.choice(tokens)[field] = dice.choice(changes[field])


def repeat(dice: random.Random, document: Json) -> None:
    """Says a record or an argument again: as it is, or a mention with another type."""
    layer = dice.choice(("entities", "values", "events", "attributions", "relations", "languages"))
    if held := document.get(layer):
        held.append({**dice.choice(held), "id": "X8"})
        held[-1] |= {"type": "PER"} if layer == "entities" and dice.random() < 0.5 else {}
        held[-1] |= {"aspect": "begun", "factuality": "Uu"} if layer == "events" and dice.random() < 0.5 else {}
    for event in document.get("events") or ():
        event["arguments"] += event["arguments"][: dice.randrange(2)]


def cut(dice: random.Random, document: Json) -> None:
    """Makes two tokens of one, or one of two that follow each other."""
    held = [sentence["tokens"] for sentence in document.get("sentences") or () if sentence["tokens"]]
    if held:
        tokens = dice.choice(held)
        number = dice.randrange(len(tokens))
        one = tokens[number]
        if dice.random() < 0.5 and number + 1 < len(tokens):
            one["end"] = tokens.pop(number + 1)["end"]
        elif one["end"] - one["start"] > 1:
            border = dice.randrange(one["start"] + 1, one["end"])
            tokens[number : number + 1] = [{**one, "end": border}, {**one, "start": border}]


def blank(dice: random.Random, document: Json) -> None:
    """Makes a span, sentence or token of a blank or a mark more, with the quote that it has then."""
    text = document["text"]
    held = [(None, one) for one in objects(document.get("sentences")) if "start" in one]
    held += [(record, record["spans"][0]) for layer in REGISTRY.anchored() for record in document.get(layer) or ()]
    if held:
        record, span = dice.choice(held)
        span["start"], span["end"] = max(0, span["start"] - dice.randrange(2)), min(len(text), span["end"] + dice.randrange(3))
        if record is not None:
            record["quote"] = " ".join(text[one["start"] : one["end"]] for one in record["spans"]) or "x"


def foreign(dice: random.Random, document: Json) -> None:
    """Puts other letters or blanks in the place of some of the text, which keeps its length; or changes the language of zones."""
    text = document["text"]
    word = dice.choice(("Wщ", "Wщ", "latin", "їжак", "қала", "«", "»", " ", "\n", "𐐨\ud7ff", "\u2003"))
    place = dice.randrange(max(1, len(text) - len(word)))
    if len(text) > len(word):
        document["text"] = text[:place] + word + text[place + len(word) :]
        for record in [one for layer in REGISTRY.anchored() for one in document.get(layer) or ()]:
            record["quote"] = " ".join(document["text"][one["start"] : one["end"]] for one in record["spans"]) or "x"
    for zone in [*(document.get("segments") or ()), *(document.get("languages") or ())]:
        zone["lang"] = dice.choice((zone["lang"], zone["lang"], dice.choice(REGISTRY.languages)))


def contradict(dice: random.Random, document: Json) -> None:
    """Lets a field of a record say something else: a quantity, time, relation, use, what is said or by whom, a script."""
    numbers, times = (None, 1, 2.5, -3), (None, "2022", "2022-01-05", "P3D", "T10:30", "XXXX-WXX-3", "2022-1-5", " P1D")
    labels = {field: (None, *labels) for (field,), _, labels in REGISTRY.label_fields("layers/values") if len(labels) < 99}
    values = {
        "min": numbers,
        "max": numbers,
        "unit": (None, "USD"),
        "value": times,
        "bound": labels["bound"],
        "precision": labels["precision"],
    }
    names = [one["id"] for layer in ("events", "entities", "attributions") for one in document.get(layer) or ()]
    kinds = ("precedes", "same-report", "part-of", "located-in", *(REGISTRY.ontology.sets["relation-type"]))
    ends = {"head": names, "tail": names, "type": [kind for kind in kinds if kind in REGISTRY.ontology.sets["relation-type"]]}
    events = [one["id"] for one in document.get("events") or ()]
    choices: dict[str, Any] = {
        "values": values,
        "relations": ends,
        "entities": {"used_as": (None, "PER", "GPE.city", "ORG.gov"), "note": (None, "x ", "\u00a0x")},
        "attributions": {"events": [dice.choices(events, k=number) for number in range(3)] if events else ()},
        "languages": {"script": REGISTRY.ontology.sets["script"], "lang": REGISTRY.languages},
    }
    layer = dice.choice(list(choices))
    for record in document.get(layer) or ():
        for field, held in choices[layer].items():
            if held and dice.random() < 0.3:
                record[field] = dice.choice(held)
    for record in document.get("attributions") or ():
        if dice.random() < 0.3:
            record["content"] = [dict(span) for span in dice.choice((record["content"], record["spans"], record["content"][::-1] * 2))]


def lose(dice: random.Random, document: Json) -> None:
    """Loses some or all records of a layer, or the layer."""
    layer = dice.choice(REGISTRY.layers)
    if held := document.get(layer):
        document[layer] = dice.choice(([], None, held[1:], held[:-1]))


def turn(dice: random.Random, document: Json) -> None:
    """Adds what leads back: to a relation the same one with its ends exchanged, to an event one as a target, to an attribution a source."""
    if relations := document.get("relations"):
        one = dice.choice(relations)
        relations.append({**one, "id": f"R{90 + len(relations)}", "head": one["tail"], "tail": one["head"]})
    for layer, field in (("attributions", "via"), ("events", "arguments")):
        held = document.get(layer) or ()
        for record in held:
            name = dice.choice(held)["id"]
            if dice.random() < 0.3 and (field == "via" or record["arguments"]):
                record.update({"via": name} if field == "via" else {"arguments": [{**record["arguments"][0], "target": name}]})


def state(dice: random.Random, document: Json) -> None:
    """Changes what is said of the document: its coverage, language, languages, dates, or what is not known."""
    document["coverage"] = dice.choice((document["coverage"], document["coverage"][1:], document["coverage"] * 2))
    document["coverage"] = [entry | dice.choice(({}, {}, {"draft": True})) for entry in document["coverage"]]
    document["lang"] = dice.choice(REGISTRY.languages)
    document["languages_present"] = dice.choice((document["languages_present"], None, ["ru"], []))
    document["published"] = dice.choice((None, "2022-01-04", "2022-02-30"))
    document["title"] = dice.choice((None, "x", "x "))
    document["anchor"]["basis"] = dice.choice((None, "Known.", " Known."))
    document["anchor"]["date"] = dice.choice((None, "2022-01-05", "2022-01", "2022-13"))
    document["anchor"]["precision"] = dice.choice((None, "day", "month"))


# --- what the rules must find, by walks over everything ------------------------------------------------------------------


def every_span(document: Any) -> Iterator[tuple[str, int, tuple[Any, ...], Any]]:
    for layer, index, record in records(document, REGISTRY.layers):
        for field in ("spans", "content"):
            for number, span in enumerate(getattr(record, field, ())):
                yield layer, index, (field, number), span
        if hasattr(record, "start"):
            yield layer, index, (), record


def every_reference(document: Any) -> Iterator[tuple[str, int, Any, tuple[Any, ...], str, frozenset[str]]]:
    for layer, pattern, allowed, _ in REGISTRY.references:
        for index, record in enumerate(getattr(document, layer) or ()):
            for path, target in follow(record, pattern):
                if target is not None:
                    yield layer, index, record, path, target, allowed


def past_end(document: Any) -> Places:
    size = len(document.text)
    yield from ((layer, index, (*path, "end")) for layer, index, path, span in every_span(document) if span.end > size)


def empty(document: Any) -> Places:
    yield from ((layer, index, path) for layer, index, path, span in every_span(document) if span.end <= span.start)


def out_of_order(document: Any) -> Places:
    for layer, index, record in records(document, REGISTRY.layers):
        for field in ("spans", "content"):
            for number, (one, two) in enumerate(pairwise(getattr(record, field, ()))):
                if two.start < one.end or (field == "spans" and two.start == one.end):
                    yield layer, index, (field, number + 1)


def misquoted(document: Any) -> Places:
    for layer, index, record in records(document, REGISTRY.layers):
        if hasattr(record, "quote") and cover(document.text, record.spans) != record.quote and record.spans[-1].end <= len(document.text):
            yield layer, index, ("quote",)


def not_tiled(document: Any) -> Places:
    text, zones = document.text, document.segments
    position = 0
    for index, zone in enumerate(zones or ()):
        if zone.start != position:
            yield "segments", index, ("start",)
        position = max(position, zone.end)
    if zones is not None and position < len(text):
        yield "segments", len(zones) - 1 if zones else None, ()
    held: set[int] = set()
    position = 0
    for index, sentence in enumerate(document.sentences or ()):
        if sentence.start < position:
            yield "sentences", index, ("start",)
        if zones is not None and not any(zone.start <= sentence.start and sentence.end <= zone.end for zone in zones):
            yield "sentences", index, ()
        position = max(position, sentence.end)
        held.update(range(sentence.start, sentence.end))
        yield from wrong_tokens(text, index, sentence)
    yield from left_out(document, held) if document.sentences is not None else ()


def wrong_tokens(text: str, index: int, sentence: Any) -> Places:
    position = sentence.start
    for number, token in enumerate(sentence.tokens):
        bad = token.start < position or token.end > sentence.end or token.end <= token.start
        if bad or text[position : token.start].strip():
            yield "sentences", index, ("tokens", number)
        position = max(position, token.end)
    if text[position : sentence.end].strip():
        yield "sentences", index, ("tokens",)


def left_out(document: Any, held: set[int]) -> Places:
    """One place for each run of characters that no sentence holds and that has a word where one is asked for."""
    kinds = next((entry.zones for entry in document.coverage if entry.layer == "sentences"), None)
    asked = lambda at: any(zone.start <= at < zone.end and zone.kind in kinds for zone in document.segments)  # noqa: E731
    everywhere = kinds is None or document.segments is None
    run = False
    for at in [*range(len(document.text)), -1]:
        if at in held or at < 0:
            yield from [("sentences", None, ())] if run else ()
            run = False
        elif not document.text[at].isspace() and (everywhere or asked(at)):
            run = True


def twice(document: Any) -> Places:
    seen: set[str] = set()
    for layer, index, record in records(document, REGISTRY.layers):
        if record.id in seen:
            yield layer, index, ("id",)
        seen.add(record.id)


def dangling(document: Any) -> Places:
    known = {record.id for _, _, record in records(document, REGISTRY.layers)}
    yield from ((layer, index, path) for layer, index, _, path, target, _ in every_reference(document) if target not in known)


def misled(document: Any) -> Places:
    layers = {record.id: layer for layer, _, record in records(document, REGISTRY.layers)}
    for layer, index, _, path, target, allowed in every_reference(document):
        if target in layers and layers[target] not in allowed:
            yield layer, index, path


def circling(document: Any) -> Places:
    """The smallest id of each circle: (id,)."""
    edges: dict[str, set[str]] = {}
    for layer, _, record, _, target, allowed in every_reference(document):
        if layer in allowed and layer != "relations":
            edges.setdefault(record.id, set()).add(target)
    yield from ((min(group),) for group in plain_circles(edges))


def chains(field: str) -> Callable[[Any], Places]:
    def found(document: Any) -> Places:
        first: dict[str, Any] = {}
        for index, mention in enumerate(document.entities or ()):
            known = first.setdefault(mention.chain, mention) if mention.chain is not None else mention
            if getattr(known, field) != getattr(mention, field):
                yield "entities", index, (field,) if getattr(mention, field) is not None else ()

    return found


def impossible(document: Any) -> Places:
    for path, date in ((("published",), document.published), (("anchor", "date"), document.anchor.date)):
        if date is not None and fault_of(date, "calendar"):
            yield None, None, path
    for layer, field, kind in (("segments", "date", "calendar"), ("values", "value", "timex3")):
        for index, record in enumerate(getattr(document, layer) or ()):
            if getattr(record, field) is not None and fault_of(getattr(record, field), kind):
                yield layer, index, (field,)


def unfit(document: Any) -> Places:
    types = {
        one.id: getattr(one, "used_as", None) or one.type
        for name in ("entities", "values", "events")
        for one in getattr(document, name) or ()
    }
    for index, event in enumerate(document.events or ()):
        for number, argument in enumerate(event.arguments):
            fillers = REGISTRY.ontology.fillers(event.type, argument.role)
            if argument.target in types and types[argument.target] not in fillers:
                yield "events", index, ("arguments", number, "target")


def needless(document: Any) -> Places:
    for layer, index, record in records(document, REGISTRY.anchored()):
        if in_order(record.spans) and cover(document.text, record.spans) == record.quote:
            for number, (one, two) in enumerate(pairwise(record.spans)):
                if document.text[one.end : two.start].isspace():
                    yield layer, index, ("spans", number + 1)


def untrimmed(document: Any) -> Places:
    for layer, pattern in REGISTRY.typed:
        for index, owner in enumerate((document,) if layer is None else getattr(document, layer) or ()):
            for path, text in follow(owner, pattern):
                if text is not None and text != text.strip():
                    yield layer, None if layer is None else index, path


def every_token(document: Any) -> Iterator[tuple[int, int, Any]]:
    for index, sentence in enumerate(document.sentences or ()):
        yield from ((index, number, token) for number, token in enumerate(sentence.tokens))


def mixed(document: Any) -> Places:
    two = re.compile("[А-я].*[A-z]|[A-z].*[А-я]", re.DOTALL)
    for index, number, token in every_token(document):
        if token.lemma is not None and two.search(token.lemma) and not two.search(document.text[token.start : token.end]):
            yield "sentences", index, ("tokens", number, "lemma")


def unsorted(document: Any) -> Places:
    for index, number, token in every_token(document):
        names = [part.partition("=")[0].lower() for part in (token.feats or "").split("|")]
        if names != sorted(names):
            yield "sentences", index, ("tokens", number, "feats")


def named_twice(document: Any) -> Places:
    for index, number, token in every_token(document):
        names = [part.partition("=")[0] for part in (token.feats or "").split("|")]
        if len(set(names)) < len(names):
            yield "sentences", index, ("tokens", number, "feats")


def broken(document: Any) -> Places:
    for index, number, token in every_token(document):
        form = re.sub("(?<=[0-9])[\u00a0\u202f](?=[0-9])", "0", document.text[token.start : token.end])
        if len(form.split()) > 1:
            yield "sentences", index, ("tokens", number)


def halved(document: Any) -> Places:
    tokens = list(every_token(document))
    for (_, _, one), (index, number, two) in pairwise(tokens):
        before, after = document.text[: two.start], document.text[two.start :]
        latin = (
            (before[-4:] + after[:4]).isalpha()
            and len(before[-4:] + after[:4]) == 8
            and re.search("[A-Za-zÀ-ÖØ-öø-ɏ]\\Z", before)
            and re.match("[A-Za-zÀ-ÖØ-öø-ɏ]", after)
        )
        cyrillic = re.search("[\u0400-\u052f]\\Z", before) and re.match("[\u0400-\u052f]", after)
        if one.end == two.start and (latin or cyrillic):
            yield "sentences", index, ("tokens", number, "start")


def in_two_states(document: Any) -> Places:
    events = document.events or ()
    for index, event in enumerate(events):
        same = (
            one
            for one in events
            if (one.spans, one.quote, one.type, one.arguments) == (event.spans, event.quote, event.type, event.arguments)
        )
        first = next(one for one in same if one.plover_context == event.plover_context)
        fields = [field for field in ("aspect", "factuality") if getattr(first, field) != getattr(event, field)]
        if fields:
            yield "events", index, (fields[0],)


def plain_circles(edges: dict[str, set[str]]) -> set[frozenset[str]]:
    """Groups of names that lead to each other, by following every name to all that it reaches."""
    reached: dict[str, set[str]] = {}
    for name in edges:
        todo, reached[name] = [name], set()
        while todo:
            new = edges.get(todo.pop(), set()) - reached[name]
            reached[name] |= new
            todo += new
    return {frozenset(two for two in reached[one] if one in reached.get(two, ())) for one in edges if one in reached[one]}


ORACLES: dict[str, Callable[[Any], Places]] = {
    "offset-past-end": past_end, "empty-span": empty, "span-order": out_of_order, "quote-mismatch": misquoted, "partition": not_tiled,
    "duplicate-id": twice, "dangling-reference": dangling, "wrong-reference": misled, "chain-type": chains("type"),
    "chain-link": chains("link"), "impossible-date": impossible, "wrong-filler": unfit, "needless-gap": needless,
    "untrimmed-text": untrimmed, "mixed-lemma": mixed, "feature-order": unsorted, "repeated-feature": named_twice,
    "blank-in-token": broken, "split-word": halved, "twin-events": in_two_states,
}  # fmt: skip


@many
@given(wrong())
def test_rules_find_what_plain_walks_find(document: Any) -> None:
    for code, oracle in ORACLES.items():
        found = [(finding.layer, finding.index, finding.path) for finding in CHECKS[code](document, CONTEXT)]
        assert (code, sorted(found, key=str)) == (code, sorted(oracle(document), key=str))
    if not list(twice(document)):  # a circle is named by the smallest id in it
        found = [(finding.record.id,) for finding in CHECKS["reference-cycle"](document, CONTEXT)]
        assert sorted(found) == sorted(circling(document))


PROOFS = [(rule.proof, rule.check, rule.code) for rule in RULES if rule.proof is not None and rule.check is not None]


@settings(many, max_examples=400)  # what few documents have wrong must be among them
@given(wrong())
def test_what_is_proved_clean_has_nothing_to_find(document: Any) -> None:
    context = Context(REGISTRY, {})
    for proof, rule, code in PROOFS:
        if proof(Facts(document, REGISTRY, gazetteer={})):  # on its own, not after others
            assert (code, list(rule(document, context))) == (code, [])


def test_every_rule_over_documents_has_a_proof_and_the_corpus_is_proved_clean() -> None:
    corpus = Folder(generate.ROOT / "corpus").read()
    assert [rule.code for rule in RULES if rule.check is not None and rule.proof is None] == []
    for document in corpus.documents.values():
        facts = Facts(document, corpus.registry, gazetteer=corpus.gazetteer)
        assert (document.id, [code for proof, _, code in PROOFS if not facts.once(proof)]) == (document.id, [])


def test_an_offset_beyond_any_number_of_the_machine_is_beyond_the_text() -> None:
    places = Extents.of([[0, 3]], [[2, 2**70]])
    assert places.full
    assert not places.inside(2**40)
    assert not Extents.of([[2**70]], [[2**71]]).full  # nothing is proved of it


def test_a_blank_in_a_token_hides_no_letter_between_tokens() -> None:
    text = "a bx c"
    tokens = [{"start": start, "end": end, "lemma": None, "upos": None, "feats": None} for start, end in ((0, 1), (1, 3), (4, 6))]
    sentences = [{"id": "S1", "start": 0, "end": 6, "tokens": tokens}]
    document = document_of(text, sentences=sentences)
    assert not anchors.parted(Facts(document, REGISTRY))
    assert [finding.path for finding in anchors.partition(document, CONTEXT)] == [("tokens", 2)]


@pytest.mark.parametrize("quote", ["«слово", "слово»", "[слово"])
def test_an_edge_that_is_half_of_a_pair_is_seen(quote: str) -> None:
    record = {"id": "T1", "spans": [{"start": 0, "end": len(quote)}], "quote": quote, "type": "PER", "level": "name"}
    document = document_of(f"{quote} .", entities=[record])
    assert not extents.edges_clean(Facts(document, REGISTRY))
    assert [finding.path for finding in extents.span_edge(document, CONTEXT)] == [("spans",)]


@given(st.text("aяZÀ×ɏ ҉ԯ\u2003𐐨-"), st.lists(st.integers(0, 12), min_size=4, max_size=4))
def test_letters_are_those_of_the_patterns(text: str, edges: list[int]) -> None:
    start, end, first, last = edges
    letters = Letters(signs(text), [SimpleNamespace(start=first, end=last)])
    outside = f"{text[:first]}{' ' * (last - first)}{text[last:]}" if first <= last else text
    assert letters.mixed == (scripts._BORDER.search(outside) is not None)
    kept = [letter for place, letter in enumerate(text) if start <= place < end and not first <= place < last]
    counts = [sum(pattern.fullmatch(letter) is not None for letter in kept) for pattern in scripts._RUNS.values()]
    assert list(letters.counts([start], [end])) == [tuple(counts)]


@given(st.text(st.characters() | st.sampled_from("aяқ«\u2003\u3000𝟗中😀")))
def test_signs_are_those_of_single_characters(text: str) -> None:
    found = signs(text).tolist()
    assert found.pop() == 0
    for char, flags in zip(text, found, strict=True):
        assert bool(flags & BLANK) == char.isspace()
        assert bool(flags & WORD) == char.isalnum()
        assert (bool(flags & MARK), bool(flags & HALF)) == (char in MARKS, char in PARTNERS)
        assert [bool(flags & kind) for kind in (CYRILLIC, LATIN)] == [run.fullmatch(char) is not None for run in scripts._RUNS.values()]


@pytest.mark.parametrize("lang", ["kk", "ru", "uk", "ru-RU", "kk-Cyrl", "kk-Latn", "sr", "ky", "en", "mul"])
def test_letters_foreign_to_a_language_are_those_of_its_pattern(lang: str) -> None:
    letters = "".join(map(chr, range(0x400, 0x530)))
    pattern = scripts._not_of(lang)
    wanted = [pattern is not None and pattern.match(letter) is not None for letter in letters]
    assert [bool(flags & scripts._foreign_to(lang)) for flags in signs(letters)[:-1].tolist()] == wanted


def test_what_passed_is_not_tested_again_and_little_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    tested: list[str] = []
    passed = Passed(lambda value: not tested.append(value) and value != "wrong")  # type: ignore[func-returns-value]
    assert passed.others(("one", None, "one", "wrong")) == passed.others(("wrong", "one")) == {"wrong"}
    assert passed.hold(["one"])
    assert sorted(tested) == ["one", "wrong"]
    assert [passed.others({"x" * 1000}), passed.others({"x" * 1000})] == [set(), set()]
    assert tested.count("x" * 1000) == 2  # a long one is not kept
    monkeypatch.setattr("qantar.rules.passed._KEPT", 4)
    assert passed.others({"two", "three"}) == set()
    assert passed.others({"wrong", "two"}) == {"wrong"}
    assert tested.count("wrong") == 2  # all was forgotten, as there was no room


@given(st.dictionaries(st.sampled_from("ABCDEFGH"), st.frozensets(st.sampled_from("ABCDEFGHXY"))))
def test_circles_are_those_of_a_plain_search(edges: dict[str, frozenset[str]]) -> None:
    found = list(circles(edges))
    assert sorted(map(sorted, found)) == sorted(map(sorted, plain_circles({name: set(steps) for name, steps in edges.items()})))
    assert not (found and all_end({(name, step) for name, steps in edges.items() for step in steps}))


def test_a_long_way_is_no_recursion() -> None:
    edges = {str(number): [str(number + 1)] for number in range(50_000)}
    assert not list(circles(edges))
    assert all_end({("A", "B"), ("A", "C"), ("D", "A")})
    assert [len(circle) for circle in circles({**edges, "50000": ["0"]})] == [50_001]


@many
@given(wrong())
def test_leaves_are_what_follow_finds(document: Any) -> None:
    patterns = [(layer, pattern) for layer, pattern, *_ in REGISTRY.references]
    patterns += [
        ("sentences", ("tokens", "*", "feats")),
        ("sentences", ("ignore", "*", "code")),
        ("values", ("min",)),
        ("events", ("spans",)),
    ]
    for layer, pattern in patterns:
        held = getattr(document, layer) or ()
        assert list(leaves(held, pattern)) == [found for record in held for _, found in follow(record, pattern)]


@many
@given(wrong())
def test_columns_are_what_leaves_finds(document: Any) -> None:
    columns = Columns(document)
    patterns = [(layer, "*", *pattern) for layer, pattern, *_ in REGISTRY.references]
    patterns += [
        ("text",),
        ("anchor", "date"),
        ("ignore", "*", "code"),
        *[(layer, "*", "ignore", "*", "code") for layer in REGISTRY.layers],
    ]
    patterns += [("sentences", "*", "tokens", "*", field) for field in ("start", "lemma", "feats")]
    for pattern in patterns:
        assert columns.column(pattern) == tuple(leaves((document,), pattern))
        assert columns.distinct(pattern) == set(leaves((document,), pattern))


def test_a_column_of_no_field_is_an_error() -> None:
    columns = Columns(SimpleNamespace(entities=(SimpleNamespace(id="T1"),)))
    assert columns.column(("entities", "*", "id")) == ("T1",)
    with pytest.raises(AttributeError, match="chain"):
        columns.column(("entities", "*", "chain"))


@given(generate.documents(), generate.documents())
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_facts_are_shared_and_not_mixed_up(first: Json, second: Json) -> None:
    context = Context(REGISTRY, None)
    one, two = (msgspec.convert(value, REGISTRY.document_type) for value in (first, second))
    assert context.facts(one) is context.facts(one)
    assert context.facts(two).document is two
    assert context.facts(one).document is one


# --- the cost of many problems ---------------------------------------------------------------------------------------


class Counted:
    """How often each function was called."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *places: tuple[Any, str]) -> None:
        self.calls = dict.fromkeys((name for _, name in places), 0)
        for owner, name in places:
            monkeypatch.setattr(owner, name, self._counting(name, getattr(owner, name)))

    def _counting(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def counting(*arguments: Any, **options: Any) -> Any:
            self.calls[name] += 1
            return function(*arguments, **options)

        return counting


def many_wrong(count: int) -> list[Json]:
    """Mentions that all quote what is not there."""
    mention = layers_of_two()["entities"][0]
    return [{**mention, "id": f"T{number}", "quote": "x"} for number in range(1, count + 1)]


def test_a_native_line_is_scanned_once_for_all_its_problems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = Folder(write_corpus(tmp_path / "tiny"))
    value = msgspec.json.decode(encode(corpus.read().documents["two"]))
    value["entities"] += many_wrong(500)[2:]
    (tmp_path / "two.jsonl").write_bytes(msgspec.json.encode(value) + b"\n")
    counted = Counted(monkeypatch, (decode, "_walk"))
    problems = check(open_store(tmp_path / "two.jsonl", corpus=corpus.root))
    wrong = [problem for problem in problems if problem.code == "quote-mismatch"]
    assert len({problem.place for problem in wrong}) == len(wrong) == 498
    assert counted.calls["_walk"] == 1


def test_a_spoiled_line_is_scanned_once_for_all_its_problems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = write_corpus(tmp_path / "tiny")
    value = {**layers_of_two()["events"][0], "arguments": [{"role": "Nobody", "target": "T1"} for _ in range(300)]}
    write_lines(corpus / "annotations/events/two.jsonl", [value])
    counted = Counted(monkeypatch, (decode, "_walk"))
    assert len([problem for problem in check(open_store(corpus)) if problem.code == "unknown-role"]) == 300
    assert counted.calls["_walk"] == 1


def test_documents_of_a_folder_are_not_read_again_for_each_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = write_corpus(tmp_path / "tiny")
    names = [f"d-{number:03d}" for number in range(200)]
    rights = {"holder": None, "licence": "CC0-1.0", "redistribute": True, "basis": None}
    write_lines(corpus / "documents.jsonl", [document_line(name, "", [], rights=rights) for name in names])
    for path in [*corpus.glob("raw/*"), *corpus.glob("annotations/*/*"), *corpus.glob("[acl]*.jsonl")]:
        path.unlink()
    for name in names:
        (corpus / f"raw/{name}.txt").touch()
    counted = Counted(monkeypatch, (Gate, "line"), (decode, "_walk"))
    problems = check(open_store(corpus))
    found = [problem for problem in problems if problem.code == "missing-basis"]
    assert [problem.place.line for problem in found if problem.place] == list(range(1, 201))
    assert counted.calls == {"line": 200, "_walk": 200}  # documents.jsonl once more, to place them


def test_records_of_a_corpus_are_listed_once(tmp_path: Path) -> None:
    corpus = Folder(write_corpus(tmp_path / "tiny")).read()
    assert corpus.held is corpus.held
    assert corpus.held["one#E1"] == (corpus.documents["one"], "events", corpus.documents["one"].events[0])  # type: ignore[index]
