"""Tables of a page: rules that make a grid, or short texts that stand in rows and columns → rows of cells.

What is in one column of a newspaper is read downwards, of a table across; taking one for the other costs both. So a grid is
a table only where its cells hold a few lines of one size (articles in boxes hold more), and texts without rules only where
no sentence goes through them and a column of figures stands among them.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from index.read.pdf.grids import Cell, Grid, rows_of
from index.read.pdf.lines import MAX_OPEN, Line, is_wide

MIN_ROWS: Final = 3
OPEN_TABLES: Final = 40  # that a row may go on with: those beside one another
# From a cell to the next one: less is a blank in a line, more is another part of the page.
CELL_GAP_EM: Final = (0.8, 18.0)
CELL_WIDTH_EM: Final = 24.0
ROW_PITCH_EM: Final = 3.0
FIGURES_SHARE: Final = 0.6  # of a column's cells below the first row
DIGIT_SHARE: Final = 0.3  # of a figure's characters: 1,240万元, 5月20日
_LEVEL_SHARE_EM: Final = 0.35
_STRIPE_PT: Final = 8.0
_SENTENCE: Final = re.compile(r"[。；！？“”，、]")


@dataclass(slots=True)
class Table:
    """Rows of cells, each with its printed lines; a merged cell stands in each row and column that it covers."""

    rows: list[list[Cell]]

    def lines(self) -> Iterator[Line]:
        """Yield each printed line once, row by row."""
        yield from {id(line): line for row in self.rows for cell in row for line in cell}.values()


def take_tables(lines: Sequence[Line], grids: Sequence[Grid]) -> tuple[list[Table], list[Line]]:
    """Return the tables of a page, and the lines that are in none."""
    tables: list[Table] = []
    rest = [line for line in lines if not line.is_watermark]
    for grid in grids:
        inside = [line for line in rest if grid.holds((line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2)]
        if rows := rows_of(grid, inside):
            tables.append(Table(rows))
            taken = set(map(id, inside))
            rest = [line for line in rest if id(line) not in taken]
    aligned = list(_aligned(rest))
    taken = {id(line) for table in aligned for line in table.lines()}
    rest = [line for line in rest if id(line) not in taken]
    return [*tables, *aligned], [*rest, *(line for line in lines if line.is_watermark)]


def _aligned(lines: Sequence[Line]) -> Iterator[Table]:
    """Yield the tables without rules among lines: rows of short texts below one another, in columns."""
    likely = [
        line
        for line in lines
        if not line.is_vertical and line.width <= CELL_WIDTH_EM * line.size and not _SENTENCE.search(line.text)
    ]
    open_tables: list[list[list[Line]]] = []
    for row in _rows(likely, lines):
        table = next((table for table in reversed(open_tables[-OPEN_TABLES:]) if _is_below(table, row)), None)
        if table:
            table.append(row)
        else:
            open_tables.append([row])
    for table in open_tables:
        yield from _accepted(table)


def _rows(likely: Sequence[Line], lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield lines that stand beside one another with nothing else between them, from top to bottom."""
    heights: dict[int, list[Line]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: line.x0):
        heights[int(line.y1 // _STRIPE_PT)].append(line)
    ids = set(map(id, likely))
    after: dict[int, Line] = {}
    followed: set[int] = set()
    for line in likely:
        follower = _next(line, heights)
        if follower is not None and id(follower) in ids and id(follower) not in followed:
            after[id(line)] = follower
            followed.add(id(follower))
    rows = []
    for line in likely:
        if id(line) in after and id(line) not in followed:
            row = [line]
            while (following := after.get(id(row[-1]))) is not None:
                row.append(following)
            rows.append(row)
    yield from sorted(rows, key=lambda row: (row[0].y0, row[0].x0))


def _next(line: Line, heights: dict[int, list[Line]]) -> Line | None:
    stripe = int(line.y1 // _STRIPE_PT)
    low, high = (gap * line.size for gap in CELL_GAP_EM)
    best: Line | None = None
    for near in (stripe, stripe - 1, stripe + 1):
        for other in heights.get(near, ())[:MAX_OPEN]:
            if (
                other is not line
                and abs(other.y1 - line.y1) <= _LEVEL_SHARE_EM * line.size
                and low <= other.x0 - line.x1 <= high
                and (best is None or other.x0 < best.x0)
            ):
                best = other
    return best if best and abs(best.size - line.size) <= 0.1 * line.size else None


def _is_below(rows: Sequence[Sequence[Line]], row: Sequence[Line]) -> bool:
    """Tell whether a row goes on with a table: close below, and its cells in the table's columns."""
    last = rows[-1]
    pitch = row[0].y0 - last[0].y0
    if not 0.5 * row[0].size < pitch <= ROW_PITCH_EM * row[0].size:
        return False
    hits = sum(any(min(a.x1, b.x1) > max(a.x0, b.x0) for b in last) for a in row)
    return hits >= max(2, len(row) - 1) or (hits >= 2 and len(last) < len(row))


def _accepted(rows: Sequence[Sequence[Line]]) -> Iterator[Table]:
    """Yield the table that rows are, where they are one."""
    if len(rows) < MIN_ROWS:
        return
    spans: list[list[float]] = []  # of the columns, from left to right
    for line in sorted((line for row in rows for line in row), key=lambda line: line.x0):
        if spans and line.x0 < spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], line.x1)
        else:
            spans.append([line.x0, line.x1])
    starts = [span[0] for span in spans]
    grid: list[list[Cell]] = []
    for row in rows:
        cells: list[Cell] = [()] * len(spans)
        for line in row:
            column = bisect_right(starts, line.x0) - 1
            cells[column] = (*cells[column], line)
        grid.append(cells)
    if len(spans) > 1 and any(_is_of_figures([row[column] for row in grid[1:]]) for column in range(len(spans))):
        yield Table(grid)


def _is_of_figures(cells: Sequence[Cell]) -> bool:
    texts = ["".join(line.text for line in cell) for cell in cells if cell]
    figures = sum(
        sum(char.isdigit() for char in text) >= DIGIT_SHARE * len(text) and any(char.isdigit() for char in text)
        for text in texts
    )
    return 2 * len(texts) >= len(cells) and figures >= FIGURES_SHARE * max(len(texts), 1)


def cell_pieces(cell: Cell) -> list[Line | str]:
    """Return a cell's lines as they are joined on one line: with a blank between words of Latin letters."""
    pieces: list[Line | str] = list(cell[:1])
    for before, line in pairwise(cell):
        if not (is_wide(before.text[-1]) or is_wide(line.text[0])):
            pieces.append(" ")
        pieces.append(line)
    return pieces
