"""Who holds which office, from the table that indexing makes of the archive."""

from typing import Annotated

import anyio.to_thread
from litestar import get
from litestar.datastructures import State
from litestar.params import QueryParameter

from rag.lookup.offices.register import MAX_NAME_CHARACTERS, Offices, register
from rag.question.limits import read_limit
from rag.service.live_index import LiveIndex


@get("/v1/offices", tags=["archive"])
async def offices(
    state: State,
    name: Annotated[str, QueryParameter(min_length=1, max_length=MAX_NAME_CHARACTERS)],
    at: Annotated[str | None, QueryParameter(max_length=30)] = None,
) -> Offices:
    """Return the holders of an office, each with the first and the last report that names them in it, quoted.

    `name` is the office with its unit (区委书记, 青石街道党工委书记); without one the archive's own district is meant. `at` is a day,
    a month or a year.
    """
    live: LiveIndex = state.live
    day = read_limit(at, "at")
    answerer = await live.answerer()
    return await anyio.to_thread.run_sync(register, answerer.generation, name, day)


ROUTES = [offices]
