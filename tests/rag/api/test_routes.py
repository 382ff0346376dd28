import contextlib
import json
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from api_server import AIR, JSON_TYPE, RIGHT, Reply, Service, assert_problem, open_stream, running, wait_for
from llm_server import HANG, LLMServer, delta, head, streamed

from index.build import build_index
from index.embedding.embedder import Embedder
from index.store.durable import write_whole
from index.store.generations import CURRENT
from rag.api.server import Parts
from rag.config import Settings
from rag.service.live_index import LiveIndex


@pytest.fixture(scope="module")
def locked(base: Settings) -> Iterator[Service]:
    with running(replace(base, api_keys=("first-key", "钥匙"))) as started:
        yield started


# ---- asking


def test_a_question_gets_the_contracts_answer_as_json(site: Service) -> None:
    reply = site.ask()
    assert reply.status == 200
    assert reply.headers["content-type"].startswith("application/json")
    assert set(reply.json) >= {
        "id", "question", "status", "refusal", "answer", "statements", "citations", "as_of", "generator", "interpreted",
        "timings_ms", "usage", "index_generation",
    }  # fmt: skip
    assert set(reply.json["citations"][0]) >= {
        "n", "chunk_id", "article_id", "title", "date", "date_precision", "source", "page", "url", "quote", "start", "end",
    }  # fmt: skip
    assert reply.json["status"] == "answered"
    assert "12.5%" in reply.json["answer"]


def test_a_refusal_is_a_success(site: Service) -> None:
    reply = site.ask("云汀区2030年的PM2.5年均浓度目标是多少？")
    assert reply.status == 200
    assert reply.json["refusal"]["reason"] == "out_of_range"
    assert reply.json["refusal"]["nearest"]


def test_related_reports_are_a_success_and_their_status_may_come_back_with_the_next_question(site: Service) -> None:
    reply = site.ask("合唱节的评委是谁？")
    assert reply.status == 200
    answer = reply.json
    assert (answer["status"], answer["refusal"]["reason"], answer["citations"]) == ("related", "not_found", [])
    assert answer["refusal"]["nearest"]
    before = {"role": "assistant", "content": answer["answer"], "status": "related"}
    turns = [{"role": "user", "content": answer["question"]}, before]
    assert site.post("/v1/ask", {"question": "在哪里举办？", "history": turns}).status == 200


def test_events_come_in_order_and_say_the_same_as_the_json(site: Service) -> None:
    reply = site.ask(stream=True)
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert reply.headers["x-accel-buffering"] == "no"
    assert "no-cache" in reply.headers["cache-control"]
    events = reply.events()
    names = [name for name, _data in events]
    assert names[0] == "retrieved"
    assert names[-1] == "done"
    assert set(names[1:-1]) == {"delta", "citation"}
    whole = site.ask().json
    assert "".join(data["text"] for name, data in events if name == "delta") == whole["answer"]
    assert [data for name, data in events if name == "citation"] == whole["citations"]
    done = events[-1][1]
    assert {key: done[key] for key in ("answer", "citations", "statements", "status")} == {
        key: whole[key] for key in ("answer", "citations", "statements", "status")
    }


def test_candidates_come_before_the_answer(site: Service) -> None:
    (name, data), *_rest = site.ask(stream=True, top_k=3).events()
    assert name == "retrieved"
    assert len(data["citations"]) == 3
    assert all(citation["quote"] for citation in data["citations"])


def test_a_date_range_holds_for_the_answer(site: Service) -> None:
    answer = site.ask("PM2.5年均浓度", **{"from": "2022", "to": "2022-12-31"}).json
    assert (answer["interpreted"]["from"], answer["interpreted"]["to"]) == ("2022", "2022-12-31")
    assert {citation["date"][:4] for citation in answer["citations"]} == {"2022"}


def test_a_heartbeat_comes_while_nothing_else_does(pulsing: Service, llm: LLMServer) -> None:
    llm.play([head(), delta(RIGHT), delta("优良"), 0.5, delta("天数265天，比2019年增加17天[1]。")])
    body = pulsing.ask(stream=True).body.decode()
    assert body.count(": heartbeat\n\n") >= 3
    assert body.index("event: delta") < body.rindex(": heartbeat") < body.index("event: done")


def test_a_statement_reaches_the_client_before_the_llm_is_done(talking: Service, llm: LLMServer) -> None:
    llm.play([head(), delta(RIGHT), delta("优良"), HANG])
    with open_stream(talking) as (_connection, read):
        assert "12.5%" in read(b"event: delta")


