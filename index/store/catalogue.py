"""What the index holds, in SQLite: files, rejections, articles, chunks. One file a generation, written once."""

import hashlib
import sqlite3
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from index.files import read_error, reading
from index.records import Article, Origin, PartialDate, Rejected
from index.store.holdings import HoldingsTable

CATALOGUE = "catalogue.sqlite"
KEPT_ARTICLES, KEPT_CHUNKS = 1024, 16_384
"""Read ones kept for the next question: an article with its origins is 10 to 30 kB, a chunk without text 400 bytes."""

_ORIGIN = ("start", "end", "source_start", "source_end", "source")
_FIX = ("kind", "start", "before", "after")


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


@dataclass(frozen=True, slots=True)
class Part:
    """What one file has of an article, before it was joined with what other pages have of it.

    Args:
        article: as the file alone gives it.
        place: its place among the articles of the file.
    """

    article: Article
    place: int


def article_values(article: Article) -> dict[str, Any]:
    """Return an article as JSON values; its many origins as arrays [start, end, source_start, source_end, source?]."""
    values: dict[str, Any] = msgspec.to_builtins(article)
    values["origin"] = _origin_values(article.origin)
    for beside, item in zip(values["beside"], article.beside, strict=True):
        beside["origin"] = _origin_values(item.origin)
    return values


def _origin_values(origin: Sequence[Origin]) -> list[list[int | str]]:
    return [[o.start, o.end, o.source_start, o.source_end, *([o.source] if o.source else [])] for o in origin]


def _origins_of(values: Iterable[Sequence[object]]) -> list[dict[str, object]]:
    return [dict(zip(_ORIGIN, origin, strict=False)) for origin in values]


def encode_article(article: Article) -> bytes:
    """Return an article as JSON, as the catalogue keeps it."""
    values = article_values(article)
    values["fixes"] = [[fix.kind, fix.start, fix.before, fix.after] for fix in article.fixes]
    return msgspec.json.encode(values)


def decode_article(record: bytes) -> Article:
    """Return the article that `encode_article` made into JSON."""
    values = msgspec.json.decode(record)
    values["origin"] = _origins_of(values["origin"])
    for beside in values.get("beside", ()):
        beside["origin"] = _origins_of(beside["origin"])
    values["fixes"] = [dict(zip(_FIX, fix, strict=True)) for fix in values["fixes"]]
    return msgspec.convert(values, Article)


def _decode(path: Path, record: bytes) -> Article:
    with reading(path):
        return decode_article(record)


TABLES = ("files", "rejections", "articles", "parts", "chunks", "offices")
TableDigests = Mapping[str, str]
"""Name of a table that has rows → SHA-256 of them in their order."""


def add_to_digest(digest: Any, rows: Iterable[Sequence[Any]]) -> None:
    """Hash rows of a table."""
    for row in rows:
        digest.update(msgspec.msgpack.encode(row))


_DATED = (
    "SELECT articles.record FROM articles JOIN chunks ON article_id = articles.id "
    "WHERE source = ? AND first_day IS NOT NULL ORDER BY "
)
_EARLIEST, _LATEST = _DATED + "first_day LIMIT 1", _DATED + "last_day DESC LIMIT 1"
"""The dated article of a file whose date can mean the earliest and the latest day."""


_SOME_RECORDS = "SELECT rowid, record FROM articles WHERE rowid > ? ORDER BY rowid LIMIT 500"


