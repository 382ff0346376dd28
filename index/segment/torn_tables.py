"""Tables that were copied with one cell on each line: every few lines a row begins, its figures or names in the same places.

Headlines one below another do not come so: no line of theirs is a figure or a name alone, at even distances.
"""

import re
from collections.abc import Iterator, Sequence

from index.repair.lines import Line, is_closed
from index.segment.cells import is_name

FEWEST_CELLS = 6
WIDEST_ROW = 8
"""Columns of a table that is told by its values alone."""
FEWEST_ROWS = 3
"""The head with them, or all of them with values."""
CELL_WIDTH = 16.0
MOST_SKIPPED = 3
"""Lines above the head that are not its own: what it is called, its unit."""
_FIGURE_LINE = re.compile(r"[￥¥$约第+\-−]?\d[^，。；！？]*|[-—–/·*无]{1,3}")
_NO_CELL = re.compile(r"[，。；！？：:“”]$|[。；]")


def find_torn(lines: Sequence[Line], free: Sequence[bool]) -> Iterator[tuple[int, int, int]]:
    """Yield (first, last, cells in a row) of each table with a cell a line; 0 cells where its lines are no even rows.

    Args:
        lines: of a page.
        free: which of them may be cells.
    """
    first = 0
    while first < len(lines):
        last = first
        while last < len(lines) and free[last] and _may_be_cell(lines[last]) and _is_near(lines, first, last):
            last += 1
        if last - first >= FEWEST_CELLS:
            cells = lines[first:last]
            found = _find_rows([_is_figure(line) for line in cells]) or _find_rows(
                [is_name(line.text) for line in cells]
            )
            if found:
                skipped, width, rows = found
                yield first + skipped, first + skipped + width * rows, width
            elif last < len(lines) and free[last] and _stands_in_text(lines, first, last):
                yield first, last, 0
        first = max(last, first + 1)


def _may_be_cell(line: Line) -> bool:
    return line.width <= CELL_WIDTH and not _NO_CELL.search(line.text)


def _is_near(lines: Sequence[Line], first: int, number: int) -> bool:
    return number == first or lines[number].gap <= max(1, lines[first + 1].gap)


def _is_figure(line: Line) -> bool:
    return _FIGURE_LINE.fullmatch(line.text) is not None


def _find_rows(values: Sequence[bool]) -> tuple[int, int, int] | None:
    """Return (lines above, cells in a row, rows) of what has most lines in rows with values in the same columns."""
    best: tuple[int, int, int] | None = None
    for skipped in range(min(MOST_SKIPPED, len(values)) + 1):
        for width in range(2, WIDEST_ROW + 1):
            rows = [values[at : at + width] for at in range(skipped, len(values) - width + 1, width)]
            alike = next((n for n, row in enumerate(rows[1:], 1) if row != rows[1]), len(rows)) if len(rows) > 1 else 0
            is_table = alike >= FEWEST_ROWS and any(rows[1]) and not all(rows[1])
            has_head = is_table and (not any(rows[0]) or rows[0] == rows[1])
            if has_head and (best is None or width * alike > best[1] * best[2]):
                best = skipped, width, alike
    return best


def _stands_in_text(lines: Sequence[Line], first: int, last: int) -> bool:
    """Whether lines stand close together between two paragraphs of running text, parted from both by wider gaps."""
    gap = lines[first + 1].gap
    is_apart = lines[first].gap > gap and lines[last].gap > gap
    is_text = is_closed(lines[last].text) or lines[last].width > CELL_WIDTH
    return bool(first) and is_apart and is_text and is_closed(lines[first - 1].text)
