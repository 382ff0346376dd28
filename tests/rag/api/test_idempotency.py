"""A request repeated under its id."""

import uuid
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from api_server import AIR, RIGHT, Service, running, wait_for
from llm_server import HANG, LLMServer, delta, head, streamed

from index.build import build_index
from index.embedding.embedder import Embedder
from index.store import Generation
from rag.answer import Answerer
from rag.api.server import Parts
from rag.api.streaming.idempotency import IdempotencyCache, IdempotencyKey, idempotency_key
from rag.config import Settings
from rag.records import Answer, Done, Event, Query
from rag.service.live_index import LiveIndex

pytestmark = pytest.mark.anyio

SHAPES: dict[str, tuple[str, dict[str, object]]] = {
    "answer": ("/v1/ask", {"question": AIR}),
    "events": ("/v1/ask", {"question": AIR, "stream": True}),
    "completion": ("/v1/chat/completions", {"messages": [{"role": "user", "content": AIR}]}),
    "chunks": ("/v1/chat/completions", {"messages": [{"role": "user", "content": AIR}], "stream": True}),
}


@pytest.fixture
def same(llm: LLMServer) -> dict[str, str]:
    """The header of a request that is to be repeated; another one in every test."""
    llm.play(streamed(RIGHT))
    return {"X-Request-ID": f"once-more.{uuid.uuid4().hex}"}


def answers_of(body: bytes) -> set[str]:
    """The ids of the Answers in a response of any shape."""
    return {part.split(b'"')[0].decode() for part in body.split(b'"id":"')[1:] if len(part.split(b'"')[0]) == 32}


# ---- at the socket


@pytest.mark.parametrize("shape", SHAPES)
def test_a_repeated_request_gets_the_same_answer_and_the_llm_is_asked_once(
    talking: Service, llm: LLMServer, same: dict[str, str], shape: str
) -> None:
    before = len(llm.requests)
    path, body = SHAPES[shape]
    first, again = (talking.post(path, body, **same) for _ in range(2))
    assert first.status == again.status == 200
    assert len(llm.requests) == before + 1
    assert answers_of(first.body) == answers_of(again.body) != set()
    if path == "/v1/ask":
        assert first.body == again.body
    assert again.headers["x-request-id"] == same["X-Request-ID"]


@pytest.mark.parametrize("fields", [{"top_k": 5}, {"stream": True}, {"question": AIR + " "}])
def test_another_body_under_the_same_id_is_another_question(
    talking: Service, llm: LLMServer, same: dict[str, str], fields: dict[str, object]
) -> None:
    first = talking.post("/v1/ask", {"question": AIR}, **same)
    before = len(llm.requests)
    other = talking.post("/v1/ask", {"question": AIR, **fields}, **same)
    assert len(llm.requests) == before + 1
    assert answers_of(first.body).isdisjoint(answers_of(other.body))


@pytest.mark.parametrize("headers", [{}, {"X-Request-ID": "not plain"}])
def test_a_request_without_an_id_of_its_own_is_answered_anew(
    talking: Service, llm: LLMServer, same: dict[str, str], headers: dict[str, str]
) -> None:
    before = len(llm.requests)
    first, other = (talking.post("/v1/ask", {"question": AIR}, **headers) for _ in range(2))
    assert len(llm.requests) == before + 2
    assert answers_of(first.body).isdisjoint(answers_of(other.body))


def test_an_answer_that_was_broken_off_is_not_kept(talking: Service, llm: LLMServer, same: dict[str, str]) -> None:
    llm.play([head(), delta(RIGHT), delta("优良"), HANG], streamed(RIGHT))
    before = len(llm.requests)
    with talking.open("/v1/ask", {"question": AIR, "stream": True}, **same) as connection:
        wait_for(lambda: len(llm.requests) > before)
        assert connection.recv(100)
    assert llm.wait_until_idle(2)
    events = talking.post("/v1/ask", {"question": AIR, "stream": True}, **same).events()
    assert events[-1][0] == "done"
    assert len(llm.requests) == before + 2


def test_a_repeat_does_not_wait_for_the_first_that_still_runs(
    talking: Service, llm: LLMServer, same: dict[str, str]
) -> None:
    llm.play([head(), HANG], streamed(RIGHT))
    before = len(llm.requests)
    with talking.open("/v1/ask", {"question": AIR}, **same):
        wait_for(lambda: len(llm.requests) > before)
        reply = talking.post("/v1/ask", {"question": AIR}, **same)
        assert reply.json["generator"]["kind"] == "llm"
    assert llm.wait_until_idle(2)


@pytest.mark.parametrize("shape", SHAPES)
def test_an_answer_whose_sending_broke_off_is_there_for_the_repeat(
    talking: Service, llm: LLMServer, same: dict[str, str], shape: str
) -> None:
    path, body = SHAPES[shape]
    before = len(llm.requests)
    with talking.open(path, body, **same) as connection:
        wait_for(lambda: len(llm.requests) > before)
        assert llm.wait_until_idle(2)
        wait_for(lambda: not talking.tasks())  # the answer is on its way, and nobody reads it
        connection.recv(1)
    assert b"12.5%" in talking.post(path, body, **same).body
    assert len(llm.requests) == before + 1


