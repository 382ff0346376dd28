"""Watermarks: what is printed slantwise, or over the text of a page, and belongs to none of it."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from index.read.pdf.lines import Glyph, Line

SLANT_DEGREES = 10.0
"""Type that runs less askew is a scan's."""
BEND_DEGREES = 8.0
_STEP_EM = (0.3, 3.0)
SLANTED_CHARS = 3
SLANTED_COPIES = 3
"""Two characters in a slanted row are a watermark where they stand so often on the page."""
LARGER = 1.3
"""Type laid over others is larger than they are."""
COVERED_LINES = 2
TILES = 4
MAX_COMPARED = 80
"""Lines that are held against all others of a page: a page has some ten headlines."""


def part_slanted(glyphs: Iterable[Glyph]) -> tuple[list[Glyph], list[Line]]:
    """Return the glyphs that stand upright or turned by right angles, and lines of those that run askew."""
    rows = list(_rows(glyphs))
    texts = Counter("".join(glyph.char for glyph in row).strip() for row in rows if len(row) > 1)
    upright: list[Glyph] = []
    slanted: list[Line] = []
    for row in rows:
        text = "".join(glyph.char for glyph in row).strip()
        if len(row) >= SLANTED_CHARS or (len(row) > 1 and texts[text] >= SLANTED_COPIES):
            slanted.append(_mark(text, row))
        else:
            upright += row
    return upright, slanted


def _rows(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    """Yield the glyphs in the file's order, those together that run askew in one direction."""
    row: list[Glyph] = []
    direction: float | None = None
    for glyph in glyphs:
        step = _direction(row[-1], glyph) if row else None
        if step is not None and (direction is None or _between(direction, step) <= BEND_DEGREES):
            direction = step if direction is None else direction
            row.append(glyph)
            continue
        if row:
            yield row
        row, direction = [glyph], None
    if row:
        yield row


def _direction(before: Glyph, after: Glyph) -> float | None:
    """The direction, in degrees, in which one glyph stands from another near it; None along the page's edges."""
    if before.char.isspace() or after.char.isspace() or abs(before.size - after.size) > 0.05 * before.size:
        return None
    (x0, y0), (x1, y1) = _centre(before), _centre(after)
    low, high = _STEP_EM
    if not low * before.size <= math.hypot(x1 - x0, y1 - y0) <= high * before.size:
        return None
    degrees = math.degrees(math.atan2(y1 - y0, x1 - x0))
    return degrees if SLANT_DEGREES <= degrees % 90 <= 90 - SLANT_DEGREES else None


def _between(one: float, other: float) -> float:
    return abs((one - other + 180) % 360 - 180)


def _centre(glyph: Glyph) -> tuple[float, float]:
    left, top, right, bottom = glyph.box
    return (left + right) / 2, (top + bottom) / 2


def _mark(text: str, row: Sequence[Glyph]) -> Line:
    lefts, tops, rights, bottoms = zip(*(glyph.box for glyph in row), strict=True)
    return Line(text, row[0].size, min(lefts), min(tops), max(rights), max(bottoms), is_watermark=True)


def mark_overprints(lines: Sequence[Line]) -> list[Line]:
    """Return a page's lines, those marked that are printed over others: large type, or one text tiled over the page."""
    upright = [line for line in lines if not line.is_watermark]
    sizes: Counter[float] = Counter()
    for line in upright:
        sizes[round(line.size * 2) / 2] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    copies = Counter((line.text, round(line.size)) for line in upright if len(line.text) > 1)
    large = [line for line in upright if line.size >= LARGER * body][:MAX_COMPARED]
    over = {id(line) for line in large if _covered(line, upright, larger=LARGER) >= COVERED_LINES}
    tiled = {key for key, count in copies.items() if count >= TILES}
    tiles = [line for line in upright if (line.text, round(line.size)) in tiled][:MAX_COMPARED]
    laid = {(line.text, round(line.size)) for line in tiles if _covered(line, upright, larger=0.0)}
    return [
        replace(line, is_watermark=True) if id(line) in over or (line.text, round(line.size)) in laid else line
        for line in lines
    ]


def _covered(line: Line, lines: Sequence[Line], larger: float) -> int:
    """How many lines of smaller type, or of another text, a line is printed over."""
    return sum(
        other.size * larger <= line.size
        and other.text != line.text
        and min(line.y1, other.y1) - max(line.y0, other.y0) >= 0.5 * min(other.y1 - other.y0, line.y1 - line.y0)
        and min(line.x1, other.x1) - max(line.x0, other.x0) >= 0.8 * min(other.size, line.size)
        for other in lines
        if other is not line
    )
