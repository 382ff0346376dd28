"""Where a slice of an article stands in the files that it was printed in."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from index.records import Article, Origin

SHEETS = "sheets"
"""Key of an article's metadata where its file has pages with places: source → [page of the file from 1 on, where the page's
text begins in the document] for each page that it stands on."""
MAX_GAP_CHARACTERS = 200
"""Characters of a caption, banner or repeated headline that may stand in the middle of a quote in its file; what is
further on stands behind another article."""


@dataclass(frozen=True, slots=True)
class Place:
    """The file of a slice's beginning, and the slice there.

    Args:
        source: file name as citations show it.
        page: of the newspaper, where known.
        start, end: offsets into the decoded text of that file, lines ended by LF; None where they are not known, as for
            a line of a corpus. Where the slice goes on in another file or far away in this one, `end` is before that.
    """

    source: str
    page: str | None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Slice:
    """A piece of an article's text and where it was printed: `text[start:end]` ← `source`'s text `[source_start:source_end]`."""

    source: str
    start: int
    end: int
    source_start: int
    source_end: int


def find_slices(article: Article, start: int, end: int) -> Iterator[Slice]:
    """Yield where the pieces of `article.text[start:end]` were printed, in the text's order; what stands for nothing is left out."""
    for origin in article.origin:
        first, last = max(start, origin.start), min(end, origin.end)
        if first >= last or origin.source_start >= origin.source_end:
            continue
        source = origin.source or article.source
        if _is_exact(origin):
            shift = origin.source_start - origin.start
            yield Slice(source, first, last, first + shift, last + shift)
        else:
            yield Slice(source, first, last, origin.source_start, origin.source_end)


def find_place(article: Article, start: int, end: int) -> Place:
    """Return where `article.text[start:end]` was printed, start < end."""
    number = bisect_right(article.origin, start, key=lambda origin: origin.start) - 1
    if number < 0:
        return Place(article.source, article.page)
    first = article.origin[number]
    if start >= first.end:  # nobody noted where it was printed: a kicker or deck that a web page states
        return Place(article.source, article.page)
    last = _end_of(first, end)
    for origin in article.origin[number + 1 :]:
        if (
            origin.start >= end
            or origin.source != first.source
            or not 0 <= origin.source_start - last <= MAX_GAP_CHARACTERS
        ):
            break
        last = _end_of(origin, end)
    source = first.source or article.source
    page = _page_of(article, source) if first.source else article.page
    within = start - first.start if _is_exact(first) else 0
    return Place(source, page, first.source_start + within, last)


def _page_of(article: Article, source: str) -> str | None:
    """The page of another file that a joined article comes from, as index.continuation notes it."""
    pages = article.metadata.get("pages")
    page = pages.get(source) if isinstance(pages, dict) else None
    return page if isinstance(page, str) else None


def _end_of(origin: Origin, end: int) -> int:
    """The end in the file of an origin, or of the part of it that is before `end`."""
    if end < origin.end and _is_exact(origin):
        return origin.source_start + end - origin.start
    return origin.source_end


def _is_exact(origin: Origin) -> bool:
    """Whether it maps character by character."""
    return origin.end - origin.start == origin.source_end - origin.source_start