def test_the_citations_of_the_llms_answer_are_the_same_in_both_shapes(talking: Service, llm: LLMServer) -> None:
    llm.play(streamed(RIGHT, "优良天数265天，比2019年增加17天[2]。", "2020年PM2.5年均浓度下降13.1%[1]。"))
    whole = talking.ask().json
    events = talking.ask(stream=True).events()
    assert whole["generator"]["kind"] == "llm"
    assert whole["status"] == "partial"
    assert [data for name, data in events if name == "citation"] == events[-1][1]["citations"] == whole["citations"]
    assert "13.1%" not in str([data for name, data in events if name == "delta"])


@pytest.mark.parametrize("said", [[head(), delta(RIGHT), delta("优良"), HANG], [head(), HANG], [HANG]])
def test_a_client_that_leaves_closes_the_connection_to_the_llm_and_leaves_no_task(
    talking: Service, llm: LLMServer, said: Any
) -> None:
    llm.play(said)
    before = len(llm.requests)
    with open_stream(talking) as (_connection, read):
        read(b"event: retrieved")
        wait_for(lambda: len(llm.requests) > before)
        assert llm.open_connections == 1
    assert llm.wait_until_idle(2)
    wait_for(lambda: not talking.tasks())


def test_a_finished_stream_leaves_no_task(talking: Service, llm: LLMServer) -> None:
    llm.play(streamed(RIGHT))
    talking.ask(stream=True)
    wait_for(lambda: not talking.tasks())


# ---- searching, articles, pages


def test_a_search_gives_passages(site: Service) -> None:
    reply = site.post("/v1/search", {"query": "望津桥", "k": 4, "from": "2021", "to": "2021"})
    assert reply.status == 200
    passages = reply.json["passages"]
    assert [passage["rank"] for passage in passages] == [1, 2, 3, 4]
    assert {passage["date"][:4] for passage in passages} == {"2021"}


def test_an_article_shows_a_citation_by_its_offsets(site: Service) -> None:
    for citation in site.ask().json["citations"]:
        article = site.get(f"/v1/articles/{citation['article_id']}").json
        assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
        assert (article["date"], article["date_precision"]) == (citation["date"], "day")
        assert article["source"] == citation["source"]


def test_a_quote_from_the_other_page_of_an_article_names_that_page_and_its_place_there(
    site: Service, sample_pages: Path
) -> None:
    citations = site.ask("区生态环境局对多少条主干道实行“夜洗晨吸”？").json["citations"]
    (citation,) = [known for known in citations if "38条主干道" in known["quote"]]
    page_1, page_3 = "云汀报_2021-01-15_01版.txt", "云汀报_2021-01-15_03版.txt"
    assert (citation["source"], citation["page"]) == (page_3, "03")
    printed = (sample_pages / page_3).read_text("utf-8")[citation["source_start"] : citation["source_end"]]
    assert "".join(printed.split()) == citation["quote"]
    article = site.get(f"/v1/articles/{citation['article_id']}").json
    assert (article["source"], article["title"]) == (page_1, citation["title"])
    assert article["text"][citation["start"] : citation["end"]] == citation["quote"]


def test_a_search_names_the_page_that_a_passage_begins_on(site: Service) -> None:
    passages = site.post("/v1/search", {"query": "“夜洗晨吸” 每日机械化清扫4次", "k": 5}).json["passages"]
    assert any("每日机械化清扫4次" in passage["text"] for passage in passages)
    for passage in passages:
        assert f"_{passage['page']}版" in passage["source"]


def test_an_articles_origins_are_short_arrays(site: Service) -> None:
    article = site.get(f"/v1/articles/{site.ask().json['citations'][0]['article_id']}").json
    assert article["origin"][0][0] == 0
    assert article["origin"][-1][1] == len(article["text"])
    assert all(len(origin) in (4, 5) for origin in article["origin"])


def test_an_unknown_article_is_not_found(site: Service) -> None:
    assert_problem(site.get("/v1/articles/0123456789abcdef"), 404, type="not_found_error")


def test_the_samples_questions_are_the_examples(site: Service) -> None:
    assert AIR in site.get("/v1/examples").json["examples"]


def test_the_service_is_healthy_and_ready(site: Service) -> None:
    assert site.get("/health").json["status"] == "ok"
    ready = site.get("/ready")
    assert (ready.status, ready.json["status"]) == (200, "ok")
    assert ready.json["index_generation"]


@pytest.mark.parametrize("path", ["/", "/page/index.html", "/page/page.css", "/page/favicon.svg"])
def test_the_question_page_comes_with_a_policy_that_lets_in_nothing_foreign(site: Service, path: str) -> None:
    reply = site.get(path)
    assert reply.status == 200
    policy = reply.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert reply.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/page/..%2f..%2fconfig.py", "/page/../config.py", "/page/config.py", "/page/%00"])
def test_no_other_file_is_served(site: Service, path: str) -> None:
    assert_problem(site.get(path), 404)


# ---- errors

