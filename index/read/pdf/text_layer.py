"""PDF → glyphs with their places, in the file's order → Document. The only importer of pypdfium2."""

import math
import time
from collections.abc import Iterator, Sequence
from ctypes import byref, c_double
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import msgspec

from index.errors import UnreadableError
from index.read.pdf.blocks import make_blocks
from index.read.pdf.jitter import even_out
from index.read.pdf.lines import Glyph, make_lines
from index.read.pdf.reading_order import reading_order
from index.read.pdf.rules import Rule, find_rules
from index.read.pdf.substitution import use_stand_ins
from index.read.pdf.tables import find_grids, put_in_lanes, take_tables
from index.read.pdf.trust import distrust
from index.read.pdf.watermarks import mark_overprints, part_slanted
from index.records import NOTES, Document, Frame

if TYPE_CHECKING:
    import pypdfium2

PAGE_BREAK: Final = "\f"
# Above these shares of glyphs without size or place, of glyphs printed over another one, places mean nothing.
MAX_UNPLACED_SHARE: Final = 0.2
MAX_COVERED_SHARE: Final = 0.3
MAX_GLYPHS: Final = 60_000  # on one page; a broadsheet full of small type has 25,000
MAX_PAGES: Final = 2_000  # a bound year of a daily with five to six pages; a 100,000-page file is an attack
MAX_TEXT_CHARS: Final = 32 << 20
MAX_ORDERING_S: Final = (
    20.0  # of CPU time, of the 25 s that index.build allows; what takes longer to order is read flat
)
_SPOT_EM: Final = 0.2  # two glyphs whose origins are closer than this cover each other
_ERROR_PASSWORD: Final = 4  # FPDF_ERR_PASSWORD
_ERROR_SECURITY: Final = 5  # FPDF_ERR_SECURITY: an encryption that PDFium does not know
_RECOGNISE: Final = "run text recognition (OCR) on it first"
_SPACES: Final = frozenset(" \t\n\r\f\v\x00\u00a0\u2002\u2003\u3000")


class Limits(msgspec.Struct, frozen=True):
    """What of one file is read. None of them means anything for a real issue."""

    pages: int = MAX_PAGES
    text_chars: int = MAX_TEXT_CHARS
    ordering_s: float = MAX_ORDERING_S


class Layer(msgspec.Struct, omit_defaults=True):
    """A file's text.

    Args:
        text: pages parted by form feeds.
        frames: start, end, size_pt, box, page, is_watermark of each; None where the geometry cannot be used.
        notes: what was left out, in words.
    """

    text: str = ""
    frames: list[tuple[int, int, float, tuple[float, float, float, float], int, bool]] | None = None
    notes: list[str] = []


def read_pdf(source: str, data: bytes) -> Document:
    """Return the text layer in reading order; pages are parted by a form feed, an empty page is kept as such.

    Layout "framed": frames are parted by a blank line, each printed line is one line. Where glyphs have no usable
    places (all on one spot, no size), the text is in the file's own order and the layout "page".

    The title in the metadata is mostly the name of a layout file, so it is not used.

    Raises:
        UnreadableError: encrypted, too_large (pages or text), no_text (a scan), encoding (no page tells its characters),
            corrupt.
    """
    layer = read_layer(data, Limits())
    metadata = {NOTES: layer.notes} if layer.notes else {}
    if layer.frames is None:
        return Document(source, source, layer.text, "page", metadata=metadata)
    frames = tuple(Frame(*frame) for frame in layer.frames)
    return Document(source, source, layer.text, "framed", frames=frames, metadata=metadata)


