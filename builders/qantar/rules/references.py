"""Level 4: ids are unique, references resolve, chains agree with themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from qantar.document import languages_present, leaves, records
from qantar.rules.circles import circles
from qantar.rules.facts import Facts, Reference
from qantar.rules.finding import Context, Finding

if TYPE_CHECKING:
    from qantar.records import Document


def ids_unique(facts: Facts) -> bool:
    """Proves `duplicate_id`."""
    return facts.ids_unique


def duplicate_id(document: Document, context: Context) -> Iterator[Finding]:
    """Two records of a document have the same id."""
    seen: dict[str, str] = {}
    for layer, index, record in records(document, context.registry.layers):
        if record.id in seen:
            fact = f"the id {record.id!r} is taken by a record of {seen[record.id]!r}"
            yield Finding(layer, index, record, ("id",), fact, "Ids are unique in a document across all layers; choose another.")
        else:
            seen[record.id] = layer


def references_fit(facts: Facts) -> bool:
    """Proves `dangling_reference` and `wrong_reference`."""
    if not facts.ids_unique:
        return False
    for _, pattern, allowed in facts.plan.references:
        targets = facts.columns.distinct(pattern) - {None}
        for held in (facts.all_ids,) if allowed.issuperset(facts.ids) else map(facts.ids.get, allowed):
            targets = targets - held if targets and held else targets
        if targets:
            return False
    return True


def dangling_reference(document: Document, context: Context) -> Iterator[Finding]:
    """A reference names a record that does not exist."""
    facts = context.facts(document)
    for one in facts.references():
        if one.target not in facts.layer_of:
            remedy = f"Point to a record of {_names(one.allowed)}; restore the record, if it was lost; or remove the reference."
            yield Finding(one.layer, one.index, one.record, one.path, f"{one.target!r} is no record of this document", remedy)


def wrong_reference(document: Document, context: Context) -> Iterator[Finding]:
    """A reference names a record of a layer that it may not point into."""
    facts = context.facts(document)
    layers = facts.layer_of
    for one in facts.references():
        if one.target in layers and layers[one.target] not in one.allowed:
            fact = f"{one.target!r} is a record of {layers[one.target]!r}"
            yield Finding(one.layer, one.index, one.record, one.path, fact, f"Point to a record of {_names(one.allowed)}.")


def references_lead_out(facts: Facts) -> bool:
    """Proves `reference_cycle`."""
    return not _knot(facts)


def reference_cycle(document: Document, context: Context) -> Iterator[Finding]:
    """A record refers, by itself or through others of its layer, to itself."""
    edges: dict[str, dict[str, Reference]] = {}
    for reference in context.facts(document).references():
        if _is_inward(reference.layer, reference.allowed):
            edges.setdefault(reference.record.id, {})[reference.target] = reference
    for circle in circles(edges):
        start = min(circle)
        found = next(edges[start][target] for target in edges[start] if target in circle)
        fact = f"{start} leads back to itself"
        remedy = "Break the circle: a record cannot contain or pass on itself."
        yield Finding(found.layer, found.index, found.record, found.path, fact, remedy)


def _is_inward(layer: str, allowed: frozenset[str]) -> bool:
    """Whether a field may lead to its own layer, and must not lead in a circle: relations may."""
    return layer in allowed and layer != "relations"


def _knot(facts: Facts) -> frozenset[str]:
    """Ids of records among which all circles lie, and perhaps more; mostly none.

    What nothing refers to is in no circle, nor what only such records refer to, and so on.
    """
    distinct = facts.columns.distinct
    fields = [(layer, pattern) for layer, pattern, allowed in facts.plan.references if _is_inward(layer, allowed)]
    owners = frozenset().union(*(facts.ids[layer] for layer, _ in fields))
    held = owners.intersection(frozenset().union(*(distinct(pattern) for _, pattern in fields)))
    while held:
        pointed = (leaves((one for one in facts.records(layer) if one.id in held), pattern[2:]) for layer, pattern in fields)
        inner = held.intersection(chain.from_iterable(pointed))
        if 2 * len(inner) > len(held):  # long chains would take as many rounds as they have links
            return inner
        held = inner
    return held


def chains_agree(facts: Facts) -> bool:
    """Proves `chain_type` and `chain_link`: each chain has one type and one link."""
    chains = [chain for chain, _, _ in facts.kinds if chain is not None]
    return len(chains) == len(set(chains))


def chain_type(document: Document, context: Context) -> Iterator[Finding]:
    """The mentions of one chain have two types."""
    yield from _chain(
        context.facts(document), "type", "One entity has one type: correct it, use `used_as` for metonymy, or split the chain."
    )


def chain_link(document: Document, context: Context) -> Iterator[Finding]:
    """The mentions of one chain have two links."""
    yield from _chain(context.facts(document), "link", "One entity has one link: correct it, or split the chain.")


def _chain(facts: Facts, field: str, remedy: str) -> Iterator[Finding]:
    first: dict[str, Any] = {}
    for index, record in enumerate(facts.records("entities")):
        if record.chain is None:
            continue
        known = first.setdefault(record.chain, record)
        one, two = getattr(known, field), getattr(record, field)
        if one != two:
            words = [f"no {field}" if label is None else f"the {field} {label!r}" for label in (one, two)]
            fact = f"the chain {record.chain!r} has {words[0]} in {known.id} and {words[1]} here"
            yield Finding("entities", index, record, (field,) if two is not None else (), fact, remedy)


def links_known(facts: Facts) -> bool:
    """Proves `unknown_link`."""
    known = facts.gazetteer
    return known is None or not any(
        link not in known and ":" not in link for link in facts.distinct("entities", "link") if link is not None
    )


def unknown_link(document: Document, context: Context) -> Iterator[Finding]:
    """A link names no entry of the gazetteer."""
    if context.gazetteer is None:
        return
    for index, record in enumerate(context.facts(document).records("entities")):
        link = getattr(record, "link", None)
        if link is not None and ":" not in link and link not in context.gazetteer:
            fact = f"the gazetteer has no entry {link!r}"
            yield Finding("entities", index, record, ("link",), fact, "Add the entry to gazetteer.jsonl, or correct the link.")


def covers_layers(facts: Facts) -> bool:
    """Proves `coverage`: it lists the layers that are there, each once."""
    listed = [entry.layer for entry in facts.document.coverage]
    there = [layer for layer in facts.registry.layers if getattr(facts.document, layer) is not None]
    return sorted(listed) == sorted(there)


def coverage(document: Document, context: Context) -> Iterator[Finding]:
    """The coverage names an unknown layer, names one twice, or disagrees with the layers that are there."""
    listed: set[str] = set()
    for number, layer in enumerate(entry.layer for entry in document.coverage):
        path = ("coverage", number, "layer")
        if layer not in context.registry.layers:
            yield Finding(
                None, None, None, path, f"the corpus has no layer {layer!r}", "Correct the name, or add the layer to corpus.toml."
            )
        elif layer in listed:
            yield Finding(None, None, None, path, f"the layer {layer!r} is listed twice", "Remove one entry.")
        elif getattr(document, layer) is None:
            fact = f"{layer!r} is listed as annotated, but is null"
            yield Finding(None, None, None, path, fact, "Add the layer ([] if nothing was found), or take it off the coverage.")
        listed.add(layer)
    for layer in context.registry.layers:
        if layer not in listed and getattr(document, layer) is not None:
            fact = f"{layer!r} is there, but the coverage does not list it"
            yield Finding(None, None, None, ("coverage",), fact, "List what was annotated, and in which zones.")


def none_draft(facts: Facts) -> bool:
    """Proves `draft_layer`."""
    return not any(entry.draft for entry in facts.document.coverage)


def draft_layer(document: Document, context: Context) -> Iterator[Finding]:
    """Layers are drafts: a program proposed them, and no reader has confirmed them."""
    drafts = [(number, entry.layer) for number, entry in enumerate(document.coverage) if entry.draft]
    if not drafts:
        return
    path = ("coverage", drafts[0][0], "draft")
    if len(drafts) == 1:
        fact = f"the layer {drafts[0][1]!r} of {document.id!r} is a draft that no reader has confirmed"
        remedy = f"Read and correct it, then `qantar accept {document.id} {drafts[0][1]}`; or build with --drafts."
    else:
        names = _listed([repr(layer) for _, layer in drafts], "and")
        fact = f"the layers {names} of {document.id!r} are drafts that no reader has confirmed"
        remedy = (
            f"Read and correct them, then `qantar accept {document.id}`, or with a layer's name for that alone; or build with --drafts."
        )
    yield Finding(None, None, None, path, fact, remedy)


def languages_fresh(facts: Facts) -> bool:
    """Proves `stale_languages`."""
    seen = facts.distinct("segments", "lang") | facts.distinct("languages", "lang")
    found = tuple(lang for lang in facts.registry.languages if lang in seen and lang not in ("mul", "zxx"))
    return bool(seen) and facts.document.languages_present == found


def stale_languages(document: Document, context: Context) -> Iterator[Finding]:
    """`languages_present` is not what the zones and stretches say."""
    found = languages_present(document, context.registry.languages)
    if document.languages_present != found:
        fact = f"`languages_present` is {_list(document.languages_present)}, the layers hold {_list(found)}"
        yield Finding(None, None, None, ("languages_present",), fact, "Write what the layers hold.")


def _list(names: tuple[str, ...] | None) -> str:
    return "null" if names is None else f"[{', '.join(names)}]"


def _names(layers: frozenset[str]) -> str:
    return _listed(sorted(layers), "or")


def _listed(names: Sequence[str], word: str) -> str:
    *others, last = names
    return f"{', '.join(others)} {word} {last}" if others else last
