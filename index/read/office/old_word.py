"""Word files of before 2007 (.doc) and of Kingsoft Writer (.wps) → Document: their text by its pieces.

Source: [MS-DOC], Word (.doc) Binary File Format: FIB 2.5.1, text by pieces 2.4.1, character properties 2.4.6.2.
"""

import struct
from collections.abc import Iterator
from typing import Final

from index.errors import UnreadableError
from index.read.html import read_webpage
from index.read.office.compound_file import CompoundFile
from index.read.office.word import read_word
from index.read.rtf import read_rich_text
from index.read.table_lines import cell_text, lines_of
from index.records import Document

_SAVE: Final = "open it in Word, WPS or LibreOffice and save it as .docx"
_WORD_MARK: Final = 0xA5EC
_OLDEST: Final = 0x00C1  # Word 97; files of Word 6 and 95 have no pieces in Unicode
_PAGE_BYTES: Final = 512
_FIELD_BEGIN, _FIELD_RESULT, _FIELD_END = "\x13", "\x14", "\x15"
_CELL_END, _PARAGRAPH_END = "\x07", "\r"
_INLINE: Final = str.maketrans({
    "\x0b": "\n", "\x0c": "\r", "\x0e": "\r", "\x1e": "-", "\x1f": None, "\xa0": " ",
    **dict.fromkeys(map(chr, (0, 1, 2, 3, 4, 5, 6, 8)), None),
})  # fmt: skip
# Of character properties: text that is deleted (tracked), hidden, struck out by one line or two.
_NOT_SHOWN: Final = frozenset({0x0800, 0x083C, 0x0837, 0x2A53})
_OPERAND_BYTES: Final = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
MAX_TABLE_COLUMNS: Final = 64  # Word's own limit is 63


def read_old_word(source: str, data: bytes) -> Document:
    """Return paragraphs and tables, a line each, and the notes at the end; deleted, hidden and struck-out text is left out.

    Automatic numbers are not in the text. Where the content is another format that Word opens by this suffix (.docx,
    Rich Text, a web page), it is read as that.

    Raises:
        UnreadableError: wrong_suffix, encrypted, unsupported (of Word 95 and before), corrupt, no_text.
    """
    if data.startswith(b"PK"):
        return read_word(source, data)
    if data.startswith(b"{\\rtf"):
        return read_rich_text(source, data)
    if not data.startswith(b"\xd0\xcf\x11\xe0"):
        if b"<html" not in data[:4096].lower().replace(b"\0", b""):
            raise UnreadableError("wrong_suffix", "the suffix promises a Word document, the content is none", _SAVE)
        return read_webpage(source, data)
    container = CompoundFile(data)
    main = container.read("WordDocument")
    if main is None:
        kind = "a workbook (.xls, .et)" if container.read("Workbook") else "another old Office file"
        raise UnreadableError("wrong_suffix", f"the suffix promises a Word document, the content is {kind}", _SAVE)
    lines = _lines(_text(container, main))
    if not lines:
        raise UnreadableError("no_text", "there is no text in it (pictures only?)", "run text recognition (OCR) first")
    return Document(source, source, "\n".join(lines), "prose")


def _text(container: CompoundFile, main: bytes) -> str:
    """Return the text of the body, then of its notes; comments, headers and text boxes lie behind and are left out."""
    if len(main) < 0x1AA or struct.unpack_from("<H", main)[0] != _WORD_MARK:
        raise UnreadableError("corrupt", "it does not begin as a Word document does", _SAVE)
    version, flags = struct.unpack_from("<H", main, 2)[0], struct.unpack_from("<H", main, 10)[0]
    if flags & 0x0100:
        raise UnreadableError("encrypted", "a password is needed to read it", "save it without a password")
    table = container.read("1Table" if flags & 0x0200 else "0Table")
    if version < _OLDEST or table is None:
        raise UnreadableError("unsupported", "it is of Word 95 or before", _SAVE)
    lengths = struct.unpack_from("<7I", main, 0x4C)  # body, footnotes, headers, macros, comments, endnotes, text boxes
    start, size = struct.unpack_from("<II", main, 0x1A2)
    ends = [sum(lengths[: number + 1]) for number in range(7)]
    wanted = [(0, ends[0]), (ends[0], ends[1]), (ends[4], ends[5]), (ends[5], ends[6])]
    hidden = _hidden(main, table)
    pieces = list(_pieces(table[start : start + size]))
    texts = []
    for first, last in wanted:
        parts = []
        for begin, end, place, is_narrow in pieces:
            if begin < last and end > first:
                width = 1 if is_narrow else 2
                skip = max(0, first - begin)
                at = place + skip * width
                until = place + (min(end, last) - begin) * width
                parts += _shown(main, at, until, width, hidden)
        texts.append("".join(parts))
    return _PARAGRAPH_END.join(text for text in texts if text)


