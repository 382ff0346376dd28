"""Scanned pages → what is recognised on them, kept in a folder: several at a time, each in a process under limits.

pages of files ─► threads ─► recognising_process ×n, as many as memory has room for ─► folder ─► readers

The memory that is free when a build begins says how many they are.
"""

import os
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import msgspec

from index.build.bounded_process import TOO_LONG, BoundedProcess, BoundedProcesses
from index.build.recognising_process import FOUND, PageLimits, PageRequest, RecognisedContent
from index.read import SourceFile
from index.read.ocr.kept_pages import keep

MAX_RECOGNISERS: Final = 8
RECOGNISER_BYTES: Final = 1280 << 20  # what each may come to: 250 MiB for the engine, and RECOGNISING_BYTES
FREE_SHARE: Final = 0.75  # of the free memory, that they may take together
_UNLIMITED: Final = 1 << 60

PagesDone = Callable[[int, int], None]
"""Called with how many pages are recognised, and how many are to be, as far as is known."""


class Recognisers:
    """Threads that each have a page recognised by a process; a process is started when one is needed.

    Args:
        folder: where the pages are kept; None for one of their own, removed in the end.
        report: told how far they are.
    """

    def __init__(self, folder: Path | None, report: PagesDone | None = None, limits: PageLimits | None = None) -> None:
        self._own = None if folder else tempfile.TemporaryDirectory(prefix="wenju-")
        self.folder = folder or Path(self._own.name if self._own else "")
        self._report = report or (lambda _done, _total: None)
        self._limits = limits or PageLimits()
        self._threads = ThreadPoolExecutor(recognisers_at_once(), "recogniser")
        self._lock = threading.Lock()
        self._processes = BoundedProcesses(
            lambda: BoundedProcess("index.build.recognising_process", self._limits.memory_bytes)
        )
        self._done = self._total = 0

    def recognise(self, file: SourceFile, pages: Sequence[int]) -> dict[int, str]:
        """Have pages recognised, and return of each that could not be why."""
        self._count(0, len(pages))
        found = [(page, self._threads.submit(self._page, file, page)) for page in pages]
        return {page: problem for page, future in found if (problem := future.result())}

    def close(self) -> None:
        """End all of it now."""
        self._processes.stop()
        self._threads.shutdown(cancel_futures=True)
        self._processes.end()
        if self._own:
            self._own.cleanup()

    def _count(self, done: int, asked: int) -> None:
        with self._lock:
            self._done += done
            self._total += asked
            self._report(self._done, self._total)

    def _page(self, file: SourceFile, page: int) -> str:
        try:
            return self._recognised(file, page)
        finally:
            self._count(1, 0)

    def _recognised(self, file: SourceFile, page: int) -> str:
        try:
            process = self._processes.take()
        except EOFError:
            return "it was stopped"
        try:
            process.ask(PageRequest(os.fsencode(file.path), page, self._limits))
            kind, body = process.reply()
        except EOFError:
            return self._problem(process.end())
        self._processes.give_back(process)
        if kind != FOUND:
            return body.decode()
        read = msgspec.json.decode(body, type=RecognisedContent)
        try:
            keep(self.folder, read.digest, page, bytes(read.content))
        except OSError as error:
            return f"it could not be kept in {self.folder}: {error.strerror or error}; make room, and index again"
        return ""

    def _problem(self, status: int) -> str:
        if status in TOO_LONG:
            return f"recognising it takes more than {self._limits.cpu_s} s; scan it at 300 dpi or less"
        how = f"signal {-status}" if status < 0 else f"status {status}"
        return f"it takes more than {self._limits.memory_bytes >> 20} MiB to recognise, or is damaged ({how})"


def recognisers_at_once() -> int:
    """Return how many pages are recognised at a time: one for each processor, as far as the free memory goes."""
    by_memory = int(FREE_SHARE * _free_bytes() / RECOGNISER_BYTES)
    return max(1, min(os.cpu_count() or 1, by_memory, MAX_RECOGNISERS))


def _free_bytes() -> int:
    """Return the memory that is free, for this machine or the container that this runs in; of other systems nothing is known."""
    free = _UNLIMITED
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        free = next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable"))
        group = Path("/sys/fs/cgroup")
        free = min(free, int((group / "memory.max").read_text()) - int((group / "memory.current").read_text()))
    except (OSError, ValueError, StopIteration):
        pass  # no container, or one without a limit ("max")
    return free
