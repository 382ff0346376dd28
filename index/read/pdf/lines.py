"""Glyphs → lines: what stands on one baseline without a column's gap in between."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

# The em box of CJK type: 0.88 above the baseline, 0.12 below (OpenType, ideoEmBoxBottom -120/1000).
ASCENT_EM: Final = 0.88
DESCENT_EM: Final = 0.12
# Columns are set 1 to 2 em apart; gaps in a line are below half an em, in badly justified Latin lines up to 1.
LINE_GAP_EM: Final = 0.8
# Two long pieces that do not follow one another in the file are columns, unless they nearly touch.
TOUCHING_EM: Final = 0.35
LONG_CHARS: Final = 4
LETTERSPACED_EM: Final = 2.5  # headlines and names are spaced out, glyph by glyph
BASELINE_EM: Final = 0.25  # digits of another font
RAISED_EM: Final = 0.5  # superscripts and subscripts, in type that is smaller by a quarter or more
_RAISED_RATIO: Final = 1.25
# Of the sizes that at least this share of a line is set in, the largest is the line's: small capitals, footnote marks.
_SIZE_SHARE: Final = 0.2
SIZE_RATIO: Final = 1.67
MAX_OPEN: Final = 400  # pieces within reach of one another; a page of share prices has some 100 on a line
STACK_CHARS: Final = 3  # three single characters below one another are a vertical line
_STACK_STEP_EM: Final = (0.7, 2.2)
_WORD_GAP_EM: Final = 0.18  # a blank of Latin type is a quarter em, a justified one may shrink
_BLANK_GAP_EM: Final = 0.7  # a full-width blank that is only a gap
_WIDE: Final = re.compile("[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\U00020000-\U0003ffff“”‘’…—]")


class Glyph(NamedTuple):
    """One character and where it stands, in the coordinates of its own line.

    Args:
        char: a character, or several for a ligature.
        size: type size in points.
        angle: the line's direction, clockwise: 0, 90, 180 or 270 degrees.
        u0, u1: where it begins and ends along the line, in points.
        v: its baseline, in points, growing downwards from the line's top.
        box: left, top, right, bottom on the page.
        lane: how many columns stand to the left of it, where gutters had to be looked for (index.read.pdf.jitter).
    """

    char: str
    size: float
    angle: int
    u0: float
    u1: float
    v: float
    box: tuple[float, float, float, float]
    lane: int = 0

    @staticmethod
    def placed(
        char: str, size: float, angle: int, corners: tuple[float, float, float, float], origin: tuple[float, float]
    ) -> "Glyph":
        """Return a glyph from two opposite corners of its box and its origin, in points from the page's top left."""
        left, right = sorted((corners[0], corners[2]))
        top, bottom = sorted((corners[1], corners[3]))
        u0, u1, v = {
            0: (left, right, origin[1]),
            90: (top, bottom, -origin[0]),
            180: (-right, -left, -origin[1]),
            270: (-bottom, -top, origin[0]),
        }[angle]
        return Glyph(char, size, angle, u0, u1, v, (left, top, right, bottom))


@dataclass(slots=True)
class Line:
    """A printed line, or the part of one that a column holds.

    Args:
        text: its characters, blanks where the page shows gaps.
        size: its type size in points, of several the largest that is more than an exception.
        x0, y0, x1, y1: left, top, right, bottom on the page.
        is_vertical: read downwards (a stack of upright characters) or turned.
        is_watermark: printed askew, or over other lines.
        glyphs: those that its characters were printed by, blanks left out; none for what is printed askew.
    """

    text: str
    size: float
    x0: float
    y0: float
    x1: float
    y1: float
    is_vertical: bool = False
    is_watermark: bool = False
    glyphs: Sequence[Glyph] = ()

    @property
    def width(self) -> float:
        """Its extent from left to right, in points."""
        return self.x1 - self.x0


@dataclass(slots=True)
class _Run:
    glyphs: list[Glyph]
    first: int
    last: int

    @property
    def head(self) -> Glyph:
        return self.glyphs[0]

    @property
    def tail(self) -> Glyph:
        return self.glyphs[-1]


