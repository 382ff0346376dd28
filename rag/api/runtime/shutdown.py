"""SIGTERM → streams that are still open near the end of the time that they have close with an error event."""

import asyncio
import signal
import threading
from collections.abc import Callable
from types import FrameType

CLOSING_S = 2.0
"""Before that time is over: enough to send the event, after which the server cuts what is still connected."""


def call_before_shutdown_ends(seconds: float, close: Callable[[], None]) -> None:
    """Have `close` called once the server is told to stop and its open requests have had most of their time.

    The server's own handler runs as before: it stops accepting, and waits. A server that runs in another thread than
    the main one, as in tests, gets no signals and is left alone.

    Args:
        seconds: that requests may go on after the signal.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    delay_s = max(0.0, seconds - CLOSING_S)
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)
        if not callable(before):
            continue

        def handle(
            signum: int, frame: FrameType | None, before: Callable[[int, FrameType | None], object] = before
        ) -> None:
            loop.call_soon_threadsafe(loop.call_later, delay_s, close)
            before(signum, frame)

        signal.signal(number, handle)
