"""The index folder: immutable generations, one manifest each, of which CURRENT names the one that is served.

    <index folder>/CURRENT                     name of the generation that is served
    <index folder>/generations/<name>/manifest.json, catalogue.sqlite, vectors.faiss, …

A reader follows CURRENT and checks every file against the manifest before it serves from it. FAISS files have
no checksum of their own: 32 of 40 single-byte corruptions loaded silently, so the manifest's SHA-256 is the guard.
A damaged generation is not served: the one before it is, unless something was withdrawn since.
"""

import re
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.embedding.centering import EmbeddingCentering
from index.embedding.embedder import EmbedderSpec
from index.errors import DictionaryError, IndexCorruptError, IndexMismatchError, IndexNotFoundError
from index.files import REPAIR, load_array, reading
from index.language.memo import TEXTS
from index.language.terms import TERMS_VERSION, Lexicon
from index.language.user_dictionary import read_dictionary
from index.offices import OFFICES_VERSION
from index.search.lexical_index import LexicalIndex
from index.search.sentence_vectors import STARTS, SentenceVectors
from index.search.vector_index import VECTORS, VectorIndex
from index.store.catalogue import CATALOGUE, Catalogue
from index.store.ledger import ledger_of, read_ledger
from index.store.listing import Listing, list_articles
from index.store.manifest import MANIFEST, Manifest, read_manifest, verify

DICTIONARY = "dictionary.txt"
ARTICLE_ROWS = "article_rows.npy"
CURRENT = "CURRENT"
"""The file that names the generation in use."""
GENERATIONS = "generations"
_NAME = re.compile(r"[0-9]{1,12}-[0-9a-f]{1,64}")


