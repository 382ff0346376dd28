"""Asking: an Answer, as JSON or as events."""

from typing import Any

from litestar import Request, Response, post
from litestar.datastructures import State
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody
from litestar.response import Stream

from rag.api.ask import start_answer
from rag.api.schemas import AskRequest
from rag.config import Settings
from rag.records import Answer


@post(
    "/v1/ask",
    status_code=200,
    tags=["answers"],
    responses={200: ResponseSpec(Answer, generate_examples=False, description="The Answer, or its events.")},
)
async def ask(data: JSONBody[AskRequest], request: Request[Any, Any, Any], state: State) -> Response[Answer] | Stream:
    """Answer a question: the Answer as JSON, or events when `stream` is true."""
    settings: Settings = state.settings
    answering = await start_answer(data.to_query(settings.top_k), request, state)
    return answering.stream() if data.stream else Response(await answering.answer())


ROUTES = [ask]
