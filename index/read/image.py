"""Image files → the pages that they show: every page is a picture. The only importer of Pillow."""

import io
import math
from typing import TYPE_CHECKING, Final

import numpy as np

from index.errors import UnreadableError
from index.read.ocr import INSTALL, PageImage, RecognisedPages, is_installed
from index.read.pdf.text_layer import RECOGNISED_TEXT, Limits, document_of, lay_out
from index.records import Document

if TYPE_CHECKING:
    from PIL import Image

MAX_PIXELS: Final = 120_000_000  # of a page; a broadsheet of A1 at 300 dpi has 70 million
USUAL_DPI: Final = (
    100.0,
    1200.0,
)  # what a scanner states; 72 and 96 are a screen's, and stated by programs that do not know
PAGE_SIDE_PT: Final = 1000.0  # the longer side of a page that states nothing: sizes count only against each other


def read_image(source: str, data: bytes, recognised: RecognisedPages | None = None) -> Document:
    """Return the text that was recognised on the pages of an image file, in reading order.

    Raises:
        UnreadableError: unsupported (text recognition is not installed), no_picture_text, too_large, corrupt.
        UnrecognisedError: pages are to be recognised first.
    """
    if not is_installed():
        raise UnreadableError("unsupported", "pictures of pages are not read without text recognition", INSTALL)
    count = getattr(_opened(data), "n_frames", 1)
    try:
        layer = lay_out(
            (([], "", True, []) for _ in range(count)), count, recognised or RecognisedPages(data), Limits()
        )
    except UnreadableError as error:
        if error.reason == "no_text" and not (recognised and recognised.problem(0)):
            raise UnreadableError("picture", "no text was found on it (a photograph?)", "leave it out") from error
        raise
    layer.notes = [note for note in layer.notes if not note.endswith(RECOGNISED_TEXT)]  # of a picture nobody wonders
    return document_of(source, layer)


def picture_of(data: bytes, page: int) -> PageImage:
    """Return a page of an image file, from 0, as it is to be seen.

    Raises:
        UnreadableError: corrupt, too_large.
    """
    from PIL import Image, ImageOps

    image = _opened(data)
    try:
        image.seek(page)
        if image.width * image.height > MAX_PIXELS:
            size = f"{image.width:,} × {image.height:,} pixels"
            raise UnreadableError("too_large", f"it has {size}", "scan it at 300 dpi or less")
        dpi = _dpi(image)
        image = ImageOps.exif_transpose(image)
        if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
            image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
        if image.mode.startswith("I"):  # 16 bits a pixel
            image = image.point(lambda value: value / 256).convert("L")
        return PageImage(np.asarray(image.convert("L")), 72 / dpi if dpi else PAGE_SIDE_PT / max(image.size))
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise UnreadableError(
            "corrupt", f"it is damaged ({error})", "open it in its program and save it again"
        ) from error


def _dpi(image: "Image.Image") -> float:
    """How fine an image says that it is; 0 where it says nothing that a scanner would."""
    try:
        dpi = math.sqrt(math.prod(map(float, image.info.get("dpi", (0, 0)))))
    except (TypeError, ValueError, ZeroDivisionError):
        return 0.0
    return dpi if USUAL_DPI[0] <= dpi <= USUAL_DPI[1] else 0.0


def _opened(data: bytes) -> "Image.Image":
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # each page is measured before it is unpacked
    try:
        return Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "TIFF"))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise UnreadableError(
            "corrupt", f"it is damaged ({error})", "open it in its program and save it again"
        ) from error
