"""Pages whose geometry is known (PDF): the frames are in reading order, and their type sizes tell what they are."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.records import Article, Document, Frame
from index.repair.hard_wraps import MIN_COLUMN
from index.repair.lines import Line, is_open, measure_lines
from index.segment.assemble import Draft, finish, finish_without_body
from index.segment.blocks import Block, Page, make_block, make_table, read_blocks, takes_up
from index.segment.headlines import Headline, compose_lines
from index.segment.issues import Issues
from index.segment.roles import FOLIO, SECTION

LIKE_SIZE = 0.95
FULL_SHARE = 0.9
"""A line that fills so much of its frame's widest one is running text where its sentence is open."""
HEADING = 1.12
"""Type this much larger than the body's is a heading. Newspapers set bodies in 9–10.5 points, sub-headings from 11."""
HEADLINE = 1.5
"""… and this much larger a headline."""
FINE_TYPE_SHARE = 0.92
"""Smaller type is a caption's or the page's furniture."""
OWN_BODY_CHARACTERS = 200
"""From so many on the type that a page has most of is its body's."""
LONGEST_CAPTION = 150
"""What is longer is a text in smaller type: an abstract, an editor's note."""
RUNNING_CHARACTERS = 40
RUNNING_ON_SHARE = 0.03
"""… on so many of the file's pages, and on two."""
MARGIN_SHARE = 0.12
"""Of a page's height, from the first line to the last, above and below."""
LONGEST_HEADING = 6
RUNNING_SENTENCES = 2
"""What has more lines, or so many sentences, is no heading, however large: an editor's note, a notice, a table's column."""
SLOGAN_CHARACTERS = 20
ALONE_CHARACTERS = 24
"""From so many on a line alone in its frame, as wide as the page's text, is running text."""
_DIGITS = re.compile(r"\d+")
_MARKS = re.compile(r"[，。；：]")
_NUMBER = re.compile(r"\d{1,4}")
"""A page's number, where it stands below all else."""
_FIGURE = re.compile(r"[-+−(（]?(?:\d{1,3}(?>(?:[,，]\d{3})+)(?:\.\d+)?|\d+\.\d+)[)）]?%?|\d{5,}|\d+%")
"""What no page's number looks like."""


@dataclass(frozen=True, slots=True)
class _Framed:
    """A block with the frame it stands in.

    Args:
        ratio: the frame's type size to that of the bodies.
        column: width of the frame's widest line.
        is_first: it begins its frame.
    """

    block: Block
    frame: Frame
    ratio: float
    column: float
    is_first: bool


def split_frames(document: Document, issues: Issues, page: Page) -> list[Article]:
    """Return the articles of a page in frames: each headline with the text that follows it up to the next one."""
    framed = list(_framed(page, document))
    blocks = [one.block for one in framed]
    drafts: list[Draft] = []
    headings: list[list[int]] = []  # of each draft
    pending: list[int] = []
    beside: list[tuple[int, int]] = []
    watermarks: set[str] = set()
    for place, block in enumerate(blocks):
        if framed[place].frame.is_watermark and block.text.text in watermarks:
            continue  # it is named once
        watermarks.update([block.text.text] if framed[place].frame.is_watermark else ())
        if block.role == "heading":
            pending.append(place)
        elif block.role in ("caption", "furniture", "continuation"):
            # Above the first article of a page: its furniture.
            beside.append(
                (place, len(drafts) - bool(drafts and not issues.turns_page(*_places(blocks, drafts[-1], place))))
            )
        else:
            left = [other for other in pending if issues.turns_page(*_places(blocks, None, place, other))]
            # Of the page before: it heads nothing here.
            if drafts and left and not _heads_article(framed, left, headings[-1]):
                drafts[-1].places += [other for other in left if _says(framed[other])]
                beside += [(other, len(drafts) - 1) for other in left if not _says(framed[other])]
                pending = pending[len(left) :]
            if (
                not drafts
                or block.is_fresh
                or _heads_article(framed, pending, headings[-1])
                or issues.parts_issues(*_places(blocks, drafts[-1], place))
            ):
                drafts.append(Draft([]))
                headings.append(pending)
            else:
                last = blocks[drafts[-1].places[-1]]
                if (
                    not pending
                    and last.is_open
                    and block.role != "listing"
                    and takes_up(last.text.text, block.text.text) > 0
                ):
                    drafts[-1].resumed.add(place)
                drafts[-1].subheads.update(pending)
                drafts[-1].places += pending
            drafts[-1].places.append(place)
            pending = []
    if not drafts:
        return [finish_without_body(issues, page, blocks, 0)] if blocks else []
    for draft in drafts:
        draft.resumed.update(_resumed(framed, draft))
    headings[-1] += pending
    for place, number in beside:
        drafts[min(number, len(drafts) - 1)].put_beside(place, blocks[place].role)
    return [
        finish(issues, page, blocks, draft, _headline(framed, places, draft), number)
        for number, (draft, places) in enumerate(zip(drafts, headings, strict=True))
    ]


