"""Damaged page text → what was printed, every change explained and every character's place kept.

    page text ─ characters ─► unseen characters, look-alikes, copies, subscripts, marks, kerning mended ─ hard_wraps ─► paragraphs
        │                                                                     ▲
        └─ lines: where they stand, how wide, whether the sentence goes on ───┘

characters mends one fault each in a function each · hard_wraps joins lines by the column's learnt width · mapped_text
carries each character's place in the document through all of it.
"""

from index.repair.characters import (
    close_kerning,
    mend,
    restore_subscripts,
    show_plainly,
    undouble_headlines,
    widen_punctuation,
)
from index.repair.hard_wraps import rejoin_lines

__all__ = [
    "close_kerning",
    "mend",
    "rejoin_lines",
    "restore_subscripts",
    "show_plainly",
    "undouble_headlines",
    "widen_punctuation",
]
