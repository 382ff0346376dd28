"""Figures with intervals, and histograms, as SVG."""

import itertools
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from rag.evaluation.intervals import Interval
from rag.evaluation.report.html import add

WIDTH = 760
_LABEL, _VALUE = 230, 150
_ROW = 26
_HEIGHT = 170
_BASE = 36


def plot_intervals(figures: Sequence[tuple[str, Interval]], title: str) -> Element:
    """Return a bar from 0 to 1 for each figure, its interval as a line over the bar's end.

    Args:
        title: what is drawn, read out by a screen reader.
    """
    height = _ROW * len(figures) + 24
    svg = _svg(height, f"{title}, between 0 and 1, with 95 % intervals")
    span = WIDTH - _LABEL - _VALUE
    for tick in range(0, 101, 25):
        x = _LABEL + span * tick / 100
        add(svg, "line", class_="grid", x1=x, x2=x, y1=0, y2=height - 20)
        add(svg, "text", f"{tick / 100:g}", class_="tick", x=x, y=height - 5, text_anchor="middle")
    for number, (title, found) in enumerate(figures):
        top = _ROW * number + 4
        middle = top + 8
        low, value, high = (_LABEL + span * share for share in (found.low, found.value, found.high))
        add(svg, "text", title, x=_LABEL - 10, y=middle + 5, text_anchor="end")
        add(svg, "rect", class_="bar", x=_LABEL, y=top, width=round(value - _LABEL, 1), height=16, rx=2)
        add(
            svg,
            "path",
            class_="interval",
            d=f"M{low:.1f} {middle - 5}v10M{low:.1f} {middle}H{high:.1f}M{high:.1f} {middle - 5}v10",
        )
        text = add(svg, "text", x=WIDTH - _VALUE + 12, y=middle + 5)
        add(text, "tspan", f"{found.value:.3f}", class_="value")
        add(text, "tspan", f"  {found.low:.3f}–{found.high:.3f}", class_="tick", dx=6)
    return svg


def plot_histogram(bins: Sequence[tuple[str, int]], title: str) -> Element:
    """Return a column for each bin, its count above and its label below.

    Args:
        title: what is counted, read out by a screen reader.
    """
    svg = _svg(_HEIGHT + _BASE, title)
    most = max((count for _label, count in bins), default=1) or 1
    step = WIDTH / max(len(bins), 1)
    add(svg, "line", class_="grid", x1=0, x2=WIDTH, y1=_HEIGHT, y2=_HEIGHT)
    for number, (label, count) in enumerate(bins):
        tall = (_HEIGHT - 24) * count / most
        middle = step * (number + 0.5)
        width = min(step * 0.72, 64)
        add(
            svg,
            "rect",
            class_="bar",
            x=round(middle - width / 2, 1),
            y=round(_HEIGHT - tall, 1),
            width=round(width, 1),
            height=round(tall, 1),
            rx=2,
        )
        add(svg, "text", str(count), class_="value", x=middle, y=round(_HEIGHT - tall - 6, 1), text_anchor="middle")
        add(svg, "text", label, class_="tick", x=middle, y=_HEIGHT + 20, text_anchor="middle")
    return svg


def rank_bins(ranks: Sequence[int | None]) -> list[tuple[str, int]]:
    """Return how many questions have their first gold document at which rank."""
    edges = ((1, 1), (2, 2), (3, 3), (4, 5), (6, 10), (11, 20), (21, 10**9))
    names = ("1", "2", "3", "4–5", "6–10", "11–20", "later")
    bins = [
        (name, sum(rank is not None and low <= rank <= high for rank in ranks))
        for name, (low, high) in zip(names, edges, strict=True)
    ]
    return [*bins, ("not found", sum(rank is None for rank in ranks))]


def latency_bins(milliseconds: Sequence[float]) -> list[tuple[str, int]]:
    """Return how many answers took how long; each bin is twice as wide as the one before."""
    edges = [0.0, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, float("inf")]
    names = ["<10 ms", "<20", "<50", "<100", "<200", "<500", "<1 s", "<2 s", "<5 s", "<10 s", "<30 s", "≥30 s"]
    counts = [sum(low <= value < high for value in milliseconds) for low, high in itertools.pairwise(edges)]
    filled = [place for place, count in enumerate(counts) if count] or [0]
    return list(zip(names, counts, strict=True))[max(0, filled[0] - 1) : filled[-1] + 2]


def _svg(height: float, title: str) -> Element:
    return Element("svg", {"viewBox": f"0 0 {WIDTH} {height}", "role": "img", "aria-label": title})
