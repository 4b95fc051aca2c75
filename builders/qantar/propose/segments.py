"""Proposes zones: kinds by plain rules on lines, languages by letters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from qantar.propose.letters import course, guess, words

#: Start and end (code points, half-open) and BCP-47 tag of a zone.
Zone = tuple[int, int, str]

#: Where a label set lacks a kind, the next of the row takes its place; `body` stands for all.
FALLBACKS = {
    "ranking": ("teaser", "navigation", "boilerplate"), "teaser": ("navigation", "boilerplate"),
    "navigation": ("boilerplate",), "ticker": ("boilerplate",), "boilerplate": ("navigation",),
}  # fmt: skip
#: Lines of these kinds that follow each other are one zone; every headline, caption and item of a list is a zone of its own.
_JOINED = frozenset({"body", "boilerplate", "ticker"})
_STRIP = 300  # characters; a longer line with fewer sentence ends than one in as many is a strip of headlines
_TITLE = 150
_SWITCH = 5

_CODE = r"[A-Z]{3}(?:/[A-Z]{3})?"
_TICKER = re.compile(rf"(?=[^\n]*[\d:])(?:{_CODE}(?![A-Z]):?(?:[\s\d.,+%-]|/(?![A-Z]))*)+")
_RATE = re.compile(r"\d[.,]\d")
_WIDGET = re.compile(r"[A-Za-z0-9]*[-_]?[0-9]{5,}(?:[-_][A-Za-z0-9]+)*")
_MONTH = (
    r"(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|січ|лют|бер|квіт|трав|черв|лип|серп|вер|жовт|лист|груд|"
    r"қаң|ақп|нау|сәу|мам|мау|шіл|там|қыр|қаз|қар|жел|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.?"
)
_DATE = re.compile(
    rf"(?:\w+,?\s+)?(?:\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}\s+{_MONTH}(?:,?\s+\d{{4}})?|"
    rf"{_MONTH}\s+\d{{1,2}},?\s+\d{{4}}|\d{{4}}\s+ж(?:ыл\w*|\.)\s+\d{{1,2}}\s+{_MONTH})(?:\s*(?:г\.|года|року|р\.))?"
    r"[,\s|–—-]*(?:\d{1,2}:\d{2})?",
    re.I,
)
_BYLINE = re.compile(
    r"(?:автор(?:ы|и|лар)?|источник(?:и)?|джерел[оа]|текст|дереккөз|author|source)\b\s*[:—–]\s*\S.{0,80}|(?-i:By [A-Z]\w+ [A-Z]).{0,80}"
    r"|(?:видео|фото|відео|photos?|videos?)\b.{0,30}\b(?:из открытых источников|з відкритих джерел|ашық дереккөзден\w*|from open sources)\.?",
    re.I,
)
_ALSO = re.compile(
    r"(?:[чЧ]итайте? (?:также|ещ[её]|по теме)|[чЧ]итайте також|[сС]мотрите также|[дД]ивіться також|[сС]ондай-ақ оқыңыз|[тТ]ағы оқыңыз|"
    r"[оО]қи отырыңыз|[rR]ead (?:also|more)|[sS]ee also|[rR]elated(?=\s*(?::|$))|[рР]екоменду(?:ем|ємо)|[ұҰ]сынамыз)\b\W*"
)
#: The heading of a list of other texts, where items with bullets follow it.
_MORE = re.compile(
    r"(?:(?:другие|последние|свежие|главные|важные|похожие|ещ[её]|больше) (?:новости|материалы|статьи|публикации)"
    r"|(?:(?:новости|материалы|статьи|ещ[её]) )?по теме|новости партн[её]ров"
    r"|(?:інші|останні|свіжі|головні|важливі|схожі|ще|більше) (?:новини|матеріали|статті|публікації)"
    r"|(?:новини|матеріали|статті|ще) (?:за темою|по темі)|за темою|новини партнерів"
    r"|(?:басқа да|басқа|өзге|соңғы|тағы|ұқсас) (?:жаңалықтар|мақалалар|материалдар)|тақырып бойынша"
    r"|(?:more|other|latest|recent|related|similar) (?:news|stories|articles|headlines|posts|reading|coverage)|more (?:from|on) .{1,40})\W*",
    re.I,
)
_POPULAR = re.compile(
    r"(?:популярн|самое читаемое|сейчас читают|топ новост|найпопулярніш|зараз читають|ең көп оқыл|танымал|most (?:read|popular)|popular|trending)",
    re.I,
)
_CONTROL = re.compile(
    r"(?:показать ещ[её]|ещ[её] новости|загрузить ещ[её]|оставить комментарий|комментарии|страницы?\s*:|события дня|читайте эту новость|"
    r"поделиться|подпис(?:ывайтесь|аться)|показати ще|залишити коментар|вас також (?:може|можуть)|поділитися|підпис(?:уйтесь|атися)|сторінки\s*:|"
    r"пікір қалдыру|тағы көрсету|бөлісу|жазылу|show more|load more|leave a comment|comments|share|subscribe|pages?\s*:)",
    re.I,
)
#: A note on rights at the foot of a page: it opens with the sign and holds a year, or says that all rights are reserved.
_RIGHTS = re.compile(
    r"(?:copyright\s*)?©.{0,80}?\b(?:19|20)\d{2}\b|(?:copyright\s*\(c\)|copyright|\(c\))\s*(?:19|20)\d{2}\b"
    r"|(?:все права (?:защищены|сохранены)|[ув]сі права (?:захищен[іо]|збережен[іо])|барлық құқық\w* қорғалған|all rights reserved)\b",
    re.I,
)
_CAPTION = re.compile(r"(?:[/(|]\s*(?:фото|photo|сурет|видео|відео)\b)|^(?:на (?:фото|снимке)|фото|photo|сурет)\b\s*[:—–]?\s", re.I)
_BULLET = re.compile(r"[-–—*·]\s|[•▪●◦‣►]")
_END = re.compile(r"[.!?…](?=[\s»”\"')\]]|$)")
_CLOSING = "»”\"')]’“"


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with the blank lines after it; `words` is what stands in it, `kind` None until a rule says it."""

    start: int
    end: int
    words: str
    kind: str | None
    lang: str


