"""Whether an LLM is asked at all: after failures in a row it is not, until it has answered a trial (circuit breaker). Pure.

        MAX_FAILURES in a row within the window
closed ─────────────────────────────────────────► open
  ▲                                                │ a trial now and then, which costs no question its time
  └───────────────── it is answered ───────────────┘
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from rag.errors import ChatModelError, FallbackReason

MAX_FAILURES = 5
FAILURES_WITHIN_S = 20.0
OUTAGES: frozenset[FallbackReason] = frozenset({"unreachable", "timeout", "rate_limited", "server_error"})
"""Failures that the next question would meet as well, and would wait for. A refused key or a bad reply comes at once: the
first is for the operator to mend, the second may be due to the one question."""


@dataclass(frozen=True, slots=True)
class Outage:
    """Why an LLM is not asked.

    Args:
        error: of the last request.
        since: seconds of the breaker's clock.
    """

    error: ChatModelError
    since: float


class CircuitBreaker:
    """Counts how requests to one LLM end.

    A request is told by the period that it was begun in: what was begun before the breaker opened or closed says nothing of
    the time after.

    Args:
        window_s: so long ago a failure counts for nothing.
        clock: seconds.

    Attributes:
        outage: None while the LLM may be asked.
    """

    def __init__(self, window_s: float = FAILURES_WITHIN_S, clock: Callable[[], float] = monotonic) -> None:
        self.outage: Outage | None = None
        self._window_s = window_s
        self._clock = clock
        self._failures: deque[float] = deque(maxlen=MAX_FAILURES)
        self._period = 0

    def begin(self) -> int:
        """Return the period of a request that is begun now.

        Raises:
            ChatModelError: the LLM is not to be asked; for the reason that it failed last.
        """
        if self.outage:
            error = self.outage.error
            raise ChatModelError(error.reason, f"the LLM is not asked while it fails: {error}")
        return self._period

    def succeeded(self, period: int) -> None:
        """A request was answered: failures before it are forgotten."""
        if period == self._period:
            self._failures.clear()

    def failed(self, period: int, error: ChatModelError) -> bool:
        """A request has met an outage. Return whether this one was too many, and no other is to be begun."""
        if period != self._period:
            return False
        now = self._clock()
        self._failures.append(now)
        if len(self._failures) < MAX_FAILURES or now - self._failures[0] > self._window_s:
            return False
        self.outage = Outage(error, now)
        self._turn()
        return True

    def recovered(self) -> float:
        """A trial was answered: the LLM may be asked. Return the seconds that it was not."""
        outage, self.outage = self.outage, None
        self._turn()
        return self._clock() - outage.since if outage else 0.0

    def _turn(self) -> None:
        self._failures.clear()
        self._period += 1
