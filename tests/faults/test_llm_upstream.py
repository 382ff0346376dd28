"""Whatever an LLM's server does wrong (tests/support/llm_faults.py), a question ends in an answer in its time."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from api_server import AIR
from fault_figures import Tried
from llm_faults import ANSWERS, FAULTS, SAID, UNDERSTOOD, unreachable
from llm_server import LLMServer

from index.embedding.embedder import Embedder
from index.store import Generation
from rag.answer import Answerer
from rag.api.streaming.events import AskEventEncoder
from rag.errors import ChatModelError
from rag.llm.openai import OpenAIChatModel
from rag.records import Answer, Delta, Done, Message, Query

pytestmark = [pytest.mark.fault, pytest.mark.anyio]
TOTAL_S = 2.4
SLACK_S = 1.0
AT_ONCE = 8
EVERY = {**UNDERSTOOD, **ANSWERS, **FAULTS}
SPARE = 2
"""Tasks and descriptors that may be on their way out when they are counted."""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def addresses() -> Iterator[dict[str, str]]:
    """Name of a fault → base_url."""
    with LLMServer([], named=EVERY) as server, unreachable() as dead:
        yield {**{name: f"{server.base_url}/{quote(name)}" for name in EVERY}, **dead}
        assert server.wait_until_idle()


def model_of(base_url: str) -> OpenAIChatModel:
    return OpenAIChatModel(
        base_url,
        "key",
        "m",
        connect_timeout_s=0.3,
        first_token_timeout_s=1.0,
        idle_timeout_s=0.8,
        total_timeout_s=TOTAL_S,
        end_grace_s=0.3,
        backoff_s=0.02,
    )


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@asynccontextmanager
async def nothing_left() -> AsyncIterator[None]:
    """Afterwards there are as many tasks and descriptors as before."""
    before = len(asyncio.all_tasks()), descriptors()
    yield
    deadline = time.monotonic() + 3
    while (now := (len(asyncio.all_tasks()), descriptors())) > before and time.monotonic() < deadline:
        await asyncio.sleep(0.02)
    assert now[0] <= before[0] + SPARE
    assert now[1] <= before[1] + SPARE


async def try_all(names: list[str], attempt: Callable[[str], Awaitable[str]]) -> dict[str, str]:
    """Name → what went wrong, "" for nothing; some at a time."""
    at_once = asyncio.Semaphore(AT_ONCE)

    async def one(name: str) -> tuple[str, str]:
        async with at_once:
            return name, await attempt(name)

    return dict(await asyncio.gather(*map(one, names)))


def tell(tried: Tried, what: str, wrong: dict[str, str]) -> None:
    failed = {name: why for name, why in wrong.items() if why}
    print(failed)  # shown where it fails
    tried(what, len(wrong) - len(failed), len(wrong))


async def test_every_reply_ends_in_text_or_in_a_typed_error(addresses: dict[str, str], tried: Tried) -> None:
    async def attempt(name: str) -> str:
        text, reason, started = "", "", time.monotonic()
        async with model_of(addresses[name]) as model:
            try:
                async for piece in model.stream([Message("user", AIR)], max_tokens=50):
                    text += piece if isinstance(piece, str) else ""
            except ChatModelError as error:
                reason = error.reason
        seconds = time.monotonic() - started
        if seconds > TOTAL_S + SLACK_S:
            return f"took {seconds:.1f} s"
        if name in UNDERSTOOD:
            return "" if (text, reason) == (SAID, "") else f"{text!r} {reason}"
        if name in ANSWERS:
            return "" if text.startswith(SAID) else f"{text!r} {reason}"
        return "" if reason or len(text) < len(SAID) else f"{text!r}"

    async with nothing_left():
        tell(tried, "an LLM's replies", await try_all(list(addresses), attempt))


@pytest.fixture(scope="module")
def answerer_of(sample: Generation, embedder: Embedder) -> Callable[[OpenAIChatModel], Answerer]:
    whole = Answerer(sample, embedder)

    def asking(chat: OpenAIChatModel) -> Answerer:
        answerer = whole.without_llm()  # what was found for the question is found once
        answerer._chat = chat
        return answerer

    return asking


@pytest.mark.parametrize("is_streamed", [True, False], ids=["streamed", "whole"])
async def test_every_reply_ends_in_the_right_answer(
    addresses: dict[str, str],
    answerer_of: Callable[[OpenAIChatModel], Answerer],
    is_streamed: bool,
    tried: Tried,
) -> None:
    async def attempt(name: str) -> str:
        started = time.monotonic()
        async with model_of(addresses[name]) as model:
            answer, text = await (_streamed if is_streamed else _whole)(answerer_of(model))
        seconds = time.monotonic() - started
        if seconds > TOTAL_S + SLACK_S:
            return f"took {seconds:.1f} s"
        marks = {int(mark) for mark in re.findall(r"\[(\d+)\]", answer.answer)}
        is_right = (
            "42" in answer.answer and marks == {citation.n for citation in answer.citations} and text == answer.answer
        )
        by_llm = answer.generator.kind == "llm"
        if by_llm != (name in UNDERSTOOD or name in ANSWERS) or not is_right:
            return f"{answer.generator} {answer.status}: {answer.answer!r}"
        return ""

    await _whole(answerer_of(model_of(addresses["404"])))
    async with nothing_left():
        wrong = await try_all(list(addresses), attempt)
    tell(tried, f"answers to an LLM's replies, {'streamed' if is_streamed else 'whole'}", wrong)


async def _streamed(answerer: Answerer) -> tuple[Answer, str]:
    """The answer, and its text as a listener hears it."""
    encoder, text = AskEventEncoder(), ""
    async with aclosing(answerer.events(Query(AIR))) as events:
        async for event in events:
            encoder.event(event)
            if isinstance(event, Delta):
                text += event.text
            elif isinstance(event, Done):
                return event.answer, text
    raise AssertionError("no end")


async def _whole(answerer: Answerer) -> tuple[Answer, str]:
    answer = await answerer.answer(Query(AIR))
    AskEventEncoder().event(Done(answer))
    return answer, answer.answer
