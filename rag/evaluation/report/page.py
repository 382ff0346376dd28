"""A result → one HTML page that needs nothing else: figures, parts, a histogram, the failures."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from rag.evaluation.report.html import add, to_page
from rag.evaluation.report.plots import plot_histogram, plot_intervals
from rag.evaluation.report.table import figure
from rag.evaluation.summary import MEASURES, Measure, Part, Result

_COLUMNS = 5
MAX_CARDS = 200
"""Failures on the page; a reader gives up long before, and questions.jsonl has them all."""


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts by bin, with a heading."""

    title: str
    bins: Sequence[tuple[str, int]]


def draw_page(result: Result, histogram: Histogram, failures: Sequence[Element], heading: str) -> bytes:
    """Return the page.

    Args:
        failures: cards, the worst first; the first MAX_CARDS are shown.
        heading: what the cards are.
    """
    body = Element("body")
    title = f"Evaluation of {result.kind}"
    add(body, "h1", title)
    _facts(body, result)
    whole, *others = result.parts
    _figures(body, result, whole)
    if others := [part for part in others if part.questions < whole.questions]:
        _parts(body, result, [whole, *others])
    add(body, "h2", histogram.title)
    _wide(body).append(plot_histogram(histogram.bins, histogram.title))
    add(body, "h2", f"{heading} ({len(failures)})")
    if not failures:
        add(body, "p", "None.")
    body.extend(failures[:MAX_CARDS])
    if len(failures) > MAX_CARDS:
        add(body, "p", f"{len(failures) - MAX_CARDS} more are in questions.jsonl beside this page.")
    return to_page(title, body)


def _facts(body: Element, result: Result) -> None:
    facts = add(body, "dl", class_="facts")
    for name, value in result.facts.items():
        if value is not None:
            add(facts, "dt", name)
            add(facts, "dd", str(value))
    whole = result.parts[0]
    add(facts, "dt", "asked")
    add(facts, "dd", f"{whole.questions} questions in {whole.groups} groups")
    add(facts, "dt", "intervals")
    add(facts, "dd", f"95 %, {result.samples} samples of whole groups, seed {result.seed}")


def _figures(body: Element, result: Result, whole: Part) -> None:
    add(body, "h2", "All questions")
    shares = [measure for measure in _measures(result, [whole]) if measure.share is None]
    plot = plot_intervals([(measure.title, whole.figures[measure.name]) for measure in shares], "all questions")
    _wide(body).append(plot)
    for measure in _measures(result, [whole]):
        if measure.share is not None:
            found = whole.figures[measure.name]
            low, value, high = (figure(each, measure) for each in (found.low, found.value, found.high))
            add(body, "p", f"{measure.title}: {value} ({low}–{high})")


def _parts(body: Element, result: Result, parts: Sequence[Part]) -> None:
    """The first measure of each part as a plot, all of them as tables that fit on a sheet of paper."""
    add(body, "h2", "By type and language")
    measures = _measures(result, parts)
    first = measures[0]
    add(body, "h3", first.title)
    bars = [
        (f"{part.name} ({part.questions})", part.figures[first.name]) for part in parts if first.name in part.figures
    ]
    _wide(body).append(plot_intervals(bars, first.title))
    for start in range(0, len(measures), _COLUMNS):
        _table(_wide(body), parts, measures[start : start + _COLUMNS])


def _table(parent: Element, parts: Sequence[Part], measures: Sequence[Measure]) -> None:
    table = add(parent, "table")
    head = add(add(table, "thead"), "tr")
    add(head, "th", "questions")
    for measure in measures:
        add(head, "th", measure.title)
    rows = add(table, "tbody")
    for part in parts:
        if not any(measure.name in part.figures for measure in measures):
            continue
        row = add(rows, "tr")
        add(add(row, "th", part.name, scope="row"), "small", f" {part.questions}")
        for measure in measures:
            found = part.figures.get(measure.name)
            cell = add(row, "td", figure(found.value if found else None, measure))
            if found:
                add(cell, "small", f"{figure(found.low, measure)}–{figure(found.high, measure)}")


def _wide(parent: Element) -> Element:
    """A box that scrolls sideways where the screen is narrow."""
    return add(parent, "div", class_="wide")


def _measures(result: Result, parts: Sequence[Part]) -> list[Measure]:
    return [measure for measure in MEASURES[result.kind] if any(measure.name in part.figures for part in parts)]
