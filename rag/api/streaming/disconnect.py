"""Ends the writing of an answer that nobody waits for any more."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from litestar.exceptions import HTTPException
from litestar.types import Receive

from rag.records import Answer, Done, Event


class ClientLeftError(HTTPException):
    """The client closed the connection before it had its answer. Nobody reads this status; it is for the logs."""

    status_code = 499  # nginx's, for lack of an official one


async def answer_while_connected(receive: Receive, events: AsyncGenerator[Event, None]) -> Answer:
    """Return the Answer at the end of the events; once the client has left, end them and the LLM's call with them.

    Streams need nothing like it: the framework watches their clients, and rag.api.streaming.events ends what they have begun.

    Args:
        receive: of the request, whose body has been read.
        events: Answerer.events or those of an earlier answer again.
    Raises:
        ClientLeftError: the client has left.
    """
    writing = asyncio.create_task(_last(events), name="answer")
    leaving = asyncio.create_task(_left(receive), name="client leaving")
    try:
        await asyncio.wait({writing, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not writing.done():
            raise ClientLeftError(detail="the client left before it was answered")
        return writing.result()
    finally:
        writing.cancel()
        leaving.cancel()
        await asyncio.gather(writing, leaving, return_exceptions=True)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass  # the server may say once more that the body has ended


async def _last(events: AsyncGenerator[Event, None]) -> Answer:
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Done):
                return event.answer
    raise AssertionError("the last event is always Done")
