"""Figures of the service for Prometheus. The only importer of prometheus_client.

Labels have few values, all of them the program's own words: never a path, a question, a name or a key.
"""

import datetime
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.exposition import choose_encoder
from prometheus_client.gc_collector import GCCollector
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from index.store.manifest import Manifest
from rag.config import METRICS_FOLDER
from rag.records import Answer
from rag.service.feedback.ratings import Rating

disable_created_metrics()  # type: ignore[no-untyped-call]  # a time stamp beside every figure, which nobody asks for

UNMATCHED = "unmatched"
"""The route of a request that none is there for: its path could be anything."""
COUNTED_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECONDS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
_STAGES = ("embed", "search", "fuse", "rerank", "read", "prompt", "verify", "total")
_LLM_STAGES = ("llm_first_token", "llm")


class Metrics:
    """The figures of one application.

    Args:
        run_dir: where the processes of the service meet; None: there is one. prometheus_client must then have been
            imported with PROMETHEUS_MULTIPROC_DIR set to the folder of figures in it.
    """

    def __init__(self, run_dir: Path | None = None) -> None:
        self._shared = run_dir / METRICS_FOLDER if run_dir else None
        own = self._own = CollectorRegistry()
        self._requests = Counter(
            "wenju_http_requests", "Requests answered.", ["route", "method", "status"], registry=own
        )
        self._request_s = Histogram(
            "wenju_http_request_seconds",
            "From a request's head to the last byte of its response.",
            ["route", "method"],
            buckets=_SECONDS,
            registry=own,
        )
        self._first_event_s = Histogram(
            "wenju_stream_first_event_seconds", "Until the candidates of a stream.", buckets=_SECONDS, registry=own
        )
        self._first_delta_s = Histogram(
            "wenju_stream_first_delta_seconds",
            "Until the first text of a stream, held against its quotes.",
            buckets=_SECONDS,
            registry=own,
        )
        self._open_streams = Gauge(
            "wenju_open_streams", "Answers being streamed.", registry=own, multiprocess_mode="livesum"
        )
        self._streams = Counter("wenju_streams", "Streams by how they ended.", ["end"], registry=own)
        self._answers = Counter(
            "wenju_answers", "Answers by outcome.", ["status", "refusal", "generator", "fallback"], registry=own
        )
        self._stage_s = Histogram(
            "wenju_stage_seconds", "Stages of an answer.", ["stage"], buckets=_SECONDS, registry=own
        )
        self._llm_first_token_s = Histogram(
            "wenju_llm_first_token_seconds", "Until the LLM's first token.", buckets=_SECONDS, registry=own
        )
        self._llm_s = Histogram("wenju_llm_seconds", "The LLM's completions.", buckets=_SECONDS, registry=own)
        self._cache_entries = Gauge(
            "wenju_cache_entries", "Entries kept in memory.", ["cache"], registry=own, multiprocess_mode="livesum"
        )
        self._llm_outages = Gauge(
            "wenju_llm_outages",
            "Processes that do not ask the LLM, because it fails.",
            registry=own,
            multiprocess_mode="livesum",
        )
        self._feedback = Counter("wenju_feedback", "Ratings kept.", ["helpful", "reason"], registry=own)
        if not self._shared:
            ProcessCollector(registry=own)
            GCCollector(own)
            PlatformCollector(own)

    def count_request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request by its route's template; status 0: it got no answer."""
        method = method if method in COUNTED_METHODS else "other"
        self._requests.labels(route, method, str(status)).inc()
        self._request_s.labels(route, method).observe(seconds)

    def stream_began(self) -> None:
        """Count an open stream."""
        self._open_streams.inc()

    def stream_ended(self, end: str) -> None:
        """Count a stream as open no more.

        Args:
            end: "done", "failed", or "left" where the client went.
        """
        self._open_streams.dec()
        self._streams.labels(end).inc()

    def time_first_event(self, seconds: float) -> None:
        """Time from the question to the first event."""
        self._first_event_s.observe(seconds)

    def time_first_delta(self, seconds: float) -> None:
        """Time from the question to the first text."""
        self._first_delta_s.observe(seconds)

    def count_answer(self, answer: Answer) -> None:
        """Count an answer by its outcome, with the times of its stages."""
        refusal = answer.refusal.reason if answer.refusal else ""
        generator = answer.generator
        self._answers.labels(answer.status, refusal, generator.kind, generator.fallback_reason or "").inc()
        for stage in _STAGES:
            if (took_ms := answer.timings_ms.get(stage)) is not None:
                self._stage_s.labels(stage).observe(took_ms / 1000)
        for stage, histogram in zip(_LLM_STAGES, (self._llm_first_token_s, self._llm_s), strict=True):
            if (took_ms := answer.timings_ms.get(stage)) is not None:
                histogram.observe(took_ms / 1000)

    def count_rating(self, rating: Rating) -> None:
        """Count a rating that was kept."""
        self._feedback.labels("yes" if rating.helpful else "no", rating.reason or "").inc()

    def set_cache_sizes(self, sizes: Mapping[str, int]) -> None:
        """Tell how many entries this process keeps, by cache."""
        for name, entries in sizes.items():
            self._cache_entries.labels(name).set(entries)

    def set_llm_outage(self, is_out: bool) -> None:
        """Tell whether this process does not ask the LLM, because it fails."""
        self._llm_outages.set(is_out)

    def show(self, manifest: Manifest | None, accept: str = "") -> tuple[bytes, str]:
        """Return all figures and their content type; of several processes, those of all together.

        Args:
            manifest: of the generation that is served; None while there is none.
            accept: the client's Accept header; OpenMetrics where it asks for that.
        """
        encode, content_type = choose_encoder(accept)
        return encode(_WithIndexFigures(self._figures(), manifest)), content_type

    def _figures(self) -> Collector:
        if self._shared is None:
            return self._own
        return _AllProcesses(self._shared)


