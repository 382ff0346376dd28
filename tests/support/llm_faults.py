"""What an LLM's server may do wrong, one reply a fault, for LLMServer(named=…), and addresses where none replies.

UNDERSTOOD holds a right answer all the same. ANSWERS begins with a right statement and then goes wrong, FAULTS says nothing
that could be shown. Whatever is endless here is long enough never to be over in the time that a test gives it.
"""

import contextlib
import gzip
import json
import socket
import threading
import zlib
from collections.abc import Iterator

from llm_server import CUT, DONE, HANG, STOP, USAGE_CHUNK, Reply, Step, chunked, completion, data, delta, head, status

SAID = "2020年全区PM2.5年均浓度为42微克/立方米，同比下降12.5%[1]。"
"""What the sample's passages say to api_server.AIR."""
JSON = "application/json"
ENDLESS = 100_000
OTHERS: tuple[object, ...] = ("x", 7, 1.5, True, None, [], [1], [[]], [{"text": 1}], {}, {"a": 1})
"""Where something else is expected."""
RIGHT, ROLE, PART = delta(SAID), delta(None, role="assistant"), delta(SAID[:12])
BEGUN = RIGHT + delta("另外")
WHOLE = ROLE + RIGHT + STOP + USAGE_CHUNK + DONE
PLAIN = head()
GZIP = head(content_encoding="gzip")
BOMB = gzip.compress(bytes(60_000_000))


def _slowly(pause_s: float, *parts: bytes) -> list[Step]:
    return [step for part in parts for step in (part, pause_s)]


def _drip(body: bytes) -> list[Step]:
    return _slowly(0.05, *(bytes([byte]) for byte in body))


def _choice(value: object) -> bytes:
    return data({"choices": [value]})


def _framed(transfer: str, *body: Step) -> Reply:
    return [PLAIN.replace(b"Connection: close", transfer.encode()), *body]


