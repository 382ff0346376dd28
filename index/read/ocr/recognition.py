"""The picture of a page → its printed lines. The only importer of the recognition engine.

    picture ─ found lines: boxes ─ cut out: strips ─ read: characters, each with its probability and place

Source: PP-OCRv6 (PaddleOCR, Apache-2.0) in the package rapidocr: lines are found by differentiable binarization (Liao et
al. 2020, arXiv 1911.08947) and read by a network under CTC (Graves et al. 2006).
"""

from collections.abc import Sequence
from functools import cache
from importlib import resources
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from index.read.ocr.kept_pages import PageImage, RecognisedLine, RecognisedPage
from index.read.ocr.strips import Gray, Quad, cut_out, extent, is_upright, point, warped

if TYPE_CHECKING:
    from rapidocr import RapidOCR


# Longer side, in pixels, of the picture in which lines are looked for. Of four pages of newspaper type it finds the same
# 515 lines as one of 2,000 pixels, in half the time.
SOUGHT_SIDE: Final = 1440
# Boxes are twice as high as their type. Where most are lower than this, lines are looked for in a larger picture.
LOW_BOX: Final = 13.0
WANTED_BOX: Final = 18.0
BAND_PIXELS: Final = 2_000_000  # of a larger picture at a time: what looking for lines may take of memory
BAND_OVERLAP: Final = 0.25
_MARKS: Final = frozenset("，。、；：？！”’）》』」】…—·“‘（《『「【,.;:?!()%")  # have a gap of their own
_LAST_NARROW: Final = "\u2e7f"  # before the blocks of Chinese
_FULL_WIDTH: Final = str.maketrans(",;:?!()", "，；：？！（）")
# The longest lines of two printed pages came out with .99 on average, on their head with .53 and .49.
LOST_SURE: Final = 0.75
SAMPLED: Final = 8
LONG_RATIO: Final = 4


def recognise(image: PageImage) -> RecognisedPage:
    """Return the printed lines of a page, in no order. A sheet that lies on its side or its head is turned first.

    Raises:
        ImportError: the extra is not installed.
    """
    gray = image.gray
    quads = _find_lines(gray)
    turns = _turns(gray, quads)
    if turns:
        gray = np.ascontiguousarray(np.rot90(gray, turns))
        quads = _find_lines(gray)
    strips = [strip for quad in quads if (strip := cut_out(gray, quad))]
    scale = image.points_per_pixel
    lines = []
    for strip, read in zip(strips, _read([strip.image for strip in strips]), strict=True):
        text, sure, places = _with_blanks(read, strip.gaps)
        if text.strip():
            left, top, right, bottom = strip.ink
            corners = [point(strip.quad, x, y) for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))]
            within = [(place - left) / max(right - left, 1e-6) for place in places]
            lines.append(
                RecognisedLine(
                    text,
                    [round(float(value) * scale, 2) for value in chain.from_iterable(corners)],
                    [round(100 * value) for value in sure],
                    [] if is_upright(strip.quad) else [round(min(max(place, 0.0), 1.0), 3) for place in within],
                )
            )
    height, width = gray.shape
    return RecognisedPage(round(width * scale, 1), round(height * scale, 1), lines, turns)


@cache
def _engine() -> "RapidOCR":
    import cv2
    from rapidocr import RapidOCR

    cv2.setNumThreads(1)  # several pages are read at a time, each by a process of its own
    models = resources.files("rapidocr") / "models"  # named, so that nothing is ever looked for elsewhere
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": 1 << 20,  # pictures are made small here
            "Global.return_word_box": True,
            "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
            "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _find_lines(gray: Gray) -> list[Quad]:
    """Return the boxes around a picture's lines; in a second, larger picture where the type is small."""
    scale = min(1.0, SOUGHT_SIDE / max(gray.shape))
    quads = _found(gray, scale)
    if scale < 1.0 and quads:
        low = float(np.median([min(extent(quad)) for quad in quads])) * scale
        if low < LOW_BOX:
            quads = _found(gray, min(1.0, scale * WANTED_BOX / low))
    return quads


