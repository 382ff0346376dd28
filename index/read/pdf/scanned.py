"""Pages of a PDF that are pictures of pages: which they are, and what they look like."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from index.errors import UnreadableError
from index.read.ocr import PageImage
from index.read.pdf.lines import Glyph

if TYPE_CHECKING:
    import pypdfium2

SCAN: Final = "a picture of a page (a scan)"
# A page with less text than this on a picture is a scan, with a line of the scanner's or of the archive's at most.
FEW_GLYPHS: Final = 80
# … where the picture takes this share of the page. A photograph takes it on a cover, where recognition does no harm.
PICTURE_SHARE: Final = 0.5
OUTLINES: Final = 200  # that a page without any text draws: its characters are curves
MAX_OBJECTS: Final = 5_000  # that are looked at on a page: a scanned one has few, a page cut into strips hundreds
RENDERED_DPI: Final = 200.0  # where no picture says how fine it is
FINEST_DPI: Final = 300.0  # the engine reads type of 25 pixels: newspaper type at 200
MAX_PAGE_SIDE: Final = 6_000  # pixels


def is_scan(page: Any, glyphs: Sequence[Glyph]) -> bool:
    """Tell whether a page is a picture of a page, or draws its text as curves; one with some text is neither."""
    printed = sum(not glyph.char.isspace() for glyph in glyphs)
    if printed >= FEW_GLYPHS:
        return False
    import pypdfium2.raw as pdfium

    covered, outlines = 0.0, 0
    for number, item in enumerate(page.get_objects(max_depth=4)):
        if number >= MAX_OBJECTS:
            break
        outlines += item.type == pdfium.FPDF_PAGEOBJ_PATH
        if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            covered += _area(item, page)
    width, height = page.get_size()
    return covered >= PICTURE_SHARE * width * height or (not printed and outlines >= OUTLINES)


def render(document: "pypdfium2.PdfDocument", number: int) -> PageImage:
    """Return the picture of a page, as fine as the pictures on it.

    Raises:
        UnreadableError: corrupt.
    """
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        page = document[number]
        width, height = page.get_size()
        scale = min(_dpi(page) / 72, MAX_PAGE_SIDE / max(width, height, 1.0))
        bitmap = page.render(
            scale=scale, rev_byteorder=False, grayscale=True, force_bitmap_format=pdfium.FPDFBitmap_Gray
        )
        return PageImage(np.array(bitmap.to_numpy(), np.uint8).reshape(bitmap.height, bitmap.width), 1 / scale)
    except pypdfium2.PdfiumError as error:
        raise UnreadableError("corrupt", f"its page {number + 1} cannot be drawn", "save it again") from error


def _dpi(page: Any) -> float:
    """How fine the largest picture on a page is."""
    import pypdfium2.raw as pdfium

    largest, dpi = 0.0, RENDERED_DPI
    for number, item in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4)):
        if number >= MAX_OBJECTS:
            break
        area = _area(item, page)
        if area > largest:
            across, down = item.get_px_size()
            largest, dpi = area, 72 * math.sqrt(across * down / area)
    return min(max(dpi, 72.0), FINEST_DPI)


def _area(item: Any, page: Any) -> float:
    """How much of the page an object takes, in square points."""
    left, bottom, right, top = item.get_bounds()
    page_left, page_bottom, page_right, page_top = page.get_bbox()
    width, height = min(right, page_right) - max(left, page_left), min(top, page_top) - max(bottom, page_bottom)
    return float(max(width, 0.0) * max(height, 0.0))
