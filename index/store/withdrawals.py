"""What administrators have withdrawn of the operator's own files: every build honours it.

A file is known by its path and by what is in it, so that neither an edit nor a move brings it back; a document of a
corpus by its `_id`. Posted documents are none of this: withdrawing one removes its file.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from index.errors import UnknownDocumentError
from index.files import sha256
from index.records import Article, Rejected, spellings

REASON = "withdrawn"
"""Reason of the rejection by which a build tells what is withdrawn."""


@dataclass(frozen=True, slots=True)
class WithdrawnFile:
    """A file that stays on the operator's disk and out of the index.

    Args:
        source: how citations named it.
        path: where it was read.
        size: in bytes; spares hashing all other files.
        sha256: of its content, in hexadecimal.
    """

    source: str
    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The list.

    Args:
        files: whole files.
        documents: ids of documents of corpus files.
        until: number of the last generation that may hold something withdrawn since: none up to it is kept.
    """

    files: tuple[WithdrawnFile, ...] = ()
    documents: tuple[str, ...] = ()
    until: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """What is withdrawn, by the names that restore it."""
        return tuple(sorted({*(file.source for file in self.files), *self.documents}))

    @property
    def digest(self) -> str:
        """Changes whenever the list does; empty where nothing is withdrawn."""
        listed = json.dumps([asdict(file) for file in self.files] + [*self.documents], sort_keys=True)
        return hashlib.sha256(listed.encode()).hexdigest()[:16] if self.names else ""

    def name_of(self, path: Path) -> str | None:
        """Return the name under which this file is withdrawn, None where it is not."""
        for file in self.files:
            if file.path == path_text(path):
                return file.source
        try:
            size = path.stat().st_size if path.is_file() else -1  # a pipe would never end
            alike = [file for file in self.files if file.size == size]
            digest = sha256(path) if alike else ""
        except (OSError, ValueError):
            return None  # the reader says why
        return next((file.source for file in alike if file.sha256 == digest), None)

    def without_withdrawn(
        self, source: str, articles: Sequence[Article], rejections: Iterable[Rejected], kept: int
    ) -> tuple[list[Article], list[Rejected], int]:
        """Return what came of a corpus file without its withdrawn documents, which are rejections instead.

        Args:
            kept: documents of the file that were kept.
        """
        gone = {article.doc_id for article in articles if article.doc_id in self.documents} - {source}
        told = [withdrawn_rejection(source, doc_id) for doc_id in sorted(gone)]
        return [article for article in articles if article.doc_id not in gone], [*rejections, *told], kept - len(gone)

    def with_files(self, files: Iterable[WithdrawnFile]) -> "Withdrawn":
        """Return the list with these files on it as well."""
        return replace(self, files=tuple(dict.fromkeys((*self.files, *files))))

    def with_document(self, doc_id: str) -> "Withdrawn":
        """Return the list with a corpus document on it as well."""
        return replace(self, documents=tuple(dict.fromkeys((*self.documents, doc_id))))

    def without(self, names: Iterable[str]) -> "Withdrawn":
        """Return the list without what these names stand for.

        Raises:
            UnknownDocumentError: one of them is not withdrawn.
        """
        wanted = {next((it for it in spellings(name) if it in self.names), name) for name in names}
        if unknown := sorted(wanted - set(self.names)):
            raise UnknownDocumentError(
                f"{', '.join(unknown)}: not withdrawn; withdrawn are: {', '.join(self.names) or 'none'}"
            )
        files = tuple(file for file in self.files if file.source not in wanted)
        return replace(self, files=files, documents=tuple(name for name in self.documents if name not in wanted))


def withdrawn_rejection(source: str, name: str) -> Rejected:
    """Return the rejection of what is withdrawn under this name."""
    what = source if name == source else f"{source}: {name}"
    return Rejected(
        source, None, REASON, f"{what}: withdrawn", f"to bring it back: wenju index --restore {json.dumps(name, ensure_ascii=False)}"
    )  # fmt: skip


def path_text(path: Path) -> str:
    """A path as the catalogue keeps it: names may be in GBK."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
