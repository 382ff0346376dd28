import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from api_server import AIR, RIGHT, Service, running, wait_for
from filelock import FileLock
from llm_server import HANG, LLMServer, delta, head, status, streamed
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse
from repository import ROOT

from rag.api.runtime.metrics import Metrics
from rag.api.runtime.run_folder import FOLDER_PREFIX, LOCK, run_folder
from rag.config import METRICS_FOLDER, Settings, load_settings
from rag.errors import SettingsError

Figures = dict[tuple[str, frozenset[tuple[str, str]]], float]
LABELS = {"route", "method", "status", "end", "refusal", "generator", "fallback", "stage", "helpful", "reason", "le", "generation", "cache"}  # fmt: skip


@pytest.fixture(scope="module")
def site(base: Settings, llm: LLMServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    path = tmp_path_factory.mktemp("feedback") / "feedback.sqlite"
    with running(replace(base, openai_base_url=llm.base_url, openai_model="test-model", feedback_db=path)) as started:
        yield started


def read(body: bytes) -> Figures:
    families = parse(body.decode())
    return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}


def figures_of(site: Service) -> Figures:
    return read(site.get("/metrics").body)


def key(name: str, **labels: str) -> tuple[str, frozenset[tuple[str, str]]]:
    return name, frozenset(labels.items())


@contextmanager
def counting(site: Service) -> Iterator[Callable[..., float]]:
    """What a figure has grown by since, by its name and labels; a request is counted just after its last byte."""
    before = figures_of(site)
    yield lambda name, **labels: figures_of(site).get(key(name, **labels), 0.0) - before.get(key(name, **labels), 0.0)


def test_requests_are_counted_by_the_templates_of_their_routes(site: Service) -> None:
    with counting(site) as grown:
        site.get("/v1/articles/no-such-article")
        site.get("/v1/articles/another")
        site.get("/page/page.css")
        for _turn in range(3):
            site.get("/health")
        assert grown("wenju_http_requests_total", route="/v1/articles/{article_id}", method="GET", status="404") == 2
        assert grown("wenju_http_requests_total", route="/page/{name}", method="GET", status="200") == 1
        assert grown("wenju_http_requests_total", route="/health", method="GET", status="200") == 3
        assert grown("wenju_http_request_seconds_count", route="/health", method="GET") == 3
        assert 0 < grown("wenju_http_request_seconds_sum", route="/health", method="GET") < 3


def test_what_no_route_is_there_for_is_one_label_whatever_its_path(site: Service) -> None:
    with counting(site) as grown:
        for path in ("/secret/path", "/wp-login.php", "/v1/askk"):
            site.get(path)
        site.send("BREW", "/health")
        assert grown("wenju_http_requests_total", route="unmatched", method="GET", status="404") == 3
        assert grown("wenju_http_requests_total", route="unmatched", method="other", status="405") == 1


def test_answers_are_counted_by_their_outcome(site: Service, llm: LLMServer) -> None:
    with counting(site) as grown:
        llm.play(streamed(RIGHT))
        site.ask()
        llm.play(status(500))
        site.ask(stream=True)
        site.ask("云汀区2030年的PM2.5年均浓度目标是多少？")
        llm.play(streamed("NOT_FOUND"))
        site.ask("合唱节的评委是谁？")
        answers = "wenju_answers_total"
        assert grown(answers, status="answered", refusal="", generator="llm", fallback="") == 1
        assert grown(answers, status="answered", refusal="", generator="extractive", fallback="server_error") == 1
        assert grown(answers, status="refused", refusal="out_of_range", generator="extractive", fallback="") == 1
        assert grown(answers, status="related", refusal="not_found", generator="llm", fallback="") == 1
        assert grown("wenju_llm_first_token_seconds_count") == 2
        assert grown("wenju_stage_seconds_count", stage="search") == 3  # the same question is searched for once
        assert grown("wenju_stage_seconds_count", stage="total") == 4


def test_streams_are_timed_and_counted_by_how_they_end(site: Service, llm: LLMServer) -> None:
    llm.play(streamed(RIGHT))
    with counting(site) as grown:
        site.ask(stream=True)
        site.ask()
        assert grown("wenju_streams_total", end="done") == 1
        assert grown("wenju_stream_first_event_seconds_count") == 1
        assert grown("wenju_stream_first_delta_seconds_count") == 1


