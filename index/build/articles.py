"""Files → articles, page by page; and all of an archive in the order of its pages, without an index."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from index.build.outcomes import Outcome
from index.build.readers import read_outcomes
from index.continuation import is_continued, join_continued
from index.errors import IndexNotFoundError
from index.read import find_files
from index.records import Article, Rejected

MAX_HELD_ARTICLES = 2000
"""Articles that wait, so that they come in the order of their pages, for the rest of one that goes on on another page."""


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
    with closing(read_outcomes(files)) as outcomes:
        yield from _whole_articles((item for outcome in outcomes for item in _items(outcome)), max_held)


def _items(outcome: Outcome | None) -> Sequence[Article | Rejected]:
    return [outcome] if isinstance(outcome, Rejected) else outcome or ()


def _whole_articles(items: Iterator[Article | Rejected], max_held: int) -> Iterator[Article | Rejected]:
    """Yield the items with the parts of articles that go on on other pages joined."""
    continued: list[Article] = []
    held: list[Article | Rejected | None] = []  # None stands for the next one that is continued
    in_order = True
    for item in items:
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


def require_any(paths: Sequence[Path], known: Sequence[Path] = ()) -> None:
    """Refuse paths of which none is there, nor among those known.

    Raises:
        IndexNotFoundError: so it is.
    """
    if not any(path.exists() or path in known for path in paths):
        raise IndexNotFoundError(f"{', '.join(map(str, paths))}: no such file or folder; check the spelling")
