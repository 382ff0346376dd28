"""HEAD: what GET says, without the body. The framework knows only the methods that a route names."""

from typing import cast

from litestar.datastructures import MutableScopeHeaders
from litestar.types import ASGIApp, Message, Receive, Scope, Send


def answer_head(app: ASGIApp) -> ASGIApp:
    """Return the application, which answers HEAD wherever it answers GET, with the same status and headers.

    Where a route allows GET, its `Allow` names HEAD, too.

    Args:
        app: the framework's, from routing inwards.
    """

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_allowed(message: Message) -> None:
            _allow_head(message)
            await send(message)

        if scope.get("method") != "HEAD":
            await app(scope, receive, send_allowed)
            return

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.body":
                message["body"] = b""
            await send_allowed(message)

        # A copy: the server looks at its own whether a body must come. Who counts and logs looks there for the route.
        asked = cast("Scope", {**scope, "method": "GET"})
        try:
            await app(asked, receive, send_head)
        finally:
            if "path_template" in asked:
                scope["path_template"] = asked["path_template"]

    return handle


def _allow_head(message: Message) -> None:
    """Name HEAD among the methods that a route allows, where it names GET."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    methods = [method.strip() for method in headers.get("allow", "").split(",")]
    if "GET" in methods and "HEAD" not in methods:
        headers["Allow"] = ", ".join(sorted([*methods, "HEAD"]))
