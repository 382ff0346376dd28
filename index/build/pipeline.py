"""Composition of the offline side, incremental: plan → read and join → vectors → terms → publish."""

import datetime
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from index.build.contents import CatalogueContents, write_catalogue
from index.build.incremental import PreviousGeneration
from index.build.indexes import (
    build_lexical_index,
    find_reused_rows,
    write_lexical_indexes,
    write_vector_indexes,
)
from index.build.options import BuildOptions, Progress
from index.build.plan import BuildPlan, plan_build
from index.embedding.embedder import Embedder
from index.errors import IndexingError, IndexNotFoundError
from index.records import Rejected
from index.store.generations import (
    Generation,
    drop_generations,
    next_generation,
    open_generation,
    save_dictionary,
    writing,
)
from index.store.manifest import Counts, Manifest

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did.

    Args:
        manifest: of the current generation; its counts say how many chunks were embedded for it now.
        folder: of the current generation.
        rejections: everything that was not kept, files and lines.
        seconds: from opening the index to publishing.
    """

    manifest: Manifest
    folder: Path
    rejections: tuple[Rejected, ...]
    seconds: float


def build_index(
    paths: Sequence[Path],
    index_dir: Path,
    embedder: Embedder,
    options: BuildOptions | None = None,
    *,
    progress: Progress | None = None,
) -> Built:
    """Read files and folders into a new generation of the index and publish it; see `IndexWriter.build`.

    Args:
        paths: files and folders.
        index_dir: made when missing.
        embedder: its spec must be that of the existing index, unless the options say rebuild.
        progress: told how far it is.
    Raises:
        IndexingError: see `open_writer` and `IndexWriter.build`.
    """
    with open_writer(index_dir, embedder, options) as writer:
        return writer.build(paths, progress=progress)


@contextmanager
def open_writer(index_dir: Path, embedder: Embedder, options: BuildOptions | None = None) -> Iterator["IndexWriter"]:
    """Keep other writers out of an index while uploads and withdrawals change and the next generation is built.

    Args:
        index_dir: made when missing.
        embedder: its spec must be that of the existing index, unless the options say rebuild.
    Raises:
        IndexMismatchError: the existing index has another model.
        IndexCorruptError: the existing index is damaged.
        IndexBusyError: another process is writing, and was not done in `options.wait_s`.
        IndexWriteError: the index folder cannot be written.
    """
    options = options or BuildOptions()
    with writing(index_dir, options.wait_s) as scratch:
        current = None if options.rebuild else _open_current(index_dir, embedder)
        try:
            yield IndexWriter(index_dir, scratch, current, embedder, options)
        finally:
            if current:
                current.close()


def _open_current(index_dir: Path, embedder: Embedder) -> Generation | None:
    try:
        return open_generation(index_dir, embedder=embedder.spec)
    except IndexNotFoundError:
        return None


class IndexWriter:
    """The only writer of an index, from `open_writer`.

    Args:
        index_dir: the index folder.
        scratch: an empty folder in it, for the next generation.
        current: the generation to start from; None where there is none, or everything is made anew.
        embedder: makes the vectors.
        options: what the operator chooses.
    """

    def __init__(
        self, index_dir: Path, scratch: Path, current: Generation | None, embedder: Embedder, options: BuildOptions
    ) -> None:
        self.current = current
        self._index_dir, self._scratch, self._embedder, self._options = index_dir, scratch, embedder, options
        self._started = time.perf_counter()

    def build(self, paths: Sequence[Path], *, progress: Progress | None = None) -> Built:
        """Read files and folders into a new generation and publish it.

        What was indexed from other paths before stays; what is gone from a path is gone from the new generation.
        Where nothing has changed, nothing is published. Uploads always belong to it, what is withdrawn never does.

        Args:
            paths: files and folders.
            progress: told how far it is.
        Raises:
            IndexNotFoundError: none of the paths is there.
            IndexingError: a folder indexed earlier and the folder around it are gone, or nothing at all could be kept.
        """
        report = progress or (lambda _stage, _done, _total: None)
        options, embedder, scratch = self._options, self._embedder, self._scratch
        lexicon = options.steps.make_lexicon(options.dictionary)
        plan = plan_build(paths, self._index_dir, self.current, lexicon.dictionary, options.versions)
        previous = PreviousGeneration.of(self.current, plan.settings) if self.current else None
        if previous and previous.is_same([*map(str, plan.roots)], plan.records, plan.passed_over):
            report("read", len(plan.files), len(plan.files))
            return self._leave(previous.generation, plan)
        contents = write_catalogue(plan, previous, scratch, options.steps, report)
        _check_any(contents, paths or [self._index_dir])
        reused_rows = find_reused_rows(contents.chunks, previous)
        embedded = write_vector_indexes(contents.chunks, reused_rows, embedder, previous, scratch, report)
        lexical = build_lexical_index(contents.chunks.texts, reused_rows, lexicon, previous)
        write_lexical_indexes(lexical, contents.article_rows, scratch)
        save_dictionary(lexicon.dictionary, scratch)
        return self._publish(plan, contents, embedded)

    def _leave(self, current: Generation, plan: BuildPlan) -> Built:
        """Let the current generation be, since it is what would be built."""
        log.info("%s: nothing has changed", current.manifest.generation)
        drop_generations(self._index_dir, plan.withdrawn.until)
        manifest = replace(current.manifest, counts=replace(current.manifest.counts, embedded=0))
        return Built(manifest, current.folder, tuple(current.catalogue.rejections()), self._seconds())

    def _publish(self, plan: BuildPlan, contents: CatalogueContents, embedded: int) -> Built:
        """Make the scratch folder the current generation, unless it is the current one to the byte."""
        name, files = next_generation(self._index_dir, self._scratch)
        created = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        counts = _counts(contents, embedded)
        roots = tuple(map(str, plan.roots))
        manifest = Manifest(name, created, roots, self._embedder.spec, plan.settings, counts, files)
        if self.current and _is_same(manifest, self.current.manifest):
            # Publishing it would only push out the generation before.
            manifest, folder = replace(self.current.manifest, counts=counts), self.current.folder
        else:
            folder = self._options.steps.publish(self._index_dir, self._scratch, manifest, plan.withdrawn.until)
        log.info("published %s: %s in %.1f s", manifest.generation, counts, self._seconds())
        return Built(manifest, folder, contents.rejections, self._seconds())

    def _seconds(self) -> float:
        return time.perf_counter() - self._started


def _check_any(contents: CatalogueContents, places: Sequence[Path]) -> None:
    """Refuse to publish an index of nothing.

    Raises:
        IndexingError: there is no chunk.
    """
    if not contents.chunks.texts:
        reasons = "; ".join(rejected.message for rejected in contents.rejections[:3])
        raise IndexingError(f"nothing to index in {', '.join(map(str, places))}: {reasons or 'no files'}")


def _counts(contents: CatalogueContents, embedded: int) -> Counts:
    return Counts(
        files=contents.files,
        read=contents.kept + len(contents.rejections),
        kept=contents.kept,
        rejected=len(contents.rejections),
        articles=contents.articles,
        chunks=len(contents.chunks.texts),
        embedded=embedded,
    )


def _is_same(new: Manifest, old: Manifest) -> bool:
    return (new.files, new.roots, new.settings) == (old.files, old.roots, old.settings)
