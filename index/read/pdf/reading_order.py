"""Blocks → reading order: each headline before its body, columns from left to right.

A recursive XY-cut (Nagy & Seth, Hierarchical representation of optically scanned documents, 1984) orders pages that
white space can cut from edge to edge. Newspaper pages often cannot be: articles wrap around others. So bodies are
given to headlines first, by what stands above them (the partial order of Breuel, High performance document layout
analysis, 2003, read from below), and the XY-cut orders the columns of one article.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from index.read.pdf.blocks import ENDED, MAX_BLOCKS, Block, overlap

# A kicker or a deck stands closer to its headline than its own size and a bit.
HEADING_GAP_EM: Final = 1.3
# Columns of one article begin on one line; a rule or a picture may push one down by less than that.
SAME_TOP_EM: Final = 1.5
GUTTER_EM: Final = 4.0
NEAR_EM: Final = 2.5  # a body begins within two lines of its headline, a paragraph of the one before
PICTURE_EM: Final = 40.0  # height of a picture that a column may leave out
BELOW: Final = 0.3  # share of a column that must stand below a block for that block to be above it
# A sub-heading is this much larger than the body at most, and no wider than its column.
SUBHEAD_RATIO: Final = 1.45


@dataclass(slots=True, eq=False)
class _Group:
    """A headline with its kicker and deck, and the blocks that it heads; without headings, what has none."""

    headings: list[Block]
    blocks: list[Block] = field(default_factory=list)

    @property
    def top(self) -> float:
        return min(block.y0 for block in (*self.headings, *self.blocks))

    @property
    def left(self) -> float:
        return min(block.x0 for block in (*self.headings, *self.blocks))


def reading_order(blocks: Sequence[Block]) -> list[Block]:
    """Return a page's blocks in the order in which a reader takes them, watermarks last; none is lost or doubled."""
    watermarks = [block for block in blocks if block.is_watermark]
    return [*_ordered([block for block in blocks if not block.is_watermark]), *watermarks]


def _ordered(blocks: Sequence[Block]) -> list[Block]:
    if len(blocks) > MAX_BLOCKS:
        return xy_cut(blocks)
    _settle_subheads(blocks)
    headings = [block for block in blocks if block.kind == "heading"]
    groups = [_Group(members) for members in _heading_groups(headings)]
    group_of = {id(block): group for group in groups for block in group.headings}
    rest = sorted((block for block in blocks if block.kind != "heading"), key=lambda block: (block.y0, block.x0))
    body = _typical_size(rest)
    page = _Page(blocks, rest, body, group_of, _all_above(rest, blocks))
    page.give_out()
    groups += [group for group in page.group_of.values() if not group.headings]
    groups = list(dict.fromkeys(groups))
    ordered: list[Block] = []
    for group in _ranked(groups, body):
        captions = [block for block in group.blocks if page.is_caption(block)]
        texts = [block for block in group.blocks if not page.is_caption(block)]
        ordered += sorted(group.headings, key=lambda block: (block.y0, block.x0))
        ordered += [*xy_cut(texts), *xy_cut(captions)] if texts else xy_cut(captions)
    return ordered


def xy_cut(blocks: Sequence[Block]) -> list[Block]:
    """Return blocks column by column: cut at gutters first, across where there are none.

    Where neither cuts (blocks that interlock), by left edge and top.
    """
    if len(blocks) < 2:
        return list(blocks)
    size = min(block.size for block in blocks)
    for columns in (True, False):
        parts = _parts(blocks, columns, slack=0.3 * size)
        if len(parts) > 1:
            if columns and all(block.is_vertical for block in blocks):
                parts.reverse()
            return [block for part in parts for block in xy_cut(part)]
    return sorted(blocks, key=lambda block: (round(block.x0 / (2 * size)), block.y0))


def _parts(blocks: Sequence[Block], columns: bool, slack: float) -> list[list[Block]]:
    """Part blocks where a straight white line runs between them from edge to edge."""
    bounds = {id(b): (b.x0, b.x1) if columns else (b.y0, b.y1) for b in blocks}
    parts: list[list[Block]] = []
    reach = float("-inf")
    for block in sorted(blocks, key=lambda block: bounds[id(block)]):
        low, high = bounds[id(block)]
        if low >= reach - slack:
            parts.append([])
        parts[-1].append(block)
        reach = max(reach, high)
    return parts


