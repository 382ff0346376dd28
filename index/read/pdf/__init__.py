"""PDF files → Document: the text layer's frames in reading order.

    bytes ─ sandbox ─► a process of its own, with limits ─ text_layer ─► glyphs ─ lines ─► printed lines ─ blocks ─┐
                                   text and frames ◄─ blocks as a reader takes them ◄─ reading_order ◄─ blocks ◄──┘

sandbox runs the parser so that no file can hold up, fill or crash this process · text_layer takes glyphs and their
places from PDFium; the machine's fonts have no part in it, since substitution gives PDFium the one font of stand_in for
every font that a PDF names and does not carry · lines joins what stands on one baseline, blocks lines of one size in one column.
"""

from index.read.pdf.sandbox import read_pdf

__all__ = ["read_pdf"]
