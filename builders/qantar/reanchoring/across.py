"""Moves what records across documents say of a document: sides of alignments, quotes of cluster members and link ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from qantar.corpus import Corpus
from qantar.document import cover, quote_of
from qantar.reanchoring.anchored import move_quoted
from qantar.reanchoring.plan import Ledger, Move, Refusal
from qantar.reanchoring.texts import Texts, pairs


def pointers_across(corpus: Corpus, texts: Texts) -> Iterator[tuple[str, str]]:
    """(local id, place) of every cluster member and link end that is a record of the document."""
    document, clusters, links = texts.document, texts.home.across_file("clusters"), texts.home.across_file("links")
    for line, cluster in enumerate(corpus.clusters or (), 1):
        yield from ((_local(member.target, document), f"{cluster.id} ({clusters}:{line})") for member in cluster.members)
    for line, link in enumerate(corpus.links or (), 1):
        yield from ((_local(end.target, document), f"{link.id} ({links}:{line})") for end in (link.head, link.tail))


def _local(target: str, document: str) -> str:
    name, _, local = target.partition("#")
    return local if name == document else ""


def move_across(
    corpus: Corpus, texts: Texts, ledger: Ledger, *, old: Mapping[str, Any], new: Mapping[str, Any]
) -> dict[str, tuple[Any, ...]]:
    """The records of each file across documents, moved; `old` and `new` are the document's records by local id.

    A quote of a record that is refused, or is not there, stays as it is.
    """
    mover = _Quotes(texts, ledger, old, new)
    return {
        "clusters": tuple(mover.cluster(line, one) for line, one in enumerate(corpus.clusters or (), 1)),
        "alignments": tuple(_alignment(line, one, texts, ledger) for line, one in enumerate(corpus.alignments or (), 1)),
        "links": tuple(mover.link(line, one) for line, one in enumerate(corpus.links or (), 1)),
    }


class _Quotes:
    """Rewrites quotes of records that cover other words now."""

    def __init__(self, texts: Texts, ledger: Ledger, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        self.texts, self.ledger, self.old, self.new = texts, ledger, old, new

    def cluster(self, line: int, cluster: Any) -> Any:
        members = [
            self._end(member, (self.texts.home.across_file("clusters"), line, cluster.id, f"$.members[{number}]"))
            for number, member in enumerate(cluster.members)
        ]
        return msgspec.structs.replace(cluster, members=tuple(members))

    def link(self, line: int, link: Any) -> Any:
        ends = {
            name: self._end(getattr(link, name), (self.texts.home.across_file("links"), line, link.id, f"$.{name}"))
            for name in ("head", "tail")
        }
        return msgspec.structs.replace(link, **ends)

    def _end(self, end: Any, place: tuple[str, int, str, str]) -> Any:
        local = _local(end.target, self.texts.document)
        old, new = self.old.get(local), self.new.get(local)
        if old is None or new is None or end.quote != quote_of(self.texts.old, old):  # no target, or one that never fitted
            return end
        quote = quote_of(self.texts.new, new)
        if quote == end.quote:
            self.ledger.add(Move(*place, "same", (), (), 1.0, end.quote, quote))
            return end
        its = self.ledger.of(local)  # only records of the document move whole
        status, score = (its.status, its.score) if its is not None else ("changed", 0.0)
        self.ledger.add(Move(*place, status, (), (), score, end.quote, quote))
        return msgspec.structs.replace(end, quote=quote)


def _alignment(line: int, alignment: Any, texts: Texts, ledger: Ledger) -> Any:
    sides = {}
    for name in ("a", "b"):
        side = getattr(alignment, name)
        place = (texts.home.across_file("alignments"), line, alignment.id, f"$.{name}")
        if side.document != texts.document:
            continue
        if not _fits(side, texts.old):
            ledger.refused.append(_misplaced(side, place))
        else:
            sides[name] = move_quoted(side, place, texts, ledger)
    return msgspec.structs.replace(alignment, **sides)


def _fits(side: Any, text: str) -> bool:
    return all(0 <= span.start < span.end <= len(text) for span in side.spans) and cover(text, side.spans) == side.quote


def _misplaced(side: Any, place: tuple[str, int, str, str]) -> Refusal:
    reason = "it does not fit the old text: other words stand there than it quotes"
    return Refusal(
        *place, "ambiguous", pairs(side.spans), side.quote, reason, "Correct it in the old text, or take its line out of the file."
    )


def changed(before: Sequence[Any] | None, after: Sequence[Any]) -> bool:
    """Whether a file is to be written: one that is not there has nothing to move."""
    return before is not None and tuple(before) != tuple(after)
