"""Planned files → the new catalogue: read → join → what stands beside the text → chunk; and the chunks' texts, of which the indexes are made.

What the generation before knows of an unchanged file or article is taken from it.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.build.beside import with_beside, without_beside
from index.build.incremental import UNREADABLE, PreviousGeneration
from index.build.options import BuildSteps, Progress
from index.build.outcomes import FileContents
from index.build.plan import BuildPlan
from index.build.readers import Scans
from index.continuation import is_continued, join_continued
from index.errors import IndexWriteError
from index.files import NewFiles
from index.language.deceptive_characters import DECEPTIVE
from index.language.sentences import find_content_sentences
from index.language.tables import Table, find_tables
from index.language.terms import Lexicon
from index.offices import find_holdings
from index.read import SourceFile
from index.records import Article, Chunk, OfficeHolding, Rejected, indexed_text
from index.store.catalogue import Part, StoredChunk, TableDigests
from index.store.catalogue_writer import CatalogueWriter, writing_catalogue


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
        tables = find_tables(article.text)
        statements = [
            [
                _as_said(tables, chunk.start + start, chunk.start + end) or text[start:end]
                for start, end in find_content_sentences(text)
            ]
            for chunk, text in zip(chunks, slices, strict=True)
        ]
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
        table_digests: of what was written.
        deceptive: kind of deceptive character → in how many places it was mended.
    """

    files: int
    kept: int
    articles: int
    rejections: tuple[Rejected, ...]
    chunks: ChunkTexts
    article_rows: npt.NDArray[np.int32]
    table_digests: TableDigests
    deceptive: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Entry:
    """An article on its way into the catalogue.

    Args:
        parts: what it was joined of; itself, where it is on one page.
        known: its chunks, where the generation before has the very same article.
        holdings: who holds which office by it, where the generation before knows that too.
    """

    article: Article
    parts: Sequence[Part]
    known: Sequence[StoredChunk] | None = None
    holdings: Sequence[OfficeHolding] | None = None


def write_catalogue(
    plan: BuildPlan,
    into: NewFiles,
    steps: BuildSteps,
    lexicon: Lexicon,
    report: Progress,
    recognised: Path | None = None,
) -> CatalogueContents:
    """Read the files of a plan, and write their articles and chunks into a new catalogue.

    Articles that go on on other pages come last, for they wait until all files are read.

    Args:
        into: where the catalogue is written.
        lexicon: tells names from words.
        report: called with ("read", files done, files in all), and so with "recognise" for scanned pages.
        recognised: folder in which what is recognised on scanned pages is kept; None to keep none of it.
    """
    previous = plan.previous
    rejections = list(plan.passed_over)
    kept = 0
    deceptive: Counter[str] = Counter()
    continued: list[Part] = []
    written: list[ChunkTexts] = []
    scans = Scans(recognised, partial(report, "recognise"))
    with writing_catalogue(into) as writer, closing(_read(plan, steps, scans)) as contents_of_files:
        writer.add_rejections(plan.passed_over)
        for number, (file, record, read) in enumerate(zip(plan.files, plan.records, contents_of_files, strict=True)):
            contents = _without_withdrawn(read, file, plan)
            writer.add_file(replace(record, kept=contents.kept, rejected=len(contents.rejections)), contents.rejections)
            kept += contents.kept
            rejections += contents.rejections
            fixes = (fix.kind for article in contents.articles for fix in article.fixes)
            deceptive.update(kind for kind in fixes if kind in DECEPTIVE)
            parts = [Part(without_beside(article), place) for place, article in enumerate(contents.articles)]
            continued += [part for part in parts if is_continued(part.article)]
            entries = _entries([part for part in parts if not is_continued(part.article)], contents, previous)
            written += _add(entries, writer, steps.chunk_article, lexicon)
            report("read", number + 1, len(plan.files))
        written += _add(_joined_entries(continued, previous), writer, steps.chunk_article, lexicon)
        digests = writer.table_digests()
    counts = [len(article.texts) for article in written if article.texts]
    article_rows = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    return CatalogueContents(
        files=len(plan.files),
        kept=kept,
        articles=len(written),
        rejections=tuple(rejections),
        chunks=ChunkTexts.joined(written),
        article_rows=article_rows,
        table_digests=digests,
        deceptive=deceptive,
    )


