"""Reads files in a bounded process, which ends where one of them takes more time or memory than any real one.

`readers` starts it, and asks it for one file after the other.
"""

import os
import sys
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from index.build import bounded_process
from index.build.bounded_process import allow, limit_memory, mapped_bytes, send
from index.build.outcomes import outcomes_of
from index.read import Recognition, SourceFile, UnrecognisedError
from index.records import Document, Rejected
from index.segment import split_articles
from index.store.catalogue import encode_article

MAX_CPU_S: Final = 25  # for a document; a dense newspaper page takes 0.25 s, an issue seconds
MAX_WALL_S: Final = 300.0  # for a document, where a disk is stuck; a busy machine refuses no more than an idle one
MAX_MEMORY_BYTES: Final = 352 << 20  # on top of the interpreter with its packages, which takes 120 MiB
_PAGE: Final = "望津桥重建\n\n望津桥今年启动重建，双向四车道。\n\n湿地公园开放\n\n白鹭湿地公园昨日建成开放。\n"

ARTICLE, KEPT, REJECTED, SCANS, END = b"A", b"K", b"R", b"S", b"E"
"""An article; a document is kept, those were its articles; one is not kept; these pages of the file, as JSON, are to be
recognised before it can be read; the file is read, with or without a word."""


class Limits(bounded_process.Limits, frozen=True):
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
        recognition: where its scanned pages are, and which of them could not be recognised.
    """

    path: bytes
    source: str
    skip: int = 0
    limits: Limits = Limits()
    recognition: Recognition = Recognition()


def main() -> None:
    """Answer requests until stdin ends; the argument is the memory that it may take beyond its own, in bytes."""
    requests, replies = bounded_process.take_requests(Request)
    # What segmentation loads when it is first used is loaded now: where memory has run out, no package can be.
    split_articles(Document("a.txt", "a.txt", _PAGE, "page"))
    more_bytes = int(sys.argv[1])
    most = limit_memory(more_bytes)
    while True:
        try:
            _read(requests.get(), replies)
        except UnrecognisedError as error:
            allow(None)
            send(replies, SCANS, msgspec.json.encode(error.pages))
        # A process that has grown makes room for a new one.
        send(replies, END, b"grown" if most and mapped_bytes() > most - more_bytes // 2 else b"")


def _read(request: Request, replies: BinaryIO) -> None:
    file = SourceFile(Path(os.fsdecode(request.path)), request.source)
    outcomes = outcomes_of(file, request.skip, request.recognition)
    while True:
        allow(request.limits)
        outcome = next(outcomes, None)
        allow(None)  # who takes the replies may be busy
        if outcome is None:
            return
        if isinstance(outcome, Rejected):
            send(replies, REJECTED, msgspec.json.encode(outcome))
        else:
            for article in outcome:
                send(replies, ARTICLE, encode_article(article), at_once=False)
            send(replies, KEPT)
