"""Planned files → the new catalogue: read → join → chunk; and the chunks' texts, of which the indexes are made.

What the generation before knows of an unchanged file or article is taken from it.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.build.articles import FileContents, read_contents
from index.build.incremental import PreviousGeneration
from index.build.options import BuildSteps, Progress
from index.build.plan import BuildPlan
from index.continuation import is_continued, join_continued
from index.language.sentences import find_content_sentences
from index.read import SourceFile
from index.records import Article, Chunk, Rejected, indexed_text
from index.store.catalogue import CATALOGUE, CatalogueWriter, FileRecord, Part, StoredChunk


@dataclass(frozen=True, slots=True)
class ChunkTexts:
    """What is indexed of n chunks, in the order of their rows.

    Args:
        texts: (n,) with the headline and date before them.
        statements: (n,) the sentences of each chunk that are embedded by themselves.
        digests: (n,) of text and statements, by which the next generation finds the vectors again.
    """

    texts: list[str]
    statements: list[list[str]]
    digests: list[bytes]

    @classmethod
    def of(cls, article: Article, chunks: Sequence[Chunk | StoredChunk]) -> "ChunkTexts":
        """Cut the chunks out of their article."""
        slices = [article.text[chunk.start : chunk.end] for chunk in chunks]
        texts = [indexed_text(chunk.header, text) for chunk, text in zip(chunks, slices, strict=True)]
        statements = [[text[start:end] for start, end in find_content_sentences(text)] for text in slices]
        digests = [_digest([text, *said]) for text, said in zip(texts, statements, strict=True)]
        return cls(texts, statements, digests)

    @classmethod
    def joined(cls, parts: Sequence["ChunkTexts"]) -> "ChunkTexts":
        """Put those of several articles behind each other."""
        return cls(
            list(chain.from_iterable(part.texts for part in parts)),
            list(chain.from_iterable(part.statements for part in parts)),
            list(chain.from_iterable(part.digests for part in parts)),
        )


@dataclass(frozen=True, slots=True)
class CatalogueContents:
    """What a new catalogue holds.

    Args:
        files, kept, articles: how many files were read, documents of them kept, and articles made of those.
        rejections: everything that was not kept, files and lines.
        chunks: of all articles.
        article_rows: (n,) int32, number of each chunk's article among those that have chunks, ascending without a gap.
    """

    files: int
    kept: int
    articles: int
    rejections: tuple[Rejected, ...]
    chunks: ChunkTexts
    article_rows: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class _Entry:
    """An article on its way into the catalogue.

    Args:
        parts: what it was joined of; itself, where it is on one page.
        known: its chunks, where the generation before has the very same article.
    """

    article: Article
    parts: Sequence[Part]
    known: Sequence[StoredChunk] | None = None


def write_catalogue(
    plan: BuildPlan, previous: PreviousGeneration | None, folder: Path, steps: BuildSteps, report: Progress
) -> CatalogueContents:
    """Read the files of a plan, and write their articles and chunks into a new catalogue.

    Articles that go on on other pages come last, for they wait until all files are read.

    Args:
        folder: where the catalogue is written.
        report: called with ("read", files done, files in all).
    """
    rejections = list(plan.passed_over)
    kept = 0
    continued: list[Part] = []
    written: list[ChunkTexts] = []
    with closing(CatalogueWriter(folder / CATALOGUE)) as writer:
        writer.add_rejections(plan.passed_over)
        for number, (file, record) in enumerate(zip(plan.files, plan.records, strict=True)):
            contents = _contents_of(file, record, plan, previous, steps)
            writer.add_file(replace(record, kept=contents.kept, rejected=len(contents.rejections)), contents.rejections)
            kept += contents.kept
            rejections += contents.rejections
            parts = [Part(article, place) for place, article in enumerate(contents.articles)]
            continued += [part for part in parts if is_continued(part.article)]
            entries = _entries([part for part in parts if not is_continued(part.article)], contents, previous)
            written += _add(entries, writer, steps.chunk_article)
            report("read", number + 1, len(plan.files))
        written += _add(_joined_entries(continued, previous), writer, steps.chunk_article)
    counts = [len(article.texts) for article in written if article.texts]
    article_rows = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    return CatalogueContents(
        len(plan.files), kept, len(written), tuple(rejections), ChunkTexts.joined(written), article_rows
    )


def _contents_of(
    file: SourceFile, record: FileRecord, plan: BuildPlan, previous: PreviousGeneration | None, steps: BuildSteps
) -> FileContents:
    """What a file holds that is not withdrawn; from the generation before where the file has not changed."""
    known = previous.contents(file.source, record.sha256) if previous else None
    contents = known or read_contents(file, steps.read_file)
    articles, rejections, kept = plan.withdrawn_from(file).without_withdrawn(
        file.source, contents.articles, contents.rejections, contents.kept
    )
    return replace(contents, articles=articles, rejections=rejections, kept=kept)


def _entries(parts: Sequence[Part], contents: FileContents, previous: PreviousGeneration | None) -> Iterator[_Entry]:
    """The articles that are on one page only."""
    for part in parts:
        known = previous.chunks(part.article, is_unchanged=True) if previous and contents.is_reused else None
        yield _Entry(part.article, [part], known)


def _joined_entries(continued: Sequence[Part], previous: PreviousGeneration | None) -> Iterator[_Entry]:
    """The articles that go on on other pages, joined where the archive has the other page."""
    for whole in join_continued([part.article for part in continued]):
        known = previous.chunks(whole.article) if previous else None
        yield _Entry(whole.article, [continued[row] for row in whole.rows], known)


def _add(
    entries: Iterator[_Entry], writer: CatalogueWriter, chunk_article: Callable[[Article], Sequence[Chunk]]
) -> Iterator[ChunkTexts]:
    """Add articles to the catalogue, each once; yield what is to be indexed of each."""
    for entry in entries:
        if writer.has_article(entry.article.id):
            continue  # the very same text twice in one file
        chunks = chunk_article(entry.article) if entry.known is None else entry.known
        texts = ChunkTexts.of(entry.article, chunks)
        writer.add_article(entry.article, entry.parts, chunks, texts.digests)
        yield texts


def _digest(embedded: Sequence[str]) -> bytes:
    return hashlib.blake2b("\0".join(embedded).encode(), digest_size=16).digest()
