"""The server's side of one connection: who may have one, how long it may stand still, how it ends.

uvicorn waits without end for headers, no longer than clients do for the next request, without end for the rest of a body whose request was answered, and for a client to read: each costs
a socket, and a stream that nobody reads an LLM's too. (A body that a route waits for has a deadline of its own, which can
still be answered: rag/api/security/limits.py.) And it closes at once where it has said why: a system that has bytes of the
client unread then resets the connection, and the client never sees the reason.
"""

import asyncio
import uuid
from typing import Any, ClassVar

import h11
import msgspec
from litestar.exceptions import HTTPException
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from rag.api.connections.observer import OBSERVER
from rag.api.connections.register import REGISTER, ConnectionRegister
from rag.api.connections.strict import StrictConnection
from rag.api.problems import problem_of
from rag.api.security.admission import BUSY_RETRY_S
from rag.api.security.limits import MIN_BODY_RATE

TIMEOUT_S = 20.0
"""For a whole head to arrive, and for a client to read what was sent."""
KEEP_ALIVE_S = 75
"""For the next request on a connection. A client that sends one just when its server lets go of it gets a reset, and a
proxy's reader a 502: so the server must be the more patient. Clients wait 5 (httpx) to 60 s (nginx's keepalive_timeout)."""
LINGER_S = 5.0
"""For a client that has been answered already to stop sending; more by MIN_BODY_RATE while it does send."""
MAX_LINGER_BYTES = 100_000_000
"""Of a body that is not wanted: read and thrown away, so that its sender gets to read why."""


