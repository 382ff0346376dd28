"""Which headings of a document in paragraphs open an article of their own, and which are sub-headings of one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.dates.masthead_lines import read_masthead_line
from index.records import HeadingKind
from index.repair.lines import is_closed
from index.repair.mapped_text import Mapped
from index.segment.roles import DATELINE, DAY, SECTION, role_of

SIGNED_SHARE = 0.5
"""Share of the headings of a level that have a dateline or byline under them, from which each opens an article."""
HEADLINE_HAN = 8
"""Chinese headlines have 8 characters and more, sub-headings mostly 4 to 7."""
HEADLINE_WORDS = 5
HEADLINE_SHARE = 0.6
RUNNING_TEXT_CHARACTERS = 15
LINES_TO_SIGNATURE = 2
_NUMBERED = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)]|第[一二三四五六七八九十百\d]{1,4}[章节条部篇]|\d{1,2}[.、．）)](?!\d)|[①-⑳]"
    r"|(?:问|答|Q|A)\d{0,2}[:：]|(?:附件?|附录|附表)\s?\d{0,2}"
)
_SIGNED = re.compile(
    r"(?:■|□|●|◆)?\s{0,3}(?:来源|作者|记者|本报记者|通讯员|文|供稿|撰稿|编辑|By)\s{0,3}[:：/／|]|(?:本报)?(?:记者|通讯员)\s?[\u4e00-\u9fff]{2,4}|\d{4}[-年/.]\d{1,2}[-月/.]\d{1,2}日?\s{0,4}(?:来源|作者|\d{1,2}:\d\d|$)"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a document in paragraphs.

    Args:
        start: its place in the document's text.
        words: what it says, without marks.
        level, kind: as of a `Heading`; None for text.
        line: as it goes into an article; None for a title that is not in the text.
        opens_article: an `<article>` element begins with it.
    """

    start: int
    words: str
    level: int | None
    kind: HeadingKind | None
    line: Mapped | None
    is_masthead: bool = False
    opens_article: bool = False


@dataclass(frozen=True, slots=True)
class Parting:
    """Where articles begin.

    Args:
        places: of the items that open one; none where the document is one article.
        confidence: 0–1.
        reason: what decided, in words.
        plain: those of the places that no markup makes a heading.
    """

    places: tuple[int, ...] = ()
    confidence: float = 1.0
    reason: str = ""
    plain: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Level:
    """The headings of one level that have text under them.

    Args:
        places: of them.
        signed: how many have a dateline or byline under them.
        headlines: how many have the length of a headline and no number.
    """

    places: tuple[int, ...]
    signed: int
    headlines: int


def find_openings(items: Sequence[Item], *, has_title: bool) -> Parting:
    """Return where the articles of a document begin.

    Args:
        has_title: a headline stands over the whole document that is none of the items.
    """
    marked = tuple(place for place, item in enumerate(items) if item.opens_article)
    if len(marked) > 1 and all(_has_text(items, a, b) for a, b in zip(marked, (*marked[1:], len(items)), strict=True)):
        return Parting(marked, 1.0, f"one of {len(marked)} <article> elements of the file")
    is_under = has_title
    for number in sorted({item.level for item in items if item.level is not None}):
        level = _level(items, number)
        if len(level.places) > 1:
            found = _judge(items, level, is_under=is_under)
            if found:
                return found
        is_under = is_under or bool(level.places)
    return _plain_openings(items)


def _judge(items: Sequence[Item], level: _Level, *, is_under: bool) -> Parting | None:
    """Whether the headings of a level open an article each.

    Args:
        is_under: a headline of a higher level stands over them.
    """
    count = len(level.places)
    if level.signed > 1 and level.signed >= SIGNED_SHARE * count:
        reason = f"{level.signed} of {count} headings of its level have a dateline or byline under them"
        return Parting(level.places, 0.95, reason)
    has_lead = _has_text(items, 0, level.places[0])
    if is_under or has_lead or level.headlines < HEADLINE_SHARE * count:
        return None
    is_marked = items[level.places[0]].kind == "marked"
    in_issue = any(item.is_masthead for item in items[: level.places[0]])
    # One dateline under the first heading, and sub-headings set like it below, is one article.
    only_first = level.signed == 1 and _is_signed(items, level.places[0]) and not is_marked
    if only_first:
        return None
    confidence = 0.9 if in_issue else 0.8 if is_marked else 0.7
    return Parting(level.places, confidence, f"one of {count} headings of one level, with no headline above them")


def _level(items: Sequence[Item], number: int) -> _Level:
    own = [
        place
        for place, item in enumerate(items)
        if item.level == number and not item.is_masthead and not _names_section(item.words)
    ]
    ends = [
        next(
            (
                n
                for n in range(place + 1, len(items))
                if (items[n].level or 99) <= number and items[n].level is not None
            ),
            len(items),
        )
        for place in own
    ]
    places = [place for place, end in zip(own, ends, strict=True) if _has_text(items, place + 1, end)]
    return _Level(
        tuple(places),
        sum(_is_signed(items, place) for place in places),
        sum(_is_headline(items[place].words) for place in places),
    )


def _names_section(words: str) -> bool:
    """Whether a heading names a page or one of its columns, and no article."""
    return bool(read_masthead_line(words)) or (len(words) <= 6 and bool(SECTION.search(words)))


def _has_text(items: Sequence[Item], start: int, end: int) -> bool:
    """Whether running text stands among the items, or a table."""
    return any(
        item.level is None
        and not item.is_masthead
        and (len(item.words) >= RUNNING_TEXT_CHARACTERS or is_closed(item.words) or "\t" in item.words)
        for item in items[start:end]
    )


def _is_signed(items: Sequence[Item], place: int) -> bool:
    """Whether what stands right under a heading says where the report comes from, or who wrote it."""
    below: list[Item] = []
    for item in items[place + 1 : place + 6]:
        if item.level is not None and below:
            break
        if item.level is None and not item.is_masthead:
            below.append(item)
    return any(_signs(item.words) for item in below[:LINES_TO_SIGNATURE])


def _signs(words: str) -> bool:
    return bool(DATELINE.match(words) or _SIGNED.match(words) or DAY.match(words)) or role_of(words, 1) == "byline"


def is_numbered(words: str) -> bool:
    """Whether a heading has a number, as those of sections have."""
    return _NUMBERED.match(words) is not None


def _is_headline(words: str) -> bool:
    if is_numbered(words):
        return False
    han = len(_HAN.findall(words))
    return han >= HEADLINE_HAN or (not han and len(words.split()) >= HEADLINE_WORDS)


def _plain_openings(items: Sequence[Item]) -> Parting:
    """Where lines that look like headlines stand over datelines, although nothing marks them: two at least."""
    if any(item.level is not None and item.line is not None for item in items):
        return Parting()
    places = [place for place in _lines_over_datelines(items) if not items[place].is_masthead]
    if len(places) < 2:
        return Parting()
    return Parting(tuple(places), 0.85, f"one of {len(places)} lines like headlines over datelines", tuple(places))


def _lines_over_datelines(items: Sequence[Item]) -> Iterator[int]:
    for place in range(len(items) - 1):
        words = items[place].words
        looks = items[place].level is None and "\t" not in words and role_of(words, 1) == "heading"
        if looks and DATELINE.match(items[place + 1].words):
            yield place
