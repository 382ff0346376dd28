"""rag.service.live_index: one generation after another under load; each is let go of with its last request."""

import asyncio
import gc
import os
import shutil
import threading
import time
import weakref
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from api_server import Reply, Service, running, wait_for
from archive import mapped

from index.build import build_index
from index.embedding.embedder import Embedder
from index.store.durable import write_whole
from index.store.generations import CURRENT, GENERATIONS, Generation, open_generation
from index.store.manifest import Manifest, verify
from rag.api.server import Parts
from rag.config import Settings
from rag.records import Query
from rag.service.live_index import LiveIndex

SWAPS = 8
QUICK = Parts(live_index=partial(LiveIndex, refresh_every_s=0.02))


class Press:
    """An archive that a page is added to at every swap; each publication drops the generation before the last."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self.pages, self.index_dir, self.embedder, self.number = folder / "pages", folder / "index", embedder, 0
        self.pages.mkdir()

    def publish(self) -> str:
        self.number += 1
        text = f"云汀桥第{self.number}次检修\n\n本报讯 云汀桥第{self.number}次检修昨日完成，用时{self.number}天。\n"
        (self.pages / f"云汀报_2021-01-{self.number % 28 + 1:02}_{self.number}版.txt").write_text(text, "utf-8")
        return build_index([self.pages], self.index_dir, self.embedder).manifest.generation


@pytest.fixture
def press(tmp_path: Path, embedder: Embedder) -> Press:
    return Press(tmp_path, embedder)


@contextmanager
def asking(site: Service, threads: int) -> Iterator[tuple[list[Reply], Counter[str]]]:
    """Ask in turn as JSON, as events and as a search until the block ends; yields what failed, and replies of each generation."""
    failed: list[Reply] = []
    seen: Counter[str] = Counter()
    done = threading.Event()

    def keep_asking() -> None:
        question = "云汀桥第1次检修用时几天？"
        while not done.is_set():
            plain, streamed = site.ask(question), site.ask(question, stream=True)
            found = site.post("/v1/search", {"query": "云汀桥检修"})
            answers = [plain.json, streamed.events()[-1][1]] if plain.status == streamed.status == 200 else []
            if found.status != 200 or [answer.get("status") for answer in answers] != ["answered"] * 2:
                failed.extend([plain, streamed, found])
                return
            seen.update([*(answer["index_generation"] for answer in answers), found.json["index_generation"]])

    workers = [threading.Thread(target=keep_asking) for _ in range(threads)]
    for worker in workers:
        worker.start()
    try:
        yield failed, seen
    finally:
        done.set()
        for worker in workers:
            worker.join()


needs_proc = pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="Linux only")


@pytest.mark.slow
@needs_proc
def test_no_request_fails_while_generations_are_swapped_and_old_ones_are_let_go_of(
    base: Settings, press: Press
) -> None:
    published = [press.publish()]
    others = mapped()  # of indexes that other tests opened
    with running(replace(base, index_dir=press.index_dir), QUICK) as site:
        with asking(site, 2) as (failed, seen):
            for _ in range(SWAPS):
                published.append(press.publish())
                wait_for(lambda: published[-1] in seen or failed, 15)
        assert not failed, failed[0].body
        assert len(seen) >= SWAPS
        wait_for(lambda: mapped() <= others | {published[-1]}, 5)


@pytest.mark.benchmark
@needs_proc
def test_a_hundred_swaps_under_load_fail_nothing_and_leave_nothing(base: Settings, press: Press) -> None:
    press.publish()

    def held() -> tuple[int, int]:
        gc.collect()
        status = Path("/proc/self/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) // 1024, len(os.listdir("/proc/self/fd"))  # noqa: PTH208

    with running(replace(base, index_dir=press.index_dir), QUICK) as site:
        figures, begun = [], time.monotonic()
        with asking(site, 3) as (failed, seen):
            for number in range(100):
                latest = press.publish()
                wait_for(lambda latest=latest: latest in seen or failed, 15)  # type: ignore[misc]
                if number % 10 == 9:
                    figures.append(held())
        assert not failed, failed[0].body
        print(f"{seen.total()} requests, {seen.total() / (time.monotonic() - begun):.0f} a second")
        print("RSS in MiB and descriptors after each ten swaps:", figures)
        assert figures[-1][0] - figures[2][0] < 60
        assert abs(figures[-1][1] - figures[2][1]) <= 20


def test_a_request_in_flight_finishes_on_its_generation_though_that_is_gone_from_the_disk(
    base: Settings, press: Press
) -> None:
    first = press.publish()

    async def run() -> None:
        live = LiveIndex(replace(base, index_dir=press.index_dir))
        held = await live.answerer()
        for _ in range(3):
            press.publish()
            await live.refresh()
        assert not (press.index_dir / GENERATIONS / first).exists()
        answer = await held.answer(Query("云汀桥第1次检修用时几天？"))
        assert (answer.status, answer.index_generation) == ("answered", first)
        newest = await live.answerer()
        assert newest is not held
        gone = weakref.ref(held.generation.catalogue)
        del held
        gc.collect()
        assert gone() is None, "nothing else keeps the old generation"
        await live.aclose()

    asyncio.run(run())


def test_requests_do_not_wait_for_a_generation_that_is_being_opened(base: Settings, press: Press) -> None:
    press.publish()
    opening, go_on = threading.Event(), threading.Event()
    opened: list[Generation] = []

    def open_slowly(*places: Path, **options: Any) -> Generation:
        if opened:  # the second one
            opening.set()
            assert go_on.wait(10)
        opened.append(open_generation(*places, **options))
        return opened[-1]

    async def run() -> None:
        live = LiveIndex(replace(base, index_dir=press.index_dir), open_index=open_slowly)
        first = await live.answerer()
        published = press.publish()
        looking = asyncio.create_task(live.refresh())
        await asyncio.to_thread(opening.wait, 10)
        assert await asyncio.wait_for(live.answerer(), 1) is first
        go_on.set()
        await looking
        assert (await live.answerer()).generation.manifest.generation == published

    asyncio.run(run())


def test_what_is_published_over_and_removed_while_it_is_being_opened_gives_way_to_the_new_one(
    press: Press, embedder: Embedder
) -> None:
    first = press.publish()
    published: list[str] = []

    def overtaken(folder: Path, manifest: Manifest) -> None:
        verify(folder, manifest)
        if not published:
            published.append("")
            published[0] = press.publish()
            shutil.rmtree(press.index_dir / GENERATIONS / first)  # as after a withdrawal

    generation = open_generation(press.index_dir, embedder=embedder.spec, check=overtaken)
    assert generation.manifest.generation == published[0] != first
    generation.close()


def test_ready_says_that_a_newer_generation_is_corrupt_and_which_one_is_served(base: Settings, press: Press) -> None:
    good = press.publish()
    with running(replace(base, index_dir=press.index_dir), QUICK) as site:
        fine = site.get("/ready").json
        assert (fine["status"], fine["message"], fine["llm_configured"]) == ("ok", None, False)
        bad = press.index_dir / GENERATIONS / "000009-deadbeef"
        shutil.copytree(press.index_dir / GENERATIONS / good, bad)
        (bad / "vectors.faiss").write_bytes(b"damaged")
        write_whole(press.index_dir / CURRENT, bad.name.encode())
        wait_for(lambda: site.get("/ready").json["status"] == "degraded")
        ready = site.get("/ready")
        assert (ready.status, ready.json["index_generation"]) == (200, good)
        assert good in ready.json["message"]
        assert "vectors.faiss" in ready.json["message"]
        assert site.ask().json["index_generation"] == good
        write_whole(press.index_dir / CURRENT, good.encode())
        wait_for(lambda: site.get("/ready").json["status"] == "ok")


def test_a_corrupt_generation_is_not_checked_again_at_every_look(base: Settings, press: Press) -> None:
    press.publish()
    checks: list[float] = []

    def open_counted(*places: Path, **options: Any) -> Generation:
        checks.append(time.monotonic())
        return open_generation(*places, **options)

    async def run() -> None:
        live = LiveIndex(replace(base, index_dir=press.index_dir), open_index=open_counted)
        await live.refresh()
        latest = press.publish()
        (press.index_dir / GENERATIONS / latest / "centre.npz").write_bytes(b"damaged")
        checks.clear()
        for _ in range(5):
            await live.refresh()
        assert len(checks) == 1
        assert live.error
        assert "centre.npz" in live.error
        await live.refresh(again=True)  # as after a build of one's own
        assert len(checks) == 2

    asyncio.run(run())


def test_a_start_on_a_damaged_generation_serves_the_one_before_says_so_once_and_takes_the_repaired_one(
    base: Settings, press: Press, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = press.publish(), press.publish()
    (press.index_dir / GENERATIONS / second / "vectors.faiss").write_bytes(b"damaged")

    async def run() -> None:
        live = LiveIndex(replace(base, index_dir=press.index_dir))
        for again in (False, False, True):
            await live.refresh(again=again)
        assert (await live.answerer()).generation.manifest.generation == first
        assert "vectors.faiss" in str(live.error)
        assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1
        repaired = press.publish()
        await live.refresh()
        assert (await live.answerer()).generation.manifest.generation == repaired
        assert live.error is None

    asyncio.run(run())


@pytest.mark.parametrize("damaged", [b"", b"\xff\xfe\0", b"000002-nothing", None])
def test_where_current_is_damaged_a_running_service_keeps_what_it_serves_and_a_start_serves_the_newest(
    damaged: bytes | None, base: Settings, press: Press
) -> None:
    press.publish()
    newest = press.publish()
    path = press.index_dir / CURRENT

    async def run() -> None:
        running_on, started = (LiveIndex(replace(base, index_dir=press.index_dir)) for _ in range(2))
        await running_on.refresh()
        served = await running_on.answerer()
        path.unlink() if damaged is None else path.write_bytes(damaged)
        for live in (running_on, started):
            await live.refresh()
            assert (await live.answerer()).generation.manifest.generation == newest
            assert CURRENT in str(live.error)
        assert await running_on.answerer() is served
        path.write_text(newest)
        await started.refresh()
        assert started.error is None

    asyncio.run(run())


def test_nothing_keeps_an_answerer_or_its_generation_that_no_request_holds(base: Settings, press: Press) -> None:
    (press.pages / "News_2021-02-01_1.txt").write_text(
        "The bridge\n\nThe bridge was closed for nine days, the town said.\n"
    )
    press.publish()

    async def run() -> None:
        live = LiveIndex(replace(base, index_dir=press.index_dir))
        for question in ("云汀桥第1次检修用时几天？", "云丁桥第1次检修用了几天？", "你好", "最近有什么新闻？"):
            await (await live.answerer()).answer(Query(question))
        held = await live.answerer()
        old: list[weakref.ref[Any]] = [weakref.ref(held), weakref.ref(held.generation)]
        del held
        press.publish()
        gc.disable()
        try:
            await live.refresh()
            await asyncio.sleep(0)  # the callback that handed the answerer over
            kept = [reference() for reference in old]
        finally:
            gc.enable()
        assert kept == [None, None], "counted references alone must let go of it: cycles wait for a collection"

    asyncio.run(run())
