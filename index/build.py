"""Composition of the offline side: read → segment → join → chunk → embed → index → publish. Incremental."""

import datetime
import hashlib
import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from index.catalogue import CATALOGUE, Catalogue, CatalogueWriter, FileRecord, Part
from index.chunk import CHUNK_TOKENS, chunk_article
from index.continuation import join_continued, jumps
from index.embed import Embedder
from index.errors import IndexingError, IndexNotFoundError
from index.lexical import LexicalIndex
from index.read import SourceFile, find_files, read_file
from index.records import Article, Chunk, Document, Float32, Rejected
from index.segment import split_articles
from index.store import Counts, Generation, Manifest, next_generation, open_generation, publish, sha256, writing
from index.terms import extract_terms, simplify
from index.vectors import VectorIndex

log = logging.getLogger(__name__)

PIPELINE = 3
"""Raised by one whenever reading, repair, segmentation or chunking give other articles or chunks: an earlier
generation's articles are then not reused."""
HELD_ARTICLES = 2000
"""Articles that wait, so that they come in the order of their pages, for the partner of one that jumps to another page."""
SETTINGS: dict[str, int | str] = {"chunk_tokens": CHUNK_TOKENS, "pipeline": PIPELINE}


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
    jumping: list[Part] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Earlier:
    """The previous generation's catalogue, for files that have not changed."""

    catalogue: Catalogue
    files: dict[str, FileRecord]

    def reuse(self, source: str, digest: str) -> tuple[list[Article], list[Rejected], int] | None:
        known = self.files.get(source)
        if not known or not digest or known.sha256 != digest:
            return None
        return self.catalogue.parts_of(source), self.catalogue.rejections(source), known.kept


def build_index(
    paths: Sequence[Path],
    index_dir: Path,
    embedder: Embedder,
    *,
    rebuild: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
) -> Built:
    """Read files and folders into a new generation of the index and publish it.

    What was indexed from other paths before stays; what is gone from a path is gone from the new generation.

    Args:
        paths: files and folders.
        index_dir: made when missing.
        embedder: its spec must be that of the existing index, unless `rebuild`.
        rebuild: start from these paths alone, and reuse nothing.
        progress: called with (stage, done, total), stages "read" and "embed".
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
    with writing(index_dir) as scratch:
        previous = None if rebuild else _open_previous(index_dir, embedder)
        roots = _roots(paths, previous)
        # A path that is not there is told, and not remembered: it may be a slip of the keyboard.
        files, missing = find_files([*roots, *(path for path in map(Path.absolute, paths) if not path.exists())])
        tally = _Tally(rejections=missing)
        writer = CatalogueWriter(scratch / CATALOGUE)
        writer.add_rejections(missing)
        earlier = _reusable(previous)
        for number, file in enumerate(files):
            _add_file(file, writer, tally, earlier)
            report("read", number + 1, len(files))
        _add_jumping(writer, tally)
        writer.close()
        if not tally.texts:
            reasons = "; ".join(rejected.message for rejected in tally.rejections[:3])
            raise IndexingError(f"nothing to index in {', '.join(map(str, paths))}: {reasons or 'no files'}")
        vectors, embedded = _embed(tally, embedder, previous, report)
        VectorIndex.build(vectors).save(scratch)
        LexicalIndex.build(extract_terms(text) for text in tally.texts).save(scratch)
        counts = Counts(
            files=tally.files,
            read=tally.kept + len(tally.rejections),
            kept=tally.kept,
            rejected=len(tally.rejections),
            articles=tally.articles,
            chunks=len(tally.texts),
            embedded=embedded,
        )
        if previous:
            previous.close()
        manifest = _manifest(index_dir, scratch, roots, embedder, counts)
        if previous and manifest.files == previous.manifest.files and manifest.roots == previous.manifest.roots:
            # The same to the byte: publishing it would only push out the generation before.
            manifest, folder = replace(previous.manifest, counts=counts), previous.folder
        else:
            folder = publish(index_dir, scratch, manifest)
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


def _open_previous(index_dir: Path, embedder: Embedder) -> Generation | None:
    try:
        return open_generation(index_dir, embedder=embedder.spec)
    except IndexNotFoundError:
        return None


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
    _require_any(given, earlier)
    return list(dict.fromkeys(path for path in [*earlier, *given] if path.exists()))


def _reusable(previous: Generation | None) -> _Earlier | None:
    """What the previous generation can spare us, unless it was made by another version of the pipeline."""
    if previous is None or previous.manifest.settings != SETTINGS:
        return None
    return _Earlier(previous.catalogue, previous.catalogue.files())


def _add_file(file: SourceFile, writer: CatalogueWriter, tally: _Tally, earlier: _Earlier | None) -> None:
    """Add a file's articles; from the previous generation where the file has not changed.

    Those that jump to other pages wait until all files are read.
    """
    try:
        digest = sha256(file.path) if file.path.is_file() else ""  # a pipe would never end
    except OSError:
        digest = ""  # read_file says why
    reused = earlier.reuse(file.source, digest) if earlier else None
    articles, rejections, kept = reused or _read(file)
    path = os.fsencode(file.path).decode("utf-8", "backslashreplace")  # names may be in GBK
    writer.add_file(FileRecord(file.source, path, digest, kept, len(rejections)), rejections)
    tally.files += 1
    tally.kept += kept
    tally.rejections += rejections
    for place, article in enumerate(articles):
        if jumps(article):
            tally.jumping.append(Part(article, place))
        else:
            _add_article(article, [Part(article, place)], writer, tally)


def _add_jumping(writer: CatalogueWriter, tally: _Tally) -> None:
    """Add the articles that jump to other pages, joined where their partner is in the archive."""
    for whole in join_continued([part.article for part in tally.jumping]):
        _add_article(whole.article, [tally.jumping[row] for row in whole.rows], writer, tally)


def _add_article(article: Article, parts: Sequence[Part], writer: CatalogueWriter, tally: _Tally) -> None:
    if writer.has_article(article.id):
        return  # the very same text twice in one file
    chunks = chunk_article(article)
    digests = [_digest(chunk) for chunk in chunks]
    writer.add_article(article, parts, chunks, digests)
    tally.articles += 1
    tally.digests += digests
    tally.texts += [chunk.indexed_text for chunk in chunks]


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


def _embed(
    tally: _Tally, embedder: Embedder, previous: Generation | None, report: Callable[[str, int, int], None]
) -> tuple[Float32, int]:
    """Return (n, dim) vectors of all chunks and how many were computed: known chunks keep their vector."""
    known = dict(previous.catalogue.digests()) if previous else {}
    vectors = np.empty((len(tally.texts), embedder.spec.dim), np.float32)
    old = [row for row, digest in enumerate(tally.digests) if digest in known]
    if old and previous:
        vectors[old] = previous.vectors.vectors([known[tally.digests[row]] for row in old])
    new = [row for row, digest in enumerate(tally.digests) if digest not in known]
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        report("embed", done, len(new))

    if new:
        vectors[new] = embedder.embed_passages([simplify(tally.texts[row]) for row in new], advance)
    return vectors, len(new)


def _manifest(index_dir: Path, scratch: Path, roots: Sequence[Path], embedder: Embedder, counts: Counts) -> Manifest:
    generation, files = next_generation(index_dir, scratch)
    return Manifest(
        generation=generation,
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        roots=tuple(map(str, roots)),
        embedder=embedder.spec,
        settings=SETTINGS,
        counts=counts,
        files=files,
    )


def _digest(chunk: Chunk) -> bytes:
    return hashlib.blake2b(chunk.indexed_text.encode(), digest_size=16).digest()
