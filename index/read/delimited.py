"""Tables as text (.csv, .tsv) → Document: a row a line, tabs between the cells."""

import csv
import io
import re
from collections import Counter
from typing import Final

from index.errors import UnreadableError
from index.read.decode import decode
from index.read.table_lines import MAX_TABLE_CHARS, cell_text, check_size, lines_of, lone_rows
from index.records import Document

DELIMITERS: Final = ",\t;|，"
SNIFFED_ROWS: Final = 50
_SNIFFED_CHARS: Final = 1 << 16
_EXCEL_HINT: Final = re.compile(r"\Asep=(.)\n", re.IGNORECASE)


def read_delimited(source: str, data: bytes) -> Document:
    """Return the table; what stands above and under it in a single cell are lines of their own.

    The delimiter is the one that parts the most rows into equally many cells.

    Raises:
        UnreadableError: empty, binary, encoding, corrupt (a quote that never ends), too_large, no_text.
    """
    text = decode(data)
    hint = _EXCEL_HINT.match(text)
    text = text[hint.end() :] if hint else text
    rows = _rows(text, hint[1] if hint else _delimiter(text))
    body = "\n".join(lines_of(rows, lone_rows(rows)))
    if not body.strip():
        raise UnreadableError("no_text", "there is no text in it", "leave it out, or export it again")
    return Document(source, source, body, "prose")


def _rows(text: str, delimiter: str) -> list[list[str]]:
    csv.field_size_limit(MAX_TABLE_CHARS)
    rows: list[list[str]] = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append([cell_text(cell) for cell in row])
            cells += len(row)
            check_size(cells)
    except csv.Error as error:
        raise UnreadableError("corrupt", f"it is no table as text ({error})", "export it again") from error
    return rows


def _delimiter(text: str) -> str:
    best, most = ",", 0.0
    for delimiter in DELIMITERS:
        widths: Counter[int] = Counter()
        for number, row in enumerate(csv.reader(io.StringIO(text[:_SNIFFED_CHARS], newline=""), delimiter=delimiter)):
            widths[len(row)] += len(row) > 1
            if number == SNIFFED_ROWS:
                break
        width, rows = widths.most_common(1)[0] if widths else (0, 0)
        # Of two that part equally many rows, the one that parts them into more cells: decimal commas in cells.
        if rows and rows + width / 1000 > most:
            best, most = delimiter, rows + width / 1000
    return best
