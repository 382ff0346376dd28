"""Stories placed on a grid of columns: boxes with lines and places, in ems and lines from the page's top left."""

from dataclasses import dataclass
from random import Random

from press.desk import PagePlan
from press.newsroom import Part, Story
from press.typesetting import (
    Line,
    Role,
    fill_last_line,
    first_orders,
    set_block,
    set_headline,
    set_paragraph,
    set_vertical,
)

_GRIDS = ((4, 24), (5, 19), (5, 20), (6, 16), (6, 17))
"""Columns of the page and the ems of each: 95 to 105 ems across, as real pages have."""
_GUTTER_EMS = 2
_HEADLINE_LINES = 3
_PHOTO_LINES = 12


@dataclass(frozen=True, slots=True)
class Box:
    """What stands in one rectangle: a column of a text block, a headline, a caption.

    Args:
        block: number of the story's text block; 0 for all other boxes.
        column: number of the column in its block.
    """

    story: int
    role: Role
    lines: tuple[Line, ...]
    left: int
    top: int
    block: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class _Cell:
    story: int
    block: int


def lay_out(plan: PagePlan, rng: Random) -> list[Box]:
    """Place all stories in bands across the page, and set them."""
    columns, ems = rng.choice(_GRIDS)
    cells, top, boxes = _cells(plan.stories, rng), 0, list[Box]()
    blocks = [list(story.blocks) for story in plan.stories]
    while cells:
        count = min(len(cells), rng.choice((1, 2, 2, 3)))
        band, cells = cells[:count], cells[count:]
        left, bottom = 0, top
        for number, cell in enumerate(band):
            rest = count - number - 1
            span = columns - left - rest if not rest else rng.randint(1, columns - left - rest)
            story = plan.stories[cell.story]
            placed, height = _place(story, blocks[cell.story], cell, left * (ems + _GUTTER_EMS), top, span, ems, rng)
            boxes += placed
            left, bottom = left + span, max(bottom, top + height)
        top = bottom + 2
    for lines in plan.adverts:
        texts = tuple(Line(t, "advert", -1) for t in lines)
        boxes.append(Box(-1, "advert", texts, rng.randrange(columns) * ems, rng.randrange(max(1, top))))
    return boxes


def _cells(stories: tuple[Story, ...], rng: Random) -> list[_Cell]:
    """Order the stories' text blocks on the page: briefs together, second blocks some way after the first."""
    briefs = [n for n, s in enumerate(stories) if s.form == "brief"]
    others = [n for n, s in enumerate(stories) if s.form != "brief"]
    rng.shuffle(others)
    for n in [n for n in others if stories[n].form in {"note", "sidebar"}]:  # beside the story they belong to
        others.remove(n)
        others.insert(others.index(0) + (stories[n].form == "sidebar"), n)
    at = rng.randint(0, len(others))
    cells = [_Cell(n, 0) for n in (*others[:at], *briefs, *others[at:])]
    for n, story in enumerate(stories):
        for block in range(1, len(story.blocks)):
            place = cells.index(_Cell(n, 0)) + rng.randint(2, 5)
            cells.insert(min(place, len(cells)), _Cell(n, block))
    return cells


def _place(
    story: Story, blocks: list[tuple[Part, ...]], cell: _Cell, left: int, top: int, span: int, ems: int, rng: Random
) -> tuple[list[Box], int]:
    """Set one text block in a module of `span` columns; returns its boxes and its height in lines.

    `blocks` are the story's; what does not fill a line of this one is moved to the next.
    """
    across = span * ems + (span - 1) * _GUTTER_EMS
    columns = max(1, span - 1) if span > 2 and rng.random() < 0.3 else span
    column_ems = (across - (columns - 1) * _GUTTER_EMS) // columns
    boxes, y = list[Box](), top
    if cell.block == 0:
        heads = _heads(story, cell.story, across, left, top, rng)
        boxes += heads
        y += 0 if "vertical_head" in story.kinds else _HEADLINE_LINES * sum(len(b.lines) for b in heads)
        for number, text in enumerate(story.captions):
            lines = _caption(cell.story, text, column_ems, rng)
            boxes.append(Box(cell.story, "caption", lines, left + number * 5, y + _PHOTO_LINES))
        y += (_PHOTO_LINES + 2) * bool(story.captions)
    parts = blocks[cell.block]
    following = blocks[cell.block + 1] if cell.block + 1 < len(blocks) else ()
    parts, following = fill_last_line(parts, following, column_ems)
    blocks[cell.block + 1 :] = [following] if following else []
    first = first_orders(story)[cell.block]
    lines_of_block = set_block(cell.story, parts, first, column_ems)
    rows = -(-len(lines_of_block) // columns)
    for column in range(columns):
        taken = tuple(lines_of_block[column * rows : (column + 1) * rows])
        if taken:
            x = left + column * (column_ems + _GUTTER_EMS)
            boxes.append(Box(cell.story, "body", taken, x, y, cell.block, column))
    for number, part in enumerate(parts, first):
        if part.lifted:
            line = Line(part.text, "subhead", cell.story, number * 10_000)
            boxes.append(Box(cell.story, "subhead", (line,), left, y + (number - first), cell.block))
    if story.jump and cell.block == len(story.blocks) - 1:
        at_top = "jump_from" in story.kinds and rng.random() < 0.6
        line = Line(story.jump, "jump", cell.story)
        boxes.append(Box(cell.story, "jump", (line,), left, y - 1 if at_top else y + rows))
    return boxes, y - top + rows + 2


def _heads(story: Story, number: int, across: int, left: int, top: int, rng: Random) -> list[Box]:
    found, y = list[Box](), top
    for role, text in (
        ("label", story.label),
        ("kicker", story.kicker),
        ("headline", story.headline),
        ("deck", story.deck),
    ):
        if text is None:
            continue
        if role == "headline" and "vertical_head" in story.kinds:
            lines = set_vertical(number, text, rng)
        elif role == "headline":
            lines = set_headline(number, text, "headline", across / 2, rng)
        else:
            lines = set_headline(number, text, role, across, rng)  # type: ignore[arg-type]
        found.append(Box(number, lines[0].role, lines, left, y))
        y += _HEADLINE_LINES * len(lines)
    return found


def _caption(story: int, text: str, ems: int, rng: Random) -> tuple[Line, ...]:
    """Set a caption under its picture: in one line, or narrow beside it."""
    narrow = 5 if text[0] in "▼◀▲↑" and rng.random() < 0.5 else ems
    lines = [
        Line(line, "caption", story, 0, n == len(found) - 1)
        for piece in text.split("\n")
        for found in [set_paragraph(piece, narrow if rng.random() < 0.8 else 60, 0)]
        for n, line in enumerate(found)
    ]
    return tuple(lines) or (Line(text, "caption", story),)
