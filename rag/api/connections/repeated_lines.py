"""What an attacker can have logged again and again stands in the log once a minute, with how often it was."""

import logging
import time
from collections.abc import Callable

EVERY_S = 60.0


class RepeatedLines(logging.Filter):
    """Lets a warning through once in EVERY_S, by its text before values are put in; the next one says how many were left out.

    Errors always pass: they have tracebacks that differ.

    Args:
        clock: seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._written: dict[tuple[str, object], float] = {}
        self._left_out: dict[tuple[str, object], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the line is to be written."""
        if record.levelno != logging.WARNING:
            return True
        key, now = (record.name, record.msg), self._clock()
        if now - self._written.get(key, -EVERY_S) < EVERY_S:
            self._left_out[key] = self._left_out.get(key, 0) + 1
            return False
        self._written[key] = now
        if left_out := self._left_out.pop(key, 0):
            record.msg = f"{record.getMessage()} ({left_out} more since the line like this)"
            record.args = ()
        return True


repeated_lines = RepeatedLines()
REPEATING = ("uvicorn.error", "rag.api.connections.acceptor")


def leave_out_repeated_lines() -> None:
    """Have the loggers that attackers can make talk write each line once a minute."""
    for name in REPEATING:
        logging.getLogger(name).addFilter(repeated_lines)
