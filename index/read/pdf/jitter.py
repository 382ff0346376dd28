"""Text layers that recognition (OCR) wrote: sizes and baselines that jitter are evened, gutters between columns found.

An engine measures boxes on a picture, so type of one size comes in dozens of sizes, and what stood on one line stands a
little above or below it. All that reads geometry after this expects what a typesetter set. A page that was born digital
has few sizes, and is left as it is.
"""

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from statistics import median
from typing import Final, NamedTuple

from index.read.pdf.lines import ASCENT_EM, DESCENT_EM, MAX_OPEN, Glyph, is_wide

# A page that was set has its text in some ten sizes; one that was measured has nearly one for each line.
FEW_SIZES: Final = 12
FEW_SIZES_SHARE: Final = 0.8
_STEPS_PER_POINT: Final = 20  # sizes closer than this are one: programs round them
MIN_MEASURED: Final = 100  # characters from which a page is judged
# What an engine measures deviates by a few hundredths; sub-headings are a tenth larger than the body, or more.
MIN_SPREAD: Final = 0.06
MAX_SPREAD: Final = 0.2
SPREADS: Final = 3.0
_LEVEL_EM: Final = 0.3  # baselines of one line
_IN_LINE_EM: Final = 0.45  # a gap between words that an engine cut apart; gutters have 0.7 and more
_GAP_EM: Final = 0.25
_GUTTER_EM: Final = (0.15, 4.0)  # widths of the white between two lines of neighbouring columns
_SHARED_EM: Final = 0.3  # white that lines below one another have in common, and how much their edges jitter
_BESIDE_EM: Final = 0.6  # lines of neighbouring columns may be half a line apart
_ROW: Final = 8.0  # points; lines are looked for in stripes of the page, in three at a time
_NEXT_LINE_EM: Final = 4.7  # to the next line but two: a paragraph may end short, a line reach over the white
MIN_GUTTER_LINES: Final = 3
EDGE_LINES: Final = 24  # by which a column's edge is told
OPEN_GUTTERS: Final = 40  # that go on at one height; a page has ten columns
MAX_GUTTERS: Final = 200  # a page of eight columns in a dozen bands has half of that
MIN_STEPS: Final = 2
LETTERSPACED: Final = 0.4  # of the logarithm: letters that are spaced out stand half an em apart, or more


class _White(NamedTuple):
    """The white between two stretches on one line: left, right, and the baseline and type size of the left one."""

    x0: float
    x1: float
    v: float
    size: float


