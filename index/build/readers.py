"""Files → what came of them, in the order of the files: small texts are read here, all else in processes under limits.

    files ─┬─ small text ──────────────────────────────────────► articles and rejections, document by document
           └─ parsed, packed, large ─► threads ─► processes ─────▲

The processes are those of `reading_process`.
"""

import contextlib
import os
import queue
import threading
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from index.build.bounded_process import TOO_LONG, BoundedProcess, BoundedProcesses
from index.build.outcomes import FileContents, Outcome, outcomes_of
from index.build.reading_process import ARTICLE, KEPT, REJECTED, SCANS, Limits, Request
from index.build.recognisers import PagesDone, Recognisers
from index.errors import UnreadableError
from index.read import Recognition, SourceFile, UnrecognisedError, form_of, rejected
from index.records import Article, Rejected
from index.store.catalogue import decode_article

MAX_HERE_BYTES: Final = 256 << 10  # of a text: a hundred pages; nothing in it can take long or much memory
MAX_PROCESSES: Final = 4  # each may take MAX_MEMORY_BYTES; what they read is indexed by one process
FILES_AHEAD: Final = 8  # that are read while who asked is busy with one
OUTCOMES_AHEAD: Final = 64  # of each of these
MAX_LOST: Final = 3  # documents of one file over which a process may end; the last one takes with it what follows

_TEXTS: Final = frozenset({"text", "markdown", "json", "jsonl"})
_MANY: Final = frozenset({"json", "jsonl"})  # files of many documents

_Stream = queue.Queue[Outcome | BaseException | None]
"""What comes of a file; None, or what went wrong with us, is the end."""


@dataclass(frozen=True, slots=True)
class Scans:
    """What is done with scanned pages.

    Args:
        folder: where what is recognised on them is kept, for the next reading too; None to keep it for this one only.
        report: told how many pages are recognised, and how many are to be.
    """

    folder: Path | None = None
    report: PagesDone | None = None


def read_contents(
    files: Sequence[SourceFile], limits: Limits | None = None, scans: Scans | None = None
) -> Generator[FileContents, None, None]:
    """Yield what came of each file, in their order; several are read at a time."""
    articles: list[Article] = []
    rejections: list[Rejected] = []
    kept = 0
    for outcome in read_outcomes(files, limits, scans):
        if outcome is None:
            yield FileContents(articles, rejections, kept)
            articles, rejections, kept = [], [], 0
        elif isinstance(outcome, Rejected):
            rejections.append(outcome)
        else:
            kept += 1
            articles += outcome


def read_outcomes(
    files: Sequence[SourceFile], limits: Limits | None = None, scans: Scans | None = None
) -> Generator[Outcome | None, None, None]:
    """Yield what came of each document of the files, in their order, and None at the end of each file.

    A document over the limits is rejected, as too_large or, where its parser ended otherwise, as corrupt; the documents
    after it are read all the same.

    Args:
        limits: of time and memory for one document.
    """
    with _Pool(limits or Limits(), scans or Scans()) as pool:
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

    def __init__(self, limits: Limits, scans: Scans) -> None:
        self._limits = limits
        self._recognisers = Recognisers(scans.folder, scans.report)
        self._threads = ThreadPoolExecutor(min(os.cpu_count() or 1, MAX_PROCESSES), "reader")
        self._processes = BoundedProcesses(lambda: _Process(limits.memory_bytes))
        self._is_closed = threading.Event()

    def __enter__(self) -> "_Pool":
        return self

    def __exit__(self, *_error: object) -> None:
        self._is_closed.set()
        self._processes.stop()
        self._recognisers.close()
        self._threads.shutdown(cancel_futures=True)
        self._processes.end()

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
        done, number = 0, 1
        recognition = Recognition(str(self._recognisers.folder))
        while number <= tries:
            process = self._processes.take()
            try:
                for outcome in process.read(Request(os.fsencode(file.path), file.source, done, limits, recognition)):
                    done += 1
                    yield outcome
            except UnrecognisedError as error:
                self._release(process)
                recognition = self._recognised(file, error.pages, recognition)
                continue
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
            number += 1

    def _recognised(self, file: SourceFile, pages: Sequence[int], before: Recognition) -> Recognition:
        """Have pages of a file recognised; of those that were before, and are asked for again, the file is not the same."""
        problems = {page: "the file changed while it was read; index again" for page in pages if page in before.asked}
        problems |= self._recognisers.recognise(file, [page for page in pages if page not in before.asked])
        return Recognition(before.folder, {**before.problems, **problems}, (*before.asked, *pages))

    def _release(self, process: "_Process") -> None:
        if process.is_grown:
            process.end()
        else:
            self._processes.give_back(process)


class _Process(BoundedProcess):
    """A process of `reading_process`, which reads one file after the other.

    Args:
        memory_bytes: what it may take beyond its own.
    """

    def __init__(self, memory_bytes: int) -> None:
        super().__init__("index.build.reading_process", memory_bytes)
        self.is_grown = False

    def read(self, request: Request) -> Iterator[Outcome]:
        """Yield what comes of a file, document by document.

        Raises:
            EOFError: the process ended over the document that would have come next.
            UnrecognisedError: pages of the file are to be recognised first.
        """
        self.ask(request)
        articles: list[Article] = []
        scans: tuple[int, ...] = ()
        while True:
            kind, body = self.reply()
            if kind == ARTICLE:
                articles.append(decode_article(body))
            elif kind == KEPT:
                yield tuple(articles)
                articles = []
            elif kind == REJECTED:
                yield msgspec.json.decode(body, type=Rejected)
            elif kind == SCANS:
                scans = msgspec.json.decode(body, type=tuple[int, ...])
            else:
                self.is_grown = bool(body)
                break
        if scans:
            raise UnrecognisedError(scans)


def _problem(status: int, limits: Limits) -> UnreadableError:
    """Say why a document is not kept over which a process ended."""
    if status in TOO_LONG:
        limit_s = limits.cpu_s if status == TOO_LONG[0] else limits.wall_s
        return UnreadableError(
            "too_large", f"reading it takes more than {limit_s:.0f} s", "split it, e.g. by issue, or export its text"
        )
    how = f"signal {-status}" if status < 0 else f"status {status}"
    return UnreadableError(
        "corrupt",
        f"it is damaged, or takes more than {limits.memory_bytes >> 20} MiB to read (its reader ended with {how})",
        "open it in its program and save it again, or split it",
    )