def read_layer(data: bytes, limits: Limits) -> Layer:
    """Return a PDF's text in reading order with its frames, or in the file's order without.

    Raises:
        UnreadableError: encrypted, too_large (pages or text), no_text, encoding, corrupt.
    """
    document = _opened(data)
    count = len(document)
    if count > limits.pages:
        raise UnreadableError("too_large", f"{count:,} pages, allowed are {limits.pages:,}", "split it, e.g. by issue")
    layer = _Layer(until_s=time.process_time() + limits.ordering_s)
    flat: list[str] = []
    distrusted: dict[str, list[int]] = {}
    size = 0
    for number in range(count):
        glyphs, text, rules = _page(document, number)
        if why := distrust(glyphs):
            distrusted.setdefault(why, []).append(number + 1)
            glyphs, text = [], ""
        size += len(text)
        if size > limits.text_chars:
            raise UnreadableError("too_large", "its text is longer than any issue's", "split it, e.g. by issue")
        flat.append(text)
        layer.add(glyphs, rules, number)
    doubts = [f"{_pages(pages)}: {why}" for why, pages in distrusted.items()]
    if doubts and not "".join(flat).strip():
        raise UnreadableError("encoding", "; ".join(doubts), _RECOGNISE)
    if not "".join(flat).strip():
        raise UnreadableError("no_text", f"none of its {count} pages has a text layer (a scan?)", _RECOGNISE)
    notes = [f"{doubt}; left out, {_RECOGNISE}" for doubt in doubts]
    if not layer.is_usable:
        return Layer(text=PAGE_BREAK.join(flat), notes=notes)
    return Layer(text="".join(layer.pieces), frames=layer.frames, notes=notes)


def _pages(numbers: Sequence[int]) -> str:
    """Return pages in words: "page 2", "pages 2, 5–9"."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][-1] + 1:
            spans[-1][1:] = [number]
        else:
            spans.append([number])
    return f"page{'s' * (len(numbers) > 1)} {', '.join('–'.join(map(str, span)) for span in spans)}"


@dataclass(slots=True)
class _Layer:
    """The text of pages in reading order: lines of a frame on lines, frames parted by a blank line, pages by a break.

    Args:
        until_s: the process's CPU time after which ordering is given up.
        is_usable: False after a page whose glyphs have no places or cannot be ordered; the rest is not ordered then.
    """

    until_s: float
    is_usable: bool = True
    pieces: list[str] = field(default_factory=list)
    frames: list[tuple[int, int, float, tuple[float, float, float, float], int, bool]] = field(default_factory=list)
    size: int = 0

    def add(self, glyphs: list[Glyph], rules: Sequence[Rule], page: int) -> None:
        """Add the next page."""
        if page:
            self._write(PAGE_BREAK)
        self.is_usable = (
            self.is_usable and len(glyphs) <= MAX_GLYPHS and time.process_time() <= self.until_s and is_placed(glyphs)
        )
        if not self.is_usable:
            return
        try:
            grids = find_grids(rules)
            upright, slanted = part_slanted(put_in_lanes(even_out(glyphs), grids))
            tables, lines = take_tables(mark_overprints([*make_lines(upright), *slanted]), grids)
            blocks = reading_order(make_blocks(lines, tables))
        except RecursionError:  # a page that can be cut a thousand times, each time into one piece and the rest
            self.is_usable = False
            return
        for place, block in enumerate(blocks):
            if place:
                self._write("\n\n")
            start = self.size
            self._write("\n".join(block.text_lines()))
            box = (round(block.x0, 1), round(block.y0, 1), round(block.x1, 1), round(block.y1, 1))
            self.frames.append((start, self.size, round(block.size, 1), box, page, block.is_watermark))

    def _write(self, text: str) -> None:
        self.pieces.append(text)
        self.size += len(text)


def is_placed(glyphs: list[Glyph]) -> bool:
    """Tell whether glyphs have sizes and stand beside each other, so that their places can be trusted."""
    printed = [glyph for glyph in glyphs if not glyph.char.isspace()]
    unplaced = sum(not (glyph.size > 0.5 and math.isfinite(glyph.u0 + glyph.u1 + glyph.v)) for glyph in printed)
    if unplaced > MAX_UNPLACED_SHARE * len(printed):
        return False
    spots = {
        (glyph.angle, round(glyph.u0 / glyph.size / _SPOT_EM), round(glyph.v / glyph.size / _SPOT_EM))
        for glyph in printed
        if glyph.size > 0
    }
    return len(printed) - len(spots) <= MAX_COVERED_SHARE * len(printed)


def _opened(data: bytes) -> "pypdfium2.PdfDocument":
    import pypdfium2

    use_stand_ins()
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) in (_ERROR_PASSWORD, _ERROR_SECURITY):
            raise UnreadableError(
                "encrypted", "a password is needed to read it", "save it without a password"
            ) from error
        raise UnreadableError(
            "corrupt", f"it is damaged ({error})", "open it in its program and save it again"
        ) from error


def _page(document: "pypdfium2.PdfDocument", number: int) -> tuple[list[Glyph], str, list[Rule]]:
    """Return a page's glyphs, its flat text and its rules; nothing for a page that the file counts but does not hold."""
    import pypdfium2

    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return [], "", []
    textpage = page.get_textpage()
    try:
        glyphs = list(_glyphs(page, textpage))
        flat = _sound("".join(glyph.char for glyph in glyphs)) if glyphs else ""
        if glyphs and not is_placed(glyphs):
            flat = _sound(textpage.get_text_range(errors="replace").replace("\x00", ""))
        return glyphs, flat, find_rules(page, _to_page(page)[0]) if glyphs else []
    finally:
        textpage.close()
        page.close()