UNDERSTOOD: dict[str, Reply] = {
    "a whole stream": [PLAIN, WHOLE],
    "json instead of a stream": [head(200, JSON), json.dumps(completion(SAID)).encode()],
    "json said to be a stream": [PLAIN, json.dumps(completion(SAID)).encode()],
    "a stream said to be bytes": [head(200, "application/octet-stream"), WHOLE],
    "a stream without a type": [b"HTTP/1.1 200 OK\r\n\r\n", WHOLE],
    "http 1.0": [b"HTTP/1.0 200 OK\r\n\r\n", WHOLE],
    "206": [head(206), WHOLE],
    "crlf": [PLAIN, WHOLE.replace(b"\n", b"\r\n")],
    "cr": [PLAIN, WHOLE.replace(b"\n", b"\r")],
    "a byte order mark": [PLAIN, b"\xef\xbb\xbf" + WHOLE],
    "no done": [PLAIN, RIGHT + STOP],
    "done and no end": [PLAIN, RIGHT + DONE],
    "reset after the end": [PLAIN, RIGHT + STOP, CUT],
    "silent after the end": [PLAIN, RIGHT + STOP, HANG],
    "in chunks": chunked(ROLE, RIGHT, STOP, DONE),
    "in chunks of a byte": chunked(*(WHOLE[i : i + 1] for i in range(len(WHOLE)))),
    "chunks with an extension": _framed(
        "Transfer-Encoding: chunked", b"%x;a=b\r\n" % len(WHOLE), WHOLE, b"\r\n0\r\n\r\n"
    ),
    "one 100 first": [b"HTTP/1.1 100 Continue\r\n\r\n", PLAIN, WHOLE],
    "early hints first": [b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", PLAIN, WHOLE],
    "gzip unasked": [GZIP, gzip.compress(WHOLE)],
    "deflate unasked": [head(content_encoding="deflate"), zlib.compress(WHOLE)],
    "gzip in pieces": [GZIP, *(gzip.compress(WHOLE)[i : i + 20] for i in range(0, 900, 20))],
    "nul between": [PLAIN, delta("\x00" + SAID + "\x00"), STOP, DONE],
    "nul after": [PLAIN, RIGHT + STOP + DONE + b"\x00" * 1000],
    "half a surrogate": [
        PLAIN,
        delta(SAID),
        rb'data: {"choices":[{"delta":{"content":"\ud83d"}}]}',
        b"\n\n",
        STOP,
        DONE,
    ],
    "thoughts first": [PLAIN, delta("<think>嗯</think>" + SAID), STOP, DONE],
    "reasoning first": [PLAIN, delta("", reasoning_content="嗯"), RIGHT, STOP, DONE],
    "odd usage": [
        PLAIN,
        RIGHT,
        STOP,
        data({"choices": [], "usage": {"prompt_tokens": 10**30, "completion_tokens": True}}),
    ],
    "usage of other types": [PLAIN, RIGHT, STOP, data({"choices": [], "usage": [1, {"a": "b"}]}), DONE],
    "headers that are odd": [PLAIN.replace(b"\r\n\r\n", b"\r\nSet-Cookie: a=b\r\nX-Empty:\r\n\r\n"), WHOLE],
    "comments": [PLAIN, b": ping\n\n" * 500 + WHOLE],
    "ids, retries, unknown fields": [PLAIN, b"id: 1\nretry: 1000\nfoo: bar\n" + WHOLE],
}

ANSWERS: dict[str, Reply] = {
    "silent after a statement": [PLAIN, BEGUN, HANG],
    "reset after a statement": [PLAIN, BEGUN, CUT],
    "over after a statement": [PLAIN, BEGUN],
    "error after a statement": [PLAIN, BEGUN, data({"error": {"message": "overloaded", "code": 503}})],
    "error field after a statement": [PLAIN, BEGUN, b'error: {"code":500,"message":"boom"}\n\n'],
    "error event after a statement": [PLAIN, BEGUN, b'event: error\ndata: {"detail":"boom"}\n\n'],
    "no json after a statement": [PLAIN, BEGUN, b"data: {not json\n\n"],
    "no utf-8 after a statement": [PLAIN, BEGUN, b'data: {"choices":[{"delta":{"content":"\xff"}}]}\n\n'],
    "filtered after a statement": [PLAIN, BEGUN, delta(None, finish="content_filter"), DONE],
    "cut at the limit of tokens": [PLAIN, RIGHT, delta("另外还有", finish="length"), DONE],
    "comments for ever after a statement": [PLAIN, BEGUN, *_slowly(0.02, *[b": ping\n\n"] * 500)],
    "blanks for ever after a statement": [PLAIN, BEGUN, *_slowly(0.02, *[delta(" ")] * 500)],
    "again and again": [PLAIN, *_slowly(0.005, *[RIGHT] * 2000)],
    "a chunk that is cut": chunked(BEGUN, PART, cut=True),
    "a body shorter than said": _framed("Content-Length: 100000", BEGUN),
    "a broken chunk": _framed("Transfer-Encoding: chunked", b"%x\r\n" % len(BEGUN), BEGUN, b"\r\nZZZ\r\nhello"),
    "a line without end after a statement": [PLAIN, BEGUN, b"data: " + b"z" * 3_000_000],
    "gzip that is cut": [GZIP, gzip.compress(RIGHT + WHOLE)[:-20]],
}  # fmt: skip

FAULTS: dict[str, Reply] = {
    "closed before a byte": [],
    "reset before a byte": [CUT],
    "reset in the status line": [b"HTTP/1.1 2", CUT],
    "reset in the head": [PLAIN[:40], CUT],
    "reset after the head": [PLAIN, CUT],
    "reset after the role": [PLAIN, ROLE, CUT],
    "reset in a statement": [PLAIN, PART, CUT],
    "reset in a character": [PLAIN, RIGHT[: RIGHT.index("年".encode()) + 2], CUT],
    "closed after the head": [PLAIN],
    "closed in a statement": [PLAIN, PART],
    "silent at once": [HANG],
    "silent in the status line": [b"HTT", HANG],
    "silent in the head": [PLAIN[:40], HANG],
    "silent after the head": [PLAIN, HANG],
    "silent after the role": [PLAIN, ROLE, HANG],
    "silent in a statement": [PLAIN, PART, HANG],
    "silent in json": [head(200, JSON), b'{"choices":[', HANG],
    "a head in drops": _drip(PLAIN * 3),
    "a body in drops": [PLAIN, *_drip(WHOLE)],
    "comments for ever": [PLAIN, *_slowly(0.02, *[b": ping\n\n"] * 500)],
    "comments without a pause": [PLAIN, *[b": ping\n\n" * 1000] * ENDLESS],
    "empty deltas for ever": [PLAIN, *_slowly(0.02, *[delta("")] * 500)],
    "roles for ever": [PLAIN, *_slowly(0.02, *[ROLE] * 500)],
    "blanks for ever": [PLAIN, *_slowly(0.005, *[delta(" \n")] * 2000)],
    "thoughts for ever": [PLAIN, *_slowly(0.005, *[delta("", reasoning="嗯")] * 2000)],
    "thoughts without a pause": [PLAIN, *[delta("", reasoning="嗯") * 100] * ENDLESS],
    "a thought that never ends": [PLAIN, delta("<think>" + "想" * 4000), STOP, DONE],
    "a statement that never ends": [PLAIN, *_slowly(0.005, *[delta("没有依据，")] * 2000)],
    "100 for ever": [b"HTTP/1.1 100 Continue\r\n\r\n" * 1000] * ENDLESS,
    "100 and silent": [b"HTTP/1.1 100 Continue\r\n\r\n", HANG],
    "101": [b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", HANG],
    "html": [head(200, "text/html"), b"<html><body>Login" + b"<p>x" * 2000],
    "xml": [head(200, "text/xml"), b"<?xml version='1.0'?><a/>"],
    "plain words": [head(200, "text/plain"), b"service is starting\n"],
    "empty json": [head(200, JSON), b"{}"],
    "a json list": [head(200, JSON), b"[1,2,3]"],
    "a json text": [head(200, JSON), b'"hello"'],
    "half a json": [head(200, JSON), b'{"choices":[{"message":{"content":"'],
    "json without content": [head(200, JSON), json.dumps(completion(None)).encode()],
    "json with a number for content": [head(200, JSON), json.dumps(completion(42)).encode()],
    "json nested deeply": [head(200, JSON), b'{"a":' * 100_000],
    "an event nested deeply": [PLAIN, b"data: " + b"[" * 100_000 + b"\n\n", STOP, DONE],
    "a number of many digits": [PLAIN, b'data: {"choices":[{"index":' + b"9" * 6000 + b"}]}\n\n", DONE],
    "no json": [PLAIN, b"data: {not json\n\n", STOP, DONE],
    "no choices": [PLAIN, data({"choices": []}), STOP, DONE],
    "choices of other types": [PLAIN, *(data({"choices": value}) for value in OTHERS), DONE],
    "a choice of other types": [PLAIN, *map(_choice, OTHERS), DONE],
    "deltas of other types": [PLAIN, *(_choice({"delta": value}) for value in OTHERS), DONE],
    "content of other types": [PLAIN, *(delta(value) for value in OTHERS[1:]), DONE],
    "endings of other types": [PLAIN, *(_choice({"finish_reason": value}) for value in OTHERS[1:]), DONE],
    "errors of other types": [PLAIN, data({"error": [1, {"a": 2}]})],
    "tool calls": [PLAIN, delta(None, tool_calls=[{"index": 0}], finish="tool_calls"), DONE],
    "a refusal": [PLAIN, delta(None, refusal="I cannot"), STOP, DONE],
    "only thoughts": [PLAIN, delta("", reasoning_content="嗯"), STOP, DONE],
    "the end and no word": [PLAIN, STOP, DONE],
    "no utf-8": [PLAIN, b'data: {"choices":[{"delta":{"content":"\xff\xfe' + SAID.encode() + b'"}}]}\n\n', STOP, DONE],
    "gbk": [PLAIN, RIGHT.decode().encode("gb18030"), STOP, DONE],
    "surrogates": [PLAIN, rb'data: {"choices":[{"delta":{"content":"\ud800 \udfff"}}]}', b"\n\n", STOP, DONE],
    "replacement characters": [PLAIN, delta("\ufffd\ufffd"), STOP, DONE],
    "control characters": [PLAIN, delta("\x00\x01\x7f"), STOP, DONE],
    "a line of 3 MB": [PLAIN, b"data: " + b"z" * 3_000_000 + b"\n\n", DONE],
    "a delta of 3 MB": [PLAIN, delta("啊" * 1_000_000), DONE],
    "json of 3 MB": [head(200, JSON), b'{"a":"' + b"z" * 3_000_000],
    "error in mid-sentence": [PLAIN, PART, data({"error": {"message": "overloaded", "type": "server_error"}})],
    "error field in mid-sentence": [PLAIN, PART, b'error: {"code":500,"message":"boom"}\n\n'],
    "error event in mid-sentence": [PLAIN, PART, b'event: error\ndata: {"detail":"boom"}\n\n'],
    "filtered": [PLAIN, delta("对不起"), delta("", finish="content_filter"), DONE],
    "cut in the first sentence": [PLAIN, delta(SAID[:12], finish="length"), DONE],
    **{str(code): status(code) for code in (204, 400, 401, 402, 403, 404, 408, 409, 413, 418, 422, 429)},
    **{str(code): status(code) for code in (500, 501, 502, 503, 504, 505, 529, 599, 600, 999)},
    "429 for a little": status(429, retry_after="0.1"),
    "429 for an hour": status(429, retry_after="3600"),
    "429 for less than nothing": status(429, retry_after="-5"),
    "429 for infinity": status(429, retry_after="inf"),
    "503 until the end of time": status(503, retry_after="Fri, 31 Dec 9999 23:59:59 GMT"),
    "503 until no date": status(503, retry_after="Fri, 99 Foo 0000 99:99:99 XYZ"),
    "503 in html": [head(503, "text/html"), b"<html>" * 1000],
    "redirect away": [head(302, location="http://127.0.0.1:9/v1")],
    "redirect in a circle": [head(307, location="/v1/chat/completions")],
    "redirect to a file": [head(301, location="file:///etc/passwd")],
    "an error of 3 MB": [head(500, "text/plain"), b"x" * 3_000_000],
    "an error without end": [head(500, "text/plain"), *[b"y" * 50_000] * ENDLESS],
    "an error in drops": [head(500, "text/plain"), *_drip(b"y" * 400)],
    "an error and silent": [head(503, JSON), b'{"error"', HANG],
    "gzip that is none": [GZIP, b"\x1f\x8b garbage"],
    "a bomb": [GZIP, BOMB],
    "a bomb as an error": [head(500, content_encoding="gzip"), BOMB],
    "an encoding that nobody knows": [head(content_encoding="br"), b"\x0b\x02\x80"],
    "encodings on encodings": [head(content_encoding="gzip, gzip"), gzip.compress(gzip.compress(WHOLE))],
    "no chunk": _framed("Transfer-Encoding: chunked", b"ZZZ\r\nhello"),
    "a chunk that never comes": _framed("Transfer-Encoding: chunked", b"ffffff\r\n", PART, HANG),
    "chunks without end": [*_framed("Transfer-Encoding: chunked", b""), *[b"1\r\n:\r\n" * 1000] * ENDLESS],
    "trailers without end": [*_framed("Transfer-Encoding: chunked", b"0\r\n"), *[b"A: b\r\n" * 1000] * ENDLESS],
    "a length and chunks": _framed("Transfer-Encoding: chunked\r\nContent-Length: 5", b"0\r\n\r\n"),
    "two lengths": _framed("Content-Length: 5\r\nContent-Length: 6", WHOLE),
    "no length": _framed("Content-Length: many", WHOLE),
    "less than nothing": _framed("Content-Length: -1", WHOLE),
    "a body longer than said": _framed("Content-Length: 10", WHOLE),
    "another protocol": [b"SSH-2.0-OpenSSH_9.6\r\n"],
    "another version": [b"HTTP/2.0 200 OK\r\n\r\n"],
    "no head": [b"hello\n"],
    "a header of 3 MB": [b"HTTP/1.1 200 OK\r\nX: " + b"a" * 3_000_000],
    "headers without end": [b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n" * 1000] * ENDLESS],
    "a header that is none": [b"HTTP/1.1 200 OK\r\n\x01\x02 : x\r\nno colon\r\n\r\n", WHOLE],
    "only nul": [b"\x00" * 100_000],
}  # fmt: skip


@contextlib.contextmanager
def unreachable() -> Iterator[dict[str, str]]:
    """Yield name → address where there is no reply: nobody listens, nobody accepts, whoever accepts goes, no such name."""
    with socket.socket() as full, socket.socket() as rude, contextlib.ExitStack() as waiting:
        for listener, backlog in ((full, 0), (rude, 50)):
            listener.bind(("127.0.0.1", 0))
            listener.listen(backlog)
        for _ in range(4):  # the kernel takes no more, and drops who comes next
            one = waiting.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        threading.Thread(target=_accept_and_go, args=(rude,), daemon=True).start()
        with socket.socket() as gone:
            gone.bind(("127.0.0.1", 0))
            nobody = gone.getsockname()[1]
        yield {
            "refused": f"http://127.0.0.1:{nobody}/v1",
            "nobody accepts": f"http://127.0.0.1:{full.getsockname()[1]}/v1",
            "reset while it is asked": f"http://127.0.0.1:{rude.getsockname()[1]}/v1",
            "no such name": "http://a..b/v1",
            "no tls": f"https://127.0.0.1:{rude.getsockname()[1]}/v1",
        }


def _accept_and_go(listener: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            listener.accept()[0].close()
