"""Asks the served product for hours, by every kind of request, while documents are posted: does it grow, does anything fail?

    PYTHONPATH=tests:tests/support python tests/benchmarks/soak.py --index-dir DIR [--minutes 120] [--per-s 4] [--swaps 24] [--llm] > FIGURES

The index is copied, for documents are posted to it. Questions are all different, streamed and whole, some readers leave them; the
same few questions come again; searches, articles, feedback, metrics and broken requests come between. Prints the memory and the
descriptors of the service's processes every minute, with how many results its caches hold, and at last their slope after the warm-up.
"""

import argparse
import asyncio
import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from streams import Leaving, Stream, ask

from benchmarks.service_load import Served, sample_questions, serving

WARM_UP = 0.5
"""Share of the time in which caches fill; the slope is that of the rest. The last to be full is that of the answers, which
wait an hour for their rating."""
LEAVINGS: tuple[Leaving, ...] = ("fin", "rst", "half")
PAGE = "{place}村的{crop}今年种了{number}亩，比去年多{more}亩。\n\n本报讯 9月{day}日，云汀区{place}村的{crop}熟了，共收{number}亩。"
PLACES = ("柳湾", "沙河", "石桥", "榆树", "东堤", "南坡", "北岭", "西沟")
CROPS = ("葡萄", "蜜桃", "白梨", "板栗", "花生", "红薯", "番茄", "草莓")


class BusyError(Exception):
    """The service said when to come back."""


