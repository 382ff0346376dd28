"""The features of a candidate that the linear reranker scores.

All are shares, cosines or logarithms of small counts, so that they mean the same in a small archive and a large one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.language.normalise import normalise
from index.language.sentences import find_content_sentences
from index.records import Article, Float32
from index.store.catalogue import StoredChunk
from index.store.generations import Generation
from rag.facts.answer_spans import has_span
from rag.question.analysis import QuestionAnalysis
from rag.retrieval.linear_model import Weights, read_weights
from rag.retrieval.overlap import QuestionNgrams, containment, figures_of
from rag.retrieval.recency import NEUTRAL, score_timeliness
from rag.retrieval.translation.concepts import NO_TRANSLATION, QueryTranslation

FUSION = ("centred_cosine", "bm25_ratio", "article_bm25_ratio")
"""What the first stage sums up: cosine, and BM25 of chunk and article as shares of what they cannot exceed."""
FEATURES = (
    "centred_cosine",  # cosine with the question, centred
    "nearest_sentence",  # of its nearest sentence
    "mean_sentence",  # the mean of its sentences
    "bm25_ratio",  # as a share of what it cannot exceed
    "article_bm25_ratio",
    "covered_article",  # share of the question's known terms, weighted by idf, that its article has
    "covered_title",  # … that its title has
    "characters",  # share of the question's Han characters that one of its sentences has, 献唱 for 演唱; of its concepts
    "trigrams",  # share of the question's runs of three Han characters
    "fourgrams",
    "figures",  # share of the question's figures; 0 where it has none
    "names",  # share of the names that it states; 0 where it states none
    "kind",  # whether its nearest sentence has what is asked for: a figure, an office, a date …
    "length",  # logarithm of its characters
    "lead",  # whether it opens its article
    "printed",  # the last four are 0 where the question states no date; this one from -.5 to .5, see rag.retrieval.recency
    "mentioned",
    "mentioned_in_article",
    "contradiction",
)


def load_ranking_weights() -> tuple[Weights, Weights]:
    """Return the weights of the fusion (over FUSION) and of the linear reranker (over FEATURES)."""
    return read_weights("rag.retrieval", "fusion", FUSION), read_weights("rag.retrieval", "reranker", FEATURES)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chunk that may answer, with what both retrievers see in it.

    Args:
        cosine, centred_cosine, bm25, bm25_ratio, article_bm25_ratio: see rag.retrieval.hybrid_search.Candidates.
        sentences: (s,) centred cosines of its statements, in the order of find_content_sentences.
        in_article: (terms,) how certainly its article has each of the question's terms or concepts, 0 to 1.
    """

    chunk: StoredChunk
    article: Article
    cosine: float
    centred_cosine: float
    bm25: float
    bm25_ratio: float
    article_bm25_ratio: float
    sentences: Float32
    in_article: Float32

    @property
    def text(self) -> str:
        """The chunk's text."""
        return self.article.text[self.chunk.start : self.chunk.end]


def extract_features(
    analysis: QuestionAnalysis,
    candidates: Sequence[Candidate],
    generation: Generation,
    translation: QueryTranslation = NO_TRANSLATION,
) -> Float32:
    """Return (n, len(FEATURES)) float32: the features of each candidate.

    Args:
        translation: an English question in the archive's words; its concepts take the place of the terms.
    """
    extractor = _FeatureExtractor(analysis, generation, translation)
    return np.array([extractor.features(candidate) for candidate in candidates], np.float32).reshape(-1, len(FEATURES))


class _FeatureExtractor:
    """What is counted of a question: its terms with their weights, its figures, names and runs of characters."""

    def __init__(self, analysis: QuestionAnalysis, generation: Generation, translation: QueryTranslation) -> None:
        self._translation = translation
        self._analysis, self._lexicon = analysis, generation.lexicon
        lexical = generation.lexical
        weights = np.where(lexical.known(analysis.terms), lexical.idf(analysis.terms), 0).astype(np.float32)
        if translation.concepts:
            weights = np.array([concept.weight for concept in translation.concepts], np.float32)
        self._weights = weights / (weights.sum() or 1)
        self._place = {term: place for place, term in enumerate(analysis.terms)}
        self._figures = figures_of(analysis.text)
        self._ones, self._threes, self._fours = (
            QuestionNgrams(normalise(analysis.core), length) for length in (1, 3, 4)
        )

    def features(self, candidate: Candidate) -> list[float]:
        text, title = candidate.text, candidate.article.title
        sentences = [text[start:end] for start, end in find_content_sentences(text)] or [text]
        cosines = candidate.sentences if len(candidate.sentences) else np.array([candidate.centred_cosine], np.float32)
        folded = normalise(text)
        names = self._analysis.names
        return [
            candidate.centred_cosine,
            float(cosines.max()),
            float(cosines.mean()),
            candidate.bm25_ratio,
            candidate.article_bm25_ratio,
            self._covered(candidate.in_article),
            self._covered(self._held(title)) if title else 0.0,
            max(self._characters(sentence) for sentence in sentences),
            self._threes.containment(folded),
            self._fours.containment(folded),
            containment(self._figures, figures_of(text)),
            sum(name in folded for name in names) / (len(names) or 1),
            has_span(self._analysis, sentences[int(cosines.argmax())], self._lexicon),
            math.log(1 + len(text)),
            float(candidate.chunk.ordinal == 0),
            *self._timely(candidate),
        ]

    def _timely(self, candidate: Candidate) -> tuple[float, float, float, float]:
        time_range = self._analysis.time_range
        if time_range is None:
            return 0.0, 0.0, 0.0, 0.0
        chunk = candidate.chunk
        fit = score_timeliness(time_range, candidate.article, chunk.start, chunk.end)
        return fit.printed - NEUTRAL, fit.mentioned, fit.mentioned_in_article, fit.contradiction

    def _characters(self, sentence: str) -> float:
        if self._translation.concepts:
            return self._covered(self._held(sentence))
        return self._ones.containment(normalise(sentence))

    def _held(self, text: str) -> Float32:
        """(terms,) how certainly the text has each of the question's terms or concepts."""
        terms = set(self._lexicon.distinct_terms(text))
        if self._translation.concepts:
            return np.array([concept.certainty_in(terms) for concept in self._translation.concepts], np.float32)
        held = np.zeros(len(self._place), np.float32)
        held[[self._place[term] for term in terms & self._place.keys()]] = 1
        return held

    def _covered(self, held: Float32) -> float:
        return float(self._weights @ held)
