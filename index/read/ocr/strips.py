"""The picture of a page and the boxes of its lines → strips, as the reading network takes them, and where their ink is."""

from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Gray = npt.NDArray[np.uint8]
Ink = npt.NDArray[np.bool_]
Quad = npt.NDArray[np.float32]
"""(4, 2) corners of a box in pixels: top left, top right, bottom right, bottom left of its text."""

STRIP_HEIGHT: Final = 48  # of the reading network's input
UPRIGHT_RATIO: Final = 1.8  # a box so much higher than wide is a line that runs downwards
CELL_STEPS: Final = (1.7, 0.9)  # widths of its ink, from one character to the one below it
CELL_PAD: Final = 0.08
PAPER_PERCENTILE, INK_PERCENTILE = 80, 1
INK_SHARE: Final = 0.6  # of the way from ink to paper: what is darker is ink
BLANK_EM: Final = 0.38  # of the ink's height; a blank is half an em wide, and characters leave margins besides


class Strip(NamedTuple):
    """A line cut out of its page.

    Args:
        ink: the box around its ink, as shares of the strip's width and height.
        gaps: begin and end of the gaps in it that a blank may have left, in the same shares.
    """

    image: Gray
    quad: Quad
    ink: tuple[float, float, float, float]
    gaps: list[tuple[float, float]]


def extent(quad: Quad) -> tuple[float, float]:
    """Return a box's width and height."""
    return float(np.linalg.norm(quad[1] - quad[0])), float(np.linalg.norm(quad[3] - quad[0]))


def is_upright(quad: Quad) -> bool:
    """Tell whether a box holds a line that runs downwards."""
    width, height = extent(quad)
    return height >= UPRIGHT_RATIO * width


def warped(gray: Gray, quad: Quad) -> Gray:
    """Return what stands in a box as an upright picture."""
    import cv2

    width, height = (max(round(side), 1) for side in extent(quad))
    upright = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(quad, upright)
    border = cv2.BORDER_REPLICATE
    image: Gray = cv2.warpPerspective(gray, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=border)
    return image


def cut_out(gray: Gray, quad: Quad) -> Strip | None:
    """Cut a line out of its page; one that runs downwards is laid on its side, its characters upright."""
    import cv2

    image = warped(gray, quad)
    if min(image.shape) < 3:
        return None
    is_ink = _is_ink(image)
    if is_upright(quad):
        left, right, top, bottom = _inked(is_ink.T)
        cells = _cells(image, is_ink, (left, top, right, bottom))
        image = np.hstack(
            [cv2.resize(cell, (STRIP_HEIGHT, STRIP_HEIGHT), interpolation=cv2.INTER_AREA) for cell in cells]
        )
    else:
        top, bottom, left, right = _inked(is_ink)
        width = max(round(image.shape[1] * STRIP_HEIGHT / image.shape[0]), 1)
        image = cv2.resize(image, (width, STRIP_HEIGHT), interpolation=cv2.INTER_AREA)
    height, width = is_ink.shape
    gaps = [] if is_upright(quad) else _gaps(is_ink[top:bottom, left:right])
    gaps = [((left + first) / width, (left + last) / width) for first, last in gaps]
    return Strip(image, quad, (left / width, top / height, right / width, bottom / height), gaps)


def _is_ink(image: Gray) -> Ink:
    paper, ink = np.percentile(image, (PAPER_PERCENTILE, INK_PERCENTILE))
    if paper < np.mean(image):  # white on black
        image, paper, ink = 255 - image, 255 - paper, 255 - np.percentile(image, 100 - INK_PERCENTILE)
    return np.asarray(image < ink + INK_SHARE * (paper - ink))


def _inked(is_ink: Ink) -> tuple[int, int, int, int]:
    """Return first and last row, first and last column of a line's ink; rows of the lines above and below left out."""
    height, width = is_ink.shape
    rows = np.asarray(is_ink.any(axis=1))
    top = bottom = height // 2
    # Marks of one line are parted by less than a seventh of its height.
    gap = max(height // 14, 1)
    while top > 0 and rows[max(top - gap, 0) : top].any():
        top -= 1
    while bottom < height and rows[bottom : bottom + gap].any():
        bottom += 1
    columns = np.flatnonzero(is_ink[top:bottom].any(axis=0))
    if bottom - top < height // 4 or not len(columns):
        return 0, height, 0, width
    return top, bottom, int(columns[0]), int(columns[-1]) + 1


def _gaps(is_ink: Ink) -> list[tuple[float, float]]:
    """Return first and last column of each gap that is as wide as a blank and stands out among the line's gaps."""
    columns = np.flatnonzero(is_ink.any(axis=0))
    widths = np.diff(columns) - 1
    usual = widths[widths > 0]
    least = max(BLANK_EM * is_ink.shape[0], 2.5 * float(np.median(usual)) if len(usual) else 0.0)
    return [(float(columns[at]) + 1, float(columns[at + 1])) for at in np.flatnonzero(widths >= least)]


def _cells(image: Gray, is_ink: Ink, box: tuple[int, int, int, int]) -> list[Gray]:
    """Cut a line that runs downwards between its characters: into as many as can be without cutting through ink."""
    left, top, right, bottom = box
    rows = is_ink[:, left:right].mean(axis=1)
    width, length = right - left, bottom - top

    def met(count: int) -> float:
        cuts = [top + round(length * number / count) for number in range(1, count)]
        return round(float(np.mean([rows[cut - 1 : cut + 2].mean() for cut in cuts])), 1) if cuts else 1.0

    least, most = (max(round(length / (step * width)), 1) for step in CELL_STEPS)
    count = min(range(least, most + 1), key=lambda count: (met(count), -count))
    edges = [top + round(length * number / count) for number in range(count + 1)]
    pad = round(CELL_PAD * width)
    columns = slice(max(left - pad, 0), right + pad)
    return [image[max(one - pad, 0) : other + pad, columns] for one, other in pairwise(edges)]


def point(quad: Quad, x: float, y: float) -> npt.NDArray[np.float64]:
    """Return the point at a share of a box's width and height."""
    above, below = quad[0] + (quad[1] - quad[0]) * x, quad[3] + (quad[2] - quad[3]) * x
    return np.asarray(above + (below - above) * y, np.float64)
