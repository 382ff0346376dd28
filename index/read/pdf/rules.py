"""The straight lines that a page draws upright or level: rules of tables, of columns, of frames. Asks PDFium for its paths."""

import math
from collections.abc import Callable, Iterator
from ctypes import byref, c_float, c_int
from itertools import pairwise
from typing import Any, Final, NamedTuple

MAX_SEGMENTS: Final = 20_000  # on one page; a map or a chart has more, a table some hundred
THIN_PT: Final = 2.5  # a filled rectangle that is no wider is a rule
MIN_LENGTH_PT: Final = 6.0
_STRAIGHT_PT: Final = 0.8
_MAX_DEPTH: Final = 4  # of drawings within drawings

Point = tuple[float, float]


class Rule(NamedTuple):
    """A level or upright line, in points from the page's top left: left, top, right, bottom."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def is_level(self) -> bool:
        """Whether it runs from left to right."""
        return self.x1 - self.x0 > self.y1 - self.y0


def find_rules(page: Any, to_page: Callable[[float, float], Point]) -> list[Rule]:
    """Return the rules of a page; none where it draws more than any table has.

    Args:
        to_page: maps the page's own coordinates to those of its top left corner as shown.
    """
    import pypdfium2

    rules: list[Rule] = []
    seen = 0
    try:
        for path, matrix in _paths(page):
            for outline, is_filled in _outlines(path, matrix, to_page):
                seen += len(outline)
                if seen > MAX_SEGMENTS:
                    return []
                rules += _rules_of(outline, is_filled)
    except pypdfium2.PdfiumError:  # a drawing that cannot be followed; the text is whole all the same
        return []
    return rules


def _paths(page: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the paths of a page, those in drawings that it places too, with their matrix."""
    import pypdfium2.raw as pdfium

    for found in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_PATH,), max_depth=_MAX_DEPTH):
        matrix = found.get_matrix()
        container = found.container
        while container is not None:
            matrix = matrix.multiply(container.get_matrix())
            container = container.container
        yield found.raw, matrix


def _outlines(path: Any, matrix: Any, to_page: Callable[[float, float], Point]) -> Iterator[tuple[list[Point], bool]]:
    """Yield the points of each outline of a path, and whether it is only filled; curves are passed over."""
    import pypdfium2.raw as pdfium

    fill, stroke = c_int(), c_int()
    pdfium.FPDFPath_GetDrawMode(path, byref(fill), byref(stroke))
    if not fill.value and not stroke.value:
        return
    points: list[Point] = []
    x, y = c_float(), c_float()
    for number in range(min(pdfium.FPDFPath_CountSegments(path), MAX_SEGMENTS + 1)):
        segment = pdfium.FPDFPath_GetPathSegment(path, number)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, byref(x), byref(y))
        if kind != pdfium.FPDF_SEGMENT_LINETO and points:
            yield points, not stroke.value
            points = []
        if kind in (pdfium.FPDF_SEGMENT_LINETO, pdfium.FPDF_SEGMENT_MOVETO):
            points.append(to_page(*matrix.on_point(x.value, y.value)))
            if pdfium.FPDFPathSegment_GetClose(segment):
                points.append(points[0])
    if points:
        yield points, not stroke.value


def _rules_of(outline: list[Point], is_filled: bool) -> Iterator[Rule]:
    if not all(math.isfinite(value) for point in outline for value in point):
        return
    xs, ys = zip(*outline, strict=True)
    box = Rule(min(xs), min(ys), max(xs), max(ys))
    width, height = box.x1 - box.x0, box.y1 - box.y0
    if min(width, height) <= THIN_PT and len(outline) > 2:  # a rectangle as thin as a line
        if max(width, height) >= MIN_LENGTH_PT:
            yield box
        return
    if is_filled:
        return
    for (ax, ay), (bx, by) in pairwise(outline):
        line = Rule(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
        width, height = line.x1 - line.x0, line.y1 - line.y0
        if min(width, height) <= _STRAIGHT_PT and max(width, height) >= MIN_LENGTH_PT:
            yield line
