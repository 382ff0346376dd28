"""`wenju serve` as a process of its own: several workers follow one index, and a stop leaves no stream without an end."""

import http.client
import json
import re
import shutil
import signal
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from api_server import AIR, JSON_TYPE, RIGHT, Service, wait_for
from archive import mapped
from llm_server import HANG, LLMServer, delta, head, streamed
from serve_process import PROCESSES, served

from index.build import build_index
from index.embedding.embedder import Embedder
from index.store.generations import CURRENT
from rag.config import Settings

pytestmark = pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="Linux only")


def workers(pid: int) -> list[int]:
    """The processes below one that have an index open."""
    children = [int(text) for text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [child for child in children if mapped(child)]


@pytest.mark.slow
def test_all_workers_follow_what_is_published_and_what_one_of_them_withdraws(
    base: Settings, sample_index_dir: Path, embedder: Embedder, tmp_path: Path
) -> None:
    index_dir = Path(shutil.copytree(sample_index_dir, tmp_path / "index"))
    with served(replace(base, index_dir=index_dir), "--workers", "2") as site:
        pid = PROCESSES[site.port].pid
        wait_for(lambda: len(workers(pid)) == 2, 30)

        def all_serve(generation: str) -> bool:
            return all(mapped(worker) == {generation} for worker in workers(pid))

        def found() -> list[bool]:
            replies = [site.post("/v1/search", {"query": "青屿图书馆藏书", "k": 5}) for _ in range(12)]
            assert {reply.status for reply in replies} == {200}
            return ["藏书三十万册" in reply.body.decode() for reply in replies]

        page = tmp_path / "2024-03-28_01版.txt"
        page.write_text("新图书馆开馆\n\n本报讯 青屿图书馆昨日开馆，藏书三十万册。\n", "utf-8")
        generation = build_index([page], index_dir, embedder).manifest.generation
        wait_for(lambda: all_serve(generation), 10)
        assert all(found())
        withdrawn = site.send("DELETE", "/v1/documents/2024-03-28_01%E7%89%88.txt")
        assert withdrawn.status == 200, withdrawn.body
        assert (index_dir / CURRENT).read_text() == withdrawn.json["generation"]
        wait_for(lambda: all_serve(withdrawn.json["generation"]), 10)
        assert not any(found())


def open_stream(site: Service) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    body = json.dumps({"question": AIR, "stream": True}).encode()
    connection.request("POST", "/v1/ask", body, JSON_TYPE)
    return connection


def ended(connection: http.client.HTTPConnection) -> tuple[str, str]:
    """Name and data of a stream's last event."""
    with connection.getresponse() as response:
        return re.findall(r"^event: (\w+)\ndata: (.*)$", response.read().decode(), re.MULTILINE)[-1]  # type: ignore[no-any-return]


@pytest.mark.slow
def test_after_sigterm_open_streams_finish_or_close_with_an_event(base: Settings) -> None:
    first = head() + delta("2020年")
    rest = b"".join(step for step in streamed(RIGHT)[1:] if isinstance(step, bytes))
    with LLMServer([first, 0.7, rest], [first, HANG]) as llm:
        short = "from rag.api import server\nserver.SHUTDOWN_S = 4"
        with served(base, before=short, llm=llm.base_url) as site:
            process = PROCESSES[site.port]
            with closing(open_stream(site)) as finishing, closing(open_stream(site)) as hanging:
                wait_for(lambda: len(llm.requests) == 2)
                told = time.monotonic()
                process.send_signal(signal.SIGTERM)
                ends = [ended(finishing), ended(hanging)]
                assert process.wait(10) in {0, -signal.SIGTERM}  # the server ends as the signal would have it
                assert time.monotonic() - told < 8
    assert sorted(name for name, _data in ends) == ["done", "error"]
    assert '"code":"shutting_down"' in dict(ends)["error"]
    assert '"status":"answered"' in dict(ends)["done"]
