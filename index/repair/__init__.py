"""Damaged page text → what was printed, every change explained and every character's place kept.

faults mends one fault each: copies of headlines, subscripts, half-width marks, kerning · columns undoes hard wraps ·
lines measures what was printed · mapped carries each character's place in the document through all of it
"""

from index.repair.characters import close_kerning, mend, restore_subscripts, undouble_headlines, widen_punctuation
from index.repair.hard_wraps import rejoin_lines

__all__ = ["close_kerning", "mend", "rejoin_lines", "restore_subscripts", "undouble_headlines", "widen_punctuation"]
