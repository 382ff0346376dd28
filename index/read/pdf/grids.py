"""Tables that rules make: a grid of level and upright lines, the cells that they part, what a merged cell covers.

A newspaper page has rules too, between columns and around articles: a grid is a table only where its cells hold a few lines.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from index.read.pdf.lines import Glyph, Line
from index.read.pdf.rules import Rule

MAX_RULES: Final = 600  # on a page once pieces of one line are joined; a page of share prices has 100
TOUCH_PT: Final = 3.0  # ends of rules that meet may miss each other by so much
MAX_GRID_CELLS: Final = 8_000
FILLED_SHARE: Final = 0.4
MANY_CELLS: Final = 9
SHORT_SHARE: Final = 0.9  # of the cells of a table that is filled less
FEW_LINES: Final = 4
FEW_LINES_SHARE: Final = 0.6  # of the cells; the others are columns of descriptions
MAX_CELL_LINES: Final = 14
LARGER_RATIO: Final = 1.18  # a headline among body type: the cell is an article's box
_MARK: Final = re.compile(r"[，。；！？]")
MIN_SPLIT_LINES: Final = 3

Cell = tuple[Line, ...]


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


def rows_of(grid: Grid, lines: Sequence[Line]) -> list[list[Cell]]:
    """Return the rows of cells that a grid's lines are; none where it is no table, but boxes around articles."""
    columns, height = len(grid.xs) - 1, len(grid.ys) - 1
    owner = _merged(grid)
    cells: dict[int, list[Line]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: (round(line.y0), line.x0)):
        column = min(bisect_right(grid.xs, (line.x0 + line.x1) / 2), columns) - 1
        row = min(bisect_right(grid.ys, (line.y0 + line.y1) / 2), height) - 1
        cells[owner[row * columns + column]].append(line)
    if not _is_tabular(list(cells.values()), len(set(owner))):
        return []
    rows: list[list[Cell]] = []
    for number in range(height):
        owners = owner[number * columns : (number + 1) * columns]
        rows += _split([tuple(cells.get(one, ())) for one in owners])
    return [row for row in rows if any(row)]


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
    """Tell whether a grid's filled cells are a table's: many of all, of a few lines, none with a headline over a text.

    A table of mostly empty cells, a balance sheet's, has enough of them, nearly all short.
    """
    few = sum(len(cell) <= FEW_LINES and not _is_running(cell) for cell in cells)
    is_sparse = len(cells) < FILLED_SHARE * count
    if len(cells) < 3 or (is_sparse and (len(cells) < MANY_CELLS or few < SHORT_SHARE * len(cells))):
        return False
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
    return len(cell) >= MIN_SPLIT_LINES and sum(len(_MARK.findall(line.text)) for line in cell) > len(cell) / 2


def _split(row: Sequence[Cell]) -> list[list[Cell]]:
    """Part what rules leave as one row, where the same number of lines stand level in all of its cells."""
    counts = {len(cell) for cell in row if cell}
    count = max(counts, default=0)
    full = [cell for cell in row if cell]
    is_level = all(
        abs(line.y0 - first.y0) <= 0.5 * line.size for cell in full for line, first in zip(cell, full[0], strict=False)
    )
    if len(counts) != 1 or count < MIN_SPLIT_LINES or len({id(cell[0]) for cell in full}) < 2 or not is_level:
        return [list(row)]
    return [[cell[number : number + 1] for cell in row] for number in range(count)]
