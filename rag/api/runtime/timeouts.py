"""The server's side of one connection, with timeouts for one that stands still.

uvicorn waits without end for headers, for the rest of a body whose request was answered, and for a client to read:
each costs a socket, and a stream that nobody reads an LLM's too. (A body that a route waits for has a deadline of its
own, which can still be answered: rag/api/security/limits.py.)
"""

import asyncio
from typing import Any, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

from rag.api.runtime.connection import connection_observer

TIMEOUT_S = 30.0
"""For a whole head to arrive, and for a client to read what was sent."""


class StalledConnectionProtocol(H11Protocol):
    """uvicorn's protocol, which closes connections that stand still. The only importer of uvicorn's protocol classes.

    It looks at nothing of uvicorn's: the methods are those of asyncio.Protocol, and whether a request is being served
    the application says (rag/api/runtime/connection.py).

    Attributes:
        timeout_s: seconds until a connection is closed; a subclass may have others.
    """

    timeout_s: ClassVar[float] = TIMEOUT_S

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._requests = 0
        self._until_head: asyncio.TimerHandle | None = None
        self._until_read: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first head."""
        super().connection_made(transport)
        self._connection = transport
        self._until_head = self._abort_in_time()

    def data_received(self, data: bytes) -> None:
        """Take what came, so that a request that it completes knows of this connection."""
        token = connection_observer.set(self)
        try:
            super().data_received(data)
        finally:
            connection_observer.reset(token)

    def request_began(self) -> None:
        """Wait for no head while a request is being served."""
        self._requests += 1
        _stop(self._until_head)

    def request_ended(self) -> None:
        """Wait for the next head, or for the rest of a body that nobody has read."""
        self._requests -= 1
        if not self._requests and not self._connection.is_closing():
            self._until_head = self._abort_in_time()

    def pause_writing(self) -> None:
        """Wait for the client to read."""
        super().pause_writing()
        self._until_read = self._abort_in_time()

    def resume_writing(self) -> None:
        """Go on."""
        super().resume_writing()
        _stop(self._until_read)

    def connection_lost(self, exc: Exception | None) -> None:
        """End the waiting with the connection."""
        _stop(self._until_head)
        _stop(self._until_read)
        super().connection_lost(exc)

    def _abort_in_time(self) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(self.timeout_s, self._connection.abort)


def _stop(timer: asyncio.TimerHandle | None) -> None:
    if timer:
        timer.cancel()