def is_wide(char: str) -> bool:
    """Tell whether a character is as wide as it is high: Chinese characters and their punctuation."""
    return bool(_WIDE.match(char))


def make_lines(glyphs: Iterable[Glyph]) -> list[Line]:
    """Return the lines of a page. Every glyph that is no blank is in exactly one of them."""
    runs: list[_Run] = []
    stacks: list[_Run] = []
    for run in _runs(glyphs):
        (stacks if run.head.angle == 0 and _is_stack(run.glyphs) else runs).append(run)
    lines = [_stacked(run.glyphs) for run in stacks]
    for angle in (0, 90, 180, 270):
        lines += [_line(run.glyphs) for run in _joined([run for run in runs if run.head.angle == angle])]
    return [line for line in lines if line.text]


def _runs(glyphs: Iterable[Glyph]) -> Iterator[_Run]:
    """Yield stretches of glyphs that follow one another both in the file and on the page."""
    run: _Run | None = None
    for number, glyph in enumerate(glyphs):
        if run is not None and _continues(run, glyph):
            run.glyphs.append(glyph)
            run.last = number
            continue
        if run is not None:
            yield from _whole_or_single(run)
        run = _Run([glyph], number, number)
    if run is not None:
        yield from _whole_or_single(run)


def _continues(run: _Run, glyph: Glyph) -> bool:
    if _follows(run.tail, glyph) and not (len(run.glyphs) > 1 and _is_below(run.glyphs[-2], run.tail)):
        return True
    return _is_below(run.tail, glyph) and (len(run.glyphs) == 1 or _is_below(run.glyphs[-2], run.tail))


def _whole_or_single(run: _Run) -> Iterator[_Run]:
    """Yield a run; one that goes downwards but is too short for a stack as single glyphs."""
    goes_down = len(run.glyphs) > 1 and _is_below(run.head, run.glyphs[1])
    if not goes_down or _is_stack(run.glyphs):
        yield run
        return
    yield from (_Run([glyph], run.first + place, run.first + place) for place, glyph in enumerate(run.glyphs))


def _follows(before: Glyph, after: Glyph, gap_em: float = LINE_GAP_EM) -> bool:
    """Tell whether a glyph stands on the same line right behind another one."""
    larger, smaller = max(before.size, after.size), min(before.size, after.size)
    return (
        before.angle == after.angle
        and before.lane == after.lane
        and larger <= SIZE_RATIO * smaller
        and abs(before.v - after.v) <= (BASELINE_EM if larger < _RAISED_RATIO * smaller else RAISED_EM) * larger
        and -0.6 * larger <= after.u0 - before.u1 <= gap_em * larger
    )


def _is_below(before: Glyph, after: Glyph) -> bool:
    """Tell whether an upright glyph stands below another one in a vertical line."""
    if before.angle or after.angle or abs(before.size - after.size) > 0.05 * before.size or before.char.isspace():
        return False
    low, high = _STACK_STEP_EM
    return (
        abs((before.u0 + before.u1) - (after.u0 + after.u1)) <= 0.5 * before.size
        and low * before.size <= after.v - before.v <= high * before.size
    )


def _is_stack(glyphs: list[Glyph]) -> bool:
    printed = [glyph for glyph in glyphs if not glyph.char.isspace()]
    return (
        len(printed) >= STACK_CHARS
        and all(_is_below(before, after) for before, after in pairwise(printed))
        and sum(is_wide(glyph.char) for glyph in printed) > len(printed) // 2
    )


def _joined(runs: list[_Run]) -> list[_Run]:
    """Join runs that the file holds apart, but that continue one another on the page."""
    runs = sorted(runs, key=lambda run: (run.head.v, run.head.u0))
    lines: list[_Run] = []
    open_lines: list[_Run] = []  # those whose baseline is still in reach
    for run in runs:
        open_lines = [line for line in open_lines if run.head.v - line.tail.v <= SIZE_RATIO * run.head.size]
        del open_lines[:-MAX_OPEN]
        before = [line for line in open_lines if _may_join(line, run)]
        after = [line for line in open_lines if _may_join(run, line)]
        if before:
            line = max(before, key=lambda line: line.tail.u1)
            line.glyphs += run.glyphs
            line.last = run.last
        elif after:
            line = min(after, key=lambda line: line.head.u0)
            line.glyphs[:0] = run.glyphs
            line.first = run.first
        else:
            line = _Run(list(run.glyphs), run.first, run.last)
            lines.append(line)
            open_lines.append(line)
    return _pulled_together(lines)