BAD_BODIES: dict[str, tuple[bytes, int, dict[str, object]]] = {
    "no json": (b"{", 400, {}),
    "nothing": (b"", 400, {}),
    "invalid utf-8": (b'{"question": "\xff\xfe"}', 400, {}),
    "half a surrogate pair": (b'{"question": "\\ud83d"}', 400, {}),
    "100,000 deep": (b'{"question": "a", "history": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400, {}),
    "100,000 deep where nothing is expected": (b'{"question": "a", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400, {}),
    "a list": (b"[]", 422, {}),
    "no question": (b"{}", 422, {}),
    "a question that is a number": (b'{"question": 1}', 422, {"param": "question"}),
    "a top_k that is a word": (b'{"question": "a", "top_k": "x"}', 422, {"param": "top_k"}),
    "a top_k of 0": (b'{"question": "a", "top_k": 0}', 422, {"param": "top_k"}),
    "a status that is none": (b'{"question": "a", "history": [{"role": "user", "content": "", "status": "lost"}]}', 422, {}),
    "a role that is none": (b'{"question": "a", "history": [{"role": "root", "content": ""}]}', 422, {}),
    "a question too long": (json.dumps({"question": "问" * 2001}).encode(), 422, {"param": "question", "code": "too_long"}),
    "a date that is none": (b'{"question": "a", "from": "yesterday"}', 422, {"param": "from", "code": "bad_date"}),
    "a day that no month has": (b'{"question": "a", "to": "2021-02-30"}', 422, {"param": "to", "code": "bad_date"}),
    "a range without days": (b'{"question": "a", "from": "2022", "to": "2021"}', 422, {"param": "from", "code": "bad_range"}),
    "a body too large": (b'{"question": "' + b"a" * 1_000_001 + b'"}', 413, {}),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_BODIES)
@pytest.mark.parametrize("streaming", [False, True])
def test_a_bad_body_is_an_error_in_the_contracts_form(site: Service, name: str, streaming: bool) -> None:
    body, status, expected = BAD_BODIES[name]
    if streaming and body.startswith(b'{"'):
        body = b'{"stream": true, ' + body[1:]
    assert_problem(site.send("POST", "/v1/ask", body, JSON_TYPE), status, **expected)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_body_that_a_foreign_page_could_send_is_refused(site: Service, kind: str) -> None:
    headers = {"Content-Type": kind} if kind else {}
    assert_problem(site.send("POST", "/v1/ask", b'{"question": "a"}', headers), 415)


def test_json_with_a_charset_is_json(site: Service) -> None:
    body = json.dumps({"query": "公园"}).encode()
    assert site.send("POST", "/v1/search", body, {"Content-Type": "application/json; charset=utf-8"}).status == 200


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/v1/nothing", 404), ("GET", "/wp-admin.php", 404), ("GET", "/v1/ask", 405), ("DELETE", "/v1/search", 405), ("PUT", "/", 405)])  # fmt: skip
def test_an_unknown_route_or_method_is_an_error_in_the_contracts_form(
    site: Service, method: str, path: str, status: int
) -> None:
    assert_problem(site.send(method, path), status)


def test_an_empty_search_is_an_error(site: Service) -> None:
    assert_problem(site.post("/v1/search", {"query": " "}), 422, param="query", code="empty")


def test_a_request_id_is_taken_over_when_it_is_a_plain_one(site: Service) -> None:
    assert site.get("/health", **{"X-Request-ID": "abc-1.2_3"}).headers["x-request-id"] == "abc-1.2_3"


@pytest.mark.parametrize("given", ["a b", "x" * 65, "<script>", "é", ""])
def test_a_request_id_that_is_not_plain_is_replaced(site: Service, given: str) -> None:
    sent = site.get("/health", **{"X-Request-ID": given}).headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{32}", sent)


# ---- keys


@pytest.mark.parametrize("path", ["/v1/ask", "//v1/ask", "/v1//ask", "/v1/ask/", "//v1/search"])
def test_without_a_key_nothing_is_answered(locked: Service, path: str) -> None:
    assert_problem(locked.post(path, {"question": AIR, "query": AIR}), 401, type="authentication_error")


@pytest.mark.parametrize("path", ["/v1/articles/0123456789abcdef", "/v1/examples", "//v1/examples"])
def test_without_a_key_nothing_is_shown(locked: Service, path: str) -> None:
    assert_problem(locked.get(path), 401)


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer first-key"},
        {"X-API-Key": "first-key"},
        {"Authorization": "Basic Zm9vOmJhcg==", "X-API-Key": "first-key"},
    ],
)
def test_a_key_opens(locked: Service, headers: dict[str, str]) -> None:
    assert locked.get("/v1/examples", **headers).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer first-ke"},
        {"X-API-Key": ""},
        {"X-API-Key": "first-key,钥匙".encode().decode("latin-1")},
        {"Authorization": "Bearer \xe9\xff"},
    ],
)
def test_a_wrong_key_does_not_open(locked: Service, headers: dict[str, str]) -> None:
    assert_problem(locked.get("/v1/examples", **headers), 401)