def _glyphs(page: Any, textpage: Any) -> Iterator[Glyph]:
    """Yield the glyphs that the page shows, blanks included, those that PDFium made up left out.

    Sizes: the font's size times the text matrix, so what a ruler would measure.
    """
    import pypdfium2.raw as pdfium

    to_page, turn = _to_page(page)
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    x, y = c_double(), c_double()
    high = ""
    for index in range(textpage.count_chars()):
        if pdfium.FPDFText_IsGenerated(textpage, index) == 1:
            continue
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        char = "-" if pdfium.FPDFText_IsHyphen(textpage, index) == 1 else _char(code)
        if "\ud800" <= char <= "\udbff":  # the first half of a pair
            high = char
            continue
        if high or "\udc00" <= char <= "\udfff":
            char, high = _sound(high + char), ""
        pdfium.FPDFText_GetLooseCharBox(textpage, index, byref(box))
        pdfium.FPDFText_GetMatrix(textpage, index, byref(matrix))
        pdfium.FPDFText_GetCharOrigin(textpage, index, byref(x), byref(y))
        size = pdfium.FPDFText_GetFontSize(textpage, index) * math.hypot(matrix.c, matrix.d)
        angle = round(-math.degrees(math.atan2(matrix.b, matrix.a)) / 90 + turn) % 4 * 90
        left, top = to_page(box.left, box.top)
        right, bottom = to_page(box.right, box.bottom)
        origin = to_page(x.value, y.value)
        yield Glyph.placed(char, size, angle, (left, top, right, bottom), origin)


def _char(code: int) -> str:
    # A glyph whose character the file does not tell is shown as such: it is printed, and must not be lost.
    return "\ufffd" if code in (0, 0xFFFE, 0xFFFF) or code > 0x10FFFF else " " if chr(code) in _SPACES else chr(code)


def _to_page(page: Any) -> tuple[Any, int]:
    """Return the mapping of a page's own coordinates to points from the top left corner as shown, and its quarter turns."""
    left, bottom, right, top = page.get_bbox()
    turn = page.get_rotation() // 90 % 4
    mappings = (
        lambda x, y: (x - left, top - y),
        lambda x, y: (y - bottom, x - left),
        lambda x, y: (right - x, y - bottom),
        lambda x, y: (top - y, right - x),
    )
    return mappings[turn], turn


def _sound(text: str) -> str:
    """Return the text with every newline a line feed and halves of surrogate pairs, which no file can hold, replaced."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace(PAGE_BREAK, "\n")