def test_a_withdrawn_document_does_not_come_back_by_a_repeat(
    base: Settings,
    embedder: Embedder,
    same: dict[str, str],
    tmp_path: Path,
) -> None:
    pages, index_dir = tmp_path / "pages", tmp_path / "index"
    pages.mkdir()
    for day, length in ((1, 412), (2, 430)):
        text = f"云汀桥通车\n\n本报讯（记者 林亦舟）云汀桥昨日通车，全长{length}米。\n"
        (pages / f"云汀报_2021-01-0{day}_01版.txt").write_text(text, "utf-8")
    build_index([pages], index_dir, embedder)
    body = {"question": "云汀桥全长多少米？"}
    with running(
        replace(base, index_dir=index_dir), Parts(live_index=partial(LiveIndex, refresh_every_s=0.05))
    ) as site:
        first = site.post("/v1/ask", body, **same)
        assert "412" in first.body.decode()
        assert site.post("/v1/ask", body, **same).body == first.body
        (pages / "云汀报_2021-01-01_01版.txt").unlink()
        built = build_index([pages], index_dir, embedder)
        wait_for(lambda: site.get("/ready").json["index_generation"] == built.manifest.generation)
        again = site.post("/v1/ask", body, **same)
    assert again.json["citations"]
    assert "412" not in again.body.decode()
    assert again.json["index_generation"] != first.json["index_generation"]


# ---- what is kept


@dataclass
class Clock:
    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def answerer(sample: Generation, embedder: Embedder) -> Answerer:
    return Answerer(sample, embedder)


def key(request_id: str = "a", caller: str = "", body: bytes = b"{}", path: str = "/v1/ask") -> IdempotencyKey:
    found = idempotency_key(request_id, path, body, caller)
    assert found
    return found


def playing(cache: IdempotencyCache, answerer: Answerer, given: IdempotencyKey | None) -> AsyncGenerator[Event, None]:
    return cache.events(answerer.events(Query(AIR)), answerer.generation.manifest.generation, given)


async def heard(cache: IdempotencyCache, answerer: Answerer, given: IdempotencyKey | None) -> list[Event]:
    return [event async for event in playing(cache, answerer, given)]


async def answered(cache: IdempotencyCache, answerer: Answerer, given: IdempotencyKey | None) -> Answer:
    last = (await heard(cache, answerer, given))[-1]
    assert isinstance(last, Done)
    return last.answer


async def test_the_events_are_played_again_as_they_were(answerer: Answerer) -> None:
    cache = IdempotencyCache()
    first = await heard(cache, answerer, key())
    assert await heard(cache, answerer, key()) == first
    assert len(first) > 3


@pytest.mark.parametrize("other", [key("b"), key(caller="b"), key(body=b"{ }"), key(path="/v1/chat/completions")])
async def test_another_id_caller_body_or_route_is_another_question(answerer: Answerer, other: IdempotencyKey) -> None:
    cache = IdempotencyCache()
    first = await answered(cache, answerer, key())
    assert (await answered(cache, answerer, other)).id != first.id
    assert len(cache) == 2


async def test_a_request_without_an_id_is_not_kept(answerer: Answerer) -> None:
    cache = IdempotencyCache()
    assert idempotency_key(None, "/v1/ask", b"{}") is None
    await answered(cache, answerer, None)
    assert len(cache) == 0


async def test_only_so_many_answers_are_kept_and_the_oldest_goes_first(answerer: Answerer) -> None:
    cache = IdempotencyCache(max_answers=2)
    first, second, third = [(await answered(cache, answerer, key(name))).id for name in "abc"]
    assert len(cache) == 2
    assert (await answered(cache, answerer, key("b"))).id == second
    assert (await answered(cache, answerer, key("c"))).id == third
    assert (await answered(cache, answerer, key("a"))).id != first


async def test_an_answer_is_kept_for_its_time_only(answerer: Answerer) -> None:
    clock = Clock()
    cache = IdempotencyCache(max_age_s=600, clock=clock)
    first = await answered(cache, answerer, key())
    clock.seconds = 600
    assert (await answered(cache, answerer, key())).id == first.id
    clock.seconds = 601
    assert (await answered(cache, answerer, key())).id != first.id
    assert len(cache) == 1


async def test_another_generation_forgets_everything(answerer: Answerer, town: Generation, embedder: Embedder) -> None:
    cache = IdempotencyCache()
    first = await answered(cache, answerer, key())
    other = Answerer(town, embedder)
    assert (await answered(cache, other, key())).id != first.id
    assert len(cache) == 1
    assert (await answered(cache, answerer, key())).id != first.id


async def test_an_answer_that_a_swap_overtook_is_not_kept(
    answerer: Answerer, town: Generation, embedder: Embedder
) -> None:
    cache = IdempotencyCache()
    slow = playing(cache, answerer, key("slow"))
    await anext(slow)
    await answered(cache, Answerer(town, embedder), key("after the swap"))
    overtaken: list[Any] = [event async for event in slow]
    assert isinstance(overtaken[-1], Done)
    assert len(cache) == 1


async def test_of_two_that_ran_side_by_side_the_first_to_finish_is_kept(answerer: Answerer) -> None:
    cache = IdempotencyCache()
    slow = playing(cache, answerer, key())
    await anext(slow)
    first = await answered(cache, answerer, key())
    assert [event async for event in slow]
    assert (await answered(cache, answerer, key())).id == first.id
