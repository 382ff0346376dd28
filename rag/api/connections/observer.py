"""Request → the connection that it came by, which is told when the request begins and when it has been served.

A server's protocol knows its connection and the application knows its requests; neither shows the other to it (ASGI's scope
has no connection). So the protocol puts itself into the state that each of its requests gets.
"""

from typing import Protocol

from litestar.types import ASGIApp, Receive, Scope, Send

OBSERVER = "connection"
"""Name of the protocol in a request's state; absent under a server that has no such protocol."""


class RequestObserver(Protocol):
    """Hears of the requests of one connection; several may overlap for a moment (pipelining)."""

    def request_began(self) -> None:
        """A whole head is there, and the application was called."""

    def request_ended(self) -> None:
        """The application has returned."""


def report_requests(app: ASGIApp) -> ASGIApp:
    """Return the application, which tells the connection of each request when it begins and ends."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        # Taken out: what a connection holds must go with it, and not wait for the garbage collector.
        observer: RequestObserver | None = (scope.get("state") or {}).pop(OBSERVER, None)
        if observer is None:
            await app(scope, receive, send)
            return
        observer.request_began()
        try:
            await app(scope, receive, send)
        finally:
            observer.request_ended()

    return serve
