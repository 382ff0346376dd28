"""What a perfect recognition would find on a printed page that lies a little askew, and where it is kept."""

import hashlib
import math
import random
from collections.abc import Sequence
from pathlib import Path

import msgspec
from pdf_writer import Show
from press.typesetting import width_of

from index.read.ocr import RecognisedLine, RecognisedPage
from index.read.ocr.kept_pages import keep

INK_EM = (0.04, 0.96)
"""Where the ink of a line begins and ends below its top."""


def recognised(
    shows: Sequence[Show], size: tuple[float, float], degrees: float = 0.0, jitter_pt: float = 0.0, seed: int = 0
) -> RecognisedPage:
    """Return the lines of a page, each with the box around its ink, measured as well as pixels of `jitter_pt` allow."""
    rng = random.Random(seed)
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    lines = []
    for show in shows:
        width = show.size * (width_of(show.text) - (0.55 if show.text[-1] in "，。、；：？！”）》" else 0.05))
        corners = []
        for x, y in ((0.0, INK_EM[0]), (width, INK_EM[0]), (width, INK_EM[1]), (0.0, INK_EM[1])):
            px, py = show.x + x + rng.uniform(-jitter_pt, jitter_pt), show.y + y * show.size
            py += rng.uniform(-jitter_pt, jitter_pt)
            corners += [px * cos - py * sin, px * sin + py * cos]
        count = len(show.text)
        places = [(place + 0.5) / count for place in range(count)]
        lines.append(RecognisedLine(show.text, corners, [100] * count, places))
    rng.shuffle(lines)
    return RecognisedPage(*size, lines)


def keep_page(folder: Path, data: bytes, page: int, content: RecognisedPage) -> None:
    """Keep a page of a file as if it had been recognised."""
    keep(folder, hashlib.sha256(data).hexdigest(), page, msgspec.json.encode(content))
