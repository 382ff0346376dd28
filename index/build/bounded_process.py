"""A process of our own that does one thing after the other under limits of time and memory: its two ends.

    BoundedProcess ─ stdin: requests, a line of JSON each ─► main of a module: receive ─► work within `allow` ─► send ─┐
          ▲                                                                                                           │
          └───────────── stdout: replies, a kind and bytes each; an end without one is the end of the process ────────┘

What a file does to such a process it does to nothing else: a parser that crashes, hangs or fills the memory costs this
file, and the next one gets a new process.
"""

import contextlib
import os
import queue
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final, Generic, TypeVar

import msgspec

HEAD: Final = struct.Struct(">cI")
"""Before each reply: its kind, and how many bytes follow."""
TOO_LONG: Final = (-24, -14)
"""Ends of a process whose time was up: SIGXCPU, SIGALRM."""

_ROOT: Final = Path(__file__).resolve().parents[2]
_Request = TypeVar("_Request")


class Limits(msgspec.Struct, frozen=True):
    """What one piece of work may take: CPU time and time in seconds, memory beyond the process's own in bytes."""

    cpu_s: int
    wall_s: float
    memory_bytes: int


class BoundedProcess:
    """The end of who started it.

    Args:
        module: its `main` takes the requests.
        memory_bytes: what it may take beyond its own.
    """

    def __init__(self, module: str, memory_bytes: int) -> None:
        # Not -m: the package need not be on the path of a bare interpreter. -P: nor may the working directory be.
        code = f"import sys; sys.path.insert(0, {str(_ROOT)!r}); from {module} import main; main()"
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            [sys.executable, "-P", "-c", code, str(memory_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._process.stdin
        assert self._process.stdout
        self._requests, self._replies = self._process.stdin, self._process.stdout

    def ask(self, request: msgspec.Struct) -> None:
        """Send a request; where the process has ended, the reply says so."""
        with contextlib.suppress(OSError):
            self._requests.write(msgspec.json.encode(request) + b"\n")
            self._requests.flush()

    def reply(self) -> tuple[bytes, bytes]:
        """Return the next reply's kind and content.

        Raises:
            EOFError: the process ended without one.
        """
        kind, size = HEAD.unpack(self._exactly(HEAD.size))
        return kind, self._exactly(size)

    def _exactly(self, size: int) -> bytes:
        data = self._replies.read(size)
        if len(data) < size:
            raise EOFError
        return data

    def kill(self) -> None:
        """Have it end now, whatever it is doing."""
        self._process.kill()

    def end(self) -> int:
        """Let go of a process that has nothing to do any more; return how it ended."""
        with contextlib.suppress(OSError):
            self._requests.close()
        self._replies.close()
        return self._process.wait()


_Process = TypeVar("_Process", bound=BoundedProcess)


class BoundedProcesses(Generic[_Process]):
    """Processes of one kind for several threads: one is started when none is idle.

    Args:
        start: starts one.
    """

    def __init__(self, start: Callable[[], _Process]) -> None:
        self._start = start
        self._lock = threading.Lock()
        self._idle: list[_Process] = []
        self._all: list[_Process] = []
        self._is_stopped = False

    def take(self) -> _Process:
        """Return one that nobody else has.

        Raises:
            EOFError: they were stopped.
        """
        with self._lock:
            if self._is_stopped:
                raise EOFError
            if not self._idle:
                self._all.append(self._start())
                self._idle.append(self._all[-1])
            return self._idle.pop()

    def give_back(self, process: _Process) -> None:
        """Let another thread have one."""
        with self._lock:
            self._idle.append(process)

    def stop(self) -> None:
        """Have all of them end now, whatever they are doing; no more are given."""
        with self._lock:
            self._is_stopped = True
            for process in self._all:
                process.kill()

    def end(self) -> None:
        """Let go of all of them, which nobody has any more."""
        for process in self._all:
            process.end()


def take_requests(kind: type[_Request]) -> "tuple[queue.SimpleQueue[_Request], BinaryIO]":
    """Begin the work of a bounded process: return where its requests come in, and where its replies go."""
    replies = os.fdopen(os.dup(1), "wb", buffering=1 << 16)
    os.dup2(2, 1)  # what a parser prints is no reply
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started it
    requests: queue.SimpleQueue[_Request] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=[kind, requests], daemon=True).start()
    return requests, replies


def _receive(kind: type[_Request], requests: "queue.SimpleQueue[_Request]") -> None:
    """Pass requests on; with the end of stdin, which is the end of who reads the replies, end at once."""
    for line in sys.stdin.buffer:
        requests.put(msgspec.json.decode(line, type=kind))
    os._exit(0)


def send(replies: BinaryIO, kind: bytes, body: bytes = b"", *, at_once: bool = True) -> None:
    """Send a reply; at once, or with the next one that is."""
    replies.write(HEAD.pack(kind, len(body)) + body)
    if at_once:
        replies.flush()


def allow(limits: Limits | None) -> None:
    """Give the next piece of work its time; the system ends the process by SIGXCPU or SIGALRM when it is up."""
    try:
        import resource
    except ImportError:  # Windows has neither
        return
    signal.setitimer(signal.ITIMER_REAL, limits.wall_s if limits else 0)
    if limits:
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        soft = int(time.process_time()) + 1 + limits.cpu_s
        resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def limit_memory(more_bytes: int) -> int:
    """Bound the memory of this process; return the bound, 0 where the system has none."""
    if sys.platform != "linux":  # macOS refuses it
        return 0
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # What the interpreter and its packages have mapped by now does not count: on many cores it is gigabytes.
    most = mapped_bytes() + more_bytes
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    return most


def mapped_bytes() -> int:
    """Return the memory that this process has mapped; Linux only."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
