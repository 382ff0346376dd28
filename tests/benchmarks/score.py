"""Runs → hit@1, hit@10, MRR@10 with bootstrap intervals, as `wenju eval retrieval` computes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.material import Question
from rag.evaluation.intervals import Bootstrap, interval
from rag.evaluation.metrics import score_ranking

Float64 = npt.NDArray[np.float64]

METRICS = ("hit@1", "hit@10", "MRR@10")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over questions and the 95 % interval of its bootstrap."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"


def score_run(questions: Sequence[Question], run: Mapping[str, Sequence[str]]) -> Float64:
    """Return (questions, 3) the METRICS of each question; one that the run lacks scores 0."""
    scores = [score_ranking(question.gold, run.get(question.id, ())) for question in questions]
    return np.array([[each[name] for name in METRICS] for each in scores])


def estimate(questions: Sequence[Question], scores: Float64) -> tuple[Estimate, ...]:
    """Return an Estimate for every column of (questions, columns) scores, or differences of scores.

    Whole groups are drawn: questions about the same text are easy or hard together.
    """
    samples = Bootstrap([question.group for question in questions]).ratios(scores, np.ones_like(scores))
    means = scores.mean(axis=0).tolist()
    found = (interval(mean, column, len(scores)) for mean, column in zip(means, samples.T, strict=True))
    return tuple(Estimate(each.value, each.low, each.high) for each in found)
