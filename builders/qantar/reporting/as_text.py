"""The report for people: `file:line:column: severity[code] record $.path: fact`, the remedy, and what stands there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from qantar.problems import Problem
from qantar.reporting.counts import CodeCount, by_code, by_severity
from qantar.reporting.excerpts import Excerpt, render
from qantar.reporting.seen import InText, Seen, look_up
from qantar.reporting.view import View
from qantar.unchecked import told
from qantar.wording import printable, summary

_INDENT = "    "
_GUTTER = f"{_INDENT}| "
#: Styles of the words of `rich`.
_STYLES = {"error": "bold red", "warning": "bold yellow", "place": "bold", "quiet": "dim"}


def as_text(problems: Sequence[Problem], view: View) -> Iterator[str]:
    """Lines of the report, a file's problems together, then the sums. A remedy or excerpt that stands just above is not repeated."""
    counts = by_code(problems)
    if view.statistics:
        yield from _table(counts, view)
    else:
        shown, hidden = _capped(problems, view.most)
        yield from _body(look_up(shown, view), view)
        yield from _hidden(counts, hidden)
    if counts:
        yield ""
        yield printable(f"`qantar explain CODE` says more of: {', '.join(sorted({one.code for one in counts}))}.")
    if view.unchecked:
        yield printable(told(view.unchecked))
    found = by_severity(problems)
    yield summary(found["error"], found["warning"])


def _capped(problems: Sequence[Problem], most: int) -> tuple[list[Problem], Counter[str]]:
    """The first problems of each code, and how many of each code are left out."""
    shown, counts = [], Counter[str]()
    for problem in problems:
        counts[problem.code] += 1
        if not most or counts[problem.code] <= most:
            shown.append(problem)
    hidden = Counter({code: count - most for code, count in counts.items() if most and count > most})
    return shown, hidden


def _body(found: Sequence[Seen], view: View) -> Iterator[str]:
    file: str | None = None
    remedies: dict[str, str] = {}
    above: list[str] = []
    for number, one in enumerate(found):
        if number and one.file != file:
            yield ""
        file = one.file
        yield _head(one, view)
        if remedies.get(one.problem.code) != one.problem.remedy:
            yield f"{_INDENT}{printable(one.problem.remedy)}"
        remedies[one.problem.code] = one.problem.remedy
        lines = list(_pictures(one, view))
        yield from lines if lines != above else ()
        above = lines


def _head(one: Seen, view: View) -> str:
    problem = one.problem
    place = ":".join(str(part) for part in (one.file, one.line, one.column) if part is not None) or problem.document
    record = " ".join(part for part in (problem.record, problem.json_path if problem.path else None) if part)
    head = view.paint(f"{printable(place)}: ", _STYLES["place"]) if place else ""
    code = view.paint(f"{problem.severity}[{printable(problem.code)}]", _STYLES[problem.severity])
    return f"{head}{code}{f' {printable(record)}' if record else ''}: {printable(problem.fact)}."


def _pictures(one: Seen, view: View) -> Iterator[str]:
    """The offending value in its line (a blank one shows nothing), and the record's words in their text."""
    if one.excerpt is not None and one.excerpt.text:
        yield from _picture(one.excerpt, one.problem, view)
    if one.in_text is not None:
        yield f"{_INDENT}{_where(one.in_text)}"
        yield from _picture(one.in_text.excerpt, one.problem, view)


def _where(words: InText) -> str:
    return f"{printable(words.file)}:{words.line}:{words.column}" if words.file else f"line {words.line}, column {words.column} of its text"


def _picture(shown: Excerpt, problem: Problem, view: View) -> Iterator[str]:
    line, carets = render(shown, max(view.width - len(_GUTTER), 20))
    yield f"{view.paint(_GUTTER, _STYLES['quiet'])}{line}"
    yield f"{view.paint(_GUTTER, _STYLES['quiet'])}{view.paint(carets, _STYLES[problem.severity])}"


def _hidden(counts: Sequence[CodeCount], hidden: Counter[str]) -> Iterator[str]:
    if hidden:
        yield ""
    for code in dict.fromkeys(one.code for one in counts):
        if hidden[code]:
            are = "is" if hidden[code] == 1 else "are"
            yield printable(f"{hidden[code]} more of {code} {are} not shown; `--select {code} --max 0` shows all.")


def _table(counts: Sequence[CodeCount], view: View) -> Iterator[str]:
    rows = [(str(one.count), one.severity, "–" if one.level is None else str(one.level), printable(one.code)) for one in counts]
    if not rows:
        return
    head = ("count", "severity", "level", "code")
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    yield _row(head, widths)
    for row in rows:
        yield _row((row[0], view.paint(row[1].ljust(widths[1]), _STYLES[row[1]]), *row[2:]), widths)


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    count, severity, level, code = cells
    return f"{count.rjust(widths[0])}  {severity.ljust(widths[1])}  {level.rjust(widths[2])}  {code}"
