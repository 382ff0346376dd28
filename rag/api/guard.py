"""What stands before the routes: request ids, API keys, content type."""

import hmac
import re
import uuid
from typing import Any

from litestar.connection import ASGIConnection, Request
from litestar.datastructures import MutableScopeHeaders
from litestar.exceptions import HTTPException, NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from litestar.types import Message, Scope

from rag.config import Settings

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


async def add_request_id(message: Message, scope: Scope) -> None:
    """Give every response the id of its request: the client's own when it is a plain one, else a new one.

    A hook rather than a middleware: those do not see the errors of unknown routes.
    """
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    headers["X-Request-ID"] = given_request_id(scope) or uuid.uuid4().hex
    headers["X-Content-Type-Options"] = "nosniff"


def given_request_id(scope: Scope) -> str | None:
    """Return the id that the client gave its request, if it is a plain one."""
    given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
    return given if _REQUEST_ID.fullmatch(given) else None


async def require_json(request: Request[Any, Any, Any]) -> None:
    """Refuse bodies that are not declared as JSON: a page elsewhere can send those without asking first (CORS)."""
    if request.method != "POST":
        return
    if request.content_type[0] != "application/json":
        raise HTTPException(status_code=415, detail="send the body with Content-Type: application/json")
    if not await request.body():
        raise HTTPException(status_code=400, detail="the body is empty: send a JSON object")


def require_key(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Ask for one of the API keys under /v1, where any are set."""
    settings: Settings = connection.app.state.settings
    if not settings.api_keys or not connection.url.path.startswith("/v1/"):
        return
    headers = connection.headers
    given = (headers.get("authorization", "").removeprefix("Bearer "), headers.get("x-api-key", ""))
    # Bytes, as they were sent: compare_digest refuses a str that is not ASCII. All are compared, so time tells nothing.
    matches = [hmac.compare_digest(sent.encode("latin-1"), key.encode()) for sent in given for key in settings.api_keys]
    if not any(matches):
        raise NotAuthorizedException("send one of the API keys as 'Authorization: Bearer KEY'")