@dataclass
class Soak:
    """What was asked, what failed, and how the service stood meanwhile.

    Args:
        rows: (seconds since the beginning, resident MiB, descriptors).
        kept: results in the service's caches, when its figures were last asked for.
    """

    served: Served
    client: httpx.AsyncClient
    chance: random.Random
    questions: list[str]
    number: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    rows: list[tuple[float, float, int]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    articles: list[str] = field(default_factory=list)
    kept: int = 0

    def question(self) -> str:
        """One that nobody has asked before."""
        asked = self.questions[self.number % len(self.questions)]
        return f"{self.chance.choice(PLACES)}的人想问第{self.number}件事：{asked}"

    async def one(self) -> None:
        """One request of a kind drawn by chance."""
        kinds: list[Callable[[], Awaitable[None]]] = [
            *([self.ask, self.stream] * 2),
            *(
                self.ask_again,
                self.leave,
                self.chat,
                self.search,
                self.article,
                self.comment,
                self.metrics,
                self.nonsense,
            ),
        ]
        kind = self.chance.choice(kinds)
        self.number += 1
        self.seen[kind.__name__] += 1
        try:
            await kind()
        except BusyError:
            self.seen["told to come back"] += 1
        except (httpx.HTTPError, AssertionError, KeyError) as error:
            self.failed[f"{kind.__name__}: {error!r}"[:120]] += 1

    async def _send(self, path: str, body: Any = None, expected: tuple[int, ...] = (200,)) -> Any:
        reply = await (self.client.get(path) if body is None else self.client.post(path, json=body))
        if reply.status_code == 503 and "retry-after" in reply.headers:
            raise BusyError
        assert reply.status_code in expected, f"{path} {reply.status_code}: {reply.text[:60]}"
        return reply.json() if reply.headers["content-type"].startswith("application/json") else reply.text

    async def ask(self) -> None:
        """A question of its own, answered as a whole."""
        await self._answered(self.question())

    async def ask_again(self) -> None:
        """One that many ask."""
        await self._answered(self.chance.choice(self.questions[:4]))

    async def _answered(self, question: str) -> None:
        answer = await self._send("/v1/ask", {"question": question})
        self.answers = [*self.answers[-20:], answer["id"]]
        self.articles = [*self.articles[-20:], *(cited["article_id"] for cited in answer["citations"])]

    async def stream(self) -> None:
        """A question of its own, streamed."""
        stream = await ask(self.served.port, Stream(self.question()))
        if stream.status == b"503" and stream.retry_after:
            raise BusyError
        assert stream.done, f"a stream ended without `done`: {stream.status!r}"
        assert not stream.broken, "a stream broke"

    async def leave(self) -> None:
        """A reader who goes away in the middle."""
        await ask(self.served.port, Stream(self.question(), self.chance.choice(LEAVINGS), self.chance.uniform(0, 2)))

    async def chat(self) -> None:
        """The same service, as an OpenAI-compatible model."""
        await self._send(
            "/v1/chat/completions", {"model": "wenju", "messages": [{"role": "user", "content": self.question()}]}
        )

    async def search(self) -> None:
        """Passages alone."""
        await self._send("/v1/search", {"query": self.question()})

    async def article(self) -> None:
        """An article that was cited; one may have been replaced since."""
        if self.articles:
            await self._send(f"/v1/articles/{self.articles[-1]}", expected=(200, 404))

    async def comment(self) -> None:
        """What a reader thinks of an answer; old answers are forgotten."""
        if self.answers:
            body = {"answer_id": self.answers[-1], "helpful": bool(self.number % 2), "comment": "好" * 50}
            await self._send("/v1/feedback", body, expected=(200, 201, 204, 404))

    async def metrics(self) -> None:
        """What an operator's collector asks for."""
        figures = await self._send("/metrics")
        kept = [line.split()[-1] for line in figures.splitlines() if line.startswith("wenju_cache_entries{")]
        self.kept = int(sum(map(float, kept)))

    async def nonsense(self) -> None:
        """What cannot be taken."""
        reply = await self.client.post("/v1/ask", content=b"{", headers={"Content-Type": "application/json"})
        if reply.status_code == 503:  # told before what was sent is looked at
            raise BusyError
        assert reply.status_code == 400, reply.status_code

    async def swap(self, number: int) -> None:
        """Another page under one of a few names: a new generation."""
        words = {"place": self.chance.choice(PLACES), "crop": self.chance.choice(CROPS), "day": 1 + number % 28}
        page = PAGE.format(number=300 + number, more=10 + number, **words)
        self.seen["swap"] += 1
        try:
            document = {"source": f"page-{number % 6}.txt", "text": page}
            await self._send("/v1/documents", {"documents": [document]}, expected=(200, 201))
        except (httpx.HTTPError, BusyError, AssertionError) as error:
            self.failed[f"swap: {error!r}"[:120]] += 1

    async def run(self, seconds: float, per_s: float, swaps: int) -> None:
        """Send requests by a clock, none waiting for another, until the time is over and all have ended."""
        started, tasks, swapped, told = time.monotonic(), set[asyncio.Task[None]](), 0, 0.0
        while (passed := time.monotonic() - started) < seconds:
            tasks.add(asyncio.create_task(self.one()))
            if passed > (swapped + 0.5) * seconds / swaps:
                tasks.add(asyncio.create_task(self.swap(swapped)))
                swapped += 1
            if passed >= told:
                self.rows.append((passed, self.served.resident_mib(), self.served.open_files()))
                print(
                    f"{passed / 60:5.0f} min {self.rows[-1][1]:6.0f} MiB {self.rows[-1][2]:4d} open {self.kept:6d} kept",
                    dict(self.failed),
                    flush=True,
                )
                told += min(60.0, seconds / 40)
            tasks = {task for task in tasks if not task.done()}
            await asyncio.sleep(max(0.0, self.number / per_s - (time.monotonic() - started)))
        await asyncio.gather(*tasks)
        await asyncio.sleep(5)
        self.rows.append((time.monotonic() - started, self.served.resident_mib(), self.served.open_files()))

    def slope(self) -> float:
        """MiB an hour, by least squares, after the warm-up."""
        after = [row for row in self.rows if row[0] >= WARM_UP * self.rows[-1][0]]
        hours, mib = [row[0] / 3600 for row in after], [row[1] for row in after]
        return float(np.polyfit(hours, mib, 1)[0])


async def soak(served: Served, options: argparse.Namespace) -> Soak:
    """Ask for as long as the options say."""
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=20)
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{served.port}", timeout=120, limits=limits, trust_env=False
    ) as client:
        soaked = Soak(served, client, random.Random(1), sample_questions())
        await soaked.run(options.minutes * 60, options.per_s, options.swaps)
        return soaked


def main() -> None:
    """Run the command above."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index-dir", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--per-s", type=float, default=4)
    parser.add_argument("--swaps", type=int, default=24)
    parser.add_argument("--llm", action="store_true", help="a paced LLM writes the answers")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        index_dir = Path(scratch) / "index"
        shutil.copytree(options.index_dir, index_dir)
        without_llm = {} if options.llm else {"OPENAI_BASE_URL": "", "OPENAI_MODEL": ""}
        with serving(index_dir, speed=60, tokens=120, WENJU_RATE_PER_ADDRESS="0", **without_llm) as served:  # type: ignore[arg-type]
            soaked = asyncio.run(soak(served, options))
    print(dict(soaked.seen), "failed:", dict(soaked.failed))
    first, last = soaked.rows[0], soaked.rows[-1]
    print(
        f"{soaked.number} requests in {last[0] / 60:.0f} min, {sum(soaked.failed.values())} failed; "
        f"{first[1]:.0f} → {last[1]:.0f} MiB, {soaked.slope():+.1f} MiB an hour after the first {WARM_UP:.0%}; "
        f"descriptors {soaked.rows[1][2]} → {last[2]}"
    )


if __name__ == "__main__":
    main()
