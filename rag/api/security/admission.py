"""Which questions are let in while others are being answered: those whose answer can be begun in time.

What an answer waits for on this machine is its search: one processor, many questions. So what counts is not how many answers
are being written, most of which wait for an LLM, but how many questions are still searched for, and how long one takes while
others wait. Of the product of both (Little's law) a newcomer is told, rather than left to find out.
"""

import math
import time
from collections.abc import Callable

from litestar.exceptions import HTTPException

CALM_S = 1.0
"""What a question may wait where others keep coming."""
MAX_WAIT_S = 10.0
"""What it may wait where many came at once: a class that opens the page together is answered, one by one."""
BURST_S = 1.0
"""For so long those who come may make others wait for more than CALM_S (as CoDel tolerates a queue that soon drains)."""
ALWAYS_ADMITTED = 4
"""Questions that are searched for at a time, whatever each takes (rag.single_flight.SEARCHES)."""
FIRST_GUESS_S = 0.05
"""Processor time of a question, before any was seen."""
SMOOTHING = 1 / 16
MAX_DELAY_S = 1.0
"""How long a statement of an answer that is being written may wait to be verified before nobody else is let in: the reader
of that answer sees it stand still."""
BUSY_RETRY_S = 2
"""When to come back after an answer was refused for too many at a time; most take less."""


class Slot:
    """The place of one answer; whoever takes it gives it back, and says when what it waits for here is over."""

    def __init__(self, slots: "AnswerSlots") -> None:
        self._slots = slots
        self._is_searching = True

    def found(self) -> None:
        """The search is over; what follows waits for others than this machine."""
        if self._is_searching:
            self._is_searching = False
            self._slots.end_search()

    def give_back(self) -> None:
        """Free it."""
        self.found()
        self._slots.taken -= 1


class AnswerSlots:
    """Answers that are being written; whoever cannot be answered in time is told so at once, rather than left waiting.

    Args:
        limit: at a time.
        delay_s: how long statements wait to be verified.
        clock: seconds.
    """

    def __init__(
        self, limit: int, delay_s: Callable[[], float] = lambda: 0.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = limit
        self._delay_s = delay_s
        self._clock = clock
        self.taken = 0
        self._searching = 0
        self._each_s = FIRST_GUESS_S
        self._last_end = 0.0
        self._crowded_since: float | None = None

    @property
    def wait_s(self) -> float:
        """How long one who comes now will wait for those before him."""
        return self._searching * self._each_s

    def check(self) -> None:
        """Raise HTTPException (503) where none is free, or its answer would begin too late."""
        if self.taken >= self._limit:
            raise _refusal(f"{self._limit} answers are being written, as many as may be at a time", BUSY_RETRY_S)
        if self._delay_s() > MAX_DELAY_S:
            raise _refusal("the answers that are being written wait for each other already", BUSY_RETRY_S)
        wait_s = self.wait_s
        if wait_s <= CALM_S:
            return
        now = self._clock()
        if self._crowded_since is None:
            self._crowded_since = now
        may_wait_s = MAX_WAIT_S if now - self._crowded_since <= BURST_S else CALM_S
        if wait_s > may_wait_s and self._searching >= ALWAYS_ADMITTED:
            raise _refusal(f"{self._searching} questions wait already", math.ceil(wait_s - CALM_S))

    def take(self) -> Slot:
        """Take one; whoever does gives it back.

        Raises:
            HTTPException: see `check`.
        """
        self.check()
        if not self._searching:
            self._last_end = self._clock()
        self.taken += 1
        self._searching += 1
        return Slot(self)

    def end_search(self) -> None:
        """One search is over, after which those that wait have one less before them."""
        now = self._clock()
        self._each_s += (now - self._last_end - self._each_s) * SMOOTHING
        self._last_end = now
        self._searching -= 1
        if not self._searching:  # who comes next may come with many again
            self._crowded_since = None


def _refusal(why: str, retry_s: int) -> HTTPException:
    return HTTPException(
        status_code=503,
        detail=f"{why}: try again in {retry_s} s",
        headers={"Retry-After": str(retry_s)},
    )
