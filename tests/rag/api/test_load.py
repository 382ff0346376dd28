"""Many clients at once, and clients that go away: what is left behind, and, as benchmarks, how fast it is.

The benchmarks: pytest -m benchmark tests/rag/api/test_load.py -s; or tests/benchmarks/service_load.py, with an index and questions of one's own.
"""

import asyncio
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from api_server import Service, running, wait_for
from benchmarks.service_load import SUPPORT, Served, measure, sample_questions, serving
from streams import Leaving, Stream, arrive, notes_of, vary

from rag.config import load_settings
from rag.question.preamble import strip_preamble

WAYS: tuple[Leaving, ...] = ("fin", "rst", "half")
UPSTREAM_S = 1.0
"""Within which the LLM's connection is to be closed after a client has left."""


def leavers(count: int, within_s: float) -> list[Stream]:
    """Clients that go away at random moments, by each of the ways alike often."""
    chance = random.Random(7)
    questions = vary(sample_questions(), count)
    return [
        Stream(question, WAYS[number % len(WAYS)], chance.uniform(0, within_s))
        for number, question in enumerate(questions)
    ]


def closing_s(streams: Sequence[Stream], llm_port: int) -> list[float]:
    """How long after each client's leaving the LLM's connection was closed, where there was one; 0 where it was done."""
    deadline = time.monotonic() + 10
    notes: dict[object, dict[str, object]] = {}
    while time.monotonic() < deadline:  # what is still open is told again
        notes |= {(note["question"], note["got"]): note for note in notes_of(llm_port)}
        if all(note["lost"] is not None for note in notes.values()):
            break
        time.sleep(0.1)
    left: dict[str, list[float]] = {}
    for stream in streams:  # the LLM is asked without what only opens and closes a question
        if stream.left is not None:
            left.setdefault(strip_preamble(stream.question), []).append(stream.left)
    waits = []
    for note in notes.values():
        lost, got = note["lost"], note["got"]
        assert isinstance(got, float)
        assert lost is not None, "a connection to the LLM stayed open"
        assert isinstance(lost, float)
        assert got <= lost
        gone = [moment for moment in left.get(strip_preamble(str(note["question"])), []) if moment <= lost]
        waits.append(lost - max(gone) if gone else 0.0)
    return waits


@pytest.fixture(scope="module")
def llm_port() -> Iterator[int]:
    """A paced LLM, quick, for short answers."""
    command = [sys.executable, str(SUPPORT / "paced_llm.py"), "--speed", "60", "--tokens", "150"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.terminate()


@pytest.fixture(scope="module")
def site(sample_index_dir: Path, cache_dir: Path, llm_port: int) -> Iterator[Service]:
    base = replace(load_settings({}, None), index_dir=sample_index_dir, cache_dir=cache_dir)
    settings = replace(base, openai_base_url=f"http://127.0.0.1:{llm_port}/v1", openai_model="paced")
    with running(settings) as started:
        asyncio.run(arrive(started.port, [Stream("白鹭湿地公园最终建成面积是多少？", "fin", 0.5)], 0))
        yield started


@pytest.mark.slow
def test_sixty_clients_that_leave_leave_nothing_behind(site: Service, llm_port: int) -> None:
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - counts only
    streams = leavers(60, within_s=1)
    asyncio.run(arrive(site.port, streams, per_s=30))
    waits = closing_s(streams, llm_port)
    assert len(waits) > 30, "half of them had not got as far as the LLM"
    assert np.percentile(waits, 99) <= UPSTREAM_S
    wait_for(lambda: not site.tasks())
    wait_for(lambda: len(os.listdir("/proc/self/fd")) <= before + 2)  # noqa: PTH208


@pytest.mark.slow
def test_a_stream_that_nobody_reads_does_not_hold_up_another(site: Service, llm_port: int) -> None:
    deaf, heard = Stream("石桥街道东里小区是怎样增加停车位的？"), Stream("区政务服务中心新址在哪里？")

    async def run() -> None:
        loop = asyncio.get_running_loop()
        transport, _stream = await loop.create_connection(lambda: deaf, "127.0.0.1", site.port)
        assert isinstance(transport, asyncio.Transport)
        transport.pause_reading()
        await loop.create_connection(lambda: heard, "127.0.0.1", site.port)
        await heard.wait(20)
        transport.abort()

    asyncio.run(run())
    assert heard.done
    assert deaf.received == 0
    closing_s([deaf, heard], llm_port)
    wait_for(lambda: not site.tasks())


# ---- benchmarks


@pytest.fixture(scope="module")
def served(sample_index_dir: Path) -> Iterator[Served]:
    with serving(sample_index_dir, tokens=400) as started:
        asyncio.run(arrive(started.port, [Stream(question) for question in sample_questions()], 5))
        yield started


@pytest.mark.benchmark
@pytest.mark.parametrize("workers", [1, 2])
def test_two_hundred_streams_wait_for_the_llm_and_hardly_for_us(sample_index_dir: Path, workers: int) -> None:
    """Targets: 30 ms for half of them, 200 ms for 99 of 100; none broken."""
    questions = vary(sample_questions(), 1000)
    with serving(sample_index_dir, workers=workers, tokens=400) as site:
        asyncio.run(arrive(site.port, [Stream(question) for question in questions[-20:]], 5))
        steady = measure(site, questions[:800], per_s=10)
        print(f"\n{workers} worker(s), 10 a second\n{steady}")
        at_once = measure(site, questions[-200:], per_s=0)
        print(f"all at the same instant\n{at_once}")
    assert steady.most_open >= 180
    assert steady.broken == 0
    assert at_once.broken == 0
    assert np.percentile(steady.first, 50) <= 30
    assert np.percentile(steady.first, 99) <= 200


@pytest.mark.benchmark
def test_a_thousand_clients_that_leave_leave_nothing_behind(served: Served) -> None:
    asyncio.run(arrive(served.port, leavers(60, within_s=2), per_s=15))  # threads and caches are there from now on
    time.sleep(2)
    notes_of(served.llm_port)
    files, resident = served.open_files(), served.resident_mib()
    streams = leavers(1000, within_s=4)
    asyncio.run(arrive(served.port, streams, per_s=15))
    waits = closing_s(streams, served.llm_port)
    time.sleep(2)
    print(
        f"\n{len(waits)} of 1000 had a connection to the LLM; closed after p50 {np.percentile(waits, 50):.3f}, "
        f"p99 {np.percentile(waits, 99):.3f}, at most {max(waits):.3f} s; descriptors {files} → {served.open_files()}, "
        f"resident {resident:.0f} → {served.resident_mib():.0f} MiB"
    )
    assert np.percentile(waits, 99) <= UPSTREAM_S
    assert abs(served.open_files() - files) <= 2
    assert served.resident_mib() <= resident + 20


@pytest.mark.benchmark
def test_five_times_as_many_questions_as_can_be_answered_break_nothing(served: Served) -> None:
    questions = vary(sample_questions(), 1500)
    flooded = measure(served, questions[500:], per_s=100)
    after = measure(served, questions[:20], per_s=2)
    print(f"\n100 questions a second\n{flooded}\nafterwards, 2 a second\n{after}")
    assert after.broken == 0
