"""Pages whose geometry is known (PDF): the frames are in reading order, and their type sizes tell what they are."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.records import Article, Document, Frame
from index.repair.lines import measure_lines
from index.segment.assemble import Draft, finish, finish_without_body
from index.segment.blocks import Block, Page, make_block, read_blocks, takes_up
from index.segment.headlines import Headline, compose_lines
from index.segment.issues import Issues

HEADING = 1.12
"""Type this much larger than the body's is a heading. Newspapers set bodies in 9–10.5 points, sub-headings from 11."""
HEADLINE = 1.5
"""… and this much larger a headline."""
FINE_TYPE_SHARE = 0.92
"""Smaller type is a caption's or the page's furniture."""


@dataclass(frozen=True, slots=True)
class _Framed:
    """A block with the frame it stands in."""

    block: Block
    size: float


def split_frames(document: Document, issues: Issues, page: Page) -> list[Article]:
    """Return the articles of a page in frames: each headline with the text that follows it up to the next one."""
    body = _body_size(document.frames)
    framed = [
        _Framed(_by_size(block, frame.size_pt / body), frame.size_pt)
        for frame in document.frames
        for block in _blocks_of(page, frame, is_heading=frame.size_pt >= HEADING * body)
    ]
    blocks = [one.block for one in framed]
    drafts: list[Draft] = []
    headings: list[list[int]] = []  # of each draft
    pending: list[int] = []
    beside: list[tuple[int, int]] = []
    for place, block in enumerate(blocks):
        if block.role == "heading":
            pending.append(place)
        elif block.role in ("caption", "furniture", "continuation"):
            # Above the first article of a page: its furniture.
            beside.append(
                (place, len(drafts) - bool(drafts and not issues.turns_page(*_places(blocks, drafts[-1], place))))
            )
        else:
            left = [other for other in pending if issues.turns_page(*_places(blocks, None, place, other))]
            if drafts and left and not _heads_article(framed, left, body):  # of the page before: it heads nothing here
                beside += [(other, len(drafts) - 1) for other in left]
                pending = pending[len(left) :]
            if (
                not drafts
                or block.is_fresh
                or _heads_article(framed, pending, body)
                or issues.parts_issues(*_places(blocks, drafts[-1], place))
            ):
                drafts.append(Draft([]))
                headings.append(pending)
            else:
                last = blocks[drafts[-1].places[-1]]
                if not pending and last.is_open and takes_up(last.text.text, block.text.text) > 0:
                    drafts[-1].resumed.add(place)
                drafts[-1].subheads.update(pending)
                drafts[-1].places += pending
            drafts[-1].places.append(place)
            pending = []
    if not drafts:
        return [finish_without_body(issues, page, blocks, 0)] if blocks else []
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


def _body_size(frames: Sequence[Frame]) -> float:
    """The type size that most characters are set in."""
    sizes: Counter[float] = Counter()
    for frame in frames:
        sizes[round(frame.size_pt * 2) / 2] += frame.end - frame.start
    return max(sizes, key=lambda size: (sizes[size], -size), default=1.0) or 1.0


def _blocks_of(page: Page, frame: Frame, *, is_heading: bool) -> list[Block]:
    """The blocks of one frame; a heading's lines are one heading."""
    start, end = page.text.find(frame.start), page.text.find(frame.end)
    if not is_heading:
        return read_blocks(page, start, end)
    return [make_block(page, [line]) for line in measure_lines(page.text.text[start:end], start)]


def _by_size(block: Block, ratio: float) -> Block:
    """Correct the role that a block's form suggests by its type size."""
    if block.role in ("continuation", "furniture", "byline", "signature"):
        return block
    if ratio >= HEADING:
        return replace(block, role="heading") if not block.is_fresh else block
    if ratio < FINE_TYPE_SHARE:
        return replace(block, role="caption")
    return replace(block, role="text") if block.role == "heading" and len(block.paragraph.lines) > 1 else block


def _heads_article(framed: Sequence[_Framed], pending: Sequence[int], body: float) -> bool:
    return any(framed[place].size >= HEADLINE * body for place in pending)


def _headline(framed: Sequence[_Framed], places: Sequence[int], draft: Draft) -> Headline:
    """The largest type is the headline, what stands above it the kicker, below it the deck."""
    if not places:
        return Headline(None, None, None)
    largest = max(framed[place].size for place in places)
    main = [number for number, place in enumerate(places) if framed[place].size >= 0.95 * largest]
    parts = places[: main[0]], places[main[0] : main[-1] + 1], places[main[-1] + 1 :]
    body = "\n".join(framed[place].block.text.text for place in draft.places)
    kicker, title, deck = (compose_lines([framed[place].block.text.text for place in part], body) for part in parts)
    return Headline(title, kicker, deck)
