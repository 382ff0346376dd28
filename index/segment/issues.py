"""Which page of which issue each part of a document belongs to: its mastheads part it, its path and fields say the rest.

A masthead counts for what follows it up to the next one; where it stands under its page, as a footer, for what is above
it. Of a PDF, or another text in pages, it counts for its page wherever it stands there, and for those after it.
"""

import datetime
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from index.dates.infer_issue import infer_issue_date
from index.dates.issue import Issue, read_issue
from index.dates.mastheads import Masthead, TextLine, combine_folio, find_mastheads, text_lines
from index.language.deceptive_characters import reveal
from index.records import Document, Frame, PartialDate
from index.repair.lines import is_closed
from index.repair.mapped_text import Mapped

PAGE_BREAK = "\f"
PAGE_OF_FILE = "page_of_file"
"""Key of an article's metadata where no page is stated: `Article.page` is then the page of the PDF file, from 1 on."""
STATED = "the file states it"
TOP_SHARE = 0.15
FOOT_SHARE = 0.08
"""Shares of a page's height in which mastheads and folio lines stand."""
TOP_FRAMES = 2
MASTHEAD_ROWS = 2
"""A masthead printed in boxes has so many rows; a table has more."""
MOST_PAGES = 64
"""Of one issue; a daily's thickest has 32."""
RUNNING_LINE = 20
"""Characters from which a line that ends a sentence is running text."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A document, or a part of it, with what is known of the page and issue that it belongs to.

    Args:
        evidence: what states the date, or what it was inferred from, in words.
        page_of_file: the page is no printed one, but this page of the file.
    """

    document: Document
    date: PartialDate | None
    evidence: str | None
    newspaper: str | None
    page: str | None
    page_of_file: bool = False


