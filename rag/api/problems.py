"""Errors → statuses and the contract's error body; the only place that knows both."""

import logging
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import Send

from index.errors import IndexBusyError, IndexingError, PageViewError, UnknownDocumentError, UnreadableError
from rag.api.schemas import Problem, ProblemBody
from rag.errors import (
    AnsweringError,
    FeedbackError,
    FeedbackMissingError,
    FeedbackOffError,
    QuestionError,
    StoppingError,
)

log = logging.getLogger(__name__)
RETRY_AFTER_S = 5

_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    405: "invalid_request_error",
    408: "invalid_request_error",
    413: "invalid_request_error",
    415: "invalid_request_error",
    422: "invalid_request_error",
    429: "rate_limit_error",
    499: "invalid_request_error",
    503: "unavailable_error",
}


_OURS: tuple[tuple[type[Exception], int, str | None, str], ...] = (
    (UnknownDocumentError, 404, "source", "unknown_document"),
    (IndexBusyError, 503, None, "index_busy"),
    (IndexingError, 503, None, "index_unavailable"),
    (FeedbackOffError, 403, None, "feedback_off"),
    (FeedbackMissingError, 404, "answer_id", "unknown_answer"),
    (StoppingError, 503, None, "shutting_down"),
    (AnsweringError, 503, None, "misconfigured"),
)
"""Error, status, field at fault, code; the first that fits."""


def problem_of(error: Exception) -> tuple[int, ProblemBody]:
    """Return the status and body for any error; what is not ours is logged and told to nobody."""
    match error:
        case QuestionError():
            return 422, _body(422, str(error), error.param, error.code)
        case PageViewError():
            return 404, _body(404, str(error), None, error.code)
        case UnreadableError():
            return 422, _body(422, str(error), "documents", error.reason)
        case FeedbackError() if not isinstance(error, FeedbackOffError | FeedbackMissingError):
            log.error("%s", error)  # with the file's name, which is no reader's business
            return 503, _body(503, "the feedback could not be kept: the log says why", None, "feedback_unavailable")
        case ValidationException():
            faults = error.extra if isinstance(error.extra, list) else []
            fault = faults[0] if faults and isinstance(faults[0], dict) else {}
            return 422, _body(422, str(fault.get("message", error.detail)), fault.get("key"), "invalid")
        case HTTPException():
            return error.status_code, _body(error.status_code, error.detail or "request refused", None, None)
        case UnicodeDecodeError() | RecursionError():
            return 400, _body(400, "the body is no valid JSON text in UTF-8", None, "bad_json")
    for kind, status, param, code in _OURS:
        if isinstance(error, kind):
            return status, _body(status, str(error), param, code)
    log.exception("unexpected error", exc_info=error)
    return 500, _body(500, "internal error; the log has the details under this request's id", None, "internal")


def answer_problem(_request: Request[Any, Any, Any], error: Exception) -> Response[ProblemBody]:
    """Litestar's exception handler."""
    status, body = problem_of(error)
    return Response(body, status_code=status, headers=_headers(status, error), media_type="application/json")


async def send_problem(error: Exception, send: Send) -> None:
    """Send what `answer_problem` would return, where no route was reached yet."""
    status, problem = problem_of(error)
    body = msgspec.json.encode(problem)
    headers = _headers(status, error) | {"Content-Type": "application/json", "Content-Length": str(len(body))}
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _headers(status: int, error: Exception) -> dict[str, str]:
    headers = {"Retry-After": str(RETRY_AFTER_S)} if status in {429, 503} else {}
    if isinstance(error, HTTPException) and error.headers:
        headers |= dict(error.headers)
    return headers


def _body(status: int, message: str, param: str | None, code: str | None) -> ProblemBody:
    return ProblemBody(Problem(message, _TYPES.get(status, "server_error"), param, code))
