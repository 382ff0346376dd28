"""The index folder: immutable generations, one manifest each, published by one atomic rename.

    <index folder>/CURRENT                     name of the generation that is served
    <index folder>/generations/<name>/manifest.json, catalogue.sqlite, vectors.faiss, …

A reader follows CURRENT and checks every file against the manifest before it serves from it. FAISS files have
no checksum of their own: 32 of 40 single-byte corruptions loaded silently, so the manifest's SHA-256 is the guard.
"""

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.embedding.centering import EmbeddingCentering
from index.embedding.embedder import EmbedderSpec
from index.errors import IndexBusyError, IndexCorruptError, IndexMismatchError, IndexNotFoundError, IndexWriteError
from index.language.memo import TEXTS
from index.language.terms import TERMS_VERSION, Lexicon
from index.language.user_dictionary import Dictionary, read_dictionary
from index.search.lexical_index import LexicalIndex
from index.search.sentence_vectors import SentenceVectors
from index.search.vector_index import VectorIndex
from index.store.catalogue import CATALOGUE, Catalogue
from index.store.manifest import MANIFEST, Manifest, read_manifest, seal, sha256, verify

DICTIONARY = "dictionary.txt"
ARTICLE_ROWS = "article_rows.npy"
CURRENT = "CURRENT"
"""The file that names the generation in use."""
GENERATIONS = "generations"
KEPT_GENERATIONS = 2
"""The current one and the one before it, so that a corrupted or regretted generation can be left behind."""


class Generation:
    """An opened generation, read-only. Its owner calls `close`.

    `lexical` is BM25 over chunks, `articles` over whole articles; `article_rows` gives each chunk's article in it.
    `lexicon` makes a query's terms as those of its chunks were made, with the dictionary of that time.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.manifest = manifest
        self.folder = folder
        self.catalogue = Catalogue(folder / CATALOGUE)
        self.vectors = VectorIndex.open(folder)
        self.lexical = LexicalIndex.open(folder, manifest.counts.chunks)
        self.article_rows: npt.NDArray[np.int64] = np.load(folder / ARTICLE_ROWS).astype(np.int64)
        self.articles = LexicalIndex.open(folder, int(self.article_rows[-1]) + 1, "articles")
        self.sentences = SentenceVectors.open(folder)
        self.centering = EmbeddingCentering.open(folder)
        self.lexicon = Lexicon(read_dictionary(folder / DICTIONARY) if DICTIONARY in manifest.files else None)
        self.days: npt.NDArray[np.int32] = self.catalogue.days()

    @property
    def has_current_terms(self) -> bool:
        """Whether its terms were made as those of a query are made now; if not, indexing once makes them anew."""
        return self.manifest.settings.get("terms") == TERMS_VERSION

    def cache_sizes(self) -> dict[str, int]:
        """Return name of cache → entries: what it keeps of its own, and what is kept of texts whatever the generation."""
        hashes = Counter(self.lexical.cache_sizes())
        hashes.update(self.articles.cache_sizes())
        return {**TEXTS.cache_sizes(), **self.catalogue.cache_sizes(), **hashes, **self.lexicon.cache_sizes()}

    def close(self) -> None:
        """Close its files."""
        self.catalogue.close()


Check = Callable[[Path, Manifest], None]
"""Raises IndexCorruptError where a generation's folder is not what its manifest says."""


def open_generation(index_dir: Path, *, embedder: EmbedderSpec | None = None, check: Check | None = None) -> Generation:
    """Open the current generation after checking every file of it.

    Args:
        index_dir: the index folder.
        embedder: the model that queries will be embedded with; checked against the manifest.
        check: holds the files against the manifest; `verify` where None.
    Raises:
        IndexNotFoundError: nothing is published there.
        IndexCorruptError: a file is missing or altered.
        IndexMismatchError: built with another model, or by another version of the format.
    """
    folder = current_folder(index_dir)
    try:
        manifest = read_manifest(folder)
        if embedder and embedder != manifest.embedder:
            raise _mismatch(index_dir, manifest.embedder, embedder)
        (check or verify)(folder, manifest)
        return Generation(folder, manifest)
    except (IndexCorruptError, OSError):
        if current_folder(index_dir) == folder:
            raise
    # Published over and cleared away while it was being checked or opened: the new one counts.
    return open_generation(index_dir, embedder=embedder, check=check)


def _mismatch(index_dir: Path, built: EmbedderSpec, asked: EmbedderSpec) -> IndexMismatchError:
    def told(spec: EmbedderSpec) -> str:
        return f"{spec.name!r} ({spec.dim} dimensions, {spec.max_tokens} tokens, prompts {spec.query_prompt!r} and {spec.passage_prompt!r})"

    return IndexMismatchError(
        f"the index in {index_dir} was built with the embedding model {told(built)}, the settings say {told(asked)}: "
        f"set WENJU_EMBEDDING_MODEL={built.name}, or rebuild with: wenju index --rebuild PATH"
    )


