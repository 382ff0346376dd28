"""Tables that were copied with one cell on each line: every few lines a row begins, its figures or names in the same places.

Headlines one below another do not come so: no line of theirs is a figure or a name alone, at even distances.
"""

import re
from collections.abc import Iterator, Sequence

from index.repair.lines import Line, is_closed
from index.segment.cells import is_name

FEWEST_CELLS = 6
FEWEST_DATED = 4
"""Cells, in two rows, where each row begins with a day or an hour, as in notices: 5月8日9:00—15:00, and below it the streets."""
WIDEST_ROW = 8
"""Columns of a table that is told by its values alone."""
FEWEST_ROWS = 3
"""The head with them, or all of them with values."""
CELL_WIDTH = 16.0
MOST_SKIPPED = 3
"""Lines above the head that are not its own: what it is called, its unit."""
_FIGURE_LINE = re.compile(r"[￥¥$约第+\-−]?\d[^，。；！？]*|[-—–/·*无]{1,3}")
_WHEN = re.compile(
    r"(?:\d{1,2}月\d{1,2}日|\d{1,2}日|每?(?:周|星期)[一二三四五六日末]|每[天日]|[上下]午|\d{1,2}[:：]\d\d|\d{1,2}时)[^，。；！？]*"
)
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
        cells = lines[first:last]
        found = _find_rows(cells) if len(cells) >= FEWEST_DATED else None
        if found:
            skipped, width, rows = found
            yield first + skipped, first + skipped + width * rows, width
        elif len(cells) >= FEWEST_CELLS and last < len(lines) and free[last] and _stands_in_text(lines, first, last):
            yield first, last, 0
        first = max(last, first + 1)


def _may_be_cell(line: Line) -> bool:
    return line.width <= CELL_WIDTH and not _NO_CELL.search(line.text)


def _is_near(lines: Sequence[Line], first: int, number: int) -> bool:
    return number == first or lines[number].gap <= max(1, lines[first + 1].gap)


def _find_rows(cells: Sequence[Line]) -> tuple[int, int, int] | None:
    """Return (lines above, cells in a row, rows) by the days, else the figures, else the names in the same columns."""
    texts = [line.text for line in cells]
    dated = _find_even([_WHEN.fullmatch(text) is not None for text in texts], FEWEST_DATED // 2)
    if dated and _WHEN.fullmatch(texts[dated[0]]):  # no head: two rows may as well be a heading and a row
        return dated
    figures = _find_even([_FIGURE_LINE.fullmatch(text) is not None for text in texts], FEWEST_ROWS)
    return figures or _find_even([is_name(text) for text in texts], FEWEST_ROWS)


def _find_even(values: Sequence[bool], fewest: int) -> tuple[int, int, int] | None:
    """Return (lines above, cells in a row, rows) of what has most lines in rows with values in the same columns.

    The first row may be a head without values; of two that have as many lines, the one whose rows begin with a value.
    """
    best: tuple[int, int, int] | None = None
    most = 0
    for skipped in range(min(MOST_SKIPPED, len(values)) + 1):
        for width in range(2, WIDEST_ROW + 1):
            rows = [values[at : at + width] for at in range(skipped, len(values) - width + 1, width)]
            alike = next((n for n, row in enumerate(rows[1:], 1) if row != rows[1]), len(rows)) if len(rows) > 1 else 0
            if alike < fewest or not any(rows[1]) or all(rows[1]) or (any(rows[0]) and rows[0] != rows[1]):
                continue
            score = 2 * width * alike + (fewest < FEWEST_ROWS and rows[0][0])
            if score > most:
                best, most = (skipped, width, alike), score
    return best


def _stands_in_text(lines: Sequence[Line], first: int, last: int) -> bool:
    """Whether lines stand close together between two paragraphs of running text, parted from both by wider gaps."""
    gap = lines[first + 1].gap
    is_apart = lines[first].gap > gap and lines[last].gap > gap
    is_text = is_closed(lines[last].text) or lines[last].width > CELL_WIDTH
    return bool(first) and is_apart and is_text and is_closed(lines[first - 1].text)
