"""What is kept of a request, and that no secret is, anywhere."""

import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from api_server import AIR, BREAKING, RIGHT, Service, open_stream, running, wait_for
from llm_server import HANG, LLMServer, delta, head, status, streamed
from raw_request import send_raw

from rag.api.security.audit import AuditLog, AuditRecord
from rag.api.security.callers import Caller
from rag.config import Settings
from rag.errors import SettingsError

ASKING, CANARY, LLM_CANARY, WRONG = (
    "asking-key-0123456789",
    "canary-5e1f0a77c3d2",
    "sk-canary-90b1c2d3e4f5",
    "wrong-canary-1122334455",
)
KEYS = (f"oa:ask:{ASKING}", f"office:administer:{CANARY}")
OPEN = {"X-API-Key": ASKING}


@pytest.fixture(scope="module")
def log_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("audit") / "audit.jsonl"


@pytest.fixture(scope="module")
def site(base: Settings, llm: LLMServer, log_file: Path) -> Iterator[Service]:
    settings = replace(
        base, openai_base_url=llm.base_url, openai_model="m", openai_api_key=LLM_CANARY, api_keys=KEYS, audit_log=log_file,
        log_level="DEBUG",
    )  # fmt: skip
    with running(settings) as started:
        yield started


def lines_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def written_by(file: Path, request_id: str) -> dict[str, Any]:
    """The line of a request, which is written when the response is over."""
    wait_for(lambda: any(line["request_id"] == request_id for line in lines_of(file)))
    (line,) = [line for line in lines_of(file) if line["request_id"] == request_id]
    return line


def test_a_line_says_who_asked_for_what_and_how_it_ended(site: Service, llm: LLMServer, log_file: Path) -> None:
    llm.play(streamed(RIGHT))
    reply = site.post("/v1/ask", {"question": AIR}, **OPEN, **{"X-Request-ID": "a-1"})
    line = written_by(log_file, "a-1")
    assert datetime.fromisoformat(line.pop("time")).tzinfo is not None
    assert line.pop("ms") > 0
    assert line.pop("bytes") == len(reply.body)
    answer = reply.json
    assert line == {
        "request_id": "a-1", "caller": "oa", "role": "ask", "address": "127.0.0.1", "method": "POST", "route": "/v1/ask",
        "path": "/v1/ask", "status": 200, "ended": "finished",
        "answer": {
            "id": answer["id"], "status": "answered", "refusal": None, "generator": "llm", "citations": len(answer["citations"]),
            "index_generation": answer["index_generation"],
        },
    }  # fmt: skip
    assert AIR not in log_file.read_text("utf-8")


def test_the_line_of_a_stream_comes_at_its_end_and_says_the_same(site: Service, llm: LLMServer, log_file: Path) -> None:
    llm.play(streamed(RIGHT))
    reply = site.post("/v1/ask", {"question": AIR, "stream": True}, **OPEN, **{"X-Request-ID": "s-1"})
    line = written_by(log_file, "s-1")
    assert (line["ended"], line["status"], line["bytes"]) == ("finished", 200, len(reply.body))
    assert line["answer"]["id"] == reply.events()[-1][1]["id"]
    assert line["answer"]["generator"] == "llm"


def test_a_refusal_is_named(site: Service, log_file: Path) -> None:
    site.post("/v1/ask", {"question": "云汀区2030年的PM2.5年均浓度目标是多少？"}, **OPEN, **{"X-Request-ID": "r-1"})
    answer = written_by(log_file, "r-1")["answer"]
    assert (answer["status"], answer["refusal"], answer["citations"]) == ("refused", "out_of_range", 0)


def test_related_reports_are_named_as_such_without_their_text(site: Service, log_file: Path) -> None:
    site.post("/v1/ask", {"question": "白鹭湿地公园的园长是谁？"}, **OPEN, **{"X-Request-ID": "n-1"})
    answer = written_by(log_file, "n-1")["answer"]
    assert (answer["status"], answer["refusal"], answer["citations"]) == ("related", "not_found", 0)
    assert "湿地公园" not in log_file.read_text("utf-8")


