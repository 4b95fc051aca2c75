"""Passages that were moved as a whole, past other text."""

from __future__ import annotations

from collections.abc import Iterator

from qantar.align.atoms import Atoms, Pair

#: Words, and characters, that a passage has at least to be known again elsewhere.
PASSAGE, _LENGTH = 5, 24


def moves(old: Atoms, new: Atoms, to: list[int | None]) -> Iterator[Pair]:
    """Pairs of atoms of long passages that stand once in each text, and nowhere near each other."""
    taken = {j for j in to if j is not None}
    ones, twos = _runs(old), _runs(new)
    seeds = ((i, twos[run]) for run, i in ones.items() if i >= 0 and twos.get(run, -1) >= 0)
    done: set[int] = set()
    for i, j in sorted(seeds):
        if i in done or to[i] is not None or j in taken:
            continue
        size = 0
        while to[i + size] is None and j + size not in taken and old.words[i + size] == new.words[j + size]:
            size += 1
        begin = 0
        while to[i - begin - 1] is None and j - begin - 1 not in taken and old.words[i - begin - 1] == new.words[j - begin - 1]:
            begin += 1
        run = range(-begin, size)
        done.update(i + at for at in run)
        if len(run) >= PASSAGE and sum(len(old.words[i + at]) for at in run) >= _LENGTH:
            yield from ((i + at, j + at) for at in run)


def _runs(atoms: Atoms) -> dict[tuple[str, ...], int]:
    """Where each run of words stands; -1 where it stands more than once."""
    found: dict[tuple[str, ...], int] = {}
    for at in range(1, len(atoms.words) - PASSAGE):
        run = tuple(atoms.words[at : at + PASSAGE])
        found[run] = -1 if run in found else at
    return found
