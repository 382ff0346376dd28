"""What every shape of asking does alike: a query in, its events or its Answer out; repeated, counted, ended with its client."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from litestar import Request
from litestar.datastructures import State
from litestar.response import Stream
from litestar.types import Receive

from rag.api.runtime.instrumentation import Instrumentation
from rag.api.security.admission import Slot
from rag.api.security.audit import AuditRecord, recorded
from rag.api.security.callers import Caller
from rag.api.security.gate import given_request_id
from rag.api.streaming.disconnect import answer_while_connected
from rag.api.streaming.events import EventEncoder, EventStreams
from rag.api.streaming.idempotency import idempotency_key
from rag.records import Answer, Event, Query
from rag.service.live_index import LiveIndex


@dataclass(frozen=True, slots=True)
class AnswerRequest:
    """A question that is being answered; exactly one of its methods is called, once."""

    generation: str
    events: AsyncGenerator[Event, None]
    instrumentation: Instrumentation
    streams: EventStreams
    receive: Receive

    def stream(self, encoder: EventEncoder | None = None) -> Stream:
        """Return the response that sends the events as they come."""
        return self.streams.response(self.instrumentation.stream(self.events), encoder)

    async def answer(self) -> Answer:
        """Return the whole Answer; see answer_while_connected."""
        return await answer_while_connected(self.receive, self.events)


async def start_answer(query: Query, request: Request[Any, Any, Any], state: State) -> AnswerRequest:
    """Return the question begun, over the generation that is current now.

    Raises:
        QuestionError: it cannot be taken; raised here, while a status can still be sent.
        IndexingError: there is no index.
    """
    live: LiveIndex = state.live
    instrumentation: Instrumentation = state.instrumentation
    caller: Caller = request.state.caller
    record: AuditRecord = request.state.record
    slot: Slot = request.state.slot
    record.question = query.text
    answerer = await live.answerer()
    answerer.check(query)
    key = idempotency_key(given_request_id(request.scope), request.url.path, await request.body(), caller.name)
    events = recorded(instrumentation.events(answerer, query, key, slot.found), record)
    return AnswerRequest(
        answerer.generation.manifest.generation, events, instrumentation, state.streams, request.receive
    )
