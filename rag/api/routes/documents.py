"""Administration: documents added, withdrawn and listed while the service runs."""

from typing import Annotated, Any

from litestar import Response, delete, get, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from index.build.jobs import Outcome
from rag.errors import QuestionError
from rag.service.administration import Administration, Holdings

MAX_DOCUMENTS = 1000
"""In one request; each one is a file that is written to disk before the reply."""


@post("/v1/documents", tags=["administration"])
async def add_documents(data: JSONBody[dict[str, Any]], state: State) -> Outcome:
    """Add documents, or new versions of posted ones; the reply comes when they are served."""
    administration: Administration = state.administration
    documents = data.get("documents", [data])
    if not isinstance(documents, list) or not documents or not all(isinstance(item, dict) for item in documents):
        raise QuestionError(
            'documents: send a list of objects, each {"source", "text"}, {"source", "base64"} or {"_id", "title", "text", "date"}',
            param="documents",
            code="invalid",
        )
    if len(documents) > MAX_DOCUMENTS:
        raise QuestionError(
            f"documents: {len(documents)} at once, at most {MAX_DOCUMENTS}: send them in parts", param="documents", code="too_many"
        )  # fmt: skip
    outcome = await administration.add(documents)
    if outcome.generation is None:
        first = outcome.documents[0]
        raise QuestionError(
            "no document can be kept: " + "; ".join(f"{item.message}; {item.remedy}" for item in outcome.documents[:3]),
            param="documents",
            code=first.reason or "invalid",
        )
    return outcome


@delete("/v1/documents/{source:path}", status_code=200, tags=["administration"])
async def withdraw_document(source: FromPath[str], state: State) -> Response[Outcome]:
    """Withdraw a document by its source name, or one of a corpus by its `_id`."""
    administration: Administration = state.administration
    return Response(await administration.withdraw(source.removeprefix("/")))


@get("/v1/documents", tags=["administration"])
async def list_documents(
    state: State, after: FromQuery[str] = "", limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 100
) -> Holdings:
    """List what the index holds, and what is withdrawn, by name."""
    administration: Administration = state.administration
    return await administration.holdings(after, limit)


ROUTES = [add_documents, withdraw_document, list_documents]
