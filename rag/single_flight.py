"""What was found for the last questions: many readers ask the same, and some at the same moment.

A question is worked on once, however many ask it meanwhile; those that come later are answered from what was found. It
belongs to one answerer, so it goes with the generation of the index that it was found in.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

import anyio
import anyio.to_thread

T = TypeVar("T")
KEPT = 256
"""Questions; with the articles of their passages mostly shared, some 100 kB each."""


class Recall(Generic[T]):
    """Keeps the results of slow work on the CPU by their keys, the least lately asked for leaving first.

    Who gets a result must not change it: others have it, too.

    Args:
        kept: results at most.
    """

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._results: OrderedDict[Hashable, T] = OrderedDict()
        self._running: dict[Hashable, anyio.Event] = {}

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
            if len(self._results) > self._kept:
                self._results.popitem(last=False)
            return result
        finally:
            del self._running[key]
            done.set()
