"""Requests that two readers could read as two, names of hosts that are none, keys in the wrong place, bodies too large.

WENJU_FAULTS_LONG=1 sends each malformed request cut at every byte, and larger bodies.
"""

import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from api_server import JSON_TYPE, Service, running
from fault_figures import Tried

from rag.cli import main
from rag.config import Settings, load_settings
from rag.errors import SettingsError

pytestmark = pytest.mark.fault
IS_LONG = bool(os.environ.get("WENJU_FAULTS_LONG"))
HIDDEN = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
"""What must never be answered."""
MAX_BYTES = 1_000_000


@pytest.fixture(scope="module")
def door(base: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service without an index: it has its doors all the same, and is there at once."""
    settings = replace(base, index_dir=tmp_path_factory.mktemp("none"), max_body_bytes=MAX_BYTES)
    with running(settings) as site:
        yield site


def exchange(port: int, pieces: list[bytes], timeout_s: float = 5) -> bytes:
    """All that comes back until the service closes; the client closes nothing itself."""
    with socket.create_connection(("127.0.0.1", port), timeout_s) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        got = b""
        try:
            for piece in pieces:
                connection.sendall(piece)
            while data := connection.recv(65536):
                got += data
        except ConnectionError:
            pass
        return got


def post(*headers: bytes, body: bytes = b"", version: bytes = b"HTTP/1.1", host: bytes = b"Host: 127.0.0.1") -> bytes:
    lines = [b"POST /v1/ask " + version, host, b"Content-Type: application/json", *headers, b"", b""]
    return b"\r\n".join(line for number, line in enumerate(lines) if line or number >= len(lines) - 2) + body


CHUNKED = b"Transfer-Encoding: chunked"
MALFORMED = [
    post(b"Content-Length: 4", CHUNKED, body=b"0\r\n\r\n"),
    post(CHUNKED, b"Content-Length: 6", body=b"0\r\n\r\nX"),
    post(b"content-length:0", b"TRANSFER-ENCODING: CHUNKED", body=b"0\r\n\r\n"),
    post(b"Content-Length: 0", b"Content-Length: 43"),
    post(b"Content-Length: 0, 43"),
    post(b"Content-Length: 0x2b"),
    post(b"Content-Length: +0"),
    post(b"Content-Length: -1"),
    post(b"Content-Length: 0 0"),
    post(b"Content-Length: 1e1"),
    post(b"Content-Length: 9999999999999999999999999"),
    post(b"Content-Length : 0"),
    post(b"Content-Length:\x0b0"),
    post(b"Transfer-Encoding: xchunked", body=b"0\r\n\r\n"),
    post(b"Transfer-Encoding: chunked, identity", body=b"0\r\n\r\n"),
    post(b"Transfer-Encoding: identity, chunked", body=b"0\r\n\r\n"),
    post(CHUNKED, CHUNKED, body=b"0\r\n\r\n"),
    post(b'Transfer-Encoding: "chunked"', body=b"0\r\n\r\n"),
    post(b"Transfer-Encoding : chunked", body=b"0\r\n\r\n"),
    post(b"Transfer-Encoding:\x0cchunked", body=b"0\r\n\r\n"),
    post(b"X: a\r\n Transfer-Encoding: chunked", body=b"0\r\n\r\n"),
    post(b"X: a\n" + CHUNKED, body=b"0\r\n\r\n"),
    post(b"X: a\r" + CHUNKED, body=b"0\r\n\r\n"),
    post(b"\tfolded", body=b""),
    post(b"X\x00: a"),
    post(b"X: a\x00b"),
    post(b"X: a\x1bb"),
    post(b"no colon"),
    post(b": no name"),
    post(CHUNKED, version=b"HTTP/1.0", body=b"0\r\n\r\n"),
    post(version=b"HTTP/1.1 "),
    post(version=b"HTTP/3.0"),
    post(version=b"http/1.1"),
    post(version=b"HTTP/1.1\tX"),
    post(host=b""),
    post(host=b"Host: 127.0.0.1\r\nHost: evil.example"),
    post(CHUNKED, body=b"-1\r\nx\r\n0\r\n\r\n"),
    post(CHUNKED, body=b"0x1\r\nx\r\n0\r\n\r\n"),
    post(CHUNKED, body=b"1\nx\r\n0\r\n\r\n"),
    post(CHUNKED, body=b"1;\nx\r\n0\r\n\r\n"),
    post(CHUNKED, body=b"1\r\nxy0\r\n\r\n"),
    post(CHUNKED, body=b"g\r\nx\r\n0\r\n\r\n"),
    post(CHUNKED, body=b"f" * 21 + b"\r\nx\r\n"),
    post(CHUNKED, body=b"0\r\nContent-Length: 43\r\n\r\n"),
    b"GET /health HTTP/1.1\nHost: 127.0.0.1\n\n",
    b"GET /health\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(100) + b"\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    bytes(range(256)) + b"\r\n\r\n",
]


def test_what_two_could_read_as_two_requests_ends_its_connection(door: Service, tried: Tried) -> None:
    right = of = 0
    for request in MALFORMED:
        whole = request + HIDDEN
        ways = [[whole], [request, HIDDEN], [whole[start : start + 1] for start in range(len(whole))]]
        if IS_LONG:
            ways += [[whole[:place], whole[place:]] for place in range(1, len(whole))]
        for pieces in ways:
            got = exchange(door.port, pieces)
            statuses = [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3})", got)]
            holds = len(statuses) == 1 and statuses[0] in {400, 403} and b'"ok"' not in got
            right, of = right + holds, of + 1
            if not holds:
                print(request, len(pieces), got[-300:])
    assert door.get("/health").status == 200
    tried("malformed request, another one hidden behind it", right, of)


def test_requests_that_follow_one_another_are_all_answered(door: Service) -> None:
    good = [
        HIDDEN,
        post(b"Content-Length: 2", body=b"{}"),
        post(CHUNKED, body=b"2;name=value\r\n{}\r\n0\r\n\r\n"),
        post(b"Content-Length: 2", b"Content-Length: 2", body=b"{}"),
    ]
    last = HIDDEN.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    got = exchange(door.port, [b"".join(good) * 3 + last])
    assert len(re.findall(rb"HTTP/1\.1 \d{3}", got)) == 13
    assert got.count(b'"status":"ok"') == 4


BAD_HOSTS = [
    b"127.0.0.1:99999", b"127.0.0.1:65536", b"127.0.0.1:-1", b"127.0.0.1:", b"127.0.0.1:8x", b"", b" ", b":80", b"[::1",
    b"::1", b"[::1]x", b"[zz]", b"[]", b"a b", b"a\tb", b"a/b", b"a?b", b"a#b", b"a@b", b"user:secret@127.0.0.1", b"a\\b",
    b"a,b:c", b"\xe2\x93\x9blocalhost", b"\xff", b"a\x01b", b"a\x7fb", b"<a>", b'"a"', b"a|b", b"a^b", b"{a}", b"a:1:2",
]  # fmt: skip
GOOD_HOSTS = [
    b"127.0.0.1",
    b"127.0.0.1:8000",
    b"localhost",
    b"LOCALHOST:1",
    b"[::1]",
    b"[::1]:65535",
    b"wen-ju.gov.cn",
    b"a_b",
]


def test_a_host_that_is_none_is_400_wherever_it_is_asked(base: Settings, tmp_path: Path, tried: Tried) -> None:
    right = of = 0
    with running(replace(base, index_dir=tmp_path, api_keys=("oa:ask:a-key-of-some-length",))) as site:
        for path in (b"/health", b"/ready", b"/", b"/v1/examples", b"/nothing", b"/v1/chat/completions"):
            for host in BAD_HOSTS + GOOD_HOSTS:
                head = b"GET " + path + b" HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n"
                status = int(exchange(site.port, [head])[9:12] or b"0")
                holds = status == 400 if host in BAD_HOSTS else status in {200, 401, 404, 503}
                right, of = right + holds, of + 1
                if not holds:
                    print(path, host, status)
    tried("host that is none, or is one", right, of)


SECRET = "wk-canary-7731-abcdefghijklmnopqrstuvwx"
SHAPES = [
    "{}:administer", "{}:ask", "{}:", ":{}", "{}:administer:", "{}:ask:short", "administer:{}", "ask:{}", "ops:{}", "{}:{}",
    "ops:administrator:{}", "ops::{}", "ops:ask:sha256:{}", "{}:ask:sha256:00", "{}:extra:thing:here", "o p s:ask:{}",
    "{}:sha256:" + "0" * 64, "sha256:{}", "Bearer {}:ask", "ops=ask={}:", "ops:ASK:{}", "{}:ask:sha256:" + "g" * 64,
    "good:ask:0123456789abcdef,{}:administer", "{},{}", "a:ask:{},b:ask:{}", "a:ask:{},a:ask:0123456789abcdef",
]  # fmt: skip


def test_no_shape_of_a_malformed_key_is_shown(
    tried: Tried, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    right = of = 0
    monkeypatch.setenv("WENJU_LOG_LEVEL", "DEBUG")
    for shape in SHAPES:
        entry = shape.replace("{}", SECRET)
        with pytest.raises(SettingsError) as refused:
            load_settings({"WENJU_API_KEYS": entry}, None)
        monkeypatch.setenv("WENJU_API_KEYS", entry)
        codes = {main([command]) for command in ("serve", "doctor")}
        said = str(refused.value) + "".join(capfd.readouterr()) + caplog.text
        holds = SECRET not in said and "WENJU_API_KEYS" in said and codes == {3}
        right, of = right + holds, of + 1
        if not holds:
            print(shape, codes, said)
    tried("key in the wrong place", right, of)


@pytest.mark.parametrize("name", ["OPENAI_BASE_URL", "WENJU_RERANKER_URL"])
def test_a_password_in_an_address_that_is_none_is_not_shown(name: str) -> None:
    for text in (
        f"htp://user:{SECRET}@host/v1",
        f"//user:{SECRET}@host",
        f"user:{SECRET}@host",
        f"http://u:{SECRET}@[x/",
    ):
        with pytest.raises(SettingsError) as refused:
            load_settings({name: text}, None)
        assert name in str(refused.value)
        assert SECRET not in str(refused.value)


def by_urllib(port: int, body: bytes) -> int:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/ask", body, JSON_TYPE)
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code if "error" in json.load(error) else 0


def by_http_client(port: int, body: bytes, *, is_chunked: bool = False, **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    pieces = (body[start : start + 65536] for start in range(0, len(body), 65536))
    connection.request(
        "POST", "/v1/ask", pieces if is_chunked else body, JSON_TYPE | headers, encode_chunked=is_chunked
    )
    response = connection.getresponse()
    assert "error" in json.load(response)
    connection.close()
    return response.status


def by_http_client_chunked(port: int, body: bytes) -> int:
    return by_http_client(port, body, is_chunked=True, **{"Transfer-Encoding": "chunked"})


def by_http_client_closing(port: int, body: bytes) -> int:
    return by_http_client(port, body, Connection="close")


def by_curl(port: int, body: bytes) -> int:
    if not (curl := shutil.which("curl")):
        return 413
    command = [
        curl,
        "-sS",
        "-o",
        "-",
        "-w",
        "\n%{http_code}",
        "-H",
        "Content-Type: application/json",
        "--data-binary",
        "@-",
    ]
    done = subprocess.run([*command, f"http://127.0.0.1:{port}/v1/ask"], input=body, capture_output=True, timeout=20)
    *content, code = done.stdout.decode().rsplit("\n", 1)
    return int(code) if done.returncode == 0 and "error" in content[0] else done.returncode


CLIENTS: list[Callable[[int, bytes], int]] = [
    by_urllib, by_http_client, by_http_client_chunked, by_http_client_closing, by_curl,
]  # fmt: skip


def test_whoever_sends_too_much_gets_to_read_that_it_is(door: Service, tried: Tried) -> None:
    right = of = 0
    sizes = [MAX_BYTES + 1, 3 * MAX_BYTES, 30 * MAX_BYTES] + [90 * MAX_BYTES] * IS_LONG
    for client in CLIENTS:
        for size in sizes:
            try:
                status: object = client(door.port, b"a" * size)
            except OSError as error:
                status = error
            right, of = right + (status == 413), of + 1
            if status != 413:
                print(client.__name__, size, status)
    assert door.get("/health").status == 200
    tried("body too large, read by its sender", right, of)
