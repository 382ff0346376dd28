"""A stretch of any article as a quote: also where no passage was retrieved for it."""

from index.language.sentences import split_sentences
from index.provenance import find_place
from index.records import Article
from index.store.generations import Generation
from rag.facts.planted import is_planted, planted_in
from rag.retrieval.passages import passage_of
from rag.verification.citations import Quote


def quote_article(article: Article, start: int, end: int, generation: Generation) -> Quote:
    """Return `article.text[start:end]` as a quote.

    Args:
        start, end: offsets into the article's text; 0 <= start < end.
    """
    chunks = generation.catalogue.chunks_of(article.id)
    chunk = next((chunk for chunk in chunks if chunk.start <= start < chunk.end), chunks[0])
    passage = passage_of(article, chunk, find_place(article, start, end))
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
