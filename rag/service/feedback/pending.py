"""Answers that may yet be rated: a rating names only the answer's id, and may reach another process than the answer did.

They wait in SQLite in memory, or in a file of the run folder where several processes share it; nothing of them is
written to a permanent place.
"""

import logging
import sqlite3
import threading
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import msgspec

from rag.errors import FeedbackError
from rag.service.feedback.ratings import RateableAnswer

log = logging.getLogger(__name__)
PENDING_FILE = "recent.sqlite"
MAX_PENDING = 10_000
"""Answers; some 2 kB each."""
SHARED_FILE_WAIT_S = 1.0
_SCHEMA = """
PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA secure_delete = ON;
CREATE TABLE IF NOT EXISTS recent (place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, at REAL NOT NULL,
                                   body BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS recent_by_time ON recent (at);
"""
"""A crash may lose all of it; what a dropped answer held is overwritten."""

_DROP = "DELETE FROM recent WHERE at < ?"
_FIND = "SELECT body FROM recent WHERE id = ? AND at >= ?"


class PendingRatings:
    """What feedback would keep of the answers of the last minutes. Safe to use from several threads and processes.

    A failure costs a rating, never an answer: it is logged, and the answer cannot be rated.

    Args:
        wait_min: minutes for which an answer can be rated.
        run_dir: where the processes of the service meet; None: there is one process.
        clock: seconds, the same in all processes.
        max_answers: that wait; the oldest make room.
    Raises:
        FeedbackError: the run folder cannot be written.
    """

    def __init__(
        self,
        wait_min: float,
        run_dir: Path | None = None,
        clock: Callable[[], float] = time.time,
        max_answers: int = MAX_PENDING,
    ) -> None:
        self._max_answers = max_answers
        self._wait_s = wait_min * 60
        self._clock = clock
        self._lock = threading.Lock()
        self._is_own = run_dir is None
        place = ":memory:" if run_dir is None else str(run_dir / PENDING_FILE)
        try:
            self._connection = sqlite3.connect(
                place, timeout=SHARED_FILE_WAIT_S, check_same_thread=False, isolation_level=None
            )
            self._connection.executescript(_SCHEMA)
        except sqlite3.Error as error:
            raise FeedbackError(f"{place}: {error}; name a folder that can be written with WENJU_RUN_DIR") from error

    def remember(self, answer: RateableAnswer) -> None:
        """Let an answer wait for its rating, and drop what has waited long enough."""
        now = self._clock()
        try:
            with self._lock, self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                place = self._connection.execute(
                    "INSERT INTO recent (id, at, body) VALUES (?, ?, ?)",
                    (answer.answer_id, now, zlib.compress(msgspec.json.encode(answer))),
                ).lastrowid
                self._connection.execute("DELETE FROM recent WHERE place <= ?", ((place or 0) - self._max_answers,))
                self._connection.execute(_DROP, (now - self._wait_s,))
        except sqlite3.Error as error:
            log.warning("answer %s cannot be rated: %s", answer.answer_id, error)

    def drop(self) -> None:
        """Drop what has waited long enough, also where nothing new is asked."""
        try:
            with self._lock:
                self._connection.execute(_DROP, (self._clock() - self._wait_s,))
        except sqlite3.Error as error:
            log.warning("answers that waited for a rating are still there: %s", error)

    def find(self, answer_id: str) -> RateableAnswer | None:
        """Return an answer that waits; None where there is none of this id, or no more.

        Raises:
            FeedbackError: the run folder cannot be read.
        """
        try:
            with self._lock:
                found = self._connection.execute(_FIND, (answer_id, self._clock() - self._wait_s))
                row = found.fetchone()
        except sqlite3.Error as error:
            raise FeedbackError(f"the answers of the last minutes cannot be read: {error}; try again") from error
        return msgspec.json.decode(zlib.decompress(row[0]), type=RateableAnswer) if row else None

    def cache_sizes(self) -> dict[str, int]:
        """Return the answers that wait in this process's memory, for /metrics; a file of several processes is none's."""
        if not self._is_own:
            return {}
        with self._lock:
            ((waiting,),) = self._connection.execute("SELECT count(*) FROM recent")
        return {"pending_ratings": waiting}

    def close(self) -> None:
        """Close the file; what only this process holds is forgotten."""
        self._connection.close()
