"""Fills the catalogue of a new generation: one SQLite file, written once."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec

from index.errors import IndexWriteError
from index.files import PRIVATE_FILE, NewFiles, disk_full, has_room, is_full, not_written, writing_to
from index.records import Article, Chunk, OfficeHolding, Rejected
from index.store.catalogue import CATALOGUE, FileRecord, Part, StoredChunk, TableDigests, add_to_digest, encode_article
from index.store.holdings import HOLDINGS_SCHEMA, holding_rows

_SCHEMA = f"""{HOLDINGS_SCHEMA}
CREATE TABLE files (source TEXT PRIMARY KEY, path TEXT NOT NULL, sha256 TEXT NOT NULL,
                    kept INTEGER NOT NULL, rejected INTEGER NOT NULL);
CREATE TABLE rejections (source TEXT NOT NULL, line INTEGER, reason TEXT NOT NULL, message TEXT NOT NULL,
                         remedy TEXT NOT NULL);
CREATE TABLE articles (id TEXT PRIMARY KEY, source TEXT NOT NULL, place INTEGER NOT NULL, record BLOB NOT NULL);
CREATE INDEX articles_by_source ON articles (source);
CREATE TABLE parts (source TEXT NOT NULL, place INTEGER NOT NULL, article_id TEXT NOT NULL, record BLOB NOT NULL);
CREATE INDEX parts_by_source ON parts (source);
CREATE TABLE chunks (row INTEGER PRIMARY KEY, article_id TEXT NOT NULL, record BLOB NOT NULL, digest BLOB NOT NULL,
                     first_day INTEGER, last_day INTEGER);
CREATE INDEX chunks_by_article ON chunks (article_id);
"""


@contextmanager
def writing_catalogue(files: NewFiles) -> Iterator["CatalogueWriter"]:
    """Yield what fills a new catalogue; afterwards it is one finished file among the others.

    Raises:
        IndexWriteError: it cannot be written.
    """
    path = files.folder / CATALOGUE
    try:
        with writing_to(path):
            path.touch(
                PRIVATE_FILE
            )  # SQLite, which takes an empty file for a database, would make one that others may read
        with closing(sqlite3.connect(path)) as connection:
            yield CatalogueWriter(connection)
            connection.commit()
    except sqlite3.OperationalError as error:
        raise _write_error(path, error) from error
    files.take_in(CATALOGUE)


def _write_error(path: Path, error: sqlite3.OperationalError) -> IndexWriteError:
    is_out_of_room = error.sqlite_errorcode == sqlite3.SQLITE_FULL or is_full(error) or not has_room(path)
    return disk_full(path) if is_out_of_room else not_written(path, str(error))


class CatalogueWriter:
    """Fills a new catalogue, and keeps a digest of what each table is to hold.

    Args:
        connection: to an empty file.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._meant: dict[str, Any] = {}
        # Durability comes from the fsync before publishing; a half-written scratch file is thrown away.
        self._connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
        self._rows = 0

    def add_file(self, file: FileRecord, rejections: Iterable[Rejected]) -> None:
        """Record a file and what of it was rejected."""
        self._insert("files", [(file.source, file.path, file.sha256, file.kept, file.rejected)])
        self.add_rejections(rejections)

    def add_rejections(self, rejections: Iterable[Rejected]) -> None:
        """Record rejections that belong to no file that was read."""
        self._insert("rejections", [(r.source, r.line, r.reason, r.message, r.remedy) for r in rejections])

    def has_article(self, article_id: str) -> bool:
        """Whether an article of this id is in already."""
        return self._connection.execute("SELECT 1 FROM articles WHERE id = ?", (article_id,)).fetchone() is not None

    def add_article(
        self,
        article: Article,
        parts: Sequence[Part],
        chunks: Sequence[Chunk | StoredChunk],
        digests: Sequence[bytes],
    ) -> None:
        """Add an article with its chunks; chunk rows count up from 0 in the order of the calls.

        Args:
            parts: what the article was joined of, the first one its own file's; one part only is the article itself.
        """
        self._insert("articles", [(article.id, article.source, parts[0].place, encode_article(article))])
        if len(parts) > 1:
            held = [(part.article.source, part.place, article.id, encode_article(part.article)) for part in parts]
            self._insert("parts", held)
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
        self._insert("chunks", rows)
        self._rows += len(rows)

    def add_holdings(self, article: Article, holdings: Iterable[OfficeHolding]) -> None:
        """Add what an article says of who holds which office."""
        self._insert("offices", holding_rows(article, holdings))

    def table_digests(self) -> TableDigests:
        """Return what `Catalogue.table_digests` gives where all was written as it was meant."""
        return {table: digest.hexdigest() for table, digest in self._meant.items()}

    def _insert(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            self._connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 (a name of ours)
            add_to_digest(self._meant.setdefault(table, hashlib.sha256()), rows)