class Catalogue:
    """Reads a published catalogue. Safe to use from several threads: every call opens its own cursor."""

    def __init__(self, path: Path) -> None:
        # immutable: the file of a generation never changes, so SQLite need not lock or look for a journal.
        with reading(path):
            path.open("rb").close()  # says why, where SQLite only says that it could not
        try:
            uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
            self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise read_error(path, error) from error
        # A catalogue never changes, and questions come back to the same articles: decoding one takes a quarter of a
        # millisecond, as long as all else about it. What is kept does not refer to the catalogue, so that its last user
        # lets go of both.
        self._select = select = partial(_select, self._connection, path)
        self.holdings = HoldingsTable(select)  # who holds which office
        self._decode = partial(_decode, path)
        self._article = lru_cache(KEPT_ARTICLES)(partial(_read_article, select, self._decode))
        self._chunk = lru_cache(KEPT_CHUNKS)(partial(_read_chunk, select, path))
        self._path = path
        # Closed with the last request that reads from it, where nobody closes it before.
        self._closing = weakref.finalize(self, self._connection.close)

    def close(self) -> None:
        """Close the file."""
        self._closing()

    def cache_sizes(self) -> dict[str, int]:
        """Return name of cache → records kept decoded, for /metrics."""
        return {
            "catalogue.article": self._article.cache_info().currsize,
            "catalogue.chunk": self._chunk.cache_info().currsize,
        }

    def article(self, article_id: str) -> Article | None:
        """Return the article, or None when there is none of this id."""
        return self._article(article_id)

    def articles(self, ids: Iterable[str]) -> dict[str, Article]:
        """Return id → article for the ids that exist."""
        found = {article_id: self.article(article_id) for article_id in dict.fromkeys(ids)}
        return {article_id: article for article_id, article in found.items() if article}

    def articles_of(self, source: str) -> list[Article]:
        """Return the articles that have text from one file, in the order of the page; joined ones whole."""
        rows = self._select(
            "SELECT place, record FROM articles WHERE source = ?1 UNION ALL SELECT min(parts.place), articles.record "
            "FROM parts JOIN articles ON id = article_id WHERE parts.source = ?1 AND articles.source <> ?1 GROUP BY id "
            "ORDER BY 1",
            (source,),
        )
        return [self._decode(record) for _place, record in rows]

    def records(self, ids: Sequence[str] | None = None) -> Iterator[bytes]:
        """Yield articles undecoded, as JSON: all in the order of the archive, or those of the ids, for who needs little of them."""
        if ids is None:
            last = 0
            while rows := self._select(_SOME_RECORDS, (last,)):
                last = rows[-1][0]
                yield from (record for _row, record in rows)
            return
        wanted = msgspec.json.encode(list(ids)).decode()
        sql = "SELECT articles.record FROM json_each(?) AS wanted JOIN articles ON articles.id = wanted.value"
        yield from (record for (record,) in self._select(sql, (wanted,)))

    def ids_with_chunks(self) -> list[str]:
        """Return the ids of the articles that have chunks, in the order of their rows."""
        rows = self._select("SELECT article_id FROM chunks GROUP BY article_id ORDER BY min(row)")
        return [article_id for (article_id,) in rows]

    def parts_of(self, source: str) -> list[Article]:
        """Return the articles as one file alone gave them, before any was joined with other pages."""
        rows = dict(self._select("SELECT place, record FROM articles WHERE source = ?", (source,)))
        rows |= dict(self._select("SELECT place, record FROM parts WHERE source = ?", (source,)))
        return [self._decode(rows[place]) for place in sorted(rows)]

    def chunks(self, rows: Sequence[int] | npt.NDArray[np.int64]) -> list[StoredChunk]:
        """Return the chunks of the given rows, in that order."""
        return [self._chunk(row) for row in dict.fromkeys(map(int, rows))]

    def chunks_of(self, article_id: str) -> list[StoredChunk]:
        """Return the chunks of an article in their order."""
        rows = self._select("SELECT row, record FROM chunks WHERE article_id = ? ORDER BY row", (article_id,))
        return [_stored(self._path, row, article_id, record) for row, record in rows]

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

    def file(self, source: str) -> FileRecord | None:
        """Return a file of the archive."""
        rows = self._select("SELECT * FROM files WHERE source = ?", (source,))
        return FileRecord(*rows[0]) if rows else None

    def sources_of(self, doc_id: str) -> list[str]:
        """Return the files that have a document of this id beside others, as corpus files have."""
        # msgspec writes keys and values without blanks, and quotes inside a value escaped, so this is no text's.
        needle = b'"doc_id":' + msgspec.json.encode(doc_id)
        rows = self._select("SELECT DISTINCT source FROM articles WHERE instr(record, ?)", (needle,))
        return [source for (source,) in rows if source != doc_id]

    def holds_besides(self, sources: Iterable[str], doc_id: str | None = None) -> bool:
        """Whether there is anything but the articles of these files or, with `doc_id`, of this document in them."""
        needle = None if doc_id is None else b'"doc_id":' + msgspec.json.encode(doc_id)
        left_out = msgspec.json.encode(list(sources)).decode()
        return bool(
            self._select(
                "SELECT 1 FROM articles WHERE source NOT IN (SELECT value FROM json_each(?1)) "
                "OR (?2 IS NOT NULL AND NOT instr(record, ?2)) "
                "UNION ALL SELECT 1 FROM parts WHERE source NOT IN (SELECT value FROM json_each(?1)) LIMIT 1",
                (left_out, needle),
            )
        )

    def held(self, source: str) -> tuple[int, PartialDate | None, PartialDate | None]:
        """Return how many articles begin in a file, and the earliest and the latest date of those with text, as printed."""
        ((count,),) = self._select("SELECT count(*) FROM articles WHERE source = ?", (source,))
        return count, self._date(_EARLIEST, source), self._date(_LATEST, source)

    def _date(self, sql: str, source: str) -> PartialDate | None:
        rows = self._select(sql, (source,))
        return self._decode(rows[0][0]).date if rows else None

    def rejections(self, source: str | None = None) -> list[Rejected]:
        """Return what was rejected, of one file or of all."""
        rows = self._select("SELECT * FROM rejections WHERE ?1 IS NULL OR source = ?1", (source,))
        return [Rejected(*row) for row in rows]

    def table_digests(self) -> TableDigests:
        """Read all that there is, and return a digest of each table."""
        digests = {}
        for table in TABLES if self.holdings.is_there else TABLES[:-1]:
            digest, last = hashlib.sha256(), -1
            some = f"SELECT rowid, * FROM {table} WHERE rowid > ? ORDER BY rowid LIMIT 500"  # noqa: S608 (a name of ours)
            while rows := self._select(some, (last,)):
                last = rows[-1][0]
                add_to_digest(digest, (row[1:] for row in rows))
            if last >= 0:
                digests[table] = digest.hexdigest()
        return digests


Rows = list[tuple]  # type: ignore[type-arg]


def _select(connection: sqlite3.Connection, path: Path, query: str, values: tuple[object, ...] = ()) -> Rows:
    try:
        with closing(connection.cursor()) as cursor:
            return cursor.execute(query, values).fetchall()
    except sqlite3.DatabaseError as error:
        raise read_error(path, error) from error


def _read_article(select: Callable[..., Rows], decode: Callable[[bytes], Article], article_id: str) -> Article | None:
    rows = select("SELECT record FROM articles WHERE id = ?", (article_id,))
    return decode(rows[0][0]) if rows else None


def _read_chunk(select: Callable[..., Rows], path: Path, row: int) -> StoredChunk:
    with reading(path):
        ((article_id, record),) = select("SELECT article_id, record FROM chunks WHERE row = ?", (row,))
        return _stored(path, row, article_id, record)


def _stored(path: Path, row: int, article_id: str, record: bytes) -> StoredChunk:
    with reading(path):
        identity, ordinal, start, end, header = msgspec.json.decode(record)
        return StoredChunk(row, identity, article_id, ordinal, start, end, header)
