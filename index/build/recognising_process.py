"""Recognises pages in a bounded process, one at a time.

`recognisers` starts it, and asks it for one page after the other.
"""

import os
import sys
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from index.build import bounded_process
from index.build.bounded_process import allow, limit_memory, send
from index.errors import UnreadableError
from index.read import page_image
from index.read.ocr import PageImage
from index.read.ocr.recognition import recognise

RECOGNISING_CPU_S: Final = 180  # for a page; one of 2,700 characters takes 9 s, a broadsheet full of small type 60 s
RECOGNISING_WALL_S: Final = 3600.0  # a busy machine refuses no more than an idle one
RECOGNISING_BYTES: Final = 1 << 30  # beyond what the engine has mapped with its networks; a page takes up to 700 MiB
FOUND, FAILED = b"F", b"N"
"""A page's lines as JSON; or why there are none, in words."""
_WARM_SIDE: Final = 64
_SMALLER: Final = "it may take too much memory: scan it at 300 dpi or less"


class PageLimits(bounded_process.Limits, frozen=True):
    """What recognising one page may take."""

    cpu_s: int = RECOGNISING_CPU_S
    wall_s: float = RECOGNISING_WALL_S
    memory_bytes: int = RECOGNISING_BYTES


class PageRequest(msgspec.Struct, frozen=True):
    """A page to recognise, from 0 on; the file's path is as the file system has it, in any encoding."""

    path: bytes
    page: int
    limits: PageLimits = PageLimits()


class RecognisedContent(msgspec.Struct, frozen=True):
    """A page's lines as JSON, and the SHA-256 of the file that it was read from."""

    digest: str
    content: msgspec.Raw


def main() -> None:
    """Answer requests until stdin ends; the argument is the memory that it may take beyond its own, in bytes."""
    requests, replies = bounded_process.take_requests(PageRequest)
    recognise(PageImage(np.full((_WARM_SIDE, _WARM_SIDE), 255, np.uint8), 1.0))  # loads the engine
    limit_memory(int(sys.argv[1]))
    while True:
        request = requests.get()
        allow(request.limits)
        try:
            image, digest = page_image(Path(os.fsdecode(request.path)), request.page)
            content = msgspec.Raw(msgspec.json.encode(recognise(image)))
            kind, body = FOUND, msgspec.json.encode(RecognisedContent(digest, content))
        except MemoryError:
            kind, body = FAILED, _SMALLER.encode()
        except UnreadableError as error:
            kind, body = FAILED, f"{error.message}; {error.remedy}".encode()
        except Exception as error:  # one page must not stop the others
            last = (str(error).strip().splitlines() or [""])[-1][:200]  # the engine's errors are whole tracebacks
            kind, body = FAILED, f"the engine failed ({type(error).__name__}: {last}); {_SMALLER}".encode()
        allow(None)
        send(replies, kind, body)
