"""Tables of a web page → rows of cells, merged values in every row and column that they cover."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from index.read.html_tree import Element

MAX_ROW_CELLS: Final = 200
MAX_CELL_CHARS: Final = 240  # a cell with more is a column of a page laid out by a table
MAX_SPAN: Final = 1000  # as browsers do for columns (HTML standard, 4.9.11)
REPEATED_TIMES: Final = 4  # merged values make a table at most so much longer; beyond, they stand where they begin
REPEATED_FROM_CHARS: Final = 20_000

_GROUPS: Final = ("thead", "tbody", "tfoot")
_PARTS: Final = frozenset({"p", "div", "ul", "ol", "dl", "section", "article", "blockquote", "form", "h1", "h2", "h3"})


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells' texts, and how many of its characters are links."""

    cells: tuple[str, ...]
    linked: int

    @property
    def line(self) -> str:
        """The row as a line: cells parted by tabs; a value over the whole width once."""
        return "\t".join(self.cells)


def is_data(table: Element) -> bool:
    """Tell whether a table holds data: pages are laid out by tables, too."""
    if table.attributes.get("role", "").lower() in ("presentation", "none"):
        return False
    rows = [_cells(row) for row in rows_of(table)]
    if not rows or any(below.tag == "table" and below is not table for below in table.elements()):
        return False
    if max(map(len, rows)) < 2:
        return False
    for cell in (cell for row in rows for cell in row):
        blocks = [below for below in cell.elements() if below.tag in _PARTS and below is not cell]
        size = len("".join(cell.text().split()))
        if size > MAX_CELL_CHARS and (len(blocks) > 2 or len(rows) < 3):
            return False
        if any(block.tag in ("h1", "h2", "article", "form") for block in blocks):
            return False
    return True


def rows_of(table: Element) -> list[Element]:
    """Return a table's own rows in the order in which they are shown: head, bodies, foot."""
    found: dict[str, list[Element]] = {name: [] for name in _GROUPS}
    for child in table.children:
        if isinstance(child, str):
            continue
        if child.tag == "tr":
            found["tbody"].append(child)
        elif child.tag in _GROUPS:
            found[child.tag] += [row for row in child.children if not isinstance(row, str) and row.tag == "tr"]
    return [row for name in _GROUPS for row in found[name]]


def _cells(row: Element) -> list[Element]:
    return [child for child in row.children if not isinstance(child, str) and child.tag in ("td", "th")]


def read_rows(table: Element, read: Callable[[Element], tuple[str, int]]) -> Iterator[Row]:
    """Yield a data table's rows. A title or note over the whole width, above or below all others, is one cell.

    Args:
        read: returns a cell's text on one line, and how many of its characters are links.
    """
    texts = [[(cell, *read(cell)) for cell in _cells(row)] for row in rows_of(table)]
    budget = REPEATED_FROM_CHARS + REPEATED_TIMES * sum(len(text) for row in texts for _cell, text, _linked in row)
    grid: list[list[str]] = []
    links: list[int] = []
    lasting: dict[int, tuple[str, int]] = {}  # column → value and rows that it still covers
    for cells in texts:
        row: list[str] = []
        for cell, text, _linked in cells:
            _fill(row, lasting)
            width, height = (_span(cell, name) for name in ("colspan", "rowspan"))
            for place in range(min(width, MAX_ROW_CELLS - len(row))):
                budget -= len(text)
                value = text if budget > 0 or not place else ""
                if height > 1:
                    lasting[len(row)] = (value if budget > 0 else "", height - 1)
                row.append(value)
        _fill(row, lasting)
        while lasting and max(lasting) >= len(row):
            row.append("")
            _fill(row, lasting)
        grid.append(row)
        links.append(sum(linked for _cell, _text, linked in cells))
    width = max(map(len, grid), default=0)
    shown = [number for number, row in enumerate(grid) if any(row)]
    wide = [number for number in shown if _is_one(texts[number], grid[number], width)]
    outer = _outer(shown, wide)
    for number in shown:
        row = grid[number]
        yield Row(tuple(row[:1]) if number in outer else tuple(_padded(row, width)), links[number])


def _padded(row: list[str], width: int) -> list[str]:
    """A row of one text with all its cells; others as they are: which cells a shorter one lacks cannot be told."""
    return row + [""] * (width - len(row)) if sum(map(bool, row)) < 2 else row


def _is_one(cells: list[tuple[Element, str, int]], row: list[str], width: int) -> bool:
    return len(cells) == 1 and len(row) == width and width > 1


def _outer(shown: list[int], wide: list[int]) -> frozenset[int]:
    """Return the rows of one cell above the first, and below the last, of several cells."""
    inner = [number for number in shown if number not in set(wide)]
    if not inner:
        return frozenset(wide)
    return frozenset(number for number in wide if number < inner[0] or number > inner[-1])


def _fill(row: list[str], lasting: dict[int, tuple[str, int]]) -> None:
    """Put values of rows above, which reach down here, where the row has come to."""
    while len(row) in lasting:
        value, left = lasting.pop(len(row))
        if left > 1:
            lasting[len(row)] = (value, left - 1)
        row.append(value)


def _span(cell: Element, name: str) -> int:
    given = cell.attributes.get(name, "1").strip()
    return min(max(int(given), 1), MAX_SPAN) if given.isascii() and given.isdigit() and len(given) < 7 else 1
