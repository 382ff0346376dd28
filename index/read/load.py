"""Bytes of a file, whole or line by line, gzipped or not, never more than the limits allow."""

import gzip
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from index.errors import UnreadableError
from index.read.formats import GZIP_RATIO, GZIP_RATIO_FROM_BYTES, MAX_CORPUS_BYTES, MAX_FILE_BYTES, MAX_LINE_BYTES

_BLOCK_BYTES: Final = 1 << 20
_GZIP_FAULTS: Final = (EOFError, zlib.error, gzip.BadGzipFile)


def load(path: Path, *, zipped: bool, limit_bytes: int = MAX_FILE_BYTES) -> bytes:
    """Return a file's content, decompressed where `zipped`.

    Args:
        path: the file.
        zipped: it is a gzip file.
        limit_bytes: largest size, packed and unpacked.

    Raises:
        UnreadableError: not_a_file, too_large, wrong_suffix (no gzip), corrupt (damaged gzip).
        OSError: the system refuses.
    """
    with _opened(path, limit_bytes) as raw:
        # The size is enforced again: the file may have grown since it was looked at.
        data = b"".join(_unpacked_blocks(raw, limit_bytes)) if zipped else raw.read(limit_bytes + 1)
    if len(data) > limit_bytes:
        raise _too_large(len(data), limit_bytes)
    return data


def iter_lines(path: Path, *, zipped: bool) -> Iterator[tuple[int, bytes | UnreadableError]]:
    """Yield a corpus file's lines with their 1-based numbers, holding one line in memory at a time.

    A line over the limit is yielded as an UnreadableError and the next one follows; damage that ends
    the reading (a truncated gzip, a file over the limit) is yielded once, as the last item.

    Raises:
        UnreadableError: not_a_file, too_large, wrong_suffix: before the first line.
        OSError: the system refuses.
    """
    with _opened(path, MAX_CORPUS_BYTES) as raw:
        stream: BinaryIO = _opened_gzip(raw) if zipped else raw  # type: ignore[assignment]
        number, total = 0, 0
        while True:
            try:
                line, size = _one_line(stream)
            except _GZIP_FAULTS as error:
                yield number + 1, _damaged_gzip(error)
                return
            if not size:
                return
            number, total = number + 1, total + size
            if total > MAX_CORPUS_BYTES or (zipped and _is_bomb(total, raw.tell())):
                yield number, _too_large(total, MAX_CORPUS_BYTES)
                return
            yield number, line if line is not None else _long_line(size)


@contextmanager
def _opened(path: Path, limit_bytes: int) -> Iterator[BinaryIO]:
    """Open a file; refuse what is no regular file, and what is too large.

    Raises:
        UnreadableError: not_a_file, too_large.
        OSError: the system refuses.
    """
    _check(path.stat(), limit_bytes)  # what opening a device does is its own
    # Looked at again when it is open: another may have taken its place, and opening a pipe would wait for ever.
    with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)), "rb") as raw:
        _check(os.fstat(raw.fileno()), limit_bytes)
        yield raw


def _check(status: os.stat_result, limit_bytes: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableError("not_a_file", "it is not a regular file", "give files, or folders of files")
    if status.st_size > limit_bytes:
        raise _too_large(status.st_size, limit_bytes)


def _one_line(stream: BinaryIO) -> tuple[bytes | None, int]:
    """Return the next line and its size; None in place of a line over the limit, which is read past."""
    line = stream.readline(MAX_LINE_BYTES + 1)
    size = len(line)
    if size <= MAX_LINE_BYTES:
        return line, size
    while line and not line.endswith(b"\n") and size <= MAX_CORPUS_BYTES:
        line = stream.readline(_BLOCK_BYTES)
        size += len(line)
    return None, size


def _unpacked_blocks(raw: BinaryIO, limit_bytes: int) -> Iterator[bytes]:
    stream = _opened_gzip(raw)
    total = 0
    while True:
        try:
            block = stream.read(_BLOCK_BYTES)
        except _GZIP_FAULTS as error:
            raise _damaged_gzip(error) from error
        if not block:
            return
        total += len(block)
        if total > limit_bytes or _is_bomb(total, raw.tell()):
            raise _too_large(total, limit_bytes)
        yield block


def _opened_gzip(raw: BinaryIO) -> gzip.GzipFile:
    if raw.read(2) != b"\x1f\x8b":
        raise UnreadableError("wrong_suffix", "the suffix .gz promises gzip, the content is not", "drop the .gz")
    raw.seek(0)
    return gzip.GzipFile(fileobj=raw)


def _is_bomb(unpacked_bytes: int, packed_bytes: int) -> bool:
    return unpacked_bytes > GZIP_RATIO_FROM_BYTES and unpacked_bytes > GZIP_RATIO * packed_bytes


def _too_large(size_bytes: int, limit_bytes: int) -> UnreadableError:
    if size_bytes > limit_bytes:
        message = f"larger than the {_shown(limit_bytes)} allowed"
    else:
        message = f"unpacks to more than {GZIP_RATIO} times its size, as no text does"
    return UnreadableError("too_large", message, "split it into smaller files")


def _long_line(size_bytes: int) -> UnreadableError:
    return UnreadableError(
        "too_large",
        f"the line has {_shown(size_bytes)}, allowed are {_shown(MAX_LINE_BYTES)}",
        "write one article a line, each line ended by a newline",
    )


def _damaged_gzip(error: Exception) -> UnreadableError:
    return UnreadableError("corrupt", f"the gzip data end or break here ({error})", "copy or compress it again")


def _shown(size_bytes: int) -> str:
    return f"{size_bytes / (1 << 20):,.0f} MiB"
