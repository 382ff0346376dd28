"""A page's paragraphs → blocks with a role: text, headline, caption, continuation line, signature, page furniture."""

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.language.terms import cuts_word
from index.records import Fix
from index.repair.characters import find_kerning, mend
from index.repair.hard_wraps import INDENT, UNWRAPPED, chain_lines, find_wraps
from index.repair.lines import KERNING, Line, Paragraph, is_closed, is_open, lacks_bracket, measure_lines
from index.repair.mapped_text import Mapped
from index.segment.cells import RowForm
from index.segment.item_numbers import find_items
from index.segment.listings import Listing, find_listings, find_rows, with_outer_cells
from index.segment.page_breaks import find_page_lines
from index.segment.roles import CONTINUATION_LINE, CREDIT, DATELINE, HEADLINE_CHARACTERS, NOTE, POINTER, Role, role_of

CLOSES = re.compile(r"[）》”』」】，。、；：！？]")
"""No text begins with such a mark, only the rest of one."""
_FIRST_CLOSER = re.compile(r"[^“《（「『]{0,40}?([）》”』」])")
_GOES_ON_IN_NUMBER = re.compile(r"[年月日个万亿元米人名件户次项家%％]|\d")
_BEGINS = re.compile(r"近日|日前|昨日|连日来|[“‘《【]|记者|据悉|\d{1,2}月\d{1,2}日")

NARROWEST_CAPTION = 3.0
WIDEST_CAPTION = 9.0
"""Han characters of a caption set beside its picture; a vertical headline is a character wide, a column of text 13 and more."""
MOST_NARROW_LINES = 24
"""Of a caption beside a picture; a list has more, and each of its lines is looked at that often only."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph with its role.

    Args:
        text: repaired, each character with its place in the document.
        fixes: with starts that count in the document.
        paragraph: the printed lines, whose offsets count in the mended page.
        doubled: printed twice, as headlines and captions are, running text never.
        is_item: it begins with the number of a list's item, whose next or last one stands near.
        doubt: why it may as well belong elsewhere, in words; "" where it is clear.
        is_folio: a page's number, running title or watermark: nothing ends or begins with it.
        cut: where it was cut from the block above (line_cuts.py), the log-odds that another text begins; else None.
    """

    role: Role
    text: Mapped
    fixes: tuple[Fix, ...]
    paragraph: Paragraph
    doubled: bool = False
    is_item: bool = False
    doubt: str = ""
    is_folio: bool = False
    cut: float | None = None

    @property
    def is_fresh(self) -> bool:
        """Whether an article begins here by its own word: a dateline, an editor's note."""
        return self.role in ("text", "byline") and bool(DATELINE.match(self.text.text) or NOTE.match(self.text.text))

    @property
    def is_open(self) -> bool:
        """Whether its last sentence goes on somewhere else."""
        return self.role == "text" and is_open(self.text.text)

    @property
    def first_line(self) -> Literal["indented", "full", "unknown"]:
        """Whether its first line lacks the width of an indent, as that of a paragraph does and that of a rest does not."""
        lines = self.paragraph.lines
        if self.role == "listing":
            return "unknown"
        if len(lines) < 3 or lines[1].width > UNWRAPPED or lines[1].text.isascii():
            return "unknown"
        missing = max(line.width for line in lines[1:3]) - lines[0].width - KERNING * lines[0].spaces
        return "full" if missing < INDENT / 2 else "indented"


@dataclass(frozen=True, slots=True)
class Page:
    """A page's text without copies and narrow marks, and what was changed for it.

    Args:
        text: each character with its place in the document.
        fixes: ordered by their starts, which count in the document.
        starts: those of the fixes.
        doubled: starts in the text of the lines that were printed twice.
        mastheads: starts in the text of the lines that belong to a masthead.
    """

    text: Mapped
    fixes: tuple[Fix, ...]
    starts: tuple[int, ...]
    doubled: frozenset[int]
    mastheads: frozenset[int] = frozenset()

    def fixes_between(self, start: int, end: int) -> tuple[Fix, ...]:
        """Return the fixes that begin in a slice of the document."""
        return self.fixes[bisect_left(self.starts, start) : bisect_left(self.starts, end)]


