"""How much anyone may ask for: requests a minute, bytes of a body and the time to send them.

Each process counts for itself: with n workers, n times as much gets through.
"""

import asyncio
import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable

from litestar.exceptions import HTTPException, TooManyRequestsException
from litestar.types import HTTPReceiveMessage, Receive

from rag.network import parse_address

WINDOW_S = 60.0
BODY_TIMEOUT_S = 20.0
"""Time for a body to arrive, besides what it takes at MIN_BODY_RATE."""
MIN_BODY_RATE = 50_000
"""Bytes a second: a document of 20 MB has seven minutes, a body that drips has BODY_TIMEOUT_S."""
CLOSING = {"Connection": "close"}
"""Of a response to a request whose body is not read."""
IPV6_SITE_BITS = 64
"""What one IPv6 client has to itself, so that it cannot take a new address for each request (RFC 6177)."""


class RateLimiter:
    """Requests within the last minute by caller: exactly, as the times of those let through.

    What was let through longer than a minute ago is forgotten, and with it callers that have stopped, so memory is
    bounded by the requests of one minute. Callers stand in order of their last one: only the first are ever looked at.

    Args:
        limit: requests within any WINDOW_S; 0: any number.
        clock: seconds.
    """

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._clock = clock
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def __len__(self) -> int:
        """Callers that are remembered."""
        return len(self._times)

    def take(self, caller: str) -> None:
        """Count one request.

        Raises:
            TooManyRequestsException: the caller has had as many as allowed; Retry-After says when the next one is free.
        """
        if not self._limit:
            return
        now = self._clock()
        self._forget(now - WINDOW_S)
        times = self._times.setdefault(caller, deque())
        while times and times[0] <= now - WINDOW_S:
            times.popleft()
        if len(times) >= self._limit:
            wait_s = max(1, math.ceil(times[0] + WINDOW_S - now))
            raise TooManyRequestsException(
                f"more than {self._limit} requests within a minute: wait {wait_s} s",
                headers={"Retry-After": str(wait_s)},
            )
        times.append(now)
        self._times.move_to_end(caller)

    def _forget(self, before: float) -> None:
        while self._times and next(iter(self._times.values()))[-1] <= before:
            self._times.popitem(last=False)


def rate_key(address: str) -> str:
    """What of an address is counted: all of an IPv4 address, the network of an IPv6 one."""
    known = parse_address(address)
    if known is None or known.version == 4:
        return address
    return (known.packed[: IPV6_SITE_BITS // 8]).hex()


def check_declared(length: bytes, max_bytes: int) -> None:
    """Refuse a body by its Content-Length, before a byte of it was read.

    Raises:
        HTTPException: 413.
    """
    if length.isdigit() and int(length[:20]) > max_bytes:
        raise _too_large(max_bytes)


def limit_body(
    receive: Receive, max_bytes: int, on_whole: Callable[[], None], timeout_s: float = BODY_TIMEOUT_S
) -> Receive:
    """Return a `receive` that gives a body up when it is too large or comes too slowly.

    Args:
        on_whole: called once, when all of the body is there; what it raises reaches the route.
        timeout_s: from now; more by MIN_BODY_RATE for what has come.
    Returns:
        a `receive` that raises HTTPException, 413 or 408, within the route that reads the body.
    """
    deadline = asyncio.get_running_loop().time() + timeout_s
    size = 0
    is_whole = False

    async def receive_bounded() -> HTTPReceiveMessage:
        nonlocal size, is_whole
        if is_whole:
            return await receive()  # type: ignore[return-value]  # a client that leaves
        try:
            async with asyncio.timeout_at(deadline + size / MIN_BODY_RATE):
                message = await receive()
        except TimeoutError as error:
            raise HTTPException(
                status_code=408,
                detail=f"the body did not arrive within {timeout_s:g} s, nor {MIN_BODY_RATE} bytes of it a second: send it again",
                headers=CLOSING,
            ) from error
        if message["type"] == "http.request":
            size += len(message["body"])
            if size > max_bytes:
                raise _too_large(max_bytes)
            if not message.get("more_body"):
                is_whole = True
                on_whole()
        return message  # type: ignore[return-value]

    return receive_bounded


def _too_large(max_bytes: int) -> HTTPException:
    return HTTPException(
        status_code=413, detail=f"the body is larger than {max_bytes} bytes: send less", headers=CLOSING
    )
