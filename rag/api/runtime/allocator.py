"""Keeps the C library from setting memory aside for each of the threads that search."""

import ctypes
import platform

ARENAS = 2
"""Heaps of the process. glibc makes up to eight for each core, so that threads that wait for each other have one each; what
was freed in one is not used for another, and such a process grows for hours (tests/benchmarks/README.md)."""
M_ARENA_MAX = -8
"""The number of this setting in glibc's malloc.h; mallopt(3)."""


def bound_arenas() -> None:
    """Have at most ARENAS heaps from now on; nothing where the C library is not glibc."""
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)
