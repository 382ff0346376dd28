"""Composition of the offline side: read → segment → join → chunk → embed → index → publish. Incremental."""

import datetime
import functools
import hashlib
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from index.build.incremental import PreviousGeneration, file_record, settings_with
from index.build.indexes import build_lexical_index, write_lexical_indexes, write_vector_indexes
from index.chunking import chunk_article
from index.continuation import join_continued, jumps
from index.embedding.embedder import Embedder
from index.errors import IndexingError, IndexNotFoundError
from index.language.sentences import find_statements
from index.language.terms import Lexicon
from index.language.user_dictionary import Dictionary
from index.read import SourceFile, find_files, read_file
from index.records import Article, Chunk, Document, Rejected, indexed_text
from index.segment import split_articles
from index.store.catalogue import CATALOGUE, CatalogueWriter, FileRecord, Part, StoredChunk
from index.store.generations import (
    Counts,
    Generation,
    Manifest,
    drop_generations,
    next_generation,
    open_generation,
    publish,
    save_dictionary,
    writing,
)
from index.store.uploads import is_posted, posted_folder
from index.store.withdrawals import Withdrawn, read_withdrawn, told_of

log = logging.getLogger(__name__)

HELD_ARTICLES = 2000
"""Articles that wait, so that they come in the order of their pages, for the partner of one that jumps to another page."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did. `rejections` lists everything that was not kept, files and lines."""

    manifest: Manifest
    folder: Path
    rejections: tuple[Rejected, ...]
    seconds: float


@dataclass(slots=True)
class _Tally:
    """What has been put into the new catalogue so far."""

    kept: int = 0
    rejections: list[Rejected] = field(default_factory=list)
    files: int = 0
    articles: int = 0
    digests: list[bytes] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    statements: list[list[str]] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    jumping: list[Part] = field(default_factory=list)


def build_index(
    paths: Sequence[Path],
    index_dir: Path,
    embedder: Embedder,
    *,
    dictionary: Dictionary | None = None,
    rebuild: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
    amend: Callable[[Generation | None], None] | None = None,
    wait_s: float = 0,
) -> Built:
    """Read files and folders into a new generation of the index and publish it.

    What was indexed from other paths before stays; what is gone from a path is gone from the new generation. Where
    nothing has changed, nothing is published. Posted documents always belong to it, withdrawn ones never.

    Args:
        paths: files and folders.
        index_dir: made when missing.
        embedder: its spec must be that of the existing index, unless `rebuild`.
        dictionary: words that are terms of their own; another one than before makes all terms anew.
        rebuild: start from these paths alone, and reuse nothing.
        progress: called with (stage, done, total), stages "read" and "embed".
        amend: called with the previous generation while nobody else writes: the time to change what is posted or withdrawn.
        wait_s: how long to wait for another process that writes.
    Raises:
        IndexMismatchError: the existing index has another model.
        IndexCorruptError: the existing index is damaged.
        IndexBusyError: another process is writing.
        IndexNotFoundError: none of the paths is there.
        IndexWriteError: the index folder cannot be written.
        IndexingError: a folder indexed earlier and the folder around it are gone, or nothing at all could be kept.
    """
    started = time.perf_counter()
    report = progress or (lambda _stage, _done, _total: None)
    lexicon = Lexicon(dictionary)
    with writing(index_dir, wait_s) as scratch, _previous(index_dir, embedder, rebuild) as previous:
        if amend:
            amend(previous)
        posted = posted_folder(index_dir)
        withdrawn = read_withdrawn(index_dir)
        settings = settings_with(lexicon.dictionary, withdrawn.digest)
        earlier = PreviousGeneration.of(previous, settings) if previous else None
        roots = _roots(paths, previous)
        # A path that is not there is told, and not remembered: it may be a slip of the keyboard.
        gone = [path for path in map(Path.absolute, paths) if not path.exists()]
        files, missing = find_files([*roots, *gone, *posted], functools.partial(_left_out, withdrawn, posted))
        records = [file_record(file) for file in files]
        if previous and earlier and earlier.is_same([*map(str, roots)], records, missing):
            log.info("%s: nothing has changed", previous.manifest.generation)
            drop_generations(index_dir, withdrawn.until)
            report("read", len(files), len(files))
            manifest = replace(previous.manifest, counts=replace(previous.manifest.counts, embedded=0))
            rejections = tuple(previous.catalogue.rejections())
            return Built(manifest, previous.folder, rejections, time.perf_counter() - started)
        tally = _Tally(rejections=missing)
        writer = CatalogueWriter(scratch / CATALOGUE)
        writer.add_rejections(missing)
        for number, (file, record) in enumerate(zip(files, records, strict=True)):
            _add_file(file, record, writer, tally, earlier, Withdrawn() if is_posted(file.path, posted) else withdrawn)
            report("read", number + 1, len(files))
        _add_jumping(writer, tally, earlier)
        writer.close()
        if not tally.texts:
            reasons = "; ".join(rejected.message for rejected in tally.rejections[:3])
            raise IndexingError(
                f"nothing to index in {', '.join(map(str, paths)) or index_dir}: {reasons or 'no files'}"
            )
        kept = earlier.kept(tally.digests) if earlier else np.full(len(tally.digests), -1)
        embedded = write_vector_indexes(tally.texts, tally.statements, kept, embedder, earlier, scratch, report)
        lexical = build_lexical_index(tally.texts, kept, lexicon, earlier)
        write_lexical_indexes(lexical, np.array(tally.owners, np.int32), scratch)
        save_dictionary(lexicon.dictionary, scratch)
        generation, written = next_generation(index_dir, scratch)
        created = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        counts = _counts(tally, embedded)
        manifest = Manifest(generation, created, tuple(map(str, roots)), embedder.spec, settings, counts, written)
        if previous and _is_same(manifest, previous.manifest):
            # The same to the byte: publishing it would only push out the generation before.
            manifest, folder = replace(previous.manifest, counts=counts), previous.folder
        else:
            folder = publish(index_dir, scratch, manifest, withdrawn.until)
    seconds = time.perf_counter() - started
    log.info("published %s: %s in %.1f s", manifest.generation, counts, seconds)
    return Built(manifest, folder, tuple(tally.rejections), seconds)


