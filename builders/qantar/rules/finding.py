"""What a rule yields: a fact about one record and the remedy. The runner adds code, severity and document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qantar.columns import Columns
from qantar.rules.facts import Facts
from qantar.schema.registry import Registry

if TYPE_CHECKING:
    from qantar.problems import Path
    from qantar.records import Document, GazetteerEntry
    from qantar.settings import RuleSetting


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of one record (or, where `layer` is None, of the document itself).

    Rules over what spans documents name the `document` that a fault stands in; the layer SETTINGS stands for corpus.toml.
    """

    layer: str | None
    index: int | None
    record: Any
    path: Path
    fact: str
    remedy: str
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may look up beside the document, and how the corpus weighs rules; no gazetteer where its file has faults."""

    registry: Registry
    gazetteer: Mapping[str, GazetteerEntry] | None
    rules: tuple[RuleSetting, ...] = ()
    _last: list[Facts] = field(default_factory=list, init=False, repr=False, compare=False)

    def facts(self, document: Document, columns: Columns | None = None) -> Facts:
        """The facts of a document, the same ones for all rules that look at it one after the other; over its columns, if they are made."""
        facts = self._last[0] if self._last else None
        if facts is None or facts.document is not document:
            facts = Facts(document, self.registry, columns, gazetteer=self.gazetteer)
            self._last[:] = [facts]
        return facts

    def forget(self) -> None:
        """Lets go of the last document, so that the next one can take its place in memory."""
        self._last.clear()
