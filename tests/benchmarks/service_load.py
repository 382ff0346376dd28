"""Measures the served product under load: what it adds to the time of the LLM, what breaks, what it costs.

    PYTHONPATH=tests/support python tests/benchmarks/service_load.py --index-dir DIR [--questions FILE.jsonl] [--streams 200] [--seconds 60] [--workers 1] [--again]

Three processes: `wenju serve`, the LLM (tests/support/paced_llm.py) and this one, which asks (tests/support/streams.py). Own overhead
to the first statement = what passes from asking to the LLM's having the request, and from the LLM's sending the token
from which on the first statement is known to be over to the client's having it. The added delay of the later statements
is the second part of it. With --again the parts are told for the wrong ones of equal questions, their sum is right. What the other processes of the machine do meanwhile counts, too: CPU seconds are told beside.
"""

import argparse
import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from itertools import cycle, islice
from pathlib import Path

import numpy as np
from streams import Stream, arrive, notes_of, own_cpu_s, vary

from rag.question.preamble import strip_preamble

SUPPORT = Path(__file__).resolve().parents[1] / "support"
SERVE = "import sys; from rag.cli import main; sys.exit(main(sys.argv[1:]))"


@dataclass(frozen=True, slots=True)
class Served:
    """The service and the LLM behind it, each in a process of its own (the service in one a worker, and one above)."""

    port: int
    llm_port: int
    pid: int
    llm_pid: int

    def pids(self) -> list[int]:
        """The service's processes."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [self.pid, *map(int, children)]

    def cpu_s(self) -> float:
        """CPU seconds of the service so far."""
        return sum(map(cpu_of, self.pids()))

    def open_files(self) -> int:
        """Descriptors of the service."""
        return sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in self.pids())

    def resident_mib(self) -> float:
        """Memory of the service."""
        pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self.pids())
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def cpu_of(pid: int) -> float:
    """CPU seconds of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(
    index_dir: Path, *, workers: int = 1, speed: float = 20, tokens: int = 300, **settings: str
) -> Iterator[Served]:
    """Serve an index with a paced LLM until the block ends; `settings` are environment variables."""
    llm_command = [sys.executable, str(SUPPORT / "paced_llm.py"), "--speed", str(speed), "--tokens", str(tokens)]
    with tempfile.TemporaryDirectory() as scratch, _process(llm_command, subprocess.PIPE) as llm:
        assert llm.stdout is not None
        llm_port = int(llm.stdout.readline())
        port = _free_port()
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("WENJU_", "OPENAI_"))}
        environment |= {
            "OPENAI_BASE_URL": f"http://127.0.0.1:{llm_port}/v1",
            "OPENAI_MODEL": "paced",
            "WENJU_INDEX_DIR": str(index_dir),
            "PYTHONPATH": os.pathsep.join(filter(None, (str(SUPPORT.parents[1]), os.environ.get("PYTHONPATH")))),
            **settings,
        }
        command = [sys.executable, "-c", SERVE, "serve", "--port", str(port), "--workers", str(workers)]
        with _process(command, None, environment, scratch) as service:
            _wait_until_ready(port, service, workers)
            yield Served(port, llm_port, service.pid, llm.pid)


