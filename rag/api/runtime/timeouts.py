"""The server's side of one connection, with an end to its patience.

uvicorn waits without end for headers, for the rest of a body whose request was answered, and for a client to read:
each costs a socket, and a stream that nobody reads an LLM's too. (A body that a route waits for has a deadline of its
own, which can still be answered: rag/api/security/limits.py.)
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE_S = 30.0
"""For a whole head to arrive, and for a client to read what was sent."""


class PatientProtocol(H11Protocol):
    """uvicorn's protocol, which closes connections that stand still. Door to uvicorn's protocol classes."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._waiting_for_head: asyncio.TimerHandle | None = None
        self._waiting_for_reader: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first head."""
        super().connection_made(transport)
        self._waiting_for_head = self.loop.call_later(PATIENCE_S, transport.abort)

    def data_received(self, data: bytes) -> None:
        """Take what came; wait for the rest of a head, unless a request is being served."""
        super().data_received(data)
        is_serving = self.cycle is not None and not self.cycle.response_complete
        if is_serving and self._waiting_for_head:
            self._waiting_for_head.cancel()
            self._waiting_for_head = None
        elif not is_serving and not self._waiting_for_head:
            self._waiting_for_head = self.loop.call_later(PATIENCE_S, self.transport.abort)

    def pause_writing(self) -> None:
        """Wait for the client to read."""
        super().pause_writing()
        self._waiting_for_reader = self.loop.call_later(PATIENCE_S, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on."""
        super().resume_writing()
        self._stop(self._waiting_for_reader)

    def connection_lost(self, exc: Exception | None) -> None:
        """End the waiting with the connection."""
        self._stop(self._waiting_for_head)
        self._stop(self._waiting_for_reader)
        super().connection_lost(exc)

    def _stop(self, timer: asyncio.TimerHandle | None) -> None:
        if timer:
            timer.cancel()
