"""Recognised lines → glyphs as a text layer has them: the sheet set straight, sizes of type made equal, gaps shown.

corners ─ turned back ─► boxes ─ pitch and height ─► sizes ─ clustered ─► glyphs, evenly spaced

What page_glyphs gives of a text layer, this gives of a picture: the same way leads on.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from index.read.ocr import RecognisedLine, RecognisedPage
from index.read.pdf.lines import ASCENT_EM, DESCENT_EM, Glyph, is_wide

# The ink of a line of Chinese is .92 to 1.09 em high, the more the lower its marks hang; of figures and capitals .75.
CHINESE_INK_EM: Final = 1.0
LATIN_INK_EM: Final = 0.75
HEIGHT_ERROR: Final = 0.22  # natural logarithm of a ratio, as the two below
PITCH_BELOW_HEIGHT: Final = 0.35
SAME_SIZE_SHARE: Final = 0.065  # sizes of one type come out less far apart, those of sub-heading and body further
ALIGNED_EM: Final = 0.3
NARROW_EM: Final = 0.5
PITCH_EMS: Final = 4.0  # of shorter lines the pitch is no size
WIDE_SHARE: Final = 0.6
SURE: Final = 50  # per cent; of 81,593 characters of 40 printed pages two came out below, one of them wrong
MAX_SKEW_DEGREES: Final = 5.0
_OPENING, _CLOSING = "“‘（《『「【", "，。、；：？！”’）》』」】"


@dataclass(slots=True)
class _Line:
    text: str
    left: float
    top: float
    right: float
    bottom: float
    places: Sequence[float]
    size: float = 0.0

    @property
    def ems(self) -> float:
        return sum(map(_width, self.text))

    @property
    def is_upright(self) -> bool:
        return not self.places


def glyphs_of(page: RecognisedPage, own: Sequence[Glyph] = ()) -> list[Glyph]:
    """Return a page's characters with their places, lines one after the other from left to right.

    Args:
        own: what the page's text layer says besides, an archive's line for example: kept where nothing was recognised.
    """
    skew = _skew(page.lines)
    lines = [_set_straight(line, skew) for line in page.lines]
    _size(lines)
    _align(lines)
    lines.sort(key=lambda line: (line.left, line.top))
    found = [glyph for line in lines for glyph in (_stacked(line) if line.is_upright else _spaced(line))]
    return [*(glyph for glyph in own if not any(_is_in(glyph, line) for line in lines)), *found]


def flat_text(glyphs: Sequence[Glyph]) -> str:
    """Return the characters, each line on a line."""
    lines: list[list[str]] = [[]]
    for before, glyph in zip([None, *glyphs], glyphs, strict=False):
        if before and glyph.v != before.v:
            lines.append([])
        lines[-1].append(glyph.char)
    return "\n".join(map("".join, lines))


def find_unsure(page: RecognisedPage, text: str, start: int) -> list[tuple[int, int, int]]:
    """Return start, end and probability, in per cent, of the characters that recognition is not sure of.

    Args:
        text: the page's, as it was laid out; a line that was put in parts there is not found.
        start: of the text in its document.
    """
    found: list[tuple[int, int, int]] = []
    looked: dict[str, int] = {}
    for line in page.lines:
        if min(line.sure, default=100) >= SURE:
            continue
        at = text.find(line.text, looked.get(line.text, 0))
        if at >= 0:
            looked[line.text] = at + 1
            found += [
                (start + at + place, start + at + place + 1, sure)
                for place, sure in enumerate(line.sure)
                if sure < SURE and line.text[place].isalnum()  # marks are mistaken for one another at no cost
            ]
    return sorted(found)


def _is_in(glyph: Glyph, line: _Line) -> bool:
    left, top, right, bottom = glyph.box
    return line.left <= (left + right) / 2 <= line.right and line.top <= (top + bottom) / 2 <= line.bottom


def _skew(lines: Sequence[RecognisedLine]) -> float:
    """Return by how much a sheet lies askew, in radians: as most of its lines do, the longer the more they count."""
    angles: list[tuple[float, float]] = []
    for line in lines:
        x0, y0, x1, y1 = line.corners[:4]
        angle, length = math.atan2(y1 - y0, x1 - x0), math.hypot(x1 - x0, y1 - y0)
        if line.places and abs(math.degrees(angle)) <= MAX_SKEW_DEGREES:
            angles.append((angle, length))
    angles.sort()
    half = sum(length for _angle, length in angles) / 2
    for angle, length in angles:
        half -= length
        if half <= 0:
            return angle
    return 0.0


def _set_straight(line: RecognisedLine, skew: float) -> _Line:
    cos, sin = math.cos(skew), math.sin(skew)
    corners = list(zip(line.corners[::2], line.corners[1::2], strict=True))
    xs, ys = [x * cos + y * sin for x, y in corners], [y * cos - x * sin for x, y in corners]
    # Of a box that still lies a little askew, the middle between its corners.
    left, right = (xs[0] + xs[3]) / 2, (xs[1] + xs[2]) / 2
    top, bottom = (ys[0] + ys[1]) / 2, (ys[2] + ys[3]) / 2
    return _Line(line.text, left, top, right, bottom, line.places)


def _size(lines: Sequence[_Line]) -> None:
    """Give each line the size of its type: as measured, and the same for all that come out nearly the same."""
    heights = {id(line): _by_height(line) for line in lines}
    rest: list[_Line] = []
    short: list[_Line] = []
    for line in lines:
        line.size = _by_pitch(line, heights[id(line)])
        (rest if line.size else short).append(line)
    sizes: list[float] = []
    while rest:
        centre = max(rest, key=lambda line: _weight(line.size, rest)).size
        centre = median(line.size for line in rest if _is_like(line.size, centre) for _char in line.text)
        sizes.append(centre)
        for line in rest:
            line.size = centre if _is_like(line.size, centre) else line.size
        rest = [line for line in rest if line.size != centre]
    for line in short:
        height = heights[id(line)]
        nearest = min(sizes, key=lambda size: abs(math.log(size / height)), default=height)
        line.size = nearest if abs(math.log(nearest / height)) <= HEIGHT_ERROR else height


def _weight(size: float, lines: Sequence[_Line]) -> int:
    return sum(len(line.text) for line in lines if _is_like(line.size, size))


def _is_like(one: float, other: float) -> bool:
    return abs(math.log(one / other)) <= SAME_SIZE_SHARE


def _by_height(line: _Line) -> float:
    """Return a line's size as the height of its ink tells it, a fifth wrong at times: marks hang, figures are low."""
    if line.is_upright:
        return line.right - line.left
    ink = CHINESE_INK_EM if any(map(is_wide, line.text)) else LATIN_INK_EM
    return max((line.bottom - line.top) / ink, 1.0)


