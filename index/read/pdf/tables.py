"""Tables of a page: rules that make a grid, or short texts that stand in rows and columns → rows of cells.

What is in one column of a newspaper is read downwards, of a table across; taking one for the other costs both. So a grid is
a table only where its cells hold a few lines of one size (articles in boxes hold more), and texts without rules only where
no sentence goes through them and a column of figures stands among them.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from index.read.pdf.lines import MAX_OPEN, Glyph, Line, is_wide
from index.read.pdf.rules import Rule

MAX_RULES: Final = 600  # on a page once pieces of one line are joined; a page of share prices has 100
TOUCH_PT: Final = 3.0  # ends of rules that meet may miss each other by so much
MAX_GRID_CELLS: Final = 8_000
FILLED_SHARE: Final = 0.4
FEW_LINES: Final = 4
FEW_LINES_SHARE: Final = 0.6  # of the cells; the others are columns of descriptions
MAX_CELL_LINES: Final = 14
LARGER_RATIO: Final = 1.18  # a headline among body type: the cell is an article's box
MIN_ROWS: Final = 3
# From a cell to the next one: less is a blank in a line, more is another part of the page.
CELL_GAP_EM: Final = (0.8, 18.0)
CELL_WIDTH_EM: Final = 24.0
ROW_PITCH_EM: Final = 3.0
FIGURES_SHARE: Final = 0.6  # of a column's cells below the first row
DIGIT_SHARE: Final = 0.3  # of a figure's characters: 1,240万元, 5月20日
_LEVEL_SHARE_EM: Final = 0.35
_STRIPE_PT: Final = 8.0
_MARK: Final = re.compile(r"[，。；！？]")
_SENTENCE: Final = re.compile(r"[。；！？“”，、]")

Cell = tuple[Line, ...]


@dataclass(slots=True)
class Table:
    """Rows of cells, each with its printed lines; a merged cell stands in each row and column that it covers."""

    rows: list[list[Cell]]

    def lines(self) -> Iterator[Line]:
        """Yield each printed line once, row by row."""
        yield from {id(line): line for row in self.rows for cell in row for line in cell}.values()


@dataclass(slots=True)
class Grid:
    """What rules part: columns at `xs`, rows at `ys`, in points.

    Args:
        uprights, levels: the rules themselves.
    """

    xs: list[float]
    ys: list[float]
    uprights: list[Rule]
    levels: list[Rule]

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies within it."""
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]

    def lane_of(self, x: float, y: float) -> int:
        """How many of its upright rules stand to the left of a point at that height."""
        return sum(rule.x0 < x and rule.y0 <= y <= rule.y1 for rule in self.uprights)


def find_grids(rules: Iterable[Rule]) -> list[Grid]:
    """Return the grids that rules make, of two rows and two columns at least."""
    levels = _joined([rule for rule in rules if rule.is_level])
    uprights = [_turned(rule) for rule in _joined([_turned(rule) for rule in rules if not rule.is_level])]
    if len(levels) + len(uprights) > MAX_RULES:
        return []
    grids = []
    for group in _touching([*levels, *uprights]):
        own_levels, own_uprights = [one for one in group if one.is_level], [one for one in group if not one.is_level]
        if not own_levels or not own_uprights:
            continue
        # A table may be open at its sides, or above and below.
        xs = _places([one.x0 for one in own_uprights], [one.x0 for one in own_levels], [one.x1 for one in own_levels])
        ys = _places([one.y0 for one in own_levels], [one.y0 for one in own_uprights], [one.y1 for one in own_uprights])
        if len(xs) > 2 and len(ys) > 2 and (len(xs) - 1) * (len(ys) - 1) <= MAX_GRID_CELLS:
            grids.append(Grid(xs, ys, own_uprights, own_levels))
    return grids