class Generation:
    """An opened generation, read-only. Its owner calls `close`.

    `lexical` is BM25 over chunks, `articles` over whole articles; `article_rows` gives each chunk's article in it.
    `lexicon` makes a query's terms as those of its chunks were made, with the dictionary of that time. `damage` says why
    the generation that was published last is not this one; None where it is.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.manifest = manifest
        self.folder = folder
        self.ledger = ledger_of(folder, manifest)  # of what stands beside the generations; None: an earlier version's
        self.damage: IndexCorruptError | None = None
        self.catalogue = Catalogue(folder / CATALOGUE)
        self.vectors = VectorIndex.open(folder)
        self.lexical = LexicalIndex.open(folder, manifest.counts.chunks)
        self.article_rows: npt.NDArray[np.int64] = load_array(folder / ARTICLE_ROWS).astype(np.int64)
        self.sentences = SentenceVectors.open(folder)
        self.centering = EmbeddingCentering.open(folder)
        self.days: npt.NDArray[np.int32] = self.catalogue.days()
        self._check_chunks()
        self.articles = LexicalIndex.open(folder, int(self.article_rows[-1]) + 1, "articles")
        try:
            self.lexicon = Lexicon(read_dictionary(folder / DICTIONARY) if DICTIONARY in manifest.files else None)
        except DictionaryError as error:
            raise IndexCorruptError(f"{folder / DICTIONARY} is damaged ({error}); {REPAIR}") from error

    def _check_chunks(self) -> None:
        """Refuse files that do not hold the chunks that the manifest says, though each is as it says."""
        lengths = {
            VECTORS: len(self.vectors),
            STARTS: len(self.sentences),
            ARTICLE_ROWS: len(self.article_rows),
            CATALOGUE: len(self.days),
        }
        for name, length in lengths.items():
            if length != self.manifest.counts.chunks:
                told = f"{length} chunks, {MANIFEST} says {self.manifest.counts.chunks}"
                raise IndexCorruptError(f"{self.folder / name} holds {told}; {REPAIR}")

    @cached_property
    def listing(self) -> Listing:
        """All its articles, shortly: read when it is first asked for."""
        return list_articles(self.catalogue)

    @property
    def has_current_terms(self) -> bool:
        """Whether its terms were made as those of a query are made now; if not, indexing once makes them anew."""
        return self.manifest.settings.get("terms") == TERMS_VERSION

    @property
    def has_current_offices(self) -> bool:
        """Whether it has a table of who holds which office, as one is made now; if not, indexing once makes it."""
        return self.manifest.settings.get("offices") == OFFICES_VERSION and self.catalogue.holdings.is_there

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


def open_generation(
    index_dir: Path, *, embedder: EmbedderSpec | None = None, check: Check | None = None, fall_back: bool = True
) -> Generation:
    """Open the current generation after checking every file of it; where it is damaged, the one before.

    Args:
        index_dir: the index folder.
        embedder: the model that queries will be embedded with; checked against the manifest.
        check: holds the files against the manifest; `verify` where None.
        fall_back: whether the one before will do; its `damage` then says why it is not the current one.
    Raises:
        IndexNotFoundError: nothing is published there.
        IndexCorruptError: a file is missing or altered, and no earlier generation can be used.
        IndexMismatchError: built with another model, or by another version of the format.
        IndexAccessError: a file cannot be read now.
    """
    try:
        return _open_current(index_dir, embedder, check or verify)
    except IndexCorruptError as error:
        damage = error
    for folder in _replacements(index_dir, damage) if fall_back else ():
        try:
            generation = _open(folder, index_dir, embedder, check or verify)
        except (IndexCorruptError, IndexMismatchError):
            continue
        generation.damage = damage
        return generation
    raise damage


def _open_current(index_dir: Path, embedder: EmbedderSpec | None, check: Check) -> Generation:
    folder = current_folder(index_dir)
    try:
        return _open(folder, index_dir, embedder, check)
    except IndexCorruptError:
        if current_name(index_dir) == folder.name:
            raise
    # Published over and cleared away while it was being checked or opened: the new one counts.
    return _open_current(index_dir, embedder, check)


def _open(folder: Path, index_dir: Path, embedder: EmbedderSpec | None, check: Check) -> Generation:
    manifest = read_manifest(folder)
    if embedder and embedder != manifest.embedder:
        raise _mismatch(index_dir, manifest.embedder, embedder)
    check(folder, manifest)
    return Generation(folder, manifest)


def _replacements(index_dir: Path, damage: IndexCorruptError) -> list[Path]:
    try:
        return earlier_folders(index_dir)
    except IndexCorruptError as error:
        raise IndexCorruptError(
            f"{damage}. No earlier generation is used, for it may hold withdrawn documents: {error}"
        ) from error


def earlier_folders(index_dir: Path) -> list[Path]:
    """Return the complete generations that may be served in the place of the current one, newest first.

    None that may hold something withdrawn since, and none that was published after the current one: it was taken back,
    or never acknowledged. Where CURRENT itself is damaged, the newest is taken for the one that it named.

    Raises:
        IndexCorruptError: what is withdrawn cannot be read.
    """
    name = current_name(index_dir)
    is_named = _NAME.fullmatch(name) and (index_dir / GENERATIONS / name).is_dir()
    until = read_ledger(index_dir, generations_back(index_dir)).withdrawn.until
    earlier = []
    for folder in reversed(generation_folders(index_dir)):
        number = generation_number(folder.name)
        if number > until and not (is_named and number >= generation_number(name)):
            earlier.append(folder)
    return earlier


def _mismatch(index_dir: Path, built: EmbedderSpec, asked: EmbedderSpec) -> IndexMismatchError:
    def told(spec: EmbedderSpec) -> str:
        return f"{spec.name!r} ({spec.dim} dimensions, {spec.max_tokens} tokens, prompts {spec.query_prompt!r} and {spec.passage_prompt!r})"

    return IndexMismatchError(
        f"the index in {index_dir} was built with the embedding model {told(built)}, the settings say {told(asked)}: "
        f"set WENJU_EMBEDDING_MODEL={built.name}, or rebuild with: wenju index --rebuild PATH"
    )


def current_name(index_dir: Path) -> str:
    """Return what CURRENT says, whatever that is; empty where it is missing.

    Raises:
        IndexAccessError: it cannot be read now.
    """
    path = index_dir / CURRENT
    try:
        with reading(path):
            return path.read_text("utf-8", "replace").strip()  # a damaged name is no folder's
    except IndexCorruptError:
        return ""


def current_folder(index_dir: Path) -> Path:
    """Return the folder of the published generation.

    Raises:
        IndexNotFoundError: nothing is published there.
        IndexCorruptError: something is, and CURRENT does not say what.
        IndexAccessError: it cannot be read now.
    """
    name = current_name(index_dir)
    folder = index_dir / GENERATIONS / name
    if _NAME.fullmatch(name) and folder.is_dir():
        return folder
    if not name and not generation_folders(index_dir):
        raise IndexNotFoundError(f"no index in {index_dir}: make one with: wenju index PATH --index-dir {index_dir}")
    raise IndexCorruptError(f"{index_dir / CURRENT} names no generation that is there ({name[:40]!a}); {REPAIR}")


def generations_back(index_dir: Path) -> list[Path]:
    """Return the folders of generations that were published, the current one first; those later than it were not."""
    folders = generation_folders(index_dir)[::-1]
    with suppress(IndexNotFoundError, IndexCorruptError):
        current = current_folder(index_dir)
        if current in folders:  # else nobody knows which it was
            return folders[folders.index(current) :]
    return folders


def generation_folders(index_dir: Path) -> list[Path]:
    """Return the folders of complete generations, oldest first."""
    return [folder for folder in numbered_folders(index_dir) if (folder / MANIFEST).is_file()]


def numbered_folders(index_dir: Path) -> list[Path]:
    """Return all folders that are named as a generation is, oldest first; some may lack their manifest."""
    folders = [path for path in (index_dir / GENERATIONS).glob("[0-9]*") if _NAME.fullmatch(path.name)]
    return sorted(folders, key=lambda folder: (generation_number(folder.name), folder.name))


def generation_number(name: str) -> int:
    """Return the number in a generation's name."""
    return int(name.split("-")[0])
