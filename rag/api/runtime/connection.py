"""Request → the connection that it came by, which is told when the request begins and when it has been served.

A server's protocol knows its connection and the application knows its requests; neither shows the other to it (ASGI's scope
has no connection). A context variable joins them: a task takes over the context that it is made in, and the server makes the
task of a request while it reads the request from its connection. (uvicorn's reset_contextvars, which is off unless asked
for, would part them: then every connection were closed in the midst of a long answer, which a test would show.)
"""

from contextvars import ContextVar
from typing import Protocol

from litestar.types import ASGIApp, Receive, Scope, Send


class RequestObserver(Protocol):
    """Hears of the requests of one connection; several may overlap for a moment (pipelining)."""

    def request_began(self) -> None:
        """A whole head is there, and the application was called."""

    def request_ended(self) -> None:
        """The application has returned."""


connection_observer: ContextVar[RequestObserver | None] = ContextVar("connection_observer", default=None)
"""Set by the server's protocol while it reads from its connection; None under a server that has no such protocol."""


def report_requests(app: ASGIApp) -> ASGIApp:
    """Return the application, which tells the connection of each request when it begins and ends."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        observer = connection_observer.get()
        if observer is None:
            await app(scope, receive, send)
            return
        observer.request_began()
        try:
            await app(scope, receive, send)
        finally:
            observer.request_ended()

    return serve