def segments(text: str, *, lang: str, languages: Sequence[str], kinds: Sequence[str]) -> list[dict[str, Any]] | None:
    """Records of the layer `segments`: a partition of the text, with labels of `languages` and `kinds` only.

    `lang` is the document's language. None where `kinds` has no label that could take the place of one that is needed.
    """
    zones = list(_joined(_named(_lines(text, lang, languages))))
    labels = {kind: label_of(kind, kinds) for kind in {zone.kind or "body" for zone in zones}}
    if None in labels.values():
        return None
    return [
        {"id": f"Z{number}", "start": zone.start, "end": zone.end, "kind": labels[zone.kind or "body"], "lang": zone.lang}
        for number, zone in enumerate(zones, 1)
    ]


def label_of(kind: str, kinds: Sequence[str]) -> str | None:
    """The label for a kind in a label set: itself, else the nearest one there, else `body`; None where there is none."""
    return next((label for label in (kind, *FALLBACKS.get(kind, ()), "body") if label in kinds), None)


def _lines(text: str, lang: str, languages: Sequence[str]) -> Iterator[_Line]:
    for start, end in _blocks(text):
        line = text[start:end].strip()
        kind = _kind(line)
        if kind == "teaser" and _is_strip(line):
            yield from _parts(text, start, end, lang, languages)
        else:
            blank = kind in ("boilerplate", "ticker") and not _RIGHTS.match(line)
            yield _Line(start, end, line, kind, "zxx" if blank else guess(line, [lang, *languages], favoured=lang) or "zxx")


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each line that holds something, with the blank lines after it, and those before the first."""
    starts = [0]
    for match in re.finditer(r"[^\n]*(?:\n|$)", text):
        if match.start() and match.group().strip() and text[starts[-1] : match.start()].strip():
            starts.append(match.start())
    yield from zip(starts, [*starts[1:], len(text)], strict=True) if text else ()


def _kind(line: str) -> str | None:
    """The kind that a line shows by itself."""
    if len(line) < _TITLE and _DATE.fullmatch(line):
        return "dateline"
    if not any(character.isalpha() for character in line):
        return "boilerplate"
    if _TICKER.fullmatch(line):
        return "ticker"
    if _RIGHTS.match(line):
        return "boilerplate"
    if match := _ALSO.match(line):
        return "teaser" if len(line) > match.end() else "navigation"
    if _is_strip(line):
        return "teaser"
    return next((kind for kind, shows in _SHORT if shows(line)), None) if len(line) < _TITLE else None


#: What a short line shows, in order.
_SHORT: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("boilerplate", _WIDGET.fullmatch),
    ("byline", _BYLINE.fullmatch),
    ("navigation", _CONTROL.match),
    ("navigation", lambda line: _POPULAR.match(line) and not _ends(line)),
    ("caption", _CAPTION.search),
)


def _is_strip(line: str) -> bool:
    return len(line) >= _STRIP and len(_END.findall(line)) < len(line) / _STRIP


def _parts(text: str, start: int, end: int, lang: str, languages: Sequence[str]) -> Iterator[_Line]:
    """A strip of headlines, cut where the language changes: at a blank before a word with a capital."""
    spans = list(words(text, start, end))
    forms = [text[one:two] for one, two in spans]
    ends = [start, *(two for _, two in spans[:-1])]
    opens = [text[one].isupper() and any(map(str.isspace, text[end_:one])) for end_, (one, _) in zip(ends, spans, strict=True)]
    langs = course(forms, opens, languages, start=lang, switch=_SWITCH, lean=0)
    cuts = [start]
    found = langs[:1]
    for (at, _), here in zip(spans, langs, strict=True):
        if here != found[-1]:
            cuts.append(_chunk(text, at, cuts[-1]))
            found.append(here)
    for one, two, name in zip(cuts, [*cuts[1:], end], found, strict=True):
        yield _Line(one, two, text[one:two].strip(), "teaser", name)


def _chunk(text: str, at: int, floor: int) -> int:
    """Where the run of characters that holds `at` begins, its opening quotation mark included."""
    while at > floor and not text[at - 1].isspace():
        at -= 1
    return at


def _named(lines: Iterable[_Line]) -> list[_Line]:
    """The lines with what their neighbours show: rates under their currency, items under the heading of a list, titles."""
    found: list[_Line] = []
    listed = None
    listing = list(lines)
    for line, after in zip(listing, [*listing[1:], None], strict=True):
        kind = line.kind
        if kind == "boilerplate" and found and found[-1].kind == "ticker" and _RATE.search(line.words):
            kind = "ticker"
        elif heads := _heads(line, after):
            kind, listed = "navigation", heads
        elif kind == "navigation":
            listed = None
        elif kind is None and listed:
            listed = listed if listed.holds(line.words) else None
            kind = listed.kind if listed else None
        found.append(replace(line, kind=kind))
    broken = sum(line.words[:1].islower() for line in found) > len(found) / 5  # lines of a set width: none is known to be a title
    return [replace(line, kind="headline") if not broken and _is_title(found, at) else line for at, line in enumerate(found)]


@dataclass(frozen=True, slots=True)
class _List:
    """What the items under a heading are, and which lines are items beside those with a bullet: titles, titles and numbers, none."""

    kind: str
    titles: bool = True
    numbers: bool = False

    def holds(self, line: str) -> bool:
        """Whether a line is an item."""
        return bool(_BULLET.match(line)) or (self.titles and not _ends(line)) or (self.numbers and line[0].isdigit())


def _heads(line: _Line, after: _Line | None) -> _List | None:
    """The list that a line is the heading of."""
    if line.kind in (None, "navigation") and after is not None and _BULLET.match(after.words) and _MORE.fullmatch(line.words):
        return _List("teaser", titles=False)
    if line.kind == "navigation" and _ALSO.match(line.words):
        return _List("teaser")
    return _List("ranking", numbers=True) if line.kind == "navigation" and _POPULAR.match(line.words) else None


def _is_title(lines: Sequence[_Line], at: int) -> bool:
    """Whether a line without a sentence's end stands over running text."""
    line = lines[at]
    if line.kind is not None or at + 1 == len(lines) or len(line.words) > _TITLE or not line.words[0].isupper():
        return False
    after = lines[at + 1]
    last = line.words.rstrip(_CLOSING)[-1:]
    return last.isalnum() and after.kind is None and _ends(after.words) and not after.words[0].islower()


def _ends(line: str) -> bool:
    return line.rstrip(_CLOSING).endswith((".", "!", "?", "…"))


def _joined(lines: Iterable[_Line]) -> Iterator[_Line]:
    held: _Line | None = None
    for line in lines:
        kind = line.kind or "body"
        if held is not None and kind in _JOINED and (held.kind or "body", held.lang) == (kind, line.lang):
            held = replace(held, end=line.end)
        else:
            if held is not None:
                yield held
            held = line
    if held is not None:
        yield held
