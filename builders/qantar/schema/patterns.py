r"""Which patterns a schema may hold: those that mean the same everywhere, and that no string makes slow.

Patterns are run by matchers that go back and try again (Python's `re`, for `msgspec` and `jsonschema`): ``^(a+)+$`` takes
longer than anybody waits over thirty letters. So a pattern is read here first, in a small grammar of ASCII: letters, escaped
signs, classes, groups, ``|``, ``? * + {m} {m,} {m,n}``, between ``^`` and ``$``. Then it must be deterministic: whatever was
read, at most one part of the pattern takes the next character, and in one way only (a Glushkov automaton without two edges
for one character, edges counted once for each operator that makes them). A matcher that goes back then fails at once, and
time is linear in the string. The alternatives of the whole may begin alike: they are tried once each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

#: Characters of a pattern; groups open at once; places of characters when repetitions are written out.
MAX_LENGTH, MAX_GROUPS, MAX_PLACES = 1_000, 20, 1_000
_PORTABLE = "is not portable: "
_ASCII = "Anchor it once with ^ and $, group alternatives, and spell classes in ASCII."
_ESCAPE = "Put a backslash before it."
_DECIDES = "Write it so that the next character decides: `a+` for `(a+)+`, `ab?` for `(a|ab)`."
_OTHER = 1 << 128  # what is no ASCII


class _Refused(Exception):
    """The pattern is refused: what it is, and the remedy."""


@dataclass(slots=True)
class _Part:
    """A part of a pattern: whether it takes the empty string, and the places where it begins and ends."""

    empty: bool
    first: list[int]
    last: list[int]


@dataclass(slots=True)
class _Automaton:
    """Places: the characters that each takes, as bits, and the places that may follow each, once for every way there."""

    takes: list[int] = field(default_factory=list)
    follow: list[list[int]] = field(default_factory=list)

    def place(self, characters: int) -> _Part:
        if len(self.takes) >= MAX_PLACES:
            raise _Refused(f"is too long: written out it has more than {MAX_PLACES:,} places", "Use smaller bounds, or maxLength.")
        self.takes.append(characters)
        self.follow.append([])
        here = len(self.takes) - 1
        return _Part(False, [here], [here])

    def link(self, ends: Iterable[int], starts: Iterable[int]) -> None:
        starts = list(starts)
        for end in ends:
            self.follow[end] += starts

    def demand_decided(self, first: list[int]) -> None:
        """Refuses two ways on with one character. Each is found when the second is added to those before it."""
        for after in (first, *self.follow):
            seen = 0
            for place in after:
                if both := seen & self.takes[place]:
                    raise _Refused(f"may go on in two ways with {_shown(both)}, which can take for ever", _DECIDES)
                seen |= self.takes[place]


def refusal(pattern: str) -> tuple[str, str] | None:
    """Why a pattern is refused, as what it is, and the remedy; None where it is good. Nothing is matched."""
    try:
        for part in _alternatives(_inner(pattern)):
            reader = _Reader(part)
            reader.automaton.demand_decided(reader.whole().first)
    except _Refused as refused:
        what, remedy = refused.args
        return what, remedy
    return None


def _inner(pattern: str) -> str:
    """What stands between the anchors."""
    if len(pattern) > MAX_LENGTH:
        raise _Refused(f"is too long: it has more than {MAX_LENGTH:,} characters", "Shorten it.")
    if strange := next((sign for sign in pattern if not " " <= sign <= "~"), None):
        raise _Refused(f"{_PORTABLE}{strange!r} is no visible ASCII", _ASCII)
    if not pattern.startswith("^") or not pattern.endswith("$") or len(pattern) < 2 or _escaped(pattern):
        raise _Refused(f"{_PORTABLE}it is not anchored at both ends", _ASCII)
    return pattern[1:-1]


def _escaped(pattern: str) -> bool:
    """Whether the last sign is escaped: an odd number of backslashes stands before it."""
    before = pattern[:-1]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def _alternatives(inner: str) -> list[str]:
    """The alternatives of a pattern that is one group, else the pattern."""
    found, depth, start, place = [], 0, 1, 0
    while place < len(inner):
        sign = inner[place]
        if sign == "\\":
            place += 1
        elif sign == "[":
            place = _class_end(inner, place)
        elif sign in "()":
            depth += 1 if sign == "(" else -1
            if depth == 0 and place < len(inner) - 1:
                return [inner]  # something follows the group
        elif depth == 0:
            return [inner]
        elif depth == 1 and sign == "|":
            found.append(inner[start:place])
            start = place + 1
        place += 1
    closed = depth == 0 and inner.startswith("(") and not inner.startswith("(?") and inner.endswith(")")
    return [*found, inner[start:-1]] if closed else [inner]


def _class_end(inner: str, place: int) -> int:
    place += 1
    while place < len(inner) and inner[place] != "]":
        place += 2 if inner[place] == "\\" else 1
    return place


class _Reader:
    """Reads one alternative into an automaton; repetitions are written out by reading their text again."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.groups = 0
        self.automaton = _Automaton()

    def whole(self) -> _Part:
        part = self._sequence()
        if self.at < len(self.source):
            what = "its alternatives are in no group" if self.source[self.at] == "|" else "a group is closed that was not opened"
            raise _Refused(_PORTABLE + what, _ASCII)
        return part

    def _sequence(self) -> _Part:
        part = _Part(True, [], [])
        while self.at < len(self.source) and self.source[self.at] not in "|)":
            part = self._joined(part, self._repeated())
        return part

    def _joined(self, one: _Part, two: _Part) -> _Part:
        self.automaton.link(one.last, two.first)
        first = one.first + two.first if one.empty else one.first
        last = one.last + two.last if two.empty else two.last
        return _Part(one.empty and two.empty, first, last)

    def _repeated(self) -> _Part:
        start = self.at
        part = self._atom()
        bounds = self._bounds()
        if bounds is None:
            return part
        if part.empty:
            raise _Refused("repeats what may be empty, which can take for ever", _DECIDES)
        return self._copies(part, partial(self._again, start, self.at), *bounds)

    def _copies(self, part: _Part, again: Callable[[], _Part], least: int, most: int | None) -> _Part:
        """`part` that many times: copies that must be there, then such that may, each inside the one before."""
        if most == 0:
            raise _Refused("repeats something no time", "Remove it.")
        copies = [part, *(again() for _ in range(max(least, most or 0, 1) - 1))]
        if most is None:
            self.automaton.link(copies[-1].last, copies[-1].first)
        found = copies[-1]
        for number in range(len(copies) - 1, -1, -1):
            found = found if number == len(copies) - 1 else self._joined(copies[number], found)
            if number >= least:
                found = _Part(True, found.first, found.last)
        return found

    def _again(self, start: int, after: int) -> _Part:
        """A copy of a part, with places of its own."""
        self.at = start
        part = self._atom()
        self.at = after
        return part

    def _bounds(self) -> tuple[int, int | None] | None:
        """Least and most times that a quantifier says."""
        sign = self.source[self.at : self.at + 1]
        if sign and sign in "?*+":
            self.at += 1
            found: tuple[int, int | None] | None = {"?": (0, 1), "*": (0, None), "+": (1, None)}[sign]
        else:
            found = self._braces() if sign == "{" else None
        if found is not None and self.source[self.at : self.at + 1] in ("?", "*", "+", "{"):
            raise _Refused(f"{_PORTABLE}one quantifier follows another", "Use one.")
        return found

    def _braces(self) -> tuple[int, int | None]:
        body, closed, _ = self.source[self.at + 1 :].partition("}")
        least, comma, most = body.partition(",")
        if not closed or not _is_number(least) or not (most == "" or _is_number(most)) or len(body) > 9:
            raise _Refused(f"{_PORTABLE}{{{body[:9]} is no quantifier", "Write {m}, {m,} or {m,n}, or put a backslash before the brace.")
        self.at += len(body) + 2
        low, high = int(least), None if comma and not most else int(most or least)
        if high is not None and high < low:
            raise _Refused(f"{_PORTABLE}{{{body}}} ends before it begins", "Swap the numbers.")
        return low, high

    def _atom(self) -> _Part:
        sign = self.source[self.at]
        self.at += 1
        if sign == "(":
            return self._group()
        if sign == "[":
            return self.automaton.place(self._class())
        if sign == "\\":
            return self.automaton.place(1 << ord(self._punctuation()))
        if sign in "^$":
            raise _Refused(f"{_PORTABLE}it has an anchor inside", _ASCII)
        if sign in ".?*+{}]":
            raise _Refused(
                f"{_PORTABLE}it has a bare {sign!r}", f"{_ESCAPE} Any sign but some is a class: [^,]." if sign == "." else _ESCAPE
            )
        return self.automaton.place(1 << ord(sign))

    def _group(self) -> _Part:
        if self.source.startswith("?", self.at):
            if not self.source.startswith("?:", self.at):
                raise _Refused(f"{_PORTABLE}it looks around, refers back, or sets flags", "Use plain groups.")
            self.at += 2
        self.groups += 1
        if self.groups > MAX_GROUPS:
            raise _Refused(f"nests groups deeper than {MAX_GROUPS}", "Flatten it.")
        parts = [self._sequence()]
        while self.source.startswith("|", self.at):
            self.at += 1
            parts.append(self._sequence())
        if not self.source.startswith(")", self.at):
            raise _Refused(f"{_PORTABLE}a group is not closed", "Close it.")
        self.at += 1
        self.groups -= 1
        if sum(part.empty for part in parts) > 1:
            raise _Refused("has two alternatives that may be empty, which can take for ever", _DECIDES)
        ends = ([place for part in parts for place in getattr(part, name)] for name in ("first", "last"))
        return _Part(any(part.empty for part in parts), *ends)

    def _punctuation(self) -> str:
        sign = self.source[self.at : self.at + 1]
        if not sign or sign.isalnum() or sign in " _":
            raise _Refused(f"{_PORTABLE}\\{sign} means other things elsewhere", "Spell the class in ASCII, such as [0-9].")
        self.at += 1
        return sign

    def _class(self) -> int:
        negated = self.source.startswith("^", self.at)
        self.at += negated
        start, found = self.at, 0
        while not self.source.startswith("]", self.at):
            low = self._member(start)
            high = low
            if self.source.startswith("-", self.at) and not self.source.startswith("-]", self.at):
                self.at += 1
                high = self._member(start)
            if high < low:
                raise _Refused(f"{_PORTABLE}the range {low}-{high} ends before it begins", "Swap its ends.")
            found |= (1 << ord(high) + 1) - (1 << ord(low))
        if self.at == start:
            raise _Refused(f"{_PORTABLE}a class is empty", "Name its members; put a backslash before a bracket.")
        self.at += 1
        return ~found & ((_OTHER << 1) - 1) if negated else found

    def _member(self, start: int) -> str:
        """One member of a class, or end of a range."""
        sign, at = self.source[self.at : self.at + 1], self.at
        if not sign:
            raise _Refused(f"{_PORTABLE}a class is not closed", "Close it.")
        self.at += 1
        if sign == "\\":
            return self._punctuation()
        if sign == "[" or (sign == "-" and at > start and not self.source.startswith("]", self.at)):
            raise _Refused(f"{_PORTABLE}it has a bare {sign!r} in a class", _ESCAPE)
        if sign in "&~|-" and self.source.startswith(sign, self.at):
            raise _Refused(f"{_PORTABLE}{sign * 2} in a class joins sets elsewhere", _ESCAPE)
        return sign


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _shown(characters: int) -> str:
    """One of the characters."""
    lowest = (characters & -characters).bit_length() - 1
    best = next((code for code in range(33, 127) if characters >> code & 1), lowest)
    return "a character that is no ASCII" if best == 128 else repr(chr(best))