def _by_pitch(line: _Line, height: float) -> float:
    """Return a line's size as its characters' pitch tells it; 0 where it does not: they are few, Latin or spaced out."""
    ems = line.ems
    if line.is_upright or ems < PITCH_EMS or sum(map(is_wide, line.text)) < WIDE_SHARE * ems:
        return 0.0
    pitch = (line.right - line.left) / (ems - _unseen(line.text))
    return pitch if height * math.exp(-PITCH_BELOW_HEIGHT) <= pitch <= height * math.exp(HEIGHT_ERROR) else 0.0


def _unseen(text: str) -> float:
    """How much of a line's first and last character is no ink, in ems: marks fill a part of theirs."""
    first = 0.5 if text[0] in _OPENING else 0.05
    last = 0.6 if text[-1] in _CLOSING else 0.05
    return first + last


def _width(char: str) -> float:
    return 1.0 if is_wide(char) else NARROW_EM


def _align(lines: Sequence[_Line]) -> None:
    """Put lines of one type that stand on nearly the same height, or begin nearly below one another, exactly there."""
    flat = [line for line in lines if not line.is_upright]
    for group in _near(flat, lambda line: (line.top + line.bottom) / 2):
        middle = median((line.top + line.bottom) / 2 for line in group)
        for line in group:
            half = (line.bottom - line.top) / 2
            line.top, line.bottom = middle - half, middle + half
    for group in _near(flat, lambda line: line.left):
        left = median(line.left for line in group)
        for line in group:
            line.left = left


def _near(lines: Sequence[_Line], place: Callable[[_Line], float]) -> Iterator[list[_Line]]:
    """Yield the lines of one size in groups whose places are all within a part of an em."""
    group: list[_Line] = []
    for line in sorted(lines, key=lambda line: (line.size, place(line))):
        if group and (line.size != group[0].size or place(line) - place(group[0]) > ALIGNED_EM * line.size):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _spaced(line: _Line) -> list[Glyph]:
    """Return a line's characters, spaced evenly over its length."""
    total = line.ems
    step = (line.right - line.left) / total
    baseline = (line.top + line.bottom) / 2 + (ASCENT_EM - 0.5) * line.size
    top, bottom = baseline - ASCENT_EM * line.size, baseline + DESCENT_EM * line.size
    found, left = [], line.left
    for char in line.text:
        right = left + step * _width(char)
        found.append(Glyph.placed(char, line.size, 0, (left, top, right, bottom), (left, baseline)))
        left = right
    return found


def _stacked(line: _Line) -> list[Glyph]:
    """Return the characters of a line that runs downwards, each below the other."""
    step = (line.bottom - line.top) / len(line.text)
    found = []
    for number, char in enumerate(line.text):
        top = line.top + number * step
        baseline = top + ASCENT_EM * line.size
        box = (line.left, top, line.right, top + line.size)
        found.append(Glyph.placed(char, line.size, 0, box, (line.left, baseline)))
    return found
