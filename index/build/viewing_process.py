"""Draws a page of a file, or tells where its characters stand, in a bounded process: one request, then it is let go.

A drawing takes this machine's fonts, reading never does, and PDFium keeps the fonts that it has seen: so never both in one.
"""

import os
import sys
import zlib
from pathlib import Path
from typing import Final, Literal

import msgspec
import numpy as np
import numpy.typing as npt

from index.build import bounded_process
from index.build.bounded_process import allow, limit_memory, send
from index.errors import UnreadableError
from index.read import PagePlaces, Recognition, page_image, page_places

VIEWING_CPU_S: Final = 30  # for a page; a broadsheet with photographs takes 2 s
VIEWING_WALL_S: Final = 120.0
VIEWING_BYTES: Final = 1 << 30  # a page of A1 at 300 dpi has 70 million pixels, and is held twice
MAX_VIEW_SIDE: Final = 2_400  # pixels; newspaper type is still read at that
PICTURE, PLACES, NO_VIEW = b"P", b"L", b"N"
"""A PNG; places as JSON; or why there are none."""
_PNG: Final = b"\x89PNG\r\n\x1a\n"


class ViewLimits(bounded_process.Limits, frozen=True):
    """What showing one page may take."""

    cpu_s: int = VIEWING_CPU_S
    wall_s: float = VIEWING_WALL_S
    memory_bytes: int = VIEWING_BYTES


class ViewRequest(msgspec.Struct, frozen=True):
    """What is asked of a page.

    Args:
        path: of its file, as the file system has it, in any encoding.
        page: from 0.
        recognised: folder of recognised pages, likewise.
        turns: quarter turns, counter-clockwise, by which a picture is turned.
    """

    what: Literal["picture", "places"]
    path: bytes
    page: int
    recognised: bytes
    turns: int = 0
    limits: ViewLimits = ViewLimits()


class Places(msgspec.Struct, frozen=True):
    """Where a page's characters stand, and the SHA-256 of the file that it was read from."""

    digest: str
    places: PagePlaces


class NoView(msgspec.Struct, frozen=True):
    """Why a page is not shown: a code, and the same in words."""

    code: str
    message: str


def main() -> None:
    """Answer requests until stdin ends; the argument is the memory that it may take beyond its own, in bytes."""
    requests, replies = bounded_process.take_requests(ViewRequest)
    limit_memory(int(sys.argv[1]))
    while True:
        request = requests.get()
        allow(request.limits)
        try:
            kind, body = _answer(request)
        except FileNotFoundError:
            kind, body = _refused(
                "source_gone", "its file is not where it was indexed from: bring it back, or index again"
            )
        except MemoryError:
            kind, body = _refused("too_large", "the page takes too much memory")
        except (UnreadableError, OSError) as error:
            code = error.reason if isinstance(error, UnreadableError) else "unreadable"
            kind, body = _refused(code, str(error))
        allow(None)
        send(replies, kind, body)


def _refused(code: str, message: str) -> tuple[bytes, bytes]:
    return NO_VIEW, msgspec.json.encode(NoView(code, message))


def _answer(request: ViewRequest) -> tuple[bytes, bytes]:
    path = Path(os.fsdecode(request.path))
    if request.what == "picture":
        image, digest = page_image(path, request.page)
        return PICTURE, digest.encode("ascii") + png_of(_reduced(np.rot90(image.gray, request.turns)))
    folder = os.fsdecode(request.recognised)
    places, digest = page_places(path, request.page, Recognition(folder))
    return PLACES, msgspec.json.encode(Places(digest, places))


def _reduced(gray: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return a picture no larger than is shown: means of squares of pixels."""
    step = -(-max(gray.shape) // MAX_VIEW_SIDE)
    if step == 1:
        return gray
    height, width = (side // step for side in gray.shape)
    squares = gray[: height * step, : width * step].reshape(height, step, width, step)
    return np.asarray(squares.mean(axis=(1, 3), dtype=np.float32), np.uint8)


def png_of(gray: npt.NDArray[np.uint8]) -> bytes:
    """Return a gray picture as PNG (ISO/IEC 15948): 8 bits a pixel, rows unfiltered."""
    height, width = gray.shape
    rows = np.zeros((height, width + 1), np.uint8)
    rows[:, 1:] = gray
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes((8, 0, 0, 0, 0))
    return _PNG + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows.tobytes(), 6)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")
