"""Rating an answer."""

import functools
from typing import Any

import anyio.to_thread
from litestar import Request, post
from litestar.datastructures import State
from litestar.params import JSONBody

from rag.api.runtime.metrics import Metrics
from rag.api.schemas import FeedbackRequest, FeedbackStored
from rag.config import Settings
from rag.errors import FeedbackMissingError, FeedbackOffError
from rag.service.feedback.pending import PendingRatings
from rag.service.feedback.ratings import Rating, rate
from rag.service.feedback.store import FeedbackStore


@post("/v1/feedback", status_code=201, tags=["answers"])
async def feedback(data: JSONBody[FeedbackRequest], state: State, request: Request[Any, Any, Any]) -> FeedbackStored:
    """Keep a reader's verdict on one of the answers of the last minutes."""
    settings: Settings = state.settings
    metrics: Metrics = state.metrics
    pending: PendingRatings | None = state.pending_ratings
    store: FeedbackStore | None = state.feedback_store
    if pending is None or store is None:
        raise FeedbackOffError("this service keeps no feedback (WENJU_FEEDBACK_DB=none)")
    caller = getattr(
        request.state, "caller", None
    )  # whoever checks keys leaves it there; nobody where none are asked for
    name = caller.name if caller else ""
    keep = functools.partial(_keep, data, name, pending, store, settings.feedback_wait_min)
    rating = await anyio.to_thread.run_sync(keep)
    metrics.count_rating(rating)
    return FeedbackStored(stored=True, id=rating.id)


def _keep(data: FeedbackRequest, caller: str, pending: PendingRatings, store: FeedbackStore, wait_min: int) -> Rating:
    answer = pending.find(data.answer_id)
    if answer is None:
        raise FeedbackMissingError(
            f"no answer {data.answer_id!r} to rate: the id is wrong, or the answer is older than {wait_min} minutes; ask again"
        )
    rating = rate(answer, helpful=data.helpful, reason=data.reason, comment=data.comment, caller=caller)
    store.keep(rating)
    return rating


ROUTES = [feedback]
