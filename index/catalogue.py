"""What the index holds, in SQLite: files, rejections, articles, chunks. One file a generation, written once."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from index.errors import IndexCorruptError
from index.records import Article, Chunk, Rejected

CATALOGUE = "catalogue.sqlite"

_SCHEMA = """
CREATE TABLE files (source TEXT PRIMARY KEY, path TEXT NOT NULL, sha256 TEXT NOT NULL,
                    kept INTEGER NOT NULL, rejected INTEGER NOT NULL);
CREATE TABLE rejections (source TEXT NOT NULL, line INTEGER, reason TEXT NOT NULL, message TEXT NOT NULL,
                         remedy TEXT NOT NULL);
CREATE TABLE articles (id TEXT PRIMARY KEY, source TEXT NOT NULL, record BLOB NOT NULL);
CREATE INDEX articles_by_source ON articles (source);
CREATE TABLE chunks (row INTEGER PRIMARY KEY, article_id TEXT NOT NULL, record BLOB NOT NULL, digest BLOB NOT NULL,
                     first_day INTEGER, last_day INTEGER);
CREATE INDEX chunks_by_article ON chunks (article_id);
"""
_ARTICLES = msgspec.json.Decoder(Article)


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file of the archive: its citation name, where it was read, its content's SHA-256, and what came of it."""

    source: str
    path: str
    sha256: str
    kept: int
    rejected: int


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk with its row in the vector and lexical index. Its text is its slice of the article."""

    row: int
    id: str
    article_id: str
    ordinal: int
    start: int
    end: int
    header: str


class CatalogueWriter:
    """Fills a new catalogue; `close` makes it a single finished file."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        # Durability comes from the fsync before publishing; a half-written scratch file is thrown away.
        self._connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
        self._rows = 0

    def add_file(self, file: FileRecord, rejections: Iterable[Rejected]) -> None:
        """Record a file and what of it was rejected."""
        values = (file.source, file.path, file.sha256, file.kept, file.rejected)
        self._connection.execute("INSERT INTO files VALUES (?, ?, ?, ?, ?)", values)
        self.add_rejections(rejections)

    def add_rejections(self, rejections: Iterable[Rejected]) -> None:
        """Record rejections that belong to no file that was read."""
        rows = [(r.source, r.line, r.reason, r.message, r.remedy) for r in rejections]
        self._connection.executemany("INSERT INTO rejections VALUES (?, ?, ?, ?, ?)", rows)

    def has_article(self, article_id: str) -> bool:
        """Whether an article of this id is in already."""
        return self._connection.execute("SELECT 1 FROM articles WHERE id = ?", (article_id,)).fetchone() is not None

    def add_article(self, article: Article, chunks: Sequence[Chunk], digests: Sequence[bytes]) -> None:
        """Add an article with its chunks; chunk rows count up from 0 in the order of the calls."""
        record = msgspec.json.encode(article)
        self._connection.execute("INSERT INTO articles VALUES (?, ?, ?)", (article.id, article.source, record))
        days = (article.date.first_day, article.date.last_day) if article.date else (None, None)
        rows = [
            (
                self._rows + number,
                article.id,
                msgspec.json.encode([chunk.id, chunk.ordinal, chunk.start, chunk.end, chunk.header]),
                digest,
                *days,
            )
            for number, (chunk, digest) in enumerate(zip(chunks, digests, strict=True))
        ]
        self._connection.executemany("INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?)", rows)
        self._rows += len(rows)

    def close(self) -> None:
        """Finish the file."""
        self._connection.commit()
        self._connection.close()


class Catalogue:
    """Reads a published catalogue. Safe to use from several threads: every call opens its own cursor."""

    def __init__(self, path: Path) -> None:
        # immutable: the file of a generation never changes, so SQLite need not lock or look for a journal.
        self._connection = sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True, check_same_thread=False)
        self._path = path

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def article(self, article_id: str) -> Article | None:
        """Return the article, or None when there is none of this id."""
        rows = self._select("SELECT record FROM articles WHERE id = ?", (article_id,))
        return _ARTICLES.decode(rows[0][0]) if rows else None

    def articles(self, ids: Iterable[str]) -> dict[str, Article]:
        """Return id → article for the ids that exist."""
        found = {article_id: self.article(article_id) for article_id in dict.fromkeys(ids)}
        return {article_id: article for article_id, article in found.items() if article}

    def articles_of(self, source: str) -> list[Article]:
        """Return the articles of one file, in the order of the page."""
        rows = self._select("SELECT record FROM articles WHERE source = ? ORDER BY rowid", (source,))
        return [_ARTICLES.decode(record) for (record,) in rows]

    def chunks(self, rows: Sequence[int] | npt.NDArray[np.int64]) -> list[StoredChunk]:
        """Return the chunks of the given rows, in that order."""
        found = {}
        for row in map(int, rows):
            values = self._select("SELECT article_id, record FROM chunks WHERE row = ?", (row,))
            found[row] = _stored(row, *values[0])
        return list(found.values())

    def digests(self) -> Iterator[tuple[bytes, int]]:
        """Yield (digest of what was embedded, row) of every chunk."""
        yield from self._select("SELECT digest, row FROM chunks")

    def days(self) -> npt.NDArray[np.int32]:
        """Return (n, 2) int32: first and last day of each chunk's article as YYYYMMDD, 0 where unknown."""
        rows = self._select("SELECT coalesce(first_day, 0), coalesce(last_day, 0) FROM chunks ORDER BY row")
        return np.array(rows, np.int32).reshape(-1, 2)

    def files(self) -> dict[str, FileRecord]:
        """Return source → file."""
        return {row[0]: FileRecord(*row) for row in self._select("SELECT * FROM files")}

    def rejections(self, source: str | None = None) -> list[Rejected]:
        """Return what was rejected, of one file or of all."""
        rows = self._select("SELECT * FROM rejections WHERE ?1 IS NULL OR source = ?1", (source,))
        return [Rejected(*row) for row in rows]

    def _select(self, query: str, values: tuple[object, ...] = ()) -> list[tuple]:  # type: ignore[type-arg]
        try:
            with closing(self._connection.cursor()) as cursor:
                return cursor.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise IndexCorruptError(f"{self._path}: {error}; rebuild the index: wenju index --rebuild PATH") from error


def _stored(row: int, article_id: str, record: bytes) -> StoredChunk:
    identity, ordinal, start, end, header = msgspec.json.decode(record)
    return StoredChunk(row, identity, article_id, ordinal, start, end, header)
