"""What stands before the routes: request ids, API keys, content type."""

import hmac
import re
import uuid
from typing import Any

from litestar.connection import ASGIConnection, Request
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException, NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from rag.config import Settings

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


def add_request_id(app: ASGIApp) -> ASGIApp:
    """Give every response the id of its request: the client's own when it is a plain one, else a new one."""

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableScopeHeaders.from_message(message)
                headers["X-Request-ID"] = request_id
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        await app(scope, receive, send_with_id)

    return middleware


async def require_json(request: Request[Any, Any, Any]) -> None:
    """Refuse bodies that are not declared as JSON: a page elsewhere can send those without asking first (CORS)."""
    if request.method == "POST" and request.content_type[0] != "application/json":
        raise HTTPException(status_code=415, detail="send the body with Content-Type: application/json")


def require_key(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Ask for one of the API keys under /v1, where any are set."""
    settings: Settings = connection.app.state.settings
    if not settings.api_keys or not connection.url.path.startswith("/v1/"):
        return
    given = connection.headers.get("authorization", "").removeprefix("Bearer ") or connection.headers.get(
        "x-api-key", ""
    )
    # Bytes: compare_digest refuses a str that is not ASCII. All keys are compared, so time tells nothing.
    matches = [hmac.compare_digest(given.encode(), key.encode()) for key in settings.api_keys]
    if not any(matches):
        raise NotAuthorizedException("send one of the API keys as 'Authorization: Bearer KEY'")
