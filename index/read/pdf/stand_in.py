"""One font file that stands in for every font that a PDF names and does not carry, the same on every machine.

PDFium replaces such a font by one of the machine's, and what it takes from there shows in the text: a single character
that the replacement lacks is dropped with its text object, a box reaches as far as the replacement's outline, and where
the PDF gives no widths they are the replacement's. The stand-in has an outline for every character and every glyph
number, narrower than any character's width, and the widths of PDF's standard fonts.

Format: OpenType 1.9, a collection of TrueType faces that share all tables but "hmtx" (chapters "otff", "cmap", "glyf").
"""

import json
import struct
from array import array
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

_WIDTHS: Final = Path(__file__).with_name("standard_widths.json")
# A font without /Widths that is not one of the standard ones (which ISO 32000-1 allows for these only) gets the first.
FACES: Final = (
    "Helvetica",
    "Helvetica-Bold",
    "Times-Roman",
    "Times-Bold",
    "Times-BoldItalic",
    "Times-Italic",
    "Courier",
)
_COURIER_WIDTH: Final = 600
_OTHER_WIDTH: Final = 500  # half an em, for a character that the standard fonts lack
_EM: Final = 1000
_ASCENT, _DESCENT = 880, -120  # the em box of CJK type
_GLYPHS: Final = 65_535  # as many as a font can have: a PDF may ask for any by number
_BLANK: Final = 3  # the glyph of the blanks, without an outline, as in other fonts: a lone blank is no text
_BLANKS: Final = "\t\n\r \u00a0\u2002\u2003\u3000"
# left, bottom, right, top of the outline; within the width of any character that is printed (the narrowest have 0.2 em)
_OUTLINE: Final = (0, 0, 100, 700)
_LAST_CHARACTER: Final = 0x10FFFF
_MANY_TO_ONE: Final = 13  # the format of a "cmap" in which all characters of a range have one glyph


class Collection(NamedTuple):
    """A font file of several faces.

    Args:
        data: the file.
        offsets: where each face begins in it, in the order of `FACES`.
    """

    data: bytes
    offsets: tuple[int, ...]


@cache
def stand_in() -> Collection:
    """Return the font file, 3.3 MB; made at the first call, in some 5 ms."""
    widths = standard_widths()
    characters = sorted({char for face in widths.values() for char in face} - set(_BLANKS))
    shared = {
        b"cmap": _cmap(characters),
        b"glyf": (glyph := _glyph()) * (_GLYPHS - 1),
        b"head": _head(),
        b"hhea": _hhea(_BLANK + 1 + len(characters) + 1),
        b"loca": _loca(len(glyph)),
        b"maxp": struct.pack(">I14H", 0x00010000, _GLYPHS, 4, 1, 0, 0, 1, *[0] * 8),
    }
    return _collection(shared, [_hmtx(characters, widths[face]) for face in FACES])


def face_of(name: str) -> int:
    """Return which of `FACES` stands in for a font of that name, by PDFium's names of the standard fonts."""
    upright = name.removesuffix("Oblique").removesuffix("-")
    if name.startswith("Courier"):
        upright = "Courier"
    return FACES.index(upright) if upright in FACES else 0


def standard_widths() -> dict[str, dict[str, int]]:
    """Return the widths of the standard fonts' characters, by name in `FACES`, in thousandths of the type size."""
    data = json.loads(_WIDTHS.read_text("utf-8"))
    widths = {
        name: {char: int(width) for width, chars in data[name].items() for char in chars}
        for name in FACES
        if name != "Courier"
    }
    widths["Courier"] = dict.fromkeys(widths[FACES[0]], _COURIER_WIDTH)
    return widths


def _cmap(characters: Sequence[str]) -> bytes:
    """Map each of the characters to a glyph of its own, the blanks to one, all others to the one after them."""
    other = _BLANK + 1 + len(characters)
    glyph_of = {ord(char): number for number, char in enumerate(characters, start=_BLANK + 1)}
    glyph_of |= {ord(char): _BLANK for char in _BLANKS}
    groups, start = [], 0
    for code, glyph in sorted(glyph_of.items()):
        if code > start:
            groups.append((start, code - 1, other))
        groups.append((code, code, glyph))
        start = code + 1
    groups.append((start, _LAST_CHARACTER, other))
    table = b"".join(struct.pack(">3I", *group) for group in groups)
    subtable = struct.pack(">2H3I", _MANY_TO_ONE, 0, 16 + len(table), 0, len(groups)) + table
    # Windows, Unicode: once as the characters of two bytes, which PDFium asks for, and once as all of them.
    records = struct.pack(">2H 2HI 2HI", 0, 2, 3, 1, 20, 3, 10, 20)
    return records + subtable


def _glyph() -> bytes:
    left, bottom, right, top = _OUTLINE
    width, height = right - left, top - bottom
    on_curve_and_three_more = b"\x09\x03"
    outline = struct.pack(">8h", left, width, 0, -width, bottom, 0, height, 0)
    return struct.pack(">5h2H", 1, *_OUTLINE, 3, 0) + on_curve_and_three_more + outline


def _loca(size: int) -> bytes:
    """Return where each glyph begins in "glyf": one after the other, only the blank's has no outline."""
    offsets = array("I", range(0, size * _GLYPHS, size))
    offsets = offsets[: _BLANK + 1] + offsets[_BLANK:]
    if struct.pack("=H", 1) != struct.pack(">H", 1):
        offsets.byteswap()
    return offsets.tobytes()


def _head() -> bytes:
    box = (0, _DESCENT, _EM, _ASCENT)
    long_offsets = 1
    return struct.pack(">4I2H2Q4h2H3h", 0x00010000, 0, 0, 0x5F0F3CF5, 0, _EM, 0, 0, *box, 0, 6, 2, long_offsets, 0)


def _hhea(widths: int) -> bytes:
    return struct.pack(">I3hH11hH", 0x00010000, _ASCENT, _DESCENT, 0, _EM, *[0] * 11, widths)


def _hmtx(characters: Sequence[str], widths: Mapping[str, int]) -> bytes:
    """Return the widths of the blank's and the characters' glyphs; all after them have the last one's."""
    blank = widths[" "]
    advances = [*[_OTHER_WIDTH] * _BLANK, blank, *(widths[char] for char in characters), _OTHER_WIDTH]
    bearings = 2 * (_GLYPHS - len(advances))
    return b"".join(struct.pack(">Hh", advance, 0) for advance in advances) + bytes(bearings)


def _collection(shared: Mapping[bytes, bytes], own: Sequence[bytes]) -> Collection:
    """Return the file in which each face has the shared tables and one "hmtx" of its own."""
    tags = sorted([*shared, b"hmtx"])
    header = 12 + 4 * len(own)
    directory = 12 + 16 * len(tags)
    offsets = tuple(header + directory * number for number in range(len(own)))
    at = header + directory * len(own)
    body, places = [], {}
    for key, table in [*shared.items(), *enumerate(own)]:
        places[key] = (at, len(table))
        body.append(table + bytes(-len(table) % 4))
        at += len(body[-1])
    out = [struct.pack(f">4sII{len(own)}I", b"ttcf", 0x00010000, len(own), *offsets)]
    for number in range(len(own)):
        out.append(struct.pack(">I4H", 0x00010000, len(tags), 0, 0, 0))
        for tag in tags:
            place, size = places[number if tag == b"hmtx" else tag]
            out.append(struct.pack(">4s3I", tag, 0, place, size))
    return Collection(b"".join(out + body), offsets)
