"""Text layers as recognition (OCR) writes them over a scan: what stood on one line of one size jitters.

An engine measures boxes on the picture, and writes each line, word or character into its own box: sizes go with the height
of what the line happens to hold, left edges and widths with the ink, baselines with the page's grain. Nothing is painted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from news_pdf import TEXTS
from pdf_writer import Show, column

Unit = Literal["line", "word", "character"]


@dataclass(frozen=True, slots=True)
class Jitter:
    """Standard deviations of what an engine measures, in shares of the type size.

    Args:
        baseline, left: of a line's place.
        size: of its height.
        width: of its width, in shares of the width.
        unit: what has a box of its own; a smaller unit jitters by itself, by half as much, besides its line.
        by_rows: written row by row over all columns, as by an engine that knows no columns.
    """

    baseline: float = 0.03
    left: float = 0.05
    size: float = 0.04
    width: float = 0.01
    unit: Unit = "line"
    by_rows: bool = False


JITTERS: dict[str, Jitter] = {
    "lines": Jitter(),
    "lines, more": Jitter(baseline=0.06, left=0.08, size=0.08, width=0.02),
    "words": Jitter(unit="word"),
    "characters": Jitter(unit="character"),
    "characters, more": Jitter(baseline=0.05, left=0.06, size=0.07, unit="character"),
    "lines by rows": Jitter(by_rows=True),
    "characters by rows": Jitter(unit="character", by_rows=True),
}


def recognised(shows: Sequence[Show], jitter: Jitter, seed: int) -> list[Show]:
    """Return a page's lines as an engine would have written them over its picture."""
    rng = Random(seed)
    lines = sorted(shows, key=lambda show: (round(show.y), show.x)) if jitter.by_rows else shows
    return [unit for line in lines for unit in _units(_moved(line, jitter, rng, 1.0), jitter, rng)]


def _moved(show: Show, jitter: Jitter, rng: Random, share: float) -> Show:
    em = show.size * share
    size = show.size * (1 + rng.gauss(0, jitter.size * share))
    top = show.y + rng.gauss(0, jitter.baseline * em) - 0.88 * (size - show.size)
    width = 1 + rng.gauss(0, jitter.width * share)
    left = show.x + rng.gauss(0, jitter.left * em)
    return replace(show, x=left, y=top, size=round(size, 2), stretch=show.stretch * show.size / size * width, is_invisible=True)  # fmt: skip


def _units(line: Show, jitter: Jitter, rng: Random) -> Iterator[Show]:
    if jitter.unit == "line":
        yield line
        return
    at, length = 0, len(line.text)
    x = line.x
    while at < length:
        end = at + (1 if jitter.unit == "character" else min(rng.randint(1, 4), length - at))
        text = line.text[at:end]
        unit = replace(line, x=x, text=text)
        if text.strip():
            yield _moved(unit, jitter, rng, 0.5)
        x += line.size * line.stretch * sum(0.5 if char.isascii() else 1.0 for char in text)
        at = end


def newspaper_page(rng: Random) -> list[list[Show]]:
    """Return a page of bands of articles, text frame by text frame in reading order: headlines, columns."""
    size, gutter_em = rng.choice((9.0, 9.5, 10.0, 10.5)), rng.choice((0.7, 0.8, 1.0, 1.2, 1.5, 2.0))
    lead, chars = rng.choice((1.3, 1.4, 1.55)), rng.choice((11, 13, 14, 17))
    step = size * (chars + gutter_em)
    columns = int((640 - 2 * 30) // step)
    frames: list[list[Show]] = []
    y = 40.0
    while y < 640:
        spans = (
            [columns] if columns < 3 or rng.random() < 0.4 else [(cut := rng.randint(1, columns - 1)), columns - cut]
        )
        rows = rng.randint(6, 16)
        first, head = 0, rng.choice((16.0, 20.0, 26.0))
        for span in spans:
            title = rng.choice(TEXTS)[8 : 8 + max(4, min(14, int(span * step / head) - 1))]
            title = "".join(char for char in title if char.isalnum())
            frames.append([Show(30 + first * step, y, head, title)])
            text = "".join(rng.sample(TEXTS, len(TEXTS)))
            at = 0
            for number in range(span):
                left = rows if number < span - 1 else rows - rng.randint(0, 2)
                frames.append(
                    column(30 + (first + number) * step, y + head + 12, text[at : at + chars * left], size, chars, lead)
                )
                at += chars * left
            first += span
        y += head + 12 + rows * size * lead + 24
    return frames
