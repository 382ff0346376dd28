"""When an LLM that failed is asked again. The only place that decides it: neither httpx nor a caller retries. Pure but for clocks."""

import random
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic

BACKOFF_S = 0.5  # less up to a quarter as jitter: the OpenAI SDK's first pause
REQUESTS_PER_RETRY = 10
RETRY_EVERY_S = 60.0
RETRIED_STATUSES = frozenset({429, 500, 502, 503, 504, 529})  # 529: "overloaded" at Anthropic and its imitators


class RetryBudget:
    """Keeps retries from burdening an LLM that fails for many: one for every ten requests (retry budget of Finagle and gRPC).

    A bucket of one token, full at first and filled by ten requests, or by a minute: what is asked rarely burdens nobody.

    Args:
        clock: seconds.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._requests = REQUESTS_PER_RETRY
        self._taken_at = clock()

    def request_began(self) -> None:
        """A request that is no retry has begun."""
        self._requests += 1

    def take(self) -> bool:
        """Whether a request may be tried again; it then counts as tried again."""
        now = self._clock()
        if self._requests < REQUESTS_PER_RETRY and now - self._taken_at < RETRY_EVERY_S:
            return False
        self._requests, self._taken_at = 0, now
        return True


def retry_after_s(header: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks for, given as seconds or as a date; None for neither."""
    if header is None:
        return None
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", header.strip()):
        return float(header)
    try:
        date = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (date.replace(tzinfo=date.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def retry_pause_s(asked_s: float | None, backoff_s: float = BACKOFF_S) -> float:
    """Return how long to wait before a request is tried again: never less than asked, and spread by up to a quarter.

    Args:
        asked_s: what the server asked for, None where it did not.
        backoff_s: the pause where nothing was asked for.
    """
    jitter = random.random() / 4  # noqa: S311 - spreads load, guards nothing
    if asked_s is None:
        return backoff_s * (1 - jitter)
    return asked_s + max(asked_s, backoff_s) * jitter
