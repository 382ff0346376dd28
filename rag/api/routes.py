"""The routes: each turns a request into a call and the outcome into a response."""

import hashlib
from functools import cache
from importlib import resources
from pathlib import PurePath
from typing import Any

import anyio.to_thread
import msgspec
from litestar import MediaType, Request, Response, get, post
from litestar.background_tasks import BackgroundTask
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, JSONBody
from litestar.response import Stream

from index.errors import IndexingError
from rag.api.schemas import AskRequest, Examples, Health, SearchRequest, SearchResponse, article_body
from rag.api.stream import EventStream
from rag.config import Settings
from rag.records import Answer
from rag.service import LiveIndex

PAGE_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
PAGE_FILES = {
    file.name: PAGE_TYPES[PurePath(file.name).suffix]
    for file in (resources.files("rag") / "widget").iterdir()
    if PurePath(file.name).suffix in PAGE_TYPES
}
"""Media types by name, listed once from the package: no name from a request ever becomes a path."""
PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self'; require-trusted-types-for 'script'"
)


@post("/v1/ask", status_code=200)
async def ask(data: JSONBody[AskRequest], state: State) -> Response[Answer] | Stream:
    """Answer a question: the Answer as JSON, or events when `stream` is true."""
    settings: Settings = state.settings
    live: LiveIndex = state.live
    query = data.to_query(settings.top_k)
    answerer = await live.answerer()
    if not data.stream:
        return Response(await answerer.answer(query))
    answerer.check(query)  # while a status can still be sent
    stream = EventStream(answerer.events(query))
    return Stream(
        stream,
        media_type="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
        background=BackgroundTask(stream.aclose),
    )


@post("/v1/search", status_code=200)
async def search(data: JSONBody[SearchRequest], state: State) -> SearchResponse:
    """Find passages, without answering."""
    live: LiveIndex = state.live
    query = data.to_query()
    answerer = await live.answerer()
    answerer.check(query)
    found = await anyio.to_thread.run_sync(answerer.retriever.retrieve, query)
    return SearchResponse(data.query, found.passages, answerer.generation.manifest.generation)


@get("/v1/articles/{article_id:str}")
async def article(article_id: FromPath[str], state: State) -> dict[str, object]:
    """Return an article, to show a citation in it by its offsets."""
    live: LiveIndex = state.live
    answerer = await live.answerer()
    found = await anyio.to_thread.run_sync(answerer.generation.catalogue.article, article_id)
    if found is None:
        raise NotFoundException(f"no article {article_id} in the index: it may have been withdrawn; ask again")
    return article_body(found)


@get("/v1/examples")
async def examples(state: State) -> Examples:
    """Return questions to try: those of the sample, when it is the sample that is served."""
    live: LiveIndex = state.live
    roots = (await live.answerer()).generation.manifest.roots
    is_sample = any(root.replace("\\", "/").endswith("rag/sample/pages") for root in roots)
    return Examples(_sample_questions() if is_sample else [])


@get("/health")
async def health() -> Health:
    """Liveness: the event loop answers."""
    return Health("ok")


@get("/ready")
async def ready(state: State) -> Response[Health]:
    """Readiness: an index generation is loaded and has answered a query. The LLM is not needed for it."""
    live: LiveIndex = state.live
    try:
        answerer = await live.answerer()
    except IndexingError as error:
        return Response(Health("unavailable", message=str(error)), status_code=503, headers={"Retry-After": "5"})
    return Response(Health("ok", answerer.generation.manifest.generation))


@get("/", media_type=MediaType.HTML)
async def page() -> Response[bytes]:
    """Return the question page."""
    return _page_file("index.html")


@get("/widget.js")
async def widget(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Return the widget, to pages of other origins too: it is no secret, and `integrity` needs CORS."""
    content = _read_page("widget.js")
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {
        "Cache-Control": "no-cache",  # asked for anew each time, sent only when it has changed
        "ETag": tag,
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    known = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if known & {tag, "*"}:
        return Response(b"", status_code=304, headers=headers, media_type=PAGE_FILES["widget.js"])
    return Response(content, headers=headers, media_type=PAGE_FILES["widget.js"])


@get("/page/{name:str}")
async def page_file(name: FromPath[str]) -> Response[bytes]:
    """Return a file of the question page."""
    if name not in PAGE_FILES:
        raise NotFoundException(f"no page file {name}")
    return _page_file(name)


def _page_file(name: str) -> Response[bytes]:
    headers = {"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-cache", "Referrer-Policy": "no-referrer"}
    return Response(_read_page(name), media_type=PAGE_FILES[name], headers=headers)


@cache
def _read_page(name: str) -> bytes:
    return (resources.files("rag") / "widget" / name).read_bytes()


@cache
def _sample_questions() -> list[str]:
    questions = msgspec.json.decode((resources.files("rag") / "sample" / "questions.json").read_bytes())
    return [question["question"] for question in questions if question["demo"]]


ROUTES = [ask, search, article, examples, health, ready, page, widget, page_file]
