"""Query → Passages: both retrievers, fused; the best reranked; reprints merged. Composition of the retrieval."""

import datetime
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.embedding.embedder import Embedder
from index.language.normalise import simplify
from index.provenance import find_place
from index.records import Article, Float32
from index.store.generations import Generation
from rag.question.analysis import QuestionAnalysis, analyse_question
from rag.question.time_range import TimeRange
from rag.reader.readings import PassageReader
from rag.records import Passage, Query, Timings
from rag.retrieval.deduplicate import merge_duplicates
from rag.retrieval.features import Candidate, extract_features, load_ranking_weights
from rag.retrieval.hybrid_search import Candidates, find_candidates
from rag.retrieval.linear_model import out_of_vocabulary_share
from rag.retrieval.passages import passage_of
from rag.retrieval.reading import PassageReading, order_by_readings, read_passages
from rag.retrieval.recency import TIMELY_DAYS, score_recency
from rag.retrieval.spelling.organs import other_terms
from rag.retrieval.translation.concepts import NO_TRANSLATION, QueryTranslation, translate_query
from rag.retrieval.translation.dictionary import load_words
from rag.retrieval.wording import wording_of

NEWEST_WEIGHT = 3.0
"""Where the newest is asked for; in the units of the linear reranker, whose best candidates lie one to three apart."""
TIE_WEIGHT = 0.05
RERANKED = 40
"""Candidates that the linear reranker weighs; what is asked for beyond them follows in the order of the fusion."""
MIN_TIMELY = 15
"""Of them, so many at least are of the time that the question speaks of, where there are."""
FOREIGN_SHARE = 0.5
"""Share of out-of-vocabulary from which on a question is in another language: there the reader's order is worth its time."""
READ_AHEAD = 3
"""Candidates read for each passage asked for, since reprints and further chunks of an article take no place."""
KEPT_VECTORS = 64
"""Of questions, each 1.5 kB."""


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What was found for a question.

    Args:
        analysis: what was asked.
        passages: best first, at most query.top_k.
        articles: id → article of every passage.
        sentence_cosines: chunk id → the centred cosines of the passage's statements, in the order of find_content_sentences.
        coverage: share of the query's terms, weighted by idf, that the archive knows; 0 to 1.
        top_score_z: standard deviations by which the best passage's cosine exceeds the archive's mean.
        translation: an English query in the archive's words, by which its sentences can be told apart.
        readings: chunk id → what the reader made of the passage; only of the passages that it read.
    """

    analysis: QuestionAnalysis
    passages: tuple[Passage, ...]
    articles: Mapping[str, Article]
    sentence_cosines: Mapping[str, tuple[float, ...]]
    coverage: float
    top_score_z: float
    translation: QueryTranslation = NO_TRANSLATION
    readings: Mapping[str, PassageReading] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ScoredCandidates:
    """All that was found, with the features of the best.

    Args:
        analysis: what was asked.
        translation: an English query in the archive's words.
        found: candidates of both retrievers.
        candidates: the best of them by the fusion.
        features: (min(RERANKED, n), len(FEATURES)) float32, of the first ones.
    """

    analysis: QuestionAnalysis
    translation: QueryTranslation
    found: Candidates
    candidates: list[Candidate]
    features: Float32


class Clock:
    """Puts the milliseconds since the last lap into the timings."""

    def __init__(self, timings: Timings) -> None:
        self._timings = timings
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        """End a stage."""
        now = time.perf_counter()
        self._timings.stages[stage] = round((now - self._last) * 1000, 2)
        self._last = now


class Retriever:
    """Searches one generation. Thread-safe: it only reads.

    Args:
        generation: opened index.
        embedder: the model that the generation was built with.
        reader: reads the best passages of `retrieve(…, reads=True)` and of foreign questions; None reads none.
        cache_dir: where the English dictionary is kept, made at the first English question; None keeps it nowhere.
        among: (chunks,) those that are searched; None searches all.
    """

    def __init__(
        self,
        generation: Generation,
        embedder: Embedder,
        reader: PassageReader | None = None,
        cache_dir: Path | None = None,
        among: npt.NDArray[np.bool_] | None = None,
    ) -> None:
        self._cache_dir = cache_dir
        self.generation = generation
        self._embedder = embedder
        self._reader = reader
        self._among = among
        # A question is looked for again within its own time, and one of several parts as a whole.
        self._embed = lru_cache(KEPT_VECTORS)(lambda text: embedder.embed_queries([text])[0])

    @property
    def models(self) -> tuple[Embedder, PassageReader | None, Path | None]:
        """What it was given besides the generation."""
        return self._embedder, self._reader, self._cache_dir

    def retrieve(
        self,
        query: Query,
        analysis: QuestionAnalysis | None = None,
        timings: Timings | None = None,
        *,
        reads: bool = False,
    ) -> Retrieval:
        """Return the passages for a query.

        Both retrievers see only rows that pass the query's date filter; candidates are the best rows of either.

        Args:
            analysis: of its text, where it has been analysed before.
            timings: gets embed, search, fuse, rerank and read in milliseconds.
            reads: let the reader read the best passages, and order them by what it makes of them; a question in
                another language than the archive's has them read in any case.
        """
        clock = Clock(timings or Timings())
        scored = self.gather_candidates(query, analysis, clock)
        _fusion, linear = load_ranking_weights()
        found, candidates = scored.found, scored.candidates
        best = linear.score(scored.features, found.coverage) + _newer_first(scored)
        scores = np.concatenate([best, best.min(initial=0) - 1 - np.arange(len(candidates) - len(best))])
        ranked = [candidates[place] for place in np.argsort(-scores, kind="stable")]
        chosen = merge_duplicates(ranked, query.top_k)
        score_of = {candidate.chunk.row: score for candidate, score in zip(candidates, scores.tolist(), strict=True)}
        passages = tuple(
            _passage(rank, candidate, score_of[candidate.chunk.row], reprints)
            for rank, (candidate, reprints) in enumerate(chosen, 1)
        )
        clock.lap("rerank")
        readings: dict[str, PassageReading] = {}
        is_foreign = out_of_vocabulary_share(found.coverage) >= FOREIGN_SHARE
        if self._reader and (reads or is_foreign):
            asked = self._as_read(scored.analysis)
            readings = read_passages(asked, passages, self._reader, stops_when_sure=_is_one_enough(scored.analysis))
            passages = order_by_readings(passages, readings)
            clock.lap("read")
        return Retrieval(
            scored.analysis,
            passages,
            {candidate.article.id: candidate.article for candidate, _reprints in chosen},
            {candidate.chunk.id: tuple(candidate.sentences.tolist()) for candidate, _reprints in chosen},
            found.coverage,
            found.top_score_z,
            scored.translation,
            readings,
        )

    def _as_read(self, analysis: QuestionAnalysis) -> Callable[[Passage], str]:
        """What the reader is asked of a passage."""
        return wording_of(analysis, self.generation)

    def _terms(self, question: str) -> list[str]:
        """What is looked for word by word, and tells how far it is asked in the archive's words."""
        lexicon = self.generation.lexicon
        return lexicon.extract_query_terms(question) + other_terms(question, lexicon, self.generation.lexical)

    def gather_candidates(
        self, query: Query, analysis: QuestionAnalysis | None = None, clock: Clock | None = None
    ) -> ScoredCandidates:
        """Return the candidates for a query with their features, as the linear reranker gets them."""
        clock = clock or Clock(Timings())
        analysis = analysis or analyse_question(query.text, self.generation.lexicon, query.today)
        vector = self._embed(simplify(query.text))
        centred = self.generation.centering.centre_question(vector, analysis.language)
        clock.lap("embed")
        terms = self._terms(query.text)
        is_timely = _is_timely(analysis.time_range, self.generation.days)
        translation = self._translation(analysis)
        found = find_candidates(
            query, terms, vector, centred, self.generation, is_timely, translation.concepts, self._among
        )
        clock.lap("search")
        best = _best(found, is_timely, max(RERANKED, READ_AHEAD * query.top_k))
        clock.lap("fuse")
        candidates = self._read(found, best, analysis, translation, centred)
        features = extract_features(analysis, candidates[:RERANKED], self.generation, translation)
        return ScoredCandidates(analysis, translation, found, candidates, features)

    def translate(self, text: str) -> QueryTranslation:
        """Return an English text in the archive's words."""
        words = load_words(self._cache_dir)
        return translate_query(text, words, self.generation.lexicon, self.generation.lexical)

    def _translation(self, analysis: QuestionAnalysis) -> QueryTranslation:
        return self.translate(analysis.text) if analysis.language == "en" else NO_TRANSLATION

    def _read(
        self,
        found: Candidates,
        best: npt.NDArray[np.int64],
        analysis: QuestionAnalysis,
        translation: QueryTranslation,
        centred: Float32,
    ) -> list[Candidate]:
        """Fetch what the reranker looks at of the candidates at the places `best`."""
        generation = self.generation
        rows = found.rows[best]
        chunks = generation.catalogue.chunks(rows)
        articles = generation.catalogue.articles(chunk.article_id for chunk in chunks)
        in_article = _in_article(generation, generation.article_rows[rows], analysis, translation)
        return [
            Candidate(
                chunk=chunk,
                article=articles[chunk.article_id],
                cosine=float(found.cosine[place]),
                centred_cosine=float(found.centred_cosine[place]),
                bm25=float(found.bm25[place]),
                bm25_ratio=float(found.bm25_ratio[place]),
                article_bm25_ratio=float(found.article_bm25_ratio[place]),
                sentences=generation.centering.centre_sentences(generation.sentences.of(chunk.row)) @ centred,
                in_article=in_article[:, column],
            )
            for column, (place, chunk) in enumerate(zip(best, chunks, strict=True))
        ]