def _found(gray: Gray, scale: float) -> list[Quad]:
    import cv2

    small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1.0 else gray
    height, width = small.shape
    band = max(BAND_PIXELS // width, 1)
    step = height if height <= band else max(int(band * (1 - BAND_OVERLAP)), 1)
    quads: list[Quad] = []
    for top in range(0, height, step):
        # Each line belongs to the band in whose middle part it stands; there it is not cut.
        margin = (band - step) / 2
        first, last = (top + margin if top else -1.0), (top + step + margin if top + band < height else height + 1.0)
        part = cv2.cvtColor(small[top : top + band], cv2.COLOR_GRAY2BGR)
        for quad in _boxes(part):
            quad[:, 1] += top
            if first <= quad[:, 1].mean() < last:
                quads.append(quad / scale)
        if top + band >= height:
            break
    return quads


def _boxes(picture: npt.NDArray[np.uint8]) -> list[Quad]:
    found = _engine()(picture, use_det=True, use_cls=False, use_rec=False)
    boxes = getattr(found, "boxes", None)
    return [] if boxes is None else [np.asarray(box, np.float32) for box in boxes]


def _turns(gray: Gray, quads: Sequence[Quad]) -> int:
    """Return by how many quarter turns, counter-clockwise, a sheet must be turned to be read.

    Lines that run downwards are either a sheet on its side or vertical writing, which is read in no other position.
    """
    long = [quad for quad in quads if max(extent(quad)) >= LONG_RATIO * min(extent(quad))]
    if not long:
        return 0
    quarter = int(sum(map(is_upright, long)) > len(long) / 2)
    sample = sorted(long, key=lambda quad: -max(extent(quad)))[:SAMPLED]
    images = [np.rot90(warped(gray, quad), quarter) for quad in sample]
    if _mean_sure(images) >= LOST_SURE:
        return quarter
    return quarter + 2 if _mean_sure([np.rot90(image, 2) for image in images]) >= LOST_SURE else 0


def _mean_sure(images: Sequence[Gray]) -> float:
    read = _read([np.ascontiguousarray(image) for image in images])
    return float(np.mean([np.mean(sure) if len(sure) else 0.0 for _text, sure, _places in read])) if images else 0.0


def _read(images: Sequence[Gray]) -> list[tuple[str, list[float], list[float]]]:
    """Return of each strip its text, the probability of each character, and its place as a share of the strip's width."""
    import cv2

    if not images:
        return []
    engine = _engine()
    engine.return_word_box = True
    found = engine.recognize_txt([cv2.cvtColor(image, cv2.COLOR_GRAY2BGR) for image in images])
    return [_characters(text, words) for text, words in zip(found.txts, found.word_results, strict=True)]


def _with_blanks(
    read: tuple[str, list[float], list[float]], gaps: Sequence[tuple[float, float]]
) -> tuple[str, list[float], list[float]]:
    """Put blanks where the page shows a gap that no mark explains: the network leaves most of them out."""
    text, sure, places = read
    for first, last in reversed(gaps):
        middle = (first + last) / 2
        after = next((at for at, place in enumerate(places) if place > middle), len(text))
        if 0 < after < len(text) and not any(char.isspace() or char in _MARKS for char in text[after - 1 : after + 1]):
            text = f"{text[:after]} {text[after:]}"
            sure[after:after], places[after:after] = [1.0], [middle]
    return text, sure, places


def _characters(text: str, words: Any) -> tuple[str, list[float], list[float]]:
    """Return a line's characters. The network takes marks at half their width for those at full, and the other way round."""
    text = text[:1] + "".join(
        char.translate(_FULL_WIDTH) if before > _LAST_NARROW else char for before, char in pairwise(text)
    )
    sure = [float(value) for value in words.confs][: len(text)]
    steps = iter(chain.from_iterable(words.word_cols))
    places: list[float] = []
    for char in text:
        place = None if char.isspace() else next(steps, None)
        places.append(places[-1] if place is None and places else (place or 0.0) + 0.5)
    return text, sure, [place / max(words.line_txt_len, 1.0) for place in places]
