"""Who may call: keys, roles, this machine, the origins of pages."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from api_server import AIR, JSON_TYPE, Service, assert_problem, running
from raw_request import send_raw

from rag.api.routes import ROUTES
from rag.api.server import Parts, create_app
from rag.config import Settings
from rag.errors import SettingsError
from rag.network import check_origin

ASKING, ADMINISTERING, OTHER = "asking-key-0123456789", "administering-key-012", "钥匙"
KEYS = (f"oa:ask:{ASKING}", f"office:administer:{ADMINISTERING}", OTHER)
PROBE = "/v1/documents/probe"
QUESTION = json.dumps({"question": AIR, "query": AIR}).encode()


@pytest.fixture(scope="module")
def locked(base: Settings) -> Iterator[Service]:
    with running(replace(base, api_keys=KEYS)) as started:
        yield started


@pytest.fixture(scope="module")
def keyless(base: Settings) -> Iterator[Service]:
    with running(base) as started:
        yield started


# ---- keys

KEY = ASKING.encode()
NO_KEY: dict[str, bytes] = {
    "no header": b"",
    "an empty bearer": b"Authorization: Bearer ",
    "a bearer without a space": b"Authorization: Bearer",
    "an empty header": b"Authorization:",
    "an empty X-API-Key": b"X-API-Key:",
    "another key": b"Authorization: Bearer wrong-key-0123456789",
    "a key cut short": b"Authorization: Bearer " + KEY[:-1],
    "a key with more": b"Authorization: Bearer " + KEY + b"0",
    "a key in capitals": b"Authorization: Bearer " + KEY.upper(),
    "a key in quotes": b'Authorization: Bearer "' + KEY + b'"',
    "a key with a name": b"Authorization: Bearer oa:ask:" + KEY,
    "two keys in one header": b"X-API-Key: " + KEY + b"," + KEY,
    "a key with text after it": b"X-API-Key: " + KEY + b", \xe9\x92\xa5",
    "another scheme": b"Authorization: Basic " + KEY,
    "a key without its scheme": b"Authorization: " + KEY,
    "a scheme that begins alike": b"Authorization: Bearerx " + KEY,
    "bytes that are no text": b"Authorization: Bearer \xff\xfe\xe9",
    "half a character": b"X-API-Key: \xe9\x92",
    "a key in another encoding": b"X-API-Key: " + OTHER.encode("gb18030"),
    "a tab": b"Authorization: Bearer\t" + KEY,
    "a key of 30 kB": b"X-API-Key: " + KEY * 1500,
    "two bearers, the right one first": b"Authorization: Bearer " + KEY + b"\nAuthorization: Bearer wrong",
    "two bearers, the right one last": b"Authorization: Bearer wrong\nAuthorization: Bearer " + KEY,
    "the same bearer twice": b"Authorization: Bearer " + KEY + b"\nAuthorization: Bearer " + KEY,
    "two X-API-Key": b"X-API-Key: " + KEY + b"\nX-API-Key: wrong",
    "a header with another name": b"X-API_Key: " + KEY,
    "a header with a name beside": b"Proxy-Authorization: Bearer " + KEY,
    "a cookie": b"Cookie: authorization=Bearer " + KEY,
    "an address that is trusted nowhere": b"X-Forwarded-For: 127.0.0.1\nX-Real-IP: 127.0.0.1",
    "another path named by a header": b"X-Original-URL: /health\nX-Rewrite-URL: /health",
    "another method named by a header": b"X-HTTP-Method-Override: OPTIONS",
}  # fmt: skip
PATHS = (
    "/v1/ask", "//v1/ask", "/v1//ask", "/v1/ask/", "//v1//ask//", "///v1/ask", "/v1/search", "/v1/search?x=/health", "/v1/ask?",
    "/v1/ask#/health", "/v1/%61sk", "/%76%31/ask", "/v1%2fask", "/v1/./ask", "/v1/%2e/ask", "/health/../v1/ask",
    "/health/%2e%2e/v1/ask", "/page/..%2f..%2fv1%2fask", "/page/../v1/ask", "/V1/ask", "/v1/ASK", "/v1;/ask", "/v1/ask;x=1", "/v1/ask%00",
    "/v1/ask%20", "/v1/ask.json", "/v1\\ask", "/v1/..;/v1/ask", "/%2fv1/ask", "/v1/ask%2f", "/v1", "/v1/", "/.//v1/ask", "/health//v1/ask",
    "http://127.0.0.1/v1/ask", "http://127.0.0.1//v1/ask", "*",
)  # fmt: skip


@pytest.mark.parametrize("name", NO_KEY)
def test_what_is_no_key_is_not_let_in(locked: Service, name: str) -> None:
    reply = send_raw(locked, b"GET /v1/examples HTTP/1.1\n" + NO_KEY[name])
    assert_problem(reply, 401, type="authentication_error")
    assert reply.headers["www-authenticate"].startswith("Bearer")
    asked = b"POST /v1/ask HTTP/1.1\nContent-Type: application/json\nContent-Length: %d\n" % len(QUESTION)
    assert_problem(send_raw(locked, asked + NO_KEY[name], QUESTION), 401)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_no_spelling_of_a_path_comes_past_the_key(locked: Service, method: str, path: str) -> None:
    head = f"{method} {path} HTTP/1.1\nContent-Type: application/json\nContent-Length: {len(QUESTION)}\n"
    reply = send_raw(locked, head.encode(), QUESTION)
    assert reply.status in {400, 401, 404, 405}, (reply.status, reply.body)
    assert AIR.encode() not in reply.body


def test_a_header_as_long_as_no_client_sends_is_an_error_and_no_failure(locked: Service) -> None:
    assert send_raw(locked, b"GET /v1/examples HTTP/1.1\nX-API-Key: " + KEY * 3_400).status in {400, 401, 431}


@pytest.mark.parametrize(
    "header",
    [
        b"Authorization: Bearer " + KEY,
        b"authorization: bearer " + KEY,
        b"Authorization: BEARER   " + KEY + b"  ",
        b"X-API-Key: " + KEY,
        b"X-API-Key: " + OTHER.encode(),
        b"Authorization: Bearer " + OTHER.encode(),
        b"Authorization: Basic Zm9vOmJhcg==\nX-API-Key: " + KEY,
        b"X-API-Key: " + ADMINISTERING.encode(),
    ],
)
def test_a_key_lets_in(locked: Service, header: bytes) -> None:
    assert send_raw(locked, b"GET /v1/examples HTTP/1.1\n" + header).status == 200


@pytest.mark.parametrize("path", ["/health", "/ready", "/", "/widget.js"])
def test_pages_and_probes_need_no_key_from_anywhere(locked: Service, path: str) -> None:
    assert (
        send_raw(locked, f"GET {path} HTTP/1.1\nX-Forwarded-For: 10.9.9.9\nHost: wenju.example".encode()).status == 200
    )


# ---- roles


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/documents"),
        ("POST", "//v1/documents"),
        ("POST", "/v1/documents/"),
        ("GET", "/v1/documents"),
        ("DELETE", "/v1/documents/a.txt"),
        ("DELETE", "/v1/documents//a.txt"),
        ("DELETE", "/v1/documents/%2e"),
        ("DELETE", "/v1/documents/../who"),
    ],
)
def test_a_key_to_ask_with_does_not_reach_the_documents(base: Settings, method: str, path: str) -> None:
    assert {ask_app(base, method, path, key)[0] for key in (ASKING, OTHER)} == {403}
    assert ask_app(base, method, path, None)[0] == 401


@pytest.mark.parametrize("path", [PROBE, f"/{PROBE}", f"{PROBE}/"])
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_only_an_administrator_may_change_what_is_in_the_archive(base: Settings, method: str, path: str) -> None:
    sent = [ask_app(base, method, path, key) for key in (ASKING, OTHER)]
    assert {status for status, _caller in sent} == {403}
    assert ask_app(base, method, path, None)[0] == 401
    assert ask_app(base, method, path, ADMINISTERING) == (200, ("office", "administer", "10.0.0.7"))


def test_a_route_may_ask_for_the_role_itself(base: Settings) -> None:
    assert ask_app(base, "GET", "/v1/audit", ASKING)[0] == 403
    assert ask_app(base, "GET", "/v1/audit", ADMINISTERING)[0] == 200


def test_a_route_knows_who_calls(base: Settings) -> None:
    assert ask_app(base, "GET", "/v1/who", ASKING) == (200, ("oa", "ask", "10.0.0.7"))
    assert ask_app(base, "GET", "/v1/who", OTHER) == (200, ("key-3", "ask", "10.0.0.7"))


def ask_app(
    base: Settings, method: str, path: str, key: str | None, client: str = "10.0.0.7", **headers: str
) -> tuple[int, object]:
    """Call the application as a server would for a client elsewhere, with routes that say who called.

    Those of another machine cannot be had over loopback, and nothing else may be reached.
    """
    from litestar import Request, route

    def who(request: Request[Any, Any, Any]) -> list[str]:
        caller = request.state.caller
        return [caller.name, caller.role, caller.address]

    probes: tuple[tuple[str, dict[str, object]], ...] = (
        (PROBE, {"any_body": True}),
        ("/v1/who", {}),
        ("/v1/audit", {"role": "administer"}),
    )
    routes = [
        route(path, http_method=["GET", "POST", "DELETE"], status_code=200, sync_to_thread=False, opt=opt)(who)
        for path, opt in probes
    ]
    settings = replace(base, api_keys=KEYS) if key != "keyless" else base
    app = create_app(settings, Parts(routes=[*ROUTES, *routes]))
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    if key and key != "keyless":
        sent.append((b"x-api-key", key.encode()))
    if not any(name == b"host" for name, _value in sent):
        sent.append((b"host", b"127.0.0.1:8000"))
    scope: dict[str, Any] = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"", "headers": sent,
        "client": (client, 40000) if client else None, "server": ("127.0.0.1", 8000), "scheme": "http",
        "http_version": "1.1", "root_path": "",
    }  # fmt: skip
    messages: list[Any] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        messages.append(message)

    asyncio.run(app(scope, receive, send))  # type: ignore[arg-type]
    body = json.loads(b"".join(message.get("body", b"") for message in messages))
    return messages[0]["status"], tuple(body) if isinstance(body, list) else body


# ---- without keys: this machine only


@pytest.mark.parametrize(
    ("client", "headers"),
    [
        ("127.0.0.1", {}),
        ("127.8.8.8", {}),
        ("::1", {}),
        ("::ffff:127.0.0.1", {}),
        ("127.0.0.1", {"host": "localhost"}),
        ("127.0.0.1", {"host": "LOCALHOST:8000"}),
        ("::1", {"host": "[::1]:8000"}),
    ],
)
def test_without_keys_this_machine_may_do_everything(base: Settings, client: str, headers: dict[str, str]) -> None:
    status, caller = ask_app(base, "POST", PROBE, "keyless", client, **headers)
    assert status == 200
    assert isinstance(caller, tuple)
    assert caller[:2] == ("local", "administer")


NOT_THIS_MACHINE: dict[str, tuple[str, dict[str, str]]] = {
    "another machine": ("10.0.0.7", {}),
    "another machine over IPv6": ("fd00::7", {}),
    "another machine over IPv6, with a zone": ("fe80::7%eth0", {}),
    "another machine that claims to be this one": ("10.0.0.7", {"x-forwarded-for": "127.0.0.1"}),
    "no address": ("", {}),
    "a proxy for another machine": ("127.0.0.1", {"x-forwarded-for": "10.0.0.7"}),
    "a proxy that passes on what a client claims": ("127.0.0.1", {"x-forwarded-for": "127.0.0.1"}),
    "a proxy with its other header": ("127.0.0.1", {"x-real-ip": "10.0.0.7"}),
    "a proxy with the standard's header": ("127.0.0.1", {"forwarded": "for=10.0.0.7"}),
    "a proxy that names only itself": ("127.0.0.1", {"via": "1.1 proxy"}),
    "a proxy that names only the host": ("127.0.0.1", {"x-forwarded-host": "wenju.example"}),
    "a name made to resolve to this machine": ("127.0.0.1", {"host": "evil.example"}),
    "such a name with a port": ("127.0.0.1", {"host": "evil.example:8000"}),
    "a name that begins like this machine": ("127.0.0.1", {"host": "127.0.0.1.evil.example"}),
    "a name that ends like this machine": ("127.0.0.1", {"host": "evil-localhost"}),
    "a name below this machine's": ("127.0.0.1", {"host": "evil.localhost.example"}),
    "a user in the host": ("127.0.0.1", {"host": "127.0.0.1@evil.example"}),
    "an address of no machine": ("127.0.0.1", {"host": "0.0.0.0"}),
    "an empty host": ("127.0.0.1", {"host": ""}),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_THIS_MACHINE)
def test_without_keys_nobody_else_is_answered(base: Settings, name: str) -> None:
    client, headers = NOT_THIS_MACHINE[name]
    status, body = ask_app(base, "GET", "/v1/who", "keyless", client, **headers)
    assert status in {400, 403}  # 400: the framework's, for a host that is none
    if status == 403:
        assert "wenju keys new" in str(body)


def test_without_keys_two_hosts_are_one_too_many(keyless: Service) -> None:
    head = b"GET /v1/examples HTTP/1.1\nHost: 127.0.0.1\nHost: evil.example"
    assert send_raw(keyless, head).status in {400, 403}


def test_over_the_socket_this_machine_is_answered_without_keys(keyless: Service) -> None:
    assert keyless.get("/v1/examples").status == 200
    assert_problem(keyless.get("/v1/examples", **{"X-Forwarded-For": "127.0.0.1"}), 403, type="permission_error")
    assert_problem(keyless.get("/v1/examples", Host="evil.example"), 403)


@pytest.mark.parametrize(
    ("forwarded", "status"),
    [
        ("127.0.0.1", 200),
        ("::1", 200),
        ("10.0.0.7", 403),
        ("127.0.0.1, 10.0.0.7", 403),
        ("10.0.0.7, 127.0.0.1", 403),
        ("nonsense", 403),
    ],
)
def test_a_trusted_proxy_may_pass_on_this_machines_requests(base: Settings, forwarded: str, status: int) -> None:
    trusting = replace(base, trusted_proxies=("127.0.0.1",))
    assert ask_app(trusting, "GET", "/v1/who", "keyless", "127.0.0.1", **{"x-forwarded-for": forwarded})[0] == status


# ---- addresses behind proxies


@pytest.mark.parametrize(
    ("client", "forwarded", "address"),
    [
        ("10.0.0.7", "1.1.1.1", "10.0.0.7"),  # no proxy of ours
        ("10.1.0.1", "", "10.1.0.1"),
        ("10.1.0.1", "10.0.0.7", "10.0.0.7"),
        ("10.1.0.1", "6.6.6.6, 10.0.0.7", "10.0.0.7"),  # what the client itself claims comes first
        ("10.1.0.1", "6.6.6.6,10.0.0.7 , 10.1.0.200", "10.0.0.7"),
        ("10.1.0.1", "10.1.0.3, 10.1.0.2", "10.1.0.3"),
        ("10.1.0.1", "10.0.0.7:5123", "10.0.0.7"),
        ("10.1.0.1", "[fd00::7]:5123", "fd00::7"),
        ("10.1.0.1", "fd00::7", "fd00::7"),
        ("10.1.0.1", "10.0.0.7, unknown", "10.1.0.1"),
        ("10.1.0.1", "<script>", "10.1.0.1"),
        ("::ffff:10.1.0.1", "10.0.0.7", "10.0.0.7"),
    ],
)
def test_the_address_is_what_trusted_proxies_say(base: Settings, client: str, forwarded: str, address: str) -> None:
    trusting = replace(base, trusted_proxies=("10.1.0.0/24",))
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert ask_app(trusting, "GET", "/v1/who", ASKING, client, **headers) == (200, ("oa", "ask", address))


# ---- origins

ALLOWED = ("http://oa.example", "https://oa.example:8443", "http://xn--fiqs8s.example")
FOREIGN = (
    "null", "NULL", "", " ", "*", "http://evil.example", "https://oa.example", "http://oa.example:80", "http://oa.example:8443",
    "http://oa.example.evil.example", "http://evil-oa.example", "http://evil.oa.example", "http://oa.exampl", "http://oa.examplee",
    "http://oaxexample", "http://oa.example/", "http://oa.example/path", "http://oa.example.", "http://OA.example", "HTTP://oa.example",
    "http://oa.example:", "http://oa.example:8080", "https://oa.example:443", "https://oa.example:84430", "http://oa.example@evil.example",
    "http://evil.example@oa.example", "http://oa.example#evil", "http://oa.example?evil", "http://oa.example evil", "ftp://oa.example",
    "file://", "oa.example", "//oa.example", "http:oa.example", "http:///oa.example", "http://中国.example", "http://xn--fiqs8s.example.",
    "http://oa%2eexample", "http://oa.example\\.evil.example", "http://oa.example,http://evil.example", "chrome-extension://oa.example",
    "http://localhost", "http://127.0.0.1", "http://0.0.0.0", "moz-extension://x", "http://oa.example\t",
)  # fmt: skip


@pytest.fixture(scope="module")
def allowing(base: Settings) -> Iterator[Service]:
    with running(replace(base, allowed_origins=ALLOWED)) as started:
        yield started


def preflight(site: Service, origin: str, **more: str) -> tuple[int, dict[str, str]]:
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST", **more}
    reply = site.send("OPTIONS", "/v1/ask", headers=headers)
    return reply.status, {name: value for name, value in reply.headers.items() if name.startswith("access-control")}


@pytest.mark.parametrize("origin", [origin for origin in FOREIGN if origin.strip() and not origin.endswith("\t")])
@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
def test_a_page_of_another_origin_can_neither_ask_nor_cause_anything(allowing: Service, origin: str, kind: str) -> None:
    headers = {"Origin": origin.encode().decode("latin-1"), "Content-Type": kind}
    reply = allowing.send("POST", "/v1/ask", QUESTION, headers)
    assert_problem(reply, 403, type="permission_error")
    assert "access-control-allow-origin" not in reply.headers
    assert allowing.send("GET", "/v1/examples", headers=headers).status == 403
    status, granted = preflight(allowing, headers["Origin"])
    assert (status, granted) == (403, {})


@pytest.mark.parametrize(
    "origin",
    ["", " ", "http://oa.example\nOrigin: http://evil.example", "http://oa.example\nOrigin: http://oa.example"],
)
def test_an_origin_that_is_empty_or_there_twice_is_foreign(allowing: Service, origin: str) -> None:
    reply = send_raw(allowing, b"GET /v1/examples HTTP/1.1\nOrigin: " + origin.encode())
    assert_problem(reply, 403)


@pytest.mark.parametrize("origin", ALLOWED)
def test_a_page_of_an_allowed_origin_may_ask(allowing: Service, origin: str) -> None:
    reply = allowing.send("POST", "/v1/ask", QUESTION, JSON_TYPE | {"Origin": origin})
    assert reply.status == 200
    assert reply.headers["access-control-allow-origin"] == origin
    assert "access-control-allow-credentials" not in reply.headers
    assert {"X-Request-ID", "Retry-After"} <= {
        name.strip() for name in reply.headers["access-control-expose-headers"].split(",")
    }
    assert "Origin" in reply.headers["vary"]


def test_a_page_of_an_allowed_origin_can_read_what_went_wrong(base: Settings, allowing: Service) -> None:
    reply = allowing.send("POST", "/v1/ask", b"{", JSON_TYPE | {"Origin": ALLOWED[0]})
    assert (reply.status, reply.headers["access-control-allow-origin"]) == (400, ALLOWED[0])
    with running(replace(base, allowed_origins=ALLOWED, api_keys=KEYS)) as locked:
        reply = locked.send("POST", "/v1/ask", QUESTION, JSON_TYPE | {"Origin": ALLOWED[0]})
        assert (reply.status, reply.headers["access-control-allow-origin"]) == (401, ALLOWED[0])
        assert preflight(locked, ALLOWED[0])[0] == 204  # browsers send no key with it


def test_a_preflight_says_what_may_be_sent(allowing: Service) -> None:
    status, granted = preflight(allowing, ALLOWED[1])
    assert status == 204
    assert granted["access-control-allow-origin"] == ALLOWED[1]
    assert {"GET", "POST", "DELETE"} == {name.strip() for name in granted["access-control-allow-methods"].split(",")}
    assert {"authorization", "content-type", "x-api-key", "x-request-id"} == {
        name.strip().lower() for name in granted["access-control-allow-headers"].split(",")
    }
    assert int(granted["access-control-max-age"]) > 0
    assert "access-control-allow-private-network" not in granted


def test_a_preflight_from_a_public_page_into_the_intranet_is_answered_where_asked(allowing: Service) -> None:
    _status, granted = preflight(allowing, ALLOWED[0], **{"Access-Control-Request-Private-Network": "true"})
    assert granted["access-control-allow-private-network"] == "true"


def test_the_services_own_page_may_ask(allowing: Service, keyless: Service) -> None:
    for site in (allowing, keyless):
        headers = JSON_TYPE | {"Origin": f"http://127.0.0.1:{site.port}"}
        reply = site.send("POST", "/v1/ask", QUESTION, headers)
        assert reply.status == 200
        assert "access-control-allow-origin" not in reply.headers
        assert "Origin" in reply.headers["vary"]


def test_behind_a_trusted_proxy_that_ends_tls_the_own_page_is_https(base: Settings) -> None:
    headers = {"origin": "https://wenju.example", "host": "wenju.example", "x-forwarded-proto": "https"}
    trusting = replace(base, trusted_proxies=("10.1.0.1",))
    assert ask_app(trusting, "GET", "/v1/who", ASKING, "10.1.0.1", **headers)[0] == 200
    assert ask_app(base, "GET", "/v1/who", ASKING, "10.1.0.1", **headers)[0] == 403
    assert ask_app(base, "GET", "/v1/who", ASKING, "10.1.0.1", **headers | {"sec-fetch-site": "same-origin"})[0] == 200


@pytest.mark.parametrize(
    ("fetched", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}, 200),
        ({"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://oa.example"}, 200),
    ],
)
def test_the_browsers_own_word_counts(allowing: Service, fetched: dict[str, str], status: int) -> None:
    assert allowing.get("/v1/examples", **fetched).status == status


def test_other_pages_may_load_the_page_itself(allowing: Service) -> None:
    assert allowing.get("/widget.js", Origin="http://evil.example").status == 200


@pytest.mark.parametrize(
    ("origin", "says"),
    [
        ("*", "wildcards"), ("http://*.example", "wildcards"), ("null", "no origin"), ("oa.example", "no origin"),
        ("ftp://oa.example", "no origin"), ("http://", "no origin"), ("http://u@oa.example", "no origin"), ("http://oa.example?x", "no origin"),
        ("http://oa.example/", "write http://oa.example"), ("http://oa.example/page", "write http://oa.example"),
        ("HTTP://OA.example", "write http://oa.example"), ("http://oa.example:80", "write http://oa.example"),
        ("https://oa.example:443", "write https://oa.example"), ("http://oa.example:99999", "no origin"),
        ("http://中国.example", "xn--"), ("http://oa..example", "no name"), ("http://oa example", "no name"), ("http://[::1", "no origin"),
    ],
)  # fmt: skip
def test_an_allowed_origin_is_written_as_browsers_do(origin: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says) as failure:
        check_origin(origin)
    assert "WENJU_ALLOWED_ORIGINS" in str(failure.value)


@pytest.mark.parametrize(
    "origin",
    ["http://oa.example", "https://oa.example:8443", "http://10.0.0.5:8000", "http://[fd00::7]:8000", "http://oa"],
)
def test_an_origin_as_browsers_write_it_is_taken(origin: str) -> None:
    check_origin(origin)
