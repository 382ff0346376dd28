"""Learns linear weights for choosing among candidates: what train_reranker.py and train_extractor.py share.

A conditional logit: of a question's candidates, the probability that a document (or a sentence) answers is the softmax of
its best score; the logarithm of the right ones' probability is maximised, with an L2 penalty. (A listwise loss,
Cao et al. 2007; gradient-boosted trees on the same features did no better: rag/decisions/0005.)
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from rag.retrieval.linear_model import out_of_vocabulary_share

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
PENALTY = 2e-4
COUNTED = 400
"""Questions from which a data set counts no more: a large one does not drown the others, nor a small one decide."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of weights beforehand.

    Args:
        tied: features whose foreign weight is so many times the native one instead of learnt: they mean the same in
            every language, and few dev questions are foreign.
        bounds: of a weight, in the units of the feature times its spread; without one it is not negative: a feature
            speaks for a candidate or not at all.
    """

    tied: Mapping[str, float] = field(default_factory=dict)
    bounds: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sample:
    """All candidates of all questions of one data set.

    Args:
        features: (m, 2f), the features twice: times one less the question's foreignness, and times it.
        question: (m,) number of the question.
        document: (m,) number of the (question, document) pair.
        question_of: (d,) question of each such pair.
        is_gold: (d,) whether its document answers.
        count: questions.
    """

    name: str
    features: Floats
    question: Ints
    document: Ints
    question_of: Ints
    is_gold: npt.NDArray[np.bool_]
    count: int

    def ranks(self, weights: Floats) -> Ints:
        """(count,) rank of the first gold document; a large number where there is none."""
        scores = self._document_scores(weights)
        best = np.full(self.count, -np.inf)
        np.maximum.at(best, self.question_of[self.is_gold], scores[self.is_gold])
        above = np.zeros(self.count, np.int64)
        np.add.at(above, self.question_of, scores > best[self.question_of])
        return np.where(np.isfinite(best), above + 1, 10**6)

    def loss(self, weights: Floats) -> tuple[float, Floats]:
        """Mean negative log-likelihood of the gold documents, and its gradient."""
        chunk_scores = self.features @ weights
        scores = self._document_scores(weights)
        top = np.full(self.count, -np.inf)
        np.maximum.at(top, self.question_of, scores)
        share = np.exp(scores - top[self.question_of])
        whole, gold = np.zeros(self.count), np.zeros(self.count)
        np.add.at(whole, self.question_of, share)
        np.add.at(gold, self.question_of, share * self.is_gold)
        found = gold > 0
        safe = np.where(found, gold, 1.0)
        loss = float(np.log(whole[found] / gold[found]).sum() / found.sum())
        slope = share / whole[self.question_of] - np.where(self.is_gold, share / safe[self.question_of], 0)
        slope *= found[self.question_of] / found.sum()
        is_best = chunk_scores >= scores[self.document]
        return loss, self.features.T @ (slope[self.document] * is_best)

    def _document_scores(self, weights: Floats) -> Floats:
        scores = np.full(len(self.is_gold), -np.inf)
        np.maximum.at(scores, self.document, self.features @ weights)
        return scores


def make_sample(
    name: str, features: list[Floats], documents: list[list[str]], golds: list[set[str]], coverages: list[float]
) -> Sample:
    """Put the candidates of all questions together."""
    wide = [
        np.concatenate(
            [values * (1 - out_of_vocabulary_share(coverage)), values * out_of_vocabulary_share(coverage)], axis=1
        )
        for values, coverage in zip(features, coverages, strict=True)
    ]
    question = np.repeat(np.arange(len(documents)), [len(ids) for ids in documents])
    numbers: dict[tuple[int, str], int] = {}
    document = [numbers.setdefault((number, doc), len(numbers)) for number, ids in enumerate(documents) for doc in ids]
    pairs = list(numbers)
    return Sample(
        name,
        np.concatenate(wide),
        question,
        np.array(document),
        np.array([number for number, _doc in pairs]),
        np.array([doc in golds[number] for number, doc in pairs]),
        len(documents),
    )


def fit(samples: Sequence[Sample], names: Sequence[str], signs: Signs, native: Floats | None = None) -> Floats:
    """Return the weights (2 × features,), native then foreign, in the features' own units.

    Args:
        native: (features,) weights that stay as they are; only the foreign ones are learnt.

    Each feature speaks for a candidate or not at all, as its name says, so its weight has that sign: without it,
    features that say nearly the same get large weights of opposite signs.
    """
    count = len(names)
    tied = np.flatnonzero([name in signs.tied for name in names])
    times = np.array([signs.tied[names[place]] for place in tied.tolist()])
    samples = [replace(sample, features=sample.features.copy()) for sample in samples]
    for sample in samples:
        sample.features[:, tied] += times * sample.features[:, tied + count]
        sample.features[:, tied + count] = 0
    spread = np.mean([sample.features.std(axis=0) for sample in samples], axis=0)
    spread = np.where(spread > 1e-6, spread, np.inf)  # a feature that never varies gets no weight
    if native is not None:
        spread[:count] = 1.0  # … unless it has one already
    shares = np.minimum([sample.count for sample in samples], COUNTED)

    def loss(weights: Floats) -> tuple[float, Floats]:
        value, gradient = PENALTY * float(weights @ weights), 2 * PENALTY * weights
        for sample, share in zip(samples, shares / shares.sum(), strict=True):
            part, slope = sample.loss(weights / spread)
            value, gradient = value + share * part, gradient + share * slope / spread
        return value, gradient

    bounds = [signs.bounds.get(name, (0, None)) for name in names] * 2
    start = np.zeros(2 * count)
    if native is not None:
        bounds[:count] = [(weight, weight) for weight in native.tolist()]
        start[:count] = native
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500})
    weights = np.asarray(found.x / spread)
    weights[tied + count] = times * weights[tied]
    return weights


def told(sample: Sample, weights: Floats) -> str:
    """One line: how the weights rank."""
    ranks = sample.ranks(weights)
    mrr = np.where(ranks <= 10, 1 / ranks, 0).mean()
    return f"{sample.name:34} hit@1 {(ranks == 1).mean():.4f}  hit@10 {(ranks <= 10).mean():.4f}  MRR@10 {mrr:.4f}"


def without(sample: Sample, column: int) -> Sample:
    """The sample with one feature silenced."""
    features = sample.features.copy()
    features[:, [column, column + features.shape[1] // 2]] = 0
    return replace(sample, features=features)


def checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]