def _settle_subheads(blocks: Sequence[Block]) -> None:
    """Make headings that only part a column's text members of that text.

    The text above must have come to its end: a sentence that breaks off there goes on in another column, and the
    heading begins another article.
    """
    for block in blocks:
        if block.kind != "heading" or block.is_vertical:
            continue
        above = _nearest(block, blocks, is_above=True)
        below = _nearest(block, blocks, is_above=False)
        if above is None or below is None or above.kind != "body" or below.kind != "body":
            continue
        within = block.x0 >= below.x0 - below.size and block.x1 <= below.x1 + below.size
        near = block.y0 - above.y1 <= 2.5 * block.size
        same_column = overlap(above.x0, above.x1, below.x0, below.x1) > 0.8 and abs(above.x0 - below.x0) <= below.size
        ends = bool(ENDED.search(above.last_line))
        if within and near and same_column and ends and block.size < SUBHEAD_RATIO * below.size:
            block.kind = "body"


def _all_above(rest: Sequence[Block], blocks: Sequence[Block]) -> dict[int, Block | None]:
    """Map each block to the one above it; for a text, captions and the pictures over them are as good as nothing."""
    captions = {id(block) for block in blocks if block.kind == "small"}
    others = [block for block in blocks if id(block) not in captions]
    return {id(block): _nearest(block, blocks if id(block) in captions else others, is_above=True) for block in rest}


def _nearest(block: Block, blocks: Iterable[Block], *, is_above: bool) -> Block | None:
    """Return the block right above or below one, of those that share its columns."""
    best: Block | None = None
    for other in blocks:
        if other is block or min(block.x1, other.x1) - max(block.x0, other.x0) < BELOW * min(block.width, other.width):
            continue
        distance = block.y0 - other.y1 if is_above else other.y0 - block.y1
        if distance < -0.6 * min(block.size, other.size):
            continue
        if best is None or distance < (block.y0 - best.y1 if is_above else best.y0 - block.y1):
            best = other
    return best


def _heading_groups(headings: Sequence[Block]) -> list[list[Block]]:
    """Join kickers, headlines and decks that stand close above one another."""
    groups: list[list[Block]] = []
    for heading in sorted(headings, key=lambda block: block.y0):
        near = [
            group
            for group in groups
            if any(
                _belongs(upper, heading)
                and not any(_is_level(heading, other) and _belongs(upper, other) for other in headings)
                for upper in group
            )
        ]
        if near:
            min(near, key=lambda group: abs(group[0].x0 - heading.x0)).append(heading)
        else:
            groups.append([heading])
    return groups


def _is_level(heading: Block, other: Block) -> bool:
    """Tell whether another headline stands beside one: then both are below a third by chance."""
    return (
        other is not heading
        and not other.is_vertical
        and abs(other.y0 - heading.y0) <= other.size
        and abs(other.size - heading.size) <= 0.3 * other.size
    )


def _belongs(upper: Block, lower: Block) -> bool:
    gap = lower.y0 - upper.y1
    return (
        not (upper.is_vertical or lower.is_vertical)
        and -0.5 * lower.size <= gap <= HEADING_GAP_EM * min(upper.size, lower.size)
        and overlap(upper.x0, upper.x1, lower.x0, lower.x1) > 0.3
    )


