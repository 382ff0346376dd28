"""Characters that text recognition is not sure of → the articles that have them are doubtful, and say which."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from index.records import Article, Document

SHOWN_BESIDE = 6
SHOWN_UNSURE = 5
UNSURE = 0.75
"""Confidence is multiplied by it: such an article is looked at, whatever else is clear."""


def with_unsure(document: Document, articles: Sequence[Article]) -> list[Article]:
    """Return the articles, those with characters that may be others with what they are among their decisions.

    A character of no text, of a headline for example, is told with the article that ends next after it.
    """
    if not document.unsure or not articles:
        return list(articles)
    ends = sorted((max((one.source_end for one in article.origin), default=0), n) for n, article in enumerate(articles))
    owners = [
        {
            place: number
            for number, article in enumerate(articles)
            for one in article.origin
            if one.source is None
            for place in range(one.source_start, one.source_end)
        }
    ][0]
    found: dict[int, list[str]] = {}
    for start, end, sure in document.unsure:
        number = owners.get(start, ends[min(bisect_left(ends, (start, 0)), len(ends) - 1)][1])
        before = document.text[max(start - SHOWN_BESIDE, 0) : start].replace("\n", "")
        after = document.text[end : end + SHOWN_BESIDE].replace("\n", "")
        found.setdefault(number, []).append(f"{before}【{document.text[start:end]}】{after} {sure}%")
    return [
        replace(article, confidence=article.confidence * UNSURE, decisions=(*article.decisions, _said(found[number])))
        if number in found
        else article
        for number, article in enumerate(articles)
    ]


def _said(unsure: Sequence[str]) -> str:
    more = f", and {len(unsure) - SHOWN_UNSURE} more" if len(unsure) > SHOWN_UNSURE else ""
    return f"read from a picture, and not sure of: {', '.join(unsure[:SHOWN_UNSURE])}{more}"
