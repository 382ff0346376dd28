"""Whose statement is judged next: that of the answer of which the least was judged so far, so that no reader waits for another's.

A statement takes a tenth of a second at most times; between two of them another answer may come first. An answer of a hundred
statements waits for one of three, never the other way round (least attained service: Kleinrock, Queueing Systems II, 1976).
"""

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread
from anyio.lowlevel import RunVar

T = TypeVar("T")


class Turns:
    """Lets one piece of work at a time into a thread: more threads would only wait for each other's lock."""

    def __init__(self) -> None:
        self._limiter = anyio.CapacityLimiter(1)
        self._waiting: list[tuple[float, int, float, asyncio.Future[None]]] = []
        self._numbers = itertools.count()
        self._is_taken = False

    def delay_s(self) -> float:
        """How long who has waited longest has waited."""
        now = time.monotonic()
        return max((now - since for _used, _number, since, turn in self._waiting if not turn.done()), default=0.0)

    async def take(self, used_s: float, work: Callable[[], T]) -> T:
        """Return what the work returns, done in a thread, after all that waits and has used less; the first of equals first.

        Args:
            used_s: seconds of CPU that whoever asks has had.
        """
        if self._is_taken:
            await self._wait(used_s)
        self._is_taken = True
        try:
            return await anyio.to_thread.run_sync(work, limiter=self._limiter)
        finally:
            self._pass_on()

    async def _wait(self, used_s: float) -> None:
        turn = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (used_s, next(self._numbers), time.monotonic(), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # it was given the turn, and then cancelled
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        """Give the turn to the next one that still waits; it stays taken meanwhile."""
        while self._waiting:
            turn = heapq.heappop(self._waiting)[-1]
            if not turn.done():
                turn.set_result(None)
                return
        self._is_taken = False


_turns: RunVar[Turns] = RunVar("turns")


def turns_here() -> Turns:
    """Return those of this event loop, to which they belong: a process may have several (rag.engine)."""
    try:
        return _turns.get()
    except LookupError:
        turns = Turns()
        _turns.set(turns)
        return turns
