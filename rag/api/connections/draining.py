"""Between the signal to stop and the end: what was begun is finished, and nothing new is begun."""

import asyncio
import multiprocessing
import signal
import threading
from collections.abc import Callable
from types import FrameType

from rag.api.connections.ending import end_at_once

CLOSING_S = 2.0
"""Before the time of what was begun is over: enough to send an event, after which the server cuts what is still connected."""


class Draining:
    """Whether the service has been told to stop, known from the moment of the signal on.

    Attributes:
        has_begun: /ready says so, questions are refused, and connections end with their next response.
    """

    def __init__(self) -> None:
        self.has_begun = False

    def on_signals(self, seconds: float, close: Callable[[], None]) -> None:
        """Begin with the first SIGTERM or SIGINT; the second one ends this process at once.

        The server's own handler runs, too: it waits for what was begun. A server that runs in another thread than the main
        one, as in tests, gets no signals and is left alone. One of several workers leaves Ctrl-C, which reaches all
        processes of a terminal, to the process that started it.

        Args:
            seconds: that requests may go on after the signal.
            close: called once they have had most of them; ends what is still open.
        """
        if threading.current_thread() is not threading.main_thread():
            return
        loop = asyncio.get_running_loop()
        delay_s = max(0.0, seconds - CLOSING_S)
        numbers = [signal.SIGTERM, signal.SIGINT]
        if multiprocessing.parent_process():
            signal.signal(numbers.pop(), signal.SIG_IGN)
        for number in numbers:
            before = signal.getsignal(number)

            def handle(signum: int, frame: FrameType | None, before: object = before) -> None:
                if self.has_begun:
                    end_at_once(signum)
                self.has_begun = True
                loop.call_soon_threadsafe(loop.call_later, delay_s, close)
                if callable(before):
                    before(signum, frame)

            signal.signal(number, handle)
