"""PDF → glyphs with their places, in the file's order. Besides `scanned` and `rules`, the only importer of pypdfium2."""

import math
from collections.abc import Iterator
from ctypes import byref, c_double
from typing import TYPE_CHECKING, Any, Final

from index.errors import UnreadableError
from index.read.ocr import PageImage
from index.read.pdf.jitter import even_out
from index.read.pdf.lines import Glyph
from index.read.pdf.rules import Rule, find_rules
from index.read.pdf.scanned import is_scan, render
from index.read.pdf.substitution import use_stand_ins

if TYPE_CHECKING:
    import pypdfium2

PAGE_BREAK: Final = "\f"
# Above these shares of glyphs without size or place, of glyphs printed over another one, places mean nothing.
MAX_UNPLACED_SHARE: Final = 0.2
MAX_COVERED_SHARE: Final = 0.3
_SPOT_EM: Final = 0.2  # two glyphs whose origins are closer than this cover each other
_ERROR_PASSWORD: Final = 4  # FPDF_ERR_PASSWORD
_ERROR_SECURITY: Final = 5  # FPDF_ERR_SECURITY: an encryption that PDFium does not know
_SPACES: Final = frozenset(" \t\n\r\f\v\x00\u00a0\u2002\u2003\u3000")


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


def picture_of_page(data: bytes, number: int) -> PageImage:
    """Return the picture of a page, from 0, drawn in fonts of this machine where the file carries none.

    Raises:
        UnreadableError: encrypted, corrupt.
    """
    return render(open_pdf(data, is_drawn=True), number)


def open_pdf(data: bytes, *, is_drawn: bool = False) -> "pypdfium2.PdfDocument":
    """Return an open file.

    Args:
        is_drawn: its pages are to be seen, in fonts of this machine where it carries none.
    Raises:
        UnreadableError: encrypted, corrupt.
    """
    import pypdfium2

    if not is_drawn:
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


ReadPage = tuple[list[Glyph], str, bool, list[Rule]]
"""A page's glyphs, its flat text, whether it is a picture, the rules that it draws."""


def read_page(document: "pypdfium2.PdfDocument", number: int) -> ReadPage:
    """Return what a page shows; nothing for one that the file counts and does not hold."""
    import pypdfium2

    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return [], "", False, []
    textpage = page.get_textpage()
    try:
        glyphs = list(_glyphs(page, textpage))
        flat = _sound("".join(glyph.char for glyph in glyphs)) if glyphs else ""
        if glyphs and not is_placed(glyphs):
            flat = _sound(textpage.get_text_range(errors="replace").replace("\x00", ""))
        is_picture = is_scan(page, glyphs)
        rules = find_rules(page, _to_page(page)[0]) if glyphs and not is_picture else []
        return even_out(glyphs), flat, is_picture, rules
    finally:
        textpage.close()
        page.close()


def page_size(document: "pypdfium2.PdfDocument", number: int) -> tuple[float, float]:
    """Return width and height of a page as it is shown, in points."""
    width, height = document.get_page_size(number)
    return float(width), float(height)


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
