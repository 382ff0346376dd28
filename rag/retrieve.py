"""Query → Passages: dense and lexical scores, standardised, summed; then a diverse selection."""

import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.catalogue import StoredChunk
from index.embed import Embedder
from index.records import Article, Float32
from index.store import Generation
from index.terms import extract_terms, simplify
from rag.place import find_place
from rag.records import Passage, Query, Timings

CANDIDATES = 200
"""Best rows of each leg that are looked at; more changed no ranking of the first ten on CMRC 2018 and DRCD."""
LEXICAL_WEIGHT = 0.5
COVERAGE_POWER = 1.5
"""The lexical leg's share is 0.5 × coverage^1.5, coverage being the share of the question's terms that the archive
knows. Measured 2026-11-21, 1,000 dev questions each, hit@1: CMRC 2018 .988, DRCD .957, XQuAD Chinese .947; English
questions over the Chinese paragraphs .71, where a fixed share of 0.5 gives .23 and the dense leg alone .71."""
PER_ARTICLE = 3
"""Passages of one article before others get their turn; the rest fills up what stays free."""
SAME_TEXT = 0.8
"""Share of common 8-character pieces from which two passages are taken for the same report, printed twice."""


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What was found for a query.

    Args:
        passages: best first, at most query.top_k.
        articles: id → article of every passage.
        coverage: share of the query's terms, weighted by idf, that the archive knows; 0 to 1.
        prominence: standard deviations by which the best passage's cosine exceeds the archive's mean.
    """

    passages: tuple[Passage, ...]
    articles: dict[str, Article]
    coverage: float
    prominence: float


class Retriever:
    """Searches one generation. Thread-safe: it only reads."""

    def __init__(self, generation: Generation, embedder: Embedder) -> None:
        self._generation = generation
        self._embedder = embedder

    def retrieve(self, query: Query, timings: Timings | None = None) -> Retrieval:
        """Return the passages for a query; `timings` gets embed, search and fuse in milliseconds.

        Both legs see only rows that pass the query's date filter. Each leg's scores are standardised over the
        whole archive, so the sum compares like with like; candidates are the best rows of either leg.
        """
        clock = _Clock(timings or Timings())
        vector = self._embedder.embed_queries([simplify(query.text)])[0]
        clock.lap("embed")
        allowed = self._allowed(query)
        rows, dense, lexical, coverage = self._search(query.text, vector, allowed)
        clock.lap("search")
        mean, deviation = self._generation.vectors.distribution(vector)
        share = LEXICAL_WEIGHT * coverage**COVERAGE_POWER
        fused = (1 - share) * (dense - mean) / (deviation or 1.0) + share * _standardise(lexical, rows)
        order = np.argsort(-fused, kind="stable")
        passages, articles = self._select(query.top_k, rows[order], fused[order], dense[order], lexical[rows[order]])
        clock.lap("fuse")
        best = max((passage.cosine for passage in passages), default=mean)
        return Retrieval(passages, articles, coverage, (best - mean) / (deviation or 1.0))

    def _allowed(self, query: Query) -> npt.NDArray[np.bool_] | None:
        if not query.first and not query.last:
            return None
        days = self._generation.days
        allowed = days[:, 0] > 0
        if query.first:
            allowed &= days[:, 1] >= query.first.first_day
        if query.last:
            allowed &= days[:, 0] <= query.last.last_day
        return allowed

    def _search(
        self, text: str, vector: Float32, allowed: npt.NDArray[np.bool_] | None
    ) -> tuple[npt.NDArray[np.int64], Float32, Float32, float]:
        """Return candidate rows, their cosine, all rows' BM25, and the coverage of the question's terms."""
        terms = extract_terms(text)
        lexical = self._generation.lexical.scores(terms)
        eligible = lexical if allowed is None else np.where(allowed, lexical, 0)
        count = min(CANDIDATES, len(eligible))
        best = np.argpartition(-eligible, count - 1)[:count]
        near = self._generation.vectors.search(vector, CANDIDATES, allowed)
        rows = np.union1d(near, best[eligible[best] > 0]).astype(np.int64)
        return rows, self._generation.vectors.scores(vector, rows), lexical, self._generation.lexical.coverage(terms)

    def _select(
        self, top_k: int, rows: npt.NDArray[np.int64], fused: Float32, dense: Float32, lexical: Float32
    ) -> tuple[tuple[Passage, ...], dict[str, Article]]:
        """Take the best rows, no report twice, no article more than PER_ARTICLE times while others wait."""
        chosen: list[tuple[int, StoredChunk]] = []
        waiting: list[tuple[int, StoredChunk]] = []
        articles: dict[str, Article] = {}
        seen: list[set[str]] = []
        for place, chunk in enumerate(self._generation.catalogue.chunks(rows[: 6 * top_k])):
            if len(chosen) == top_k:
                break
            article = articles.get(chunk.article_id) or self._generation.catalogue.article(chunk.article_id)
            assert article is not None, "every chunk has an article"
            articles[article.id] = article
            pieces = _pieces(article.text[chunk.start : chunk.end])
            if any(len(pieces & other) >= SAME_TEXT * min(len(pieces), len(other)) > 0 for other in seen):
                continue
            if sum(other.article_id == chunk.article_id for _place, other in chosen) >= PER_ARTICLE:
                waiting.append((place, chunk))
                continue
            seen.append(pieces)
            chosen.append((place, chunk))
        chosen = sorted(chosen + waiting[: top_k - len(chosen)], key=lambda item: item[0])
        passages = tuple(
            _passage(rank + 1, chunk, articles[chunk.article_id], fused[place], dense[place], lexical[place])
            for rank, (place, chunk) in enumerate(chosen)
        )
        return passages, {passage.article_id: articles[passage.article_id] for passage in passages}


def _standardise(scores: Float32, rows: npt.NDArray[np.int64]) -> Float32:
    deviation = float(scores.std())
    return (scores[rows] - float(scores.mean())) / (deviation or 1.0)


def _pieces(text: str) -> set[str]:
    compact = "".join(text.split())
    return {compact[place : place + 8] for place in range(len(compact) - 7)}


def _passage(rank: int, chunk: StoredChunk, article: Article, score: float, cosine: float, bm25: float) -> Passage:
    place = find_place(article, chunk.start, chunk.end)
    return Passage(
        rank=rank,
        score=round(float(score), 4),
        cosine=round(float(cosine), 4),
        bm25=round(float(bm25), 4),
        chunk_id=chunk.id,
        article_id=article.id,
        doc_id=article.doc_id,
        title=article.title,
        date=article.date.value if article.date else None,
        date_precision=article.date.precision if article.date else None,
        newspaper=article.newspaper,
        source=place.source,
        page=place.page,
        url=article.url if place.source == article.source else None,
        text=article.text[chunk.start : chunk.end],
        start=chunk.start,
        end=chunk.end,
    )


class _Clock:
    """Puts the milliseconds since the last lap into the timings."""

    def __init__(self, timings: Timings) -> None:
        self._timings = timings
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self._timings.stages[stage] = round((now - self._last) * 1000, 2)
        self._last = now
