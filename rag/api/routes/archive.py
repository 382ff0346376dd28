"""What the archive holds: passages, articles, questions to try."""

from functools import cache
from importlib import resources

import anyio.to_thread
import msgspec
from litestar import get, post
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody

from index.records import Article
from rag.api.schemas import Examples, SearchRequest, SearchResponse, article_body
from rag.question.language import shown_plainly
from rag.service.live_index import LiveIndex
from rag.service.suggestions import Suggestions


@post("/v1/search", status_code=200, tags=["archive"])
async def search(data: JSONBody[SearchRequest], state: State) -> SearchResponse:
    """Find passages, without answering."""
    live: LiveIndex = state.live
    query = shown_plainly(data.to_query())
    answerer = await live.answerer()
    answerer.check(query)
    found = await anyio.to_thread.run_sync(answerer.retriever.retrieve, query)
    return SearchResponse(data.query, found.passages, answerer.generation.manifest.generation)


@get(
    "/v1/articles/{article_id:str}",
    tags=["archive"],
    responses={200: ResponseSpec(Article, generate_examples=False, description="The article.")},
)
async def article(article_id: FromPath[str], state: State) -> dict[str, object]:
    """Return an article, to show a citation in it by its offsets."""
    live: LiveIndex = state.live
    answerer = await live.answerer()
    found = await anyio.to_thread.run_sync(answerer.generation.catalogue.article, article_id)
    if found is None:
        raise NotFoundException(f"no article {article_id} in the index: it may have been withdrawn; ask again")
    return article_body(found)


@get("/v1/examples", tags=["archive"])
async def examples(state: State) -> Examples:
    """Return questions to try: those of the sample, when it is the sample that is served, else some from what the index says."""
    live: LiveIndex = state.live
    suggestions: Suggestions = state.suggestions
    answerer = await live.answerer()
    is_sample = any(root.replace("\\", "/").endswith("rag/sample/pages") for root in answerer.generation.manifest.roots)
    return Examples(_sample_questions() if is_sample else await suggestions.questions(answerer))


@cache
def _sample_questions() -> list[str]:
    questions = msgspec.json.decode((resources.files("rag") / "sample" / "questions.json").read_bytes())
    return [question["question"] for question in questions if question["demo"]]


ROUTES = [search, article, examples]
