"""Question + passages → sentences, each with how well it answers: the material of extracted answers and of refusals.

A sentence is scored by features that tests/training/train_sentence_ranker.py learnt weights for. (Picking one sentence of a
retrieved passage is the answer sentence selection of the TREC question answering track; features of word overlap, answer type and
rank as in Severyn and Moschitti 2015, section 4.)
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.language.normalise import normalise
from index.language.sentences import find_content_sentences
from index.language.terms import Lexicon
from index.records import Float32
from index.search.lexical_index import LexicalIndex
from rag.facts.answer_spans import Span, find_spans
from rag.records import Passage
from rag.retrieval.linear_model import read_weights
from rag.retrieval.overlap import QuestionNgrams, containment, figures_of
from rag.retrieval.reading import PassageReading
from rag.retrieval.retriever import Retrieval
from rag.verification.citations import Quote

SENTENCE_FEATURES = (
    "around",  # share of the question's known terms, weighted by idf, that only the sentences beside it have
    "passage",  # … that only its passage has
    "title",  # … that only its title has
    "centred_cosine",  # cosine with the question, centred
    "cosine_gap",  # how far that is below the nearest sentence of all
    "characters",  # share of the question's Han characters that it has
    "figures",  # share of the question's figures
    "names",  # share of the names that the question states
    "names_in_passage",
    "rank",  # 1 / rank of its passage
    "standing",  # how far its passage's score is below the best one's
    "length",  # logarithm of its characters
    "lead",  # whether it opens its passage
    "listing",  # where several things are asked for: how much of a list it is
    "head",  # whether it names a thing of the sort asked for: 小吃店 for 哪家店
    "focus_coverage",  # share of the terms about the asking word
    "rarest",  # share of the question's RAREST_TERMS weightiest terms
    "span_focus_coverage",  # the same share as focus, of what stands about its best span
    "number",  # the last ones: how well its best span is of the kind asked for
    "person",
    "office",
    "date",
    "place",
    "organisation",
    "reason",
)
KINDS = SENTENCE_FEATURES[-7:]
READING_FEATURES = (
    "score",  # what the features above make of it
    "odds",  # log odds that its passage answers, as the reader has it
    "answer_share",  # logarithm of the share of the answer's places that the reader sees in it
)
UNREAD_ODDS = -8.0
"""Of a passage that was not read: below nearly all that were."""
MIN_ANSWER_SHARE = 1e-3
RANKED_PASSAGES = 16
"""The best of those found, whose sentences are ranked; far fewer are read."""
MIN_STANDING = -10.0
RAREST_TERMS = 4
SPAN_WIDTH = 12
"""Characters on either side of a span that say what it is of."""
NAMED_STRENGTH = 0.9
"""Of a span that names a thing of the very sort asked for: 长辛店街道 for 哪个街道."""
CERTAIN_TRANSLATION = 0.4
"""Certainty from which on a sentence has a word of an English question in Chinese."""
LONG_LIST = 4
"""Commas of a list from which on it counts fully."""
CONTEXT_OFFSETS = (-2, -1, 1)
"""Sentences that belong to the one they stand beside: what 他 or 该项目 means is told before it."""


@dataclass(frozen=True, slots=True)
class CandidateSentence:
    """A sentence of a passage, as a candidate for the answer.

    Args:
        passage: where it stands.
        sentence_index: number of the sentence in its passage.
        start, end: its place in the article's text.
        text: the sentence, `article.text[start:end]`.
        score: how well it answers, comparable within one question.
        share: the softmax of the scores, its part in them.
        centred_cosine: centred cosine with the question.
        term_coverage: share of the question's known terms, weighted by idf, that the sentence has.
        context_coverage: … that it, its passage or its title have.
        focus_coverage: share of the terms about the asking word.
        heaviest_missing_term: weight of the weightiest term that neither it, the sentences beside it nor its title have.
        spans: what in it could be the answer; offsets into `text`.
        terms: those of the question that it has.
        span_focus_coverage: the same share as `focus_coverage`, of what stands about its best span.
        reading: what the reader made of its passage; None where it did not read it.
    """

    passage: Passage
    sentence_index: int
    start: int
    end: int
    text: str
    score: float
    share: float
    centred_cosine: float
    term_coverage: float
    context_coverage: float
    focus_coverage: float
    heaviest_missing_term: float
    spans: tuple[Span, ...]
    terms: frozenset[str]
    span_focus_coverage: float
    reading: PassageReading | None = None

    @property
    def strength(self) -> float:
        """How well its best span is of the kind asked for; 0 without one."""
        return max((span.strength for span in self.spans), default=0.0)

    @property
    def answer_share(self) -> float:
        """Probability that the answer stands in it, given that its passage has one; 1 where nobody has read it."""
        start, end = self.start - self.passage.start, self.end - self.passage.start
        return self.reading.share(start, end) if self.reading else 1.0

    @property
    def answer_span(self) -> tuple[int, int] | None:
        """Where in `text` the reader sees the answer; None where nobody has read it."""
        start, end = self.start - self.passage.start, self.end - self.passage.start
        span = self.reading.best_span(start, end) if self.reading else None
        return (span[0] - start, span[1] - start) if span else None

    @property
    def quote(self) -> Quote:
        """It as a quote of its article."""
        return Quote(self.passage, self.start, self.end, self.text)


@dataclass(frozen=True, slots=True)
class SentenceFeatures:
    """All sentences of the passages with their features.

    Args:
        sentences: in the order of the passages.
        features: (n, len(SENTENCE_FEATURES)) float32.
    """

    sentences: tuple[CandidateSentence, ...]
    features: Float32


def find_evidence(retrieval: Retrieval, lexical: LexicalIndex, lexicon: Lexicon) -> list[CandidateSentence]:
    """Return the sentences of the best passages, those that answer best first."""
    sentence_features = extract_sentence_features(retrieval, lexical, lexicon)
    weights = read_weights("rag.evidence", "sentence", SENTENCE_FEATURES)
    read = read_weights("rag.evidence", "read", READING_FEATURES)
    scores = weights.score(sentence_features.features, retrieval.coverage)
    return ranked(sentence_features, read.score(with_readings(sentence_features, scores), retrieval.coverage))


def with_readings(sentence_features: SentenceFeatures, scores: Float32) -> Float32:
    """Return (n, len(READING_FEATURES)): the linear scores beside what the reader makes of the sentences."""
    signs = [reading_features(sentence) for sentence in sentence_features.sentences]
    return np.column_stack([scores, np.array(signs, np.float32).reshape(-1, 2)])


def reading_features(sentence: CandidateSentence) -> tuple[float, float]:
    """Return what READING_FEATURES has besides the linear score; of a passage that was not read, as of one that says nothing."""
    if not sentence.reading:
        return UNREAD_ODDS, math.log(MIN_ANSWER_SHARE)
    return sentence.reading.odds, math.log(max(MIN_ANSWER_SHARE, sentence.answer_share))


def ranked(sentence_features: SentenceFeatures, scores: Float32) -> list[CandidateSentence]:
    """Return the sentences, best first, with (n,) scores and their softmax."""
    if not sentence_features.sentences:
        return []
    powers = np.exp(scores - scores.max())
    shares = powers / powers.sum()
    return [
        replace(sentence_features.sentences[place], score=float(scores[place]), share=float(shares[place]))
        for place in np.argsort(-scores, kind="stable")
    ]


def extract_sentence_features(retrieval: Retrieval, lexical: LexicalIndex, lexicon: Lexicon) -> SentenceFeatures:
    """Return the sentences of the best RANKED_PASSAGES passages with their features, unscored."""
    extractor = _SentenceFeatureExtractor(retrieval, lexical, lexicon)
    sentences: list[CandidateSentence] = []
    features: list[list[float]] = []
    for passage in retrieval.passages[:RANKED_PASSAGES]:
        for sentence, values in extractor.extract(passage):
            sentences.append(sentence)
            features.append(values)
    return SentenceFeatures(tuple(sentences), np.array(features, np.float32).reshape(-1, len(SENTENCE_FEATURES)))


class _SentenceFeatureExtractor:
    """What is counted of a question, to weigh the sentences of its passages with."""

    def __init__(self, retrieval: Retrieval, lexical: LexicalIndex, lexicon: Lexicon) -> None:
        analysis = retrieval.analysis
        self._analysis, self._retrieval, self._lexicon = analysis, retrieval, lexicon
        self._translation = retrieval.translation
        weights = _weights(retrieval, lexical)
        total = sum(weights.values()) or 1.0
        self._weights = {term: weight / total for term, weight in weights.items()}
        self._focus = analysis.focus & self._weights.keys()
        self._rarest = frozenset(sorted(self._weights, key=lambda term: -self._weights[term])[:RAREST_TERMS])
        self._figures = figures_of(analysis.text)
        self._characters = QuestionNgrams(normalise(analysis.core), 1)
        self._head = analysis.head_noun and re.compile(rf"[\u4e00-\u9fffA-Za-z0-9”]{re.escape(analysis.head_noun)}")
        nearness = [
            value
            for passage in retrieval.passages[:RANKED_PASSAGES]
            for value in retrieval.sentence_cosines[passage.chunk_id]
        ]
        self._nearest = max(nearness, default=0.0)
        self._best_score = retrieval.passages[0].score if retrieval.passages else 0.0

    def extract(self, passage: Passage) -> list[tuple[CandidateSentence, list[float]]]:
        """Return the sentences of a passage with their features."""
        bounds = find_content_sentences(passage.text)
        texts = [passage.text[start:end] for start, end in bounds]
        held = [self._held(text) for text in texts]
        in_passage = frozenset().union(*held)
        in_title = self._held(passage.title or "")
        whole = normalise(f"{passage.title or ''}{passage.text}")
        article = self._retrieval.articles[passage.article_id]
        cosines = self._retrieval.sentence_cosines[passage.chunk_id]
        extracted = []
        for place, ((start, end), text) in enumerate(zip(bounds, texts, strict=True)):
            own = held[place]
            beside = frozenset().union(
                *(held[place + step] for step in CONTEXT_OFFSETS if 0 <= place + step < len(held))
            )
            spans = tuple(find_spans(self._analysis, text, article.date, self._lexicon))
            sentence = CandidateSentence(
                passage=passage,
                sentence_index=place,
                start=passage.start + start,
                end=passage.start + end,
                text=text,
                score=0.0,
                share=0.0,
                centred_cosine=cosines[place],
                term_coverage=self._weight(own),
                context_coverage=self._weight(in_passage | in_title),
                focus_coverage=self._weight(own & self._focus) / (self._weight(self._focus) or 1.0),
                heaviest_missing_term=max(
                    (self._weights[term] for term in self._weights.keys() - own - beside - in_title), default=0.0
                ),
                spans=spans,
                terms=own,
                span_focus_coverage=self._span_focus_coverage(text, spans),
                reading=self._retrieval.readings.get(passage.chunk_id),
            )
            context = [
                self._weight(beside - own),
                self._weight(in_passage - beside - own),
                self._weight(in_title - in_passage),
            ]
            extracted.append((sentence, [*context, *self._features(sentence, whole)]))
        return extracted

    def _features(self, sentence: CandidateSentence, whole: str) -> list[float]:
        folded = normalise(sentence.text)
        names, passage, analysis = self._analysis.names, sentence.passage, self._analysis
        listed = min(LONG_LIST, sentence.text.count("、") + sentence.text.count("》《")) / LONG_LIST
        return [
            sentence.centred_cosine,
            sentence.centred_cosine - self._nearest,
            self._weight(sentence.terms) if self._translation.concepts else self._characters.containment(folded),
            containment(self._figures, figures_of(sentence.text)),
            sum(name in folded for name in names) / (len(names) or 1),
            sum(name in whole for name in names) / (len(names) or 1),
            1 / passage.rank,
            max(MIN_STANDING, passage.score - self._best_score),
            math.log(len(sentence.text)),
            float(sentence.sentence_index == 0),
            listed if analysis.is_list else 0.0,
            float(bool(self._head and self._head.search(sentence.text))),
            sentence.focus_coverage,
            len(sentence.terms & self._rarest) / (len(self._rarest) or 1),
            sentence.span_focus_coverage,
            *(sentence.strength if analysis.answer_type == kind else 0.0 for kind in KINDS),
        ]

    def _held(self, text: str) -> frozenset[str]:
        """The terms of the question, or the words of an English one, that a text has."""
        terms = frozenset(self._lexicon.distinct_terms(text))
        if self._translation.concepts:
            return frozenset(
                concept.english
                for concept in self._translation.concepts
                if concept.certainty_in(terms) >= CERTAIN_TRANSLATION
            )
        return terms & self._weights.keys()

    def _span_focus_coverage(self, text: str, spans: Sequence[Span]) -> float:
        """How much of what is asked stands about the best span: 210天 of 蓝天数210天 for 蓝天数, not 42微克."""
        strength = max((span.strength for span in spans), default=0.0)
        around = [
            self._held(text[max(0, span.start - SPAN_WIDTH) : span.end + SPAN_WIDTH]) & self._focus
            for span in spans
            if span.strength == strength
        ]
        return max(map(self._weight, around), default=0.0) / (self._weight(self._focus) or 1.0)

    def _weight(self, terms: frozenset[str]) -> float:
        return sum(self._weights[term] for term in terms)


def _weights(retrieval: Retrieval, lexical: LexicalIndex) -> dict[str, float]:
    """Idf of the question's terms that the archive knows; of an English one, of its words that can be translated."""
    if retrieval.translation.concepts:
        return {concept.english: concept.weight for concept in retrieval.translation.concepts}
    terms = retrieval.analysis.terms
    known, idf = lexical.known(terms), lexical.idf(terms)
    return {term: float(idf[place]) for place, term in enumerate(terms) if known[place]}