@dataclass(slots=True)
class _Page:
    """The blocks of a page while they are given to headlines, the surest first.

    Args:
        blocks: all of them.
        rest: those that are no headings, from top to bottom.
        body: type size of most of the text, in points.
        group_of: id of a block → its group.
        above: id of a block → the block right above it.
        columns: id of a block → those beside it that begin on the same line.
    """

    blocks: Sequence[Block]
    rest: Sequence[Block]
    body: float
    group_of: dict[int, _Group]
    above: dict[int, Block | None]
    columns: dict[int, list[Block]] = field(init=False)

    def __post_init__(self) -> None:
        self.columns = {
            id(block): [other for other in self.rest if other is not block and _is_next_column(other, block)]
            for block in self.rest
        }

    def give_out(self) -> None:
        """Put every block into a group."""
        for block in self.rest:
            above = self.above[id(block)]
            if above is not None and above.kind == "heading" and self._gap(block) <= NEAR_EM * self.body:
                self._put(block, above)
            elif beside := _beside_vertical_heading(block, self.blocks):
                self._put(block, beside)
        self._spread()
        bottom = max((block.y1 for block in self.rest if block.kind == "body"), default=float("inf"))
        for block in self.rest:
            if self.is_caption(block) and block.y0 >= bottom:  # a folio line
                self._put(block, None)
        # Captions last: they go with the text below the picture as well as with that above.
        for block in sorted(self.rest, key=lambda block: block.kind == "small"):
            if id(block) not in self.group_of:
                self._put(block, self._broken_off_beside(block) or self._from_above(block) or self._below(block))
                self._spread()

    def _put(self, block: Block, where: Block | None) -> None:
        """Put a block into another one's group, or into a new one."""
        group = self.group_of[id(where)] if where is not None else _Group([])
        group.blocks.append(block)
        self.group_of[id(block)] = group

    def is_caption(self, block: Block) -> bool:
        """Tell whether small type has a picture above it; else it is part of the text, a byline or a note."""
        return block.kind == "small" and self._gap(block) > NEAR_EM * self.body

    def _gap(self, block: Block) -> float:
        above = self.above[id(block)]
        return block.y0 - above.y1 if above is not None else float("inf")

    def _spread(self) -> None:
        """Give columns that a headline does not reach to the article whose columns begin on the same line."""
        is_changed = True
        while is_changed:
            is_changed = False
            for block in self.rest:
                if id(block) in self.group_of or (
                    self._gap(block) <= NEAR_EM * self.body and not self._heading_above(block)
                ):
                    continue
                neighbours = [other for other in self.columns[id(block)] if id(other) in self.group_of]
                if neighbours:
                    # The best aligned one, else the one to the left.
                    step = 0.5 * block.size
                    nearest = min(neighbours, key=lambda other: (abs(other.y0 - block.y0) // step, other.x0 > block.x0))
                    self._put(block, nearest)
                    is_changed = True

    def _broken_off_beside(self, block: Block) -> Block | None:
        """Return the column to the left that a block goes on from: its last sentence is not at its end."""
        if self._gap(block) <= NEAR_EM * self.body or block.kind == "small":
            return None
        for other in self.rest:
            if (
                id(other) in self.group_of
                and other.kind == "body"
                and -1.0 <= block.x0 - other.x1 <= GUTTER_EM * block.size
                and abs(other.y1 - block.y1) <= SAME_TOP_EM * block.size
                and not ENDED.search(other.last_line)
            ):
                return other
        return None

    def _below(self, block: Block) -> Block | None:
        """Return the text right below a caption; what stands on top of the page is a folio line."""
        is_top = all(block.y0 - other.y0 <= NEAR_EM * self.body for other in self.blocks)
        if block.kind != "small" or is_top:
            return None
        below = _nearest(block, self.rest, is_above=False)
        near = below is not None and below.y0 - block.y1 <= NEAR_EM * self.body and id(below) in self.group_of
        return below if near else None

    def _heading_above(self, block: Block) -> bool:
        above = self.above[id(block)]
        return above is not None and above.kind == "heading"

    def _from_above(self, block: Block) -> Block | None:
        above = self.above[id(block)]
        if above is None or id(above) not in self.group_of:
            return None
        # Below a heading that is further away there is a picture; below a body there is as much of one at most.
        is_near = above.kind != "body" or self._gap(block) <= PICTURE_EM * self.body
        return above if is_near else None


def _is_next_column(owned: Block, block: Block) -> bool:
    return (
        abs(owned.size - block.size) <= 0.08 * block.size
        and abs(owned.y0 - block.y0) <= SAME_TOP_EM * block.size
        and -1.0 <= max(block.x0 - owned.x1, owned.x0 - block.x1) <= GUTTER_EM * block.size
    )


def _beside_vertical_heading(block: Block, blocks: Iterable[Block]) -> Block | None:
    for other in blocks:
        gap = max(block.x0 - other.x1, other.x0 - block.x1)
        tops = abs(other.y0 - block.y0) <= 2 * other.size
        if other.kind == "heading" and other.is_vertical and -1.0 <= gap <= GUTTER_EM * block.size and tops:
            return other
    return None


def _typical_size(blocks: Sequence[Block]) -> float:
    sizes = sorted(block.size for block in blocks for _ in range(block.chars))
    return sizes[len(sizes) // 2] if sizes else 10.0


def _ranked(groups: Sequence[_Group], body: float) -> list[_Group]:
    """Return groups from top to bottom; those that begin on about the same height from left to right."""
    ranked: list[_Group] = []
    row: list[_Group] = []
    for group in sorted(groups, key=lambda group: group.top):
        if row and group.top - row[0].top > 2 * body:
            ranked += sorted(row, key=lambda group: group.left)
            row = []
        row.append(group)
    return ranked + sorted(row, key=lambda group: group.left)