def test_a_stream_is_open_until_its_client_leaves(site: Service, llm: LLMServer) -> None:
    llm.play([head(), delta(RIGHT), delta("优良"), HANG])
    with counting(site) as grown:
        with site.open("/v1/ask", {"question": AIR, "stream": True}) as client:
            received = b""
            while b"event: delta" not in received:
                piece = client.recv(65536)
                assert piece, "the stream ended before it said anything"
                received += piece
            assert grown("wenju_open_streams") == 1
        wait_for(lambda: grown("wenju_streams_total", end="left") == 1)
        assert grown("wenju_open_streams") == 0


def test_ratings_are_counted(site: Service, llm: LLMServer) -> None:
    llm.play(streamed(RIGHT))
    with counting(site) as grown:
        for body in ({"helpful": True}, {"helpful": False, "reason": "outdated"}):
            site.post("/v1/feedback", {"answer_id": site.ask().json["id"], **body})
        site.post("/v1/feedback", {"answer_id": "unknown", "helpful": True})
        assert grown("wenju_feedback_total", helpful="yes", reason="") == 1
        assert grown("wenju_feedback_total", helpful="no", reason="outdated") == 1


def test_what_is_kept_in_memory_is_counted_by_the_cache_that_keeps_it(site: Service, llm: LLMServer) -> None:
    def entries(cache: str) -> float:
        return figures_of(site)[key("wenju_cache_entries", cache=cache)]

    llm.play(streamed(RIGHT))
    answered, grounded, waiting = map(entries, ("idempotency_answers", "groundings", "pending_ratings"))
    assert (
        site.post("/v1/ask", {"question": AIR.replace("是多少", "为多少")}, **{"X-Request-ID": "kept-1"}).status == 200
    )
    assert entries("idempotency_answers") == answered + 1
    assert entries("groundings") == grounded + 1
    assert entries("pending_ratings") == waiting + 1
    assert entries("rate_limited_addresses") == 0, "no limit is set here, so nobody is remembered"
    assert entries("sentences.statements") > 0, "what the generation's texts were read as"


def test_the_index_and_the_process_are_described(site: Service) -> None:
    figures = figures_of(site)
    generation = site.get("/ready").json["index_generation"]
    assert figures[key("wenju_index_info", generation=generation)] == 1
    assert figures[key("wenju_index_articles")] > 10
    assert figures[key("wenju_index_chunks")] >= figures[key("wenju_index_articles")]
    assert 0 < figures[key("wenju_index_age_seconds")] < 3600
    assert figures[key("process_resident_memory_bytes")] > 1e6


def test_labels_are_the_programs_own_words(site: Service) -> None:
    site.get("/%E7%A7%98%E5%AF%86")
    site.ask("区长的秘密是什么？")
    own = [labels for name, labels in figures_of(site) if name.startswith("wenju")]
    assert {label for labels in own for label, _value in labels} <= LABELS
    assert site.get("/metrics").body.isascii()


def test_the_text_format_is_sent_unless_openmetrics_is_asked_for(site: Service) -> None:
    plain = site.get("/metrics")
    assert plain.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    asked = site.get("/metrics", Accept="application/openmetrics-text; version=1.0.0, text/plain;q=0.5")
    assert asked.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    families = parse_openmetrics(asked.body.decode())  # type: ignore[no-untyped-call]
    assert {family.name for family in families} >= {"wenju_answers", "wenju_index"}


def test_figures_are_only_to_be_read(site: Service) -> None:
    reply = site.send("HEAD", "/metrics")
    assert (reply.status, reply.body) == (200, b"")
    assert site.post("/metrics", {}).status == 405


# ---- several processes


def test_one_process_needs_no_run_folder() -> None:
    settings = load_settings({}, None)
    with run_folder(settings) as given:
        assert given == settings


def test_the_run_folder_is_private_and_gone_afterwards(tmp_path: Path) -> None:
    parents = (tmp_path / "not-there", tmp_path)
    with run_folder(replace(load_settings({}, None), workers=2), parents) as given:
        assert given.run_dir
        assert given.run_dir.parent == tmp_path
        assert given.run_dir.stat().st_mode & 0o777 == 0o700
        assert (given.run_dir / "metrics").is_dir()
    assert not list(tmp_path.iterdir())


def test_what_a_killed_service_left_is_removed_and_what_another_uses_is_not(tmp_path: Path) -> None:
    left, used, young = (tmp_path / f"{FOLDER_PREFIX}{name}" for name in ("left", "used", "young"))
    for folder in (left, used, young):
        folder.mkdir()
        (folder / LOCK).touch()
        os.utime(folder, (0, 0) if folder != young else None)
    with FileLock(used / LOCK), run_folder(replace(load_settings({}, None), workers=2), [tmp_path]):
        assert not left.exists()
    assert used.exists()
    assert young.exists()


