"""Circles in what refers to what."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

Edges = Mapping[str, Collection[str]]


def circles(edges: Edges) -> Iterator[set[str]]:
    """Groups of names each of which leads to all others of its group and back to itself, over any number of steps.

    Kosaraju's algorithm: time grows with the edges, and depth costs no stack.
    """
    back: dict[str, list[str]] = {}
    for name, targets in edges.items():
        for target in targets:
            back.setdefault(target, []).append(name)
    grouped: set[str] = set()
    for name in reversed(list(_after_all_they_lead_to(edges))):
        if name not in grouped:
            group = set(_reached(name, back, grouped))
            if len(group) > 1 or name in edges.get(name, ()):
                yield group


def _after_all_they_lead_to(edges: Edges) -> Iterator[str]:
    """Every name that leads somewhere, or is led to, once; after those that it leads to, circles apart."""
    seen: set[str] = set()
    for root in edges:
        todo = [] if root in seen else [(root, iter(edges[root]))]
        seen.add(root)
        while todo:
            name, rest = todo[-1]
            step = next((target for target in rest if target not in seen), None)
            if step is None:
                yield name
                todo.pop()
            else:
                seen.add(step)
                todo.append((step, iter(edges.get(step, ()))))


def _reached(name: str, edges: Edges, seen: set[str]) -> Iterator[str]:
    """The name and all that it leads to, but for those seen before; adds them to these."""
    todo = [name]
    seen.add(name)
    while todo:
        here = todo.pop()
        yield here
        steps = [target for target in edges.get(here, ()) if target not in seen]
        seen.update(steps)
        todo += dict.fromkeys(steps)


def all_end(steps: Collection[tuple[str, str]]) -> bool:
    """Whether no step of one name to another can be in a circle; False where long chains would make that slow to say."""
    while steps:
        starts = {start for start, _ in steps}
        inner = [step for step in steps if step[1] in starts]
        if 2 * len(inner) > len(steps):
            return False
        steps = inner
    return True
