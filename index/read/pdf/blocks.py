"""Lines → blocks: the lines of one type size that stand below one another in one column."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, Literal

from index.read.pdf.lines import MAX_OPEN, Line, is_wide
from index.read.pdf.tables import Table, cell_pieces

Kind = Literal["heading", "body", "small"]

# Each block is held against each other one. A newspaper page has some 100; share prices and tables have thousands.
MAX_BLOCKS: Final = 800
# Body type is led by 1.2 to 1.7 em; half a line more parts paragraphs of a letter, two lines part articles.
LEADING_EM: Final = 2.0
SAME_SIZE: Final = 0.08  # share by which sizes of one text may differ (rounding, digits of another font)
# A first line is indented by two characters, by up to four in letters.
INDENT_EM: Final = 4.2
FULL_LINE_EM: Final = 8.0  # narrower than any column's first line
ENDED: Final = re.compile(r"[。！？!?；.…）)】][”’\"』」]?$")
OVERLAP: Final = 0.5  # share of the narrower of two lines that must stand above or below the other
# Headlines are half as large again as the body at least, those of briefs a fifth; captions a tenth smaller.
HEADING_RATIO: Final = 1.18
SMALL_RATIO: Final = 0.93
# Larger type that goes on for longer is a text, a leader for example.
HEADING_LINES: Final = 5
HEADING_CHARS: Final = 160
# What a reader takes for a new paragraph; shown as blanks at the line's start.
_SHOWN_INDENT_EM: Final = (0.9, 4.2)


@dataclass(slots=True)
class Block:
    """Lines of one size below one another.

    Args:
        rows: its lines from top to bottom, each as the pieces that stand beside one another.
        size: type size in points.
        kind: what the size makes it on its page.
        is_vertical: its lines run downwards and follow one another from right to left.
        table: the table that it is; `rows` has each of its lines once then.
    """

    rows: list[list[Line]]
    size: float
    kind: Kind = "body"
    is_vertical: bool = False
    table: Table | None = None
    x0: float = field(init=False)
    y0: float = field(init=False)
    x1: float = field(init=False)
    y1: float = field(init=False)

    def __post_init__(self) -> None:
        self.measure()

    def measure(self) -> None:
        """Take the box around all lines."""
        lines = list(self.lines())
        self.x0, self.x1 = min(line.x0 for line in lines), max(line.x1 for line in lines)
        self.y0, self.y1 = min(line.y0 for line in lines), max(line.y1 for line in lines)

    def lines(self) -> Iterator[Line]:
        """Yield its lines in reading order."""
        for row in self.rows:
            yield from row

    @property
    def chars(self) -> int:
        """How many characters it has."""
        return sum(len(line.text) for line in self.lines())

    @property
    def is_watermark(self) -> bool:
        """Whether it lies over the page and is no part of it."""
        return self.rows[0][0].is_watermark

    @property
    def last_line(self) -> str:
        """Its last line's text."""
        return self.rows[-1][-1].text

    @property
    def width(self) -> float:
        """Its extent from left to right, in points."""
        return self.x1 - self.x0

    def text_rows(self) -> Iterator[list[Line | str]]:
        """Yield its lines as they are read, piece by piece, with what stands between the printed pieces.

        One that is indented begins with blanks (full-width ones before Chinese); tabs part the cells of a table.
        """
        if self.table:
            for cells in self.table.rows:
                yield [piece for cell in cells for piece in ("\t", *cell_pieces(cell))][1:]
            return
        low, high = (share * self.size for share in _SHOWN_INDENT_EM)
        for row in self.rows:
            is_indented = self.kind != "heading" and len(self.rows) > 1 and low <= row[0].x0 - self.x0 <= high
            blanks = (
                ("\u3000\u3000" if is_wide(row[0].text[0]) else "  ") if is_indented and not self.is_vertical else ""
            )
            yield [blanks, *[piece for line in row for piece in (" ", line)][1:]]

    def text_lines(self) -> Iterator[str]:
        """Yield its lines as they are read."""
        for row in self.text_rows():
            yield "".join(piece if isinstance(piece, str) else piece.text for piece in row)


def make_blocks(lines: Sequence[Line], tables: Sequence[Table] = ()) -> list[Block]:
    """Return the blocks of a page, each with the kind that its size makes it among the page's sizes; a table is body."""
    watermarks = [Block([[line]], line.size, "small") for line in lines if line.is_watermark]
    lines = [line for line in lines if not line.is_watermark]
    upright = [line for line in lines if not line.is_vertical]
    blocks = _gathered_inside(_stacked(sorted(upright, key=lambda line: (line.y0, line.x0))))
    blocks += _side_by_side([line for line in lines if line.is_vertical])
    blocks += map(_of_table, tables)
    body = body_size(blocks)
    for block in blocks:
        block.kind = "body" if block.table else _kind(block, body)
    return blocks + watermarks


def _of_table(table: Table) -> Block:
    rows: dict[int, list[Line]] = {}
    for line in table.lines():
        rows.setdefault(round(line.y0), []).append(line)
    lines = [row for _top, row in sorted(rows.items())]
    return Block(lines, Counter(line.size for row in lines for line in row).most_common(1)[0][0], table=table)


def body_size(blocks: Iterable[Block]) -> float:
    """Return the type size that most characters of a page have, in points; 0 for an empty page."""
    sizes: Counter[float] = Counter()
    for block in blocks:
        sizes[round(block.size * 2) / 2] += block.chars
    return max(sizes, key=lambda size: (sizes[size], -size)) if sizes else 0.0


def overlap(a0: float, a1: float, b0: float, b1: float) -> float:
    """Return how much of the shorter of two stretches the other one covers, 0 to 1."""
    return max(0.0, min(a1, b1) - max(a0, b0)) / max(min(a1 - a0, b1 - b0), 0.01)


