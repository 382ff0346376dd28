"""Errors → statuses and the contract's error body; the only place that knows both."""

import logging
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from index.errors import IndexingError
from rag.api.schemas import Problem, ProblemBody
from rag.errors import AnsweringError, FeedbackError, FeedbackMissingError, FeedbackOffError, QuestionError

log = logging.getLogger(__name__)
RETRY_AFTER_S = 5

_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    405: "invalid_request_error",
    413: "invalid_request_error",
    415: "invalid_request_error",
    422: "invalid_request_error",
    429: "rate_limit_error",
    503: "unavailable_error",
}


def problem_of(error: Exception) -> tuple[int, ProblemBody]:
    """Return the status and body for any error; what is not ours is logged and told to nobody."""
    match error:
        case QuestionError():
            return 422, _body(422, str(error), error.param, error.code)
        case IndexingError():
            return 503, _body(503, str(error), None, "index_unavailable")
        case FeedbackOffError():
            return 403, _body(403, str(error), None, "feedback_off")
        case FeedbackMissingError():
            return 404, _body(404, str(error), "answer_id", "unknown_answer")
        case FeedbackError():
            log.error("%s", error)  # with the file's name, which is no reader's business
            return 503, _body(503, "the feedback could not be kept: the log says why", None, "feedback_unavailable")
        case AnsweringError():
            return 503, _body(503, str(error), None, "misconfigured")
        case ValidationException():
            faults = error.extra if isinstance(error.extra, list) else []
            fault = faults[0] if faults and isinstance(faults[0], dict) else {}
            return 422, _body(422, str(fault.get("message", error.detail)), fault.get("key"), "invalid")
        case HTTPException():
            return error.status_code, _body(error.status_code, error.detail or "request refused", None, None)
        case UnicodeDecodeError() | RecursionError():
            return 400, _body(400, "the body is no valid JSON text in UTF-8", None, "bad_json")
    log.exception("unexpected error", exc_info=error)
    return 500, _body(500, "internal error; the log has the details under this request's id", None, "internal")


def answer_problem(_request: Request[Any, Any, Any], error: Exception) -> Response[ProblemBody]:
    """Litestar's exception handler."""
    status, body = problem_of(error)
    headers = {"Retry-After": str(RETRY_AFTER_S)} if status in {429, 503} else {}
    if isinstance(error, HTTPException) and error.headers:
        headers |= dict(error.headers)
    return Response(body, status_code=status, headers=headers, media_type="application/json")


def _body(status: int, message: str, param: str | None, code: str | None) -> ProblemBody:
    return ProblemBody(Problem(message, _TYPES.get(status, "server_error"), param, code))