def read_articles(paths: Sequence[Path]) -> Iterator[Article | Rejected]:
    """Yield the articles rebuilt from files and folders, without indexing them, and what was rejected.

    They come in the order of their pages; where more than HELD_ARTICLES follow one that jumps, those that jump come last.

    Raises:
        IndexNotFoundError: none of the paths is there.
    """
    _require_any(paths)
    files, missing = find_files(paths)
    yield from missing
    jumping: list[Article] = []
    held: list[Article | Rejected | None] = []  # None stands for the next one that jumps
    in_order = True
    for item in (item for file in files for item in _items_of(file)):
        if isinstance(item, Article) and jumps(item):
            jumping.append(item)
            held.append(None)
        elif jumping and in_order:
            held.append(item)
        else:
            yield item
        if in_order and len(held) > HELD_ARTICLES:
            yield from (other for other in held if other)
            held, in_order = [None] * len(jumping), False
    whole = {joined.rows[0]: joined.article for joined in join_continued(jumping)}
    row = -1
    for waiting in held:
        row += waiting is None
        article = waiting or whole.get(row)
        if article:
            yield article


def _items_of(file: SourceFile) -> Iterator[Article | Rejected]:
    for outcome in read_file(file):
        if isinstance(outcome, Document):
            yield from split_articles(outcome)
        else:
            yield outcome


def _require_any(paths: Sequence[Path], known: Sequence[Path] = ()) -> None:
    if not any(path.exists() or path in known for path in paths):
        raise IndexNotFoundError(f"{', '.join(map(str, paths))}: no such file or folder; check the spelling")


@contextmanager
def _previous(index_dir: Path, embedder: Embedder, rebuild: bool) -> Iterator[Generation | None]:
    """Open the generation before, if there is one to start from."""
    try:
        generation = None if rebuild else open_generation(index_dir, embedder=embedder.spec)
    except IndexNotFoundError:
        generation = None
    try:
        yield generation
    finally:
        if generation:
            generation.close()


