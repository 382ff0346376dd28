"""rag.reader.http_reranker: a real server on this machine, in each of the two forms, and what it may do wrong."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from rag.config import load_settings
from rag.errors import RerankerError, SettingsError
from rag.reader.http_reranker import HttpReranker
from rag.reader.readings import MAX_READ_PASSAGES, Reading
from rag.service.factory import passage_reader

PASSAGES = ["公园昨日开放。", "区长要求加固堤防。", "桥面拓宽为四车道。"]
Reply = tuple[int, Any]


@dataclass
class Server:
    url: str
    bodies: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Instead:
    """A reader that gives every passage the same odds, and how many it was given."""

    limit: int = 2
    read_passages: int = 0

    def read(self, _question: str, passages: Sequence[str]) -> Iterator[Reading]:
        self.read_passages += len(passages)
        yield from (Reading(-1.0) for _passage in passages)


@contextmanager
def serving(reply: Callable[[dict[str, Any]], Reply]) -> Iterator[Server]:
    bodies: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            status, value = reply(bodies[-1])
            data = value if isinstance(value, bytes) else json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_arguments: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    try:
        yield Server(f"http://127.0.0.1:{httpd.server_port}/rerank", bodies)
    finally:
        httpd.shutdown()
        httpd.server_close()


def jina(body: dict[str, Any]) -> Reply:
    if "documents" not in body:
        return 422, {"detail": "documents missing"}
    results = [{"index": n, "relevance_score": len(text) / 20} for n, text in enumerate(body["documents"])]
    return 200, {"results": sorted(results, key=lambda one: -one["relevance_score"])}


def tei(body: dict[str, Any]) -> Reply:
    if "texts" not in body:
        return 422, {"error": "missing field `texts`"}
    return 200, [{"index": n, "score": len(text) / 20} for n, text in reversed(list(enumerate(body["texts"])))]


@pytest.mark.parametrize("form", [jina, tei])
def test_scores_come_back_in_the_order_of_the_passages_in_either_form(form: Callable[[dict[str, Any]], Reply]) -> None:
    with serving(form) as server:
        reader = HttpReranker(server.url, "bge-reranker", Instead())
        assert reader.score("问", PASSAGES) == [len(text) / 20 for text in PASSAGES]
        reader.score("问", PASSAGES)
        assert len(server.bodies) == (2 if form is jina else 3)  # which form it takes is asked once


def test_all_passages_are_read_by_one_request_with_the_models_name() -> None:
    with serving(jina) as server:
        readings = list(HttpReranker(server.url, "bge-reranker", Instead()).read("问", PASSAGES))
        [body] = server.bodies
    assert body == {"model": "bge-reranker", "query": "问", "documents": PASSAGES}
    assert [reading.odds for reading in readings] == sorted(reading.odds for reading in readings)
    assert all(reading.share(0, 3) == 1.0 for reading in readings)


@pytest.mark.parametrize(
    "reply",
    [
        (500, {"error": "out of memory"}),
        (200, b"<html>"),
        (200, {"results": []}),
        (200, {"results": [{"index": 0, "relevance_score": 1}] * 3}),
        (200, [{"index": 7, "score": 0.3}]),
        (200, {"data": 1}),
        (200, [{"index": "a", "score": None}]),
        (422, {"detail": "no"}),
    ],
)
def test_a_server_that_fails_is_told_and_the_bundled_reader_reads(
    reply: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    instead = Instead()
    with serving(lambda _body: reply) as server:
        reader = HttpReranker(server.url, "", instead)
        with pytest.raises(RerankerError, match="WENJU_RERANKER_URL"):
            reader.score("问", PASSAGES)
        assert [reading.odds for reading in reader.read("问", PASSAGES)] == [-1.0, -1.0]
    assert instead.read_passages == 2  # as many as it has time for
    assert "the bundled reader reads instead" in caplog.text


def test_a_server_that_is_not_there_costs_no_answer() -> None:
    with serving(jina) as server:
        url = server.url
    assert len(list(HttpReranker(url, "", Instead()).read("问", PASSAGES))) == 2


def test_the_setting_names_the_server_and_a_wrong_address_is_refused() -> None:
    reader = passage_reader(load_settings({"WENJU_RERANKER_URL": "http://127.0.0.1:9/rerank"}, None))
    assert isinstance(reader, HttpReranker)
    assert reader.limit == MAX_READ_PASSAGES
    with pytest.raises(SettingsError, match="WENJU_RERANKER_URL"):
        load_settings({"WENJU_RERANKER_URL": "10.0.0.5:8080"}, None)
