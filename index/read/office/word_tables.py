"""Tables of a Word file → their grids: what a merged cell says stands in each row and column that it covers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from index.read.office.package import whole_number
from index.read.office.word_styles import VALUE, W
from index.read.table_lines import cell_text, check_size

MAX_GRID_COLUMNS: Final = 256  # Word's tables have 63 at most


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's cells by row and column.

    Args:
        rows: the cells' texts on one line each, merged ones repeated.
        whole: numbers of the rows that are one cell over the whole width.
    """

    rows: list[list[str]]
    whole: set[int]


def is_frame(table: Any) -> bool:
    """Whether a table is one column, set for its border or its place: its paragraphs are those of the text."""
    return all(len(cells) <= 1 for cells in map(_cells, _rows(table)))


def read_grid(table: Any, text_of: Callable[[Any], str]) -> Grid:
    """Return a table's grid.

    Args:
        text_of: a cell → its text.

    Raises:
        UnreadableError: too_large.
    """
    rows: list[list[str]] = []
    whole: set[int] = set()
    cells_read = characters = 0
    for row in _rows(table):
        above = rows[-1] if rows else []
        line: list[str] = [""] * _skipped(row)
        cells = _cells(row)
        for cell in cells:
            properties = cell.find(f"{W}tcPr")
            own = cell_text(text_of(cell))
            if not own and _continues(properties, "vMerge"):
                own = above[len(line)] if len(line) < len(above) else ""
            if not own and _continues(properties, "hMerge") and line:
                own = line[-1]
            span = min(_span(properties), MAX_GRID_COLUMNS - len(line))
            line += [own] * span
        cells_read += len(line)
        characters += sum(map(len, line))
        check_size(cells_read, characters)
        if len(cells) == 1 and len(line) > 1:
            whole.add(len(rows))
        rows.append(line)
    return Grid(rows, whole)


def _rows(table: Any) -> Iterator[Any]:
    for row in _children(table, f"{W}tr"):
        properties = row.find(f"{W}trPr")
        if properties is None or (properties.find(f"{W}del") is None and properties.find(f"{W}hidden") is None):
            yield row


def _cells(row: Any) -> list[Any]:
    return [cell for cell in _children(row, f"{W}tc") if cell.find(f"{W}tcPr/{W}cellDel") is None]


def _children(node: Any, tag: str) -> Iterator[Any]:
    """Yield the rows of a table or the cells of a row, also those in content controls, none of nested tables."""
    for child in node:
        if child.tag == tag:
            yield child
        elif child.tag not in (f"{W}tr", f"{W}tc", f"{W}del", f"{W}moveFrom"):
            yield from _children(child, tag)


def _continues(properties: Any, name: str) -> bool:
    merge = properties.find(f"{W}{name}") if properties is not None else None
    return merge is not None and (merge.get(VALUE) or "continue") == "continue"


def _span(properties: Any) -> int:
    span = properties.find(f"{W}gridSpan") if properties is not None else None
    return max(1, whole_number(span.get(VALUE), 1)) if span is not None else 1


def _skipped(row: Any) -> int:
    before = row.find(f"{W}trPr/{W}gridBefore")
    return min(whole_number(before.get(VALUE)), MAX_GRID_COLUMNS) if before is not None else 0