@dataclass(frozen=True, slots=True)
class Issues:
    """The parts of a document in their order, each of one page of one issue; at least one.

    Args:
        starts: where each part begins in the document's text; the first one at 0.
        mastheads: that part it.
        titled: the document's own title is one of them, and so no article's.
    """

    starts: tuple[int, ...]
    parts: tuple[Dated, ...]
    mastheads: tuple[Masthead, ...] = ()
    titled: bool = False

    def number_at(self, place: int) -> int:
        """Return the number of the part that a place of the document's text is in."""
        return max(0, bisect_right(self.starts, place) - 1)

    def at(self, place: int) -> Dated:
        """Return the part that a place of the document's text is in."""
        return self.parts[self.number_at(place)]

    def parts_issues(self, before: int, after: int) -> bool:
        """Whether two places of the text belong to different issues."""
        first, second = self.at(before), self.at(after)
        return first is not second and (first.date != second.date or first.newspaper != second.newspaper)

    def turns_page(self, before: int, after: int) -> bool:
        """Whether a masthead, or the break of a page, stands between two places of the text."""
        return self.number_at(before) != self.number_at(after)

    def masthead_lines(self, mended: Mapped) -> frozenset[int]:
        """Return where the lines of mastheads begin in a mended text of the document."""
        return frozenset(mended.find(line.start) for masthead in self.mastheads for line in masthead.lines)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part before it is dated: where it begins, its own masthead, the page of the file that begins with it."""

    start: int
    masthead: Masthead | None
    page_of_file: int | None = None


@dataclass(frozen=True, slots=True)
class _Stated:
    """What is known of the whole document.

    Args:
        path: what its path alone states.
        top: what its path, else its first lines state, read less strictly than mastheads inside it.
        has_days, has_pages: its mastheads state different dates; different pages or dates.
    """

    document: Document
    path: Issue
    top: Issue
    has_days: bool
    has_pages: bool


def date_document(document: Document) -> Issues:
    """Find out when each part of a document was printed, and on which page.

    The date of a part is the one that its masthead states; where the document states one date for all of it, that one;
    else the one of its path, else what its text tells.
    """
    source, text = reveal(document.source), reveal(document.text)  # figures of a masthead may hold unseen characters
    path, top = read_issue(source, ""), read_issue(source, text, document.masthead)
    if document.layout == "record":
        return Issues((0,), (_date_part(_Stated(document, path, top, False, False), None, None),))
    title = _masthead_title(document)
    parts = _parts(document)
    if title and parts[0].masthead is None:
        parts[0] = replace(parts[0], masthead=title)
    parts = [replace(part, masthead=_with_year(part.masthead, document.date or path.date)) for part in parts]
    heads = [part.masthead for part in parts if part.masthead]
    days = {head.date for head in heads if head.date}
    stated = _Stated(document, path, top, len(days) > 1, len({(head.date, head.page) for head in heads}) > 1)
    dated: list[Dated] = []
    current: Masthead | None = None
    for number, part in enumerate(parts):
        current = _carried(current, part.masthead)
        known = _date_part(stated, current, part.page_of_file)
        if known.date is None:
            end = parts[number + 1].start if number + 1 < len(parts) else None
            known = _infer(known, reveal(document.text[part.start : end]) if heads else text)
        dated.append(known)
    dated = _numbered(dated)
    lines = tuple(head for head in dict.fromkeys(heads) if head is not title)
    return Issues(tuple(part.start for part in parts), tuple(dated), lines, titled=title is not None)


def _numbered(parts: Sequence[Dated]) -> list[Dated]:
    """Call a page the first one of its issue where a later page counts so: first pages often have the title alone."""
    numbered = list(parts)
    for place, part in enumerate(parts):
        issue = (part.date, part.newspaper)
        if (
            not part.page_of_file
            or part.date is None
            or (place and (parts[place - 1].date, parts[place - 1].newspaper) == issue)
        ):
            continue
        following = enumerate(parts[place + 1 : place + MOST_PAGES], start=2)
        count, stated = next(((count, other) for count, other in following if not other.page_of_file), (0, part))
        if count and (stated.date, stated.newspaper) == issue and str(stated.page).lstrip("0") == str(count):
            numbered[place] = replace(part, page="1", page_of_file=False)
    return numbered


def _with_year(masthead: Masthead | None, stated: PartialDate | None) -> Masthead | None:
    """A masthead that prints month and day alone, with the year that the file states, where its month does not differ."""
    if masthead is None or masthead.day is None or stated is None:
        return masthead
    value = f"{stated.value[:4]}-{masthead.day}"
    with suppress(ValueError):
        datetime.date.fromisoformat(value)
        if value.startswith(stated.value[:7]):
            return replace(masthead, date=PartialDate(value))
    return masthead


def _masthead_title(document: Document) -> Masthead | None:
    """The document's title where it is a masthead (云汀报 2024年5月8日 第2版)."""
    return combine_folio([TextLine(0, 0, document.title, 0)]) if document.title else None


def _carried(before: Masthead | None, own: Masthead | None) -> Masthead | None:
    """What counts for a part: its own masthead, and the date and newspaper of the one before where it has none."""
    if before is None or own is None:
        return own or (before and replace(before, page=None))
    knows_date = own.date or own.is_false
    words = before.dated_by or before.words
    carried = own if knows_date else replace(own, date=before.date, is_false=before.is_false, dated_by=words)
    return replace(carried, newspaper=own.newspaper or before.newspaper)


def _date_part(stated: _Stated, masthead: Masthead | None, page_of_file: int | None) -> Dated:
    document, path, top = stated.document, stated.path, stated.top
    own = masthead.page if masthead else None
    page = (
        own
        if stated.has_pages and own
        else document.page or path.page or own or (None if stated.has_pages else top.page)
    )
    is_counted = page is None and page_of_file is not None
    paper = masthead.newspaper if masthead else None
    date, evidence = _date_of(stated, masthead)
    return Dated(
        document,
        date,
        evidence,
        newspaper=document.newspaper
        or (paper if stated.has_days else None)
        or path.newspaper
        or paper
        or top.newspaper,
        page=str(page_of_file) if is_counted else page,
        page_of_file=is_counted,
    )