def test_a_client_that_leaves_is_said_to_have_left(base: Settings, llm: LLMServer, tmp_path: Path) -> None:
    llm.play([head(), delta(RIGHT), delta("优良"), HANG])
    file = tmp_path / "audit.jsonl"
    with running(replace(base, openai_base_url=llm.base_url, openai_model="m", audit_log=file)) as keyless:
        with open_stream(keyless) as (_connection, read):
            read(b"event: retrieved")
            assert file.read_text() == ""  # not before its end
        wait_for(lambda: lines_of(file))
        (line,) = lines_of(file)
    assert (line["ended"], line["status"], line["answer"], line["caller"]) == ("left", 200, None, "local")


def test_a_stream_that_breaks_is_said_to_have_failed(base: Settings, tmp_path: Path) -> None:
    log_file = tmp_path / "audit.jsonl"
    with running(replace(base, audit_log=log_file), BREAKING) as site:
        reply = site.post("/v1/ask", {"question": AIR, "stream": True}, **{"X-Request-ID": "e-1"})
        assert reply.events()[-1][0] == "error"
        assert written_by(log_file, "e-1")["ended"] == "error"
        assert site.post("/v1/ask", {"question": AIR}, **{"X-Request-ID": "e-2"}).status == 500
        assert written_by(log_file, "e-2")["status"] == 500


@pytest.mark.parametrize(
    ("head_", "expected"),
    [
        ("GET /v1/examples HTTP/1.1", {"status": 401, "caller": None, "route": None, "path": "/v1/examples"}),
        (
            "GET //v1//examples/ HTTP/1.1\nX-API-Key: KEY",
            {"status": 200, "route": "/v1/examples", "path": "/v1/examples"},
        ),
        (
            "GET /v1/articles/0123456789abcdef HTTP/1.1\nX-API-Key: KEY",
            {"status": 404, "route": "/v1/articles/{article_id}"},
        ),
        ("GET /v1/nothing HTTP/1.1\nX-API-Key: KEY", {"status": 404, "route": None, "caller": "oa"}),
        ("DELETE /v1/search HTTP/1.1\nX-API-Key: KEY", {"status": 405}),
        ("OPTIONS /v1/ask HTTP/1.1\nOrigin: http://evil.example\nAccess-Control-Request-Method: POST", {"status": 403}),
        ("POST /v1/ask HTTP/1.1\nX-API-Key: KEY\nContent-Length: 99999999999", {"status": 413, "caller": "oa"}),
    ],
)
def test_every_request_under_v1_has_a_line(
    site: Service, log_file: Path, head_: str, expected: dict[str, object]
) -> None:
    reply = send_raw(site, head_.replace("KEY", ASKING).encode())
    line = written_by(log_file, reply.headers["x-request-id"])
    assert {name: line[name] for name in expected} == expected
    assert line["status"] == reply.status


def test_pages_and_probes_have_no_line(site: Service, log_file: Path) -> None:
    before = len(lines_of(log_file))
    for path in ("/health", "/", "/widget.js", "/ready", "/nothing"):
        site.get(path)
    assert len(lines_of(log_file)) == before


