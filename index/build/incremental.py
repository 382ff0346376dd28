"""What the generation before spares a build: articles and chunks of unchanged files, embeddings, terms."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.build.outcomes import FileContents
from index.build.start import Remains
from index.chunking import CHUNK_TOKENS
from index.files import sha256
from index.language.terms import TERMS_VERSION
from index.language.user_dictionary import Dictionary
from index.offices import OFFICES_VERSION
from index.read import SCANNED_FORMS, SourceFile, form_of
from index.read.ocr.kept_pages import RECOGNITION_VERSION, is_installed
from index.records import Article, OfficeHolding, Rejected
from index.search.lexical_index import LexicalIndex
from index.store.catalogue import FileRecord, StoredChunk
from index.store.ledger import Ledger
from index.store.withdrawals import REASON as WITHDRAWN

PIPELINE_VERSION = 8
"""Raised by one whenever reading, repair, segmentation or chunking give other articles or chunks: an earlier
generation's articles are then not reused."""

UNREADABLE = "unreadable"
"""Reason of the rejection of a file that the system did not give: it may the next time."""
ManifestSettings = dict[str, int | str]


@dataclass(frozen=True, slots=True)
class Versions:
    """Numbers of the rules by which articles and chunks, terms, and the table of offices are made of the same files."""

    pipeline: int
    terms: int
    offices: int = OFFICES_VERSION


CURRENT_VERSIONS = Versions(PIPELINE_VERSION, TERMS_VERSION)


def settings_with(
    dictionary: Dictionary, withdrawn: str = "", versions: Versions = CURRENT_VERSIONS
) -> ManifestSettings:
    """Return what a manifest says of how chunks and terms were made, and by its digest of what was withdrawn."""
    return {
        "chunk_tokens": CHUNK_TOKENS,
        "pipeline": versions.pipeline,
        "terms": versions.terms,
        "offices": versions.offices,
        "dictionary": dictionary.digest,
        **({"withdrawn": withdrawn} if withdrawn else {}),  # a generation from before there was a list stays as it is
        **({"recognition": RECOGNITION_VERSION} if is_installed() else {}),
    }


def file_record(file: SourceFile) -> FileRecord:
    """Return source, path and digest of a file; what comes of it is not known yet."""
    try:
        # Of what is too large to be read nothing is known but that; and a pipe would never end.
        digest = sha256(file.path) if file.path.is_file() and file.path.stat().st_size <= file.limit_bytes else ""
    except OSError:
        digest = ""  # read_file says why
    path = os.fsencode(file.path).decode("utf-8", "backslashreplace")  # names may be in GBK
    return FileRecord(file.source, path, digest, 0, 0)


@dataclass(frozen=True, slots=True)
class PreviousGeneration:
    """The previous generation, as far as it can be taken over.

    Args:
        remains: what of it is whole; all of one that is served.
        settings: those of the build that takes over.
        files: source → file of the previous generation.
        rows: digest of an embedded text → its row there.
    """

    remains: Remains
    settings: ManifestSettings
    files: Mapping[str, FileRecord]
    rows: Mapping[bytes, int]

    @classmethod
    def of(cls, remains: Remains, settings: ManifestSettings) -> "PreviousGeneration":
        """Read what there is to take over."""
        return cls(remains, settings, remains.catalogue.files(), dict(remains.catalogue.digests()))

    def is_same(
        self, roots: Sequence[str], files: Sequence[FileRecord], passed_over: Sequence[Rejected], ledger: Ledger
    ) -> bool:
        """Whether a build would give this generation again: same settings, paths, files, ledger, and reasons to pass over.

        Args:
            files: source, path and digest of what is there now; what came of each is not looked at.
        """
        manifest = self.remains.manifest
        if manifest.settings != self.settings or list(manifest.roots) != list(roots):
            return False
        if ledger != (self.remains.ledger or Ledger()):
            return False
        if any(not file.sha256 for file in files):  # cannot be read, so nobody knows
            return False
        before = [(file.source, file.path, file.sha256) for file in self.files.values()]
        now = [(file.source, file.path, file.sha256) for file in files]
        told = {item for item in self.remains.catalogue.rejections() if item.source not in self.files}
        return sorted(before) == sorted(now) and told == set(passed_over)

    def knows(self, source: str, digest: str) -> bool:
        """Whether it knows what came of a file, which has not changed since.

        Args:
            digest: SHA-256 of the file now, empty where it cannot be read.
        """
        known = self.files.get(source)
        if not self._has("pipeline", "chunk_tokens") or not known or not digest or known.sha256 != digest:
            return False
        if self._may_be_recognised(source):
            return False
        # One of those withdrawn may be back, and what could not be read then may be read now.
        again = {UNREADABLE, WITHDRAWN} if self._has_other_withdrawals() else {UNREADABLE}
        return all(rejected.reason not in again for rejected in self.remains.catalogue.rejections(source))

    def contents(self, source: str) -> FileContents:
        """Return what came of a file that it knows."""
        catalogue = self.remains.catalogue
        kept = self.files[source].kept
        return FileContents(catalogue.parts_of(source), catalogue.rejections(source), kept, is_reused=True)

    def chunks(self, article: Article, *, is_unchanged: bool = False) -> list[StoredChunk] | None:
        """Return an article's chunks, or None where it is not the very same article.

        Args:
            is_unchanged: it is known to be, so it is not compared.
        """
        catalogue = self.remains.catalogue
        if not self._has("pipeline", "chunk_tokens") or not (is_unchanged or catalogue.article(article.id) == article):
            return None
        return catalogue.chunks_of(article.id)

    def holdings(self, article: Article) -> list[OfficeHolding] | None:
        """Return who holds which office by an article that is unchanged; None where it must be read again for that."""
        table = self.remains.catalogue.holdings
        return table.of_article(article.id) if table.is_there and self._has("offices", "dictionary") else None

    def reused_rows(self, digests: Sequence[bytes]) -> npt.NDArray[np.int64]:
        """Return (n,) for each text its row in this generation, -1 where it has none."""
        return np.fromiter((self.rows.get(digest, -1) for digest in digests), np.int64, len(digests))

    @property
    def terms(self) -> LexicalIndex | None:
        """Its chunks' terms; None where they are not those that would be made now, or damaged."""
        lexical = self.remains.lexical
        return lexical if lexical and lexical.is_updatable and self._has("terms", "dictionary") else None

    def _may_be_recognised(self, source: str) -> bool:
        """Whether a file may have scanned pages that were not recognised then, or otherwise."""
        if "recognition" not in self.settings or self._has("recognition"):
            return False
        form, _zipped = form_of(Path(source)) or ("text", False)
        return form in SCANNED_FORMS

    def _has_other_withdrawals(self) -> bool:
        return self.remains.manifest.settings.get("withdrawn") != self.settings.get("withdrawn")

    def _has(self, *names: str) -> bool:
        before = self.remains.manifest.settings
        return all(name in before and before[name] == self.settings[name] for name in names)