class ServiceProtocol(H11Protocol):
    """uvicorn's protocol, strict and with an end to everything. The only importer of uvicorn's protocol classes.

    Its connections are told to the register that the application has put into its state (ASGI's lifespan state).

    Attributes:
        is_ending: whether nothing more is sent to the client, nor read of what it sends.
        timeout_s: seconds until a connection that stands still within a request is closed; a subclass may have others.
        keep_alive_s: seconds until one is closed on which no other request comes.
    """

    timeout_s: ClassVar[float] = TIMEOUT_S
    keep_alive_s: ClassVar[int] = KEEP_ALIVE_S

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, {**app_state, OBSERVER: self}, _loop)
        self.timeout_keep_alive = self.keep_alive_s
        self.conn = StrictConnection(h11.SERVER)
        self._register: ConnectionRegister = app_state[REGISTER]
        self._requests = 0
        self._lingering_since = 0.0
        self._lingered_bytes = 0
        self.is_ending = False
        self._timers: dict[str, asyncio.TimerHandle] = {}

    # ---- for the register

    @property
    def address(self) -> str:
        """The peer's address, without port."""
        return self.client[0] if self.client else ""

    @property
    def waits_for_client(self) -> bool:
        """Whether no request is being served, its body is not whole, or the client does not read the response."""
        return not self._requests or self.conn.their_state is h11.SEND_BODY or self.flow.write_paused

    def abort(self) -> None:
        """Close at once."""
        self._connection.abort()

    # ---- asyncio.Protocol

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first head, if there is room for one more connection."""
        self._connection = transport
        self._gently_closing = _GentlyClosing(transport, self)
        super().connection_made(self._gently_closing)
        if not self._register.admit(self):
            self._say(503, "too many connections are open: try again shortly")
            return
        self._wait("head", self.timeout_s)

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        if self.is_ending:
            self._throw_away(len(data))
            return
        self._register.heard_of(self)
        if not self._requests and "head" not in self._timers:
            self._wait("head", self.timeout_s)
        super().data_received(data)

    def request_began(self) -> None:
        """Wait for no head while a request is being served."""
        self._requests += 1
        self._stop_waiting("head")

    def request_ended(self) -> None:
        """Wait for the rest of a body that nobody has read; uvicorn waits for the next request, and says when it ends."""
        self._requests -= 1
        if not self._requests and not self.transport.is_closing():
            self._register.heard_of(self)
            if self.conn.their_state is h11.SEND_BODY:
                self._wait("head", self.timeout_s)

    def pause_writing(self) -> None:
        """Wait for the client to read."""
        super().pause_writing()
        self._wait("reader", self.timeout_s)

    def resume_writing(self) -> None:
        """Go on."""
        super().resume_writing()
        self._stop_waiting("reader")

    def connection_lost(self, exc: Exception | None) -> None:
        """End the waiting with the connection."""
        self.is_ending = True
        for reason in list(self._timers):
            self._stop_waiting(reason)
        self._register.remove(self)
        super().connection_lost(exc)
        self._gently_closing.protocol = None
        self.app_state.clear()

    # ---- how it ends

    def shutdown(self) -> None:
        """Close when the request that is being served is over; called when the server begins to stop."""
        if not self.is_ending:
            super().shutdown()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 (uvicorn's words)
        """Say that what came is no request, unless it would stand within a response; nothing more is read."""
        if self.conn.our_state is h11.SEND_BODY:
            self.abort()
            return
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self._say(400, "this is no HTTP request that could be read: see RFC 9112")
        else:
            self._linger()
        if self.cycle and not self.cycle.response_complete:  # whoever waits for its body need not
            self.cycle.disconnected = True
            self.cycle.message_event.set()

    def end(self) -> None:
        """Close once what was written is sent, and the client has stopped sending what nobody will read."""
        if self.is_ending:
            return
        if self.conn.their_state in (h11.SEND_BODY, h11.ERROR):
            self._linger()
        else:
            self.is_ending = True
            self._connection.close()

    def _say(self, status: int, message: str) -> None:
        """Send a whole response of the contract's shape, and end the connection."""
        status, body = problem_of(HTTPException(status_code=status, detail=message))
        content = msgspec.json.encode(body)
        headers = {
            "Content-Type": "application/json",
            "Content-Length": len(content),
            "X-Request-ID": uuid.uuid4().hex,
            "Connection": "close",
        }
        if status == 503:
            headers["Retry-After"] = BUSY_RETRY_S
        lines = [f"HTTP/1.1 {status} ", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        self._connection.write("\r\n".join(lines).encode() + content)
        self._linger()

    def _linger(self) -> None:
        """Send no more, and throw away what comes until the client ends or its time is over (RFC 9112, section 9.6)."""
        self.is_ending = True
        self._lingering_since = asyncio.get_running_loop().time()
        self._stop_waiting("head")
        self._wait("end", LINGER_S)
        self._connection.resume_reading()
        self._connection.write_eof()

    def _throw_away(self, size: int) -> None:
        self._lingered_bytes += size
        spent_s = asyncio.get_running_loop().time() - self._lingering_since
        left_s = LINGER_S + self._lingered_bytes / MIN_BODY_RATE - spent_s
        if self._lingered_bytes > MAX_LINGER_BYTES:
            self.abort()
        else:
            self._wait("end", min(left_s, LINGER_S))

    def _wait(self, reason: str, seconds: float) -> None:
        """Close the connection in so many seconds, unless what it waits for comes."""
        self._stop_waiting(reason)
        self._timers[reason] = asyncio.get_running_loop().call_later(seconds, self._connection.abort)

    def _stop_waiting(self, reason: str) -> None:
        if timer := self._timers.pop(reason, None):
            timer.cancel()


class _GentlyClosing(asyncio.Transport):
    """A transport as uvicorn sees it: closing it leaves to the protocol when the connection is to be closed.

    Attributes:
        protocol: None once the connection is lost.
    """

    def __init__(self, transport: asyncio.Transport, protocol: ServiceProtocol) -> None:
        super().__init__()
        self._transport = transport
        self.protocol: ServiceProtocol | None = protocol

    def close(self) -> None:
        if self.protocol:
            self.protocol.end()

    def is_closing(self) -> bool:
        return self.protocol is None or self.protocol.is_ending or self._transport.is_closing()

    def write(self, data: Any) -> None:
        if self.protocol and not self.protocol.is_ending:
            self._transport.write(data)

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._transport.get_extra_info(name, default)

    def pause_reading(self) -> None:
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        self._transport.resume_reading()
