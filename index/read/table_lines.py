"""A table's grid of cells → lines of text: one a row, tabs between the cells."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from index.errors import UnreadableError

MAX_TABLE_CELLS: Final = 400_000  # with the repeated ones of merged cells; a yearbook's table has some thousands
MAX_TABLE_CHARS: Final = 12 << 20  # a long cell merged over many rows stands in each of them
_BLANKS: Final = re.compile(r"\s++")
_NOTE: Final = re.compile(r"注|备注|说明|单位[：:]|资料来源|来源[：:]|填表|制表")
_NOTE_CHARS: Final = 16  # longer than what stands in the first column of a row


def cell_text(text: str) -> str:
    """Return a cell's text on one line."""
    return _BLANKS.sub(" ", text).strip()


def lines_of(rows: Sequence[Sequence[str]], whole: Collection[int] = (), *, is_grid: bool = False) -> list[str]:
    """Return a table's lines; columns and rows without any text are left out.

    Rows of one cell over the whole width stand above or under the table as lines of their own: its caption, its note.
    In between they keep their tabs, so that what follows is still the same table; but where no column of the rows below
    is one of those above, as in forms, what follows is a table of its own.

    Args:
        rows: the cells' texts on one line each (`cell_text`), merged ones repeated; rows may differ in length.
        whole: numbers of the rows that are one cell.
        is_grid: the column of each cell is known: a shorter row lacks its last ones. Else it lacks any, and stays shorter, so
            that nobody takes its cells for those under the heads that happen to stand at their numbers.

    Raises:
        UnreadableError: too_large.
    """
    check_size(sum(map(len, rows)), sum(len(cell) for row in rows for cell in row))
    places = [0, *(_breaks(rows, whole) if is_grid else ()), len(rows)]
    return [
        line
        for first, last in pairwise(places)
        for line in _part(rows[first:last], {number - first for number in whole}, is_grid=is_grid)
    ]


def _part(rows: Sequence[Sequence[str]], whole: Collection[int], *, is_grid: bool) -> list[str]:
    used = sorted({column for row in rows for column, cell in enumerate(row) if cell})
    if is_grid:  # what no row parts is one column: forms are set on a grid of many
        seams = _seams(row for number, row in enumerate(rows) if number not in whole)
        used = [column for number, column in enumerate(used) if not number or not seams or column in seams]
    filled = [number for number, row in enumerate(rows) if any(row)]
    tabular = [number for number in filled if number not in whole]
    first, last = (tabular[0], tabular[-1]) if tabular else (len(rows), -1)
    lines: list[str] = []
    for number in filled:
        row = rows[number]
        if number in whole:
            text = next(cell for cell in row if cell)
            lines.append(text + "\t" * (len(used) - 1) if first < number < last else text)
        else:
            is_full = is_grid or sum(map(bool, row)) < 2  # a lone cell keeps its tabs: the table goes on below it
            columns = used if is_full else [column for column in used if column < len(row)]
            lines.append("\t".join(row[column] if column < len(row) else "" for column in columns))
    return lines


def _breaks(rows: Sequence[Sequence[str]], whole: Collection[int]) -> Iterator[int]:
    """Yield the rows of one cell below which the columns are others than above: the parts of a form."""
    heads = [number for number in sorted(whole) if number - 1 not in whole]
    above: frozenset[int] = frozenset()
    for first, last in pairwise([0, *heads, len(rows)]):
        below = _seams(row for number, row in enumerate(rows[first:last], first) if number not in whole)
        if not (above <= below or below <= above):
            yield first
            above = frozenset()
        above |= below


def _seams(rows: Iterable[Sequence[str]]) -> frozenset[int]:
    """Return the columns at which a row has something else than in the column before."""
    return frozenset(
        column
        for row in rows
        for column in range(1, len(row) + 1)
        if (row[column] if column < len(row) else "") != row[column - 1]
    )


def lone_rows(rows: Sequence[Sequence[str]]) -> set[int]:
    """Return the numbers of the rows of one text that are a caption above a table, or a note.

    A short text alone in a row below the first full one is a row whose other cells are empty.
    """
    counts = [sum(map(bool, row)) for row in rows]
    first = next((number for number, count in enumerate(counts) if count > 1), len(rows))
    return {
        number
        for number, count in enumerate(counts)
        if count == 1
        and (number < first or _NOTE.match("".join(rows[number])) or len("".join(rows[number])) > _NOTE_CHARS)
    }


def check_size(cells: int, characters: int = 0) -> None:
    """Refuse a table that no newspaper prints.

    Raises:
        UnreadableError: too_large.
    """
    if cells > MAX_TABLE_CELLS or characters > MAX_TABLE_CHARS:
        raise UnreadableError(
            "too_large",
            f"a table with more than {MAX_TABLE_CELLS:,} cells, or {MAX_TABLE_CHARS >> 20} million characters in them",
            "split it, or leave out what is no text for readers",
        )