def _date_of(stated: _Stated, masthead: Masthead | None) -> tuple[PartialDate | None, str | None]:
    """The date of a part and what states it; a masthead is believed more than the name of the file."""
    if stated.document.date and not stated.has_days:
        return stated.document.date, STATED
    path = stated.path
    if masthead and masthead.date and masthead.date != path.date:
        evidence = f"报头“{masthead.dated_by or masthead.words}”"
        if path.date and not masthead.date.value.startswith(path.date.value):
            evidence += f"；{path.evidence}与之不同，以报头为准"
        return masthead.date, evidence
    if path.date:
        return path.date, path.evidence
    return (None, None) if masthead and masthead.is_false else (stated.top.date, stated.top.evidence)


def _infer(part: Dated, text: str) -> Dated:
    inferred = infer_issue_date([text]) if part.document.layout != "record" else None
    return replace(part, date=inferred.date, evidence=inferred.evidence) if inferred else part


def _parts(document: Document) -> list[_Part]:
    """Part a document at its pages, where it has them, and at its mastheads. The first part begins at 0."""
    if document.layout == "framed":
        found = list(_framed_parts(document))
    else:
        lines = text_lines(document.text)
        found = list(_lined_parts(document, lines, find_mastheads(lines)))
    return [replace(found[0], start=0), *found[1:]] if found else [_Part(0, None)]


def _framed_parts(document: Document) -> Iterator[_Part]:
    """Yield the pages of a file whose geometry is known, each with what stands in its margins."""
    pages: dict[int, list[Frame]] = {}
    for frame in document.frames:
        pages.setdefault(frame.page, []).append(frame)
    count = max(pages, default=0) + 1
    for number, frames in pages.items():
        top, bottom = min(frame.box[1] for frame in frames), max(frame.box[3] for frame in frames)
        height = bottom - top
        margin = [
            frame
            for place, frame in enumerate(frames)
            if place < TOP_FRAMES
            or frame.box[3] <= top + TOP_SHARE * height
            or frame.box[1] >= bottom - FOOT_SHARE * height
        ]
        lines = [line for frame in margin for line in text_lines(document.text, frame.start, frame.end)]
        rows = [line for line in lines if "\t" in line.text]
        if len(rows) > MASTHEAD_ROWS:  # those of a table: days in them date nothing
            lines = [line for line in lines if line not in rows]
        start = min(frame.start for frame in frames)
        yield _Part(start, combine_folio(lines), number + 1 if count > 1 else None)


def _lined_parts(document: Document, lines: Sequence[TextLine], heads: Sequence[Masthead]) -> Iterator[_Part]:
    """Yield the parts of a text of which only the lines are known."""
    breaks = [place for place, char in enumerate(document.text) if char == PAGE_BREAK]
    is_pdf = document.source.lower().endswith(".pdf")
    pages = [bisect_right(breaks, head.start) for head in heads]
    if breaks and len(set(pages)) == len(pages) and (is_pdf or len(heads) > 1):
        on_page = dict(zip(pages, heads, strict=True))
        for number, start in enumerate([0, *(place + 1 for place in breaks)]):
            if is_pdf or number in on_page or not number:
                yield _Part(start, on_page.get(number), number + 1 if is_pdf else None)
        return
    if heads and _are_footers(lines, heads):
        starts = [0, *(head.end for head in heads[:-1])]
    else:
        starts = [head.start for head in heads]
        if heads and _has_text(lines, 0, starts[0]):
            yield _Part(0, None)
    yield from (_Part(start, head) for start, head in zip(starts, heads, strict=True))


def _are_footers(lines: Sequence[TextLine], heads: Sequence[Masthead]) -> bool:
    """Whether mastheads stand under their pages: no text under the last one, but above the first."""
    return _has_text(lines, 0, heads[0].start) and not _has_text(lines, heads[-1].end, lines[-1].end + 1)


def _has_text(lines: Sequence[TextLine], start: int, end: int) -> bool:
    """Whether running text stands in a slice of the text."""
    within = (line.text for line in lines if start <= line.start < end)
    return any(len(text) >= RUNNING_LINE and is_closed(text) for text in within)
