"""Clients that leave while an LLM writes, tasks cancelled twice, an LLM that sends all at once, an LLM that is dead.

1,000 clients leave with --hypothesis-profile=long, 60 without.
"""

import asyncio
import contextlib
import gc
import random
import socket
import statistics
import struct
import time
from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from api_server import AIR, RIGHT, Service, running, wait_for
from fault_figures import Tried
from hypothesis import settings as hypothesis_settings
from llm_server import DONE, HANG, STOP, LLMServer, Reply, delta, head, streamed

from rag.api.server import Parts
from rag.config import Settings
from rag.errors import ChatModelError
from rag.llm.breaker import MAX_FAILURES
from rag.llm.guarded import GuardedChatModel
from rag.llm.openai import OpenAIChatModel
from rag.records import Message, Usage
from rag.service.live_index import LiveIndex

pytestmark = pytest.mark.fault
AT_ONCE = 6
LATE_S = 1.0
TRIAL_EVERY_S = 0.3
SPARE = 2
MAX_GROWTH_KB = 20_000
HELD_S = 0.05
"""Of the event loop's own time: what other processes take of the machine does not count."""
WRITING: Reply = [head(), delta(RIGHT), *[step for _ in range(300) for step in (0.01, delta("优良"))], HANG]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def memory_kb() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4


def open_tasks(site: Service) -> int:
    async def count() -> int:
        return len(asyncio.all_tasks())

    return asyncio.run_coroutine_threadsafe(count(), site.loop).result(5)