def put_in_lanes(glyphs: Sequence[Glyph], grids: Sequence[Grid]) -> list[Glyph]:
    """Return the glyphs, those on two sides of an upright rule of a grid in two lanes."""
    if not grids:
        return list(glyphs)
    laned = []
    for glyph in glyphs:
        left, top, right, bottom = glyph.box
        x, y = (left + right) / 2, (top + bottom) / 2
        lane = sum(grid.lane_of(x, y) for grid in grids if grid.holds(x, y))
        laned.append(glyph._replace(lane=glyph.lane + lane) if lane else glyph)
    return laned


def take_tables(lines: Sequence[Line], grids: Sequence[Grid]) -> tuple[list[Table], list[Line]]:
    """Return the tables of a page, and the lines that are in none."""
    tables: list[Table] = []
    rest = [line for line in lines if not line.is_watermark]
    for grid in grids:
        inside = [line for line in rest if grid.holds((line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2)]
        if table := _of_grid(grid, inside):
            tables.append(table)
            taken = set(map(id, inside))
            rest = [line for line in rest if id(line) not in taken]
    for table in _aligned(rest):
        tables.append(table)
        taken = {id(line) for line in table.lines()}
        rest = [line for line in rest if id(line) not in taken]
    return tables, [*rest, *(line for line in lines if line.is_watermark)]


def _turned(rule: Rule) -> Rule:
    return Rule(rule.y0, rule.x0, rule.y1, rule.x1)


def _joined(levels: Sequence[Rule]) -> list[Rule]:
    """Join level rules that lie on one height and touch: borders are often drawn cell by cell, each twice."""
    rows: dict[int, list[Rule]] = defaultdict(list)
    for rule in sorted(levels):
        y = (rule.y0 + rule.y1) / 2
        row = next((row for row in _near(y) if rows.get(row) and rule.x0 <= rows[row][-1].x1 + TOUCH_PT), _near(y)[0])
        last = rows[row][-1] if rows[row] else None
        if last and rule.x0 <= last.x1 + TOUCH_PT:
            rows[row][-1] = Rule(last.x0, last.y0, max(last.x1, rule.x1), last.y1)
        else:
            rows[row].append(Rule(rule.x0, y, rule.x1, y))
    return [rule for row in rows.values() for rule in row]


def _near(place: float) -> tuple[int, int, int]:
    row = round(place / TOUCH_PT)
    return row, row - 1, row + 1


def _touching(rules: Sequence[Rule]) -> list[list[Rule]]:
    groups: list[list[Rule]] = []
    for rule in rules:
        mine = [group for group in groups if any(_touch(rule, other) for other in group)]
        groups = [group for group in groups if not any(group is other for other in mine)]
        groups.append([rule, *(other for group in mine for other in group)])
    return groups


def _touch(one: Rule, other: Rule) -> bool:
    return (
        one.x0 <= other.x1 + TOUCH_PT
        and other.x0 <= one.x1 + TOUCH_PT
        and one.y0 <= other.y1 + TOUCH_PT
        and other.y0 <= one.y1 + TOUCH_PT
    )


def _places(own: Sequence[float], starts: Sequence[float], ends: Sequence[float]) -> list[float]:
    """Return the places of rules, those that lie on one spot once, and the outermost ends of the rules across."""
    places: list[float] = []
    for place in sorted([*own, min(starts), max(ends)]):
        if not places or place - places[-1] > TOUCH_PT:
            places.append(place)
    return places


def _of_grid(grid: Grid, lines: Sequence[Line]) -> Table | None:
    """Return the table that a grid's lines are; None where it is no table, but boxes around articles."""
    columns, height = len(grid.xs) - 1, len(grid.ys) - 1
    owner = _merged(grid)
    cells: dict[int, list[Line]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: (round(line.y0), line.x0)):
        column = min(bisect_right(grid.xs, (line.x0 + line.x1) / 2), columns) - 1
        row = min(bisect_right(grid.ys, (line.y0 + line.y1) / 2), height) - 1
        cells[owner[row * columns + column]].append(line)
    if not _is_tabular(list(cells.values()), len(set(owner))):
        return None
    rows: list[list[Cell]] = []
    for number in range(height):
        owners = owner[number * columns : (number + 1) * columns]
        rows += _split([tuple(cells.get(one, ())) for one in owners])
    return Table([row for row in rows if any(row)])


def _merged(grid: Grid) -> list[int]:
    """Return for each place of a grid, row by row, the first place of its cell: places that no rule parts are one cell."""
    columns, height = len(grid.xs) - 1, len(grid.ys) - 1
    owner = list(range(columns * height))

    def root(place: int) -> int:
        while owner[place] != place:
            place = owner[place]
        return place

    def join(one: int, other: int) -> None:
        low, high = sorted((root(one), root(other)))
        owner[high] = low

    for row in range(height):
        y = (grid.ys[row] + grid.ys[row + 1]) / 2
        walls = [rule.x0 for rule in grid.uprights if rule.y0 <= y <= rule.y1]
        for column in range(columns - 1):
            if not any(abs(wall - grid.xs[column + 1]) <= TOUCH_PT for wall in walls):
                join(row * columns + column, row * columns + column + 1)
    for column in range(columns):
        x = (grid.xs[column] + grid.xs[column + 1]) / 2
        floors = [rule.y0 for rule in grid.levels if rule.x0 <= x <= rule.x1]
        for row in range(height - 1):
            if not any(abs(floor - grid.ys[row + 1]) <= TOUCH_PT for floor in floors):
                join(row * columns + column, (row + 1) * columns + column)
    return [root(place) for place in range(columns * height)]


def _is_tabular(cells: Sequence[Sequence[Line]], count: int) -> bool:
    """Tell whether a grid's filled cells are a table's: many of all, of a few lines, none with a headline over a text."""
    if len(cells) < max(3, FILLED_SHARE * count):
        return False
    few = sum(len(cell) <= FEW_LINES and not _is_running(cell) for cell in cells)
    has_article = any(
        len(cell) > FEW_LINES
        and (
            len(cell) > MAX_CELL_LINES
            or max(line.size for line in cell) > LARGER_RATIO * min(line.size for line in cell)
        )
        for cell in cells
    )
    return few >= FEW_LINES_SHARE * len(cells) and not has_article


def _is_running(cell: Sequence[Line]) -> bool:
    """Tell whether a cell's lines are a text that goes on from one to the next."""
    return len(cell) >= MIN_ROWS and sum(len(_MARK.findall(line.text)) for line in cell) > len(cell) / 2


def _split(row: Sequence[Cell]) -> list[list[Cell]]:
    """Part what rules leave as one row, where the same number of lines stand level in all of its cells."""
    counts = {len(cell) for cell in row if cell}
    count = max(counts, default=0)
    full = [cell for cell in row if cell]
    is_level = all(
        abs(line.y0 - first.y0) <= 0.5 * line.size for cell in full for line, first in zip(cell, full[0], strict=False)
    )
    if len(counts) != 1 or count < MIN_ROWS or len({id(cell[0]) for cell in full}) < 2 or not is_level:
        return [list(row)]
    return [[cell[number : number + 1] for cell in row] for number in range(count)]


def _aligned(lines: Sequence[Line]) -> Iterator[Table]:
    """Yield the tables without rules among lines: rows of short texts below one another, in columns."""
    likely = [
        line
        for line in lines
        if not line.is_vertical and line.width <= CELL_WIDTH_EM * line.size and not _SENTENCE.search(line.text)
    ]
    open_tables: list[list[list[Line]]] = []
    for row in _rows(likely, lines):
        table = next((table for table in reversed(open_tables[-MAX_OPEN:]) if _is_below(table, row)), None)
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
    for line in likely:
        follower = _next(line, heights)
        if follower is not None and id(follower) in ids:
            after[id(line)] = follower
    followed = set(map(id, after.values()))
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
