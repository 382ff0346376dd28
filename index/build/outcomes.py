"""A file → what came of each of its documents: articles, or why there are none."""

import itertools
import logging
from collections.abc import Iterator
from dataclasses import dataclass

from index.errors import UnreadableError
from index.read import Recognition, SourceFile, read_file, rejected
from index.records import Article, Document, Rejected
from index.segment import split_articles

log = logging.getLogger(__name__)


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


Outcome = tuple[Article, ...] | Rejected
"""What comes of a document: the articles of one that is kept, in the order of the page; or why it is not."""


def outcomes_of(file: SourceFile, skip: int = 0, recognition: Recognition | None = None) -> Iterator[Outcome]:
    """Yield what comes of each document of a file, read in this process; bad input never raises.

    Args:
        skip: how many documents are left out, from the first one on.
        recognition: see `read_file`.
    Raises:
        UnrecognisedError: pages of it are to be recognised first.
    """
    for outcome in itertools.islice(read_file(file, recognition), skip, None):
        yield outcome if isinstance(outcome, Rejected) else _articles_of(outcome)


def _articles_of(document: Document) -> Outcome:
    try:
        return tuple(split_articles(document))
    except MemoryError:
        problem = UnreadableError("too_large", "memory ran out while taking it apart", "split it, e.g. by issue")
    except Exception as error:  # one file must not stop the others
        log.exception("%s cannot be taken apart", document.source)
        problem = UnreadableError(
            "failed", f"it cannot be taken apart ({type(error).__name__}: {error})"[:200], "report this, with the file"
        )
    return rejected(document.source, problem, document.line)
