"""PDF files → Document: the text layer's frames in reading order.

bytes ─ process ─► a process of its own, with limits ─ text_layer ─► glyphs ─ lines ─► lines ─ blocks ─► blocks
─ order ─► blocks in reading order ─► text and frames
"""

from index.read.pdf.sandbox import read_pdf

__all__ = ["read_pdf"]
