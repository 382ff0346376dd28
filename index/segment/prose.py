"""Documents whose lines are paragraphs already (Word, web, Markdown): one article each, or the articles of an issue.

Several headings of one level, each with text under it, are several articles where the evidence says so: datelines or
bylines under them, `<article>` elements, or no headline above them all and the length of a headline. Else they are
sub-headings. What decided is written into each article's decisions, with a confidence.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from index.dates.masthead_lines import read_masthead_line
from index.records import STYLED_LEVEL, Article, Beside, Document
from index.repair.lines import is_closed
from index.repair.mapped_text import Mapped, join
from index.segment.assemble import beside_of, make_article
from index.segment.headings import RUNNING_TEXT_CHARACTERS, Item, Parting, find_openings, is_numbered
from index.segment.issues import Issues
from index.segment.roles import DAY, byline_of, is_heading

SECTION_CHARACTERS = 5
"""A heading above a headline that is no longer names the section (要闻, 综合新闻); a longer one is a kicker."""
HEAD_LINES = ("kicker", "deck")
"""Keys under which a reader gives what stands over and under the headline."""
_ISSUE_WORDS = re.compile(
    r"报(?:$|\s|第|[\d（(·—-])|第\s?\S{1,4}\s?[版期]|合集|汇总|汇编|一周|要闻|简讯|简报|摘要|导读|新闻集|电子版|数字报|全文|合订|月刊|周刊|选登|选编|集锦"
)
_BLANKS = " \u00a0\u3000\r"
STATED_LINES = 2
_STATES = re.compile(r"\d{4}\s?[-年/.]\s?\d{1,2}|记者|通讯员|作者|来源|编辑|报讯")
_MARKS = re.compile(r"^(?:#{1,6}[ \t]+|\*\*|__)|(?:[ \t]#+|\*\*|__)$")


@dataclass(slots=True)
class _Slice:
    """The items of one article.

    Args:
        above: the headings over its text, headline, kicker and deck among them.
        kickers, decks: headings above and below its headline, with no text between.
        noise: mastheads and names of sections.
    """

    title: str | None
    text: list[Item]
    above: list[Item]
    kickers: list[str]
    decks: list[str]
    noise: list[str]


def split_prose(document: Document, issues: Issues, whole: Mapped) -> list[Article]:
    """Return the articles of a document whose paragraphs are its lines, as its author set them.

    Args:
        whole: its text without deceptive characters.
    """
    items = list(_items(document, issues, whole))
    if not any(item.line for item in items):
        return []
    parting = find_openings(items, has_title=_has_title_above(document, issues, items))
    for place in parting.plain:
        items[place] = replace(items[place], level=STYLED_LEVEL)
    slices = _slices(items, parting, issues)
    if len(slices) == 1:
        return [_only_article(document, issues, slices[0])]
    if slices[0].title is None and _has_title_above(document, issues, items):
        slices[0].title = document.title
    return [_article(issues, one, number, parting) for number, one in enumerate(slices)]


def _items(document: Document, issues: Issues, whole: Mapped) -> Iterator[Item]:
    """Yield the lines of the text with what they are; the title, where it was a heading, in its place."""
    coming = deque(heading for heading in document.headings if heading.kind != "article")
    begun = deque(heading.start for heading in document.headings if heading.kind == "article")
    mastheads = issues.masthead_lines(whole)
    printed = [whole.cut(*match.span()) for match in re.finditer(r"[^\n\f]+", whole.text)]
    rows = _rows_among([line.text for line in printed])
    for number, full in enumerate(printed):
        line = full.stripped(_BLANKS if number in rows else None)
        if not line.text:
            continue
        start = line.starts[0]
        opens = False
        while begun and begun[0] <= start:
            opens = bool(begun.popleft() >= 0)
        while coming and coming[0].end <= start:
            heading = coming.popleft()
            if heading.start == heading.end and document.title:
                yield Item(start, document.title, heading.level, heading.kind, None, opens_article=opens)
                opens = False
        own = coming[0] if coming and coming[0].start <= start else None
        if own and start > own.start and not any(map(str.isalnum, line.text)):
            continue  # the rule that Markdown draws under a heading
        bare = _without_marks(line) if own else line
        is_masthead = whole.find(start) in mastheads
        level, kind = (own.level, own.kind) if own else (None, None)
        yield Item(start, bare.text, level, kind, bare, is_masthead=is_masthead, opens_article=opens)


def _rows_among(lines: Sequence[str]) -> set[int]:
    """Return the numbers of the lines that are a table's rows: a tab at their ends is an empty cell, in paragraphs an indent.

    A row of one cell is told by the rows beside it that have as many.
    """
    rows: set[int] = set()
    for tabs, run in groupby(range(len(lines)), key=lambda number: lines[number].count("\t")):
        numbers = list(run)
        if tabs and any("\t" in lines[number].strip() for number in numbers):
            rows.update(number for number in numbers if lines[number].strip())
    return rows


def _without_marks(line: Mapped) -> Mapped:
    """A heading without the marks that Markdown sets it with."""
    while found := _MARKS.search(line.text):
        if found.start() == 0:
            line = line.cut(found.end(), len(line)).stripped()
        else:
            line = line.cut(0, found.start()).stripped()
    return line


def _has_title_above(document: Document, issues: Issues, items: Sequence[Item]) -> bool:
    """Whether a headline stands over the whole document that is none of its headings, and does not name an issue."""
    title = document.title
    if not title or issues.titled or any(item.line is None for item in items) or _names_issue(title):
        return False
    return not any(item.level is not None and item.words == title for item in items)


def _names_issue(title: str) -> bool:
    return bool(_ISSUE_WORDS.search(title) or read_masthead_line(title))


def _slices(items: Sequence[Item], parting: Parting, issues: Issues) -> list[_Slice]:
    """Part the items where articles begin: at the openings, and where text follows a masthead."""
    opened = set(parting.places)
    found: list[_Slice] = []
    pending: list[int] = []  # headings and mastheads that no text has followed yet
    part = -1
    for place, item in enumerate(items):
        if item.is_masthead or item.level is not None:
            pending.append(place)
            continue
        is_part = bool(issues.mastheads) and issues.number_at(item.start) != part
        part = issues.number_at(item.start)
        if not found or is_part or not opened.isdisjoint((*pending, place)):
            found.append(_begun(items, pending, opened))
        else:
            _go_on(found[-1], [items[number] for number in pending])
        found[-1].text.append(item)
        pending = []
    if not found:
        return [_Slice(None, [item for item in items if item.line], [], [], [], [])]
    _go_on(found[-1], [items[number] for number in pending])
    return found


def _go_on(one: _Slice, pending: Sequence[Item]) -> None:
    """Give an article the headings in its text, and what else stands there."""
    one.text += [item for item in pending if item.line and not item.is_masthead]
    one.noise += [item.words for item in pending if item.is_masthead]


def _begun(items: Sequence[Item], pending: Sequence[int], opened: set[int]) -> _Slice:
    """An article with the headings above it told apart: headline, kicker, deck, name of the section."""
    headings = [place for place in pending if not items[place].is_masthead]
    noise = [items[place].words for place in pending if items[place].is_masthead]
    main = next((place for place in headings if place in opened), headings[0] if headings else None)
    if main is None:
        return _Slice(None, [], [], [], [], noise)
    above = [items[place].words for place in headings if place < main]
    below = [items[place].words for place in headings if place > main]
    sections = [words for words in above if len(words) <= SECTION_CHARACTERS or read_masthead_line(words)]
    kickers = [words for words in above if words not in sections]
    lines = [items[place] for place in headings if items[place].line]
    return _Slice(items[main].words, [], lines, kickers, below, [*noise, *sections])


def _text_of(text: Sequence[Item]) -> Mapped:
    lines = [item.line for item in text if item.line]
    return join(lines, ["\n"] * (len(lines) - 1))


def _subheads(text: Sequence[Item]) -> tuple[str, ...]:
    return tuple(
        item.words for item in text if item.line and (item.level is not None or _looks_like_heading(item.words))
    )


def _looks_like_heading(words: str) -> bool:
    return "\t" not in words and not DAY.match(words) and is_heading(words)


def _article(issues: Issues, one: _Slice, number: int, parting: Parting) -> Article:
    """One of several articles of the document."""
    article = make_article(issues.at(one.text[0].start), number, _text_of(one.text), title=one.title)
    kicker, deck = (" ".join(lines) or None for lines in (one.kickers, one.decks))
    return replace(
        article,
        kicker=kicker,
        deck=deck,
        beside=_beside(kicker, deck),
        subheads=_subheads(one.text),
        byline=byline_of(one.text[0].words),
        noise=tuple(one.noise),
        confidence=parting.confidence,
        decisions=(parting.reason,),
    )


def _only_article(document: Document, issues: Issues, one: _Slice) -> Article:
    """The document's one article: its headings are in its text, but for the one that is its title."""
    title = (None if issues.titled else document.title) or one.title
    if title is None and (first := _plain_title(one)):
        one.text.remove(first)
        title = first.words
    above = [words for words in (*one.kickers, one.title, *one.decks) if words and words != title]
    text = [*(item for item in one.above if item.words in above), *one.text]
    article = make_article(issues.at(text[0].start), 0, _text_of(text), title=title)
    kicker, deck = (stated if isinstance(stated := document.metadata.get(name), str) else None for name in HEAD_LINES)
    first = next((item for item in text if item.level is None), text[0])
    return replace(
        article,
        kicker=kicker,
        deck=deck,
        beside=_beside(kicker, deck),
        subheads=_subheads(text),
        byline=document.byline or byline_of(first.words),
        noise=tuple(words for words in one.noise if words not in above),
    )


def _plain_title(one: _Slice) -> Item | None:
    """The first line of an article of which nothing is set as a heading, where it reads like one and text follows it."""
    if one.above or any(item.level is not None for item in one.text):
        return None
    own = [item for item in one.text if item.line and not item.is_masthead]
    first = own[0].words if own else ""
    if not _looks_like_heading(first) or first.endswith(("：", ":")) or is_numbered(first) or _names_issue(first):
        return None
    # Day and names may stand between.
    below = [item.words for item in own[1 : 2 + STATED_LINES]]
    text = next((words for words in below if len(words) >= RUNNING_TEXT_CHARACTERS and is_closed(words)), None)
    between = below[: below.index(text)] if text else []
    return own[0] if text and all(DAY.match(words) or _STATES.search(words) for words in between) else None


def _beside(kicker: str | None, deck: str | None) -> tuple[Beside, ...]:
    return tuple(item for item in (beside_of("kicker", kicker), beside_of("deck", deck)) if item)
