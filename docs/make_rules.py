"""Writes docs/rules.md from the catalogue of rules. Run: python docs/make_rules.py."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from qantar.rules.catalogue import SUBJECTS, Explanation, codes, explain

INTRODUCTION = """\
<!-- Made by docs/make_rules.py from builders/qantar/rules/explained: edit there. -->

# Rules: the problems that `qantar check` reports

Each problem has a code, a place (file, line, column), the fact and a remedy. This page says of every code what it means, why it
matters, what usually causes it, and how to mend it; `qantar explain CODE` prints the same, `qantar explain --json CODE` for programs.

**Levels.** What has a problem of level 1 or 2 cannot be read. The rules of the levels above check the documents that could be; of those
that could be read in part, level 3 only. What spans documents is checked once everything can be read. Of a document whose text was
changed (`hash-mismatch`), problems of level 3, and of rules on what stands at an offset, are counted, not listed: mended once, the
text or its hash, most of them are gone.

**Severity.** An `error` makes `check` leave with exit code 1, and `build` refuses it; a `warning` does neither, but for `draft-layer`,
which `build` lets pass only with `--drafts`.

**Order.** Texts that were changed come first; then problems are in order of file, line and column.

**Switching off.** Where a table says so, a corpus may switch a rule off for itself, or weigh it otherwise (`"warning"`, `"error"`), in
corpus.toml, with the reason:

```toml
[[rules]]
code = "chain-link"
severity = "off"
reason = "Links are added in a later pass."
```

The others cannot be switched off: without them a text could not be read, or a table not be made. From a rule that can be switched
off, one record may be excused in its own line, one document in its line of documents.jsonl, with the reason, unless the rule is about
the corpus as a whole. An excuse that nothing needs is a problem itself ([`unused-suppression`](#unused-suppression)).

```json
"ignore":[{"code":"chain-link","reason":"This mention is of the old harbour, which has an entry of its own."}]
```
"""


def page() -> str:
    """The page as Markdown text."""
    lines = [INTRODUCTION]
    for level, found in groupby(map(explain, codes()), key=lambda one: one.level):
        lines += _level(level, list(found))
    return "\n".join(lines).rstrip() + "\n"


def _level(level: int, found: Iterable[Explanation]) -> Iterator[str]:
    found = list(found)
    yield f"## Level {level}: {SUBJECTS[level]}\n"
    yield "| code | severity | can be switched off | means |\n|---|---|---|---|"
    yield from (
        f"| [`{one.code}`](#{one.code}) | {one.severity} | {_off(one)} | {one.means.replace('|', chr(92) + '|')} |" for one in found
    )
    yield ""
    for one in found:
        yield from _section(one)


def _off(one: Explanation) -> str:
    """Whether the corpus may switch it off, and records be excused."""
    if one.firm:
        return "no"
    return f"yes, or for one {one.about}" if one.about in ("record", "document") else "yes"


def _section(one: Explanation) -> Iterator[str]:
    yield f"### {one.code}\n\n{_wrapped(one.means)}\n\n{_wrapped(one.why)}\n"
    yield f"Wrong:\n\n{_block(one.bad)}\nRight:\n\n{_block(one.good)}"
    if one.guideline:
        yield f"Guideline: [{one.guideline}](../corpus/guidelines/{one.guideline})\n"


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 132, break_long_words=False, break_on_hyphens=False)


def _block(excerpt: str) -> str:
    """An excerpt of a JSONL file, or else the name of a file, a text, a command."""
    language = "json" if '"' in excerpt else "text"
    return f"```{language}\n{excerpt}\n```\n"


if __name__ == "__main__":
    Path(__file__).with_name("rules.md").write_text(page(), encoding="utf-8")
