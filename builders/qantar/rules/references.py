"""Level 4: ids are unique, references resolve, chains agree with themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from qantar.document import follow, languages_present, records
from qantar.rules.finding import Context, Finding

if TYPE_CHECKING:
    from qantar.problems import Path
    from qantar.records import Document


def duplicate_id(document: Document, context: Context) -> Iterator[Finding]:
    """Two records of a document have the same id."""
    seen: dict[str, str] = {}
    for layer, index, record in records(document, context.registry.layers):
        if record.id in seen:
            fact = f"the id {record.id!r} is taken by a record of {seen[record.id]!r}"
            yield Finding(layer, index, record, ("id",), fact, "Ids are unique in a document across all layers; choose another.")
        else:
            seen[record.id] = layer


def dangling_reference(document: Document, context: Context) -> Iterator[Finding]:
    """A reference names a record that does not exist."""
    layers = _layers_of_ids(document, context)
    for layer, index, record, path, target, allowed in _references(document, context):
        if target not in layers:
            fact = f"{target!r} is no record of this document"
            yield Finding(layer, index, record, path, fact, f"Point to a record of {_names(allowed)}, or remove the reference.")


def wrong_reference(document: Document, context: Context) -> Iterator[Finding]:
    """A reference names a record of a layer that it may not point into."""
    layers = _layers_of_ids(document, context)
    for layer, index, record, path, target, allowed in _references(document, context):
        if target in layers and layers[target] not in allowed:
            fact = f"{target!r} is a record of {layers[target]!r}"
            yield Finding(layer, index, record, path, fact, f"Point to a record of {_names(allowed)}.")


def reference_cycle(document: Document, context: Context) -> Iterator[Finding]:
    """A record refers, by itself or through others of its layer, to itself."""
    edges: dict[str, dict[str, tuple[str, int, Any, Path]]] = {}
    for layer, index, record, path, target, allowed in _references(document, context):
        if layer in allowed and layer != "relations":
            edges.setdefault(record.id, {})[target] = (layer, index, record, path)
    for start, step in sorted(_circles(edges)):
        layer, index, record, path = edges[start][step]
        fact, remedy = f"{record.id} leads back to itself", "Break the circle: a record cannot contain or pass on itself."
        yield Finding(layer, index, record, path, fact, remedy)


def _circles(edges: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """For each set of ids that all lead to each other (Tarjan's components): the smallest, and its first step inside the set."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_: dict[str, None] = {}  # reached, and in no set yet, in that order
    for root in edges:
        todo = [(root, iter(edges[root]))] if root not in number else []
        while todo:
            here, targets = todo[-1]
            if here not in number:
                number[here] = lowest[here] = len(number)
                open_[here] = None
            ahead = next((target for target in targets if target in edges), None)
            if ahead is None:
                todo.pop()
                if todo:
                    lowest[todo[-1][0]] = min(lowest[todo[-1][0]], lowest[here])
                if lowest[here] == number[here]:
                    yield from _circle(_closed(open_, here), edges)
            elif ahead not in number:
                todo.append((ahead, iter(edges[ahead])))
            elif ahead in open_:
                lowest[here] = min(lowest[here], number[ahead])


def _closed(open_: dict[str, None], first: str) -> set[str]:
    """Takes the ids from `first` on off those that are open."""
    found = set()
    while first not in found:
        found.add(open_.popitem()[0])
    return found


def _circle(ids: set[str], edges: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    start = min(ids)
    yield from ((start, step) for step in [next((target for target in edges[start] if target in ids), None)] if step is not None)


def chain_type(document: Document, context: Context) -> Iterator[Finding]:
    """The mentions of one chain have two types."""
    yield from _chain(document, "type", "One entity has one type: correct it, use `used_as` for metonymy, or split the chain.")


def chain_link(document: Document, context: Context) -> Iterator[Finding]:
    """The mentions of one chain have two links."""
    yield from _chain(document, "link", "One entity has one link: correct it, or split the chain.")


def _chain(document: Document, field: str, remedy: str) -> Iterator[Finding]:
    first: dict[str, Any] = {}
    for index, record in enumerate(getattr(document, "entities", None) or ()):
        chain = getattr(record, "chain", None)
        if chain is None:
            continue
        known = first.setdefault(chain, record)
        one, two = getattr(known, field), getattr(record, field)
        if one != two:
            words = [f"no {field}" if label is None else f"the {field} {label!r}" for label in (one, two)]
            fact = f"the chain {chain!r} has {words[0]} in {known.id} and {words[1]} here"
            yield Finding("entities", index, record, (field,) if two is not None else (), fact, remedy)


def unknown_link(document: Document, context: Context) -> Iterator[Finding]:
    """A link names no entry of the gazetteer."""
    if context.gazetteer is None:
        return
    for index, record in enumerate(getattr(document, "entities", None) or ()):
        link = getattr(record, "link", None)
        if link is not None and ":" not in link and link not in context.gazetteer:
            fact = f"the gazetteer has no entry {link!r}"
            yield Finding("entities", index, record, ("link",), fact, "Add the entry to gazetteer.jsonl, or correct the link.")


def coverage(document: Document, context: Context) -> Iterator[Finding]:
    """The coverage names an unknown layer, names one twice, or disagrees with the layers that are there."""
    listed = [entry.layer for entry in document.coverage]
    for number, layer in enumerate(listed):
        path = ("coverage", number, "layer")
        if layer not in context.registry.layers:
            yield Finding(
                None, None, None, path, f"the corpus has no layer {layer!r}", "Correct the name, or add the layer to corpus.toml."
            )
        elif layer in listed[:number]:
            yield Finding(None, None, None, path, f"the layer {layer!r} is listed twice", "Remove one entry.")
        elif getattr(document, layer) is None:
            fact = f"{layer!r} is listed as annotated, but is null"
            yield Finding(None, None, None, path, fact, "Add the layer ([] if nothing was found), or take it off the coverage.")
    for layer in context.registry.layers:
        if layer not in listed and getattr(document, layer) is not None:
            fact = f"{layer!r} is there, but the coverage does not list it"
            yield Finding(None, None, None, ("coverage",), fact, "List what was annotated, and in which zones.")


def draft_layer(document: Document, context: Context) -> Iterator[Finding]:
    """A layer is a draft: a program proposed it, and no reader has confirmed it."""
    for number, entry in enumerate(document.coverage):
        if entry.draft:
            fact = f"the layer {entry.layer!r} of {document.id!r} is a draft that no reader has confirmed"
            remedy = f"Read and correct it, then `qantar accept {document.id} {entry.layer}`; or build with --drafts."
            yield Finding(None, None, None, ("coverage", number, "draft"), fact, remedy)


def stale_languages(document: Document, context: Context) -> Iterator[Finding]:
    """`languages_present` is not what the zones and stretches say."""
    found = languages_present(document, context.registry.languages)
    if document.languages_present != found:
        fact = f"`languages_present` is {_list(document.languages_present)}, the layers hold {_list(found)}"
        yield Finding(None, None, None, ("languages_present",), fact, "Write what the layers hold.")


def _list(names: tuple[str, ...] | None) -> str:
    return "null" if names is None else f"[{', '.join(names)}]"


def _names(layers: frozenset[str]) -> str:
    return " or ".join(sorted(layers))


def _layers_of_ids(document: Document, context: Context) -> dict[str, str]:
    return {record.id: layer for layer, _, record in records(document, context.registry.layers)}


def _references(document: Document, context: Context) -> Iterator[tuple[str, int, Any, Path, str, frozenset[str]]]:
    """Every reference: (layer, index, record, path, target id, layers it may point into)."""
    for layer, pattern, allowed, _ in context.registry.references:
        for index, record in enumerate(getattr(document, layer) or ()):
            for path, target in follow(record, pattern):
                if target is not None:
                    yield layer, index, record, path, target, allowed
