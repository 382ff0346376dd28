"""A chunk of an article as a passage: what was retrieved, and what is quoted though nothing was."""

from index.chunking import table_head_of
from index.provenance import Place
from index.records import Article
from index.store.catalogue import StoredChunk
from rag.facts.planted import plain_title
from rag.records import Passage


def passage_of(
    article: Article,
    chunk: StoredChunk,
    place: Place,
    *,
    rank: int = 1,
    scores: tuple[float, float, float] = (0.0, 0.0, 0.0),
    also_in: tuple[str, ...] = (),
) -> Passage:
    """Return an article's chunk as a passage.

    Args:
        place: where it, or what is quoted of it, was printed.
        scores: of the ranking, the cosine and BM25.
    """
    score, cosine, bm25 = scores
    return Passage(
        rank=rank,
        score=round(score, 4),
        cosine=round(cosine, 4),
        bm25=round(bm25, 4),
        chunk_id=chunk.id,
        article_id=article.id,
        doc_id=article.doc_id,
        title=plain_title(article.title),
        date=article.date.value if article.date else None,
        date_precision=article.date.precision if article.date else None,
        newspaper=article.newspaper,
        source=place.source,
        page=place.page,
        url=article.url if place.source == article.source else None,
        text=article.text[chunk.start : chunk.end],
        start=chunk.start,
        end=chunk.end,
        table_head=table_head_of(chunk.header),
        also_in=also_in,
    )
