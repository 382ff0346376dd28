"""A stretch of any article as a quote: also where no passage was retrieved for it."""

from index.language.sentences import split_sentences
from index.provenance import find_place
from index.records import Article
from index.store.generations import Generation
from rag.facts.planted import is_planted, plain_title, planted_in
from rag.records import Passage
from rag.verification.citations import Quote


def quote_article(article: Article, start: int, end: int, generation: Generation) -> Quote:
    """Return `article.text[start:end]` as a quote.

    Args:
        start, end: offsets into the article's text; 0 <= start < end.
    """
    chunks = generation.catalogue.chunks_of(article.id)
    chunk = next((chunk for chunk in chunks if chunk.start <= start < chunk.end), chunks[0])
    place = find_place(article, start, end)
    passage = Passage(
        rank=1,
        score=0.0,
        cosine=0.0,
        bm25=0.0,
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
    )
    return Quote(passage, start, end, article.text[start:end])


def quote_opening(article: Article, generation: Generation) -> Quote:
    """Return the first sentence of an article as a quote: what a title in a list is linked by."""
    planted = planted_in(article)
    start, end = next(
        (
            (start, end)
            for start, end in split_sentences(article.text)
            if article.text[start:end].strip() and not is_planted(planted, start, end)
        ),
        (0, len(article.text)),
    )
    text = article.text[start:end]
    return quote_article(article, start + len(text) - len(text.lstrip()), start + len(text.rstrip()), generation)
