"""How likely the best sentence found is to answer the question: a calibrated probability, and when it is too low.

The reader's log odds, beside what the retrieval and the rules see in the same sentence, weighed by a logistic regression (Platt 1999)
that tests/training/calibrate_answers.py learns on questions of archives that the reader was not trained on, half of them without an answer there.
"""

import math
from collections.abc import Sequence

import numpy as np

from index.language.terms import Lexicon
from rag.evidence.conditions import Fulfilment
from rag.evidence.constraints import has_asked_kind
from rag.evidence.sentence_ranking import CandidateSentence, reading_features
from rag.retrieval.linear_model import read_logistic
from rag.retrieval.retriever import Retrieval

ANSWERABILITY_FEATURES = (
    "odds",  # log odds, by the reader, that its passage answers
    "answer_share",  # logarithm of the share of the answer's places that the reader sees in the best sentence
    "odds_elsewhere",  # by how much another passage has better odds
    "of_kind",  # whether the sentence has what is asked for: a figure, a day, a name of that sort
    "strength",  # how well it has it; .5 where no kind of thing is asked for
    "term_coverage",  # share of the question's terms, weighted by idf, that it has
    "context_coverage",  # … that it, its passage or its title have
    "heaviest_missing_term",  # less the weight of the weightiest term that it, the sentences beside it and its title lack
    "centred_cosine",  # its centred cosine with the question
    "share",  # its part in the scores of all sentences
)
CONDITION_FEATURES = (
    "log_odds",  # those of the probability without them
    "statement",  # log odds that its passage supports what question and answer say together
    "problems",  # what exact rules say against words of the question
)
"""What a probability is corrected by where the conditions of a question are looked at: rag.evidence.conditions."""
MAX_LOG_ODDS = 8.0


def answer_probability(
    retrieval: Retrieval, ranked: Sequence[CandidateSentence], lexicon: Lexicon, *, of_story: bool = False
) -> float:
    """Return the probability that the best sentence answers the question; 0 where there is none.

    Args:
        of_story: that its article tells of what is asked, by what the retrieval sees: the reader knows questions that a
            sentence answers, and says of a story nothing that means anything.
    """
    if not ranked:
        return 0.0
    features = answerability_features(retrieval, ranked, lexicon)
    return 1 / (
        1
        + math.exp(
            -float(
                read_logistic(__package__, "answerable", ANSWERABILITY_FEATURES)[:, int(of_story)]
                @ np.array([*features, 1.0])
            )
        )
    )


def fulfilled_probability(probability: float, fulfilment: Fulfilment) -> float:
    """Return the probability that the best sentence answers, where the conditions of the question were looked at too.

    Args:
        probability: without them; see answer_probability.
    """
    features = condition_features(probability, fulfilment)
    return 1 / (
        1 + math.exp(-float(read_logistic(__package__, "conditions", CONDITION_FEATURES) @ np.array([*features, 1.0])))
    )


def condition_features(probability: float, fulfilment: Fulfilment) -> list[float]:
    """Return the features in the order of CONDITION_FEATURES."""
    log_odds = math.log(max(probability, 1e-9) / max(1 - probability, 1e-9))
    return [
        min(MAX_LOG_ODDS, max(-MAX_LOG_ODDS, log_odds)),
        fulfilment.log_odds,
        len(fulfilment.problems),
    ]


def threshold(wrong_cost: float) -> float:
    """Return the probability below which refusing is the cheaper mistake.

    Args:
        wrong_cost: what a wrong answer costs, where a false refusal costs 1. (Chow's rule, 1970.)
    """
    return wrong_cost / (1 + wrong_cost)


def answerability_features(retrieval: Retrieval, ranked: Sequence[CandidateSentence], lexicon: Lexicon) -> list[float]:
    """Return the features in the order of ANSWERABILITY_FEATURES.

    Args:
        ranked: sentences, best first; not empty.
    """
    best, analysis = ranked[0], retrieval.analysis
    odds, answer_share = reading_features(best)
    others = [reading.odds for chunk, reading in retrieval.readings.items() if chunk != best.passage.chunk_id]
    known = known_share(retrieval)
    return [
        odds,
        answer_share,
        max(0.0, max(others, default=odds) - odds),
        float(has_asked_kind(best, analysis, lexicon)),
        best.strength if analysis.answer_type != "other" else 0.5,
        best.term_coverage * known,
        best.context_coverage * known,
        -best.heaviest_missing_term * known,
        best.centred_cosine,
        best.share,
    ]


def known_share(retrieval: Retrieval) -> float:
    """Return the share of the question that the archive has words for: one of which it knows few asks for something else.

    Of the words of a question in another language than the passages', those that the archive has in theirs, of all that
    could be translated.
    """
    translation = retrieval.translation
    if retrieval.analysis.language != "en" and not (translation.concepts or translation.absent):
        return retrieval.coverage
    if translation.known_share is not None:
        return translation.known_share
    asked = len(translation.concepts) + len(translation.absent)
    return len(translation.concepts) / asked if asked else 0.0
