"""Web pages → Document: the article's lines as a reader sees them, and what the page states about it."""

import re
from collections import Counter
from dataclasses import replace
from typing import Final

from index.errors import UnreadableError
from index.read.decode import decode
from index.read.html_article import choose
from index.read.html_byline import Imprint, newspaper_of, persons
from index.read.html_items import HEADING_TAGS, headlines_of_items, set_like
from index.read.html_lines import Line, read_lines
from index.read.html_metadata import read_enp, read_json_ld, read_properties
from index.read.html_statements import (
    address_of,
    date_in_address,
    date_in_rows,
    date_in_script,
    date_in_scripts,
    date_near,
    date_signed,
    find_named,
    part_statements,
    sites_of,
)
from index.read.html_title import find_title
from index.read.html_tree import Element, parse
from index.read.html_unseen import take_out_unseen
from index.read.html_weights import is_prose
from index.records import STYLED_LEVEL, Document, Heading

# Within the first 1,024 bytes, as the HTML standard says; also the encoding of an XML declaration.
_CHARSET: Final = re.compile(rb"""(?:charset|encoding)\s*=\s*+["']?\s*+([\w.:-]+)""", re.IGNORECASE)
_CHARSET_WITHIN_BYTES: Final = 1024
_MASTHEAD_LINES: Final = 8  # name, day, weekday, page and section, a line each, with what is printed between
_MASTHEAD_CHARS: Final = 60
LIKE_HEADLINE: Final = 1  # the level of what is set like a headline that no tag makes a heading
_ISSUE_DAY: Final = re.compile(r"(?:\d{4}|[〇○零一二三四五六七八九]{4})\s?[-/.年]\s?\S{1,3}\s?[-/.月]\s?\S{1,3}")
_ISSUE_PAGE: Final = re.compile(r"第\s?[A-Z]?\S{1,3}\s?版|\b[A-Z]?\d{1,2}\s?版")


def read_webpage(source: str, data: bytes) -> Document:
    """Return a page's article and what it states: title, date, byline, newspaper, headings.

    Menus, related articles, comments, the site's header and footer, hidden and struck text are left out; how many
    characters, by reason, is in `metadata` as "left_out". What is understood as a statement about the article is not
    repeated in its text: the title, and lines beside it like "2023-06-06 来源：云汀报 记者：林亦舟". Those lines are kept in
    `metadata` as "stated", further fields as "source", "kicker" and "deck".

    Markup that says what it holds is believed first (meta, comment of the publishing system, JSON-LD), then
    elements named so near the article, then lines near the title or below the text, then the page's address.

    Raises:
        UnreadableError: empty, binary, encoding, no_text, too_large (tags, nesting).
    """
    charset = _CHARSET.search(data[:_CHARSET_WITHIN_BYTES])
    html = decode(data, charset[1].decode("latin-1") if charset else None)
    page = parse(html)
    left_out = take_out_unseen(page)
    stated = read_enp(html).or_else(read_properties(page.properties))
    shown = read_lines(page.body)
    title, heading = find_title(page, shown, stated.title)
    sites = sites_of(page, stated.source)
    stated = replace(stated, byline=persons(stated.byline, sites)).or_else(read_json_ld(page.json_ld, title))
    if heading is None:
        title = stated.title or title
    lines, others_out, others = choose(page.body, shown, heading)
    left_out.update(others_out)
    kept, title_at = _without_title(lines, heading, title)
    named, words = find_named(page.body, others, sites)
    above = kept[:title_at]
    kept, beside = part_statements(kept, title_at, words)
    title_at = sum(any(line is other for other in above) for line in kept)
    for line in beside.values():
        named = named.or_else(line)
    stated = stated.or_else(Imprint(date=date_in_script(html))).or_else(named)
    stated = stated.or_else(
        Imprint(
            date=date_near(shown, heading)
            or date_in_rows(shown)
            or date_in_scripts(html)
            or date_signed(kept)
            or date_in_address(address_of(page))
        )
    )
    if heading is None and stated.title is None and headlines_of_items(kept):
        title = None  # it is the page's, over several articles
    text = "\n".join(line.text for line in kept)
    if not text.strip():
        raise UnreadableError("no_text", "the page shows no text", "save the page after its scripts have run")
    return Document(
        source,
        source,
        text,
        "prose",
        title=title,
        date=stated.date,
        newspaper=newspaper_of(stated.source),
        page=stated.page,
        byline=stated.byline,
        headings=_headings(kept, heading, title_at),
        metadata=_metadata(stated, list(beside), left_out),
        masthead=_masthead(page.title, shown, heading),
    )


