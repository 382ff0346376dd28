"""Files → articles, page by page; and all of an archive in the order of its pages, without an index."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.continuation import is_continued, join_continued
from index.errors import IndexNotFoundError
from index.read import SourceFile, find_files, read_file
from index.records import Article, Document, Rejected
from index.segment import split_articles

MAX_HELD_ARTICLES = 2000
"""Articles that wait, so that they come in the order of their pages, for the rest of one that goes on on another page."""


@dataclass(frozen=True, slots=True)
class FileContents:
    """What came of a file, or of what the generation before knows of it.

    Args:
        articles: in the order of the page; an article that goes on on another page is the part on this one.
        rejections: what of it was not kept.
        kept: documents of the file that were kept.
        is_reused: taken over from the generation before, because the file has not changed.
    """

    articles: list[Article]
    rejections: list[Rejected]
    kept: int
    is_reused: bool = False


def read_contents(file: SourceFile, read: Callable[[SourceFile], Iterator[Document | Rejected]]) -> FileContents:
    """Return the articles of a file, and what of it was rejected."""
    articles: list[Article] = []
    rejections: list[Rejected] = []
    kept = 0
    for outcome in read(file):
        if isinstance(outcome, Document):
            kept += 1
            articles += split_articles(outcome)
        else:
            rejections.append(outcome)
    return FileContents(articles, rejections, kept)


def read_articles(paths: Sequence[Path], max_held: int = MAX_HELD_ARTICLES) -> Iterator[Article | Rejected]:
    """Yield the articles rebuilt from files and folders, without indexing them, and what was rejected.

    They come in the order of their pages; where more than `max_held` follow one that goes on on another page, those
    that do come last.

    Raises:
        IndexNotFoundError: none of the paths is there.
    """
    require_any(paths)
    files, missing = find_files(paths)
    yield from missing
    continued: list[Article] = []
    held: list[Article | Rejected | None] = []  # None stands for the next one that is continued
    in_order = True
    for item in (item for file in files for item in _items_of(file)):
        if isinstance(item, Article) and is_continued(item):
            continued.append(item)
            held.append(None)
        elif continued and in_order:
            held.append(item)
        else:
            yield item
        if in_order and len(held) > max_held:
            yield from (other for other in held if other)
            held, in_order = [None] * len(continued), False
    whole = {joined.rows[0]: joined.article for joined in join_continued(continued)}
    row = -1
    for waiting in held:
        row += waiting is None
        article = waiting or whole.get(row)
        if article:
            yield article


def _items_of(file: SourceFile) -> Iterator[Article | Rejected]:
    for outcome in read_file(file):
        if isinstance(outcome, Document):
            yield from split_articles(outcome)
        else:
            yield outcome


def require_any(paths: Sequence[Path], known: Sequence[Path] = ()) -> None:
    """Refuse paths of which none is there, nor among those known.

    Raises:
        IndexNotFoundError: so it is.
    """
    if not any(path.exists() or path in known for path in paths):
        raise IndexNotFoundError(f"{', '.join(map(str, paths))}: no such file or folder; check the spelling")
