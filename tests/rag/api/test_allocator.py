"""Threads share the C library's heaps. Asked of the C library itself, which tells of each heap (malloc_stats)."""

import os
import platform
import subprocess
import sys

import pytest

from rag.api.runtime.allocator import ARENAS

ALLOCATE = """
import ctypes, sys, threading
from rag.api.runtime.allocator import bound_arenas
if sys.argv[1] == "bounded":
    bound_arenas()
library, all_there = ctypes.CDLL(None), threading.Barrier(8)
library.malloc.restype = ctypes.c_void_p
def allocate():
    library.malloc(1000)
    all_there.wait()
threads = [threading.Thread(target=allocate) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
library.malloc_stats()
"""


def _heaps(bounded: str) -> int:
    """Heaps of a process of eight threads that each allocate while the others live."""
    environment = {name: value for name, value in os.environ.items() if name != "MALLOC_ARENA_MAX"}
    process = subprocess.run(
        [sys.executable, "-c", ALLOCATE, bounded],
        check=True, capture_output=True, text=True, env=environment,
    )  # fmt: skip
    return process.stderr.count("Arena ")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the C library is not glibc")
def test_threads_share_two_heaps() -> None:
    assert _heaps("unbounded") > 5
    assert _heaps("bounded") <= ARENAS