def leave(connection: socket.socket, how: str) -> None:
    if how == "half-close":
        connection.shutdown(socket.SHUT_WR)
        return
    if how == "reset":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def test_clients_that_leave_at_any_time_leave_nothing_behind(talking: Service, llm: LLMServer, tried: Tried) -> None:
    turns = 1000 if hypothesis_settings().max_examples > 1000 else 60
    chance, late = random.Random(7), 0
    llm.play(streamed(RIGHT))
    talking.ask()
    llm.play(WRITING)
    tasks, open_before, memory = open_tasks(talking), descriptors(), memory_kb()
    for _ in range(turns // AT_ONCE):
        asked, connections = len(llm.requests), []
        for _ in range(AT_ONCE):
            stream = chance.random() < 0.7
            connections.append(talking.open("/v1/ask", {"question": AIR, "stream": stream}))
        wait_for(lambda asked=asked: len(llm.requests) >= asked + AT_ONCE, 20)  # type: ignore[misc]
        for connection in connections:
            time.sleep(chance.random() * 0.03)
            leave(connection, chance.choice(["close", "reset", "half-close"]))
        late += not llm.wait_until_idle(LATE_S)
        for connection in connections:
            connection.close()
    rounds = turns // AT_ONCE
    tried(
        "clients that leave: the LLM's connections are closed within a second",
        (rounds - late) * AT_ONCE,
        rounds * AT_ONCE,
    )
    wait_for(lambda: open_tasks(talking) <= tasks + SPARE)
    wait_for(lambda: descriptors() <= open_before + SPARE)
    assert memory_kb() - memory < MAX_GROWTH_KB
    llm.play(streamed(RIGHT))
    assert talking.ask().json["generator"]["kind"] == "llm"


@pytest.mark.anyio
async def test_tasks_cancelled_twice_while_a_timeout_ends_leave_nothing_behind(tried: Tried) -> None:
    replies: list[Reply] = [[HANG], [head()[:30], HANG], [head(), HANG], [head(), delta("北"), HANG], WRITING]
    chance, turns, right = random.Random(11), 150, 0

    async def listen(model: GuardedChatModel) -> None:
        with contextlib.suppress(ChatModelError, TimeoutError):
            async with asyncio.timeout(chance.random() * 0.03), contextlib.aclosing(_stream(model)) as pieces:
                async for _ in pieces:
                    await asyncio.sleep(chance.random() * 0.005)

    gc.disable()  # it would close what is left open
    try:
        with LLMServer(*replies) as server:
            chat = OpenAIChatModel(server.base_url, "key", "m", first_token_timeout_s=0.02, idle_timeout_s=0.02)
            async with contextlib.aclosing(GuardedChatModel(chat)) as model:
                tasks, open_before = len(asyncio.all_tasks()), descriptors()
                for _ in range(turns):
                    server.play(chance.choice(replies))
                    task = asyncio.create_task(listen(model))
                    await asyncio.sleep(chance.random() * 0.03)
                    for _ in range(3):
                        task.cancel()
                        for _ in range(chance.randrange(4)):
                            await asyncio.sleep(0)
                    await asyncio.wait((task,))
                    model._breaker.recovered()
                    right += await asyncio.to_thread(server.wait_until_idle, LATE_S)
                await asyncio.sleep(0.05)
                assert len(asyncio.all_tasks()) <= tasks + SPARE
                assert descriptors() <= open_before + SPARE + 1  # the thread pool's own
    finally:
        gc.enable()
    tried("tasks cancelled twice: the connection is closed", right, turns)


def _stream(model: GuardedChatModel) -> AsyncGenerator[str | Usage, None]:
    return model.stream([Message("user", "谁？")], max_tokens=50)


@contextlib.contextmanager
def holding(site: Service) -> Iterator[list[float]]:
    """Yield a list that holds, after the block, the longest time of its processor that one turn of the loop took."""
    longest, is_over = [0.0], False

    async def measure() -> None:
        while not is_over:
            before = time.thread_time()
            await asyncio.sleep(0)
            longest[0] = max(longest[0], time.thread_time() - before)

    measuring = asyncio.run_coroutine_threadsafe(measure(), site.loop)
    try:
        yield longest
    finally:
        is_over = True
        measuring.result(10)


@pytest.mark.parametrize("how", ["close", "reset", "stay"])
def test_ten_thousand_chunks_at_once_do_not_hold_the_event_loop(
    talking: Service, llm: LLMServer, how: str, tried: Tried
) -> None:
    burst = b"".join(delta(f"第{number}段没有依据。") for number in range(10_000))
    llm.play([head(), burst, STOP, DONE])
    with holding(talking) as longest:
        connection = talking.open("/v1/ask", {"question": AIR, "stream": True})
        if how == "stay":
            time.sleep(1)
        else:
            connection.recv(1000)
            leave(connection, how)
        assert talking.get("/health").status == 200
        connection.close()
        assert llm.wait_until_idle(3 * LATE_S)
    print(longest)
    tried("10,000 chunks at once: turns of the event loop within 50 ms", int(longest[0] <= HELD_S), 1)


def chat_with_short_waits(settings: Settings) -> GuardedChatModel:
    assert settings.openai_base_url
    chat = OpenAIChatModel(
        settings.openai_base_url, "", "m", first_token_timeout_s=0.3, total_timeout_s=1, backoff_s=0.01
    )
    return GuardedChatModel(chat, trial_every_s=TRIAL_EVERY_S)


@pytest.mark.parametrize("dead", [[], [HANG], [head(), HANG], [head(503)]], ids=["closes", "stalls", "begins", "busy"])
def test_a_dead_llm_costs_no_time_and_is_taken_back(base: Settings, dead: Reply, tried: Tried) -> None:
    parts = Parts(live_index=partial(LiveIndex, make_chat=chat_with_short_waits))
    with LLMServer(dead) as llm, running(replace(base, openai_base_url=llm.base_url, openai_model="m"), parts) as site:
        for _ in range(MAX_FAILURES):
            assert site.ask().json["generator"]["fallback_reason"] in {"unreachable", "timeout", "server_error"}
        ready = site.get("/ready")
        assert (ready.status, ready.json["status"], ready.json["llm_available"]) == (200, "degraded", False)
        assert "LLM" in ready.json["message"]
        assert b"wenju_llm_outages 1.0" in site.get("/metrics").body
        took_s, right = [], 0
        for _ in range(10):
            started = time.monotonic()
            answer = site.ask().json
            took_s.append(time.monotonic() - started)
            right += answer["generator"]["kind"] == "extractive" and "42" in answer["answer"]
        assert statistics.median(took_s) < 0.3
        llm.play(streamed(RIGHT))
        wait_for(lambda: site.get("/ready").json["llm_available"], TRIAL_EVERY_S + 3)
        assert site.ask().json["generator"]["kind"] == "llm"
        assert b"wenju_llm_outages 0.0" in site.get("/metrics").body
    tried("a dead LLM: answers at once", right, 10)
