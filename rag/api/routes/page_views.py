"""The page behind a quote: its picture, and where the quote stands on it."""

from typing import Annotated

import anyio.to_thread
from litestar import Response, get
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, QueryParameter

from index.records import Article
from rag.answer import Answerer
from rag.errors import QuestionError
from rag.service.live_index import LiveIndex
from rag.service.page_views import ArticleBoxes, PageViews

PNG = "image/png"


@get(
    "/v1/articles/{article_id:str}/page",
    tags=["archive"],
    media_type=PNG,
    responses={
        200: ResponseSpec(bytes, media_type=PNG, generate_examples=False, description="The page, gray, as PNG.")
    },
)
async def page_picture(
    article_id: FromPath[str], state: State, n: Annotated[int, QueryParameter(ge=1)] = 1
) -> Response[bytes]:
    """Return the picture of a page that an article stands on, where its file has pages: a PDF or a scan.

    `n` counts the article's own pages, from 1 on, its own file's first. The file must be where it was, and unchanged; else 404
    with the code `source_gone` or `source_changed`; `no_page` where there is no such page.
    """
    views: PageViews = state.page_views
    answerer, article = await _found(article_id, state)
    picture = await views.picture(answerer.generation, article, n)
    return Response(picture, media_type=PNG, headers={"Cache-Control": "private, max-age=0, must-revalidate"})


@get("/v1/articles/{article_id:str}/page/boxes", tags=["archive"])
async def page_boxes(
    article_id: FromPath[str],
    state: State,
    start: Annotated[int, QueryParameter(ge=0)],
    end: Annotated[int, QueryParameter(ge=1)],
) -> ArticleBoxes:
    """Return where a part of an article is printed: the boxes of its lines on each page that it stands on.

    `start` and `end` are offsets into the article's text, as those of a citation. Problems as of the picture.
    """
    views: PageViews = state.page_views
    answerer, article = await _found(article_id, state)
    if not start < end <= len(article.text):
        raise QuestionError(
            f"start and end: {start} to {end} is no part of a text of {len(article.text)} characters",
            param="end",
            code="bad_offsets",
        )
    return await views.boxes(answerer.generation, article, start, end)


async def _found(article_id: str, state: State) -> tuple[Answerer, Article]:
    live: LiveIndex = state.live
    answerer = await live.answerer()
    found = await anyio.to_thread.run_sync(answerer.generation.catalogue.article, article_id)
    if found is None:
        raise NotFoundException(f"no article {article_id} in the index: it may have been withdrawn; ask again")
    return answerer, found


ROUTES = [page_picture, page_boxes]