def _is_one_enough(analysis: QuestionAnalysis) -> bool:
    """Whether one passage that surely answers is all that is wanted: no other value, no further item, no story."""
    return analysis.answer_form == "fact" and not (analysis.is_list or analysis.is_changing or analysis.prefers_newest)


def _in_article(
    generation: Generation, rows: npt.NDArray[np.int64], analysis: QuestionAnalysis, translation: QueryTranslation
) -> Float32:
    """(terms or concepts, rows) how certainly each article has each."""
    if translation.concepts:
        return np.stack(
            [generation.articles.find_any(concept.translations).certainty[rows] for concept in translation.concepts]
        )
    return generation.articles.presence(analysis.terms, rows).astype(np.float32)


def _is_timely(time_range: TimeRange | None, days: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_] | None:
    """(chunks,) whether a chunk's article was printed in the time asked about or soon after; None where none is asked."""
    if time_range is None or not time_range.constrains_time:
        return None
    last = datetime.date.fromisoformat(time_range.last)
    reported = min(last, datetime.date.max - datetime.timedelta(TIMELY_DAYS)) + datetime.timedelta(TIMELY_DAYS)
    first_day, last_day = (int(day.replace("-", "")) for day in (time_range.first, reported.isoformat()))
    return (days[:, 0] > 0) & (days[:, 1] >= first_day) & (days[:, 0] <= last_day)