@dataclass(slots=True)
class _Gutter:
    """White of lines below one another, between two columns."""

    whites: list[_White]
    top: float = 0.0
    bottom: float = 0.0

    def __post_init__(self) -> None:
        self.top = self.bottom = self.whites[0].v

    @property
    def size(self) -> float:
        """Type size of its columns."""
        return self.whites[0].size

    @property
    def edge(self) -> float:
        """The left edge of the column to the right, where most of its last lines begin; the others are set in."""
        edges = sorted(white.x1 for white in self.whites[-EDGE_LINES:])
        return edges[len(edges) // 4]


@dataclass(slots=True)
class _Stretch:
    """Glyphs that stand in one line without a gap, by their numbers in the page's order.

    Args:
        size, v: of most of them.
        pitch: from one Chinese character to the next; 0 where it has too few.
        gaps: where glyphs of it do not touch.
    """

    members: list[int]
    size: float
    v: float
    u0: float
    u1: float
    pitch: float
    gaps: list[tuple[float, float]]


def even_out(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Return a page's glyphs in their order; where they jitter, with even sizes and baselines, and in lanes."""
    if not is_measured(glyphs):
        return list(glyphs)
    stretches = _stretches(glyphs)
    _even_sizes(stretches)
    _even_baselines(stretches)
    gutters = _gutters(stretches)
    evened = list(glyphs)
    for stretch in stretches:
        edges = [gutter.edge for gutter in gutters if _runs_along(gutter, stretch)]
        for number in stretch.members:
            evened[number] = _moved(glyphs[number], stretch.size, stretch.v, edges)
    return evened


def is_measured(glyphs: Sequence[Glyph]) -> bool:
    """Tell whether type sizes are many, as measured on a picture, not few, as set."""
    if len(glyphs) < MIN_MEASURED:
        return False
    sizes: Counter[int] = Counter()
    for size, count in Counter([glyph.size for glyph in glyphs]).items():
        if math.isfinite(size):
            sizes[round(size * _STEPS_PER_POINT)] += count
    few = sum(count for _size, count in sizes.most_common(FEW_SIZES))
    return few < FEW_SIZES_SHARE * sizes.total()


def _moved(glyph: Glyph, size: float, v: float, edges: Sequence[float]) -> Glyph:
    """Return a glyph on its line, in its lane; what reaches into the next lane ends before it."""
    middle = (glyph.u0 + glyph.u1) / 2
    u1 = max(glyph.u0, min([glyph.u1, *(edge - _GAP_EM * size for edge in edges if middle < edge)]))
    box = (glyph.u0, v - ASCENT_EM * size, u1, v + DESCENT_EM * size)
    return glyph._replace(size=size, v=v, u1=u1, box=box, lane=sum(edge < middle for edge in edges))


def _stretches(glyphs: Sequence[Glyph]) -> list[_Stretch]:
    """Part the upright glyphs where the file goes on elsewhere on the page, or behind a gap."""
    parts: list[list[int]] = []
    for number, glyph in enumerate(glyphs):
        if glyph.angle or not glyph.size > 0 or not math.isfinite(glyph.size + glyph.u0 + glyph.u1 + glyph.v):
            continue
        before = glyphs[parts[-1][-1]] if parts else None
        em = max(glyph.size, before.size) if before else 0.0
        if (
            before
            and abs(glyph.v - before.v) <= _LEVEL_EM * em
            and -0.6 * em <= glyph.u0 - before.u1 <= _IN_LINE_EM * em
        ):
            parts[-1].append(number)
        else:
            parts.append([number])
    return [_stretch(glyphs, part) for part in parts]


def _stretch(glyphs: Sequence[Glyph], members: list[int]) -> _Stretch:
    found = [glyphs[number] for number in members]
    size, v = (median(values) for values in ([glyph.size for glyph in found], [glyph.v for glyph in found]))
    steps = [after.u0 - before.u0 for before, after in pairwise(found) if is_wide(before.char) and is_wide(after.char)]
    pitch = median(steps) if len(steps) >= MIN_STEPS else 0.0
    gaps = [(before.u1, after.u0) for before, after in pairwise(found) if after.u0 - before.u1 >= _GAP_EM * size]
    return _Stretch(members, size, v, min(glyph.u0 for glyph in found), max(glyph.u1 for glyph in found), pitch, gaps)


def _even_sizes(stretches: Sequence[_Stretch]) -> None:
    """Give all stretches whose sizes lie around one size that size: first around the most frequent, then of the rest.

    Sizes are taken from the steps between Chinese characters where there are some: a length is measured better than a height.
    """
    known = [one for one in stretches if one.pitch > 0]
    ratio = median(one.size / one.pitch for one in known for _ in one.members) if known else 1.0
    known = [one for one in known if abs(math.log(one.pitch * ratio / one.size)) < LETTERSPACED]
    heights = _spread([math.log(one.size / one.pitch / ratio) for one in known for _ in one.members])
    for one in known:
        one.size = one.pitch * ratio
    sure = set(map(id, known))
    for before, after in pairwise(stretches):  # 温柏川 摄: one character has no pitch
        if _is_next(before, after) and (id(before) in sure) != (id(after) in sure):
            before.size = after.size = before.size if id(before) in sure else after.size
            sure |= {id(before), id(after)}
    centre = _densest(stretches) if stretches else 1.0
    lengths = _spread([math.log(one.size / centre) for one in known for _ in one.members])
    rest = list(stretches)
    while rest:
        centre = _densest(rest)
        left = []
        for one in rest:
            if abs(math.log(one.size / centre)) <= (lengths if id(one) in sure else max(lengths, heights)):
                one.size = centre
            else:
                left.append(one)
        rest = left


def _is_next(before: _Stretch, after: _Stretch) -> bool:
    return (
        abs(before.v - after.v) <= _LEVEL_EM * before.size
        and abs(math.log(before.size / after.size)) <= MAX_SPREAD
        and -0.6 * before.size <= after.u0 - before.u1 <= before.size
    )


def _spread(deviations: Sequence[float]) -> float:
    """Return how far measures of one size may lie apart, in logarithms, by those that lie near each other."""
    near = [abs(one) for one in deviations if abs(one) < MAX_SPREAD]
    return min(max(SPREADS * 1.48 * median(near), MIN_SPREAD), MAX_SPREAD) if near else MAX_SPREAD


def _densest(stretches: Sequence[_Stretch]) -> float:
    """Return the median of the sizes around which the most glyphs are."""
    steps: Counter[int] = Counter()
    for one in stretches:
        steps[round(math.log(one.size) / MIN_SPREAD)] += len(one.members)
    most = max(steps, key=lambda step: steps[step - 1] + 2 * steps[step] + steps[step + 1])
    sizes = sorted(
        one.size for one in stretches if abs(round(math.log(one.size) / MIN_SPREAD) - most) <= 1 for _ in one.members
    )
    return sizes[len(sizes) // 2]


def _even_baselines(stretches: Sequence[_Stretch]) -> None:
    """Put stretches that stand behind one another on one line."""
    lines: list[list[_Stretch]] = []
    ends: dict[int, list[list[_Stretch]]] = defaultdict(list)  # by height: the lines that a stretch may stand behind
    for one in sorted(stretches, key=lambda one: one.u0):
        row = int(one.v // _ROW)
        line = next((line for near in _around(row) for line in ends[near] if _is_behind(line[-1], one)), None)
        if line is None:
            line = []
            lines.append(line)
        line.append(one)
        ends[row] = [line, *(other for other in ends[row] if other is not line)][:MAX_OPEN]
    for line in lines:
        v = median(one.v for one in line for _ in one.members)
        for one in line:
            one.v = v


def _is_behind(before: _Stretch, after: _Stretch) -> bool:
    return (
        before.size == after.size
        and abs(before.v - after.v) <= _LEVEL_EM * after.size
        and -0.6 * after.size <= after.u0 - before.u1 <= _IN_LINE_EM * after.size
    )


def _around(row: int) -> tuple[int, int, int]:
    return row, row - 1, row + 1


def _gutters(stretches: Sequence[_Stretch]) -> list[_Gutter]:
    """Return the white that at least some lines below one another have in common."""
    gutters: list[_Gutter] = []
    open_ones: list[_Gutter] = []
    for white in sorted(_whites(stretches), key=lambda white: white.v):
        open_ones = [one for one in open_ones if white.v - one.whites[-1].v <= _NEXT_LINE_EM * white.size]
        del open_ones[:-OPEN_GUTTERS]
        found = next((one for one in open_ones if _goes_on(one, white)), None)
        if found:
            found.whites.append(white)
            found.bottom = white.v
        else:
            gutters.append(_Gutter([white]))
            open_ones.append(gutters[-1])
    gutters = [one for one in gutters if len({round(white.v) for white in one.whites}) >= MIN_GUTTER_LINES]
    gutters = sorted(gutters, key=lambda one: -len(one.whites))[:MAX_GUTTERS]
    for gutter in gutters:
        _lengthen(gutter, stretches)
    return gutters


def _lengthen(gutter: _Gutter, stretches: Sequence[_Stretch]) -> None:
    """Let a gutter run along the lines above and below it that begin at its edge too: the ones before them reach over it."""
    edge, reach = gutter.edge, _NEXT_LINE_EM * gutter.size
    heights = sorted(
        one.v for one in stretches if abs(one.u0 - edge) <= _SHARED_EM * gutter.size and _is_like(gutter.size, one.size)
    )
    for v in heights:
        if gutter.bottom < v <= gutter.bottom + reach:
            gutter.bottom = v
    for v in reversed(heights):
        if gutter.top - reach <= v < gutter.top:
            gutter.top = v


def _whites(stretches: Sequence[_Stretch]) -> Iterator[_White]:
    """Yield the white between each stretch and the next one to its right, where it is as wide as a gutter may be."""
    rows: dict[int, list[_Stretch]] = defaultdict(list)
    for one in sorted(stretches, key=lambda one: one.u0):
        rows[int(one.v // _ROW)].append(one)
    low, high = _GUTTER_EM
    for one in stretches:
        after = []
        for row in _around(int(one.v // _ROW)):
            others = rows.get(row, [])
            at = bisect_left(others, one.u1 - 0.6 * one.size, key=lambda other: other.u0)
            level = (other for other in others[at : at + MAX_OPEN] if abs(other.v - one.v) <= _BESIDE_EM * one.size)
            after += [other for other in islice(level, 1) if other is not one]
        nearest = min(after, key=lambda other: other.u0, default=None)
        if nearest and low * one.size <= nearest.u0 - one.u1 <= high * one.size:
            yield _White(one.u1, nearest.u0, one.v, one.size)
        yield from (_White(left, right, one.v, one.size) for left, right in one.gaps)


def _goes_on(gutter: _Gutter, white: _White) -> bool:
    last, slack = gutter.whites[-1], _SHARED_EM * white.size
    is_below = (
        white.x0 - slack <= gutter.edge <= white.x1 + slack or min(last.x1, white.x1) - max(last.x0, white.x0) >= slack
    )
    return is_below and _is_like(last.size, white.size)


def _runs_along(gutter: _Gutter, stretch: _Stretch) -> bool:
    """Tell whether a line of the columns' size stands at the height of a gutter; a headline may go over it."""
    slack = stretch.size / 2
    return gutter.top - slack <= stretch.v <= gutter.bottom + slack and _is_like(gutter.size, stretch.size)


def _is_like(size: float, other: float) -> bool:
    return abs(size - other) <= MIN_SPREAD * max(size, other)