@contextmanager
def _process(
    command: Sequence[str], stdout: int | None, environment: dict[str, str] | None = None, folder: str | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(command, stdout=stdout, stderr=subprocess.DEVNULL, env=environment, cwd=folder)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


def _wait_until_ready(port: int, service: "subprocess.Popen[bytes]", workers: int) -> None:
    deadline = time.monotonic() + 60
    answered = 0
    while answered < 8 * workers - 7:  # each worker has its own ear at the same door, and answers when it is ready
        if service.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"wenju serve is not ready on port {port}: it ended with {service.returncode}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=5) as reply:
                answered += reply.status == 200
        except OSError:
            time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run showed; milliseconds, and CPU seconds a second.

    Args:
        streams, broken, refused, unasked: asked, ended without `done`, told to come back, answered without the LLM.
        most_open: streams at once.
        first: own overhead to the first statement, one a stream that the LLM answered.
        before, behind: its two parts.
        later: added delay of each later statement.
        service_cpu, llm_cpu, client_cpu: of the processes; load: of the machine, processes that wait for a core.
    """

    streams: int
    broken: int
    refused: int
    unasked: int
    most_open: int
    seconds: float
    first: Sequence[float]
    before: Sequence[float]
    behind: Sequence[float]
    later: Sequence[float]
    service_cpu: float
    llm_cpu: float
    client_cpu: float
    load: float
    resident_mib: float

    def __str__(self) -> str:
        rows = (("first statement", self.first), ("  before the LLM", self.before), ("  behind it", self.behind))
        lines = [
            f"{self.streams} streams in {self.seconds:.0f} s, at most {self.most_open} open; "
            f"{self.broken} broken, {self.refused} told to come back, {self.unasked} answered without the LLM",
            *(f"{name:18s} {_spread(values)}" for name, values in (*rows, ("later statements", self.later))),
            f"CPU of the service {self.service_cpu:.2f}, the LLM {self.llm_cpu:.2f}, the client {self.client_cpu:.2f} cores; "
            f"{1000 * self.service_cpu * self.seconds / max(1, self.streams):.0f} ms of the service a question; "
            f"load {self.load:.1f}; resident {self.resident_mib:.0f} MiB",
        ]
        return "\n".join(lines)


def _spread(values: Sequence[float]) -> str:
    if not values:
        return "none"
    p50, p95, p99 = np.percentile(values, (50, 95, 99))
    return f"p50 {p50:7.1f}  p95 {p95:7.1f}  p99 {p99:7.1f}  most {max(values):7.1f} ms  (n {len(values)})"


def measure(served: Served, questions: Sequence[str], *, per_s: float) -> Measured:
    """Ask the questions, `per_s` a second, 0: all at the same instant; each is asked once."""
    notes_of(served.llm_port)
    streams = [Stream(question) for question in questions]
    started, cpu = time.monotonic(), (served.cpu_s(), cpu_of(served.llm_pid), own_cpu_s())
    most = asyncio.run(arrive(served.port, streams, per_s))
    seconds = time.monotonic() - started
    used = (served.cpu_s(), cpu_of(served.llm_pid), own_cpu_s())
    notes = notes_of(served.llm_port)
    first, before, behind, later = [], [], [], []
    unasked = 0
    for stream in sorted(streams, key=lambda stream: stream.sent):
        note = _note_of(stream, notes)
        unasked += note is None and stream.done
        if note is None or not stream.deltas:
            continue
        sent = {_bare(said): at for said, at in note["ends"]}  # type: ignore[attr-defined]
        delays = [1000 * (at - sent[_bare(said)]) for at, said in stream.deltas if _bare(said) in sent]
        before.append(1000 * (float(note["got"]) - stream.sent))  # type: ignore[arg-type]
        if delays and _bare(stream.deltas[0][1]) in sent:
            behind.append(delays[0])
            first.append(before[-1] + delays[0])
            later += delays[1:]
    service, llm, client = ((after - at) / seconds for after, at in zip(used, cpu, strict=True))
    refused = sum(stream.status == b"503" for stream in streams)
    broken = sum(stream.broken or not stream.done for stream in streams) - refused
    return Measured(
        len(streams), broken, refused, unasked, most, seconds, first, before, behind, later, service, llm, client,
        os.getloadavg()[0], served.resident_mib(),
    )  # fmt: skip


def _note_of(stream: Stream, notes: list[dict[str, object]]) -> dict[str, object] | None:
    """Take out what the LLM noted of a stream: the first request for its question between its asking and its first statement.

    The LLM is asked without what only opens and closes a question, so that several streams may have asked the same.
    """
    said = strip_preamble(stream.question)
    until = stream.deltas[0][0] if stream.deltas else stream.sent
    for note in notes:
        if note["question"] in (said, stream.question) and stream.sent <= float(note["got"]) <= until:  # type: ignore[arg-type]
            notes.remove(note)
            return note
    return None


def _bare(statement: str) -> str:
    """A statement without markers, marks and white space, by which what was sent is known again."""
    return re.sub(r"\[\d+\]|[\s。]", "", statement)


def sample_questions() -> list[str]:
    """The Chinese questions of the sample that it can answer."""
    asked = json.loads((resources.files("rag") / "sample" / "questions.json").read_text("utf-8"))
    return [question["question"] for question in asked if question["answerable"] and question["lang"] == "zh"]


def _read_questions(path: Path) -> list[str]:
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    asked = [line.get("question") or line.get("user_input") for line in lines if "turns" not in line]
    return list(dict.fromkeys(question for question in asked if re.search(r"[\u4e00-\u9fff]", question)))


def main() -> None:
    """Run the command above."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index-dir", type=Path, required=True)
    parser.add_argument("--questions", type=Path, help="JSON lines; without it those of the sample, differently worded")
    parser.add_argument("--streams", type=int, default=200, help="open at once")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--tokens", type=int, default=300, help="of an answer, about")
    parser.add_argument("--speed", type=float, default=20, help="tokens a second")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--again", action="store_true", help="the same few questions again and again, as examples are")
    parser.add_argument("--at-once", action="store_true", help="also all streams at the same instant")
    options = parser.parse_args()
    per_s = options.streams * options.speed / options.tokens
    count = int(per_s * options.seconds) + options.streams
    base = _read_questions(options.questions) if options.questions else sample_questions()
    if options.again:
        questions = list(islice(cycle(base), 2 * count))
    else:
        questions = base if len(base) >= 2 * count else vary(base, 2 * count)
    with serving(
        options.index_dir, workers=options.workers, speed=options.speed, tokens=options.tokens
    ) as served:  # as the first one in the morning is asked, not measured
        asyncio.run(arrive(served.port, [Stream(question) for question in questions[count : count + 20]], 5))
        print(f"{per_s:.1f} questions a second")
        print(measure(served, questions[:count], per_s=per_s))
        if options.at_once:
            print("all at the same instant")
            print(measure(served, questions[-options.streams :], per_s=0))


if __name__ == "__main__":
    main()
