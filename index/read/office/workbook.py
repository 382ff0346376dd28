"""Workbooks (.xlsx) → Document: each sheet a table of what it shows, under its name."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from index.errors import UnreadableError
from index.read.office.number_formats import BUILT_IN, show_number
from index.read.office.package import RELATIONSHIPS, Package, left_out_of, stream, whole_number
from index.read.office.raised import raise_text
from index.read.table_lines import cell_text, check_size, lines_of, lone_rows
from index.records import Document, Heading

S: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
MAX_SHEETS: Final = 200
MAX_MERGED_CELLS: Final = 50_000
MAX_HIDDEN_AREAS: Final = 1_000
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_UNNAMED: Final = re.compile(r"(?:sheet|工作表|table|表)\s?\d{0,3}", re.IGNORECASE)
_OFF: Final = frozenset({None, "0", "false"})

Cells = dict[int, dict[int, str]]  # row → column → text, both 0-based


@dataclass(slots=True)
class _Book:
    """What the cells of all sheets refer to.

    Args:
        strings: the shared strings.
        formats: format code of each cell style; None for one whose text is struck out.
        left_out: how many hidden rows and struck-out cells were passed over.
    """

    strings: list[str]
    formats: list[str | None]
    from_1904: bool
    left_out: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Sheet:
    """A sheet's cells and what it says of them."""

    name: str
    cells: Cells = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)  # first row and column, last row and column
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)


def read_workbook(source: str, data: bytes) -> Document:
    """Return each visible sheet's name and tables, cells as they are shown, merged values in each cell they cover.

    Rows of a single cell above or under a table are lines of their own: its caption, its note. Formulas give the
    values that were saved with them. Hidden sheets, rows and columns and struck-out cells are left out; `metadata`
    counts them as "left_out".

    Raises:
        UnreadableError: wrong_suffix, encrypted, too_large, corrupt, no_text.
        Exception: what zipfile or lxml raise on a damaged file.
    """
    package = Package(data, "workbook")
    relations = package.relations(package.main)
    book_root = package.tree(package.main)
    kinds = {one.kind: one.target for one in relations.values()}
    properties = book_root.find(f"{S}workbookPr")
    book = _Book(
        _shared_strings(package.tree(kinds.get("sharedStrings", ""))),
        _formats(package.tree(kinds.get("styles", ""))),
        properties is not None and properties.get("date1904") not in _OFF,
    )
    sheets: list[tuple[str, list[str]]] = []
    for number, item in enumerate(book_root.iter(f"{S}sheet")):
        if number >= MAX_SHEETS:
            raise UnreadableError("too_large", f"more than {MAX_SHEETS} sheets", "split it")
        relation = relations.get(item.get(f"{RELATIONSHIPS}id") or "")
        if item.get("state") in ("hidden", "veryHidden"):
            book.left_out["hidden sheet"] += 1
        elif relation and relation.kind == "worksheet" and (part := package.read(relation.target)) is not None:
            lines = _lines(_read_sheet(item.get("name") or "", part, book))
            if lines:
                sheets.append((cell_text(item.get("name") or ""), lines))
    return _document(source, sheets, book)


def _document(source: str, sheets: list[tuple[str, list[str]]], book: _Book) -> Document:
    """Put the sheets together: of one, its caption or its name is the title; of several, each name is a heading."""
    title: str | None = None
    lines: list[str] = []
    headings: list[Heading] = []
    place = 0
    for name, own in sheets:
        if len(sheets) == 1:
            caption = own[0] if "\t" not in own[0] and len(own) > 1 else ""
            title = caption or (None if _UNNAMED.fullmatch(name) else name)
            lines += own[1:] if caption else own
            headings += [Heading(0, 0, 1)] if title else []
            continue
        headings.append(Heading(place, place, 0, "article"))  # a figure is cited under its own sheet's name
        if title is None:
            title = name
            headings.append(Heading(0, 0, 1))
        else:
            headings.append(Heading(place, place + len(name), 1))
            own = [name, *own]
        lines += own
        place += sum(len(line) + 1 for line in own)
    if not lines:
        raise UnreadableError("no_text", "no visible sheet of it holds text", "show the sheets, or leave it out")
    text = "\n".join(lines)
    return Document(
        source, source, text, "prose", title=title, headings=tuple(headings), metadata=left_out_of(book.left_out)
    )


def _shared_strings(root: Any) -> list[str]:
    return [_rich_text(item) for item in root.findall(f"{S}si")] if root is not None else []


def _rich_text(item: Any) -> str:
    """Return a string's text: struck-out runs and readings above characters are left out."""
    pieces = []
    for part in item:
        if part.tag == f"{S}t":
            pieces.append(part.text or "")
        elif part.tag == f"{S}r":
            look, text = part.find(f"{S}rPr"), part.findtext(f"{S}t") or ""
            if look is not None and _is_on(look.find(f"{S}strike")):
                continue
            raised = look.find(f"{S}vertAlign") if look is not None else None
            pieces.append(raise_text(text) if raised is not None and raised.get("val") == "superscript" else text)
    return cell_text("".join(pieces))


def _is_on(element: Any) -> bool:
    return element is not None and element.get("val") not in ("0", "false")


def _formats(root: Any) -> list[str | None]:
    if root is None:
        return []
    codes = {item.get("numFmtId"): item.get("formatCode") or "" for item in root.iter(f"{S}numFmt")}
    fonts = [_is_on(font.find(f"{S}strike")) for font in root.findall(f"{S}fonts/{S}font")]
    found: list[str | None] = []
    for style in root.findall(f"{S}cellXfs/{S}xf"):
        number, font = style.get("numFmtId"), whole_number(style.get("fontId"))
        built_in = BUILT_IN.get(whole_number(number), "")
        is_struck = font < len(fonts) and fonts[font]
        found.append(None if is_struck else codes.get(number, built_in))
    return found


