"""Kicker, deck and captions as paragraphs behind an article's running text: found, embedded and cited like the rest.

The text that `wenju articles` shows stays as it is; only what enters an index has them, so that a citation's offsets hold
in one text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.chunking import body_end
from index.dates import find_dates
from index.records import Article, Beside, Origin


def with_beside(article: Article) -> Article:
    """Return the article with kicker, deck and captions at the end of its text, a paragraph each; what it says already stays out.

    Offsets into the running text stay, and so does the id.
    """
    placed = list(_placed(article))
    added = [item for item in placed if item.start is not None]
    if not added:
        return article
    text, origin, dates = article.text, list(article.origin), list(article.dates)
    for item in added:
        start = len(text) + bool(text)
        if text:
            origin += _seam(origin, len(text))
        text += ("\n" if text else "") + item.text
        origin += [replace(one, start=one.start + start, end=one.end + start) for one in item.origin]
        found = find_dates(item.text, article.date)
        dates += [replace(span, start=span.start + start, end=span.end + start) for span in found]
    return replace(article, text=text, origin=tuple(origin), dates=tuple(dates), beside=tuple(placed))


def without_beside(article: Article) -> Article:
    """Return the article as it was before `with_beside`."""
    length = body_end(article)
    if length == len(article.text) and all(item.start is None for item in article.beside):
        return article
    return replace(
        article,
        text=article.text[:length],
        origin=tuple(one for one in article.origin if one.end <= length),
        dates=tuple(span for span in article.dates if span.end <= length),
        beside=tuple(replace(item, start=None) for item in article.beside),
    )


def _placed(article: Article) -> Iterator[Beside]:
    """What is beside the text, each with the place where it goes; None where the text, or one before it, says it."""
    said = _squeezed(article.text)
    length = len(article.text)
    for item in article.beside:
        squeezed = _squeezed(item.text)
        if not squeezed or squeezed in said:
            yield replace(item, start=None)
            continue
        start = length + bool(length)
        yield replace(item, start=start)
        length = start + len(item.text)
        said = f"{said}\n{squeezed}"


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _seam(origin: Sequence[Origin], end: int) -> list[Origin]:
    """The line break before a paragraph stands for nothing, at the end of what is before it."""
    if not origin or origin[-1].end != end:
        return []
    last = origin[-1]
    return [Origin(end, end + 1, last.source_end, last.source_end, last.source)]
