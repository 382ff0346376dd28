"""Keeps PDFium from the machine's fonts: where a PDF lacks one, PDFium gets the stand-in. The only user of pypdfium2's callbacks."""

import ctypes
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from index.read.pdf.stand_in import face_of, stand_in

if TYPE_CHECKING:
    from pypdfium2.raw import FPDF_SYSFONTINFO

_WHOLE_COLLECTION: Final = int.from_bytes(b"ttcf")  # the name of a table by which PDFium asks for it


@cache
def use_stand_ins() -> "FPDF_SYSFONTINFO":
    """Answer PDFium's questions for fonts of the machine from now on, in this process; call it before a PDF is opened.

    PDFium asks for every font that a PDF names and does not carry, also for the standard ones (FindSubstFont in its
    core/fxge/cfx_fontmapper.cpp). It lists the folders of fonts at its first question only, so it never does.

    Returns:
        the callbacks, which have to be kept as long as PDFium may call them: this function's cache does.
    """
    import pypdfium2.raw as pdfium

    types: dict[str, Any] = dict(pdfium.FPDF_SYSFONTINFO._fields_)
    callbacks = pdfium.FPDF_SYSFONTINFO(version=1)
    callbacks.MapFont = types["MapFont"](_map_font)
    callbacks.GetFontData = types["GetFontData"](_font_data)
    pdfium.FPDF_SetSystemFontInfo(ctypes.byref(callbacks))
    return callbacks


def _map_font(_this: Any, _weight: int, _italic: int, _charset: int, _pitch: int, name: Any, _exact: Any) -> int:
    """Return the handle of the face that stands in for a font: its number, from 1 on."""
    return 1 + face_of(ctypes.string_at(name).decode("latin-1"))


def _font_data(_this: Any, handle: int, table: int, buffer: Any, size: int) -> int:
    """Write a font file into a buffer, as much as it holds; return its full size.

    A face of a collection is told by the size of the rest of the file from that face on.
    """
    data, offsets = stand_in()
    start = 0 if table == _WHOLE_COLLECTION else offsets[handle - 1]
    if table and table != _WHOLE_COLLECTION:
        return 0
    if buffer:
        ctypes.memmove(buffer, data[start : start + size], min(size, len(data) - start))
    return len(data) - start