def read_blocks(page: Page, start: int, end: int) -> list[Block]:
    """Return the blocks of a slice of a page's text, each with the role that its own form tells."""
    printed = measure_lines(page.text.text[start:end], start)
    of_page = {
        number for number in find_page_lines(page.text.text, printed) if printed[number].start not in page.mastheads
    }
    lines = [line for number, line in enumerate(printed) if number not in of_page] if of_page else printed
    alone = page.doubled | page.mastheads
    listings = find_listings(lines, alone)
    rows = {line.start for listing in listings for line in lines[listing.first : listing.last]}
    listed = {lines[listing.first].start: listing for listing in listings}
    items = find_items(lines)
    blocks: list[Block] = []
    for part in chain_lines(lines, alone | rows, items):
        if part.start in listed:
            blocks.append(_make_listing(page, lines, listed[part.start]))
        elif part.start not in rows:
            block = make_block(page, part.lines, doubled=part.start in page.doubled)
            blocks += _split_continuation_line(replace(block, is_item=part.start in items))
    return _with_page_lines(page, blocks, [printed[number] for number in sorted(of_page)])


def _with_page_lines(page: Page, blocks: list[Block], lines: Sequence[Line]) -> list[Block]:
    """Put the lines that belong to the page between the blocks; one that broke into a block is in its fix."""
    if not lines:
        return blocks
    starts = [block.paragraph.start for block in blocks]
    found: list[Block] = []
    done = 0
    for line in lines:
        place = bisect_left(starts, line.start)
        found += blocks[done:place]
        done = place
        if not place or blocks[place - 1].paragraph.end <= line.start:
            found.append(replace(make_block(page, [line]), role="furniture", is_folio=True))
    return found + blocks[done:]


def _make_listing(page: Page, lines: Sequence[Line], listing: Listing) -> Block:
    """Return a table or list as one block: a row a line, tabs between the cells."""
    paragraph = Paragraph(tuple(with_outer_cells(page.text.text, lines[listing.first : listing.last])))
    fixes = find_rows(page.text.text, paragraph.lines, listing.forms, paragraph.start)
    rows, made = page.text.cut(paragraph.start, paragraph.end).edited(fixes)
    return Block("listing", rows, made, paragraph)


def make_table(page: Page, start: int, end: int) -> Block:
    """Return a slice that a reader laid out as a table as one block: its lines are rows, whatever they look like."""
    lines = measure_lines(page.text.text[start:end], start)
    forms: tuple[RowForm | None, ...] = tuple("table" if "\t" in line.text else None for line in lines)
    return _make_listing(page, lines, Listing(0, len(lines), forms))


def mend_page(text: str) -> Page:
    """Repair what does not depend on the lines."""
    mended, fixes = mend(text)
    fixes = tuple(sorted(fixes, key=lambda fix: fix.start))
    doubled = frozenset(mended.find(fix.start) for fix in fixes if fix.kind == "doubled_headline")
    return Page(mended, fixes, tuple(fix.start for fix in fixes), doubled)


def make_block(page: Page, lines: Sequence[Line], *, doubled: bool = False) -> Block:
    """Join lines of a page into one block, close its loose gaps and tell its role by its form."""
    paragraph = Paragraph(tuple(lines))
    base = paragraph.start
    joined, wrapped = page.text.cut(base, paragraph.end).edited(find_wraps(page.text.text, paragraph, base))
    closed, kerned = joined.edited(list(find_kerning(joined.text)))
    role = "furniture" if base in page.mastheads else role_of(closed.text, len(lines))
    return Block(role, closed, (*wrapped, *kerned), paragraph, doubled)


def _split_continuation_line(block: Block) -> Iterator[Block]:
    """Part a continuation line from the end or the beginning of the paragraph it was printed on."""
    text = block.text.text
    # Most blocks have no 版 at all, which is found out faster than that they have no continuation line.
    if block.role in ("text", "heading") and "版" in text and (found := CONTINUATION_LINE.search(text)):
        before, after = text[: found.start()].strip(), text[found.end() :].strip()
        bracketed = found.group()[0] in "（(【"
        if bracketed and bool(before) != bool(after):
            jump = Block("continuation", block.text.cut(*found.span()).stripped(), (), block.paragraph)
            rest = (block.text.cut(0, found.start()) if before else block.text.cut(found.end(), len(text))).stripped()
            other = replace(block, text=rest, role=role_of(rest.text, len(block.paragraph.lines)))
            yield from (other, jump) if before else (jump, other)
            return
    yield block


