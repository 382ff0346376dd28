"""Query → candidates: the best chunks of the dense and of the lexical retriever, with the scores of both."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.records import Float32
from index.search.lexical_index import K1, LexicalIndex
from index.store.generations import Generation
from rag.records import Query
from rag.retrieval.translation.concepts import Concept

CANDIDATES = 200
"""Best rows of each retriever that are looked at; more changed no ranking of the first ten on CMRC 2018 and DRCD."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Chunks that may answer, and how both retrievers see them; arrays of equal length.

    Args:
        rows: (n,) of the chunks.
        cosine: (n,) with the question, as the model gives it.
        centred_cosine: (n,) the same after the centre is taken off (index.embedding.centering).
        bm25: (n,) scores, >= 0.
        bm25_ratio: (n,) bm25 as a share of what it cannot exceed, 0 to 1: comparable between questions.
        article_bm25_ratio: (n,) the same of the whole articles, over which what is asked may be spread.
        coverage: share of the question's terms, weighted by idf, that the archive knows; 0 to 1.
        top_score_z: standard deviations by which the best cosine exceeds the archive's mean.
    """

    rows: npt.NDArray[np.int64]
    cosine: Float32
    centred_cosine: Float32
    bm25: Float32
    bm25_ratio: Float32
    article_bm25_ratio: Float32
    coverage: float
    top_score_z: float

    def features(self) -> Float32:
        """(n, 3): centred_cosine, bm25_ratio, article_bm25_ratio, which the fusion sums up."""
        return np.stack([self.centred_cosine, self.bm25_ratio, self.article_bm25_ratio], axis=1)


def find_candidates(
    query: Query,
    terms: Sequence[str],
    vector: Float32,
    centred: Float32,
    generation: Generation,
    is_timely: npt.NDArray[np.bool_] | None = None,
    concepts: Sequence[Concept] = (),
    among: npt.NDArray[np.bool_] | None = None,
) -> Candidates:
    """Return the best rows of either retriever among those that pass the query's date filter.

    Args:
        terms: of the question, for the lexical retriever.
        vector: (dim,) the question's embedding.
        centred: (dim,) the same with the centre taken off.
        is_timely: (chunks,) those of the time asked about, of which some are taken in any case.
        concepts: of a question in another language; they take the place of its terms in the lexical retriever.
        among: (chunks,) the only ones to be found; None finds any.
    """
    vectors, lexical, articles = generation.vectors, generation.lexical, generation.articles
    allowed = _allowed(query, generation.days)
    if among is not None:
        allowed = among if allowed is None else allowed & among
    bm25, ceiling = _score(lexical, terms, concepts)
    bm25_ratio = bm25 / ceiling
    article_bm25, ceiling = _score(articles, terms, concepts)
    article_bm25_ratio = (article_bm25 / ceiling)[generation.article_rows]
    both = bm25_ratio + article_bm25_ratio if allowed is None else np.where(allowed, bm25_ratio + article_bm25_ratio, 0)
    count = min(CANDIDATES, len(both))
    best = np.argpartition(-both, count - 1)[:count]
    nearest = vectors.search(centred, CANDIDATES, allowed)
    rows = np.union1d(nearest, best[both[best] > 0]).astype(np.int64)
    if is_timely is not None:
        timely = is_timely if allowed is None else is_timely & allowed
        rows = np.union1d(rows, vectors.search(centred, CANDIDATES // 4, timely)).astype(np.int64)
    held = vectors.vectors(rows)
    cosine = held @ vector
    mean, deviation = vectors.distribution(vector)
    return Candidates(
        rows,
        cosine,
        generation.centering.centre_chunks(held) @ centred,
        bm25[rows],
        bm25_ratio[rows],
        article_bm25_ratio[rows],
        lexical.coverage(terms),
        (float(cosine.max(initial=mean)) - mean) / (deviation or 1.0),
    )


def _score(lexical: LexicalIndex, terms: Sequence[str], concepts: Sequence[Concept]) -> tuple[Float32, float]:
    """Return BM25 scores, and what none of them can exceed: each term or concept saturates at its idf times k1 + 1."""
    if not concepts:
        return lexical.scores(terms), (K1 + 1) * float(lexical.idf(terms).sum()) or 1.0
    hits = [lexical.find_any(concept.translations) for concept in concepts]
    return np.sum([hit.scores for hit in hits], axis=0), (K1 + 1) * sum(hit.idf for hit in hits)


def _allowed(query: Query, days: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_] | None:
    if not query.first and not query.last:
        return None
    allowed = days[:, 0] > 0
    if query.first:
        allowed &= days[:, 1] >= query.first.first_day
    if query.last:
        allowed &= days[:, 0] <= query.last.last_day
    return allowed