def test_a_named_run_folder_is_emptied_stays_and_serves_one_service_at_a_time(tmp_path: Path) -> None:
    settings = replace(load_settings({}, None), run_dir=tmp_path / "run")
    with run_folder(settings), pytest.raises(SettingsError, match="another service"), run_folder(settings):
        pass
    (tmp_path / "run" / "recent.sqlite").touch()
    (tmp_path / "run" / "metrics" / "counter_1.db").touch()
    with run_folder(settings):
        assert {path.name for path in (tmp_path / "run").iterdir()} == {LOCK, "metrics"}
        assert not list((tmp_path / "run" / "metrics").iterdir())
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="WENJU_RUN_DIR"), run_folder(replace(settings, run_dir=tmp_path / "file")):
        pass


def test_of_a_process_that_has_died_the_counts_remain_and_what_it_had_open_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / METRICS_FOLDER
    folder.mkdir()
    work = (
        "import pathlib, sys, time; from rag.api.runtime.metrics import Metrics; metrics = Metrics(pathlib.Path(sys.argv[1])); "
        "metrics.stream_began(); metrics.count_request('/v1/ask', 'POST', 200, 0.1); print('done', flush=True); time.sleep(60)"
    )
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(folder), "PYTHONPATH": str(ROOT)}
    figures = Metrics(tmp_path)

    def told() -> tuple[float, ...]:
        found = read(figures.show(None)[0])
        asked = key("wenju_http_requests_total", route="/v1/ask", method="POST", status="200")
        return tuple(found.get(name, 0.0) for name in (key("wenju_workers"), key("wenju_open_streams"), asked))

    command = [sys.executable, "-c", work, str(tmp_path)]
    with (
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as first,
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as second,
    ):
        for process in (first, second):
            assert process.stdout
            assert process.stdout.readline() == b"done\n"
        assert told() == (2, 2, 2)
        first.kill()
        first.wait()
        assert told() == (1, 1, 2)
        second.kill()
    assert told() == (0, 0, 2)


@contextmanager
def two_workers(base: Settings, tmp_path: Path) -> Iterator[tuple[Service, subprocess.Popen[bytes]]]:
    """`wenju serve --workers 2`, a process of its own, with its run folder in tmp_path."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WENJU_", "OPENAI_"))}
    environment = kept | {
        "WENJU_INDEX_DIR": str(base.index_dir), "WENJU_CACHE_DIR": str(base.cache_dir), "PYTHONPATH": str(ROOT),
        "WENJU_FEEDBACK_DB": str(tmp_path / "feedback.sqlite"), "XDG_RUNTIME_DIR": str(tmp_path),
    }  # fmt: skip
    command = "import sys; from rag.cli import main; sys.exit(main())"
    process = subprocess.Popen(
        [sys.executable, "-c", command, "serve", "--workers", "2", "--port", str(port)],
        env=environment, cwd=tmp_path, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    site = Service(base, port)

    def is_ready() -> bool:
        try:
            return site.get("/ready").status == 200 and figures_of(site)[key("wenju_workers")] == 2
        except (OSError, KeyError):
            return False

    try:
        wait_for(is_ready, 60)
        yield site, process
    finally:
        process.terminate()
        process.wait(30)
        site.loop.close()


@pytest.mark.slow
def test_several_workers_rate_each_others_answers_and_count_together(base: Settings, tmp_path: Path) -> None:
    with two_workers(base, tmp_path) as (site, process):
        (folder,) = tmp_path.glob(f"{FOLDER_PREFIX}*")
        for _turn in range(8):
            answer = site.ask(stream=True).events()[-1][1]
            assert site.post("/v1/feedback", {"answer_id": answer["id"], "helpful": True}).status == 201
        done = key("wenju_feedback_total", helpful="yes", reason="")
        assert [figures_of(site)[done] for _turn in range(6)] == [8.0] * 6
        figures = figures_of(site)
        assert figures[key("wenju_open_streams")] == 0
        assert figures[key("wenju_http_requests_total", route="/v1/ask", method="POST", status="200")] == 8
        assert figures[key("wenju_cache_entries", cache="groundings")] >= 0
        assert figures[key("wenju_index_articles")] > 10
        assert figures[key("process_resident_memory_bytes")] > 1e8
    assert process.returncode == 0
    assert not folder.exists()
    assert not list(tmp_path.glob("recent*"))
