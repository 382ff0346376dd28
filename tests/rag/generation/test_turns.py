"""rag.generation.turns: whose statement is judged next."""

import asyncio
import threading
import time
from functools import partial

import anyio
import pytest

from rag.generation.turns import Turns

pytestmark = pytest.mark.anyio


async def test_whoever_has_had_least_comes_first_and_of_equals_the_first() -> None:
    turns, gate = Turns(), threading.Event()
    order: list[str] = []
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(turns.take, 9.0, partial(gate.wait, 5))
        await anyio.sleep(0.02)
        for name, used_s in (("much", 3.0), ("some", 1.0), ("none", 0.0), ("none, later", 0.0)):
            tasks.start_soon(turns.take, used_s, partial(order.append, name))
            await anyio.sleep(0.01)
        gate.set()
    assert order == ["none", "none, later", "some", "much"]


async def test_one_piece_of_work_is_done_at_a_time() -> None:
    turns, now, most = Turns(), [0], [0]

    def work() -> None:
        now[0] += 1
        most[0] = max(most[0], now[0])
        time.sleep(0.002)
        now[0] -= 1

    async with anyio.create_task_group() as tasks:
        for number in range(20):
            tasks.start_soon(turns.take, float(number % 3), work)
    assert most == [1]


async def test_how_long_the_longest_waiting_one_has_waited_is_known() -> None:
    turns, gate = Turns(), threading.Event()
    assert turns.delay_s() == 0
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(turns.take, 0.0, partial(gate.wait, 5))
        await anyio.sleep(0.02)
        for used_s in (0.0, 3.0):  # the second comes after the first, however long it waits
            tasks.start_soon(turns.take, used_s, lambda: None)
            await anyio.sleep(0.05)
        assert turns.delay_s() >= 0.1
        gate.set()
    assert turns.delay_s() == 0


@pytest.mark.parametrize("wait_s", [0.0, 0.05])
async def test_who_leaves_the_line_leaves_the_turn_to_the_next(wait_s: float) -> None:
    turns, gate = Turns(), threading.Event()
    first = asyncio.create_task(turns.take(0.0, partial(gate.wait, 5)))
    await asyncio.sleep(0.01)
    leaving = asyncio.create_task(turns.take(0.0, lambda: None))
    last = asyncio.create_task(turns.take(1.0, lambda: "done"))
    await asyncio.sleep(0.01)
    gate.set()
    if wait_s == 0.0:
        leaving.cancel()
    else:
        await first
        leaving.cancel()  # it may have the turn already
    assert await asyncio.wait_for(last, 5) == "done"
    assert await asyncio.wait_for(turns.take(0.0, lambda: "again"), 5) == "again"


async def test_work_that_fails_passes_the_turn_on() -> None:
    turns = Turns()
    with pytest.raises(ZeroDivisionError):
        await turns.take(0.0, lambda: 1 // 0)
    assert await turns.take(0.0, lambda: 1) == 1
