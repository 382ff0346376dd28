"""A quote found in a passage → the citation that the answer carries."""

from dataclasses import dataclass

from index.provenance import Place, find_place
from index.records import Article
from rag.records import Citation, Passage


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim stretch of a passage: `article.text[start:end] == text`."""

    passage: Passage
    start: int
    end: int
    text: str


def make_citation(number: int, quote: Quote, article: Article | None = None) -> Citation:
    """Turn a quote into the citation that the answer's marker [number] points to.

    Args:
        article: the one that the quote is from; without it the citation names the file of its passage, and no place there.
    """
    passage = quote.passage
    place = find_place(article, quote.start, quote.end) if article else Place(passage.source, passage.page)
    return Citation(
        n=number,
        chunk_id=passage.chunk_id,
        article_id=passage.article_id,
        title=passage.title,
        date=passage.date,
        date_precision=passage.date_precision,
        newspaper=passage.newspaper,
        source=place.source,
        page=place.page,
        url=passage.url if place.source == passage.source else None,
        quote=quote.text,
        start=quote.start,
        end=quote.end,
        source_start=place.start,
        source_end=place.end,
    )
