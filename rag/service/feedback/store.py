"""Rated answers in SQLite: one file, written by all processes of the service, read by `wenju feedback`.

Only what was rated is in it. Every call opens the file anew: ratings are rare, and a file that was moved away, mended
or deleted meanwhile is taken as it is.
"""

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from index.store.durable import make_folder
from rag.errors import FeedbackCorruptError, FeedbackError, FeedbackMissingError
from rag.service.feedback.ratings import Quoted, RateableAnswer, Rating

SCHEMA_VERSION = 2
APPLICATION_ID = 0x77656E6A
"""In the file's head, "wenj": tells it from another program's."""
DATABASE_WAIT_S = 2.0
"""How long a call waits for another process that is writing."""

_SCHEMA = f"""
CREATE TABLE feedback (
    id TEXT PRIMARY KEY, rated TEXT NOT NULL, caller TEXT NOT NULL, helpful INTEGER NOT NULL, reason TEXT, comment TEXT,
    answer_id TEXT NOT NULL, question TEXT NOT NULL, rewritten TEXT, first TEXT, last TEXT, status TEXT NOT NULL,
    refusal TEXT, answer TEXT NOT NULL, generation TEXT NOT NULL, generator TEXT NOT NULL, model TEXT,
    prompt_version TEXT, cited TEXT NOT NULL, retrieved TEXT NOT NULL, seal TEXT NOT NULL,
    UNIQUE (answer_id, caller));
CREATE INDEX feedback_by_time ON feedback (rated);
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};
"""
_COLUMNS = (
    "id", "rated", "caller", "helpful", "reason", "comment", "answer_id", "question", "rewritten", "first", "last",
    "status", "refusal", "answer", "generation", "generator", "model", "prompt_version", "cited", "retrieved",
)  # fmt: skip
_SELECT = f"SELECT {', '.join(_COLUMNS)}, seal FROM feedback"  # noqa: S608  names of this module, no values
_INSERT = f"INSERT OR REPLACE INTO feedback VALUES ({', '.join('?' * len(_COLUMNS))}, ?)"  # noqa: S608
_BEFORE_SEALS = 1
"""Version of the schema without them; such a file gets them when it is opened."""
_FROM_SOURCE = """EXISTS (SELECT 1 FROM json_each(cited) AS quoted WHERE json_extract(quoted.value, '$.doc_id') = ?1
    OR EXISTS (SELECT 1 FROM json_each(quoted.value, '$.files') AS file WHERE file.value = ?1))"""


