"""Asking: an Answer, as JSON or as events."""

from typing import Any

from litestar import Request, Response, post
from litestar.datastructures import State
from litestar.params import JSONBody
from litestar.response import Stream

from rag.api.guard import given_request_id
from rag.api.leaving import answer_while_connected
from rag.api.replay import Replay, mark_request
from rag.api.schemas import AskRequest
from rag.api.stream import stream_events
from rag.config import Settings
from rag.records import Answer
from rag.service import LiveIndex


@post("/v1/ask", status_code=200)
async def ask(data: JSONBody[AskRequest], request: Request[Any, Any, Any], state: State) -> Response[Answer] | Stream:
    """Answer a question: the Answer as JSON, or events when `stream` is true."""
    settings: Settings = state.settings
    live: LiveIndex = state.live
    replay: Replay = state.replay
    query = data.to_query(settings.top_k)
    answerer = await live.answerer()
    answerer.check(query)  # while a status can still be sent
    mark = mark_request(given_request_id(request.scope), request.url.path, await request.body())
    events = replay.events(answerer, query, mark)
    if data.stream:
        return stream_events(events)
    return Response(await answer_while_connected(request.receive, events))


ROUTES = [ask]
