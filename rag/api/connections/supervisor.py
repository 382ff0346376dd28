"""Several processes that serve, which stop together when the one that started them is told to."""

import os
import signal
from types import FrameType

from uvicorn.supervisors import Multiprocess

from rag.api.connections.ending import end_at_once


class Supervisor(Multiprocess):
    """uvicorn's parent of worker processes, which passes a signal to stop on at once rather than within half a second.

    A second signal ends all of them at once.
    """

    def init_processes(self) -> None:
        """Start the workers."""
        self._told: set[int] = set()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        super().init_processes()

    def terminate_all(self) -> None:
        """Tell the workers to stop, each of them once: a second time would end it."""
        for process in self.processes:
            pid = process.pid
            if pid is not None and pid not in self._told and process.exitcode is None:
                self._told.add(pid)
                os.kill(pid, signal.SIGTERM)

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        if self.should_exit.is_set():
            end_at_once(number)
        self.should_exit.set()
        self.terminate_all()