def _read_sheet(name: str, part: bytes, book: _Book) -> _Sheet:
    """Read a sheet row by row, so that its tree never stands in memory as a whole."""
    sheet = _Sheet(name)
    row_number = -1
    count = characters = 0
    tags = [f"{S}{tag}" for tag in ("row", "col", "mergeCell")]
    for element in stream(part, tags):
        if element.tag == f"{S}row":
            row_number = whole_number(element.get("r"), row_number + 2) - 1
            if element.get("hidden") not in _OFF:
                book.left_out["hidden row"] += 1
            else:
                row = _read_row(element, book)
                if row:
                    sheet.cells[row_number] = row
                    count, characters = count + len(row), characters + sum(map(len, row.values()))
                    check_size(count, characters)
        elif element.tag == f"{S}col":
            if element.get("hidden") not in _OFF:
                sheet.hidden_columns.append(
                    (whole_number(element.get("min")) - 1, whole_number(element.get("max")) - 1)
                )
        elif (area := _area(element.get("ref") or "")) is not None:
            sheet.merged.append(area)
    return sheet


def _read_row(element: Any, book: _Book) -> dict[int, str]:
    row: dict[int, str] = {}
    column = -1
    for cell in element.iterchildren(f"{S}c"):
        place = _REFERENCE.fullmatch(cell.get("r") or "")
        column = _column(place[1]) if place else column + 1
        text = _shown(cell, book)
        if text:
            row[column] = text
    return row


def _shown(cell: Any, book: _Book) -> str:
    kind = cell.get("t") or "n"
    value = cell.findtext(f"{S}v")
    style = whole_number(cell.get("s"))
    code = book.formats[style] if style < len(book.formats) else ""
    if kind == "inlineStr":
        inline = cell.find(f"{S}is")
        text = _rich_text(inline) if inline is not None else ""
    elif value is None:
        text = ""
    elif kind == "s":
        number = whole_number(value)
        text = book.strings[number] if number < len(book.strings) else ""
    elif kind == "b":
        text = "TRUE" if value.strip() == "1" else "FALSE"
    elif kind == "n":
        text = show_number(value.strip(), code or "", from_1904=book.from_1904)
    else:  # str: a formula's text; e: an error; d: a day in ISO 8601
        text = cell_text(value)
    if text and code is None:
        book.left_out["struck-out cell"] += 1
        return ""
    return text


def _lines(sheet: _Sheet) -> list[str]:
    """Return the lines of a sheet's tables; an empty row ends one."""
    merged = _fill_merged(sheet)
    rows = sorted(number for number, row in sheet.cells.items() if row)
    lines: list[str] = []
    for block in _blocks(rows):
        columns = sorted({column for number in block for column in sheet.cells[number]})
        check_size(len(block) * len(columns))
        grid = [[sheet.cells[number].get(column, "") for column in columns] for number in block]
        whole = {
            place
            for place, number in enumerate(block)
            if len(columns) > 1 and merged.get(number) == len(sheet.cells[number])
        }
        lines += lines_of(grid, whole | lone_rows(grid), is_grid=True)
    return lines


def _blocks(rows: list[int]) -> Iterator[list[int]]:
    block: list[int] = []
    for number in rows:
        if block and number > block[-1] + 1:
            yield block
            block = []
        block.append(number)
    if block:
        yield block


def _fill_merged(sheet: _Sheet) -> dict[int, int]:
    """Repeat merged values in the cells that they cover, drop hidden columns; return row → cells of its widest merge."""
    widest: dict[int, int] = {}
    filled = characters = 0
    if len(sheet.merged) > MAX_MERGED_CELLS:
        raise UnreadableError("too_large", f"more than {MAX_MERGED_CELLS:,} merged cells", "split it")
    last_row = max(sheet.cells, default=-1)
    last_column = max((max(row) for row in sheet.cells.values()), default=-1)
    for first_row, first_column, end_row, end_column in sheet.merged:
        value = sheet.cells.get(first_row, {}).get(first_column)
        # No further than the used cells: whole columns are merged, too.
        columns = range(first_column, min(end_column, max(last_column, first_column)) + 1)
        for number in range(first_row, min(end_row, last_row) + 1) if value else ():
            filled, characters = filled + len(columns), characters + len(columns) * len(value or "")
            check_size(filled, characters)
            row = sheet.cells.get(number)
            if row is None:
                continue
            row.update(dict.fromkeys(columns, value or ""))
            widest[number] = max(widest.get(number, 0), len(columns))
    _drop_columns(sheet)
    return widest


def _drop_columns(sheet: _Sheet) -> None:
    areas = [(first, last) for first, last in sheet.hidden_columns if last >= first][:MAX_HIDDEN_AREAS]
    used = {column for row in sheet.cells.values() for column in row}
    hidden = {column for column in used if any(first <= column <= last for first, last in areas)}
    if hidden:
        for number, row in sheet.cells.items():
            sheet.cells[number] = {column: text for column, text in row.items() if column not in hidden}


def _area(reference: str) -> tuple[int, int, int, int] | None:
    first, _colon, last = reference.partition(":")
    begin, end = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)
    if not begin or not end:
        return None
    return int(begin[2]) - 1, _column(begin[1]), int(end[2]) - 1, _column(end[1])


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
