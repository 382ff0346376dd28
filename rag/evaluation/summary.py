"""Rows of single questions → figures of all questions, of each type and of each language, with intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from rag.evaluation import metrics
from rag.evaluation.intervals import BOOTSTRAP_SAMPLES, SEED, Bootstrap, Float64, Interval, interval, quantile

Kind = Literal["retrieval", "answers"]
SUMMARY = "summary.json"
"""Name of a result in the folder of a report."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured.

    Args:
        title: for tables and plots.
        higher_is_better: the sense in which a result gets better.
        gates: whether a drop can fail a comparison.
        source: the field of a row's measures, where it is not the name.
        share: for a quantile of single values, which; else the figure is sum / sum.
        of_unanswerable: without unanswerable questions it says nothing.
    """

    name: str
    title: str
    higher_is_better: bool = True
    gates: bool = True
    source: str | None = None
    share: float | None = None
    of_unanswerable: bool = False


MEASURES: Mapping[Kind, tuple[Measure, ...]] = {
    "retrieval": tuple(Measure(name, name) for name in metrics.NAMES),
    "answers": (
        Measure("accuracy", "accuracy, all"),
        Measure("accuracy_answerable", "accuracy, answerable"),
        Measure("accuracy_unanswerable", "accuracy, unanswerable"),
        Measure("exact_match", "exact match"),
        Measure("character_f1", "character F1"),
        Measure("rouge_l", "ROUGE-L"),
        Measure("citation_precision", "citation precision"),
        Measure("citation_recall", "citation recall"),
        Measure("verbatim_article", "quotes verbatim in the article"),
        Measure("verbatim_printed", "quotes verbatim as printed"),
        Measure("refusal_precision", "refusal precision", of_unanswerable=True),
        Measure("refusal_recall", "refusal recall", of_unanswerable=True),
        Measure("refusal_f1", "refusal F1", of_unanswerable=True),
        Measure("false_refusal_rate", "false refusals", higher_is_better=False),
        Measure("safe_rate", "free of what must not be said"),
        Measure("refusal_as_expected", "refused or not as expected"),
        Measure("faithfulness", "faithfulness (judge)"),
        Measure("correctness", "correctness (judge)"),
        Measure("judge_failures", "replies of the judge that say nothing", higher_is_better=False, gates=False),
        Measure("latency_p50_ms", "latency p50, ms", False, False, "latency_ms", 0.5),
        Measure("latency_p95_ms", "latency p95, ms", False, False, "latency_ms", 0.95),
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one question.

    Args:
        measures: name → (numerator, denominator): a figure is sum / sum over the questions. Without an entry the
            measure does not apply to the question.
        answerable: for measures of refusals.
    """

    id: str
    question: str
    group: str
    type: str | None
    lang: str
    measures: Mapping[str, tuple[float, float]]
    answerable: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """The figures of a part of the questions: "all", "type=…", "lang=…"."""

    name: str
    questions: int
    groups: int
    figures: Mapping[str, Interval]


@dataclass(frozen=True, slots=True)
class Result:
    """A whole evaluation; as JSON it is what `wenju eval compare` reads.

    Args:
        facts: what was measured with what: files, embedder, generation, counts.
    """

    kind: Kind
    facts: Mapping[str, str | int | float | None]
    parts: tuple[Part, ...]
    rows: tuple[Row, ...]
    samples: int = BOOTSTRAP_SAMPLES
    seed: int = SEED


def summarise(kind: Kind, rows: Sequence[Row], facts: Mapping[str, str | int | float | None]) -> Result:
    """Return the result of an evaluation, at least one row."""
    members: dict[str, list[Row]] = {"all": list(rows)}
    for row in sorted((row for row in rows if row.type is not None), key=lambda row: row.type or ""):
        members.setdefault(f"type={row.type}", []).append(row)
    for row in sorted(rows, key=lambda row: row.lang):
        members.setdefault(f"lang={row.lang}", []).append(row)
    return Result(kind, facts, tuple(_part(kind, name, part) for name, part in members.items()), tuple(rows))


def columns(rows: Sequence[Row], measure: Measure) -> tuple[Float64, Float64]:
    """Return (questions,) numerators and (questions,) denominators of a measure, 0 where it does not apply."""
    pairs = [row.measures.get(measure.source or measure.name, (0.0, 0.0)) for row in rows]
    table = np.array(pairs, np.float64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def applying(kind: Kind, rows: Sequence[Row]) -> list[Measure]:
    """Return the measures that say something about these questions."""
    refusable = any(not row.answerable for row in rows)
    return [
        measure
        for measure in MEASURES[kind]
        if columns(rows, measure)[1].any() and (refusable or not measure.of_unanswerable)
    ]


def samples_of(rows: Sequence[Row], measure: Measure, bootstrap: Bootstrap) -> tuple[float, Float64]:
    """Return the figure of a measure that applies, and (samples,) the figure in each sample."""
    numerators, denominators = columns(rows, measure)
    if measure.share is None:
        drawn = bootstrap.ratios(numerators[:, None], denominators[:, None])[:, 0]
        return float(numerators.sum() / denominators.sum()), drawn
    return quantile(numerators, measure.share), bootstrap.quantiles(numerators, measure.share)


def _part(kind: Kind, name: str, rows: Sequence[Row]) -> Part:
    groups = [row.group for row in rows]
    bootstrap = Bootstrap(groups)
    figures = {}
    for measure in applying(kind, rows):
        value, drawn = samples_of(rows, measure, bootstrap)
        figures[measure.name] = interval(value, drawn, int((columns(rows, measure)[1] > 0).sum()))
    return Part(name, len(rows), len(set(groups)), figures)
