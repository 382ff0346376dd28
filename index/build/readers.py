"""Files → what came of them, in the order of the files: small texts are read here, all else in processes under limits.

    files ─┬─ small text ──────────────────────────────────────► articles and rejections, document by document
           └─ parsed, packed, large ─► threads ─► processes ─────▲

The processes are those of `reading_process`.
"""

import contextlib
import os
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import msgspec

from index.build.outcomes import FileContents, Outcome, outcomes_of
from index.build.reading_process import ARTICLE, HEAD, KEPT, REJECTED, Limits, Request
from index.errors import UnreadableError
from index.read import SourceFile, form_of, rejected
from index.records import Article, Rejected
from index.store.catalogue import decode_article

MAX_HERE_BYTES: Final = 256 << 10  # of a text: a hundred pages; nothing in it can take long or much memory
MAX_PROCESSES: Final = 4  # each may take MAX_MEMORY_BYTES; what they read is indexed by one process
FILES_AHEAD: Final = 8  # that are read while who asked is busy with one
OUTCOMES_AHEAD: Final = 64  # of each of these
MAX_LOST: Final = 3  # documents of one file over which a process may end; the last one takes with it what follows

_ROOT: Final = Path(__file__).resolve().parents[2]
_TEXTS: Final = frozenset({"text", "markdown", "json", "jsonl"})
_MANY: Final = frozenset({"json", "jsonl"})  # files of many documents
_TOO_LONG: Final = (-24, -14)  # SIGXCPU, SIGALRM

_Stream = queue.Queue[Outcome | BaseException | None]
"""What comes of a file; None, or what went wrong with us, is the end."""


def read_contents(files: Sequence[SourceFile], limits: Limits | None = None) -> Generator[FileContents, None, None]:
    """Yield what came of each file, in their order; several are read at a time."""
    articles: list[Article] = []
    rejections: list[Rejected] = []
    kept = 0
    for outcome in read_outcomes(files, limits):
        if outcome is None:
            yield FileContents(articles, rejections, kept)
            articles, rejections, kept = [], [], 0
        elif isinstance(outcome, Rejected):
            rejections.append(outcome)
        else:
            kept += 1
            articles += outcome


def read_outcomes(files: Sequence[SourceFile], limits: Limits | None = None) -> Generator[Outcome | None, None, None]:
    """Yield what came of each document of the files, in their order, and None at the end of each file.

    A document over the limits is rejected, as too_large or, where its parser ended otherwise, as corrupt; the documents
    after it are read all the same.

    Args:
        limits: of time and memory for one document.
    """
    with _Pool(limits or Limits()) as pool:
        coming = iter(files)
        ahead: deque[tuple[SourceFile, _Stream | None]] = deque()
        while True:
            while len(ahead) < FILES_AHEAD and (file := next(coming, None)):
                ahead.append((file, None if _is_small_text(file) else pool.read(file)))
            if not ahead:
                return
            file, stream = ahead.popleft()
            yield from outcomes_of(file) if stream is None else _drained(stream)
            yield None


def _is_small_text(file: SourceFile) -> bool:
    form, zipped = form_of(file.path) or ("text", False)  # what is not supported is not opened
    try:
        return form in _TEXTS and not zipped and file.path.stat().st_size <= MAX_HERE_BYTES
    except OSError:
        return True  # the reader says why


def _drained(stream: _Stream) -> Iterator[Outcome]:
    while (item := stream.get()) is not None:
        if isinstance(item, BaseException):
            raise item
        yield item