class FeedbackStore:
    """The rated answers of one file.

    Args:
        path: made, with its folder, when the first rating is kept; only its owner may read it.
        busy_s: how long a call waits for another process that is writing.
    """

    def __init__(self, path: Path, busy_s: float = DATABASE_WAIT_S) -> None:
        self.path = path
        self._busy_s = busy_s

    def keep(self, rating: Rating) -> None:
        """Keep a rating; it replaces the caller's earlier one of the same answer.

        Raises:
            FeedbackCorruptError: the file is none of ours.
            FeedbackError: it cannot be written now.
        """
        of = rating.of
        values = (
            rating.id, rating.rated, rating.caller, int(rating.helpful), rating.reason, rating.comment, of.answer_id,
            of.question, of.rewritten, of.first, of.last, of.status, of.refusal, of.answer, of.generation, of.generator,
            of.model, of.prompt_version, _json(of.cited), _json(of.retrieved),
        )  # fmt: skip
        with self._opened(create=True) as connection, connection:
            connection.execute(_INSERT, (*values, _seal(values)))

    def check(self) -> int:
        """Return how many ratings there are, after holding all of them against their seals, and the file against SQLite's rules.

        Raises:
            FeedbackMissingError, FeedbackCorruptError, FeedbackError: see `ratings`.
        """
        with self._opened() as connection:
            ((found,),) = connection.execute("PRAGMA integrity_check(1)")
            if found != "ok":
                raise sqlite3.DatabaseError(found)
        return sum(1 for _rating in self.ratings())

    def ratings(self, *, helpful: bool | None = None, since: str | None = None) -> Iterator[Rating]:
        """Yield the ratings, oldest first.

        Args:
            helpful: only those; None: all.
            since: ISO 8601 in UTC, inclusive.
        Raises:
            FeedbackMissingError: there is no file yet.
            FeedbackCorruptError: it is damaged; where single ratings are, after the last of the others.
            FeedbackError: it cannot be read now.
        """
        damaged = []
        where = " WHERE (?1 IS NULL OR helpful = ?1) AND (?2 IS NULL OR rated >= ?2) ORDER BY rated, rowid"
        with self._opened() as connection:
            for *row, seal in connection.execute(_SELECT + where, (helpful, since)):
                if seal == _seal(row):
                    yield _rating(row)
                else:
                    damaged.append(str(row[0]))
        if damaged:
            raise FeedbackCorruptError(
                f"feedback file {self.path}: not as they were written are the ratings {', '.join(damaged)}: bring the file "
                "back from a backup, or remove each with: wenju feedback delete --id ID"
            )

    def delete(self, *, id_: str | None = None, before: str | None = None, source: str | None = None) -> int:
        """Delete ratings for good, overwriting what they held, and return how many.

        Args:
            id_: of the rating, or of its answer.
            before: ISO 8601 in UTC, exclusive.
            source: file or document that is quoted.
        Raises:
            ValueError: not exactly one of the three is given.
            FeedbackMissingError, FeedbackCorruptError, FeedbackError: see `ratings`.
        """
        given = {"id = ?1 OR answer_id = ?1": id_, "rated < ?1": before, _FROM_SOURCE: source}
        ((where, value),) = [(where, value) for where, value in given.items() if value is not None]
        with self._opened() as connection:
            connection.execute("PRAGMA secure_delete = ON")
            with connection:
                count = connection.execute(f"DELETE FROM feedback WHERE {where}", (value,)).rowcount  # noqa: S608
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # else the deleted text stays in the log
        return count

    @contextmanager
    def _opened(self, *, create: bool = False) -> Iterator[sqlite3.Connection]:
        """Yield a connection to the checked file; errors of SQLite leave as ours."""
        connection = None
        try:
            if create:
                self._create()
            elif not self.path.exists():
                raise FeedbackMissingError(f"no feedback yet: {self.path} is not there")
            connection = sqlite3.connect(self.path, timeout=self._busy_s)
            connection.text_factory = lambda data: data.decode("utf-8", "replace")  # its seal says that it is damaged
            self._check(connection)
            yield connection
        except sqlite3.OperationalError as error:
            raise FeedbackError(
                f"feedback file {self.path}: {error}; check the disk's space and who else holds it, then try again"
            ) from error
        except (sqlite3.DatabaseError, msgspec.MsgspecError) as error:
            raise FeedbackCorruptError(
                f"feedback file {self.path} is damaged ({error}): move it away, a new one is begun; or restore a copy"
            ) from error
        except OSError as error:
            raise FeedbackError(
                f"feedback file {self.path}: {error.strerror or error}; name a place that can be written with WENJU_FEEDBACK_DB"
            ) from error
        finally:
            if connection is not None:
                connection.close()

    def _create(self) -> None:
        """Make an empty file that only its owner may read; SQLite gives its log the same rights."""
        make_folder(self.path.parent)
        os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))

    def _check(self, connection: sqlite3.Connection) -> None:
        """Write the schema into an empty file; refuse what is no feedback file, or a later version's."""
        if _is_empty(connection):
            connection.execute("PRAGMA journal_mode = WAL")  # readers and one writer do not wait for each other
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                if _is_empty(connection):  # else another process was faster
                    for statement in filter(str.strip, _SCHEMA.split(";")):
                        connection.execute(statement)
        (owner,), (version,) = (
            connection.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version")
        )
        if owner != APPLICATION_ID:
            raise FeedbackCorruptError(f"{self.path} is another program's file: name another with WENJU_FEEDBACK_DB")
        if version == _BEFORE_SEALS:
            _add_seals(connection)
        elif version != SCHEMA_VERSION:
            raise FeedbackCorruptError(
                f"feedback file {self.path} has version {version}, this program knows {SCHEMA_VERSION}: "
                "use the program that wrote it, or name another file with WENJU_FEEDBACK_DB"
            )


def _add_seals(connection: sqlite3.Connection) -> None:
    """Bring a file of the version before to this one; what it says now is what is sealed."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        if connection.execute("PRAGMA user_version").fetchone() != (_BEFORE_SEALS,):
            return  # another process was faster
        connection.execute("ALTER TABLE feedback ADD COLUMN seal TEXT NOT NULL DEFAULT ''")
        for *row, _seal_before in connection.execute(_SELECT).fetchall():
            connection.execute("UPDATE feedback SET seal = ? WHERE id = ?", (_seal(row), row[0]))
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _seal(values: Sequence[object]) -> str:
    """SHA-256 over the values of a rating, as they are read back: a damaged page may still be a page to SQLite."""
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def _is_empty(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _rating(row: Sequence[object]) -> Rating:
    values = dict(zip(_COLUMNS, row, strict=True))
    values["cited"] = msgspec.json.decode(str(values["cited"]), type=tuple[Quoted, ...])
    values["retrieved"] = msgspec.json.decode(str(values["retrieved"]), type=tuple[str, ...])
    of = msgspec.convert({name: values[name] for name in RateableAnswer.__dataclass_fields__}, RateableAnswer)
    head = {name: values[name] for name in Rating.__dataclass_fields__ if name != "of"}
    return msgspec.convert(head | {"helpful": bool(head["helpful"]), "of": of}, Rating)
