"""Composition of the offline side, incremental: plan → read and join → vectors → terms → publish."""

import datetime
import logging
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.build.contents import CatalogueContents, write_catalogue
from index.build.incremental import PreviousGeneration
from index.build.indexes import (
    build_lexical_index,
    find_reused_rows,
    write_lexical_indexes,
    write_vector_indexes,
)
from index.build.kept_vectors import KeptVectors, drop_kept
from index.build.options import BuildOptions, Progress
from index.build.plan import BuildPlan, plan_build
from index.build.start import StartingPoint, starting_point
from index.build.trial import try_out
from index.embedding.embedder import Embedder
from index.errors import IndexWriteError, NothingToIndexError
from index.files import NewFiles
from index.read.ocr.kept_pages import prune
from index.records import Rejected
from index.store.documents import DocumentsFolder, PostedDocument
from index.store.generations import Generation, earlier_folders, generations_back
from index.store.ledger import Ledger, read_ledger, save_ledger, secure_ledger
from index.store.manifest import Counts, Manifest
from index.store.publishing import drop_generations, next_generation, save_dictionary, writing

RECOGNISED = ".recognised"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did.

    Args:
        manifest: of the current generation; its counts say how many chunks were embedded for it now.
        folder: of the current generation.
        rejections: everything that was not kept, files and lines.
        seconds: from opening the index to publishing.
        ledger: what was posted and withdrawn by then.
        posted: source → name below documents/ of the posted documents that were read.
        damaged: those that are not whole any more, and keep the text of the generation before.
        deceptive: kind of deceptive character → in how many places of the documents it was mended; none where nothing
            has changed, and nothing was read.
    """

    manifest: Manifest
    folder: Path
    rejections: tuple[Rejected, ...]
    seconds: float
    ledger: Ledger
    posted: Mapping[str, str]
    damaged: tuple[PostedDocument, ...]
    deceptive: Mapping[str, int] = field(default_factory=dict)


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
    """Keep other writers out of an index while the next generation is built.

    Args:
        index_dir: made when missing.
        embedder: its spec must be that of the existing index, unless the options say rebuild.
    Raises:
        IndexMismatchError: the existing index has another model.
        IndexCorruptError: the list of what was withdrawn and posted is damaged.
        IndexAccessError: a file of it cannot be read now.
        IndexBusyError: another process is writing, and was not done in `options.wait_s`.
        IndexWriteError: the index folder cannot be written.
    """
    options = options or BuildOptions()
    with writing(index_dir, options.wait_s) as scratch:
        ledger = read_ledger(index_dir, generations_back(index_dir))
        with starting_point(index_dir, embedder.spec, rebuild=options.rebuild) as start:
            writer = IndexWriter(index_dir, NewFiles(scratch), start, embedder, options, ledger)
            writer.documents.settle(ledger)  # what a run that was killed had published, or had not
            try:
                yield writer
            finally:
                writer.documents.settle(writer.published)


class IndexWriter:
    """The only writer of an index, from `open_writer`.

    Args:
        index_dir: the index folder.
        files: of an empty folder in it, for the next generation.
        start: the generation to start from, or what is left of it.
        embedder: makes the vectors.
        options: what the operator chooses.
        ledger: what was posted and withdrawn.
    """

    def __init__(
        self,
        index_dir: Path,
        files: NewFiles,
        start: StartingPoint,
        embedder: Embedder,
        options: BuildOptions,
        ledger: Ledger,
    ) -> None:
        self.documents = DocumentsFolder(index_dir)
        self.published = ledger
        self.ledger, self._not_adopted = self.documents.adopt(ledger)
        self._index_dir, self._files, self._start, self._embedder = index_dir, files, start, embedder
        self._options = options
        self._started = time.perf_counter()

    @property
    def current(self) -> Generation | None:
        """The generation that is served now; None where there is none, or everything is made anew."""
        return self._start.current

    @property
    def recognised(self) -> Path:
        """Folder in which what was recognised on scanned pages is kept, as long as their files are indexed.

        No reader of the index looks there, for the name begins with a dot.
        """
        return self._index_dir / RECOGNISED

    def _prune_recognised(self, plan: BuildPlan) -> None:
        prune(self.recognised, {record.sha256 for record in plan.records})

    @property
    def is_damaged(self) -> bool:
        """Whether the generation that was published last is damaged: the next build repairs it."""
        return self._start.damage is not None

    def build(self, paths: Sequence[Path], *, ledger: Ledger | None = None, progress: Progress | None = None) -> Built:
        """Read files and folders into a new generation and publish it.

        What was indexed from other paths before stays; what is gone from a path is gone from the new generation.
        Where nothing has changed, nothing is published. What was posted always belongs to it, what is withdrawn never does.
        What is damaged of the current generation is made anew.

        Args:
            paths: files and folders.
            ledger: the writer's, with what is to change; it holds from the moment that the generation is published.
            progress: told how far it is.
        Raises:
            IndexNotFoundError: none of the paths is there.
            IndexCorruptError: the current generation is so damaged that nothing tells from which paths it was built, and
                none is given; or the new one is not what was meant.
            IndexWriteError: the disk is full, or the folder read-only; or what was just posted, or is whole in documents/,
                could not be read back.
            IndexingError: a folder indexed earlier and the folder around it are gone, or nothing at all could be kept.
        """
        report = progress or (lambda _stage, _done, _total: None)
        options, files, start = self._options, self._files, self._start
        if start.damage and not (paths or start.roots):
            raise start.damage
        lexicon = options.steps.make_lexicon(options.dictionary)
        plan = plan_build(paths, self.documents, ledger or self.ledger, start, lexicon.dictionary, options.versions)
        plan = replace(plan, passed_over=(*plan.passed_over, *self._not_adopted))
        for item in (*plan.damaged, *plan.lost):
            if self.ledger.posted.get(item.name) != item.sha256:  # staged a moment ago
                raise IndexWriteError(f"{item.path} {item.problem}: what was posted could not be kept; post it again")
        for item in plan.damaged:
            log.warning("%s %s: its text stays as it was; %s", item.path, item.problem, item.remedy)
        previous = plan.previous
        is_same = previous and previous.is_same([*map(str, plan.roots)], plan.records, plan.passed_over, plan.ledger)
        if start.whole and is_same:
            report("read", len(plan.files), len(plan.files))
            return self._leave(start.whole, plan)
        contents = write_catalogue(plan, files, options.steps, lexicon, report, self.recognised)
        _check_any(contents, paths or [self._index_dir])
        reused_rows = find_reused_rows(contents.chunks, previous)
        embedded = self._write_vectors(contents, reused_rows, previous, report)
        lexical = build_lexical_index(contents.chunks.texts, reused_rows, lexicon, previous)
        write_lexical_indexes(lexical, contents.article_rows, files)
        save_dictionary(lexicon.dictionary, files)
        save_ledger(plan.ledger, files)
        built = self._publish(plan, contents, embedded)
        drop_kept(self._index_dir)
        self._prune_recognised(plan)
        return built

    def _write_vectors(
        self,
        contents: CatalogueContents,
        reused_rows: npt.NDArray[np.int64],
        previous: PreviousGeneration | None,
        report: Progress,
    ) -> int:
        """Write the vectors, and keep them until they are published; return how many chunks were embedded now.

        What an earlier run kept is taken over, unless everything is to be made anew.
        """
        if self._options.rebuild:
            drop_kept(self._index_dir)
        kept = KeptVectors(self._embedder, self._index_dir)
        try:
            return write_vector_indexes(contents.chunks, reused_rows, kept, previous, self._files, report)
        except IndexWriteError:
            kept.drop()  # the room is wanted
            raise

    def _leave(self, current: Generation, plan: BuildPlan) -> Built:
        """Let the current generation be, since it is what would be built."""
        log.info("%s: nothing has changed", current.manifest.generation)
        kept = next(iter(earlier_folders(self._index_dir)), None)
        drop_generations(self._index_dir, plan.ledger.withdrawn.until, kept)
        drop_kept(self._index_dir)
        self._prune_recognised(plan)
        manifest = replace(current.manifest, counts=replace(current.manifest.counts, embedded=0))
        return self._built(plan, manifest, current.folder, current.catalogue.rejections())

    def _built(
        self,
        plan: BuildPlan,
        manifest: Manifest,
        folder: Path,
        rejections: Iterable[Rejected],
        deceptive: Mapping[str, int] | None = None,
    ) -> Built:
        """Say what was done; what the plan's ledger says holds from now on."""
        self.published = self.ledger = plan.ledger
        told = tuple(rejections)
        return Built(manifest, folder, told, self._seconds(), plan.ledger, plan.posted, plan.damaged, deceptive or {})

    def _publish(self, plan: BuildPlan, contents: CatalogueContents, embedded: int) -> Built:
        """Make the scratch folder the current generation, unless it is the current one to the byte."""
        start, files = self._start, self._files
        name = next_generation(self._index_dir, files)
        created = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        counts = _counts(contents, embedded)
        roots = tuple(map(str, plan.roots))
        manifest = Manifest(
            name, created, roots, self._embedder.spec, plan.settings, counts, dict(sorted(files.meant.items()))
        )
        if start.whole and _is_same(manifest, start.whole.manifest):
            # Publishing it would only push out the generation before.
            manifest, folder = replace(start.whole.manifest, counts=counts), start.whole.folder
        else:
            try_out(files, manifest, contents, self._embedder)
            if plan.ledger.revision:
                secure_ledger(self._index_dir, self.published)
            publish, until = self._options.steps.publish, plan.ledger.withdrawn.until
            folder = publish(self._index_dir, files.folder, manifest, until, start.kept)
        log.info("published %s: %s in %.1f s", manifest.generation, counts, self._seconds())
        return self._built(plan, manifest, folder, contents.rejections, contents.deceptive)

    def _seconds(self) -> float:
        return time.perf_counter() - self._started


def _check_any(contents: CatalogueContents, places: Sequence[Path]) -> None:
    """Refuse to publish an index of nothing.

    Raises:
        NothingToIndexError: there is no chunk.
    """
    if not contents.chunks.texts:
        reasons = "; ".join(rejected.message for rejected in contents.rejections[:3])
        raise NothingToIndexError(
            f"nothing to index in {', '.join(map(str, places))}: {reasons or 'no files'}", contents.rejections
        )


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
