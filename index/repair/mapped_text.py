"""Text that remembers where each of its characters stands in the document, through every edit."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from index.records import Fix, Origin


@dataclass(frozen=True, slots=True)
class Mapped:
    """A text with the place of each character in its document.

    Args:
        text: the characters.
        starts, ends: for each character, the slice of the document that it stands for. One character long where it
            was kept or replaced one for one; the whole damaged slice for every character of another replacement.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    @staticmethod
    def of(text: str) -> "Mapped":
        """A document's text as it was read."""
        return Mapped(text, range(len(text)), range(1, len(text) + 1))

    def __len__(self) -> int:
        return len(self.text)

    def find(self, place: int) -> int:
        """Return the offset of the first character that stands at this place of the document or after it."""
        return bisect_left(self.starts, place)

    def cut(self, start: int, end: int) -> "Mapped":
        """Return the slice."""
        return Mapped(self.text[start:end], self.starts[start:end], self.ends[start:end])

    def stripped(self, blanks: str | None = None) -> "Mapped":
        """Return the text without white space, or without these characters, at its ends."""
        start = len(self.text) - len(self.text.lstrip(blanks))
        return self.cut(start, max(start, len(self.text.rstrip(blanks))))

    def edited(self, fixes: Sequence[Fix]) -> tuple["Mapped", tuple[Fix, ...]]:
        """Apply the fixes that a repair function found in this text.

        Args:
            fixes: in the order of the text, not overlapping; their starts count in this text.
        Returns:
            the repaired text, and the same fixes with starts that count in the document.
        """
        if not fixes:
            return self, ()
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        moved: list[Fix] = []
        done = 0
        for fix in fixes:
            stop = fix.start + len(fix.before)
            pieces += (self.text[done : fix.start], fix.after)
            first, last = self._place(fix.start, stop)
            # What is replaced one for one keeps its characters' places.
            kept, new = (stop, 0) if len(fix.after) == len(fix.before) else (fix.start, len(fix.after))
            starts += self.starts[done:kept]
            ends += self.ends[done:kept]
            starts += [first] * new
            ends += [last] * new
            moved.append(Fix(fix.kind, first, fix.before, fix.after))
            done = stop
        pieces.append(self.text[done:])
        starts += self.starts[done:]
        ends += self.ends[done:]
        return Mapped("".join(pieces), starts, ends), tuple(moved)

    def _place(self, start: int, end: int) -> tuple[int, int]:
        """Return the document's slice for a slice of this text; an empty one where nothing stands there."""
        if start < end:
            return self.starts[start], self.ends[end - 1]
        place = self.starts[start] if start < len(self.text) else (self.ends[-1] if self.ends else 0)
        return place, place


def join(parts: Sequence[Mapped], glues: Sequence[str]) -> Mapped:
    """Join texts; the glue between two stands for nothing, at the end of what is before it.

    Args:
        parts: texts.
        glues: what parts each from the one before it; one less than there are parts.
    """
    starts: list[int] = []
    ends: list[int] = []
    text: list[str] = []
    for part, glue in zip(parts, ("", *glues), strict=True):
        place = ends[-1] if ends else 0
        starts += [place] * len(glue)
        ends += [place] * len(glue)
        starts += part.starts
        ends += part.ends
        text += (glue, part.text)
    return Mapped("".join(text), starts, ends)


def find_origins(text: Mapped) -> Iterator[Origin]:
    """Yield the slices of a text whose characters stand side by side in the document, as Origins in the text's order."""
    if not text.text:
        return
    starts, ends = np.array(text.starts, np.int64), np.array(text.ends, np.int64)
    single = ends == starts + 1
    same = (starts[1:] == starts[:-1]) & (ends[1:] == ends[:-1]) & ~single[1:]
    goes_on = same | (single[1:] & single[:-1] & (starts[1:] == ends[:-1]))
    firsts = np.concatenate([[0], np.flatnonzero(~goes_on) + 1])
    lasts = np.append(firsts[1:], len(text))
    places = (firsts, lasts, starts[firsts], ends[lasts - 1])
    yield from map(Origin, *(column.tolist() for column in places))


def replayed(text: str, fixes: Iterable[Fix]) -> str:
    """Apply fixes to the text whose offsets they give."""
    pieces: list[str] = []
    done = 0
    for fix in fixes:
        pieces += (text[done : fix.start], fix.after)
        done = fix.start + len(fix.before)
    return "".join((*pieces, text[done:]))
