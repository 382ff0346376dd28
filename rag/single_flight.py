"""A cache of slow work in which equal work runs once at a time (single flight), however many ask for it meanwhile.

Many readers ask the same question, and some at the same moment. A cache belongs to one answerer, so it goes with the
generation of the index that its results were found in.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

import anyio
import anyio.to_thread

T = TypeVar("T")
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

    def __len__(self) -> int:
        """Results that are kept."""
        return len(self._results)

    async def get(self, key: Hashable, work: Callable[[], T]) -> T:
        """Return the result for the key: kept, of whoever is at it now, or of `work`, which runs in a thread.

        Who is cancelled meanwhile leaves what the thread has begun to those who wait; what `work` raises is raised to its
        caller only, and the next one tries again.
        """
        while key not in self._results:
            running = self._running.get(key)
            if running is None:
                return await self._run(key, work)
            await running.wait()
        self._results.move_to_end(key)
        return self._results[key]

    async def _run(self, key: Hashable, work: Callable[[], T]) -> T:
        done = self._running[key] = anyio.Event()
        try:
            result = await anyio.to_thread.run_sync(work)
            self._results[key] = result
            if len(self._results) > self._max_results:
                self._results.popitem(last=False)
            return result
        finally:
            del self._running[key]
            done.set()