def heading_stacks(blocks: Sequence[Block]) -> Iterator[range]:
    """Yield the places of headings that follow each other."""
    first = 0
    for is_heading, group in itertools.groupby(blocks, key=lambda block: block.role == "heading"):
        end = first + sum(1 for _block in group)
        if is_heading:
            yield range(first, end)
        first = end


def join_narrow(page: Page, blocks: Sequence[Block]) -> list[Block]:
    """Join the narrow lines of a caption: up to its credit where it begins with a pointer, else where they are a column.

    Several lines of one width, narrower than any column of text, in which words go on from line to line, stand beside a picture.
    """
    joined: list[Block] = []
    number = 0
    while number < len(blocks):
        end = _pointer_end(blocks, number)
        end = max(end, _column_end(blocks, number))
        if end > number + 1 and all(is_whole(page, part) for part in blocks[number:end]):
            lines = [line for part in blocks[number:end] for line in part.paragraph.lines]
            joined.append(replace(make_block(page, lines), role="caption"))
        else:
            end = number + 1
            joined.append(blocks[number])
        number = end
    return joined


def _pointer_end(blocks: Sequence[Block], number: int) -> int:
    """Where a caption that begins with a pointer ends; the number itself where none begins."""
    text = blocks[number].text.text
    end = number + 1
    if blocks[number].role != "caption" or not POINTER.match(text) or _ends_caption(text):
        return number
    while end < len(blocks) and end < number + 6 and _is_caption_line(blocks[end]):
        end += 1
        if _ends_caption(blocks[end - 1].text.text):
            break
    return end


def _column_end(blocks: Sequence[Block], number: int) -> int:
    """Where a column of narrow lines ends; the number itself where none begins."""
    width = blocks[number].paragraph.column
    is_pointed = bool(POINTER.match(blocks[number].text.text))
    if not NARROWEST_CAPTION <= width <= WIDEST_CAPTION or not _is_narrow(blocks[number], width):
        return number
    end, torn = number + 1, 0
    while end < len(blocks) and _is_narrow(blocks[end], width):
        if end - number == MOST_NARROW_LINES:
            return number
        before, after = blocks[end - 1].text.text, blocks[end].text.text
        if blocks[end - 1].paragraph.column < width - 1 and blocks[end - 1].text.text[-1] not in "，。、；":
            break
        torn += cuts_word(before[-6:], after[:6])
        end += 1
    return end if end - number >= (2 if is_pointed else 4) and torn else number


def _is_narrow(block: Block, width: float) -> bool:
    one = block.role in ("heading", "text") or (block.role == "caption" and bool(POINTER.match(block.text.text)))
    return (
        one
        and len(block.paragraph.lines) * width >= block.paragraph.column
        and block.paragraph.column <= width + 1
        and not block.is_fresh
        and not block.doubled
    )


def is_whole(page: Page, block: Block) -> bool:
    """Whether a block is all of its lines: no continuation line was parted from it."""
    start, end = page.text.starts[block.paragraph.start], page.text.ends[block.paragraph.end - 1]
    return block.text.starts[0] == start and block.text.ends[-1] == end


def _ends_caption(text: str) -> bool:
    return is_closed(text) or bool(CREDIT.search(text))


def _is_caption_line(block: Block) -> bool:
    return (
        block.paragraph.column <= 16
        and block.role in ("heading", "text")
        and not block.is_fresh
        and not block.doubled
        and len(block.text) <= HEADLINE_CHARACTERS
    )


def takes_up(before: str, after: str) -> float:
    """How plainly a text takes up the open sentence of another: a bracket 3, a torn word 2, nothing against it 0.5."""
    awaited = lacks_bracket(before)
    closes = _FIRST_CLOSER.match(after)
    if awaited and awaited[0] in "》）」』" and closes and closes[1] == awaited[0]:
        return 3.0
    if CLOSES.match(after):
        return 3.0
    if before[-1:].isdigit() and _GOES_ON_IN_NUMBER.match(after):
        return 3.0
    if cuts_word(before[-6:], after[:6]):
        return 2.0
    return -0.5 if _BEGINS.match(after) else 0.5