def _roots(paths: Sequence[Path], previous: Generation | None) -> list[Path]:
    """The paths to read: those of before and those given, without what has been deleted."""
    earlier = [Path(root) for root in previous.manifest.roots] if previous else []
    given = [path.absolute() for path in paths]
    for root in earlier:
        if not root.exists() and not root.parent.exists() and root not in given:
            raise IndexingError(
                f"{root}, indexed earlier, is not there: bring it back (is a drive not mounted?), or start from the "
                f"paths that remain with: wenju index --rebuild PATH"
            )
    if given:
        _require_any(given, earlier)
    return list(dict.fromkeys(path for path in [*earlier, *given] if path.exists()))


def _left_out(withdrawn: Withdrawn, posted: Sequence[Path], path: Path, source: str) -> Rejected | None:
    """Return why a file is not read: it is withdrawn. What is posted again under its name is another file."""
    name = None if is_posted(path, posted) else withdrawn.name_of(path)
    return told_of(source, name) if name else None


def _add_file(
    file: SourceFile,
    record: FileRecord,
    writer: CatalogueWriter,
    tally: _Tally,
    earlier: PreviousGeneration | None,
    withdrawn: Withdrawn,
) -> None:
    """Add a file's articles; from the previous generation where the file has not changed.

    Those that jump to other pages wait until all files are read.
    """
    reused = earlier.articles(file.source, record.sha256) if earlier else None
    articles, rejections, kept = withdrawn.taken_off(file.source, *(reused or _read(file)))
    writer.add_file(replace(record, kept=kept, rejected=len(rejections)), rejections)
    tally.files += 1
    tally.kept += kept
    tally.rejections += rejections
    for place, article in enumerate(articles):
        if jumps(article):
            tally.jumping.append(Part(article, place))
        else:
            chunks = earlier.chunks(article, is_unchanged=True) if earlier and reused else None
            _add_article(article, [Part(article, place)], chunks, writer, tally)


def _add_jumping(writer: CatalogueWriter, tally: _Tally, earlier: PreviousGeneration | None) -> None:
    """Add the articles that jump to other pages, joined where their partner is in the archive."""
    for whole in join_continued([part.article for part in tally.jumping]):
        chunks = earlier.chunks(whole.article) if earlier else None
        _add_article(whole.article, [tally.jumping[row] for row in whole.rows], chunks, writer, tally)


def _add_article(
    article: Article,
    parts: Sequence[Part],
    known: Sequence[StoredChunk] | None,
    writer: CatalogueWriter,
    tally: _Tally,
) -> None:
    """Add an article with its chunks, those of the previous generation where it is known."""
    if writer.has_article(article.id):
        return  # the very same text twice in one file
    chunks: Sequence[Chunk | StoredChunk] = chunk_article(article) if known is None else known
    slices = [article.text[chunk.start : chunk.end] for chunk in chunks]
    texts = [indexed_text(chunk.header, text) for chunk, text in zip(chunks, slices, strict=True)]
    statements = [[text[start:end] for start, end in find_statements(text)] for text in slices]
    digests = [_digest([text, *said]) for text, said in zip(texts, statements, strict=True)]
    writer.add_article(article, parts, chunks, digests)
    tally.articles += 1
    tally.digests += digests
    tally.texts += texts
    tally.statements += statements
    if texts:
        tally.owners += [tally.owners[-1] + 1 if tally.owners else 0] * len(texts)


def _read(file: SourceFile) -> tuple[list[Article], list[Rejected], int]:
    articles: list[Article] = []
    rejections: list[Rejected] = []
    kept = 0
    for outcome in read_file(file):
        if isinstance(outcome, Document):
            kept += 1
            articles += split_articles(outcome)
        else:
            rejections.append(outcome)
    return articles, rejections, kept


def _digest(embedded: Sequence[str]) -> bytes:
    return hashlib.blake2b("\0".join(embedded).encode(), digest_size=16).digest()


def _counts(tally: _Tally, embedded: int) -> Counts:
    return Counts(
        files=tally.files,
        read=tally.kept + len(tally.rejections),
        kept=tally.kept,
        rejected=len(tally.rejections),
        articles=tally.articles,
        chunks=len(tally.texts),
        embedded=embedded,
    )


def _is_same(new: Manifest, old: Manifest) -> bool:
    return (new.files, new.roots, new.settings) == (old.files, old.roots, old.settings)
