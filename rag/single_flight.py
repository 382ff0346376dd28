"""A cache of slow work in which equal work runs once at a time (single flight), however many ask for it meanwhile.

Many readers ask the same question, and some at the same moment. A cache belongs to one answerer, so it goes with the
generation of the index that its results were found in.
"""

import functools
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

import anyio
import anyio.to_thread
from anyio.lowlevel import RunVar

T = TypeVar("T")
R = TypeVar("R")
SEARCHES = 4
"""Questions that are looked into at a time."""
_searching: RunVar[anyio.CapacityLimiter] = RunVar("_searching")
"""A limiter belongs to its event loop, and a process may have several (rag.engine)."""
MAX_RESULTS = 256
"""Of questions; with the articles of their passages mostly shared, some 100 kB each."""


class SingleFlightCache(Generic[T]):
    """Keeps the results of slow work on the CPU by their keys, the least lately asked for leaving first.

    Who gets a result must not change it: others have it, too.

    Args:
        max_results: at most so many are kept.
    """

    def __init__(self, max_results: int = MAX_RESULTS) -> None:
        self._max_results = max_results
        self._results: OrderedDict[Hashable, T] = OrderedDict()
        self._running: dict[Hashable, anyio.Event] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Results that are kept."""
        return len(self._results)

    async def get(self, key: Hashable, work: Callable[[], T]) -> T:
        """Return the result for the key: kept, of whoever is at it now, or of `work`, which runs in a thread.

        Who is cancelled meanwhile leaves what the thread has begun to those who wait; what `work` raises is raised to its
        caller only, and the next one tries again.
        """
        while (kept := self._kept(key)) is None:
            running = self._running.get(key)
            if running is None:
                return await self._run(key, work)
            await running.wait()
        return kept[0]

    def get_here(self, key: Hashable, work: Callable[[], T]) -> T:
        """Return the result for the key: kept, or of `work`, which runs in this thread, whoever else is at it."""
        kept = self._kept(key)
        return kept[0] if kept else self._keep(key, work())

    def _kept(self, key: Hashable) -> tuple[T] | None:
        with self._lock:
            if key not in self._results:
                return None
            self._results.move_to_end(key)
            return (self._results[key],)

    def _keep(self, key: Hashable, result: T) -> T:
        with self._lock:
            self._results[key] = result
            if len(self._results) > self._max_results:
                self._results.popitem(last=False)
        return result

    async def _run(self, key: Hashable, work: Callable[[], T]) -> T:
        done = self._running[key] = anyio.Event()
        try:
            return self._keep(key, await search_in_thread(work))
        finally:
            del self._running[key]
            done.set()


async def search_in_thread(work: Callable[..., R], *arguments: Any) -> R:
    """Run what is looked for to answer a question off the event loop, of few questions at a time, in the order of their coming.

    Forty threads at once would each get a fortieth of the interpreter, and the event loop no more: the first ones would wait for
    the last.
    """
    try:
        limiter = _searching.get()
    except LookupError:
        limiter = anyio.CapacityLimiter(SEARCHES)
        _searching.set(limiter)
    return await anyio.to_thread.run_sync(functools.partial(work, *arguments), limiter=limiter)
