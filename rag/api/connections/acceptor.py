"""The event loop of a process that serves: how its listeners take connections.

asyncio's own way of accepting would take as many at once as may wait, whatever becomes of them, and where descriptors run out
it logs each failed attempt of them; it also leaves whoever comes while the service stops without any answer.
"""

import asyncio
import logging
import socket
from collections.abc import Callable
from typing import Any

from rag.api.connections.ending import end_with_parent

log = logging.getLogger(__name__)
ACCEPTS_A_TURN = 8
"""Connections taken in one turn of the event loop: those of several processes share a burst."""
SEND_BUFFER_BYTES = 128 * 1024
"""Of the system for one connection: what a client that asks and asks and never reads is sent before it has to. Linux would let
it grow to megabytes. Enough for any page here, and for 2.5 MB/s to a client 50 ms away."""
PAUSE_S = 0.5
"""Before another attempt when none could be taken, for want of descriptors or memory."""


class Acceptor:
    """Takes connections of listening sockets, a few in each turn of the event loop; what uvicorn knows of an asyncio.Server.

    After `close`, which is how a server begins to stop, it goes on until `wait_closed`: uvicorn awaits that when all it was
    at work for is finished, and until then whoever comes can be told that the service stops.

    Args:
        server: bound, and not serving; its sockets are duplicated, since uvicorn closes those it was given.
        make_protocol: for each connection.
        backlog: connections that may wait to be taken.
    """

    def __init__(self, server: asyncio.Server, make_protocol: Callable[[], asyncio.BaseProtocol], backlog: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._make_protocol = make_protocol
        self._server = server
        self.sockets = server.sockets
        self._listeners = [listener.dup() for listener in server.sockets]
        self._beginning: set[asyncio.Task[None]] = set()
        for listener in self._listeners:
            listener.setblocking(False)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)  # those accepted have it, too
            listener.listen(backlog)
            self._loop.add_reader(listener, self._accept, listener)

    def close(self) -> None:
        """Let go of the sockets that were given; those who come are served still."""
        self._server.close()

    async def wait_closed(self) -> None:
        """Take no connection any more."""
        self.stop()

    def stop(self) -> None:
        """Close the listening sockets."""
        for listener in self._listeners:
            self._loop.remove_reader(listener)
            listener.close()
        self._listeners.clear()

    def _accept(self, listener: socket.socket) -> None:
        for _ in range(ACCEPTS_A_TURN):
            try:
                connection, _address = listener.accept()
            except (BlockingIOError, InterruptedError):
                return
            except ConnectionAbortedError:  # the client has left already
                continue
            except OSError as error:
                log.warning("no connection can be accepted: %s; trying again every %s s", error.strerror, PAUSE_S)
                self._loop.remove_reader(listener)
                self._loop.call_later(PAUSE_S, self._go_on, listener)
                return
            task = self._loop.create_task(self._begin(connection))
            self._beginning.add(task)
            task.add_done_callback(self._beginning.discard)

    def _go_on(self, listener: socket.socket) -> None:
        if listener in self._listeners:
            self._loop.add_reader(listener, self._accept, listener)

    async def _begin(self, connection: socket.socket) -> None:
        try:
            await self._loop.connect_accepted_socket(self._make_protocol, connection)
        except OSError:
            connection.close()


class ServingLoop(asyncio.SelectorEventLoop):
    """An event loop whose servers are Acceptors."""

    def __init__(self) -> None:
        super().__init__()
        self._acceptors: list[Acceptor] = []

    async def create_server(self, protocol_factory: Any, *places: Any, backlog: int = 100, **options: Any) -> Any:
        """See asyncio; TLS is a proxy's business."""
        server = await super().create_server(
            protocol_factory, *places, **options | {"start_serving": False}, backlog=backlog
        )
        acceptor = Acceptor(server, protocol_factory, backlog)
        self._acceptors.append(acceptor)
        return acceptor

    def close(self) -> None:
        """End, also where a server was not waited for."""
        for acceptor in self._acceptors:
            acceptor.stop()
        self._acceptors.clear()
        super().close()


def event_loop() -> ServingLoop:
    """Return the event loop of a process that serves, as uvicorn's `loop` setting names it.

    uvicorn asks for it before it loads anything else of the service: from then on no worker outlives its parent.
    """
    end_with_parent()
    return ServingLoop()