class _WithIndexFigures(Collector):
    """The service's figures and those of the index, which every process reads alike."""

    def __init__(self, figures: Collector, manifest: Manifest | None) -> None:
        self._figures = figures
        self._manifest = manifest

    def collect(self) -> Iterable[Metric]:
        yield from self._figures.collect()
        if self._manifest is None:
            return
        counts = self._manifest.counts
        age = datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(self._manifest.created)
        yield InfoMetricFamily("wenju_index", "The index served.", {"generation": self._manifest.generation})
        yield GaugeMetricFamily("wenju_index_articles", "Articles in the index.", counts.articles)
        yield GaugeMetricFamily("wenju_index_chunks", "Chunks in the index.", counts.chunks)
        yield GaugeMetricFamily("wenju_index_age_seconds", "Since the generation was made.", age.total_seconds())


class _AllProcesses(Collector):
    """The figures of several processes, added up from the files in which each keeps its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterable[Metric]:
        alive = []
        for pid in {file.stem.rpartition("_")[2] for file in self._folder.glob("*_*.db")}:
            if _is_alive(int(pid)):
                alive.append(pid)
            else:
                # What it had open is open no more; its counts remain.
                mark_process_dead(pid, str(self._folder))  # type: ignore[no-untyped-call]
        yield GaugeMetricFamily("wenju_workers", "Processes that have served a request and live.", len(alive))
        yield from MultiProcessCollector(None, str(self._folder)).collect()  # type: ignore[no-untyped-call]
        yield from _summed([metric for pid in alive for metric in _figures_of(pid)])


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:  # none of this number, or another user's, who took it since
        return False
    return True


def _figures_of(pid: str) -> Iterable[Metric]:
    return ProcessCollector(pid=lambda: pid, registry=None).collect()


def _summed(metrics: list[Metric]) -> Iterator[Metric]:
    """Figures of several processes as one: memory (the index's pages count in each), time and files of all together."""
    for name in dict.fromkeys(metric.name for metric in metrics):
        same = [metric for metric in metrics if metric.name == name]
        values = [metric.samples[0].value for metric in same]
        value = min(values) if name in {"process_start_time_seconds", "process_max_fds"} else sum(values)
        family = CounterMetricFamily if same[0].type == "counter" else GaugeMetricFamily
        yield family(name, same[0].documentation, value)
