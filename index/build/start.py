"""What a build starts from: the generation that is served now, and what of a damaged one is whole.

CURRENT ─ whole? ─ yes ─► that generation: what is unchanged is taken from it
└ no ──► the paths of its manifest, and what is whole of it; or the generation before
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from index.embedding.embedder import EmbedderSpec
from index.errors import IndexCorruptError, IndexingError, IndexMismatchError, IndexNotFoundError
from index.search.lexical_index import LexicalIndex
from index.search.sentence_vectors import SentenceVectors
from index.search.vector_index import VectorIndex
from index.store.catalogue import CATALOGUE, Catalogue
from index.store.generations import Generation, current_folder, open_generation
from index.store.ledger import Ledger
from index.store.manifest import Manifest, find_damage, read_manifest

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Remains:
    """What of a generation can be taken over: all of a whole one, of a damaged one its catalogue and what else is whole.

    Args:
        vectors, sentences: both, or neither.
        lexical: of the chunks.
        ledger: what was posted and withdrawn, where all of the generation is whole.
    """

    manifest: Manifest
    catalogue: Catalogue
    vectors: VectorIndex | None
    sentences: SentenceVectors | None
    lexical: LexicalIndex | None
    ledger: Ledger | None = None

    @classmethod
    def of(cls, generation: Generation) -> "Remains":
        """Return all of a whole generation."""
        return cls(
            generation.manifest,
            generation.catalogue,
            generation.vectors,
            generation.sentences,
            generation.lexical,
            generation.ledger,
        )


@dataclass(frozen=True, slots=True)
class StartingPoint:
    """What a build starts from.

    Args:
        current: the newest generation that can be served; None where there is none, or everything is made anew.
        remains: what is taken over; None where nothing is.
        roots: the paths that were indexed before.
        kept: folder of the generation that stays beside the new one, to fall back to.
        damage: what is wrong with the generation that was published last; the build repairs it.
    """

    current: Generation | None = None
    remains: Remains | None = None
    roots: tuple[str, ...] = ()
    kept: Path | None = None
    damage: IndexCorruptError | None = None

    @property
    def whole(self) -> Generation | None:
        """The generation that was published last; None where there is none, or it is damaged."""
        return None if self.damage else self.current


@contextmanager
def starting_point(index_dir: Path, embedder: EmbedderSpec, *, rebuild: bool) -> Iterator[StartingPoint]:
    """Yield what a build starts from, open until the block ends.

    Args:
        embedder: the model of the build.
        rebuild: start from nothing.
    Raises:
        IndexMismatchError: the existing index has another model.
        IndexAccessError: a file of it cannot be read now.
    """
    if rebuild:
        yield StartingPoint(kept=_whole_folder(index_dir))
        return
    start = _look(index_dir, embedder)
    if start.damage:
        log.warning("%s", start.damage)
    try:
        yield start
    finally:
        if start.remains:
            start.remains.catalogue.close()
        if start.current:
            start.current.close()


def _whole_folder(index_dir: Path) -> Path | None:
    with suppress(IndexingError):
        generation = open_generation(index_dir)
        generation.close()
        return generation.folder
    return None


def _look(index_dir: Path, embedder: EmbedderSpec) -> StartingPoint:
    try:
        current = open_generation(index_dir, embedder=embedder)
    except IndexNotFoundError:
        return StartingPoint()
    except IndexCorruptError as damage:
        return _damaged(index_dir, embedder, None, damage)
    if current.damage:
        return _damaged(index_dir, embedder, current, current.damage)
    return StartingPoint(current, Remains.of(current), current.manifest.roots, current.folder)


def _damaged(
    index_dir: Path, embedder: EmbedderSpec, before: Generation | None, damage: IndexCorruptError
) -> StartingPoint:
    """Return what there is where the generation that was published last is damaged.

    Args:
        before: the one that is served in its place.
    """
    kept = before.folder if before else None
    whole = Remains.of(before) if before else None
    try:
        folder = current_folder(index_dir)
        manifest = read_manifest(folder)
    except (IndexCorruptError, IndexMismatchError):  # an altered manifest is not believed, its paths neither
        roots = before.manifest.roots if before else ()
        log.warning("paths indexed since %s are not known: name them again", kept.name if kept else "ever")
        return StartingPoint(before, whole, roots, kept, damage)
    if manifest.embedder != embedder:
        return StartingPoint(before, whole, manifest.roots, kept, damage)
    remains = _remains_of(folder, manifest)
    # Embedding is what costs: an older generation with vectors spares more than a newer one without.
    if remains and (remains.vectors or not whole):
        return StartingPoint(before, remains, manifest.roots, kept, damage)
    return StartingPoint(before, whole, manifest.roots, kept, damage)


def _remains_of(folder: Path, manifest: Manifest) -> Remains | None:
    """Return what is whole of a damaged generation; None where its catalogue is not, by which all else is known."""
    damaged = {name for name, _what in find_damage(folder, manifest)}
    if CATALOGUE in damaged:
        return None
    vectors = sentences = lexical = None
    with suppress(IndexCorruptError):
        catalogue = Catalogue(folder / CATALOGUE)
        if not any(name.startswith(("vector", "sentence_")) for name in damaged):
            vectors, sentences = VectorIndex.open(folder), SentenceVectors.open(folder)
        if not any(name.startswith("lexical_") for name in damaged):
            lexical = LexicalIndex.open(folder, manifest.counts.chunks)
        return Remains(manifest, catalogue, vectors, sentences, lexical)
    return None