def _may_join(left: _Run, right: _Run) -> bool:
    in_sequence = right.first == left.last + 1
    long_ones = len(left.glyphs) >= LONG_CHARS and len(right.glyphs) >= LONG_CHARS
    gap_em = TOUCHING_EM if long_ones and not in_sequence else LINE_GAP_EM
    return _follows(left.tail, right.head, gap_em)


def _pulled_together(lines: list[_Run]) -> list[_Run]:
    """Join single glyphs that are spaced out evenly on one baseline (a headline of four characters over two columns)."""
    out: list[_Run] = []
    for line in sorted(lines, key=lambda line: (line.head.angle, round(line.head.v), line.head.u0)):
        before = out[-1] if out else None
        if (
            before is not None
            and len(line.glyphs) == 1
            and not line.head.char.isspace()
            and _is_spaced(before.glyphs[-2:])
            and abs(before.tail.size - line.head.size) < 0.1
            and _follows(before.tail, line.head, LETTERSPACED_EM)
            and line.first == before.last + 1
        ):
            before.glyphs += line.glyphs
            before.last = line.last
        else:
            out.append(line)
    return out


def _is_spaced(glyphs: Sequence[Glyph]) -> bool:
    return all(after.u0 - before.u1 > LINE_GAP_EM * before.size for before, after in pairwise(glyphs))


def _line(glyphs: list[Glyph]) -> Line:
    """Return a line with blanks where the page shows gaps."""
    printed = [glyph for glyph in glyphs if not glyph.char.isspace()]
    if not printed:
        return Line("", 0, 0, 0, 0, 0)
    size = _common_size(printed)
    blanks = {id(after) for before, after in pairwise(glyphs) if before.char.isspace()}
    spaced_out = len(printed) > 1 and _is_spaced(printed)
    text = printed[0].char
    for before, after in pairwise(printed):
        gap_em = (after.u0 - before.u1) / size
        wide = is_wide(before.char) or is_wide(after.char)
        if id(after) in blanks or (not spaced_out and gap_em >= (_BLANK_GAP_EM if wide else _WORD_GAP_EM)):
            text += " "
        text += after.char
    x0, y0, x1, y1 = _bounds(printed, size)
    return Line(text, size, x0, y0, x1, y1, is_vertical=printed[0].angle in (90, 270), glyphs=printed)


def _bounds(printed: list[Glyph], size: float) -> tuple[float, float, float, float]:
    u0, u1 = min(glyph.u0 for glyph in printed), max(glyph.u1 for glyph in printed)
    v = Counter(round(glyph.v, 1) for glyph in printed).most_common(1)[0][0]
    v0, v1 = v - ASCENT_EM * size, v + DESCENT_EM * size
    return {0: (u0, v0, u1, v1), 90: (-v1, u0, -v0, u1), 180: (-u1, -v1, -u0, -v0), 270: (v0, -u1, v1, -u0)}[
        printed[0].angle
    ]


def _stacked(glyphs: list[Glyph]) -> Line:
    printed = [glyph for glyph in glyphs if not glyph.char.isspace()]
    size = _common_size(printed)
    return Line(
        "".join(glyph.char for glyph in printed),
        size,
        min(glyph.u0 for glyph in printed),
        printed[0].v - ASCENT_EM * size,
        max(glyph.u1 for glyph in printed),
        printed[-1].v + DESCENT_EM * size,
        is_vertical=True,
        glyphs=printed,
    )


def _common_size(glyphs: list[Glyph]) -> float:
    counts = Counter(round(glyph.size, 1) for glyph in glyphs)
    return max(size for size, count in counts.items() if count >= min(_SIZE_SHARE * len(glyphs), max(counts.values())))