def _kind(block: Block, body: float) -> Kind:
    if block.size >= HEADING_RATIO * body and len(block.rows) <= HEADING_LINES and block.chars <= HEADING_CHARS:
        return "heading"
    return "small" if block.size <= SMALL_RATIO * body else "body"


def _stacked(lines: Sequence[Line]) -> list[Block]:
    """Put each line below the block that it continues; lines come from top to bottom."""
    blocks: list[Block] = []
    reachable: list[Block] = []
    for line in lines:
        reachable = [block for block in reachable if line.y0 - block.y1 <= LEADING_EM * max(block.size, line.size)]
        del reachable[:-MAX_OPEN]
        fitting = [block for block in reachable if _fits(block, line)]
        if len(fitting) == 1 or (fitting and _is_beside(fitting[0], line)):
            block = fitting[0]
            if _is_beside(block, line):
                block.rows[-1] = sorted([*block.rows[-1], line], key=lambda piece: piece.x0)
            else:
                block.rows.append([line])
            block.measure()
        else:
            block = Block([[line]], line.size)
            blocks.append(block)
            reachable.append(block)
    return blocks


def _is_beside(block: Block, line: Line) -> bool:
    """Tell whether a line stands on the block's last row, within its column."""
    row = block.rows[-1]
    return (
        len(block.rows) > 1
        and overlap(row[0].y0, row[0].y1, line.y0, line.y1) > 0.6
        and line.x0 >= block.x0 - 0.5 * block.size
        and line.x1 <= block.x1 + 0.5 * block.size
        and all(line.x0 >= piece.x1 or line.x1 <= piece.x0 for piece in row)
    )


def _fits(block: Block, line: Line) -> bool:
    """Tell whether a line continues a block: same size, right below, in the same column."""
    if abs(block.size - line.size) > SAME_SIZE * block.size:
        return False
    if _is_beside(block, line):
        return True
    last = block.rows[-1]
    pitch = line.y0 - last[0].y0
    if not 0.5 * line.size < pitch <= _reach(block):
        return False
    if _is_short_rest(block, line):
        return True
    if overlap(block.x0, block.x1, line.x0, line.x1) < OVERLAP:
        return False
    # The block's own width counts from its second line on; a first one may be short or indented.
    slack = 1.2 * line.size
    if len(block.rows) > 1 and line.x1 > block.x1 + 2.5 * line.size and _is_flush(block):
        return False
    centred = abs((line.x0 + line.x1) - (block.x0 + block.x1)) <= slack
    return centred or abs(line.x0 - block.x0) <= INDENT_EM * line.size or line.width < 0.9 * block.width


def _is_short_rest(block: Block, line: Line) -> bool:
    """Tell whether a line ends a paragraph of two lines that is shorter than the first one's indent, or little longer."""
    indent = block.x0 - line.x0
    return (
        len(block.rows) == 1
        and 0.9 * line.size <= indent <= INDENT_EM * line.size
        and line.x1 <= block.x0 + INDENT_EM * line.size
        and block.width >= FULL_LINE_EM * line.size
        and not ENDED.search(block.last_line)
    )


def _reach(block: Block) -> float:
    """Return how far below its last line's top the next one may begin, in points: 1.3 times its own leading."""
    tops = [row[0].y0 for row in block.rows]
    pitches = sorted(after - before for before, after in pairwise(tops))
    return min(LEADING_EM * block.size, 1.3 * pitches[len(pitches) // 2]) if pitches else LEADING_EM * block.size


def _is_flush(block: Block) -> bool:
    """Tell whether at least two lines end at its right edge, as in a justified column."""
    ends = [row[-1].x1 for row in block.rows]
    return sum(end > block.x1 - 0.6 * block.size for end in ends) > 1


def _gathered_inside(blocks: list[Block]) -> list[Block]:
    """Join a block to the one of its size whose box holds it: pieces of lines with wide gaps in them."""
    if len(blocks) > MAX_BLOCKS:
        return blocks
    out: list[Block] = []
    for block in sorted(blocks, key=lambda block: -(block.x1 - block.x0) * (block.y1 - block.y0)):
        slack = 0.5 * block.size
        host = next(
            (
                other
                for other in out
                if abs(other.size - block.size) <= SAME_SIZE * other.size
                and len(other.rows) > 1
                and other.x0 - slack <= block.x0
                and block.x1 <= other.x1 + slack
                and other.y0 - slack <= block.y0
                and block.y1 <= other.y1 + slack
            ),
            None,
        )
        if host is None:
            out.append(block)
            continue
        host.rows = _rows([*host.lines(), *block.lines()])
        host.measure()
    return out


def _rows(lines: Iterable[Line]) -> list[list[Line]]:
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.y0):
        if rows and overlap(rows[-1][0].y0, rows[-1][0].y1, line.y0, line.y1) > 0.6:
            rows[-1] = sorted([*rows[-1], line], key=lambda piece: piece.x0)
        else:
            rows.append([line])
    return rows


def _side_by_side(lines: Sequence[Line]) -> list[Block]:
    """Join vertical lines of one size that stand beside one another; they are read from right to left."""
    blocks: list[Block] = []
    for line in sorted(lines, key=lambda line: -line.x1):
        for block in blocks:
            gap = block.x0 - line.x1
            same = abs(block.size - line.size) <= SAME_SIZE * block.size
            if (
                same
                and -0.3 * line.size <= gap <= line.size
                and overlap(block.y0, block.y1, line.y0, line.y1) > OVERLAP
            ):
                block.rows.append([line])
                block.measure()
                break
        else:
            blocks.append(Block([[line]], line.size, is_vertical=True))
    return blocks
