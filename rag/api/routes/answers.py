"""Asking: an Answer, as JSON or as events."""

from litestar import Response, post
from litestar.background_tasks import BackgroundTask
from litestar.datastructures import State
from litestar.params import JSONBody
from litestar.response import Stream

from rag.api.schemas import AskRequest
from rag.api.stream import EventStream
from rag.api.watch import Watch
from rag.config import Settings
from rag.records import Answer
from rag.service import LiveIndex


@post("/v1/ask", status_code=200)
async def ask(data: JSONBody[AskRequest], state: State) -> Response[Answer] | Stream:
    """Answer a question: the Answer as JSON, or events when `stream` is true."""
    settings: Settings = state.settings
    live: LiveIndex = state.live
    watch: Watch = state.watch
    query = data.to_query(settings.top_k)
    answerer = await live.answerer()
    if not data.stream:
        return Response(await watch.answer(answerer, query))
    answerer.check(query)  # while a status can still be sent
    stream = EventStream(watch.stream(watch.events(answerer, query)))
    return Stream(
        stream,
        media_type="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
        background=BackgroundTask(stream.aclose),
    )


ROUTES = [ask]
