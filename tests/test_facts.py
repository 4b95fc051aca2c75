"""Facts and quick proofs say what plain walks say, also of documents that are wrong; nothing is looked at once for each problem."""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

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
from qantar.rules import RULES, Context, anchors, doubles, extents, ontology, relations, scripts, tokens
from qantar.rules.circles import circles
from qantar.rules.columns import Anchored, Letters
from qantar.rules.dates import fault_of
from qantar.rules.facts import Facts
from qantar.rules.places import in_order
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
    """A Document with up to eight changes that its type allows."""
    value: Json = copy.deepcopy(draw(generate.documents()))
    dice = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311 -- to vary, not to hide
    for _ in range(dice.randrange(9)):
        dice.choice((move, rename, misquote, retype, retag, repeat, blank, foreign))(dice, value)
    return msgspec.convert(value, REGISTRY.document_type)


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
        field = dice.choice(list(changes))
        dice.choice(tokens)[field] = dice.choice(changes[field])


def repeat(dice: random.Random, document: Json) -> None:
    """Says a record or an argument again: as it is, or a mention with another type."""
    layer = dice.choice(("entities", "values", "events", "attributions", "relations", "languages"))
    if held := document.get(layer):
        held.append({**dice.choice(held), "id": "X8"})
        held[-1] |= {"type": "PER"} if layer == "entities" and dice.random() < 0.5 else {}
    for event in document.get("events") or ():
        event["arguments"] += event["arguments"][: dice.randrange(2)]


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
    word = dice.choice(("Wщ", "latin", "їжак", "қала", "«", "»", " ", "\n", "𐐨\ud7ff", "\u2003"))
    place = dice.randrange(max(1, len(text) - len(word)))
    if len(text) > len(word):
        document["text"] = text[:place] + word + text[place + len(word) :]
        for record in [one for layer in REGISTRY.anchored() for one in document.get(layer) or ()]:
            record["quote"] = " ".join(document["text"][one["start"] : one["end"]] for one in record["spans"]) or "x"
    for zone in [*(document.get("segments") or ()), *(document.get("languages") or ())]:
        zone["lang"] = dice.choice((zone["lang"], zone["lang"], dice.choice(REGISTRY.languages)))


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


#: What quick proofs say where they prove nothing: then rules walk from record to record.
UNPROVEN: tuple[tuple[Any, str, Any], ...] = (
    (Facts, "all_stand", False),
    (Facts, "none_empty", False),
    (Facts, "furthest", 2**40),
    (Facts, "chains_agree", False),
    (Anchored, "alike", property(lambda self: range(len(self.spans)))),
    (anchors, "_tokens_tile", lambda facts: False),
    (anchors, "_in_zones", lambda facts: False),
    (doubles, "_any_twice", lambda columns: True),
    (extents, "_edges_are_clean", lambda facts: False),
    (extents, "_loose", lambda document, context: {place for _, _, _, span in every_span(document) for place in (span.start, span.end)}),
    (extents, "_astray", lambda document, context: [(span.start, span.end) for _, _, _, span in every_span(document)]),
    (ontology, "_fillers_fit", lambda facts, types: False),
    (relations, "_may_circle", lambda edges: True),
    (scripts, "_in_own_language", lambda document, context: context.facts(document).standing.get("languages", [])),
    (scripts, "_may_be_foreign", lambda text, zone: True),
    (tokens, "_tags_fit", lambda facts: False),
)


@many
@given(wrong())
def test_quick_proofs_change_no_finding(document: Any) -> None:
    quick = {code: list(check(document, Context(REGISTRY, {}))) for code, check in CHECKS.items()}
    with ExitStack() as stack:
        for owner, name, value in UNPROVEN:
            stack.enter_context(mock.patch.object(owner, name, value))
        assert quick == {code: list(check(document, Context(REGISTRY, {}))) for code, check in CHECKS.items()}


def test_a_blank_in_a_token_hides_no_letter_between_tokens() -> None:
    places = [SimpleNamespace(start=start, end=end) for start, end in ((0, 1), (1, 3), (4, 6))]
    sentence = SimpleNamespace(id="S1", start=0, end=6, tokens=places)
    document: Any = SimpleNamespace(text="a bx c", sentences=(sentence,), segments=None, coverage=())
    registry: Any = SimpleNamespace(layers=("sentences",), partitions=("sentences",), span_fields={}, anchored=tuple)
    assert not anchors._tokens_tile(Facts(document, registry))
    assert [finding.path for finding in anchors.partition(document, Context(registry, None))] == [("tokens", 2)]


@pytest.mark.parametrize("quote", ["«слово", "слово»", "[слово"])
def test_an_edge_that_is_half_of_a_pair_is_seen(quote: str) -> None:
    record = SimpleNamespace(id="T1", spans=(SimpleNamespace(start=0, end=len(quote)),), quote=quote)
    document: Any = SimpleNamespace(text=f"{quote} .", entities=(record,), sentences=None)
    registry: Any = SimpleNamespace(
        layers=("entities",), partitions=(), span_fields={"entities": ("spans",)}, anchored=lambda: ("entities",)
    )
    assert [finding.path for finding in extents.span_edge(document, Context(registry, None))] == [("spans",)]


@given(st.text("aяZÀ×ɏ ҉ԯ\u2003𐐨-"), st.lists(st.integers(0, 12), min_size=4, max_size=4))
def test_letters_are_those_of_the_patterns(text: str, edges: list[int]) -> None:
    start, end, first, last = edges
    letters = Letters(text, [SimpleNamespace(start=first, end=last)])
    assert letters.mixed == (scripts._BORDER.search(text) is not None)
    kept = [letter for place, letter in enumerate(text) if start <= place < end and not first <= place < last]
    counts = [sum(pattern.fullmatch(letter) is not None for letter in kept) for pattern in scripts._RUNS.values()]
    assert list(letters.counts([start], [end])) == [tuple(counts)]


@given(st.dictionaries(st.sampled_from("ABCDEFGH"), st.frozensets(st.sampled_from("ABCDEFGHXY"))))
def test_circles_are_those_of_a_plain_search(edges: dict[str, frozenset[str]]) -> None:
    found = list(circles(edges))
    assert sorted(map(sorted, found)) == sorted(map(sorted, plain_circles({name: set(steps) for name, steps in edges.items()})))


def test_a_long_way_is_no_recursion() -> None:
    edges = {str(number): [str(number + 1)] for number in range(50_000)}
    assert not list(circles(edges))
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