class _Pool:
    """Threads that each have a file read by a process; a process is started when one is needed."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._threads = ThreadPoolExecutor(min(os.cpu_count() or 1, MAX_PROCESSES), "reader")
        self._idle: list[_Process] = []
        self._all: list[_Process] = []
        self._lock = threading.Lock()
        self._is_closed = threading.Event()

    def __enter__(self) -> "_Pool":
        return self

    def __exit__(self, *_error: object) -> None:
        with self._lock:
            self._is_closed.set()
            for process in self._all:
                process.kill()
        self._threads.shutdown(cancel_futures=True)
        for process in self._all:
            process.end()

    def read(self, file: SourceFile) -> _Stream:
        """Have a file read; what comes of it comes by the stream."""
        stream: _Stream = queue.Queue(OUTCOMES_AHEAD)
        self._threads.submit(self._fill, stream, file)
        return stream

    def _fill(self, stream: _Stream, file: SourceFile) -> None:
        end: BaseException | None = None
        try:
            for outcome in self._outcomes(file):
                if not self._put(stream, outcome):
                    return
        except BaseException as error:  # who waits for the stream gets it
            end = error
        self._put(stream, end)

    def _put(self, stream: _Stream, item: Outcome | BaseException | None) -> bool:
        """Put an item into the stream, and tell whether anybody still wants it."""
        while not self._is_closed.is_set():
            with contextlib.suppress(queue.Full):
                stream.put(item, timeout=0.1)
                return True
        return False

    def _outcomes(self, file: SourceFile) -> Iterator[Outcome]:
        """Yield what comes of a file. In a file of many documents one that is too much costs itself only."""
        form, _zipped = form_of(file.path) or ("text", False)
        tries = MAX_LOST if form in _MANY else 1
        limits = msgspec.structs.replace(self._limits, cpu_s=max(self._limits.cpu_s // tries, 1))
        done = 0
        for number in range(1, tries + 1):
            process = self._process()
            try:
                for outcome in process.read(Request(os.fsencode(file.path), file.source, done, limits)):
                    done += 1
                    yield outcome
            except EOFError:
                problem = _problem(process.end(), limits)
            else:
                self._release(process)
                return
            done += 1
            if tries > 1:
                which = f"its document {done:,}{' and what follows' * (number == tries)}: "
                problem = UnreadableError(problem.reason, which + problem.message, problem.remedy)
            yield rejected(file.source, problem)

    def _process(self) -> "_Process":
        with self._lock:
            if self._is_closed.is_set():
                raise EOFError
            if not self._idle:
                self._all.append(_Process(self._limits.memory_bytes))
                self._idle.append(self._all[-1])
            return self._idle.pop()

    def _release(self, process: "_Process") -> None:
        if process.is_grown:
            process.end()
        else:
            with self._lock:
                self._idle.append(process)


class _Process:
    """A process of `reading_process`, which reads one file after the other.

    Args:
        memory_bytes: what it may take beyond its own.
    """

    def __init__(self, memory_bytes: int) -> None:
        # Not -m: the package need not be on the path of a bare interpreter. -P: nor may the working directory be.
        code = f"import sys; sys.path.insert(0, {str(_ROOT)!r}); from index.build.reading_process import main; main()"
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            [sys.executable, "-P", "-c", code, str(memory_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._process.stdin
        assert self._process.stdout
        self._requests, self._replies = self._process.stdin, self._process.stdout
        self.is_grown = False

    def read(self, request: Request) -> Iterator[Outcome]:
        """Yield what comes of a file, document by document.

        Raises:
            EOFError: the process ended over the document that would have come next.
        """
        with contextlib.suppress(OSError):  # it has ended: the reply says so
            self._requests.write(msgspec.json.encode(request) + b"\n")
            self._requests.flush()
        articles: list[Article] = []
        while True:
            kind, body = self._reply()
            if kind == ARTICLE:
                articles.append(decode_article(body))
            elif kind == KEPT:
                yield tuple(articles)
                articles = []
            elif kind == REJECTED:
                yield msgspec.json.decode(body, type=Rejected)
            else:
                self.is_grown = bool(body)
                return

    def _reply(self) -> tuple[bytes, bytes]:
        kind, size = HEAD.unpack(self._exactly(HEAD.size))
        return kind, self._exactly(size)

    def _exactly(self, size: int) -> bytes:
        data = self._replies.read(size)
        if len(data) < size:
            raise EOFError
        return data

    def kill(self) -> None:
        """Have it end now, whatever it is doing."""
        self._process.kill()

    def end(self) -> int:
        """Let go of a process that has no file to read any more; return how it ended."""
        with contextlib.suppress(OSError):
            self._requests.close()
        self._replies.close()
        return self._process.wait()


def _problem(status: int, limits: Limits) -> UnreadableError:
    """Say why a document is not kept over which a process ended."""
    if status in _TOO_LONG:
        limit_s = limits.cpu_s if status == _TOO_LONG[0] else limits.wall_s
        return UnreadableError(
            "too_large", f"reading it takes more than {limit_s:.0f} s", "split it, e.g. by issue, or export its text"
        )
    how = f"signal {-status}" if status < 0 else f"status {status}"
    return UnreadableError(
        "corrupt",
        f"it is damaged, or takes more than {limits.memory_bytes >> 20} MiB to read (its reader ended with {how})",
        "open it in its program and save it again, or split it",
    )