def test_the_question_is_in_the_line_where_the_operator_wants_it(base: Settings, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    with running(replace(base, audit_log=file, audit_questions=True)) as keyless:
        keyless.ask()
        keyless.ask("问" * 2001)
    assert [line["question"] for line in lines_of(file)] == [AIR, "问" * 2001]
    assert file.stat().st_mode & 0o077 == 0  # nobody else's to read


HOSTILE = (
    "/v1/a%0a%7b%22caller%22%3a%22office%22%7d", "/v1/a%0d%0ainjected", "/v1/%22%7d%00%1b%5b31m", "/v1/%e2%80%a8%e2%80%a9%c2%85",
    "/v1/%ff%fe", "/v1/" + "a" * 5000, "/v1/%ed%a0%80",
    "/v1/%e2%80%ae%f0%9f%81%a1%f3%a0%80%81",
)  # fmt: skip


@pytest.mark.parametrize("path", HOSTILE)
def test_no_path_breaks_out_of_its_line(site: Service, log_file: Path, path: str) -> None:
    before = len(lines_of(log_file))
    reply = send_raw(site, f"GET {path} HTTP/1.1\nX-API-Key: {ASKING}\nX-Request-ID: a\\n{{}}".encode())
    line = written_by(log_file, reply.headers["x-request-id"])
    assert line["caller"] == "oa"
    assert len(line["path"]) <= 200
    raw = log_file.read_bytes().splitlines()
    assert len(raw) == before + 1
    assert raw[-1].decode().isprintable()


def test_processes_that_write_at_once_do_not_mix_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    line = json.dumps({"text": "问" * 20_000})
    logs = [AuditLog(file) for _ in range(4)]
    threads = [threading.Thread(target=lambda log=log: [log.write(line) for _ in range(25)]) for log in logs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert file.read_text("utf-8").splitlines() == [line] * 100


def test_the_file_may_be_moved_away(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    log = AuditLog(file)
    log.write("1")
    file.rename(tmp_path / "audit.jsonl.1")
    log.write("2")
    assert file.read_text() == "2\n"


def test_a_file_that_cannot_be_written_is_said_before_anything_is_served(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="WENJU_AUDIT_LOG"):
        AuditLog(tmp_path / "no folder" / "audit.jsonl")


def test_a_line_that_cannot_be_written_stops_no_answer(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    log = AuditLog(folder / "audit.jsonl")
    (folder / "audit.jsonl").unlink()
    folder.rmdir()
    log.write("{}")
    assert "was not written" in caplog.text


def test_the_logger_has_the_lines_too(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "wenju.audit")
    record = AuditRecord("id", "10.0.0.7", "GET", "/v1/examples", Caller("oa", "ask", "10.0.0.7"), 200)
    scope: Any = {"type": "http", "path_template": "/v1/examples"}
    AuditLog(None).write(record.line(scope, with_question=False))
    (logged,) = [entry.getMessage() for entry in caplog.records if entry.name == "wenju.audit"]
    assert json.loads(logged)["caller"] == "oa"


def test_no_secret_is_in_any_log_error_metric_or_event(
    site: Service, llm: LLMServer, log_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = (CANARY, LLM_CANARY, WRONG, ASKING)
    replies = []
    echoing = {"error": {"message": f"Incorrect API key provided: {LLM_CANARY}"}}
    scripts = (
        streamed(RIGHT), status(401, echoing), status(400, echoing),
        [head(), delta(RIGHT), f"data: {json.dumps(echoing)}\n\n".encode()], [head(200, "application/json"), json.dumps(echoing).encode()],
    )  # fmt: skip
    for script in scripts:
        for streaming in (False, True):
            llm.play(script)
            replies.append(site.post("/v1/ask", {"question": AIR, "stream": streaming}, **{"X-API-Key": CANARY}))
    for wrong in (f"Bearer {WRONG}", f"Basic {WRONG}", WRONG):
        replies.append(site.get("/v1/examples", Authorization=wrong))
    replies += [
        site.get("/v1/articles/0123456789abcdef", Authorization=f"Bearer {CANARY}"),
        site.get("/v1/nothing", **{"X-API-Key": CANARY}),
        site.send("POST", "/v1/ask", b"{", {"Content-Type": "application/json", "X-API-Key": CANARY}),
        site.get("/v1/examples", **{"X-API-Key": WRONG, "Origin": "http://evil.example"}),
        *(site.get(path) for path in ("/metrics", "/ready", "/health", "/v1/examples")),
    ]
    said = b"\n".join(reply.body + str(reply.headers).encode() for reply in replies).decode()
    told = log_file.read_text("utf-8") + caplog.text
    assert llm.requests[-1].headers["authorization"] == f"Bearer {LLM_CANARY}"
    assert '"caller":"office"' in log_file.read_text("utf-8")
    for secret in secrets:
        assert secret not in said
        assert secret not in told
