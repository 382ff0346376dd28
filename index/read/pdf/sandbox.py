"""Runs the PDF parser in a process of its own, so that no file can hold up, fill or crash this one."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import msgspec

from index.errors import UnreadableError
from index.records import Document, Frame

MAX_PAGES: Final = 2_000  # a bound year of a daily with five to six pages; a 100,000-page file is an attack
# A dense newspaper page takes 0.25 s, so an issue takes seconds. CPU time of the process, so that a busy machine
# refuses no more than an idle one.
MAX_CPU_S: Final = 60
MAX_WALL_S: Final = 300.0  # where the system cannot limit CPU time; a stuck disk shows here too
MAX_MEMORY_BYTES: Final = 1 << 30  # on top of the interpreter; 150 dense pages take 40 MiB, and a file is held twice
MAX_TEXT_CHARS: Final = 32 << 20

_ROOT: Final = Path(__file__).resolve().parents[3]
_OVER_CPU_TIME: Final = (-24, -9)  # SIGXCPU, and SIGKILL at the hard limit


class Limits(msgspec.Struct, frozen=True):
    """What one file may use. None of them means anything for a real issue."""

    pages: int = MAX_PAGES
    cpu_s: int = MAX_CPU_S
    wall_s: float = MAX_WALL_S
    memory_bytes: int = MAX_MEMORY_BYTES
    text_chars: int = MAX_TEXT_CHARS


class Reply(msgspec.Struct, omit_defaults=True):
    """What the process says: the text and its frames, or why there is none.

    Args:
        text: pages parted by form feeds.
        frames: start, end, size_pt, box, page of each; None where the geometry cannot be used.
        problem: reason, message and remedy of an UnreadableError.
    """

    text: str = ""
    frames: list[tuple[int, int, float, tuple[float, float, float, float], int]] | None = None
    problem: tuple[str, str, str] | None = None


def read_pdf(source: str, data: bytes, limits: Limits | None = None) -> Document:
    """Return the text layer in reading order; pages are parted by a form feed, an empty page is kept as such.

    Layout "framed": frames are parted by a blank line, each printed line is one line. Where glyphs have no usable
    places (all on one spot, no size), the text is in the file's own order and the layout "page".

    The title in the metadata is mostly the name of a layout file, so it is not used.

    Raises:
        UnreadableError: encrypted, too_large (pages, time or text), no_text (a scan), corrupt.
    """
    limits = limits or Limits()
    # Not -m: the package need not be on the path of a bare interpreter. -P: nor may the working directory be.
    code = f"import sys; sys.path.insert(0, {str(_ROOT)!r}); from index.read.pdf.text_layer import main; main()"
    command = [sys.executable, "-P", "-c", code, msgspec.json.encode(limits).decode()]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=limits.wall_s, check=False)  # noqa: S603 (fixed command)
    except subprocess.TimeoutExpired as error:
        raise _too_slow(limits.wall_s) from error
    if done.returncode in _OVER_CPU_TIME:
        raise _too_slow(limits.cpu_s)
    if done.returncode:
        how = f"signal {-done.returncode}" if done.returncode < 0 else f"status {done.returncode}"
        said = done.stderr.decode("utf-8", "replace").strip().split("\n")[-1][:200]
        raise UnreadableError(
            "corrupt",
            f"it is damaged, or unpacks to more than {limits.memory_bytes >> 20:,} MiB (parser ended with {how}; {said})",
            "open it in its program and save it again",
        )
    reply = msgspec.msgpack.decode(done.stdout, type=Reply)
    if reply.problem:
        raise UnreadableError(*reply.problem)
    if reply.frames is None:
        return Document(source, source, reply.text, "page")
    frames = tuple(Frame(*frame) for frame in reply.frames)
    return Document(source, source, reply.text, "framed", frames=frames)


def _too_slow(limit_s: float) -> UnreadableError:
    return UnreadableError(
        "too_large", f"reading it takes more than {limit_s:.0f} s", "split it, e.g. by issue, or export its text"
    )
