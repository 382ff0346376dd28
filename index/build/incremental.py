"""What the generation before spares a build: articles and chunks of unchanged files, embeddings, terms."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.build.articles import FileContents
from index.chunking import CHUNK_TOKENS
from index.language.terms import TERMS_VERSION
from index.language.user_dictionary import Dictionary
from index.read import SourceFile
from index.records import Article, Rejected
from index.store.catalogue import FileRecord, StoredChunk
from index.store.generations import Generation
from index.store.manifest import sha256
from index.store.withdrawals import REASON as WITHDRAWN

PIPELINE_VERSION = 4
"""Raised by one whenever reading, repair, segmentation or chunking give other articles or chunks: an earlier
generation's articles are then not reused."""

ManifestSettings = dict[str, int | str]


@dataclass(frozen=True, slots=True)
class Versions:
    """Numbers of the rules by which articles and chunks, and terms, are made of the same files."""

    pipeline: int
    terms: int


CURRENT_VERSIONS = Versions(PIPELINE_VERSION, TERMS_VERSION)


def settings_with(
    dictionary: Dictionary, withdrawn: str = "", versions: Versions = CURRENT_VERSIONS
) -> ManifestSettings:
    """Return what a manifest says of how chunks and terms were made, and by its digest of what was withdrawn."""
    return {
        "chunk_tokens": CHUNK_TOKENS,
        "pipeline": versions.pipeline,
        "terms": versions.terms,
        "dictionary": dictionary.digest,
        **({"withdrawn": withdrawn} if withdrawn else {}),  # a generation from before there was a list stays as it is
    }


def file_record(file: SourceFile) -> FileRecord:
    """Return source, path and digest of a file; what comes of it is not known yet."""
    try:
        digest = sha256(file.path) if file.path.is_file() else ""  # a pipe would never end
    except OSError:
        digest = ""  # read_file says why
    path = os.fsencode(file.path).decode("utf-8", "backslashreplace")  # names may be in GBK
    return FileRecord(file.source, path, digest, 0, 0)


@dataclass(frozen=True, slots=True)
class PreviousGeneration:
    """The previous generation, as far as it can be taken over.

    Args:
        generation: as it is served now.
        settings: those of the build that takes over.
        files: source → file of the previous generation.
        rows: digest of an embedded text → its row there.
    """

    generation: Generation
    settings: ManifestSettings
    files: Mapping[str, FileRecord]
    rows: Mapping[bytes, int]

    @classmethod
    def of(cls, generation: Generation, settings: ManifestSettings) -> "PreviousGeneration":
        """Read what there is to take over."""
        return cls(generation, settings, generation.catalogue.files(), dict(generation.catalogue.digests()))

    def is_same(self, roots: Sequence[str], files: Sequence[FileRecord], passed_over: Sequence[Rejected]) -> bool:
        """Whether a build would give this generation again: same settings, paths, files, and reasons to pass over.

        Args:
            files: source, path and digest of what is there now; what came of each is not looked at.
        """
        manifest = self.generation.manifest
        if manifest.settings != self.settings or list(manifest.roots) != list(roots):
            return False
        if any(not file.sha256 for file in files):  # cannot be read, so nobody knows
            return False
        before = [(file.source, file.path, file.sha256) for file in self.files.values()]
        now = [(file.source, file.path, file.sha256) for file in files]
        told = {item for item in self.generation.catalogue.rejections() if item.source not in self.files}
        return sorted(before) == sorted(now) and told == set(passed_over)

    def contents(self, source: str, digest: str) -> FileContents | None:
        """Return what came of a file, or None where it has changed or may have.

        Args:
            digest: SHA-256 of the file now, empty where it cannot be read.
        """
        known = self.files.get(source)
        if not self._has("pipeline", "chunk_tokens") or not known or not digest or known.sha256 != digest:
            return None
        catalogue = self.generation.catalogue
        rejections = catalogue.rejections(source)
        if self._has_other_withdrawals() and any(rejected.reason == WITHDRAWN for rejected in rejections):
            return None  # one of them may be back
        return FileContents(catalogue.parts_of(source), rejections, known.kept, is_reused=True)

    def chunks(self, article: Article, *, is_unchanged: bool = False) -> list[StoredChunk] | None:
        """Return an article's chunks, or None where it is not the very same article.

        Args:
            is_unchanged: it is known to be, so it is not compared.
        """
        catalogue = self.generation.catalogue
        if not self._has("pipeline", "chunk_tokens") or not (is_unchanged or catalogue.article(article.id) == article):
            return None
        return catalogue.chunks_of(article.id)

    def reused_rows(self, digests: Sequence[bytes]) -> npt.NDArray[np.int64]:
        """Return (n,) for each text its row in this generation, -1 where it has none."""
        return np.fromiter((self.rows.get(digest, -1) for digest in digests), np.int64, len(digests))

    @property
    def has_terms(self) -> bool:
        """Whether its chunks' terms are those that would be made now."""
        return self._has("terms", "dictionary") and self.generation.lexical.is_updatable

    def _has_other_withdrawals(self) -> bool:
        return self.generation.manifest.settings.get("withdrawn") != self.settings.get("withdrawn")

    def _has(self, *names: str) -> bool:
        before = self.generation.manifest.settings
        return all(name in before and before[name] == self.settings[name] for name in names)
