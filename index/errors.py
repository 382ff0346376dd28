"""Errors of the offline side.

IndexingError
├── UnreadableError          one input file or line cannot be read (becomes a Rejected record)
├── EmbeddingModelError      the embedding model cannot be had, or is not the one it claims to be
├── DictionaryError          the operator's dictionary cannot be read
├── IndexNotFoundError       no index where one was expected
├── UnknownDocumentError     no document of this name in the index
├── IndexMismatchError       the index was built with another model, format or dimension
├── IndexCorruptError        a file of the index is missing or is not what the manifest says
├── IndexAccessError         a file of the index cannot be read now, and may be whole
├── NothingToIndexError      nothing of what was given could be kept
├── PageViewError            the page that an article stands on cannot be shown
├── IndexWriteError          the index folder cannot be made or written
└── IndexBusyError           another process is writing this index
"""

from collections.abc import Sequence
from typing import Any


class IndexingError(Exception):
    """Base of everything the offline side raises on purpose; the message says what, where and what to do."""


class UnreadableError(IndexingError):
    """One input cannot be read.

    Args:
        reason: short code, e.g. "empty", "binary", "encrypted", "too_large", "broken_json".
        message: what is wrong.
        remedy: what the owner of the file can do.
    """

    def __init__(self, reason: str, message: str, remedy: str) -> None:
        super().__init__(f"{message}; {remedy}")
        self.reason = reason
        self.message = message
        self.remedy = remedy


class EmbeddingModelError(IndexingError):
    """The embedding model cannot be loaded or does not match its checksum."""


class DictionaryError(IndexingError):
    """The operator's dictionary is missing, or a line of it is no entry."""


class IndexNotFoundError(IndexingError):
    """There is no published index in the folder, or nothing at the paths that were to be indexed."""


class UnknownDocumentError(IndexingError):
    """The index has no document of this name."""


class IndexMismatchError(IndexingError):
    """The index and the settings disagree (model, dimension, format version)."""


class IndexCorruptError(IndexingError):
    """A file of a generation is missing, truncated or altered."""


class IndexAccessError(IndexingError):
    """A file of the index cannot be read now: no right to, or too many files are open."""


class NothingToIndexError(IndexingError):
    """Nothing of what was given could be kept.

    Args:
        message: what was given, and the gravest reasons.
        rejections: all of them, as index.records.Rejected.
    """

    def __init__(self, message: str, rejections: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.rejections = tuple(rejections)


class PageViewError(IndexingError):
    """The page that an article stands on cannot be shown.

    Args:
        code: why, e.g. "no_picture", "source_gone", "source_changed".
        message: the same in words, with what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class IndexWriteError(IndexingError):
    """The index folder cannot be made or written."""


class IndexBusyError(IndexingError):
    """Another process holds the writer's lock."""
