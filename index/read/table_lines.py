"""A table's grid of cells → lines of text: one a row, tabs between the cells."""

import re
from collections.abc import Collection, Sequence
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
    In between they keep their tabs, so that what follows is still the same table.

    Args:
        rows: the cells' texts on one line each (`cell_text`), merged ones repeated; rows may differ in length.
        whole: numbers of the rows that are one cell.
        is_grid: the column of each cell is known: a shorter row lacks its last ones. Else it lacks any, and stays shorter, so
            that nobody takes its cells for those under the heads that happen to stand at their numbers.

    Raises:
        UnreadableError: too_large.
    """
    check_size(sum(map(len, rows)), sum(len(cell) for row in rows for cell in row))
    used = sorted({column for row in rows for column, cell in enumerate(row) if cell})
    filled = [number for number, row in enumerate(rows) if any(row)]
    tabular = [number for number in filled if number not in whole]
    first, last = (tabular[0], tabular[-1]) if tabular else (len(rows), -1)
    lines: list[str] = []
    for number in filled:
        row = rows[number]
        if number in whole and not first < number < last:
            lines.append(next(cell for cell in row if cell))
        else:
            is_full = is_grid or sum(map(bool, row)) < 2  # a lone cell keeps its tabs: the table goes on below it
            columns = used if is_full else [column for column in used if column < len(row)]
            lines.append("\t".join(row[column] if column < len(row) else "" for column in columns))
    return lines


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
