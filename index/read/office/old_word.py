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
_FIB_BYTES: Final = 0x1AA
_PAGE_BYTES: Final = 512
_FIELD_BEGIN, _FIELD_RESULT, _FIELD_END = "\x13", "\x14", "\x15"
_CELL_END, _ROW, _PARAGRAPH_END = "\x07", "\x1c", "\r"
_INLINE: Final = str.maketrans({
    "\x0b": "\n", "\x0c": "\r", "\x0e": "\r", "\x1e": "-", "\x1f": None, "\xa0": " ",
    **dict.fromkeys(map(chr, (0, 1, 2, 3, 4, 5, 6, 8)), None),
})  # fmt: skip
_HIDDEN, _IN_TABLE, _ROW_END = 1, 2, 4
# Of characters: deleted (tracked), hidden, struck out by one line or two. Of paragraphs: in a table, a row's end.
_PROPERTIES: Final = {
    0x0800: _HIDDEN, 0x083C: _HIDDEN, 0x0837: _HIDDEN, 0x2A53: _HIDDEN, 0x2416: _IN_TABLE, 0x2417: _ROW_END,
}  # fmt: skip
_OPERAND_BYTES: Final = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_TABLE_DEFINITION: Final = 0xD608  # its length takes two bytes


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
    """Return the text of the body, then of its notes and text boxes; comments and headers are left out."""
    if len(main) < _FIB_BYTES or struct.unpack_from("<H", main)[0] != _WORD_MARK:
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
    kinds = _kinds(main, table)
    pieces = list(_pieces(table[start : start + size]))
    if sum(end - begin for begin, end, _place, _width in pieces) > len(main):
        raise UnreadableError("corrupt", "its pieces of text overlap", _SAVE)
    texts = []
    for first, last in wanted:
        parts = [
            _decoded(
                main, kinds, place + max(0, first - begin) * width, place + (min(end, last) - begin) * width, width
            )
            for begin, end, place, width in pieces
            if begin < last and end > first
        ]
        texts.append("".join(parts))
    return _PARAGRAPH_END.join(text for text in texts if text)


def _pieces(clx: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Yield the text's pieces: first and last position, place in the main stream, bytes of a character."""
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
            yield positions[number], positions[number + 1], place // 2 if is_narrow else place, 1 if is_narrow else 2


def _kinds(main: bytes, table: bytes) -> bytearray:
    """Return for each byte of the main stream whether its character is not shown, in a table, the end of a row."""
    kinds = bytearray(len(main))
    for kind, place, entry_bytes in ((_HIDDEN, 0xFA, 1), (_IN_TABLE, 0x102, 13)):
        last = 0
        for begin, end, properties in _stretches(main, table, place, entry_bytes):
            if last <= begin < end <= len(main):  # in order, so that the work grows with the file
                last = end
                found = _kind_of(properties)
                if found & (kind | _ROW_END):
                    kinds[begin:end] = bytes(one | found for one in kinds[begin:end])
    return kinds


def _stretches(main: bytes, table: bytes, place: int, entry_bytes: int) -> Iterator[tuple[int, int, bytes]]:
    """Yield stretches of the main stream with the properties of their characters or paragraphs.

    Args:
        place: where the main stream says where the table of their pages is.
        entry_bytes: of a page's entry: 1 for characters, 13 for paragraphs.
    """
    start, size = struct.unpack_from("<II", main, place)
    plex = table[start : start + size]
    count = max(0, (len(plex) - 4) // 8)
    for (page,) in struct.iter_unpack("<I", plex[4 * (count + 1) : 8 * count + 4]):
        block = main[page * _PAGE_BYTES : (page + 1) * _PAGE_BYTES]
        runs = block[-1] if len(block) == _PAGE_BYTES else 0
        if not runs or 4 * (runs + 1) + runs * entry_bytes >= _PAGE_BYTES:
            continue
        bounds = struct.unpack_from(f"<{runs + 1}I", block)
        for number in range(runs):
            at = 2 * block[4 * (runs + 1) + number * entry_bytes]
            if not 0 < at < _PAGE_BYTES - 2:
                continue
            size = block[at]
            if entry_bytes == 1:
                properties = block[at + 1 : at + 1 + size]
            elif size:  # of paragraphs: words, the first of which names the style
                properties = block[at + 3 : at + 2 * size]
            else:
                properties = block[at + 4 : at + 2 + 2 * block[at + 1]]
            yield bounds[number], bounds[number + 1], properties


def _kind_of(properties: bytes) -> int:
    kind = at = 0
    while at + 3 <= len(properties):
        (code,) = struct.unpack_from("<H", properties, at)
        if properties[at + 2] & 1:
            kind |= _PROPERTIES.get(code, 0)
        operand = _OPERAND_BYTES.get(code >> 13, 1 + properties[at + 2])
        if code == _TABLE_DEFINITION:
            operand = 1 + int.from_bytes(properties[at + 2 : at + 4], "little")
        at += 2 + operand
    return kind


def _decoded(main: bytes, kinds: bytearray, at: int, until: int, width: int) -> str:
    data, marks = main[at:until], kinds[at:until:width]
    if any(marks):
        kept = bytearray()
        for number, mark in enumerate(marks):
            character = data[number * width : (number + 1) * width]
            if mark & _HIDDEN:
                continue
            is_control = not any(character[1:])
            if mark & _ROW_END and is_control and character[:1] == b"\x07":
                character = b"\x1c" + character[1:]
            elif mark & _IN_TABLE and is_control and character[:1] == b"\r":
                character = b" " + character[1:]
            kept += character
        data = bytes(kept)
    return data.decode("cp1252" if width == 1 else "utf-16-le", "replace")


def _lines(text: str) -> list[str]:
    """Return paragraphs and rows of tables as lines; of fields their results."""
    lines: list[str] = []
    table: list[list[str]] = []
    for paragraph in _without_instructions(text).translate(_INLINE).split(_PARAGRAPH_END):
        *ended, rest = paragraph.split(_ROW)
        table += [[cell_text(cell) for cell in row.split(_CELL_END)[:-1]] for row in ended]
        if rest or not ended:
            lines += lines_of(table)
            table = []
            lines += [cell_text(line.replace(_CELL_END, " ")) for line in rest.split("\n")]
    lines += lines_of(table)
    return [line for line in lines if line]


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
