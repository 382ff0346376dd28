"""Runs → hit@1, hit@10, MRR@10 with bootstrap intervals: a metric of its own, so that the judge is not the judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.material import Question

Float64 = npt.NDArray[np.float64]

METRICS = ("hit@1", "hit@10", "MRR@10")
DRAWS = 2000
SEED = 7


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
    rows = np.zeros((len(questions), len(METRICS)))
    for row, question in enumerate(questions):
        ranks = [rank for rank, name in enumerate(run.get(question.id, ())[:10], start=1) if name in question.gold]
        if ranks:
            rows[row] = ranks[0] == 1, 1, 1 / ranks[0]
    return rows


def estimate(questions: Sequence[Question], scores: Float64) -> tuple[Estimate, ...]:
    """Return an Estimate for every column of (questions, columns) scores, or differences of scores.

    Whole groups are drawn: questions about the same text are easy or hard together.
    """
    groups = {name: number for number, name in enumerate(dict.fromkeys(question.group for question in questions))}
    member = np.array([groups[question.group] for question in questions])
    sizes = np.bincount(member)
    sums = np.stack([np.bincount(member, column) for column in scores.T], axis=1)
    drawn = np.random.default_rng(SEED).multinomial(len(groups), np.full(len(groups), 1 / len(groups)), size=DRAWS)
    means = (drawn @ sums) / (drawn @ sizes)[:, None]
    low, high = np.quantile(means, (0.025, 0.975), axis=0)
    return tuple(Estimate(*map(float, column)) for column in zip(scores.mean(axis=0), low, high, strict=True))
