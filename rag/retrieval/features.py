"""What speaks for a candidate, as numbers: the material that the light reranker weighs.

All are shares, cosines or logarithms of small counts, so that they mean the same in a small archive and a large one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.language.normalise import normalise
from index.language.sentences import find_statements
from index.records import Article, Float32
from index.store.catalogue import StoredChunk
from index.store.generations import Generation
from rag.facts.answer_spans import has_span
from rag.question.analysis import Reading
from rag.question.time_range import Period
from rag.retrieval.overlap import AskedRuns, figures_of, share
from rag.retrieval.recency import NEUTRAL, score_timeliness
from rag.retrieval.translation.concepts import NO_BRIDGE, Bridge

FEATURES = (
    "near",  # cosine with the question, centred
    "near_sentence",  # of its nearest sentence
    "near_sentences",  # the mean of its sentences
    "bm25",  # as a share of what it cannot exceed
    "article_bm25",
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


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chunk that may answer, with what both legs see in it.

    Args:
        cosine, near, bm25, share, article_share: see rag.retrieval.hybrid_search.Candidates.
        sentences: (s,) centred cosines of its statements, in the order of find_statements.
        in_article: (terms,) how certainly its article has each of the question's terms or concepts, 0 to 1.
    """

    chunk: StoredChunk
    article: Article
    cosine: float
    near: float
    bm25: float
    share: float
    article_share: float
    sentences: Float32
    in_article: Float32

    @property
    def text(self) -> str:
        """The chunk's text."""
        return self.article.text[self.chunk.start : self.chunk.end]


def weigh(
    reading: Reading,
    question: str,
    period: Period | None,
    candidates: Sequence[Candidate],
    generation: Generation,
    bridge: Bridge = NO_BRIDGE,
) -> Float32:
    """Return (n, len(FEATURES)) float32: the features of each candidate.

    Args:
        period: the time that the question speaks of.
        bridge: an English question in the archive's words; its concepts take the place of the terms.
    """
    scale = _Scale(reading, question, period, generation, bridge)
    return np.array([scale.features(candidate) for candidate in candidates], np.float32).reshape(-1, len(FEATURES))


class _Scale:
    """What is counted of a question: its terms with their weights, its figures, names and runs of characters."""

    def __init__(
        self, reading: Reading, question: str, period: Period | None, generation: Generation, bridge: Bridge
    ) -> None:
        self._bridge = bridge
        self._reading, self._period, self._lexicon = reading, period, generation.lexicon
        lexical = generation.lexical
        weights = np.where(lexical.known(reading.terms), lexical.idf(reading.terms), 0).astype(np.float32)
        if bridge.concepts:
            weights = np.array([concept.weight for concept in bridge.concepts], np.float32)
        self._weights = weights / (weights.sum() or 1)
        self._place = {term: place for place, term in enumerate(reading.terms)}
        self._figures = figures_of(question)
        self._ones, self._threes, self._fours = (AskedRuns(normalise(reading.core), length) for length in (1, 3, 4))

    def features(self, candidate: Candidate) -> list[float]:
        text, title = candidate.text, candidate.article.title
        sentences = [text[start:end] for start, end in find_statements(text)] or [text]
        near = candidate.sentences if len(candidate.sentences) else np.array([candidate.near], np.float32)
        folded = normalise(text)
        names = self._reading.names
        return [
            candidate.near,
            float(near.max()),
            float(near.mean()),
            candidate.share,
            candidate.article_share,
            self._covered(candidate.in_article),
            self._covered(self._held(title)) if title else 0.0,
            max(self._characters(sentence) for sentence in sentences),
            self._threes.share(folded),
            self._fours.share(folded),
            share(self._figures, figures_of(text)),
            sum(name in folded for name in names) / (len(names) or 1),
            has_span(self._reading, sentences[int(near.argmax())], self._lexicon),
            math.log(1 + len(text)),
            float(candidate.chunk.ordinal == 0),
            *self._timely(candidate),
        ]

    def _timely(self, candidate: Candidate) -> tuple[float, float, float, float]:
        if self._period is None:
            return 0.0, 0.0, 0.0, 0.0
        chunk = candidate.chunk
        fit = score_timeliness(self._period, candidate.article, chunk.start, chunk.end)
        return fit.printed - NEUTRAL, fit.mentioned, fit.mentioned_in_article, fit.contradiction

    def _characters(self, sentence: str) -> float:
        if self._bridge.concepts:
            return self._covered(self._held(sentence))
        return self._ones.share(normalise(sentence))

    def _held(self, text: str) -> Float32:
        """(terms,) how certainly the text has each of the question's terms or concepts."""
        terms = set(self._lexicon.distinct_terms(text))
        if self._bridge.concepts:
            return np.array([concept.held(terms) for concept in self._bridge.concepts], np.float32)
        held = np.zeros(len(self._place), np.float32)
        held[[self._place[term] for term in terms & self._place.keys()]] = 1
        return held

    def _covered(self, held: Float32) -> float:
        return float(self._weights @ held)
