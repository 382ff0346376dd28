"""PDF files → Document: the text layer's frames in reading order.

bytes ─ process ─► a process of its own, with limits ─ text_layer ─► glyphs ─ lines ─► lines ─ blocks ─► blocks
─ order ─► blocks in reading order ─► text and frames

The machine's fonts have no part in it: `substitution` gives PDFium the one font of `stand_in` for every font that a
PDF names and does not carry.
"""

from index.read.pdf.process import read_pdf

__all__ = ["read_pdf"]