def _places(blocks: Sequence[Block], draft: Draft | None, place: int, other: int = 0) -> tuple[int, int]:
    """Where two blocks stand in the document: a draft's last one, else the other one; and the one at `place`."""
    before = draft.places[-1] if draft else other
    return blocks[before].text.starts[0], blocks[place].text.starts[0]


def _framed(page: Page, document: Document) -> Iterator[_Framed]:
    """Yield the blocks of the frames, each with the role that its type size and place tell."""
    bodies = _body_sizes(document)
    running = _running_lines(document)
    measured = [_measured(page, frame) for frame in document.frames]
    widest: dict[int, float] = {}  # line of running text of each page
    for frame, lines in zip(document.frames, measured, strict=True):
        if len(lines) > 1 and frame.size_pt < HEADING * bodies[frame.page]:
            widest[frame.page] = max(widest.get(frame.page, 0.0), *(line.width for line in lines))
    for frame, lines in zip(document.frames, measured, strict=True):
        start, end = page.text.find(frame.start), page.text.find(frame.end)
        column = max((line.width for line in lines), default=0.0)
        is_running = len(lines) > LONGEST_HEADING or _sentences(document, frame) >= RUNNING_SENTENCES
        ratio = min(frame.size_pt / bodies[frame.page], 1.0 if is_running else math.inf)
        is_beside = frame.is_watermark or (frame.start, frame.end) in running
        # Each line of a heading is one; a table is none, however large.
        if _is_table(document, frame) and not frame.is_watermark:
            blocks = [make_table(page, start, end)]
        elif ratio >= HEADING:
            blocks = [make_block(page, [line]) for line in lines]
        else:
            blocks = read_blocks(page, start, end)
        for number, block in enumerate(blocks):
            placed = _by_size(block, ratio)
            if is_beside or FOLIO.fullmatch(block.text.text):
                placed = replace(block, role="furniture")
            elif placed.role == "heading" and ratio < HEADING and len(lines) > 2 and column >= MIN_COLUMN:
                # As wide as the others it is the first line of a paragraph that goes on elsewhere.
                is_full = block.paragraph.column >= FULL_SHARE * column
                placed = replace(block, role="text") if is_full else placed
            elif placed.role == "heading" and ratio < HEADING and len(lines) == 1 and is_open(block.text.text):
                # The first line of a paragraph that the page ends with.
                is_full = len(block.text.text) >= ALONE_CHARACTERS and column >= FULL_SHARE * widest.get(
                    frame.page, 1e9
                )
                placed = replace(block, role="text") if is_full else placed
            yield _Framed(placed, frame, ratio, column, is_first=not number)


def _is_table(document: Document, frame: Frame) -> bool:
    """Whether the reader laid a frame out as a table: it sets tabs in no other."""
    return document.text.find("\t", frame.start, frame.end) >= 0


def _measured(page: Page, frame: Frame) -> list[Line]:
    start, end = page.text.find(frame.start), page.text.find(frame.end)
    return measure_lines(page.text.text[start:end], start)


def _sentences(document: Document, frame: Frame) -> int:
    return document.text.count("。", frame.start, frame.end)


def _body_sizes(document: Document) -> dict[int, float]:
    """The type size that most characters of each page are set in; of all pages, for one that has little text, no sentences.

    One file may hold papers of several sizes: a notice in 16 points beside a newspaper page in 9. Tables are set smaller
    than the text around them, and count only where nothing else is printed.
    """
    pages: dict[int, Counter[float]] = {frame.page: Counter() for frame in document.frames}
    tables: Counter[float] = Counter()
    sentences: Counter[tuple[int, float]] = Counter()
    for frame in document.frames:
        if not frame.is_watermark:
            size = round(frame.size_pt * 2) / 2
            is_table = _is_table(document, frame)
            (tables if is_table else pages[frame.page])[size] += frame.end - frame.start
            sentences[frame.page, size] += 0 if is_table else _sentences(document, frame)
    texts: Counter[float] = sum(pages.values(), Counter())
    usual = _most_frequent(texts)
    tells = texts.total() >= OWN_BODY_CHARACTERS or any(sentences[page, usual] for page in pages)
    whole = usual if tells else _most_frequent(texts + tables)
    own = {number: _most_frequent(sizes) for number, sizes in pages.items()}
    return {
        number: own[number]
        if sizes.total() >= OWN_BODY_CHARACTERS or sentences[number, own[number]] >= RUNNING_SENTENCES
        else whole
        for number, sizes in pages.items()
    }