def _read(plan: BuildPlan, steps: BuildSteps, scans: Scans) -> Generator[FileContents, None, None]:
    """What each file of a plan holds; from the generation before where it has not changed."""
    previous = plan.previous
    is_known = [bool(previous and previous.knows(record.source, record.sha256)) for record in plan.records]
    unknown = [file for file, known in zip(plan.files, is_known, strict=True) if not known]
    with closing(steps.read_contents(unknown, None, scans)) as new:
        for file, known in zip(plan.files, is_known, strict=True):
            yield previous.contents(file.source) if previous and known else next(new)


def _without_withdrawn(contents: FileContents, file: SourceFile, plan: BuildPlan) -> FileContents:
    """What a file holds that is not withdrawn."""
    if file.source in plan.posted and (refused := _unreadable(contents.rejections)):
        raise IndexWriteError(f"{file.path}, whole a moment ago, could not be read: {refused}; try again")
    articles, rejections, kept = plan.withdrawn_from(file).without_withdrawn(
        file.source, contents.articles, contents.rejections, contents.kept
    )
    return replace(contents, articles=articles, rejections=rejections, kept=kept)


def _unreadable(rejections: Sequence[Rejected]) -> str | None:
    return next((rejected.message for rejected in rejections if rejected.reason == UNREADABLE), None)


def _entries(parts: Sequence[Part], contents: FileContents, previous: PreviousGeneration | None) -> Iterator[_Entry]:
    """The articles that are on one page only."""
    for part in parts:
        article = with_beside(part.article)
        known = previous.chunks(article, is_unchanged=True) if previous and contents.is_reused else None
        yield _Entry(article, [part], known, _known_holdings(article, known, previous))


def _joined_entries(continued: Sequence[Part], previous: PreviousGeneration | None) -> Iterator[_Entry]:
    """The articles that go on on other pages, joined where the archive has the other page."""
    for whole in join_continued([part.article for part in continued]):
        article = with_beside(whole.article)
        known = previous.chunks(article) if previous else None
        parts = [continued[row] for row in whole.rows]
        yield _Entry(article, parts, known, _known_holdings(article, known, previous))


def _known_holdings(
    article: Article, known: Sequence[StoredChunk] | None, previous: PreviousGeneration | None
) -> Sequence[OfficeHolding] | None:
    return previous.holdings(article) if previous and known is not None else None


def _add(
    entries: Iterator[_Entry],
    writer: CatalogueWriter,
    chunk_article: Callable[[Article], Sequence[Chunk]],
    lexicon: Lexicon,
) -> Iterator[ChunkTexts]:
    """Add articles to the catalogue, each once; yield what is to be indexed of each."""
    for entry in entries:
        if writer.has_article(entry.article.id):
            continue  # the very same text twice in one file
        chunks = chunk_article(entry.article) if entry.known is None else entry.known
        texts = ChunkTexts.of(entry.article, chunks)
        writer.add_article(entry.article, entry.parts, chunks, texts.digests)
        held = find_holdings(entry.article, lexicon) if entry.holdings is None else entry.holdings
        writer.add_holdings(entry.article, held)
        yield texts


def _as_said(tables: Sequence[Table], start: int, end: int) -> str:
    """A row of a table in words, with the names of its columns; "" where a sentence is none."""
    table = next((table for table in tables if table.start <= start < table.end), None)
    row = table.row_at(start) if table else None
    return table.say(row) if table and row and end <= row.end else ""


def _digest(embedded: Sequence[str]) -> bytes:
    return hashlib.blake2b("\0".join(embedded).encode(), digest_size=16).digest()
