"""How likely the best sentence found is to answer the question: a calibrated probability, and when it is too low.

Learnt by tests/training/train_sentence_ranker.py, which tells how, on questions whose answer was taken away from the archive.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from rag.evidence.conflicts import value_of
from rag.evidence.sentence_ranking import CandidateSentence
from rag.question.analysis import QuestionAnalysis
from rag.retrieval.linear_model import WEIGHTS_FILE, out_of_vocabulary_share
from rag.retrieval.retriever import Retrieval

ANSWERABILITY_FEATURES = (
    "score",  # of the best sentence
    "share",  # its part in the scores of all
    "term_coverage",  # share of the question's terms, weighted by idf, that it has
    "cross_language_term_coverage",  # the same of an English question's words, as far as they were translated
    "context_coverage",  # … that it, its passage or its title have
    "focus_coverage",  # share of the terms about the asking word
    "heaviest_missing_term",  # less the weight of the weightiest term that it, the sentences beside it and its title lack
    "centred_cosine",  # its centred cosine with the question
    "cross_language_cosine",  # the same of a question in another language
    "cross_language",  # whether it is one
    "coverage",  # share of the question's terms that the archive knows at all
    "strength",  # how well it has what is asked for; .5 where no kind of thing is
)
STAGES = ("article", "sentence")
"""Whether an article that answers was found; and if so, whether the best sentence is what answers."""

LEARNT_SHARE = 1 / 3
"""Share of the questions it was learnt on that had an answer."""
ANSWERABLE_SHARE = 0.85
"""Share of the questions asked that have one; the probability is corrected to it."""


def answer_probability(retrieval: Retrieval, ranked: Sequence[CandidateSentence], *, of_article: bool = False) -> float:
    """Return the probability that the best sentence answers the question; 0 where there is none.

    Args:
        of_article: that its article does: for what no one sentence can answer.
    """
    if not ranked:
        return 0.0
    best = replace(ranked[0], share=_agreed_share(retrieval.analysis, ranked))
    features = np.array([*answerability_features(retrieval, [best, *ranked[1:]]), 1.0])
    stages = 1 / (1 + np.exp(-_weights() @ features))
    learnt = float(stages[0] if of_article else np.prod(stages))
    odds = learnt / (1 - learnt) * (ANSWERABLE_SHARE / (1 - ANSWERABLE_SHARE)) / (LEARNT_SHARE / (1 - LEARNT_SHARE))
    return odds / (1 + odds)


def _agreed_share(analysis: QuestionAnalysis, ranked: Sequence[CandidateSentence]) -> float:
    """The best sentence's share, with that of all that name the same holder: two reports that agree are no doubt."""
    value = value_of(ranked[0]) if analysis.asked_offices else None
    if value is None:
        return ranked[0].share
    return sum(one.share for one in ranked if value_of(one) == value)


def threshold(wrong_cost: float) -> float:
    """Return the probability below which refusing is the cheaper mistake.

    Args:
        wrong_cost: what a wrong answer costs, where a false refusal costs 1. (Chow's rule, 1970.)
    """
    return wrong_cost / (1 + wrong_cost)


def answerability_features(retrieval: Retrieval, ranked: Sequence[CandidateSentence]) -> list[float]:
    """Return the features in the order of ANSWERABILITY_FEATURES.

    Args:
        ranked: sentences, best first; not empty.
    """
    best, analysis = ranked[0], retrieval.analysis
    cross_language = out_of_vocabulary_share(retrieval.coverage) if analysis.language == "en" else 0.0
    known = known_share(retrieval)
    return [
        best.score,
        best.share,
        best.term_coverage * known * (1 - cross_language),
        best.term_coverage * known * cross_language,
        best.context_coverage * known,
        best.focus_coverage * known * (1 - cross_language),
        -best.heaviest_missing_term * known,
        best.centred_cosine * (1 - cross_language),
        best.centred_cosine * cross_language,
        cross_language,
        known,
        best.strength if analysis.answer_type != "other" else 0.5,
    ]


def known_share(retrieval: Retrieval) -> float:
    """Return the share of the question that the archive has words for: one of which it knows few asks for something else.

    Of an English question's words, those that the archive has in Chinese, of all that could be translated.
    """
    if retrieval.analysis.language != "en":
        return retrieval.coverage
    translation = retrieval.translation
    asked = len(translation.concepts) + len(translation.absent)
    return len(translation.concepts) / asked if asked else 0.0


@cache
def _weights() -> npt.NDArray[np.float64]:
    """(stages, signs + 1): logistic weights, the constant last."""
    values = json.loads((resources.files(__package__) / WEIGHTS_FILE).read_text("utf-8"))["answerable"]
    assert list(values) == [*ANSWERABILITY_FEATURES, "constant"], f"{WEIGHTS_FILE} was learnt with other signs"
    return np.array(list(values.values()), np.float64).T
