"""A stand-in for the service on loopback: answers as told, and the pages that embed the widget; for its tests.

A question that has a script gets its steps, in order: (event, data) is sent, a threading.Event is waited for, a number is
a status with the contract's error body, CUT ends the stream. Everything else about the wire is as the service has it.
"""

import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from typing import Any

CUT = "cut"
Step = tuple[str, Mapping[str, Any]] | threading.Event | int | str
POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'"
)
NONCE_POLICY = POLICY + "; style-src 'self' 'nonce-aJ3x'"
ARTICLE_TEXT = (
    "𠮷祥路社区食堂开业\n本报讯　𠮷祥路社区食堂昨日开业，\n每餐供应三百份。老人就餐优惠两成。\n食堂每日六时开门。"
)
ARTICLE = {
    "id": "a1", "title": "社区食堂开业", "text": ARTICLE_TEXT, "date": "2024-03-05", "page": "02", "newspaper": "云汀报",
    "source": "pages/云汀报_2024-03-05_02版.txt",
}  # fmt: skip


def citation(n: int, quote: str, article_id: str = "a1", title: str | None = "社区食堂开业") -> dict[str, Any]:
    """A citation of the article that the stand-in has."""
    start = ARTICLE_TEXT.index(quote)
    return {
        "n": n, "chunk_id": "c1", "article_id": article_id, "title": title, "date": "2024-03-05", "date_precision": "day",
        "newspaper": "云汀报", "source": "pages/云汀报_2024-03-05_02版.txt", "page": "02", "url": None,
        "quote": quote, "start": start, "end": start + len(quote),
    }  # fmt: skip


def answer(text: str, *citations: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    """An Answer; its one statement is the whole text unless `statements` are given."""
    whole = {
        "text": text,
        "start": 0,
        "end": len(text),
        "citations": [],
        "support": "verified",
        "problems": [],
        "computed": None,
    }
    return {
        "id": "answer-1", "question": "", "status": "answered", "refusal": None, "answer": text, "statements": [whole],
        "citations": list(citations), "as_of": "2024-03-05",
        "generator": {"kind": "llm", "model": "small", "fallback_reason": None},
        "interpreted": {"from": None, "to": None, "rewritten_question": None}, "timings_ms": {"total": 1234.0},
        "usage": None, "index_generation": "000001-ab", "struck": [], "removed_markers": 0, "choices": [],
    } | fields  # fmt: skip


def refusal(reason: str, message: str, *nearest: Mapping[str, Any], status: str = "refused") -> dict[str, Any]:
    """An Answer that is a refusal; of status "related" one with reports on the matter."""
    return answer(message, status=status, refusal={"reason": reason, "message": message, "nearest": list(nearest)}, statements=[])  # fmt: skip


def streamed(whole: Mapping[str, Any]) -> list[Step]:
    """An answer as its events."""
    cited: list[Step] = [("citation", each) for each in whole["citations"]]
    return [("retrieved", {"citations": whole["citations"]}), *cited, ("delta", {"text": whole["answer"]}), ("done", whole)]  # fmt: skip


class WidgetService:
    """What the tests set, and what the widget sent."""

    def __init__(self) -> None:
        self.origin = ""
        self.scripts: dict[str, Sequence[Step]] = {}
        self.pages: dict[str, tuple[str, str]] = {}
        self.articles: dict[str, Mapping[str, Any]] = {"a1": ARTICLE}
        self.examples: list[str] = ["食堂几时开门？", "Who runs it?"]
        self.asked: list[dict[str, Any]] = []
        self.feedback: list[dict[str, Any]] = []
        self.feedback_status = 200
        self.key: str | None = None
        self.hung_up = threading.Event()  # the reader went away before the end
        self.plain_json = False
        self.pause_s = 0.0  # between the pieces of an event, so that they arrive as pieces

    def page(self, markup: str, policy: str = POLICY) -> str:
        """Return the path of a page with this body."""
        path = f"/pages/{len(self.pages)}"
        self.pages[path] = (f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>内网</title><body>{markup}', policy)  # fmt: skip
        return path


@contextmanager
def widget_service() -> Iterator[WidgetService]:
    """Run the stand-in."""
    service = WidgetService()
    handler = type("Handler", (_Handler,), {"service": service})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    service.origin = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="widget-service")
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    service: WidgetService

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        service = self.service
        if self.path == "/widget.js":
            self._send(200, (resources.files("rag") / "widget" / "widget.js").read_bytes(), "text/javascript")
        elif self.path in service.pages:
            markup, policy = service.pages[self.path]
            self._send(200, markup.encode(), "text/html; charset=utf-8", {"Content-Security-Policy": policy})
        elif not self._is_let_in():
            pass
        elif self.path == "/v1/examples":
            self._json(200, {"examples": service.examples})
        elif (name := self.path.removeprefix("/v1/articles/")) in service.articles:
            self._json(200, service.articles[name])
        elif self.path in {"/", "/favicon.ico"}:
            self._send(200, b"", "text/html")
        else:
            self._problem(404, "no such article")

    def do_POST(self) -> None:
        service = self.service
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self._is_let_in():
            pass
        elif self.path == "/v1/feedback":
            service.feedback.append(body)
            self._json(service.feedback_status, {})
        else:
            service.asked.append(body)
            self._answer(service.scripts[body["question"]])

    def _is_let_in(self) -> bool:
        key = self.service.key
        if not self.path.startswith("/v1/") or key is None or self.headers.get("Authorization") == f"Bearer {key}":
            return True
        self._problem(401, "send one of the API keys")
        return False

    def _answer(self, steps: Sequence[Step]) -> None:
        if isinstance(steps[0], int):
            self._problem(steps[0], "scripted")
            return
        if self.service.plain_json:
            done = [step for step in steps if isinstance(step, tuple) and step[0] == "done"]
            self._json(200, done[0][1])
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for step in steps:
            if step == CUT:
                return
            if isinstance(step, threading.Event):
                while not step.wait(0.02):
                    if not self._write(b": heartbeat\n\n"):
                        return
            elif isinstance(step, tuple):
                sent = f"event: {step[0]}\r\ndata: {json.dumps(step[1], ensure_ascii=False)}\r\n\r\n".encode()
                half = len(sent) // 2
                for piece in (sent[:half], sent[half:-1], sent[-1:]):  # parts a CR from its LF
                    if not self._write(piece):
                        return
                    time.sleep(self.service.pause_s)

    def _write(self, data: bytes) -> bool:
        try:
            self.wfile.write(data)
            self.wfile.flush()
        except OSError:
            self.service.hung_up.set()
            return False
        return True

    def _send(self, status: int, data: bytes, kind: str, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self._write(data)

    def _json(self, status: int, value: object) -> None:
        self._send(status, json.dumps(value).encode(), "application/json", {"X-Request-ID": "r-1"})

    def _problem(self, status: int, message: str) -> None:
        self._json(status, {"error": {"message": message, "type": "t", "param": None, "code": None}})