def _masthead(name: str | None, shown: list[Line], heading: Element | None) -> str:
    """The page's name, or lines over the headline, that state day and page of a newspaper's issue; "" where none do both.

    A day alone may be that of the visit, as sites show it.
    """
    inside = {id(element) for element in heading.elements()} if heading is not None else set()
    title_at = next((at for at, line in enumerate(shown) if id(line.block) in inside), 0)
    lines = [line.text for line in shown[max(0, title_at - _MASTHEAD_LINES) : title_at] if line.size <= _MASTHEAD_CHARS]
    texts = ("\n".join(lines), name or "")
    return next((text for text in texts if _ISSUE_DAY.search(text) and _ISSUE_PAGE.search(text)), "")


def _metadata(stated: Imprint, beside: list[str], left_out: Counter[str]) -> dict[str, object]:
    kept = {
        "source": None if newspaper_of(stated.source) else stated.source,
        "kicker": stated.kicker,
        "deck": stated.deck,
        "stated": "\n".join(beside) or None,
        "left_out": {reason: size for reason, size in sorted(left_out.items()) if size} or None,
    }
    return {key: value for key, value in kept.items() if value}


def _without_title(lines: list[Line], heading: Element | None, title: str | None) -> tuple[list[Line], int]:
    """Return the lines without those of the headline, and how many stand above it."""
    inside = {id(element) for element in heading.elements()} if heading is not None else set()
    is_title = [id(line.block) in inside for line in lines]
    # Above the text the headline may be shown again, or where no markup tells that it is one.
    for at, line in enumerate(lines):
        if title and "".join(line.text.split()) == "".join(title.split()):
            is_title[at] = True
        if is_prose(line) and not is_title[at]:
            break
    kept = [line for line, is_of_title in zip(lines, is_title, strict=True) if not is_of_title]
    return (kept, is_title.index(True)) if True in is_title else (lines, 0)


def _headings(lines: list[Line], title: Element | None, title_at: int) -> tuple[Heading, ...]:
    """Return the headings of a text: the headline, those that the page marks, and where an `<article>` begins."""
    found: list[Heading] = []
    at = 0
    article: Element | None = None
    alike = set_like(title, lines) if title is not None else headlines_of_items(lines)
    for number, line in enumerate([*lines, None]):
        if number == title_at and title is not None and (alike or title.tag in HEADING_TAGS):
            article = _article_of(title)
            found += [Heading(at, at, 0, "article")] if article is not None else []
            found.append(Heading(at, at, LIKE_HEADLINE if alike else int(title.tag[1])))
        if line is None:
            break
        own = _article_of(line.block)
        if own is not None and own is not article:
            found.append(Heading(at, at, 0, "article"))
        article = own or article
        if id(line.block) in alike:
            found.append(Heading(at, at + len(line.text), LIKE_HEADLINE))
        elif line.level:
            found.append(
                Heading(at, at + len(line.text), line.level, "marked" if line.level < STYLED_LEVEL else "styled")
            )
        at += len(line.text) + 1
    return tuple(found)


def _article_of(element: Element) -> Element | None:
    return next((each for each in (element, *element.above()) if each.tag == "article"), None)