def test_a_key_that_is_not_ascii_opens(locked: Service) -> None:
    assert locked.get("/v1/examples", **{"X-API-Key": "钥匙".encode().decode("latin-1")}).status == 200


@pytest.mark.parametrize("path", ["/health", "/ready", "/", "/widget.js"])
def test_the_page_and_the_probes_need_no_key(locked: Service, path: str) -> None:
    assert locked.get(path).status == 200


# ---- generations


def test_an_index_published_later_is_served_without_a_restart(
    base: Settings, sample_index_dir: Path, tmp_path: Path
) -> None:
    index_dir = tmp_path / "index"
    with running(
        replace(base, index_dir=index_dir), Parts(live_index=partial(LiveIndex, refresh_every_s=0.05))
    ) as site:
        assert site.get("/health").status == 200
        not_ready = site.get("/ready")
        assert (not_ready.status, not_ready.json["status"]) == (503, "unavailable")
        assert "wenju index" in not_ready.json["message"]
        refused = site.ask()
        assert_problem(refused, 503, code="index_unavailable")
        assert refused.headers["retry-after"]
        assert_problem(site.ask(stream=True), 503)
        shutil.copytree(sample_index_dir, index_dir)
        wait_for(lambda: site.get("/ready").status == 200, 15)
        assert site.ask().json["status"] == "answered"


@pytest.mark.slow
def test_requests_never_fail_while_generations_are_swapped(base: Settings, embedder: Embedder, tmp_path: Path) -> None:
    pages, index_dir = tmp_path / "pages", tmp_path / "index"
    pages.mkdir()
    (pages / "云汀报_2021-01-01_01版.txt").write_text(
        "云汀桥通车\n\n本报讯（记者 林亦舟）云汀桥昨日通车，全长412米。\n", "utf-8"
    )
    build_index([pages], index_dir, embedder)
    seen: set[str] = set()
    failed: list[Reply] = []
    done = threading.Event()

    def keep_searching(site: Service) -> None:
        while not done.is_set():
            reply = site.post("/v1/search", {"query": "云汀桥"})
            if reply.status == 200 and reply.json["passages"]:
                seen.add(reply.json["index_generation"])
            else:
                failed.append(reply)

    with running(
        replace(base, index_dir=index_dir), Parts(live_index=partial(LiveIndex, refresh_every_s=0.02))
    ) as site:
        threads = [threading.Thread(target=keep_searching, args=(site,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for number in range(4):
            (pages / f"云汀报_2021-01-0{number + 2}_01版.txt").write_text(
                f"又讯\n\n云汀桥第{number}天车流平稳。\n", "utf-8"
            )
            published = build_index([pages], index_dir, embedder).manifest.generation
            with contextlib.suppress(AssertionError):
                wait_for(lambda published=published: published in seen, 5)  # type: ignore[misc]
        done.set()
        for thread in threads:
            thread.join()
    assert not failed
    assert published in seen
    assert len(seen) >= 3


def test_a_damaged_generation_is_not_taken_over(base: Settings, sample_index_dir: Path, tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    shutil.copytree(sample_index_dir, index_dir)
    good = (index_dir / CURRENT).read_text()
    bad = index_dir / "generations" / "000009-deadbeef"
    shutil.copytree(index_dir / "generations" / good, bad)
    (bad / "vectors.faiss").write_bytes(b"damaged")
    with running(replace(base, index_dir=index_dir), Parts(live_index=partial(LiveIndex, refresh_every_s=0.0))) as site:
        write_whole(index_dir / CURRENT, bad.name.encode())
        for _ in range(3):
            reply = site.ask()
            assert (reply.status, reply.json["index_generation"]) == (200, good)


# ---- who may call from a browser


def test_pages_of_other_origins_may_not_call_unless_they_are_named(base: Settings, site: Service) -> None:
    headers = {"Origin": "http://oa.example", "Access-Control-Request-Method": "POST"}
    assert "access-control-allow-origin" not in site.send("OPTIONS", "/v1/ask", headers=headers).headers
    with running(replace(base, allowed_origins=("http://oa.example",))) as named:
        reply = named.send("OPTIONS", "/v1/ask", headers=headers)
        assert reply.headers["access-control-allow-origin"] == "http://oa.example"
        other = named.send("OPTIONS", "/v1/ask", headers=headers | {"Origin": "http://evil.example"})
        assert other.headers.get("access-control-allow-origin") != "http://evil.example"