def _best(found: Candidates, is_timely: npt.NDArray[np.bool_] | None, count: int) -> npt.NDArray[np.int64]:
    """Places of the best candidates by the fusion; some of those that the reranker weighs are of the time asked about."""
    fusion, _linear = load_ranking_weights()
    order = np.argsort(-fusion.score(found.features(), found.coverage), kind="stable")
    if is_timely is not None:
        timely = order[is_timely[found.rows[order]]][:MIN_TIMELY]
        first = order[:RERANKED]
        late = timely[~np.isin(timely, first)]
        head = np.concatenate([first[: RERANKED - len(late)], late])
        order = np.concatenate([head, order[~np.isin(order, head)]])
    return order[:count]


def _newer_first(scored: ScoredCandidates) -> Float32:
    """(n,) what being newer than the other candidates adds: much where that is asked for, else it parts equals."""
    weight = NEWEST_WEIGHT if scored.analysis.prefers_newest else TIE_WEIGHT
    recency = score_recency([candidate.article.date for candidate in scored.candidates[:RERANKED]])
    return weight * np.array(recency, np.float32)


def _passage(rank: int, candidate: Candidate, score: float, reprints: tuple[str, ...]) -> Passage:
    article, chunk = candidate.article, candidate.chunk
    place = find_place(article, chunk.start, chunk.end)
    return passage_of(
        article, chunk, place, rank=rank, scores=(score, candidate.cosine, candidate.bm25), also_in=reprints
    )