def _most_frequent(sizes: Counter[float]) -> float:
    return max(sizes, key=lambda size: (sizes[size], -size), default=1.0) or 1.0


def _running_lines(document: Document) -> set[tuple[int, int]]:
    """Return start and end of the frames of one line that stand on the same height of several pages: titles, page numbers.

    They stand in the margins; between them a line comes again by chance (单位：元 over a table).
    """
    edges: dict[int, tuple[float, float]] = {}
    for frame in document.frames:
        top, bottom = edges.get(frame.page, (math.inf, -math.inf))
        edges[frame.page] = min(top, frame.box[1]), max(bottom, frame.box[3])
    places: dict[tuple[str, int], list[Frame]] = {}
    for frame in document.frames:
        text = document.text[frame.start : frame.end]
        top, bottom = edges[frame.page]
        margin = MARGIN_SHARE * (bottom - top)
        is_in_margin = frame.box[3] <= top + margin or frame.box[1] >= bottom - margin
        if is_in_margin and "\n" not in text and len(text) <= RUNNING_CHARACTERS and not _FIGURE.fullmatch(text):
            places.setdefault((_DIGITS.sub("0", text), round(frame.box[1] / frame.size_pt)), []).append(frame)
    least = max(2.0, RUNNING_ON_SHARE * len(edges))
    return {
        (frame.start, frame.end)
        for same in places.values()
        for frame in same
        if len({one.page for one in same}) >= least
        or (_NUMBER.fullmatch(document.text, frame.start, frame.end) and frame.box[3] >= edges[frame.page][1])
    }


def _resumed(framed: Sequence[_Framed], draft: Draft) -> Iterator[int]:
    """Yield the places whose sentence goes on from another frame: of the next column or page."""
    texts = [place for place in draft.places if framed[place].block.role in ("text", "listing")]
    for before, after in pairwise(texts):
        one, other = framed[before], framed[after]
        if not other.is_first or other.block.role != "text" or not one.block.is_open or other.block.is_fresh:
            continue
        is_full = one.block.paragraph.lines[-1].width >= FULL_SHARE * one.column
        is_indented = other.block.text.starts[0] > other.frame.start
        if is_full and not is_indented and takes_up(one.block.text.text, other.block.text.text) > 0:
            yield after


def _by_size(block: Block, ratio: float) -> Block:
    """Correct the role that a block's form suggests by its type size."""
    if block.role in ("continuation", "furniture", "byline", "signature", "listing"):
        return block
    if ratio >= HEADING:
        return replace(block, role="heading") if not block.is_fresh else block
    if ratio < FINE_TYPE_SHARE:
        is_text = block.role == "text" and len(block.text.text) > LONGEST_CAPTION
        return block if is_text else replace(block, role="caption")
    return replace(block, role="text") if block.role == "heading" and len(block.paragraph.lines) > 1 else block


def _says(one: _Framed) -> bool:
    """Whether a line that may be a heading, at the end of a page, says something by itself: no slogan, no section's name."""
    text = one.block.text.text
    return one.ratio < HEADING or len(text) > SLOGAN_CHARACTERS or bool(_MARKS.search(text))


def _heads_article(framed: Sequence[_Framed], pending: Sequence[int], last: Sequence[int]) -> bool:
    """Whether headings head an article of their own: larger than any sub-heading, or as large as the headline above."""
    ratio = max((framed[place].ratio for place in pending), default=0.0)
    banners = {place for place in last if SECTION.search(framed[place].block.text.text)}
    above = max((framed[place].ratio for place in last if place not in banners or len(last) == 1), default=0.0)
    return ratio >= HEADLINE or ratio >= LIKE_SIZE * above >= LIKE_SIZE * HEADING


def _headline(framed: Sequence[_Framed], places: Sequence[int], draft: Draft) -> Headline:
    """The largest type is the headline, what stands above it the kicker, below it the deck."""
    if not places:
        return Headline(None, None, None)
    banners = {place for place in places if SECTION.search(framed[place].block.text.text)}
    heads = [place for place in places if place not in banners] or places  # a section's name is no headline
    largest = max(framed[place].frame.size_pt for place in heads)
    main = [
        number
        for number, place in enumerate(places)
        if place in heads and framed[place].frame.size_pt >= 0.95 * largest
    ]
    parts = places[: main[0]], places[main[0] : main[-1] + 1], places[main[-1] + 1 :]
    body = "\n".join(framed[place].block.text.text for place in draft.places)
    kicker, title, deck = (compose_lines([framed[place].block.text.text for place in part], body) for part in parts)
    return Headline(title, kicker, deck)
