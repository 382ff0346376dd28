"""A page's running text in runs: cut wherever an article may begin, end or resume."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from index.repair.hard_wraps import MIN_COLUMN, UNWRAPPED
from index.segment.blocks import Block

COLUMN_CHANGE = 2.5
"""Two paragraphs whose columns differ by more Han characters may belong to two articles."""


@dataclass(slots=True)
class Run:
    """Running text printed in one go, as places of blocks in the page.

    Args:
        places: its text blocks, in order.
        headings: headings printed between the run before and this one, that part the two.
        continuation_lines: lines such as 上接01版 printed there.
        is_fresh: an article begins with it by its own word.
        has_doubled: some of the headings was printed twice.
        has_captions, has_banner: captions, or a line of the page's furniture or a column's banner, stand there.
        column_change: by how many Han characters its column is wider or narrower than the one before; 0 if unknown.
        is_signed: it ends with who wrote or supplied it.
        seam: where nothing parts it from the text above, the log-odds that another article begins (seams.py, line_cuts.py); else None.
    """

    places: list[int]
    headings: list[int] = field(default_factory=list)
    continuation_lines: list[int] = field(default_factory=list)
    is_fresh: bool = False
    has_doubled: bool = False
    has_captions: bool = False
    has_banner: bool = False
    column_change: float = 0.0
    is_signed: bool = False
    seam: float | None = None


def find_runs(blocks: Sequence[Block]) -> list[Run]:
    """Cut the page wherever an article may begin or resume; link_runs undoes the cuts that mean nothing."""
    runs: list[Run] = []
    headings: list[int] = []
    continuation_lines: list[int] = []
    captions = banner = False
    for place, block in enumerate(blocks):
        if block.role == "heading":
            headings.append(place)
        elif block.role == "continuation":
            continuation_lines.append(place)
        elif block.role == "listing" and runs and not headings:  # goes with the text above, whatever stands between
            runs[-1].places.append(place)
        elif block.is_folio:
            continue
        elif block.role in ("caption", "furniture"):
            captions = captions or block.role == "caption"
            banner = banner or block.role == "furniture"
        else:
            current = runs[-1] if runs else None
            if (
                current is None
                or headings
                or continuation_lines
                or captions
                or banner
                or _parts(blocks, current, block)
            ):
                current = Run([place], headings, continuation_lines, has_captions=captions, has_banner=banner)
                current.seam = block.cut
                current.is_fresh = block.is_fresh or block.role == "listing"  # a headline stands over it
                current.has_doubled = any(blocks[heading].doubled for heading in headings)
                runs.append(current)
            else:
                current.places.append(place)
            current.is_signed = block.role == "signature"
            headings, continuation_lines, captions, banner = [], [], False, False
    for before, after in itertools.pairwise(runs):
        after.column_change = _column_change(blocks[before.places[-1]], blocks[after.places[0]])
    return runs


def _parts(blocks: Sequence[Block], current: Run, block: Block) -> bool:
    before = blocks[current.places[-1]]
    if block.cut is not None:
        return True
    if before.role == "byline":
        return False
    if block.is_fresh and all(blocks[place].role == "listing" for place in current.places):
        return False  # a headline, its table, and only then the text
    if block.is_fresh or (current.is_signed and block.role != "signature"):
        return True
    if block.role == "signature":
        return False
    return before.is_open or block.first_line == "full" or _column_change(before, block) > COLUMN_CHANGE


def _column_change(before: Block, after: Block) -> float:
    """How many Han characters the column changes by between two paragraphs; 0 where that cannot be told.

    Told by the last full line of the one and the second line of the other: its first one may lack the indent.
    """
    if (
        before.role != "text"
        or after.role == "listing"
        or len(before.paragraph.lines) < 2
        or len(after.paragraph.lines) < 3
    ):
        return 0.0
    widths = before.paragraph.lines[-2].width, after.paragraph.lines[1].width
    if after.paragraph.lines[1].text.isascii():  # ragged, so that only the longest line tells
        widths = before.paragraph.column, after.paragraph.column
    return abs(widths[0] - widths[1]) if all(MIN_COLUMN <= width <= UNWRAPPED for width in widths) else 0.0


def text_of(blocks: Sequence[Block], run: Run) -> str:
    """Return the run's running text."""
    return "\n".join(blocks[place].text.text for place in run.places)
