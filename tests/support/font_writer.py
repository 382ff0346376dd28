"""Writes a font that a machine may have: enough of the format for PDFium to find and take it, and no package."""

import struct
from pathlib import Path


def write_font(
    path: Path, name: str, width: int = 1300, outline: tuple[int, int, int, int] = (-400, -600, 2100, 1500)
) -> None:
    """Write a TrueType font in which every Chinese and Latin character has one glyph, of an impossible size.

    Args:
        path: the file.
        name: the family, as a PDF names it.
        width: of every character, in thousandths of the type size.
        outline: left, bottom, right, top of the only glyph with an outline.
    """
    left, bottom, right, top = outline
    steps = struct.pack(">8h", left, right - left, 0, left - right, bottom, 0, top - bottom, 0)
    glyph = struct.pack(">5h2H4B", 1, *outline, 3, 0, 1, 1, 1, 1) + steps
    groups = [(0x20, 0x20, 2), (0x21, 0x7E, 1), (0x3001, 0x9FFF, 1), (0xFF01, 0xFF5E, 1)]  # a blank has no outline
    cmap = b"".join(struct.pack(">3I", *group) for group in groups)
    names = [(number, text.encode("utf-16-be")) for number, text in ((1, name), (2, "Regular"), (4, name), (6, name))]
    records, strings = b"", b""
    for number, text in names:
        records += struct.pack(">6H", 3, 1, 0x409, number, len(text), len(strings))
        strings += text
    latin_and_chinese = 1 << 0 | 1 << 18
    tables = {
        b"OS/2": struct.pack(">H", 1) + bytes(76) + struct.pack(">2I", latin_and_chinese, 0),
        b"cmap": struct.pack(">4HI2H3I", 0, 1, 3, 10, 12, 13, 0, 16 + len(cmap), 0, len(groups)) + cmap,
        b"glyf": glyph,
        b"head": struct.pack(">4I2H2Q4h2H3h", 0x10000, 0, 0, 0x5F0F3CF5, 0, 1000, 0, 0, *outline, 0, 6, 2, 1, 0),
        b"hhea": struct.pack(">I3hH11hH", 0x10000, top, bottom, 0, width, *[0] * 11, 1),
        b"hmtx": struct.pack(">Hh2h", width, 0, 0, 0),
        b"loca": struct.pack(">4I", 0, 0, len(glyph), len(glyph)),
        b"maxp": struct.pack(">I14H", 0x10000, 3, 4, 1, 0, 0, 1, *[0] * 8),
        b"name": struct.pack(">3H", 0, len(names), 6 + 12 * len(names)) + records + strings,
    }
    directory, body = b"", b""
    start = 12 + 16 * len(tables)
    for tag, table in tables.items():
        directory += struct.pack(">4s3I", tag, 0, start + len(body), len(table))
        body += table + bytes(-len(table) % 4)
    path.write_bytes(struct.pack(">I4H", 0x10000, len(tables), 0, 0, 0) + directory + body)