def _pieces(clx: bytes) -> Iterator[tuple[int, int, int, bool]]:
    """Yield the text's pieces: first and last position, place in the main stream, whether a character is a byte."""
    at = 0
    while at + 3 <= len(clx) and clx[at] == 1:  # properties that pieces share
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at + 5 > len(clx) or clx[at] != 2:
        raise UnreadableError("corrupt", "the table of its text is missing", _SAVE)
    size = min(struct.unpack_from("<I", clx, at + 1)[0], len(clx) - at - 5)
    count = max(0, (size - 4) // 12)
    positions = struct.unpack_from(f"<{count + 1}I", clx, at + 5)
    for number in range(count):
        (place,) = struct.unpack_from("<I", clx, at + 5 + 4 * (count + 1) + 8 * number + 2)
        is_narrow = bool(place & 0x40000000)
        place &= 0x3FFFFFFF
        if positions[number] < positions[number + 1]:
            yield positions[number], positions[number + 1], place // 2 if is_narrow else place, is_narrow


def _hidden(main: bytes, table: bytes) -> list[tuple[int, int]]:
    """Return the stretches of the main stream whose characters are not shown, in order."""
    start, size = struct.unpack_from("<II", main, 0xFA)
    plex = table[start : start + size]
    count = max(0, (len(plex) - 4) // 8)
    found: list[tuple[int, int]] = []
    for (page,) in struct.iter_unpack("<I", plex[4 * (count + 1) : 4 * (count + 1) + 4 * count]):
        block = main[page % (1 << 22) * _PAGE_BYTES :][:_PAGE_BYTES] if page < 1 << 22 else b""
        runs = block[-1] if len(block) == _PAGE_BYTES else 0
        if not runs or 4 * (runs + 1) + runs >= _PAGE_BYTES:
            continue
        bounds = struct.unpack_from(f"<{runs + 1}I", block)
        for number in range(runs):
            at = 2 * block[4 * (runs + 1) + number]
            if at and not _is_shown(block[at + 1 : at + 1 + block[at]]):
                found.append((bounds[number], bounds[number + 1]))
    return sorted(found)


def _is_shown(properties: bytes) -> bool:
    at = 0
    while at + 3 <= len(properties):
        (code,) = struct.unpack_from("<H", properties, at)
        kind = code >> 13
        if code in _NOT_SHOWN and properties[at + 2] & 1:
            return False
        at += 2 + (1 + properties[at + 2] if kind == 6 else _OPERAND_BYTES[kind])
    return True


def _shown(main: bytes, at: int, until: int, width: int, hidden: list[tuple[int, int]]) -> Iterator[str]:
    encoding = "cp1252" if width == 1 else "utf-16-le"
    for begin, end in hidden:
        if end > at and begin < until:
            yield main[at : max(at, begin)].decode(encoding, "replace")
            at = max(at, end)
    yield main[at : max(at, until)].decode(encoding, "replace")


def _lines(text: str) -> list[str]:
    """Return paragraphs and rows of tables as lines; of fields their results."""
    lines: list[str] = []
    cells: list[str] = []
    for paragraph in _without_instructions(text).translate(_INLINE).split(_PARAGRAPH_END):
        *ended, rest = paragraph.split(_CELL_END)
        cells += ended
        if rest or not ended:
            lines += _rows(cells)
            cells = []
            lines += [line.strip() for line in rest.split("\n") if line.strip()]
    return lines + _rows(cells)


def _rows(cells: list[str]) -> list[str]:
    """Part the cells of a table into rows: each row ends by an empty one more."""
    if not any(cells):
        return []
    for width in range(1, MAX_TABLE_COLUMNS):
        if len(cells) % (width + 1) == 0 and not any(cells[width :: width + 1]):
            texts = [cell_text(cell) for cell in cells]
            return lines_of([texts[at : at + width] for at in range(0, len(texts), width + 1)])
    rows: list[list[str]] = [[]]
    for cell in cells:
        if cell or not rows[-1]:
            rows[-1].append(cell_text(cell))
        else:
            rows.append([])
    return lines_of([row for row in rows if row])


def _without_instructions(text: str) -> str:
    if _FIELD_BEGIN not in text:
        return text
    pieces: list[str] = []
    open_fields: list[bool] = []
    for character in text:
        if character == _FIELD_BEGIN:
            open_fields.append(True)
        elif character == _FIELD_RESULT and open_fields:
            open_fields[-1] = False
        elif character == _FIELD_END and open_fields:
            open_fields.pop()
        elif not any(open_fields):
            pieces.append(character)
    return "".join(pieces)
