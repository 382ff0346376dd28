import asyncio
import contextlib
import itertools
import logging
import time
from collections.abc import AsyncIterator

import pytest
from llm_server import CUT, HANG, LLMServer, Reply, closed_port_url, delta, head, status, streamed

from rag.errors import ChatModelError
from rag.llm.breaker import MAX_FAILURES
from rag.llm.guarded import GuardedChatModel
from rag.llm.openai import OpenAIChatModel
from rag.records import Message

pytestmark = pytest.mark.anyio
EVERY_S = 0.3
DEAD: dict[str, Reply] = {
    "it cuts connections": [CUT],
    "it is busy": status(503),
    "it says that it is asked too often": status(429),
    "it says nothing": [HANG],
    "it falls silent": [head(), delta("北"), HANG],
}
OWN_FAULTS: dict[str, Reply] = {
    "the key is refused": status(401),
    "no such model": status(404),
    "the prompt is too long": status(400),
    "a page": [head(200, "text/html"), b"<html>"],
    "an answer that breaks off": [head(), delta("北"), CUT],
    "the filter": [head(), delta("北", finish="content_filter")],
}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@contextlib.asynccontextmanager
async def guarded(base_url: str, total_s: float = 2.0) -> AsyncIterator[GuardedChatModel]:
    chat = OpenAIChatModel(
        base_url,
        "key",
        "m",
        connect_timeout_s=0.5,
        first_token_timeout_s=0.15,
        idle_timeout_s=0.15,
        total_timeout_s=total_s,
        backoff_s=0.01,
    )
    async with contextlib.aclosing(GuardedChatModel(chat, trial_every_s=EVERY_S)) as model:
        yield model


async def ask(model: GuardedChatModel) -> str:
    """The text, or the reason that there is none."""
    text = ""
    try:
        async for piece in model.stream([Message("user", "谁？")], max_tokens=50):
            text += piece if isinstance(piece, str) else ""
    except ChatModelError as error:
        return error.reason
    return text


async def fail(model: GuardedChatModel, times: int = MAX_FAILURES) -> None:
    for _ in range(times):
        await ask(model)


@pytest.mark.timed
@pytest.mark.parametrize("name", DEAD)
async def test_an_llm_that_fails_in_a_row_is_not_asked_and_the_reason_is_told_at_once(name: str) -> None:
    with LLMServer(DEAD[name]) as server:
        async with guarded(server.base_url) as model:
            assert (await ask(model), model.outage) != ("", None)
            await fail(model, MAX_FAILURES - 1)
            assert model.outage is not None
            asked, started = len(server.requests), time.monotonic()
            assert {await ask(model) for _ in range(20)} == {model.outage}
            assert time.monotonic() - started < 0.2
            assert len(server.requests) == asked


@pytest.mark.parametrize("name", OWN_FAULTS)
async def test_a_fault_of_the_question_or_of_the_settings_is_no_outage(name: str) -> None:
    with LLMServer(OWN_FAULTS[name]) as server:
        async with guarded(server.base_url) as model:
            await fail(model, 2 * MAX_FAILURES)
            assert model.outage is None
        assert len(server.requests) == 2 * MAX_FAILURES


async def test_an_answer_too_long_for_its_time_is_no_outage() -> None:
    slow: Reply = [head(), *[step for _ in range(100) for step in (delta("啊"), 0.03)]]
    with LLMServer(slow) as server:
        async with guarded(server.base_url, total_s=0.2) as model:
            assert {await ask(model) for _ in range(MAX_FAILURES + 1)} == {"timeout"}
            assert model.outage is None


async def test_an_llm_that_answers_again_is_asked_again_though_nobody_asked_meanwhile() -> None:
    with LLMServer(status(503)) as server:
        async with guarded(server.base_url) as model:
            await fail(model)
            server.play(streamed("好"))
            await asyncio.sleep(EVERY_S + 0.5)
            assert model.outage is None
            assert await ask(model) == "好"
        assert server.requests[-2].body["max_tokens"] == 1


async def test_trials_come_one_at_a_time_and_are_not_tried_again() -> None:
    with LLMServer(status(503)) as server:
        async with guarded(server.base_url) as model:
            await fail(model)
            before = len(server.requests)
            await asyncio.sleep(3.5 * EVERY_S)
            trials = server.requests[before:]
        assert 2 <= len(trials) <= 3
        assert all(later.at - earlier.at >= 0.9 * EVERY_S for earlier, later in itertools.pairwise(trials))


async def test_a_trial_that_is_lost_does_not_put_off_the_next() -> None:
    with LLMServer([CUT]) as server:
        model = GuardedChatModel(OpenAIChatModel(server.base_url, "key", "m", backoff_s=0.01), trial_every_s=0.1)
        async with contextlib.aclosing(model):
            await fail(model)
            server.play([HANG])
            await asyncio.sleep(0.15)
            server.play(streamed("好"))
            await asyncio.sleep(0.5)
            assert model.outage is None
            assert server.wait_until_idle()


async def test_every_change_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    with LLMServer(status(503)) as server, caplog.at_level(logging.WARNING, "rag.llm.guarded"):
        async with guarded(server.base_url) as model:
            await fail(model, 4 * MAX_FAILURES)
            server.play(streamed("好"))
            await asyncio.sleep(EVERY_S + 0.5)
            await ask(model)
    first, second = (record.getMessage() for record in caplog.records if record.name == "rag.llm.guarded")
    assert "server_error" in first
    assert "answers again" in second


async def test_closing_it_ends_its_trials() -> None:
    before = len(asyncio.all_tasks())
    async with guarded(closed_port_url()) as model:
        await fail(model)
        assert model.outage == "unreachable"
        assert len(asyncio.all_tasks()) > before
    assert len(asyncio.all_tasks()) == before
