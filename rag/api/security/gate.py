"""What stands before the routes: one gate that every request passes, and what the routes then rely on."""

import re
import uuid
from typing import Any

import msgspec
from litestar.connection import ASGIConnection, Request
from litestar.exceptions import (
    HTTPException,
    NotAuthorizedException,
    PermissionDeniedException,
    SerializationException,
    ValidationException,
)
from litestar.handlers import BaseRouteHandler
from litestar.types import ASGIApp, HTTPSendMessage, Receive, Scope, Send
from litestar.utils import normalize_path

from rag.api.connections.draining import Draining
from rag.api.problems import send_problem
from rag.api.security.admission import AnswerSlots, Slot
from rag.api.security.audit import AuditLog, AuditRecord
from rag.api.security.callers import CHALLENGE, Caller, Callers, values_of
from rag.api.security.cors import Origins, is_preflight, preflight_headers, response_headers
from rag.api.security.limits import BODY_TIMEOUT_S, RateLimiter, check_declared, limit_body, rate_key
from rag.api_keys import parse_keys
from rag.config import Settings
from rag.errors import StoppingError
from rag.generation.turns import turns_here
from rag.network import host_of, parse_networks

API = "/v1"
DOCUMENTS_ROUTE = "/v1/documents"
ANSWERING = {"/v1/ask", "/v1/chat/completions"}
"""Routes whose POST writes an answer, so that only so many run at a time."""
WITH_BODY = {"POST", "PUT", "PATCH"}
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Gate:
    """Lets a request under /v1 through to the routes, or says why not; watches how it ends.

    In this order: the page that calls may, the address has not asked too often, the key is one, the key has not been
    used too often, the service is not being stopped, the body is not too large, an answer can be begun. Everything else (pages, probes) just passes.
    It wraps the framework's application rather than being its middleware: those do not see unknown routes. So no response
    leaves without the id of its request either, whoever wrote it.

    Routes find `request.state.caller` (Caller), `.record` (AuditRecord), where an answer is written `.slot` (Slot) and,
    wherever they are, `.request_id`.

    Args:
        app: the routes.
        settings: keys, origins, proxies, limits, audit log.
        draining: once it has begun, nothing under /v1 is let in, and every response ends its connection.
        body_timeout_s: for a whole body to arrive.
    Raises:
        SettingsError: a key, a proxy or the audit log's file cannot be used.
    """

    def __init__(
        self, app: ASGIApp, settings: Settings, draining: Draining, *, body_timeout_s: float = BODY_TIMEOUT_S
    ) -> None:
        self._body_timeout_s = body_timeout_s
        self._draining = draining
        self._app = app
        self._settings = settings
        self._callers = Callers(parse_keys(settings.api_keys), parse_networks(settings.trusted_proxies))
        self._origins = Origins(settings.allowed_origins)
        self._per_address = RateLimiter(settings.rate_per_address)
        self._per_key = RateLimiter(settings.rate_per_key if settings.api_keys else 0)
        self.slots = AnswerSlots(settings.max_concurrent_answers, lambda: turns_here().delay_s())
        self._audit = AuditLog(settings.audit_log)

    def cache_sizes(self) -> dict[str, int]:
        """Return the callers whose last minute is remembered, for /metrics."""
        return {"rate_limited_addresses": len(self._per_address), "rate_limited_keys": len(self._per_key)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection (ASGI)."""
        state = scope.setdefault("state", {})
        request_id = given_request_id(scope) or uuid.uuid4().hex
        state["request_id"] = request_id
        scope["scheme"] = self._callers.scheme(scope)  # links in answers are to lead back by the way the client came
        headers = [(b"x-request-id", request_id.encode()), (b"x-content-type-options", b"nosniff")]
        if self._draining.has_begun:
            headers.append((b"connection", b"close"))
        send = _adding(headers, send)
        hosts = values_of(scope, b"host")
        if not all(host_of(host.decode("latin-1")) for host in hosts) or len(hosts) > 1:
            await send_problem(HTTPException(status_code=400, detail="Host is no host:port"), send)
            return
        path = routed_path(scope)
        if not is_under(path, API):
            await self._app(scope, receive, send)
            return
        record = AuditRecord(request_id, self._callers.address(scope), str(scope.get("method")), path)
        state["record"] = record
        try:
            await self._serve(scope, *record.observe(receive, send), record)
        finally:
            self._audit.write(record.line(scope, with_question=self._settings.audit_questions))

    async def _serve(self, scope: Scope, receive: Receive, send: Send, record: AuditRecord) -> None:
        is_answer = record.path in ANSWERING and record.method == "POST"
        max_bytes = self._settings.max_body_bytes
        if is_under(record.path, DOCUMENTS_ROUTE):
            max_bytes = self._settings.max_document_bytes
        origin: bytes | None = None
        try:
            origin = self._origins.check(scope, scope["scheme"])
            if origin and is_preflight(scope):
                await _send_empty(preflight_headers(scope, origin), send)
                return
            send = _adding(response_headers(origin), send)
            self._per_address.take(rate_key(record.address))
            record.caller = scope["state"]["caller"] = self._callers.identify(scope)
            self._per_key.take(record.caller.name)
            if self._draining.has_begun:
                raise StoppingError("the service is being stopped: ask again in a moment")
            check_declared(b"".join(values_of(scope, b"content-length")), max_bytes)
            if is_answer:
                self.slots.check()  # before the body is read: a refusal should cost nothing
        except (HTTPException, StoppingError) as error:
            await send_problem(error, send)
            return
        taken: list[Slot] = []

        def take() -> None:
            if is_answer:  # only when the body is whole: one that comes slowly must not hold a place
                taken.append(self.slots.take())
                scope["state"]["slot"] = taken[-1]

        try:
            await self._app(scope, limit_body(receive, max_bytes, take, self._body_timeout_s), send)
        finally:  # the call ends with the response and what follows it, however that ends
            for slot in taken:
                slot.give_back()


def require_role(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Ask for the role that a route needs: `opt={"role": "administer"}`; under /v1/documents that is the default.

    It looks at the route that was found, not at the path that was sent, so no spelling of a path comes past it.
    """
    template: str = connection.scope["path_template"]
    if not is_under(template, API):
        return
    caller: Caller | None = connection.scope["state"].get("caller")
    if caller is None:
        raise NotAuthorizedException("send one of the API keys as 'Authorization: Bearer KEY'", headers=CHALLENGE)
    needed = handler.opt.get("role", "administer" if is_under(template, DOCUMENTS_ROUTE) else "ask")
    if needed == "administer" and caller.role != "administer":
        raise PermissionDeniedException(
            "this key may ask, not administer: the operator makes one that may with wenju keys new NAME --role administer"
        )


async def require_json(request: Request[Any, Any, Any]) -> None:
    """Refuse bodies that are not declared as JSON: a page elsewhere can send those without asking first (CORS).

    A route that takes other bodies says so: `opt={"any_body": True}`.
    """
    if request.method not in WITH_BODY or request.route_handler.opt.get("any_body"):
        return
    if request.content_type[0] != "application/json":
        raise HTTPException(status_code=415, detail="send the body with Content-Type: application/json")
    if not await request.body():
        raise HTTPException(status_code=400, detail="the body is empty: send a JSON object")
    await _check_types(request)


async def _check_types(request: Request[Any, Any, Any]) -> None:
    """Refuse values of other types than the document has: Litestar takes "3" for a number and 0 for false."""
    data = request.route_handler.parsed_fn_signature.parameters.get("data")
    try:
        if data:
            msgspec.convert(await request.json(), data.annotation)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$.")
        raise ValidationException(extra=[{"message": message, "key": place.rstrip("`")}]) from error
    except (SerializationException, ValueError, RecursionError):
        return  # what is no JSON is refused when it is read


def given_request_id(scope: Scope) -> str | None:
    """Return the id that the client gave its request, if it is a plain one."""
    given = b"".join(values_of(scope, b"x-request-id")[:1]).decode("latin-1")
    return given if _REQUEST_ID.fullmatch(given) else None


def routed_path(scope: Scope) -> str:
    """The path as the router will read it (litestar._asgi.asgi_router): without root path, doubled or last slashes."""
    path, root_path = scope["path"], scope.get("root_path", "")
    return normalize_path(path.split(root_path, maxsplit=1)[-1] if root_path else path)


def is_under(path: str, root: str) -> bool:
    """Whether a path is the root or below it."""
    return path == root or path.startswith(root + "/")


def _adding(headers: list[tuple[bytes, bytes]], send: Send) -> Send:
    async def send_with_headers(message: HTTPSendMessage) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *headers]
        await send(message)

    return send_with_headers  # type: ignore[return-value]


async def _send_empty(headers: list[tuple[bytes, bytes]], send: Send) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
