"""Reads files in a process of its own, which ends where one of them takes more time or memory than any real one.

`readers` starts it, sends requests to its stdin and takes replies from its stdout. What a file does to this process it
does to nothing else: a parser that crashes, hangs or fills the memory costs this file, and the next one gets a new process.
"""

import os
import queue
import signal
import struct
import sys
import threading
import time
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from index.build.outcomes import outcomes_of
from index.read import SourceFile
from index.records import Document, Rejected
from index.segment import split_articles
from index.store.catalogue import encode_article

MAX_CPU_S: Final = 25  # for a document; a dense newspaper page takes 0.25 s, an issue seconds
MAX_WALL_S: Final = 300.0  # for a document, where a disk is stuck; a busy machine refuses no more than an idle one
MAX_MEMORY_BYTES: Final = 352 << 20  # on top of the interpreter with its packages, which takes 120 MiB
_PAGE: Final = "望津桥重建\n\n望津桥今年启动重建，双向四车道。\n\n湿地公园开放\n\n白鹭湿地公园昨日建成开放。\n"

HEAD: Final = struct.Struct(">cI")
"""Before each reply: its kind, and how many bytes follow."""
ARTICLE, KEPT, REJECTED, END = b"A", b"K", b"R", b"E"
"""An article; a document is kept, those were its articles; one is not kept; the file is read, with or without a word."""


class Limits(msgspec.Struct, frozen=True):
    """What reading one document may take: CPU time and time in seconds, memory beyond the process's own in bytes."""

    cpu_s: int = MAX_CPU_S
    wall_s: float = MAX_WALL_S
    memory_bytes: int = MAX_MEMORY_BYTES


class Request(msgspec.Struct, frozen=True):
    """A file to read.

    Args:
        path: as the file system has it, in any encoding.
        skip: how many of its documents are left out, from the first one on.
        limits: of each document.
    """

    path: bytes
    source: str
    skip: int = 0
    limits: Limits = Limits()


def main() -> None:
    """Answer requests until stdin ends; the argument is the memory that it may take beyond its own, in bytes."""
    replies = os.fdopen(os.dup(1), "wb", buffering=1 << 16)
    os.dup2(2, 1)  # what a parser prints is no reply
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started it
    requests: queue.SimpleQueue[Request] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=[requests], daemon=True).start()
    # What segmentation loads when it is first used is loaded now: where memory has run out, no package can be.
    split_articles(Document("a.txt", "a.txt", _PAGE, "page"))
    more_bytes = int(sys.argv[1])
    most = _limit_memory(more_bytes)
    while True:
        _read(requests.get(), replies)
        # A process that has grown makes room for a new one.
        _send(replies, END, b"grown" if most and _mapped_bytes() > most - more_bytes // 2 else b"")


def _receive(requests: "queue.SimpleQueue[Request]") -> None:
    """Pass requests on; with the end of stdin, which is the end of who reads the replies, end at once."""
    for line in sys.stdin.buffer:
        requests.put(msgspec.json.decode(line, type=Request))
    os._exit(0)


def _read(request: Request, replies: BinaryIO) -> None:
    outcomes = outcomes_of(SourceFile(Path(os.fsdecode(request.path)), request.source), request.skip)
    while True:
        _allow(request.limits)
        outcome = next(outcomes, None)
        _allow(None)  # who takes the replies may be busy
        if outcome is None:
            return
        if isinstance(outcome, Rejected):
            _send(replies, REJECTED, msgspec.json.encode(outcome))
        else:
            for article in outcome:
                _send(replies, ARTICLE, encode_article(article))
            _send(replies, KEPT)


def _send(replies: BinaryIO, kind: bytes, body: bytes = b"") -> None:
    replies.write(HEAD.pack(kind, len(body)) + body)
    if kind != ARTICLE:
        replies.flush()


def _allow(limits: Limits | None) -> None:
    """Give the next document its time; the system ends the process by SIGXCPU or SIGALRM when it is up."""
    try:
        import resource
    except ImportError:  # Windows has neither
        return
    signal.setitimer(signal.ITIMER_REAL, limits.wall_s if limits else 0)
    if limits:
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        soft = int(time.process_time()) + 1 + limits.cpu_s
        resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _limit_memory(more_bytes: int) -> int:
    """Bound the memory of this process; return the bound, 0 where the system has none."""
    if sys.platform != "linux":  # macOS refuses it
        return 0
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # What the interpreter and its packages have mapped by now does not count: on many cores it is gigabytes.
    most = _mapped_bytes() + more_bytes
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    return most


def _mapped_bytes() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