def current_folder(index_dir: Path) -> Path:
    """Return the folder of the published generation.

    Raises:
        IndexNotFoundError: nothing is published there.
    """
    try:
        name = (index_dir / CURRENT).read_text("utf-8", "replace").strip()  # a damaged name is no folder's
    except OSError as error:
        raise IndexNotFoundError(
            f"no index in {index_dir}: make one with: wenju index PATH --index-dir {index_dir}"
        ) from error
    return index_dir / GENERATIONS / name


@contextmanager
def writing(index_dir: Path, wait_s: float = 0) -> Iterator[Path]:
    """Hold the writer's lock and yield an empty scratch folder; what is left in it afterwards is thrown away.

    Args:
        wait_s: how long to wait for another writer.
    Raises:
        IndexBusyError: another process is writing this index.
        IndexWriteError: the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    scratch = index_dir / GENERATIONS / ".scratch"
    try:
        scratch.parent.mkdir(parents=True, exist_ok=True)
        probe = index_dir / ".lock"
        probe.touch()
    except OSError as error:
        raise IndexWriteError(
            f"{index_dir} cannot be written: {error.strerror}; choose another folder with --index-dir or WENJU_INDEX_DIR"
        ) from error
    try:
        with FileLock(probe, timeout=wait_s):
            shutil.rmtree(scratch, ignore_errors=True)  # of a run that was killed
            scratch.mkdir()
            try:
                yield scratch
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
    except Timeout as error:
        raise IndexBusyError(f"{index_dir} is being written by another process: wait until it is done") from error


def publish(index_dir: Path, scratch: Path, manifest: Manifest, until: int = 0) -> Path:
    """Make the scratch folder the current generation, and drop generations older than the previous one.

    Everything is on disk before the one rename of CURRENT: a reader sees the old generation or the new one.

    Args:
        until: see `drop_generations`.
    """
    values = asdict(manifest)
    text = json.dumps({**values, "seal": seal(values)}, ensure_ascii=False, indent=1)
    (scratch / MANIFEST).write_text(text, "utf-8", "surrogateescape")  # roots may be named in GBK
    for file in scratch.iterdir():
        _sync(file)
    _sync(scratch)
    folder = index_dir / GENERATIONS / manifest.generation
    scratch.rename(folder)
    _sync(folder.parent)
    fresh = index_dir / f"{CURRENT}.new"
    fresh.write_text(manifest.generation)
    _sync(fresh)
    fresh.replace(index_dir / CURRENT)
    _sync(index_dir)
    drop_generations(index_dir, until)
    return folder


def drop_generations(index_dir: Path, until: int) -> None:
    """Remove generations older than the previous one, and all but the current one up to number `until`.

    Who has one of them open reads on: a mapped or open file lives until it is let go of.
    """
    current = current_folder(index_dir)
    folders = generation_folders(index_dir)
    for place, folder in enumerate(folders):
        is_old = place < len(folders) - KEPT_GENERATIONS or generation_number(folder.name) <= until
        if is_old and folder != current:
            with suppress(OSError):
                # The manifest goes last: what is half removed when power fails is removed the next time.
                for file in sorted(folder.iterdir(), key=lambda file: file.name == MANIFEST):
                    file.unlink(missing_ok=True)
                folder.rmdir()


def generation_folders(index_dir: Path) -> list[Path]:
    """Return the folders of complete generations, oldest first."""
    return sorted(path.parent for path in (index_dir / GENERATIONS).glob("[0-9]*/" + MANIFEST))


def generation_number(name: str) -> int:
    """Return the number in a generation's name."""
    return int(name.split("-")[0])


def next_generation(index_dir: Path, scratch: Path) -> tuple[str, dict[str, tuple[int, str]]]:
    """Return a name for the generation in the scratch folder, and the size and SHA-256 of its files."""
    files = {path.name: (path.stat().st_size, sha256(path)) for path in sorted(scratch.iterdir())}
    content = hashlib.sha256(json.dumps(files).encode()).hexdigest()[:8]
    last = max((generation_number(path.name) for path in generation_folders(index_dir)), default=0)
    return f"{last + 1:06d}-{content}", files


def save_dictionary(dictionary: Dictionary, scratch: Path) -> None:
    """Keep the dictionary with the generation whose terms it helps to make; without words there is no file."""
    if dictionary:
        (scratch / DICTIONARY).write_text(dictionary.text, "utf-8")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
