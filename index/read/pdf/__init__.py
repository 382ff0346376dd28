"""PDF files → Document: the text layer's frames in reading order.

    bytes ─ text_layer ─► glyphs ─ lines ─► printed lines ─ blocks ─► blocks as a reader takes them ─ reading_order ─►
    text and frames

text_layer takes glyphs and their places from PDFium; the machine's fonts have no part in it, since substitution gives
PDFium the one font of stand_in for every font that a PDF names and does not carry · trust tells whether its characters are
those that are printed · jitter evens what recognition (OCR) measured · lines joins what stands on one baseline · watermarks
tells what is printed askew or over others · tables takes rows and columns, by the lines that rules finds drawn · blocks joins
lines of one size in one column. PDFium is native code that a file may crash, hang or have fill the memory:
index/build/readers.py has it run in a process of its own.
"""

from index.read.pdf.text_layer import read_pdf

__all__ = ["read_pdf"]
