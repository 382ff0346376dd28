import threading
import time

import anyio
import anyio.to_thread
import pytest

from index.embedding.embedder import Embedder
from index.store import Generation
from rag.answer import Answerer
from rag.evidence.grounding import Grounding
from rag.records import Answer, Query, Timings
from rag.single_flight import SingleFlightCache

pytestmark = pytest.mark.anyio
AIR = "2020年云汀区PM2.5年均浓度是多少？"


class Counted:
    """Slow work that counts how often it is done."""

    def __init__(self, pause_s: float = 0.0) -> None:
        self.times = 0
        self._pause_s = pause_s
        self._lock = threading.Lock()

    def __call__(self) -> object:
        with self._lock:
            self.times += 1
        time.sleep(self._pause_s)
        return object()


async def test_the_same_key_is_worked_on_once_however_many_ask_at_once() -> None:
    recall, work, results = SingleFlightCache[object](), Counted(0.1), []

    async def ask() -> None:
        results.append(await recall.get("a", work))

    async with anyio.create_task_group() as tasks:
        for _ in range(20):
            tasks.start_soon(ask)
    assert work.times == 1
    assert len(results) == 20
    assert len(set(map(id, results))) == 1


async def test_what_a_thread_has_found_itself_is_kept_for_those_who_ask_later() -> None:
    recall, work = SingleFlightCache[object](), Counted()
    found = await anyio.to_thread.run_sync(recall.get_here, "a", work)
    assert await recall.get("a", work) is found
    assert recall.get_here("a", work) is found
    assert work.times == 1


async def test_the_least_lately_asked_for_leaves_first() -> None:
    recall, work = SingleFlightCache[object](max_results=2), Counted()
    for key in ("a", "b", "a", "c", "a"):
        await recall.get(key, work)
    assert work.times == 3
    await recall.get("b", work)
    assert work.times == 4


async def test_one_that_is_cancelled_leaves_what_it_began_to_the_next() -> None:
    recall, work, results = SingleFlightCache[object](), Counted(0.1), []

    async def ask() -> None:
        results.append(await recall.get("a", work))

    async with anyio.create_task_group() as tasks:
        first = anyio.CancelScope()

        async def ask_and_leave() -> None:
            with first:
                await recall.get("a", work)

        tasks.start_soon(ask_and_leave)
        await anyio.sleep(0.02)
        tasks.start_soon(ask)
        await anyio.sleep(0.02)
        first.cancel()
    assert len(results) == 1
    assert work.times == 1


async def test_what_fails_is_not_kept_and_fails_for_its_caller_only() -> None:
    recall = SingleFlightCache[object]()

    def fail() -> object:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await recall.get("a", fail)
    assert await recall.get("a", Counted())


async def test_a_question_asked_again_is_answered_the_same_without_searching_again(
    sample: Generation, embedder: Embedder
) -> None:
    answerer = Answerer(sample, embedder)

    async def ask(query: Query) -> Answer:
        return await answerer.answer(query)

    first, again = await ask(Query(AIR)), await ask(Query(AIR))
    assert (again.answer, again.citations, again.statements) == (first.answer, first.citations, first.statements)
    assert again.id != first.id
    assert first.timings_ms["search"] is not None
    assert again.timings_ms["search"] is None
    other = await ask(Query(AIR, top_k=3))
    assert other.timings_ms["search"] is not None


async def test_what_a_lookup_has_looked_for_is_not_looked_for_again_by_the_passages(
    sample: Generation, embedder: Embedder
) -> None:
    asked: list[str] = []
    plain = Answerer(sample, embedder)

    def ground(query: Query, question: str, timings: Timings) -> Grounding:
        asked.append(question)
        return plain._ground(query, question, timings)

    question = "云汀区2020年PM2.5年均浓度比2019年下降了多少？"
    answer = await Answerer(sample, embedder, ground=ground).answer(Query(question))
    assert answer.citations
    assert asked.count(question) == 1
