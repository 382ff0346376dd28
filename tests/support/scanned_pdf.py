"""PDFs of pages that are pictures, beside pages with text, without any package."""

from collections.abc import Sequence

from named_fonts import FONTS
from pdf_writer import BASELINE_EM, Show, assemble

A4 = (595.0, 842.0)


def pdf_of(
    *pages: Sequence[Show] | bytes, share: float = 1.0, over: Sequence[Show] = (), size: tuple[float, float] = A4
) -> bytes:
    """Return a PDF of pages with text, and of pictures.

    Args:
        pages: the lines of a page; or a picture as 100 × 100 grey pixels.
        share: of the page's height that pictures take.
        over: lines of text over each picture.
    """
    song = FONTS["song"]
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    first = len(objects) + 1
    for page in pages:
        lines = over if isinstance(page, bytes) else page
        number = len(objects) + 1
        picture = page if isinstance(page, bytes) else bytes(10_000)
        content = f"q {size[0]} 0 0 {size[1] * share} 0 0 cm /I Do Q\n" if isinstance(page, bytes) else ""
        content += "\n".join(_line(show, size[1]) for show in lines)
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size[0]} {size[1]}] /Contents {number + 1} 0 R "
            f"/Resources << /Font << /F {number + 3} 0 R >> /XObject << /I {number + 2} 0 R >> >> >>",
            f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
            f"<< /Type /XObject /Subtype /Image /Width 100 /Height 100 /ColorSpace /DeviceGray /BitsPerComponent 8 "
            f"/Filter /ASCIIHexDecode /Length {2 * len(picture)} >>\nstream\n{picture.hex()}\nendstream",
            song.dictionary,
        ]
    kids = " ".join(f"{first + 4 * place} 0 R" for place in range(len(pages)))
    objects[1] = f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>"
    return assemble(objects)


def _line(show: Show, height: float) -> str:
    code = FONTS["song"].encode(show.text).hex()
    return f"BT /F {show.size} Tf 1 0 0 1 {show.x} {height - show.y - BASELINE_EM * show.size:.2f} Tm <{code}> Tj ET"
